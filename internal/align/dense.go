package align

import "math/bits"

const (
	maxRuns  = 16  // tokens of all runs together, over the tokens of both texts
	maxSteps = 256 // shingles of one hash that are looked at, over the tokens of both texts
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
