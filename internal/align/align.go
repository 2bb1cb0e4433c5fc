// Package align measures how two sketches overlap: common runs of tokens and
// passages, common sentences, names and numbers in common and in conflict.
package align

import (
	"math/bits"
	"slices"

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
	firstTokens = 24   // tokens that count as the first ones
	minCovered  = 3    // common tokens that make a segment covered
	maxVotes    = 63   // common tokens of two segments that count
	surelyFew   = 31   // tokens of a segment that do not make so many
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
	// Topic counts the distinct tokens that stand more than once, TopicCommon
	// those of them that the other side has.
	Topic, TopicCommon int
	// HeadBody counts title tokens found in the other side's body, HeadLead
	// those found in its beginning. HeadTerms counts the names, numbers and
	// dates of the title, HeadTermsCommon those that the other side has in its
	// body or its title.
	Head, HeadBody, HeadLead   int
	HeadTerms, HeadTermsCommon int
	// Lead counts the tokens of the beginning, LeadCommon those that the other
	// side has in its beginning, LeadBody is the share of the first 24 that it
	// has anywhere. LeadTerms counts the names, numbers and dates of the
	// beginning, LeadTermsCommon those that the other side has in its beginning,
	// LeadTermsBody those that it has anywhere.
	Lead, LeadCommon, LeadTerms, LeadTermsCommon, LeadTermsBody int
	LeadBody                                                    float64
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

// What is known of a distinct token on one side, in a byte: the strongest kind
// of its occurrences, and the bits below.
const (
	kindBits = 3
	more     = 1 << 2 // it stands there more than once
	present  = 1 << 3 // it stands there
	lead     = 1 << 4 // it is among the leading tokens
)

// after is the state after one more occurrence of a kind, by that kind times 16
// plus the state before.
var after = func() (t [64]uint8) {
	for k := range t {
		kind, s := uint8(k>>4), uint8(k&15)
		t[k] = s&^kindBits | max(s&kindBits, kind) | present | s&present/present*more
	}
	return t
}()

// Aligner holds scratch space, some 600 KB; the zero value is ready. It is not
// safe for concurrent use.
//
// One of the two texts, X, is indexed; the other one, Y, is gone through. Which
// of them is A and which is B makes no difference to what is found.
//
// Where tokens are gone through, arrays have fixed sizes, loops do one thing
// each, and numbers are reckoned with instead of compared: so little is checked
// or spilled, and no branch depends on the tokens, which cannot be foretold.
type Aligner struct {
	x, y    side
	indexed *sketch.View // what Index was told
	flipped bool         // X is B

	// slots maps a token to its entry: the base of its side plus the number of
	// the entry, those of X for common ones. Numbers are not used again, so
	// that nothing is cleared in between.
	slots [1 << 16]uint32

	masks  [maxSegments / 64]*[maxTokens]pairOfMasks // of every entry of X, by 64 segments
	votes  [2 * maxTokens]pairOfMasks                // of every entry of Y, for 64 segments of X
	common [maxTokens + 1]pair                       // entries of common tokens, in the order of Y
	both   int                                       // their number

	shingles shingles
	unique   [maxTokens + 1]uint16 // positions in X of the tokens that stand once on either side, in the order of Y
	ranks    positions             // of those of X; before that, where runs may begin in Y
	sums     [len(positions{})]uint16
	tops     positions

	runs  []Run
	pass  []Passage
	out   []Passage
	stats Stats
}

// pairOfMasks are the segments in which a token stands, and those where it
// stands more than once.
type pairOfMasks struct{ once, twice uint64 }

// A pair is something of X and the same of Y.
type pair struct{ x, y uint16 }

// positions is a set of positions.
type positions [maxTokens/64 + 1]uint64

// side is the scratch space of one text.
type side struct {
	*sketch.View
	n        int // tokens that are compared
	tokens   [maxTokens + 4]uint16
	kinds    [maxTokens/32 + 2]uint64 // two bits a token
	ids      [maxTokens]uint16        // entry of every token
	base     uint32
	distinct int // entries

	// Of every entry, in the order of first appearance:
	states [maxTokens]uint8  // what is known of it here
	other  [maxTokens]uint8  // and on the other side, 0 if it is not there
	last   [maxTokens]uint16 // its last position, plus one
	former [maxTokens]uint16 // the one before, if that is in the same segment, plus one
	old    [maxTokens]uint32 // what its slot held before

	kindsOwn [4]int // entries by kind as known here
	topics   int    // entries that stand more than once

	starts, quoted, terms positions
	segments              int                         // that take part in sentence cover
	covered               [maxSegments]uint8          // of each: the most tokens in common with one of the other side
	common                positions                   // that the other side has too
	voters                [maxTokens + 1]uint16       // of every one of those in Y: its entry, or nobody if it stands in its segment twice before
	before                [maxTokens + 1]uint16       // of every position of Y: how many of those are before it
	isCommon              [maxTokens]uint8            // of every entry of Y: 1 if X has it
	marks                 [maxTokens/64 + 1][5]uint64 // positions in common, by what they are part of
}

// nobody has no vote.
const nobody = 2*maxTokens - 1

// What positions in common are part of.
const (
	run3 = iota
	run8
	words5
	pass8
	pass14
)

// layOut lays out a text.
func (x *side) layOut(v *sketch.View) {
	x.View = v
	n := min(v.Len, maxTokens)
	x.n = n
	i := 0
	for b := v.Tokens; i+4 <= n && len(b) >= 8; b = b[8:] {
		t := word(b)
		d := x.tokens[i : i+4 : i+4]
		d[0], d[1], d[2], d[3] = uint16(t), uint16(t>>16), uint16(t>>32), uint16(t>>48)
		i += 4
	}
	for ; i < n; i++ {
		x.tokens[i] = v.Token(i)
	}

	w := n>>6 + 1
	starts, quoted := &x.starts, &x.quoted
	clear(starts[:w])
	clear(quoted[:w])
	before := uint64(0)
	segments := 0
	for k := range v.Segs {
		g := &v.Segs[k]
		if int(g.Token) >= n {
			break
		}
		segments++
		q := uint64(g.Flags/sketch.Quoted) & 1
		bit, word := uint64(1)<<(g.Token&63), g.Token/64
		starts[word] |= bit
		quoted[word] ^= bit & -(q ^ before)
		before = q
	}
	starts[0] &^= 1
	x.segments = min(segments, maxSegments)
	// From where quotations begin and end to what is within.
	within := uint64(0)
	for k, q := range quoted[:w] {
		q ^= q << 1
		q ^= q << 2
		q ^= q << 4
		q ^= q << 8
		q ^= q << 16
		q ^= q<<32 ^ within
		within = uint64(int64(q) >> 63)
		quoted[k] = q
	}
	quoted[w-1] &= 1<<(n&63) - 1

	k := 0
	b := v.Kinds
	for ; len(b) >= 8 && k < 2*w; b = b[8:] {
		x.kinds[k] = word(b)
		k++
	}
	for clear(x.kinds[k : 2*w]); k < 2*w && len(b) > 0; b = "" {
		for i := range min(8, len(b)) {
			x.kinds[k] |= uint64(b[i]) << (8 * i)
		}
	}
	for k := range w {
		x.terms[k] = terms(x.kinds[2*k]) | terms(x.kinds[2*k+1])<<32
	}
	x.terms[w-1] &= 1<<(n&63) - 1
}

// terms returns which of 32 kinds are not sketch.Word.
func terms(v uint64) uint64 {
	v = (v | v>>1) & 0x5555555555555555
	v = (v | v>>1) & 0x3333333333333333
	v = (v | v>>2) & 0x0F0F0F0F0F0F0F0F
	v = (v | v>>4) & 0x00FF00FF00FF00FF
	v = (v | v>>8) & 0x0000FFFF0000FFFF
	return (v | v>>16) & 0x00000000FFFFFFFF
}

func word(b string) uint64 {
	_ = b[7]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// segLen returns the number of tokens of segment k.
func (x *side) segLen(k int) int {
	end := x.n
	if k+1 < len(x.Segs) {
		end = min(end, int(x.Segs[k+1].Token))
	}
	return end - int(x.Segs[k].Token)
}

// Align compares a and b, which must be of one level. The result is valid
// until the next call. Of texts of more than 4096 tokens the first of them are
// compared.
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

// lastBase bounds the numbers of slots: what one text takes fits above.
const lastBase = 1<<32 - 2*maxTokens

// Index makes v the text that With compares others with. It must not change
// until the last of them.
func (al *Aligner) Index(v *sketch.View) {
	al.indexed = v
	x, y := &al.x, &al.y
	x.layOut(v)
	x.base = max(x.base+uint32(x.distinct), y.base+uint32(y.distinct))
	if x.base == 0 || x.base > lastBase {
		clear(al.slots[:])
		x.base = 1
	}
	x.enter(&al.slots)
	y.base, y.distinct = x.base+uint32(x.distinct), 0
	if al.masks[0] == nil {
		al.masks[0] = new([maxTokens]pairOfMasks)
	}
	x.occur()
	x.place(al.masks[0])
	x.own()
	for w := 1; 64*w < x.segments; w++ {
		if al.masks[w] == nil {
			al.masks[w] = new([maxTokens]pairOfMasks)
		}
		masks := al.masks[w]
		clear(masks[:x.distinct])
		for k := 64 * w; k < min(x.segments, 64*w+64); k++ {
			for _, id := range x.ids[x.Segs[k].Token:][:x.segLen(k)] {
				m, bit := &masks[id%maxTokens], uint64(1)<<(k&63)
				m.twice |= m.once & bit
				m.once |= bit
			}
		}
	}
	al.shingles.index(x.tokens[:x.n])
}

// below is all bits if x is less than y, and none if not.
func below(x, y uint32) uint32 { return uint32((int64(x) - int64(y)) >> 63) }

// enter gives every distinct token an entry.
func (x *side) enter(slots *[1 << 16]uint32) {
	tokens, base, old, n := x.tokens[:x.n], x.base, &x.old, uint32(0)
	ids := x.ids[:len(tokens)]
	for i, t := range tokens {
		s := slots[t]
		id := s - base
		known := below(id, n)
		id = n ^ (n^id)&known
		old[n%maxTokens] = s // kept if it is new
		n += 1 + known
		slots[t] = base + id
		ids[i] = uint16(id)
	}
	x.distinct = int(n)
}

// occur sets the states of the entries.
func (x *side) occur() {
	states := &x.states
	clear(states[:x.distinct])
	for i := 0; i < x.n; i += 32 {
		kinds := x.kinds[i/32]
		for _, id := range x.ids[i:min(i+32, x.n)] {
			s := &states[id%maxTokens]
			*s = after[(*s|uint8(kinds)<<4)%64]
			kinds >>= 2
		}
	}
	for _, id := range x.ids[:min(x.n, leadTokens)] {
		states[id%maxTokens] |= lead
	}
}

// place notes in which of the first 64 segments the entries of X stand, and
// where last.
func (x *side) place(masks *[maxTokens]pairOfMasks) {
	clear(masks[:x.distinct])
	last := &x.last
	bit := uint64(1) // 0 behind the last of 64
	for i := 0; i < x.n; i += 64 {
		starts := x.starts[i/64]
		for k, id := range x.ids[i:min(i+64, x.n)] {
			id %= maxTokens
			bit += bit & -(starts & 1)
			starts >>= 1
			m := &masks[id]
			if m.once&bit != 0 {
				m.twice |= bit
			}
			m.once |= bit
			last[id] = uint16(i + k + 1)
		}
	}
}

// gather notes where the common tokens of Y stand, and which of them vote.
func (x *side) gather() {
	clear(x.last[:x.distinct])
	clear(x.former[:x.distinct])
	last, voters, before := &x.last, &x.voters, &x.before
	start, m := uint16(0), uint16(0) // of the segment; of the voters
	for i := 0; i < x.n; i += 64 {
		starts, common := x.starts[i/64], uint64(0)
		ids := x.ids[i:min(i+64, x.n)]
		for k, id := range ids {
			id %= maxTokens
			at := uint16(i + k)
			start += (at - start) & -uint16(starts&1)
			starts >>= 1
			before[at%maxTokens], voters[m%maxTokens] = m, id
			if last[id] > start {
				if x.former[id] > start {
					voters[m%maxTokens] = nobody
				}
				x.former[id] = last[id]
			}
			last[id] = at + 1
			one := x.isCommon[id]
			m += uint16(one)
			common = common>>1 | uint64(one)<<63
		}
		x.common[i/64] = common >> (64 - len(ids))
	}
	before[x.n] = m
}

// With compares the indexed text with v, which must be of its level: as A with
// B, or, if flipped, as B with A. The result is that of Align and valid until
// the next call.
func (al *Aligner) With(v *sketch.View, flipped bool) *Stats {
	x, y := &al.x, &al.y
	if y.base > lastBase || x.View != al.indexed {
		al.Index(al.indexed)
	}
	al.flipped = flipped
	al.stats = Stats{}
	y.layOut(v)
	y.base += uint32(y.distinct)
	y.enter(&al.slots)
	al.meet()
	y.occur()
	y.gather()
	y.own()
	al.join()
	if full := al.findRuns(); !full && flipped {
		// Which runs are the first is told from A.
		x := al.indexed
		al.Index(v)
		al.With(x, false)
		al.indexed = x
		return &al.stats
	}

	a, b := x, y
	if flipped {
		a, b = y, x
	}
	al.chainRuns(a, b)
	al.cover()
	al.tally()
	al.chain()
	al.compareHeads(a, b)
	a.count(&al.stats.A)
	b.count(&al.stats.B)
	return &al.stats
}

// side returns the result for x or y.
func (al *Aligner) side(x *side) *Side {
	if (x == &al.x) != al.flipped {
		return &al.stats.A
	}
	return &al.stats.B
}

// meet finds the entries of Y that X has.
func (al *Aligner) meet() {
	x, y := &al.x, &al.y
	base, ofX, common, isCommon, n := x.base, uint32(x.distinct), &al.common, &y.isCommon, uint32(0)
	for id, s := range y.old[:y.distinct] {
		s -= base
		common[n%maxTokens] = pair{uint16(s), uint16(id)}
		one := below(s, ofX) & 1
		isCommon[id%maxTokens] = uint8(one)
		n += one
	}
	al.both = int(n)
}

// join tells both sides what the other knows of common entries, and gives X its
// slots back.
func (al *Aligner) join() {
	x, y := &al.x, &al.y
	clear(x.other[:x.distinct])
	clear(y.other[:y.distinct])
	for _, p := range al.common[:al.both] {
		i, j := p.x%maxTokens, p.y%maxTokens
		x.other[i], y.other[j] = y.states[j], x.states[i]
		al.slots[y.tokens[(y.last[j]-1)%maxTokens]] = x.base + uint32(i)
	}
}

// shingles finds the shingles of three tokens of a text.
type shingles struct {
	heads []uint32 // by hash: where in the text the last shingle ends, plus ends
	prev  []uint32 // by where a shingle ends: where the one before of its hash does
	ends  uint32   // numbers are not used again
	mask  uint32
	n     int
}

// hash is that of a shingle, before the low bits of it are taken.
func hash(t0, t1, t2 uint16) uint32 { return (uint32(t0)*5+uint32(t1))*3 + uint32(t2) }

const leastHeads = 4096

func (s *shingles) index(tokens []uint16) {
	s.ends += uint32(s.n)
	s.n = len(tokens)
	size := leastHeads
	for size < 4*s.n && size < 1<<18 {
		size *= 2
	}
	s.mask = uint32(size - 1)
	if len(s.heads) < size || uint64(s.ends)+uint64(s.n) > 1<<32-1 {
		s.heads, s.ends = make([]uint32, size), 1
	}
	if len(s.prev) < s.n {
		s.prev = make([]uint32, s.n+s.n/4+64)
	}
	if s.n < minRun {
		return
	}
	heads, prev, ends := s.heads[:size], s.prev[2:s.n], s.ends
	t0, t1 := tokens[0], tokens[1]
	for i, t := range tokens[2:][:len(prev)] {
		h := &heads[hash(t0, t1, t)&uint32(len(heads)-1)]
		prev[i] = *h - ends
		*h = ends + uint32(i+2)
		t0, t1 = t1, t
	}
}

// findRuns appends the runs of x, which is indexed, and y that begin where
// starts, a set of positions of y, allows: in the order of y, of those at one
// token of y the last of x first. It reports whether these are all; otherwise
// they are the first that are within the bound.
func (s *shingles) findRuns(runs []Run, x, y []uint16, starts []uint64) ([]Run, bool) {
	left := maxRuns * (len(x) + len(y))
	// Texts of up to maxTokens cannot take more steps, whatever their hashes.
	steps := maxTokens*maxTokens + maxSteps*(len(x)+len(y))
	heads, prev, mask, ends := s.heads, s.prev, s.mask, s.ends
	for k, set := range starts {
		for ; set != 0; set &= set - 1 {
			j := 64*k + bits.TrailingZeros64(set)
			t := y[j : j+3 : len(y)]
			t0, t1, t2 := t[0], t[1], t[2]
			for p := heads[hash(t0, t1, t2)&mask] - ends; p < uint32(len(x)); p = prev[p] {
				if steps--; steps < 0 {
					return runs, false
				}
				i := int(p) - 2
				u := x[i : i+3 : len(x)]
				if u[2] != t2 || u[1] != t1 || u[0] != t0 {
					continue
				}
				if i > 0 && j > 0 && x[i-1] == y[j-1] {
					continue // inside a run found already
				}
				n := minRun
				for i+n < len(x) && j+n < len(y) && x[i+n] == y[j+n] {
					n++
				}
				if left -= n; left < 0 {
					return runs, false
				}
				runs = append(runs, Run{uint32(i), uint32(j), uint32(n)})
			}
		}
	}
	return runs, true
}

// findRuns finds the common runs, in the order of B, of those that begin at one
// token of B the last of A first. It reports whether these are all; otherwise
// they are, if X is A, the first that are within the bound.
func (al *Aligner) findRuns() (full bool) {
	x, y := &al.x, &al.y
	// Where three common tokens stand.
	w := (y.n + 63) / 64
	common, starts := y.common[:w], al.ranks[:w]
	for k, c := range common {
		next := uint64(0)
		if k+1 < w {
			next = common[k+1]
		}
		starts[k] = c & (c>>1 | next<<63) & (c>>2 | next<<62)
	}
	al.runs, full = al.shingles.findRuns(al.runs[:0], x.tokens[:x.n], y.tokens[:y.n], starts)
	if al.flipped {
		for k, r := range al.runs {
			al.runs[k].A, al.runs[k].B = r.B, r.A
		}
		slices.SortFunc(al.runs, func(r, s Run) int {
			if r.B != s.B {
				return int(r.B) - int(s.B)
			}
			return int(s.A) - int(r.A)
		})
	}
	return full
}

// chainRuns builds passages of runs that follow one another closely on both
// sides, and notes the positions in both.
func (al *Aligner) chainRuns(a, b *side) {
	st := &al.stats
	clear(a.marks[:a.n>>6+1])
	clear(b.marks[:b.n>>6+1])
	al.pass = al.pass[:0]
	for _, r := range al.runs {
		st.Longest = max(st.Longest, int(r.Len))
		st.Shingles += int(r.Len) - (minRun - 1)
		al.add(a, b, run3, r.A, r.B, r.Len, r.Len)
		if r.Len >= 5 {
			if plain(a, b, r) >= 5 {
				al.add(a, b, words5, r.A, r.B, r.Len, r.Len)
			}
			if r.Len >= 8 {
				al.add(a, b, run8, r.A, r.B, r.Len, r.Len)
			}
		}
		if p := al.link(r); p != nil {
			inA, inB := part(&a.terms, p.A1)&(1<<(r.A-p.A1)-1), part(&b.terms, p.B1)&(1<<(r.B-p.B1)-1)
			st.Conflicts += min(bits.OnesCount64(inA), bits.OnesCount64(inB))
			p.extend(r)
		}
	}
	up := 0
	for k := range al.pass {
		p := &al.pass[k]
		if k > 0 && p.A0 > al.pass[k-1].A0 {
			up++
		}
		if p.Tokens >= 8 {
			al.add(a, b, pass8, p.A0, p.B0, p.A1-p.A0, p.B1-p.B0)
			if p.Tokens >= 14 {
				al.add(a, b, pass14, p.A0, p.B0, p.A1-p.A0, p.B1-p.B0)
			}
		}
	}
	switch n := len(al.pass); n {
	case 0:
	case 1:
		st.Order = 1
	default:
		st.Order = float64(up) / float64(n-1)
	}
}

// link returns the latest passage that a run continues, or starts one.
func (al *Aligner) link(r Run) *Passage {
	latest := al.pass[max(0, len(al.pass)-lookBack):]
	for k := len(latest) - 1; k >= 0; k-- {
		p := &latest[k]
		if (r.A-p.A1)|(r.B-p.B1) <= maxGap { // maxGap is one less than a power of two; less than 0 is more
			return p
		}
	}
	al.pass = append(al.pass, Passage{A0: r.A, A1: r.A + r.Len, B0: r.B, B1: r.B + r.Len, Tokens: r.Len})
	return nil
}

// extend adds a run to p.
func (p *Passage) extend(r Run) { p.A1, p.B1, p.Tokens = r.A+r.Len, r.B+r.Len, p.Tokens+r.Len }

// add notes n positions of A and m of B as part of something.
func (al *Aligner) add(a, b *side, what int, i, j, n, m uint32) {
	a.add(what, i, n)
	b.add(what, j, m)
}

func (x *side) add(what int, i, n uint32) {
	for n > 0 {
		m := min(n, 64-i&63)
		x.marks[i>>6][what] |= ^uint64(0) >> (64 - m) << (i & 63)
		i, n = i+m, n-m
	}
}

// plain returns how many tokens of a run are words on both sides.
func plain(a, b *side, r Run) (n int) {
	for d := uint32(0); d < r.Len; d += 64 {
		terms := part(&a.terms, r.A+d) | part(&b.terms, r.B+d)
		n += bits.OnesCount64(^terms & (^uint64(0) >> (64 - min(64, r.Len-d))))
	}
	return n
}

// part returns 64 positions of a set from i on.
func part(set *positions, i uint32) uint64 {
	k, s := int(i>>6), i&63
	v := set[k] >> s
	if k+1 < len(set) {
		v |= set[k+1] << 1 << (63 - s)
	}
	return v
}

// cover finds for every segment the one of the other side with which it has
// most tokens in common. For 64 segments of X at a time the common tokens of
// one segment of Y with each of them are counted at once.
func (al *Aligner) cover() {
	x, y := &al.x, &al.y
	clear(x.covered[:x.segments])
	clear(y.covered[:y.segments])
	clear(al.votes[:y.distinct])
	for w := 0; 64*w < x.segments; w++ {
		masks, votes := al.masks[w], &al.votes
		for _, p := range al.common[:al.both] {
			votes[p.y%maxTokens] = masks[p.x%maxTokens]
		}
		var most count
		for k := range y.segments {
			from := int(y.Segs[k].Token)
			var c count
			c.sum(y.voters[y.before[from%maxTokens]:y.before[(from+y.segLen(k))%len(y.before)]], votes)
			y.covered[k] = max(y.covered[k], most.raise(&c))
		}
		for k := range min(64, x.segments-64*w) {
			x.covered[64*w+k] = most.at(k)
		}
	}
}

// A count is 64 numbers of six bits, bit by bit: bit i of word k is bit k of
// number i. So all are added to or compared at once.
type count [6]uint64

// sum counts the votes for each of 64, up to 63.
func (c *count) sum(voters []uint16, votes *[2 * maxTokens]pairOfMasks) {
	if len(voters) > surelyFew {
		for _, id := range voters {
			v := &votes[id%(2*maxTokens)]
			c.add(v.once)
			c.add(v.twice)
		}
		return
	}
	// The two votes are added as one number of two bits.
	var c0, c1, c2, c3 uint64
	if len(voters) <= 7 {
		for _, id := range voters {
			v := &votes[id%(2*maxTokens)]
			m, t := v.once^v.twice, v.once&v.twice
			u := c0 & m
			c0 ^= m
			m = c1 & u
			c1 ^= u
			u = c1 & t
			c1 ^= t
			t = m | u
			c3 ^= c2 & t
			c2 ^= t
		}
		c[0], c[1], c[2], c[3] = c0, c1, c2, c3
		return
	}
	var c4, c5 uint64
	for _, id := range voters {
		v := &votes[id%(2*maxTokens)]
		m, t := v.once^v.twice, v.once&v.twice
		u := c0 & m
		c0 ^= m
		m = c1 & u
		c1 ^= u
		u = c1 & t
		c1 ^= t
		t = m | u
		m = c2 & t
		c2 ^= t
		t = c3 & m
		c3 ^= m
		m = c4 & t
		c4 ^= t
		c5 ^= m
	}
	*c = count{c0, c1, c2, c3, c4, c5}
}

// add adds one to the numbers that m has, but for those that are 63.
func (c *count) add(m uint64) {
	m &^= c[0] & c[1] & c[2] & c[3] & c[4] & c[5]
	for k := range c {
		c[k], m = c[k]^m, c[k]&m
	}
}

// raise makes each number the greater of itself and that of d, and returns the
// greatest number of d.
func (c *count) raise(d *count) (most uint8) {
	greater, same, among, v := uint64(0), ^uint64(0), ^uint64(0), uint64(0)
	if c[4]|c[5]|d[4]|d[5] != 0 { // as in copies only
		for k := 5; k >= 4; k-- {
			x := c[k] ^ d[k]
			greater |= same & x & d[k]
			same &^= x
			t := among & d[k]
			some := (t | -t) >> 63
			v = 2*v + some
			among = t | among&(some-1)
		}
	}
	step := func(c, d uint64) {
		x := c ^ d
		greater |= same & x & d
		same &^= x
		t := among & d
		some := (t | -t) >> 63
		v = 2*v + some
		among = t | among&(some-1)
	}
	step(c[3], d[3])
	step(c[2], d[2])
	step(c[1], d[1])
	step(c[0], d[0])
	c[0] ^= (c[0] ^ d[0]) & greater
	c[1] ^= (c[1] ^ d[1]) & greater
	c[2] ^= (c[2] ^ d[2]) & greater
	c[3] ^= (c[3] ^ d[3]) & greater
	c[4] ^= (c[4] ^ d[4]) & greater
	c[5] ^= (c[5] ^ d[5]) & greater
	return uint8(v)
}

// at returns number i.
func (c *count) at(i int) uint8 {
	s := i & 63
	return uint8(c[0]>>s&1 | c[1]>>s&1<<1 | c[2]>>s&1<<2 | c[3]>>s&1<<3 | c[4]>>s&1<<4 | c[5]>>s&1<<5)
}

// count counts the positions in common, and what is covered.
func (x *side) count(out *Side) {
	out.Tokens = x.n
	w := x.n>>6 + 1
	quoted := 0
	for k, q := range x.quoted[:w] {
		c := &x.marks[k]
		quoted += bits.OnesCount64(q)
		out.Run3 += bits.OnesCount64(c[run3])
		out.Run3P += bits.OnesCount64(c[run3] &^ q)
		out.Run8P += bits.OnesCount64(c[run8] &^ q)
		out.RunW5P += bits.OnesCount64(c[words5] &^ q)
		out.Pass8P += bits.OnesCount64(c[pass8] &^ q)
		out.Pass14P += bits.OnesCount64(c[pass14] &^ q)
	}
	out.Prose = x.n - quoted
	// What is neither in the first tenth nor in the last is between.
	edge := x.n / 10
	out.Edge = out.Run3
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

	sum := 0
	for k, v := range x.covered[:x.segments] {
		// x >> sign is all bits of a negative x, none of another.
		const sign = bits.UintSize - 1
		n := x.segLen(k)
		votes := min(n, int(v))
		sum += votes &^ ((n - 2) >> sign)
		prose := n &^ (-(int(x.Segs[k].Flags/sketch.Quoted) & 1)) &^ ((votes - minCovered) >> sign) &^ ((n - 2) >> sign)
		out.Cover60P += prose &^ ((5*votes - 3*n) >> sign)
		out.Cover80P += prose &^ ((5*votes - 4*n) >> sign)
	}
	out.CoverSum = float64(sum)
}

// ownTally is what an entry counts for by its state, in bytes: four kinds, and
// topics.
var ownTally = func() (t [8]uint64) {
	for s := range t {
		t[s] = 1<<(8*(s&kindBits)) | uint64(s/more)<<32
	}
	return t
}()

// own counts the entries of a text.
func (x *side) own() {
	x.kindsOwn, x.topics = [4]int{}, 0
	for states := x.states[:x.distinct]; len(states) > 0; {
		n := min(len(states), 255) // what a byte holds
		var sum uint64
		for _, s := range states[:n] {
			sum += ownTally[s%8]
		}
		for k := range x.kindsOwn {
			x.kindsOwn[k] += int(sum >> (8 * k) & 255)
		}
		x.topics += int(sum >> 32 & 255)
		states = states[n:]
	}
}

// bothTally is what a common token counts for by its state in X and, in the
// bits above, in Y. In bytes from the lowest: four of the stronger kind, four of
// that in X; four of that in Y, topics of X, topics of Y.
var bothTally = func() (t [64][2]uint64) {
	for s := range t {
		x, y := s%8, s/8
		t[s][0] = 1<<(8*max(x&kindBits, y&kindBits)) | 1<<(8*(x&kindBits)+32)
		t[s][1] = 1<<(8*(y&kindBits)) | uint64(x/more)<<32 | uint64(y/more)<<40
	}
	return t
}()

// tally counts distinct tokens, and short names.
func (al *Aligner) tally() {
	x, y := &al.x, &al.y
	sx, sy := al.side(x), al.side(y)
	sx.Kinds, sy.Kinds = x.kindsOwn, y.kindsOwn
	sx.Topic, sy.Topic = x.topics, y.topics
	for common := al.common[:al.both]; len(common) > 0; {
		n := min(len(common), 255)
		var lo, hi uint64
		for _, p := range common[:n] {
			t := &bothTally[x.states[p.x%maxTokens]&7|y.states[p.y%maxTokens]&7<<3]
			lo += t[0]
			hi += t[1]
		}
		for k := range 4 {
			both := int(lo >> (8 * k) & 255)
			sx.Common[k] += both
			sx.Kinds[k] += both - int(lo>>(8*k+32)&255)
			sy.Kinds[k] += both - int(hi>>(8*k)&255)
		}
		sx.TopicCommon += int(hi >> 32 & 255)
		sy.TopicCommon += int(hi >> 40 & 255)
		common = common[n:]
	}
	sy.Common = sx.Common

	a, b := x.Short, y.Short
	al.stats.ShortMin = min(len(a), len(b)) / 2
	for i, j := 0, 0; i+1 < len(a) && j+1 < len(b); {
		x, y := uint32(a[i])|uint32(a[i+1])<<8, uint32(b[j])|uint32(b[j+1])<<8
		al.stats.Short += int(1 &^ (below(x, y) | below(y, x)))
		i += int(2 &^ below(y, x))
		j += int(2 &^ below(x, y))
	}
}

// chain finds the tokens that stand exactly once on either side, and the
// longest chain of them in the same order: the longest rising subsequence of
// their positions in X, taken in the order of Y.
func (al *Aligner) chain() {
	x, y, n := &al.x, &al.y, uint32(0)
	for _, p := range al.common[:al.both] {
		i, j := p.x%maxTokens, p.y%maxTokens
		al.unique[n%maxTokens] = (x.last[i] - 1) % maxTokens
		n += uint32((x.states[i]|y.states[j])/more&1 ^ 1)
	}
	unique := al.unique[:n]
	w := x.n>>6 + 1
	set, sums := &al.ranks, &al.sums
	clear(set[:w])
	for _, p := range unique {
		set[p%maxTokens/64] |= 1 << (p & 63)
	}
	total := uint16(0)
	for k, bit := range set[:w] {
		sums[k] = total
		total += uint16(bits.OnesCount64(bit))
	}
	for k, p := range unique {
		word := p % maxTokens / 64
		unique[k] = sums[word] + uint16(bits.OnesCount64(set[word]&(1<<(p&63)-1)))
	}
	al.stats.Unique, al.stats.Chain = int(n), al.longest(unique)
}

// longest returns the length of the longest rising subsequence of ranks, which
// are the numbers below theirs: patience sorting (Fredman 1975), with the tops
// of the piles as a set. A rank takes the place of the least top above it.
func (al *Aligner) longest(ranks []uint16) int {
	if len(ranks) <= 64 {
		tops := uint64(0)
		for _, r := range ranks {
			bit := uint64(1) << (r & 63)
			above := tops &^ (bit<<1 - 1)
			tops = tops&^(above&-above) | bit
		}
		return bits.OnesCount64(tops)
	}
	tops := al.tops[:(len(ranks)+63)/64]
	clear(tops)
	length, top := 0, -1
	for _, r := range ranks {
		k, bit := int(r>>6), uint64(1)<<(r&63)
		above := tops[k] &^ (bit<<1 - 1)
		tops[k] |= bit
		if int(r) > top {
			length++
			top = int(r)
			continue
		}
		for above == 0 {
			k++
			above = tops[k]
		}
		bit = above & -above
		tops[k] &^= bit
		if k<<6|bits.TrailingZeros64(bit) == top {
			top = int(r)
		}
	}
	return length
}

// compareHeads compares titles with one another and with the other side's text,
// and how the texts begin.
func (al *Aligner) compareHeads(a, b *side) {
	st := &al.stats
	st.HeadMin = min(len(a.Head), len(b.Head)) / 2
	st.Head = al.compareHead(a, b, &st.A)
	al.compareHead(b, a, &st.B)
	a.compareLead(&st.A)
	b.compareLead(&st.B)
}

// compareHead looks up the title of x on the other side, and returns how many
// of its tokens the other title has.
func (al *Aligner) compareHead(x, o *side, out *Side) (common int) {
	title, other := x.Head, o.Head
	out.Head = len(title) / 2
	for i := range out.Head {
		t := uint16(title[2*i]) | uint16(title[2*i+1])<<8
		inTitle := 0
		for j := 0; j+1 < len(other); j += 2 {
			inTitle |= int(isZero(uint32(t ^ (uint16(other[j]) | uint16(other[j+1])<<8))))
		}
		s := al.slots[t]
		var state uint8
		if id := s - al.x.base; id < uint32(al.x.distinct) {
			state = al.x.other[id%maxTokens]
			if x == &al.y {
				state = al.x.states[id%maxTokens]
			}
		} else if id := s - al.y.base; x == &al.x && id < uint32(al.y.distinct) {
			state = al.y.states[id%maxTokens]
		}
		inBody := int(state / present & 1)
		common += inTitle
		out.HeadBody += inBody
		out.HeadLead += int(state / lead & 1)
		term := 0
		if x.HeadKinds[i/4]>>(i%4*2)&3 != 0 {
			term = 1
		}
		out.HeadTerms += term
		out.HeadTermsCommon += term & (inTitle | inBody)
	}
	return common
}

// isZero returns 1 if x, below 2^31, is 0, and 0 if not.
func isZero(x uint32) uint32 { return (x - 1) >> 31 }

// compareLead compares the beginning of x with that of the other side.
func (x *side) compareLead(out *Side) {
	n := min(x.n, leadTokens)
	var anywhere, near uint64
	for i, id := range x.ids[:n] {
		s := uint64(x.other[id%maxTokens])
		anywhere |= s / present & 1 << (i & 63)
		near |= s / lead & 1 << (i & 63)
	}
	out.Lead, out.LeadCommon = n, bits.OnesCount64(near)
	if n > 0 {
		terms := x.terms[0] & (1<<leadTokens - 1)
		out.LeadTerms, out.LeadTermsCommon, out.LeadTermsBody = bits.OnesCount64(terms), bits.OnesCount64(terms&near), bits.OnesCount64(terms&anywhere)
		out.LeadBody = float64(bits.OnesCount64(anywhere&(1<<firstTokens-1))) / float64(min(n, firstTokens))
	}
}

// Longest returns the longest passages of the last comparison, at most eight,
// of at least least tokens, that overlap on neither side: longest first, of
// equal ones the earlier in A, then in B. It is valid until the next call.
func (al *Aligner) Longest(least uint32) []Passage {
	a := &al.x
	if al.flipped {
		a = &al.y
	}
	out := al.longestPassages(least)
	for k := range out {
		p := &out[k]
		for i := p.A0; i < p.A1; i += 64 {
			quoted := part(&a.quoted, i) & (^uint64(0) >> (64 - min(64, p.A1-i)))
			p.Quoted += uint32(bits.OnesCount64(quoted))
		}
	}
	return out
}

func (al *Aligner) longestPassages(least uint32) []Passage {
	n := 0
	for k, p := range al.pass {
		if p.Tokens >= least {
			al.pass[k], al.pass[n] = al.pass[n], p
			n++
		}
	}
	slices.SortFunc(al.pass[:n], func(x, y Passage) int {
		if x.Tokens != y.Tokens {
			return int(y.Tokens) - int(x.Tokens)
		}
		if x.A0 != y.A0 {
			return int(x.A0) - int(y.A0)
		}
		return int(x.B0) - int(y.B0)
	})
	al.out = al.out[:0]
next:
	for _, p := range al.pass[:n] {
		if len(al.out) == maxPassages {
			break
		}
		for _, q := range al.out {
			if p.A0 < q.A1 && q.A0 < p.A1 || p.B0 < q.B1 && q.B0 < p.B1 {
				continue next
			}
		}
		al.out = append(al.out, p)
	}
	return al.out
}

// Segments returns the segments of the first and the last token of a passage on
// either side, by number. The texts must have some.
func (al *Aligner) Segments(p Passage) (a0, a1, b0, b1 int) {
	a, b := &al.x, &al.y
	if al.flipped {
		a, b = b, a
	}
	return a.segment(p.A0), a.segment(p.A1 - 1), b.segment(p.B0), b.segment(p.B1 - 1)
}

// segment returns the segment of token i.
func (x *side) segment(i uint32) (k int) {
	for _, w := range x.starts[:i>>6] {
		k += bits.OnesCount64(w)
	}
	return k + bits.OnesCount64(x.starts[i>>6]&(2<<(i&63)-1))
}

// Passages returns the longest passages that two texts have in common, as
// Longest does after Align, but of any number of tokens, and without Quoted.
func (al *Aligner) Passages(a, b []uint16, least uint32) []Passage {
	al.shingles.index(a)
	al.x.View = nil // With indexes anew
	starts := make([]uint64, len(b)/64+1)
	for j := range len(b) - (minRun - 1) {
		starts[j/64] |= 1 << (j & 63)
	}
	al.runs, _ = al.shingles.findRuns(al.runs[:0], a, b, starts)
	al.pass = al.pass[:0]
	for _, r := range al.runs {
		if p := al.link(r); p != nil {
			p.extend(r)
		}
	}
	return al.longestPassages(least)
}
