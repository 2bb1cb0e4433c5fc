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
	run3PHi      = iota // share of the prose in common runs of three tokens or more
	run3PLo             //
	run8PHi             // the same of eight or more
	run3Hi              // share of all tokens in common runs of three or more
	run3Lo              //
	cover60PHi          // share of the prose in segments of which 60 % stands in one segment of the other side
	cover60PLo          //
	cover80PHi          // the same of 80 %
	cover80PLo          //
	coverSumLo          // mean share of a token's segment that stands in one segment of the other side
	names               // common share of the distinct names, of the side that has fewer
	numbers             // the same of numbers
	words               // the same of other words
	dates               // the same of weekdays and months
	short               // the same of names too short to be tokens
	namesCos            // common names by the geometric mean of both counts
	title               // common share of the shorter title
	titleBody           // share of the title tokens found in the other side's text
	lead                // share of the first 24 tokens found in the other side
	conflict            // names and numbers that differ in a common frame, of all that stand in runs or frames
	length              // log of the tokens of the shorter side
	edge                // share of the tokens in runs that lie in the first or last tenth
	longest             // log of the longest common run
	chain               // longest chain of unique common tokens in the same order, above chance
	chainShare          // the same by the tokens of the shorter side
	terms               // common share of names, numbers and short names
	pass8PLo            // share of the prose in common passages of eight tokens or more
	pass14PLo           // the same of fourteen
	pass14Log           // log of the prose tokens in passages of fourteen or more
	runW5Log            // log of the prose tokens in runs with five plain words
	frameNumbers        // run3Lo squared, times the share of numbers that are not common: a template
	frameNames          // the same of names
	numbersMiss         // share of the numbers, of the side that has fewer, that are not common
	leadLead            // share of the first forty tokens that are among the other side's first forty
	leadTerms           // the same of names, numbers and dates
	headLeadHi          // share of the title found in the other side's first forty tokens
	topicHi             // share of the tokens that one side repeats which the other has
	topicLo             //
	chainLog            // log of the longest chain
	run3Log             // log of the tokens in runs of three or more
	uniqueLog           // log of the tokens that stand exactly once on either side
	quotesRun           // share of the shorter side that is common quoted speech
	quotesLo            // common share of the quoted speech
	datesClash          // log of the dates of the side that has fewer, if it has two and none is common

	numFeatures
)

// Names of the features, in the order of Vector.
var Names = [numFeatures]string{
	"run3p.hi", "run3p.lo", "run8p.hi", "run3.hi", "run3.lo",
	"cover60p.hi", "cover60p.lo", "cover80p.hi", "cover80p.lo", "coversum.lo",
	"names", "numbers", "words", "dates", "short", "names.cos",
	"title", "titlebody", "lead", "conflict", "len", "edge", "longest",
	"chain", "chain.share", "terms",
	"pass8p.lo", "pass14p.lo", "pass14.log", "runw5.log",
	"tmpl.num", "tmpl.name", "numbers.miss",
	"leadlead", "leadterms", "headlead.hi", "topic.hi", "topic.lo",
	"chain.log", "run3.log", "uniq.log", "quotes.run", "quotes.lo", "dates.clash",
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

func log(n int) float64 { return math.Log(float64(n)) }

// Features describes a pair. It is symmetric. The small numbers added to
// counts are priors: they keep tiny texts from extremes, and where there is
// nothing to compare, the feature speaks neither way.
func Features(v *Vector, st *align.Stats) {
	a, b := &st.A, &st.B
	pa, pb := a.Prose+4, b.Prose+4
	fewer := min(a.Tokens, b.Tokens)

	x, y := root(a.Run3P, pa), root(b.Run3P, pb)
	v[run3PHi], v[run3PLo] = max(x, y), min(x, y)
	v[run8PHi] = max(root(a.Run8P, pa), root(b.Run8P, pb))
	x, y = root(a.Run3, a.Tokens+4), root(b.Run3, b.Tokens+4)
	v[run3Hi], v[run3Lo] = max(x, y), min(x, y)
	x, y = ratio(a.Cover60P, pa), ratio(b.Cover60P, pb)
	v[cover60PHi], v[cover60PLo] = max(x, y), min(x, y)
	x, y = ratio(a.Cover80P, pa), ratio(b.Cover80P, pb)
	v[cover80PHi], v[cover80PLo] = max(x, y), min(x, y)
	v[coverSumLo] = min(a.CoverSum/float64(a.Tokens+4), b.CoverSum/float64(b.Tokens+4))

	common := func(k sketch.Kind) float64 {
		return (float64(a.Common[k]) + .5) / float64(min(a.Kinds[k], b.Kinds[k])+1)
	}
	v[names], v[numbers], v[words], v[dates] = common(sketch.Name), common(sketch.Number), common(sketch.Word), common(sketch.Date)
	v[short] = (float64(st.Short) + .5) / float64(st.ShortMin+1)
	v[namesCos] = float64(a.Common[sketch.Name]) / (math.Sqrt(float64(a.Kinds[sketch.Name]*b.Kinds[sketch.Name])) + 1)
	v[title] = (float64(st.Head) + .25) / float64(st.HeadMin+1)
	v[titleBody] = (float64(a.HeadBody+b.HeadBody) + .5) / float64(a.Head+b.Head+1)
	v[lead] = max(a.LeadBody, b.LeadBody)
	v[conflict] = ratio(st.Conflicts, st.Conflicts+st.Agree+2)
	v[length] = log(max(20, fewer) + 4) // on less than twenty tokens nothing was trained
	v[edge] = ratio(a.Edge+b.Edge, a.Run3+b.Run3+6)
	v[longest] = log(st.Longest + 1)

	// Twice the root of their number is the chain of tokens in random order
	// (Hammersley 1972; Logan and Shepp 1977).
	v[chain] = (float64(st.Chain) - float64(2*math.Sqrt(float64(st.Unique)))) / float64(st.Unique+4)
	v[chainShare] = ratio(st.Chain, fewer+4)
	v[terms] = ratio(a.Common[sketch.Name]+a.Common[sketch.Number]+st.Short,
		min(a.Kinds[sketch.Name]+a.Kinds[sketch.Number], b.Kinds[sketch.Name]+b.Kinds[sketch.Number])+st.ShortMin+2)

	v[pass8PLo] = min(root(a.Pass8P, pa), root(b.Pass8P, pb))
	v[pass14PLo] = min(root(a.Pass14P, pa), root(b.Pass14P, pb))
	v[pass14Log] = log(min(a.Pass14P, b.Pass14P) + 8)
	v[runW5Log] = log(min(a.RunW5P, b.RunW5P) + 8)

	miss := func(k sketch.Kind) float64 {
		n := min(a.Kinds[k], b.Kinds[k])
		return ratio(n-min(n, a.Common[k]), n+1)
	}
	frame := min(ratio(a.Run3, a.Tokens+4), ratio(b.Run3, b.Tokens+4))
	v[numbersMiss] = miss(sketch.Number)
	v[frameNumbers], v[frameNames] = frame*v[numbersMiss], frame*miss(sketch.Name)

	v[leadLead] = ratio(max(a.LeadCommon, b.LeadCommon), min(a.Lead, b.Lead)+4)
	v[leadTerms] = ratio(max(a.LeadTermsCommon, b.LeadTermsCommon), min(a.LeadTerms, b.LeadTerms)+2)
	v[headLeadHi] = max((float64(a.HeadLead)+.5)/float64(a.Head+1), (float64(b.HeadLead)+.5)/float64(b.Head+1))
	x, y = ratio(a.TopicCommon, a.Topic+2), ratio(b.TopicCommon, b.Topic+2)
	v[topicHi], v[topicLo] = max(x, y), min(x, y)
	v[chainLog] = log(st.Chain + 4)
	v[run3Log] = log(min(a.Run3, b.Run3) + 8)
	v[uniqueLog] = log(st.Unique + 4)

	v[quotesRun] = root(min(a.Run3-a.Run3P, b.Run3-b.Run3P), fewer+8)
	quotes := func(s *align.Side) float64 { return ratio(s.Run3-s.Run3P+1, s.Tokens-s.Prose+4) }
	v[quotesLo] = min(quotes(a), quotes(b))
	v[datesClash] = 0
	if n := min(a.Kinds[sketch.Date], b.Kinds[sketch.Date]); n >= 2 && a.Common[sketch.Date] == 0 {
		v[datesClash] = log(n)
	}
}
