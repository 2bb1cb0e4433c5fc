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
	maxVotes    = 63   // common tokens of two segments that count
	maxSteps    = 256  // shingles of one hash that are looked at, over the tokens of longer texts
	maxTokens   = 4096 // of either text, the first ones, are compared; sketches that Build made have fewer than half of them
)

// A Run is a maximal stretch of equal tokens.
type Run struct{ A, B, Len uint32 } // first token on either side; length in tokens

// A Passage is a chain of runs with short gaps.
type Passage struct {
	A0, A1, B0, B1 uint32 // token ranges, half open
	Tokens         uint32 // tokens in common
	Quoted         uint32 // tokens of A's range in quoted segments
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
	// of a passage, each of the side that has fewer.
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

// Aligner holds scratch space, some 500 KB; the zero value is ready. It is not
// safe for concurrent use.
//
// One of the two texts, X, is indexed; the other one, Y, is gone through. Which
// of them is A and which is B makes no difference to what is found.
//
// Tokens of Y that X has not are looked at once, in a set of bits that stays in
// the first cache; all that follows is for those in common. Where tokens are
// gone through, arrays have fixed sizes, and numbers are reckoned with instead
// of compared: so little is checked or spilled, and few branches depend on the
// tokens, which cannot be foretold.
type Aligner struct {
	x       indexed
	y       scanned
	indexed *sketch.View // what Index was told
	flipped bool         // X is B

	entryOf [1 << 16]uint16 // entries of the tokens that X has in its text or title, and member; 0 for all others

	masks  [maxSegments / 64]*[maxTokens]pairOfMasks // of every entry of X, by 64 segments
	masked bool                                      // masks are those of X
	tags   [maxTokens]uint16                         // of every entry of X: its latest segment in Y times two, plus one if it stands there twice
	votes  [4 * maxTokens]uint64                     // of one segment of Y: for which of 64 segments of X

	states [1 << 16]uint8 // of every token that X has not; all zero between calls

	most   [2]int                // CoverSum is no more, by side: X, Y
	begins positions             // where runs may begin in Y
	unique [maxTokens + 1]uint16 // positions in X of the tokens that stand once on either side, in the order of Y
	ranks  positions             // of those of X
	sums   [len(positions{})]uint16
	tops   positions

	shingles shingles
	runs     []Run
	pass     []Passage
	out      []Passage
	stats    Stats
}

// pairOfMasks are the segments in which a token stands, and those where it
// stands more than once.
type pairOfMasks struct{ once, twice uint64 }

// positions is a set of positions.
type positions [maxTokens/64 + 1]uint64

const (
	maxHead    = maxTokens // tokens of a title that are compared; sketches that Build made have 64 at most
	maxEntries = 2 * maxTokens
	member     = 1 << 15
	topBits    = 12
)

// What positions in common are part of.
const (
	run3 = iota
	run8
	words5
	pass8
	pass14
)

// Align compares a and b, which must be of one level. The result is valid
// until the next call. Of texts and titles of more than 4096 tokens the first
// of them are compared.
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

func (al *Aligner) index(v *sketch.View) {
	x := &al.x
	for _, t := range x.tokens[:x.n] {
		al.entryOf[t] = 0
	}
	for i := range x.heads {
		al.entryOf[x.headTokens[i]] = 0
	}
	x.layOut(v)
	entryOf := &al.entryOf
	tokens, ids := x.tokens[:x.n], x.ids[:x.n]
	b := v.Tokens
	i := 0
	for ; i+4 <= len(tokens) && len(b) >= 8; i += 4 {
		t := word(b)
		b = b[8:]
		d := tokens[i : i+4 : i+4]
		d[0], d[1], d[2], d[3] = uint16(t), uint16(t>>16), uint16(t>>32), uint16(t>>48)
	}
	for ; i < len(tokens); i++ {
		tokens[i] = v.Token(i)
	}
	n := uint16(0)
	for i, t := range tokens {
		e := entryOf[t]
		known := e / member
		id := n ^ (n^e)&-known&^member
		entryOf[t] = id | member
		ids[i] = id
		n += 1 - known
	}
	x.distinct = int(n)
	x.occur()
	x.shingles()
	x.own()

	x.heads = min(len(v.Head)/2, maxHead)
	for i := range x.heads {
		t := uint16(v.Head[2*i]) | uint16(v.Head[2*i+1])<<8
		if entryOf[t] == 0 {
			entryOf[t] = n | member
			x.states[n%maxEntries] = 0
			n++
		}
		id := entryOf[t] &^ member
		x.head[i], x.headTokens[i] = id, t
		x.states[id%maxEntries] |= inHead
	}
	x.entries = int(n)
	al.masked = false
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
// Chain and Words: without CoverSum, Cover60P and Cover80P; Chain; and the
// distinct words, Kinds[sketch.Word].
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
	al.scan()
	al.enter()
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
	al.compareLeads()
	al.compareHeads()
	a.count(&al.stats.A)
	b.count(&al.stats.B)
	return &al.stats
}

// Most bounds CoverSum of A and B of the latest comparison before Cover tells
// it: it is no more.
func (al *Aligner) Most() (a, b int) {
	if al.flipped {
		return al.most[1], al.most[0]
	}
	return al.most[0], al.most[1]
}

// sides returns the results for X and Y.
func (al *Aligner) sides() (x, y *Side) {
	if al.flipped {
		return &al.stats.B, &al.stats.A
	}
	return &al.stats.A, &al.stats.B
}

// scan reads the tokens of Y and finds those that X has in its text or title.
func (al *Aligner) scan() {
	y, entryOf := &al.y, &al.entryOf
	b := y.Tokens
	k := 0
	for ; k<<6+64 <= y.n && len(b) >= 128; k++ {
		tokens, set := y.tokens[k<<6:][:64], uint64(0)
		for i := 0; i < 64; i += 4 {
			t := word(b[2*i : 2*i+8])
			d := tokens[i : i+4 : i+4]
			d[0], d[1], d[2], d[3] = uint16(t), uint16(t>>16), uint16(t>>32), uint16(t>>48)
			in := entryOf[uint16(t)]/member | entryOf[uint16(t>>16)]/member<<1 | entryOf[uint16(t>>32)]/member<<2 | entryOf[t>>48]/member<<3
			set = set>>4 | uint64(in)<<60
		}
		b = b[128:]
		y.common[k] = set
	}
	set := uint64(0)
	for i := range y.n - k<<6 {
		t := uint16(b[2*i]) | uint16(b[2*i+1])<<8
		y.tokens[k<<6+i] = t
		set |= uint64(entryOf[t]/member) << (i & 63)
	}
	y.common[k] = set
}

// enter gives the common tokens their entries, and notes what is known of them
// in Y.
func (al *Aligner) enter() {
	x, y := &al.x, &al.y
	clear(y.states[:x.entries])
	m, both, distinct := uint(0), uint(0), uint16(x.distinct)
	w := y.n>>6 + 1
	for k := range w {
		y.before[k] = uint16(m)
		tokens, kinds := y.tokens[k<<6:][:64], y.kindOf[k<<6:][:64]
		for set := y.common[k]; set != 0; set &= set - 1 {
			i := bits.TrailingZeros64(set) & 63
			id := al.entryOf[tokens[i]] % maxEntries
			if id >= distinct {
				al.untitle(k, i, id)
				continue
			}
			s := y.states[id]
			y.states[id] = after[(s|kinds[i]<<4)%64]
			y.ids[m%maxTokens] = id
			m++
			y.firsts[both%maxTokens] = id
			both += uint(s/present) ^ 1
		}
	}
	if w < len(y.common) {
		y.common[w] = 0
	}
	y.m, y.both = int(m), int(both)
}

// untitle notes that a token that X has in its title alone stands at position i
// of 64.
func (al *Aligner) untitle(k, i int, id uint16) {
	y := &al.y
	y.common[k] &^= 1 << i
	y.states[id] |= present
	if k == 0 && i < leadTokens {
		y.states[id] |= lead
	}
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

// bothTally is what a common token counts for by its state in X and, in the
// bits above, in Y. In bytes from the lowest: four of the stronger kind, four of
// that in X; tokens that stand once in both, once in X.
var bothTally = func() (t [64][2]uint64) {
	for s := range t {
		x, y := s%8, s/8
		t[s][0] = 1<<(8*max(x&kindBits, y&kindBits)) | 1<<(8*(x&kindBits)+32)
		t[s][1] = uint64((x|y)/more^1) | uint64(x/more^1)<<8
	}
	return t
}()

// tally counts distinct tokens, and short names.
func (al *Aligner) tally() {
	x, y, st := &al.x, &al.y, &al.stats
	sx, sy := al.sides()
	sx.Kinds = x.kindsOwn
	al.ownKinds(sy)
	// What either side has more than once may count twice for the other.
	mostX, mostY := 0, 2*y.m
	for firsts := y.firsts[:y.both]; len(firsts) > 0; {
		n := min(len(firsts), 255)
		var lo, hi uint64
		for _, id := range firsts[:n] {
			id %= maxTokens
			s := x.states[id]&7 | y.states[id]&7<<3
			t := &bothTally[s]
			lo += t[0]
			hi += t[1]
			mostX += int(x.places[id]>>16) << (s >> 5)
		}
		for k := range 4 {
			both := int(lo >> (8 * k) & 255)
			sx.Common[k] += both
			sx.Kinds[k] += both - int(lo>>(8*k+32)&255)
			sy.Kinds[k] += both
		}
		st.Unique += int(hi & 255)
		mostY -= int(hi >> 8 & 255)
		firsts = firsts[n:]
	}
	sy.Common = sx.Common
	al.most[0], al.most[1] = mostX, mostY

	a, b := x.Short, y.Short
	st.ShortMin = min(len(a), len(b)) / 2
	for i, j := 0, 0; i+1 < len(a) && j+1 < len(b); {
		x, y := uint32(a[i])|uint32(a[i+1])<<8, uint32(b[j])|uint32(b[j+1])<<8
		st.Short += int(1 &^ (below(x, y) | below(y, x)))
		i += int(2 &^ below(y, x))
		j += int(2 &^ below(x, y))
	}
}

// below is all bits if x is less than y, and none if not.
func below(x, y uint32) uint32 { return uint32((int64(x) - int64(y)) >> 63) }

// steps is what is added to the number of tokens by kind, 16 bits each, where
// one of a kind, in the low bits, was of another, in the bits above, before.
var steps = func() (t [16]uint64) {
	for k := range t {
		t[k] = 1<<(16*max(k&3, k>>2)) - 1<<(16*(k>>2))
	}
	return t
}()

// ownKinds counts the distinct names, numbers and dates of Y that X has not, by
// kind.
func (al *Aligner) ownKinds(out *Side) {
	y, seen := &al.y, &al.states
	sums := uint64(maxTokens) // of words what is left
	for k := 0; k<<6 < y.n; k++ {
		tokens, kinds := y.tokens[k<<6:][:64], y.kindOf[k<<6:][:64]
		for set := y.terms[k] &^ y.common[k]; set != 0; set &= set - 1 {
			i := bits.TrailingZeros64(set) & 63
			s := &seen[tokens[i]]
			kind, old := kinds[i], *s
			*s = max(kind, old)
			sums += steps[(old<<2|kind)%16]
		}
	}
	for k := 0; k<<6 < y.n; k++ {
		tokens := y.tokens[k<<6:][:64]
		for set := y.terms[k] &^ y.common[k]; set != 0; set &= set - 1 {
			seen[tokens[bits.TrailingZeros64(set)&63]] = 0
		}
	}
	for k := 1; k < 4; k++ {
		out.Kinds[k] = int(sums >> (16 * k) & 0xFFFF)
	}
}

// Words completes the result by Kinds[sketch.Word].
func (al *Aligner) Words() {
	y, seen := &al.y, &al.states
	for k := 0; k<<6 < y.n; k++ {
		tokens := y.tokens[k<<6:][:64]
		for set := y.terms[k] &^ y.common[k]; set != 0; set &= set - 1 {
			seen[tokens[bits.TrailingZeros64(set)&63]] = 1
		}
	}
	words := 0
	for k := 0; k<<6 < y.n; k++ {
		tokens := y.tokens[k<<6:][:64]
		for set := y.others(k) &^ y.terms[k]; set != 0; set &= set - 1 {
			s := &seen[tokens[bits.TrailingZeros64(set)&63]]
			words += int(*s ^ 1)
			*s = 1
		}
	}
	al.forget()
	sx, sy := al.sides()
	sy.Kinds[sketch.Word] = words + sx.Common[sketch.Word]
}

// forget clears states.
func (al *Aligner) forget() {
	y := &al.y
	for k := 0; k<<6 < y.n; k++ {
		tokens := y.tokens[k<<6:][:64]
		for set := y.others(k); set != 0; set &= set - 1 {
			al.states[tokens[bits.TrailingZeros64(set)&63]] = 0
		}
	}
}

// others are the tokens, of 64, that X has not.
func (y *scanned) others(k int) uint64 {
	return ^y.common[k] & (^uint64(0) >> (64 - min(64, y.n-k<<6)))
}

// compareHeads compares titles with one another and with the other side's text.
func (al *Aligner) compareHeads() {
	x, y, st := &al.x, &al.y, &al.stats
	sx, sy := al.sides()
	n := min(len(y.Head)/2, maxHead)
	st.HeadMin = min(x.heads, n)
	sx.Head, sy.Head = x.heads, n
	inX, inY := 0, 0
	for i := range n {
		t := uint16(y.Head[2*i]) | uint16(y.Head[2*i+1])<<8
		if al.entryOf[t] == 0 {
			sy.HeadTerms += int(isTerm(y.View, i))
			continue
		}
		id := al.entryOf[t] % maxEntries
		y.states[id] |= inHead
		inX += sy.compareHead(x.states[id], isTerm(y.View, i))
	}
	for i, id := range x.head[:x.heads] {
		inY += sx.compareHead(y.states[id%maxEntries], isTerm(x.View, i))
	}
	st.Head = inY
	if al.flipped {
		st.Head = inX
	}
}

// isTerm returns 1 if token i of the title is a name, number or date, 0 if not.
func isTerm(v *sketch.View, i int) int {
	k := v.HeadKinds[i/4] >> (i % 4 * 2)
	return int(k|k>>1) & 1
}

// compareHead counts a token of a title by its state on the other side, and
// returns 1 if the other title has it, 0 if not.
func (out *Side) compareHead(state uint8, term int) (inTitle int) {
	inTitle = int(state / inHead & 1)
	inBody := int(state / present & 1)
	out.HeadKnown += inTitle | inBody
	out.HeadLead += int(state / lead & 1)
	out.HeadTerms += term
	out.HeadTermsCommon += term & (inTitle | inBody)
	return inTitle
}

// compareLeads compares how the texts begin.
func (al *Aligner) compareLeads() {
	x, y := &al.x, &al.y
	sx, sy := al.sides()
	anywhere, near := y.common[0]&(1<<leadTokens-1), uint64(0)
	for k, set := 0, anywhere; set != 0; set &= set - 1 {
		id := y.ids[k] % maxTokens
		y.states[id] |= lead
		near |= uint64(x.states[id]/lead&1) << (bits.TrailingZeros64(set) & 63)
		k++
	}
	y.compareLead(sy, anywhere, near)
	anywhere, near = 0, 0
	n := min(x.n, leadTokens)
	for _, id := range x.ids[:n] {
		s := uint64(y.states[id%maxEntries])
		anywhere = anywhere>>1 | s/present<<63
		near = near>>1 | s/lead<<63
	}
	anywhere, near = anywhere>>uint(64-n), near>>uint(64-n)
	x.compareLead(sx, anywhere, near)
}

// compareLead counts which of the leading tokens the other side has anywhere,
// and which near its beginning.
func (x *side) compareLead(out *Side, anywhere, near uint64) {
	if x.n > 0 {
		terms := x.terms[0] & (1<<leadTokens - 1)
		out.LeadTerms, out.LeadTermsCommon, out.LeadTermsBody = bits.OnesCount64(terms), bits.OnesCount64(terms&near), bits.OnesCount64(terms&anywhere)
	}
}
