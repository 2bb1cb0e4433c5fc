package newsdedup

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"sync/atomic"
	"time"
)

// Group is a set of articles tied by links at or above a level. The same
// articles give the same groups, byte for byte, in any order of arrival and
// with any number of workers.
type Group struct {
	// ID names the group: that of the member whose hashed ID is least, so that
	// it survives most arrivals and departures.
	ID string `json:"id"`
	// Level is the weakest relation that counts as a tie here.
	Level Relation `json:"level"`
	// Lead is the ID of the member that stands for the group, and Why says what put
	// it first: "only member", "first by Options.Before", or of the rules that hold
	// without that the first that told it from another member: "credits an agency or
	// names a byline", "earliest date", "longest text", "first by ID".
	Lead string `json:"lead"`
	Why  string `json:"why"`
	// Members are the IDs, sorted.
	Members []string `json:"members"`
	// Links are the verified relations at or above Level between members, A < B,
	// sorted by A, then B.
	Links []Match `json:"links"`
	// Weakest is the index in Links of the weakest one: the lowest relation, of
	// equal ones the lowest score. -1 without links.
	Weakest int `json:"weakest"`
	// Diameter is the greatest number of links on a shortest way between two
	// members, of which those of the same words and title count as one: 0 for a
	// single member, 1 for copies of one text. With more than 64 different texts it
	// is found by two walks instead of all: at least half of that, and in a tree of
	// links just that.
	Diameter int `json:"diameter"`
	// Earliest and Latest are the first and the last known date of publication of
	// the members, zero if none is known.
	Earliest time.Time `json:"earliest,omitzero"`
	Latest   time.Time `json:"latest,omitzero"`
	// Publishers counts the different known publishers of the members.
	Publishers int `json:"publishers"`
	// SamePublisher counts the members beyond the first of each known publisher:
	// copies within one house, which do not say that a story went further.
	SamePublisher int `json:"samePublisher"`
}

// Member is what is known of an article when a lead is chosen; see also
// Fingerprint.Member.
type Member struct {
	ID        string
	Publisher uint64    // PublisherHash of its name, or else of the URL's host; 0 where unknown
	Published time.Time // UTC, to the second; zero where unknown
	Credited  bool      // it credits an agency or names a byline
	Words     int       // tokens of the body
}

// GroupState is a group without its links, as Events, Deduper.GroupState and
// GroupStates tell of it. See Group.
type GroupState struct {
	ID      string   `json:"id"`
	Lead    string   `json:"lead"`
	Members []string `json:"members"` // sorted
}

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
	parallel(len(parts), func(w int) {
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
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	families := slices.Concat(parts...)
	slices.SortFunc(families, func(x, y *family) int {
		return cmp.Or(cmp.Compare(len(y.Members), len(x.Members)), cmp.Compare(x.ID, y.ID))
	})
	return families, nil
}
