package align

import (
	"slices"

	"github.com/newsdedup/newsdedup/internal/sketch"
)

// A plainEntry is what is known of one distinct token.
type plainEntry struct {
	token         uint16
	kind          sketch.Kind // the strongest of its occurrences
	nA, nB        uint32
	firstA, lastA uint32 // lastA: position of the latest occurrence
	firstB        uint32
}

// oracle is Align written for reading: it holds scratch space; the zero value is ready. It is not safe for
// concurrent use.
type oracle struct {
	slots   []uint32     // open-addressed: index into entries, plus one
	entries []plainEntry // in order of first appearance, A before B
	idA     []uint16     // entry of every token
	idB     []uint16
	prev    []uint32 // of every token of A: position of the previous equal one, plus one
	a, b    plainSide
	ends    []uint32 // by diagonal: where in B the last run on it ends
	runs    []Run    // ordered by end of discovery, rising in B
	votes   []uint8  // by segment of A and of B: equal tokens
	pass    []Passage
	out     []Passage
	tails   []uint32
	stats   Stats
}

// plainSide is the scratch space of one text.
type plainSide struct {
	seg  []uint16 // segment of every token
	mark []uint8  // bits below, of every token
	run  []uint16 // length of the longest run it is in
	best []plainBest
}

const (
	isQuoted uint8 = 1 << iota
	isWords5
	isPass8
	isPass14
)

type plainBest struct {
	votes uint8
	seg   uint16
}

func (x *plainSide) reset(s *sketch.Sketch) {
	n := len(s.Tokens)
	x.seg, x.mark, x.run = resize(x.seg, n), resize(x.mark, n), resize(x.run, n)
	x.best = resize(x.best, min(len(s.Segs), maxSegments))
	for k, g := range s.Segs {
		end := n
		if k+1 < len(s.Segs) {
			end = int(s.Segs[k+1].Token)
		}
		seg := uint16(min(k, maxSegments-1))
		for i := int(g.Token); i < end; i++ {
			x.seg[i] = seg
		}
		if g.Flags&sketch.Quoted != 0 {
			for i := int(g.Token); i < end; i++ {
				x.mark[i] = isQuoted
			}
		}
	}
}

// Align compares a and b, which must be of one level. The result is valid
// until the next call.
func (al *oracle) Align(a, b *sketch.Sketch) *Stats {
	al.stats = Stats{}
	al.index(a, b)
	al.findRuns(a, b)
	al.chainRuns(a, b)
	al.cover(a, b)
	al.distinct()
	al.count(a, b)
	al.heads(a, b)
	return &al.stats
}

// index gives every distinct token an entry.
func (al *oracle) index(a, b *sketch.Sketch) {
	al.a.reset(a)
	al.b.reset(b)
	size := 256
	for size < 2*(len(a.Tokens)+len(b.Tokens)) {
		size *= 2
	}
	al.slots = resize(al.slots, size)
	al.entries = al.entries[:0]
	al.idA = slices.Grow(al.idA[:0], len(a.Tokens))[:len(a.Tokens)]
	al.idB = slices.Grow(al.idB[:0], len(b.Tokens))[:len(b.Tokens)]
	al.prev = slices.Grow(al.prev[:0], len(a.Tokens))[:len(a.Tokens)]
	for i, t := range a.Tokens {
		id := al.id(t)
		e := &al.entries[id]
		if e.nA == 0 {
			e.firstA = uint32(i)
			al.prev[i] = 0
		} else {
			al.prev[i] = e.lastA + 1
		}
		e.nA++
		e.lastA = uint32(i)
		e.kind = max(e.kind, a.Kinds[i])
		al.idA[i] = id
	}
	for j, t := range b.Tokens {
		id := al.id(t)
		e := &al.entries[id]
		if e.nB == 0 {
			e.firstB = uint32(j)
		}
		e.nB++
		e.kind = max(e.kind, b.Kinds[j])
		al.idB[j] = id
	}
}

// id returns the entry of t, a new one if there is none.
func (al *oracle) id(t uint16) uint16 {
	mask := uint32(len(al.slots) - 1)
	h := uint32(t) * 0x9E3779B1 >> 8 & mask
	for {
		switch k := al.slots[h]; {
		case k == 0:
			al.entries = append(al.entries, plainEntry{token: t})
			al.slots[h] = uint32(len(al.entries))
			return uint16(len(al.entries) - 1)
		case al.entries[k-1].token == t:
			return uint16(k - 1)
		}
		h = (h + 1) & mask
	}
}

// lookup returns the entry of t or nil.
func (al *oracle) lookup(t uint16) *plainEntry {
	mask := uint32(len(al.slots) - 1)
	h := uint32(t) * 0x9E3779B1 >> 8 & mask
	for {
		k := al.slots[h]
		if k == 0 {
			return nil
		}
		if e := &al.entries[k-1]; e.token == t {
			return e
		}
		h = (h + 1) & mask
	}
}

// findRuns finds the maximal common runs of two tokens or more and counts the
// equal tokens of every two segments.
func (al *oracle) findRuns(a, b *sketch.Sketch) {
	ta, tb := a.Tokens, b.Tokens
	na, nb := len(al.a.best), len(al.b.best)
	al.votes = resize(al.votes, na*nb)
	al.ends = resize(al.ends, len(ta)+len(tb))
	al.runs = al.runs[:0]
	vote := na > 0 && nb > 0
	left := maxRuns * (len(ta) + len(tb))
	for j := range tb {
		e := &al.entries[al.idB[j]]
		if e.nA == 0 {
			continue
		}
		p := e.lastA + 1
		for k := 0; p != 0 && k < maxOccurrences; k++ {
			i := int(p - 1)
			p = al.prev[i]
			if vote {
				sa, sb := al.a.seg[i], al.b.seg[j]
				v := &al.votes[int(sa)*nb+int(sb)]
				if *v < 255 {
					*v++
				}
				if *v > al.a.best[sa].votes {
					al.a.best[sa] = plainBest{*v, sb}
				}
				if *v > al.b.best[sb].votes {
					al.b.best[sb] = plainBest{*v, sa}
				}
			}
			if left < 0 {
				continue
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
			if n >= 2 {
				if left -= n; left < 0 {
					continue
				}
				al.runs = append(al.runs, Run{uint32(i0), uint32(j0), uint32(n)})
			}
		}
	}
}

// chainRuns builds passages of runs that follow one another closely on both
// sides, and marks the tokens of both.
func (al *oracle) chainRuns(a, b *sketch.Sketch) {
	st := &al.stats
	al.pass = al.pass[:0]
	for _, r := range al.runs {
		st.Longest = max(st.Longest, int(r.Len))
		if r.Len >= 3 {
			st.Shingles += int(r.Len) - 2
		}
		l, plain := uint16(min(r.Len, 1<<16-1)), 0
		ra, rb := al.a.run[r.A:r.A+r.Len], al.b.run[r.B:r.B+r.Len]
		for d := range ra {
			ra[d], rb[d] = max(ra[d], l), max(rb[d], l)
			if al.entries[al.idA[int(r.A)+d]].kind == sketch.Word {
				plain++
			}
		}
		if plain >= 5 {
			al.a.set(r.A, r.A+r.Len, isWords5)
			al.b.set(r.B, r.B+r.Len, isWords5)
		}
		al.chain(a, b, r)
	}
	for _, p := range al.pass {
		if p.Tokens >= 8 {
			m := isPass8
			if p.Tokens >= 14 {
				m |= isPass14
			}
			al.a.set(p.A0, p.A1, m)
			al.b.set(p.B0, p.B1, m)
		}
	}
}

// chain adds a run to the latest passage that it continues, or starts one.
func (al *oracle) chain(a, b *sketch.Sketch, r Run) {
	st := &al.stats
	for k := len(al.pass) - 1; k >= 0 && k >= len(al.pass)-lookBack; k-- {
		p := &al.pass[k]
		if r.A < p.A1 || r.A > p.A1+maxGap || r.B < p.B1 || r.B > p.B1+maxGap {
			continue
		}
		na, nb := 0, 0
		for _, k := range a.Kinds[p.A1:r.A] {
			if k != sketch.Word {
				na++
			}
		}
		for _, k := range b.Kinds[p.B1:r.B] {
			if k != sketch.Word {
				nb++
			}
		}
		st.Conflicts += min(na, nb)
		p.A1, p.B1, p.Tokens = r.A+r.Len, r.B+r.Len, p.Tokens+r.Len
		return
	}
	al.pass = append(al.pass, Passage{A0: r.A, A1: r.A + r.Len, B0: r.B, B1: r.B + r.Len, Tokens: r.Len})
}

func (x *plainSide) set(i, j uint32, bits uint8) {
	for k := range x.mark[i:j] {
		x.mark[int(i)+k] |= bits
	}
}

// cover tells for every segment which share of its tokens stands in one
// segment of the other side, and whether those stand in the same order.
func (al *oracle) cover(a, b *sketch.Sketch) {
	st := &al.stats
	al.a.cover(a, &st.A)
	al.b.cover(b, &st.B)
	s, x := a, &al.a
	if len(b.Segs) < len(a.Segs) {
		s, x = b, &al.b
	}
	last, up := -1, 0
	for k, best := range x.best {
		if n := segLen(s, k); best.votes < 3 || 5*int(best.votes) < 2*n {
			continue
		}
		seg := int(best.seg)
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

func (x *plainSide) cover(s *sketch.Sketch, out *Side) {
	for k, best := range x.best {
		n := segLen(s, k)
		if n < 2 {
			continue
		}
		v := min(n, int(best.votes))
		out.CoverSum += float64(v)
		if v < 3 || s.Segs[k].Flags&sketch.Quoted != 0 {
			continue
		}
		if 5*v >= 3*n {
			out.Cover60P += n
		}
		if 5*v >= 4*n {
			out.Cover80P += n
		}
	}
}

// distinct counts what depends on distinct tokens alone. Entries stand in the
// order of A, so that chains of unique tokens are rising sequences in B.
func (al *oracle) distinct() {
	st := &al.stats
	for i := range al.entries {
		e := &al.entries[i]
		both := e.nA > 0 && e.nB > 0
		if e.nA > 0 {
			st.A.Kinds[e.kind]++
			if e.nA > 1 {
				st.A.Topic++
			}
		}
		if e.nB > 0 {
			st.B.Kinds[e.kind]++
			if e.nB > 1 {
				st.B.Topic++
			}
		}
		if both {
			st.A.Common[e.kind]++
			if e.nA > 1 {
				st.A.TopicCommon++
			}
			if e.nB > 1 {
				st.B.TopicCommon++
			}
		}
	}
	st.B.Common = st.A.Common
	st.Unique, st.Chain = al.longestChain()
}

// longestChain returns how many tokens stand exactly once on either side, and
// the longest chain of them in the same order (patience sorting: Fredman 1975).
func (al *oracle) longestChain() (n, longest int) {
	tails := al.tails[:0]
	for i := range al.entries {
		e := &al.entries[i]
		if e.nA != 1 || e.nB != 1 {
			continue
		}
		n++
		if k := len(tails); k == 0 || e.firstB > tails[k-1] {
			tails = append(tails, e.firstB)
			continue
		}
		k, _ := slices.BinarySearch(tails, e.firstB)
		tails[k] = e.firstB
	}
	al.tails = tails
	return n, len(tails)
}

func (al *oracle) count(a, b *sketch.Sketch) {
	st := &al.stats
	al.a.count(&st.A)
	al.b.count(&st.B)
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

func (x *plainSide) count(s *Side) {
	s.Tokens = len(x.run)
	edge := s.Tokens / 10
	for i, l := range x.run {
		m := x.mark[i]
		prose := 1 - int(m&isQuoted)
		s.Prose += prose
		if m > isQuoted {
			s.RunW5P += prose & int(m>>1)
			s.Pass8P += prose & int(m>>2)
			s.Pass14P += prose & int(m>>3)
		}
		if l < 3 {
			continue
		}
		s.Run3++
		s.Run3P += prose
		if i < edge || i >= s.Tokens-edge {
			s.Edge++
		}
		if l >= 8 {
			s.Run8P += prose
		}
	}
}

// heads compares titles with one another and with the other side's text, and
// how the texts begin.
func (al *oracle) heads(a, b *sketch.Sketch) {
	st := &al.stats
	st.HeadMin = min(len(a.Head), len(b.Head))
	st.A.Head, st.B.Head = len(a.Head), len(b.Head)
	for _, t := range a.Head {
		if slices.Contains(b.Head, t) {
			st.Head++
		}
		if e := al.lookup(t); e != nil && e.nB > 0 {
			st.A.HeadBody++
			if e.firstB < leadTokens {
				st.A.HeadLead++
			}
		}
	}
	for _, t := range b.Head {
		if e := al.lookup(t); e != nil && e.nA > 0 {
			st.B.HeadBody++
			if e.firstA < leadTokens {
				st.B.HeadLead++
			}
		}
	}
	terms := func(s, o *sketch.Sketch, out *Side) {
		for i, t := range s.Head {
			if s.HeadKinds[i] != sketch.Word {
				out.HeadTerms++
				if slices.Contains(o.Head, t) || slices.Contains(o.Tokens, t) {
					out.HeadTermsCommon++
				}
			}
		}
	}
	terms(a, b, &st.A)
	terms(b, a, &st.B)
	lead := func(ids []uint16, kinds []sketch.Kind, out *Side, inA bool) {
		body, n := 0, min(len(ids), leadTokens)
		out.Lead = n
		for i, id := range ids[:n] {
			e := &al.entries[id]
			count, first := e.nB, e.firstB
			if inA {
				count, first = e.nA, e.firstA
			}
			near := count > 0 && first < leadTokens
			if near {
				out.LeadCommon++
			}
			if kinds[i] != sketch.Word {
				out.LeadTerms++
				if count > 0 {
					out.LeadTermsBody++
				}
				if near {
					out.LeadTermsCommon++
				}
			}
			if i < 24 && count > 0 {
				body++
			}
		}
		if n > 0 {
			out.LeadBody = float64(body) / float64(min(n, 24))
		}
	}
	lead(al.idA, a.Kinds, &st.A, false)
	lead(al.idB, b.Kinds, &st.B, true)
}

// Longest returns the longest passages of the last Align, at most eight, of at
// least least tokens, that overlap on neither side: longest first, of equal
// ones the earlier in A, then in B. It is valid until the next call.
func (al *oracle) Longest(least uint32) []Passage {
	slices.SortFunc(al.pass, func(x, y Passage) int {
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
	for _, p := range al.pass {
		if p.Tokens < least || len(al.out) == maxPassages {
			break
		}
		for _, q := range al.out {
			if p.A0 < q.A1 && q.A0 < p.A1 || p.B0 < q.B1 && q.B0 < p.B1 {
				continue next
			}
		}
		for _, m := range al.a.mark[p.A0:p.A1] {
			p.Quoted += uint32(m & isQuoted)
		}
		al.out = append(al.out, p)
	}
	return al.out
}

// Passages returns the longest passages that two sketches have in common, as
// Longest does after Align; of the sketches only the tokens count.
func (al *oracle) Passages(a, b *sketch.Sketch, least uint32) []Passage {
	al.stats = Stats{}
	al.index(a, b)
	al.findRuns(a, b)
	al.chainRuns(a, b)
	return al.Longest(least)
}
