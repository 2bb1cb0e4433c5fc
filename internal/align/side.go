package align

import "github.com/newsdedup/newsdedup/internal/sketch"

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
	n     int                      // tokens that are compared
	kinds [maxTokens/32 + 2]uint64 // two bits a token

	starts, quoted, terms positions
	segments              int                         // that take part in sentence cover
	covered               [maxSegments]uint8          // of each: the most tokens in common with one of the other side
	marks                 [maxTokens/64 + 1][5]uint64 // positions in common, by what they are part of
}

// indexed is what is known of X. Its entries are its distinct tokens in the
// order of first appearance, then those that stand in its title alone.
type indexed struct {
	side
	ids      [maxTokens]uint16 // entry of every token
	prev     [maxTokens]uint16 // the position before of the same token, plus one
	distinct int               // entries of the text
	entries  int               // all
	head     [maxHead]uint16   // entry of every token of the title
	heads    int               // their number

	// Of every entry:
	states [maxEntries]uint8
	last   [maxTokens]uint16 // its last position, plus one
	count  [maxTokens]uint16 // how often it stands there

	kindsOwn [4]int // entries of the text by kind as known here
	topics   int    // entries that stand more than once
}

// scanned is what is known of Y.
type scanned struct {
	side
	tokens [maxTokens]uint16
	common positions                // that X has too
	before [len(positions{})]uint16 // how many of those are before the first of every 64
	once   positions                // of those, tokens that stand in X once
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
	starts, quoted := &x.starts, &x.quoted
	clear(starts[:w])
	clear(quoted[:w])
	before := uint64(0)
	segments := 0
	for k := range v.Segs {
		g := &v.Segs[k]
		if int(g.Token) >= n {
			break
		}
		segments++
		q := uint64(g.Flags/sketch.Quoted) & 1
		bit, word := uint64(1)<<(g.Token&63), g.Token/64
		starts[word] |= bit
		quoted[word] ^= bit & -(q ^ before)
		before = q
	}
	starts[0] &^= 1
	x.segments = min(segments, maxSegments)
	// From where quotations begin and end to what is within.
	within := uint64(0)
	for k, q := range quoted[:w] {
		q ^= q << 1
		q ^= q << 2
		q ^= q << 4
		q ^= q << 8
		q ^= q << 16
		q ^= q<<32 ^ within
		within = uint64(int64(q) >> 63)
		quoted[k] = q
	}
	quoted[w-1] &= 1<<(n&63) - 1

	k := 0
	b := v.Kinds
	for ; len(b) >= 8 && k < 2*w; b = b[8:] {
		x.kinds[k] = word(b)
		k++
	}
	for clear(x.kinds[k : 2*w]); k < 2*w && len(b) > 0; b = "" {
		for i := range min(8, len(b)) {
			x.kinds[k] |= uint64(b[i]) << (8 * i)
		}
	}
	for k := range w {
		x.terms[k] = terms(x.kinds[2*k]) | terms(x.kinds[2*k+1])<<32
	}
	x.terms[w-1] &= 1<<(n&63) - 1
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
	clear(x.last[:x.distinct])
	clear(x.count[:x.distinct])
	states, last, count := &x.states, &x.last, &x.count
	for i := 0; i < x.n; i += 32 {
		kinds := x.kinds[i/32]
		ids := x.ids[i:min(i+32, x.n)]
		prev := x.prev[i:][:len(ids)]
		for k, id := range ids {
			id %= maxTokens
			s := &states[id]
			*s = after[(*s|uint8(kinds)<<4)%64]
			kinds >>= 2
			prev[k] = last[id]
			last[id] = uint16(i + k + 1)
			count[id]++
		}
	}
	for _, id := range x.ids[:min(x.n, leadTokens)] {
		states[id%maxTokens] |= lead
	}
}

// ownTally is what an entry counts for by its state, in bytes: four kinds, and
// topics.
var ownTally = func() (t [8]uint64) {
	for s := range t {
		t[s] = 1<<(8*(s&kindBits)) | uint64(s/more)<<32
	}
	return t
}()

// own counts the entries of a text.
func (x *indexed) own() {
	x.kindsOwn, x.topics = [4]int{}, 0
	for states := x.states[:x.distinct]; len(states) > 0; {
		n := min(len(states), 255) // what a byte holds
		var sum uint64
		for _, s := range states[:n] {
			sum += ownTally[s%8]
		}
		for k := range x.kindsOwn {
			x.kindsOwn[k] += int(sum >> (8 * k) & 255)
		}
		x.topics += int(sum >> 32 & 255)
		states = states[n:]
	}
}
