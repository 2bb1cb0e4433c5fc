package news

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/internal/sketch"
	"github.com/newsdedup/newsdedup/internal/token"
)

// Shape is what an index and a comparison see of a collection: how long its
// texts are, what they consist of, and how much unrelated ones share.
type Shape struct {
	Articles int
	// Percentiles 10, 50, 90 and 99, and the mean last.
	Bytes, Fingerprint, Content, Names, Numbers, Dates Spread
	Sentence, Paragraph                                Spread // words of one
	// Share of the words that are content, and of the content that is quoted.
	ContentShare, Quoted float64
	// Types are the distinct content words of the first 800 articles.
	Types int
	// Pairs are the pairs of unrelated articles looked at: the mean number of
	// runs of three content words that two share, the share of pairs that have
	// one and three at least; the same of two names or numbers that stand next
	// to each other.
	Pairs                     int
	Runs, AnyRun, ThreeRuns   float64
	Facts, AnyFact, FourFacts float64
	// RunShare and FactShare are the shares of the articles that have the most
	// frequent such run or pair of names, the 10th, 100th and 1000th.
	RunShare, FactShare [4]float64
}

// A Spread holds the percentiles 10, 50, 90 and 99, and the mean.
type Spread struct {
	P10, P50, P90, P99, Mean float64
}

func spread(v []float64) (s Spread) {
	if len(v) == 0 {
		return s
	}
	slices.Sort(v)
	at := func(p int) float64 { return v[min(len(v)-1, len(v)*p/100)] }
	s = Spread{P10: at(10), P50: at(50), P90: at(90), P99: at(99)}
	for _, x := range v {
		s.Mean += x / float64(len(v))
	}
	return s
}

// Measure returns the shape of articles. Family names the story of each, so
// that pairs within one are left out of the comparison of unrelated ones.
func Measure(articles []newsdedup.Article, family []string) Shape {
	s := Shape{Articles: len(articles)}
	var bytes, print, content, names, numbers, dates, sentence, paragraph []float64
	var words, contents, quoted float64
	types := map[uint16]bool{}
	runs := make([][]uint64, len(articles))
	facts := make([][]uint64, len(articles))
	runCount, factCount := map[uint64]int{}, map[uint64]int{}
	var b sketch.Builder
	var sk sketch.Sketch
	var ts []token.Token
	for i := range articles {
		a := &articles[i]
		fp := newsdedup.SchemeDefault.Fingerprint(a)
		enc, _ := fp.AppendBinary(nil)
		b.Build(&sk, a.Title, a.Text)
		bytes = append(bytes, float64(len(a.Text)))
		print = append(print, float64(len(enc)))
		content = append(content, float64(len(sk.Tokens)))
		distinct := [4]map[uint16]bool{{}, {}, {}, {}}
		var fact []uint16
		for k, t := range sk.Tokens {
			distinct[sk.Kinds[k]][t] = true
			if i < 800 {
				types[t] = true
			}
			if sk.Kinds[k] == sketch.Name || sk.Kinds[k] == sketch.Number {
				fact = append(fact, t)
			}
		}
		names = append(names, float64(len(distinct[sketch.Name])))
		numbers = append(numbers, float64(len(distinct[sketch.Number])))
		dates = append(dates, float64(len(distinct[sketch.Date])))
		ts = token.Scan(ts[:0], a.Text)
		last, from := 0, 0
		for k, t := range ts {
			if t.Flags&token.Sentence != 0 && k > last {
				sentence = append(sentence, float64(k-last))
				last = k
			}
			if t.Flags&token.Paragraph != 0 && k > from {
				paragraph = append(paragraph, float64(k-from))
				from = k
			}
			words++
			if t.Flags&token.Content != 0 {
				contents++
				if t.Flags&token.Quoted != 0 {
					quoted++
				}
			}
		}
		for k := 0; k+3 <= len(sk.Tokens); k++ {
			runs[i] = append(runs[i], uint64(sk.Tokens[k])<<32|uint64(sk.Tokens[k+1])<<16|uint64(sk.Tokens[k+2]))
		}
		for k := 1; k < len(fact); k++ {
			x, y := fact[k-1], fact[k]
			if x != y {
				facts[i] = append(facts[i], uint64(min(x, y))<<16|uint64(max(x, y)))
			}
		}
		for _, x := range []struct {
			v *[]uint64
			n map[uint64]int
		}{{&runs[i], runCount}, {&facts[i], factCount}} {
			slices.Sort(*x.v)
			*x.v = slices.Compact(*x.v)
			for _, h := range *x.v {
				x.n[h]++
			}
		}
	}
	s.Bytes, s.Fingerprint, s.Content = spread(bytes), spread(print), spread(content)
	s.Names, s.Numbers, s.Dates = spread(names), spread(numbers), spread(dates)
	s.Sentence, s.Paragraph = spread(sentence), spread(paragraph)
	s.ContentShare, s.Quoted, s.Types = contents/max(1, words), quoted/max(1, contents), len(types)
	for i := range articles {
		for step := 1; step <= 40; step++ {
			j := (i + step*step*7 + step) % len(articles)
			if i == j || family[i] == family[j] {
				continue
			}
			s.Pairs++
			r, f := common(runs[i], runs[j]), common(facts[i], facts[j])
			s.Runs += float64(r)
			s.Facts += float64(f)
			if r > 0 {
				s.AnyRun++
			}
			if r >= 3 {
				s.ThreeRuns++
			}
			if f > 0 {
				s.AnyFact++
			}
			if f >= 4 {
				s.FourFacts++
			}
		}
	}
	for _, p := range []*float64{&s.Runs, &s.AnyRun, &s.ThreeRuns, &s.Facts, &s.AnyFact, &s.FourFacts} {
		*p /= float64(max(1, s.Pairs))
	}
	s.RunShare, s.FactShare = ranked(runCount, len(articles)), ranked(factCount, len(articles))
	return s
}

func common(a, b []uint64) (n int) {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch c := cmp.Compare(a[i], b[j]); {
		case c < 0:
			i++
		case c > 0:
			j++
		default:
			n, i, j = n+1, i+1, j+1
		}
	}
	return n
}

func ranked(counts map[uint64]int, n int) (out [4]float64) {
	var v []int
	for _, c := range counts {
		v = append(v, c)
	}
	slices.SortFunc(v, func(a, b int) int { return b - a })
	for i, rank := range []int{1, 10, 100, 1000} {
		if rank <= len(v) {
			out[i] = float64(v[rank-1]) / float64(n)
		}
	}
	return out
}

// Print writes shapes side by side, one column each.
func Print(w io.Writer, names []string, shapes []Shape) {
	row := func(label string, f func(*Shape) string) {
		fmt.Fprintf(w, "%-44s", label)
		for i := range shapes {
			fmt.Fprintf(w, " %38s", f(&shapes[i]))
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "%-44s", "")
	for _, n := range names {
		fmt.Fprintf(w, " %38s", n)
	}
	fmt.Fprintln(w)
	row("articles", func(s *Shape) string { return fmt.Sprint(s.Articles) })
	for _, x := range []struct {
		label string
		f     func(*Shape) Spread
	}{
		{"bytes of text", func(s *Shape) Spread { return s.Bytes }},
		{"bytes of fingerprint", func(s *Shape) Spread { return s.Fingerprint }},
		{"content words", func(s *Shape) Spread { return s.Content }},
		{"distinct names", func(s *Shape) Spread { return s.Names }},
		{"distinct numbers", func(s *Shape) Spread { return s.Numbers }},
		{"distinct weekdays and months", func(s *Shape) Spread { return s.Dates }},
		{"words of a sentence", func(s *Shape) Spread { return s.Sentence }},
		{"words of a paragraph", func(s *Shape) Spread { return s.Paragraph }},
	} {
		row(x.label+": p10 p50 p90 p99 mean", func(s *Shape) string {
			v := x.f(s)
			return fmt.Sprintf("%.0f %.0f %.0f %.0f %.1f", v.P10, v.P50, v.P90, v.P99, v.Mean)
		})
	}
	row("content, of words; quoted, of content", func(s *Shape) string { return fmt.Sprintf("%.3f %.3f", s.ContentShare, s.Quoted) })
	row("distinct content words of 800 articles", func(s *Shape) string { return fmt.Sprint(s.Types) })
	row("unrelated pairs", func(s *Shape) string { return fmt.Sprint(s.Pairs) })
	row("common runs: mean, any, three", func(s *Shape) string {
		return fmt.Sprintf("%.3f %.4f %.4f", s.Runs, s.AnyRun, s.ThreeRuns)
	})
	row("common facts: mean, any, four", func(s *Shape) string {
		return fmt.Sprintf("%.3f %.4f %.4f", s.Facts, s.AnyFact, s.FourFacts)
	})
	curve := func(v [4]float64) string {
		return strings.TrimSpace(fmt.Sprintf("%.4f %.4f %.4f %.4f", v[0], v[1], v[2], v[3]))
	}
	row("run of rank 1, 10, 100, 1000: share", func(s *Shape) string { return curve(s.RunShare) })
	row("fact of rank 1, 10, 100, 1000: share", func(s *Shape) string { return curve(s.FactShare) })
}
