package newsdedup_test

import (
	"context"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"hash/crc32"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/storetest"
	"pgregory.net/rapid"
)

func openMemory(t testing.TB, m *storetest.Memory, o *newsdedup.Options) (*newsdedup.Deduper, newsdedup.Store) {
	t.Helper()
	s, err := m.Open("store")
	if err != nil {
		t.Fatal(err)
	}
	d, err := newsdedup.Open(context.Background(), s, o)
	if err != nil {
		t.Fatal(err)
	}
	return d, s
}

// durable is a Deduper that is opened, closed and killed, beside the plainest
// model of what it must hold.
type durable struct {
	t     *rapid.T
	disk  storetest.Memory
	store newsdedup.Store
	d     *newsdedup.Deduper
	o     *newsdedup.Options
	held  map[string]*newsdedup.Article
	wire  *wire
	story [][]string
	steps int // since groups were compared
}

func (m *durable) open() {
	s, err := m.disk.Open("store")
	if err != nil {
		m.t.Fatal(err)
	}
	m.store = s
	if m.d, err = newsdedup.Open(context.Background(), s, m.o); err != nil {
		m.t.Fatal(err)
	}
	m.steps = 0
}

func (m *durable) article(id string) *newsdedup.Article {
	text := strings.Join(m.wire.version(m.story[m.wire.rng.IntN(len(m.story))]), "\n\n")
	if m.wire.rng.IntN(10) == 0 {
		text = "..." // no words
	}
	return &newsdedup.Article{ID: id, Text: text}
}

// Whatever is added, replaced and removed, and however often the Deduper is
// closed or killed in between and opened again, with a store that fails now and
// then, it holds what was acknowledged, and its groups are those of a fresh
// Cluster of that.
func TestDurableAgainstModel(t *testing.T) {
	errDisk := errors.New("disk full")
	if checks := flag.Lookup("rapid.checks"); newsdedup.RaceEnabled() && checks != nil {
		defer checks.Value.Set(checks.Value.String())
		checks.Value.Set("15")
	}
	rapid.Check(t, func(t *rapid.T) {
		m := &durable{t: t, o: &newsdedup.Options{Workers: 2}, held: map[string]*newsdedup.Article{}, wire: newWire(rapid.Uint64().Draw(t, "seed"))}
		for range 4 {
			m.story = append(m.story, m.wire.story())
		}
		m.open()
		ids := rapid.Map(rapid.IntRange(0, 12), func(i int) string { return fmt.Sprint("a", i) })
		ctx := context.Background()
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				a := m.article(ids.Draw(t, "id"))
				if _, err := m.d.Add(ctx, a); err != nil {
					t.Fatal(err)
				}
				m.held[a.ID] = a
			},
			"add the same again": func(t *rapid.T) {
				id := ids.Draw(t, "id")
				other := ids.Draw(t, "of")
				if a := m.held[other]; a != nil {
					b := *a
					b.ID = id
					if _, err := m.d.Add(ctx, &b); err != nil {
						t.Fatal(err)
					}
					m.held[id] = &b
				}
			},
			"remove": func(t *rapid.T) {
				id := ids.Draw(t, "id")
				err := m.d.Remove(ctx, id)
				if m.held[id] != nil && err != nil || m.held[id] == nil && !errors.Is(err, newsdedup.ErrNotFound) {
					t.Fatalf("Remove(%s): %v", id, err)
				}
				delete(m.held, id)
			},
			"fail": func(t *rapid.T) {
				m.disk.Fail(m.store, errDisk)
				id := ids.Draw(t, "id")
				var err error
				if rapid.Bool().Draw(t, "remove") {
					if m.held[id] == nil {
						m.disk.Fail(m.store, nil)
						return
					}
					err = m.d.Remove(ctx, id)
				} else {
					_, err = m.d.Add(ctx, m.article(id))
				}
				m.disk.Fail(m.store, nil)
				if !errors.Is(err, errDisk) {
					t.Fatalf("a change on a full disk: %v", err)
				}
			},
			"reopen": func(t *rapid.T) {
				if err := m.d.Close(); err != nil {
					t.Fatal(err)
				}
				if err := m.store.Close(); err != nil {
					t.Fatal(err)
				}
				m.open()
			},
			"kill": func(t *rapid.T) {
				m.disk.Crash(m.store)
				m.open()
			},
			"group by another level": func(t *rapid.T) {
				m.d.Close()
				m.store.Close()
				o := *m.o
				o.GroupBy = rapid.SampledFrom([]newsdedup.Relation{newsdedup.SameStory, newsdedup.Rewrite, newsdedup.Partial, newsdedup.Exact}).Draw(t, "level")
				m.o = &o
				m.open()
			},
			"": func(t *rapid.T) {
				if n := m.d.Stats().Articles; n != len(m.held) {
					t.Fatalf("%d articles, want %d", n, len(m.held))
				}
				for id, a := range m.held {
					f, err := m.d.Fingerprint(ctx, id)
					if err != nil || f != newsdedup.SchemeDefault.Fingerprint(a) {
						t.Fatalf("article %s is not what was added: %v", id, err)
					}
				}
				if m.steps++; m.steps%4 != 1 {
					return
				}
				if err := m.d.Verify(ctx); err != nil {
					t.Fatal(err)
				}
				want, err := newsdedup.Cluster(ctx, seq(slices.Collect(maps.Values(m.held))...), m.o)
				if err != nil {
					t.Fatal(err)
				}
				var got []newsdedup.Group
				for g, err := range m.d.Groups(ctx) {
					if err != nil {
						t.Fatal(err)
					}
					got = append(got, g)
				}
				if !reflect.DeepEqual(got, want) && len(got)+len(want) > 0 {
					t.Fatalf("groups differ\n got %v\nwant %v", sets(got), sets(want))
				}
			},
		})
	})
}

// A thousand articles come from eight goroutines, go, and come back. What is
// opened then is what was closed.
func TestDurableConcurrently(t *testing.T) {
	var disk storetest.Memory
	d, s := openMemory(t, &disk, nil)
	w := newWire(5)
	var stories [][]string
	for range 40 {
		stories = append(stories, w.story())
	}
	var articles []*newsdedup.Article
	for i := range 400 {
		articles = append(articles, &newsdedup.Article{ID: fmt.Sprint(i), Text: strings.Join(w.version(stories[w.rng.IntN(40)]), "\n\n")})
	}
	ctx := context.Background()
	var wg sync.WaitGroup
	for k := range 8 {
		wg.Go(func() {
			for i := k; i < len(articles); i += 8 {
				if _, err := d.Add(ctx, articles[i]); err != nil {
					t.Error(err)
				}
				if i%3 == 0 {
					if err := d.Remove(ctx, articles[i].ID); err != nil {
						t.Error(err)
					}
				}
				if i%6 == 0 {
					if _, err := d.Add(ctx, articles[i]); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	want := groupsOf(t, d)
	disk.Crash(s)
	d2, _ := openMemory(t, &disk, nil)
	if got := groupsOf(t, d2); !reflect.DeepEqual(got, want) {
		t.Errorf("groups differ after opening again: %d and %d", len(got), len(want))
	}
	if a, b := d.Stats(), d2.Stats(); a.Links != b.Links || a.Articles != b.Articles || a.Contents != b.Contents || a.Keys != b.Keys {
		t.Errorf("%+v after opening again, want %+v", b, a)
	}
}

// Somebody else wrote to the store. Verify tells what is not as it should be,
// and the next Open refuses what it cannot trust.
func TestStoreThatWasTamperedWith(t *testing.T) {
	w := newWire(3)
	story := w.story()
	ctx := context.Background()
	// Keys of the store are a 1 and a number: an even one for an article, the odd
	// one behind it for its links.
	const article, links = 0, 1
	pick := func(t *testing.T, s newsdedup.Store, kind byte) newsdedup.Record {
		for r, err := range s.Scan(ctx) {
			if err != nil {
				t.Fatal(err)
			}
			if r.Key[0] == 1 && r.Key[8]&1 == kind {
				return r
			}
		}
		t.Fatalf("no record of kind %d", kind)
		return newsdedup.Record{}
	}
	put := func(r newsdedup.Record) newsdedup.Batch { return newsdedup.Batch{Put: []newsdedup.Record{r}} }
	for _, c := range []struct {
		name, tells string
		refused     error // by the next Open
		change      func(t *testing.T, s newsdedup.Store) newsdedup.Batch
	}{
		{"an article is gone", "is not in the store", nil, func(t *testing.T, s newsdedup.Store) newsdedup.Batch {
			return newsdedup.Batch{Delete: [][]byte{pick(t, s, article).Key, pick(t, s, links).Key}}
		}},
		{"links are gone", "links of a text are not", nil, func(t *testing.T, s newsdedup.Store) newsdedup.Batch {
			return newsdedup.Batch{Delete: [][]byte{pick(t, s, links).Key}}
		}},
		{"links stand under another text", "links of", newsdedup.ErrCorrupt, func(t *testing.T, s newsdedup.Store) newsdedup.Batch {
			r := pick(t, s, links)
			r.Key[8] += 100
			return put(r)
		}},
		{"an article is there twice", "not held", newsdedup.ErrCorrupt, func(t *testing.T, s newsdedup.Store) newsdedup.Batch {
			r := pick(t, s, article)
			r.Key[8] += 100
			return put(r)
		}},
		{"a record is cut short", "not held", newsdedup.ErrCorrupt, func(t *testing.T, s newsdedup.Store) newsdedup.Batch {
			r := pick(t, s, article)
			r.Value = r.Value[:len(r.Value)-1]
			return put(r)
		}},
		{"a bit flipped", "not held", newsdedup.ErrCorrupt, func(t *testing.T, s newsdedup.Store) newsdedup.Batch {
			r := pick(t, s, article)
			r.Value[len(r.Value)/2] ^= 4
			return put(r)
		}},
		{"a record of something else", "unknown record", newsdedup.ErrCorrupt, func(*testing.T, newsdedup.Store) newsdedup.Batch {
			return put(newsdedup.Record{Key: []byte("other"), Value: []byte("thing")})
		}},
		{"a mark was left", "unfinished", nil, func(*testing.T, newsdedup.Store) newsdedup.Batch {
			r := newsdedup.Record{Key: []byte{2, 0, 0, 0, 0, 0, 0, 0, 9}, Value: []byte{1}}
			r.Value = binary.LittleEndian.AppendUint32(r.Value, crc32.Checksum(r.Value, crc32.MakeTable(crc32.Castagnoli)))
			return put(r)
		}},
		{"the format is gone", "does not say", newsdedup.ErrCorrupt, func(*testing.T, newsdedup.Store) newsdedup.Batch {
			return newsdedup.Batch{Delete: [][]byte{make([]byte, 9)}}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var disk storetest.Memory
			d, s := openMemory(t, &disk, nil)
			for i := range 6 {
				if _, err := d.Add(ctx, &newsdedup.Article{ID: fmt.Sprint(i), Text: strings.Join(story[:len(story)-i%3], "\n\n")}); err != nil {
					t.Fatal(err)
				}
			}
			if err := d.Verify(ctx); err != nil {
				t.Fatal(err)
			}
			if err := s.Apply(ctx, c.change(t, s)); err != nil {
				t.Fatal(err)
			}
			if err := d.Verify(ctx); !errors.Is(err, newsdedup.ErrCorrupt) || !strings.Contains(err.Error(), c.tells) {
				t.Errorf("Verify: %v, want ErrCorrupt with %q", err, c.tells)
			}
			d.Close()
			if d, err := newsdedup.Open(ctx, s, nil); !errors.Is(err, c.refused) || c.refused == nil && err != nil {
				t.Errorf("Open: %v, want %v", err, c.refused)
			} else if err == nil {
				// What is gone from the store is gone, links that are missing are told.
				lost := strings.HasSuffix(c.name, "gone")
				if err := d.Verify(ctx); lost != (err != nil) {
					t.Errorf("after opening again, Verify: %v", err)
				}
			}
		})
	}
}

// A store of a later format or another scheme is refused, with what to do.
func TestOtherFormats(t *testing.T) {
	ctx := context.Background()
	meta := func(format, scheme byte) newsdedup.Record {
		v := []byte{format, scheme, 0, 1, 0, 2, 0, 0}
		return newsdedup.Record{Key: make([]byte, 9), Value: binary.LittleEndian.AppendUint32(v, crc32.Checksum(v, crc32.MakeTable(crc32.Castagnoli)))}
	}
	for _, c := range []struct {
		record newsdedup.Record
		want   error
		advice string
	}{
		{meta(2, 1), newsdedup.ErrFormat, "newer one"},
		{meta(1, 2), newsdedup.ErrScheme, "see Open"},
	} {
		var disk storetest.Memory
		s, err := disk.Open("store")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Apply(ctx, newsdedup.Batch{Put: []newsdedup.Record{c.record}}); err != nil {
			t.Fatal(err)
		}
		if _, err := newsdedup.Open(ctx, s, nil); !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.advice) {
			t.Errorf("got %v, want %v with advice", err, c.want)
		}
	}
	if _, err := newsdedup.Open(ctx, nil, nil); !errors.Is(err, newsdedup.ErrOption) {
		t.Errorf("without a store: %v", err)
	}
	var disk storetest.Memory
	s, _ := disk.Open("store")
	if _, err := newsdedup.Open(ctx, s, &newsdedup.Options{Workers: -1}); !errors.Is(err, newsdedup.ErrOption) {
		t.Errorf("bad options: %v", err)
	}
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := newsdedup.Open(stopped, s, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("with a cancelled context: %v", err)
	}
}

// The disk is full every now and then while eight goroutines add, replace and
// remove. What was acknowledged is there, what failed is not, before and after
// opening again, and links are those of the articles that are there.
func TestDiskFullNowAndThen(t *testing.T) {
	var disk storetest.Memory
	d, s := openMemory(t, &disk, nil)
	ctx := context.Background()
	errDisk := errors.New("disk full")
	stop := make(chan bool)
	var toggler sync.WaitGroup
	toggler.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				disk.Fail(s, nil)
				return
			case <-time.After(300 * time.Microsecond):
			}
			if i%2 == 0 {
				disk.Fail(s, errDisk)
			} else {
				disk.Fail(s, nil)
			}
		}
	})
	var mu sync.Mutex
	held := map[string]*newsdedup.Article{}
	failed := 0
	var wg sync.WaitGroup
	for k := range 8 {
		wg.Go(func() {
			w := newWire(1)
			story := w.story()
			w.rng = rand.New(rand.NewPCG(uint64(k), 2))
			for range 25 {
				id := fmt.Sprintf("%d %d", k, w.rng.IntN(6))
				a := &newsdedup.Article{ID: id, Text: strings.Join(w.version(story), "\n\n")}
				remove := w.rng.IntN(3) == 0
				var err error
				if remove {
					err = d.Remove(ctx, id)
				} else {
					_, err = d.Add(ctx, a)
				}
				mu.Lock()
				switch {
				case errors.Is(err, errDisk):
					failed++
				case err != nil && !(remove && held[id] == nil && errors.Is(err, newsdedup.ErrNotFound)):
					t.Error(err)
				case remove:
					delete(held, id)
				default:
					held[id] = a
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	close(stop)
	toggler.Wait()
	t.Logf("%d calls failed", failed)
	check := func(d *newsdedup.Deduper, when string) {
		t.Helper()
		if n := d.Stats().Articles; n != len(held) {
			t.Errorf("%s: %d articles, want %d", when, n, len(held))
		}
		for id, a := range held {
			if f, err := d.Fingerprint(ctx, id); err != nil || f != newsdedup.SchemeDefault.Fingerprint(a) {
				t.Errorf("%s: %s is not as acknowledged: %v", when, id, err)
			}
		}
		if err := d.Verify(ctx); err != nil {
			t.Errorf("%s: %v", when, err)
		}
	}
	check(d, "at the end")
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	disk.Crash(s)
	d, _ = openMemory(t, &disk, nil)
	check(d, "opened again")
}
