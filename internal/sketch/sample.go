package sketch

import "github.com/newsdedup/newsdedup/internal/token"

// MaxLevel is the highest sampling level.
const MaxLevel = 15

// Sample fills dst, which may be s, with the sentences of s that are kept at
// level, or with a copy of s if s is sampled as far already.
//
// A sentence's key is the least hash of a pair of its tokens that follow one
// another, hashed again; a sentence is kept at level l if the leading l bits
// of its key are 0. So about one sentence in 2^l is kept whatever the lengths
// of the sentences, what is kept at a level is kept at the ones below, the
// same sentence is kept in every text that has it, and a changed word matters
// only if it is one of the two (a MinHash, Broder 1997, of the sentence
// deciding as in FracMinHash). If no sentence would be left, the first one is.
func (s *Sketch) Sample(dst *Sketch, level uint8) {
	tokens, kinds, segs := s.Tokens, s.Kinds, s.Segs
	if dst != s {
		t, k, g, h, hk, sh := dst.Tokens, dst.Kinds, dst.Segs, dst.Head, dst.HeadKinds, dst.Short
		*dst = *s
		dst.Tokens, dst.Kinds, dst.Segs = t, k, g
		dst.Head = append(h[:0], s.Head...)
		dst.HeadKinds = append(hk[:0], s.HeadKinds...)
		dst.Short = append(sh[:0], s.Short...)
	}
	level = min(level, MaxLevel)
	if level <= s.Level {
		if dst != s {
			dst.Tokens = append(dst.Tokens[:0], tokens...)
			dst.Kinds = append(dst.Kinds[:0], kinds...)
			dst.Segs = append(dst.Segs[:0], segs...)
		}
		return
	}
	dst.Level = level
	dst.Tokens, dst.Kinds, dst.Segs = dst.Tokens[:0], dst.Kinds[:0], dst.Segs[:0]
	for i, first := 0, -1; i < len(segs); {
		j := i + 1
		for j < len(segs) && segs[j].Flags&Sentence == 0 {
			j++
		}
		a, z := segs[i].Token, uint32(len(tokens))
		if j < len(segs) {
			z = segs[j].Token
		}
		if first < 0 {
			first = j
		}
		// A sentence that is not kept is passed over, except that the first
		// one waits until another is kept: copying in place never gets ahead
		// of reading.
		if key(tokens[a:z])>>(64-level) == 0 {
			shift := a - uint32(len(dst.Tokens))
			dst.Tokens = append(dst.Tokens, tokens[a:z]...)
			dst.Kinds = append(dst.Kinds, kinds[a:z]...)
			for _, g := range segs[i:j] {
				g.Token -= shift
				dst.Segs = append(dst.Segs, g)
			}
		}
		i = j
		if i == len(segs) && len(dst.Segs) == 0 {
			z := uint32(len(tokens))
			if first < len(segs) {
				z = segs[first].Token
			}
			dst.Tokens = append(dst.Tokens, tokens[:z]...)
			dst.Kinds = append(dst.Kinds, kinds[:z]...)
			dst.Segs = append(dst.Segs, segs[:first]...)
		}
	}
}

// key is what decides whether a sentence of tokens ts is kept.
func key(ts []uint16) uint64 {
	if len(ts) == 1 {
		return token.Mix(^token.Mix(uint64(ts[0])))
	}
	least := ^uint64(0)
	for i := 1; i < len(ts); i++ {
		least = min(least, token.Mix(1<<32|uint64(ts[i-1])<<16|uint64(ts[i])))
	}
	return token.Mix(^least)
}

// bound samples s at the lowest level at which its encoded form has at most
// MaxSize bytes.
func (s *Sketch) bound() {
	// Of a varint of a segment the first has one byte, the others at most five.
	if n := len(s.Tokens) + len(s.Short) + len(s.Head); fixedSize+25+2*n+n/4+2+11*len(s.Segs) <= MaxSize {
		return
	}
	for s.size() > MaxSize && s.Level < MaxLevel {
		s.Sample(s, s.Level+1)
	}
	// Sentences repeated without end share one key: what is too much of them
	// goes from the end.
	for n := len(s.Segs); n > 1 && s.size() > MaxSize; n = len(s.Segs) {
		n -= max(1, n/4)
		t := s.Segs[n].Token
		s.Tokens, s.Kinds, s.Segs = s.Tokens[:t], s.Kinds[:t], s.Segs[:n]
	}
}
