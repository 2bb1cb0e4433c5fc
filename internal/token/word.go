package token

import "math/bits"

// reach is how many bytes from its start hashWords reads of a word.
const reach = 16

// batch is how many words a view has at most.
const batch = 32

// plainWords puts words of ASCII letters into dst, whatever their case, with the
// flags of words of which none but the first letter is a capital. They start and
// end where edges has bits, an even number of them, one for each byte of w; w is
// at offset at of the text and goes on for reach bytes behind the last bit. It
// stops after a word that may be in the lexicon, and after one of more than
// sixteen letters, the hash of which it leaves to the caller. It returns how many
// they are, what is left of edges, and whether the last is such a word. It does
// nothing else so that all it needs stays in registers.
func plainWords(edges uint64, w string, at uint32, dst *[batch]Token, quoted Flags) (n int, left uint64, known bool) {
	_, _ = dst[0], w[63+reach]
	for edges != 0 {
		start := bits.TrailingZeros64(edges)
		edges &= edges - 1
		end := bits.TrailingZeros64(edges | 1<<63)
		edges &= edges - 1
		// Field by field: a token that is put together elsewhere and copied has
		// to wait until its parts are stored.
		t := &dst[n&(batch-1)]
		n++
		t.Start = at + uint32(start)
		t.End = at + uint32(end)
		size := (end - start) & 63
		v := w[start : start+reach]
		x, y := eight(v), eight(v[8:])
		t.Flags = sizes.flags[size] + quoted + Flags(x>>4&2)
		h := product(x&sizes.low[size]^sizes.secret0[size], y&sizes.high[size]^sizes.secret1[size])
		t.Hash = h
		if listed(h) {
			return n, edges, true
		}
	}
	return n, edges, false
}

type wordSizes struct {
	low, high, secret0, secret1 [64]uint64
	flags                       [64]Flags
}

// sizes says of every number of letters below 64 how to mask the sixteen bytes
// that start with them and what is to be xored for them to be folded and, if they
// are sixteen or less, for product to make the hash; and what flags a word of so
// many has, Upper for the case of its first letter. Of more than sixteen letters
// no byte is left.
var sizes = func() (t wordSizes) {
	for i := range 64 {
		var low, high uint64
		if i <= 16 {
			low, high = 1<<min(8*i, 64)-1, 1<<max(8*i-64, 0)-1
		}
		const fold = 0x20 * lows
		t.low[i], t.secret0[i] = low&^fold, low&fold^secret0
		t.high[i], t.secret1[i] = high&^fold, high&fold^secret1
		t.flags[i] = Upper | length(i)
		if i >= MinLetters {
			t.flags[i] |= Content
		}
	}
	return t
}()

// The bit 0x20 of a letter, moved there, makes Lower of Upper.
const _ = uint(Lower-2*Upper) + uint(2*Upper-Lower) + uint(Upper-0x20>>4) + uint(0x20>>4-Upper)
