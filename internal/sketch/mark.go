package sketch

import "github.com/newsdedup/newsdedup/internal/token"

const (
	markTokens = 3
	markWindow = 4
)

// Marks yields selected shingles of s in text order, with the byte offsets of
// the segments they are from: in every sentence, of the shingles of three
// tokens, each that has the least hash of some four in a row, the last of
// equals; of fewer than four shingles the least; of fewer than three tokens
// their only shingle.
func (s *Sketch) Marks(yield func(hash uint64, start, end uint32) bool) {
	for i := 0; i < len(s.Segs); {
		j := i + 1
		for j < len(s.Segs) && s.Segs[j].Flags&Sentence == 0 {
			j++
		}
		z := uint32(len(s.Tokens))
		if j < len(s.Segs) {
			z = s.Segs[j].Token
		}
		a := s.Segs[i].Token
		ts := s.Tokens[a:z]
		n := max(1, len(ts)-markTokens+1)
		width := min(len(ts), markTokens)
		last := -1
		for from := 0; from == 0 || from+markWindow <= n; from++ {
			least, v := -1, uint64(0)
			for k := from; k < from+markWindow && k < n; k++ {
				if h := shingle(ts[k : k+width]); least < 0 || h <= v {
					least, v = k, h
				}
			}
			if least <= last {
				continue
			}
			last = least
			g := i
			for g+1 < j && s.Segs[g+1].Token <= a+uint32(least) {
				g++
			}
			e := g
			for e+1 < j && s.Segs[e+1].Token < a+uint32(least+width) {
				e++
			}
			if !yield(v, s.Segs[g].Start, s.Segs[e].End) {
				return
			}
		}
		i = j
	}
}

// shingle hashes up to three tokens.
func shingle(ts []uint16) uint64 {
	v := uint64(1)
	for _, t := range ts {
		v = v<<16 | uint64(t)
	}
	return token.Mix(v)
}
