package star

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

func edges(pairs ...[2]int) []Edge {
	var out []Edge
	for _, p := range pairs {
		out = append(out, Edge{A: p[0], B: p[1], Weight: 1})
	}
	return out
}

// Expected groups are worked out by hand from the rules.
func TestGroups(t *testing.T) {
	for _, tc := range []struct {
		name  string
		n     int
		edges []Edge
		want  [][]int
	}{
		{"no vertices", 0, nil, [][]int{}},
		{"no links: everyone alone", 3, nil, [][]int{{0}, {1}, {2}}},
		{"a pair", 2, edges([2]int{0, 1}), [][]int{{0, 1}}},
		{"a full article and its two disjoint halves are one star", 3, edges([2]int{0, 1}, [2]int{0, 2}), [][]int{{0, 1, 2}}},
		// 1, 2 and 3 have two links each; 1 is visited first and covers 0 and
		// 2; 3 becomes the next centre and takes 4. Vertex 2 is tied between
		// centres 1 and 3 and takes the lower.
		{"a path does not chain", 5, edges([2]int{0, 1}, [2]int{1, 2}, [2]int{2, 3}, [2]int{3, 4}), [][]int{{0, 1, 2}, {3, 4}}},
		// Two triangles, one bridge: one of nine pairs across is linked.
		{"a bridge does not join two cliques", 6, edges([2]int{0, 1}, [2]int{0, 2}, [2]int{1, 2}, [2]int{3, 4}, [2]int{3, 5}, [2]int{4, 5}, [2]int{2, 3}), [][]int{{0, 1, 2}, {3, 4, 5}}},
		// A four-cycle has two links of four pairs across {0,1,3} and {2}: two
		// of three.
		{"mostly linked stars merge", 4, edges([2]int{0, 1}, [2]int{1, 2}, [2]int{2, 3}, [2]int{3, 0}), [][]int{{0, 1, 2, 3}}},
		{"the heavier star wins a shared member", 5, []Edge{{0, 1, 1, false}, {0, 2, .5, false}, {2, 3, .9, false}, {3, 4, 1, false}}, [][]int{{0, 1}, {2, 3, 4}}},
		// 0 is linked to 1, 2, 3 and 4; 4 to nobody else: one of four.
		{"a loose link to the centre alone is not enough", 5, []Edge{{0, 1, 1, true}, {0, 2, 1, true}, {0, 3, 1, true}, {0, 4, 1, true}, {1, 2, 1, true}, {1, 3, 1, true}, {2, 3, 1, true}}, [][]int{{0, 1, 2, 3}, {4}}},
		{"a firm link to the centre is", 5, []Edge{{0, 1, 1, true}, {0, 2, 1, true}, {0, 3, 1, true}, {0, 4, 1, false}, {1, 2, 1, true}, {1, 3, 1, true}, {2, 3, 1, true}}, [][]int{{0, 1, 2, 3, 4}}},
		{"parallel edges count once", 2, []Edge{{0, 1, .2, false}, {1, 0, .9, false}}, [][]int{{0, 1}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := Groups(tc.n, tc.edges); !reflect.DeepEqual(got, tc.want) {
				t.Errorf("got %v, want %v", got, tc.want)
			}
		})
	}
}

// Any graph gives a partition that does not depend on the order of the edges,
// and no group of three or more is a bare path end to end: each group has a
// vertex linked to at least half of the others.
func TestGroupsProperties(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		n := 1 + rng.IntN(14)
		var es []Edge
		for a := range n {
			for b := range a {
				if rng.Float64() < .25 {
					es = append(es, Edge{a, b, float64(1+rng.IntN(4)) / 4, rng.IntN(3) == 0})
				}
			}
		}
		got := Groups(n, es)
		seen := make([]int, n)
		for _, g := range got {
			for _, v := range g {
				seen[v]++
			}
			if !slices.IsSorted(g) {
				t.Fatalf("members not sorted: %v", g)
			}
		}
		for v, k := range seen {
			if k != 1 {
				t.Fatalf("vertex %d in %d groups: %v", v, k, got)
			}
		}
		rng.Shuffle(len(es), func(i, j int) { es[i], es[j] = es[j], es[i] })
		for i := range es {
			if rng.IntN(2) == 0 {
				es[i].A, es[i].B = es[i].B, es[i].A
			}
		}
		if again := Groups(n, es); !reflect.DeepEqual(again, got) {
			t.Fatalf("order of edges matters: %v, %v", got, again)
		}
		for _, g := range got {
			best := 0
			for _, v := range g {
				k := 0
				for _, e := range es {
					if e.A == v && slices.Contains(g, e.B) || e.B == v && slices.Contains(g, e.A) {
						k++
					}
				}
				best = max(best, k)
			}
			if 2*best < len(g)-1 {
				t.Fatalf("group %v hangs together by chaining; edges %v", g, es)
			}
		}
	}
}
