package newsdedup_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/newsdedup/newsdedup"
)

// Adding and looking up an article of made-up words where that many are held.
func BenchmarkDeduper(b *testing.B) {
	ctx := context.Background()
	for _, n := range []int{1000, 10000} {
		w := newWire(1)
		var d *newsdedup.Deduper
		made := 0
		next := func() *newsdedup.Article {
			made++
			return &newsdedup.Article{ID: fmt.Sprint(made), Text: strings.Join(w.story(), "\n\n")}
		}
		fill := func(b *testing.B) {
			if d != nil {
				return
			}
			var err error
			if d, err = newsdedup.New(nil); err != nil {
				b.Fatal(err)
			}
			for range n {
				if _, err := d.Add(ctx, next()); err != nil {
					b.Fatal(err)
				}
			}
		}
		b.Run(fmt.Sprint("Add/", n), func(b *testing.B) {
			fill(b)
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				a := next()
				b.StartTimer()
				if _, err := d.Add(ctx, a); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(d.Stats().Bytes)/float64(d.Stats().Articles), "bytes/article")
		})
		b.Run(fmt.Sprint("Lookup/", n), func(b *testing.B) {
			fill(b)
			a := next()
			b.ReportAllocs()
			for b.Loop() {
				if _, err := d.Lookup(ctx, a); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
