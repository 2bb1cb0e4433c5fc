package main

import (
	"encoding/binary"
	"fmt"
	"iter"
	"path/filepath"

	"github.com/newsdedup/newsdedup/internal/align"
	"github.com/newsdedup/newsdedup/internal/posting"
	"github.com/newsdedup/newsdedup/internal/sketch"
	"github.com/newsdedup/newsdedup/internal/verdict"
)

// An indexed corpus is one in which every document proposes others.
type indexed struct {
	sketches []sketch.Sketch
	views    []sketch.View
	keys     [][]uint32
	index    *posting.Index
	tally    posting.Tally
}

// indexOf posts documents by their keys for Rewrite, as a Deduper does.
func indexOf(docs []*doc) *indexed {
	x := &indexed{sketches: make([]sketch.Sketch, len(docs)), views: make([]sketch.View, len(docs)), keys: make([][]uint32, len(docs))}
	x.index = posting.New(posting.Bounds{}, x.digest, func(a, b uint32) bool { return a < b })
	var builder sketch.Builder
	var effect posting.Effect
	for i, d := range docs {
		title, text := normalize(d)
		builder.Build(&x.sketches[i], title, text)
		x.views[i].Of(&x.sketches[i])
		x.keys[i] = posting.Keys(nil, &x.sketches[i], posting.Rewrites)
		x.index.Post(uint32(i), x.keys[i], &effect)
	}
	return x
}

func (x *indexed) digest(i uint32) uint64 { return binary.BigEndian.Uint64(x.sketches[i].Digest[:]) }

// candidates yields the documents that the index proposes for document i.
func (x *indexed) candidates(i int) iter.Seq[int] {
	return func(yield func(int) bool) {
		x.index.Count(&x.tally, uint32(i), x.digest(uint32(i)), x.keys[i])
		size := posting.Size{Keys: len(x.keys[i])}
		for _, s := range x.tally.Shares() {
			other := posting.Size{Keys: len(x.keys[s.Text])}
			if _, ok := posting.Candidate(int(s.Weight), int(s.Keys), size, other); ok && !yield(int(s.Text)) {
				return
			}
		}
	}
}

// candidates relates all pairs of the wire articles and tells which share of
// the links at each level the index would have proposed and let pass at a glance.
func candidates(dir string) error {
	_, docs, err := loadDocs(filepath.Join(dir, "wire2025", "docs.jsonl.gz"))
	if err != nil {
		return err
	}
	x := indexOf(docs)
	sk, views := x.sketches, x.views
	held, passed := 0, 0
	var glance posting.Glance
	var al align.Aligner
	var v verdict.Vector
	var links, found [5]int
	for i := range sk {
		proposed := map[int]bool{}
		glance.Set(string(sk[i].Append(nil)), posting.Names(&sk[i]))
		for j := range x.candidates(i) {
			held++
			proposed[j] = glance.Passes(string(sk[j].Append(nil)), posting.Names(&sk[j]), posting.Rewrites)
			if proposed[j] {
				passed++
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
			if proposed[j] {
				found[r]++
			}
		}
	}
	n := len(docs)
	fmt.Printf("%d articles, %.0f keys and %.0f candidates each, %.0f of which pass at a glance\n", n, float64(x.index.Posts())/float64(n), float64(held)/float64(n), float64(passed)/float64(n))
	for r := 4; r > 0; r-- {
		fmt.Printf("%-10s %6d links, %6d proposed (%.2f %%)\n", [...]string{"", "samestory", "rewrite", "partial", "near"}[r], links[r], found[r], 100*float64(found[r])/float64(max(links[r], 1)))
	}
	return nil
}
