package align

import "math/bits"

// pairUp finds where the tokens in common are new.
func (al *Aligner) pairUp() {
	y, n := &al.y, uint(0)
	for k, set := range al.common[:y.n>>6+1] {
		for set &= y.new[k]; set != 0; set &= set - 1 {
			j := uint16(k<<6 | bits.TrailingZeros64(set))
			al.pairs[n%maxPlaces] = pair{al.places[y.text.token(j)], j}
			n++
		}
	}
	al.both = int(n)
	al.stats.Common = int(n)
}

// strongest is what a token in common adds to the numbers of tokens by kind, 16
// bits each, by its kind in Y in the two low bits, and that in X.
var strongest = func() (t [16]uint64) {
	for k := range t {
		t[k] = 1 << (16 * max(k&3, k>>2))
	}
	return t
}()

// tally counts distinct tokens, short names and what is in common of how the
// texts begin.
func (al *Aligner) tally() {
	x, y := &al.x, &al.y
	inX := &al.inX
	clear(inX[:x.n>>6+1])
	sums := uint64(0)
	for _, p := range al.pairs[:al.both] {
		sums += strongest[(x.kind(p.x)<<2|y.kind(p.y))%16]
		inX[p.x/64%uint16(len(inX))] |= 1 << (p.x & 63)
	}
	sx, sy := al.sides()
	x.ownKinds(sx, inX)
	y.ownKinds(sy, &al.common)
	for k := range 4 {
		both := int(sums >> (16 * k) & 0xFFFF)
		sx.Common[k], sy.Common[k] = both, both
		sx.Kinds[k] += both
		sy.Kinds[k] += both
	}
	nearX, nearY := uint64(0), uint64(0)
	for _, p := range al.pairs[:al.both] {
		if p.y >= leadTokens {
			break
		}
		nearX |= 1 << p.x
		nearY |= uint64((int(p.x)-leadTokens)>>(bits.UintSize-1)) & 1 << p.y
	}
	x.compareLead(sx, inX[0], nearX)
	y.compareLead(sy, al.common[0], nearY)
	al.shortNames()
}

// ownKinds counts the distinct tokens that are not in common by kind.
func (x *side) ownKinds(out *Side, common *positions) {
	var n [4]int
	for k, set := range x.new[:x.n>>6+1] {
		set &^= common[k]
		lo, hi := x.lo[k], x.hi[k]
		n[0] += bits.OnesCount64(set &^ (lo | hi))
		n[1] += bits.OnesCount64(set & lo &^ hi)
		n[2] += bits.OnesCount64(set & hi &^ lo)
		n[3] += bits.OnesCount64(set & lo & hi)
	}
	out.Kinds = n
}

// shortNames counts the short names in common.
func (al *Aligner) shortNames() {
	a, b, st := al.x.Short, al.y.Short, &al.stats
	st.ShortMin = min(len(a), len(b)) / 2
	for i, j := 0, 0; i+1 < len(a) && j+1 < len(b); {
		x, y := uint32(a[i])|uint32(a[i+1])<<8, uint32(b[j])|uint32(b[j+1])<<8
		st.Short += int(1 &^ (below(x, y) | below(y, x)))
		i += int(2 &^ below(y, x))
		j += int(2 &^ below(x, y))
	}
}

// below is all bits if x is less than y, and none if not.
func below(x, y uint32) uint32 { return uint32((int64(x) - int64(y)) >> 63) }
