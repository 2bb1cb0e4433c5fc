package newsdedup_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/storetest"
)

var errFull = errors.New("no space left")

// scriptedStore makes the next changes end as the script says, the first of
// them when it is let.
type scriptedStore struct {
	newsdedup.Store
	mu     sync.Mutex
	script []error
	begun  chan bool // the first is being made
	let    chan bool
}

func (s *scriptedStore) Apply(ctx context.Context, b newsdedup.Batch) error {
	s.mu.Lock()
	var err error
	begun, let := s.begun, s.let
	s.begun, s.let = nil, nil
	if len(s.script) > 0 {
		err, s.script = s.script[0], s.script[1:]
	}
	s.mu.Unlock()
	if begun != nil {
		close(begun)
		<-let
	}
	if err != nil {
		return err
	}
	return s.Store.Apply(ctx, b)
}

// While the store writes the first change of an article, others of the same
// article are made, and wait for the next writing. Whichever of them fail, what
// is held is what the last left that did not: a failure takes back its own
// change alone, and never one that was acknowledged.
func TestChangesOfOneArticleOverlap(t *testing.T) {
	const none = 0 // version
	// Changes: a version that Add brings, or none for Remove.
	for _, c := range []struct {
		name   string
		before int
		first  int
		later  []int
		script []error
		want   int
	}{
		{"a new article fails, its next version does not", none, 1, []int{2}, []error{errFull}, 2},
		{"a version fails, the next does not", 1, 2, []int{3}, []error{errFull}, 3},
		{"a version is written, the next fails", 1, 2, []int{3}, []error{nil, errFull}, 2},
		{"both fail", 1, 2, []int{3}, []error{errFull, errFull}, 1},
		{"both fail of an article that was not there", none, 1, []int{2}, []error{errFull, errFull}, none},
		{"a version fails, and the article is removed", 1, 2, []int{none}, []error{errFull}, none},
		{"a version is written, its removal fails", 1, 2, []int{none}, []error{nil, errFull}, 2},
		{"a removal fails, a version comes and is removed", 1, none, []int{2, none}, []error{errFull}, none},
		{"a removal fails, a version comes", 1, none, []int{2}, []error{errFull}, 2},
		{"a removal is written, the next version fails", 1, none, []int{2}, []error{nil, errFull}, none},
		{"a removal and all that follows fail", 1, none, []int{2, none, 3}, []error{errFull, errFull}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx := t.Context()
			var disk storetest.Memory
			below, err := disk.Open("")
			if err != nil {
				t.Fatal(err)
			}
			s := &scriptedStore{Store: below}
			d, err := newsdedup.Open(ctx, s, nil)
			if err != nil {
				t.Fatal(err)
			}
			holds := func(d *newsdedup.Deduper, version int) bool {
				f, err := d.Fingerprint(ctx, "a")
				if version == none {
					return errors.Is(err, newsdedup.ErrNotFound)
				}
				return err == nil && f == newsdedup.SchemeDefault.Fingerprint(versioned("a", uint64(version)))
			}
			change := func(version int) error {
				if version == none {
					return d.Remove(ctx, "a")
				}
				_, err := d.Add(ctx, versioned("a", uint64(version)))
				return err
			}
			if c.before != none {
				if err := change(c.before); err != nil {
					t.Fatal(err)
				}
			}
			begun, let := make(chan bool), make(chan bool)
			s.mu.Lock()
			s.script, s.begun, s.let = c.script, begun, let
			s.mu.Unlock()
			errs := make([]error, 1+len(c.later))
			var wg sync.WaitGroup
			wg.Go(func() { errs[0] = change(c.first) })
			<-begun
			for i, version := range c.later {
				wg.Go(func() { errs[1+i] = change(version) })
				for !holds(d, version) {
					runtime.Gosched()
				}
			}
			close(let)
			wg.Wait()
			for i, err := range errs {
				// Changes from the second on share a writing.
				if fails := min(i, 1) < len(c.script) && c.script[min(i, 1)] != nil; errors.Is(err, errFull) != fails || !fails && err != nil {
					t.Errorf("change %d: %v", i, err)
				}
			}
			if !holds(d, c.want) {
				f, err := d.Fingerprint(ctx, "a")
				t.Errorf("not version %d: %v, %v", c.want, f.SimHash(), err)
			}
			if err := d.Verify(ctx); err != nil {
				t.Error(err)
			}
			if err := d.Close(); err != nil {
				t.Error(err)
			}
			if d, err = newsdedup.Open(ctx, s, nil); err != nil {
				t.Fatal(err)
			}
			if !holds(d, c.want) {
				t.Errorf("opened again, not version %d", c.want)
			}
		})
	}
}

// moodyStore takes its time, and fails every third change or so.
type moodyStore struct {
	newsdedup.Store
	mu  sync.Mutex
	rng *rand.Rand // nil: works
}

func (s *moodyStore) Apply(ctx context.Context, b newsdedup.Batch) error {
	s.mu.Lock()
	fails, takes := false, 0
	if s.rng != nil {
		fails, takes = s.rng.IntN(3) == 0, s.rng.IntN(100)
	}
	s.mu.Unlock()
	time.Sleep(time.Duration(takes) * time.Microsecond)
	if fails {
		return errFull
	}
	return s.Store.Apply(ctx, b)
}

// A try is a call as its caller saw it.
type try struct {
	from, to int64 // when it began and ended, by a common clock
	version  int   // what it brought; 0 for a removal
	result   int
}

const (
	failed  = iota // has not taken place
	success        // has taken place, some time from from to to
	unknown        // may have
)

// possible are the versions that may be held when all calls have ended: those of
// the calls that did not fail, but for calls after the end of which another
// began that succeeded.
func possible(tries []try) []int {
	var out []int
	for _, x := range append(tries, try{-1, -1, 0, success}) {
		late := slices.ContainsFunc(tries, func(y try) bool { return y.result == success && y.from > x.to })
		if x.result != failed && !late {
			out = append(out, x.version)
		}
	}
	return out
}

// Several goroutines change the same three articles, with a store that fails
// every now and then. Whenever all calls have ended, each article is there as
// one of the calls left it that may have been the last, and the next goroutines
// go on from there; so it is when the store is opened again.
func TestChangesOverlapAndFail(t *testing.T) {
	ids := []string{"a", "b", "c"}
	const goroutines, calls, rounds, versions = 4, 7, 4, 12
	articles := map[string][]*newsdedup.Article{}
	version := map[newsdedup.Fingerprint]int{}
	for _, id := range ids {
		articles[id] = []*newsdedup.Article{nil}
		for v := 1; v <= versions; v++ {
			a := versioned(id, uint64(v))
			a.Published = time.Date(2026, 5, v, 0, 0, 0, 0, time.UTC) // for Expire
			articles[id] = append(articles[id], a)
			version[newsdedup.SchemeDefault.Fingerprint(a)] = v
		}
	}
	results := map[int]int{}
	for seed := range uint64(6) {
		ctx := t.Context()
		var disk storetest.Memory
		below, err := disk.Open("")
		if err != nil {
			t.Fatal(err)
		}
		s := &moodyStore{Store: below}
		d, err := newsdedup.Open(ctx, s, &newsdedup.Options{Workers: 2})
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		tries := map[string][]try{}
		var clock atomic.Int64
		note := func(id string, from int64, version int, result int) {
			mu.Lock()
			defer mu.Unlock()
			tries[id] = append(tries[id], try{from, clock.Add(1), version, result})
			results[result]++
		}
		resultOf := func(err error) int {
			if err != nil && !errors.Is(err, errFull) {
				t.Error(err)
			}
			if err != nil {
				return failed
			}
			return success
		}
		check := func(d *newsdedup.Deduper, when string) {
			t.Helper()
			for _, id := range ids {
				f, err := d.Fingerprint(ctx, id)
				if err != nil && !errors.Is(err, newsdedup.ErrNotFound) {
					t.Fatal(err)
				}
				if want := possible(tries[id]); !slices.Contains(want, version[f]) {
					t.Fatalf("seed %d, %s: %s has version %d, want one of %d", seed, when, id, version[f], want)
				}
			}
		}
		for round := range rounds {
			s.rng = rand.New(rand.NewPCG(seed, uint64(round)))
			var wg sync.WaitGroup
			for k := range goroutines {
				wg.Go(func() {
					rng := rand.New(rand.NewPCG(seed, uint64(10+goroutines*round+k)))
					for range calls {
						id, v := ids[rng.IntN(len(ids))], 1+rng.IntN(versions-2)
						from := clock.Add(1)
						switch rng.IntN(8) {
						default:
							_, err := d.Add(ctx, articles[id][v])
							note(id, from, v, resultOf(err))
						case 0, 1:
							// One that finds nothing has not taken place.
							if err := d.Remove(ctx, id); !errors.Is(err, newsdedup.ErrNotFound) {
								note(id, from, 0, resultOf(err))
							}
						case 2:
							n := 0
							for _, err := range d.AddAll(ctx, seq(articles[id][v:v+3]...)) {
								note(id, from, v+n, resultOf(err))
								n++
							}
							for ; n < 3; n++ {
								note(id, from, v+n, unknown)
							}
						case 3:
							// Which of them it found is not told.
							_, err := d.Expire(ctx, time.Now())
							for _, id := range ids {
								note(id, from, 0, min(unknown, 2*resultOf(err)))
							}
						}
					}
				})
			}
			wg.Wait()
			s.rng = nil
			check(d, fmt.Sprint("round ", round))
			if n := d.Unconfirmed(); n != 0 {
				t.Fatalf("the undo log keeps %d IDs when no call is under way", n)
			}
			if err := d.Verify(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		if d, err = newsdedup.Open(ctx, below, nil); err != nil {
			t.Fatal(err)
		}
		check(d, "opened again")
	}
	t.Logf("%d calls succeeded, %d failed", results[success], results[failed])
	if min(results[success], results[failed]) < 100 {
		t.Error("too few to tell")
	}
}
