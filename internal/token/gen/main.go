//go:build ignore

// Gen writes ../tables.go: what scheme 1 takes every code point for. Run it
// in its own folder with
//
//	go run main.go
//
// The output is part of the frozen scheme and is kept in the repository, so
// that neither a new Go release nor a new golang.org/x/text can move a
// fingerprint. Running gen under other Unicode tables than those named in the
// header of tables.go makes another scheme.
package main

import (
	"bytes"
	"fmt"
	"go/format"
	"log"
	"os"
	"slices"
	"sort"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// These mirror the constants of package token.
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
	classShift = 21
	upperBit   = 1 << 26
	lowerBit   = 1 << 27
	scriptBits = 28 // 1 Hangul, 2 Cyrillic, 3 Hebrew
	expandBit  = 1 << 30
	vietBit    = 1 << 31

	limit = 0x30000
	block = 64
)

var fixed = map[rune]int{
	'\'': cApos, '\u2019': cApos, '\u2018': cApos, '\u02BC': cApos, '\uFF07': cApos, '`': cApos, '\u00B4': cApos, '\u2032': cApos, '\u201B': cApos, '\u02BB': cApos, '\u02B9': cApos, '\u0374': cApos,
	'"': cQuote, '\u201C': cQuote, '\u201D': cQuote, '\u201E': cQuote, '\u201F': cQuote, '\u00AB': cQuote, '\u00BB': cQuote, '\u2039': cQuote, '\u203A': cQuote,
	'\u300C': cQuote, '\u300D': cQuote, '\u300E': cQuote, '\u300F': cQuote, '\uFF02': cQuote, '\uFF62': cQuote, '\uFF63': cQuote, '\u05F4': cQuote, '\u301D': cQuote, '\u301E': cQuote, '\u301F': cQuote,
	'.': cDot, '\uFF0E': cDot, '\u2024': cDot,
	'!': cStop, '?': cStop, '\u2026': cStop, '\u061F': cStop, '\u203C': cStop, '\u2047': cStop, '\u2048': cStop, '\u2049': cStop, '\u203D': cStop, '\u055C': cStop, '\u055E': cStop, '\u1363': cBreak,
	'\u3002': cEnd, '\uFF61': cEnd, '\uFF01': cEnd, '\uFF1F': cEnd, '\u0964': cEnd, '\u0965': cEnd, '\u06D4': cEnd, '\u0589': cEnd, '\u1362': cEnd, '\u104B': cEnd, '\u17D4': cEnd, '\u17D5': cEnd,
	'%': cPercent, '\uFF05': cPercent, '\u066A': cPercent, '\uFE6A': cPercent,
	',': cComma, '\u066B': cComma, '\u066C': cComma, '\uFF0C': cComma,
	'\n': cNewline, '\r': cNewline, '\v': cNewline, '\f': cNewline, '\u0085': cNewline, '\u2028': cNewline, '\u2029': cNewline,
	'\t': cSpace, ' ': cSpace, '\u3000': cSpace, '\u1680': cSpace, '\u00A0': cThin, '\u2009': cThin, '\u202F': cThin, '\u2007': cThin, '\u2008': cThin,
	'\u3005': cHan, '\u3006': cHan, '\u3007': cHan, '\u303B': cHan, '\u30FC': cKata, '\uFF70': cKata,
	'\u3099': cVoice, '\u309A': cVoice, '\uFF9E': cVoice, '\uFF9F': cVoice, '\u309B': cVoice, '\u309C': cVoice,
	'\u0640': cIgnore, '\u00AD': cIgnore, '\uFEFF': cIgnore, '\u180E': cIgnore, '\u00B7': cBreak, '\u0387': cBreak, '\u30FB': cBreak, '\uFF65': cBreak,
	'\u0E2F': cBreak, '\u0E46': cSEA, '\u0EC6': cSEA, '\u2044': cBreak,
	'\u05F3': cApos, '\u17D7': cSEA, '\u115F': cIgnore, '\u1160': cIgnore, '\u3164': cIgnore, '\uFFA0': cIgnore, '\u034F': cIgnore, '\u200B': cIgnore,
	'\u02C8': cBreak,
}

// stroke holds the Latin letters that Unicode does not decompose though house
// styles write them with and without their stroke, and letter variants of the
// Arabic script that keyboards interchange.
var stroke = map[rune]string{
	'ø': "o", 'đ': "d", 'ł': "l", 'ħ': "h", 'ŧ': "t", 'ı': "i", 'æ': "ae", 'œ': "oe", 'þ': "th", 'ð': "d", 'ƀ': "b", 'ɨ': "i", 'ŋ': "n", 'ĸ': "k", 'ƶ': "z", 'ǥ': "g",
	'ى': "ي", 'ی': "ي", 'ې': "ي", 'ک': "ك", 'ڪ': "ك", 'ة': "ه", 'ہ': "ه", 'ھ': "ه", 'ە': "ه", 'ٱ': "ا", 'ۃ': "ه", 'ے': "ي",
	'ґ': "г", 'ς': "σ",
}

var sea = []*unicode.RangeTable{unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar}

// stripped scripts lose their combining marks.
func strips(r rune) bool {
	if r == 0x094D || !unicode.Is(unicode.Mn, r) && !unicode.Is(unicode.Me, r) {
		return false
	}
	return unicode.In(r, unicode.Inherited, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Coptic) ||
		r == 0x093C || unicode.Is(unicode.Common, r)
}

func fold(r rune) []rune {
	s := strings.ReplaceAll(norm.NFKD.String(string(r)), "\u0345", "") // the iota subscript is a mark
	if r < 0x13A0 || r > 0x13F5 {
		s = norm.NFKD.String(cases.Fold().String(s))
	}
	var out []rune
	for _, c := range s {
		// Cherokee folds to capitals (CaseFolding), not so in package cases.
		switch {
		case c >= 0xAB70 && c <= 0xABBF:
			c -= 0xAB70 - 0x13A0
		case c >= 0x13F8 && c <= 0x13FD:
			c -= 8
		}
		if strips(c) && c != 0x3099 && c != 0x309A {
			continue
		}
		if t, ok := stroke[c]; ok {
			out = append(out, []rune(t)...)
			continue
		}
		out = append(out, c)
	}
	return out
}

func base(r rune) int {
	if c, ok := fixed[r]; ok {
		return c
	}
	switch {
	case r >= 0x3400 && r <= 0x4DBF, r >= 0x4E00 && r <= 0x9FFF, r >= 0x20000 && r < limit, unicode.Is(unicode.Han, r) && (unicode.IsLetter(r) || unicode.Is(unicode.Nl, r)):
		return cHan
	case unicode.Is(unicode.Zs, r):
		return cThin
	case r < 0x20 || r >= 0x7F && r < 0xA0:
		return cSpace
	case unicode.Is(unicode.Cf, r), r >= 0xFE00 && r <= 0xFE0F:
		return cIgnore
	case unicode.In(r, sea...):
		switch {
		case unicode.IsLetter(r):
			return cSEA
		case unicode.IsMark(r):
			return cSEAMark
		case unicode.Is(unicode.Nd, r):
			return cDigit
		}
		return cBreak
	case r >= 0x1100 && r <= 0x11FF && unicode.IsLetter(r):
		return cJamo
	case strips(r):
		return cIgnore
	case unicode.Is(unicode.Hiragana, r) && unicode.IsLetter(r):
		return cHira
	case unicode.Is(unicode.Katakana, r) && unicode.IsLetter(r):
		return cKata
	case unicode.Is(unicode.Nd, r):
		return cDigit
	case unicode.IsLetter(r), unicode.IsMark(r), unicode.Is(unicode.Nl, r):
		return cLetter
	}
	return cBreak
}

func compose(r rune) []rune {
	if r >= 0xAC00 && r <= 0xD7A3 {
		return []rune{r}
	}
	return nil
}

// viet marks what few languages but Vietnamese have: the horn, the hook above
// and the dot below, alone or on Latin letters.
func viet(r rune) uint32 {
	s := norm.NFD.String(string(r))
	if strings.ContainsAny(s, "\u031B\u0309\u0323") && unicode.In(r, unicode.Latin, unicode.Inherited) {
		return vietBit
	}
	return 0
}

var expansions []rune

func entry(r rune) uint32 {
	c := base(r)
	simple := c == cLetter || c == cDigit || c == cHan || c == cHira || c == cKata || c == cSEA || c == cSEAMark || c == cJamo
	enclosed := unicode.Is(unicode.No, r) || r >= 0x3200 && r <= 0x33FF || r >= 0x24B6 && r <= 0x24E9 || r >= 0x1F100 && r <= 0x1F2FF
	if c == cVoice {
		f := uint32(0x3099)
		if r == 0x309A || r == 0xFF9F || r == 0x309C {
			f = 0x309A
		}
		return uint32(c)<<classShift | f
	}
	if !simple && !(c == cBreak && enclosed) {
		return uint32(c)<<classShift | viet(r)
	}
	var f []rune
	switch {
	case compose(r) != nil:
		f = []rune{r}
	case c == cDigit:
		for z := r; ; z-- {
			if !unicode.Is(unicode.Nd, z-1) || r-z == 9 || norm.NFKD.String(string(z)) == "0" {
				f = []rune{'0' + (r-z)%10}
				break
			}
		}
		if d := norm.NFKD.String(string(r)); len(d) == 1 {
			f = []rune(d)
		}
	case c == cHira || c == cKata:
		// A voiced kana stays one code point, as keyboards write it.
		f = []rune(norm.NFKC.String(string(r)))
	default:
		f = fold(r)
	}
	var out []rune
	class := -1
	for _, x := range f {
		b := base(x)
		switch b {
		case cLetter, cDigit, cHan, cHira, cKata, cSEA, cSEAMark, cJamo:
		default:
			if class >= 0 {
				break
			}
			continue
		}
		if class >= 0 && b != class && !(class == cSEA && b == cSEAMark) {
			break
		}
		if class < 0 {
			class = b
		}
		if class != b && !(class == cSEA && b == cSEAMark) {
			continue
		}
		out = append(out, x)
	}
	if class < 0 {
		if simple && !slices.ContainsFunc(f, func(x rune) bool { return base(x) != cIgnore }) {
			return cIgnore << classShift
		}
		return uint32(c) << classShift
	}
	if r == 0x0E33 || r == 0x0EB3 {
		out, class = []rune{r}, cSEAMark
	}
	e := uint32(class)<<classShift | viet(r)
	switch {
	case unicode.IsUpper(r) || unicode.IsTitle(r):
		e |= upperBit
	case unicode.IsLower(r):
		e |= lowerBit
	}
	switch {
	case unicode.Is(unicode.Hangul, r):
		e |= 1 << scriptBits
	case unicode.Is(unicode.Cyrillic, r):
		e |= 2 << scriptBits
	case unicode.Is(unicode.Hebrew, r):
		e |= 3 << scriptBits
	}
	if len(out) == 1 {
		if out[0] != r {
			e |= uint32(out[0])
		}
		return e
	}
	i := strings.Index(string(expansions), string(out))
	if i >= 0 {
		i = len([]rune(string(expansions)[:i]))
	} else {
		i = len(expansions)
		expansions = append(expansions, out...)
	}
	return e | expandBit | uint32(i)<<5 | uint32(len(out))
}

func main() {
	log.SetFlags(0)
	var index []uint16
	var blocks []uint32
	seen := map[string]uint16{}
	for b := rune(0); b < limit; b += block {
		var es []uint32
		for r := b; r < b+block; r++ {
			es = append(es, entry(r))
		}
		k := fmt.Sprint(es)
		n, ok := seen[k]
		if !ok {
			n = uint16(len(blocks) / block)
			seen[k] = n
			blocks = append(blocks, es...)
		}
		index = append(index, n)
	}
	voiced := [][3]rune{}
	for r := rune(0x3041); r <= 0x30FF; r++ {
		for _, v := range []rune{0x3099, 0x309A} {
			c := []rune(norm.NFC.String(string([]rune{r, v})))
			if len(c) == 1 {
				voiced = append(voiced, [3]rune{r, v, c[0]})
			}
		}
	}
	sort.Slice(voiced, func(i, j int) bool {
		if voiced[i][0] != voiced[j][0] {
			return voiced[i][0] < voiced[j][0]
		}
		return voiced[i][1] < voiced[j][1]
	})
	var w bytes.Buffer
	fmt.Fprintf(&w, "// Code generated by gen/main.go. DO NOT EDIT.\n// Unicode %s (package unicode), %s (package norm).\n\npackage token\n\n", unicode.Version, norm.Version)
	fmt.Fprintf(&w, "const tableLimit = %#x\n\n", limit)
	list := func(name, typ string, n int, at func(int) string) {
		fmt.Fprintf(&w, "var %s = [...]%s{", name, typ)
		for i := range n {
			if i%16 == 0 {
				w.WriteByte('\n')
			}
			fmt.Fprintf(&w, "%s,", at(i))
		}
		w.WriteString("\n}\n\n")
	}
	list("tableIndex", "uint16", len(index), func(i int) string { return fmt.Sprint(index[i]) })
	list("tableBlocks", "uint32", len(blocks), func(i int) string { return fmt.Sprintf("%#x", blocks[i]) })
	list("expansions", "uint32", len(expansions), func(i int) string { return fmt.Sprintf("%#x", expansions[i]) })
	list("voiced", "[3]uint16", len(voiced), func(i int) string {
		return fmt.Sprintf("{%#x,%#x,%#x}", voiced[i][0], voiced[i][1], voiced[i][2])
	})
	src, err := format.Source(w.Bytes())
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("../tables.go", src, 0o666); err != nil {
		log.Fatal(err)
	}
	log.Printf("%d blocks, %d expansion code points, %d bytes", len(blocks)/block, len(expansions), len(src))
}
