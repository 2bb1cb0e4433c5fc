package newsdedup

import (
	"math"

	"github.com/newsdedup/newsdedup/internal/align"
	"github.com/newsdedup/newsdedup/internal/sketch"
	"github.com/newsdedup/newsdedup/internal/verdict"
)

// judge relates two encoded sketches: the relation, and the score in steps of
// 0.0001. A relation below the level may be given as Unrelated, with score 0. If
// it is of the level or above, its proof goes where want says, unless that is
// nil.
func (c *comparer) judge(a, b string, level Relation, want func(Relation, uint16) **proof) (r Relation, score uint16) {
	same, flipped := a[:bodyAt] == b[:bodyAt], a > b // same: the digests
	if same && want == nil && sketch.Words(a) > verdict.StubWords {
		return Exact, 1e4
	}
	if flipped {
		a, b = b, a
	}
	st, va, vb := c.alignTexts(a, b)
	quotes := false
	if same && va.Words > 0 {
		n, p := verdict.Equal(va.Words, st)
		r, score = Relation(n), uint16(math.Round(p*1e4))
	} else {
		n, p, q := verdict.Staged(&c.vector, &c.align, st, int(level))
		r, score, quotes = Relation(n), uint16(math.Round(p*1e4)), q
	}
	if want != nil && r >= level {
		if p := want(r, score); p != nil {
			*p = c.proof(a, b, st, va, vb, flipped, quotes)
		}
	}
	return r, score
}

// A proof is the evidence of a link as far as the texts go.
type proof struct {
	evidence Evidence
	quotes   bool // see reason
}

func (c *comparer) proof(a, b string, st *align.Stats, va, vb *sketch.View, flipped, quotes bool) *proof {
	p := &proof{quotes: quotes}
	c.evidence(&p.evidence, a, b, st, va, vb)
	if flipped {
		p.evidence.exchange()
	}
	return p
}

// match is what comparer.relate gives for two fingerprints of these texts.
func (p *proof) match(a, b *Fingerprint, l link) Match {
	m := Match{A: a.ID(), B: b.ID(), Relation: l.relation(), Score: l.score(), Evidence: p.evidence}
	m.Evidence.circumstances(a, b)
	m.Evidence.Reason = reason(m.Relation, p.quotes, &m.Evidence)
	return m
}

// proofs are those of the links of contents, by the number of one of the two;
// empty if they are to be made when they are asked for.
type proofs [][]proven

// A proven link is that of a content with another.
type proven struct {
	other uint32
	proof *proof
}

// of returns the proof of a link, nil if it is not there. Flipped says that it
// is that of b and a.
func (ps proofs) of(a, b uint32) (p *proof, flipped bool) {
	if ps == nil {
		return nil, false
	}
	for _, x := range ps[a] {
		if x.other == b {
			return x.proof, false
		}
	}
	for _, x := range ps[b] {
		if x.other == a {
			return x.proof, true
		}
	}
	return nil, false
}

// retell is relate for what is known to be linked so. The verdict is found again
// only where the reason depends on what found it, below Partial.
func (c *comparer) retell(a, b *Fingerprint, r Relation, score uint16) Match {
	if r < Partial {
		return c.relate(a, b, true)
	}
	x, y := a.sketch, b.sketch
	flipped := x > y
	if flipped {
		x, y = y, x
	}
	st, vx, vy := c.alignTexts(x, y)
	return c.proof(x, y, st, vx, vy, flipped, false).match(a, b, makeLink(0, r, score))
}
