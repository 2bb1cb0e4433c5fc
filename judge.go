package newsdedup

import (
	"math"

	"github.com/newsdedup/newsdedup/internal/verdict"
)

// judge relates two encoded sketches: the relation, and the score in steps of
// 0.0001.
func (c *comparer) judge(a, b string) (Relation, uint16) {
	if a[:16] > b[:16] {
		a, b = b, a
	}
	st, va, _ := c.alignTexts(a, b)
	if a[:16] == b[:16] && va.Words > 0 {
		return Exact, 1e4
	}
	verdict.Features(&c.vector, st)
	r, p, _ := verdict.Judge(&c.vector)
	return Relation(r), uint16(math.Round(p * 1e4))
}
