package storetest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/newsdedup/newsdedup"
)

var errBelow = errors.New("disk full")

// memoryOptions are what a Memory can do.
func memoryOptions(m *Memory) *Options {
	return &Options{
		Crash: m.Crash,
		Fault: func(s newsdedup.Store) func() {
			m.Fail(s, errBelow)
			return func() { m.Fail(s, nil) }
		},
	}
}

// The store in memory is the plainest that keeps every promise.
func TestMemory(t *testing.T) {
	var m Memory
	Run(t, m.Open, memoryOptions(&m))
}

func TestMemoryIsExclusive(t *testing.T) {
	var m Memory
	s, err := m.Open("a")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Open("a"); err == nil {
		t.Error("opened twice")
	}
	if other, err := m.Open("b"); err != nil || other == nil {
		t.Errorf("another name: %v", err)
	}
	s.Close()
	if _, err := m.Open("a"); err != nil {
		t.Errorf("after Close: %v", err)
	}
}

// opener opens stores of m that brk has broken.
func opener(m *Memory, brk func(*broken)) func(dir string) (newsdedup.Store, error) {
	return func(dir string) (newsdedup.Store, error) {
		inner, err := m.Open(dir)
		if err != nil {
			return nil, err
		}
		s := &broken{Store: inner}
		brk(s)
		return s, nil
	}
}

// broken is the store in memory with a fault built in: any function that is set
// takes the place of the method.
type broken struct {
	newsdedup.Store
	apply func(context.Context, newsdedup.Batch) error
	scan  func(context.Context) iter.Seq2[newsdedup.Record, error]
	close func() error
}

func (s *broken) Apply(ctx context.Context, b newsdedup.Batch) error {
	if s.apply != nil {
		return s.apply(ctx, b)
	}
	return s.Store.Apply(ctx, b)
}

func (s *broken) Scan(ctx context.Context) iter.Seq2[newsdedup.Record, error] {
	if s.scan != nil {
		return s.scan(ctx)
	}
	return s.Store.Scan(ctx)
}

func (s *broken) Close() error {
	if s.close != nil {
		return s.close()
	}
	return s.Store.Close()
}

type (
	records = iter.Seq2[newsdedup.Record, error]
	yield   = func(newsdedup.Record, error) bool
)

// A suite that cannot fail proves nothing. Each of these stores breaks one
// promise, and the scenario named is the one to notice.
func TestBrokenStoresAreCaught(t *testing.T) {
	faults := []struct {
		name, by string
		brk      func(s *broken)
	}{
		{"is born with a record", "a new store is empty", func(s *broken) {
			s.Store.Apply(background, put("format", "1"))
		}},
		{"fails on an empty batch", "a new store is empty", func(s *broken) {
			s.apply = func(ctx context.Context, b newsdedup.Batch) error {
				if len(b.Delete)+len(b.Put) == 0 {
					return errBelow
				}
				return s.Store.Apply(ctx, b)
			}
		}},
		{"scans in the order of a map", "records come in the order of their keys", func(s *broken) {
			s.scan = func(ctx context.Context) records {
				return func(yield yield) {
					var all []newsdedup.Record
					for r, err := range s.Store.Scan(ctx) {
						if err != nil {
							yield(r, err)
							return
						}
						all = append(all, r)
					}
					slices.Reverse(all)
					for _, r := range all {
						if !yield(r, nil) {
							return
						}
					}
				}
			}
		}},
		{"compares keys as signed bytes", "records come in the order of their keys", func(s *broken) {
			s.scan = func(ctx context.Context) records {
				return func(yield yield) {
					var high, low []newsdedup.Record
					for r, err := range s.Store.Scan(ctx) {
						if err != nil {
							yield(r, err)
							return
						}
						if r.Key[0] >= 0x80 {
							high = append(high, r)
						} else {
							low = append(low, r)
						}
					}
					for _, r := range append(high, low...) {
						if !yield(r, nil) {
							return
						}
					}
				}
			}
		}},
		{"misses the last record", "records come in the order of their keys", func(s *broken) {
			s.scan = func(ctx context.Context) records {
				return func(yield yield) {
					var held *newsdedup.Record
					for r, err := range s.Store.Scan(ctx) {
						if err != nil {
							yield(r, err)
							return
						}
						if held != nil && !yield(*held, nil) {
							return
						}
						held = &r
					}
				}
			}
		}},
		{"puts before it deletes", "a batch deletes, then puts, the last of a key staying", func(s *broken) {
			s.apply = func(ctx context.Context, b newsdedup.Batch) error {
				return errors.Join(
					s.Store.Apply(ctx, newsdedup.Batch{Put: b.Put}),
					s.Store.Apply(ctx, newsdedup.Batch{Delete: b.Delete}))
			}
		}},
		{"keeps the first of two values", "a batch deletes, then puts, the last of a key staying", func(s *broken) {
			s.apply = func(ctx context.Context, b newsdedup.Batch) error {
				b.Put = slices.Clone(b.Put)
				slices.Reverse(b.Put)
				return s.Store.Apply(ctx, b)
			}
		}},
		{"deletes nothing", "a batch deletes, then puts, the last of a key staying", func(s *broken) {
			s.apply = func(ctx context.Context, b newsdedup.Batch) error {
				return s.Store.Apply(ctx, newsdedup.Batch{Put: b.Put})
			}
		}},
		{"drops empty values", "records may be empty and as long as the bounds allow", func(s *broken) {
			s.apply = func(ctx context.Context, b newsdedup.Batch) error {
				b.Put = slices.DeleteFunc(slices.Clone(b.Put), func(r newsdedup.Record) bool { return len(r.Value) == 0 })
				return s.Store.Apply(ctx, b)
			}
		}},
		{"counts the length in sixteen bits", "records may be empty and as long as the bounds allow", func(s *broken) {
			s.apply = func(ctx context.Context, b newsdedup.Batch) error {
				b.Put = slices.Clone(b.Put)
				for i, r := range b.Put {
					if b.Check() == nil {
						b.Put[i].Value = r.Value[:len(r.Value)&0xFFFF]
					}
				}
				return s.Store.Apply(ctx, b)
			}
		}},
		{"yields what it holds itself", "slices stay those of their owners", func(s *broken) {
			held := map[string][]byte{}
			s.scan = func(ctx context.Context) records {
				return func(yield yield) {
					for r, err := range s.Store.Scan(ctx) {
						if held[string(r.Key)] == nil {
							held[string(r.Key)] = slices.Clone(r.Value)
						}
						if !yield(newsdedup.Record{Key: r.Key, Value: held[string(r.Key)]}, err) {
							return
						}
					}
				}
			}
		}},
		{"keeps the slices of a batch", "slices stay those of their owners", func(s *broken) {
			held := map[string][]byte{}
			s.apply = func(ctx context.Context, b newsdedup.Batch) error {
				for _, r := range b.Put {
					held[string(r.Key)] = r.Value
				}
				return s.Store.Apply(ctx, b)
			}
			s.scan = func(ctx context.Context) records {
				return func(yield yield) {
					for r, err := range s.Store.Scan(ctx) {
						if !yield(newsdedup.Record{Key: r.Key, Value: slices.Clone(held[string(r.Key)])}, err) {
							return
						}
					}
				}
			}
		}},
		{"applies what comes before a bad key", "keys and values out of bounds are refused with their whole batch", func(s *broken) {
			s.apply = func(ctx context.Context, b newsdedup.Batch) error {
				for _, r := range b.Put {
					if err := s.Store.Apply(ctx, newsdedup.Batch{Put: []newsdedup.Record{r}}); err != nil {
						return err
					}
				}
				return nil
			}
		}},
		{"ignores contexts", "a context that is done ends calls", func(s *broken) {
			s.apply = func(_ context.Context, b newsdedup.Batch) error { return s.Store.Apply(background, b) }
			s.scan = func(context.Context) records { return s.Store.Scan(background) }
		}},
		{"applies in spite of a context's error", "a context that is done ends calls", func(s *broken) {
			s.apply = func(ctx context.Context, b newsdedup.Batch) error {
				return errors.Join(s.Store.Apply(background, b), ctx.Err())
			}
		}},
		{"ends a cancelled scan without a word", "a context that is done ends calls", func(s *broken) {
			s.scan = func(ctx context.Context) records {
				return func(yield yield) {
					for r, err := range s.Store.Scan(background) {
						if ctx.Err() != nil || !yield(r, err) {
							return
						}
					}
				}
			}
		}},
		{"goes on after Close", "what is closed stays closed", func(s *broken) {
			s.close = func() error { return nil }
		}},
		{"cannot be closed again", "what is closed stays closed", func(s *broken) {
			done := false
			s.close = func() error {
				if done {
					return newsdedup.ErrClosed
				}
				done = true
				return s.Store.Close()
			}
		}},
		{"is empty after Close", "what was applied is there after closing and opening", func(s *broken) {
			s.close = func() error {
				for r := range s.Store.Scan(background) {
					s.Store.Apply(background, newsdedup.Batch{Delete: [][]byte{r.Key}})
				}
				return s.Store.Close()
			}
		}},
		{"swallows errors from below", "errors from below change nothing and pass", func(s *broken) {
			s.apply = func(ctx context.Context, b newsdedup.Batch) error {
				if err := s.Store.Apply(ctx, b); !errors.Is(err, errBelow) {
					return err
				}
				return nil
			}
		}},
		{"takes nothing after an error from below", "errors from below change nothing and pass", func(s *broken) {
			var stuck error
			s.apply = func(ctx context.Context, b newsdedup.Batch) error {
				err := s.Store.Apply(ctx, b)
				if errors.Is(err, errBelow) {
					stuck = err
				}
				return cmpErr(stuck, err)
			}
		}},
		{"holds a lock during a scan", "a scan lets changes through and yields what stays, once", func(s *broken) {
			var mu sync.RWMutex
			s.apply = func(ctx context.Context, b newsdedup.Batch) error {
				mu.Lock()
				defer mu.Unlock()
				return s.Store.Apply(ctx, b)
			}
			s.scan = func(ctx context.Context) records {
				return func(yield yield) {
					mu.RLock()
					defer mu.RUnlock()
					s.Store.Scan(ctx)(yield)
				}
			}
		}},
		{"starts a scan anew when the store changes", "a scan lets changes through and yields what stays, once", func(s *broken) {
			var mu sync.Mutex
			version := 0
			s.apply = func(ctx context.Context, b newsdedup.Batch) error {
				mu.Lock()
				version++
				mu.Unlock()
				return s.Store.Apply(ctx, b)
			}
			s.scan = func(ctx context.Context) records {
				return func(yield yield) {
					mu.Lock()
					began := version
					mu.Unlock()
					n := 0
					for r, err := range s.Store.Scan(ctx) {
						mu.Lock()
						changed := version != began
						mu.Unlock()
						if n++; changed && n > 100 {
							s.Store.Scan(ctx)(yield)
							return
						}
						if !yield(r, err) {
							return
						}
					}
				}
			}
		}},
		{"loses one of two concurrent batches", "concurrent calls lose nothing", func(s *broken) {
			var mu sync.Mutex
			busy := false
			s.apply = func(ctx context.Context, b newsdedup.Batch) error {
				mu.Lock()
				lost := busy
				busy = true
				mu.Unlock()
				if lost {
					return nil
				}
				time.Sleep(50 * time.Microsecond)
				err := s.Store.Apply(ctx, b)
				mu.Lock()
				busy = false
				mu.Unlock()
				return err
			}
		}},
	}
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			var m Memory
			open := opener(&m, f.brk)
			o := &Options{
				Crash:    func(s newsdedup.Store) { m.Crash(s.(*broken).Store) },
				Patience: 2 * time.Second,
				Fault: func(s newsdedup.Store) func() {
					m.Fail(s.(*broken).Store, errBelow)
					return func() { m.Fail(s.(*broken).Store, nil) }
				},
			}
			i := slices.IndexFunc(scenarios, func(s scenario) bool { return s.name == f.by })
			if i < 0 {
				t.Fatalf("no scenario %q", f.by)
			}
			if err := scenarios[i].run(open, o, t.TempDir()); err == nil {
				t.Errorf("scenario %q passed", f.by)
			} else {
				t.Log(err)
			}
		})
	}
}

// A slow store is not a stuck one: the order of records takes more than a dozen
// steps, each a tenth of what patience allows, and all of them more. But nobody
// waits for ever for a store that always has another record.
func TestPatience(t *testing.T) {
	i := slices.IndexFunc(scenarios, func(s scenario) bool { return s.name == "records come in the order of their keys" })
	for name, brk := range map[string]func(*broken){
		"slow": func(s *broken) {
			s.apply = func(ctx context.Context, b newsdedup.Batch) error {
				time.Sleep(100 * time.Millisecond)
				return s.Store.Apply(ctx, b)
			}
		},
		"endless": func(s *broken) {
			s.scan = func(ctx context.Context) iter.Seq2[newsdedup.Record, error] {
				return func(yield func(newsdedup.Record, error) bool) {
					for i := 0; yield(newsdedup.Record{Key: fmt.Appendf(nil, "%09d", i)}, nil); i++ {
						time.Sleep(time.Millisecond)
					}
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var m Memory
			open := opener(&m, brk)
			patience := time.Second
			if name == "endless" {
				patience /= 10
			}
			err := scenarios[i].run(open, &Options{Patience: patience}, t.TempDir())
			if (err == nil) != (name == "slow") {
				t.Error(err)
			}
		})
	}
}

func cmpErr(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// A store that acknowledges before it writes loses what was acknowledged when
// it crashes, and one that writes record by record leaves half of a batch.
func TestLossesInACrashAreCaught(t *testing.T) {
	for name, whole := range map[string]bool{"late": true, "torn": false} {
		t.Run(name, func(t *testing.T) {
			var disk sync.Map // folder → records that survive
			open := func(dir string) (newsdedup.Store, error) {
				s := &lazy{disk: &disk, dir: dir, whole: whole, held: map[string]string{}}
				if old, ok := disk.Load(dir); ok {
					s.held = maps.Clone(old.(map[string]string))
				}
				return s, nil
			}
			o := &Options{Crash: func(s newsdedup.Store) { s.(*lazy).crash() }}
			for _, s := range scenarios {
				err := s.run(open, o, t.TempDir())
				if s.name == "what was acknowledged is there after a crash, batches whole" && err == nil {
					t.Errorf("scenario %q passed", s.name)
				}
			}
		})
	}
}

// lazy writes to its disk when it is closed; unless whole, it writes the first
// record of each batch at once.
type lazy struct {
	mu    sync.Mutex
	disk  *sync.Map
	dir   string
	whole bool
	held  map[string]string
	gone  bool
}

func (s *lazy) Apply(ctx context.Context, b newsdedup.Batch) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.gone {
		return newsdedup.ErrClosed
	}
	if err := b.Check(); err != nil {
		return err
	}
	for _, k := range b.Delete {
		delete(s.held, string(k))
	}
	for i, r := range b.Put {
		s.held[string(r.Key)] = string(r.Value)
		if i == 0 && !s.whole {
			s.disk.Store(s.dir, maps.Clone(s.held))
		}
	}
	return nil
}

func (s *lazy) Scan(context.Context) iter.Seq2[newsdedup.Record, error] {
	return func(yield func(newsdedup.Record, error) bool) {
		s.mu.Lock()
		held, gone := maps.Clone(s.held), s.gone
		s.mu.Unlock()
		if gone {
			yield(newsdedup.Record{}, fmt.Errorf("%w", newsdedup.ErrClosed))
			return
		}
		for _, k := range slices.Sorted(maps.Keys(held)) {
			if !yield(newsdedup.Record{Key: []byte(k), Value: []byte(held[k])}, nil) {
				return
			}
		}
	}
}

func (s *lazy) crash() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gone = true
}

func (s *lazy) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.gone {
		s.disk.Store(s.dir, maps.Clone(s.held))
		s.gone = true
	}
	return nil
}
