// Package star groups the vertices of a graph without chaining.
//
// It is the off-line star algorithm of Aslam, Pelekhova and Rus, "The Star
// Clustering Algorithm for Static and Dynamic Information Organization", JGAA
// 8(1), 2004, followed by average linkage (Sokal and Michener 1958).
package star

import (
	"cmp"
	"container/heap"
	"math"
	"slices"
)

// An Edge links two different vertices. Weight is above 0 and at most 1;
// greater is closer. Chance, from 0 to 1, is the probability that the link
// holds. A loose edge makes no stars, and an odd one, between what may be of a
// series, counts only while there are no more of it: see Groups.
type Edge struct {
	A, B   int
	Weight float64
	Chance float64
	Loose  bool
	Odd    bool
}

// Groups partitions the vertices 0 … n-1. Edges must name vertices below n;
// parallel edges count once: a firm one rather than a loose one, then the one of
// the greatest weight. An odd edge is left out if one of its vertices has another
// odd edge. The rules, in order:
//
//  1. Vertices are visited by falling number of firm links, then rising number.
//     One that no earlier centre is firmly linked to becomes a centre.
//  2. Every other vertex joins, of the centres it is firmly linked to, the one
//     whose star it is tied to most: the greatest mean weight of its firm links
//     to that centre and the centre's other neighbours, no link counting 0; of
//     equal ones the lowest-numbered. If the link to that centre weighs no more
//     than half, and over its links to the first hubs vertices of that star the
//     mean of what rule 3 counts is less than tied, it is a group by itself instead.
//  3. Two groups merge while the mean over all pairs of one of the first full
//     vertices of each is tied at least: a firm link counts by how much likelier
//     than not it is, 2 Chance - 1, but not less than 0, and no link 0. The two
//     with the greatest mean go first, of equal ones those with the lowest-numbered
//     members.
//  4. If any link is loose, two groups merge likewise, where a firm link counts 1,
//     and a loose one 1.4 times what a firm one did before, but not more than 1.
//  5. Two vertices that are linked to each other alone are a group.
//
// The first vertices, by number, speak for all of a large group because whoever
// looked for links has not looked at all pairs: of a text with many copies package
// posting proposes to another one the first hubs, and full of them if that is among
// these itself, but hardly any further one. That says nothing against those. For
// this numbers must rise in the order of posting, that of hashes, so that the first
// are a random sample besides.
//
// So a path of five or more vertices never becomes one group, nor do more than six
// of its vertices, and whoever is in a group is linked to its centre or to a group
// that is tied to it.
// Groups come sorted by their lowest member, members rising. The result is a
// function of n and the set of edges.
func Groups(n int, edges []Edge) [][]int {
	adj := adjacency(n, edges)
	group := centres(adj)
	members := make([][]int, n)
	for v, c := range group {
		members[c] = append(members[c], v)
	}
	// A group has the number of its lowest member.
	for c, m := range members {
		if len(m) > 0 && m[0] != c {
			members[m[0]], members[c] = m, nil
			for _, v := range m {
				group[v] = m[0]
			}
		}
	}
	merge(adj, group, members, func(e half) uint64 {
		if e.loose {
			return 0
		}
		return e.excess
	})
	if slices.ContainsFunc(adj, func(es []half) bool { return slices.ContainsFunc(es, func(e half) bool { return e.loose }) }) {
		merge(adj, group, members, func(e half) uint64 {
			if e.loose {
				return min(unit, e.excess*sureNum/sureDen)
			}
			return unit
		})
	}
	for v, es := range adj {
		if len(es) == 1 && len(adj[es[0].to]) == 1 && group[v] < group[es[0].to] {
			g, h := group[v], group[es[0].to]
			members[g], members[h] = append(members[g], members[h]...), nil
		}
	}
	out := make([][]int, 0, n)
	for _, m := range members {
		if len(m) > 0 {
			slices.Sort(m)
			out = append(out, m)
		}
	}
	return out
}

// hubs and full are what Hubs and Full are to package posting. Of a made-up stream
// of 100,000 articles, the largest story of which has 769 versions, the groups at
// Rewrite have a precision of .994 and a recall of .974 by pairs; .995 and .907 where
// all vertices speak, .994 and .976 where full is 16, .995 and .968 where hubs is 32.
const (
	hubs = 16
	full = 64
)

// tied is the least mean by which a vertex with no close link joins a star, and by
// which groups merge: above a sixth, or a path of five vertices would be one. On
// wire2025 at Rewrite, by models fitted without the event, the mean of three
// partitions, precision and recall of the labelled pairs are .917 and .937; where
// whoever is linked to a centre joins it, .906 and .937, with .15 then .907 and
// .944, with .3 .907 and .930; where close links are treated as others, .925 and
// .920, but of a made-up stream 1.5 % of the copies leave their group; where groups
// merge by rule 3 alone, without stars, .907 and .883. At SameStory, by B-cubed on
// the events of wire2025 and of ECB+, each half by a model fitted without it, the
// mean of four partitions and of sixteen orders of the vertices, F1 is .809 and .923.
const tied = .2

// closeWeight is the weight above which a link is close: where weights rise with
// relations, from Unrelated to Exact by even steps, that of Partial and up.
const closeWeight = .5

// A loose link counts 1.4 times as much as likely, so that it is sure from .857 on.
// F1 at SameStory, as above, is .815 and .912 with 1.2, .815 and .904 with 1.
const sureNum, sureDen = 7, 5

// unit is what a sure link counts; others count whole numbers, so that sums do
// not depend on their order.
const unit = 1e4

type half struct {
	to     int
	weight float64
	excess uint64
	loose  bool
	odd    bool
}

// excess is what a link of a chance counts.
func excess(chance float64) uint64 {
	return uint64(math.Round(max(0, 2*chance-1) * unit))
}

func adjacency(n int, edges []Edge) [][]half {
	adj := make([][]half, n)
	for _, e := range edges {
		adj[e.A] = append(adj[e.A], half{e.B, e.Weight, excess(e.Chance), e.Loose, e.Odd})
		adj[e.B] = append(adj[e.B], half{e.A, e.Weight, excess(e.Chance), e.Loose, e.Odd})
	}
	odd := make([]int, n)
	for v := range adj {
		slices.SortFunc(adj[v], func(x, y half) int {
			return cmp.Or(cmp.Compare(x.to, y.to), compare(x.loose, y.loose), cmp.Compare(y.weight, x.weight), cmp.Compare(y.excess, x.excess), compare(x.odd, y.odd))
		})
		adj[v] = slices.CompactFunc(adj[v], func(x, y half) bool { return x.to == y.to })
		for _, e := range adj[v] {
			if e.odd {
				odd[v]++
			}
		}
	}
	for v := range adj {
		adj[v] = slices.DeleteFunc(adj[v], func(e half) bool { return e.odd && max(odd[v], odd[e.to]) > 1 })
	}
	return adj
}

// compare puts false before true.
func compare(x, y bool) int {
	switch {
	case x == y:
		return 0
	case y:
		return -1
	}
	return 1
}

// centres returns the centre of every vertex.
func centres(adj [][]half) []int {
	n := len(adj)
	degree := make([]int, n)
	visit := make([]int, n)
	for v := range adj {
		visit[v] = v
		for _, e := range adj[v] {
			if !e.loose {
				degree[v]++
			}
		}
	}
	slices.SortFunc(visit, func(x, y int) int {
		return cmp.Or(cmp.Compare(degree[y], degree[x]), cmp.Compare(x, y))
	})
	isCentre, covered := make([]bool, n), make([]bool, n)
	for _, v := range visit {
		if covered[v] {
			continue
		}
		isCentre[v], covered[v] = true, true
		for _, e := range adj[v] {
			if !e.loose {
				covered[e.to] = true
			}
		}
	}
	group := make([]int, n)
	for v := range group {
		group[v] = v
		if isCentre[v] {
			continue
		}
		best := -1.0
		for _, e := range adj[v] { // rising, so ties keep the lowest
			if isCentre[e.to] && !e.loose {
				if w, counts := tie(adj, v, e.to); w > best {
					best, group[v] = w, v
					if e.weight > closeWeight || counts >= tied*unit {
						group[v] = e.to
					}
				}
			}
		}
	}
	return group
}

// tie is the mean weight of v's firm links to the centre c and c's other
// neighbours, and the mean of what those to the first of them count.
func tie(adj [][]half, v, c int) (weight, counts float64) {
	n, polls := 0, 0
	sum, excess := 0.0, uint64(0)
	links := adj[v]
	visit := func(u int) {
		for len(links) > 0 && links[0].to < u {
			links = links[1:]
		}
		linked := len(links) > 0 && links[0].to == u && !links[0].loose
		n++
		if linked {
			sum += links[0].weight
		}
		if polls < hubs {
			polls++
			if linked {
				excess += links[0].excess
			}
		}
	}
	before := true
	for _, e := range adj[c] {
		if before && e.to > c {
			visit(c)
			before = false
		}
		if e.to != v && !e.loose {
			visit(e.to)
		}
	}
	if before {
		visit(c)
	}
	return sum / float64(n), float64(excess) / float64(polls)
}

// merge joins groups in place, by falling mean of what the links between their
// heads count, down to tied. Members of a merged group move to the one with the
// lower number.
func merge(adj [][]half, group []int, members [][]int, counts func(half) uint64) {
	const least = tied * unit
	heads := make([][]int, len(members)) // the first of each group
	polls := make([]bool, len(group))    // of a vertex: it is one of those
	lead := func(g int, head []int) {
		heads[g] = head
		for _, v := range head {
			polls[v] = true
		}
	}
	for g, m := range members {
		slices.Sort(m)
		lead(g, m[:min(full, len(m))])
	}
	var q queue
	age := make([]int, len(members))     // of a group: its merges
	sums := make([]uint64, len(members)) // of the heads of one group and of every other
	var met []int                        // those whose sum is not 0
	// propose queues the unions of g with groups from the given one on.
	propose := func(g, from int) {
		for _, v := range heads[g] {
			for _, e := range adj[v] {
				if h := group[e.to]; h != g && h >= from && polls[e.to] {
					if n := counts(e); n > 0 {
						if sums[h] == 0 {
							met = append(met, h)
						}
						sums[h] += n
					}
				}
			}
		}
		for _, h := range met {
			if m := float64(sums[h]) / float64(len(heads[g])*len(heads[h])); m >= least {
				g, h := min(g, h), max(g, h)
				heap.Push(&q, union{g, h, m, age[g], age[h]})
			}
			sums[h] = 0
		}
		met = met[:0]
	}
	for g := range members {
		propose(g, g+1)
	}
	for len(q) > 0 {
		u := heap.Pop(&q).(union)
		g, h := u.g, u.h
		if u.ageG != age[g] || u.ageH != age[h] {
			continue // one of them has grown or gone
		}
		age[g]++
		age[h]++
		for _, k := range [...]int{g, h} {
			for _, v := range heads[k] {
				polls[v] = false
			}
		}
		members[g] = append(members[g], members[h]...)
		for _, v := range members[h] {
			group[v] = g
		}
		head := slices.Concat(heads[g], heads[h])
		slices.Sort(head)
		lead(g, head[:min(full, len(head))])
		members[h], heads[h] = nil, nil
		propose(g, 0)
	}
}

// A union is a proposal to merge the groups g < h, as they are at these ages.
type union struct {
	g, h       int
	mean       float64
	ageG, ageH int
}

// queue is a heap of unions, the greatest mean first, of equal ones the lowest
// numbers.
type queue []union

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	x, y := q[i], q[j]
	if x.mean != y.mean {
		return x.mean > y.mean
	}
	return cmp.Or(x.g-y.g, x.h-y.h) < 0
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(union)) }
func (q *queue) Pop() any {
	last := len(*q) - 1
	u := (*q)[last]
	*q = (*q)[:last]
	return u
}
