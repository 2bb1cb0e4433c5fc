// Band measures the index of SimHashes (internal/band): time of a search within
// a few bits beside a look at all of them, and memory.
//
//	band [-n N] [-queries Q] [-seed S]
//
// One hash in eight differs in up to seven bits from an earlier one, the others
// are random. Half of the queries are hashes held with a few bits flipped.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math/bits"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/newsdedup/newsdedup/bench/internal/cli"
	"github.com/newsdedup/newsdedup/bench/internal/news"
	"github.com/newsdedup/newsdedup/internal/band"
)

func main() { cli.Main(run) }

func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("band", flag.ContinueOnError)
	n := flags.Int("n", 1_000_000, "hashes")
	queries := flags.Int("queries", 2000, "queries for each distance")
	seed := flags.Uint64("seed", 1, "seed")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *n < 1 || uint64(*n) > 1<<32 || *queries < 1 {
		return errors.New("-n or -queries out of range")
	}
	return measure(out, *n, *queries, *seed)
}

func measure(w io.Writer, n, queries int, seed uint64) error {
	s, err := news.New(news.Config{Seed: seed})
	if err != nil {
		return err
	}
	var x band.Index
	before := resident()
	hashes := make([]uint64, 0, 1<<16)
	var took, greatest time.Duration
	for from := 0; from < n; from += cap(hashes) {
		hashes = hashes[:0]
		for i := from; i < min(n, from+cap(hashes)); i++ {
			h, _ := s.SimHash(i)
			hashes = append(hashes, h)
		}
		last := time.Now()
		start := last
		for i, h := range hashes {
			x.Add(uint32(from+i), h)
			if i&15 == 15 {
				now := time.Now()
				greatest = max(greatest, now.Sub(last))
				last = now
			}
		}
		took += time.Since(start)
	}
	debug.FreeOSMemory()
	fmt.Fprintf(w, "%d hashes: Add %.0f ns each, sixteen at most %v; %.2f GB (%.1f bytes each), resident %.2f GB more than before\n",
		n, float64(took.Nanoseconds())/float64(n), greatest, float64(x.Bytes())/1e9, float64(x.Bytes())/float64(n), float64(resident()-before)/1e9)

	rng := rand.New(rand.NewPCG(seed, 1))
	asked := make([]uint64, queries)
	for i := range asked {
		asked[i] = rng.Uint64()
		if i&1 == 0 {
			asked[i], _ = s.SimHash(rng.IntN(n))
			for range rng.IntN(4) {
				asked[i] ^= 1 << rng.IntN(64)
			}
		}
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "distance\tp50\tp90\tp99\tmean\tfound\t")
	found := map[int]int{}
	for _, k := range []int{0, 3, 4, 5, 6, 7, 8} {
		var hits []band.Hit
		each := make([]time.Duration, 0, queries)
		total := time.Duration(0)
		for _, h := range asked {
			start := time.Now()
			hits = x.Search(hits[:0], h, k)
			each = append(each, time.Since(start))
			total += each[len(each)-1]
			found[k] += len(hits)
		}
		slices.Sort(each)
		fmt.Fprintf(t, "%d\t%v\t%v\t%v\t%v\t%d\t\n", k, each[queries/2], each[queries*9/10], each[queries*99/100], total/time.Duration(queries), found[k])
	}
	t.Flush()

	// All hashes in one array, and what a look at all of them finds.
	all := make([]uint64, n)
	for i := range all {
		all[i], _ = s.SimHash(i)
	}
	var scans []time.Duration
	for round := range 5 {
		k := []int{3, 6}[round&1]
		h := asked[round]
		start := time.Now()
		count := 0
		for _, g := range all {
			if bits.OnesCount64(g^h) <= k {
				count++
			}
		}
		scans = append(scans, time.Since(start))
		if got := len(x.Search(nil, h, k)); got != count {
			return fmt.Errorf("%016x within %d: %d found, %d held", h, k, got, count)
		}
	}
	slices.Sort(scans)
	fmt.Fprintf(w, "a look at all of them: %v; it found the same\n", scans[len(scans)/2])
	runtime.KeepAlive(&x)
	return nil
}

// resident is the memory of the process, 0 where the system does not tell.
func resident() (n int64) {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(b)) {
		fmt.Sscanf(line, "VmRSS: %d", &n)
	}
	return n << 10
}
