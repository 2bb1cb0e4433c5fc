package chrome

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line is the shape of one line of text: what can be told without knowing its
// words.
type Line struct {
	Chars  int // letters and digits; a Han, kana or Hangul character counts 2
	Words  int // runs of letters and digits; four wide characters count as two words
	Lower  int // words that begin with a lower-case letter
	Upper  int // words that begin with an upper-case letter
	Caps   int // words of two or more letters, all upper case
	Digits int // decimal digits
	Stops  int // ends of sentences: . ! ? … and their likes, before a space, a quote or the end
	Commas int // commas and semicolons of any script
	Seps   int // | • · » › → / and other dividers of menus
	Notice int // distinct words of notices, such as cookie, newsletter, copyright (see notices)

	Wide     bool // most letters are Han, kana, Thai or of another script without spaces between words
	Bullet   bool // begins with a bullet or a list number
	Ended    bool // ends as a sentence does, closing quotes and brackets apart
	Open     bool // ends with a comma, colon or other punctuation that no sentence ends with
	Unmarked bool // most letters are of a script that does not mark the ends of sentences
	Link     bool // holds a web or mail address, or a @name
	Markup   bool // looks like code: braces, angle brackets, semicolons against letters

	picture bool // holds a word that credits of pictures hold
	small   bool // begins with a lower-case letter
	joint   bool // holds a word that lines of contributors hold

	hash  uint64   // of the letters and digits, folded: equal lines have equal hashes
	terms []uint32 // hashes of the longer words and of wide bigrams
}

// class of a character
const (
	cOther = iota
	cSpace
	cLower
	cUpper
	cCaseless // letter of a script without case
	cWide     // letter of a script written without spaces
	cDigit
	cStop
	cComma
	cSep
	cQuote // closing or straight quotes and brackets
	cOpener
	cColon
	cApos
	cCode
	cAt
)

var asciiClass = [128]uint8{
	' ': cSpace, '\t': cSpace, '\n': cSpace, '\r': cSpace,
	'.': cStop, '!': cStop, '?': cStop,
	',': cComma, ';': cComma, ':': cColon,
	'|': cSep, '/': cSep, '>': cSep,
	'"': cQuote, ')': cQuote, ']': cQuote,
	'(': cOpener, '[': cOpener,
	'\'': cApos,
	'{':  cCode, '}': cCode, '<': cCode, '=': cCode, '_': cCode, '\\': cCode,
	'@': cAt,
}

func init() {
	for c := 'a'; c <= 'z'; c++ {
		asciiClass[c] = cLower
		asciiClass[c-32] = cUpper
	}
	for c := '0'; c <= '9'; c++ {
		asciiClass[c] = cDigit
	}
}

// class is the class of a character.
func class(r rune) uint8 {
	if r < utf8.RuneSelf {
		return asciiClass[r]
	}
	return classOf(r)
}

// classOf is the class of a character outside ASCII.
func classOf(r rune) uint8 {
	switch {
	case r < 0xC0:
		switch r {
		case 0xA0:
			return cSpace
		case 0xAB, 0xBB:
			return cQuote
		case 0xB7:
			return cSep
		case 0xAA, 0xB5, 0xBA:
			return cLower
		}
		return cOther
	case r < 0x250:
		switch {
		case r == 0xD7 || r == 0xF7:
			return cOther
		case r < 0xDF:
			return cUpper
		case r < 0x100:
			return cLower
		case unicode.IsUpper(r):
			return cUpper
		}
		return cLower
	case r >= 0x410 && r < 0x430 || r >= 0x400 && r < 0x410 || r >= 0x391 && r < 0x3AB:
		return cUpper
	case r >= 0x430 && r < 0x460 || r >= 0x3AC && r < 0x3CF:
		return cLower
	case r >= 0x3040 && r < 0x3100 || r >= 0x3400 && r < 0xA000 || r >= 0xF900 && r < 0xFB00:
		if r == 0x30FB { // katakana middle dot
			return cOther
		}
		return cWide
	case r >= 0xAC00 && r < 0xD7A4:
		return cCaseless
	case r >= 0x2000 && r < 0x2070:
		switch r {
		case 0x2018, 0x201A, 0x201C, 0x201E, 0x2039:
			return cOpener
		case 0x2019:
			return cApos
		case 0x201D, 0x203A:
			return cQuote
		case 0x2022, 0x2023:
			return cSep
		case 0x2026, 0x203C, 0x203D, 0x2047, 0x2048, 0x2049:
			return cStop
		}
		if r <= 0x200A || r == 0x2028 || r == 0x2029 || r == 0x202F || r == 0x205F {
			return cSpace
		}
		return cOther
	case r >= 0x3000 && r < 0x3040:
		switch r {
		case 0x3000:
			return cSpace
		case 0x3001:
			return cComma
		case 0x3002:
			return cStop
		case 0x300A, 0x300C, 0x300E, 0x3010, 0x3008, 0x3014:
			return cOpener
		case 0x300B, 0x300D, 0x300F, 0x3011, 0x3009, 0x3015:
			return cQuote
		case 0x3005, 0x3006, 0x3007:
			return cWide
		}
		return cOther
	case r >= 0xFF00 && r < 0xFFF0:
		switch r {
		case 0xFF01, 0xFF0E, 0xFF1F, 0xFF61:
			return cStop
		case 0xFF0C, 0xFF1B, 0xFF64:
			return cComma
		case 0xFF1A:
			return cColon
		case 0xFF08, 0xFF3B, 0xFF62:
			return cOpener
		case 0xFF09, 0xFF3D, 0xFF63:
			return cQuote
		case 0xFF5C, 0xFF0F:
			return cSep
		}
		if r >= 0xFF10 && r <= 0xFF19 {
			return cDigit
		}
		if r >= 0xFF66 && r < 0xFFA0 {
			return cWide
		}
		return cOther
	case r >= 0x600 && r < 0x700:
		switch r {
		case 0x60C, 0x61B:
			return cComma
		case 0x61F, 0x6D4:
			return cStop
		}
		if r >= 0x660 && r < 0x66A || r >= 0x6F0 && r < 0x6FA {
			return cDigit
		}
		if r >= 0x620 {
			return cCaseless
		}
		return cOther
	case r == 0x964 || r == 0x965 || r == 0x589 || r == 0x1362 || r == 0x104B || r == 0x17D4:
		return cStop
	case r == 0x1363 || r == 0x104A || r == 0x55D:
		return cComma
	case r == 0x2192 || r == 0x25B6 || r == 0x25BA || r == 0x25CF || r == 0x25A0 || r == 0x00B7 || r == 0x2023:
		return cSep
	case r >= 0xE00 && r < 0xF00 || r >= 0x1000 && r < 0x10A0 || r >= 0x1780 && r < 0x1800:
		return cWide
	case r >= 0x20000 && r < 0x32000:
		return cWide
	case unicode.IsLetter(r):
		switch {
		case unicode.IsUpper(r):
			return cUpper
		case unicode.IsLower(r):
			return cLower
		}
		return cCaseless
	case unicode.IsMark(r):
		return cCaseless
	case unicode.IsSpace(r):
		return cSpace
	case unicode.IsDigit(r):
		return cDigit
	}
	return cOther
}

// unmarkedScript reports letters of scripts whose texts do not mark the ends
// of sentences: Thai, Lao, Khmer apart from its rare khan.
func unmarkedScript(r rune) bool {
	return r >= 0xE00 && r < 0xF00
}

// foldRune is a plain lower-casing of the scripts that have case, enough to
// compare words of one page.
func foldRune(r rune) rune {
	switch {
	case r < 0x80:
		if r >= 'A' && r <= 'Z' {
			return r + 32
		}
	case r >= 0xC0 && r < 0xDF || r >= 0x391 && r < 0x3AB || r >= 0x410 && r < 0x430:
		return r + 32
	case r >= 0x400 && r < 0x410:
		return r + 80
	case r >= 0x100 && r < 0x250 || r >= 0x1E00 && r < 0x2000:
		return unicode.ToLower(r)
	}
	return r
}

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// mix spreads a hash's entropy over its low bits (the finalizer of
// MurmurHash3 by Austin Appleby, first half).
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	return h ^ h>>29
}

// LineOf measures a line of text.
func LineOf(s string) Line {
	var l Line
	l.measure(s, nil, false)
	return l
}

// LineTerms is LineOf and Terms at once.
func LineTerms(dst []uint32, s string) (Line, []uint32) {
	var l Line
	dst = l.measure(s, dst, true)
	return l, dst
}

// Terms appends to dst the hashes of the terms of s: its words of five letters
// and more, numbers, names, and pairs of characters in scripts without spaces.
func Terms(dst []uint32, s string) []uint32 {
	var l Line
	return l.measure(s, dst, true)
}

// measure fills l from s. If terms are asked for they are appended to arena,
// which is returned.
func (l *Line) measure(s string, arena []uint32, terms bool) []uint32 {
	*l = Line{}
	first := len(arena)
	var (
		lineHash   = uint64(fnvOffset)
		word       = uint64(fnvOffset)
		wordLen    int // letters and digits of the word so far
		wordLower  int // of these lower-case
		wordFirst  uint8
		wordDigit  bool
		code       int
		wide       int
		unmarked   int
		last       uint8 = cOther // last class that is neither space nor quote
		prevLetter bool           // a letter or digit stands before the current character
		pendStop   bool           // a stop, not yet followed by a space or the end
		prevWide   rune
		notices    uint64 // bit set of notices seen
	)
	flush := func() {
		if wordLen == 0 {
			return
		}
		switch wordFirst {
		case cLower:
			l.Lower++
		case cUpper:
			l.Upper++
			if wordLen > 1 && wordLower == 0 {
				l.Caps++
			}
		}
		l.Words++
		h := mix(word)
		if wordLen == 3 && h == wwwHash {
			l.Link = true
		}
		if wordLen >= 2 && noticeBloom[h>>6&511]>>(h&63)&1 != 0 {
			notices |= noticeWords[h]
		}
		if terms && (wordLen >= 5 || wordDigit || wordFirst == cUpper && wordLen >= 3 || wordFirst == cCaseless && wordLen >= 3) {
			arena = append(arena, uint32(h>>16))
		}
		word, wordLen, wordLower, wordDigit = fnvOffset, 0, 0, false
	}
	for i := 0; i < len(s); {
		r := rune(s[i])
		var c uint8
		n := 1
		if r < 0x80 {
			c = asciiClass[r]
			if c == cLower || c == cUpper || c == cDigit {
				// The bulk of most texts, letters and digits of ASCII, in a loop
				// of its own.
				if wordLen == 0 {
					wordFirst = c
				}
				start := i
				for {
					switch c {
					case cLower:
						wordLower++
					case cUpper:
						r += 32
					default:
						l.Digits++
						wordDigit = true
					}
					word = (word ^ uint64(r)) * fnvPrime
					lineHash = (lineHash ^ uint64(r)) * fnvPrime
					last = c
					i++
					if i == len(s) || s[i] >= 0x80 {
						break
					}
					r = rune(s[i])
					c = asciiClass[r]
					if c != cLower && c != cUpper && c != cDigit {
						break
					}
				}
				wordLen += i - start
				l.Chars += i - start
				prevLetter, pendStop, prevWide = true, false, 0
				continue
			}
		} else {
			r, n = utf8.DecodeRuneInString(s[i:])
			c = classOf(r)
		}
		i += n
		switch c {
		case cLower, cUpper, cCaseless, cDigit:
			r = foldRune(r)
			if wordLen == 0 {
				wordFirst = c
			}
			wordLen++
			word = (word ^ uint64(r)) * fnvPrime
			lineHash = (lineHash ^ uint64(r)) * fnvPrime
			l.Chars++
			if c == cLower {
				wordLower++
			} else if c == cDigit {
				l.Digits++
				wordDigit = true
			} else if c == cCaseless && r >= 0xAC00 {
				l.Chars++ // Hangul
			}
			prevLetter, pendStop, prevWide, last = true, false, 0, c
			continue
		case cWide:
			flush()
			lineHash = (lineHash ^ uint64(r)) * fnvPrime
			l.Chars += 2
			wide++
			if unmarkedScript(r) {
				unmarked++
			}
			if wide%2 == 0 {
				l.Words++
			}
			// Hiragana-only bigrams are grammar, not vocabulary.
			if prevWide != 0 && !(hiragana(prevWide) && hiragana(r)) {
				h := wideHash(prevWide, r)
				if noticeBloom[h>>6&511]>>(h&63)&1 != 0 {
					notices |= noticeWords[h]
				}
				if terms {
					arena = append(arena, uint32(h>>16))
				}
			}
			prevWide, prevLetter, pendStop, last = r, true, false, c
			continue
		case cApos:
			// Inside a word an apostrophe divides nothing.
			if wordLen > 0 {
				prevLetter = true
				continue
			}
			continue
		}
		flush()
		switch c {
		case cSpace:
			if pendStop {
				l.Stops++
				pendStop = false
			}
			prevLetter = false
			continue
		case cStop:
			if prevLetter || last == cQuote {
				pendStop = true
				if r >= 0x3000 {
					l.Stops++
					pendStop = false
				}
			}
			last = c
		case cComma:
			l.Commas++
			last = c
			if r == ';' {
				code++
			}
		case cColon:
			if r == ':' && strings.HasPrefix(s[i:], "//") {
				l.Link = true
			}
			last = c
		case cSep:
			l.Seps++
			last = c
		case cQuote:
			if last != cStop {
				last = cQuote
			}
			// The stop of "No." stays pending behind the quote.
			prevLetter = false
			prevWide = 0
			continue
		case cCode:
			code++
			last = c
		case cAt:
			if i < len(s) && s[i] > ' ' {
				l.Link = true
			}
			last = c
		default:
			last = c
		}
		prevLetter, prevWide = false, 0
	}
	flush()
	if pendStop {
		l.Stops++
	}
	l.Ended = last == cStop
	if s != "" {
		r, _ := utf8.DecodeRuneInString(s)
		l.small = class(r) == cLower
	}
	l.Open = last == cComma || last == cColon || last == cSep
	l.Wide = 4*wide > l.Chars
	l.Unmarked = 4*unmarked > l.Chars
	l.Markup = code > 3 && 8*code > l.Words
	l.Bullet = bulletLen(s) > 0
	l.picture = notices&pictureBit != 0
	l.joint = notices&jointBit != 0
	for b := notices &^ (pictureBit | jointBit); b != 0; b &= b - 1 {
		l.Notice++
	}
	l.hash = mix(lineHash)
	l.terms = arena[first:len(arena):len(arena)]
	return arena
}

var wwwHash = noticeHash("www")

func hiragana(r rune) bool { return r >= 0x3040 && r < 0x30A0 }

// bulletLen is the length of the bullet or list number that s begins with,
// the space behind it included; 0 if there is none.
func bulletLen(s string) int {
	if s == "" {
		return 0
	}
	r, n := utf8.DecodeRuneInString(s)
	switch r {
	case '-', '*', '+', '>', '•', '·', '‣', '◦', '▪', '●', '■', '►', '▶', '»', '›', '→', '–', '—', '✓', '・', '◆', '★', '☆':
		m := n
		for m < len(s) && (s[m] == ' ' || s[m] == '\t') {
			m++
		}
		// A dash that opens a line of dialogue looks the same; only where a
		// bullet would do harm does the caller look further.
		if m > n || r > 0x2020 {
			if m < len(s) {
				return m
			}
		}
		return 0
	}
	d := 0
	for d < len(s) && d < 3 && s[d] >= '0' && s[d] <= '9' {
		d++
	}
	if d > 0 && d < 3 && d+1 < len(s) && (s[d] == '.' || s[d] == ')') && s[d+1] == ' ' {
		return d + 2
	}
	return 0
}
