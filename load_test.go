package newsdedup

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/newsdedup/newsdedup/internal/posting"
	"github.com/newsdedup/newsdedup/internal/sketch"
)

// listed is a Store of records in their order, for reading.
type listed []Record

func (s *listed) Apply(_ context.Context, b Batch) error { return nil }
func (s *listed) Close() error                           { return nil }

func (s *listed) Scan(context.Context) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for _, r := range *s {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// someArticles lists records of n articles of 3 KB, all of different content
// and without links. Their words are drawn as in news: a few often, most
// rarely.
func someArticles(n int) *listed {
	r := rand.New(rand.NewPCG(1, 1))
	often := rand.NewZipf(r, 1.1, 20, 40_000)
	word := func() string {
		var b strings.Builder
		for k := often.Uint64() + 30; k > 0; k /= 17 {
			b.WriteByte("bcdfglmnprstvwxyz"[k%17])
			b.WriteByte("aeiou"[k*7%5])
		}
		if s := b.String(); r.IntN(12) > 0 {
			return s
		} else {
			return strings.ToUpper(s[:1]) + s[1:]
		}
	}
	k, m := keyOf(metaKind, 0), meta{Scheme1, linkRules, Rewrite, 0, 0}
	s := listed{{k[:], m.append(nil)}}
	var keys []uint32
	for i := range uint64(n) {
		var b strings.Builder
		for b.Len() < 3000 {
			for range 8 + r.IntN(20) {
				if r.IntN(25) == 0 {
					fmt.Fprint(&b, r.IntN(2000), " ")
				}
				b.WriteString(word() + " ")
			}
			b.WriteString(". ")
		}
		f := Scheme1.Fingerprint(&Article{ID: fmt.Sprint("article ", i), Text: b.String()})
		var sk sketch.Sketch
		f.sketch(&sk)
		keys = posting.Keys(keys[:0], &sk, posting.Rewrites)
		rec := articleRecord{content: i + 1, keys: keys, head: f.data[:f.at], sketch: f.data[f.at:]}
		k := keyOf(articleKind, i+1)
		s = append(s, Record{k[:], rec.append(nil, i+1)})
	}
	return &s
}

func BenchmarkOpen(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		s := someArticles(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			size := 0
			for _, r := range *s {
				size += len(r.Value)
			}
			for b.Loop() {
				d, err := Open(context.Background(), s, nil)
				if err != nil {
					b.Fatal(err)
				}
				if d.Stats().Articles != n {
					b.Fatal("articles are missing")
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/article")
			b.ReportMetric(float64(size)/float64(n), "B/article")
		})
	}
}
