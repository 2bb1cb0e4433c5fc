package newsdedup

import (
	"cmp"
	"slices"

	"github.com/newsdedup/newsdedup/internal/sketch"
	"github.com/newsdedup/newsdedup/internal/star"
	"github.com/newsdedup/newsdedup/internal/verdict"
)

// seenFew and seenMany return a function that tells whether a content was asked
// for before.
func seenFew() func(c uint32) bool {
	seen := map[uint32]bool{}
	return func(c uint32) bool {
		before := seen[c]
		seen[c] = true
		return before
	}
}

func seenMany(n int) func(c uint32) bool {
	seen := make([]bool, n)
	return func(c uint32) bool {
		before := seen[c]
		seen[c] = true
		return before
	}
}

// component returns c and all contents that links lead to, none if c was seen
// before. For reading.
func (h *held) component(c uint32, seen func(uint32) bool) []uint32 {
	if seen(c) {
		return nil
	}
	out := []uint32{c}
	for i := 0; i < len(out); i++ {
		for l := range h.linksOf(out[i]) {
			if o := l.other(); !seen(o) {
				out = append(out, o)
			}
		}
	}
	return out
}

// groups divides a component, by the rules of package star; contents count in
// the order of their ranks. For reading.
func (h *held) groups(component []uint32) [][]uint32 {
	switch len(component) {
	case 0:
		return nil
	case 1, 2:
		return [][]uint32{component}
	}
	slices.SortFunc(component, h.order)
	number := make(map[uint32]int, len(component))
	for i, c := range component {
		number[c] = i
	}
	var edges []star.Edge
	series := h.series(component)
	for i, c := range component {
		for l := range h.linksOf(c) {
			if j := number[l.other()]; i < j {
				e := star.Edge{A: i, B: j, Weight: closeness(l), Chance: l.score()}
				e.Loose = l.relation() == SameStory
				e.Odd = l.relation() >= Partial && series(i, j)
				edges = append(edges, e)
			}
		}
	}
	var out [][]uint32
	for _, members := range star.Groups(len(component), edges) {
		g := make([]uint32, len(members))
		for i, k := range members {
			g[i] = component[k]
		}
		out = append(out, g)
	}
	return out
}

// series tells of two contents of some, by number, whether they are notices that
// differ. For reading.
func (h *held) series(contents []uint32) func(i, j int) bool {
	var notices []verdict.Notice
	at := make([]int, len(contents)) // of each in notices, plus one; 0 of other texts
	var x verdict.Notice
	for i, c := range contents {
		if tokens, kinds, _ := sketch.Tokens(h.sketchOf(c)); x.Of(tokens, kinds) {
			notices = append(notices, x)
			at[i] = len(notices)
		}
	}
	return func(i, j int) bool {
		return at[i] > 0 && at[j] > 0 && verdict.Differ(&notices[at[i]-1], &notices[at[j]-1])
	}
}

// order orders contents by rank, and by the sketches behind it. For reading.
func (h *held) order(a, b uint32) int {
	if x, y := h.contents.At(a).rank, h.contents.At(b).rank; x != y {
		return cmp.Compare(x, y)
	}
	return cmp.Compare(h.sketchOf(a), h.sketchOf(b))
}
