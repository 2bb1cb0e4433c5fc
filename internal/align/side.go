package align

import "github.com/newsdedup/newsdedup/internal/sketch"

// side is what is laid out of either text.
type side struct {
	*sketch.View
	n      int                   // tokens that are compared
	tokens [2*maxPlaces + 2]byte // as in a View

	quoted   positions
	terms    positions                     // names, numbers and dates
	segments int                           // that take part in sentence cover
	widest   int                           // tokens of the longest of them
	starts   [maxSegments + 1]uint16       // of each: its first token; and what follows the last
	covered  [maxSegments]uint8            // of each: the most tokens in common with one of the other side, maxVotes at most
	begins   positions                     // where segments begin
	begun    [maxWords]uint32              // how many do before the first of every 64 positions, after countBegins
	marks    [len(positions{}) + 1]marking // positions in common
}

// marking are 64 positions, by what they are part of.
type marking [numMarks]uint64

// layOut lays out a text.
func (x *side) layOut(v *sketch.View) {
	x.View, x.n = v, min(v.Len, maxTokens)
	copy(x.tokens[:], v.Tokens[:2*x.n])
	x.layOutSegments()
	x.layOutTerms()
}

func (x *side) layOutSegments() {
	n := x.n
	segs := x.Segs
	for len(segs) > 0 && int(segs[len(segs)-1].Token) >= n {
		segs = segs[:len(segs)-1]
	}
	// Where quotations begin and end, then what is between.
	quoted := x.quoted[:n>>6+1]
	for k := range quoted {
		quoted[k], x.begins[k%maxWords] = 0, 0
	}
	was, from, widest := uint64(0), uint32(0), uint32(0)
	for k := range segs {
		t, is := segs[k].Token, uint64(segs[k].Flags/sketch.Quoted)&1
		quoted[t>>6] ^= (is ^ was) << (t & 63)
		x.begins[t>>6%maxWords] |= 1 << (t & 63)
		was = is
		widest = max(widest, t-from)
		from = t
		if k < maxSegments {
			x.starts[k] = uint16(t)
		}
	}
	inside := uint64(0)
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
	}
	quoted[n>>6] &= 1<<(n&63) - 1
	x.segments = min(len(segs), maxSegments)
	x.starts[x.segments] = uint16(n)
	if x.segments < len(segs) {
		x.starts[x.segments] = uint16(segs[x.segments].Token)
	}
	x.widest = int(max(widest, uint32(n)-from))
}

func (x *side) layOutTerms() {
	b := x.Kinds
	w := x.n>>6 + 1
	for k := range x.terms[:w] {
		var lo, hi uint64
		if len(b) >= 16 {
			lo, hi = sketch.Load(b), sketch.Load(b[8:])
			b = b[16:]
		} else {
			lo, hi = sketch.Tail(b)
			b = ""
		}
		x.terms[k] = terms(lo) | terms(hi)<<32
	}
	x.terms[w-1] &= 1<<(x.n&63) - 1
}

// token returns token i.
func (x *side) token(i int) uint16 {
	k := uint(i) % maxPlaces * 2
	return uint16(x.tokens[k]) | uint16(x.tokens[k+1])<<8
}

// kind returns the kind of token i.
func (x *side) kind(i int) uint8 { return x.Kinds[i>>2] >> (i & 3 * 2) & 3 }

// terms returns which of 32 kinds are not sketch.Word.
func terms(v uint64) uint64 { return sketch.Even(v | v>>1) }

// part returns 64 positions of a set from i on.
func part(set *positions, i uint32) uint64 {
	k, s := int(i>>6), i&63
	v := set[k] >> s
	if k+1 < len(set) {
		v |= set[k+1] << 1 << (63 - s)
	}
	return v
}

// remove takes out those of the 64 positions from i on that set has.
func (p *positions) remove(i uint32, set uint64) {
	p[i>>6] &^= set << (i & 63)
	if k := int(i>>6) + 1; k < len(p) {
		p[k] &^= set >> 1 >> (63 - i&63)
	}
}
