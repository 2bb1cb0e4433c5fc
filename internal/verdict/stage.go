package verdict

import "github.com/newsdedup/newsdedup/internal/align"

// Staged gives what Features and Judge give of a pair, of which al has been
// told by Index and Meet, with the result st. It calls Cover, Chain and Words,
// which take time, and fills in the features that depend on them, only for a
// regression that the verdict asks for:
//
//  1. If the relation stays below least whatever they would tell, it is given
//     as Unrelated, with probability 0.
//  2. What is asked for Partial; if it is reached, for Near.
//  3. If not, what is asked for Rewrite, and if that is not reached either, for
//     SameStory. But if with certainty of these the relation stays below least,
//     it is given as Unrelated, with probability 0.
func Staged(v *Vector, al *align.Aligner, st *align.Stats, least int) (relation int, p float64, quotes bool) {
	v.meet(st)
	// Zero if and only if the chain is empty, for the rule of Combine.
	v[chainShare] = ratio(st.Unique, 1)
	if least > unrelated {
		var b bounds
		b.find(v, al, st)
		best := [4]float64{1, 1, 1, 1}
		for t := least - 1; t < near; t++ {
			best[t] = logistic(b.greatest(t, v))
		}
		if below(v, best, least) {
			return unrelated, 0, false
		}
	}
	done := uint8(met)
	var c [4]float64
	ask := func(t int) {
		missing := needs[t] &^ done
		if missing&covered != 0 {
			al.Cover()
		}
		if missing&chained != 0 {
			al.Chain()
		}
		if missing&worded != 0 {
			al.Words()
		}
		v.fill(st, missing)
		done |= missing
		c[t] = prob(t, v)
	}
	ask(partial - 1)
	if relation, _, _ := Decide(v, Combine(v, c)); relation >= partial {
		ask(near - 1)
		return Decide(v, Combine(v, c))
	}
	for t := rewrite - 1; ; t-- {
		best := c
		for t := range t + 1 {
			best[t] = 1
		}
		if below(v, best, least) {
			return unrelated, 0, false
		}
		ask(t)
		if relation, p, quotes := Decide(v, Combine(v, c)); t == 0 || relation == t+1 && !quotes {
			return relation, p, quotes
		}
	}
}

// below tells whether the relation is below least if no regression gives more
// than it has here.
func below(v *Vector, best [4]float64, least int) bool {
	relation, _, _ := Decide(v, Combine(v, best))
	return relation < least
}

// needs are the parts that the regressions have weights for.
var needs = func() (parts [4]uint8) {
	for t := range termsOf {
		for _, x := range termsOf[t] {
			parts[t] |= partOf[x.feature]
		}
	}
	return parts
}()

// bounds are the least and the greatest values of the features that Meet does
// not tell.
type bounds struct{ lo, hi [numFeatures]float64 }

// find finds the bounds. What align.Most tells bounds CoverSum, and the tokens
// of the segments of which 60 % and 80 % are covered in proportion.
func (b *bounds) find(v *Vector, al *align.Aligner, st *align.Stats) {
	mostA, mostB := al.Most()
	share := func(s *align.Side, most, num, den int) float64 { return ratio(min(s.Prose, most*num/den), s.Prose+4) }
	x, y := share(&st.A, mostA, 5, 3), share(&st.B, mostB, 5, 3)
	b.hi[cover60PHi], b.hi[cover60PLo] = max(x, y, leastCover), min(x, y)
	b.lo[cover60PHi] = leastCover
	x, y = share(&st.A, mostA, 5, 4), share(&st.B, mostB, 5, 4)
	b.hi[cover80PHi], b.hi[cover80PLo] = max(x, y), min(x, y)
	b.hi[coverBroken] = b.hi[cover80PLo] * (1 - v[pass14PLo])
	// Each sentence has seven tokens in common.
	b.hi[sentencesLo] = float64(min(mostA/7, mostB/7, maxSentences)) / maxSentences
	b.hi[coverSumLo] = min(ratio(min(mostA, st.A.Tokens), st.A.Tokens+4), ratio(min(mostB, st.B.Tokens), st.B.Tokens+4))

	// A chain has one token at least, if there is any, and all of them at most.
	s := *st
	s.Chain = min(1, st.Unique)
	var w Vector
	w.chain(&s)
	b.lo[chain], b.lo[chainShare], b.lo[chainLog] = w[chain], w[chainShare], w[chainLog]
	s.Chain = st.Unique
	w.chain(&s)
	b.hi[chain], b.hi[chainShare], b.hi[chainLog] = w[chain], w[chainShare], w[chainLog]
	b.hi[wordsCos] = 1
}

// metTerms and openTerms are the terms of each regression that Meet tells, and
// those that it does not.
var metTerms, openTerms = func() (known, open [4][]term) {
	for t := range termsOf {
		for _, x := range termsOf[t] {
			if partOf[x.feature] == met {
				known[t] = append(known[t], x)
			} else {
				open[t] = append(open[t], x)
			}
		}
	}
	return known, open
}()

// greatest returns no less than regression t may come to before it is made a
// probability.
func (b *bounds) greatest(t int, v *Vector) float64 {
	z := weights[t].bias + 1e-9 // more than what rounding may do
	for _, x := range metTerms[t] {
		z += x.weight * v[x.feature]
	}
	for _, x := range openTerms[t] {
		z += max(x.weight*b.lo[x.feature], x.weight*b.hi[x.feature])
	}
	return z
}
