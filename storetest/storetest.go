// Package storetest checks implementations of newsdedup.Store, and has one that
// keeps its records in memory, for tests.
package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/newsdedup/newsdedup"
)

// Options tells Run of what a store can do beyond the interface. Nil and the
// zero value mean the defaults.
type Options struct {
	// Crash ends the use of an open store as the death of its process would:
	// without closing it, without writing what it has not written. Afterwards
	// it can be opened again. Nil: the folder is copied as it is while the
	// store is open, and the copy is opened, which suits stores whose files
	// are all in that folder.
	Crash func(newsdedup.Store)
	// Fault makes the changes of an open store fail from below, as a full disk
	// would, until the function that it returns is called. Nil: errors from
	// below are not checked.
	Fault func(newsdedup.Store) (restore func())
	// Patience bounds the time of one step: a call, or the next record of a
	// scan. A store that takes longer counts as stuck, as does one that has not
	// passed a subtest after ten times as long. Zero: 30 seconds, which a busy
	// disk may need for one fsync. Negative values fail the test.
	Patience time.Duration
}

// Run checks that a store keeps every promise of newsdedup.Store, with one
// subtest for each. open opens the store that is kept in a folder, which is
// empty for a new one. It is called again for the same folder after Close, and
// after a crash. What a power cut does is not checked.
func Run(t *testing.T, open func(dir string) (newsdedup.Store, error), o *Options) {
	for _, s := range scenarios {
		t.Run(s.name, func(t *testing.T) {
			if err := s.run(open, o, t.TempDir()); err != nil {
				t.Error(err)
			}
		})
	}
}

// run runs a scenario with folders below dir and returns what the store did
// wrong. It does not wait for a store that is stuck.
func (s scenario) run(open func(dir string) (newsdedup.Store, error), o *Options, dir string) error {
	b := &bench{open: open, dir: dir, patience: 30 * time.Second}
	if o != nil {
		b.crash, b.fault = o.Crash, o.Fault
		if o.Patience < 0 {
			return fmt.Errorf("storetest: Patience %v", o.Patience)
		}
		if o.Patience > 0 {
			b.patience = o.Patience
		}
	}
	err := b.soon(func() error { return s.check(b) })
	return errors.Join(err, b.soon(b.close))
}

// A scenario is one promise and the code that tries to find it broken.
type scenario struct {
	name  string
	check func(*bench) error
}

var scenarios = []scenario{
	{"a new store is empty", empty},
	{"records come in the order of their keys", order},
	{"a batch deletes, then puts, the last of a key staying", replace},
	{"records may be empty and as long as the bounds allow", sizes},
	{"slices stay those of their owners", ownership},
	{"keys and values out of bounds are refused with their whole batch", refused},
	{"a context that is done ends calls", cancelled},
	{"what is closed stays closed", closed},
	{"what was applied is there after closing and opening", reopened},
	{"what was acknowledged is there after a crash, batches whole", crashed},
	{"errors from below change nothing and pass", faulty},
	{"a scan lets changes through and yields what stays, once", scanning},
	{"concurrent calls lose nothing", concurrent},
	{"random changes, closings and crashes match a plain map", random},
}

// bench opens stores for a scenario.
type bench struct {
	open     func(dir string) (newsdedup.Store, error)
	crash    func(newsdedup.Store)
	fault    func(newsdedup.Store) func()
	dir      string
	patience time.Duration

	store  newsdedup.Store // as open returned it
	copies int
	steps  atomic.Int64 // taken
}

// soon runs f and fails if one step takes too long, or all do.
func (b *bench) soon(f func() error) error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	for last, n := b.steps.Load(), 1; ; n++ {
		select {
		case err := <-done:
			return err
		case <-time.After(b.patience):
		}
		now := b.steps.Load()
		if now == last {
			return fmt.Errorf("stuck for %v", b.patience)
		}
		if n == 10 {
			return fmt.Errorf("not done after %v", 10*b.patience)
		}
		last = now
	}
}

// fresh opens the store of the bench's folder.
func (b *bench) fresh() (newsdedup.Store, error) {
	s, err := b.open(b.dir)
	b.steps.Add(1)
	if err != nil {
		return nil, fmt.Errorf("opening: %w", err)
	}
	b.store = s
	return watched{s, &b.steps}, nil
}

// watched is a store whose steps are counted.
type watched struct {
	newsdedup.Store
	steps *atomic.Int64
}

func (w watched) Apply(ctx context.Context, b newsdedup.Batch) error {
	defer w.steps.Add(1)
	return w.Store.Apply(ctx, b)
}

func (w watched) Scan(ctx context.Context) iter.Seq2[newsdedup.Record, error] {
	return func(yield func(newsdedup.Record, error) bool) {
		for r, err := range w.Store.Scan(ctx) {
			w.steps.Add(1)
			if !yield(r, err) {
				return
			}
		}
	}
}

func (w watched) Close() error {
	defer w.steps.Add(1)
	return w.Store.Close()
}

func (b *bench) close() error {
	if b.store == nil {
		return nil
	}
	err := b.store.Close()
	b.steps.Add(1)
	b.store = nil
	if err != nil {
		return fmt.Errorf("closing: %w", err)
	}
	return nil
}

// reopen closes the store and opens it again.
func (b *bench) reopen() (newsdedup.Store, error) {
	if err := b.close(); err != nil {
		return nil, err
	}
	return b.fresh()
}

// kill crashes the store and opens it again.
func (b *bench) kill() (newsdedup.Store, error) {
	if b.crash != nil {
		b.crash(b.store)
		b.store = nil
		return b.fresh()
	}
	b.copies++
	image := fmt.Sprintf("%s.%d", strings.TrimSuffix(b.dir, fmt.Sprintf(".%d", b.copies-1)), b.copies)
	if err := os.CopyFS(image, os.DirFS(b.dir)); err != nil {
		return nil, fmt.Errorf("copying the store's folder: %w", err)
	}
	if err := b.close(); err != nil {
		return nil, err
	}
	b.dir = image
	return b.fresh()
}

var background = context.Background()

func put(pairs ...string) newsdedup.Batch {
	var b newsdedup.Batch
	for i := 0; i+1 < len(pairs); i += 2 {
		b.Put = append(b.Put, newsdedup.Record{Key: []byte(pairs[i]), Value: []byte(pairs[i+1])})
	}
	return b
}

func del(keys ...string) newsdedup.Batch {
	var b newsdedup.Batch
	for _, k := range keys {
		b.Delete = append(b.Delete, []byte(k))
	}
	return b
}

// content reads all records and checks their order.
func content(s newsdedup.Store) (map[string]string, error) {
	got := map[string]string{}
	last, first := "", true
	for r, err := range s.Scan(background) {
		if err != nil {
			return nil, fmt.Errorf("scanning: %w", err)
		}
		k := string(r.Key)
		if !first && k <= last {
			return nil, fmt.Errorf("scan yields key %s after %s", brief(k), brief(last))
		}
		first, last = false, k
		got[k] = string(r.Value)
	}
	return got, nil
}

// stays compares all records with those wanted, and once more after the store
// has been opened again.
func stays(b *bench, s newsdedup.Store, want map[string]string) error {
	if err := holds(s, want); err != nil {
		return err
	}
	s, err := b.reopen()
	if err != nil {
		return err
	}
	return holds(s, want)
}

// holds compares all records with those wanted.
func holds(s newsdedup.Store, want map[string]string) error {
	got, err := content(s)
	if err != nil {
		return err
	}
	for _, k := range slices.Sorted(maps.Keys(want)) {
		if v, ok := got[k]; !ok {
			return fmt.Errorf("record %s is missing", brief(k))
		} else if v != want[k] {
			return fmt.Errorf("record %s holds %s, want %s", brief(k), brief(v), brief(want[k]))
		}
	}
	for _, k := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[k]; !ok {
			return fmt.Errorf("record %s should not be there", brief(k))
		}
	}
	return nil
}

func brief(s string) string {
	if len(s) > 24 {
		return fmt.Sprintf("%.24q… of %d bytes", s, len(s))
	}
	return fmt.Sprintf("%q", s)
}

// apply makes batches that must succeed.
func apply(s newsdedup.Store, batches ...newsdedup.Batch) error {
	for _, b := range batches {
		if err := s.Apply(background, b); err != nil {
			return fmt.Errorf("applying: %w", err)
		}
	}
	return nil
}

// steps runs functions until one fails.
func steps(fs ...func() error) error {
	for _, f := range fs {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}

func empty(b *bench) error {
	s, err := b.fresh()
	if err != nil {
		return err
	}
	return steps(
		func() error { return holds(s, nil) },
		func() error { return apply(s, newsdedup.Batch{}, del("absent")) },
		func() error { return holds(s, nil) },
	)
}

// Keys are compared as bytes without sign, and a prefix comes first.
func order(b *bench) error {
	s, err := b.fresh()
	if err != nil {
		return err
	}
	keys := []string{"b", "a\x00", "\xff", "a", "\x00", "\x7f", "\x80", "ab", "a\x00\x00", "B", "\x00\x01", "\xff\x00", "z"}
	want := map[string]string{}
	for i, k := range keys {
		want[k] = fmt.Sprint(i)
		if err := apply(s, put(k, want[k])); err != nil {
			return err
		}
	}
	many := newsdedup.Batch{}
	for i := range 2000 {
		k := fmt.Sprintf("n%04d", i*7919%2000)
		want[k] = k
		many.Put = append(many.Put, put(k, k).Put...)
	}
	return steps(
		func() error { return apply(s, many) },
		func() error { return holds(s, want) },
	)
}

func replace(b *bench) error {
	s, err := b.fresh()
	if err != nil {
		return err
	}
	both := put("a", "4", "c", "1", "c", "2")
	both.Delete = del("a", "b", "absent").Delete
	return steps(
		func() error { return apply(s, put("a", "1", "b", "1"), put("a", "22")) },
		func() error { return holds(s, map[string]string{"a": "22", "b": "1"}) },
		func() error { return apply(s, put("a", "3")) },
		func() error { return holds(s, map[string]string{"a": "3", "b": "1"}) },
		func() error { return apply(s, both) },
		func() error { return holds(s, map[string]string{"a": "4", "c": "2"}) },
		func() error { return apply(s, del("c", "c"), del("a")) },
		func() error { return holds(s, nil) },
	)
}

func sizes(b *bench) error {
	s, err := b.fresh()
	if err != nil {
		return err
	}
	noise := make([]byte, newsdedup.MaxValue)
	r := rand.NewChaCha8([32]byte{1})
	r.Read(noise)
	want := map[string]string{
		"empty":                                 "",
		"nil":                                   "",
		strings.Repeat("k", newsdedup.MaxKey):   "long key",
		strings.Repeat("k", newsdedup.MaxKey-1): "almost",
		string(bytes.Repeat([]byte{0xFF}, 255)): "greatest",
		"greatest value":                        string(noise),
		"zeros":                                 string(make([]byte, 100_000)),
		"page":                                  string(noise[:4096]),
		"just beyond the sixteen bits of some field": string(noise[:1<<16]),
	}
	for k, v := range want {
		record := put(k, v)
		if k == "nil" {
			record.Put[0].Value = nil
		}
		if err := apply(s, record); err != nil {
			return fmt.Errorf("%s: %w", brief(k), err)
		}
	}
	return stays(b, s, want)
}

// A caller uses the slices of a batch again as soon as Apply is back, and may
// change those of a scan, which are its own until the next.
func ownership(b *bench) error {
	s, err := b.fresh()
	if err != nil {
		return err
	}
	batch := put("key1", "value1", "key2", "value2")
	if err := apply(s, batch); err != nil {
		return err
	}
	if string(batch.Put[0].Key) != "key1" || string(batch.Put[0].Value) != "value1" {
		return errors.New("Apply changed the slices of its batch")
	}
	for _, r := range batch.Put {
		clear(r.Key)
		clear(r.Value)
	}
	want := map[string]string{"key1": "value1", "key2": "value2"}
	if err := holds(s, want); err != nil {
		return fmt.Errorf("after the batch was used again: %w", err)
	}
	for r, err := range s.Scan(background) {
		if err != nil {
			return err
		}
		if string(r.Key) == "key1" {
			if err := apply(s, put("key1", "other1")); err != nil {
				return err
			}
			if string(r.Key) != "key1" || string(r.Value) != "value1" {
				return errors.New("a record of a scan changed with the store")
			}
		}
		_ = append(r.Key, 'x')
		_ = append(r.Value, 'x')
		clear(r.Key)
		clear(r.Value)
	}
	return holds(s, map[string]string{"key1": "other1", "key2": "value2"})
}

func refused(b *bench) error {
	s, err := b.fresh()
	if err != nil {
		return err
	}
	if err := apply(s, put("a", "1")); err != nil {
		return err
	}
	long := strings.Repeat("k", newsdedup.MaxKey+1)
	for name, bad := range map[string]newsdedup.Batch{
		"an empty key to put":       put("a", "2", "", "x", "b", "2"),
		"an empty key to delete":    {Delete: [][]byte{[]byte("a"), {}}, Put: put("b", "2").Put},
		"a key that is too long":    put("b", "2", long, "x"),
		"a key too long to delete":  del("a", long),
		"a value that is too large": put("b", "2", "c", string(make([]byte, newsdedup.MaxValue+1))),
	} {
		if err := s.Apply(background, bad); !errors.Is(err, newsdedup.ErrOption) {
			return fmt.Errorf("%s: error %v, want ErrOption", name, err)
		}
		if err := holds(s, map[string]string{"a": "1"}); err != nil {
			return fmt.Errorf("after %s: %w", name, err)
		}
	}
	return apply(s, put("a", "2"))
}

func cancelled(b *bench) error {
	s, err := b.fresh()
	if err != nil {
		return err
	}
	want := map[string]string{}
	for i := range 100 {
		k := fmt.Sprintf("%03d", i)
		want[k] = k
		if err := apply(s, put(k, k)); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithCancel(background)
	n := 0
	var ends []error
	for r, err := range s.Scan(ctx) {
		if err != nil {
			if r.Key != nil || r.Value != nil {
				return errors.New("a scan yields a record beside its error")
			}
			ends = append(ends, err)
			continue
		}
		if n++; n == 10 {
			cancel()
		}
	}
	cancel()
	if len(ends) != 1 || !errors.Is(ends[0], context.Canceled) {
		return fmt.Errorf("a scan whose context was cancelled ended with %v, want context.Canceled once", ends)
	}
	if err := s.Apply(ctx, put("late", "1")); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("Apply with a cancelled context: error %v, want context.Canceled", err)
	}
	past, cancel := context.WithDeadline(background, time.Unix(0, 0))
	defer cancel()
	if err := s.Apply(past, put("late", "1")); !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("Apply after the deadline: error %v, want context.DeadlineExceeded", err)
	}
	for _, err := range s.Scan(past) {
		if !errors.Is(err, context.DeadlineExceeded) {
			return fmt.Errorf("a scan after the deadline: error %v, want context.DeadlineExceeded", err)
		}
	}
	if err := holds(s, want); err != nil {
		return err
	}
	// A context that ends at any moment: what succeeded is there, what gave the
	// context's error is not.
	var mu sync.Mutex
	var wg sync.WaitGroup
	var wrong error
	for i := range 8 {
		wg.Go(func() {
			for j := range 20 {
				ctx, cancel := context.WithTimeout(background, time.Duration(j*i)*20*time.Microsecond)
				k := fmt.Sprintf("timed %d %d", i, j)
				err := s.Apply(ctx, put(k, k))
				cancel()
				mu.Lock()
				if err == nil {
					want[k] = k
				} else if !errors.Is(err, context.DeadlineExceeded) {
					wrong = fmt.Errorf("Apply with a deadline: %w", err)
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if wrong != nil {
		return wrong
	}
	return holds(s, want)
}

func closed(b *bench) error {
	s, err := b.fresh()
	if err != nil {
		return err
	}
	if err := apply(s, put("a", "1", "b", "2")); err != nil {
		return err
	}
	var ends error
	for _, err := range s.Scan(background) {
		if ends = err; err == nil {
			break // leaving a scan early must not keep Close waiting
		}
	}
	if ends != nil {
		return ends
	}
	var wg sync.WaitGroup
	var acknowledged sync.Map
	for i := range 4 {
		wg.Go(func() {
			for j := range 50 {
				k := fmt.Sprintf("%d %d", i, j)
				if s.Apply(background, put(k, k)) == nil {
					acknowledged.Store(k, k)
				}
			}
		})
	}
	if err := s.Close(); err != nil {
		return fmt.Errorf("closing during calls: %w", err)
	}
	wg.Wait()
	if err := s.Close(); err != nil {
		return fmt.Errorf("closing again: %w", err)
	}
	if err := s.Apply(background, put("late", "1")); !errors.Is(err, newsdedup.ErrClosed) {
		return fmt.Errorf("Apply after Close: error %v, want ErrClosed", err)
	}
	n := 0
	for _, err := range s.Scan(background) {
		if n++; !errors.Is(err, newsdedup.ErrClosed) {
			return fmt.Errorf("Scan after Close: error %v, want ErrClosed", err)
		}
	}
	if n != 1 {
		return fmt.Errorf("Scan after Close yields %d times, want one error", n)
	}
	b.store = nil
	if s, err = b.fresh(); err != nil {
		return err
	}
	want := map[string]string{"a": "1", "b": "2"}
	acknowledged.Range(func(k, v any) bool { want[k.(string)] = v.(string); return true })
	return holds(s, want)
}

func reopened(b *bench) error {
	s, err := b.fresh()
	if err != nil {
		return err
	}
	want := map[string]string{"a": "3", "c": "4"}
	if err := apply(s, put("a", "1", "b", "2"), del("b"), put("a", "3", "c", "4")); err != nil {
		return err
	}
	for range 3 {
		if s, err = b.reopen(); err != nil {
			return err
		}
		if err := holds(s, want); err != nil {
			return err
		}
	}
	if err := apply(s, put("a", "5"), del("c")); err != nil {
		return err
	}
	if s, err = b.reopen(); err != nil {
		return err
	}
	return holds(s, map[string]string{"a": "5"})
}

// Several goroutines each rewrite a pair of records with equal numbers, and a
// crash comes in between. Every pair must then hold the last number that was
// acknowledged or the one after, both records the same.
func crashed(b *bench) error {
	s, err := b.fresh()
	if err != nil {
		return err
	}
	const pairs = 4
	var last [pairs]int
	for round := range 3 {
		old := s
		var stop atomic.Bool
		var wg sync.WaitGroup
		var acknowledged [pairs]atomic.Int64
		for i := range pairs {
			acknowledged[i].Store(int64(last[i]))
			wg.Go(func() {
				for n := last[i] + 1; !stop.Load(); n++ {
					v := fmt.Sprint(n)
					if old.Apply(background, put(fmt.Sprintf("left %d", i), v, fmt.Sprintf("right %d", i), v)) != nil {
						return
					}
					acknowledged[i].Store(int64(n))
				}
			})
		}
		time.Sleep(time.Duration(5+10*round) * time.Millisecond)
		if b.crash == nil { // a copy is not of one moment while something is written
			stop.Store(true)
			wg.Wait()
		}
		if s, err = b.kill(); err != nil {
			return err
		}
		stop.Store(true)
		wg.Wait()
		got, err := content(s)
		if err != nil {
			return err
		}
		for i := range pairs {
			left, right := got[fmt.Sprintf("left %d", i)], got[fmt.Sprintf("right %d", i)]
			if left != right {
				return fmt.Errorf("after a crash half of a batch is there: %s and %s", brief(left), brief(right))
			}
			n := 0
			fmt.Sscan(left, &n)
			if a := int(acknowledged[i].Load()); n < a || n > a+1 {
				return fmt.Errorf("after a crash batch %d is the last, but %d was the last acknowledged", n, a)
			}
			last[i] = n
		}
	}
	return nil
}

func faulty(b *bench) error {
	s, err := b.fresh()
	if err != nil || b.fault == nil {
		return err
	}
	want := map[string]string{"a": "1", "b": "2"}
	if err := apply(s, put("a", "1", "b", "2")); err != nil {
		return err
	}
	for i := range 3 {
		restore := b.fault(b.store)
		both := put("a", "9", "new", "9")
		both.Delete = del("b").Delete
		err := s.Apply(background, both)
		restore()
		if err == nil {
			return errors.New("Apply returned nil though all fails below")
		}
		if errors.Is(err, newsdedup.ErrUncertain) {
			if err := s.Apply(background, put("z", "1")); !errors.Is(err, newsdedup.ErrUncertain) {
				return fmt.Errorf("after an uncertain change Apply gave %v, want ErrUncertain", err)
			}
			if s, err = b.reopen(); err != nil {
				return err
			}
			if holds(s, want) != nil && holds(s, map[string]string{"a": "9", "new": "9"}) != nil {
				return errors.New("after an uncertain change half of it is there")
			}
			return nil
		}
		if err := holds(s, want); err != nil {
			return fmt.Errorf("after an error from below: %w", err)
		}
		k := fmt.Sprint("after ", i)
		want[k] = k
		if err := apply(s, put(k, k)); err != nil {
			return fmt.Errorf("once the cause has gone: %w", err)
		}
		if err := holds(s, want); err != nil {
			return err
		}
		if s, err = b.reopen(); err != nil {
			return err
		}
		if err := holds(s, want); err != nil {
			return fmt.Errorf("after an error from below and opening again: %w", err)
		}
	}
	return nil
}

// While one scan goes on slowly, records beside those that stay come and go,
// from within its loop, from other goroutines, and enough of them to make any
// file grow.
func scanning(b *bench) error {
	s, err := b.fresh()
	if err != nil {
		return err
	}
	stay := map[string]string{}
	var first newsdedup.Batch
	for i := range 500 {
		k := fmt.Sprintf("stay %04d", i)
		stay[k] = strings.Repeat(k, 20)
		first.Put = append(first.Put, put(k, stay[k]).Put...)
	}
	if err := apply(s, first); err != nil {
		return err
	}
	var stop atomic.Bool
	var wg sync.WaitGroup
	var wrong atomic.Pointer[error]
	fill := strings.Repeat("x", 4000)
	for i := range 2 {
		wg.Go(func() {
			for n := 0; n < 300 && !stop.Load(); n++ {
				change := put(fmt.Sprintf("come %d %d", i, n), fill, fmt.Sprintf("stay %04d+", n), fill)
				change.Delete = del(fmt.Sprintf("come %d %d", i, n-5)).Delete
				if err := s.Apply(background, change); err != nil {
					wrong.Store(&err)
				}
			}
		})
	}
	defer wg.Wait()
	defer stop.Store(true)
	got := map[string]string{}
	last := ""
	n := 0
	for r, err := range s.Scan(background) {
		if err != nil {
			return fmt.Errorf("scanning during changes: %w", err)
		}
		k := string(r.Key)
		if k <= last {
			return fmt.Errorf("scan during changes yields key %s after %s", brief(k), brief(last))
		}
		last, got[k] = k, string(r.Value)
		if n++; n%50 == 0 {
			if err := apply(s, put(fmt.Sprintf("inner %d", n), fill+fill+fill)); err != nil {
				return fmt.Errorf("within a scan: %w", err)
			}
			inner := 0
			for _, err := range s.Scan(background) {
				if err != nil {
					return fmt.Errorf("a scan within a scan: %w", err)
				}
				if inner++; inner == 20 {
					break
				}
			}
		}
	}
	if err := wrong.Load(); err != nil {
		return *err
	}
	for k, v := range stay {
		if got[k] != v {
			return fmt.Errorf("scan during changes yields %s for %s, which nobody changed", brief(got[k]), brief(k))
		}
	}
	return nil
}

func concurrent(b *bench) error {
	s, err := b.fresh()
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	var wrong error
	fail := func(err error) {
		mu.Lock()
		defer mu.Unlock()
		wrong = err
	}
	want := map[string]string{}
	for i := range 8 {
		mine := map[string]string{}
		r := rand.New(rand.NewPCG(uint64(i), 7))
		wg.Go(func() {
			for n := range 60 {
				var batch newsdedup.Batch
				for range r.IntN(4) {
					k := fmt.Sprintf("%d/%d", i, r.IntN(30))
					batch.Delete = append(batch.Delete, []byte(k))
					delete(mine, k)
				}
				for range 1 + r.IntN(4) {
					k := fmt.Sprintf("%d/%d", i, r.IntN(30))
					mine[k] = fmt.Sprintf("%d %s", n, strings.Repeat("v", r.IntN(900)))
					batch.Put = append(batch.Put, put(k, mine[k]).Put...)
				}
				if err := apply(s, batch); err != nil {
					fail(err)
				}
				if n%20 == 19 {
					got, err := content(s)
					if err != nil {
						fail(err)
						continue
					}
					for k, v := range mine {
						if got[k] != v {
							fail(fmt.Errorf("record %s holds %s, but %s was acknowledged", brief(k), brief(got[k]), brief(v)))
						}
					}
				}
			}
			mu.Lock()
			maps.Copy(want, mine)
			mu.Unlock()
		})
	}
	wg.Wait()
	if wrong != nil {
		return wrong
	}
	return stays(b, s, want)
}

func random(b *bench) error {
	s, err := b.fresh()
	if err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(3, 14))
	key := func() string {
		k := make([]byte, 1+r.IntN(3))
		for i := range k {
			k[i] = "\x00a\xff"[r.IntN(3)]
		}
		return string(k)
	}
	want := map[string]string{}
	for step := range 400 {
		var batch newsdedup.Batch
		for range r.IntN(4) {
			k := key()
			batch.Delete = append(batch.Delete, []byte(k))
			delete(want, k)
		}
		for range r.IntN(5) {
			k := key()
			v := make([]byte, r.IntN(1<<r.IntN(15)))
			for i := range v {
				v[i] = byte(r.Uint32())
			}
			want[k] = string(v)
			batch.Put = append(batch.Put, newsdedup.Record{Key: []byte(k), Value: v})
		}
		if err := apply(s, batch); err != nil {
			return fmt.Errorf("step %d: %w", step, err)
		}
		switch r.IntN(40) {
		case 0:
			s, err = b.reopen()
		case 1:
			s, err = b.kill()
		case 2, 3, 4, 5:
			err = holds(s, want)
		}
		if err != nil {
			return fmt.Errorf("step %d: %w", step, err)
		}
	}
	return holds(s, want)
}
