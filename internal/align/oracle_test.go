package align

import (
	"slices"

	"github.com/newsdedup/newsdedup/internal/sketch"
)

// oracle is Align written for reading, with maps and sets of positions. It
// keeps the passages for longest.
type oracle struct {
	gaps [][4]uint32 // what stands between the runs of a passage, on either side
	pass []Passage
	a, b *plainSide
}

// plainSide is what is told of one text before the other is looked at.
type plainSide struct {
	*sketch.Sketch
	count    map[uint16]int
	kind     map[uint16]sketch.Kind // the strongest
	leading  map[uint16]bool
	quoted   []bool
	segments [][]uint16 // tokens of those that take part in sentence cover

	run3, run8, words5, pass8, pass14 []bool
}

func newPlainSide(s *sketch.Sketch) *plainSide {
	n := len(s.Tokens)
	x := &plainSide{Sketch: s, count: map[uint16]int{}, kind: map[uint16]sketch.Kind{}, leading: map[uint16]bool{}, quoted: make([]bool, n)}
	for _, set := range []*[]bool{&x.run3, &x.run8, &x.words5, &x.pass8, &x.pass14} {
		*set = make([]bool, n)
	}
	for i, t := range s.Tokens {
		x.count[t]++
		x.kind[t] = max(x.kind[t], s.Kinds[i])
		if i < leadTokens {
			x.leading[t] = true
		}
	}
	for k, g := range s.Segs {
		end := n
		if k+1 < len(s.Segs) {
			end = int(s.Segs[k+1].Token)
		}
		for i := int(g.Token); i < end; i++ {
			x.quoted[i] = g.Flags&sketch.Quoted != 0
		}
		if k < maxSegments {
			x.segments = append(x.segments, s.Tokens[g.Token:end])
		}
	}
	return x
}

func mark(set []bool, from, to uint32) {
	for i := from; i < to; i++ {
		set[i] = true
	}
}

func (o *oracle) align(sa, sb *sketch.Sketch) *Stats {
	st := new(Stats)
	a, b := newPlainSide(sa), newPlainSide(sb)
	o.a, o.b = a, b
	o.chain(a, b, commonRuns(a, b), st)
	a.total(&st.A)
	b.total(&st.B)
	cover(a, b, &st.A)
	cover(b, a, &st.B)
	distinct(a, b, &st.A)
	distinct(b, a, &st.B)
	st.Unique, st.Chain = uniqueChain(a, b)
	st.ShortMin = min(len(a.Short), len(b.Short))
	for _, t := range a.Short {
		if slices.Contains(b.Short, t) {
			st.Short++
		}
	}
	st.HeadMin = min(len(a.Head), len(b.Head))
	for _, t := range a.Head {
		if slices.Contains(b.Head, t) {
			st.Head++
		}
	}
	heads(a, b, &st.A)
	heads(b, a, &st.B)
	return st
}

// commonRuns finds the maximal common runs of three tokens or more: by where
// they begin in B, and then the last of A first.
func commonRuns(a, b *plainSide) (runs []Run) {
	ta, tb := a.Tokens, b.Tokens
	left := maxRuns * (len(ta) + len(tb))
	for j := range tb {
		for i := len(ta) - 1; i >= 0; i-- {
			if i > 0 && j > 0 && ta[i-1] == tb[j-1] {
				continue // not where it begins
			}
			n := 0
			for i+n < len(ta) && j+n < len(tb) && ta[i+n] == tb[j+n] {
				n++
			}
			if n < minRun {
				continue
			}
			if left -= n; left < 0 {
				return runs
			}
			runs = append(runs, Run{uint32(i), uint32(j), uint32(n)})
		}
	}
	return runs
}

// chain builds passages of runs, and marks the tokens of both.
func (o *oracle) chain(a, b *plainSide, runs []Run, st *Stats) {
	o.pass, o.gaps = nil, nil
	for _, r := range runs {
		st.Longest = max(st.Longest, int(r.Len))
		st.Shingles += int(r.Len) - 2
		both := func(setA, setB []bool) {
			mark(setA, r.A, r.A+r.Len)
			mark(setB, r.B, r.B+r.Len)
		}
		both(a.run3, b.run3)
		if r.Len >= 8 {
			both(a.run8, b.run8)
		}
		words := 0
		for d := range r.Len {
			if a.Kinds[r.A+d] == sketch.Word && b.Kinds[r.B+d] == sketch.Word {
				words++
			}
		}
		if words >= 5 {
			both(a.words5, b.words5)
		}
		o.link(a, b, r, st)
	}
	terms := func(x *plainSide, from, to uint32) (n int) {
		for i := from; i < to; i++ {
			if x.Kinds[i] != sketch.Word && !x.run8[i] {
				n++
			}
		}
		return n
	}
	for _, g := range o.gaps {
		st.Conflicts += min(terms(a, g[0], g[1]), terms(b, g[2], g[3]))
	}
	up := 0
	for k, p := range o.pass {
		if p.Tokens >= 8 {
			mark(a.pass8, p.A0, p.A1)
			mark(b.pass8, p.B0, p.B1)
		}
		if p.Tokens >= 14 {
			mark(a.pass14, p.A0, p.A1)
			mark(b.pass14, p.B0, p.B1)
		}
		if k > 0 && p.A0 > o.pass[k-1].A0 {
			up++
		}
	}
	if n := len(o.pass); n == 1 {
		st.Order = 1
	} else if n > 1 {
		st.Order = float64(up) / float64(n-1)
	}
}

// link adds a run to the latest passage that it continues, or starts one.
func (o *oracle) link(a, b *plainSide, r Run, st *Stats) {
	for k := len(o.pass) - 1; k >= 0 && k >= len(o.pass)-lookBack; k-- {
		p := &o.pass[k]
		if r.A < p.A1 || r.A > p.A1+maxGap || r.B < p.B1 || r.B > p.B1+maxGap {
			continue
		}
		o.gaps = append(o.gaps, [4]uint32{p.A1, r.A, p.B1, r.B})
		p.A1, p.B1, p.Tokens = r.A+r.Len, r.B+r.Len, p.Tokens+r.Len
		return
	}
	o.pass = append(o.pass, Passage{A0: r.A, A1: r.A + r.Len, B0: r.B, B1: r.B + r.Len, Tokens: r.Len})
}

// total counts what is marked.
func (x *plainSide) total(out *Side) {
	n := len(x.Tokens)
	out.Tokens = n
	for i := range n {
		if x.run3[i] {
			out.Run3++
			if i < n/10 || i >= n-n/10 {
				out.Edge++
			}
		}
		if x.quoted[i] {
			continue
		}
		out.Prose++
		if i < n/3 {
			out.Front++
			if x.run3[i] {
				out.FrontP++
			}
		}
		for _, c := range []struct {
			set []bool
			n   *int
		}{{x.run3, &out.Run3P}, {x.run8, &out.Run8P}, {x.words5, &out.RunW5P}, {x.pass8, &out.Pass8P}, {x.pass14, &out.Pass14P}} {
			if c.set[i] {
				*c.n++
			}
		}
	}
}

// cover tells which share of every segment of x stands in one of y.
func cover(x, y *plainSide, out *Side) {
	times := func(ts []uint16) map[uint16]int { // at most twice
		n := map[uint16]int{}
		for _, t := range ts {
			n[t] = min(2, n[t]+1)
		}
		return n
	}
	var others []map[uint16]int
	for _, ts := range y.segments {
		others = append(others, times(ts))
	}
	for k, ts := range x.segments {
		n, best := len(ts), 0
		own := times(ts)
		for _, other := range others {
			v := 0
			for t, n := range own {
				v += n * other[t]
			}
			best = max(best, min(v, maxVotes, n))
		}
		if n < 2 {
			continue
		}
		out.CoverSum += float64(best)
		if best < minCovered || x.Segs[k].Flags&sketch.Quoted != 0 {
			continue
		}
		if 5*best >= 3*n {
			out.Cover60P += n
		}
		if 5*best >= 4*n {
			out.Cover80P += n
		}
		if n >= minSentence && 10*best >= 7*n {
			out.Sentences++
		}
	}
}

func distinct(x, y *plainSide, out *Side) {
	for t := range x.count {
		k := max(x.kind[t], y.kind[t])
		out.Kinds[k]++
		if y.count[t] > 0 {
			out.Common[k]++
		}
	}
}

// uniqueChain is the textbook longest rising subsequence, of the positions in A
// of the tokens that stand once on either side, in the order of B.
func uniqueChain(a, b *plainSide) (n, longest int) {
	var at []uint16
	for _, t := range b.Tokens {
		if a.count[t] == 1 && b.count[t] == 1 {
			at = append(at, uint16(slices.Index(a.Tokens, t)))
		}
	}
	return len(at), quadratic(at)
}

func heads(x, y *plainSide, out *Side) {
	out.Head = len(x.Head)
	for i, t := range x.Head {
		known := y.count[t] > 0 || slices.Contains(y.Head, t)
		if known {
			out.HeadKnown++
		}
		if y.leading[t] {
			out.HeadLead++
		}
		if x.HeadKinds[i] != sketch.Word {
			out.HeadTerms++
			if known {
				out.HeadTermsCommon++
			}
		}
	}
	for i, t := range x.Tokens[:min(len(x.Tokens), leadTokens)] {
		if x.Kinds[i] == sketch.Word {
			continue
		}
		out.LeadTerms++
		if y.count[t] > 0 {
			out.LeadTermsBody++
		}
		if y.leading[t] {
			out.LeadTermsCommon++
		}
	}
}

// longest is Longest of the last align.
func (o *oracle) longest(least uint32) (out []Passage) {
	pass := slices.Clone(o.pass)
	slices.SortFunc(pass, func(x, y Passage) int {
		if x.Tokens != y.Tokens {
			return int(y.Tokens) - int(x.Tokens)
		}
		if x.A0 != y.A0 {
			return int(x.A0) - int(y.A0)
		}
		return int(x.B0) - int(y.B0)
	})
	for _, p := range pass {
		if p.Tokens < least || len(out) == maxPassages {
			break
		}
		if slices.ContainsFunc(out, func(q Passage) bool {
			return p.A0 < q.A1 && q.A0 < p.A1 || p.B0 < q.B1 && q.B0 < p.B1
		}) {
			continue
		}
		for _, q := range o.a.quoted[p.A0:p.A1] {
			if q {
				p.Quoted++
			}
		}
		p.SegsA = [2]uint32{o.a.segmentOf(p.A0), o.a.segmentOf(p.A1 - 1)}
		p.SegsB = [2]uint32{o.b.segmentOf(p.B0), o.b.segmentOf(p.B1 - 1)}
		out = append(out, p)
	}
	return out
}

// segmentOf is the segment of a token.
func (x *plainSide) segmentOf(i uint32) (k uint32) {
	for int(k)+1 < len(x.Segs) && x.Segs[k+1].Token <= i {
		k++
	}
	return k
}
