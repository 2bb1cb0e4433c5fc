package newsdedup

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/newsdedup/newsdedup/internal/posting"
	"github.com/newsdedup/newsdedup/internal/sketch"
)

// maxFindings is the most that Verify tells of.
const maxFindings = 20

// Verify checks what is held against the rules it follows from, and against the
// store of a Deduper that has one. It returns nil if all is well, else an error
// that wraps ErrCorrupt and says what is wrong, in at most 20 lines; or that of
// ctx or of the store. It repairs nothing: opening the store again makes memory
// agree with it, and a Deduper opened with another GroupBy and then with the
// first again has links that were found anew.
//
// In this order:
//
//  1. Every article is found by its ID, every content by its fingerprint; the
//     articles of a content have the same one; the index has each content under
//     each of its keys, and nothing else.
//  2. Every link is there from both sides, between candidates (see Deduper), at
//     GroupBy or above, and says what Relate says of the two; there is one for
//     every two candidates of which Relate says so.
//  3. Every article is in one group, and groups are tied by links that are held.
//  4. The store holds these articles, links and options, and nothing else.
//
// No change may be under way when it is called, or links may be told that are
// not yet there; those that come later wait. Step 2 takes about as long as
// adding the articles.
func (d *Deduper) Verify(ctx context.Context) error {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.closed {
		return ErrClosed
	}
	v := verifier{ctx: ctx, d: d, h: d.h}
	steps := []func() error{v.articles, v.links, v.groups}
	if l, ok := d.journal.(*ledger); ok {
		steps = append(steps, func() error { return v.store(l) })
	}
	for _, step := range steps {
		if err := cmp.Or(step(), ctx.Err()); err != nil {
			return err
		}
	}
	return errors.Join(v.findings...)
}

type verifier struct {
	ctx      context.Context
	d        *Deduper
	h        *held
	findings []error
}

func (v *verifier) wrong(format string, args ...any) {
	if len(v.findings) < maxFindings {
		v.findings = append(v.findings, fmt.Errorf("%w: %s", ErrCorrupt, fmt.Sprintf(format, args...)))
	}
}

// live calls f for every content that is held, until ctx is done.
func (v *verifier) live(f func(c uint32, x *content)) error {
	for c := range uint32(v.h.contents.Len()) {
		if x := v.h.contents.At(c); x.first != none {
			if err := v.ctx.Err(); err != nil {
				return err
			}
			f(c, x)
		}
	}
	return nil
}

// keys returns the keys of a content, and whether its sketch is sound.
func (v *verifier) keys(c uint32) ([]uint32, bool) {
	s := sketches.Get().(*sketch.Sketch)
	defer sketches.Put(s)
	n, err := s.Decode(v.h.sketchOf(c))
	if err != nil || n != len(v.h.sketchOf(c)) {
		return nil, false
	}
	return posting.Keys(nil, s, netOf(v.h.level)), true
}

func (v *verifier) articles() error {
	h := v.h
	articles, contents, posts := 0, 0, 0
	err := v.live(func(c uint32, x *content) {
		contents++
		n := uint32(0)
		for a := x.first; ; {
			id := h.idOf(a)
			if h.find(id, hashID(id)) != a {
				v.wrong("article %q is not found by its ID", id)
			}
			if h.articles.At(a).content != c {
				v.wrong("article %q is with a text that is not its own", id)
			}
			n++
			if a = h.articles.At(a).next; a == x.first || n > x.count {
				break
			}
		}
		articles += int(n)
		if n != x.count {
			v.wrong("text of %q: %d articles, %d counted", h.idOf(x.first), n, x.count)
		}
		keys, ok := v.keys(c)
		if !ok || hashBytes([]byte(h.sketchOf(c))) != x.rank {
			v.wrong("fingerprint of %q is damaged", h.idOf(x.first))
			return
		}
		if x.wordless {
			return
		}
		if !slices.Contains(h.ranked(nil, x.rank), c) {
			v.wrong("text of %q is not found by its fingerprint", h.idOf(x.first))
		}
		posts += len(keys)
		for _, k := range keys {
			if !h.index.Holds(c, k) {
				v.wrong("text of %q is not in the index under %08x", h.idOf(x.first), k)
			}
		}
	})
	if err != nil {
		return err
	}
	if s := h.stats; s.Articles != articles || s.Contents != contents || h.index.Posts() != posts {
		v.wrong("%d articles, %d texts and %d keys are counted, %d, %d and %d are there", s.Articles, s.Contents, h.index.Posts(), articles, contents, posts)
	}
	return nil
}

func (v *verifier) links() error {
	h := v.h
	var tally posting.Tally
	c := comparers.Get().(*comparer)
	defer comparers.Put(c)
	g := glances.Get().(*posting.Glance)
	defer glances.Put(g)
	var counts [Exact + 1]int
	err := v.live(func(a uint32, x *content) {
		counts[Exact] += 2 * (int(x.count) - 1)
		keys, ok := v.keys(a)
		if !ok || x.wordless {
			return // told of already, or without links
		}
		tied := map[uint32]link{}
		for l := range h.linksOf(a) {
			tied[l.other()] = l
			counts[l.relation()]++
		}
		h.index.Count(&tally, a, x.rank, keys)
		g.Set(h.sketchOf(a), x.names)
		if tally.Stock() != int(x.stock) {
			v.wrong("text of %q: %d keys are stock, %d counted", h.idOf(x.first), tally.Stock(), x.stock)
		}
		for b := range h.candidates(&tally, x.size()) {
			y := h.contents.At(b)
			l, ok := tied[b]
			delete(tied, b)
			if b < a { // both sides of the link, once
				continue
			}
			back, also := h.linked(b, a)
			if ok != also || ok && (back.relation() != l.relation() || back.steps() != l.steps()) {
				v.wrong("link of %q and %q differs by side", h.idOf(x.first), h.idOf(y.first))
			}
			r, score := c.judge(h.sketchOf(a), h.sketchOf(b), h.level, nil)
			if want := r >= h.level && g.Passes(h.sketchOf(b), y.names, netOf(h.level)); ok != want || ok && (l.relation() != r || l.steps() != score) {
				v.wrong("%q and %q are %v, but linked %v", h.idOf(x.first), h.idOf(y.first), r, l.relation())
			}
		}
		for b := range tied {
			v.wrong("%q is linked to a text that is no candidate, number %d", h.idOf(x.first), b)
		}
	})
	if err != nil {
		return err
	}
	for r, n := range counts {
		if n != 2*h.stats.Links[r] {
			v.wrong("%d links %v are counted, %d are there from one side", h.stats.Links[r], Relation(r), n)
		}
	}
	return nil
}

func (v *verifier) groups() error {
	h := v.h
	in := map[uint32]bool{}
	seen := seenMany(h.contents.Len())
	return v.live(func(c uint32, x *content) {
		for _, g := range h.groups(h.component(c, seen)) {
			for _, m := range g {
				if in[m] {
					v.wrong("%q is in two groups", h.idOf(h.contents.At(m).first))
				}
				in[m] = true
				if len(g) > 1 && !slices.ContainsFunc(g, func(o uint32) bool { _, ok := h.linked(m, o); return ok }) {
					v.wrong("%q is in a group without a link", h.idOf(h.contents.At(m).first))
				}
			}
		}
		if !in[c] {
			v.wrong("%q is in no group", h.idOf(x.first))
		}
	})
}

// store reads all records. The lock of the Deduper keeps them as they are once
// what is noted is written.
func (v *verifier) store(l *ledger) error {
	if err := l.flush(); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	h := v.h
	byNumber := make(map[uint64]uint32, h.stats.Articles) // articles
	contents := make(map[uint64]uint32, h.stats.Contents)
	v.live(func(c uint32, x *content) {
		contents[*slot(&l.contents, c)] = c
		for a := range h.members(c) {
			byNumber[*slot(&l.articles, a)] = a
		}
	})
	linked := 0
	k, found := keyOf(metaKind, 0), false
	for r, err := range l.store.Scan(v.ctx) {
		if err != nil {
			return fmt.Errorf("newsdedup: reading the store: %w", err)
		}
		if k, err = parseKey(r.Key); err != nil {
			v.findings = append(v.findings, err)
			continue
		}
		switch k.kind() {
		case metaKind:
			m, err := parseMeta(r.Value)
			if found = true; err != nil || m != v.d.o.meta() {
				v.wrong("the store is for other options: %v", err)
			}
		case articleKind:
			var rec articleRecord
			data, _, err := rec.parse(k, r.Value)
			a, ok := byNumber[k.number()]
			if err != nil || !ok {
				v.wrong("the store has an article, number %d, that is not held: %v", k.number(), err)
				continue
			}
			delete(byNumber, k.number())
			c := h.articles.At(a).content
			if f := h.fingerprint(a); f.head+f.sketch != string(data) || rec.content != *slot(&l.contents, c) {
				v.wrong("article %q in the store is not what is held", h.idOf(a))
			}
			if keys, ok := v.keys(c); ok && !slices.Equal(keys, rec.decode(nil)) {
				v.wrong("article %q in the store has other keys", h.idOf(a))
			}
		case linksKind:
			c, ok := contents[k.number()]
			if !ok {
				v.wrong("the store has links of a text, number %d, that is not held", k.number())
				continue
			}
			linked++
			if want := appendLinks(nil, k.number(), l.linkRecords(h, c, nil)); !bytes.Equal(want, r.Value) {
				v.wrong("links of %q in the store are not what is held", h.idOf(h.contents.At(c).first))
			}
		case markKind:
			if m := l.marks[k.number()]; m == nil || m.begun == 0 {
				v.wrong("the store takes a text for unfinished, hash %016x", k.number())
			}
		}
	}
	if !found {
		v.wrong("the store does not say what its records are")
	}
	for n, a := range byNumber {
		v.wrong("article %q, number %d, is not in the store", h.idOf(a), n)
	}
	return v.live(func(c uint32, x *content) {
		if len(l.linkRecords(h, c, nil)) > 0 {
			linked--
		}
		if linked < 0 {
			v.wrong("links of a text are not in the store")
			linked = 0
		}
	})
}
