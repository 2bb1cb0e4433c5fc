package newsdedup

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// A family is a group whose links have no evidence yet: what it is made from is
// with them.
type family struct {
	Group
	bases []basis // of Links
}

// A basis is what the evidence of a link is made from: the fingerprints, and the
// proof if there is one, of B and A if it is flipped.
type basis struct {
	a, b    Fingerprint
	proof   *proof
	flipped bool
}

// explain fills in the evidence of the links.
func (f *family) explain() {
	if len(f.Links) == 0 {
		return
	}
	c := comparers.Get().(*comparer)
	defer comparers.Put(c)
	for i := range f.bases {
		x := &f.bases[i]
		l := makeLink(0, f.Links[i].Relation, uint16(math.Round(f.Links[i].Score*1e4)))
		if x.proof == nil {
			f.Links[i] = c.retell(&x.a, &x.b, l.relation(), l.steps())
			continue
		}
		if x.flipped {
			x.proof.evidence.exchange()
		}
		f.Links[i] = x.proof.match(&x.a, &x.b, l)
	}
	f.bases = nil
}

// describe describes a group of contents, with its links, for which explain is
// to follow, or without. For reading.
func (d *Deduper) describe(contents []uint32, links bool) *family {
	h := d.h
	g := &family{Group: Group{Level: d.o.GroupBy, Links: []Match{}, Weakest: -1}}
	var members []Member
	least := make([]int, len(contents)) // member of the least ID, by content
	in := make(map[uint32]int, len(contents))
	owner := make([]int, 0, len(contents))
	for i, c := range contents {
		in[c] = i
		least[i] = -1
		for a := range h.members(c) {
			f := h.fingerprint(a)
			m := f.Member()
			m.ID = strings.Clone(m.ID)
			members, owner = append(members, m), append(owner, i)
			if k := least[i]; k < 0 || m.ID < members[k].ID {
				least[i] = len(members) - 1
			}
		}
	}
	publishers := map[uint64]bool{}
	hash := uint64(0)
	for i, m := range members {
		g.Members = append(g.Members, m.ID)
		if x := hashID(m.ID); i == 0 || x < hash || x == hash && m.ID < g.ID {
			hash, g.ID = x, m.ID
		}
		if t := m.Published; !t.IsZero() {
			if g.Earliest.IsZero() || t.Before(g.Earliest) {
				g.Earliest = t
			}
			if t.After(g.Latest) {
				g.Latest = t
			}
		}
		if m.Publisher != 0 {
			if publishers[m.Publisher] {
				g.SamePublisher++
			}
			publishers[m.Publisher] = true
		}
	}
	g.Publishers = len(publishers)
	if links && len(members) > 1 {
		d.tieUp(g, contents, in, members, owner, least)
	}
	slices.Sort(g.Members)
	g.Lead, g.Why = d.lead(members)
	if !links {
		return g
	}
	g.Diameter = h.diameter(contents, in)
	if len(members) > len(contents) {
		g.Diameter = max(g.Diameter, 1)
	}
	return g
}

// tieUp fills in the links: those of contents between their members of the
// least ID, and between that and every other member of a content.
func (d *Deduper) tieUp(g *family, contents []uint32, in map[uint32]int, members []Member, owner, least []int) {
	h := d.h
	byID := make([]int, len(members))
	for i := range byID {
		byID[i] = i
	}
	slices.SortFunc(byID, func(i, j int) int { return cmp.Compare(members[i].ID, members[j].ID) })
	place := make([]int, len(members)) // of each in byID
	for k, i := range byID {
		place[i] = k
	}
	type row struct {
		places uint64 // of the one, and then of the other
		link   link
	}
	var rows []row
	put := func(a, b int, l link) {
		x, y := place[a], place[b]
		rows = append(rows, row{uint64(min(x, y))<<32 | uint64(max(x, y)), l})
	}
	for i, m := range owner {
		if least[m] != i {
			put(least[m], i, makeLink(0, Exact, 1e4))
		}
	}
	for i, c := range contents {
		for l := range h.linksOf(c) {
			if j, ok := in[l.other()]; ok && i < j {
				put(least[i], least[j], l)
			}
		}
	}
	slices.SortFunc(rows, func(x, y row) int { return cmp.Compare(x.places, y.places) })
	g.Links = make([]Match, len(rows))
	g.bases = make([]basis, len(rows))
	heads := make([]string, 0, len(members)) // in their order
	for _, c := range contents {
		for a := range h.members(c) {
			heads = append(heads, h.headOf(a))
		}
	}
	for i, r := range rows {
		first, second := byID[r.places>>32], byID[uint32(r.places)]
		g.Links[i] = Match{A: members[first].ID, B: members[second].ID, Relation: r.link.relation(), Score: r.link.score()}
		a, b := contents[owner[first]], contents[owner[second]]
		x := &g.bases[i]
		x.a, x.b = Fingerprint{heads[first], h.sketchOf(a)}, Fingerprint{heads[second], h.sketchOf(b)}
		x.proof, x.flipped = h.proofs.of(a, b)
		if g.Weakest < 0 || closeness(r.link) < closeness(rows[g.Weakest].link) {
			g.Weakest = i
		}
	}
}

// lead returns the member that comes first, and why.
func (d *Deduper) lead(members []Member) (id, why string) {
	if len(members) == 1 {
		return members[0].ID, "only member"
	}
	slices.SortFunc(members, func(x, y Member) int { return cmp.Compare(x.ID, y.ID) })
	best := members[0]
	if before := d.o.Before; before != nil {
		for _, m := range members[1:] {
			if before(m, best) {
				best = m
			}
		}
		return best.ID, "first by Options.Before"
	}
	decided := 4
	for _, m := range members[1:] {
		c, rule := rank(m, best)
		if c < 0 {
			best = m
		}
		decided = min(decided, rule)
	}
	return best.ID, [...]string{"credits an agency or names a byline", "earliest date", "longest text", "first by ID", "first by ID"}[decided]
}

// rank compares two members for the lead; rule says which comparison decided.
func rank(a, b Member) (c, rule int) {
	if a.Credited != b.Credited {
		if a.Credited {
			return -1, 0
		}
		return 1, 0
	}
	if !a.Published.Equal(b.Published) {
		if b.Published.IsZero() || !a.Published.IsZero() && a.Published.Before(b.Published) {
			return -1, 1
		}
		return 1, 1
	}
	if c := cmp.Compare(b.Words, a.Words); c != 0 {
		return c, 2
	}
	return cmp.Compare(a.ID, b.ID), 3
}

// maxWays is the number of contents up to which the diameter is that of all
// ways.
const maxWays = 64

// diameter is the longest of the shortest ways between contents; of more than
// maxWays the longest from the content that is furthest from the first. For
// reading.
func (h *held) diameter(contents []uint32, in map[uint32]int) int {
	n := len(contents)
	if n == 1 {
		return 0
	}
	dist := make([]int, n)
	queue := make([]int, 0, n)
	far := func(from int) (last, longest int) {
		for i := range dist {
			dist[i] = -1
		}
		dist[from] = 0
		queue = append(queue[:0], from)
		for k := 0; k < len(queue); k++ {
			v := queue[k]
			last, longest = v, dist[v]
			for l := range h.linksOf(contents[v]) {
				if o, ok := in[l.other()]; ok && dist[o] < 0 {
					dist[o] = dist[v] + 1
					queue = append(queue, o)
				}
			}
		}
		return last, longest
	}
	if n > maxWays {
		first := 0
		for i := range contents {
			if h.order(contents[i], contents[first]) < 0 {
				first = i
			}
		}
		far(first)
		// Of the furthest ones that of least rank.
		last := first
		for i := range contents {
			if dist[i] > dist[last] || dist[i] == dist[last] && h.order(contents[i], contents[last]) < 0 {
				last = i
			}
		}
		_, longest := far(last)
		return longest
	}
	longest := 0
	for i := range contents {
		_, l := far(i)
		longest = max(longest, l)
	}
	return longest
}
