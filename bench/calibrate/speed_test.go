package main

import (
	"os"
	"slices"
	"testing"
	"time"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/internal/sketch"
)

type two struct{ a, b *newsdedup.Fingerprint }

// wirePairs are the fingerprints of the labelled wire pairs: of the texts as
// they were scraped, or normalized as a service would.
func wirePairs(b *testing.B, normalized bool) (all []two) {
	prints := map[*doc]*newsdedup.Fingerprint{}
	fp := func(d *doc) *newsdedup.Fingerprint {
		if prints[d] == nil {
			title, text := d.Title, d.Text
			if normalized {
				title, text = normalize(d)
			}
			f := newsdedup.SchemeDefault.Fingerprint(&newsdedup.Article{Title: title, Text: text})
			prints[d] = &f
		}
		return prints[d]
	}
	for _, p := range wire(b) {
		all = append(all, two{fp(p.a), fp(p.b)})
	}
	return all
}

// wire are the labelled wire pairs.
func wire(b *testing.B) (all []*pair) {
	dir := os.Getenv("NEWSDEDUP_DATA")
	if dir == "" {
		b.Skip("NEWSDEDUP_DATA is not set")
	}
	pairs, _, err := load(dir)
	if err != nil {
		b.Fatal(err)
	}
	for _, p := range pairs {
		if p.set == "wire" {
			all = append(all, p)
		}
	}
	return all
}

// related times Relate of pairs.
func related(b *testing.B, all []two) {
	timed(b, len(all), func(k int) {
		if _, err := newsdedup.Relate(all[k].a, all[k].b, nil); err != nil {
			b.Fatal(err)
		}
	})
}

// timed reports the median and the 99th percentile of single calls, and of the
// fastest call for every one of n pairs, which other work on the machine disturbs
// less.
func timed(b *testing.B, n int, call func(k int)) {
	took := make([]time.Duration, 0, 1<<20)
	least := make([]time.Duration, n)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		k := i % n
		start := time.Now()
		call(k)
		d := time.Since(start)
		took = append(took, d)
		if i < n || d < least[k] {
			least[k] = d
		}
	}
	report := func(name string, d []time.Duration) {
		slices.Sort(d)
		b.ReportMetric(float64(d[len(d)/2].Nanoseconds()), "p50-"+name)
		b.ReportMetric(float64(d[len(d)*99/100].Nanoseconds()), "p99-"+name)
	}
	report("ns", took)
	report("least-ns", least[:min(len(least), len(took))])
}

// BenchmarkRelate times Relate on the labelled wire pairs, evidence included.
func BenchmarkRelate(b *testing.B) { related(b, wirePairs(b, false)) }

// BenchmarkRelateNormalized is BenchmarkRelate on texts freed of chrome.
func BenchmarkRelateNormalized(b *testing.B) { related(b, wirePairs(b, true)) }

// BenchmarkRelateMany times Relate of one article with the seconds of sixteen
// wire pairs, one after the other: it is indexed once.
func BenchmarkRelateMany(b *testing.B) {
	pairs := wirePairs(b, false)
	var all []two
	for i := 0; i+16 <= len(pairs); i += 16 {
		for _, p := range pairs[i : i+16] {
			all = append(all, two{pairs[i].a, p.b})
		}
	}
	related(b, all)
}

// BenchmarkRelateFloor is below what any Relate of the labelled wire pairs can
// take that looks at all tokens: it reads both sketches, and each token of the
// one and then of the other is looked up once in a table.
func BenchmarkRelateFloor(b *testing.B) {
	var builder sketch.Builder
	var encoded [][2]string
	for _, p := range wire(b) {
		var two [2]string
		for k, d := range []*doc{p.a, p.b} {
			var s sketch.Sketch
			builder.Build(&s, d.Title, d.Text)
			two[k] = string(s.Append(nil))
		}
		encoded = append(encoded, two)
	}
	var table [1 << 16]uint8
	var v [2]sketch.View
	sum := 0
	timed(b, len(encoded), func(k int) {
		for side := range v {
			v[side].Read(encoded[k][side])
			for i := range v[side].Len {
				t := v[side].Token(i)
				sum += int(table[t])
				table[t] = uint8(side)
			}
		}
	})
	if sum < 0 {
		b.Fatal("the table holds less than nothing")
	}
}
