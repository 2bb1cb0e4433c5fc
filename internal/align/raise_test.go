package align

import (
	"math/rand/v2"
	"testing"
)

// raise, which may be in assembly, counts as a loop does that goes through
// tokens and segments one by one.
func TestRaise(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var starts [maxSegments + 1]uint16
	ids := new([maxPlaces]uint16)
	for round := range 300 {
		rows := make([]row, 1+rng.IntN(200))
		for k := range rows[1:] {
			for i := range rows[1+k] {
				rows[1+k][i] = uint8(rng.IntN(3))
			}
		}
		covered := make([]uint8, rng.IntN(40))
		n, longest := 0, []int{3, 20, 90}[round%3]
		for k := range covered {
			covered[k] = uint8(rng.IntN(8))
			starts[k] = uint16(n)
			n += rng.IntN(longest)
		}
		starts[len(covered)] = uint16(n)
		for i := range n {
			ids[i] = uint16(rng.IntN(len(rows)))
		}
		want, wantMost := append([]uint8{}, covered...), row{}
		for k := range want {
			for i := range lanes {
				votes := 0
				for _, id := range ids[starts[k]:starts[k+1]] {
					votes += int(rows[id][i])
				}
				want[k] = max(want[k], uint8(min(votes, maxVotes)))
				wantMost[i] = max(wantMost[i], uint8(min(votes, maxVotes)))
			}
		}
		for _, f := range []struct {
			name  string
			raise func([]uint8, *[maxSegments + 1]uint16, *[maxPlaces]uint16, []row, *row)
		}{{"raise", raise}, {"plainRaise", plainRaise}} {
			got, most := append([]uint8{}, covered...), row{}
			f.raise(got, &starts, ids, rows, &most)
			if string(got) != string(want) || most != wantMost {
				t.Fatalf("%s, round %d: %d, %d; want %d, %d", f.name, round, got, most, want, wantMost)
			}
		}
	}
}
