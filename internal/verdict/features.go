// Package verdict turns what two sketches have in common into a relation and
// its probability.
package verdict

import (
	"math"
	"slices"

	"github.com/newsdedup/newsdedup/internal/align"
	"github.com/newsdedup/newsdedup/internal/sketch"
)

// Names of the features, in the order of Vector.
var Names = []string{
	"run3p.hi", "run3p.lo", "run5p.hi", "run5p.lo", "run8p.hi", "run8p.lo",
	"run3.hi", "run3.lo", "run2p.hi",
	"cover40p.hi", "cover60p.hi", "cover60p.lo", "cover80p.hi", "cover80p.lo",
	"coversum.hi", "coversum.lo",
	"names", "numbers", "words", "dates", "short",
	"words.cos", "names.cos",
	"title", "titlebody", "lead",
	"order", "conflict", "numconflict",
	"len", "ratio", "edge", "longest", "run5p.log",
	"chain", "chain.nn", "chain.share", "chain.nnshare", "terms", "runw3p.hi", "runw3p.lo", "runw5p.hi", "runw5p.lo", "pass8p.hi", "pass8p.lo", "pass14p.hi", "pass14p.lo", "pass14.log", "runw5.log", "tmpl.num", "tmpl.name",
	"dates.miss", "numbers.miss", "names.miss", "leadlead", "leadterms", "headlead.hi", "headlead.lo", "topic.hi", "topic.lo", "terms.log", "chain.log", "run3.log",
	"uniq.share", "uniq.log", "quotes.run", "prose.words", "quotes.hi", "quotes.lo", "dates.clash",
	"quoted",
}

var (
	quotesLo = slices.Index(Names, "quotes.lo")
	run3Hi   = slices.Index(Names, "run3.hi")
	run3Lo   = slices.Index(Names, "run3.lo")
	chainAll = slices.Index(Names, "chain.share")
)

// Vector holds one value per name.
type Vector [71]float64

func ratio(a, b int) float64 {
	if b <= 0 {
		return 0
	}
	return float64(a) / float64(b)
}

func hilo(a, b float64) (float64, float64) { return max(a, b), min(a, b) }

// Features describes a pair. It is symmetric.
func Features(v *Vector, st *align.Stats) {
	a, b := &st.A, &st.B
	i := 0
	put := func(x float64) { v[i] = x; i++ }
	pair := func(x, y float64) { h, l := hilo(x, y); put(h); put(l) }
	pa, pb := a.Prose+4, b.Prose+4 // four tokens of prior keep tiny texts from extremes
	pair(math.Sqrt(ratio(a.Run3P, pa)), math.Sqrt(ratio(b.Run3P, pb)))
	pair(math.Sqrt(ratio(a.Run5P, pa)), math.Sqrt(ratio(b.Run5P, pb)))
	pair(math.Sqrt(ratio(a.Run8P, pa)), math.Sqrt(ratio(b.Run8P, pb)))
	pair(math.Sqrt(ratio(a.Run3, a.Tokens+4)), math.Sqrt(ratio(b.Run3, b.Tokens+4)))
	h, _ := hilo(ratio(a.Run2P, pa), ratio(b.Run2P, pb))
	put(math.Sqrt(h))
	h, _ = hilo(ratio(a.Cover40P, pa), ratio(b.Cover40P, pb))
	put(h)
	pair(ratio(a.Cover60P, pa), ratio(b.Cover60P, pb))
	pair(ratio(a.Cover80P, pa), ratio(b.Cover80P, pb))
	pair(a.CoverSum/float64(a.Tokens+4), b.CoverSum/float64(b.Tokens+4))

	common := func(k sketch.Kind) float64 {
		// Half a token of prior: nothing to compare speaks neither way.
		return (float64(a.Common[k]) + .5) / (float64(min(a.Kinds[k], b.Kinds[k])) + 1)
	}
	put(common(sketch.Name))
	put(common(sketch.Number))
	put(common(sketch.Word))
	put(common(sketch.Date))
	put((float64(st.Short) + .5) / float64(st.ShortMin+1))
	cos := func(k sketch.Kind) float64 {
		return float64(min(a.Common[k], b.Common[k])) / (math.Sqrt(float64(a.Kinds[k])*float64(b.Kinds[k])) + 1)
	}
	put(cos(sketch.Word))
	put(cos(sketch.Name))
	put((float64(st.Head) + .25) / float64(st.HeadMin+1))
	put((float64(a.HeadBody+b.HeadBody) + .5) / float64(a.Head+b.Head+1))
	put(max(a.LeadBody, b.LeadBody))
	put((st.Order - .5) * min(1, float64(st.Ordered)/6))
	put(ratio(st.Conflicts, st.Conflicts+st.Agree+2))
	put(ratio(st.NumConflicts, st.NumConflicts+st.NumAgree+1))
	put(math.Log(float64(min(a.Tokens, b.Tokens) + 4)))
	put(math.Log(float64(max(a.Tokens, b.Tokens)+4) / float64(min(a.Tokens, b.Tokens)+4)))
	put(ratio(a.Edge+b.Edge, a.Run3+b.Run3+6))
	put(math.Log(float64(st.Longest + 1)))
	put(math.Log(float64(min(a.Run5P, b.Run5P) + 4)))
	chain := func(n, c int) float64 {
		x := math.Sqrt(float64(n))
		return (float64(c) - 2*x) / (float64(n) + 4) // 2 sqrt(n) is what a random order gives
	}
	put(chain(st.Unique, st.Chain))
	put(chain(st.TermUnique, st.TermChain))
	put(float64(st.Chain) / float64(min(a.Tokens, b.Tokens)+4))
	put(float64(st.TermChain) / float64(min(a.Kinds[1]+a.Kinds[2], b.Kinds[1]+b.Kinds[2])+2))
	put(float64(min(a.Common[1]+a.Common[2], b.Common[1]+b.Common[2])+st.Short) / float64(min(a.Kinds[1]+a.Kinds[2], b.Kinds[1]+b.Kinds[2])+st.ShortMin+2))
	pair(math.Sqrt(ratio(a.RunW3P, pa)), math.Sqrt(ratio(b.RunW3P, pb)))
	pair(math.Sqrt(ratio(a.RunW5P, pa)), math.Sqrt(ratio(b.RunW5P, pb)))
	pair(math.Sqrt(ratio(a.Pass8P, pa)), math.Sqrt(ratio(b.Pass8P, pb)))
	pair(math.Sqrt(ratio(a.Pass14P, pa)), math.Sqrt(ratio(b.Pass14P, pb)))
	put(math.Log(float64(min(a.Pass14P, b.Pass14P) + 8)))
	put(math.Log(float64(min(a.RunW5P, b.RunW5P) + 8)))
	_, lo := hilo(ratio(a.Run3, a.Tokens+4), ratio(b.Run3, b.Tokens+4))
	diff := func(k sketch.Kind) float64 {
		n := min(a.Kinds[k], b.Kinds[k])
		return float64(n-min(a.Common[k], b.Common[k])) / float64(n+1)
	}
	put(lo * diff(sketch.Number))
	put(lo * diff(sketch.Name))
	put(diff(sketch.Date))
	put(diff(sketch.Number))
	put(diff(sketch.Name))
	put(float64(max(a.LeadCommon, b.LeadCommon)) / float64(min(a.Lead, b.Lead)+4))
	put(float64(max(a.LeadTermsCommon, b.LeadTermsCommon)) / float64(min(a.LeadTerms, b.LeadTerms)+2))
	pair((float64(a.HeadLead)+.5)/float64(a.Head+1), (float64(b.HeadLead)+.5)/float64(b.Head+1))
	pair(ratio(a.TopicCommon, a.Topic+2), ratio(b.TopicCommon, b.Topic+2))
	put(math.Log(float64(min(a.Common[1]+a.Common[2], b.Common[1]+b.Common[2]) + st.Short + 3)))
	put(math.Log(float64(st.Chain + 4)))
	put(math.Log(float64(min(a.Run3, b.Run3) + 8)))
	put(float64(st.Unique) / float64(min(len1(a), len1(b))+8))
	put(math.Log(float64(st.Unique + 4)))
	put(math.Sqrt(ratio(min(a.Run3-a.Run3P, b.Run3-b.Run3P), min(a.Tokens, b.Tokens)+8)))
	put(math.Sqrt(max(ratio(a.Common[0], a.Kinds[0]+8), ratio(a.Common[0], b.Kinds[0]+8))))
	quotes := func(s *align.Side) float64 {
		return float64(s.Run3-s.Run3P+1) / float64(s.Tokens-s.Prose+4)
	}
	pair(quotes(a), quotes(b))
	clash := 0.0
	if n := min(a.Kinds[sketch.Date], b.Kinds[sketch.Date]); n >= 2 && a.Common[sketch.Date] == 0 {
		clash = math.Log(float64(n))
	}
	put(clash)
	put(1 - ratio(a.Run3P+b.Run3P, a.Run3+b.Run3+4))
}

func len1(s *align.Side) int { return s.Kinds[0] + s.Kinds[1] + s.Kinds[2] + s.Kinds[3] }
