package newsdedup

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"sync"
	"sync/atomic"

	"github.com/newsdedup/newsdedup/internal/posting"
)

// Cluster groups a set of articles. Articles need distinct IDs; a later one
// replaces an earlier one of the same ID. Every article is in exactly one
// group; groups come largest first, then by ID. Articles are read by other
// goroutines until Cluster returns: each has to be a struct of its own.
//
// Groups are built on links of o.GroupBy or stronger without chaining: see
// the rules of star clustering in the package documentation. An error of seq
// ends the call and is returned with the number of the article; so is that of
// ctx.
func Cluster(ctx context.Context, seq iter.Seq2[*Article, error], o *Options) ([]Group, error) {
	d, err := New(o)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	b := batch{d: d, posts: make([]posting.Posts, d.o.workers())}
	if err := b.fill(ctx, seq); err != nil {
		return nil, err
	}
	if err := b.link(ctx, b.join()); err != nil {
		return nil, err
	}
	families, err := d.snapshot(ctx, true)
	if err != nil {
		return nil, err
	}
	// Evidence takes longer than all the rest of the grouping.
	var next atomic.Int64
	parallel(d.o.workers(), func(int) {
		for ctx.Err() == nil {
			i := int(next.Add(1)) - 1
			if i >= len(families) {
				return
			}
			families[i].explain()
		}
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	groups := make([]Group, len(families))
	for i, f := range families {
		groups[i] = f.Group
	}
	return groups, nil
}

// A batch puts articles into an empty Deduper, all of which are known before
// any is compared: since links are a function of the articles held, these are
// the links that Add would have found, but no time goes to those that others
// undo, nor to keeping the index in order between two articles.
type batch struct {
	d     *Deduper
	posts []posting.Posts // of each worker
	stale []uint32        // articles that a later one of the same ID replaces
}

// fill takes in every article of seq with up to Workers goroutines, all of
// which have ended when it returns.
func (b *batch) fill(ctx context.Context, seq iter.Seq2[*Article, error]) error {
	// Articles of one ID go to one worker, in order, so that the later wins.
	work := make([]chan *Article, len(b.posts))
	var wg sync.WaitGroup
	for i := range work {
		work[i] = make(chan *Article, 64)
		wg.Go(func() {
			for a := range work[i] {
				if ctx.Err() == nil {
					b.insert(a, &b.posts[i])
				}
			}
		})
	}
	err := func() error {
		defer wg.Wait()
		defer func() {
			for _, c := range work {
				close(c)
			}
		}()
		n := 0
		for a, err := range seq {
			if err != nil {
				return fmt.Errorf("newsdedup: article %d: %w", n, err)
			}
			if a == nil || a.ID == "" {
				return fmt.Errorf("%w: article %d", ErrID, n)
			}
			n++
			select {
			case work[hashID(a.ID)%uint64(len(work))] <- a:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	}()
	return cmp.Or(err, ctx.Err())
}

func (b *batch) insert(a *Article, posts *posting.Posts) {
	d := b.d
	dr := newDraft(a, d.o.GroupBy)
	defer drafts.Put(dr)
	d.mu.Lock()
	h := d.h
	if old := h.find(dr.id, dr.idHash); old != none {
		h.byID.Delete(idKey(dr.idHash), old)
		b.stale = append(b.stale, old)
	}
	c := h.content(dr)
	fresh := c == none
	if fresh {
		c = h.makeContent(dr)
	}
	n := h.newArticle()
	h.byID.Insert(idKey(dr.idHash), n)
	h.place(n, c, dr.head, dr.published)
	d.mu.Unlock()
	if fresh && !dr.wordless {
		posts.Add(c, dr.keys)
	}
}

// join counts what contents have in common, without the articles that were
// replaced.
func (b *batch) join() *posting.Join {
	h := b.d.h
	var t task
	for _, a := range b.stale {
		if c := h.take(a, &t); h.contents.At(c).count == 0 {
			h.drop(c, &t)
		}
	}
	j := h.index.Join(b.posts, len(b.posts), func(c uint32) bool { return h.contents.At(c).first != none })
	j.Stock(func(c uint32) { h.contents.At(c).stock++ })
	return j
}

// link verifies all candidates, each pair once, and makes the links.
func (b *batch) link(ctx context.Context, join *posting.Join) error {
	h := b.d.h
	linkers := make([]*linker, len(b.posts))
	h.proofs = make(proofs, h.contents.Len())
	var next atomic.Int64
	parallel(len(linkers), func(w int) {
		var counter posting.Counter
		j := comparers.Get().(*comparer)
		defer comparers.Put(j)
		l := &linker{glance: glances.Get().(*posting.Glance)}
		linkers[w] = l
		defer glances.Put(l.glance)
		for {
			block := int(next.Add(1)) - 1
			if block >= join.Blocks() {
				return
			}
			for c := range join.Count(&counter, block) {
				if ctx.Err() != nil {
					return
				}
				for _, x := range l.pass(h, c, &counter.Tally) {
					var p *proof
					prove := func(Relation, uint16) **proof { return &p }
					if r, score := j.judge(h.sketchOf(c), x.sketch, h.level, prove); r >= h.level {
						l.found = append(l.found, tied{c, x.content, r, score})
						h.proofs[c] = append(h.proofs[c], proven{x.content, p})
					}
				}
			}
		}
	})
	for _, l := range linkers {
		for _, f := range l.found {
			h.tie(f.a, f.b, f.relation, f.score)
		}
		h.stats.Candidates += uint64(l.proposed)
		h.stats.Verified += uint64(l.verified)
	}
	return ctx.Err()
}

// A linker is one goroutine of batch.link.
type linker struct {
	glance             *posting.Glance
	texts              []glanced
	found              []tied
	proposed, verified int
	sum                uint32 // of what has been read ahead
}

// A tied pair of contents is to be linked.
type tied struct {
	a, b     uint32
	relation Relation
	score    uint16
}

// A glanced content is a candidate.
type glanced struct {
	content uint32
	names   uint8
	sketch  string
}

// pass returns the candidates of content c, which t has counted, that are to be
// verified, until the next call. What lies here and there in memory is read ahead,
// so that it comes together.
func (l *linker) pass(h *held, c uint32, t *posting.Tally) []glanced {
	texts := l.texts[:0]
	for o := range h.candidates(t, h.contents.At(c).size()) {
		texts = append(texts, glanced{content: o})
	}
	l.texts = texts
	if len(texts) == 0 {
		return nil
	}
	for i := range texts {
		x := &texts[i]
		x.names, x.sketch = h.contents.At(x.content).names, h.sketchOf(x.content)
	}
	l.proposed += len(texts)
	own := h.sketchOf(c)
	l.sum += read(own)
	l.glance.Set(own, h.contents.At(c).names)
	net, passed := netOf(h.level), texts[:0]
	for i, x := range texts {
		if i%readAtOnce == 0 {
			for _, y := range texts[i:min(len(texts), i+readAtOnce)] {
				l.sum += read(y.sketch)
			}
		}
		if l.glance.Passes(x.sketch, x.names, net) {
			passed = append(passed, x)
		}
	}
	l.verified += len(passed)
	return passed
}
