package align

import (
	"math/bits"

	"github.com/newsdedup/newsdedup/internal/sketch"
)

// compareHeads compares how the texts begin, and titles with one another and
// with the other side's text.
func (al *Aligner) compareHeads() {
	al.compareLeads()
	x, y, st := &al.x, &al.y, &al.stats
	sx, sy := al.sides()
	n := min(len(y.Head)/2, maxHead)
	st.HeadMin = min(x.heads, n)
	var ofX, ofY head
	for i := range n {
		t := uint16(y.Head[2*i]) | uint16(y.Head[2*i+1])<<8
		id := al.numbers[t] & -uint16(al.has.Has(t)) % maxIDs
		y.states[id] |= inHead
		inBody := uint64(one(id)) &^ uint64((x.distinct-int(id))>>(bits.UintSize-1))
		ofY.add(uint64(x.flags[id]), inBody)
	}
	y.states[0] = 0
	for _, id := range x.head[:x.heads] {
		state := uint64(y.states[id%maxIDs])
		ofX.add(state, state/present)
	}
	st.Head = ofX.count(sx, x.View, x.heads)
	if inX := ofY.count(sy, y.View, n); al.flipped {
		st.Head = inX
	}
}

// A head tells which tokens of a title, the last one in the highest bit, stand in
// the other title, in its text, and at the beginning of that.
type head struct{ title, body, lead uint64 }

// add adds a token by what is known of it on the other side, and whether it is in
// the text there.
func (h *head) add(state, inBody uint64) {
	h.title = h.title>>1 | state/inHead<<63
	h.body = h.body>>1 | inBody<<63
	h.lead = h.lead>>1 | state/lead<<63
}

// count counts n tokens of the title of v, and returns how many are in the other
// title.
func (h *head) count(out *Side, v *sketch.View, n int) (inTitle int) {
	known := h.title | h.body
	var kinds [2]uint64
	for k := range len(v.HeadKinds) {
		if k < 16 {
			kinds[k/8] |= uint64(v.HeadKinds[k]) << (k % 8 * 8)
		}
	}
	terms := terms(kinds[0]) | terms(kinds[1])<<32
	terms <<= 64 - n
	out.Head = n
	out.HeadKnown = bits.OnesCount64(known)
	out.HeadLead = bits.OnesCount64(h.lead)
	out.HeadTerms = bits.OnesCount64(terms)
	out.HeadTermsCommon = bits.OnesCount64(terms & known)
	return bits.OnesCount64(h.title)
}

// compareLeads compares how the texts begin.
func (al *Aligner) compareLeads() {
	x, y := &al.x, &al.y
	sx, sy := al.sides()
	anywhere, near := y.common[0]&(1<<leadTokens-1), uint64(0)
	for set := anywhere; set != 0; set &= set - 1 {
		i := bits.TrailingZeros64(set) & 63
		id := y.ids[i]
		y.states[id%maxIDs] |= lead
		near |= uint64(x.flags[id%maxIDs]/lead&1) << i
	}
	y.compareLead(sy, anywhere, near)
	anywhere, near = 0, 0
	n := min(x.n, leadTokens)
	for _, id := range x.ids[:n] {
		state := uint64(y.states[id%maxIDs])
		anywhere = anywhere>>1 | state/present<<63
		near = near>>1 | state/lead<<63
	}
	x.compareLead(sx, anywhere>>uint(64-n), near>>uint(64-n))
}

// compareLead counts which names, numbers and dates among the leading tokens the
// other side has anywhere, and which near its beginning.
func (x *side) compareLead(out *Side, anywhere, near uint64) {
	terms := x.terms[0] & (1<<leadTokens - 1)
	out.LeadTerms, out.LeadTermsCommon, out.LeadTermsBody = bits.OnesCount64(terms), bits.OnesCount64(terms&near), bits.OnesCount64(terms&anywhere)
}
