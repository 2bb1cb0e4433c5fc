package sketch

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Find, which may be in assembly, tells of every token whether a set has it.
func TestFind(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var s Set
	in := map[uint16]bool{}
	for range 20000 {
		x := uint16(rng.IntN(1 << 16))
		if fresh := s.Add(x, 1) == 1; fresh == in[x] {
			t.Fatalf("token %d is fresh: %v", x, fresh)
		}
		in[x] = true
	}
	for n := range 300 {
		tokens := make([]byte, 2*n)
		want := make([]uint64, n/64+1)
		for i := range n {
			x := uint16(rng.IntN(1 << 16))
			tokens[2*i], tokens[2*i+1] = byte(x), byte(x>>8)
			if in[x] {
				want[i/64] |= 1 << (i % 64)
			}
		}
		got := make([]uint64, n/64+1)
		got[n/64] = 1 << 63 // of before
		if s.Find(got, string(tokens)); !slices.Equal(got, want) {
			t.Errorf("Find of %d tokens: %x, want %x", n, got, want)
		}
		if plainFind(&s, got[:n/64], string(tokens)); !slices.Equal(got, want) {
			t.Errorf("plainFind of %d tokens: %x, want %x", n, got, want)
		}
	}
}
