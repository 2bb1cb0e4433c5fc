// Package verdict turns what two sketches have in common into a relation and
// its probability.
package verdict

import (
	"math"

	"github.com/newsdedup/newsdedup/internal/align"
	"github.com/newsdedup/newsdedup/internal/sketch"
)

// The features of a pair. "hi" and "lo" are the greater and the smaller value
// of the two sides; P is for prose: quoted speech left out. Shares of common
// runs, passages and quotations are under a root, which spreads the small ones.
const (
	run3PHi        = iota // share of the prose in common runs of three tokens or more
	run3PLo               //
	run8PHi               // the same of eight or more
	run3Hi                // share of all tokens in common runs of three or more
	run3Lo                //
	cover60PHi            // share of the prose in segments of which 60 % stands in one segment of the other side, .4 at least
	cover60PLo            //
	cover80PHi            // the same of 80 %
	cover80PLo            //
	coverSumLo            // mean share of a token's segment that stands in one segment of the other side
	numbers               // common share of the distinct numbers, of the side that has fewer
	dates                 // the same of weekdays and months
	short                 // the same of names too short to be tokens
	namesCos              // common names by the geometric mean of both counts
	title                 // common share of the shorter title
	conflict              // names, numbers and dates that differ in a common frame, of these and the common ones
	length                // log of the tokens of the shorter side
	edge                  // share of the tokens in runs that lie in the first or last tenth
	longest               // log of the longest common run, two at least
	chain                 // longest chain of unique common tokens in the same order, above chance
	chainShare            // the same by the tokens of the shorter side
	terms                 // common share of names, numbers and short names
	pass8PLo              // share of the prose in common passages of eight tokens or more
	pass14PLo             // the same of fourteen
	pass14Log             // log of the prose tokens in passages of fourteen or more
	runW5Log              // log of the prose tokens in runs with five plain words
	frameNumbers          // run3Lo squared, times the share of numbers that are not common: a template, where the text is brief
	leadTerms             // share of the names, numbers and dates among the first forty tokens that are among the other side's
	headLeadHi            // share of the title found in the other side's first forty tokens
	chainLog              // log of the longest chain
	run3Log               // log of the tokens in runs of three or more
	uniqueLog             // log of the tokens that stand exactly once on either side
	quotesRun             // share of the shorter side that is common quoted speech
	quotesLo              // common share of the quoted speech
	table                 // share of the distinct tokens that are numbers, times the log of the common ones by the others
	titleTermsHi          // share of the title's names, numbers and dates that the other side has anywhere
	titleTermsLo          //
	leadTermsBody         // share of those of the first forty tokens that the other side has anywhere
	frontHi               // share of the prose of the first third in common runs of three or more
	knownLo               // share of the title's tokens that the other side has anywhere
	wordsCos              // distinct words that are neither names, numbers nor dates, in common, by the geometric mean of both counts
	sentencesLo           // sentences in common (align.Side.Sentences), three at most, by three
	coverBroken           // cover80PLo times the share that pass14PLo leaves: sentences in common, but no long passages
	pass14Conflict        // pass14PLo times conflict: a long frame, filled anew

	numFeatures
)

// Names of the features, in the order of Vector.
var Names = [numFeatures]string{
	"run3p.hi", "run3p.lo", "run8p.hi", "run3.hi", "run3.lo",
	"cover60p.hi", "cover60p.lo", "cover80p.hi", "cover80p.lo", "coversum.lo",
	"numbers", "dates", "short", "names.cos",
	"title", "conflict", "len", "edge", "longest",
	"chain", "chain.share", "terms",
	"pass8p.lo", "pass14p.lo", "pass14.log", "runw5.log",
	"tmpl.num",
	"leadterms", "headlead.hi",
	"chain.log", "run3.log", "uniq.log", "quotes.run", "quotes.lo",
	"table", "titleterms.hi", "titleterms.lo", "leadtermsbody",
	"front.hi", "known.lo", "words.cos",
	"sentences.lo", "cover.broken", "pass14.conflict",
}

// Vector holds one value per name.
type Vector [numFeatures]float64

func ratio(a, b int) float64 {
	if b <= 0 {
		return 0
	}
	return float64(a) / float64(b)
}

func root(a, b int) float64 { return math.Sqrt(ratio(a, b)) }

// brief is 1 for the length of a text of up to forty content tokens, 0 for one of
// 200 and more, and between them in proportion to the logarithm. The
// cross-validated loss of Partial, without made pairs, is .0947 with 120 instead
// of 200 and .0940 with 300, and .0939 as it is.
func brief(length float64) float64 {
	return min(1, max(0, (log(204)-length)/(log(204)-log(44))))
}

// log is the natural logarithm of a count.
func log(n int) float64 {
	if uint(n) < uint(len(logs)) {
		return logs[n]
	}
	return math.Log(float64(n))
}

// logs are those of small numbers.
var logs = func() (t [512]float64) {
	for n := range t {
		t[n] = math.Log(float64(n))
	}
	return t
}()

const (
	// leastCover and maxSentences are where more of the same tells no more. The
	// cross-validated loss of Partial, without made pairs, is .112 without
	// sentencesLo, .107, .105 and .105 with two, three and four sentences of ten
	// tokens of which 70 % are in common; .107 with three of eight tokens, .109 with
	// three of ten of which 60 % are; and .101 with leastCover besides.
	leastCover   = .4
	maxSentences = 3
)

// Parts of a Vector, by what of an align.Aligner they take.
const (
	met     = 1 << iota // Meet
	covered             // Cover
	chained             // Chain
	worded              // Words

	allParts = met | covered | chained | worded
)

// partOf is the part that a feature is of.
var partOf = func() (of [numFeatures]uint8) {
	for k := range of {
		of[k] = met
	}
	for _, k := range []int{cover60PHi, cover60PLo, cover80PHi, cover80PLo, coverSumLo, sentencesLo, coverBroken} {
		of[k] = covered
	}
	for _, k := range []int{chain, chainShare, chainLog} {
		of[k] = chained
	}
	of[wordsCos] = worded
	return of
}()

// Features describes a pair. It is symmetric. The small numbers added to
// counts are priors: they keep tiny texts from extremes, and where there is
// nothing to compare, the feature speaks neither way.
func Features(v *Vector, st *align.Stats) { v.fill(st, allParts) }

// fill fills in the features of some parts; covered takes that met is.
func (v *Vector) fill(st *align.Stats, parts uint8) {
	if parts&met != 0 {
		v.meet(st)
	}
	if parts&covered != 0 {
		v.cover(st)
	}
	if parts&chained != 0 {
		v.chain(st)
	}
	a, b := &st.A, &st.B
	if parts&worded != 0 {
		v[wordsCos] = float64(a.Common[sketch.Word]) / (math.Sqrt(float64(a.Kinds[sketch.Word]*b.Kinds[sketch.Word])) + 1)
	}
}

func (v *Vector) cover(st *align.Stats) {
	a, b := &st.A, &st.B
	pa, pb := a.Prose+4, b.Prose+4
	x, y := ratio(a.Cover60P, pa), ratio(b.Cover60P, pb)
	v[cover60PHi], v[cover60PLo] = max(x, y, leastCover), min(x, y)
	x, y = ratio(a.Cover80P, pa), ratio(b.Cover80P, pb)
	v[cover80PHi], v[cover80PLo] = max(x, y), min(x, y)
	v[coverSumLo] = min(a.CoverSum/float64(a.Tokens+4), b.CoverSum/float64(b.Tokens+4))
	v[sentencesLo] = float64(min(a.Sentences, b.Sentences, maxSentences)) / maxSentences
	v[coverBroken] = v[cover80PLo] * (1 - v[pass14PLo])
}

func (v *Vector) chain(st *align.Stats) {
	// Twice the root of their number is the chain of tokens in random order
	// (Hammersley 1972; Logan and Shepp 1977).
	v[chain] = (float64(st.Chain) - float64(2*math.Sqrt(float64(st.Unique)))) / float64(st.Unique+4)
	v[chainShare] = ratio(st.Chain, min(st.A.Tokens, st.B.Tokens)+4)
	v[chainLog] = log(st.Chain + 4)
}

func (v *Vector) meet(st *align.Stats) {
	a, b := &st.A, &st.B
	pa, pb := a.Prose+4, b.Prose+4
	fewer := min(a.Tokens, b.Tokens)

	x, y := root(a.Run3P, pa), root(b.Run3P, pb)
	v[run3PHi], v[run3PLo] = max(x, y), min(x, y)
	v[run8PHi] = max(root(a.Run8P, pa), root(b.Run8P, pb))
	x, y = root(a.Run3, a.Tokens+4), root(b.Run3, b.Tokens+4)
	v[run3Hi], v[run3Lo] = max(x, y), min(x, y)

	common := func(k sketch.Kind) float64 {
		return (float64(a.Common[k]) + .5) / float64(min(a.Kinds[k], b.Kinds[k])+1)
	}
	v[numbers], v[dates] = common(sketch.Number), common(sketch.Date)
	v[short] = (float64(st.Short) + .5) / float64(st.ShortMin+1)
	v[namesCos] = float64(a.Common[sketch.Name]) / (math.Sqrt(float64(a.Kinds[sketch.Name]*b.Kinds[sketch.Name])) + 1)
	v[title] = (float64(st.Head) + .25) / float64(st.HeadMin+1)
	v[conflict] = ratio(st.Conflicts, st.Conflicts+a.Common[sketch.Name]+a.Common[sketch.Number]+2)
	v[length] = log(max(20, fewer) + 4) // on less than twenty tokens nothing was trained
	v[edge] = ratio(a.Edge+b.Edge, a.Run3+b.Run3+6)
	v[longest] = log(max(2, st.Longest) + 1)

	v[terms] = ratio(a.Common[sketch.Name]+a.Common[sketch.Number]+st.Short,
		min(a.Kinds[sketch.Name]+a.Kinds[sketch.Number], b.Kinds[sketch.Name]+b.Kinds[sketch.Number])+st.ShortMin+2)

	v[pass8PLo] = min(root(a.Pass8P, pa), root(b.Pass8P, pb))
	v[pass14PLo] = min(root(a.Pass14P, pa), root(b.Pass14P, pb))
	v[pass14Log] = log(min(a.Pass14P, b.Pass14P) + 8)
	v[runW5Log] = log(min(a.RunW5P, b.RunW5P) + 8)

	fewest := min(a.Kinds[sketch.Number], b.Kinds[sketch.Number])
	n := min(fewest, a.Common[sketch.Number])
	v[frameNumbers] = min(ratio(a.Run3, a.Tokens+4), ratio(b.Run3, b.Tokens+4)) * ratio(fewest-n, fewest+1) * brief(v[length])
	v[table] = min(ratio(a.Kinds[sketch.Number], a.Tokens+4), ratio(b.Kinds[sketch.Number], b.Tokens+4)) * (log(n+1) - log(fewest-n+1))
	v[leadTerms] = ratio(max(a.LeadTermsCommon, b.LeadTermsCommon), min(a.LeadTerms, b.LeadTerms)+2)
	v[headLeadHi] = max((float64(a.HeadLead)+.5)/float64(a.Head+1), (float64(b.HeadLead)+.5)/float64(b.Head+1))
	v[run3Log] = log(min(a.Run3, b.Run3) + 8)
	v[uniqueLog] = log(st.Unique + 4)

	v[quotesRun] = root(min(a.Run3-a.Run3P, b.Run3-b.Run3P), fewer+8)
	quotes := func(s *align.Side) float64 { return ratio(s.Run3-s.Run3P+1, s.Tokens-s.Prose+4) }
	v[quotesLo] = min(quotes(a), quotes(b))
	share := func(n, of int) float64 { return (float64(n) + .5) / float64(of+1) }
	x, y = share(a.HeadTermsCommon, a.HeadTerms), share(b.HeadTermsCommon, b.HeadTerms)
	v[titleTermsHi], v[titleTermsLo] = max(x, y), min(x, y)
	v[knownLo] = min(share(a.HeadKnown, a.Head), share(b.HeadKnown, b.Head))
	v[frontHi] = max(root(a.FrontP, a.Front+2), root(b.FrontP, b.Front+2))
	v[leadTermsBody] = max(share(a.LeadTermsBody, a.LeadTerms), share(b.LeadTermsBody, b.LeadTerms))
	v[pass14Conflict] = v[pass14PLo] * v[conflict]
}
