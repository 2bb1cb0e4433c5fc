package align

import (
	"math/bits"

	"github.com/newsdedup/newsdedup/internal/sketch"
)

// indexed is what is known of X.
type indexed struct {
	side

	// Tokens are numbered as they come, those that only the title has behind.
	distinct int // numbers of the text
	all      int // and of the title

	ids   [maxPlaces]uint16 // of every position: the number of its token
	again [maxIDs]uint8     // 1 if it stands there more than once
	ranks [maxIDs]uint8     // the strongest kind of its occurrences
	flags [maxIDs]uint16    // lead and inHead
	head  [maxHead]uint16   // numbers of the tokens of the title
	heads int               // how many they are
	alone [maxHead]uint16   // tokens of the title that the text has not

	named    [maxPlaces]uint16 // numbers of the names, numbers and dates
	names    int               // how many they are
	kindsOwn [4]int            // distinct tokens of the text, by kind as known here

	rowed int // rows of so many lanes of segments are those of this text

	// Shingles of three tokens, by the position of the first, plus one:
	tops  [1 << topBits]uint16 // by hash: the last
	below [maxPlaces]uint16    // of every one: the one before of the same hash
}

// What is known of a distinct token on one side, beside positions.
const (
	present = maxPlaces << iota // it stands there
	lead                        // it is among the leading tokens
	inHead                      // it stands in the title
)

func (al *Aligner) index(v *sketch.View) {
	x := &al.x
	al.forget()
	for _, t := range x.tokens[:x.n] {
		al.numbers[t] = 0
	}
	x.layOut(v)
	al.number()
	x.rankKinds()
	x.shingles()
	clear(x.flags[:x.distinct+maxHead+1])
	for _, id := range x.ids[:min(x.n, leadTokens)] {
		x.flags[id%maxIDs] |= lead
	}
	x.heads = min(len(v.Head)/2, maxHead)
	for i := range x.heads {
		t := uint16(v.Head[2*i]) | uint16(v.Head[2*i+1])<<8
		e := &al.numbers[t]
		if *e == 0 {
			x.alone[x.all-x.distinct] = t
			x.all++
			*e = known | uint16(x.all)
		}
		id := *e % maxIDs
		x.head[i] = id
		x.flags[id] |= inHead
	}
	al.lift()
	x.rowed = 0
}

// lower puts the tokens that X has in its title alone in the table, lift takes
// them out.
func (al *Aligner) lower() {
	x := &al.x
	for i, t := range x.alone[:x.all-x.distinct] {
		al.numbers[t] = known | uint16(x.distinct+1+i)
	}
}

func (al *Aligner) lift() {
	x := &al.x
	for _, t := range x.alone[:x.all-x.distinct] {
		al.numbers[t] = 0
	}
}

// number numbers the tokens of the text.
func (al *Aligner) number() {
	x, numbers := &al.x, &al.numbers
	tokens := x.tokens[:x.n]
	b := x.Tokens
	i := 0
	for ; i+4 <= len(tokens) && len(b) >= 8; i += 4 {
		t := sketch.Load(b)
		b = b[8:]
		d := tokens[i : i+4 : i+4]
		d[0], d[1], d[2], d[3] = uint16(t), uint16(t>>16), uint16(t>>32), uint16(t>>48)
	}
	for ; i < len(tokens); i++ {
		tokens[i] = x.Token(i)
	}
	n := uint(known)
	for i, t := range tokens {
		e := uint(numbers[t])
		fresh := uint(int(e-1) >> (bits.UintSize - 1)) // all bits if it is the first time
		n -= fresh
		e |= n & fresh
		numbers[t] = uint16(e)
		x.ids[i] = uint16(e % maxIDs)
		x.again[e%maxIDs] = uint8(fresh + 1)
	}
	x.again[0] = 0
	x.distinct = int(n - known)
	x.all = x.distinct
}

// steps is what is added to the number of tokens by kind, 16 bits each, where
// one of a kind, in the low bits, was of another, in the bits above, before.
var steps = func() (t [16]uint64) {
	for k := range t {
		t[k] = 1<<(16*max(k&3, k>>2)) - 1<<(16*(k>>2))
	}
	return t
}()

// rankKinds tells the strongest kinds of tokens, and counts them.
func (x *indexed) rankKinds() {
	clear(x.ranks[:x.distinct+1])
	sums, n := uint64(x.distinct), uint(0) // all words
	for k, set := range x.terms[:x.n>>6+1] {
		for ; set != 0; set &= set - 1 {
			i := k<<6 + bits.TrailingZeros64(set)
			id := x.ids[i%maxPlaces]
			kind, was := x.kind(i), x.ranks[id%maxIDs]
			x.ranks[id%maxIDs] = max(kind, was)
			sums += steps[(was<<2|kind)%16]
			x.named[n%maxPlaces] = id
			n += uint(uint32(was)-1) >> 31 & 1
		}
	}
	x.names = int(n)
	for k := range x.kindsOwn {
		x.kindsOwn[k] = int(sums >> (16 * k) & 0xFFFF)
	}
}

const topBits = 12

// top is the hash of a shingle: tokens are hashes themselves.
func top(t0, t1, t2 uint16) uint32 {
	return ((uint32(t0)*5+uint32(t1))*9 + uint32(t2)) % (1 << topBits)
}

// shingles notes where the shingles stand.
func (x *indexed) shingles() {
	clear(x.tops[:])
	if x.n < minRun {
		return
	}
	tops, t0, t1 := &x.tops, x.tokens[0], x.tokens[1]
	tokens := x.tokens[2:x.n]
	below := x.below[1:][:len(tokens)]
	for i, t := range tokens {
		h := top(t0, t1, t)
		t0, t1 = t1, t
		below[i] = tops[h]
		tops[h] = uint16(i + 1)
	}
}
