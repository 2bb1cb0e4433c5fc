package main

import (
	"context"
	"fmt"
	"iter"
	"runtime"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/bench/internal/news"
)

// articles yields the first n articles; the clock stands while a chunk is made.
func articles(s *news.Stream, n int, c *clock) iter.Seq2[*newsdedup.Article, error] {
	return func(yield func(*newsdedup.Article, error) bool) {
		for from := 0; from < n; from += chunk {
			if from > 0 {
				c.stop()
			}
			buf := made(s, from, min(from+chunk, n), nil) // the Deduper may still read the last
			c.run()
			for i := range buf {
				if !yield(&buf[i], nil) {
					return
				}
			}
		}
	}
}

// clustered clusters the first n articles and names the group of each.
func clustered(s *news.Stream, n int, o *newsdedup.Options) (groups []int, c clock, err error) {
	found, err := newsdedup.Cluster(context.Background(), articles(s, n, &c), o)
	c.stop()
	if err != nil {
		return nil, c, err
	}
	groups = make([]int, n)
	for k, g := range found {
		if err := mark(groups, k, g.Members); err != nil {
			return nil, c, err
		}
	}
	return groups, c, nil
}

// cluster is the time of Cluster, and how it grows.
func (m *measure) cluster() error {
	rows := [][]string{cells("articles", "elapsed", "CPU", "articles/s", "growth", "pair P", "pair R", "B-cubed P", "R", "F1", "mixed groups", "peak")}
	last := 0.0
	for n := max(100, m.n/1000); n <= m.n; n *= 10 {
		s, err := m.stream(news.Config{})
		if err != nil {
			return err
		}
		groups, c, err := clustered(s, n, nil)
		if err != nil {
			return err
		}
		peak := held().peak // what follows takes memory too
		x := compare(groups, families(s, n))
		growth := "-"
		if last > 0 {
			growth = fmt.Sprintf("%.1f", c.elapsed.Seconds()/last)
		}
		last = c.elapsed.Seconds()
		rows = append(rows, cells(n, fmt.Sprintf("%.2f s", last), fmt.Sprintf("%.2f s", c.cpu.Seconds()), float64(n)/last, growth, x.pairP, x.pairR, x.cubeP, x.cubeR, f1(x.cubeP, x.cubeR), x.mixed, size(peak)))
	}
	table(m.out, rows)
	return nil
}

// boilerplate is what 300 words cost that stand in all articles.
func (m *measure) boilerplate() error {
	rows := [][]string{cells("boilerplate", "elapsed", "CPU", "articles/s", "pair P", "pair R", "mixed groups", "of families", "peak")}
	var rate [2]float64
	for k, words := range []int{0, 300} {
		s, err := m.stream(news.Config{Boilerplate: words})
		if err != nil {
			return err
		}
		groups, c, err := clustered(s, m.n, nil)
		if err != nil {
			return err
		}
		peak := held().peak
		of := families(s, m.n)
		x := compare(groups, of)
		distinct := map[int]bool{}
		for _, f := range of {
			distinct[f] = true
		}
		rate[k] = float64(m.n) / c.elapsed.Seconds()
		rows = append(rows, cells(fmt.Sprint(words, " words"), fmt.Sprintf("%.2f s", c.elapsed.Seconds()), fmt.Sprintf("%.2f s", c.cpu.Seconds()), rate[k], x.pairP, x.pairR, x.mixed, len(distinct), size(peak)))
		runtime.GC()
	}
	table(m.out, rows)
	fmt.Fprintf(m.out, "throughput with boilerplate: %.2f of that without\n", rate[1]/rate[0])
	return nil
}
