package chrome

import (
	"strings"
	"unicode/utf8"
)

// Split divides flattened text into blocks, one a line; lines without letters
// or digits are kept, empty ones are not. Runs of spaces of any kind become
// one space, zero-width characters, soft hyphens and control characters go.
//
// Text that was wrapped at a column is joined again. Where all of the text is
// (see wrapped), a block ends at an empty line, before an indented line, and
// behind a line on which the next word would have fit; the first line may be
// short, for want of its dateline. Elsewhere single passages are, where nearly
// all lines are of about one length and most do not end as sentences do.
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
	if longest := wrapped(raw, indent); longest > 0 {
		for i := 0; i < len(raw); {
			j := i + 1
			if raw[i] != "" {
				for j < len(raw) && raw[j] != "" && !indent[j] {
					j++
				}
				out = appendWrapped(out, raw[i:j], longest, len(out) == 0)
			}
			i = j
		}
		return out
	}
	for i := 0; i < len(raw); {
		j := i + 1
		if raw[i] != "" {
			var longest int
			if j, longest = column(raw, indent, i); j > i+1 {
				out = appendWrapped(out, raw[i:j], longest, false)
			} else {
				out = append(out, Block{Text: raw[i]})
			}
		}
		i = j
	}
	return out
}

// Lengths, in characters, of the lines of text wrapped at a column; the last
// line of a paragraph may be shorter.
const (
	wrapMin = 45
	wrapMax = 100
)

// wrapped returns the length of the longest line if all of the text is wrapped
// at a column: no line is longer than wrapMax, and of the lines of wrapMin and
// more that another follows without an indent, four of ten break off within a
// sentence, and two at least, or the text's only one. Otherwise it returns 0.
func wrapped(raw []string, indent []bool) int {
	for _, s := range raw {
		if len(s) > wrapMax && (len(s) > 4*wrapMax || utf8.RuneCountInString(s) > wrapMax) {
			return 0
		}
	}
	longest, pairs, broken := 0, 0, 0
	for i, s := range raw {
		n := utf8.RuneCountInString(s)
		longest = max(longest, n)
		if n >= wrapMin && i+1 < len(raw) && raw[i+1] != "" && !indent[i+1] {
			pairs++
			if breaksOff(s, raw[i+1]) {
				broken++
			}
		}
	}
	if broken == 0 || broken == 1 && pairs > 1 || 10*broken < 4*pairs {
		return 0
	}
	return longest
}

// column finds the passage wrapped at a column that begins at line i. It
// returns its end, and its longest line in characters; i+1 if there is none.
// In such a passage the first word of a line would not have fit on the line
// before it, and four of ten lines begin with a lower-case letter where the
// line before did not end.
func column(raw []string, indent []bool, i int) (int, int) {
	longest, j := 0, i
	if i+1 < len(raw) && len(raw[i]) >= 20 && len(raw[i]) < wrapMin && !indent[i+1] && breaksOff(raw[i], raw[i+1]) {
		j++ // a first line that lost its dateline is short
	}
	for ; j < len(raw) && raw[j] != "" && (j == i || !indent[j]); j++ {
		if len(raw[j]) > 4*wrapMax {
			break
		}
		n := utf8.RuneCountInString(raw[j])
		if n > wrapMax {
			break
		}
		if n < wrapMin {
			if j > i {
				j++ // the last line of its paragraph
			}
			break
		}
		longest = max(longest, n)
	}
	if j-i < 2 || j-i == 2 && !breaksOff(raw[i], raw[i+1]) {
		return i + 1, 0
	}
	broken, loose := 0, 0
	for k := i; k < j-1; k++ {
		if breaksOff(raw[k], raw[k+1]) {
			broken++
		} else if fits(raw[k], raw[k+1], longest) {
			loose++
		}
	}
	if n := j - i - 1; broken*10 < n*4 || loose*10 > n*3 {
		return i + 1, 0
	}
	return j, longest
}

// fits reports whether the first word of b would have fit behind a.
func fits(a, b string, column int) bool {
	first, _, _ := strings.Cut(b, " ")
	return utf8.RuneCountInString(a)+1+utf8.RuneCountInString(first) <= column-3
}

// appendWrapped joins the lines of a wrapped passage to paragraphs: one ends
// where the next word would have fit, unless that goes on within a sentence.
// Where the passage opens the text, its first line is the beginning of the
// second if it holds small letters and does not end as sentences do.
func appendWrapped(out []Block, lines []string, column int, opens bool) []Block {
	start := 0
	for k := range lines {
		if opens && k == 0 && len(lines) > 2 && unfinished(lines[0]) {
			continue
		}
		if k+1 == len(lines) || fits(lines[k], lines[k+1], column) && !breaksOff(lines[k], lines[k+1]) {
			out = append(out, Block{Text: strings.Join(lines[start:k+1], " ")})
			start = k + 1
		}
	}
	return out
}

// unfinished reports a line of 20 characters or more with words in small
// letters that does not end as a sentence does.
func unfinished(s string) bool {
	l := LineOf(s)
	return len(s) >= 20 && l.Lower > 1 && !l.Ended && !l.Open && !l.Bullet
}

// breaksOff reports whether line a stops inside a sentence that b, which begins
// with a lower-case letter, continues.
func breaksOff(a, b string) bool {
	r, _ := utf8.DecodeLastRuneInString(a)
	c := class(r)
	if c == cStop || c == cColon || c == cQuote {
		return false
	}
	r, _ = utf8.DecodeRuneInString(b)
	return class(r) == cLower
}

// untidy marks the bytes that may call for a change: spaces, controls, and the
// first bytes of the characters that odd judges.
var untidy = [256]bool{' ': true, 0x7F: true, 0xC2: true, 0xE2: true, 0xE3: true, 0xEF: true}

func init() {
	for c := range ' ' {
		untidy[c] = true
	}
}

// odd reports a space, zero-width character or C1 control at the start of s.
func odd(s string) bool {
	if len(s) < 3 {
		return true
	}
	switch s[0] {
	case 0xC2:
		return s[1] < 0xA1 || s[1] == 0xAD
	case 0xE2:
		return s[1] == 0x80 && (s[2] < 0x90 && s[2] != 0x8C && s[2] != 0x8D || s[2] >= 0xA8 && s[2] < 0xB0) || s[1] == 0x81
	case 0xE3:
		return s[1] == 0x80 && s[2] == 0x80
	}
	return s[1] == 0xBB
}

// c1 reads the control characters U+0080 to U+009F as the bytes of
// windows-1252 that they were before a wrong decoding, as the HTML standard
// does for numeric references.
var c1 = [32]rune{
	'€', 0x20, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0x20, 'Ž', 0x20,
	0x20, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0x20, 'ž', 'Ÿ',
}

// tidy trims a line and makes its spaces single.
func tidy(s string) string {
	clean := true
	prev := byte(' ')
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !untidy[c] {
			continue
		}
		if c == ' ' {
			if i > 0 && s[i-1] != ' ' {
				continue
			}
		} else if c >= 0x80 && !odd(s[i:]) {
			continue
		}
		clean = false
		break
	}
	if s != "" {
		prev = s[len(s)-1]
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
		case r == 0xAD || r == 0x200B || r == 0x2060 || r == 0xFEFF:
		case r >= 0x80 && r < 0xA0:
			buf = utf8.AppendRune(buf, c1[r-0x80])
		case classOf(r) == cSpace:
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
