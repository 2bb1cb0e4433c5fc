// Package mojibake repairs text whose UTF-8 was read as Windows-1252 or Latin-1
// and written as UTF-8 again: "fÃ¼r", "donâ€™t", "Ð´Ð¾Ð¼".
//
// The idea is that of ftfy (Speer, "ftfy", Zenodo 2019, doi:10.5281/zenodo.2591652):
// what decodes as UTF-8 once more, and could hardly have been written as it
// stands, was not.
package mojibake

import (
	"strings"
	"unicode/utf8"
)

// A sequence is two to four characters that, as bytes of Windows-1252 (its five
// undefined bytes, and C1 controls, as those of Latin-1), are the UTF-8 of one
// character.

// leastStrong is the least number of strong sequences, or of runs of letters, of
// a text that is repaired. Of 24,867 articles in English, German, Spanish,
// Portuguese, Russian, Arabic and Japanese (the collections behind bench) six
// have so many, and of 958 pages of the web sixteen; all of them are damaged, and
// no other article has one.
const leastStrong = 2

// leastRun is the least number of sequences without a gap that make letters of
// another script: one alone stands in French by chance, where é, a fixed space
// and » are a Han character.
const leastRun = 3

// Repair returns s, which must be valid UTF-8, with its sequences replaced by
// the characters they stand for. The rules, in order:
//
//  1. A sequence for Latin letters, punctuation, symbols or C1 controls (U+0080 to
//     U+017F, ƒ, ˆ, ˜, U+2000 to U+2BFF, U+FEFF, U+FFFD and pictographs) is
//     strong if it has a character after the first that does not follow a letter
//     in any orthography: a C1 control, or most symbols. Of closing quotation
//     marks, dashes, spaces and the like, which do ("AMANHÃ”"), it is weak.
//  2. If a text has two strong ones, all such sequences are replaced.
//  3. If it has two runs of three letters of Greek, Cyrillic, Hebrew, Arabic,
//     Indic, Thai, Han, kana or Hangul, or one of six, those sequences are, too.
//  4. What this makes is part of further sequences: text may have been damaged
//     twice.
//
// Any other text is returned as it is. Repair of what Repair returned, and of
// some lines of it, changes nothing.
func Repair(s string) string {
	for {
		latin, others := weigh(s)
		if latin < leastStrong && others < leastStrong {
			return s
		}
		s = replace(s, others >= leastStrong)
	}
}

// weigh counts the strong sequences of s and its runs of letters of scripts
// other than Latin.
func weigh(s string) (latin, others int) {
	run := 0
	for i := 0; ; {
		// Whatever may begin a sequence is C3 and another byte in UTF-8.
		n := strings.IndexByte(s[i:], 0xC3)
		if n < 0 {
			return latin, others
		}
		if n > 0 {
			run = 0
		}
		i += n
		r, size, strong := decode(s[i:])
		switch {
		case size == 0:
			run = 0
			i += 2
			continue
		case common(r):
			run = 0
			if strong {
				latin++
			}
		case foreign(r):
			if run++; run%leastRun == 0 {
				others++
			}
		default:
			run = 0
		}
		i += size
	}
}

// decode decodes the sequence at the start of s, which size bytes take: 0 if
// there is none.
func decode(s string) (r rune, size int, strong bool) {
	var b [4]byte
	first, n := utf8.DecodeRuneInString(s)
	c, ok := encode(first)
	if !ok || c < 0xC2 || c > 0xF4 {
		return 0, 0, false
	}
	b[0] = c
	length := 2
	if c >= 0xE0 {
		length++
	}
	if c >= 0xF0 {
		length++
	}
	for k := 1; k < length; k++ {
		next, m := utf8.DecodeRuneInString(s[n:])
		c, ok := encode(next)
		if !ok || c < 0x80 || c > 0xBF {
			return 0, 0, false
		}
		strong = strong || next < 0xA0 || !follows(c)
		b[k] = c
		n += m
	}
	r, m := utf8.DecodeRune(b[:length])
	if m != length {
		return 0, 0, false
	}
	return r, n, strong
}

// follows tells whether the character of a byte of Windows-1252 may stand
// behind a capital letter: quotation marks, dots, dashes, spaces, ordinals and
// marks of trade.
func follows(c byte) bool {
	switch c {
	case 0x82, 0x84, 0x85, 0x8B, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x99, 0x9B,
		0xA0, 0xAA, 0xAB, 0xAD, 0xAE, 0xBA, 0xBB:
		return true
	}
	return false
}

// common tells whether r is of those that Latin text consists of.
func common(r rune) bool {
	return r <= 0x17F || r == 'ƒ' || r == 'ˆ' || r == '˜' || r >= 0x2000 && r <= 0x2BFF || r == 0xFEFF || r == 0xFFFD || r >= 0x1F000 && r <= 0x1FAFF
}

// foreign tells whether r is of the blocks of the other scripts. Of those that
// "É »" or "ß”" give, phonetic letters and N'Ko, it is not.
func foreign(r rune) bool {
	return r >= 0x370 && r <= 0x52F || r >= 0x590 && r <= 0x6FF || r >= 0x900 && r <= 0xE7F ||
		r >= 0x3000 && r <= 0x9FFF || r >= 0xAC00 && r <= 0xD7A3 || r >= 0xFF00 && r <= 0xFFEF
}

// encode returns the byte of r in Windows-1252, or in Latin-1.
func encode(r rune) (byte, bool) {
	if r < 0x100 {
		return byte(r), true
	}
	for i, c := range specials {
		if c == r {
			return byte(0x80 + i), true
		}
	}
	return 0, false
}

// specials are the characters of the bytes 80 to 9F of Windows-1252.
var specials = [32]rune{
	'€', 0, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0, 'Ž', 0,
	0, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0, 'ž', 'Ÿ',
}

// replace replaces sequences: of common characters, and of foreign ones if told.
// What it makes is looked at together with what stands before and behind, so that a
// chain takes no longer than its length.
func replace(s string, others bool) string {
	out := make([]byte, 0, len(s))
	for _, r := range s {
		out = utf8.AppendRune(out, r)
		for {
			// A sequence may have come to its end: find its start, three
			// characters before it at most.
			at, made := len(out), false
			for k := 0; k < 4 && at > 0; k++ {
				c, n := utf8.DecodeLastRune(out[:at])
				at -= n
				if c < 0x80 {
					break
				}
				if d, size, _ := decode(string(out[at:])); size == len(out)-at && size > 0 && (common(d) || others && foreign(d)) {
					out, made = utf8.AppendRune(out[:at], d), true
					break
				}
			}
			if !made {
				break
			}
		}
	}
	return string(out)
}
