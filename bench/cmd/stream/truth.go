package main

import (
	"context"
	"strconv"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/bench/internal/news"
)

// families names the family of each of the first n articles: those that are
// tied by Rewrite or a stronger relation. One into which paragraphs of another
// text were pasted is of that one's family.
func families(s *news.Stream, n int) []int {
	out := make([]int, n)
	for i := range out {
		t := s.Truth(i)
		for t.From >= 0 {
			t = s.Truth(t.From)
		}
		out[i] = t.Facts
	}
	return out
}

// grouped names the group of each of the first n articles, all of which are held.
func grouped(d *newsdedup.Deduper, n int) ([]int, error) {
	groups, k := make([]int, n), 0
	for g, err := range d.GroupStates(context.Background()) {
		if err == nil {
			err = mark(groups, k, g.Members)
		}
		if err != nil {
			return nil, err
		}
		k++
	}
	return groups, nil
}

// mark notes that articles are in group k.
func mark(groups []int, k int, ids []string) error {
	for _, id := range ids {
		i, err := strconv.Atoi(id)
		if err != nil {
			return err
		}
		groups[i] = k
	}
	return nil
}

// A score is precision and recall of a partition, by pairs and by B-cubed
// (Bagga and Baldwin 1998).
type score struct {
	pairP, pairR, cubeP, cubeR float64
	mixed                      int // groups of more than one family
}

func f1(p, r float64) float64 {
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}

// compare scores groups against families; both name the set each article is in.
func compare(groups, families []int) (s score) {
	type cell struct{ g, f int }
	cells, g, f := map[cell]int{}, map[int]int{}, map[int]int{}
	for i := range groups {
		cells[cell{groups[i], families[i]}]++
		g[groups[i]]++
		f[families[i]]++
	}
	pairs := func(n int) float64 { return float64(n) * float64(n-1) / 2 }
	var both, inGroups, inFamilies float64
	families2 := map[int]int{}
	for c, n := range cells {
		both += pairs(n)
		s.cubeP += float64(n) * float64(n) / float64(g[c.g])
		s.cubeR += float64(n) * float64(n) / float64(f[c.f])
		families2[c.g]++
	}
	for _, n := range g {
		inGroups += pairs(n)
	}
	for _, n := range f {
		inFamilies += pairs(n)
	}
	for _, n := range families2 {
		if n > 1 {
			s.mixed++
		}
	}
	n := float64(max(1, len(groups)))
	s.pairP, s.pairR = both/max(1, inGroups), both/max(1, inFamilies)
	s.cubeP, s.cubeR = s.cubeP/n, s.cubeR/n
	return s
}
