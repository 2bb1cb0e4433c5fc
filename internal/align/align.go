// Package align measures how two sketches overlap: common runs of tokens and
// passages, common sentences, names and numbers in common and in conflict.
package align

import (
	"math/bits"

	"github.com/newsdedup/newsdedup/internal/sketch"
)

const (
	minRun      = 3    // tokens of the shortest run
	maxRuns     = 16   // tokens of all runs together, over the tokens of both texts: in wire2025 at most .7
	maxSegments = 512  // segments of either side that take part in sentence cover
	maxPassages = 8    // passages reported
	maxGap      = 3    // tokens on either side between two runs of a passage
	lookBack    = 16   // latest passages that a run may continue
	leadTokens  = 40   // tokens that count as the beginning of a text
	minCovered  = 3    // common tokens that make a segment covered
	minSentence = 10   // tokens of a segment that counts as a sentence
	maxVotes    = 63   // common tokens of two segments that count
	maxSteps    = 256  // shingles of one hash that are looked at, over the tokens of longer texts
	maxTokens   = 4032 // of either text, the first ones, are compared; sketches that Build made have fewer than half of them
	maxHead     = 64   // of either title; sketches that Build made have no more
)

// A Run is a maximal stretch of equal tokens.
type Run struct{ A, B, Len uint32 } // first token on either side; length in tokens

// A Passage is a chain of runs with short gaps.
type Passage struct {
	A0, A1, B0, B1 uint32 // token ranges, half open
	Tokens         uint32 // tokens in common
	Quoted         uint32 // tokens of A's range in quoted segments

	SegsA, SegsB [2]uint32 // the segments of the first and the last token
}

// Side is what one of the two texts has in common with the other. All counts
// are of tokens; a final P means outside quotations.
type Side struct {
	Tokens, Prose int // all; outside quotations

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

	// CoverSum counts for every segment of two tokens or more those that it has
	// in common with the segment of the other side with which it has most, all
	// of them at most. One that either has twice, or more often, counts twice
	// there. Cover60P and Cover80P are the tokens of segments of which that is
	// three at least and that percentage.
	Cover60P, Cover80P int
	CoverSum           float64
	// Sentences counts the segments outside quotations of ten tokens or more of
	// which that is 70 %.
	Sentences int

	// Kinds counts distinct tokens by kind, the strongest that either side
	// gives them, Common those of them that the other side has.
	Kinds, Common [4]int
	// HeadKnown counts title tokens found in the other side's body or title,
	// HeadLead those found in its beginning. HeadTerms counts the names, numbers
	// and dates of the title, HeadTermsCommon those of them that HeadKnown counts.
	Head, HeadKnown, HeadLead  int
	HeadTerms, HeadTermsCommon int
	// LeadTerms counts the names, numbers and dates of the beginning,
	// LeadTermsCommon those that the other side has in its beginning,
	// LeadTermsBody those that it has anywhere.
	LeadTerms, LeadTermsCommon, LeadTermsBody int
}

// Stats is the comparison of two sketches.
type Stats struct {
	A, B Side

	Longest  int // tokens of the longest run
	Shingles int // three-token shingles in common, counted by runs

	// Conflicts counts the names, numbers and dates in the gaps between two runs
	// of a passage, each of the side that has fewer. Those that stand in a run of
	// eight or more with another place of the other text do not count: the entries
	// of a list, which are alike but for them. (In any run, Clusters of wire2025 have
	// a cross-validated recall of .883 instead of .937.)
	Conflicts int

	// Order is the share of the passages that stand behind the one before on
	// both sides; 1 for a single one.
	Order float64

	// Unique counts the tokens that stand exactly once on either side, Chain
	// the longest chain of them in the same order.
	Unique, Chain int

	Short, ShortMin int // short names in common; of the side that has fewer
	Head, HeadMin   int // title tokens in common; of the shorter title
}

// Aligner holds scratch space, some 300 KB, and up to 2 MB more once there was a
// text of many segments; the zero value is ready. It is not safe for concurrent
// use.
//
// One of the two texts, X, is indexed; the other one, Y, is gone through. Which
// of them is A and which is B makes no difference to what is found.
//
// The distinct tokens of X have numbers, from 1 on, by which small arrays tell
// what is known of them on either side; 0 stands for any other token. Where
// tokens are gone through, arrays have fixed sizes, and numbers are reckoned with
// instead of compared: so little is checked or spilled, and few branches depend
// on the tokens, which cannot be foretold.
type Aligner struct {
	x       indexed
	y       scanned
	indexed *sketch.View // what Index was told
	flipped bool         // X is B

	// has are the tokens of X, and numbers has the number of each. From Meet to the
	// next of Meet or Index own are tokens that only Y has, and numbers has their
	// strongest kinds. Of other tokens numbers tells nothing.
	has     sketch.Set
	own     sketch.Set
	numbers [1 << 16]uint16

	rows   [maxSegments / lanes][]row // by lanes segments of X, of every token of X
	thirds []third                    // of Y
	times  [maxIDs]uint16             // of every token in the latest segment of Y: 2k+1 if it stands once in segment k, 2k+2 if more often
	begins positions                  // where runs may begin in Y
	unique [maxPlaces]uint16          // places in Y of the tokens that stand once on either side, in the order of X
	order  [maxPlaces]uint16          // how many of these are less
	ranks  positions                  // the same as a set
	sums   [len(positions{})]uint16
	tops   positions

	shingles shingles
	runs     []Run
	gaps     []gap
	keys     []uint64
	pass     []Passage
	out      []Passage
	stats    Stats
}

// positions is a set of positions.
type positions [maxWords]uint64

const (
	maxPlaces = 1 << 12 // more than the positions of either text
	maxWords  = maxPlaces / 64
	maxIDs    = 2 * maxPlaces // more than the numbers of tokens, which are maxPlaces at most
)

// What positions in common are part of.
const (
	run3 = iota
	words5
	run8
	pass8
	pass14
	numMarks = 6 // one is not used
)

// Align compares a and b, which must be of one level. The result is valid
// until the next call. Of texts of more than 4032 tokens, and titles of more
// than 64, the first of them are compared.
//
// Align(b, a) gives the same with A and B exchanged, but for what depends on
// which of several equal partners comes first or on one side alone: passages
// and what counts them (Pass8P, Pass14P, Conflicts, Order), and Head where a
// title repeats a token. If the runs of hostile texts exceed their bound, so
// does all that counts runs.
func (al *Aligner) Align(a, b *sketch.View) *Stats {
	al.Index(a)
	return al.With(b, false)
}

// Index makes v the text that With and Meet compare others with. It must not
// change until the last of them.
func (al *Aligner) Index(v *sketch.View) {
	al.indexed = v
	al.index(v)
}

// With compares the indexed text with v, which must be of its level: as A with
// B, or, if flipped, as B with A. The result is that of Align and valid until
// the next call.
func (al *Aligner) With(v *sketch.View, flipped bool) *Stats {
	al.Meet(v, flipped)
	al.Cover()
	al.Chain()
	al.Words()
	return &al.stats
}

// Meet is With without what takes the most time, for which there are Cover,
// Chain and Words: without CoverSum, Cover60P, Cover80P and Sentences; Chain; and
// the distinct words, Kinds[sketch.Word].
func (al *Aligner) Meet(v *sketch.View, flipped bool) *Stats {
	if al.x.View != al.indexed {
		al.index(al.indexed)
	}
	return al.meet(v, flipped)
}

func (al *Aligner) meet(v *sketch.View, flipped bool) *Stats {
	x, y := &al.x, &al.y
	al.flipped = flipped
	al.stats = Stats{}
	y.layOut(v)
	al.lower()
	w := y.n>>6 + 1
	al.has.Find(y.common[:w], y.Tokens[:2*y.n])
	if w < len(y.common) {
		y.common[w] = 0
	}
	al.enter()
	al.compareHeads()
	al.lift()
	if full := al.findRuns(); !full && flipped {
		// Which runs are the first is told from A.
		x := al.x.View
		al.index(v)
		return al.meet(x, false)
	}
	al.tally()
	a, b := &x.side, &y.side
	if flipped {
		a, b = b, a
	}
	al.chainRuns(a, b)
	a.count(&al.stats.A)
	b.count(&al.stats.B)
	return &al.stats
}

// Most bounds CoverSum of A and B of the latest comparison before Cover tells
// it: it is no more than twice the tokens that the other side has too.
func (al *Aligner) Most() (a, b int) {
	x, y := &al.x, &al.y
	a = x.n - (x.distinct - y.both) // a token that only X has stands there once at least
	for _, set := range y.common[:y.n>>6+1] {
		b += bits.OnesCount64(set)
	}
	if al.flipped {
		a, b = b, a
	}
	return 2 * a, 2 * b
}

// sides returns the results for X and Y.
func (al *Aligner) sides() (x, y *Side) {
	if al.flipped {
		return &al.stats.B, &al.stats.A
	}
	return &al.stats.A, &al.stats.B
}

// count counts the positions in common.
func (x *side) count(out *Side) {
	out.Tokens = x.n
	w := x.n>>6 + 1
	quoted := 0
	for k, q := range x.quoted[:w] {
		c := &x.marks[k]
		quoted += bits.OnesCount64(q)
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
	out.Prose = x.n - quoted
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
