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
	c.a.Decode(a)
	c.b.Decode(b)
	if c.a.Digest == c.b.Digest && c.a.Words > 0 {
		return Exact, 1e4
	}
	level := max(c.a.Level, c.b.Level)
	c.a.Sample(&c.a, level)
	c.b.Sample(&c.b, level)
	verdict.Features(&c.vector, c.align.Align(&c.a, &c.b))
	r, p, _ := verdict.Judge(&c.vector)
	return Relation(r), uint16(math.Round(p * 1e4))
}
