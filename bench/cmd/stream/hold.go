package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/bench/internal/news"
)

// A fill adds a stream to a Deduper.
type fill struct {
	d       *newsdedup.Deduper
	s       *news.Stream
	workers int
	batch   bool            // AddAll
	each    []time.Duration // of every Add, with one worker

	buf []newsdedup.Article
}

// add adds articles from to to-1 with as many cores as workers, and returns
// what the Adds took, without the making of the articles.
func (f *fill) add(from, to int) (c clock, err error) {
	cores := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(cores)
	for ; from < to && err == nil; from += chunk {
		runtime.GOMAXPROCS(cores)
		f.buf = made(f.s, from, min(from+chunk, to), f.buf)
		runtime.GC() // what was made is none of the Deduper's garbage
		runtime.GOMAXPROCS(f.workers)
		c.run()
		if f.batch {
			err = f.all()
		} else if f.workers == 1 {
			last := time.Now()
			for i := range f.buf {
				if _, err = f.d.Add(context.Background(), &f.buf[i]); err != nil {
					return c, err
				}
				now := time.Now()
				f.each = append(f.each, now.Sub(last))
				last = now
			}
		} else {
			err = f.concurrent()
		}
		c.stop()
	}
	return c, err
}

func (f *fill) all() error {
	seq := func(yield func(*newsdedup.Article, error) bool) {
		for i := range f.buf {
			if !yield(&f.buf[i], nil) {
				return
			}
		}
	}
	for _, err := range f.d.AddAll(context.Background(), seq) {
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *fill) concurrent() (err error) {
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, f.workers)
	for k := range f.workers {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(f.buf) {
					return
				}
				if _, errs[k] = f.d.Add(context.Background(), &f.buf[i]); errs[k] != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// add is the throughput of Add, by how many are held.
func (m *measure) add() error {
	s, err := m.stream(news.Config{})
	if err != nil {
		return err
	}
	rows := [][]string{cells("", "held", "articles/s", "by CPU time", "µs CPU each", "p50", "p90", "p99", "p99.9", "greatest")}
	rates := map[string]float64{}
	floor := scaling()
	for _, x := range []struct {
		name    string
		workers int
		batch   bool
	}{{"Add, one core", 1, false}, {"Add, two", 2, false}, {"AddAll, two", 2, true}} {
		d, err := newsdedup.New(&newsdedup.Options{Workers: x.workers})
		if err != nil {
			return err
		}
		f := fill{d: d, s: s, workers: x.workers, batch: x.batch}
		for from, to := 0, m.n/10; from < m.n; from, to = to, m.n {
			f.each = f.each[:0]
			c, err := f.add(from, to)
			if err != nil {
				return err
			}
			n := float64(to - from)
			rates[x.name] = n / c.elapsed.Seconds()
			row := cells(x.name, fmt.Sprintf("%d to %d", from, to), rates[x.name], n*float64(x.workers)/c.cpu.Seconds(), c.cpu.Seconds()/n*1e6)
			if len(f.each) > 0 {
				p := percentiles(f.each)
				row = append(row, cells(p[0], p[1], p[2], p[3], p[4])...)
			}
			rows = append(rows, row)
		}
		d.Close()
	}
	apart, err := m.apart(s)
	if err != nil {
		return err
	}
	table(m.out, rows)
	fmt.Fprintf(m.out, "two cores: %.2f times one; two Dedupers, which share nothing: %.2f; the machine, of plain arithmetic, before and after: %.2f and %.2f\n",
		rates["Add, two"]/rates["Add, one core"], apart/rates["Add, one core"], floor, scaling())
	return nil
}

// apart is how many articles a second two goroutines add, each to a Deduper of its
// own: what memory and collector leave to be had by two cores without a lock.
func (m *measure) apart(s *news.Stream) (rate float64, err error) {
	dedupers := make([]*newsdedup.Deduper, 2)
	for k := range dedupers {
		if dedupers[k], err = newsdedup.New(nil); err != nil {
			return 0, err
		}
		defer dedupers[k].Close()
	}
	var buf []newsdedup.Article
	var c clock
	for from, to := 0, m.n/10; from < m.n; from, to = to, min(to+chunk, m.n) {
		buf = made(s, from, to, buf)
		runtime.GC()
		if from > 0 {
			c.run()
			rate += 2 * float64(len(buf))
		}
		errs := make([]error, len(dedupers))
		var wg sync.WaitGroup
		for k := range dedupers {
			wg.Go(func() {
				for i := range buf {
					if _, errs[k] = dedupers[k].Add(context.Background(), &buf[i]); errs[k] != nil {
						return
					}
				}
			})
		}
		wg.Wait()
		if from > 0 {
			c.stop()
		}
		if err := errors.Join(errs...); err != nil {
			return 0, err
		}
	}
	return rate / c.elapsed.Seconds(), nil
}

// scaling is how many times as much plain arithmetic, which no memory slows down, two
// goroutines do in a time as one: what the machine leaves to be had by two cores,
// now.
func scaling() float64 {
	done := func(workers int) (sum float64) {
		const long = 200 * time.Millisecond
		end := time.Now().Add(long)
		rounds := make([]int, workers)
		var wg sync.WaitGroup
		for k := range workers {
			wg.Go(func() {
				n, x := 0, uint64(k)
				for ; time.Now().Before(end) || x == 1; n++ {
					for range 1 << 12 {
						x = x*6364136223846793005 + 1442695040888963407
					}
				}
				rounds[k] = n
			})
		}
		wg.Wait()
		for _, n := range rounds {
			sum += float64(n)
		}
		return sum
	}
	// In turns, as other programs come and go.
	var one, two float64
	for range 3 {
		one += done(1)
		two += done(2)
	}
	return two / one
}

// hold fills a Deduper, then measures what it holds and how long calls take.
func (m *measure) hold() error {
	s, err := m.stream(news.Config{PerDay: max(1, m.n/20)})
	if err != nil {
		return err
	}
	rate := runtime.MemProfileRate
	runtime.MemProfileRate = sampleEvery
	defer func() { runtime.MemProfileRate = rate }()
	since := profile()
	before := held()
	d, err := newsdedup.New(nil)
	if err != nil {
		return err
	}
	defer d.Close()
	f := fill{d: d, s: s, workers: 2}
	c, err := f.add(0, m.n)
	if err != nil {
		return err
	}
	f.buf = nil
	after := held()
	fmt.Fprintf(m.out, "filled with two cores in %.1f s, %.1f s CPU: %.0f articles/s\n", c.elapsed.Seconds(), c.cpu.Seconds(), float64(m.n)/c.elapsed.Seconds())
	fmt.Fprintf(m.out, "before: %v\nholding: %v\n", before, after)
	fmt.Fprintf(m.out, "an article: %.0f bytes of heap, %.0f resident\n", float64(after.heap-before.heap)/float64(m.n), float64(after.resident-before.resident)/float64(m.n))
	m.parts(kept(since), m.n)
	runtime.MemProfileRate = 0
	fmt.Fprintf(m.out, "%+v\n", d.Stats())

	calls := min(chunk/2, m.n)
	articles := made(s, m.n, m.n+2*calls, nil)
	runtime.GC()
	rows := [][]string{cells("", "", "p50", "p90", "p99", "p99.9", "greatest")}
	for _, x := range []struct {
		name string
		call func(*newsdedup.Article) error
	}{
		{"Lookup", func(a *newsdedup.Article) error {
			_, err := d.Lookup(context.Background(), a)
			return err
		}},
		{"Add", func(a *newsdedup.Article) error {
			_, err := d.Add(context.Background(), a)
			return err
		}},
	} {
		elapsed, cpu, err := each(articles[:calls], x.call)
		if err != nil {
			return err
		}
		articles = articles[calls:]
		p := percentiles(elapsed)
		rows = append(rows, cells(x.name, "elapsed", p[0], p[1], p[2], p[3], p[4]))
		p = percentiles(cpu)
		rows = append(rows, cells("", "CPU", p[0], p[1], p[2], p[3], p[4]))
	}
	table(m.out, rows)
	return m.expire(d, s)
}

// each times calls one by one: the time that passed, and the CPU time of the
// thread, to which other programs add nothing.
func each(articles []newsdedup.Article, call func(*newsdedup.Article) error) (elapsed, cpu []time.Duration, err error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for i := range articles {
		start, startCPU := time.Now(), threadTime()
		if err := call(&articles[i]); err != nil {
			return nil, nil, err
		}
		used := threadTime() - startCPU
		elapsed, cpu = append(elapsed, time.Since(start)), append(cpu, used)
	}
	return elapsed, cpu, nil
}

// threadTime is the CPU time of the thread.
func threadTime() time.Duration {
	var t unix.Timespec
	if unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t) != nil {
		return 0
	}
	return time.Duration(t.Nano())
}

// expire forgets the oldest tenth while another goroutine looks articles up.
func (m *measure) expire(d *newsdedup.Deduper, s *news.Stream) error {
	var w news.Writer
	cut, _ := w.Article(s, m.n/10)
	for i := m.n / 10; cut.Published.IsZero(); i++ {
		cut, _ = w.Article(s, i)
	}
	articles := made(s, m.n+chunk, m.n+chunk+2000, nil)
	runtime.GC()
	var stop atomic.Bool
	var during []time.Duration
	var failed error
	var wg sync.WaitGroup
	var looking time.Duration // CPU time of the Lookups
	wg.Go(func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		from := threadTime()
		for i := 0; !stop.Load() && failed == nil; i++ {
			start := time.Now()
			_, failed = d.Lookup(context.Background(), &articles[i%len(articles)])
			during = append(during, time.Since(start))
		}
		looking = threadTime() - from
	})
	time.Sleep(20 * time.Millisecond)
	var c clock
	c.run()
	start := time.Now()
	n, err := d.Expire(context.Background(), cut.Published)
	took := time.Since(start)
	stop.Store(true)
	wg.Wait()
	c.stop()
	if err == nil {
		err = failed
	}
	if err != nil {
		return err
	}
	p := percentiles(during)
	fmt.Fprintf(m.out, "Expire of %d articles: %.3f s, %.1f µs CPU each without that of the Lookups; %d of these meanwhile: p50 %v, p99 %v, greatest %v\n",
		n, took.Seconds(), (c.cpu-looking).Seconds()/float64(max(n, 1))*1e6, len(during), p[0], p[2], p[4])
	fmt.Fprintf(m.out, "then: %v\n", held())
	return nil
}
