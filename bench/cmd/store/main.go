// Command store measures the durable Deduper on a made-up stream of news: how
// fast it takes articles in from several goroutines, in memory, with a fsync
// for every change and without, and by AddAll; what an article takes on the disk; how long
// opening takes; and what Expire and Compact give back.
//
//	go run ./cmd/store -dir FOLDER [-n 100000] [-goroutines 16] [-modes memory,nosync,sync,all]
//
// FOLDER should be on the kind of disk that matters. What is written there is
// deleted at the end, unless -keep is set; a file kept is opened as it is by
// -modes open. The quickest way to such a file is -modes fill: AddAll without
// fsync, with the throughput of every tenth or million told; it keeps the file, and ends
// when that is closed. With -parts the articles are so many streams that have
// nothing in common, each the work of a Deduper of its own, which takes less time
// and a part of the memory. As the peak of the resident memory is that of the whole
// process, -modes open should have one of its own.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/bench/internal/cli"
	"github.com/newsdedup/newsdedup/bench/internal/news"
	"github.com/newsdedup/newsdedup/boltstore"
)

func main() { cli.Main(run) }

type harness struct {
	out        io.Writer
	dir        string
	n          int
	goroutines int
	keep       bool
	memory     float64   // articles per second without a store
	tenth      time.Time // a tenth of the articles is older
	parts      int
	told       int   // articles of which the throughput is told
	all, last  clock // of all that were added, and of those that were told
}

func run(args []string, out io.Writer) error {
	h := harness{out: out}
	flags := flag.NewFlagSet("store", flag.ContinueOnError)
	flags.StringVar(&h.dir, "dir", "", "folder for the store's file")
	flags.IntVar(&h.n, "n", 100_000, "articles")
	flags.IntVar(&h.goroutines, "goroutines", 16, "that call Add")
	flags.IntVar(&h.parts, "parts", 1, "streams that the articles of -modes fill are of")
	flags.BoolVar(&h.keep, "keep", false, "leave the file there")
	profile := flags.String("cpuprofile", "", "file for a profile")
	modes := flags.String("modes", "memory,nosync,sync,all", "what to measure: memory, nosync, sync, all, fill, open")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if h.dir == "" || h.parts < 1 || h.parts > h.n {
		return fmt.Errorf("-dir and -parts from 1 to -n are wanted")
	}
	if *profile != "" {
		f, err := os.Create(*profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	for _, mode := range strings.Split(*modes, ",") {
		if err := h.measure(mode); err != nil {
			return fmt.Errorf("%s: %w", mode, err)
		}
	}
	return nil
}

func (h *harness) path() string { return filepath.Join(h.dir, "bench.db") }

func (h *harness) measure(mode string) error {
	ctx := context.Background()
	o := &boltstore.Options{NoSync: mode == "nosync" || mode == "fill"}
	switch mode {
	case "memory":
		d, err := newsdedup.New(nil)
		if err != nil {
			return err
		}
		if err := h.fill(d, nil, mode); err != nil {
			return err
		}
		fmt.Fprintf(h.out, "  %s\n", used())
		return d.Close()
	case "nosync", "sync", "all", "fill":
		os.Remove(h.path())
	case "open":
		o.NoSync = true
	default:
		return fmt.Errorf("unknown mode")
	}
	d, s, err := h.open(o)
	if err != nil {
		return err
	}
	if mode != "open" {
		if err := h.fill(d, s, mode); err != nil {
			return err
		}
		fmt.Fprintf(h.out, "  %s\n", used())
		if err := d.Close(); err != nil {
			return err
		}
		if err := s.Close(); err != nil {
			return err
		}
		d, s = nil, nil
		if err := h.size(h.n, "filled"); err != nil || mode == "fill" {
			return err
		}
		if d, s, err = h.open(o); err != nil {
			return err
		}
	}
	if mode == "nosync" && !h.keep {
		st := d.Stats()
		c := start()
		gone, err := d.Expire(ctx, h.tenth)
		if err != nil {
			return err
		}
		c.stop()
		fmt.Fprintf(h.out, "  Expire of %d of %d: %v\n", gone, st.Articles, c)
		c = start()
		if err := s.Compact(ctx); err != nil {
			return err
		}
		c.stop()
		fmt.Fprintf(h.out, "  Compact: %v\n", c)
		if err := h.size(st.Articles-gone, "compacted"); err != nil {
			return err
		}
	}
	if err := d.Close(); err != nil {
		return err
	}
	if err := s.Close(); err != nil {
		return err
	}
	if !h.keep {
		return os.Remove(h.path())
	}
	return nil
}

func (h *harness) open(o *boltstore.Options) (*newsdedup.Deduper, *boltstore.Store, error) {
	debug.FreeOSMemory()
	c := start()
	s, err := boltstore.Open(h.path(), o)
	if err != nil {
		return nil, nil, err
	}
	d, err := newsdedup.Open(context.Background(), s, nil)
	if err != nil {
		return nil, nil, err
	}
	c.stop()
	st := d.Stats()
	links := 0
	for _, n := range st.Links {
		links += n
	}
	fmt.Fprintf(h.out, "  Open: %d articles, %d links in %v; %s\n", st.Articles, links, c, used())
	return d, s, nil
}

func (h *harness) size(articles int, what string) error {
	info, err := os.Stat(h.path())
	if err != nil {
		return err
	}
	blocks := info.Sys().(*syscall.Stat_t).Blocks * 512
	fmt.Fprintf(h.out, "  file %s: %.0f MB, %.0f MB on the disk, %.0f bytes an article\n",
		what, float64(info.Size())/1e6, float64(blocks)/1e6, float64(blocks)/float64(articles))
	return nil
}

// stream adds n articles of a stream behind the first ones, from several
// goroutines; the clock stands while articles are made.
func (h *harness) stream(d *newsdedup.Deduper, mode string, seed uint64, first, n int) error {
	s, err := news.New(news.Config{Seed: seed, PerDay: max(1, n/20)})
	if err != nil {
		return err
	}
	var w news.Writer
	a, _ := w.Article(s, n/10)
	h.tenth = a.Published
	const chunk = 1 << 14
	tell := min(1_000_000, max(1, h.n/10))
	buf := make([]newsdedup.Article, min(chunk, n))
	for from := 0; from < n; from += chunk {
		m := min(chunk, n-from)
		each(runtime.NumCPU(), m, func() func(int) error {
			var w news.Writer
			return func(i int) error {
				buf[i], _ = w.Article(s, from+i)
				buf[i].ID = strconv.Itoa(first + from + i)
				return nil
			}
		})
		if mode != "fill" {
			runtime.GC()
		}
		h.all.run()
		if err := h.add(d, mode, buf[:m]); err != nil {
			return err
		}
		h.all.stop()
		if end := first + from + m; mode == "fill" && end/tell > h.told/tell {
			part := clock{elapsed: h.all.elapsed - h.last.elapsed, cpu: h.all.cpu - h.last.cpu}
			fmt.Fprintf(h.out, "  %d articles: the last %d in %v; %s\n", end, end-h.told, part, resident())
			h.last, h.told = h.all, end
		}
	}
	return nil
}

// fillParts adds the streams of -parts, the first to d.
func (h *harness) fillParts(d *newsdedup.Deduper, s newsdedup.Store) error {
	for p := range h.parts {
		from, to := p*h.n/h.parts, (p+1)*h.n/h.parts
		if p > 0 {
			var err error
			if d, err = newsdedup.Open(context.Background(), &part{s, uint64(from)}, nil); err != nil {
				return err
			}
		}
		if err := cmp.Or(h.stream(d, "fill", uint64(p), from, to-from), d.Close()); err != nil {
			return err
		}
	}
	return nil
}

// fill adds the articles and tells how long it took.
func (h *harness) fill(d *newsdedup.Deduper, s newsdedup.Store, mode string) error {
	h.all, h.last, h.told = clock{}, clock{}, 0
	if mode == "fill" {
		if err := h.fillParts(d, s); err != nil {
			return err
		}
	} else if err := h.stream(d, mode, 0, 0, h.n); err != nil {
		return err
	}
	c := h.all
	rate := float64(h.n) / c.elapsed.Seconds()
	from := fmt.Sprintf("from %d goroutines", h.goroutines)
	if mode == "all" || mode == "fill" {
		from = "by AddAll"
	}
	fmt.Fprintf(h.out, "%s: %d articles %s in %v: %.0f/s", mode, h.n, from, c, rate)
	if mode == "memory" {
		h.memory = rate
	} else if h.memory > 0 {
		fmt.Fprintf(h.out, ", %.2f times as long as in memory", h.memory/rate)
	}
	fmt.Fprintln(h.out)
	return nil
}

func (h *harness) add(d *newsdedup.Deduper, mode string, articles []newsdedup.Article) error {
	if mode == "all" || mode == "fill" {
		for _, err := range d.AddAll(context.Background(), func(yield func(*newsdedup.Article, error) bool) {
			for i := range articles {
				if !yield(&articles[i], nil) {
					return
				}
			}
		}) {
			if err != nil {
				return err
			}
		}
		return nil
	}
	return each(h.goroutines, len(articles), func() func(int) error {
		return func(i int) error {
			_, err := d.Add(context.Background(), &articles[i])
			return err
		}
	})
}

// each calls the functions that worker returns for 0 to n-1.
func each(goroutines, n int, worker func() func(int) error) error {
	var next atomic.Int64
	var wg sync.WaitGroup
	var failed atomic.Pointer[error]
	for range goroutines {
		wg.Go(func() {
			f := worker()
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if err := f(i); err != nil {
					failed.Store(&err)
					return
				}
			}
		})
	}
	wg.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	return nil
}

// clock adds up elapsed and CPU time.
type clock struct {
	elapsed, cpu, cpu0 time.Duration
	began              time.Time
}

func start() *clock {
	c := new(clock)
	c.run()
	return c
}

func (c *clock) run() { c.began, c.cpu0 = time.Now(), cpu() }

func (c *clock) stop() {
	c.elapsed += time.Since(c.began)
	c.cpu += cpu() - c.cpu0
}

func (c clock) String() string {
	return fmt.Sprintf("%.2f s (CPU %.2f s)", c.elapsed.Seconds(), c.cpu.Seconds())
}

func cpu() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// used is the memory held after a collection of garbage.
func used() string {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return fmt.Sprintf("heap %.0f MB, %s", float64(m.HeapAlloc)/1e6, resident())
}

// resident is the memory that the process has, and the most it has had.
func resident() string {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return err.Error()
	}
	var s []string
	for line := range strings.Lines(string(b)) {
		for _, f := range []struct{ name, text string }{{"RssAnon:", "resident"}, {"RssFile:", "of mapped files"}, {"VmHWM:", "peak"}} {
			var kb int64
			if n, _ := fmt.Sscanf(line, f.name+" %d", &kb); n == 1 {
				s = append(s, fmt.Sprintf("%s %.0f MB", f.text, float64(kb)/1e3))
			}
		}
	}
	return strings.Join(s, ", ")
}
