package newsdedup

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/newsdedup/newsdedup/internal/posting"
)

// Open returns a Deduper that keeps what it holds in a Store, with all that is
// there already. What Add, Remove and Expire have returned without an error for
// is in the store, by the promises of the store; so are all links and groups,
// which are the same after opening as before; Options.Events are not called for
// them. An error of the store undoes the call that gets it; calls that share a
// batch share its error.
//
// Close of the Deduper does not close the store. Until then nobody else may write
// to it, and no second Deduper may be opened on it, which is not noticed.
//
// # Errors
//
// ErrOption for options that are out of range and a nil store. ErrFormat for a
// store that a newer version wrote; ErrScheme for one whose fingerprints are of
// another scheme; ErrCorrupt for one that is damaged, or not of newsdedup;
// those of ctx and of the store. After an error the store is as it was, or, if
// keys and links were being made anew, as good.
//
// # Time and memory
//
// Open reads every record once, links articles as the store says and builds the
// index from the keys that the store has, in steps side by side, each with up to
// Options.Workers goroutines. Beside what is held it takes some ten megabytes,
// as many again for each of these, and five bytes for each key of the index, fifty
// for each article and thirty for each link until it returns. These are less than
// a third of all, of which the collector of garbage need not know in time: where
// memory is short, set GOMEMLIMIT to a tenth more than what Stats.Bytes will be.
//
// # Another version, other options
//
// Fingerprints stay what they are for as long as their scheme does. The keys
// they are found by and the links depend on Options.GroupBy and on rules that
// may get better with a version: if either is not what the store was written
// with, Open makes all of them anew, once, which takes as long as adding the
// articles without fingerprinting them. If it is interrupted, the next Open
// starts over with that.
//
// # Another scheme
//
// Fingerprints of another scheme cannot be made from old ones; the texts are
// needed, which the service has. Open a second store; Add to it, with the new
// scheme, every article whose ID Fingerprint does not find there, oldest first,
// which may be stopped and gone on with at any time; send what is new to both
// meanwhile; then use the second and delete the first.
func Open(ctx context.Context, store Store, o *Options) (*Deduper, error) {
	s, err := o.settings()
	if err != nil {
		return nil, err
	}
	return open(ctx, store, s)
}

func open(ctx context.Context, store Store, s settings) (*Deduper, error) {
	if store == nil {
		return nil, fmt.Errorf("%w: no store", ErrOption)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	began := time.Now()
	d := newDeduper(s)
	ld := loader{d: d, l: newLedger(store), workers: s.workers()}
	if err := ld.load(ctx); err != nil {
		return nil, err
	}
	d.journal = ld.l
	if err := ld.complete(ctx); err != nil {
		return nil, err
	}
	d.remember()
	s.Logger.Info("newsdedup: opened", "articles", d.h.stats.Articles, "took", time.Since(began))
	return d, nil
}

// complete makes what was read the state of the Deduper: a new store gets its
// meta record, contents that were being verified are verified, and keys and
// links are made anew if they have to be.
func (ld *loader) complete(ctx context.Context) error {
	d, l := ld.d, ld.l
	ld.numbers, ld.starts, ld.posts = nil, nil, nil
	switch {
	case !ld.found:
		return ld.write(d.o.meta())
	case ld.anew:
		return ld.rebuild(ctx)
	}
	var marks []mark
	every := slices.Contains(ld.marks, everyContent)
	l.mu.Lock()
	for _, rank := range ld.marks {
		m := l.mark(rank)
		if rank == everyContent {
			m.begun = 1
			continue
		}
		l.found = d.h.ranked(l.found[:0], rank)
		m.begun = len(l.found) // as often as it will end
		l.settle(rank, m)
		if every {
			continue
		}
		for _, c := range l.found {
			marks = append(marks, mark{posting.Gain{Text: c, Every: true}, rank})
		}
	}
	l.mu.Unlock()
	if every {
		d.o.Logger.Warn("newsdedup: many articles were being forgotten when the process ended: all candidates are verified again", "articles", d.h.stats.Articles)
		for c := range uint32(d.h.contents.Len()) {
			if x := d.h.contents.At(c); x.first != none && !x.wordless {
				marks = append(marks, mark{posting.Gain{Text: c, Every: true}, x.rank})
			}
		}
	}
	if err := ld.verify(ctx, marks); err != nil {
		return err
	}
	if every {
		l.mu.Lock()
		l.end(everyContent)
		l.mu.Unlock()
	}
	return l.flush()
}

// verify verifies the candidates of contents, of which there is one mark each.
func (ld *loader) verify(ctx context.Context, marks []mark) error {
	for len(marks) > 0 {
		n := min(4096, len(marks))
		if err := cmp.Or(ctx.Err(), ld.d.recount(slices.Clone(marks[:n]), unsettled)); err != nil {
			return err
		}
		marks = marks[n:]
	}
	return nil
}

func (ld *loader) write(m meta) error {
	k := keyOf(metaKind, 0)
	if err := ld.l.store.Apply(context.Background(), Batch{Put: []Record{{k[:], m.append(nil)}}}); err != nil {
		return fmt.Errorf("newsdedup: not stored: %w", err)
	}
	return nil
}

// rebuild writes the articles with the keys they have now, forgets all links of
// the store, and finds them again.
func (ld *loader) rebuild(ctx context.Context) error {
	d, l := ld.d, ld.l
	d.o.Logger.Warn("newsdedup: another version or GroupBy wrote the store: keys and links are made anew", "articles", d.h.stats.Articles, "level", d.o.GroupBy)
	m := d.o.meta()
	m.level = rebuilding
	if err := ld.write(m); err != nil {
		return err
	}
	h := d.h
	var marks []mark
	var old, changed map[recordKey][]byte
	flush := func() error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := l.store.Apply(ctx, batchOf(changed)); err != nil {
			return fmt.Errorf("newsdedup: not stored: %w", err)
		}
		clear(changed)
		return nil
	}
	old, changed = map[recordKey][]byte{}, map[recordKey][]byte{}
	for _, k := range ld.linked {
		old[k] = nil
	}
	for _, rank := range ld.marks {
		old[keyOf(markKind, rank)] = nil
		delete(l.marks, rank)
	}
	maps.Copy(changed, old)
	for c := range uint32(h.contents.Len()) {
		x := h.contents.At(c)
		if x.first == none {
			continue
		}
		if !x.wordless {
			marks = append(marks, mark{posting.Gain{Text: c, Every: true}, x.rank})
		}
		keys := h.keysOf(c)
		for a := range h.members(c) {
			r := articleRecord{content: *slot(&l.contents, c), keys: keys, head: h.headOf(a), sketch: h.sketchOf(c)}
			n := *slot(&l.articles, a)
			changed[keyOf(articleKind, n)] = r.append(nil, n)
		}
		if len(changed) >= 4096 {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	if err := ld.verify(ctx, marks); err != nil {
		return err
	}
	if err := l.flush(); err != nil {
		return err
	}
	return ld.write(d.o.meta())
}
