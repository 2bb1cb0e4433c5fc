package main

import (
	"os"
	"slices"
	"testing"
	"time"

	"github.com/newsdedup/newsdedup"
)

type two struct{ a, b *newsdedup.Fingerprint }

// wirePairs are the fingerprints of the labelled wire pairs: of the texts as
// they were scraped, or normalized as a service would.
func wirePairs(b *testing.B, normalized bool) (all []two) {
	dir := os.Getenv("NEWSDEDUP_DATA")
	if dir == "" {
		b.Skip("NEWSDEDUP_DATA is not set")
	}
	pairs, _, err := load(dir)
	if err != nil {
		b.Fatal(err)
	}
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
	for _, p := range pairs {
		if p.set == "wire" {
			all = append(all, two{fp(p.a), fp(p.b)})
		}
	}
	return all
}

// timed reports the median and the 99th percentile of single calls, and of the
// fastest call of every pair, which other work on the machine disturbs less.
func timed(b *testing.B, all []two) {
	took := make([]time.Duration, 0, 1<<20)
	least := make([]time.Duration, len(all))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		k := i % len(all)
		start := time.Now()
		if _, err := newsdedup.Relate(all[k].a, all[k].b, nil); err != nil {
			b.Fatal(err)
		}
		d := time.Since(start)
		took = append(took, d)
		if i < len(all) || d < least[k] {
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
func BenchmarkRelate(b *testing.B) { timed(b, wirePairs(b, false)) }

// BenchmarkRelateNormalized is BenchmarkRelate on texts freed of chrome.
func BenchmarkRelateNormalized(b *testing.B) { timed(b, wirePairs(b, true)) }

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
	timed(b, all)
}
