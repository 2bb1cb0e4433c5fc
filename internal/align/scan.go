package align

import (
	"math/bits"

	"github.com/newsdedup/newsdedup/internal/sketch"
)

// scanned is what is known of Y.
type scanned struct {
	side
	common positions         // that X has too
	ids    [maxPlaces]uint16 // of every position: the number that X gives its token
	both   int               // how many different ones of these there are

	// Of every number, what is known of it here: the last position with present,
	// lead and inHead, and, in the upper half, the position before with present;
	// the stronger of its kinds in both texts.
	states [maxIDs]uint32
	ranks  [maxIDs]uint8

	// thirds are positions of tokens whose last occurrence but one is less than
	// the longest segment before.
	thirds positions
	alone  positions // those of tokens that X has in its title alone
}

// one is 1 for a number, 0 for none.
func one(id uint16) uint16 { return uint16(-uint32(id) >> 31) }

// enter notes what is known of the common tokens in Y.
func (al *Aligner) enter() {
	x, y := &al.x, &al.y
	w := y.n>>6 + 1
	clear(y.states[:x.all+1])
	clear(y.ids[:y.n])
	distinct, widest := uint16(x.distinct), uint32(y.widest)
	for k, set := range y.common[:w] {
		y.thirds[k], y.alone[k] = 0, 0
		tokens, ids := (*[128]byte)(y.tokens[uint(k)<<7%(2*maxPlaces):]), (*[64]uint16)(y.ids[k<<6%maxPlaces:])
		for base := present + uint32(k<<6); set != 0; set &= set - 1 {
			i := bits.TrailingZeros64(set) & 63
			id := al.numbers[uint16(tokens[2*i])|uint16(tokens[2*i+1])<<8] % maxIDs
			if id > distinct {
				y.alone[k] |= 1 << i
				continue
			}
			ids[i] = id
			state := y.states[id]
			at := base + uint32(i)
			y.states[id] = state<<16 | at
			if at-state>>16 < widest {
				y.thirds[k] |= 1 << i
			}
		}
	}
	if x.all > x.distinct {
		for k, alone := range y.alone[:w] {
			for ; alone != 0; alone &= alone - 1 {
				al.untitle(k<<6 + bits.TrailingZeros64(alone))
			}
		}
	}
}

// untitle notes that a token that X has in its title alone stands at position j.
func (al *Aligner) untitle(j int) {
	y := &al.y
	state := &y.states[al.numbers[y.token(j)]%maxIDs]
	*state |= present
	if j < leadTokens {
		*state |= lead
	}
	y.common[j/64] &^= 1 << (j % 64)
}

// tally counts distinct tokens, and short names.
func (al *Aligner) tally() {
	x, y, st := &al.x, &al.y, &al.stats
	sx, sy := al.sides()

	// By kind, 16 bits each: the common tokens as X has them, then as the stronger
	// of both.
	var ofX, seen uint64
	for _, id := range x.named[:x.names] {
		in := uint64(y.states[id%maxIDs] / present & 1)
		ofX += in << (16 * (x.ranks[id%maxIDs] & 3))
		seen += in
	}
	common, unique := uint(0), uint(0)
	states := y.states[1 : x.distinct+1]
	again := x.again[1:][:len(states)]
	for k, state := range states {
		al.unique[unique%maxPlaces] = uint16(state % present)
		in := uint(state / present & 1)
		common += in
		unique += in &^ uint(uint32(again[k])|state/present>>16)
	}
	y.both, st.Unique = int(common), int(unique)
	ofX += uint64(common) - seen
	both, own := ofX, uint64(maxTokens) // of words what is left
	copy(y.ranks[:x.distinct+1], x.ranks[:x.distinct+1])
	clear(al.own[:])
	for k, terms := range y.terms[:y.n>>6+1] {
		for set := terms & y.common[k]; set != 0; set &= set - 1 {
			i := k<<6 + bits.TrailingZeros64(set)
			rank := &y.ranks[y.ids[i%maxPlaces]%maxIDs]
			kind, was := y.kind(i), *rank
			*rank = max(kind, was)
			both += steps[(was<<2|kind)%16]
		}
		for set := terms &^ y.common[k]; set != 0; set &= set - 1 {
			i := k<<6 + bits.TrailingZeros64(set)
			t := y.token(i)
			kind, was := uint16(y.kind(i)), al.numbers[t]&(uint16(al.own.Add(t, 1))-1)
			al.numbers[t] = max(kind, was)
			own += steps[(was<<2|kind)%16]
		}
	}
	for k := range 4 {
		common := int(both >> (16 * k) & 0xFFFF)
		sx.Common[k], sy.Common[k] = common, common
		sx.Kinds[k] = x.kindsOwn[k] + common - int(ofX>>(16*k)&0xFFFF)
		sy.Kinds[k] = common + int(own>>(16*k)&0xFFFF)
	}
	sy.Kinds[sketch.Word] = sy.Common[sketch.Word]

	a, b := x.Short, y.Short
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

// Words completes the result by Kinds[sketch.Word].
func (al *Aligner) Words() {
	y, words := &al.y, 0
	for k, terms := range y.terms[:y.n>>6+1] {
		for set := ^(y.common[k] | terms) & (^uint64(0) >> (64 - min(64, y.n-k<<6))); set != 0; set &= set - 1 {
			words += int(al.own.Add(y.token(k<<6+bits.TrailingZeros64(set)), 1))
		}
	}
	sx, sy := al.sides()
	sy.Kinds[sketch.Word] = words + sx.Common[sketch.Word]
}
