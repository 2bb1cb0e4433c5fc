package newsdedup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/newsdedup/newsdedup/internal/posting"
	"github.com/newsdedup/newsdedup/internal/sketch"
)

// listed is a Store of records in their order, for reading.
type listed []Record

func (s *listed) Apply(_ context.Context, b Batch) error { return nil }
func (s *listed) Close() error                           { return nil }

func (s *listed) Scan(context.Context) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for _, r := range *s {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// someArticles lists records of n articles of 3 KB, all of different content
// and without links. Their words are drawn as in news: a few often, most
// rarely.
func someArticles(n int) *listed {
	r := rand.New(rand.NewPCG(1, 1))
	often := rand.NewZipf(r, 1.1, 20, 40_000)
	word := func() string {
		var b strings.Builder
		for k := often.Uint64() + 30; k > 0; k /= 17 {
			b.WriteByte("bcdfglmnprstvwxyz"[k%17])
			b.WriteByte("aeiou"[k*7%5])
		}
		if s := b.String(); r.IntN(12) > 0 {
			return s
		} else {
			return strings.ToUpper(s[:1]) + s[1:]
		}
	}
	k, m := keyOf(metaKind, 0), meta{Scheme1, linkRules, Rewrite, 0, 0}
	s := listed{{k[:], m.append(nil)}}
	var keys []uint32
	for i := range uint64(n) {
		var b strings.Builder
		for b.Len() < 3000 {
			for range 8 + r.IntN(20) {
				if r.IntN(25) == 0 {
					fmt.Fprint(&b, r.IntN(2000), " ")
				}
				b.WriteString(word() + " ")
			}
			b.WriteString(". ")
		}
		f := Scheme1.Fingerprint(&Article{ID: fmt.Sprint("article ", i), Text: b.String()})
		var sk sketch.Sketch
		f.decode(&sk)
		keys = posting.Keys(keys[:0], &sk, posting.Rewrites)
		rec := articleRecord{content: i + 1, keys: keys, head: f.head, sketch: f.sketch}
		k := keyOf(articleKind, i+1)
		s = append(s, Record{k[:], rec.append(nil, i+1)})
	}
	return &s
}

// A store of several loads is opened by one worker and by several: all is
// there, and as it follows from the articles. If it ends early, with an error
// of the store, a damaged record or a context that is done, Open says so, and
// none of its goroutines is left.
func TestOpenInManyLoads(t *testing.T) {
	const n = 3000
	s := someArticles(n)
	ctx := context.Background()
	for _, workers := range []int{1, 3} {
		d, err := Open(ctx, s, &Options{Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		if st := d.Stats(); st.Articles != n || st.Contents != n {
			t.Errorf("%d workers: %+v, want %d articles", workers, st, n)
		}
		if workers == 1 {
			continue
		}
		if err := d.Verify(ctx); err != nil {
			t.Errorf("%d workers: %v", workers, err)
		}
	}
	before := runtime.NumGoroutine()
	errDisk := errors.New("disk gone")
	for _, at := range []int{0, 1, n / 3, n - 1} {
		if _, err := Open(ctx, &ending{s, at, errDisk, nil}, nil); !errors.Is(err, errDisk) {
			t.Errorf("an error after %d records: %v", at, err)
		}
		stopped, cancel := context.WithCancel(ctx)
		if _, err := Open(stopped, &ending{s, at, nil, cancel}, nil); !errors.Is(err, context.Canceled) {
			t.Errorf("the context done after %d records: %v", at, err)
		}
		bad := slices.Clone(*s)
		bad[at].Value = slices.Clone(bad[at].Value)
		bad[at].Value[len(bad[at].Value)/2] ^= 4
		if _, err := Open(ctx, &bad, nil); !errors.Is(err, ErrCorrupt) {
			t.Errorf("record %d damaged: %v", at, err)
		}
	}
	// One that has said that it is done may be there a moment longer.
	for range 1000 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}

// openRecords opens these records; it returns nil if they are not sound, and
// looks that they are refused then.
func openRecords(t *testing.T, name string, records *listed, workers int, sound bool) *Deduper {
	t.Helper()
	d, err := Open(context.Background(), records, &Options{Workers: workers})
	if !sound {
		if !errors.Is(err, ErrCorrupt) {
			t.Errorf("%s: %v, want ErrCorrupt", name, err)
		}
		return nil
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return d
}

// Articles share a content, of which the store has the number, also where the
// article that the content came with is gone. A number that does not tell the
// contents apart is refused, as is an ID that is there twice.
func TestOpenOfContents(t *testing.T) {
	texts := []string{
		strings.Repeat("The lock keepers of Ostrava counted 412 barges this week. ", 9),
		strings.Repeat("A glacier above the village of Merens has lost 3 metres since May. ", 9),
	}
	record := func(number, content uint64, id string, text int) Record {
		f := Scheme1.Fingerprint(&Article{ID: id, Text: texts[text]})
		var sk sketch.Sketch
		f.decode(&sk)
		rec := articleRecord{content: content, keys: posting.Keys(nil, &sk, posting.Rewrites), head: f.head, sketch: f.sketch}
		k := keyOf(articleKind, number)
		return Record{k[:], rec.append(nil, number)}
	}
	k := keyOf(metaKind, 0)
	s, err := (*Options)(nil).settings()
	if err != nil {
		t.Fatal(err)
	}
	first := Record{k[:], s.meta().append(nil)}
	for _, c := range []struct {
		name     string
		records  listed
		contents int // 0: refused
	}{
		{"two of one", listed{first, record(5, 5, "a", 0), record(7, 5, "b", 0)}, 1},
		{"two of one whose first article is gone", listed{first, record(5, 5, "a", 1), record(7, 2, "b", 0), record(9, 2, "c", 0)}, 2},
		{"the number of another", listed{first, record(5, 5, "a", 0), record(7, 5, "b", 1)}, 0},
		{"the number of another that came with none", listed{first, record(5, 4, "a", 0), record(7, 4, "b", 1)}, 0},
		{"one content under two numbers", listed{first, record(5, 5, "a", 0), record(7, 7, "b", 0)}, 0},
		{"an ID twice", listed{first, record(5, 5, "a", 0), record(7, 7, "a", 1)}, 0},
	} {
		for _, workers := range []int{1, 2} {
			d := openRecords(t, c.name, &c.records, workers, c.contents > 0)
			if d == nil {
				continue
			}
			if st := d.Stats(); st.Contents != c.contents || st.Articles != len(c.records)-1 {
				t.Errorf("%s: %+v, want %d contents", c.name, st, c.contents)
			}
			if err := d.Verify(context.Background()); err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
		}
	}
}

// A link stands with the later of two contents. That may be in front of all
// articles of it or of the other, if the first has gone, and far from the other;
// what is of no content or to none is refused.
func TestOpenOfLinks(t *testing.T) {
	s, err := (*Options)(nil).settings()
	if err != nil {
		t.Fatal(err)
	}
	k := keyOf(metaKind, 0)
	first := Record{k[:], s.meta().append(nil)}
	record := func(number, content uint64) Record {
		f := Scheme1.Fingerprint(&Article{ID: fmt.Sprint(number), Text: fmt.Sprintf("Text %d is about %d other things.", content, content*content)})
		rec := articleRecord{content: content, keys: []uint32{uint32(content)}, head: f.head, sketch: f.sketch}
		k := keyOf(articleKind, number)
		return Record{k[:], rec.append(nil, number)}
	}
	linked := func(number uint64, others ...uint64) Record {
		var ls []linkRecord
		for _, o := range others {
			ls = append(ls, linkRecord{o, Near, 9000})
		}
		k := keyOf(linksKind, number)
		return Record{k[:], appendLinks(nil, number, ls)}
	}
	const far = 1 << 40
	for _, c := range []struct {
		name    string
		records listed
		links   int // 0: refused
	}{
		{"behind its article", listed{first, record(5, 5), record(7, 7), linked(7, 5)}, 1},
		{"in front of its article", listed{first, record(5, 5), linked(7, 5), record(9, 7)}, 1},
		{"in front of the other's article", listed{first, record(5, 5), linked(5, 3), record(9, 3)}, 1},
		{"behind an article of another", listed{first, record(5, 5), record(8, 4), linked(8, 5)}, 0},
		{"far away", listed{first, record(5, 5), record(6, 6), linked(6, 5), record(far, far), linked(far, 6, 5)}, 3},
		{"to nothing", listed{first, record(5, 5), record(7, 7), linked(7, 6)}, 0},
		{"to nothing far away", listed{first, record(5, 5), record(far, far), linked(far, 6)}, 0},
		{"of nothing", listed{first, record(5, 5), linked(6, 5), record(7, 7)}, 0},
		{"out of order", listed{first, record(7, 7), record(5, 5)}, 0},
	} {
		for _, workers := range []int{1, 2} {
			d := openRecords(t, c.name, &c.records, workers, c.links > 0)
			if d == nil {
				continue
			}
			if got := d.Stats().Links[Near]; got != c.links {
				t.Errorf("%s: %d links, want %d", c.name, got, c.links)
			}
		}
	}
}

// Contents are found by their numbers in the store, be they close together or
// as far apart as numbers can be, and nothing is found by others.
func TestLookup(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, n := range []int{0, 1, 2, 1000} {
		for _, most := range []uint64{2000, 1 << 40, 1<<64 - 1} {
			ld := new(loader)
			want := map[uint64]uint32{}
			for i := range n {
				k := r.Uint64N(most) + 1
				if i%3 == 0 {
					k = k%500 + 1 // many at one end
				}
				if _, ok := want[k]; !ok {
					want[k] = uint32(i)
					ld.numbers = append(ld.numbers, numbered{k, uint32(i)})
				}
			}
			ld.order()
			probe := func(k uint64) {
				c, ok := want[k]
				if !ok {
					c = none
				}
				if got := ld.lookup(k); got != c {
					t.Fatalf("%d numbers up to %d: %d is content %d, want %d", n, most, k, got, c)
				}
			}
			for k := range want {
				probe(k - 1)
				probe(k)
				probe(k + 1)
			}
			for range 100 {
				probe(r.Uint64N(most))
			}
			probe(0)
			probe(1<<64 - 1)
		}
	}
}

// ending is a Store of which the reading ends early, with an error or by the
// end of the context.
type ending struct {
	*listed
	at     int
	err    error
	cancel func()
}

func (s *ending) Scan(ctx context.Context) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for i, r := range *s.listed {
			if i == s.at && s.cancel != nil {
				s.cancel()
			}
			if err := cmp.Or(ctx.Err(), s.err); err != nil && i >= s.at {
				yield(Record{}, err)
				return
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		s := someArticles(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			size := 0
			for _, r := range *s {
				size += len(r.Value)
			}
			for b.Loop() {
				d, err := Open(context.Background(), s, nil)
				if err != nil {
					b.Fatal(err)
				}
				if d.Stats().Articles != n {
					b.Fatal("articles are missing")
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/article")
			b.ReportMetric(float64(size)/float64(n), "B/article")
		})
	}
}
