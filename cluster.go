package newsdedup

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"iter"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/newsdedup/newsdedup/internal/star"
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
	// Lead is the ID of the member that stands for the group, and Why says what
	// put it first.
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
	// members; 0 for a single member.
	Diameter int `json:"diameter"`
	// Publishers counts the different known publishers of the members.
	Publishers int `json:"publishers"`
}

// Member is what is known of an article when a lead is chosen.
type Member struct {
	ID        string
	Publisher uint64 // hash of the publisher's name, 0 where unknown
	Published time.Time
	Credited  bool // it credits an agency or names a byline
	Words     int  // tokens of the body
}

// Cluster groups a set of articles. Articles need distinct IDs; a later one
// replaces an earlier one of the same ID. Every article is in exactly one
// group; groups come largest first, then by ID.
//
// Groups are built on links of o.GroupBy or stronger without chaining: see
// the rules of star clustering in the package documentation. An error of seq
// ends the call and is returned with the number of the article; so is that of
// ctx.
func Cluster(ctx context.Context, seq iter.Seq2[*Article, error], o *Options) ([]Group, error) {
	d, err := New(o)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	if err := d.addAll(ctx, seq); err != nil {
		return nil, err
	}
	var groups []Group
	for g, err := range d.Groups(ctx) {
		if err != nil {
			return nil, err
		}
		groups = append(groups, g)
	}
	return groups, nil
}

// addAll adds every article of seq with up to Workers goroutines, all of which
// have ended when it returns.
func (d *Deduper) addAll(ctx context.Context, seq iter.Seq2[*Article, error]) error {
	workers := d.o.Workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	// Articles of one ID go to one worker, in order, so that the later wins.
	work := make([]chan *Article, workers)
	var wg sync.WaitGroup
	for i := range work {
		work[i] = make(chan *Article, 4)
		wg.Go(func() {
			for a := range work[i] {
				if _, err := d.insert(ctx, a); err != nil {
					cancel(err)
				}
			}
		})
	}
	err := func() error {
		defer wg.Wait()
		defer func() {
			for _, c := range work {
				close(c)
			}
		}()
		n := 0
		for a, err := range seq {
			if err != nil {
				return fmt.Errorf("newsdedup: article %d: %w", n, err)
			}
			if a == nil || a.ID == "" {
				return fmt.Errorf("%w: article %d", ErrID, n)
			}
			n++
			select {
			case work[hashID(a.ID)%uint64(workers)] <- a:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
		return nil
	}()
	if err == nil {
		err = context.Cause(ctx)
	}
	return err
}

func hashID(id string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(id))
	return h.Sum64()
}

// groupsOf builds the groups of the given vertices, which hold every vertex
// that is linked to one of them at the level of grouping.
func (d *Deduper) groupsOf(vertices []*vertex) []Group {
	slices.SortFunc(vertices, func(x, y *vertex) int { return cmp.Compare(x.fp.ID(), y.fp.ID()) })
	number := make(map[*vertex]int, len(vertices))
	for i, v := range vertices {
		number[v] = i
	}
	var edges []star.Edge
	for i, v := range vertices {
		for w, m := range v.links {
			if j, ok := number[w]; ok && i < j && m.Relation >= d.o.GroupBy {
				edges = append(edges, star.Edge{A: i, B: j, Weight: closeness(m), Loose: m.Relation == SameStory})
			}
		}
	}
	var out []Group
	for _, members := range star.Groups(len(vertices), edges) {
		g := make([]*vertex, len(members))
		for i, k := range members {
			g[i] = vertices[k]
		}
		out = append(out, d.group(g))
	}
	return out
}

// closeness orders links: a stronger relation before a weaker one, a surer one
// before a less sure one.
func closeness(m Match) float64 { return (float64(m.Relation) + m.Score) / float64(Exact+1) }

// group describes a group of members sorted by ID.
func (d *Deduper) group(members []*vertex) Group {
	g := Group{Level: d.o.GroupBy, Members: make([]string, len(members)), Links: []Match{}, Weakest: -1}
	publishers := map[uint64]bool{}
	least := uint64(0)
	for i, v := range members {
		id := v.fp.ID()
		g.Members[i] = id
		if h := hashID(id); i == 0 || h < least {
			least, g.ID = h, id
		}
		if v.member.Publisher != 0 {
			publishers[v.member.Publisher] = true
		}
		for _, w := range members[i+1:] {
			if m, ok := v.links[w]; ok && m.Relation >= d.o.GroupBy {
				if g.Weakest < 0 || closeness(m) < closeness(g.Links[g.Weakest]) {
					g.Weakest = len(g.Links)
				}
				g.Links = append(g.Links, m)
			}
		}
	}
	g.Publishers = len(publishers)
	g.Lead, g.Why = d.lead(members)
	g.Diameter = d.diameter(members)
	return g
}

// lead returns the member that comes first, and why.
func (d *Deduper) lead(members []*vertex) (id, why string) {
	best := members[0]
	if len(members) == 1 {
		return best.fp.ID(), "only member"
	}
	if before := d.o.Before; before != nil {
		for _, v := range members[1:] {
			if before(v.member, best.member) {
				best = v
			}
		}
		return best.fp.ID(), "first by Options.Before"
	}
	decided := 4
	for _, v := range members[1:] {
		c, rule := rank(v.member, best.member)
		if c < 0 {
			best = v
		}
		decided = min(decided, rule)
	}
	return best.fp.ID(), [...]string{"credits an agency or names a byline", "earliest date", "longest text", "first by ID", "first by ID"}[decided]
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

// diameter is the longest of the shortest ways between members.
func (d *Deduper) diameter(members []*vertex) int {
	in := make(map[*vertex]int, len(members))
	for _, v := range members {
		in[v] = -1
	}
	longest := 0
	for _, from := range members {
		for _, v := range members {
			in[v] = -1
		}
		in[from] = 0
		queue := []*vertex{from}
		for len(queue) > 0 {
			v := queue[0]
			queue = queue[1:]
			longest = max(longest, in[v])
			for w, m := range v.links {
				if dist, ok := in[w]; ok && dist < 0 && m.Relation >= d.o.GroupBy {
					in[w] = in[v] + 1
					queue = append(queue, w)
				}
			}
		}
	}
	return longest
}
