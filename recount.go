package newsdedup

import (
	"cmp"
	"runtime"
	"slices"
	"sync/atomic"

	"github.com/newsdedup/newsdedup/internal/posting"
)

const (
	recountAtOnce = 4   // gains: others that change something wait for them
	sharedAtOnce  = 16  // gains of contents of which the keys are known
	recountWait   = 256 // times that many before a journal is waited for
)

// unsettled is for recount where no candidate may have been verified.
func unsettled(*held) bool { return false }

// recount verifies the candidates of contents that may be new by what they have
// gained; settled tells whether these are all gains since all candidates were
// verified.
func (d *Deduper) recount(marks []mark, settled func(*held) bool) error {
	rc := d.newRecounting(marks, settled)
	return rc.run(0, len(marks))
}

// A recounting is what recount is about to do.
type recounting struct {
	d       *Deduper
	marks   []mark // sorted by content
	gains   []posting.Gain
	settled func(*held) bool
	named   bool             // all contents are under way by one name for them
	holders *posting.Holders // of the keys of the contents of the next run; nil: look them up
}

func (d *Deduper) newRecounting(marks []mark, settled func(*held) bool) *recounting {
	slices.SortFunc(marks, func(x, y mark) int {
		return cmp.Or(byText(x.Gain, y.Gain), cmp.Compare(x.rank, y.rank))
	})
	rc := &recounting{d: d, marks: marks, gains: make([]posting.Gain, len(marks)), settled: settled}
	for i, m := range marks {
		rc.gains[i] = m.Gain
	}
	return rc
}

// starts tells whether mark i is the first of its content.
func (rc *recounting) starts(i int) bool { return i == 0 || rc.gains[i].Text != rc.gains[i-1].Text }

// start returns the first mark from i on that is the first of its content, the
// end if there is none.
func (rc *recounting) start(i int) int {
	for i < len(rc.gains) && !rc.starts(i) {
		i++
	}
	return min(i, len(rc.gains))
}

// run does it for marks from to to-1, which are all of their contents.
func (rc *recounting) run(from, to int) error {
	d, step := rc.d, recountAtOnce
	if rc.holders != nil {
		step = sharedAtOnce
	}
	var next atomic.Int64
	next.Store(int64(from))
	workers := min(d.o.workers(), (to-from)/step+1)
	errs := make([]error, workers)
	parallel(workers, func(k int) {
		t := new(task)
		for n := 1; ; n++ {
			i := int(next.Add(int64(step))) - step
			if i >= to || n%recountWait == 0 {
				if err := t.durable(); errs[k] == nil {
					errs[k] = err
				}
			}
			if i >= to {
				return
			}
			d.mu.RLock()
			if !d.closed {
				rc.part(t, rc.start(i), min(rc.start(i+step), to))
			}
			d.mu.RUnlock()
			t.verify(d.o.GroupBy)
			d.finish(t)
			runtime.Gosched() // calls of others may wait for a processor
		}
	})
	return cmp.Or(errs...)
}

// part leaves what is to be verified for marks i to end-1 to a task.
func (rc *recounting) part(t *task, i, end int) {
	h := rc.d.h
	r := regain{rc.gains, rc.settled(h), rc.holders}
	for ; i < end; i++ {
		m := &rc.marks[i]
		// Of a number that is used again the content has been counted since; the
		// keys may be those of the one before.
		if rc.starts(i) && (rc.holders == nil || h.contents.At(m.Text).rank == m.rank) {
			h.recount(t, i, &r)
		}
		if rc.d.journal != nil && !rc.named {
			t.begun = append(t.begun, m.rank) // each ends as often as it began
		}
	}
}

// A regain is what the contents have gained by one change.
type regain struct {
	gains []posting.Gain // in the order of byText
	// settled is that all candidates had been verified, or were being verified,
	// before, and that nothing else has been gained since.
	settled bool
	holders *posting.Holders // of their keys; nil: look them up
}

func byText(x, y posting.Gain) int {
	return cmp.Or(cmp.Compare(x.Text, y.Text), cmp.Compare(x.Key, y.Key))
}

// many returns the number of gains of a content.
func (r *regain) many(c uint32) int {
	at := func(c uint32) int {
		i, _ := slices.BinarySearchFunc(r.gains, c, func(g posting.Gain, c uint32) int { return cmp.Compare(g.Text, c) })
		return i
	}
	return at(c+1) - at(c)
}

// recount leaves the candidates of a content to be verified that may be new by
// what it has gained: those that its gains, gain i of r and those after it, concern,
// but for those that, as what both have gained bounds what they had before, were
// candidates already. For reading.
func (h *held) recount(t *task, i int, r *regain) {
	c, own := r.gains[i].Text, r.gains[i:]
	if n := slices.IndexFunc(own, func(g posting.Gain) bool { return g.Text != c }); n >= 0 {
		own = own[:n]
	}
	x := h.contents.At(c)
	if x.first == none || x.wordless {
		return
	}
	every := 0
	if r.holders != nil {
		every = r.holders.CountGained(h.index, &t.gained, x.rank, own, r.settled)
	} else {
		every = h.index.CountGained(&t.gained, x.rank, own)
	}
	if every == 0 && len(t.gained.Shares()) == 0 {
		return
	}
	if r.holders == nil {
		t.keys = h.appendKeys(t.keys[:0], c)
	}
	switch {
	case every > 0 && r.holders != nil:
		r.holders.Count(h.index, &t.tally, c, x.rank)
	case every > 0:
		h.index.Count(&t.tally, c, x.rank, t.keys)
	case r.holders != nil:
		r.holders.CountAmong(h.index, &t.tally, t.gained.Shares(), c, x.rank)
	default:
		h.index.CountAmong(&t.tally, t.gained.Shares(), c, x.rank, t.keys)
	}
	from := len(t.pairs)
	for o, spare := range h.candidates(&t.tally, x.size()) {
		if every == 0 {
			weight, n := t.gained.Count(o)
			if gained := max(weight, n); n == 0 || r.settled && spare >= gained && spare >= gained+2*r.many(o) {
				continue
			}
		}
		h.pair(t, c, o, spare)
	}
	h.complete(t.pairs[from:])
}

// recounted does so for all that t.recount names: nothing but that has happened
// since all candidates were verified, but for what h.gains counts beyond since.
func (h *held) recounted(t *task, since uint64) {
	if len(t.recount) == 0 {
		return
	}
	slices.SortFunc(t.recount, byText)
	r := regain{gains: t.recount, settled: h.gains == since+uint64(len(t.recount))}
	for i, g := range r.gains {
		if i == 0 || g.Text != r.gains[i-1].Text {
			h.recount(t, i, &r)
		}
	}
	t.recount = t.recount[:0]
}
