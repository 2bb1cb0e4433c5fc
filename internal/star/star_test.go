package star

import (
	"math/big"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

func edges(pairs ...[2]int) []Edge {
	var out []Edge
	for _, p := range pairs {
		out = append(out, Edge{A: p[0], B: p[1], Weight: 1, Chance: 1})
	}
	return out
}

// clique links the first n vertices loosely, each to each.
func clique(n int) (es []Edge) {
	for a := range n {
		for b := range a {
			es = append(es, Edge{a, b, 1, 1, true, false})
		}
	}
	return es
}

// Expected groups are worked out by hand from the rules.
func TestGroups(t *testing.T) {
	four := slices.Clip(edges([2]int{0, 1}, [2]int{0, 2}, [2]int{0, 3}, [2]int{1, 2}, [2]int{1, 3}, [2]int{2, 3}))
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
		{"the heavier star wins a shared member", 5, []Edge{{0, 1, 1, 1, false, false}, {0, 2, .5, .5, false, false}, {2, 3, .9, .9, false, false}, {3, 4, 1, 1, false, false}}, [][]int{{0, 1}, {2, 3, 4}}},
		// The centres are 1 and 3, and 2 joins 3: one of four pairs across is linked.
		{"four in a row merge if the link between is sure", 4, edges([2]int{0, 1}, [2]int{1, 2}, [2]int{2, 3}), [][]int{{0, 1, 2, 3}}},
		{"and not if it is not", 4, []Edge{{0, 1, 1, 1, false, false}, {1, 2, 1, .75, false, false}, {2, 3, 1, 1, false, false}}, [][]int{{0, 1}, {2, 3}}},
		// 0 is linked to 1, 2, 3 and 4; 4 to nobody else: 1.4 · 0.5 of four.
		{"a loose link to the centre alone is not enough", 5, []Edge{{0, 1, 1, 1, true, false}, {0, 2, 1, 1, true, false}, {0, 3, 1, 1, true, false}, {0, 4, 1, .75, true, false}, {1, 2, 1, 1, true, false}, {1, 3, 1, 1, true, false}, {2, 3, 1, 1, true, false}}, [][]int{{0, 1, 2, 3}, {4}}},
		{"a firm link to the centre is", 5, []Edge{{0, 1, 1, 1, true, false}, {0, 2, 1, 1, true, false}, {0, 3, 1, 1, true, false}, {0, 4, 1, .75, false, false}, {1, 2, 1, 1, true, false}, {1, 3, 1, 1, true, false}, {2, 3, 1, 1, true, false}}, [][]int{{0, 1, 2, 3, 4}}},
		// Five are a clique, and 5 is linked to 0: if that is sure it is one of
		// five, whatever 1.4 times that is, and so the fifth that it takes. In a
		// clique of six it is a sixth.
		{"a sure loose link counts one", 6, append(clique(5), Edge{0, 5, 1, 1, true, false}), [][]int{{0, 1, 2, 3, 4, 5}}},
		{"and not more", 7, append(clique(6), Edge{0, 6, 1, 1, true, false}), [][]int{{0, 1, 2, 3, 4, 5}, {6}}},
		// 4 is linked to the centre, 0, and to none of the other three of its star:
		// 2 · 0.8 - 1 of four, or 2 · 0.95 - 1.
		{"a likely link to the centre alone does not make one of its star", 5, append(four, Edge{0, 4, .5, .8, false, false}), [][]int{{0, 1, 2, 3}, {4}}},
		{"a close one does", 5, append(four, Edge{0, 4, .6, .8, false, false}), [][]int{{0, 1, 2, 3, 4}}},
		{"so does a surer one", 5, append(four, Edge{0, 4, .5, .95, false, false}), [][]int{{0, 1, 2, 3, 4}}},
		// 0 and 1 merge first; that leaves 1.4 (2 · 0.6 - 1) of two pairs to 2.
		{"what is likely of half of the pairs is not enough", 3, []Edge{{0, 1, .9, .9, true, false}, {1, 2, .6, .6, true, false}}, [][]int{{0, 1}, {2}}},
		{"what is likely enough of half of them is", 3, []Edge{{0, 1, .9, .9, true, false}, {1, 2, .7, .7, true, false}}, [][]int{{0, 1, 2}}},
		{"two with nobody else are a group however likely", 2, []Edge{{0, 1, .5, .5, true, false}}, [][]int{{0, 1}}},
		// The odd ones are 0-1, 0-2 and 1-2.
		{"three of a series are none", 4, []Edge{{0, 1, 1, 1, false, true}, {0, 2, 1, 1, false, true}, {1, 2, 1, 1, false, true}, {2, 3, 1, 1, false, false}}, [][]int{{0}, {1}, {2, 3}}},
		{"two may be one corrected", 3, []Edge{{0, 1, 1, 1, false, true}, {1, 2, 1, 1, false, false}}, [][]int{{0, 1, 2}}},
		{"parallel edges count once", 2, []Edge{{0, 1, .2, .2, false, false}, {1, 0, .9, .9, false, false}}, [][]int{{0, 1}}},
		{"a firm one goes before a loose one", 2, []Edge{{0, 1, .1, .1, true, false}, {1, 0, .2, .2, false, false}}, [][]int{{0, 1}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := Groups(tc.n, tc.edges); !reflect.DeepEqual(got, tc.want) {
				t.Errorf("got %v, want %v", got, tc.want)
			}
		})
	}
}

// Of a story of sixty copies the index proposes to a paraphrase only some, the
// first of them if any. Sixteen speak for all: four of these are enough, three are
// not, nor are ten of the others.
func TestGroupsOfManyCopies(t *testing.T) {
	const n = 60
	for _, tc := range []struct {
		from, to int // copies that the paraphrase is linked to
		want     bool
	}{{0, 4, true}, {12, 16, true}, {0, 3, false}, {13, 20, false}, {50, 60, false}} {
		var es []Edge
		for b := range n {
			for a := range b {
				es = append(es, Edge{A: a, B: b, Weight: 1, Chance: 1})
			}
		}
		for a := tc.from; a < tc.to; a++ {
			es = append(es, Edge{A: a, B: n, Weight: .5, Chance: 1})
		}
		if got := len(Groups(n+1, es)) == 1; got != tc.want {
			t.Errorf("linked to copies %d to %d: of the story: %v, want %v", tc.from, tc.to-1, got, tc.want)
		}
	}
	// Two stories of a hundred copies each are one if a fifth of the 4096 pairs of
	// the first 64 are linked.
	for _, tc := range []struct {
		copies int // of the first story, linked to the first ones of the other
		of     int // of these
		want   bool
	}{{14, 60, true}, {13, 62, false}, {13, 64, true}, {12, 64, false}} {
		var es []Edge
		for b := range 200 {
			for a := range b {
				if a/100 == b/100 {
					es = append(es, Edge{A: a, B: b, Weight: 1, Chance: 1})
				}
			}
		}
		for a := range tc.copies {
			for b := range tc.of {
				es = append(es, Edge{A: a, B: 100 + b, Weight: .5, Chance: 1})
			}
		}
		if got := len(Groups(200, es)) == 1; got != tc.want {
			t.Errorf("%d copies linked to %d: one story: %v, want %v", tc.copies, tc.of, got, tc.want)
		}
	}
}

// The first 64 of a story are those of the lowest numbers, whichever of the groups
// that have become it they were in. Two cliques, of the even and of the odd numbers
// below 100, are tied by two fifths of the pairs across, and number 100 to fourteen
// odd numbers, which are enough of 64 if they are among the first.
func TestFirstOfMergedGroups(t *testing.T) {
	for _, tc := range []struct {
		name  string
		loose bool // of the links across, so that the cliques merge by rule 4, not by rule 3
		from  int  // of the odd numbers
		want  bool
	}{
		{"merged before", false, 31, true},
		{"merged before, beyond the first", false, 73, false},
		{"merged in the same step", true, 31, true},
		{"merged in the same step, beyond the first", true, 73, false},
	} {
		var es []Edge
		for b := range 100 {
			for a := range b {
				if a%2 == b%2 {
					es = append(es, Edge{A: a, B: b, Weight: 1, Chance: 1})
				} else if (a/2+b/2)%5 < 2 {
					es = append(es, Edge{A: a, B: b, Weight: .5, Chance: 1, Loose: tc.loose})
				}
			}
		}
		for k := range 14 {
			es = append(es, Edge{A: tc.from + 2*k, B: 100, Weight: .5, Chance: 1, Loose: true})
		}
		got := Groups(101, es)
		if one := len(got) == 1; one != tc.want || !reflect.DeepEqual(got, byRules(101, es)) {
			t.Errorf("%s: one story: %v, want %v", tc.name, one, tc.want)
		}
	}
}

// Whatever stands beside a link that goes before it, a loose one or a lighter one
// of its kind, makes no difference, odd or not.
func TestParallelEdges(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	for range 400 {
		n := 2 + rng.IntN(12)
		es := randomEdges(rng, n, true)
		all := slices.Clone(es)
		for _, e := range es {
			if e.Odd = rng.IntN(2) == 0; e.Loose || rng.IntN(2) == 0 {
				e.Weight /= 2
			} else {
				e.Loose, e.Weight = true, 1
			}
			e.Chance = float64(rng.IntN(9)) / 8
			all = append(all, e)
		}
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		for i, e := range all {
			if rng.IntN(2) == 0 {
				all[i].A, all[i].B = e.B, e.A
			}
		}
		if got, want := Groups(n, all), byRules(n, es); !reflect.DeepEqual(got, want) {
			t.Fatalf("got %v, want %v; edges %v", got, want, all)
		}
	}
}

// Likely links of all weights to a centre, and few between its neighbours: who
// of them is of its star is told from weights and chances.
func TestGroupsOfHubs(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range 300 {
		n := 3 + rng.IntN(9)
		var es []Edge
		for b := range n {
			for a := range b {
				if a == 0 || rng.IntN(6) == 0 {
					es = append(es, Edge{a, b, float64(1+rng.IntN(8)) / 8, float64(3+rng.IntN(6)) / 8, rng.IntN(8) == 0, false})
				}
			}
		}
		if got, want := Groups(n, es), byRules(n, es); !reflect.DeepEqual(got, want) {
			t.Fatalf("got %v, want %v; edges %v", got, want, es)
		}
	}
}

func randomEdges(rng *rand.Rand, n int, loose bool) (es []Edge) {
	for a := range n {
		for b := range a {
			if rng.Float64() < .25 {
				es = append(es, Edge{a, b, float64(1+rng.IntN(4)) / 4, float64(3+rng.IntN(6)) / 8, loose && rng.IntN(2) == 0, rng.IntN(6) == 0})
			}
		}
	}
	return es
}

// randomFamilies links most pairs within two families of one story, and some
// across.
func randomFamilies(rng *rand.Rand, n int) (es []Edge) {
	family := make([]int, n)
	for v := range family {
		family[v] = rng.IntN(2)
	}
	for a := range n {
		for b := range a {
			chance := .12
			if family[a] == family[b] {
				chance = .6
			}
			if rng.Float64() < chance {
				es = append(es, Edge{a, b, float64(1+rng.IntN(4)) / 4, float64(3+rng.IntN(6)) / 8, rng.IntN(4) == 0, rng.IntN(40) == 0})
			}
		}
	}
	return es
}

// Any graph gives a partition that does not depend on the order of the edges.
func TestGroupsProperties(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for round := range 600 {
		n := 1 + rng.IntN(14)
		es := randomEdges(rng, n, round%2 == 0)
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
	}
}

// However sure it is that of a row of versions each was made from the one before:
// five or more are never one group, and of no row are more than six, which are
// next to one another.
func TestNoChaining(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for n := 2; n < 60; n++ {
		at := rng.Perm(n)
		var es []Edge
		for i := range n - 1 {
			es = append(es, Edge{A: at[i], B: at[i+1], Weight: 1, Chance: 1})
		}
		place := make([]int, n)
		for i, v := range at {
			place[v] = i
		}
		for _, g := range Groups(n, es) {
			first, last := n, 0
			for _, v := range g {
				first, last = min(first, place[v]), max(last, place[v])
			}
			if len(g) > 6 || len(g) == n && n > 4 || last-first != len(g)-1 {
				t.Fatalf("of a row of %d, %d from place %d to %d are a group", n, len(g), first, last)
			}
		}
	}
}

// Groups is what its rules say when they are followed to the letter: every mean
// counted anew, in exact fractions, at every step.
func TestGroupsAgainstRules(t *testing.T) {
	t.Run("of a large story", func(t *testing.T) {
		rng := rand.New(rand.NewPCG(9, 10))
		for round := range 30 {
			n := 20 + rng.IntN(40)
			if round < 4 {
				n += 120
			}
			es := randomFamilies(rng, n)
			if got, want := Groups(n, es), byRules(n, es); !reflect.DeepEqual(got, want) {
				t.Fatalf("got %v, want %v; edges %v", got, want, es)
			}
		}
	})
	rng := rand.New(rand.NewPCG(3, 4))
	for range 400 {
		n := 1 + rng.IntN(12)
		es := randomEdges(rng, n, true)
		if got, want := Groups(n, es), byRules(n, es); !reflect.DeepEqual(got, want) {
			t.Fatalf("got %v, want %v; edges %v", got, want, es)
		}
	}
}

// byRules is Groups, slowly. No edges are parallel.
func byRules(n int, all []Edge) [][]int {
	odd := make([]int, n)
	for _, e := range all {
		if e.Odd {
			odd[e.A]++
			odd[e.B]++
		}
	}
	var es []Edge
	for _, e := range all {
		if !e.Odd || odd[e.A] == 1 && odd[e.B] == 1 {
			es = append(es, e)
		}
	}
	table := map[[2]int]Edge{}
	for _, e := range es {
		table[[2]int{e.A, e.B}], table[[2]int{e.B, e.A}] = e, e
	}
	edge := func(a, b int) (e Edge, ok bool) {
		e, ok = table[[2]int{a, b}]
		return e, ok
	}
	// first returns the first n of a sorted group, or all.
	first := func(n int, g []int) []int { return g[:min(n, len(g))] }
	firm := func(a, b int) float64 {
		if e, ok := edge(a, b); ok && !e.Loose {
			return e.Weight
		}
		return 0
	}
	excess := func(a, b int) float64 {
		if e, ok := edge(a, b); ok && !e.Loose {
			return max(0, 2*e.Chance-1)
		}
		return 0
	}
	// Rule 1.
	order := make([]int, n)
	degree := make([]int, n)
	for v := range n {
		order[v] = v
		for u := range n {
			if firm(u, v) > 0 {
				degree[v]++
			}
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return degree[b] - degree[a] })
	var stars []int
	for _, v := range order {
		if !slices.ContainsFunc(stars, func(c int) bool { return firm(c, v) > 0 }) {
			stars = append(stars, v)
		}
	}
	slices.Sort(stars)
	// Rule 2.
	groups := map[int][]int{}
	for v := range n {
		if slices.Contains(stars, v) {
			groups[v] = append(groups[v], v)
			continue
		}
		best, most, counts := v, 0.0, 0.0
		for _, c := range stars {
			if firm(c, v) == 0 {
				continue
			}
			var star []int
			sum, likely := 0.0, 0.0
			for u := range n {
				if u == c || u != v && firm(c, u) > 0 {
					star = append(star, u)
					sum += firm(u, v)
				}
			}
			for _, u := range first(16, star) {
				likely += excess(u, v)
			}
			if mean := sum / float64(len(star)); mean > most {
				best, most, counts = c, mean, likely/float64(len(first(16, star)))
			}
		}
		if counts < .2 && firm(best, v) <= .5 {
			best = v
		}
		groups[best] = append(groups[best], v)
	}
	var out [][]int
	for _, g := range groups {
		slices.Sort(g)
		out = append(out, g)
	}
	byLowest := func(a, b []int) int { return a[0] - b[0] }
	slices.SortFunc(out, byLowest)
	// Rules 3 and 4.
	one, more := big.NewRat(1, 1), big.NewRat(7, 5)
	loose := slices.ContainsFunc(es, func(e Edge) bool { return e.Loose })
	for rule := 3; rule <= 4; rule++ {
		for rule == 3 || loose {
			bi, bj, best := -1, -1, big.NewRat(1, 5)
			for i, g := range out {
				for j := i + 1; j < len(out); j++ {
					sum := new(big.Rat)
					for _, a := range first(64, g) {
						for _, b := range first(64, out[j]) {
							e, ok := edge(a, b)
							switch {
							case ok && rule == 4 && !e.Loose:
								sum.Add(sum, one)
							case ok && e.Loose == (rule == 4) && e.Chance > .5:
								x := new(big.Rat).SetFloat64(e.Chance)
								x.Sub(x.Add(x, x), one)
								if e.Loose && x.Mul(x, more).Cmp(one) > 0 {
									x = one
								}
								sum.Add(sum, x)
							}
						}
					}
					mean := sum.Quo(sum, big.NewRat(int64(len(first(64, g))*len(first(64, out[j]))), 1))
					if c := mean.Cmp(best); c > 0 || c == 0 && bi < 0 {
						bi, bj, best = i, j, mean
					}
				}
			}
			if bi < 0 {
				break
			}
			out[bi] = append(out[bi], out[bj]...)
			slices.Sort(out[bi])
			out = slices.Delete(out, bj, bj+1)
			slices.SortFunc(out, byLowest)
		}
	}
	// Rule 5.
	for _, e := range es {
		alone := !slices.ContainsFunc(es, func(f Edge) bool {
			return f != e && (f.A == e.A || f.A == e.B || f.B == e.A || f.B == e.B)
		})
		i := slices.IndexFunc(out, func(g []int) bool { return slices.Contains(g, e.A) })
		j := slices.IndexFunc(out, func(g []int) bool { return slices.Contains(g, e.B) })
		if alone && i != j {
			out[i] = append(out[i], out[j]...)
			slices.Sort(out[i])
			out = slices.Delete(out, j, j+1)
			slices.SortFunc(out, byLowest)
		}
	}
	if out == nil {
		out = [][]int{}
	}
	return out
}
