package main

import (
	"encoding/binary"
	"fmt"
	"path/filepath"

	"github.com/newsdedup/newsdedup/internal/align"
	"github.com/newsdedup/newsdedup/internal/posting"
	"github.com/newsdedup/newsdedup/internal/sketch"
	"github.com/newsdedup/newsdedup/internal/verdict"
)

// candidates relates all pairs of the wire articles and tells which share of
// the links at each level the index would have proposed and let pass at a glance.
func candidates(dir string) error {
	_, docs, err := loadDocs(filepath.Join(dir, "wire2025", "docs.jsonl.gz"))
	if err != nil {
		return err
	}
	var builder sketch.Builder
	sk := make([]sketch.Sketch, len(docs))
	views := make([]sketch.View, len(docs))
	keys := make([][]uint32, len(docs))
	posted, held, passed := 0, 0, 0
	var effect posting.Effect
	digest := func(i uint32) uint64 { return binary.BigEndian.Uint64(sk[i].Digest[:]) }
	index := posting.New(posting.Bounds{}, digest, func(a, b uint32) bool { return a < b })
	for i, d := range docs {
		title, text := normalize(d)
		builder.Build(&sk[i], title, text)
		views[i].Of(&sk[i])
		keys[i] = posting.Keys(nil, &sk[i], posting.Rewrites)
		posted += len(keys[i])
		index.Post(uint32(i), keys[i], &effect)
	}
	var tally posting.Tally
	var glance posting.Glance
	var al align.Aligner
	var v verdict.Vector
	var links, found [5]int
	for i := range sk {
		proposed := map[uint32]bool{}
		glance.Set(string(sk[i].Append(nil)), posting.Names(&sk[i]))
		index.Count(&tally, uint32(i), digest(uint32(i)), keys[i])
		for _, s := range tally.Shares() {
			j, weight, shared := s.Text, int(s.Weight), int(s.Keys)
			if _, ok := posting.Candidate(weight, shared, posting.Size{Keys: len(keys[i])}, posting.Size{Keys: len(keys[j])}); ok {
				held++
				proposed[j] = glance.Passes(string(sk[j].Append(nil)), posting.Names(&sk[j]), posting.Rewrites)
				if proposed[j] {
					passed++
				}
			}
		}
		for j := range i {
			a, b := &views[i], &views[j]
			if l := max(a.Level, b.Level); l > min(a.Level, b.Level) {
				var x, y sketch.Sketch
				sk[i].Sample(&x, l)
				sk[j].Sample(&y, l)
				a, b = new(sketch.View), new(sketch.View)
				a.Of(&x)
				b.Of(&y)
			}
			verdict.Features(&v, al.Align(a, b))
			r, _, _ := verdict.Judge(&v)
			links[r]++
			if proposed[uint32(j)] {
				found[r]++
			}
		}
	}
	n := len(docs)
	fmt.Printf("%d articles, %.0f keys and %.0f candidates each, %.0f of which pass at a glance\n", n, float64(posted)/float64(n), float64(held)/float64(n), float64(passed)/float64(n))
	for r := 4; r > 0; r-- {
		fmt.Printf("%-10s %6d links, %6d proposed (%.2f %%)\n", [...]string{"", "samestory", "rewrite", "partial", "near"}[r], links[r], found[r], 100*float64(found[r])/float64(max(links[r], 1)))
	}
	return nil
}
