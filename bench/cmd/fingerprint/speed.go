package main

import (
	"fmt"
	"hash/fnv"
	"iter"
	"runtime"
	"slices"
	"strings"
	"time"

	minhashlsh "github.com/ekzhu/minhash-lsh"

	"github.com/newsdedup/newsdedup"
)

var sink uint64

// The rivals take words in the way most programs do, alone or, to tell copies,
// in shingles: of five for MinHash, with 128 permutations, and of three for
// SimHash. What else they need to compare
// articles (positions, titles, an encoded form) is not counted against them.
var contenders = []struct {
	name string
	run  func(a *newsdedup.Article)
}{
	{"newsdedup", func() func(a *newsdedup.Article) {
		var buf []byte
		return func(a *newsdedup.Article) {
			var err error
			if buf, err = newsdedup.SchemeDefault.AppendFingerprint(buf[:0], a); err != nil {
				panic(err)
			}
		}
	}()},
	{"Fields(ToLower)", func(a *newsdedup.Article) { sink += uint64(len(strings.Fields(strings.ToLower(a.Text)))) }},
	{"SimHash, words", func(a *newsdedup.Article) { sink += simhash(a.Text) }},
	{"minhash-lsh, words", func(a *newsdedup.Article) {
		m := minhashlsh.NewMinhash(1, 128)
		for _, w := range strings.Fields(strings.ToLower(a.Text)) {
			m.Push([]byte(w))
		}
		sink += m.Signature()[0]
	}},
	{"minhash-lsh, 5", func(a *newsdedup.Article) {
		m := minhashlsh.NewMinhash(1, 128)
		for s := range shingles(a.Text, 5) {
			m.Push([]byte(s))
		}
		sink += m.Signature()[0]
	}},
	{"SimHash, 3", func(a *newsdedup.Article) {
		count := map[string]int{}
		for s := range shingles(a.Text, 3) {
			count[s]++
		}
		var v [64]int
		h := fnv.New64a()
		for s, n := range count {
			h.Reset()
			h.Write([]byte(s))
			x := h.Sum64()
			for i := range v {
				if x>>i&1 != 0 {
					v[i] += n
				} else {
					v[i] -= n
				}
			}
		}
		sink += uint64(v[0])
	}},
}

// shingles yields every n words that follow each other.
func shingles(text string, n int) iter.Seq[string] {
	return func(yield func(string) bool) {
		words := strings.Fields(strings.ToLower(text))
		for i := 0; i+n <= len(words); i++ {
			if !yield(strings.Join(words[i:i+n], " ")) {
				return
			}
		}
	}
}

// simhash is the SimHash of lower-case words as it is usually written.
func simhash(text string) (s uint64) {
	var v [64]int
	h := fnv.New64a()
	for _, w := range strings.Fields(strings.ToLower(text)) {
		h.Reset()
		h.Write([]byte(w))
		x := h.Sum64()
		for i := range v {
			if x>>i&1 != 0 {
				v[i]++
			} else {
				v[i]--
			}
		}
	}
	for i, n := range v {
		if n > 0 {
			s |= 1 << i
		}
	}
	return s
}

func speed(sets []*set, rounds int) {
	runtime.GOMAXPROCS(1)
	fmt.Println("MB/s of text on one core, the best of all rounds; the contenders take turns within a round")
	fmt.Printf("%-18s", "")
	for _, s := range sets {
		fmt.Printf("%8s", s.name)
	}
	fmt.Println()
	best := make([][]time.Duration, len(contenders))
	for i := range best {
		best[i] = make([]time.Duration, len(sets))
	}
	for range rounds {
		for k, s := range sets {
			for i, c := range contenders {
				start := time.Now()
				for j := range s.docs {
					c.run(&s.docs[j])
				}
				if d := time.Since(start); best[i][k] == 0 || d < best[i][k] {
					best[i][k] = d
				}
			}
		}
	}
	rate := func(i, k int) float64 { return float64(sets[k].bytes) / 1e6 / best[i][k].Seconds() }
	for i, c := range contenders {
		fmt.Printf("%-18s", c.name)
		for k := range sets {
			fmt.Printf("%8.1f", rate(i, k))
		}
		fmt.Println()
	}
	for _, of := range []struct {
		name string
		a, b int
	}{{"times of words", 2, 3}, {"times of shingles", 4, 5}} {
		fmt.Printf("%-18s", of.name)
		for k := range sets {
			fmt.Printf("%8.1f", rate(0, k)/max(rate(of.a, k), rate(of.b, k)))
		}
		fmt.Println()
	}

	fmt.Println("\nbytes of an encoded fingerprint without its ID: median, 90 %, greatest")
	for _, s := range sets {
		var sizes []int
		for j := range s.docs {
			b, err := newsdedup.SchemeDefault.AppendFingerprint(nil, &s.docs[j])
			if err != nil {
				panic(err)
			}
			sizes = append(sizes, len(b)-len(s.docs[j].ID))
		}
		slices.Sort(sizes)
		n := len(sizes)
		fmt.Printf("%-4s %6d %6d %6d\n", s.name, sizes[n/2], sizes[n*9/10], sizes[n-1])
	}
}
