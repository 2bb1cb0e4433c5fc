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

// Chances returns the probabilities that the relation is at least SameStory,
// Rewrite, Partial and Near.
func Chances(v *Vector) [4]float64 {
	pPartial := weights[2].prob(v)
	if v[run3Hi] == 0 || v[length] <= briefLength && v[run3Hi] < leastBrief {
		pPartial = 0
	}
	pRewrite := pPartial + (1-pPartial)*weights[1].prob(v)
	pStory := pRewrite + (1-pRewrite)*weights[0].prob(v)
	if v[chainShare] == 0 { // no word that either uses once
		pRewrite, pStory = pPartial, pPartial
	}
	pNear := pPartial * weights[3].prob(v)
	if v[run3Lo] < leastNear {
		pNear = 0
	}
	return [4]float64{pStory, pRewrite, pPartial, pNear}
}

// leastBrief is the least run3Hi of a text of no more than twenty content
// tokens for anything from Partial up. With its prior of four tokens it asks
// for 14 of 20 tokens in common runs, for 9 of 12 and all of 6; what is shorter
// is Exact or weaker than Partial. Briefs consist of the phrases of their kind:
// by the regressions, notices of different dividends that are paid on one day
// are Near in Reuters-21578.
const leastBrief = .75

var briefLength = math.Log(24)

// leastNear is the root of the share of its words that either text must have in
// common runs to be Near. Of the copies in wire2025 none has less than .53, in
// german2013 none less than .55.
var leastNear = math.Sqrt(.45)

// sameQuotes is the share of quoted speech in common, on the side that has less
// in common and with four tokens of prior, from which two reports of one event
// are taken to be made from one another: they quote the same words, eighteen
// content tokens at least, and no others. Of the pairs that no stronger rule
// decides it takes 1 of 401 independent reports in wire2025 and 1 of 180 in
// BASIL, so its probability is put at even.
const sameQuotes = .86

// Judge returns the relation, 0 Unrelated to 4 Near, and the probability that
// it is at least that; for Unrelated, that it is no more than that.
// Quotes says that only sameQuotes made it a Rewrite.
func Judge(v *Vector) (relation int, p float64, quotes bool) {
	c := Chances(v)
	pStory, pRewrite, pPartial, pNear := c[0], c[1], c[2], c[3]
	switch {
	case pNear >= cutNear:
		return near, pNear, false
	case pPartial >= cutPartial:
		return partial, pPartial, false
	case pRewrite >= cutRewrite:
		return rewrite, pRewrite, false
	case pStory >= cutStory && v[quotesLo] >= sameQuotes:
		return rewrite, .5, true
	case pStory >= cutStory:
		return sameStory, pStory, false
	}
	return unrelated, 1 - pStory, false
}

// A regression is a logistic regression over a Vector.
type regression struct {
	bias float64
	w    Vector
}

func (r *regression) prob(v *Vector) float64 {
	z := r.bias
	for k, w := range r.w {
		z += float64(w * v[k]) // rounded on every machine, never fused
	}
	return 1 / (1 + math.Exp(-z))
}
