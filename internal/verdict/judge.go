package verdict

import (
	"math"

	"github.com/newsdedup/newsdedup/internal/align"
)

// Relations by strength, as numbered by the root package.
const (
	unrelated = iota
	sameStory
	rewrite
	partial
	near
	exact
)

// Chances returns the probabilities that the relation is at least SameStory,
// Rewrite, Partial and Near.
func Chances(v *Vector) [4]float64 {
	return Combine(v, [4]float64{prob(0, v), prob(1, v), prob(2, v), prob(3, v)})
}

// Combine makes the chances of what the regressions give: for Partial that of
// all pairs, for Near that of those that are at least Partial, for Rewrite of
// those that are less than Partial, for SameStory of those that are less than
// Rewrite. Some are 0 by rule.
func Combine(v *Vector, p [4]float64) [4]float64 {
	pPartial := p[2]
	if v[run3Hi] == 0 || v[length] <= tinyLength && v[run3Hi] < leastTiny {
		pPartial = 0
	}
	pRewrite := pPartial + float64((1-pPartial)*p[1])
	pStory := pRewrite + float64((1-pRewrite)*p[0])
	if v[chainShare] == 0 && v[length] <= tinyLength { // no word that either uses once
		pRewrite, pStory = pPartial, pPartial
	}
	pNear := pPartial * p[3]
	if v[run3Lo] < leastNear {
		pNear = 0
	}
	return [4]float64{pStory, pRewrite, pPartial, pNear}
}

// leastTiny is the least run3Hi of a text of no more than twenty content
// tokens for anything from Partial up. With its prior of four tokens it asks
// for 14 of 20 tokens in common runs, for 9 of 12 and all of 6; what is shorter
// is Exact or weaker than Partial. Briefs consist of the phrases of their kind:
// by the regressions, notices of different dividends that are paid on one day
// are Near in Reuters-21578.
const leastTiny = .75

var tinyLength = math.Log(24)

// cutBrief is the least probability of Partial and up where a text has no more
// than sixty content tokens: notices of one kind are made of the same sentences.
// Of the links between such texts in Reuters-21578 with .75 to .9, 69 of 160 name
// different companies or are three days or more apart, of those above 41 of 369;
// of the 13 labelled copies and parts of that length in wire2025, german2013 and
// reuters1987 that reach cutPartial when cross-validated it costs three.
const cutBrief = .9

var briefLength = math.Log(64)

// rewriteLength is that of a text of eighty content tokens. Nothing is a Rewrite
// where one has no more: of 73 labelled rewrites in wire2025 one is as short,
// and of 85 links as Rewrites in Reuters-21578 where the shorter text has sixty to 86
// content tokens, 51 are three days or more apart or name different companies; of
// those between longer ones 49 of 101.
var rewriteLength = math.Log(84)

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
func Judge(v *Vector) (relation int, p float64, quotes bool) { return Decide(v, Chances(v)) }

// Decide is Judge with chances given.
func Decide(v *Vector, c [4]float64) (relation int, p float64, quotes bool) {
	pStory, pRewrite, pPartial, pNear := c[0], c[1], c[2], c[3]
	leastPartial, leastRewrite := cutPartial, cutRewrite
	if v[length] <= briefLength {
		leastPartial = cutBrief
	}
	if v[length] <= rewriteLength {
		leastRewrite = 2
	}
	switch {
	case pNear >= cutNear && pPartial >= leastPartial:
		return near, pNear, false
	case pPartial >= leastPartial:
		return partial, pPartial, false
	case pRewrite >= leastRewrite:
		return rewrite, pRewrite, false
	case pStory >= cutStory && v[quotesLo] >= sameQuotes:
		return rewrite, .5, true
	case pStory >= cutStory:
		return sameStory, pStory, false
	}
	return unrelated, 1 - pStory, false
}

// StubWords are the most words of a text that does not tell an article by
// itself: "News in brief" and "Quarterly dividend 20 cents, pay April 15" stand
// under any headline. Of the pairs of equal texts in reuters1987 and german2013,
// as they are, 155 have no more; for 146 of them the titles have less than half
// in common, and those are different stories, but for one in a hundred. Of the
// 355 longer pairs four have so little, all of one story.
const (
	StubWords  = 20
	stubChance = .99
)

// Equal judges two texts that are the same and have words, this many, as Judge
// does: as 5, Exact, or as Unrelated.
func Equal(words uint32, st *align.Stats) (relation int, p float64) {
	if words <= StubWords && 2*st.Head < st.HeadMin {
		return unrelated, stubChance
	}
	return exact, 1
}

// A regression is a logistic regression over a Vector.
type regression struct {
	bias float64
	w    Vector
}

// A term is a feature that a regression has a weight for.
type term struct {
	feature int
	weight  float64
}

// termsOf are those of each regression.
var termsOf = func() (all [4][]term) {
	for t := range weights {
		for k, w := range weights[t].w {
			if w != 0 {
				all[t] = append(all[t], term{k, w})
			}
		}
	}
	return all
}()

// prob returns the probability that regression t gives.
func prob(t int, v *Vector) float64 {
	z := weights[t].bias
	for _, x := range termsOf[t] {
		z += float64(x.weight * v[x.feature]) // rounded on every machine, never fused
	}
	return logistic(z)
}

func logistic(z float64) float64 { return 1 / (1 + math.Exp(-z)) }
