package align

import (
	"math/bits"
	"slices"

	"github.com/newsdedup/newsdedup/internal/sketch"
)

// findRuns finds the common runs, in the order of B, of those that begin at one
// token of B the last of A first.
func (al *Aligner) findRuns() {
	x, y := &al.x, &al.y
	al.runs = al.runs[:0]
	ends := &al.ends // by diagonal: where the latest run of it ends in Y
	for _, p := range al.findSeeds() {
		diagonal := (p.x - p.y) % uint16(len(ends))
		if p.y < ends[diagonal] {
			continue
		}
		i, j := uint(p.x), uint(p.y)
		for i > 0 && j > 0 && x.text.token(uint16(i-1)) == y.text.token(uint16(j-1)) {
			i, j = i-1, j-1
		}
		n := uint(p.y) - j + uint(alike(x.Tokens[2*uint(p.x):2*x.n], y.Tokens[2*uint(p.y):2*y.n]))
		if n < minRun {
			continue
		}
		ends[diagonal] = uint16(j + n)
		al.runs = append(al.runs, Run{uint32(i), uint32(j), uint32(n)})
	}
	for k, r := range al.runs {
		ends[uint16(r.A-r.B)%uint16(len(ends))] = 0
		if al.flipped {
			al.runs[k].A, al.runs[k].B = r.B, r.A
		}
	}
	inOrder := func(r, s Run) int {
		if r.B != s.B {
			return int(r.B) - int(s.B)
		}
		return int(s.A) - int(r.A)
	}
	if !slices.IsSortedFunc(al.runs, inOrder) {
		slices.SortFunc(al.runs, inOrder)
	}
}

// findSeeds finds the pairs with three equal tokens about them; what precedes or
// follows the texts may make it one too many.
func (al *Aligner) findSeeds() []pair {
	x, y, n := &al.x.text, &al.y.text, uint(0)
	for _, p := range al.pairs[:al.both] {
		// What is zero are equal tokens: one before and one behind, two behind,
		// two before.
		d := x.load(p.x) ^ y.load(p.y)
		about, behind := d&0xFFFF_0000_FFFF, d>>32
		before := d&0xFFFF | uint64(x.token(p.x-2)^y.token(p.y-2))
		al.seeds[n%maxPlaces] = p
		n += uint(((about - 1) | (behind - 1) | (before - 1)) >> 63) // they are less than 1<<63
	}
	return al.seeds[:n]
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
			inA, inB := a.terms(p.A1)&(1<<(r.A-p.A1)-1), b.terms(p.B1)&(1<<(r.B-p.B1)-1)
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
		terms := a.terms(r.A+d) | b.terms(r.B+d)
		n += bits.OnesCount64(^terms & (^uint64(0) >> (64 - min(64, r.Len-d))))
	}
	return n
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
func (al *Aligner) Segments(p Passage) (a0, a1, b0, b1 uint) {
	a, b := &al.x, &al.y
	if al.flipped {
		a, b = b, a
	}
	return a.segment(uint16(p.A0)), a.segment(uint16(p.A1 - 1)), b.segment(uint16(p.B0)), b.segment(uint16(p.B1 - 1))
}
