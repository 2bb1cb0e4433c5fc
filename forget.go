package newsdedup

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/newsdedup/newsdedup/internal/posting"
)

// Remove forgets articles. IDs that are not held give ErrNotFound, wrapped
// with the first such ID, after all others have been removed; one that is given
// twice counts once. An error of the context or of a store may come when some
// have been removed already; see Expire.
func (d *Deduper) Remove(ctx context.Context, ids ...string) error {
	if len(ids) > 1 {
		ids = distinct(ids)
	}
	var missing error
	_, err := d.forget(ctx, "Remove", len(ids), len(ids), func(h *held, i int) uint32 {
		a := h.find(ids[i], hashID(ids[i]))
		if a == none && missing == nil {
			missing = fmt.Errorf("%w: %q", ErrNotFound, ids[i])
		}
		return a
	})
	return cmp.Or(err, missing)
}

// distinct returns the IDs in their order, each once.
func distinct(ids []string) []string {
	seen := make(map[string]bool, len(ids))
	out := make([]string, 0, len(ids))
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

// Expire forgets the articles published before a time, and returns how many
// they were. Articles without a date stay, and those dated ahead by mistake
// until then: give them that of the crawl if they are to go; Stats.Undated counts
// the former. An error of the context or of a store may come when some have been
// forgotten already, as many as it returns; the others are kept. If the process
// ends meanwhile, those that have gone from the store stay away, and the next
// Open may take as long as adding the others without fingerprinting them.
func (d *Deduper) Expire(ctx context.Context, before time.Time) (int, error) {
	limit := before.Unix()
	if before.Nanosecond() > 0 {
		limit++
	}
	which := func(h *held, i int) uint32 {
		if i >= h.articles.Len() {
			return none
		}
		if x := h.articles.At(uint32(i)); x.next == none || x.published == unknownTime || x.published >= limit {
			return none
		}
		return uint32(i)
	}
	n, many := 0, 0
	for more := true; more; {
		d.mu.RLock()
		if more = !d.closed && n < d.h.articles.Len(); more {
			for end := n + lookAtOnce; n < end; n++ {
				if which(d.h, n) != none {
					many++
				}
			}
		}
		d.mu.RUnlock()
	}
	return d.forget(ctx, "Expire", n, many, which)
}

const (
	forgetAtOnce = 16      // articles that are forgotten while the lock is held
	lookAtOnce   = 1 << 14 // articles that are looked at
	waitAtOnce   = 1 << 12 // articles that are forgotten before a journal is waited for
)

// A mark is what a content has gained, as the content was named then.
type mark struct {
	posting.Gain
	rank uint64
}

// forget removes the articles that which returns for 0 to n-1, about so many, and
// then finds the links that are possible without them.
func (d *Deduper) forget(ctx context.Context, method string, n, many int, which func(h *held, i int) uint32) (removed int, err error) {
	began, looked := time.Now(), 0
	defer func() {
		level := slog.LevelInfo
		if method == "Remove" {
			level = slog.LevelDebug
		}
		d.o.Logger.Log(ctx, level, "newsdedup: "+method+" is done", "articles", removed, "looked at again", looked, "took", time.Since(began), "err", err)
	}()
	if d.sweeps(many) {
		removed, looked, err = d.sweep(ctx, n, which)
		return removed, err
	}
	var marks []mark
	var since uint64       // gains before those of marks
	var gone []*undoRecord // to be put back if the journal fails
	var waits []func() error
	t := new(task)
	finish := func() error {
		looked += len(marks)
		err := d.recount(marks, func(h *held) bool { return h.gains == since+uint64(len(marks)) })
		for _, wait := range waits {
			if e := wait(); err == nil {
				err = e
			}
		}
		if err != nil {
			d.o.Logger.Warn("newsdedup: articles that were to be forgotten are kept", "articles", len(gone), "err", err)
			d.undo(gone...)
			removed -= len(gone)
		}
		d.undos.keep(gone...)
		marks, gone, waits = marks[:0], gone[:0], waits[:0]
		return err
	}
	for i := 0; i < n || i == 0; {
		if e := ctx.Err(); e != nil {
			return removed, cmp.Or(finish(), e)
		}
		d.mu.Lock()
		if d.closed {
			d.mu.Unlock()
			return removed, ErrClosed
		}
		from := len(marks)
		if from == 0 {
			since = d.h.gains
		}
		for k, look := 0, 0; i < n && k < forgetAtOnce && look < lookAtOnce; i, look = i+1, look+1 {
			if a := which(d.h, i); a != none {
				if d.journal != nil {
					dr := d.h.draft(a)
					gone = append(gone, d.undos.note(dr.id, dr.idHash, dr))
				}
				d.h.remove(a, t)
				k++
				removed++
			}
		}
		for _, g := range t.recount {
			marks = append(marks, mark{g, d.h.contents.At(g.Text).rank})
		}
		t.recount = t.recount[:0]
		for _, m := range marks[from:] {
			t.begun = append(t.begun, m.rank)
		}
		d.note(t)
		d.observe(t.touched)
		t.begun, t.touched = t.begun[:0], t.touched[:0]
		d.mu.Unlock()
		d.herald.tell()
		if t.wait != nil {
			waits = append(waits, t.wait)
			t.wait = nil
		}
		if len(gone) >= waitAtOnce {
			if err := finish(); err != nil {
				return removed, err
			}
		}
		if n == 0 {
			break
		}
	}
	return removed, finish()
}
