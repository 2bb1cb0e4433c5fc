// Package token cuts a text into hashed tokens in one pass: words where the
// script divides them, single characters where it does not.
//
// What a code point is and how it folds is read from tables in this package
// (tables.go), never from package unicode or golang.org/x/text, so that the
// tokens of a text cannot move with a release of either.
package token

import (
	"math/bits"
	"unsafe"
)

// Flags describe a token and how it follows the one before it.
type Flags uint32

const (
	Sentence  Flags = 1 << iota // starts a sentence
	Upper                       // its first letter is a capital
	Lower                       // its first letter has case and is no capital
	Caps                        // two or more letters, all capitals
	Mixed                       // a capital after a small letter: "iPhone"
	Acronym                     // letters with full stops: "U.S."
	Number                      // in digits, or one of the words of rule 8
	Month                       // name of a month or a weekday
	Kata                        // katakana word
	Content                     // a word long enough to tell something, or a number
	Paragraph                   // starts a paragraph, hence a sentence
	Turn                        // quoted speech was opened or closed before it
	Quoted                      // stands in quoted speech
	Han                         // one ideograph
	Hira                        // one hiragana
	SEA                         // one Thai, Lao, Khmer or Burmese character with its marks
	Joined                      // nothing but spaces between it and a preceding token of an unspaced script
	Abbrev                      // usually written with a full stop: "Mr."
	One                         // its folded form is one code point
	Two                         // its folded form is two
)

const (
	// MinLetters is how many letters make a word content. So much of running
	// text is kept: English 66 %, German 68, Spanish 56, Portuguese 60, Arabic
	// 74 (828 wire stories of 2025, 400 articles each of the others).
	MinLetters = 4
	// MinSyllables is the same for Korean and katakana words.
	MinSyllables = 2
	// minViet is the same for words with a horn, a hook above or a dot below:
	// most of the syllables of which Vietnamese consists.
	minViet = 3
)

// Unspaced marks the tokens that are characters rather than words.
const Unspaced = Han | Hira | SEA

// A Token is a word, a number or a character of a text.
type Token struct {
	Hash       uint64 // of the folded form
	Start, End uint32 // byte offsets
	Flags      Flags
}

// length returns the flag of a folded form of n code points.
func length(n int) Flags {
	switch n {
	case 1:
		return One
	case 2:
		return Two
	}
	return 0
}

// The classes of code points, as in gen/main.go.
const (
	cBreak = iota
	cSpace
	cNewline
	cIgnore
	cLetter
	cDigit
	cHan
	cHira
	cKata
	cSEA
	cSEAMark
	cVoice
	cJamo
	cApos
	cQuote
	cDot
	cStop
	cEnd
	cPercent
	cComma
	cThin
)

const (
	foldMask   = 1<<21 - 1
	classShift = 21
	classMask  = 31
	upperBit   = 1 << 26
	lowerBit   = 1 << 27
	scriptBits = 28
	scriptMask = 3
	expandBit  = 1 << 30
	vietBit    = 1 << 31

	scriptHangul   = 1
	scriptCyrillic = 2
	scriptHebrew   = 3
)

func class(e uint32) int { return int(e >> classShift & classMask) }

// lookup returns the table's entry for r.
func lookup(r rune) uint32 {
	switch {
	case uint32(r) < tableLimit:
		return tableBlocks[int(tableIndex[r>>6])<<6|int(r&63)]
	case r < 0x40000:
		return cHan << classShift
	case r >= 0xE0000 && r < 0xE1000:
		return cIgnore << classShift
	}
	return cBreak << classShift
}

// decode reads one code point of s at i. A byte that is not part of valid
// UTF-8 is a code point of its own beyond Unicode and breaks words.
func decode(s string, i int) (r rune, size int) {
	b := s[i]
	if b < 0x80 {
		return rune(b), 1
	}
	const bad = 0x110000
	n := len(s) - i
	switch {
	case b < 0xC2:
	case b < 0xE0:
		if n > 1 && s[i+1]&0xC0 == 0x80 {
			return rune(b&0x1F)<<6 | rune(s[i+1]&0x3F), 2
		}
	case b < 0xF0:
		if n > 2 && s[i+1]&0xC0 == 0x80 && s[i+2]&0xC0 == 0x80 {
			r = rune(b&0x0F)<<12 | rune(s[i+1]&0x3F)<<6 | rune(s[i+2]&0x3F)
			if r >= 0x800 && (r < 0xD800 || r > 0xDFFF) {
				return r, 3
			}
		}
	case b < 0xF5:
		if n > 3 && s[i+1]&0xC0 == 0x80 && s[i+2]&0xC0 == 0x80 && s[i+3]&0xC0 == 0x80 {
			r = rune(b&7)<<18 | rune(s[i+1]&0x3F)<<12 | rune(s[i+2]&0x3F)<<6 | rune(s[i+3]&0x3F)
			if r >= 0x10000 && r <= 0x10FFFF {
				return r, 4
			}
		}
	}
	return bad, 1
}

// before returns the code point that ends at i, or -1 at the start.
func before(s string, i int) rune {
	if i <= 0 {
		return -1
	}
	for k := 1; k <= 4 && k <= i; k++ {
		if s[i-k]&0xC0 != 0x80 {
			if r, n := decode(s, i-k); n == k {
				return r
			}
			break
		}
	}
	return 0x110000
}

// at returns the code point at i that is not to be ignored, or -1 at the end.
func at(s string, i int) (rune, uint32) {
	for i < len(s) {
		r, n := decode(s, i)
		e := lookup(r)
		if class(e) != cIgnore {
			return r, e
		}
		i += n
	}
	return -1, cSpace << classShift
}

// The hash of a token is taken over the UTF-8 bytes of its folded form, in
// blocks of sixteen, the last padded with zeros, as two little-endian numbers
// each. These are xored with two numbers and with the halves of the state, 0 at
// first, and multiplied; the product of 128 bits is the new state. In the end
// the halves of the state are multiplied likewise with two other numbers, and
// the halves of that product xored: with one block, wyhash (Wang Yi, final
// version 4, of 16 bytes) but for the length. The numbers are its secret,
// the last two exchanged. No first block of UTF-8 makes a factor 0.
const (
	secret0 = 0x2D358DCCAA6C78A5
	secret1 = 0x8BB84B93962EACC9
	secret2 = 0x4D5A2DA51DE1AA47
	secret3 = 0x4B33A62ED433D4A3
)

// sum16 returns the hash of a folded form of at most sixteen bytes.
func sum16(a, b uint64) uint64 { return product(a^secret0, b^secret1) }

// product returns the hash of a folded form of at most sixteen bytes, of which
// the halves are xored with the secrets.
func product(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	hi, lo = bits.Mul64(hi^secret2, lo^secret3)
	return hi ^ lo
}

// A hasher hashes code points. Its zero value has none.
type hasher struct {
	hi, lo   uint64 // state
	a, chunk uint64 // the first half of the block if that is full, and the next
	bits     uint   // of the block, less than 128
}

// put adds the n bits of v, at most 32.
func (x *hasher) put(v uint64, n uint) {
	old := x.bits
	x.chunk |= v << (old & 63)
	x.bits += n
	if (old^x.bits)&64 == 0 {
		return
	}
	if old < 64 {
		x.a = x.chunk
	} else {
		x.block()
		x.bits -= 128
	}
	x.chunk = v >> (64 - old&63)
}

func (x *hasher) block() {
	x.hi, x.lo = bits.Mul64(x.a^secret0^x.hi, x.chunk^secret1^x.lo)
}

// ascii adds one byte.
func (x *hasher) ascii(b byte) { x.put(uint64(b), 8) }

func (x *hasher) add(r rune) {
	switch {
	case r < 0x80:
		x.put(uint64(r), 8)
	case r < 0x800:
		x.put(uint64(0xC0|r>>6|(0x80|r&0x3F)<<8), 16)
	case r < 0x10000:
		x.put(uint64(0xE0|r>>12|(0x80|r>>6&0x3F)<<8|(0x80|r&0x3F)<<16), 24)
	default:
		x.put(uint64(uint32(0xF0|r>>18)|uint32(0x80|r>>12&0x3F)<<8|uint32(0x80|r>>6&0x3F)<<16|uint32(0x80|r&0x3F)<<24), 32)
	}
}

// expand adds the code points that entry e expands to and returns how many.
func (x *hasher) expand(e uint32) int {
	e &= foldMask
	rs := expansions[e>>5 : e>>5+e&31]
	for _, r := range rs {
		x.add(rune(r))
	}
	return len(rs)
}

func (x *hasher) sum() uint64 {
	if x.bits > 0 {
		if x.bits < 64 {
			x.a, x.chunk = x.chunk, 0
		}
		x.block()
	}
	hi, lo := bits.Mul64(x.hi^secret2, x.lo^secret3)
	return hi ^ lo
}

func one(r rune) uint64 {
	var h hasher
	h.add(r)
	return h.sum()
}

// Mix is a bijection of 64-bit values that spreads every bit over all: the
// finalizer of MurmurHash3 (Appleby 2011).
func Mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xFF51AFD7ED558CCD
	h ^= h >> 33
	h *= 0xC4CEB9FE1A85EC53
	return h ^ h>>33
}

// Pair returns the hash of two tokens that follow each other.
func Pair(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a^secret0, b^secret1)
	return hi ^ lo
}

const (
	pendNone = iota
	pendDot
	pendStop
	pendEnd
	pendLine
	pendPara
)

// chunk is how many blocks are made at once.
const chunk = 16

type scanner struct {
	s      string
	dst    []Token // all that it holds is free to be written
	n      int     // tokens so far
	pend   uint8
	turned bool
	quote  rune   // that opened the quotation, 0 outside
	quoted Flags  // Quoted within a quotation
	inside uint64 // all bits within a quotation
	quick  bool   // takes shortcuts
	open   [2]int // up to where no mark closes one opened by ' or by ‘

	blocks     [chunk]block // of the text from begin to end
	begin, end int
	last       [2*64 + reach]byte // the end of the text from begin on, and spaces, if padded
	padded     bool
}

// Scan appends the tokens of s to dst and returns it. Offsets are 32 bits: of
// a longer text, the part beyond 2^31 bytes is ignored.
//
// The rules, in order:
//
//  1. Soft hyphens, zero-width and bidirectional controls, variation
//     selectors, tatweel and the combining marks of Latin, Greek, Cyrillic,
//     Arabic and Hebrew are skipped as if they were not there.
//  2. Letters and the marks of the remaining scripts make words, folded by
//     compatibility decomposition (UAX 15), full case folding (CaseFolding)
//     and removal of the marks of rule 1; also ø=o, ł=l, đ=d, ı=i, æ=ae, œ=oe,
//     þ=th, Arabic ى=ی=ي, ک=ك, ة=ه. Hangul syllables and kana are composed
//     and halfwidth kana widened.
//  3. Digits of all scripts make numbers; 1,000 = 1.000 = 1000 and 3,5 = 3.5.
//     A number and a word that touch are two tokens: "5pm" = "5 pm".
//  4. Han characters and hiragana are tokens of their own, and so are Thai,
//     Lao, Khmer and Burmese characters with the marks that follow them.
//     Katakana make words.
//  5. An apostrophe between letters: a final 's is dropped; after one or two
//     letters, or before three or more, it divides ("l'homme",
//     "dell'articolo"); else, and in Cyrillic and Hebrew, it is skipped
//     ("don't"). Hebrew gershayim are skipped.
//  6. A full stop after a single letter that follows another full stop or
//     starts the word joins: "U.S." = "US".
//  7. "%", "percent", "per cent" and their forms in other languages are one
//     token.
//  8. The words for two to twelve of some languages that are hardly ever
//     anything else are those numbers: "three" = "drei" = "3".
//  9. Everything else divides, hyphens too.
func Scan(dst []Token, s string) []Token { return scan(dst, s, &shortcut) }

// The shortcuts that scan takes.
const (
	general = iota
	letter  // of ASCII
	ideo    // first byte of three of hiragana and ideographs
	divider // of ASCII: spaces, and marks that merely divide
	digit   // of ASCII
	dot     // a full stop
	newline // a line feed
	word    // of no byte: a word that a mark is in or may belong to
	nothing // of no byte: it has been taken
)

// shortcut says what scan may do at a byte without the rules that other
// applies.
var shortcut = func() (t [256]uint8) {
	for b := range rune(0x80) {
		switch class(lookup(b)) {
		case cLetter:
			t[b] = letter
		case cSpace, cBreak, cComma:
			t[b] = divider
		case cDigit:
			t[b] = digit
		case cDot:
			t[b] = dot
		}
	}
	t['\n'] = newline
	for b := 0xE3; b <= 0xE9; b++ {
		t[b] = ideo
	}
	return t
}()

func scan(dst []Token, s string, short *[256]uint8) []Token {
	if len(s) > 1<<31-1 {
		s = s[:1<<31-1]
	}
	base := len(dst)
	c := scanner{s: s, dst: dst[base:cap(dst)], pend: pendPara, quick: short == &shortcut}
	for i := 0; i < len(s); {
		switch short[s[i]] {
		case divider:
			i++
			continue
		case letter:
			i = c.words(i)
		case dot:
			c.dot()
			i++
			if i < len(s) && s[i] == ' ' {
				i++
			}
		case newline:
			c.newline()
			i++
		case digit:
			i = c.digits(i)
		case ideo:
			n := c.n
			k := ideographs(c.room(), s[i:], uint32(i), c.quoted)
			if k == 0 {
				i = c.other(i)
				continue
			}
			c.n += k
			if n == 0 || c.pend != pendNone || c.turned || c.dst[n-1].Flags&Unspaced == 0 || int(c.dst[n-1].End) != i {
				c.dst[n].Flags &^= Joined
				c.settle(n)
			}
			i += 3 * k
		default:
			i = c.other(i)
		}
	}
	if base == 0 {
		return c.dst[:c.n]
	}
	return append(dst, c.dst[:c.n]...)
}

// room returns where the next tokens go.
func (c *scanner) room() *[batch]Token {
	if len(c.dst)-c.n < batch {
		c.dst = append(c.dst, make([]Token, batch+c.n/2)...)
		c.dst = c.dst[:cap(c.dst)]
	}
	return (*[batch]Token)(c.dst[c.n:])
}

// ideographs puts the ideographs and hiragana that s starts with into dst, as
// long as they fold to themselves, no sound mark follows and s does not end
// soon; s starts at the offset at of the text. All are marked as joined, the
// first too. It returns how many they are.
func ideographs(dst *[batch]Token, s string, at uint32, quoted Flags) (n int) {
	_ = dst[0]
	quoted |= One | Joined
	for len(s) >= 6 && n < batch {
		x, e := three(s)
		if e&^(1<<classShift) != cHan<<classShift {
			break
		}
		hira := e >> classShift & 1
		if mayVoice(s[3:]) && hira != 0 {
			break
		}
		t := &dst[n]
		t.Hash = sum16(uint64(x), 0)
		t.Start, t.End = at, at+3
		t.Flags = quoted | Han<<hira
		at += 3
		s = s[3:]
		n++
	}
	return n
}

// three returns the bytes, the first the lowest, and the table's entry of the
// code point of three bytes that s starts with, no entry if it has none; s has
// three bytes.
func three(s string) (x, e uint32) {
	x = uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16
	if x&0xC0C0F0 != 0x8080E0 {
		return 0, 0
	}
	return x, tableBlocks[uint32(tableIndex[x&0x0F<<6|x>>8&0x3F])<<6|x>>16&0x3F]
}

// mayVoice reports whether the three bytes that s starts with may be a sound
// mark: U+3099 to U+309C or any halfwidth form.
func mayVoice(s string) bool {
	x := uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16
	return s[0] == 0xEF || (x-0x9982E3)&^0x030000 == 0
}

// Han and hiragana, as flags and as classes, are neighbours.
const (
	_ = uint(Hira/Han-2) + uint(2-Hira/Han)
	_ = uint(cHan&1) + uint(cHira-cHan-1) + uint(cHan+1-cHira)
)

// digits takes the number of ASCII digits at i as number does.
func (c *scanner) digits(i int) int {
	s := c.s
	if len(s)-i >= 18 {
		// Up to seven digits, and if a comma or full stop and other digits
		// follow, up to seven of them.
		low, size := sevenDigits(s[i : i+8])
		high, end, more := uint64(0), i+size, 0
		b := s[end]
		if b == '.' || b == ',' {
			var v uint64
			v, more = sevenDigits(s[end+1 : end+9])
			switch {
			case more == 0:
			case more == 3 && size <= 3:
				low |= v << (8 * size)
				end += 4
			default:
				v, high = v<<8|'.', v>>56
				low, high = low|v<<(8*size), high<<(8*size)|v>>(64-8*size)
				end += 1 + more
			}
			b = s[end]
		}
		if size < 8 && more < 8 && (b < 0x80 && b != '.' && b != ',' || endsNumber(s, end)) {
			t := &c.room()[0]
			t.Hash = sum16(low, high)
			t.Start, t.End = uint32(i), uint32(end)
			t.Flags = Number | Content | sizes.flags[(size+more)&63]&(One|Two) | c.quoted
			c.n++
			if c.pend != pendNone || c.turned {
				c.settle(c.n - 1)
			}
			return end
		}
	}
	return c.number(i)
}

// sevenDigits returns the digits that the eight bytes of s start with, and how
// many they are; if all eight are, no digits.
func sevenDigits(s string) (v uint64, n int) {
	x := eight(s)
	y := x & (0x7F * lows)
	stop := (x | (y + (0x7F-'9')*lows) | ^(y + (0x80-'0')*lows)) & highs
	return x & ((stop ^ (stop - 1)) >> 8), bits.TrailingZeros64(stop) >> 3
}

// endsNumber reports whether what stands at i cannot belong to the number before
// it.
func endsNumber(s string, i int) bool {
	b := s[i]
	if b == '.' || b == ',' {
		return i+1 < len(s) && s[i+1] < 0x80 && shortcut[s[i+1]] != digit
	}
	if b < 0x80 {
		return true
	}
	r, _ := decode(s, i)
	switch class(lookup(r)) {
	case cIgnore, cDigit, cComma, cDot, cThin:
		return false
	}
	return true
}

// eight returns the bytes of s, which are eight, the first the lowest.
func eight(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// words scans the words from i on as word does, and what divides them. It
// returns the offset of what it has not taken: ideographs, or the end.
//
// It works on views of the 64 bytes from i on, which are numbers of one bit a
// byte, the first the lowest (as simdjson does: Langdale and Lemire 2019):
// letters; capitals; marks, that is all that does more than divide; and pauses,
// the marks that are full stops and line feeds. Up to the first mark that is no
// pause, or without one up to the last whole word, the words are for hashWords.
// Then those with capitals within them are told so, the pauses among them are
// taken, and it is settled for the word behind each whether it starts a
// sentence. Then the mark is taken, or the word that it may belong to, and the
// next view starts behind it.
func (c *scanner) words(i int) int {
	s := c.s
	for i < len(s) {
		w := s[i:]
		if len(w) < 64+reach {
			w = c.pad(i)
		} else if i+64 > c.end {
			c.classify(i)
		}
		at := uint(i - c.begin)
		p, q := &c.blocks[at/64%chunk], &c.blocks[(at/64+1)%chunk]
		low, high := at&63, ^at&63
		letters, capitals, marks, pauses := p.letters>>low, p.capitals>>low, p.marks>>low, p.pauses>>low
		letters |= q.letters << 1 << high
		capitals |= q.capitals << 1 << high
		marks |= q.marks << 1 << high
		// Pauses are taken with the words, but for those that may belong to a
		// letter or end a quotation.
		pauses |= q.pauses << 1 << high
		pauses &^= letters&^(letters<<1)<<1 | c.inside
		marks &^= pauses
		part := bits.LeadingZeros64(^letters) // of a word, at the end
		if part == 64 {
			i = c.word(i)
			continue
		}
		// Whether there is a mark is hard to tell beforehand: without one, the
		// first letter of that word is taken for it.
		marks |= 1 << 63 >> (part & 63) << 1
		mark := marks & -marks
		pauses &= mark - 1
		run := letters & (mark - 1)
		size := bits.TrailingZeros64(marks) // of what is taken
		kind := shortcut[w[size]]
		starts := run &^ (run << 1)
		if run&(mark>>1) != 0 {
			goesOn, more := touches(w[size:], starts&(mark>>1) != 0)
			if goesOn {
				kind = word
				size = bits.Len64(starts) - 1
				run &= 1<<(size&63) - 1
				starts = run &^ (run << 1)
			} else if more > 0 {
				kind = nothing
				size += more
			}
		}
		n := c.n
		for edges := run ^ run<<1; edges != 0; {
			var k int
			var known bool
			k, edges, known = hashWords(edges, w, uint32(i), c.room(), c.quoted)
			c.n += k
			if known {
				if t := &c.dst[c.n-1]; t.End-t.Start > 16 {
					t.Hash = Raw(s[t.Start:t.End])
				}
				c.lexical(c.n - 1)
			}
		}
		for inner := capitals & run &^ starts; inner != 0; {
			below := starts & (inner ^ (inner - 1))
			start := bits.Len64(below) - 1
			letters := run &^ (run + 1<<(start&63))
			inner &^= letters
			k := n + bits.OnesCount64(below) - 1
			for k >= c.n || k > n && int(c.dst[k].Start) > i+start {
				k-- // lexical has made one of two
			}
			if t := &c.dst[k]; int(t.Start) == i+start {
				f := caseOf(capitals&letters>>(start&63), letters>>(start&63)) & (Caps | Mixed)
				if t.Flags&Number != 0 {
					f &^= Caps
				}
				t.Flags |= f
			}
		}
		next := n // the token behind what is pending
		for ; pauses != 0; pauses &= pauses - 1 {
			pause := bits.TrailingZeros64(pauses)
			last := next
			next = n + bits.OnesCount64(starts&(1<<(pause&63)-1))
			for next > c.n || next > n && int(c.dst[next-1].Start) > i+pause {
				next-- // lexical has made one of two
			}
			if (c.pend != pendNone || c.turned) && next > last {
				c.settle(last)
			}
			if w[pause] == '.' {
				c.dot()
			} else {
				c.newline()
			}
		}
		if (c.pend != pendNone || c.turned) && next < c.n {
			c.settle(next)
		}
		i += size
		switch kind {
		case nothing, letter:
		case divider:
			i++
		case dot:
			c.dot()
			i++
		case newline:
			c.newline()
			i++
		case digit:
			i = c.digits(i)
		case word:
			i = c.word(i)
		case ideo:
			return i
		default:
			i = c.other(i)
		}
	}
	return i
}

// touches reports whether a word of ASCII letters, of one letter if single is
// true, goes on, or may go on, with the mark that p starts with, and if not, how
// many bytes of p are to be skipped with the word: a possessive's apostrophe and
// s. p has six bytes.
func touches(p string, single bool) (goesOn bool, more int) {
	if p[0] == '.' {
		return single, 0
	}
	r, n := decode(p, 0)
	switch class(lookup(r)) {
	case cLetter, cJamo, cIgnore, cDot:
		return true, 0
	case cApos:
		// What most often follows: nothing, or an s.
		a, b := p[n], p[n+1]
		switch {
		case a|b >= 0x80:
			return true, 0
		case shortcut[a] != letter:
			return false, 0
		case a|0x20 == 's' && shortcut[b] != letter:
			return false, n + 1
		}
		return true, 0
	}
	return false, 0
}

// classify makes the blocks of what begins at i, 64 bytes or more.
func (c *scanner) classify(i int) {
	n := min(len(c.blocks), (len(c.s)-i)/64)
	classify(c.blocks[:n], c.s[i:i+64*n])
	c.begin, c.end = i, i+64*n
}

// pad returns a view of what begins at i, less than a view and what hashWords
// reads behind it, with spaces behind it, and sees to its blocks: spaces at the
// end of a text change nothing.
func (c *scanner) pad(i int) string {
	text := unsafe.String(&c.last[0], len(c.last))
	if !c.padded || i+64 > c.end {
		n := copy(c.last[:], c.s[i:])
		for n < len(c.last) {
			n += copy(c.last[n:], "                                ")
		}
		classify(c.blocks[:2], text[:2*64])
		c.begin, c.end, c.padded = i, i+2*64, true
	}
	return text[i-c.begin:]
}

// caseOf returns the flags of a word with these letters and capitals, one bit
// each, the first letter the lowest bit.
func caseOf(capitals, letters uint64) (f Flags) {
	small := capitals ^ letters
	f = Lower >> (capitals & 1) // that is Upper
	if small == 0 && letters > 1 {
		f |= Caps
	}
	if capitals > small&-small && small != 0 {
		f |= Mixed
	}
	return f
}

// other takes whatever is at i and returns the offset after it.
func (c *scanner) other(i int) int {
	s := c.s
	r, n := decode(s, i)
	e := lookup(r)
	switch class(e) {
	case cLetter, cJamo:
		return c.word(i)
	case cKata:
		return c.kata(i)
	case cDigit:
		return c.number(i)
	case cHan, cHira:
		return c.char(i, n, r, e)
	case cSEA, cSEAMark:
		return c.cluster(i)
	case cNewline:
		switch {
		case r == 0x2029:
			c.pend = pendPara
			c.newline()
		case r != '\r' || i+1 == len(s) || s[i+1] != '\n':
			c.newline()
		}
	case cApos:
		c.apostrophe(i, n, r)
	case cQuote:
		c.quotation(i, n, r)
	case cDot:
		c.dot()
	case cStop:
		c.pend = max(c.pend, pendStop)
	case cEnd:
		c.pend = max(c.pend, pendEnd)
	case cPercent:
		c.emit(Token{Hash: percent, Start: uint32(i), End: uint32(i + n), Flags: Content})
	}
	return i + n
}

// emit appends t.
func (c *scanner) emit(t Token) {
	t.Flags |= c.quoted
	c.room()[0] = t
	c.n++
	if c.pend != pendNone || c.turned || t.Flags&Unspaced != 0 {
		c.settle(c.n - 1)
	}
}

// settle notes with token n, which follows what is pending, whether a sentence
// starts with it.
func (c *scanner) settle(n int) {
	t := &c.dst[n]
	f := t.Flags
	if n == 0 {
		f |= Sentence | Paragraph
	} else {
		prev := &c.dst[n-1]
		switch c.pend {
		case pendPara:
			f |= Sentence | Paragraph
		case pendLine, pendEnd:
			f |= Sentence
		case pendStop:
			if f&Lower == 0 {
				f |= Sentence
			}
		case pendDot:
			if c.endsSentence(prev, f, t) {
				f |= Sentence
			}
		case pendNone:
			if f&Unspaced != 0 && prev.Flags&Unspaced != 0 && !c.turned {
				if _, broken := c.gap(prev.End, t.Start); !broken {
					f |= Joined
				}
			}
		}
		if c.turned {
			f |= Turn
		}
	}
	t.Flags = f
	c.pend, c.turned = pendNone, false
}

// dot takes a full stop.
func (c *scanner) dot() {
	if c.pend == pendNone {
		c.pend = pendDot
	} else if c.pend == pendDot {
		c.pend = pendStop
	}
}

// newline takes a newline, the first of a line or one that leaves a line empty.
// It ends a quotation.
func (c *scanner) newline() {
	if c.pend >= pendLine {
		c.pend = pendPara
	} else {
		c.pend = pendLine
	}
	if c.quote != 0 {
		c.turn(0)
	}
}

// turn starts a quotation with mark r, or ends one with 0.
func (c *scanner) turn(r rune) {
	c.quote, c.turned, c.quoted, c.inside = r, true, 0, 0
	if r != 0 {
		c.quoted, c.inside = Quoted, ^uint64(0)
	}
}

// gap reports whether the text from a to b holds white space, and whether it
// holds anything else but what is skipped.
func (c *scanner) gap(a, b uint32) (space, broken bool) {
	for i := int(a); i < int(b); {
		if c.s[i] == ' ' {
			space = true
			i++
			continue
		}
		r, n := decode(c.s, i)
		switch class(lookup(r)) {
		case cSpace, cThin, cNewline:
			space = true
		case cIgnore, cVoice:
		default:
			broken = true
		}
		i += n
	}
	return space, broken
}

// follows reports whether the text from a to b holds nothing but what is skipped
// and white space of one line.
func (c *scanner) follows(a, b uint32) bool {
	for i := int(a); i < int(b); {
		r, n := decode(c.s, i)
		switch class(lookup(r)) {
		case cSpace, cThin, cIgnore, cVoice:
		default:
			return false
		}
		i += n
	}
	return true
}

// endsSentence reports whether the full stop after prev ends a sentence if t,
// of flags f, follows.
func (c *scanner) endsSentence(prev *Token, f Flags, t *Token) bool {
	switch {
	case prev.Flags&(Acronym|Abbrev) != 0,
		prev.Flags&One != 0 && prev.Flags&(Upper|Lower) != 0,
		f&Lower != 0:
		return false
	case prev.Flags&Number != 0 && prev.Flags&(One|Two) != 0 && f&Month != 0:
		return false
	}
	if space, _ := c.gap(prev.End, t.Start); space {
		return true
	}
	if (prev.Flags|f)&(Number|Caps|One) != 0 {
		return prev.Flags&Unspaced != 0 || f&Unspaced != 0
	}
	return true
}

// word scans the word at i and returns the offset after it.
func (c *scanner) word(i int) int {
	s := c.s
	start, end := i, i
	var h hasher
	var letters, upper, lower int
	var f Flags
	script, marks := uint32(0), uint32(0)
	pieces := 1
loop:
	for i < len(s) {
		if c.quick {
			// Letters of one or two bytes whose folded forms are such.
			chunk, used, first := h.chunk, h.bits, letters
			for i+1 < len(s) {
				b, n := s[i], 1
				var e uint32
				if b < 0x80 {
					e = tableBlocks[int(tableIndex[b>>6])<<6|int(b&0x3F)]
				} else if next := s[i+1]; b >= 0xC2 && b < 0xE0 && next&0xC0 == 0x80 {
					e = tableBlocks[int(tableIndex[b&0x1F])<<6|int(next&0x3F)]
					n = 2
				} else {
					break
				}
				r := e & foldMask
				if e&(classMask<<classShift|expandBit) != cLetter<<classShift || r >= 0x800 {
					break
				}
				v, size := uint64(r), uint(8)
				if r == 0 {
					v, size = uint64(b), uint(8*n)
					if n == 2 {
						v |= uint64(s[i+1]) << 8
					}
				} else if r >= 0x80 {
					v, size = uint64(0xC0|r>>6|(0x80|r&0x3F)<<8), 16
				}
				if used&63+size < 64 {
					chunk |= v << (used & 63)
					used += size
				} else {
					h.chunk, h.bits = chunk, used
					h.put(v, size)
					chunk, used = h.chunk, h.bits
				}
				script = e >> scriptBits & scriptMask
				marks |= e
				up, low := int(e/upperBit&1), int(e/lowerBit&1)
				switch {
				case letters == 0:
					f |= Upper*Flags(up) | Lower*Flags(low)
				case up != 0 && lower > 0:
					f |= Mixed
				}
				upper += up
				lower += low
				letters++
				i += n
			}
			h.chunk, h.bits = chunk, used
			if letters > first {
				end = i
			}
			if i == len(s) {
				break
			}
		}
		r, n := decode(s, i)
		e := lookup(r)
		switch class(e) {
		case cIgnore:
			marks |= e
			i += n
			continue
		case cLetter:
			script = e >> scriptBits & scriptMask
			marks |= e
			switch {
			case e&upperBit != 0:
				if letters == 0 {
					f |= Upper
				} else if lower > 0 {
					f |= Mixed
				}
				upper++
			case e&lowerBit != 0:
				if letters == 0 {
					f |= Lower
				}
				lower++
			}
			if e&expandBit != 0 {
				letters += h.expand(e)
			} else {
				if v := e & foldMask; v != 0 {
					r = rune(v)
				}
				if script == scriptHangul && r >= 0xAC00 && (r-0xAC00)%28 == 0 && i+n < len(s) {
					if t, m := decode(s, i+n); t > 0x11A7 && t <= 0x11C2 {
						r += t - 0x11A7
						n += m
					}
				}
				h.add(r)
				letters++
			}
		case cJamo:
			script = scriptHangul
			if v := e & foldMask; v != 0 && e&expandBit == 0 {
				r = rune(v)
			}
			if r >= 0x1100 && r <= 0x1112 && i+n < len(s) {
				if v, m := decode(s, i+n); v >= 0x1161 && v <= 0x1175 {
					r = 0xAC00 + ((r-0x1100)*21+(v-0x1161))*28
					n += m
					if i+n < len(s) {
						if t, m := decode(s, i+n); t > 0x11A7 && t <= 0x11C2 {
							r += t - 0x11A7
							n += m
						}
					}
				}
			}
			h.add(r)
			letters++
		case cApos:
			_, next := at(s, i+n)
			if class(next) != cLetter {
				break loop
			}
			if k := possessive(s, i+n); k > 0 {
				i += n + k
				break loop
			}
			switch {
			case script == scriptCyrillic || script == scriptHebrew:
			case letters <= 2 || pieces > 1 || run(s, i+n) > 2:
				i += n
				break loop
			}
			i += n
			continue
		case cQuote:
			if script != scriptHebrew {
				break loop
			}
			if _, next := at(s, i+n); class(next) != cLetter || next>>scriptBits&scriptMask != scriptHebrew {
				break loop
			}
			i += n
			continue
		case cDot:
			// The letters so far are one, or one after each full stop.
			if letters != pieces || letters > 6 || f&(Upper|Lower) == 0 || run(s, i+n) != 1 {
				break loop
			}
			pieces++
			f |= Acronym
			i += n
			continue
		default:
			break loop
		}
		i += n
		end = i
	}
	if f&Acronym != 0 && letters != pieces {
		f &^= Acronym
	}
	if lower == 0 && upper >= 2 {
		f |= Caps
	}
	if letters >= MinLetters || letters >= MinSyllables && script == scriptHangul || letters >= minViet && marks&vietBit != 0 {
		f |= Content
	}
	c.known(Token{Hash: h.sum(), Start: uint32(start), End: uint32(end), Flags: f | length(letters)})
	return i
}

// known emits the word t with what the lexicon says of it.
func (c *scanner) known(t Token) {
	t.Flags |= c.quoted
	n := c.n
	c.room()[0] = t
	c.n++
	if listed(t.Hash) {
		c.lexical(n)
	}
	if n < c.n && (c.pend != pendNone || c.turned) {
		c.settle(n)
	}
}

// lexical changes token n, a word, to what the lexicon says of it.
func (c *scanner) lexical(n int) {
	t := &c.dst[n]
	switch l := lexeme(t.Hash); l {
	default:
		if l >= lexNumber {
			t.Hash = numbers[l-lexNumber]
			t.Flags = t.Flags&^(Upper|Caps) | Number | Content
		}
	case lexMonth:
		t.Flags |= Month
	case lexCapMonth:
		if t.Flags&Upper != 0 {
			t.Flags |= Month
		}
	case lexAbbrev:
		t.Flags |= Abbrev
	case lexPercent:
		t.Hash = percent
		t.Flags = t.Flags&^(One|Two) | Content
	case lexCent:
		if n > 0 && lexeme(c.dst[n-1].Hash) == lexPer {
			p := &c.dst[n-1]
			if c.follows(p.End, t.Start) {
				p.Hash, p.End = percent, t.End
				p.Flags = p.Flags&^(One|Two) | Content
				copy(c.dst[n:c.n-1], c.dst[n+1:c.n])
				c.n--
			}
		}
	}
}

// run returns how many letters follow at i, at most 3.
func run(s string, i int) int {
	k := 0
	for i < len(s) && k < 3 {
		r, n := decode(s, i)
		switch class(lookup(r)) {
		case cLetter:
			k++
		case cIgnore:
		default:
			return k
		}
		i += n
	}
	return k
}

// possessive returns the size of the "s" at i if no letter follows it.
func possessive(s string, i int) int {
	if i < len(s) && s[i]|0x20 == 's' && run(s, i) == 1 {
		return 1
	}
	return 0
}

// kata scans the katakana word at i.
func (c *scanner) kata(i int) int {
	s := c.s
	start, end := i, i
	var h hasher
	letters := 0
	for i < len(s) {
		for c.quick && i+6 <= len(s) {
			// Those that fold to themselves.
			x, e := three(s[i:])
			if e != cKata<<classShift || mayVoice(s[i+3:]) {
				break
			}
			h.put(uint64(x), 24)
			letters++
			i += 3
			end = i
		}
		if i == len(s) {
			break
		}
		r, n := decode(s, i)
		e := lookup(r)
		k := class(e)
		if k == cIgnore {
			i += n
			continue
		}
		if k != cKata {
			break
		}
		if e&expandBit != 0 {
			letters += h.expand(e)
			i += n
			end = i
			continue
		}
		if v := e & foldMask; v != 0 {
			r = rune(v)
		}
		r, m := voice(s, i+n, r)
		h.add(r)
		letters++
		i += n + m
		end = i
	}
	f := Kata
	if letters >= MinSyllables {
		f |= Content
	}
	c.emit(Token{Hash: h.sum(), Start: uint32(start), End: uint32(end), Flags: f | length(letters)})
	return i
}

// voice composes kana r with the sound mark at i, if one is there.
func voice(s string, i int, r rune) (rune, int) {
	if i >= len(s) || s[i] < 0xE3 {
		return r, 0
	}
	v, n := decode(s, i)
	e := lookup(v)
	if class(e) != cVoice {
		return r, 0
	}
	v = rune(e & foldMask)
	for _, x := range voiced {
		if rune(x[0]) == r && rune(x[1]) == v {
			return rune(x[2]), n
		}
	}
	return r, n
}

// char emits the Han character or hiragana of size n at i.
func (c *scanner) char(i, n int, r rune, e uint32) int {
	f := Han
	if class(e) == cHira {
		f = Hira
	}
	if e&expandBit != 0 {
		x := e & foldMask
		for _, v := range expansions[x>>5 : x>>5+x&31] {
			c.emit(Token{Hash: one(rune(v)), Start: uint32(i), End: uint32(i + n), Flags: f | One})
		}
		return i + n
	}
	if v := e & foldMask; v != 0 {
		r = rune(v)
	}
	if f == Hira {
		var m int
		r, m = voice(c.s, i+n, r)
		n += m
	}
	c.emit(Token{Hash: one(r), Start: uint32(i), End: uint32(i + n), Flags: f | One})
	return i + n
}

// cluster emits the Southeast Asian character at i with its marks.
func (c *scanner) cluster(i int) int {
	s := c.s
	start, end := i, i
	var h hasher
	letters := 0
	for i < len(s) {
		r, n := decode(s, i)
		e := lookup(r)
		k := class(e)
		if k == cIgnore {
			i += n
			continue
		}
		if k != cSEAMark && !(k == cSEA && letters == 0) {
			break
		}
		if e&expandBit != 0 {
			h.expand(e)
		} else {
			if v := e & foldMask; v != 0 {
				r = rune(v)
			}
			h.add(r)
		}
		letters++
		i += n
		end = i
	}
	c.emit(Token{Hash: h.sum(), Start: uint32(start), End: uint32(end), Flags: SEA | One})
	return i
}

// number scans the number at i.
func (c *scanner) number(i int) int {
	s := c.s
	start, end := i, i
	var h hasher
	letters, group := 0, 0
	plain := true // no decimal sign so far
	for i < len(s) {
		if c.quick && shortcut[s[i]] == digit {
			h.ascii(s[i])
			letters++
			group++
			i++
			end = i
			continue
		}
		r, n := decode(s, i)
		e := lookup(r)
		k := class(e)
		switch k {
		case cIgnore:
			i += n
			continue
		case cDigit:
			if e&expandBit != 0 {
				letters += h.expand(e)
			} else {
				if v := e & foldMask; v != 0 {
					r = rune(v)
				}
				h.add(r)
				letters++
			}
			group++
			i += n
			end = i
			continue
		case cComma, cDot, cThin:
			d := countDigits(s, i+n)
			if plain && d == 3 && group <= 3 {
				i += n
				group = 0
				continue
			}
			if d > 0 && k != cThin {
				h.add('.')
				plain = false
				group = 0
				i += n
				continue
			}
		}
		break
	}
	c.emit(Token{Hash: h.sum(), Start: uint32(start), End: uint32(end), Flags: Number | Content | length(letters)})
	return i
}

// countDigits returns how many digits follow at i, at most 4.
func countDigits(s string, i int) int {
	k := 0
	for i < len(s) && k < 4 {
		r, n := decode(s, i)
		if class(lookup(r)) != cDigit {
			break
		}
		k++
		i += n
	}
	return k
}
