package align

import (
	"math/rand/v2"
	"testing"
)

// number, which may be in assembly, and plainNumber find the first occurrence of
// every token, those that follow it, and the places of shingles by hash, as maps
// do.
func TestNumber(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for _, n := range []int{0, 1, 2, 3, 4, 63, 64, 65, 900, maxTokens} {
		tokens := make([]uint16, n)
		for i := range tokens {
			tokens[i] = uint16(rng.IntN(1+n/2) * 3001)
		}
		for name, f := range map[string]func(*Aligner){"number": number, "plainNumber": plainNumber} {
			al := new(Aligner)
			x := &al.x
			x.n = n
			for i, v := range tokens {
				x.tokens[2*i], x.tokens[2*i+1] = byte(v), byte(v>>8)
				al.numbers[v] = 7 // of before
			}
			f(al)
			ids, times, last := map[uint16]uint16{}, map[uint16]int{}, map[uint32]uint16{}
			for i, v := range tokens {
				if ids[v] == 0 {
					ids[v] = uint16(len(ids) + 1)
				}
				times[v]++
				if x.ids[i] != ids[v] || al.has.Has(v) != 1 {
					t.Fatalf("%s of %d tokens: number %d of token %d, want %d", name, n, x.ids[i], i, ids[v])
				}
				if i >= 2 {
					h := top(tokens[i-2], tokens[i-1], v)
					if x.below[i-1] != last[h] {
						t.Fatalf("%s of %d tokens: before shingle %d: %d, want %d", name, n, i-1, x.below[i-1], last[h])
					}
					last[h] = uint16(i - 1)
				}
			}
			for v, id := range ids {
				if again := times[v] > 1; al.numbers[v] != id || (x.again[id] == 1) != again {
					t.Errorf("%s of %d tokens: token %d: number %d, again %d, want %d, %v", name, n, v, al.numbers[v], x.again[id], id, again)
				}
			}
			for h := range uint32(len(x.tops)) {
				if x.tops[h] != last[h] {
					t.Fatalf("%s of %d tokens: last shingle of hash %d: %d, want %d", name, n, h, x.tops[h], last[h])
				}
			}
			if x.distinct != len(ids) {
				t.Errorf("%s of %d tokens: %d distinct ones, want %d", name, n, x.distinct, len(ids))
			}
		}
	}
}
