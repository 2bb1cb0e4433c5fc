// Package align measures how two sketches overlap: common runs of tokens and
// passages, common sentences and their order, names and numbers in common and
// in conflict.
package align

import (
	"math/bits"
	"slices"

	"github.com/newsdedup/newsdedup/internal/sketch"
)

// Bounds of the work on one pair. They keep the time for hostile texts (one
// word repeated) linear; news articles stay far below them.
const (
	maxRuns        = 16  // tokens of all runs together, over the tokens of both texts
	maxOccurrences = 8   // occurrences of a token in A that one in B is tried against
	maxSegments    = 512 // segments of either side that take part in sentence cover
	maxPassages    = 8   // passages reported
	maxGap         = 3   // tokens on either side between two runs of a passage
	lookBack       = 16  // latest passages that a run may continue
	leadTokens     = 40  // tokens that count as the beginning of a text
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

	// Run3 … Run8P are in common runs of at least that many tokens.
	Run3, Run3P, Run8P int
	// RunW5P are in runs that hold five plain words: neither names nor numbers,
	// which independent reports share as well.
	RunW5P int
	// Pass8P and Pass14P are in passages of that many common tokens.
	Pass8P, Pass14P int
	// Edge are those of Run3 that lie in the first or last tenth of the text.
	Edge int

	// Cover60P and Cover80P are in segments of which that percentage stands in
	// one segment of the other side; CoverSum is the sum of these shares over
	// all tokens, quotations included.
	Cover60P, Cover80P int
	CoverSum           float64

	// Kinds counts distinct tokens by kind, Common those of them that the
	// other side has.
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
	// Lead counts the tokens of the beginning that the other side has in its
	// beginning, LeadBody the first 24 tokens that it has anywhere. LeadTerms
	// counts the names, numbers and dates of the beginning, LeadTermsCommon
	// those that the other side has in its beginning, LeadTermsBody those that
	// it has anywhere.
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

	// Order is the share of successions of covered segments, on the side with
	// fewer segments, that go forward on the other side; Ordered is their
	// number.
	Order   float64
	Ordered int

	// Unique counts the tokens that stand exactly once on either side, Chain
	// the longest chain of them in the same order.
	Unique, Chain int

	Short, ShortMin int // short names in common; of the side that has fewer
	Head, HeadMin   int // title tokens in common; of the shorter title
}

// An entry is what is known of one distinct token.
type entry struct {
	lastA uint32 // position of the latest occurrence, plus one
	rank  uint16 // in the order of B, of the tokens that stand once on either side
	state uint8  // bits below
	lead  uint8  // inA, inB: it stands among the leading tokens
}

// The state of an entry: the strongest kind of its occurrences, and whether it
// stands once and more often on either side.
const (
	kindBits = 3
	inA      = 4
	moreA    = 8
	inB      = 16
	moreB    = 32
	states   = 64
)

// Aligner holds scratch space, 256 KB beside what the texts take; the zero
// value is ready. It is not safe for concurrent use.
type Aligner struct {
	// slots maps a token to its entry, in the low half. The high half is the
	// number of the call that wrote it, so that nothing is cleared in between.
	slots *[1 << 16]uint32
	call  uint32

	entries  []entry  // in order of first appearance, A before B
	distinct int      // entries in use
	ofA      int      // entries of tokens that A has
	hits     []uint32 // positions in B of the tokens that A has
	a, b     side
	pairs    [1024]pair
	ends     []uint32 // by diagonal: where in B the last run on it ends
	runs     []Run    // ordered by end of discovery, rising in B
	votes    []uint8  // by segment of B and of A: equal tokens
	pass     []Passage
	out      []Passage
	chain    []uint16 // ranks of unique tokens in the order of A
	tails    []uint64
	stats    Stats
}

// A spot is what is known of a token at its place.
type spot struct {
	prev uint32 // in A: position of the previous equal one, plus one
	near uint32 // in A: the tokens before and behind; at either end anything
	id   uint16 // entry
	seg  uint16 // segment, of those that take part in sentence cover
}

// A pair is an equal token on either side.
type pair struct{ a, b uint32 }

// A hit is a token of B that A has: its position, and the tokens before and
// behind as in spot.
type hit struct{ at, near uint32 }

// side is the scratch space of one text.
type side struct {
	spots    []spot
	seg      []uint32 // segment of every token
	unquoted []uint8  // of every segment: all bits set outside quotations
	mark     []uint8  // bits below, of every token
	prose    int      // tokens outside quotations
	best     []uint32 // of every segment: the most votes, and in the low half for which one

	// What was marked outside quotations, by bit of the mark.
	marked [8]int
	sum    uint64 // the latest of them, in lanes of a byte
	held   uint32 // tokens painted that are in sum
	run3   int    // marked run3, quotations included, times that bit
}

// What a token is part of.
const (
	run3 uint8 = 1 << iota
	run8
	words5
	pass8
	pass14
)

// lanes spreads the bits of a mark over the bytes of a word.
var lanes = func() (t [256]uint64) {
	for m := range t {
		for k := range 8 {
			t[m] |= uint64(m>>k&1) << (8 * k)
		}
	}
	return t
}()

func resize[T any](s []T, n int) []T {
	s = slices.Grow(s[:0], n)[:n]
	clear(s)
	return s
}

func (x *side) reset(s *sketch.Sketch) {
	n := len(s.Tokens)
	x.mark, x.seg = resize(x.mark, n), resize(x.seg, n)
	x.spots = slices.Grow(x.spots[:0], n)[:n]
	m := min(len(s.Segs), maxSegments)
	x.best = resize(x.best, max(1, m))[:m]
	x.marked, x.sum, x.held, x.run3, x.prose = [8]int{}, 0, 0, 0, n
	x.unquoted = slices.Grow(x.unquoted[:0], len(s.Segs)+1)[:len(s.Segs)+1]
	x.unquoted[len(s.Segs)] = ^uint8(0) // for texts without segments
	for k, g := range s.Segs {
		x.unquoted[k] = ^uint8(0)
		if g.Flags&sketch.Quoted != 0 {
			x.unquoted[k] = 0
			end := n
			if k+1 < len(s.Segs) {
				end = int(s.Segs[k+1].Token)
			}
			x.prose -= end - int(g.Token)
		}
		if k > 0 {
			x.seg[g.Token] = 1
		}
	}
	seg := uint32(0)
	for i, starts := range x.seg {
		seg += starts
		x.seg[i] = seg
		x.spots[i].seg = uint16(seg)
	}
	if len(s.Segs) > maxSegments {
		for i, seg := range x.seg {
			x.spots[i].seg = uint16(min(seg, maxSegments-1))
		}
	}
}

// Align compares a and b, which must be of one level. The result is valid
// until the next call.
//
// If no token stands more than eight times in either text, Align(b, a) gives
// the same with A and B exchanged, but for what depends on which of several
// equal partners comes first or on one side alone: passages and what counts
// them (Pass8P, Pass14P, Conflicts), Order and Ordered where segments tie, and
// Head where a title repeats a token. What is counted by distinct tokens
// (Kinds, Common, Topic, Unique, Chain, Lead, HeadBody, HeadTerms …) is the
// same for any two texts.
func (al *Aligner) Align(a, b *sketch.Sketch) *Stats {
	al.stats = Stats{}
	al.index(a, b)
	al.findRuns(a, b)
	al.chainRuns(a, b)
	al.cover(a, b)
	al.count(a, b)
	al.chains()
	al.heads(a, b)
	return &al.stats
}

// index gives every distinct token an entry. It has no branch that depends on
// the tokens: those of two texts cannot be foretold.
func (al *Aligner) index(a, b *sketch.Sketch) {
	al.a.reset(a)
	al.b.reset(b)
	al.entries = resize(al.entries, min(len(a.Tokens)+len(b.Tokens), 1<<16))
	al.hits = slices.Grow(al.hits[:0], len(b.Tokens)+1)[:len(b.Tokens)+1]
	al.call++
	if al.slots == nil || al.call == 1<<16 {
		al.slots, al.call = new([1 << 16]uint32), 1
	}
	al.ofA = int(indexA(al.slots, al.call, al.entries, a.Tokens, a.Kinds, al.a.spots))
	n, hits := indexB(al.slots, al.call, al.entries, b.Tokens, b.Kinds, al.b.spots, uint32(al.ofA), al.hits)
	al.distinct, al.hits = int(n), al.hits[:hits]
	for _, spot := range al.a.spots[:min(leadTokens, len(al.a.spots))] {
		al.entries[spot.id].lead |= inA
	}
	for _, spot := range al.b.spots[:min(leadTokens, len(al.b.spots))] {
		al.entries[spot.id].lead |= inB
	}
}

// The compiler makes jumps of comparisons. Where they cannot be foretold, which
// would take longer than the work itself, numbers are reckoned with instead.

// isZero returns 1 if x, below 2^31, is 0, and 0 if not.
func isZero(x uint32) uint32 { return (x - 1) >> 31 }

// after is the state of an entry after one more occurrence of a kind, by that
// kind times 64 plus the state before: in A, and in B.
var after = func() (t [2][256]uint8) {
	for k := range 256 {
		kind, s := uint8(k>>6), uint8(k&63)
		s = s&^kindBits | max(s&kindBits, kind)
		t[0][k] = s | inA | s&inA<<1
		t[1][k] = s | inB | s&inB<<1
	}
	return t
}()

// indexA enters the tokens of A and returns how many are distinct. Like indexB
// it is a function of its own for want of registers.
func indexA(slots *[1 << 16]uint32, call uint32, entries []entry, tokens []uint16, kinds []sketch.Kind, spots []spot) (n uint32) {
	kinds, spots = kinds[:len(tokens)], spots[:len(tokens)]
	call <<= 16
	for i, t := range tokens {
		x := slots[t] ^ call                      // the entry, if that is of this call
		known := uint32((int64(x) - 1<<16) >> 63) // all bits, or none
		id := n ^ (n^x)&known
		n += 1 + known
		slots[t] = call | id
		e := &entries[id]
		spots[i].prev, spots[i].id = e.lastA, uint16(id)
		e.lastA = uint32(i) + 1
		e.state = after[0][uint8(kinds[i])<<6|e.state]
	}
	return n
}

// indexB enters the tokens of B behind the n of A, and notes the positions of
// those that A has.
func indexB(slots *[1 << 16]uint32, call uint32, entries []entry, tokens []uint16, kinds []sketch.Kind, spots []spot, n uint32, hits []uint32) (distinct uint32, m int) {
	kinds, spots = kinds[:len(tokens)], spots[:len(tokens)]
	call <<= 16
	for j, t := range tokens {
		x := slots[t] ^ call
		known := uint32((int64(x) - 1<<16) >> 63)
		id := n ^ (n^x)&known
		n += 1 + known
		slots[t] = call | id
		e := &entries[id]
		spots[j].id = uint16(id)
		st := e.state
		e.state = after[1][uint8(kinds[j])<<6|st]
		hits[m] = uint32(j)
		m += int(st / inA & 1)
	}
	return n, m
}

// lookup returns the entry of t or nil.
func (al *Aligner) lookup(t uint16) *entry {
	if s := al.slots[t]; s>>16 == al.call {
		return &al.entries[s&(1<<16-1)]
	}
	return nil
}

// findRuns finds the maximal common runs of two tokens or more and counts the
// equal tokens of every two segments.
func (al *Aligner) findRuns(a, b *sketch.Sketch) {
	ta, tb := a.Tokens, b.Tokens
	na, nb := max(1, len(al.a.best)), max(1, len(al.b.best))
	al.votes = resize(al.votes, na*nb)
	al.ends = resize(al.ends, len(ta)+len(tb))
	al.runs = al.runs[:0]
	before, token := uint32(0), uint32(0)
	for i, behind := range ta {
		if i > 0 {
			al.a.spots[i-1].near = before | uint32(behind)<<16
		}
		before, token = token, uint32(behind)
	}
	if len(ta) > 0 {
		al.a.spots[len(ta)-1].near = before
	}
	left := maxRuns * (len(ta) + len(tb))
	for hits := al.hits; len(hits) > 0; {
		n := 0
		for len(hits) > 0 && n <= len(al.pairs)-maxOccurrences {
			j := hits[0]
			hits = hits[1:]
			near := uint32(tb[max(int(j)-1, 0)]) | uint32(tb[min(int(j)+1, len(tb)-1)])<<16
			at := al.b.spots[j]
			row := al.votes[int(at.seg)*na:][:na]
			n = match(al.a.spots, al.entries[at.id].lastA, hit{j, near}, &al.pairs, n, row, al.a.best[:na], &al.b.best[:nb][at.seg], uint32(at.seg))
		}
		if left >= 0 {
			left = al.extend(al.pairs[:n], ta, tb, left)
		}
	}
	if len(a.Segs) == 0 || len(b.Segs) == 0 {
		clear(al.a.best)
		clear(al.b.best)
	}
}

// match goes through the occurrences in A of a token of B, from the latest at
// p on. Each is a vote in the row of the segments of A, and a better one takes
// its place as the best of either segment. Those that may be part of a run are
// listed behind the first n pairs; the number of all is returned.
func match(spots []spot, p uint32, at hit, pairs *[1024]pair, n int, row []uint8, bestA []uint32, bestB *uint32, segB uint32) int {
	best := *bestB
	for range maxOccurrences {
		s := &spots[p-1]
		v := min(uint32(row[s.seg])+1, 255)
		row[s.seg] = uint8(v)
		v <<= 16
		x := bestA[s.seg]
		bestA[s.seg] = x ^ (x^(v|segB))&uint32(int32(x|(1<<16-1)-v)>>31)
		best ^= (best ^ (v | uint32(s.seg))) & uint32(int32(best|(1<<16-1)-v)>>31)
		pairs[n%len(pairs)] = pair{p - 1, at.at}
		near := s.near ^ at.near
		n += int(isZero(near&(1<<16-1)) | isZero(near>>16))
		if p = s.prev; p == 0 {
			break
		}
	}
	*bestB = best
	return n
}

// extend finds the runs that pairs are part of. Of the tokens that runs may
// still take it returns what is left; if that is negative, the last run was
// one too many.
func (al *Aligner) extend(pairs []pair, ta, tb []uint16, left int) int {
	for _, p := range pairs {
		i, j := int(p.a), int(p.b)
		end := &al.ends[i-j+len(tb)]
		if j < int(*end) {
			continue // inside a run found already
		}
		// Backwards too: the first tokens of a run may occur too often to have
		// been tried.
		i0, j0 := i, j
		for i0 > 0 && j0 > 0 && ta[i0-1] == tb[j0-1] {
			i0, j0 = i0-1, j0-1
		}
		i1, j1 := i+1, j+1
		for i1 < len(ta) && j1 < len(tb) && ta[i1] == tb[j1] {
			i1, j1 = i1+1, j1+1
		}
		*end = uint32(j1)
		n := j1 - j0
		if n < 2 {
			continue
		}
		if left -= n; left < 0 {
			break
		}
		al.runs = append(al.runs, Run{uint32(i0), uint32(j0), uint32(n)})
	}
	return left
}

// chainRuns builds passages of runs that follow one another closely on both
// sides, and marks the tokens of both.
func (al *Aligner) chainRuns(a, b *sketch.Sketch) {
	st := &al.stats
	al.pass = al.pass[:0]
	for _, r := range al.runs {
		st.Longest = max(st.Longest, int(r.Len))
		if r.Len >= 3 {
			st.Shingles += int(r.Len) - 2
			m := run3
			if r.Len >= 8 {
				m |= run8
			}
			plain := uint32(0)
			for _, spot := range al.a.spots[r.A : r.A+r.Len] {
				plain += isZero(uint32(al.entries[spot.id].state & kindBits))
			}
			if plain >= 5 {
				m |= words5
			}
			al.a.paint(r.A, r.A+r.Len, m)
			al.b.paint(r.B, r.B+r.Len, m)
		}
		al.link(a, b, r)
	}
	for _, p := range al.pass {
		if p.Tokens >= 8 {
			m := pass8
			if p.Tokens >= 14 {
				m |= pass14
			}
			al.a.paint(p.A0, p.A1, m)
			al.b.paint(p.B0, p.B1, m)
		}
	}
}

// link adds a run to the latest passage that it continues, or starts one.
func (al *Aligner) link(a, b *sketch.Sketch, r Run) {
	st := &al.stats
	latest := al.pass[max(0, len(al.pass)-lookBack):]
	for k := len(latest) - 1; k >= 0; k-- {
		p := &latest[k]
		if (r.A-p.A1)|(r.B-p.B1) > maxGap { // maxGap is one less than a power of two; less than 0 is more
			continue
		}
		st.Conflicts += min(terms(a.Kinds[p.A1:r.A]), terms(b.Kinds[p.B1:r.B]))
		p.A1, p.B1, p.Tokens = r.A+r.Len, r.B+r.Len, p.Tokens+r.Len
		return
	}
	al.pass = append(al.pass, Passage{A0: r.A, A1: r.A + r.Len, B0: r.B, B1: r.B + r.Len, Tokens: r.Len})
}

// terms counts the names, numbers and dates.
func terms(kinds []sketch.Kind) (n int) {
	for _, k := range kinds {
		n += int(isZero(uint32(k)) ^ 1)
	}
	return n
}

// paint marks the tokens from i to j, and counts what is new.
func (x *side) paint(i, j uint32, bits uint8) {
	for i < j {
		n := min(j, i+255)
		if x.held += n - i; x.held > 255 { // what a lane holds
			x.flush()
			x.held = n - i
		}
		mark, seg := x.mark[i:n], x.seg[i:n]
		sum := x.sum
		for k, old := range mark {
			mark[k] = old | bits
			add := bits &^ old
			sum += lanes[add&x.unquoted[seg[k]]]
			x.run3 += int(add & run3)
		}
		x.sum = sum
		i = n
	}
}

// flush adds the lanes of sum to marked.
func (x *side) flush() {
	for k := range x.marked {
		x.marked[k] += int(x.sum >> (8 * k) & 255)
	}
	x.sum, x.held = 0, 0
}

// cover tells for every segment which share of its tokens stands in one
// segment of the other side, and whether those stand in the same order.
func (al *Aligner) cover(a, b *sketch.Sketch) {
	st := &al.stats
	al.a.cover(a, &st.A)
	al.b.cover(b, &st.B)
	s, x := a, &al.a
	if len(b.Segs) < len(a.Segs) {
		s, x = b, &al.b
	}
	last, up := -1, 0
	for k, best := range x.best {
		votes := int(best >> 16)
		if votes < 3 || 5*votes < 2*segLen(s, k) {
			continue
		}
		seg := int(best & (1<<16 - 1))
		if last >= 0 && seg != last {
			st.Ordered++
			if seg > last {
				up++
			}
		}
		last = seg
	}
	if st.Ordered > 0 {
		st.Order = float64(up) / float64(st.Ordered)
	}
}

func segLen(s *sketch.Sketch, k int) int {
	end := len(s.Tokens)
	if k+1 < len(s.Segs) && k+1 < maxSegments {
		end = int(s.Segs[k+1].Token)
	}
	return end - int(s.Segs[k].Token)
}

func (x *side) cover(s *sketch.Sketch, out *Side) {
	// x >> sign is all bits of a negative x, none of another: no branches.
	const sign = bits.UintSize - 1
	var sum, n60, n80 int
	for k, best := range x.best {
		n := segLen(s, k)
		v := min(n, int(best>>16))
		sum += v &^ ((n - 2) >> sign)
		prose := n & int(int8(x.unquoted[k])) &^ ((v - 3) >> sign)
		n60 += prose &^ ((5*v - 3*n) >> sign)
		n80 += prose &^ ((5*v - 4*n) >> sign)
	}
	out.CoverSum, out.Cover60P, out.Cover80P = float64(sum), n60, n80
}

// count counts what is marked, and what depends on distinct tokens or sets
// alone.
func (al *Aligner) count(a, b *sketch.Sketch) {
	st := &al.stats
	al.a.count(&st.A)
	al.b.count(&st.B)

	entries := al.entries[:al.distinct]
	for len(entries) > 0 {
		n := min(len(entries), 255) // what a lane holds
		var kinds, both uint64
		for k := range entries[:n] {
			t := &tally[entries[k].state%states]
			kinds += t.kinds
			both += t.both
		}
		for k := range 4 {
			st.A.Kinds[k] += int(kinds >> (8 * k) & 255)
			st.B.Kinds[k] += int(kinds >> (8 * (k + 4)) & 255)
			st.A.Common[k] += int(both >> (8 * k) & 255)
		}
		st.A.Topic += int(both >> 32 & 255)
		st.B.Topic += int(both >> 40 & 255)
		st.A.TopicCommon += int(both >> 48 & 255)
		st.B.TopicCommon += int(both >> 56 & 255)
		entries = entries[n:]
	}
	st.B.Common = st.A.Common

	st.ShortMin = min(len(a.Short), len(b.Short))
	for i, j := 0, 0; i < len(a.Short) && j < len(b.Short); {
		x, y := uint32(a.Short[i]), uint32(b.Short[j])
		st.Short += int(isZero(x ^ y))
		i += int((x - y - 1) >> 31) // x is not greater
		j += int((y - x - 1) >> 31)
	}
}

// tally is what an entry of each state counts for, in bytes from the lowest:
// kinds of A and of B; kinds in common, topics of A and of B, those of either
// in common.
var tally = func() (t [states]struct{ kinds, both uint64 }) {
	for k := range t {
		s := uint8(k)
		one := func(lane uint8, yes bool) uint64 {
			if yes {
				return 1 << (8 * lane)
			}
			return 0
		}
		kind, a, b := s&kindBits, s&inA != 0, s&inB != 0
		t[k].kinds = one(kind, a) + one(4+kind, b)
		t[k].both = one(kind, a && b) + one(4, s&moreA != 0) + one(5, s&moreB != 0) + one(6, s&moreA != 0 && b) + one(7, s&moreB != 0 && a)
	}
	return t
}()

// once is 1 for every state whose tokens stand once on either side.
var once = func() (t [states]uint8) {
	for kind := range uint8(kindBits + 1) {
		t[inA|inB|kind] = 1
	}
	return t
}()

// chains finds how many tokens stand exactly once on either side, and the
// longest chain of them in the same order.
func (al *Aligner) chains() {
	// Entries stand in the order of A: what rises in their ranks in B is a
	// chain.
	rank := uint16(0)
	for _, j := range al.hits {
		e := &al.entries[al.b.spots[j].id]
		e.rank = rank
		rank += uint16(once[e.state%states])
	}
	al.chain = slices.Grow(al.chain[:0], al.ofA+1)[:al.ofA+1]
	chain, n := al.chain, uint32(0)
	for k := range al.entries[:al.ofA] {
		e := &al.entries[k]
		chain[n] = e.rank
		n += uint32(once[e.state%states])
	}
	st := &al.stats
	st.Unique, st.Chain = int(n), al.longest(chain[:n], int(n))
}

// longest returns the length of the longest rising subsequence of ranks, which
// are distinct and below n: patience sorting (Fredman 1975), with the tops of
// the piles as a set of bits. A rank takes the place of the least top above it.
func (al *Aligner) longest(ranks []uint16, n int) int {
	if n <= 64 {
		tops := uint64(0)
		for _, r := range ranks {
			bit := uint64(1) << (r & 63)
			above := tops &^ (bit<<1 - 1)
			tops = tops&^(above&-above) | bit
		}
		return bits.OnesCount64(tops)
	}
	tops := resize(al.tails, (n+63)/64)
	al.tails = tops
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

func (x *side) count(s *Side) {
	s.Tokens, s.Prose = len(x.mark), x.prose
	x.flush()
	s.Run3 = x.run3 / int(run3)
	m := &x.marked
	s.Run3P, s.Run8P, s.RunW5P, s.Pass8P, s.Pass14P = m[0], m[1], m[2], m[3], m[4]
	edge := s.Tokens / 10
	n := 0
	for _, m := range x.mark[:edge] {
		n += int(m & run3)
	}
	for _, m := range x.mark[s.Tokens-edge:] {
		n += int(m & run3)
	}
	s.Edge = n / int(run3)
}

// heads compares titles with one another and with the other side's text, and
// how the texts begin.
func (al *Aligner) heads(a, b *sketch.Sketch) {
	st := &al.stats
	st.HeadMin = min(len(a.Head), len(b.Head))
	st.Head = al.head(a, b, &st.A, inB)
	al.head(b, a, &st.B, inA)
	al.lead(al.a.spots, a.Kinds, &st.A, inB)
	al.lead(al.b.spots, b.Kinds, &st.B, inA)
}

// head looks up the title of s on the other side, in which entries are that
// have the bit other, and returns how many of its tokens the other title has.
func (al *Aligner) head(s, o *sketch.Sketch, out *Side, other uint8) (common int) {
	out.Head = len(s.Head)
	for i, t := range s.Head {
		found := slices.Contains(o.Head, t)
		if found {
			common++
		}
		if e := al.lookup(t); e != nil && e.state&other != 0 {
			found = true
			out.HeadBody++
			if e.lead&other != 0 {
				out.HeadLead++
			}
		}
		if s.HeadKinds[i] != sketch.Word {
			out.HeadTerms++
			if found {
				out.HeadTermsCommon++
			}
		}
	}
	return common
}

// lead compares the beginning of a text with that of the other side, in which
// entries are that have the bit other.
func (al *Aligner) lead(spots []spot, kinds []sketch.Kind, out *Side, other uint8) {
	const anywhere = 24
	n := min(len(spots), leadTokens)
	var body, near, terms, nearTerms, bodyTerms uint32
	for i, spot := range spots[:n] {
		e := &al.entries[spot.id]
		there := isZero(uint32(e.state&other)) ^ 1
		lead := isZero(uint32(e.lead&other)) ^ 1
		term := isZero(uint32(kinds[i])) ^ 1
		near += lead
		terms += term
		nearTerms += lead & term
		bodyTerms += there & term
		if i < anywhere {
			body += there
		}
	}
	out.Lead, out.LeadCommon = n, int(near)
	out.LeadTerms, out.LeadTermsCommon, out.LeadTermsBody = int(terms), int(nearTerms), int(bodyTerms)
	if n > 0 {
		out.LeadBody = float64(body) / float64(min(n, anywhere))
	}
}

// Longest returns the longest passages of the last Align, at most eight, of at
// least least tokens, that overlap on neither side: longest first, of equal
// ones the earlier in A, then in B. It is valid until the next call.
func (al *Aligner) Longest(least uint32) []Passage {
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
		for _, s := range al.a.seg[p.A0:p.A1] {
			p.Quoted += uint32(^al.a.unquoted[s] & 1)
		}
		al.out = append(al.out, p)
	}
	return al.out
}

// Segments returns the segments of the first and the last token of a passage on
// either side, by number. The texts must have some.
func (al *Aligner) Segments(p Passage) (a0, a1, b0, b1 int) {
	return int(al.a.seg[p.A0]), int(al.a.seg[p.A1-1]), int(al.b.seg[p.B0]), int(al.b.seg[p.B1-1])
}

// Passages returns the longest passages that two sketches have in common, as
// Longest does after Align; of the sketches only the tokens count.
func (al *Aligner) Passages(a, b *sketch.Sketch, least uint32) []Passage {
	al.stats = Stats{}
	al.index(a, b)
	al.findRuns(a, b)
	al.chainRuns(a, b)
	return al.Longest(least)
}
