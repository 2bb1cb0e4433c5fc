package newsdedup

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"

	"github.com/newsdedup/newsdedup/internal/posting"
)

// Deduper holds fingerprints of articles, their links and groups, in memory.
// It keeps no text. New and Open make one; the zero Deduper is not ready for use.
// All methods are safe for concurrent use; none leaves a goroutine behind.
//
// It looks for relations of Options.GroupBy or stronger, and for no others.
//
// # What is a function of what
//
// When no call is under way, links and groups are a function of the set of
// articles held: not of their order, of articles that came and went, or of
// concurrency. While calls are under way, an article that Add has not returned
// for may be there without all of its links.
//
// Articles of the same words and title are one content: they are held once,
// linked Exact, and never separated. A content is verified against those that
// have enough keys of the index in common with it (see internal/posting for the
// keys, their weights and the bounds of what very many articles have in common),
// unless so few words are common that the two are unrelated at a glance. A pair
// that is not proposed is not linked, and what is proposed is linked only if
// Relate says so.
type Deduper struct {
	o       settings
	journal journal // nil: in memory alone
	undos   undoLog // of what the journal has not confirmed

	herald *herald // nil: without events

	mu     sync.RWMutex
	closed bool
	h      *held
}

// Result is what Add found out about an article.
type Result struct {
	ID string `json:"id"` // of the article
	// Matches are the links to articles held, strongest relation first, then
	// highest score, then ID, at most MaxMatches. A is the article added. Of
	// several articles of the same content the one held longest stands for all.
	Matches []Match `json:"matches"`
}

// MaxMatches is the most matches that Add and Lookup return. It bounds their
// time for an article that thousands of others are made from; Group tells all.
const MaxMatches = 32

// maxHead bounds what is kept of an article besides its content, in bytes: what
// does not fit into a record would fail with all that goes to a store with it.
const maxHead = 64 << 10

// New returns an empty Deduper. Options that are out of range give ErrOption.
func New(o *Options) (*Deduper, error) {
	s, err := o.settings()
	if err != nil {
		return nil, err
	}
	return newDeduper(s), nil
}

func newDeduper(s settings) *Deduper {
	d := &Deduper{o: s, h: newHeld(s.GroupBy, s.bounds)}
	if s.Events != nil && s.Events.Groups != nil {
		d.herald = &herald{events: *s.Events, told: map[uint32]*told{}}
	}
	return d
}

// Add takes an article in and returns how it is tied to those held. An article
// of the same ID is replaced. One whose Text has no word is held, and tied to
// none. The context is looked at once, before the change; to cancel it later has no
// effect.
//
// Errors: ErrID without an article or an ID, ErrTooLarge if what its Fingerprint
// holds besides hashes of the text, ID, Lang and Credits above all, has more than
// 64 KiB, ErrClosed, the context's; then nothing has changed. Of a Deduper that
// Open returned also the store's, wrapped; then the change is taken back. If the
// store takes nothing more before the process ends, as after ErrUncertain, or the
// Deduper is closed meanwhile, the change may be there when the store is opened
// again, or not.
//
// # Calls that overlap
//
// Changes of one ID, by Add, AddAll, Remove and Expire, are made one after the
// other, in the order of the calls where one ends before the next begins. What
// is held under the ID, once no call is under way, is what the last of them that
// did not fail left: a call that fails takes back neither a later one nor an
// earlier one that has succeeded. Until then other calls may see a change that
// is taken back later: Remove may give ErrNotFound for an article that another
// Remove is about to fail to forget, and matches may name an article that is
// not kept.
func (d *Deduper) Add(ctx context.Context, a *Article) (Result, error) {
	if a == nil || a.ID == "" {
		return Result{}, ErrID
	}
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	dr := newDraft(a, d.o.GroupBy)
	defer drafts.Put(dr)
	t := tasks.Get().(*task)
	defer t.release()
	d.touch(dr, t)
	u, err := d.place(dr, t)
	if err != nil {
		return Result{}, err
	}
	t.verify(d.o.GroupBy)
	res := Result{ID: a.ID, Matches: d.matches(dr, t)}
	if err := d.settle(t); err != nil {
		d.o.Logger.Warn("newsdedup: an Add was taken back", "id", dr.id, "err", err)
		d.undo(u)
		return Result{}, err
	}
	d.undos.keep(u)
	return res, nil
}

// touch reads what place will, so that others wait less for its lock.
func (d *Deduper) touch(dr *draft, t *task) {
	d.rlock()
	if !d.closed {
		t.sum += d.h.index.Touch(&t.tally, dr.keys)
	}
	d.mu.RUnlock()
}

// tries is how often something that others end soon is tried for, each time letting
// them go first, before it is waited for, about a millisecond in all: most of it takes
// less time than to wake a thread. Two goroutines add 1.3 to 1.7 times as many
// articles as one with it, with a tenth of it 1 to 1.4, with a fiftieth .9 to 1.2
// (stream add, in bench). With a store, whose writing wants the processors too, it is
// triesStored.
const (
	tries       = 5000
	triesStored = 100
)

// lock is mu.Lock, and rlock mu.RLock, where it matters.
func (d *Deduper) lock()  { d.acquire(d.mu.TryLock, d.mu.Lock) }
func (d *Deduper) rlock() { d.acquire(d.mu.TryRLock, d.mu.RLock) }

func (d *Deduper) acquire(try func() bool, wait func()) {
	n := tries
	if d.journal != nil {
		n = triesStored
	}
	for range n {
		if try() {
			return
		}
		runtime.Gosched()
	}
	wait()
}

// place makes the first step of Add: the article is there and posted, in the
// place of one of the same ID. t holds what is to be verified, and the matches
// known without that.
func (d *Deduper) place(dr *draft, t *task) (u *undoRecord, err error) {
	d.lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil, ErrClosed
	}
	if len(dr.head) > maxHead {
		return nil, fmt.Errorf("%w: %d bytes of an article's ID, Lang and Credits", ErrTooLarge, len(dr.head))
	}
	h := d.h
	since := h.gains
	var old *draft
	if a := h.find(dr.id, dr.idHash); a != none {
		if d.journal != nil {
			old = h.draft(a)
		}
		h.remove(a, t)
	}
	if d.journal != nil {
		u = d.undos.note(dr.id, dr.idHash, old)
	}
	// The matches are those that an article of this content already has.
	c := h.content(dr)
	if c != none {
		h.known(t, c)
	}
	a := h.add(dr, t)
	t.self = h.articles.At(a).content
	h.recounted(t, since)
	d.begin(t)
	d.note(t)
	return u, nil
}

// begin names the contents whose pairs are to be verified.
func (d *Deduper) begin(t *task) {
	for i, p := range t.pairs {
		if i == 0 || p.a != t.pairs[i-1].a {
			t.begun = append(t.begun, d.h.contents.At(p.a).rank)
		}
	}
}

// note reports the first step to the journal.
func (d *Deduper) note(t *task) {
	if d.journal != nil {
		t.change.begin = append(t.change.begin, t.begun...)
		t.wait = d.journal.note(d.h, &t.change)
	}
	t.change.reset()
}

// settle makes the second step of a change and waits until it is durable.
func (d *Deduper) settle(t *task) error {
	d.finish(t)
	return t.durable()
}

// finish makes the second step of a change.
func (d *Deduper) finish(t *task) {
	if len(t.begun) > 0 || t.candidates > 0 || d.herald != nil && len(t.touched) > 0 {
		d.lock()
		if !d.closed {
			d.h.commit(t)
			if d.journal != nil {
				t.change.end = append(t.change.end, t.begun...)
				t.wait = d.journal.note(d.h, &t.change)
			}
			d.observe(t.touched)
		}
		d.mu.Unlock()
		d.herald.tell()
		t.touched = t.touched[:0]
		t.begun = t.begun[:0]
		t.change.reset()
	}
}

// Lookup returns how an article is tied to those held, without taking it in,
// in the order of Result.Matches. One held under the article's own ID is left
// out; if others have the same content, the next of them stands for all. The
// article needs no ID; a nil one gives ErrEmpty, one whose Text has no word no
// match.
func (d *Deduper) Lookup(ctx context.Context, a *Article) ([]Match, error) {
	if a == nil {
		return nil, fmt.Errorf("%w: nil article", ErrEmpty)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	dr := newDraft(a, d.o.GroupBy)
	defer drafts.Put(dr)
	t := tasks.Get().(*task)
	defer t.release()
	t.except = a.ID
	d.mu.RLock()
	if d.closed {
		d.mu.RUnlock()
		return nil, ErrClosed
	}
	d.h.look(dr, t)
	d.mu.RUnlock()
	t.self = posting.MaxText
	t.verify(d.o.GroupBy)
	return d.matches(dr, t), nil
}

// look leaves the candidates of a draft to be verified. For reading.
func (h *held) look(dr *draft, t *task) {
	if c := h.content(dr); c != none {
		h.known(t, c)
		return
	}
	sketch := string(dr.sketch)
	h.index.Count(&t.tally, posting.MaxText, dr.rank, dr.keys)
	for o, spare := range h.candidates(&t.tally, posting.Size{Keys: len(dr.keys), Stock: t.tally.Stock()}) {
		x := h.contents.At(o)
		t.pairs = append(t.pairs, pair{posting.MaxText, o, 0, x.moves, spare, sketch, h.sketchOf(o), dr.names, x.names})
	}
}

// Match returns how two articles that are held are tied, as Relate says.
// ErrNotFound if one is not held.
func (d *Deduper) Match(ctx context.Context, a, b string) (Match, error) {
	fa, err := d.Fingerprint(ctx, a)
	if err != nil {
		return Match{}, err
	}
	fb, err := d.Fingerprint(ctx, b)
	if err != nil {
		return Match{}, err
	}
	return Relate(&fa, &fb, nil)
}

// Fingerprint returns the fingerprint of an article that is held, ErrNotFound
// if it is not.
func (d *Deduper) Fingerprint(ctx context.Context, id string) (Fingerprint, error) {
	if err := ctx.Err(); err != nil {
		return Fingerprint{}, err
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.closed {
		return Fingerprint{}, ErrClosed
	}
	a := d.h.find(id, hashID(id))
	if a == none {
		return Fingerprint{}, fmt.Errorf("%w: %q", ErrNotFound, id)
	}
	f := d.h.fingerprint(a)
	f.sketch = strings.Clone(f.sketch)
	return f, nil
}

// Close ends the use of the Deduper: later calls give ErrClosed. It may be
// called again. It does not close the Store of Open. It fails only if something
// that nobody waits for could not be stored, which the next Open makes up for.
func (d *Deduper) Close() error {
	d.mu.Lock()
	journal := d.journal
	if d.closed {
		journal = nil
	}
	d.shut()
	d.mu.Unlock()
	if journal == nil {
		return nil
	}
	err := journal.flush()
	d.o.Logger.Info("newsdedup: closed", "err", err)
	return err
}

func (d *Deduper) shut() {
	if !d.closed {
		d.closed = true
		stats := Stats{Candidates: d.h.stats.Candidates, Verified: d.h.stats.Verified, Unlinked: d.h.stats.Unlinked}
		d.h = newHeld(d.o.GroupBy, posting.Bounds{})
		d.h.stats = stats
	}
}
