package main

import (
	"fmt"
	"runtime"
	"strings"

	minhashlsh "github.com/ekzhu/minhash-lsh"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/bench/internal/news"
)

const permutations = 128

// rival sets Add beside MinHash signatures and look-ups, on one core. The
// rival needs all its keys before it can be asked, verifies nothing, and makes
// no groups: here what it links is one group.
func (m *measure) rival() error {
	s, err := m.stream(news.Config{})
	if err != nil {
		return err
	}
	of := families(s, m.n)
	rows := [][]string{cells("", "elapsed", "CPU", "articles/s", "pair P", "pair R", "pair F1", "B-cubed P", "R", "F1")}
	row := func(name string, c clock, groups []int) float64 {
		x := compare(groups, of)
		rate := float64(m.n) / c.cpu.Seconds()
		rows = append(rows, cells(name, fmt.Sprintf("%.2f s", c.elapsed.Seconds()), fmt.Sprintf("%.2f s", c.cpu.Seconds()), rate,
			x.pairP, x.pairR, f1(x.pairP, x.pairR), x.cubeP, x.cubeR, f1(x.cubeP, x.cubeR)))
		return rate
	}

	d, err := newsdedup.New(nil)
	if err != nil {
		return err
	}
	f := fill{d: d, s: s, workers: 1}
	c, err := f.add(0, m.n)
	if err != nil {
		return err
	}
	groups, err := grouped(d, m.n)
	if err != nil {
		return err
	}
	d.Close()
	ours := row("newsdedup", c, groups)

	best := 0.0
	for _, threshold := range []float64{.5, .8} {
		for _, words := range []int{3, 5} {
			c, groups := lsh(s, m.n, threshold, words)
			best = max(best, row(fmt.Sprintf("minhash-lsh, runs of %d words, %.1f", words, threshold), c, groups))
		}
	}
	table(m.out, rows)
	fmt.Fprintf(m.out, "articles by CPU time: %.1f times the fastest rival\n", ours/best)
	return nil
}

// lsh links articles whose signatures of word shingles meet in a band.
func lsh(s *news.Stream, n int, threshold float64, words int) (c clock, groups []int) {
	cores := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(cores)
	index := minhashlsh.NewMinhashLSH(permutations, threshold)
	signatures := make([][]uint64, 0, n)
	var buf []newsdedup.Article
	for from := 0; from < n; from += chunk {
		runtime.GOMAXPROCS(cores)
		buf = made(s, from, min(from+chunk, n), buf)
		runtime.GC()
		runtime.GOMAXPROCS(1)
		c.run()
		for i := range buf {
			h := minhashlsh.NewMinhash(1, permutations)
			fields := strings.Fields(strings.ToLower(buf[i].Text))
			var b []byte
			for k := 0; k+words <= len(fields); k++ {
				b = b[:0]
				for _, w := range fields[k : k+words] {
					b = append(append(b, w...), ' ')
				}
				h.Push(b)
			}
			signatures = append(signatures, h.Signature())
			index.Add(from+i, signatures[from+i])
		}
		c.stop()
	}
	c.run()
	index.Index()
	parent := make([]int, n)
	for i := range parent {
		parent[i] = i
	}
	find := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for i, signature := range signatures {
		for _, j := range index.Query(signature) {
			parent[find(i)] = find(j.(int))
		}
	}
	c.stop()
	groups = make([]int, n)
	for i := range groups {
		groups[i] = find(i)
	}
	return c, groups
}
