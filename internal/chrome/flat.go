package chrome

import (
	"slices"
	"strings"
)

// maxPasses bounds how often Flat cleans. Real pages settle in two or three.
const maxPasses = 24

// Flat cleans flattened text: Split, then unglue and Clean again and again
// until nothing more is taken away, so that cleaning its own result changes
// nothing. What the first pass found of title, byline and so on stands; the
// later ones only fill what is missing. Lines that learned reports go, see
// Hints.Learned; nil: none are known.
func Flat(text string, learned func(string) bool) Result {
	blocks, all, gone := forget(Split(text), learned)
	parts, whole, glued := unglue(blocks)
	r, p := clean(parts, Hints{}, nil, nil)
	last := slices.Clone(r.Kept) // the pieces as the last pass counted them
	r.join(whole, glued)
	origin := make([]int, 0, len(r.Kept))
	for pass := 1; pass < maxPasses; pass++ {
		blocks = make([]Block, 0, len(r.Kept))
		origin = origin[:0]
		for i, k := range r.Kept {
			if k.Text != p.blocks[last[i].Block].Text {
				k.Text = tidy(k.Text) // it was cut
			}
			blocks = append(blocks, Block{Text: k.Text})
			origin = append(origin, k.Block)
		}
		parts, whole, glued := unglue(blocks)
		if whole != nil {
			p, last = nil, nil
		}
		var s Result
		s, p = clean(parts, Hints{}, p, last)
		last = append(last[:0], s.Kept...)
		s.join(whole, glued)
		same := len(s.Kept) == len(r.Kept)
		for i := 0; same && i < len(s.Kept); i++ {
			same = s.Kept[i].Text == r.Kept[i].Text
		}
		if r.Title == "" {
			r.Title = s.Title
		}
		if r.Byline == "" {
			r.Byline = s.Byline
		}
		if r.Publisher == "" {
			r.Publisher = s.Publisher
		}
		if r.Published.IsZero() {
			r.Published = s.Published
		}
		for _, c := range s.Credits {
			r.credit(c)
		}
		if same {
			break
		}
		for _, m := range s.Removed {
			m.Block = origin[m.Block]
			r.Removed = append(r.Removed, m)
		}
		r.Kept = r.Kept[:0]
		for _, k := range s.Kept {
			r.Kept = append(r.Kept, Piece{origin[k.Block], k.Text})
		}
	}
	slices.SortStableFunc(r.Removed, func(a, b Removal) int { return a.Block - b.Block })
	if gone != nil {
		r.remember(all, gone)
	}
	slices.Sort(r.Credits)
	return r
}

// join makes a result of parts one of the blocks that unglue parted; whole is
// the block of each part, nil where none was parted, and cuts what unglue took.
func (r *Result) join(whole []int, cuts []Removal) {
	if whole == nil {
		return
	}
	for i := range r.Kept {
		r.Kept[i].Block = whole[r.Kept[i].Block]
	}
	for i := range r.Removed {
		r.Removed[i].Block = whole[r.Removed[i].Block]
	}
	r.Removed = append(r.Removed, cuts...)
}

// Text joins the kept pieces, an empty line between them.
func (r *Result) Text() string {
	n := 0
	for _, k := range r.Kept {
		n += len(k.Text) + 2
	}
	var b strings.Builder
	b.Grow(n)
	for i, k := range r.Kept {
		if i > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString(k.Text)
	}
	return b.String()
}
