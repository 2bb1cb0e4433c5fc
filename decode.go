package newsdedup

import (
	"bytes"
	"mime"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// magic are the first bytes of formats that are not text, up to one that no text
// has where their names alone could begin one; ? stands for any.
var magic = [...]string{
	"%PDF-", "PK\x03\x04", "\x89PNG", "\xFF\xD8\xFF", "GIF87a", "GIF89a", "\x1F\x8B", "BZh?1AY&SY", "\xFD7zXZ", "7z\xBC\xAF", "Rar!\x1A", "\x28\xB5\x2F\xFD",
	"\x7FELF", "RIFF????WAVE", "RIFF????WEBP", "RIFF????AVI ", "OggS\x00", "ID3\x02", "ID3\x03", "ID3\x04", "\xD0\xCF\x11\xE0", "SQLite format 3\x00", "\x00asm", "wOFF\x00", "wOFFOTTO", "wOF2\x00", "wOF2OTTO",
}

// isBinary reports whether data begins as a format does that is not text.
func isBinary(data []byte) bool {
	for _, m := range magic {
		i := 0
		for i < len(m) && i < len(data) && (data[i] == m[i] || m[i] == '?') {
			i++
		}
		if i == len(m) {
			return true
		}
	}
	return false
}

// decodeText makes valid UTF-8 of data, which it may keep.
func decodeText(data []byte, contentType string) (string, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")):
		data = data[3:]
	case bytes.HasPrefix(data, []byte("\xFF\xFE")):
		return fromUTF16(data[2:], false)
	case bytes.HasPrefix(data, []byte("\xFE\xFF")):
		return fromUTF16(data[2:], true)
	}
	if isBinary(data) {
		return "", ErrBinary
	}
	head := data[:min(len(data), 4096)]
	if zeros := bytes.Count(head, []byte{0}); zeros > 0 {
		// In UTF-16 the high bytes of Latin text are zero, all on one side. A few
		// in UTF-8 are a scraper's; other charsets have none.
		var side [2]int
		for i, c := range head {
			if c == 0 {
				side[i&1]++
			}
		}
		switch {
		case zeros*8 >= len(head) && min(side[0], side[1])*10 <= zeros:
			return fromUTF16(data, side[0] >= side[1])
		case !utf8.Valid(data):
			return "", ErrBinary
		}
	}
	if control(head)*20 > len(head) {
		return "", ErrBinary
	}
	if utf8.Valid(data) {
		return string(data), nil
	}
	if _, params, err := mime.ParseMediaType(contentType); err == nil {
		if e, name := charset.Lookup(params["charset"]); e != nil && name != "utf-8" {
			if s, err := e.NewDecoder().Bytes(data); err == nil {
				return strings.ToValidUTF8(string(s), "\uFFFD"), nil
			}
		}
	}
	// UTF-8 with a few broken bytes, or cut inside a character.
	good, bad := 0, 0
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			bad++
		} else if n > 1 {
			good++
		}
		i += n
	}
	if good >= 4*bad {
		return strings.ToValidUTF8(string(data), "\uFFFD"), nil
	}
	return legacy(data)
}

// control counts the control characters that no text has.
func control(b []byte) int {
	n := 0
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != '\v' && c != 0x1B {
			n++
		}
	}
	return n
}

func fromUTF16(data []byte, big bool) (string, error) {
	u := make([]uint16, len(data)/2)
	for i := range u {
		a, b := data[2*i], data[2*i+1]
		if big {
			a, b = b, a
		}
		u[i] = uint16(a) | uint16(b)<<8
	}
	s := string(utf16.Decode(u))
	if control([]byte(s[:min(len(s), 4096)]))*20 > min(len(s), 4096) {
		return "", ErrBinary
	}
	return s, nil
}

// legacies are the charsets tried on text that is not UTF-8, in the order in
// which equal plausibility decides.
var legacies = [...]encoding.Encoding{
	charmap.Windows1252, charmap.Windows1251, simplifiedchinese.GB18030, japanese.ShiftJIS, japanese.EUCJP, korean.EUCKR, traditionalchinese.Big5, charmap.KOI8R, charmap.Windows1256, charmap.Windows1253, charmap.Windows1255, charmap.Windows1250,
}

// legacy decodes by the charset whose text is the most plausible: letters of
// one script in words, few symbols between them.
func legacy(data []byte) (string, error) {
	sample := data
	if len(sample) > 8192 {
		sample = sample[:8192]
	}
	best, at := 0., -1
	for i, e := range legacies {
		s, err := e.NewDecoder().Bytes(sample)
		if err != nil {
			continue
		}
		if p := plausible(s); at < 0 || p > best+.02 {
			best, at = p, i
		}
	}
	if at < 0 {
		return "", ErrBinary
	}
	s, err := legacies[at].NewDecoder().Bytes(data)
	if err != nil {
		return "", ErrBinary
	}
	return strings.ToValidUTF8(string(s), "\uFFFD"), nil
}

// plausible is the share of the characters outside ASCII that a text of their
// script would have: for alphabets lower-case letters beside letters of the
// same script, for Han, kana and Hangul the common blocks.
func plausible(s []byte) float64 {
	good, all := 0., 0.
	prev := rune(' ')
	for len(s) > 0 {
		r, n := utf8.DecodeRune(s)
		s = s[n:]
		if r >= 0x80 {
			all++
			switch {
			case r == utf8.RuneError:
				all += 4
			case r >= 0x430 && r < 0x460, r >= 0x3AC && r < 0x3CF, r >= 0x621 && r < 0x660, r >= 0x5D0 && r < 0x5EB:
				if sameScript(prev, r) || !letter(prev) {
					good++
				}
			case r >= 0x410 && r < 0x430, r >= 0x391 && r < 0x3AB:
				if !letter(prev) {
					good++
				} else if sameScript(prev, r) {
					good += .3
				}
			case r >= 0xDF && r < 0x100:
				if prev < 0x80 && letter(prev) || !letter(prev) {
					good++
				} else {
					good += .2
				}
			case r >= 0xC0 && r < 0xDF:
				if !letter(prev) {
					good++
				}
			case r >= 0x100 && r < 0x180:
				good += .6
			case r >= 0x3040 && r < 0x3100:
				good++
			case r >= 0x4E00 && r < 0x9FA6:
				good += .8
			case r >= 0xAC00 && r < 0xD7A4:
				good++
			case r >= 0x2010 && r < 0x2040, r >= 0x3000 && r < 0x3020, r >= 0xFF00 && r < 0xFF60, r == 0xA0, r == 0xA9, r == 0xAB, r == 0xBB, r == 0x20AC:
				good += .7
			}
		}
		prev = r
	}
	if all == 0 {
		return 1
	}
	return good / all
}

func letter(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0xC0
}

func sameScript(a, b rune) bool { return a>>8 == b>>8 }
