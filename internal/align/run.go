package align

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/newsdedup/newsdedup/internal/sketch"
)

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
	al.runs = al.runs[:0]
	if x.n < minRun {
		return true
	}
	// A run may begin where three common tokens stand.
	w := (y.n + 63) / 64
	begins := al.begins[:w]
	for k, c := range y.common[:w] {
		next := uint64(0)
		if k+1 < w {
			next = y.common[k+1]
		}
		begins[k] = c & (c>>1 | next<<63) & (c>>2 | next<<62)
	}
	left := maxRuns * (x.n + y.n)
	for k := range begins {
		for set := begins[k]; set != 0; {
			bit := set & -set
			set &^= bit
			j := k<<6 + bits.TrailingZeros64(bit)
			t := y.four(j)
			for p := x.tops[top(uint16(t), uint16(t>>16), uint16(t>>32))]; p != 0; p = x.below[p%maxPlaces] {
				i := int(p) - 1
				if (x.four(i)^t)<<16 != 0 {
					continue
				}
				if i > 0 && j > 0 && x.token(i-1) == y.token(j-1) {
					continue // inside a run found already
				}
				n := minRun + alike(x.Tokens[2*(i+minRun):2*x.n], y.Tokens[2*(j+minRun):2*y.n])
				if left -= n; left < 0 {
					return false
				}
				al.runs = append(al.runs, Run{uint32(i), uint32(j), uint32(n)})
				if n > minRun {
					al.skip(uint32(j), n)
					set = begins[k] &^ (bit<<1 - 1)
				}
			}
		}
	}
	if al.flipped {
		al.reorder()
	}
	return true
}

// reorder exchanges the sides of the runs, and sorts them by B, those of one token
// of B by A, the last first.
func (al *Aligner) reorder() {
	keys := al.keys[:0]
	for _, r := range al.runs {
		keys = append(keys, uint64(r.A)<<32|uint64(^uint16(r.B))<<16|uint64(r.Len))
	}
	slices.Sort(keys)
	for k, key := range keys {
		al.runs[k] = Run{uint32(^uint16(key >> 16)), uint32(key >> 32), uint32(uint16(key))}
	}
	al.keys = keys
}

// four returns four tokens from i on, which must be less than maxTokens.
func (x *side) four(i int) uint64 {
	return binary.LittleEndian.Uint64(x.tokens[2*i : 2*i+8])
}

// skip takes out of begins the shingles within a run of n tokens at position j of
// Y, but for those of three tokens that X repeats: the others begin no other run.
func (al *Aligner) skip(j uint32, n int) {
	again := &al.x.again
	run := al.y.ids[j+1:][:n-1]
	// The last three tokens, a bit each, that of the latest the lowest.
	bits := uint64(again[run[0]%maxIDs])<<1 | uint64(again[run[1]%maxIDs])
	for run = run[2:]; len(run) > 0; {
		n := min(64, len(run))
		within := uint64(0)
		for _, id := range run[:n] {
			bits = bits<<1&6 | uint64(again[id%maxIDs])
			within = within>>1 | (bits+1)<<60&^(1<<63-1)
		}
		al.begins.remove(j+1, ^within>>(64-n))
		run, j = run[n:], j+uint32(n)
	}
}

// alike returns how many tokens, of two bytes each, two texts begin with alike.
func alike(x, y string) (n int) {
	for len(x) >= 8 && len(y) >= 8 {
		if d := sketch.Load(x) ^ sketch.Load(y); d != 0 {
			return n + bits.TrailingZeros64(d)/16
		}
		x, y = x[8:], y[8:]
		n += 4
	}
	for len(x) >= 2 && len(y) >= 2 && x[0] == y[0] && x[1] == y[1] {
		x, y = x[2:], y[2:]
		n++
	}
	return n
}

// chainRuns builds passages of runs that follow one another closely on both
// sides, and notes the positions in both.
func (al *Aligner) chainRuns(a, b *side) {
	st := &al.stats
	clear(a.marks[:a.n>>6+2])
	clear(b.marks[:b.n>>6+2])
	al.pass, al.gaps = al.pass[:0], al.gaps[:0]
	for _, r := range al.runs {
		st.Longest = max(st.Longest, int(r.Len))
		st.Shingles += int(r.Len) - (minRun - 1)
		eight, words := atLeast(r.Len, 8), uint64(0)
		if r.Len >= 5 {
			words = atLeast(plain(a, b, r), 5)
		}
		a.mark(run3, r.A, r.Len, words, eight)
		b.mark(run3, r.B, r.Len, words, eight)
		if p := al.link(r); p != nil {
			inA, inB := part(&a.terms, p.A1)&(1<<(r.A-p.A1)-1), part(&b.terms, p.B1)&(1<<(r.B-p.B1)-1)
			if inA != 0 && inB != 0 {
				al.gaps = append(al.gaps, gap{p.A1, p.B1, inA, inB})
			}
			p.extend(r)
		}
	}
	for _, g := range al.gaps {
		st.Conflicts += min(bits.OnesCount64(g.inA&^a.common(g.a)), bits.OnesCount64(g.inB&^b.common(g.b)))
	}
	up := 0
	for k := range al.pass {
		p := &al.pass[k]
		if k > 0 && p.A0 > al.pass[k-1].A0 {
			up++
		}
		if p.Tokens >= 8 {
			a.mark(pass8, p.A0, p.A1-p.A0, atLeast(p.Tokens, 14), 0)
			b.mark(pass8, p.B0, p.B1-p.B0, atLeast(p.Tokens, 14), 0)
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

// A gap is what stands between two runs of a passage: where it begins on either
// side, and a bit for each of its names, numbers and dates.
type gap struct {
	a, b     uint32
	inA, inB uint64
}

// common returns which of the 64 positions from i on stand in a run of eight or more.
func (x *side) common(i uint32) uint64 {
	k, s := i>>6, i&63
	return x.marks[k][run8]>>s | x.marks[k+1][run8]<<1<<(63-s)
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

// atLeast is all bits if n is that, and none if not.
func atLeast(n, least uint32) uint64 { return ^uint64((int64(n) - int64(least)) >> 63) }

// mark notes n positions from i on as part of something, and, if next and last
// are all bits, of what is numbered next to it and behind that.
func (x *side) mark(what int, i, n uint32, next, last uint64) {
	for ; ; i, n = i+64, n-64 {
		all := ^uint64(0) >> (64 - min(64, n))
		low, high := all<<(i&63), all>>1>>(63-i&63)
		c, d := x.marks[i>>6][what:][:3], x.marks[i>>6+1][what:][:3]
		c[0], c[1], c[2] = c[0]|low, c[1]|low&next, c[2]|low&last
		d[0], d[1], d[2] = d[0]|high, d[1]|high&next, d[2]|high&last
		if n <= 64 {
			return
		}
	}
}

// plain returns how many tokens of a run are words on both sides.
func plain(a, b *side, r Run) (n uint32) {
	for d := uint32(0); d < r.Len; d += 64 {
		terms := part(&a.terms, r.A+d) | part(&b.terms, r.B+d)
		n += uint32(bits.OnesCount64(^terms & (^uint64(0) >> (64 - min(64, r.Len-d)))))
	}
	return n
}

// Longest returns the longest passages of the last comparison, at most eight,
// of at least least tokens, that overlap on neither side: longest first, of
// equal ones the earlier in A, then in B. It is valid until the next call.
func (al *Aligner) Longest(least uint32) []Passage {
	a, b := &al.x.side, &al.y.side
	if al.flipped {
		a, b = b, a
	}
	out := al.longestPassages(least)
	if len(out) == 0 {
		return nil
	}
	a.countBegins()
	b.countBegins()
	for k := range out {
		p := &out[k]
		for i := p.A0; i < p.A1; i += 64 {
			quoted := part(&a.quoted, i) & (^uint64(0) >> (64 - min(64, p.A1-i)))
			p.Quoted += uint32(bits.OnesCount64(quoted))
		}
		p.SegsA = [2]uint32{a.segment(p.A0), a.segment(p.A1 - 1)}
		p.SegsB = [2]uint32{b.segment(p.B0), b.segment(p.B1 - 1)}
	}
	return out
}

// maxKey is more than what keys of passages are made of.
const maxKey = 1 << 21

func (al *Aligner) longestPassages(least uint32) []Passage {
	// Passages stand in the order of B.
	keys := al.keys[:0]
	for k, p := range al.pass {
		if p.Tokens >= least && k < maxKey {
			keys = append(keys, uint64(maxKey-1-min(p.Tokens, maxKey-1))<<42|uint64(min(p.A0, maxKey-1))<<21|uint64(k))
		}
	}
	al.keys = keys
	slices.Sort(keys)
	al.out = al.out[:0]
next:
	for _, key := range keys {
		if len(al.out) == maxPassages {
			break
		}
		p := &al.pass[key%maxKey]
		for k := range al.out {
			q := &al.out[k]
			if p.A0 < q.A1 && q.A0 < p.A1 || p.B0 < q.B1 && q.B0 < p.B1 {
				continue next
			}
		}
		al.out = append(al.out, *p)
	}
	return al.out
}

// countBegins makes segment ready.
func (x *side) countBegins() {
	n := uint32(0)
	for k, set := range x.begins[:x.n>>6+1] {
		x.begun[k] = n
		n += uint32(bits.OnesCount64(set))
	}
}

// segment returns the segment of token i, after countBegins.
func (x *side) segment(i uint32) uint32 {
	k := i >> 6 % maxWords
	return x.begun[k] + uint32(bits.OnesCount64(x.begins[k]<<(63-i&63))) - 1
}

// Passages returns the longest passages that two texts have in common, as
// Longest does after Align, but of any number of tokens, and without Quoted.
func (al *Aligner) Passages(a, b []uint16, least uint32) []Passage {
	al.shingles.index(a)
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
