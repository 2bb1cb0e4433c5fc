package sketch

// A Set is a set of tokens.
type Set [1 << 10]uint64

// Has is 1 for a token that is in s, 0 for another.
func (s *Set) Has(t uint16) uint64 { return s[t>>6] >> (t & 63) & 1 }

// Add adds a token if bit is 1, not if it is 0, and returns 1 if it was not there
// before.
func (s *Set) Add(t uint16, bit uint64) (fresh uint64) {
	w := &s[t>>6]
	old := *w
	*w = old | bit<<(t&63)
	return bit &^ (old >> (t & 63))
}

// Delete takes a token out.
func (s *Set) Delete(t uint16) { s[t>>6] &^= 1 << (t & 63) }

// Find tells which of tokens, of two bytes each as in a View, are in s, a bit
// each, that of the first the lowest of places[0]. There must be a place for one
// token more. What lies behind these places is left as it is.
func (s *Set) Find(places []uint64, tokens string) {
	k := len(tokens) / 128
	find(s, places[:k], tokens)
	if k > 0 {
		// The last 64 tokens, of which some were before.
		find(s, places[k:k+1], tokens[len(tokens)&^1-128:])
		places[k] = places[k] >> 1 >> (63 - len(tokens)/2&63)
		return
	}
	set := uint64(0)
	for i := range len(tokens) / 2 {
		set |= s.Has(uint16(tokens[2*i])|uint16(tokens[2*i+1])<<8) << (i & 63)
	}
	places[0] = set
}

// plainFind tells of 64 tokens for each of places.
func plainFind(s *Set, places []uint64, tokens string) {
	for k := range places {
		set := uint64(0)
		for b := tokens[128*k : 128*k+128]; len(b) >= 8; b = b[8:] {
			t := Load(b)
			in := s.Has(uint16(t)) | s.Has(uint16(t>>16))<<1 | s.Has(uint16(t>>32))<<2 | s.Has(uint16(t>>48))<<3
			set = set>>4 | in<<60
		}
		places[k] = set
	}
}
