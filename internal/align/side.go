package align

import (
	"encoding/binary"

	"github.com/newsdedup/newsdedup/internal/sketch"
)

// What is known of a distinct token on one side, in a byte: the strongest kind
// of its occurrences, and the bits below.
const (
	kindBits = 3
	more     = 1 << 2 // it stands there more than once
	present  = 1 << 3 // it stands there
	lead     = 1 << 4 // it is among the leading tokens
	inHead   = 1 << 5 // it stands in the title
)

// after is the state after one more occurrence of a kind, by that kind times 16
// plus the state before, without lead and inHead.
var after = func() (t [64]uint8) {
	for k := range t {
		kind, s := uint8(k>>4), uint8(k&15)
		t[k] = s&^kindBits | max(s&kindBits, kind) | present | s&present/present*more
	}
	return t
}()

// side is what is laid out of either text.
type side struct {
	*sketch.View
	n      int // tokens that are compared
	tokens [maxTokens + 64]uint16
	kindOf [maxTokens + 64]uint8 // kind of every token

	quoted, terms positions
	segments      int                         // that take part in sentence cover
	starts        [maxSegments + 1]uint16     // of each: its first token; and what follows the last
	covered       [maxSegments]uint8          // of each: the most tokens in common with one of the other side
	marks         [maxTokens/64 + 1][5]uint64 // positions in common, by what they are part of
}

// indexed is what is known of X. Its entries are its distinct tokens in the
// order of first appearance, then those that stand in its title alone.
type indexed struct {
	side
	ids [maxTokens]uint16 // entry of every token

	distinct   int             // entries of the text
	entries    int             // all
	head       [maxHead]uint16 // entry of every token of the title
	heads      int             // their number
	headTokens [maxHead]uint16

	// Shingles of three tokens:
	tops  [1 << topBits]uint16 // by hash: the last position, plus one
	prev  [maxTokens]uint16    // the position before of the same hash, plus one
	again positions            // those whose hash others have too

	// Of every entry:
	states [maxEntries]uint8
	places [maxTokens]uint32 // its last position plus one, and in the upper half how often it stands there

	kindsOwn [4]int // entries of the text by kind as known here
}

// scanned is what is known of Y.
type scanned struct {
	side
	common positions                // that X has too
	before [len(positions{})]uint16 // how many of those are before the first of every 64
	ids    [maxTokens + 2]uint16    // entries of the common tokens, in order
	m      int                      // their number
	firsts [maxTokens + 1]uint16    // the same without repetition
	both   int                      // their number
	states [maxEntries]uint8        // of every entry of X: what is known of it here
}

// layOut lays out a text but for its tokens.
func (x *side) layOut(v *sketch.View) {
	x.View = v
	n := min(v.Len, maxTokens)
	x.n = n
	w := n>>6 + 1
	quoted := &x.quoted
	clear(quoted[:w])
	x.segments = min(len(v.Segs), maxSegments)
	for k := range v.Segs {
		g := &v.Segs[k]
		if int(g.Token) >= n {
			x.segments = min(x.segments, k)
			break
		}
		if k < maxSegments {
			x.starts[k] = uint16(g.Token)
		}
		if g.Flags&sketch.Quoted != 0 {
			quoted.add(g.Token, uint32(x.segLen(k)))
		}
	}
	x.starts[x.segments] = uint16(n)
	if x.segments < len(v.Segs) {
		x.starts[x.segments] = uint16(min(uint32(n), v.Segs[x.segments].Token))
	}

	b := v.Kinds
	for k := range w {
		var lo, hi uint64
		if len(b) >= 16 {
			lo, hi = word(b), word(b[8:])
			b = b[16:]
		} else {
			lo, hi = tail(b)
			b = ""
		}
		kinds := x.kindOf[k<<6:][:64]
		spread((*[32]uint8)(kinds), lo)
		spread((*[32]uint8)(kinds[32:]), hi)
		x.terms[k] = terms(lo) | terms(hi)<<32
	}
	x.terms[w-1] &= 1<<(n&63) - 1
}

// tail returns fewer than 16 bytes as numbers.
func tail(b string) (lo, hi uint64) {
	if len(b) >= 8 {
		lo, b = word(b), b[8:]
		for i := range len(b) {
			hi |= uint64(b[i]) << (8 * i)
		}
		return lo, hi
	}
	for i := range len(b) {
		lo |= uint64(b[i]) << (8 * i)
	}
	return lo, 0
}

// spread writes 32 kinds of two bits each in a byte each.
func spread(kinds *[32]uint8, v uint64) {
	binary.LittleEndian.PutUint64(kinds[:], spread8(v))
	binary.LittleEndian.PutUint64(kinds[8:], spread8(v>>16))
	binary.LittleEndian.PutUint64(kinds[16:], spread8(v>>32))
	binary.LittleEndian.PutUint64(kinds[24:], spread8(v>>48))
}

func spread8(v uint64) uint64 {
	v &= 0xFFFF
	v = (v | v<<24) & 0x000000FF_000000FF
	v = (v | v<<12) & 0x000F000F_000F000F
	return (v | v<<6) & 0x03030303_03030303
}

// add adds n positions from i on.
func (p *positions) add(i, n uint32) {
	for n > 0 {
		m := min(n, 64-i&63)
		p[i>>6] |= ^uint64(0) >> (64 - m) << (i & 63)
		i, n = i+m, n-m
	}
}

// terms returns which of 32 kinds are not sketch.Word.
func terms(v uint64) uint64 {
	v = (v | v>>1) & 0x5555555555555555
	v = (v | v>>1) & 0x3333333333333333
	v = (v | v>>2) & 0x0F0F0F0F0F0F0F0F
	v = (v | v>>4) & 0x00FF00FF00FF00FF
	v = (v | v>>8) & 0x0000FFFF0000FFFF
	return (v | v>>16) & 0x00000000FFFFFFFF
}

func word(b string) uint64 {
	_ = b[7]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// segLen returns the number of tokens of segment k.
func (x *side) segLen(k int) int {
	end := x.n
	if k+1 < len(x.Segs) {
		end = min(end, int(x.Segs[k+1].Token))
	}
	return end - int(x.Segs[k].Token)
}

// occur sets the states of the entries of the text, how often and where they
// stand.
func (x *indexed) occur() {
	clear(x.states[:x.distinct])
	clear(x.places[:x.distinct])
	ids := x.ids[:x.n]
	states, places, kindOf := &x.states, &x.places, x.kindOf[:len(ids)]
	for i, id := range ids {
		id %= maxTokens
		states[id] = after[(states[id]|kindOf[i]<<4)%64]
		places[id] = places[id]&^0xFFFF + 1<<16 | uint32(i+1)
	}
	for _, id := range ids[:min(x.n, leadTokens)] {
		states[id%maxTokens] |= lead
	}
}

// top is the hash of a shingle: tokens are hashes themselves.
func top(t0, t1, t2 uint16) uint32 {
	return ((uint32(t0)*5+uint32(t1))*9 + uint32(t2)) % (1 << topBits)
}

// shingles notes where the shingles stand.
func (x *indexed) shingles() {
	clear(x.tops[:])
	again, tops := &x.again, &x.tops
	clear(again[:x.n>>6+1])
	if x.n < minRun {
		return
	}
	tokens := x.tokens[2:x.n]
	prev := x.prev[:len(tokens)]
	t0, t1 := x.tokens[0], x.tokens[1]
	for i, t := range tokens {
		h := top(t0, t1, t)
		t0, t1 = t1, t
		p := tops[h]
		tops[h] = uint16(i + 1)
		prev[i] = p
		if p != 0 {
			p--
			again[i>>6%len(again)] |= 1 << (i & 63)
			again[int(p>>6)%len(again)] |= 1 << (p & 63)
		}
	}
}

// ownTally is what an entry counts for by its state: four kinds, in bytes.
var ownTally = func() (t [8]uint32) {
	for s := range t {
		t[s] = 1 << (8 * (s & kindBits))
	}
	return t
}()

// own counts the entries of a text.
func (x *indexed) own() {
	x.kindsOwn = [4]int{}
	for states := x.states[:x.distinct]; len(states) > 0; {
		n := min(len(states), 255) // what a byte holds
		var sum uint32
		for _, s := range states[:n] {
			sum += ownTally[s%8]
		}
		for k := range x.kindsOwn {
			x.kindsOwn[k] += int(sum >> (8 * k) & 255)
		}
		states = states[n:]
	}
}
