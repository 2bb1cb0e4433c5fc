package chrome

import (
	"strings"
	"unicode/utf8"
)

// Bounds of what unglue looks for.
const (
	gluedBytes    = 600 // the least length of a line; paragraphs are shorter
	doubledMin    = 5   // words of a passage that stands twice
	doubledMax    = 120
	galleryTitle  = 12  // words before the pager of a gallery
	galleryLength = 160 // words behind it, up to the count of its pictures
)

// unglue looks through long lines for what a scraper that drops line breaks
// glues into the story. In order:
//
//  1. A passage of 5 to 120 words that stands twice or more, each time right
//     behind the last: the text of a picture and its caption. Captions
//     (CaptionOf) go every time, other passages but for the first.
//  2. The pager of a gallery: two numbers n and m, n not above m, with a
//     divider or word between them and arrows around them, up to one word
//     between number and arrow, such as "« back 1 | 7 next »". With it goes the
//     gallery's title, the words between the end of a sentence or bracket and the pager,
//     twelve at most; and all up to the count of the pictures, if "(m …)" stands
//     within 160 words behind.
//
// Where the text before the cut is a whole sentence, or nothing, a new block
// begins behind the cut. Lines of scripts that do not part words are left
// alone, for want of words.
//
// It returns the blocks, the index of each in the given ones, and the
// removals; the given blocks and nil if there is nothing to cut.
func unglue(blocks []Block) ([]Block, []int, []Removal) {
	var out []Block
	var origin []int
	var gone []Removal
	for i := range blocks {
		var cuts []excision
		if len(blocks[i].Text) >= gluedBytes {
			cuts = gluedCuts(blocks[i].Text)
		}
		if cuts == nil {
			if out != nil {
				out, origin = append(out, blocks[i]), append(origin, i)
			}
			continue
		}
		if out == nil {
			out = append(make([]Block, 0, len(blocks)+len(cuts)), blocks[:i]...)
			for j := range i {
				origin = append(origin, j)
			}
		}
		s := blocks[i].Text
		at, left := 0, ""
		add := func(text string) {
			text = strings.TrimSpace(text)
			if left != "" && !wholeSentence(left) {
				text = strings.TrimSpace(left + " " + text)
			} else if left != "" {
				b := blocks[i]
				b.Text = left
				out, origin = append(out, b), append(origin, i)
			}
			left = text
		}
		for _, c := range cuts {
			add(s[at:c.from])
			gone = append(gone, Removal{i, strings.TrimSpace(s[c.from:c.to]), c.why})
			at = c.to
		}
		add(s[at:])
		if left != "" {
			b := blocks[i]
			b.Text = left
			out, origin = append(out, b), append(origin, i)
		}
	}
	if gone == nil {
		return blocks, nil, nil
	}
	return out, origin, gone
}

// excision is one span of a line that goes.
type excision struct {
	from, to int
	why      Reason
}

// gluedCuts finds the spans of s that go, in order, none overlapping; nil if
// there is none.
func gluedCuts(s string) []excision {
	words := make([]span, 0, len(s)/5)
	for i := 0; i < len(s); {
		if s[i] == ' ' {
			i++
			continue
		}
		j := i + 1
		for j < len(s) && s[j] != ' ' {
			j++
		}
		words = append(words, span{int32(i), int32(j)})
		i = j
	}
	if len(words) < 3*doubledMin || len(s) > 24*len(words) {
		return nil
	}
	// Where the four words before stood last, by their hash.
	size := 64
	for size < 2*len(words) {
		size *= 2
	}
	seen := make([]int32, size)
	var cuts []excision
	var h [4]uint32
	done := 0 // words before it are settled
	for i := range words {
		w := s[words[i].from:words[i].to]
		h[0], h[1], h[2], h[3] = h[1], h[2], h[3], wordHash(w)
		if i < done {
			continue
		}
		if arrow(w, leftArrows) {
			if from, to, ok := gallery(s, words, done, i); ok {
				cuts = append(cuts, excision{int(words[from].from), int(words[to-1].to), Captions})
				done = to
				continue
			}
		}
		first := i - 3 // of the four words
		if first < done {
			continue
		}
		slot := &seen[(h[0]*0x9E3779B1^h[1]*0x85EBCA6B^h[2]*0xC2B2AE35^h[3]*0x27D4EB2F)>>7&uint32(size-1)]
		last := int(*slot) - 1
		*slot = int32(first + 1)
		d := first - last
		if last < done || d < doubledMin || d > doubledMax || first+d > len(words) || !sameWords(s, words[last:first], words[first:first+d]) {
			continue
		}
		end := first + d
		for end+d <= len(words) && sameWords(s, words[last:first], words[end:end+d]) {
			end += d
		}
		c := excision{int(words[first].from), int(words[end-1].to), Teaser}
		if CaptionOf(s[words[last].from:words[first-1].to]) {
			c.from, c.why = int(words[last].from), Captions
		}
		cuts = append(cuts, c)
		done = end
	}
	return cuts
}

// span is where a word stands.
type span struct{ from, to int32 }

func wordHash(w string) uint32 {
	h := uint32(2166136261)
	for i := range len(w) {
		h = (h ^ uint32(w[i])) * 16777619
	}
	return h
}

func sameWords(s string, a, b []span) bool {
	for i := range a {
		if s[a[i].from:a[i].to] != s[b[i].from:b[i].to] {
			return false
		}
	}
	return true
}

const (
	leftArrows  = "«‹←◄"
	rightArrows = "»›→►"
)

// arrow reports a word that is one of the arrows.
func arrow(w, arrows string) bool {
	r, n := utf8.DecodeRuneInString(w)
	return n == len(w) && strings.ContainsRune(arrows, r)
}

// count is the value of a word of up to three digits, or 0.
func count(w string) int {
	n := 0
	if len(w) > 3 {
		return 0
	}
	for i := range len(w) {
		if w[i] < '0' || w[i] > '9' {
			return 0
		}
		n = 10*n + int(w[i]-'0')
	}
	return n
}

// gallery reads the pager that may begin with the arrow at word i, and returns
// the words from the gallery's title to its end. Words before done are not
// taken.
func gallery(s string, words []span, done, i int) (from, to int, ok bool) {
	word := func(k int) string {
		if k >= len(words) {
			return ""
		}
		return s[words[k].from:words[k].to]
	}
	k := i + 1
	if count(word(k)) == 0 {
		k++
	}
	n, m := count(word(k)), count(word(k+2))
	if n == 0 || m < n || len(word(k+1)) > 8 || count(word(k+1)) > 0 {
		return 0, 0, false
	}
	k += 3
	if !arrow(word(k), rightArrows) {
		k++
	}
	if !arrow(word(k), rightArrows) {
		return 0, 0, false
	}
	from, to = i, k+1
	for j := i - 1; j >= max(done, i-galleryTitle); j-- {
		if w := word(j); wholeSentence(w) || w[len(w)-1] == ')' {
			from = j + 1
			break
		}
		if j == done {
			from = done
		}
	}
	for j := to; j < min(to+galleryLength, len(words)-1); j++ {
		if w := word(j); w[0] == '(' && count(w[1:]) == m && strings.HasSuffix(word(j+1), ")") {
			to = j + 2
			break
		}
	}
	return from, to, true
}

// wholeSentence reports text that ends with a full stop or its like, closing
// quotes and brackets apart.
func wholeSentence(s string) bool {
	for s != "" {
		r, n := utf8.DecodeLastRuneInString(s)
		switch class(r) {
		case cStop:
			return true
		case cQuote, cOpener, cApos: // “ closes quotes in German
			s = s[:len(s)-n]
		default:
			return false
		}
	}
	return false
}
