package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/bench/internal/news"
	"github.com/newsdedup/newsdedup/internal/align"
	"github.com/newsdedup/newsdedup/internal/sketch"
	"github.com/newsdedup/newsdedup/internal/verdict"
)

// oracle compares the links of a Deduper with those of a comparison of all
// pairs, content by content: articles of the same words and title are one.
//
// Of all pairs those are compared that share
//
//   - so many of all their runs of three content words: two at least, and one
//     for each sixty words of the shorter text; of one with no more than forty
//     words one is enough; or
//   - four of all their names and numbers and a sixth of those of the side that
//     has fewer, three being enough for a side of fewer than nine.
//
// Partial and Near ask for common runs, and Rewrite for common names. That it
// is enough is tried on the pairs left out: for each content those four that
// have most runs in common, and those four with most names.
func (m *measure) oracle() error {
	s, err := m.stream(news.Config{})
	if err != nil {
		return err
	}
	o := newOracle(s, m.n)
	var c clock
	c.run()
	o.compare()
	c.stop()
	fmt.Fprintf(m.out, "%d contents: %d pairs compared in %.0f s of CPU time; of %d others looked at %d are linked\n",
		len(o.contents), o.compared.Load(), c.cpu.Seconds(), o.tried.Load(), o.slipped.Load())

	d, err := newsdedup.New(nil)
	if err != nil {
		return err
	}
	defer d.Close()
	f := fill{d: d, s: s, workers: 2}
	if _, err := f.add(0, m.n); err != nil {
		return err
	}
	found := make([]map[int32]newsdedup.Relation, len(o.contents))
	full := make([]bool, len(o.contents))
	wrong := 0
	var w news.Writer
	for i := range o.contents {
		c := &o.contents[i]
		a, _ := w.Article(s, c.article)
		matches, err := d.Lookup(context.Background(), &a)
		if err != nil {
			return err
		}
		full[i] = len(matches) >= newsdedup.MaxMatches
		found[i] = map[int32]newsdedup.Relation{}
		for _, match := range matches {
			k, err := strconv.Atoi(match.B)
			if err != nil {
				return err
			}
			j := o.of[k]
			if int(j) == i {
				continue
			}
			found[i][j] = match.Relation
			if o.linked(i, int(j)) != match.Relation {
				wrong++
			}
		}
	}
	for g, err := range d.Groups(context.Background()) {
		if err != nil {
			return err
		}
		for _, l := range g.Links {
			a, errA := strconv.Atoi(l.A)
			b, errB := strconv.Atoi(l.B)
			if err := cmp.Or(errA, errB); err != nil {
				return err
			}
			if i, j := o.of[a], o.of[b]; i != j {
				found[i][j] = l.Relation
			}
		}
	}
	var links, seen, missed [newsdedup.Exact + 1]int
	degree := make([]int, len(o.contents))
	for i := range o.contents {
		for _, l := range o.contents[i].links {
			degree[i]++
			degree[l.to]++
		}
	}
	var crowd, crowdMissed [5]int // links of Partial or more, by the greater degree
	for i := range o.contents {
		for _, l := range o.contents[i].links {
			links[l.relation]++
			size := 0
			for d := max(degree[i], degree[l.to]); d > 4 && size < 4; d /= 4 {
				size++
			}
			if l.relation >= newsdedup.Partial {
				crowd[size]++
			}
			_, here := found[i][l.to]
			_, there := found[l.to][int32(i)]
			switch {
			case here || there:
				seen[l.relation]++
			case full[i] && full[l.to]:
				// Both lists are cut off at the greatest number of matches.
			default:
				missed[l.relation]++
				if l.relation >= newsdedup.Partial {
					crowdMissed[size]++
				}
			}
		}
	}
	rows := [][]string{cells("", "links of all pairs", "found", "not found", "share found", "beyond both lists", "held by Stats")}
	stats := d.Stats()
	for r := newsdedup.Exact; r >= newsdedup.Rewrite; r-- {
		rows = append(rows, cells(r, links[r], seen[r], missed[r], fmt.Sprintf("%.2f %%", 100*float64(seen[r])/float64(max(1, seen[r]+missed[r]))),
			links[r]-seen[r]-missed[r], stats.Links[r]))
	}
	table(m.out, rows)
	rows = [][]string{cells("links of the content that has more", "Partial or more", "not found")}
	for k, name := range []string{"up to 4", "5 to 19", "20 to 79", "80 to 319", "more"} {
		rows = append(rows, cells(name, crowd[k], crowdMissed[k]))
	}
	table(m.out, rows)
	fmt.Fprintf(m.out, "links that are not among those of all pairs: %d\n%+v\n", wrong, stats)
	return nil
}

// content is one text with one title.
type content struct {
	article int // the first that has it
	sketch  sketch.Sketch
	runs    []uint32 // distinct
	facts   []uint16 // distinct names and numbers
	links   []link   // to earlier contents
}

type link struct {
	to       int32
	relation newsdedup.Relation
}

type oracle struct {
	contents []content
	of       []int32 // content of every article
	runs     map[uint32][]int32
	facts    [1 << 16][]int32

	compared, tried, slipped atomic.Int64
}

func newOracle(s *news.Stream, n int) *oracle {
	o := &oracle{of: make([]int32, n), runs: map[uint32][]int32{}}
	byText := map[string]int32{}
	var b sketch.Builder
	var w news.Writer
	for i := range n {
		a, _ := w.Article(s, i)
		var sk sketch.Sketch
		b.Build(&sk, a.Title, a.Text)
		title := b.Name(a.Title)
		key := fmt.Sprintf("%x %x", sk.Digest, title)
		at, ok := byText[key]
		if !ok {
			at = int32(len(o.contents))
			byText[key] = at
			c := content{article: i, sketch: sk}
			for k := 0; k+3 <= len(sk.Tokens); k++ {
				h := uint64(sk.Tokens[k])<<32 | uint64(sk.Tokens[k+1])<<16 | uint64(sk.Tokens[k+2])
				c.runs = append(c.runs, uint32(h*0x9E3779B97F4A7C15>>32))
			}
			for k, t := range sk.Tokens {
				if sk.Kinds[k] == sketch.Name || sk.Kinds[k] == sketch.Number {
					c.facts = append(c.facts, t)
				}
			}
			slices.Sort(c.runs)
			slices.Sort(c.facts)
			c.runs, c.facts = slices.Compact(c.runs), slices.Compact(c.facts)
			for _, h := range c.runs {
				o.runs[h] = append(o.runs[h], at)
			}
			for _, h := range c.facts {
				o.facts[h] = append(o.facts[h], at)
			}
			o.contents = append(o.contents, c)
		}
		o.of[i] = at
	}
	return o
}

// enough reports whether two contents have so much in common that they are to
// be compared.
func enough(a, b *content, runs, facts int) bool {
	words, fewer := min(len(a.sketch.Tokens), len(b.sketch.Tokens)), min(len(a.facts), len(b.facts))
	least := max(2, words/60)
	if words <= 40 {
		least = 1
	}
	leastFacts := max(4, fewer/6)
	if fewer < 9 {
		leastFacts = 3
	}
	return runs >= least || facts >= leastFacts
}

func (o *oracle) compare() {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			var j judge
			runs, facts := make([]uint16, len(o.contents)), make([]uint16, len(o.contents))
			var touched []int32
			for {
				i := int32(next.Add(1)) - 1
				if int(i) >= len(o.contents) {
					return
				}
				c := &o.contents[i]
				count := func(list []int32, of []uint16) {
					for _, k := range list {
						if k >= i {
							return
						}
						if runs[k]|facts[k] == 0 {
							touched = append(touched, k)
						}
						of[k]++
					}
				}
				for _, h := range c.runs {
					count(o.runs[h], runs)
				}
				for _, h := range c.facts {
					count(o.facts[h], facts)
				}
				out := touched[:0]
				for _, k := range touched {
					if !enough(c, &o.contents[k], int(runs[k]), int(facts[k])) {
						out = append(out, k)
						continue
					}
					o.compared.Add(1)
					if r := j.relate(&c.sketch, &o.contents[k].sketch); r >= newsdedup.Rewrite {
						c.links = append(c.links, link{k, r})
					}
					runs[k], facts[k] = 0, 0
				}
				for _, of := range [][]uint16{runs, facts} {
					slices.SortFunc(out, func(a, b int32) int { return int(of[b]) - int(of[a]) })
					for _, k := range out[:min(4, len(out))] {
						o.tried.Add(1)
						if j.relate(&c.sketch, &o.contents[k].sketch) >= newsdedup.Rewrite {
							o.slipped.Add(1)
						}
					}
				}
				for _, k := range out {
					runs[k], facts[k] = 0, 0
				}
				touched = touched[:0]
			}
		})
	}
	wg.Wait()
}

// linked is the relation of two contents, by the comparison of all pairs.
func (o *oracle) linked(i, j int) newsdedup.Relation {
	if i < j {
		i, j = j, i
	}
	for _, l := range o.contents[i].links {
		if int(l.to) == j {
			return l.relation
		}
	}
	return newsdedup.Unrelated
}

// A judge gives the verdict of newsdedup.Relate without its evidence.
type judge struct {
	a, b         sketch.Sketch
	viewA, viewB sketch.View
	align        align.Aligner
	vector       verdict.Vector
}

func (j *judge) relate(a, b *sketch.Sketch) newsdedup.Relation {
	if bytes.Compare(a.Digest[:], b.Digest[:]) > 0 {
		a, b = b, a
	}
	if a.Digest == b.Digest && a.Words > 0 {
		return newsdedup.Exact
	}
	if level := max(a.Level, b.Level); a.Level != b.Level {
		a.Sample(&j.a, level)
		b.Sample(&j.b, level)
		a, b = &j.a, &j.b
	}
	j.viewA.Of(a)
	j.viewB.Of(b)
	verdict.Features(&j.vector, j.align.Align(&j.viewA, &j.viewB))
	r, _, _ := verdict.Judge(&j.vector)
	return newsdedup.Relation(r)
}
