package main

import (
	"os"
	"slices"
	"testing"
	"time"

	"github.com/newsdedup/newsdedup"
)

// BenchmarkRelate times Relate on the labelled wire pairs, decoding included.
func BenchmarkRelate(b *testing.B) {
	dir := os.Getenv("NEWSDEDUP_DATA")
	if dir == "" {
		b.Skip("NEWSDEDUP_DATA is not set")
	}
	pairs, err := load(dir)
	if err != nil {
		b.Fatal(err)
	}
	prints := map[*doc]*newsdedup.Fingerprint{}
	fp := func(d *doc) *newsdedup.Fingerprint {
		if prints[d] == nil {
			f := newsdedup.SchemeDefault.Fingerprint(&newsdedup.Article{Title: d.Title, Text: d.Text})
			prints[d] = &f
		}
		return prints[d]
	}
	type two struct{ a, b *newsdedup.Fingerprint }
	var all []two
	for _, p := range pairs {
		if p.set == "wire" {
			all = append(all, two{fp(p.a), fp(p.b)})
		}
	}
	took := make([]time.Duration, 0, 1<<20)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p := all[i%len(all)]
		start := time.Now()
		if _, err := newsdedup.Relate(p.a, p.b, nil); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds()), "p50-ns")
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds()), "p99-ns")
}
