// Package star groups the vertices of a graph without chaining.
//
// It is the off-line star algorithm of Aslam, Pelekhova and Rus, "The Star
// Clustering Algorithm for Static and Dynamic Information Organization", JGAA
// 8(1), 2004, followed by merging of stars that are mostly linked.
package star

import (
	"cmp"
	"slices"
)

// An Edge links two different vertices. Weight is above 0; greater is closer.
// A loose edge alone does not make a vertex a member: see Groups.
type Edge struct {
	A, B   int
	Weight float64
	Loose  bool
}

// Groups partitions the vertices 0 … n-1. Edges must name vertices below n;
// parallel edges count once, the one of the greatest weight. The rules, in order:
//
//  1. Vertices are visited by falling number of links, then rising number. One
//     that no earlier centre is linked to becomes a centre.
//  2. Every other vertex joins, of the centres it is linked to, the one whose
//     star it is tied to most: the greatest mean weight of its links to that
//     centre and the centre's other neighbours, no link counting 0; of equal
//     ones the lowest-numbered.
//  3. From a group leaves, time and again, the member whose link to the centre
//     is loose and that is linked to the fewest of the other members, of equal
//     ones the highest-numbered, if these are less than half of them. Those
//     who left form groups of their own by rules 1 to 3.
//  4. Two groups merge while at least half of all pairs across them are
//     linked: the pair of groups with the greatest linked share first, then
//     the one with the lowest-numbered members.
//
// So a path never becomes one group, whatever its length, and whoever is in a
// group is linked to its centre or to a group that is mostly linked to it.
// Groups come sorted by their lowest member, members rising. The result is a
// function of n and the set of edges.
func Groups(n int, edges []Edge) [][]int {
	adj := adjacency(n, edges)
	members := make([][]int, n)
	group := make([]int, n)
	left := make([]int, n)
	for v := range left {
		left[v] = v
	}
	for len(left) > 0 {
		for v, c := range centres(adj, left) {
			group[v] = c
			members[c] = append(members[c], v)
		}
		left = leave(adj, left, members, group)
	}
	merge(adj, group, members)
	out := make([][]int, 0, n)
	for _, m := range members {
		if len(m) > 0 {
			slices.Sort(m)
			out = append(out, m)
		}
	}
	slices.SortFunc(out, func(x, y []int) int { return x[0] - y[0] })
	return out
}

type half struct {
	to     int
	weight float64
	loose  bool
}

func adjacency(n int, edges []Edge) [][]half {
	adj := make([][]half, n)
	for _, e := range edges {
		if e.A != e.B {
			adj[e.A] = append(adj[e.A], half{e.B, e.Weight, e.Loose})
			adj[e.B] = append(adj[e.B], half{e.A, e.Weight, e.Loose})
		}
	}
	for v := range adj {
		slices.SortFunc(adj[v], func(x, y half) int {
			return cmp.Or(cmp.Compare(x.to, y.to), cmp.Compare(y.weight, x.weight))
		})
		adj[v] = slices.CompactFunc(adj[v], func(x, y half) bool { return x.to == y.to })
	}
	return adj
}

// centres returns the centre of every one of the given vertices, which rise.
func centres(adj [][]half, vertices []int) map[int]int {
	in := make(map[int]bool, len(vertices))
	for _, v := range vertices {
		in[v] = true
	}
	degree := make(map[int]int, len(vertices))
	for _, v := range vertices {
		for _, e := range adj[v] {
			if in[e.to] {
				degree[v]++
			}
		}
	}
	visit := slices.Clone(vertices)
	slices.SortFunc(visit, func(x, y int) int {
		return cmp.Or(cmp.Compare(degree[y], degree[x]), cmp.Compare(x, y))
	})
	isCentre, covered := map[int]bool{}, map[int]bool{}
	for _, v := range visit {
		if covered[v] {
			continue
		}
		isCentre[v], covered[v] = true, true
		for _, e := range adj[v] {
			if in[e.to] {
				covered[e.to] = true
			}
		}
	}
	group := make(map[int]int, len(vertices))
	for _, v := range vertices {
		group[v] = v
		if isCentre[v] {
			continue
		}
		best := -1.0
		for _, e := range adj[v] { // rising, so ties keep the lowest
			if isCentre[e.to] {
				if w := tie(adj, v, e.to); w > best {
					group[v], best = e.to, w
				}
			}
		}
	}
	return group
}

// leave takes the members of the groups of the given vertices that are too
// loosely tied out of them, and returns them, rising.
func leave(adj [][]half, vertices []int, members [][]int, group []int) []int {
	var out []int
	for _, c := range vertices {
		if group[c] != c {
			continue
		}
		for len(members[c]) > 2 {
			worst, fewest := -1, 0
			for _, v := range members[c] {
				links, loose := 0, false
				for _, e := range adj[v] {
					if e.to == c {
						loose = e.loose
					}
					if group[e.to] == c {
						links++
					}
				}
				if v == c || !loose || 2*links >= len(members[c])-1 {
					continue
				}
				if worst < 0 || links < fewest || links == fewest && v > worst {
					worst, fewest = v, links
				}
			}
			if worst < 0 {
				break
			}
			members[c] = slices.DeleteFunc(members[c], func(v int) bool { return v == worst })
			group[worst] = -1
			out = append(out, worst)
		}
	}
	slices.Sort(out)
	return out
}

// tie is the mean weight of v's links to the centre c and c's other neighbours.
func tie(adj [][]half, v, c int) float64 {
	star, sum, n := adj[c], 0.0, 1
	for _, e := range adj[v] {
		for len(star) > 0 && star[0].to < e.to {
			if star[0].to != v {
				n++
			}
			star = star[1:]
		}
		if e.to == c || len(star) > 0 && star[0].to == e.to {
			sum += e.weight
		}
	}
	for _, e := range star {
		if e.to != v {
			n++
		}
	}
	return sum / float64(n)
}

// merge joins groups in place. Members of a merged group move to the one with
// the lower number.
func merge(adj [][]half, group []int, members [][]int) {
	type pair struct{ g, h int }
	links := map[pair]int{}
	for v, es := range adj {
		for _, e := range es {
			if g, h := group[v], group[e.to]; g < h {
				links[pair{g, h}]++
			}
		}
	}
	for {
		best, top := pair{-1, -1}, 0.5
		for p, k := range links {
			s := float64(k) / float64(len(members[p.g])*len(members[p.h]))
			if s > top || s == top && (best.g < 0 || p.g < best.g || p.g == best.g && p.h < best.h) {
				best, top = p, s
			}
		}
		if best.g < 0 {
			return
		}
		delete(links, best)
		members[best.g] = append(members[best.g], members[best.h]...)
		members[best.h] = nil
		for p, k := range links {
			q := p
			if q.g == best.h {
				q.g = best.g
			}
			if q.h == best.h {
				q.h = best.g
			}
			if q == p {
				continue
			}
			if q.g > q.h {
				q.g, q.h = q.h, q.g
			}
			delete(links, p)
			links[q] += k
		}
	}
}
