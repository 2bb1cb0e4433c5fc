package newsdedup

import (
	"cmp"
	"context"
	"errors"
	"runtime"
	"sync/atomic"

	"github.com/newsdedup/newsdedup/internal/posting"
)

const (
	// sweepShare is the share of the articles, as one in so many, from which on
	// they are forgotten in a sweep. To take one content out of the index by its
	// keys costs as much as to pass over those of some 200.
	sweepShare = 128

	// sweepLeast articles are as many as take longer than an empty sweep.
	sweepLeast = 16

	hideAtOnce  = 16      // articles that are hidden while the lock is held
	sweepAtOnce = 1 << 14 // entries of the index that are passed over; a part at least
	freeAtOnce  = 32      // contents that are freed
	countAtOnce = 1 << 18 // gains of contents of which the holders of keys are copied at a time: some 1300 bytes each
)

// sweep is forget for many articles. In steps, which hold the lock for a short time
// each:
//
//  1. The articles go, with their links. The contents that are left without any
//     are hidden: no candidates, but still in the index.
//  2. One pass over the index takes them out, and finds out who has gained by
//     that: who has come among the first holders of a key.
//  3. Their numbers are free.
//  4. Another pass copies who holds the keys of those who have gained, and by that
//     they are counted and verified.
//
// What other calls post and take back meanwhile counts with what the index holds
// then; every gain is told of by the step that makes it.
//
// A journal is told of the articles that go before it is known who gains by that:
// from the first of them to the end all contents are under way, as to name those that
// have gained would be to write and delete several records for every article that
// goes. It is waited for after every so many articles; if that fails, these are put
// back at the end, and no more go.
func (d *Deduper) sweep(ctx context.Context, n int, which func(h *held, i int) uint32) (removed, looked int, err error) {
	var hidden posting.Bits
	var all []uint32
	var since uint64
	var gone []*undoRecord // not yet known to be in the journal
	refused := false       // by the journal
	t := new(task)
	t.begun = append(t.begun, everyContent)
	// stored waits for the journal.
	stored := func() {
		e := t.durable()
		switch {
		case e != nil:
			refused, err = true, cmp.Or(err, e)
		case !refused:
			d.undos.keep(gone...)
			gone = gone[:0]
		}
	}
	defer func() {
		if errors.Is(err, ErrClosed) {
			d.undos.keep(gone...)
		} else if len(gone) > 0 {
			d.o.Logger.Warn("newsdedup: articles that were to be forgotten are kept", "articles", len(gone), "err", err)
			d.undo(gone...)
			removed -= len(gone)
		}
	}()
	// locked calls f with the lock, until it returns false.
	locked := func(f func(h *held) bool) error {
		for more := true; more; {
			d.lock()
			if d.closed {
				d.mu.Unlock()
				return ErrClosed
			}
			more = f(d.h)
			d.note(t)
			d.observe(t.touched)
			d.mu.Unlock()
			d.herald.tell()
			t.begun, t.touched = t.begun[:0], t.touched[:0]
			if !refused && len(gone) >= waitAtOnce {
				stored()
			}
			runtime.Gosched() // calls of others may wait for a processor
		}
		return nil
	}
	once := func(f func(h *held)) error {
		return locked(func(h *held) bool {
			f(h)
			return false
		})
	}
	i := 0
	failed := locked(func(h *held) bool {
		if refused {
			return false
		}
		if err = ctx.Err(); err != nil {
			return false
		}
		since = h.gains
		for k, look := 0, 0; i < n && k < hideAtOnce && look < lookAtOnce; i, look = i+1, look+1 {
			a := which(h, i)
			if a == none {
				continue
			}
			k++
			removed++
			if d.journal != nil {
				dr := h.draft(a)
				gone = append(gone, d.undos.note(dr.id, dr.idHash, dr))
			}
			c := h.take(a, t)
			x := h.contents.At(c)
			switch {
			case x.count > 0:
			case x.wordless:
				h.drop(c, t)
			default:
				h.part(c, t)
				h.hide(c)
				t.change.drop = append(t.change.drop, c)
				hidden.Set(c)
				all = append(all, c)
			}
		}
		return i < n
	})
	if failed != nil {
		return removed, 0, failed
	}
	stored()
	part := uint32(0)
	if len(all) == 0 {
		part = posting.Parts
	}
	var marks []mark
	var s *posting.Sweep
	failed = locked(func(h *held) bool {
		if s == nil {
			s = h.index.Sweep()
		}
		for looked := 0; part < posting.Parts && looked < sweepAtOnce; part++ {
			looked += s.Unpost(part, &hidden, &h.effect)
			h.gain(t)
			for _, g := range t.recount {
				marks = append(marks, mark{g, h.contents.At(g.Text).rank})
			}
			t.recount = t.recount[:0]
		}
		return part < posting.Parts
	})
	if failed != nil {
		return removed, 0, failed
	}
	left := all
	failed = locked(func(h *held) bool {
		k := min(freeAtOnce, len(left))
		for _, c := range left[:k] {
			h.free(c)
		}
		left = left[k:]
		return len(left) > 0
	})
	if failed != nil {
		return removed, 0, failed
	}
	if len(marks) > 0 {
		once(func(h *held) { h.index.Watch() })
		rc := d.newRecounting(marks, func(h *held) bool { return h.gains == since+uint64(len(marks)) })
		rc.named = true
		for from := 0; from < len(marks); {
			to := rc.start(from + countAtOnce)
			rc.holders = d.gather(rc.gains[from:to])
			if e := rc.run(from, to); e != nil {
				err = cmp.Or(err, e)
			}
			from = to
		}
		once(func(h *held) { h.index.Unwatch() })
	}
	failed = once(func(*held) { t.change.end = append(t.change.end, everyContent) })
	stored()
	return removed, len(marks), cmp.Or(err, failed)
}

// sweeps tells whether so many articles are forgotten in a sweep.
func (d *Deduper) sweeps(many int) bool {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return many >= cmp.Or(d.o.sweeps, sweepLeast) && many >= d.h.stats.Articles/sweepShare
}

// gather finds who holds the keys that contents of gains share with others.
func (d *Deduper) gather(gains []posting.Gain) *posting.Holders {
	var of posting.Bits
	for i := range gains {
		of.Set(gains[i].Text)
	}
	workers := d.o.workers()
	gathered := posting.NewGatherings(workers)
	var next atomic.Int64
	parallel(workers, func(w int) {
		for {
			part := next.Add(1) - 1
			if part >= posting.Parts {
				return
			}
			d.rlock()
			if !d.closed {
				d.h.index.Gather(uint32(part), &of, &gathered[w])
			}
			d.mu.RUnlock()
			runtime.Gosched()
		}
	})
	return posting.NewHolders(gains[len(gains)-1].Text, gathered)
}
