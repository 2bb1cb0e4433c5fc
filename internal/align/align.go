// Package align measures how two sketches overlap: common runs of tokens,
// common sentences and their order, common names and numbers.
package align

import (
	"slices"

	"github.com/newsdedup/newsdedup/internal/sketch"
)

// Bounds of the work on one pair. They keep the time for two hostile texts
// (one word repeated) linear; news articles stay far below them.
const (
	maxOccurrences = 8   // occurrences of one token in A that a token of B is tried against
	maxSegments    = 512 // segments of either side that take part in sentence cover
	maxPassages    = 8   // passages reported
)

// A Run is a maximal stretch of equal tokens.
type Run struct{ A, B, Len uint32 } // first token on either side, length in tokens

// A Passage is a chain of runs with short gaps.
type Passage struct {
	A0, A1, B0, B1 uint32 // token ranges, half open
	Tokens         uint32 // tokens in common
	Quoted         uint32 // of them, in quoted segments of both or either side
}

// Side is what one of the two texts has in common with the other.
// Counts are of tokens unless said otherwise.
type Side struct {
	Tokens int // all
	Prose  int // outside quoted segments
	// Run2 … Run8 count the tokens within common runs of at least so many
	// tokens, the P forms only those outside quotations.
	Run2, Run3, Run5, Run8     int
	Run2P, Run3P, Run5P, Run8P int
	// Cover counts the tokens of segments of which the given share (in
	// percent) of tokens stands in one segment of the other side.
	Cover40, Cover60, Cover80    int
	Cover40P, Cover60P, Cover80P int
	CoverSum, CoverSumP          float64 // Σ tokens × best cover
	RunW3P, RunW5P               int     // in runs that hold three, five plain words, outside quotations
	Pass8P, Pass14P              int     // in passages of eight, fourteen common tokens, outside quotations
	Edge                         int     // tokens within Run3 that lie in the last or first tenth
	// Distinct tokens by kind, and how many of them the other side has.
	Kinds  [4]int
	Common [4]int
}

// Stats is the comparison of two sketches.
type Stats struct {
	A, B                                      Side
	Shingles                                  int // distinct 3-token shingles in common (approximate: start positions within runs)
	Conflicts                                 int // names and numbers that differ within a common frame
	Agree                                     int // names and numbers within common runs of three or more
	NumConflicts, NumAgree                    int
	Longest                                   int     // tokens of the longest run
	Order                                     float64 // share of successive covered segments in the same order; 0 when fewer than two
	Ordered                                   int     // how many successions that rests on
	Short                                     int     // short names in common
	ShortMin                                  int     // of the side that has fewer
	Head                                      int     // common title tokens
	HeadMin                                   int     // of the shorter title
	HeadLeadA, HeadLeadB                      int     // title tokens of A found in B's body, and the reverse
	Lead                                      float64 // common share of the first segments' tokens (best of both directions)
	Passages                                  []Passage
	Unique                                    int // tokens that stand exactly once on either side
	Chain                                     int // the longest chain of them in the same order
	UniqueNN, ChainNN                         int // the same for names and numbers
	Tight                                     int // successive links of the chain at most 12 tokens apart on both sides
	UniqueA, UniqueB                          int // tokens that stand exactly once in A, in B
	LeadLead, LeadTerms, HeadLead, HeadLeadLo float64
	TopicA, TopicNA, TopicB, TopicNB          int
}

// Aligner holds scratch space; the zero value is ready. It is not safe for
// concurrent use.
type Aligner struct {
	a, b         index
	runA         []uint16 // length of the longest run each token of A lies in
	runB         []uint16
	markA, markB []uint8
	ends         []uint32 // by diagonal: where in B the last run on it ends
	runs         []Run
	votes        []uint8
	best         [2][]segBest
	pass         []Passage
	kindA, kindB []sketch.Kind
	seq, tails   []uint32
	stats        Stats
}

type segBest struct {
	votes uint8
	seg   uint16
}

// index is an open-addressed table from token to its last position, with a
// chain to earlier ones.
type index struct {
	slots []uint32 // position+1, 0 empty
	prev  []uint32 // position+1 of the previous equal token
	seg   []uint16 // segment of each token
	quote []bool
	mask  uint32
	n     int
}

func (x *index) build(s *sketch.Sketch) {
	n := len(s.Tokens)
	size := 64
	for size < 2*n {
		size *= 2
	}
	x.slots = slices.Grow(x.slots[:0], size)[:size]
	clear(x.slots)
	x.prev = slices.Grow(x.prev[:0], n)[:n]
	x.seg = slices.Grow(x.seg[:0], n)[:n]
	x.quote = slices.Grow(x.quote[:0], n)[:n]
	x.mask, x.n = uint32(size-1), n
	for i, t := range s.Tokens {
		h := spread(t) & x.mask
		for {
			p := x.slots[h]
			if p == 0 {
				break
			}
			if s.Tokens[p-1] == t {
				break
			}
			h = (h + 1) & x.mask
		}
		x.prev[i] = x.slots[h]
		x.slots[h] = uint32(i + 1)
	}
	if len(s.Segs) == 0 {
		clear(x.seg)
		clear(x.quote)
	}
	for k, sg := range s.Segs {
		end := n
		if k+1 < len(s.Segs) {
			end = int(s.Segs[k+1].Token)
		}
		q := sg.Flags&sketch.Quoted != 0
		for i := int(sg.Token); i < end; i++ {
			x.seg[i], x.quote[i] = uint16(min(k, maxSegments-1)), q
		}
	}
}

func spread(t uint16) uint32 { return uint32(t) * 0x9E3779B1 >> 8 }

// find returns the last position of t plus one, or zero.
func (x *index) find(tokens []uint16, t uint16) uint32 {
	h := spread(t) & x.mask
	for {
		p := x.slots[h]
		if p == 0 || tokens[p-1] == t {
			return p
		}
		h = (h + 1) & x.mask
	}
}

// Align compares a and b, which must be of one level. The result is valid
// until the next call.
func (al *Aligner) Align(a, b *sketch.Sketch) *Stats {
	st := &al.stats
	*st = Stats{Passages: st.Passages[:0]}
	al.a.build(a)
	al.b.build(b)
	al.findRuns(a, b)
	al.cover(a, b)
	al.distinct(a, b)
	al.passages(a, b)
	al.words(a, b)
	al.heads(a, b)
	return st
}

func (al *Aligner) findRuns(a, b *sketch.Sketch) {
	ta, tb := a.Tokens, b.Tokens
	al.runA = slices.Grow(al.runA[:0], len(ta))[:len(ta)]
	al.runB = slices.Grow(al.runB[:0], len(tb))[:len(tb)]
	clear(al.runA)
	clear(al.runB)
	al.ends = slices.Grow(al.ends[:0], len(ta)+len(tb))[:len(ta)+len(tb)]
	clear(al.ends)
	al.runs = al.runs[:0]
	na, nb := min(len(a.Segs), maxSegments), min(len(b.Segs), maxSegments)
	al.votes = slices.Grow(al.votes[:0], na*nb)[:na*nb]
	clear(al.votes)
	for s, n := range [2]int{na, nb} {
		al.best[s] = slices.Grow(al.best[s][:0], n)[:n]
		clear(al.best[s])
	}
	for j, t := range tb {
		p := al.a.find(ta, t)
		for k := 0; p != 0 && k < maxOccurrences; k++ {
			i := int(p - 1)
			p = al.a.prev[i]
			if sa, sb := int(al.a.seg[i]), int(al.b.seg[j]); na > 0 && nb > 0 {
				v := &al.votes[sa*nb+sb]
				if *v < 255 {
					*v++
				}
				if *v > al.best[0][sa].votes {
					al.best[0][sa] = segBest{*v, uint16(sb)}
				}
				if *v > al.best[1][sb].votes {
					al.best[1][sb] = segBest{*v, uint16(sa)}
				}
			}
			end := &al.ends[i-j+len(tb)]
			if j < int(*end) {
				continue // inside a run found already
			}
			// Backwards too: the first tokens of a run may occur too often
			// to have been tried.
			i0, j0 := i, j
			for i0 > 0 && j0 > 0 && ta[i0-1] == tb[j0-1] {
				i0, j0 = i0-1, j0-1
			}
			n := i - i0 + 1
			for i0+n < len(ta) && j0+n < len(tb) && ta[i0+n] == tb[j0+n] {
				n++
			}
			*end = uint32(j0 + n)
			if n < 2 {
				continue
			}
			al.runs = append(al.runs, Run{uint32(i0), uint32(j0), uint32(n)})
			l := uint16(min(n, 1<<16-1))
			for d := range n {
				al.runA[i0+d] = max(al.runA[i0+d], l)
				al.runB[j0+d] = max(al.runB[j0+d], l)
			}
		}
	}
	st := &al.stats
	st.A.count(al.runA, al.a.quote)
	st.B.count(al.runB, al.b.quote)
	for _, r := range al.runs {
		if r.Len >= 3 {
			st.Shingles += int(r.Len) - 2
		}
		st.Longest = max(st.Longest, int(r.Len))
	}
}

func (s *Side) count(run []uint16, quote []bool) {
	s.Tokens = len(run)
	edge := len(run) / 10
	for i, l := range run {
		q := quote[i]
		if !q {
			s.Prose++
		}
		if l < 2 {
			continue
		}
		s.Run2++
		if !q {
			s.Run2P++
		}
		if l < 3 {
			continue
		}
		s.Run3++
		if i < edge || i >= len(run)-edge {
			s.Edge++
		}
		if !q {
			s.Run3P++
		}
		if l < 5 {
			continue
		}
		s.Run5++
		if !q {
			s.Run5P++
		}
		if l >= 8 {
			s.Run8++
			if !q {
				s.Run8P++
			}
		}
	}
}

// cover tells for every segment which share of its tokens stands in one
// segment of the other side, and whether those stand in the same order.
func (al *Aligner) cover(a, b *sketch.Sketch) {
	st := &al.stats
	al.coverSide(a, &st.A, al.best[0])
	al.coverSide(b, &st.B, al.best[1])
	// Order is told on the side with fewer segments, each against its best.
	s, best := a, al.best[0]
	if len(b.Segs) < len(a.Segs) {
		s, best = b, al.best[1]
	}
	last, up, n := -1, 0, 0
	for k := range best {
		if share(s, k, best[k]) < 0.4 || best[k].votes < 3 {
			continue
		}
		if last >= 0 && int(best[k].seg) != last {
			n++
			if int(best[k].seg) > last {
				up++
			}
		}
		last = int(best[k].seg)
	}
	st.Ordered = n
	if n > 0 {
		st.Order = float64(up) / float64(n)
	}
}

func segLen(s *sketch.Sketch, k int) int {
	end := len(s.Tokens)
	if k+1 < len(s.Segs) && k+1 < maxSegments {
		end = int(s.Segs[k+1].Token)
	}
	return end - int(s.Segs[k].Token)
}

func share(s *sketch.Sketch, k int, b segBest) float64 {
	n := segLen(s, k)
	if n == 0 {
		return 0
	}
	return min(1, float64(b.votes)/float64(n))
}

func (al *Aligner) coverSide(s *sketch.Sketch, side *Side, best []segBest) {
	for k := range best {
		n := segLen(s, k)
		if n < 2 {
			continue
		}
		c := share(s, k, best[k])
		q := s.Segs[k].Flags&sketch.Quoted != 0
		side.CoverSum += c * float64(n)
		if !q {
			side.CoverSumP += c * float64(n)
		}
		if best[k].votes < 3 {
			continue
		}
		if c >= .4 {
			side.Cover40 += n
			if !q {
				side.Cover40P += n
			}
		}
		if c >= .6 {
			side.Cover60 += n
			if !q {
				side.Cover60P += n
			}
		}
		if c >= .8 {
			side.Cover80 += n
			if !q {
				side.Cover80P += n
			}
		}
	}
}

// distinct counts distinct tokens by kind, and the common ones.
func (al *Aligner) distinct(a, b *sketch.Sketch) {
	st := &al.stats
	kinds(&al.a, a, &al.kindA)
	kinds(&al.b, b, &al.kindB)
	for i, t := range a.Tokens {
		if al.a.prev[i] != 0 {
			continue
		}
		k := al.kindA[i]
		st.A.Kinds[k]++
		if al.b.find(b.Tokens, t) != 0 {
			st.A.Common[k]++
		}
	}
	for j, t := range b.Tokens {
		if al.b.prev[j] != 0 {
			continue
		}
		k := al.kindB[j]
		st.B.Kinds[k]++
		if al.a.find(a.Tokens, t) != 0 {
			st.B.Common[k]++
		}
	}
	al.order(a, b)
	st.ShortMin = min(len(a.Short), len(b.Short))
	for i, j := 0, 0; i < len(a.Short) && j < len(b.Short); {
		switch x, y := a.Short[i], b.Short[j]; {
		case x < y:
			i++
		case x > y:
			j++
		default:
			st.Short++
			i++
			j++
		}
	}
}

// passages chains runs whose gap is at most three tokens on either side.
func (al *Aligner) passages(a, b *sketch.Sketch) {
	st := &al.stats
	al.pass = al.pass[:0]
	const gap = 3
	for _, r := range al.runs { // ordered by B
		joined := false
		for k := len(al.pass) - 1; k >= 0 && k >= len(al.pass)-16; k-- {
			p := &al.pass[k]
			if r.A >= p.A1 && r.A <= p.A1+gap && r.B >= p.B1 && r.B <= p.B1+gap {
				// A frame: a gap of the same length on both sides that holds
				// a name or number on both.
				if d := r.A - p.A1; d == r.B-p.B1 {
					for x := range d {
						ka, kb := a.Kinds[p.A1+x], b.Kinds[p.B1+x]
						if ka == sketch.Number && kb == sketch.Number {
							st.NumConflicts++
						}
						if ka != sketch.Word && kb != sketch.Word {
							st.Conflicts++
						}
					}
				}
				p.A1, p.B1, p.Tokens = r.A+r.Len, r.B+r.Len, p.Tokens+r.Len
				joined = true
				break
			}
		}
		if !joined {
			al.pass = append(al.pass, Passage{A0: r.A, A1: r.A + r.Len, B0: r.B, B1: r.B + r.Len, Tokens: r.Len})
		}
	}
	for i, l := range al.runA {
		if l >= 3 && a.Kinds[i] != sketch.Word {
			st.Agree++
			if a.Kinds[i] == sketch.Number {
				st.NumAgree++
			}
		}
	}
	for k := range al.pass {
		p := &al.pass[k]
		for i := p.A0; i < p.A1; i++ {
			if al.a.quote[i] {
				p.Quoted++
			}
		}
	}
}

// Longest returns the longest passages that do not overlap on side A, longest
// first; ties go to the earlier one.
func (al *Aligner) Longest(minTokens uint32) []Passage {
	cand := al.pass
	slices.SortFunc(cand, func(x, y Passage) int {
		if x.Tokens != y.Tokens {
			return int(y.Tokens) - int(x.Tokens)
		}
		if x.A0 != y.A0 {
			return int(x.A0) - int(y.A0)
		}
		return int(x.B0) - int(y.B0)
	})
	out := al.stats.Passages[:0]
next:
	for _, p := range cand {
		if p.Tokens < minTokens || len(out) == maxPassages {
			break
		}
		for _, q := range out {
			if p.A0 < q.A1 && q.A0 < p.A1 || p.B0 < q.B1 && q.B0 < p.B1 {
				continue next
			}
		}
		out = append(out, p)
	}
	al.stats.Passages = out
	return out
}

// heads compares titles with one another and with the other side's body, and
// the first segments of either with the whole of the other.
func (al *Aligner) heads(a, b *sketch.Sketch) {
	st := &al.stats
	st.HeadMin = min(len(a.Head), len(b.Head))
	for _, t := range a.Head {
		if slices.Contains(b.Head, t) {
			st.Head++
		}
		if al.b.find(b.Tokens, t) != 0 {
			st.HeadLeadA++
		}
	}
	for _, t := range b.Head {
		if al.a.find(a.Tokens, t) != 0 {
			st.HeadLeadB++
		}
	}
	al.starts(a, b)
	st.Lead = max(lead(a, b, &al.b), lead(b, a, &al.a))
}

// starts compares how the two texts begin: LeadLead is the common share of the
// first leadTokens, LeadTerms that of the names, numbers and dates in them,
// HeadLead the share of title tokens in the other side's first tokens.
func (al *Aligner) starts(a, b *sketch.Sketch) {
	st := &al.stats
	side := func(x, y *sketch.Sketch, ix *index) (all, terms, nterms, n, head int) {
		n = min(leadTokens, len(x.Tokens))
		for i, t := range x.Tokens[:n] {
			term := x.Kinds[i] != sketch.Word
			if term {
				nterms++
			}
			if ix.first(y.Tokens, t) < leadTokens {
				all++
				if term {
					terms++
				}
			}
		}
		for _, t := range x.Head {
			if ix.first(y.Tokens, t) < leadTokens {
				head++
			}
		}
		return
	}
	a1, a2, a3, a4, a5 := side(a, b, &al.b)
	b1, b2, b3, b4, b5 := side(b, a, &al.a)
	st.LeadLead = float64(max(a1, b1)) / float64(min(a4, b4)+4)
	st.LeadTerms = float64(max(a2, b2)) / float64(min(a3, b3)+2)
	st.HeadLead = max(float64(a5)/float64(len(a.Head)+1), float64(b5)/float64(len(b.Head)+1))
	st.HeadLeadLo = min(float64(a5)/float64(len(a.Head)+1), float64(b5)/float64(len(b.Head)+1))
	st.TopicA, st.TopicNA = al.topic(a, &al.a, b, &al.b)
	st.TopicB, st.TopicNB = al.topic(b, &al.b, a, &al.a)
}

const leadTokens = 40

// topic counts the distinct tokens that one side repeats, and those of them
// that the other side has.
func (al *Aligner) topic(x *sketch.Sketch, ix *index, y *sketch.Sketch, iy *index) (common, n int) {
	for i, t := range x.Tokens {
		p := ix.prev[i]
		if p == 0 || ix.prev[p-1] != 0 {
			continue // not the second occurrence
		}
		n++
		if iy.find(y.Tokens, t) != 0 {
			common++
		}
	}
	return
}

// first returns the first position of t, or a great number.
func (x *index) first(tokens []uint16, t uint16) uint32 {
	p := x.find(tokens, t)
	if p == 0 {
		return 1 << 30
	}
	for x.prev[p-1] != 0 {
		p = x.prev[p-1]
	}
	return p - 1
}

// lead is the share of the first 24 tokens of s that the other side holds.
func lead(s, o *sketch.Sketch, x *index) float64 {
	n := min(24, len(s.Tokens))
	if n == 0 {
		return 0
	}
	c := 0
	for _, t := range s.Tokens[:n] {
		if x.find(o.Tokens, t) != 0 {
			c++
		}
	}
	return float64(c) / float64(n)
}

// kinds gives the first occurrence of every token the strongest kind that any
// of its occurrences has: a name that starts one sentence stands inside another.
func kinds(x *index, s *sketch.Sketch, dst *[]sketch.Kind) {
	*dst = append((*dst)[:0], s.Kinds...)
	k := *dst
	for i := len(k) - 1; i >= 0; i-- {
		if p := x.prev[i]; p != 0 {
			k[p-1] = max(k[p-1], k[i])
		}
	}
}

// order finds the longest chain of unique common tokens that stand in the
// same order on both sides (patience, O(n log n)).
func (al *Aligner) order(a, b *sketch.Sketch) {
	st := &al.stats
	run := func(nn bool) (n, lis int) {
		al.seq = al.seq[:0]
		for i, t := range a.Tokens {
			if al.a.prev[i] != 0 || al.a.find(a.Tokens, t) != uint32(i+1) {
				continue
			}
			if !nn {
				st.UniqueA++
			}
			if nn && al.kindA[i] == sketch.Word {
				continue
			}
			j := al.b.find(b.Tokens, t)
			if j == 0 || al.b.prev[j-1] != 0 {
				continue
			}
			al.seq = append(al.seq, j)
		}
		al.tails = al.tails[:0]
		for _, j := range al.seq {
			k, _ := slices.BinarySearch(al.tails, j)
			if k == len(al.tails) {
				al.tails = append(al.tails, j)
			} else {
				al.tails[k] = j
			}
		}
		return len(al.seq), len(al.tails)
	}
	st.Unique, st.Chain = run(false)
	st.UniqueNN, st.ChainNN = run(true)
}

// words counts the tokens of runs and passages by what they hold besides names
// and numbers, which independent reports share as well.
func (al *Aligner) words(a, b *sketch.Sketch) {
	st := &al.stats
	al.markA = slices.Grow(al.markA[:0], len(a.Tokens))[:len(a.Tokens)]
	al.markB = slices.Grow(al.markB[:0], len(b.Tokens))[:len(b.Tokens)]
	clear(al.markA)
	clear(al.markB)
	for _, r := range al.runs {
		w := 0
		for d := range r.Len {
			if al.kindA[r.A+d] == sketch.Word {
				w++
			}
		}
		var m uint8
		if w >= 3 {
			m |= 1
		}
		if w >= 5 {
			m |= 2
		}
		for d := range r.Len {
			al.markA[r.A+d] |= m
			al.markB[r.B+d] |= m
		}
	}
	for _, p := range al.pass {
		var m uint8
		if p.Tokens >= 8 {
			m |= 4
		}
		if p.Tokens >= 14 {
			m |= 8
		}
		if m == 0 {
			continue
		}
		for i := p.A0; i < p.A1; i++ {
			al.markA[i] |= m
		}
		for i := p.B0; i < p.B1; i++ {
			al.markB[i] |= m
		}
	}
	tally := func(s *Side, mark []uint8, x *index) {
		for i, m := range mark {
			if m == 0 || x.quote[i] {
				continue
			}
			s.RunW3P += int(m & 1)
			s.RunW5P += int(m >> 1 & 1)
			s.Pass8P += int(m >> 2 & 1)
			s.Pass14P += int(m >> 3 & 1)
		}
	}
	tally(&st.A, al.markA, &al.a)
	tally(&st.B, al.markB, &al.b)
}

// Passages returns the longest passages that two sketches have in common, at
// least min tokens long. Names, numbers and segments play no part.
func (al *Aligner) Passages(a, b *sketch.Sketch, min uint32) []Passage {
	al.stats = Stats{}
	al.a.build(a)
	al.b.build(b)
	al.findRuns(a, b)
	al.passages(a, b)
	return al.Longest(min)
}
