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

// A relative is a member with what its links are told from.
type relative struct {
	Member
	print   Fingerprint
	content int // by number in the family
}

// relatives returns the members of contents, sorted by ID. For reading.
func (h *held) relatives(contents []uint32, links bool) []relative {
	var found []relative
	for i, c := range contents {
		found = slices.Grow(found, int(h.contents.At(c).count))
		for a := range h.members(c) {
			r := relative{print: h.fingerprint(a), content: i}
			r.Member = r.print.Member()
			if !links {
				r.ID, r.print = strings.Clone(r.ID), Fingerprint{}
			}
			found = append(found, r)
		}
	}
	if len(found) < 2 {
		return found
	}
	byID := make([]int, len(found))
	for i := range byID {
		byID[i] = i
	}
	slices.SortFunc(byID, func(i, j int) int { return cmp.Compare(found[i].ID, found[j].ID) })
	out := make([]relative, len(found))
	for k, i := range byID {
		out[k] = found[i]
	}
	return out
}

// describe describes a group of contents, with its links, for which explain is
// to follow, or by ID, lead and members alone. For reading.
func (d *Deduper) describe(contents []uint32, links bool) *family {
	h := d.h
	g := &family{Group: Group{Level: d.o.GroupBy, Links: []Match{}, Weakest: -1}}
	all := h.relatives(contents, links)
	g.Members = make([]string, len(all))
	hash := uint64(0)
	for i := range all {
		m := &all[i]
		g.Members[i] = m.ID
		if x := hashID(m.ID); i == 0 || x < hash {
			hash, g.ID = x, m.ID
		}
	}
	g.Lead, g.Why = d.lead(all)
	if !links {
		return g
	}
	publishers := map[uint64]bool{}
	for i := range all {
		if t := all[i].Published; !t.IsZero() {
			if g.Earliest.IsZero() || t.Before(g.Earliest) {
				g.Earliest = t
			}
			if t.After(g.Latest) {
				g.Latest = t
			}
		}
		if p := all[i].Publisher; p != 0 {
			if publishers[p] {
				g.SamePublisher++
			}
			publishers[p] = true
		}
	}
	g.Publishers = len(publishers)
	if len(all) == 1 {
		return g
	}
	in := make(map[uint32]int, len(contents))
	for i, c := range contents {
		in[c] = i
	}
	h.tieUp(g, contents, in, all)
	g.Diameter = h.diameter(contents, in)
	if len(all) > len(contents) {
		g.Diameter = max(g.Diameter, 1)
	}
	return g
}

// tieUp fills in the links: those of contents between their members of the
// least ID, and between that and every other member of a content.
func (h *held) tieUp(g *family, contents []uint32, in map[uint32]int, all []relative) {
	type row struct {
		places uint64 // of the one, and then of the other
		link   link
	}
	var rows []row
	put := func(a, b int, l link) { rows = append(rows, row{uint64(min(a, b))<<32 | uint64(max(a, b)), l}) }
	least := make([]int, len(contents)) // relative of the least ID
	for i := range least {
		least[i] = -1
	}
	for k := range all {
		if first := &least[all[k].content]; *first < 0 {
			*first = k
		} else {
			put(*first, k, makeLink(0, Exact, 1e4))
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
	for i, r := range rows {
		a, b := &all[r.places>>32], &all[uint32(r.places)]
		g.Links[i] = Match{A: a.ID, B: b.ID, Relation: r.link.relation(), Score: r.link.score()}
		x := &g.bases[i]
		x.a, x.b = a.print, b.print
		x.proof, x.flipped = h.proofs.of(contents[a.content], contents[b.content])
		if g.Weakest < 0 || closeness(r.link) < closeness(rows[g.Weakest].link) {
			g.Weakest = i
		}
	}
}

// lead returns the ID of the member that comes first, of all in the order of their
// IDs, and why.
func (d *Deduper) lead(all []relative) (id, why string) {
	best := &all[0].Member
	if len(all) == 1 {
		return best.ID, "only member"
	}
	if before := d.o.Before; before != nil {
		for i := range all[1:] {
			if m := &all[i+1].Member; before(*m, *best) {
				best = m
			}
		}
		return best.ID, "first by Options.Before"
	}
	decided := 4
	for i := range all[1:] {
		m := &all[i+1].Member
		c, rule := rank(m, best)
		if c < 0 {
			best = m
		}
		decided = min(decided, rule)
	}
	return best.ID, [...]string{"credits an agency or names a byline", "earliest date", "longest text", "first by ID", "first by ID"}[decided]
}

// rank compares two members for the lead; rule says which comparison decided.
func rank(a, b *Member) (c, rule int) {
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
