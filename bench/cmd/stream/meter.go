package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/bench/internal/news"
)

// chunk is how many articles are made ahead while the clock stands: about 70 MB.
const chunk = 20_000

// made makes articles from to to-1, with all cores.
func made(s *news.Stream, from, to int, articles []newsdedup.Article) []newsdedup.Article {
	articles = slices.Grow(articles[:0], to-from)[:to-from]
	var next atomic.Int64
	var wg sync.WaitGroup
	for range runtime.NumCPU() {
		wg.Go(func() {
			var w news.Writer
			const step = 64
			for {
				i := int(next.Add(step)) - step
				if i >= to-from {
					return
				}
				for k := i; k < min(i+step, to-from); k++ {
					articles[k], _ = w.Article(s, from+k)
				}
			}
		})
	}
	wg.Wait()
	return articles
}

// A clock adds up elapsed and CPU time, of the whole process.
type clock struct {
	elapsed, cpu time.Duration
	start        time.Time
	startCPU     time.Duration
}

func (c *clock) run() { c.start, c.startCPU = time.Now(), processTime() }

func (c *clock) stop() {
	c.elapsed += time.Since(c.start)
	c.cpu += processTime() - c.startCPU
}

// processTime is the CPU time the process has used.
func processTime() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// memory is what the process holds after a collection of garbage: bytes of the
// heap, and those of the process that are resident, with their peak.
type memory struct{ heap, resident, peak int64 }

func held() (m memory) {
	debug.FreeOSMemory()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	m.heap = int64(s.HeapAlloc)
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return m // not Linux
	}
	for line := range strings.Lines(string(b)) {
		fmt.Sscanf(line, "VmRSS: %d", &m.resident)
		fmt.Sscanf(line, "VmHWM: %d", &m.peak)
	}
	m.resident, m.peak = m.resident<<10, m.peak<<10
	return m
}

func (m memory) String() string {
	return fmt.Sprintf("heap %s, resident %s, peak %s", size(m.heap), size(m.resident), size(m.peak))
}

func size(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

// percentiles 50, 90, 99, 99.9 and the greatest.
func percentiles(d []time.Duration) (out [5]time.Duration) {
	if len(d) == 0 {
		return out
	}
	d = slices.Sorted(slices.Values(d))
	for i, p := range []int{500, 900, 990, 999, 1000} {
		out[i] = d[min(len(d)-1, len(d)*p/1000)]
	}
	return out
}

// table prints rows of cells in columns.
func table(w io.Writer, rows [][]string) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, r := range rows {
		fmt.Fprintln(t, strings.Join(r, "\t")+"\t")
	}
	t.Flush()
}

func cells(v ...any) (out []string) {
	for _, x := range v {
		switch x := x.(type) {
		case float64:
			out = append(out, fmt.Sprintf("%.4g", x))
		case time.Duration:
			if x < time.Second {
				out = append(out, fmt.Sprintf("%.1f µs", float64(x.Nanoseconds())/1e3))
			} else {
				out = append(out, fmt.Sprintf("%.2f s", x.Seconds()))
			}
		default:
			out = append(out, fmt.Sprint(x))
		}
	}
	return out
}
