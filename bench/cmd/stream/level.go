package main

import (
	"fmt"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/bench/internal/news"
)

// levels is what a Deduper holds and finds at each GroupBy: memory, throughput,
// and of the pairs of articles that belong together by a relation at least so
// strong, the share that is in one group.
func (m *measure) levels() error {
	s, err := m.stream(news.Config{})
	if err != nil {
		return err
	}
	wants := []newsdedup.Relation{newsdedup.Near, newsdedup.Partial, newsdedup.Rewrite}
	header := cells("GroupBy", "heap bytes an article", "articles/s by CPU time")
	for _, r := range wants {
		header = append(header, fmt.Sprint(r, " together"))
	}
	rows := [][]string{header}
	truth := make([]news.Truth, m.n)
	members := map[int][]int{} // of a family
	for i, f := range families(s, m.n) {
		truth[i] = s.Truth(i)
		members[f] = append(members[f], i)
	}
	for _, level := range []newsdedup.Relation{newsdedup.Near, newsdedup.Partial, newsdedup.Rewrite, newsdedup.SameStory} {
		before := held()
		d, err := newsdedup.New(&newsdedup.Options{GroupBy: level})
		if err != nil {
			return err
		}
		f := fill{d: d, s: s, batch: true, workers: 2}
		c, err := f.add(0, m.n)
		if err != nil {
			return err
		}
		f.buf = nil
		row := cells(level, float64(held().heap-before.heap)/float64(m.n), float64(m.n)/c.cpu.Seconds())
		group, err := grouped(d, m.n)
		if err != nil {
			return err
		}
		for _, r := range wants {
			pairs, together := 0, 0
			for _, family := range members {
				for i, a := range family {
					for _, b := range family[:i] {
						if news.Want(truth[a], truth[b]) >= r {
							pairs++
							if group[a] == group[b] {
								together++
							}
						}
					}
				}
			}
			row = append(row, cells(float64(together)/float64(max(1, pairs)))...)
		}
		rows = append(rows, row)
		d.Close()
	}
	table(m.out, rows)
	return nil
}
