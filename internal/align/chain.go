package align

import "math/bits"

// Chain completes the result by Chain: the longest chain of the tokens in common
// that are new in the same order, which is the longest rising subsequence of
// their positions in X, taken in the order of Y: patience sorting (Fredman 1975),
// with the tops of the piles as a set. A position takes the place of the least
// top above it.
func (al *Aligner) Chain() {
	tops := &al.tops
	clear(tops[:al.x.n>>6+1])
	length, top := 0, -1
	for _, p := range al.pairs[:al.both] {
		k, bit := int(p.x/64)%len(tops), uint64(1)<<(p.x&63)
		above := tops[k] &^ (bit<<1 - 1)
		tops[k] |= bit
		if int(p.x) > top {
			length++
			top = int(p.x)
			continue
		}
		for above == 0 {
			k++
			above = tops[k]
		}
		least := bits.TrailingZeros64(above)
		tops[k] &^= 1 << least
		if k<<6|least == top {
			top = int(p.x)
		}
	}
	al.stats.Chain = length
}
