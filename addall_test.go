package newsdedup_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/storetest"
)

// stream is n articles of a few made-up stories: versions, verbatim copies, and
// new texts under IDs that were there before.
func stream(seed uint64, n int) []*newsdedup.Article {
	w := newWire(seed)
	var stories [][]string
	for range 1 + n/12 {
		stories = append(stories, w.story())
	}
	var all []*newsdedup.Article
	for i := range n {
		a := &newsdedup.Article{ID: fmt.Sprintf("a%03d", i), Text: strings.Join(w.version(stories[w.rng.IntN(len(stories))]), "\n\n")}
		a.Published = time.Date(2026, 4, 1+w.rng.IntN(20), 0, 0, 0, 0, time.UTC)
		switch {
		case i > 0 && w.rng.IntN(6) == 0:
			a.Text = all[w.rng.IntN(i)].Text
		case i > 0 && w.rng.IntN(8) == 0:
			a.ID = all[w.rng.IntN(i)].ID
		}
		all = append(all, a)
	}
	return all
}

func groupsOf(t testing.TB, d *newsdedup.Deduper) []newsdedup.Group {
	t.Helper()
	var out []newsdedup.Group
	for g, err := range d.Groups(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, g)
	}
	return out
}

func fresh(t testing.TB, o *newsdedup.Options) *newsdedup.Deduper {
	t.Helper()
	d, err := newsdedup.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// Whatever the number of workers, AddAll yields what Add would have returned,
// to the byte, and leaves the same groups.
func TestAddAllIsAdd(t *testing.T) {
	ctx := context.Background()
	for seed := range uint64(3) {
		articles := stream(seed, 90)
		one := fresh(t, nil)
		var want []newsdedup.Result
		for _, a := range articles {
			r, err := one.Add(ctx, a)
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, r)
		}
		for _, workers := range []int{1, 2, 5} {
			d := fresh(t, &newsdedup.Options{Workers: workers})
			var got []newsdedup.Result
			for r, err := range d.AddAll(ctx, seq(articles...)) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, r)
			}
			x, _ := json.Marshal(got)
			y, _ := json.Marshal(want)
			if string(x) != string(y) {
				t.Fatalf("seed %d, %d workers: results differ", seed, workers)
			}
			if !reflect.DeepEqual(groupsOf(t, d), groupsOf(t, one)) {
				t.Fatalf("seed %d, %d workers: groups differ", seed, workers)
			}
		}
	}
}

// However a loop over AddAll ends, the results before are told, what it said is
// held is held, no goroutine is left, and the Deduper goes on.
func TestAddAllEnds(t *testing.T) {
	boom := errors.New("boom")
	articles := stream(7, 60)
	for name, c := range map[string]struct {
		seq  func(cancel func()) func(func(*newsdedup.Article, error) bool)
		stop int // leave the loop after so many
		want error
	}{
		"the loop is left": {func(func()) func(func(*newsdedup.Article, error) bool) { return seq(articles...) }, 20, nil},
		"the sequence fails": {func(func()) func(func(*newsdedup.Article, error) bool) {
			return func(yield func(*newsdedup.Article, error) bool) {
				for _, a := range articles[:30] {
					if !yield(a, nil) {
						return
					}
				}
				yield(nil, boom)
			}
		}, -1, boom},
		"an article has no ID": {func(func()) func(func(*newsdedup.Article, error) bool) {
			return seq(append(articles[:30:30], &newsdedup.Article{Text: "Nameless."})...)
		}, -1, newsdedup.ErrID},
		"the context ends": {func(cancel func()) func(func(*newsdedup.Article, error) bool) {
			return func(yield func(*newsdedup.Article, error) bool) {
				for i, a := range articles {
					if i == 30 {
						cancel()
					}
					if !yield(a, nil) {
						return
					}
				}
			}
		}, -1, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			before := runtime.NumGoroutine()
			d := fresh(t, &newsdedup.Options{Workers: 3})
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			var last error
			var told []string
			for r, err := range d.AddAll(ctx, c.seq(cancel)) {
				if last = err; err != nil {
					break
				}
				if told = append(told, r.ID); len(told) == c.stop {
					break
				}
			}
			if !errors.Is(last, c.want) || (last == nil) != (c.want == nil) {
				t.Errorf("ended with %v, want %v", last, c.want)
			}
			if len(told) < 5 {
				t.Errorf("%d results before the end", len(told))
			}
			for _, id := range told {
				if _, err := d.Group(context.Background(), id); err != nil {
					t.Errorf("%s: %v", id, err)
				}
			}
			var left []*newsdedup.Article
			held := map[string]*newsdedup.Article{}
			for _, a := range articles {
				if f, err := d.Fingerprint(context.Background(), a.ID); err == nil && f == newsdedup.Scheme1.Fingerprint(a) {
					held[a.ID] = a
				}
			}
			for _, a := range held {
				left = append(left, a)
			}
			if !reflect.DeepEqual(groupsOf(t, d), cluster(t, nil, left...)) {
				t.Error("groups are not those of a Cluster of what is held")
			}
			for range 100 {
				if runtime.NumGoroutine() <= before {
					return
				}
				time.Sleep(time.Millisecond)
			}
			t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		})
	}
}

// All methods are called at once, from several goroutines, with events on. At
// the end links and groups are those of a fresh Cluster of what is left, and
// the events add up to them.
func TestEverythingAtOnce(t *testing.T) {
	ctx := context.Background()
	told := map[string]newsdedup.GroupState{}
	var d *newsdedup.Deduper
	o := &newsdedup.Options{Workers: 2, Events: &newsdedup.Events{Groups: func(c newsdedup.GroupChange) {
		for _, g := range c.Before {
			delete(told, g.ID)
		}
		for _, g := range c.After {
			told[g.ID] = g
		}
		d.Stats() // events may call
	}}}
	d = fresh(t, o)
	articles := stream(11, 160)
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(w), 3))
			for i := w; i < len(articles); i += 4 {
				a := articles[i]
				if _, err := d.Add(ctx, a); err != nil {
					t.Error(err)
				}
				switch rng.IntN(8) {
				case 0:
					if err := d.Remove(ctx, articles[rng.IntN(i+1)].ID); err != nil && !errors.Is(err, newsdedup.ErrNotFound) {
						t.Error(err)
					}
				case 1:
					if _, err := d.Expire(ctx, time.Date(2026, 4, rng.IntN(5), 0, 0, 0, 0, time.UTC)); err != nil {
						t.Error(err)
					}
				case 2:
					for _, err := range d.AddAll(ctx, seq(articles[i:min(i+5, len(articles))]...)) {
						if err != nil {
							t.Error(err)
						}
					}
				case 3:
					for _, err := range d.Groups(ctx) {
						if err != nil {
							t.Error(err)
						}
					}
				case 4:
					if _, err := d.Lookup(ctx, a); err != nil {
						t.Error(err)
					}
				case 5:
					if _, err := d.Group(ctx, a.ID); err != nil && !errors.Is(err, newsdedup.ErrNotFound) {
						t.Error(err)
					}
				case 6:
					if _, err := d.Match(ctx, a.ID, articles[rng.IntN(i+1)].ID); err != nil && !errors.Is(err, newsdedup.ErrNotFound) {
						t.Error(err)
					}
				case 7:
					d.Stats()
				}
			}
		})
	}
	wg.Wait()
	by := map[newsdedup.Fingerprint]*newsdedup.Article{}
	for _, a := range articles {
		by[newsdedup.Scheme1.Fingerprint(a)] = a
	}
	var left []*newsdedup.Article
	seen := map[string]bool{}
	for _, a := range articles {
		if f, err := d.Fingerprint(ctx, a.ID); err == nil && !seen[a.ID] {
			seen[a.ID] = true
			left = append(left, by[f])
		}
	}
	got := groupsOf(t, d)
	if want := cluster(t, nil, left...); !reflect.DeepEqual(got, want) {
		t.Errorf("groups\n%v\nwant\n%v", sets(got), sets(want))
	}
	if len(told) != len(got) {
		t.Errorf("%d groups told, %d held", len(told), len(got))
	}
	for _, g := range got {
		if s := told[g.ID]; !reflect.DeepEqual(s, newsdedup.GroupState{ID: g.ID, Lead: g.Lead, Members: g.Members}) {
			t.Errorf("told %v, is %v", s, g.Members)
		}
	}
}

// Of what is forgotten nothing stays but a little: no memory grows with the
// articles that came and went.
func TestMemoryComesBack(t *testing.T) {
	ctx := context.Background()
	d := fresh(t, nil)
	w := newWire(5)
	fill := func() {
		for i := range 400 {
			a := &newsdedup.Article{ID: fmt.Sprint(w.rng.Uint64()), Text: strings.Join(w.story(), "\n\n"), Published: time.Unix(int64(i)*10000, 0)}
			if _, err := d.Add(ctx, a); err != nil {
				t.Fatal(err)
			}
		}
	}
	fill()
	full := d.Stats().Bytes
	for range 3 {
		if n, err := d.Expire(ctx, time.Unix(1e10, 0)); n != 400 || err != nil {
			t.Fatal(n, err)
		}
		s := d.Stats()
		if s.Articles+s.Contents+s.Keys != 0 || s.Bytes > full*2/3 {
			t.Errorf("after all are gone: %+v, full it was %d bytes", s, full)
		}
		fill()
		if got := d.Stats().Bytes; got > full*5/4 {
			t.Errorf("%d bytes when full again, %d before", got, full)
		}
	}
}

// slowStore makes a change when it is let, and counts them.
type slowStore struct {
	newsdedup.Store
	changes atomic.Int64
	let     func() bool
}

func (s *slowStore) Apply(ctx context.Context, b newsdedup.Batch) error {
	s.changes.Add(1)
	for !s.let() {
		time.Sleep(100 * time.Microsecond)
	}
	return s.Store.Apply(ctx, b)
}

// Three hundred articles go into a store that is as slow as a disk: while it
// makes a change, fifty articles can be read. These go together into the next
// change, though there is but one worker; each is there when its result is.
func TestAddAllSharesChanges(t *testing.T) {
	var disk storetest.Memory
	below, err := disk.Open("")
	if err != nil {
		t.Fatal(err)
	}
	const n = 300
	var read, told atomic.Int64
	s := &slowStore{Store: below, let: func() bool { return true }}
	d, err := newsdedup.Open(t.Context(), s, &newsdedup.Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	s.let = func() bool { return read.Load() >= min(n, told.Load()+50) }
	file := func(yield func(*newsdedup.Article, error) bool) {
		for i := range n {
			read.Add(1)
			if !yield(versioned(fmt.Sprint(i), uint64(i)), nil) {
				return
			}
		}
	}
	for r, err := range d.AddAll(t.Context(), file) {
		if err != nil || r.ID != fmt.Sprint(told.Load()) {
			t.Fatalf("result %d: %q, %v", told.Load(), r.ID, err)
		}
		if told.Add(1)%50 != 0 {
			continue
		}
		// What a process that ends here leaves behind.
		records := int64(0)
		for r, err := range below.Scan(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			if r.Key[0] == 1 {
				records++
			}
		}
		if records < told.Load() {
			t.Errorf("%d articles in the store, %d results", records, told.Load())
		}
	}
	if c := s.changes.Load(); told.Load() != n || c > n/10 {
		t.Errorf("%d results, %d changes of the store", told.Load(), c)
	}
	s.let = func() bool { return true }
	if err := d.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

// The disk is full when a file of articles is read in: new ones, and three
// versions of one that is held. The error comes with the first, and all is as
// it was, the version that was held included. Once there is room, the same file
// goes in.
func TestAddAllOnFullDisk(t *testing.T) {
	var disk storetest.Memory
	s, err := disk.Open("")
	if err != nil {
		t.Fatal(err)
	}
	d, err := newsdedup.Open(t.Context(), s, &newsdedup.Options{Workers: 4})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Add(t.Context(), versioned("a", 1)); err != nil {
		t.Fatal(err)
	}
	before, err := d.Fingerprint(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	var file []*newsdedup.Article
	for i := range 40 {
		file = append(file, versioned(fmt.Sprint(i), uint64(i)))
		if i%10 == 5 {
			file = append(file, versioned("a", uint64(100+i)))
		}
	}
	full := errors.New("no space left")
	disk.Fail(s, full)
	results := 0
	for r, err := range d.AddAll(t.Context(), seq(file...)) {
		if results++; !errors.Is(err, full) || r.ID != "" {
			t.Errorf("%q, %v", r.ID, err)
		}
	}
	if results != 1 {
		t.Errorf("%d results, want the error alone", results)
	}
	if got, err := d.Fingerprint(t.Context(), "a"); err != nil || got != before || d.Stats().Articles != 1 {
		t.Errorf("the article that was held: the same %v, %v; %d are held", got == before, err, d.Stats().Articles)
	}
	disk.Fail(s, nil)
	if err := d.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	for _, err := range d.AddAll(t.Context(), seq(file...)) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Verify(t.Context()); err != nil || d.Stats().Articles != 41 {
		t.Errorf("%v, %d articles", err, d.Stats().Articles)
	}
}
