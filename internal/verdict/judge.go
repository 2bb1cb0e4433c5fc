package verdict

import "math"

// Relations by strength, as numbered by the root package.
const (
	unrelated = iota
	sameStory
	rewrite
	partial
	near
)

// Judge returns the relation, 0 Unrelated to 4 Near, and the probability that
// it is at least that; for Unrelated, that it is no more than that.
func Judge(v *Vector) (relation int, p float64) {
	pPartial := weights[2].prob(v)
	pNear := pPartial * weights[3].prob(v)
	pRewrite := pPartial + (1-pPartial)*weights[1].prob(v)
	pStory := pRewrite + (1-pRewrite)*weights[0].prob(v)
	switch {
	case pNear >= cutNear:
		return near, pNear
	case pPartial >= cutPartial:
		return partial, pPartial
	case pRewrite >= cutRewrite:
		return rewrite, pRewrite
	case pStory >= cutStory:
		return sameStory, pStory
	}
	return unrelated, 1 - pStory
}

// A regression is a logistic regression over a Vector.
type regression struct {
	bias float64
	w    Vector
}

func (r *regression) prob(v *Vector) float64 {
	z := r.bias
	for k, w := range r.w {
		z += w * v[k]
	}
	return 1 / (1 + math.Exp(-z))
}
