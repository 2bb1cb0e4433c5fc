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
	x.layOut(v)
	clear(al.has[:])
	clear(x.tops[:])
	number(al)
	x.all = x.distinct
	x.rankKinds()
	clear(x.flags[:x.distinct+maxHead+1])
	for _, id := range x.ids[:min(x.n, leadTokens)] {
		x.flags[id%maxIDs] |= lead
	}
	x.heads = min(len(v.Head)/2, maxHead)
	for i := range x.heads {
		t := uint16(v.Head[2*i]) | uint16(v.Head[2*i+1])<<8
		if al.has.Add(t, 1) == 1 {
			x.alone[x.all-x.distinct] = t
			x.all++
			al.numbers[t] = uint16(x.all)
		}
		id := al.numbers[t] % maxIDs
		x.head[i] = id
		x.flags[id] |= inHead
	}
	al.lift()
	x.rowed = 0
}

// lower adds the tokens that X has in its title alone, lift takes them out.
func (al *Aligner) lower() {
	x := &al.x
	for i, t := range x.alone[:x.all-x.distinct] {
		al.has.Add(t, 1)
		al.numbers[t] = uint16(x.distinct + 1 + i)
	}
}

func (al *Aligner) lift() {
	x := &al.x
	for _, t := range x.alone[:x.all-x.distinct] {
		al.has.Delete(t)
	}
}

// plainNumber numbers the tokens of the text, and notes where its shingles stand:
// al.has and x.tops are empty, and x.tokens has x.n tokens.
func plainNumber(al *Aligner) {
	x, numbers := &al.x, &al.numbers
	n, tops := uint16(0), &x.tops
	t0, t1 := uint16(0), uint16(0)
	for i := range uint(x.n) {
		t := x.token(int(i))
		fresh := uint16(al.has.Add(t, 1)) // 1 if it is the first time
		n += fresh
		id := numbers[t]
		id += (n - id) & -fresh
		numbers[t] = id
		x.ids[i%maxPlaces] = id
		x.again[id%maxIDs] = uint8(fresh ^ 1)
		if i >= minRun-1 {
			h := top(t0, t1, t)
			x.below[(i-1)%maxPlaces] = tops[h]
			tops[h] = uint16(i - 1)
		}
		t0, t1 = t1, t
	}
	x.distinct = int(n)
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
