// Package token cuts a text into hashed tokens in one pass: words where the
// script divides them, single characters where it does not.
//
// What a code point is and how it folds is read from tables in this package
// (tables.go), never from package unicode or golang.org/x/text, so that the
// tokens of a text cannot move with a release of either.
package token

// Flags describe a token and how it follows the one before it.
type Flags uint32

const (
	Sentence  Flags = 1 << iota // starts a sentence
	Paragraph                   // starts a paragraph, hence a sentence
	Quoted                      // stands in quoted speech
	Turn                        // quoted speech was opened or closed before it
	Joined                      // nothing but spaces between it and a preceding token of an unspaced script
	Upper                       // its first letter is a capital
	Lower                       // its first letter has case and is no capital
	Caps                        // two or more letters, all capitals
	Mixed                       // a capital after a small letter: "iPhone"
	Number                      // digits
	Month                       // name of a month or a weekday
	Acronym                     // letters with full stops: "U.S."
	Abbrev                      // usually written with a full stop: "Mr."
	Hangul                      // Korean word
	Kata                        // katakana word
	Han                         // one ideograph
	Hira                        // one hiragana
	SEA                         // one Thai, Lao, Khmer or Burmese character with its marks
)

// Unspaced marks the tokens that are characters rather than words.
const Unspaced = Han | Hira | SEA

// A Token is a word, a number or a character of a text.
type Token struct {
	Hash       uint64 // of the folded form
	Start, End uint32 // byte offsets
	Flags      Flags
	Letters    uint16 // code points of the folded form, at most 65535
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

// The token hash is FNV-1a over code points instead of bytes, with the
// multiplier of Fibonacci hashing (Knuth, TAOCP 3, 6.4), and the finalizer of
// MurmurHash3 (Appleby 2011).
const (
	hashSeed = 0x243F6A8885A308D3 // the fraction of π
	hashMul  = 0x9E3779B97F4A7C15 // 2^64/φ, odd
)

func step(h uint64, r uint64) uint64 { return (h ^ r) * hashMul }

// Mix is a bijection of 64-bit values that spreads every bit over all.
func Mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xFF51AFD7ED558CCD
	h ^= h >> 33
	h *= 0xC4CEB9FE1A85EC53
	return h ^ h>>33
}

// Pair returns the hash of two tokens that follow each other.
func Pair(a, b uint64) uint64 { return Mix(a*hashMul ^ (b<<23 | b>>41)) }

const (
	pendNone = iota
	pendDot
	pendStop
	pendEnd
	pendLine
	pendPara
)

type scanner struct {
	s      string
	dst    []Token
	pend   uint8
	space  bool // white space since the last token
	broken bool // anything else since the last token
	turned bool
	quote  rune // that opened the quotation, 0 outside
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
//  8. Everything else divides, hyphens too.
func Scan(dst []Token, s string) []Token {
	if len(s) > 1<<31-1 {
		s = s[:1<<31-1]
	}
	c := scanner{s: s, dst: dst[:len(dst):cap(dst)]}
	c.scan(len(dst))
	return c.dst
}

func (c *scanner) scan(base int) {
	s := c.s
	for i := 0; i < len(s); {
		r, n := decode(s, i)
		e := lookup(r)
		switch class(e) {
		case cLetter, cJamo:
			i = c.word(i, base)
			continue
		case cKata:
			i = c.kata(i, base)
			continue
		case cDigit:
			i = c.number(i, base)
			continue
		case cHan, cHira:
			i = c.char(i, n, r, e, base)
			continue
		case cSEA, cSEAMark:
			i = c.cluster(i, base)
			continue
		case cSpace, cThin:
			c.space = true
		case cNewline:
			switch {
			case r == '\r' && i+1 < len(s) && s[i+1] == '\n':
			case r == 0x2029 || c.pend >= pendLine:
				c.pend = pendPara
			default:
				c.pend = pendLine
			}
			c.space = true
			if c.quote != 0 {
				c.quote, c.turned = 0, true
			}
		case cIgnore, cVoice:
		case cApos:
			c.apostrophe(i, n, r)
			c.broken = true
		case cQuote:
			c.quotation(i, n, r)
			c.broken = true
		case cDot:
			if c.pend == pendNone {
				c.pend = pendDot
			} else if c.pend == pendDot {
				c.pend = pendStop
			}
			c.broken = true
		case cStop:
			c.pend = max(c.pend, pendStop)
			c.broken = true
		case cEnd:
			c.pend = max(c.pend, pendEnd)
			c.broken = true
		case cPercent:
			c.emit(Token{Hash: percent, Start: uint32(i), End: uint32(i + n), Letters: 7}, base)
		default:
			c.broken = true
		}
		i += n
	}
}

// emit appends t and settles whether a sentence starts with it.
func (c *scanner) emit(t Token, base int) {
	n := len(c.dst)
	f := t.Flags
	if n == base {
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
			if c.endsSentence(prev, f, t.Letters) {
				f |= Sentence
			}
		}
		if !c.broken && c.pend == pendNone && !c.turned && prev.Flags&Unspaced != 0 && f&Unspaced != 0 {
			f |= Joined
		}
		if c.turned {
			f |= Turn
		}
	}
	if c.quote != 0 {
		f |= Quoted
	}
	t.Flags = f
	c.dst = append(c.dst, t)
	c.pend, c.space, c.broken, c.turned = pendNone, false, false, false
}

// endsSentence reports whether the full stop after prev ends a sentence, given
// the flags and length of the token that follows.
func (c *scanner) endsSentence(prev *Token, f Flags, letters uint16) bool {
	switch {
	case prev.Flags&(Acronym|Abbrev) != 0,
		prev.Letters == 1 && prev.Flags&(Upper|Lower) != 0,
		f&Lower != 0:
		return false
	case prev.Flags&Number != 0 && prev.Letters <= 2 && f&Month != 0:
		return false
	case c.space:
		return true
	}
	const number = Number
	if prev.Flags&(number|Caps) != 0 || f&(number|Caps) != 0 || prev.Letters < 2 || letters < 2 {
		return prev.Flags&Unspaced != 0 || f&Unspaced != 0
	}
	return true
}

// word scans the word at i and returns the offset after it.
func (c *scanner) word(i, base int) int {
	s := c.s
	start, end := i, i
	h := uint64(hashSeed)
	var letters, upper, lower int
	var f Flags
	script := uint32(0)
	pieces := 1
loop:
	for i < len(s) {
		r, n := decode(s, i)
		e := lookup(r)
		switch class(e) {
		case cIgnore:
			i += n
			continue
		case cLetter:
			script = e >> scriptBits & scriptMask
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
				x := e & foldMask
				for _, v := range expansions[x>>5 : x>>5+x&31] {
					h = step(h, uint64(v))
					letters++
				}
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
				h = step(h, uint64(r))
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
			h = step(h, uint64(r))
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
	if script == scriptHangul {
		f |= Hangul
	}
	t := Token{Hash: Mix(h), Start: uint32(start), End: uint32(end), Flags: f, Letters: uint16(min(letters, 65535))}
	switch lexeme(t.Hash) {
	case lexMonth:
		t.Flags |= Month
	case lexCapMonth:
		if f&Upper != 0 {
			t.Flags |= Month
		}
	case lexAbbrev:
		t.Flags |= Abbrev
	case lexPercent:
		t.Hash, t.Letters = percent, 7
	case lexCent:
		if n := len(c.dst); n > base && c.pend == pendNone && !c.broken && !c.turned && lexeme(c.dst[n-1].Hash) == lexPer {
			p := &c.dst[n-1]
			p.Hash, p.End, p.Letters = percent, t.End, 7
			c.space = false
			return i
		}
	}
	c.emit(t, base)
	return i
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
func (c *scanner) kata(i, base int) int {
	s := c.s
	start, end := i, i
	h := uint64(hashSeed)
	letters := 0
	for i < len(s) {
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
			x := e & foldMask
			for _, v := range expansions[x>>5 : x>>5+x&31] {
				h = step(h, uint64(v))
				letters++
			}
			i += n
			end = i
			continue
		}
		if v := e & foldMask; v != 0 {
			r = rune(v)
		}
		r, m := voice(s, i+n, r)
		h = step(h, uint64(r))
		letters++
		i += n + m
		end = i
	}
	c.emit(Token{Hash: Mix(h), Start: uint32(start), End: uint32(end), Flags: Kata, Letters: uint16(min(letters, 65535))}, base)
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
func (c *scanner) char(i, n int, r rune, e uint32, base int) int {
	f := Han
	if class(e) == cHira {
		f = Hira
	}
	if e&expandBit != 0 {
		x := e & foldMask
		for _, v := range expansions[x>>5 : x>>5+x&31] {
			c.emit(Token{Hash: Mix(step(hashSeed, uint64(v))), Start: uint32(i), End: uint32(i + n), Flags: f, Letters: 1}, base)
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
	c.emit(Token{Hash: Mix(step(hashSeed, uint64(r))), Start: uint32(i), End: uint32(i + n), Flags: f, Letters: 1}, base)
	return i + n
}

// cluster emits the Southeast Asian character at i with its marks.
func (c *scanner) cluster(i, base int) int {
	s := c.s
	start, end := i, i
	h := uint64(hashSeed)
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
			x := e & foldMask
			for _, v := range expansions[x>>5 : x>>5+x&31] {
				h = step(h, uint64(v))
			}
		} else {
			if v := e & foldMask; v != 0 {
				r = rune(v)
			}
			h = step(h, uint64(r))
		}
		letters++
		i += n
		end = i
	}
	c.emit(Token{Hash: Mix(h), Start: uint32(start), End: uint32(end), Flags: SEA, Letters: 1}, base)
	return i
}

// number scans the number at i.
func (c *scanner) number(i, base int) int {
	s := c.s
	start, end := i, i
	h := uint64(hashSeed)
	letters, group := 0, 0
	plain := true // no decimal sign so far
	for i < len(s) {
		r, n := decode(s, i)
		e := lookup(r)
		k := class(e)
		switch k {
		case cIgnore:
			i += n
			continue
		case cDigit:
			if e&expandBit != 0 {
				x := e & foldMask
				for _, v := range expansions[x>>5 : x>>5+x&31] {
					h = step(h, uint64(v))
					letters++
				}
			} else {
				if v := e & foldMask; v != 0 {
					r = rune(v)
				}
				h = step(h, uint64(r))
				letters++
			}
			group++
			i += n
			end = i
			continue
		case cComma, cDot, cThin:
			d := digits(s, i+n)
			if plain && d == 3 && group <= 3 {
				i += n
				group = 0
				continue
			}
			if d > 0 && k != cThin {
				h = step(h, '.')
				plain = false
				group = 0
				i += n
				continue
			}
		}
		break
	}
	c.emit(Token{Hash: Mix(h), Start: uint32(start), End: uint32(end), Flags: Number, Letters: uint16(min(letters, 65535))}, base)
	return i
}

// digits returns how many digits follow at i, at most 4.
func digits(s string, i int) int {
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
