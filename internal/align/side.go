package align

import (
	"encoding/binary"
	"math/bits"

	"github.com/newsdedup/newsdedup/internal/sketch"
)

// side is what is laid out of either text.
type side struct {
	*sketch.View
	n    int    // tokens that are compared
	text strip  // these
	seen tokens // those that it has

	new           positions                // where a token stands for the first time
	lo, hi        positions                // the bits of kinds
	quoted        positions                // what is in quotations
	begins        positions                // where segments begin
	segments      int                      // their number
	starts        [maxPlaces]uint16        // of each: its first token; and what follows the last
	before, newer [len(positions{})]uint16 // of begins and new: how many are before every 64 positions
	votes         [maxPlaces]uint16        // of each segment, see vote
	marks         [len(positions{})]marking
}

// marking are 64 positions, by what they are part of.
type marking [5]uint64

// tokens is a set of tokens.
type tokens [1 << 10]uint64

// has returns 1 if t is in the set, 0 if not.
func (s *tokens) has(t uint16) uint64 { return s[t>>6] >> (t & 63) & 1 }

// add adds t and returns what has did.
func (s *tokens) add(t uint16) uint64 {
	w := s[t>>6]
	s[t>>6] = w | 1<<(t&63)
	return w >> (t & 63) & 1
}

// strip are tokens of two bytes, little-endian, with room before and behind for
// four more, of any value.
type strip [2*maxPlaces + 16]byte

const textFrom = 8

// load returns the four tokens from i-1 on.
func (x *strip) load(i uint16) uint64 {
	at := uint(i)%maxPlaces*2 + textFrom - 2
	return binary.LittleEndian.Uint64(x[at : at+8])
}

// token returns token i, from -2 on.
func (x *strip) token(i uint16) uint16 {
	at := uint(i+textFrom/2) % maxPlaces * 2
	return uint16(x[at]) | uint16(x[at+1])<<8
}

// block returns 64 tokens from one on that is a multiple of 64, but none beyond
// n, rounded up to a multiple of four, and their number.
func (x *strip) block(from, n int) (block []byte, size int) {
	size = min(64, (n-from+3)&^3)
	return x[textFrom+2*from:][:2*size], size
}

// layOut lays out a text but for seen and new.
func (x *side) layOut(v *sketch.View) {
	x.View, x.n = v, min(v.Len, maxTokens)
	n := textFrom + copy(x.text[textFrom:], v.Tokens[:2*x.n])
	for range 3 { // what is repeated is not new
		n += copy(x.text[n:], x.text[textFrom:textFrom+2])
	}
	x.layOutSegments()
	x.layOutKinds()
}

func (x *side) layOutSegments() {
	n := x.n
	segs := x.Segs[:min(len(x.Segs), maxTokens)]
	for len(segs) > 0 && int(segs[len(segs)-1].Token) >= n {
		segs = segs[:len(segs)-1]
	}
	// Where quotations begin and end, then what is between.
	w := n>>6 + 1
	quoted, begins := x.quoted[:w], x.begins[:w]
	clear(quoted)
	clear(begins)
	was := uint64(0)
	starts := x.starts[:len(segs)+1]
	for k := range segs {
		t, is := segs[k].Token, uint64(segs[k].Flags/sketch.Quoted)&1
		quoted[t>>6] ^= (is ^ was) << (t & 63)
		begins[t>>6] |= 1 << (t & 63)
		was = is
		starts[k] = uint16(t)
	}
	starts[len(segs)] = uint16(n)
	x.segments = len(segs)
	inside, before := uint64(0), 0
	for k, q := range quoted {
		q ^= q << 1
		q ^= q << 2
		q ^= q << 4
		q ^= q << 8
		q ^= q << 16
		q ^= q << 32
		q ^= inside
		inside = -(q >> 63)
		quoted[k] = q
		x.before[k] = uint16(before)
		before += bits.OnesCount64(begins[k])
	}
	quoted[w-1] &= 1<<(n&63) - 1
}

func (x *side) layOutKinds() {
	b := x.Kinds
	w := x.n>>6 + 1
	for k := range w {
		var p, q uint64
		if len(b) >= 16 {
			p, q = sketch.Load(b), sketch.Load(b[8:])
			b = b[16:]
		} else {
			p, q = sketch.Tail(b)
			b = ""
		}
		x.lo[k] = sketch.Even(p) | sketch.Even(q)<<32
		x.hi[k] = sketch.Even(p>>1) | sketch.Even(q>>1)<<32
	}
	within := uint64(1)<<(x.n&63) - 1
	x.lo[w-1] &= within
	x.hi[w-1] &= within
}

// kind returns the kind of token i.
func (x *side) kind(i uint16) uint8 { return x.Kinds[i>>2] >> (i & 3 * 2) & 3 }

// segment returns the segment of token i, by number.
func (x *side) segment(i uint16) uint {
	k := i / 64 % uint16(len(x.before))
	return uint(x.before[k]) + uint(bits.OnesCount64(x.begins[k]&(2<<(i&63)-1))) - 1
}

// terms returns which of 64 positions from i on hold names, numbers or dates.
func (x *side) terms(i uint32) uint64 { return part(&x.lo, i) | part(&x.hi, i) }

// part returns 64 positions of a set from i on.
func part(set *positions, i uint32) uint64 {
	k, s := int(i>>6), i&63
	v := set[k] >> s
	if k+1 < len(set) {
		v |= set[k+1] << 1 << (63 - s)
	}
	return v
}
