// Package align measures how two sketches overlap: common runs of tokens and
// passages, common sentences, names and numbers in common and in conflict.
package align

import (
	"math/bits"

	"github.com/newsdedup/newsdedup/internal/sketch"
)

const (
	minRun      = 3    // tokens of the shortest run
	maxPassages = 8    // passages reported
	maxGap      = 3    // tokens on either side between two runs of a passage
	lookBack    = 2    // latest passages that a run may continue
	leadTokens  = 64   // tokens that count as the beginning of a text
	minCovered  = 2    // tokens in common that make a segment covered
	maxTokens   = 4032 // of either text, the first ones, are compared; sketches that Build made have fewer than half of them
	maxHead     = 64   // of either title; sketches that Build made have no more
)

// A Run is a maximal stretch of equal tokens in which one of them at least
// stands for the first time on either side: what consists of repetitions alone
// is the vocabulary of the story. By all runs, parts are told a little worse:
// cross-validated by event on the labelled pairs of bench/calibrate, the loss of
// Partial is .1115 instead of .1102.
type Run struct{ A, B, Len uint32 } // first token on either side; length in tokens

// A Passage is a chain of runs with short gaps.
type Passage struct {
	A0, A1, B0, B1 uint32 // token ranges, half open
	Tokens         uint32 // tokens in common
	Quoted         uint32 // tokens of A's range in quoted segments
}

// Side is what one of the two texts has in common with the other. All counts
// are of tokens; a final P means outside quotations. A token is new where it
// stands for the first time in its text.
type Side struct {
	Tokens, Prose       int // all; outside quotations
	Distinct, DistinctP int // new ones; of Prose

	// Run3, Run3P and Run8P are in common runs of at least that many tokens.
	Run3, Run3P, Run8P int
	// RunW5P are in runs that hold five plain words: neither names nor numbers
	// on either side, which independent reports share as well.
	RunW5P int
	// Pass8P and Pass14P are in passages of that many common tokens.
	Pass8P, Pass14P int
	// Edge are those of Run3 that lie in the first or last tenth of the text.
	Edge int
	// Front and FrontP are those of Prose and of Run3P in the first third.
	Front, FrontP int

	// CoverSum counts for every segment of two new tokens or more those that
	// are new in the segment of the other side with which it has most so.
	// Cover60P and Cover80P count the new tokens of segments of which these are
	// two at least and that percentage.
	Cover60P, Cover80P, CoverSum int

	// Kinds counts distinct tokens by the kind that they have where they are
	// new, of common ones the stronger of both sides; Common counts these.
	Kinds, Common [4]int
	// HeadKnown counts title tokens found in the other side's body or title,
	// HeadLead those found in its beginning. HeadTerms counts the names, numbers
	// and dates of the title, HeadTermsCommon those of them that HeadKnown counts.
	Head, HeadKnown, HeadLead  int
	HeadTerms, HeadTermsCommon int
	// LeadTerms counts the new names, numbers and dates of the beginning,
	// LeadTermsCommon those that are new in the other side's beginning,
	// LeadTermsBody those that it has anywhere.
	LeadTerms, LeadTermsCommon, LeadTermsBody int
}

// Stats is the comparison of two sketches.
type Stats struct {
	A, B Side

	Longest  int // tokens of the longest run
	Shingles int // three-token shingles in common, counted by runs

	// Conflicts counts the names, numbers and dates in the gaps between two runs
	// of a passage, each of the side that has fewer.
	Conflicts int

	// Order is the share of the passages that stand behind the one before on
	// both sides; 1 for a single one.
	Order float64

	// Common counts the distinct tokens in common, Chain the longest chain of
	// them that are new in the same order.
	Common, Chain int

	Short, ShortMin int // short names in common; of the side that has fewer
	Head, HeadMin   int // title tokens in common; of the shorter title
}

// Aligner holds scratch space, some 350 KB; the zero value is ready. It is not
// safe for concurrent use.
//
// One of the two texts, X, is indexed; the other one, Y, is gone through. Which
// of them is A and which is B makes no difference to what is found.
//
// Sets of tokens are sets of bits, 8 KB each, so that what is looked up for
// every token stays in the nearest cache. They tell where tokens are new and
// which are in common; all that follows is for the new ones in common, which
// are few, or for 64 positions at a time. Where tokens are gone through, numbers
// are reckoned with instead of compared: few branches depend on the tokens,
// which cannot be foretold.
type Aligner struct {
	x, y    side
	flipped bool // X is B

	places [1 << 16]uint16       // of the tokens of X: where they are new; of others anything
	common positions             // of Y: tokens that X has too
	inX    positions             // of X: where those are new
	pairs  [maxPlaces]pair       // of the distinct tokens in common, in the order of Y
	both   int                   // their number
	seeds  [maxPlaces]pair       // those of pairs that seem to be in a run
	ends   [2 * maxPlaces]uint16 // see findRuns; none between two calls
	titles tokens                // none between two calls

	latest [maxPlaces]uint32 // see vote
	tops   positions         // see Chain

	shingles shingles
	runs     []Run
	pass     []Passage
	out      []Passage
	stats    Stats
}

const maxPlaces = 1 << 12

// A pair is where a token is new in X and in Y.
type pair struct{ x, y uint16 }

// positions is a set of positions.
type positions [maxPlaces / 64]uint64

// Align compares a and b, which must be of one level. The result is valid
// until the next call. Of texts of more than 4032 tokens, and titles of more
// than 64, the first of them are compared.
//
// Align(b, a) gives the same with A and B exchanged, but for what depends on the
// order of B: passages and what counts them (Pass8P, Pass14P, Conflicts,
// Order), and Head where a title repeats a token.
func (al *Aligner) Align(a, b *sketch.View) *Stats {
	al.Index(a)
	return al.With(b, false)
}

// Index makes v the text that With and Meet compare others with. It must not
// change until the last of them.
func (al *Aligner) Index(v *sketch.View) {
	al.index(v)
}

// With compares the indexed text with v, which must be of its level: as A with
// B, or, if flipped, as B with A. The result is that of Align and valid until
// the next call.
func (al *Aligner) With(v *sketch.View, flipped bool) *Stats {
	al.Meet(v, flipped)
	al.Cover()
	al.Chain()
	return &al.stats
}

// Meet is With without Cover60P, Cover80P, CoverSum and Chain, for which there
// are Cover and Chain.
func (al *Aligner) Meet(v *sketch.View, flipped bool) *Stats {
	x, y := &al.x, &al.y
	al.flipped = flipped
	al.stats = Stats{}
	y.layOut(v)
	al.scan()
	al.pairUp()
	al.tally()
	al.findRuns()
	a, b := x, y
	if flipped {
		a, b = b, a
	}
	al.chainRuns(a, b)
	a.count(&al.stats.A)
	b.count(&al.stats.B)
	return &al.stats
}

// sides returns the results for X and Y.
func (al *Aligner) sides() (x, y *Side) {
	if al.flipped {
		return &al.stats.B, &al.stats.A
	}
	return &al.stats.A, &al.stats.B
}

// What positions in common are part of.
const (
	run3 = iota
	run8
	words5
	pass8
	pass14
)

// count counts the positions in common.
func (x *side) count(out *Side) {
	out.Tokens = x.n
	w := x.n>>6 + 1
	quoted, distinct, distinctP := 0, 0, 0
	for k, q := range x.quoted[:w] {
		c := &x.marks[k]
		quoted += bits.OnesCount64(q)
		distinct += bits.OnesCount64(x.new[k])
		distinctP += bits.OnesCount64(x.new[k] &^ q)
		if c[run3] == 0 && c[pass8] == 0 {
			continue
		}
		out.Run3 += bits.OnesCount64(c[run3])
		out.Run3P += bits.OnesCount64(c[run3] &^ q)
		out.Run8P += bits.OnesCount64(c[run8] &^ q)
		out.RunW5P += bits.OnesCount64(c[words5] &^ q)
		out.Pass8P += bits.OnesCount64(c[pass8] &^ q)
		out.Pass14P += bits.OnesCount64(c[pass14] &^ q)
	}
	out.Prose, out.Distinct, out.DistinctP = x.n-quoted, distinct, distinctP
	front := x.n / 3
	for k := range front>>6 + 1 {
		prose := ^x.quoted[k]
		if k == front>>6 {
			prose &= 1<<(front&63) - 1
		}
		out.Front += bits.OnesCount64(prose)
		out.FrontP += bits.OnesCount64(x.marks[k][run3] & prose)
	}
	// What is neither in the first tenth nor in the last is between.
	edge := x.n / 10
	if out.Edge = out.Run3; out.Run3 == 0 {
		return
	}
	for k := edge >> 6; k <= (x.n-edge)>>6; k++ {
		between := ^uint64(0)
		if k == edge>>6 {
			between <<= edge & 63
		}
		if k == (x.n-edge)>>6 {
			between &= 1<<((x.n-edge)&63) - 1
		}
		out.Edge -= bits.OnesCount64(x.marks[k][run3] & between)
	}
}
