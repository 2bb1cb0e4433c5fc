package newsdedup

import (
	"sync"

	"github.com/newsdedup/newsdedup/internal/posting"
)

// A pair is two contents that are to be verified, as they were when they were
// found to be candidates.
type pair struct {
	a, b           uint32
	movesA, movesB uint32
	spare          int
	sketchA        string
	sketchB        string
	namesA, namesB uint8 // see posting.Names
}

// A finding is what became of a pair.
type finding struct {
	pair
	relation Relation
	score    uint16
	proof    *proof // of pairs that are told as matches
}

// A task is what a change has left to do without the lock, and what it did.
type task struct {
	pairs []pair
	found []finding

	candidates, verified int
	recount              []posting.Gain // contents that may have more candidates than before
	change               change
	touched              []uint32 // contents of which members or links have changed
	begun                []uint64
	wait                 func() error

	self    uint32 // content of which the matches are told
	except  string // ID that is told of none; empty: any is
	matches []known
	links   []link
	best    []uint32
	proof   *proof
	tally   posting.Tally
	gained  posting.Tally
	keys    []uint32
	sum     uint32 // of what has been read ahead
}

var tasks = sync.Pool{New: func() any { return new(task) }}

// release gives t back, unless a crowd of candidates has blown it up.
func (t *task) release() {
	t.reset()
	if cap(t.pairs) <= 1<<12 {
		tasks.Put(t)
	}
}

func (t *task) reset() {
	clear(t.pairs)
	clear(t.found)
	clear(t.matches)
	t.tally.Forget()
	t.pairs, t.found, t.recount = t.pairs[:0], t.found[:0], t.recount[:0]
	t.change.reset()
	t.matches, t.begun, t.wait, t.touched, t.self = t.matches[:0], t.begun[:0], nil, t.touched[:0], none
	t.except = ""
	t.candidates, t.verified = 0, 0
}

var glances = sync.Pool{New: func() any { return new(posting.Glance) }}

// verify relates the pairs of a task, without the lock, and forgets them.
func (t *task) verify(level Relation) {
	clear(t.found) // of memory that it refers to
	t.found = t.found[:0]
	if len(t.pairs) == 0 {
		return
	}
	c := comparers.Get().(*comparer)
	defer comparers.Put(c)
	g := glances.Get().(*posting.Glance)
	defer glances.Put(g)
	net := netOf(level)
	t.candidates += len(t.pairs)
	passed, set := t.pairs[:0], none
	for i, p := range t.pairs {
		if i%readAtOnce == 0 {
			for _, q := range t.pairs[i:min(len(t.pairs), i+readAtOnce)] {
				t.sum += read(q.sketchB)
			}
		}
		if p.a != set {
			set = p.a
			g.Set(p.sketchA, p.namesA)
		}
		if g.Passes(p.sketchB, p.namesB, net) {
			passed = append(passed, p)
		}
	}
	t.verified += len(passed)
	t.best = t.best[:0]
	prove := t.prove
	for _, p := range passed {
		f, want := finding{pair: p}, prove
		if p.a != t.self {
			want = nil
		}
		t.proof = nil
		if f.relation, f.score = c.judge(p.sketchA, p.sketchB, level, want); f.relation >= level {
			f.proof = t.proof
			t.found = append(t.found, f)
		}
	}
	clear(t.pairs)
	t.pairs = t.pairs[:0]
}

// readAtOnce is how many sketches are read before the first of them is looked at,
// so that they come from memory together.
const readAtOnce = 16

// read reads every cache line of a record, and returns a sum of what is there,
// which is to be used.
func read(s string) (sum uint32) {
	for i := 0; i < len(s); i += 64 {
		sum += uint32(s[i])
	}
	return sum
}

// prove asks for the proof of a match of this strength, unless it cannot be one
// of those that are told: t.best are the strengths of these so far, in descending
// order.
func (t *task) prove(r Relation, score uint16) **proof {
	strength := uint32(r)<<16 | uint32(score)
	n := len(t.best)
	if n < MaxMatches {
		t.best = append(t.best, 0)
	} else if n--; strength < t.best[n] {
		return nil
	}
	for ; n > 0 && t.best[n-1] < strength; n-- {
		t.best[n] = t.best[n-1]
	}
	t.best[n] = strength
	return &t.proof
}

// commit makes links of what verify found, as far as both contents still stand
// and are candidates.
func (h *held) commit(t *task) {
	h.stats.Candidates += uint64(t.candidates)
	h.stats.Verified += uint64(t.verified)
	t.candidates, t.verified = 0, 0
	for _, v := range t.found {
		x, y := h.contents.At(v.a), h.contents.At(v.b)
		if x.moves != v.movesA || y.moves != v.movesB {
			if x.first == none || y.first == none || h.sketchOf(v.a) != v.sketchA || h.sketchOf(v.b) != v.sketchB {
				continue
			}
			var ok bool
			if v.spare, ok = h.support(v.a, v.b); !ok {
				continue
			}
		}
		if _, ok := h.linked(v.a, v.b); !ok {
			h.link(v.a, v.b, v.relation, v.score, v.spare, t)
		}
	}
}

// durable waits for what was noted last, and with that for all before.
func (t *task) durable() error {
	wait := t.wait
	if t.wait = nil; wait == nil {
		return nil
	}
	return wait()
}
