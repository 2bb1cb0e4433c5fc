package newsdedup

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/newsdedup/newsdedup/internal/paged"
)

// A ledger is the journal of a Deduper that has a Store. What changes note is
// gathered by key, the last word on each, until one of the callers that wait
// takes it all to the store in one batch; those that come meanwhile wait for
// the next. So the store goes from one state that was held to a later one.
//
// What the store did not take stays in the ledger for the next try, together
// with the notes of its undoing.
type ledger struct {
	store Store

	mu      sync.Mutex // taken with the lock of the Deduper held, not the other way round
	settled sync.Cond  // a round ended
	pending map[recordKey][]byte
	round   *round // that pending will be written in
	busy    bool   // a round is being written, or about to be

	last     uint64               // number given out
	articles paged.Array[uint64]  // numbers in the store, by number in memory; 0 where free
	contents paged.Array[uint64]  //
	marks    map[uint64]*markNote // contents under way, by hash

	dirty []uint32
	links []linkRecord
	found []uint32
}

// A round is one batch.
type round struct {
	done bool
	err  error
}

type markNote struct {
	begun  int
	stored bool // the store has its record, or is about to
}

func newLedger(store Store) *ledger {
	l := &ledger{store: store, pending: map[recordKey][]byte{}, round: new(round), marks: map[uint64]*markNote{}}
	l.settled.L = &l.mu
	return l
}

// slot returns the number of the store for a number of memory.
func slot(a *paged.Array[uint64], i uint32) *uint64 {
	for int(i) >= a.Len() {
		a.Push(0)
	}
	return a.At(i)
}

func (l *ledger) note(h *held, c *change) (wait func() error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, a := range c.del {
		n := slot(&l.articles, a)
		k := keyOf(articleKind, *n)
		if l.pending[k] != nil {
			delete(l.pending, k) // an article is put once: the store has not seen it
		} else {
			l.pending[k] = nil
		}
		*n = 0
	}
	for _, x := range c.drop {
		n := slot(&l.contents, x)
		l.pending[keyOf(linksKind, *n)] = nil
		*n = 0
	}
	from := 0
	for i, a := range c.put {
		x := h.articles.At(a).content
		l.last++
		n := slot(&l.contents, x)
		if *n == 0 {
			*n = l.last
		}
		*slot(&l.articles, a) = l.last
		r := articleRecord{content: *n, keys: c.keys[from:c.ends[i]], head: h.headOf(a), sketch: h.sketchOf(x)}
		l.pending[keyOf(articleKind, l.last)] = r.append(make([]byte, 0, 32+4*len(r.keys)+len(r.head)+len(r.sketch)), l.last)
		from = c.ends[i]
	}
	l.dirty = l.dirty[:0]
	for _, t := range c.link {
		l.touch(h, t)
	}
	for _, t := range c.unlink {
		// Either may have been put anew meanwhile, so that the one that was the
		// later is not.
		l.dirty = h.ranked(h.ranked(l.dirty, t.a), t.b)
	}
	slices.Sort(l.dirty)
	for _, x := range slices.Compact(l.dirty) {
		n := *slot(&l.contents, x)
		l.links = l.linkRecords(h, x, l.links[:0])
		var v []byte
		if len(l.links) > 0 {
			v = appendLinks(nil, n, l.links)
		}
		l.pending[keyOf(linksKind, n)] = v
	}
	for _, rank := range c.begin {
		l.begin(rank)
	}
	for _, rank := range c.end {
		l.end(rank)
	}
	r := l.round
	return func() error { return l.wait(r) }
}

// touch leaves the content that has the record of a link to be written.
func (l *ledger) touch(h *held, t tie) {
	l.found = h.ranked(l.found[:0], t.a)
	n := len(l.found)
	l.found = h.ranked(l.found, t.b)
	if n == 1 && len(l.found) == 2 {
		// The later one has the record.
		if *slot(&l.contents, l.found[0]) < *slot(&l.contents, l.found[1]) {
			l.found = l.found[1:]
		} else {
			l.found = l.found[:1]
		}
	}
	l.dirty = append(l.dirty, l.found...)
}

// linkRecords appends the links of a content to those with lower numbers, as in
// its record.
func (l *ledger) linkRecords(h *held, c uint32, dst []linkRecord) []linkRecord {
	number := *slot(&l.contents, c)
	for x := range h.linksOf(c) {
		if o := *slot(&l.contents, x.other()); o < number {
			dst = append(dst, linkRecord{o, x.relation(), x.steps()})
		}
	}
	slices.SortFunc(dst, func(a, b linkRecord) int { return cmp.Compare(b.other, a.other) })
	return dst
}

func (l *ledger) begin(rank uint64) {
	m := l.mark(rank)
	m.begun++
	l.settle(rank, m)
}

func (l *ledger) end(rank uint64) {
	if m := l.marks[rank]; m != nil && m.begun > 0 {
		m.begun--
		l.settle(rank, m)
	}
}

func (l *ledger) mark(rank uint64) *markNote {
	m := l.marks[rank]
	if m == nil {
		m = new(markNote)
		l.marks[rank] = m
	}
	return m
}

// settle leaves to be written what the store does not have as it should.
func (l *ledger) settle(rank uint64, m *markNote) {
	k := keyOf(markKind, rank)
	switch under := m.begun > 0; {
	case under == m.stored:
		delete(l.pending, k)
	case under:
		l.pending[k] = seal([]byte{recordFormat}, 0)
	default:
		l.pending[k] = nil
	}
	if m.begun == 0 && !m.stored {
		delete(l.marks, rank)
	}
}

// wait returns when a round has ended, and what became of it. If nobody else
// writes, it does, once all that is ready to run has had its turn: so that what
// is about to be noted shares the round, and nobody waits where there is nobody
// else.
func (l *ledger) wait(r *round) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for !r.done {
		if l.busy {
			l.settled.Wait()
			continue
		}
		l.busy = true
		l.mu.Unlock()
		runtime.Gosched()
		l.mu.Lock()
		l.write()
	}
	return r.err
}

// flush writes all that is noted.
func (l *ledger) flush() error {
	l.mu.Lock()
	r := l.round
	l.mu.Unlock()
	return l.wait(r)
}

// write takes what is pending to the store. The lock is held, but not
// meanwhile.
func (l *ledger) write() {
	r, batch := l.round, l.pending
	l.round = new(round)
	l.pending = make(map[recordKey][]byte, min(len(batch), 1<<10))
	for k, v := range batch {
		if k[0] == markKind {
			m := l.mark(k.number())
			m.stored = v != nil
			l.settle(k.number(), m)
		}
	}
	l.mu.Unlock()
	var err error
	if len(batch) > 0 {
		// The batch is that of many callers: the context of none may end it.
		err = l.store.Apply(context.Background(), batchOf(batch))
	}
	l.mu.Lock()
	if err != nil {
		for k, v := range batch {
			if k[0] == markKind {
				m := l.mark(k.number())
				m.stored = v == nil // as it was
				l.settle(k.number(), m)
				continue
			}
			now, changed := l.pending[k]
			if !changed {
				l.pending[k] = v
			} else if now == nil && v != nil && k.kind() == articleKind {
				delete(l.pending, k)
			}
		}
		err = fmt.Errorf("newsdedup: not stored: %w", err)
	}
	r.done, r.err, l.busy = true, err, false
	l.settled.Broadcast()
}

// batchOf makes a batch of records by key, in their order.
func batchOf(records map[recordKey][]byte) Batch {
	keys := make([]recordKey, 0, len(records))
	for k := range records {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b recordKey) int {
		return bytes.Compare(a[:], b[:])
	})
	var b Batch
	for i, k := range keys {
		if v := records[k]; v == nil {
			b.Delete = append(b.Delete, keys[i][:])
		} else {
			b.Put = append(b.Put, Record{keys[i][:], v})
		}
	}
	return b
}
