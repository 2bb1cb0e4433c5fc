package chrome

import "slices"

// acquitted is the share of its terms, of four or more, that the core uses too
// from which on a learned line counts as the story's own. In a story of
// another event (wire2025) less than one paragraph in a hundred reaches it.
const acquitted = 0.7

// forget takes away the blocks that learned reports, but for those that have
// most of their terms in common with the core of the rest. It returns the
// other blocks, their indexes in the given ones, and the removals; the given
// blocks and nil where nothing is taken away.
func forget(blocks []Block, learned func(string) bool) ([]Block, []int, []Removal) {
	if learned == nil {
		return blocks, nil, nil
	}
	known := make([]bool, len(blocks))
	any := false
	for i := range blocks {
		known[i] = learned(blocks[i].Text)
		any = any || known[i]
	}
	if !any {
		return blocks, nil, nil
	}
	p := new(page)
	p.load(blocks, Hints{}, nil, nil)
	for i, k := range known {
		if k {
			p.class[i] = Learned
		}
	}
	p.context()
	var rest []Block
	var origin []int
	var gone []Removal
	for i := range blocks {
		if known[i] && len(p.lines[i].terms) >= 4 {
			coh, _ := p.cohesion(i)
			known[i] = coh < acquitted
		}
		if known[i] {
			gone = append(gone, Removal{i, blocks[i].Text, Learned})
			continue
		}
		rest = append(rest, blocks[i])
		origin = append(origin, i)
	}
	return rest, origin, gone
}

// remember makes a result of the blocks that forget left one of all blocks.
func (r *Result) remember(origin []int, gone []Removal) {
	r.join(origin, gone)
	slices.SortStableFunc(r.Removed, func(a, b Removal) int { return a.Block - b.Block })
}
