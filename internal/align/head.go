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
	sx.Head, sy.Head = x.heads, n
	inX, inY := 0, 0
	for i := range n {
		id := al.numbers[uint16(y.Head[2*i])|uint16(y.Head[2*i+1])<<8] % maxIDs
		term := isTerm(y.View, i)
		if id == 0 {
			sy.HeadTerms += term
			continue
		}
		y.states[id] |= inHead
		inX += sy.compareHead(x.flags[id], term)
	}
	for i, id := range x.head[:x.heads] {
		inY += sx.compareHead(y.states[id%maxIDs], isTerm(x.View, i))
	}
	st.Head = inY
	if al.flipped {
		st.Head = inX
	}
}

// isTerm returns 1 if token i of the title is a name, number or date, 0 if not.
func isTerm(v *sketch.View, i int) int {
	k := v.HeadKinds[i/4] >> (i % 4 * 2)
	return int(k|k>>1) & 1
}

// compareHead counts a token of a title by its state on the other side, and
// returns 1 if the other title has it, 0 if not.
func (out *Side) compareHead(state uint32, term int) (inTitle int) {
	inTitle = int(state / inHead & 1)
	inBody := int(state / present & 1)
	out.HeadKnown += inTitle | inBody
	out.HeadLead += int(state / lead & 1)
	out.HeadTerms += term
	out.HeadTermsCommon += term & (inTitle | inBody)
	return inTitle
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
