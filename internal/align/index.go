package align

import (
	"math/bits"

	"github.com/newsdedup/newsdedup/internal/sketch"
)

// indexed is what is known of X.
type indexed struct {
	side
	times  [maxPlaces]uint16 // of every position: how often its token stands up to there
	masked bool              // Aligner.masks are those of this text

	// Shingles of three tokens, by the position of the first, plus one:
	tops  [1 << topBits]uint16 // by hash: the last
	below [maxPlaces]uint16    // of every one: the one before of the same hash

	flags   [maxPlaces]uint8   // of every token, by place: lead and inHead
	leading [leadTokens]uint16 // places of the leading tokens
	head    [maxHead]uint16    // places of the tokens of the title
	heads   int                // their number
	alone   [maxHead]uint16    // tokens of the title that the text has not; their places are from maxTokens on
	alones  int                // their number

	kindsOwn [4]int // distinct tokens of the text, by kind as known here
}

// What is known of a distinct token on one side, in a byte.
const (
	present  = 1 << 0 // it stands there
	more     = 1 << 1 // it stands there more than once
	kindBits = 3 << 2 // the strongest kind of its occurrences
	lead     = 1 << 4 // it is among the leading tokens
	inHead   = 1 << 5 // it stands in the title
)

func (al *Aligner) index(v *sketch.View) {
	x := &al.x
	al.forget()
	al.lift()
	for _, t := range x.tokens[:x.n] {
		al.entries[t] = 0
	}
	x.layOut(v)
	distinct := al.place()
	al.rankKinds(distinct)
	x.shingles()
	clear(x.flags[:x.n])
	clear(x.flags[maxTokens:])
	for i, t := range x.tokens[:min(x.n, leadTokens)] {
		p := al.entries[t] % maxPlaces
		x.leading[i] = uint16(p)
		x.flags[p] |= lead
	}
	x.heads, x.alones = min(len(v.Head)/2, maxHead), 0
	for i := range x.heads {
		t := uint16(v.Head[2*i]) | uint16(v.Head[2*i+1])<<8
		e := &al.entries[t]
		if *e == 0 {
			*e = known | entry(maxTokens+x.alones)
			x.alone[x.alones] = t
			x.alones++
		}
		p := *e % maxPlaces
		x.head[i] = uint16(p)
		x.flags[p] |= inHead
	}
	al.lift()
	x.masked = false
}

// place makes the entries of X but for the kinds, and returns how many there
// are.
func (al *Aligner) place() (distinct int) {
	x, entries := &al.x, &al.entries
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
	times, distinct := x.times[:len(tokens)], 0
	for i, t := range tokens {
		e := entries[t]
		k := e / known & 1
		n := x.times[e%maxPlaces]&-uint16(k) + 1
		times[i] = n
		distinct += int(k ^ 1)
		entries[t] = k*repeated | known | entry(i)
	}
	return distinct
}

// steps is what is added to the number of tokens by kind, 16 bits each, where
// one of a kind, in the low bits, was of another, in the bits above, before.
var steps = func() (t [16]uint64) {
	for k := range t {
		t[k] = 1<<(16*max(k&3, k>>2)) - 1<<(16*(k>>2))
	}
	return t
}()

// rankKinds adds the strongest kind to the entries of X, and counts them.
func (al *Aligner) rankKinds(distinct int) {
	x, entries := &al.x, &al.entries
	sums := uint64(distinct) // all words
	for k, set := range x.terms[:x.n>>6+1] {
		for ; set != 0; set &= set - 1 {
			i := k<<6 + bits.TrailingZeros64(set)
			e := &entries[x.tokens[i]]
			kind, old := entry(x.kind(i)), *e>>kindAt
			*e = *e&(1<<kindAt-1) | max(kind, old)<<kindAt
			sums += steps[(old<<2|kind)%16]
		}
	}
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

// lower puts the tokens that X has in its title alone in the table, lift takes
// them out.
func (al *Aligner) lower() {
	for i, t := range al.x.alone[:al.x.alones] {
		al.entries[t] = known | entry(maxTokens+i)
	}
}

func (al *Aligner) lift() {
	for _, t := range al.x.alone[:al.x.alones] {
		al.entries[t] = 0
	}
}
