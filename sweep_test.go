package newsdedup

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"
)

// sweepSettings have every removal be a sweep, and small bounds of the index.
func sweepSettings(t *testing.T, seed uint64) settings {
	t.Helper()
	s, err := (&Options{Workers: 2}).settings()
	if err != nil {
		t.Fatal(err)
	}
	s.bounds.Full, s.bounds.Hubs, s.bounds.Common = 2+int(seed%4), 1+int(seed%2), 4+int(seed%7)
	s.sweeps = 1 + int(seed%3)
	return s
}

// swept is an article of three stories and nine days, with part of its story.
func swept(rng *rand.Rand, id int) *Article {
	story := stock[rng.IntN(3)]
	from := rng.IntN(4)
	ps := append([]string(nil), story[from:from+1+rng.IntN(len(story)-from)]...)
	if rng.IntN(3) == 0 {
		ps = append(ps, stock[0][6])
	}
	return &Article{
		ID: fmt.Sprintf("a%02d", id), Text: strings.Join(ps, "\n\n"),
		Published: time.Date(2026, 3, 1+rng.IntN(9), 8, 0, 0, 0, time.UTC),
	}
}

// ends is a store that fails at one change, or from there on, and has the records
// of before every one.
type ends struct {
	recorded
	at     int
	on     bool // it fails from there on
	states []map[string][]byte
}

var errEnds = errors.New("no space left")

func (s *ends) Apply(ctx context.Context, b Batch) error {
	s.states = append(s.states, maps.Clone(s.records))
	if n := len(s.states) - 1; n == s.at || s.on && n > s.at {
		return errEnds
	}
	return s.recorded.Apply(ctx, b)
}

// A durable Deduper forgets many articles. The process may end, or the store
// refuse, at any change of the store: what is opened then has each of the others,
// and of those that were to go all that the change before left, with the links
// that the rules give. A call that failed has taken back what the store does not
// have, and one that comes later finds all well. One record says that it is under
// way, whatever has gained by it.
func TestSweepOfAStoreThatEnds(t *testing.T) {
	ctx := context.Background()
	limit := time.Date(2026, 3, 6, 0, 0, 0, 0, time.UTC)
	for seed := range uint64(8) {
		s := sweepSettings(t, seed)
		s.sweeps = 1
		for at, changes := -1, 0; at < changes; at++ {
			rng := rand.New(rand.NewPCG(seed, 7))
			store := &ends{recorded: recorded{map[string][]byte{}}, at: -1}
			d, err := open(ctx, store, s)
			if err != nil {
				t.Fatal(err)
			}
			old := map[string]bool{}
			for i := range 40 {
				a := swept(rng, i)
				if _, err := d.Add(ctx, a); err != nil {
					t.Fatal(err)
				}
				old[a.ID] = a.Published.Before(limit)
			}
			store.states, store.at, store.on = nil, at, at >= 0 && seed%2 == 0
			n, err := d.Expire(ctx, limit)
			store.on = false
			if (at >= 0 && len(store.states) > at) != errors.Is(err, errEnds) {
				t.Fatalf("seed %d, change %d of %d: %v", seed, at, changes, err)
			}
			if got := d.Stats().Articles; got != len(old)-n {
				t.Fatalf("seed %d, change %d: %d articles are held, %d are forgotten", seed, at, got, n)
			}
			if err != nil {
				// What it says is so at once, not when the store is written to next.
				opened, err := open(ctx, &recorded{maps.Clone(store.records)}, s)
				if err != nil {
					t.Fatalf("seed %d, change %d: %v", seed, at, err)
				}
				if got := opened.Stats().Articles; got != len(old)-n {
					t.Fatalf("seed %d, change %d: %d articles are in the store, %d of %d are forgotten", seed, at, got, n, len(old))
				}
			}
			if err := d.Verify(ctx); err != nil {
				t.Fatalf("seed %d, change %d: %v", seed, at, err)
			}
			if at >= 0 {
				// The process may also end while the call takes back what failed.
				for i, state := range store.states[min(at+1, len(store.states)):] {
					opened, err := open(ctx, &recorded{maps.Clone(state)}, s)
					if err == nil {
						err = opened.Verify(ctx)
					}
					if err != nil {
						t.Fatalf("seed %d, change %d, %d after it: %v", seed, at, i, err)
					}
				}
				if _, err := d.Expire(ctx, limit); err != nil {
					t.Fatal(err)
				}
				if err := d.Verify(ctx); err != nil {
					t.Fatalf("seed %d, change %d: %v", seed, at, err)
				}
				continue
			}
			changes = len(store.states)
			for i, state := range append(store.states, store.records) {
				marks := 0
				for k := range state {
					if k[0] == markKind {
						marks++
					}
				}
				if marks > 1 || i == changes && marks > 0 {
					t.Fatalf("seed %d, before change %d of %d: %d records of what is under way", seed, i, changes, marks)
				}
				opened, err := open(ctx, &recorded{state}, s)
				if err != nil {
					t.Fatalf("seed %d, before change %d: %v", seed, i, err)
				}
				for id, goes := range old {
					if _, err := opened.Fingerprint(ctx, id); err != nil && !goes || err == nil && goes && i == changes {
						t.Fatalf("seed %d, before change %d of %d: %s: %v", seed, i, changes, id, err)
					}
				}
				if err := opened.Verify(ctx); err != nil {
					t.Fatalf("seed %d, before change %d of %d: %v", seed, i, changes, err)
				}
			}
		}
	}
}

// While many articles are forgotten in sweeps, others come, take the place of
// some, and are removed, and what has been forgotten comes back. When all calls
// have returned, the links are those that the rules give of what is left. Small
// bounds of the index make every step let others in.
func TestSweepsBesideOtherCalls(t *testing.T) {
	ctx := context.Background()
	for seed := range uint64(24) {
		var d *Deduper
		var err error
		s := sweepSettings(t, seed)
		if seed < 12 {
			d = newDeduper(s)
		} else if d, err = open(ctx, &recorded{map[string][]byte{}}, s); err != nil {
			t.Fatal(err)
		}
		article := func(rng *rand.Rand) *Article { return swept(rng, rng.IntN(60)) }
		var wg sync.WaitGroup
		for w := range uint64(4) {
			wg.Go(func() {
				rng := rand.New(rand.NewPCG(seed, w))
				for range 40 {
					var err error
					switch k := rng.IntN(8); {
					case w == 0 && k < 4:
						_, err = d.Expire(ctx, time.Date(2026, 3, 1+rng.IntN(8), 0, 0, 0, 0, time.UTC))
					case k == 7:
						err = d.Remove(ctx, fmt.Sprintf("a%02d", rng.IntN(60)), fmt.Sprintf("a%02d", rng.IntN(60)), fmt.Sprintf("a%02d", rng.IntN(60)))
						if errors.Is(err, ErrNotFound) {
							err = nil
						}
					default:
						_, err = d.Add(ctx, article(rng))
					}
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if err := d.Verify(ctx); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}
