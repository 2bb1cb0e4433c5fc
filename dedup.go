package newsdedup

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/newsdedup/newsdedup/internal/posting"
	"github.com/newsdedup/newsdedup/internal/sketch"
)

// Deduper holds fingerprints of articles, their links and groups, in memory.
// It keeps no text. All methods are safe for concurrent use; none leaves a
// goroutine behind.
type Deduper struct {
	o settings

	mu     sync.RWMutex
	closed bool
	byID   map[string]*vertex
	slots  []*vertex // by posting number; nil when free
	free   []uint32
	index  posting.Index
	stats  Stats
}

// vertex is one held article.
type vertex struct {
	fp     *Fingerprint
	member Member
	slot   uint32
	keys   []uint32
	links  map[*vertex]Match
}

// Result is what Add found out about an article.
type Result struct {
	// Matches are the links to articles held, strongest relation first, then
	// highest score, then ID. A is the article added.
	Matches []Match `json:"matches"`
	// Group is the group the article is in.
	Group Group `json:"group"`
}

// Stats counts what a Deduper holds and has done.
type Stats struct {
	Articles   int            // held
	Links      [Exact + 1]int // held, by relation
	Candidates uint64         // pairs proposed by the index since New
}

// New returns an empty Deduper. Options that are out of range give ErrOption.
func New(o *Options) (*Deduper, error) {
	s, err := o.settings()
	if err != nil {
		return nil, err
	}
	return &Deduper{o: s, byID: map[string]*vertex{}}, nil
}

// Add takes an article in and returns how it is tied to those held before. An
// article of the same ID is replaced. Errors: ErrID without an ID, ErrClosed,
// the context's; then nothing has changed.
func (d *Deduper) Add(ctx context.Context, a *Article) (Result, error) {
	v, err := d.insert(ctx, a)
	if err != nil {
		return Result{}, err
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	return Result{Matches: v.matches(), Group: d.groupAt(v)}, nil
}

// insert posts the article, then verifies its candidates outside the lock.
// Whoever posts later sees whoever posted earlier, so that of two concurrent
// calls one verifies the pair.
func (d *Deduper) insert(ctx context.Context, a *Article) (*vertex, error) {
	if a == nil || a.ID == "" {
		return nil, ErrID
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	v := d.vertex(a)
	d.mu.Lock()
	if d.closed {
		d.mu.Unlock()
		return nil, ErrClosed
	}
	if old := d.byID[a.ID]; old != nil {
		d.remove(old)
	}
	candidates := d.candidates(v)
	d.byID[a.ID] = v
	if n := len(d.free); n > 0 {
		v.slot = d.free[n-1]
		d.free = d.free[:n-1]
		d.slots[v.slot] = v
	} else {
		v.slot = uint32(len(d.slots))
		d.slots = append(d.slots, v)
	}
	d.index.Add(v.slot, v.keys)
	d.stats.Articles++
	d.stats.Candidates += uint64(len(candidates))
	d.mu.Unlock()

	found := d.relate(v, candidates)

	d.mu.Lock()
	defer d.mu.Unlock()
	if d.slots[v.slot] != v {
		return v, nil // removed or replaced meanwhile
	}
	for w, m := range found {
		if d.slots[w.slot] == w {
			v.links[w], w.links[v] = m, m
			d.stats.Links[m.Relation]++
		}
	}
	return v, nil
}

func (d *Deduper) vertex(a *Article) *vertex {
	fp := d.o.Scheme.Fingerprint(a)
	v := &vertex{fp: &fp, links: map[*vertex]Match{}}
	var s sketch.Sketch
	fp.sketch(&s)
	v.keys = posting.Keys(nil, &s)
	v.member = fp.member()
	return v
}

// candidates returns the held articles that share keys with v.
func (d *Deduper) candidates(v *vertex) []*vertex {
	var out []*vertex
	for _, slot := range d.index.Candidates(v.keys) {
		if w := d.slots[slot]; w != nil && w != v {
			out = append(out, w)
		}
	}
	return out
}

// relate verifies candidates and keeps the links.
func (d *Deduper) relate(v *vertex, candidates []*vertex) map[*vertex]Match {
	found := map[*vertex]Match{}
	c := comparers.Get().(*comparer)
	defer comparers.Put(c)
	for _, w := range candidates {
		a, b := v, w
		if b.fp.ID() < a.fp.ID() {
			a, b = b, a
		}
		if m := c.relate(a.fp, b.fp, false); m.Relation > Unrelated {
			found[w] = m
		}
	}
	return found
}

// Lookup returns how an article is tied to those held, without taking it in;
// strongest relation first, as in Result. One held under the article's own ID
// is left out. The article needs no ID.
func (d *Deduper) Lookup(ctx context.Context, a *Article) ([]Match, error) {
	if a == nil {
		return nil, ErrID
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	v := d.vertex(a)
	d.mu.RLock()
	if d.closed {
		d.mu.RUnlock()
		return nil, ErrClosed
	}
	candidates := d.candidates(v)
	d.mu.RUnlock()
	candidates = slices.DeleteFunc(candidates, func(w *vertex) bool { return a.ID != "" && w.fp.ID() == a.ID })
	v.links = d.relate(v, candidates)
	return v.matches(), nil
}

// matches returns the links of v seen from v.
func (v *vertex) matches() []Match {
	out := make([]Match, 0, len(v.links))
	for _, m := range v.links {
		if m.A != v.fp.ID() {
			m = m.swapped()
		}
		out = append(out, m)
	}
	slices.SortFunc(out, func(x, y Match) int {
		return cmp.Or(cmp.Compare(y.Relation, x.Relation), cmp.Compare(y.Score, x.Score), cmp.Compare(x.B, y.B))
	})
	return out
}

// Remove forgets articles. IDs that are not held give ErrNotFound, wrapped
// with the first such ID, after all others have been removed.
func (d *Deduper) Remove(ctx context.Context, ids ...string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return ErrClosed
	}
	var err error
	for _, id := range ids {
		if v := d.byID[id]; v != nil {
			d.remove(v)
		} else if err == nil {
			err = fmt.Errorf("%w: %q", ErrNotFound, id)
		}
	}
	return err
}

func (d *Deduper) remove(v *vertex) {
	for w, m := range v.links {
		delete(w.links, v)
		d.stats.Links[m.Relation]--
	}
	d.index.Remove(v.slot, v.keys)
	delete(d.byID, v.fp.ID())
	d.slots[v.slot] = nil
	d.free = append(d.free, v.slot)
	d.stats.Articles--
}

// Expire forgets the articles published before a time, and returns how many
// they were. Articles without a date stay.
func (d *Deduper) Expire(ctx context.Context, before time.Time) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return 0, ErrClosed
	}
	n := 0
	for _, v := range d.slots {
		if v != nil && !v.member.Published.IsZero() && v.member.Published.Before(before) {
			d.remove(v)
			n++
		}
	}
	return n, nil
}

// Group returns the group an article is in. ErrNotFound if it is not held.
func (d *Deduper) Group(ctx context.Context, id string) (Group, error) {
	if err := ctx.Err(); err != nil {
		return Group{}, err
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.closed {
		return Group{}, ErrClosed
	}
	v := d.byID[id]
	if v == nil {
		return Group{}, fmt.Errorf("%w: %q", ErrNotFound, id)
	}
	return d.groupAt(v), nil
}

func (d *Deduper) groupAt(v *vertex) Group {
	for _, g := range d.groupsOf(d.component(v, map[*vertex]bool{})) {
		if _, ok := slices.BinarySearch(g.Members, v.fp.ID()); ok {
			return g
		}
	}
	return d.group([]*vertex{v})
}

// component returns v and all that links of the level of grouping lead to.
func (d *Deduper) component(v *vertex, seen map[*vertex]bool) []*vertex {
	out := []*vertex{v}
	seen[v] = true
	for i := 0; i < len(out); i++ {
		for w, m := range out[i].links {
			if m.Relation >= d.o.GroupBy && !seen[w] {
				seen[w] = true
				out = append(out, w)
			}
		}
	}
	return out
}

// Groups yields every group, largest first, then by ID. It is a snapshot: what
// changes meanwhile does not show. An error of the context ends it.
func (d *Deduper) Groups(ctx context.Context) iter.Seq2[Group, error] {
	return func(yield func(Group, error) bool) {
		groups, err := d.snapshot(ctx)
		if err != nil {
			yield(Group{}, err)
			return
		}
		for _, g := range groups {
			if err := ctx.Err(); err != nil {
				yield(Group{}, err)
				return
			}
			if !yield(g, nil) {
				return
			}
		}
	}
}

func (d *Deduper) snapshot(ctx context.Context) ([]Group, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.closed {
		return nil, ErrClosed
	}
	var groups []Group
	seen := map[*vertex]bool{}
	for _, v := range d.slots {
		if v == nil || seen[v] {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		groups = append(groups, d.groupsOf(d.component(v, seen))...)
	}
	slices.SortFunc(groups, func(x, y Group) int {
		return cmp.Or(cmp.Compare(len(y.Members), len(x.Members)), cmp.Compare(x.ID, y.ID))
	})
	return groups, nil
}

// Stats returns the present counts.
func (d *Deduper) Stats() Stats {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.stats
}

// Close ends the use of the Deduper: later calls give ErrClosed. It never
// fails, and may be called again.
func (d *Deduper) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	d.byID, d.slots, d.free, d.index = nil, nil, nil, posting.Index{}
	return nil
}
