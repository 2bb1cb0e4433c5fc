package chrome

import (
	"strings"
	"unicode/utf8"
)

// Split divides flattened text into blocks, one a line; lines without letters
// or digits are kept, empty ones are not. Runs of spaces of any kind become
// one space, zero-width characters, soft hyphens and control characters go.
//
// Text that was wrapped at a column is joined again: where nearly all lines of
// a passage are of about one length and most do not end as sentences do, a
// block ends at an empty line or before an indented one.
func Split(text string) []Block {
	n := strings.Count(text, "\n") + 1
	raw := make([]string, 0, n)
	indent := make([]bool, 0, n)
	for len(text) > 0 {
		line := text
		if i := strings.IndexByte(text, '\n'); i >= 0 {
			line, text = text[:i], text[i+1:]
		} else {
			text = ""
		}
		raw = append(raw, tidy(line))
		indent = append(indent, len(line) > 2 && (line[0] == '\t' || line[0] == ' ' && line[1] == ' '))
	}
	out := make([]Block, 0, len(raw))
	for i := 0; i < len(raw); {
		if raw[i] == "" {
			i++
			continue
		}
		if j := wrapped(raw, indent, i); j > i+1 {
			out = append(out, Block{Text: join(raw[i:j])})
			i = j
			continue
		}
		out = append(out, Block{Text: raw[i]})
		i++
	}
	return out
}

// wrapColumns bounds the length of the lines of text wrapped at a column.
const (
	wrapMin = 55
	wrapMax = 100
)

// wrapped returns the end of the paragraph that begins at line i, if that is
// part of a passage wrapped at a column, else i.
func wrapped(raw []string, indent []bool, i int) int {
	// The paragraph: up to an empty or an indented line.
	j := i + 1
	for j < len(raw) && raw[j] != "" && !indent[j] && j-i < 400 {
		j++
	}
	if j-i < 3 {
		// Two lines are joined only if the first is full and breaks off.
		if j-i < 2 || len(raw[i]) < wrapMin || len(raw[i]) > wrapMax || !breaksOff(raw[i], raw[i+1]) || len(raw[i+1]) > len(raw[i])+12 {
			return i
		}
		return j
	}
	longest, broken, full := 0, 0, 0
	for k := i; k < j; k++ {
		longest = max(longest, utf8.RuneCountInString(raw[k]))
	}
	if longest > wrapMax || longest < wrapMin-10 {
		return i
	}
	for k := i; k < j-1; k++ {
		n := utf8.RuneCountInString(raw[k])
		// The next line's first word would not have fit.
		first, _, _ := strings.Cut(raw[k+1], " ")
		if n+1+utf8.RuneCountInString(first) > longest-3 || n*10 >= longest*7 {
			full++
		}
		if breaksOff(raw[k], raw[k+1]) {
			broken++
		}
	}
	lines := j - i - 1
	if full*10 >= lines*9 && broken*10 >= lines*6 {
		return j
	}
	return i
}

// breaksOff reports whether the line stops inside a sentence that the next one
// may continue.
func breaksOff(a, b string) bool {
	r, _ := utf8.DecodeLastRuneInString(a)
	c := uint8(cOther)
	if r < 0x80 {
		c = asciiClass[r]
	} else {
		c = classOf(r)
	}
	if c == cStop || c == cColon || c == cQuote {
		return false
	}
	r, _ = utf8.DecodeRuneInString(b)
	return r < 0x80 && asciiClass[r] != cUpper || r >= 0x80 && classOf(r) != cUpper || c == cLower || c == cComma
}

func join(lines []string) string {
	return strings.Join(lines, " ")
}

// tidy trims a line and makes its spaces single.
func tidy(s string) string {
	clean := true
	prev := byte(' ')
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < ' ' || c == 0x7F || c == ' ' && prev == ' ' || c == 0xC2 && i+1 < len(s) && s[i+1] < 0xAE || c == 0xE2 && i+1 < len(s) && s[i+1] <= 0x81 || c == 0xE3 && i+2 < len(s) && s[i+1] == 0x80 && s[i+2] == 0x80 || c == 0xEF && i+1 < len(s) && s[i+1] == 0xBB {
			clean = false
			break
		}
		prev = c
	}
	if clean && prev != ' ' {
		return s
	}
	if clean {
		return strings.TrimSuffix(s, " ")
	}
	buf := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		c := s[i]
		if c < 0x80 {
			i++
			switch {
			case c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f':
				if len(buf) > 0 && buf[len(buf)-1] != ' ' {
					buf = append(buf, ' ')
				}
			case c < ' ' || c == 0x7F:
			default:
				buf = append(buf, c)
			}
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == 0xAD || r == 0x200B || r == 0x2060 || r == 0xFEFF || r >= 0x80 && r < 0xA0 && r != 0x85:
		case classOf(r) == cSpace || r == 0x85:
			if len(buf) > 0 && buf[len(buf)-1] != ' ' {
				buf = append(buf, ' ')
			}
		default:
			buf = append(buf, s[i:i+n]...)
		}
		i += n
	}
	if len(buf) > 0 && buf[len(buf)-1] == ' ' {
		buf = buf[:len(buf)-1]
	}
	return string(buf)
}
