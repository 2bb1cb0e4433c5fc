package align

import "math/bits"

// Chain completes the result by Chain: the longest chain of the tokens that
// stand exactly once on either side in the same order, which is the longest
// rising subsequence of their positions in Y, taken in the order of X.
func (al *Aligner) Chain() {
	y, unique := &al.y, al.unique[:al.stats.Unique]
	w := y.n>>6 + 1
	set, sums := &al.ranks, &al.sums
	clear(set[:w])
	for _, p := range unique {
		set[p%maxPlaces/64] |= 1 << (p & 63)
	}
	total := uint16(0)
	for k, bit := range set[:w] {
		sums[k] = total
		total += uint16(bits.OnesCount64(bit))
	}
	order := al.order[:len(unique)]
	for k, p := range unique {
		word := p % maxPlaces / 64
		order[k] = sums[word] + uint16(bits.OnesCount64(set[word]&(1<<(p&63)-1)))
	}
	al.stats.Chain = al.longest(order)
}

// longest returns the length of the longest rising subsequence of ranks, which
// are the numbers below theirs: patience sorting (Fredman 1975), with the tops
// of the piles as a set. A rank takes the place of the least top above it.
func (al *Aligner) longest(ranks []uint16) int {
	if len(ranks) <= 64 {
		tops := uint64(0)
		for _, r := range ranks {
			bit := uint64(1) << (r & 63)
			above := tops &^ (bit<<1 - 1)
			tops = tops&^(above&-above) | bit
		}
		return bits.OnesCount64(tops)
	}
	tops := al.tops[:(len(ranks)+63)/64]
	clear(tops)
	length, top := 0, -1
	for _, r := range ranks {
		k, bit := int(r>>6), uint64(1)<<(r&63)
		above := tops[k] &^ (bit<<1 - 1)
		tops[k] |= bit
		if int(r) > top {
			length++
			top = int(r)
			continue
		}
		for above == 0 {
			k++
			above = tops[k]
		}
		bit = above & -above
		tops[k] &^= bit
		if k<<6|bits.TrailingZeros64(bit) == top {
			top = int(r)
		}
	}
	return length
}
