package verdict

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/newsdedup/newsdedup/internal/align"
	"github.com/newsdedup/newsdedup/internal/sketch"
)

func TestModel(t *testing.T) {
	seen := map[string]bool{}
	for k, name := range Names {
		if name == "" || seen[name] {
			t.Errorf("feature %d has the name %q", k, name)
		}
		seen[name] = true
	}
	for i, r := range weights {
		used := 0
		for _, w := range r.w {
			if math.IsNaN(w) || math.IsInf(w, 0) {
				t.Errorf("regression %d has the weight %v", i, w)
			}
			if w != 0 {
				used++
			}
		}
		if used < 5 {
			t.Errorf("regression %d has %d features", i, used)
		}
	}
}

// random is a plausible comparison: what is common is no more than there is.
func random(rng *rand.Rand) *align.Stats {
	var st align.Stats
	for _, s := range []*align.Side{&st.A, &st.B} {
		s.Tokens = rng.IntN(400)
		s.Prose = s.Tokens - rng.IntN(s.Tokens/3+1)
		s.Run3P = rng.IntN(s.Prose + 1)
		s.Run3 = s.Run3P + rng.IntN(s.Tokens-s.Prose+1)
		s.Run8P = rng.IntN(s.Run3P + 1)
		s.RunW5P, s.Pass8P = rng.IntN(s.Run3P+1), rng.IntN(s.Prose+1)
		s.Pass14P = rng.IntN(s.Pass8P + 1)
		s.Cover60P = rng.IntN(s.Prose + 1)
		s.Cover80P = rng.IntN(s.Cover60P + 1)
		s.CoverSum = rng.Float64() * float64(s.Tokens)
		s.Sentences = rng.IntN(s.Prose/10 + 1)
		s.Edge = rng.IntN(s.Run3 + 1)
		for k := range s.Kinds {
			s.Kinds[k] = rng.IntN(40)
		}
		s.Head, s.HeadTerms, s.LeadTerms = rng.IntN(12), rng.IntN(9), rng.IntN(20)
		s.HeadTermsCommon, s.LeadTermsBody = rng.IntN(s.HeadTerms+1), rng.IntN(s.LeadTerms+1)
		s.LeadTermsCommon = rng.IntN(s.LeadTerms + 1)
	}
	for k := range st.A.Kinds {
		st.A.Common[k] = rng.IntN(min(st.A.Kinds[k], st.B.Kinds[k]) + 1)
	}
	st.B.Common = st.A.Common
	st.Unique = rng.IntN(80)
	st.Chain = rng.IntN(st.Unique + 1)
	st.Longest, st.Conflicts = rng.IntN(50), rng.IntN(5)
	return &st
}

// A comparison whose features can be worked out with pencil and paper: a longer
// text A, and a text B of 46 tokens. No two shares of the sides are the same, so
// that it shows which side a feature is of.
func TestFeaturesByHand(t *testing.T) {
	st := align.Stats{
		A: align.Side{
			Tokens: 96, Prose: 60, Run3: 36, Run3P: 16, Run8P: 4, RunW5P: 12, Pass8P: 36, Pass14P: 16,
			Cover60P: 48, Cover80P: 16, CoverSum: 50, Sentences: 2, Edge: 6, Front: 14, FrontP: 4,
			Head: 4, HeadLead: 1, HeadKnown: 2, HeadTerms: 2, HeadTermsCommon: 1,
			LeadTerms: 6, LeadTermsCommon: 2, LeadTermsBody: 3,
		},
		B: align.Side{
			Tokens: 46, Prose: 32, Run3: 32, Run3P: 25, Run8P: 1, RunW5P: 10, Pass8P: 16, Pass14P: 4,
			Cover60P: 18, Cover80P: 12, CoverSum: 20, Sentences: 1, Edge: 4, Front: 14, FrontP: 9,
			Head: 9, HeadLead: 4, HeadKnown: 5, HeadTerms: 4, HeadTermsCommon: 3,
			LeadTerms: 4, LeadTermsCommon: 1, LeadTermsBody: 1,
		},
		Head: 2, HeadMin: 4, Short: 1, ShortMin: 2, Longest: 7, Conflicts: 3, Unique: 16, Chain: 10,
	}
	for _, k := range []struct {
		kind         sketch.Kind
		a, b, common int
	}{{sketch.Name, 4, 9, 3}, {sketch.Number, 5, 4, 3}, {sketch.Date, 3, 2, 1}, {sketch.Word, 9, 16, 6}} {
		st.A.Kinds[k.kind], st.B.Kinds[k.kind] = k.a, k.b
		st.A.Common[k.kind], st.B.Common[k.kind] = k.common, k.common
	}
	want := map[int]float64{
		run3PHi: 5. / 6, run3PLo: .5, run8PHi: .25, run3Hi: .8, run3Lo: .6,
		cover60PHi: .75, cover60PLo: .5, cover80PHi: 1. / 3, cover80PLo: .25, coverSumLo: .4,
		numbers: .7, dates: .5, short: .5, namesCos: 3. / 7, wordsCos: 6. / 13,
		title: .45, conflict: 3. / 11, terms: 7. / 13, length: math.Log(50), edge: 10. / 74, longest: math.Log(8),
		chain: .1, chainShare: .2, chainLog: math.Log(14), uniqueLog: math.Log(20),
		pass8PLo: 2. / 3, pass14PLo: 1. / 3, pass14Log: math.Log(12), runW5Log: math.Log(18), run3Log: math.Log(40),
		frameNumbers: .36 * .2 * math.Log(204./50) / math.Log(204./44), table: .05 * math.Log(2),
		leadTerms: 1. / 3, headLeadHi: .45, leadTermsBody: .5, titleTermsHi: .7, titleTermsLo: .5, knownLo: .5,
		quotesRun: math.Sqrt(7. / 54), quotesLo: 4. / 9, frontHi: .75,
		sentencesLo: 1. / 3, coverBroken: 1. / 6, pass14Conflict: 1. / 11,
	}
	var v Vector
	Features(&v, &st)
	for k, name := range Names {
		if x, ok := want[k]; !ok || math.Abs(v[k]-x) > 1e-12 {
			t.Errorf("%s = %v, by hand %v", name, v[k], x)
		}
	}
}

// Whatever is compared, the features are finite and do not care which side is
// which, a stronger relation is never more likely than a weaker one, and the
// verdict's probability is that of its level.
func TestJudgeProperties(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	counts := [5]int{}
	for range 20000 {
		st := random(rng)
		var v, w Vector
		Features(&v, st)
		st.A, st.B = st.B, st.A
		Features(&w, st)
		if v != w {
			t.Fatalf("features depend on the order:\n%v\n%v", v, w)
		}
		for k, x := range v {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				t.Fatalf("%s is %v for %+v", Names[k], x, st)
			}
		}
		c := Chances(&v)
		for i := 1; i < len(c); i++ {
			if c[i] > c[i-1] || c[i] < 0 || c[i-1] > 1 {
				t.Fatalf("chances %v", c)
			}
		}
		r, p, quotes := Judge(&v)
		counts[r]++
		switch {
		case quotes:
			if r != rewrite || v[quotesLo] < sameQuotes {
				t.Fatalf("relation %d by quotations, of which %.2f are common", r, v[quotesLo])
			}
		case r == unrelated:
			if p != 1-c[0] || c[0] >= cutStory {
				t.Fatalf("unrelated at %v, chances %v", p, c)
			}
		default:
			if p != c[r-1] || p < [...]float64{cutStory, cutRewrite, cutPartial, cutNear}[r-1] {
				t.Fatalf("relation %d at %v, chances %v", r, p, c)
			}
		}
	}
	for r, n := range counts {
		if n == 0 {
			t.Errorf("relation %d never came up: the test does not reach it", r)
		}
	}
}

// The shorter a text, the surer what it shares has to be: of sixty content
// tokens Partial takes .9, of eighty nothing is a paraphrase, and is told as the
// same story. Lengths have four tokens added.
func TestShortTexts(t *testing.T) {
	for _, tc := range []struct {
		tokens  int
		chances [4]float64
		want    int
	}{
		{60, [4]float64{.99, .98, .89, 0}, sameStory},
		{60, [4]float64{.99, .98, .9, 0}, partial},
		{60, [4]float64{.99, .98, .9, .8}, near},
		{61, [4]float64{.99, .98, .6, 0}, partial},
		{80, [4]float64{.99, .98, .4, 0}, sameStory},
		{81, [4]float64{.99, .98, .4, 0}, rewrite},
	} {
		var v Vector
		v[length] = math.Log(float64(tc.tokens + 4))
		if got, _, _ := Decide(&v, tc.chances); got != tc.want {
			t.Errorf("%d tokens, chances %v: %d, want %d", tc.tokens, tc.chances, got, tc.want)
		}
	}
}

// Nothing in common, and too little of anything, is Unrelated whatever the
// regressions would say outside of what they were trained on.
func TestTooLittleText(t *testing.T) {
	for _, st := range []*align.Stats{
		{},
		{A: align.Side{Tokens: 1, Prose: 1, Kinds: [4]int{1}}, B: align.Side{Tokens: 1, Prose: 1, Kinds: [4]int{1}}},
		{A: align.Side{Tokens: 900, Prose: 900, Kinds: [4]int{500}}, B: align.Side{Tokens: 2, Prose: 2, Kinds: [4]int{2}}},
	} {
		var v Vector
		Features(&v, st)
		if r, p, _ := Judge(&v); r != unrelated || p != 1 {
			t.Errorf("%+v is relation %d at %v", st.A, r, p)
		}
	}
}

// A copy that lost its end is Near, the same words in another frame are not:
// the counts are those of a 300-token article cut to 270, and of two notices of
// 40 tokens that differ in all ten names and numbers.
func TestByHand(t *testing.T) {
	side := func(n, common int) align.Side {
		return align.Side{
			Tokens: n, Prose: n, Run3: common, Run3P: common, Run8P: common, RunW5P: common,
			Pass8P: common, Pass14P: common, Edge: common / 8, Cover60P: common, Cover80P: common, CoverSum: float64(common), Sentences: common / 15,
			Kinds: [4]int{n / 2, n / 5, n / 20, 3}, Common: [4]int{common / 2, common / 5, common / 20, 3},
			LeadTerms: 12, LeadTermsCommon: 12, LeadTermsBody: 12,
		}
	}
	copied := &align.Stats{A: side(300, 270), B: side(270, 270), Longest: 270, Unique: 120, Chain: 120, Order: 1}
	var v Vector
	Features(&v, copied)
	if r, p, _ := Judge(&v); r != near {
		t.Errorf("a trimmed copy is relation %d at %v", r, p)
	}
	notice := align.Side{
		Tokens: 40, Prose: 40, Run3: 12, Run3P: 12, CoverSum: 30, Cover60P: 40,
		Kinds: [4]int{26, 5, 5, 0}, Common: [4]int{26, 0, 0, 0}, LeadTerms: 10,
	}
	template := &align.Stats{A: notice, B: notice, Longest: 4, Conflicts: 10, Unique: 24, Chain: 24}
	Features(&v, template)
	if r, p, _ := Judge(&v); r > sameStory {
		t.Errorf("a template is relation %d at %v", r, p)
	}
}

// The chances of the four relations by hand, from what the regressions give: .5
// for SameStory, .5 for Rewrite, .8 for Partial, .8 for Near. Lengths have four
// tokens added.
func TestCombine(t *testing.T) {
	for _, c := range []struct {
		name                         string
		tokens                       int
		run3Hi, run3Lo, chainedShare float64
		want                         [4]float64 // SameStory, Rewrite, Partial, Near
	}{
		{"each of what the one above leaves", 300, .9, .9, .5, [4]float64{.95, .9, .8, .64}},
		{"no run in common", 300, 0, 0, .5, [4]float64{.75, .5, 0, 0}},
		{"too little of twenty tokens", 20, .74, .74, .5, [4]float64{.75, .5, 0, 0}},
		{"enough of them", 20, .75, .75, .5, [4]float64{.95, .9, .8, .64}},
		{"as little of 21", 21, .74, .74, .5, [4]float64{.95, .9, .8, .64}},
		{"no order of words in twenty tokens", 20, .9, .9, 0, [4]float64{.8, .8, .8, .64}},
		{"nor in 21", 21, .9, .9, 0, [4]float64{.95, .9, .8, .64}},
		{"less than .45 of the other text", 300, .9, .67, .5, [4]float64{.95, .9, .8, 0}},
		{"more than .45 of it", 300, .9, .68, .5, [4]float64{.95, .9, .8, .64}},
	} {
		var v Vector
		v[length] = math.Log(float64(c.tokens + 4))
		v[run3Hi], v[run3Lo], v[chainShare] = c.run3Hi, c.run3Lo, c.chainedShare
		for i, got := range Combine(&v, [4]float64{.5, .5, .8, .8}) {
			if math.Abs(got-c.want[i]) > 1e-12 {
				t.Errorf("%s: chance %d is %v, want %v", c.name, i, got, c.want[i])
			}
		}
	}
}

// What reaches a threshold is of its relation; quotations in common make a Rewrite
// of the same story, and of nothing less.
func TestDecideAtThresholds(t *testing.T) {
	under := func(x float64) float64 { return math.Nextafter(x, 0) }
	for _, c := range []struct {
		chances  [4]float64
		quotes   float64
		relation int
		p        float64
		quoted   bool
	}{
		{[4]float64{1, 1, cutPartial, cutNear}, 0, near, cutNear, false},
		{[4]float64{1, 1, cutPartial, under(cutNear)}, 0, partial, cutPartial, false},
		{[4]float64{1, cutRewrite, under(cutPartial), cutNear}, 0, rewrite, cutRewrite, false},
		{[4]float64{cutStory, under(cutRewrite), 0, 0}, 0, sameStory, cutStory, false},
		{[4]float64{cutStory, 0, 0, 0}, sameQuotes, rewrite, .5, true},
		{[4]float64{cutStory, 0, 0, 0}, under(sameQuotes), sameStory, cutStory, false},
		{[4]float64{under(cutStory), 0, 0, 0}, 1, unrelated, 1 - under(cutStory), false},
	} {
		var v Vector
		v[length], v[quotesLo] = math.Log(300), c.quotes
		if relation, p, quoted := Decide(&v, c.chances); relation != c.relation || p != c.p || quoted != c.quoted {
			t.Errorf("%v, quotes %v: relation %d at %v, %v; want %d at %v, %v", c.chances, c.quotes, relation, p, quoted, c.relation, c.p, c.quoted)
		}
	}
}

// Equal texts are one article, but for stubs of twenty words under titles of which
// less than half is common.
func TestEqual(t *testing.T) {
	for _, c := range []struct {
		words        uint32
		common, head int // content tokens of the titles
		relation     int
		p            float64
	}{
		{20, 1, 3, unrelated, .99}, {20, 1, 2, exact, 1}, {20, 0, 0, exact, 1}, {21, 0, 3, exact, 1},
	} {
		if relation, p := Equal(c.words, &align.Stats{Head: c.common, HeadMin: c.head}); relation != c.relation || p != c.p {
			t.Errorf("%d words, %d of %d of the title: relation %d at %v, want %d at %v", c.words, c.common, c.head, relation, p, c.relation, c.p)
		}
	}
}

// Two notices of forty tokens need more to be Partial than an article of four
// hundred of which the same is common, and they are no Rewrite for having fallen
// short.
func TestBriefs(t *testing.T) {
	var v Vector
	v[run3Hi], v[run3Lo], v[chainShare] = .9, .9, .5
	between := (cutPartial + cutBrief) / 2
	c := [4]float64{.99, between + .01, between, 0}
	for tokens, want := range map[int]int{400: partial, 61: partial, 60: sameStory, 40: sameStory} {
		v[length] = math.Log(float64(tokens + 4))
		if r, _, _ := Decide(&v, c); r != want {
			t.Errorf("of %d tokens: relation %d, want %d", tokens, r, want)
		}
	}
	v[length] = math.Log(44)
	if r, p, _ := Decide(&v, [4]float64{1, .99, cutBrief, 0}); r != partial || p != cutBrief {
		t.Errorf("a notice of enough is relation %d at %v", r, p)
	}
}
