package newsdedup

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/newsdedup/newsdedup/internal/sketch"
	"github.com/newsdedup/newsdedup/internal/star"
	"github.com/newsdedup/newsdedup/internal/verdict"
)

// Group returns the group an article is in. ErrNotFound if it is not held. It
// takes time in proportion to all articles that links lead to from there, and
// some microseconds for the evidence of each link of the group.
func (d *Deduper) Group(ctx context.Context, id string) (Group, error) {
	if err := ctx.Err(); err != nil {
		return Group{}, err
	}
	f, err := d.family(id, true)
	if err != nil {
		return Group{}, err
	}
	f.explain()
	return f.Group, nil
}

// GroupState returns the group an article is in as Events tell of it: without
// links, whose evidence takes most of the time of Group. ErrNotFound if the
// article is not held.
func (d *Deduper) GroupState(ctx context.Context, id string) (GroupState, error) {
	if err := ctx.Err(); err != nil {
		return GroupState{}, err
	}
	f, err := d.family(id, false)
	if err != nil {
		return GroupState{}, err
	}
	return GroupState{f.ID, f.Lead, f.Members}, nil
}

// Path returns why two members are in one group: the links of a shortest way
// from a to b, in its order, one alone if the two are linked themselves. Of
// several such ways it is one through strong links. Nil if one of the two is no
// member, or if they are the same.
func (g *Group) Path(a, b string) []Match {
	links := slices.Clone(g.Links)
	slices.SortStableFunc(links, func(x, y Match) int {
		return cmp.Or(cmp.Compare(y.Relation, x.Relation), cmp.Compare(y.Score, x.Score))
	})
	ties := map[string][]Match{}
	for _, m := range links {
		ties[m.A] = append(ties[m.A], m)
		ties[m.B] = append(ties[m.B], m)
	}
	other := func(m Match, id string) string {
		if m.A == id {
			return m.B
		}
		return m.A
	}
	// Breadth first from b, so that each article knows its step towards b.
	step := map[string]Match{b: {}}
	for queue := []string{b}; len(queue) > 0; queue = queue[1:] {
		for _, m := range ties[queue[0]] {
			id := other(m, queue[0])
			if _, seen := step[id]; !seen {
				step[id] = m
				queue = append(queue, id)
			}
		}
	}
	if _, tied := step[a]; !tied {
		return nil
	}
	var path []Match
	for at := a; at != b; at = other(step[at], at) {
		path = append(path, step[at])
	}
	return path
}

func (d *Deduper) family(id string, links bool) (*family, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.closed {
		return nil, ErrClosed
	}
	a := d.h.find(id, hashID(id))
	if a == none {
		return nil, fmt.Errorf("%w: %q", ErrNotFound, id)
	}
	c := d.h.articles.At(a).content
	for _, g := range d.h.groups(d.h.component(c, seenFew())) {
		if slices.Contains(g, c) {
			return d.describe(g, links), nil
		}
	}
	return d.describe([]uint32{c}, links), nil
}

// Groups yields every group, largest first, then by ID. It is a snapshot: what
// changes meanwhile does not show. Changes wait while it is taken, some
// microseconds an article divided by Workers; the evidence of links is made as
// groups are yielded. An error, ErrClosed or that of the context, is yielded with
// an empty Group and ends it.
func (d *Deduper) Groups(ctx context.Context) iter.Seq2[Group, error] {
	return func(yield func(Group, error) bool) {
		families, err := d.snapshot(ctx, true)
		if err != nil {
			yield(Group{}, err)
			return
		}
		for i, f := range families {
			families[i] = nil
			if err := ctx.Err(); err != nil {
				yield(Group{}, err)
				return
			}
			f.explain()
			if !yield(f.Group, nil) {
				return
			}
		}
	}
}

// GroupStates yields the state of every group, in the order of Groups and a
// snapshot like it, but without links, whose evidence takes most of the time of
// Groups. What follows the groups by Events after Open begins with it.
func (d *Deduper) GroupStates(ctx context.Context) iter.Seq2[GroupState, error] {
	return func(yield func(GroupState, error) bool) {
		families, err := d.snapshot(ctx, false)
		if err != nil {
			yield(GroupState{}, err)
			return
		}
		for _, f := range families {
			if err := ctx.Err(); err != nil {
				yield(GroupState{}, err)
				return
			}
			if !yield(GroupState{f.ID, f.Lead, f.Members}, nil) {
				return
			}
		}
	}
}

func (d *Deduper) snapshot(ctx context.Context, links bool) ([]*family, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.closed {
		return nil, ErrClosed
	}
	h := d.h
	var components [][]uint32
	seen := seenMany(h.contents.Len())
	for c := range uint32(h.contents.Len()) {
		if c%1024 == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		if h.contents.At(c).first == none {
			continue
		}
		if x := h.component(c, seen); x != nil {
			components = append(components, x)
		}
	}
	parts := make([][]*family, d.o.workers())
	var next atomic.Int64
	var wg sync.WaitGroup
	for w := range parts {
		wg.Go(func() {
			const step = 64
			for ctx.Err() == nil {
				i := int(next.Add(step)) - step
				if i >= len(components) {
					return
				}
				for _, x := range components[i:min(i+step, len(components))] {
					for _, g := range h.groups(x) {
						parts[w] = append(parts[w], d.describe(g, links))
					}
				}
			}
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	families := slices.Concat(parts...)
	slices.SortFunc(families, func(x, y *family) int {
		return cmp.Or(cmp.Compare(len(y.Members), len(x.Members)), cmp.Compare(x.ID, y.ID))
	})
	return families, nil
}

// seenFew and seenMany return a function that tells whether a content was asked
// for before.
func seenFew() func(c uint32) bool {
	seen := map[uint32]bool{}
	return func(c uint32) bool {
		before := seen[c]
		seen[c] = true
		return before
	}
}

func seenMany(n int) func(c uint32) bool {
	seen := make([]bool, n)
	return func(c uint32) bool {
		before := seen[c]
		seen[c] = true
		return before
	}
}

// component returns c and all contents that links lead to, none if c was seen
// before. For reading.
func (h *held) component(c uint32, seen func(uint32) bool) []uint32 {
	if seen(c) {
		return nil
	}
	out := []uint32{c}
	for i := 0; i < len(out); i++ {
		if x := h.contents.At(out[i]); x.links != 0 {
			h.links.Each(x.links-1, func(ls []uint64) bool {
				for _, l := range ls {
					if o := link(l).other(); !seen(o) {
						out = append(out, o)
					}
				}
				return true
			})
		}
	}
	return out
}

// groups divides a component, by the rules of package star; contents count in
// the order of their ranks. For reading.
func (h *held) groups(component []uint32) [][]uint32 {
	switch len(component) {
	case 0:
		return nil
	case 1, 2:
		return [][]uint32{component}
	}
	slices.SortFunc(component, h.order)
	number := make(map[uint32]int, len(component))
	for i, c := range component {
		number[c] = i
	}
	var edges []star.Edge
	series := h.series(component)
	for i, c := range component {
		h.links.Each(h.contents.At(c).links-1, func(ls []uint64) bool {
			for _, l := range ls {
				if j := number[link(l).other()]; i < j {
					e := star.Edge{A: i, B: j, Weight: closeness(link(l)), Chance: link(l).score()}
					e.Loose = link(l).relation() == SameStory
					e.Odd = link(l).relation() >= Partial && series(i, j)
					edges = append(edges, e)
				}
			}
			return true
		})
	}
	var out [][]uint32
	for _, members := range star.Groups(len(component), edges) {
		g := make([]uint32, len(members))
		for i, k := range members {
			g[i] = component[k]
		}
		out = append(out, g)
	}
	return out
}

// series tells of two contents of some, by number, whether they are notices that
// differ. For reading.
func (h *held) series(contents []uint32) func(i, j int) bool {
	var notices []verdict.Notice
	at := make([]int, len(contents)) // of each in notices, plus one; 0 of other texts
	var x verdict.Notice
	for i, c := range contents {
		if tokens, kinds, _ := sketch.Tokens(h.sketchOf(c)); x.Of(tokens, kinds) {
			notices = append(notices, x)
			at[i] = len(notices)
		}
	}
	return func(i, j int) bool {
		return at[i] > 0 && at[j] > 0 && verdict.Differ(&notices[at[i]-1], &notices[at[j]-1])
	}
}

// order orders contents by rank, and by the sketches behind it. For reading.
func (h *held) order(a, b uint32) int {
	if x, y := h.contents.At(a).rank, h.contents.At(b).rank; x != y {
		return cmp.Compare(x, y)
	}
	return cmp.Compare(h.sketchOf(a), h.sketchOf(b))
}

// closeness orders links: a stronger relation before a weaker one, a surer one
// before a less sure one.
func closeness(l link) float64 { return (float64(l.relation()) + l.score()) / float64(Exact+1) }

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
		first := h.contents.At(c).first
		for a := first; ; {
			m := h.member(a)
			m.ID = strings.Clone(m.ID)
			members, owner = append(members, m), append(owner, i)
			if k := least[i]; k < 0 || m.ID < members[k].ID {
				least[i] = len(members) - 1
			}
			if a = h.articles.At(a).next; a == first {
				break
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
		x := h.contents.At(c)
		if x.links == 0 {
			continue
		}
		h.links.Each(x.links-1, func(ls []uint64) bool {
			for _, l := range ls {
				if j, ok := in[link(l).other()]; ok && i < j {
					put(least[i], least[j], link(l))
				}
			}
			return true
		})
	}
	slices.SortFunc(rows, func(x, y row) int { return cmp.Compare(x.places, y.places) })
	g.Links = make([]Match, len(rows))
	g.bases = make([]basis, len(rows))
	heads := make([]string, 0, len(members)) // in their order
	for _, c := range contents {
		first := h.contents.At(c).first
		for a := first; ; {
			heads = append(heads, h.headOf(a))
			if a = h.articles.At(a).next; a == first {
				break
			}
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
			x := h.contents.At(contents[v])
			if x.links == 0 {
				continue
			}
			h.links.Each(x.links-1, func(ls []uint64) bool {
				for _, l := range ls {
					if o, ok := in[link(l).other()]; ok && dist[o] < 0 {
						dist[o] = dist[v] + 1
						queue = append(queue, o)
					}
				}
				return true
			})
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
