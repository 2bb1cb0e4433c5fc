package newsdedup

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"
)

// AddAll adds articles with up to Workers goroutines, and as many again that wait
// their turn, and yields their results, in order. What is held afterwards and
// what is yielded is as if Add had been called for one after the other, but for
// the order of Events.
//
// An error of seq, of an article or of ctx is yielded with an empty Result,
// after the results of all articles before, and ends the sequence; that of seq
// and ErrID are wrapped with the number of the article, from 0. Up to four
// articles per worker that follow, or that follow the one at which the loop is
// left, may have been added too, of a durable Deduper up to 64 if that is more.
// All goroutines have ended when the loop has; seq is called in another
// goroutine than the loop, and an article is read by others until its result is
// yielded: each has to be a struct of its own, and stay as it is until then.
//
// Of a durable Deduper a result is yielded when its article is in the store.
// Those that follow are worked on meanwhile, and go to the store together.
func (d *Deduper) AddAll(ctx context.Context, seq iter.Seq2[*Article, error]) iter.Seq2[Result, error] {
	return func(yield func(Result, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		ahead := 4 * d.o.workers()
		if d.journal != nil {
			ahead = max(ahead, storedAhead)
		}
		q := &queue{d: d, jobs: make(chan *job, d.o.workers()), order: make(chan *job, ahead)}
		q.idle.L = &q.mu
		var wg sync.WaitGroup
		defer wg.Wait()
		defer func() {
			var rest []*job
			for j := range q.order { // what is under way ends
				rest = append(rest, j)
			}
			q.end(rest)
		}()
		defer cancel()
		wg.Go(func() { q.read(ctx, seq) })
		// Half of them may wait for their turn, and none of the processors does.
		n := d.o.workers()
		if n > 1 {
			n *= 2
		}
		for range n {
			wg.Go(func() {
				for j := range q.jobs {
					q.do(ctx, j)
				}
			})
		}
		for j := range q.order {
			if !q.store(j) {
				cancel()
				// All that are placed by now are in the channel.
				failed := []*job{j}
				for n := len(q.order); n > 0; n-- {
					if j, ok := <-q.order; ok {
						failed = append(failed, j)
					}
				}
				q.end(failed)
			}
			if !yield(j.res, j.err) || j.err != nil {
				return
			}
		}
	}
}

// storedAhead is how many articles may be placed before the first of them is in
// the store: as many as make the time of writing small beside theirs.
const storedAhead = 64

// A queue is the work of one AddAll: articles are drafted and verified side by
// side, and placed in order.
type queue struct {
	d     *Deduper
	jobs  chan *job // those to be drafted
	order chan *job // all, in order

	mu   sync.Mutex
	busy []*job // placed, but not finished
	idle sync.Cond
}

type job struct {
	article      *Article
	number       int
	turn, placed chan struct{} // to be placed; that of the next
	done         chan struct{} // res and err are there
	res          Result
	err          error

	contents []uint32 // of its article and of what is verified for it

	undo *undoRecord
	wait func() error // for the store; nil if there is nothing to wait for
}

// store waits until a job is done and in the store, and reports whether it is,
// or has failed before it came to that.
func (q *queue) store(j *job) bool {
	<-j.done
	if j.wait == nil {
		return true
	}
	if err := j.wait(); err != nil {
		j.res, j.err = Result{}, err
		return false
	}
	j.wait = nil
	q.d.undos.keep(j.undo)
	return true
}

// end waits for jobs and undoes those that could not be stored.
func (q *queue) end(jobs []*job) {
	var failed []*undoRecord
	for _, j := range jobs {
		if <-j.done; j.err == nil {
			q.store(j)
		}
		if j.wait != nil {
			q.d.o.Logger.Warn("newsdedup: an Add was taken back", "id", j.undo.id, "err", j.err)
			j.wait = nil
			failed = append(failed, j.undo)
		}
	}
	if len(failed) > 0 {
		q.d.undo(failed...)
	}
}

// read makes jobs of articles until there are no more, or ctx is done.
func (q *queue) read(ctx context.Context, seq iter.Seq2[*Article, error]) {
	defer close(q.order)
	defer close(q.jobs)
	turn := make(chan struct{})
	close(turn)
	n := 0
	fail := func(err error) {
		j := &job{err: err, done: make(chan struct{})}
		close(j.done)
		q.order <- j
	}
	for a, err := range seq {
		switch {
		case ctx.Err() != nil:
			err = ctx.Err()
		case err != nil:
			err = fmt.Errorf("newsdedup: article %d: %w", n, err)
		case a == nil || a.ID == "":
			err = fmt.Errorf("%w: article %d", ErrID, n)
		}
		if err != nil {
			fail(err)
			return
		}
		j := &job{article: a, number: n, turn: turn, placed: make(chan struct{}), done: make(chan struct{})}
		turn = j.placed
		n++
		q.order <- j
		q.jobs <- j
	}
	if err := ctx.Err(); err != nil {
		fail(err)
	}
}

func (q *queue) do(ctx context.Context, j *job) {
	defer close(j.done)
	d := q.d
	dr := newDraft(j.article, d.o.GroupBy)
	defer drafts.Put(dr)
	t := tasks.Get().(*task)
	defer t.release()
	d.touch(dr, t)
	d.acquire(func() bool { // to wake takes longer than what is before it
		select {
		case <-j.turn:
			return true
		default:
			return false
		}
	}, func() { <-j.turn })
	if held, content := d.repeats(dr); held != none || content != none {
		// The links of its content or of its ID's article are to be told or to
		// go: all of them must be there.
		q.mu.Lock()
		for slices.ContainsFunc(q.busy, func(j *job) bool { return j.concerns(held) || j.concerns(content) }) {
			q.idle.Wait()
		}
		q.mu.Unlock()
	}
	err := ctx.Err()
	if err == nil {
		j.undo, err = d.place(dr, t)
	}
	j.contents = append(j.contents, t.self)
	for i := range t.pairs {
		j.contents = append(j.contents, t.pairs[i].a, t.pairs[i].b)
	}
	q.mu.Lock()
	q.busy = append(q.busy, j)
	q.mu.Unlock()
	close(j.placed)
	if err == nil {
		t.verify(d.o.GroupBy)
		j.res = Result{ID: dr.id, Matches: d.matches(dr, t)}
		d.finish(t)
		j.wait, t.wait = t.wait, nil
	}
	j.err = err
	q.mu.Lock()
	i := slices.Index(q.busy, j)
	q.busy = slices.Delete(q.busy, i, i+1)
	q.idle.Broadcast()
	q.mu.Unlock()
}

// concerns reports whether a content, or none, is one of those of a job.
func (j *job) concerns(c uint32) bool { return c != none && slices.Contains(j.contents, c) }

// repeats returns the content of the article that is held under the ID of a
// draft, and the content of the draft, as far as there are such.
func (d *Deduper) repeats(dr *draft) (held, content uint32) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	held, content = none, none
	if d.closed {
		return held, content
	}
	if a := d.h.find(dr.id, dr.idHash); a != none {
		held = d.h.articles.At(a).content
	}
	return held, d.h.content(dr)
}
