package main

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"iter"
	"math"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	minhashlsh "github.com/ekzhu/minhash-lsh"

	"github.com/newsdedup/newsdedup"
)

var sink uint64

// The rivals do what their users do to tell copies of a text: github.com/ekzhu/
// minhash-lsh with 128 permutations is given the words, or shingles of five; a
// SimHash takes words with a regular expression, hashes them with FNV and votes
// in a loop over 64 counters, as github.com/mfonda/simhash and go-dedup/simhash
// do, or leaner, words of strings.Fields, alone or in shingles of three. What
// else is needed to compare articles (positions, titles, an encoded form) only
// newsdedup makes; it is not counted against the rivals.
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
	{"SimHash, regexp", func(a *newsdedup.Article) {
		var v [64]int
		for _, w := range wordPattern.FindAll(bytes.ToLower([]byte(a.Text)), -1) {
			h := fnv.New64()
			h.Write(w)
			vote(&v, h.Sum64(), 1)
		}
		sink += uint64(v[0])
	}},
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
			vote(&v, h.Sum64(), n)
		}
		sink += uint64(v[0])
	}},
}

var wordPattern = regexp.MustCompile(`[\w']+`)

func vote(v *[64]int, h uint64, n int) {
	for i := range v {
		if h>>i&1 != 0 {
			v[i] += n
		} else {
			v[i] -= n
		}
	}
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
		vote(&v, h.Sum64(), 1)
	}
	for i, n := range v {
		if n > 0 {
			s |= 1 << i
		}
	}
	return s
}

// cpu returns the processor time that this program has taken: unlike the time by
// the clock, it does not grow by much when others use the machine.
func cpu() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

func speed(sets []*set, rounds int) {
	runtime.GOMAXPROCS(1)
	fmt.Println("MB/s of text on one core, of every article the best of all rounds; the contenders take turns within a round.\nTimes: the median over the rounds of the fastest rival's processor time as a multiple of newsdedup's in the same round.")
	fmt.Printf("%-18s", "")
	for _, s := range sets {
		fmt.Printf("%8s", s.name)
	}
	fmt.Println()
	best := make([][][]time.Duration, len(contenders)) // of a contender, a set and an article
	for i := range best {
		for _, s := range sets {
			best[i] = append(best[i], make([]time.Duration, len(s.docs)))
		}
	}
	took := make([][][]time.Duration, rounds) // in a round, by a contender, for a set
	for r := range took {
		took[r] = make([][]time.Duration, len(contenders))
		for i := range contenders {
			took[r][i] = make([]time.Duration, len(sets))
		}
		for k, s := range sets {
			for i, c := range contenders {
				before := cpu()
				for j := range s.docs {
					start := time.Now()
					c.run(&s.docs[j])
					d := time.Since(start)
					if best[i][k][j] == 0 || d < best[i][k][j] {
						best[i][k][j] = d
					}
				}
				took[r][i][k] = cpu() - before
			}
		}
	}
	rate := func(i, k int) float64 {
		var sum time.Duration
		for _, d := range best[i][k] {
			sum += d
		}
		return float64(sets[k].bytes) / 1e6 / sum.Seconds()
	}
	runtime.KeepAlive(sink)
	for i, c := range contenders {
		fmt.Printf("%-18s", c.name)
		for k := range sets {
			fmt.Printf("%8.1f", rate(i, k))
		}
		fmt.Println()
	}
	for _, of := range []struct {
		name   string
		rivals []string
	}{
		{"times of words", []string{"SimHash, regexp", "SimHash, words", "minhash-lsh, words"}},
		{"times of shingles", []string{"minhash-lsh, 5", "SimHash, 3"}},
	} {
		fmt.Printf("%-18s", of.name)
		for k := range sets {
			var times []float64
			for r := range took {
				least := math.Inf(1)
				for i, c := range contenders {
					if slices.Contains(of.rivals, c.name) {
						least = min(least, took[r][i][k].Seconds()/took[r][0][k].Seconds())
					}
				}
				times = append(times, least)
			}
			slices.Sort(times)
			fmt.Printf("%8.1f", times[len(times)/2])
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
