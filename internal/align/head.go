package align

import (
	"math/bits"

	"github.com/newsdedup/newsdedup/internal/sketch"
)

// head returns the tokens of a title that are compared, two bytes each.
func head(v *sketch.View) string { return v.Head[:2*min(len(v.Head)/2, maxHead)] }

// at returns the token at byte i.
func at(head string, i int) uint16 { return uint16(head[i]) | uint16(head[i+1])<<8 }

// which returns the tokens of a title that the set has, the first in the low
// bit.
func (s *tokens) which(head string) (set uint64) {
	for i := len(head) - 2; i >= 0; i -= 2 {
		set = set<<1 | s.has(at(head, i))
	}
	return set
}

// inTitle returns the tokens of a title that another one has, as which does.
func (al *Aligner) inTitle(head, other string) (set uint64) {
	for i := 0; i+1 < len(other); i += 2 {
		al.titles.add(at(other, i))
	}
	set = al.titles.which(head)
	for i := 0; i+1 < len(other); i += 2 {
		al.titles[at(other, i)>>6] = 0
	}
	return set
}

// compareHeads compares titles with one another and with the other side's text.
// Of the title of X inLead are in the beginning of Y.
func (al *Aligner) compareHeads(inLead uint64) {
	x, y, st := &al.x, &al.y, &al.stats
	sx, sy := al.sides()
	hx, hy := head(x.View), head(y.View)
	st.HeadMin = min(len(hx), len(hy)) / 2
	titleX, titleY := al.inTitle(hx, hy), al.inTitle(hy, hx)
	if st.Head = bits.OnesCount64(titleX); al.flipped {
		st.Head = bits.OnesCount64(titleY)
	}
	x.compareHead(sx, len(hx)/2, titleX|y.seen.which(hx), inLead)
	inLead = 0
	for i := len(hy) - 2; i >= 0; i -= 2 {
		t := at(hy, i)
		inLead = inLead<<1 | x.seen.has(t)&(uint64(int64(al.places[t])-leadTokens)>>63)
	}
	y.compareHead(sy, len(hy)/2, titleY|x.seen.which(hy), inLead)
}

// compareHead counts the n tokens of a title, of which the other side has some
// anywhere, and in its beginning.
func (x *side) compareHead(out *Side, n int, anywhere, inLead uint64) {
	var lo, hi uint64
	if k := x.HeadKinds; len(k) >= 16 {
		lo, hi = sketch.Load(k), sketch.Load(k[8:])
	} else {
		lo, hi = sketch.Tail(k)
	}
	terms := (sketch.Even(lo|lo>>1) | sketch.Even(hi|hi>>1)<<32) & (1<<n - 1)
	out.Head, out.HeadKnown, out.HeadLead = n, bits.OnesCount64(anywhere), bits.OnesCount64(inLead)
	out.HeadTerms, out.HeadTermsCommon = bits.OnesCount64(terms), bits.OnesCount64(terms&anywhere)
}

// compareLead counts the new names, numbers and dates of the beginning, and
// which of them the other side has anywhere, and new in its beginning.
func (x *side) compareLead(out *Side, anywhere, near uint64) {
	terms := (x.lo[0] | x.hi[0]) & x.new[0]
	out.LeadTerms, out.LeadTermsCommon, out.LeadTermsBody = bits.OnesCount64(terms), bits.OnesCount64(terms&near), bits.OnesCount64(terms&anywhere)
}
