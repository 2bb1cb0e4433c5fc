package newsdedup_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/newsdedup/newsdedup"
)

// Of two copies of a report the one of the house that we have a licence for
// stands for the group, though the other came out earlier.
func ExamplePublisherHash() {
	licence := newsdedup.PublisherHash("Northern Wire")
	d, err := newsdedup.New(&newsdedup.Options{Before: func(a, b newsdedup.Member) bool {
		if x, y := a.Publisher == licence, b.Publisher == licence; x != y {
			return x
		}
		return a.Published.Before(b.Published)
	}})
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	for hour, publisher := range []string{"Coast Post", "NORTHERN WIRE"} {
		_, err := d.Add(ctx, &newsdedup.Article{
			ID: fmt.Sprint(hour), Publisher: publisher, Text: lead,
			Published: time.Date(2026, 3, 3, hour, 0, 0, 0, time.UTC),
		})
		if err != nil {
			log.Fatal(err)
		}
	}
	g, err := d.Group(ctx, "0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(g.Lead, g.Why)
	// Output:
	// 1 first by Options.Before
}

// match is a link as far as Path looks at it.
func match(a, b string, r newsdedup.Relation, score float64) newsdedup.Match {
	return newsdedup.Match{A: a, B: b, Relation: r, Score: score}
}

// A is tied to D through B, or through C. Both ways are two links long; that
// through C is the stronger one. E hangs on D alone, and F on nothing.
func TestPath(t *testing.T) {
	ab, ac := match("a", "b", newsdedup.Rewrite, .9), match("a", "c", newsdedup.Near, .9)
	bd, cd, de := match("b", "d", newsdedup.Partial, .9), match("c", "d", newsdedup.Partial, .95), match("d", "e", newsdedup.Rewrite, .8)
	g := newsdedup.Group{Members: []string{"a", "b", "c", "d", "e", "f"}, Links: []newsdedup.Match{ab, ac, bd, cd, de}}
	for _, c := range []struct {
		from, to string
		want     []newsdedup.Match
	}{
		{"a", "b", []newsdedup.Match{ab}},
		{"b", "a", []newsdedup.Match{ab}},
		{"a", "d", []newsdedup.Match{ac, cd}},
		{"d", "a", []newsdedup.Match{cd, ac}},
		{"e", "a", []newsdedup.Match{de, cd, ac}},
		{"a", "a", nil},
		{"a", "f", nil},
		{"f", "a", nil},
		{"a", "nobody", nil},
		{"nobody", "nobody", nil},
	} {
		if got := g.Path(c.from, c.to); !reflect.DeepEqual(got, c.want) {
			t.Errorf("from %s to %s: %v, want %v", c.from, c.to, got, c.want)
		}
	}
}

// In a group that Cluster made there is a way from every member to every
// other, no longer than the diameter, and one is as long.
func TestPathWithinGroups(t *testing.T) {
	var all []*newsdedup.Article
	for _, a := range stories(t) {
		all = append(all, a)
	}
	groups, err := newsdedup.Cluster(t.Context(), seq(all...), &newsdedup.Options{GroupBy: newsdedup.SameStory})
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range groups {
		longest := 0
		for _, a := range g.Members {
			for _, b := range g.Members {
				at := a
				path := g.Path(a, b)
				for _, m := range path {
					switch at {
					case m.A:
						at = m.B
					case m.B:
						at = m.A
					default:
						t.Fatalf("from %s to %s: %s~%s does not go on from %s", a, b, m.A, m.B, at)
					}
				}
				if at != b {
					t.Errorf("from %s one gets to %s, not to %s", a, at, b)
				}
				longest = max(longest, len(path))
			}
		}
		if longest != g.Diameter {
			t.Errorf("group %s: the longest way has %d links, diameter %d", g.ID, longest, g.Diameter)
		}
	}
}

// Two copies of a report and two of it with a paragraph more: whoever goes from
// copy to copy takes three links, but of two texts that are linked the diameter
// is one.
func TestDiameterOfCopies(t *testing.T) {
	more := lead + "\n\nThe company said that it would pay for hotels until the next ferry leaves on Monday."
	groups := cluster(t, nil, &newsdedup.Article{ID: "a1", Text: lead}, &newsdedup.Article{ID: "a2", Text: lead},
		&newsdedup.Article{ID: "b1", Text: more}, &newsdedup.Article{ID: "b2", Text: more})
	if len(groups) != 1 {
		t.Fatalf("%d groups", len(groups))
	}
	if g := groups[0]; g.Diameter != 1 || len(g.Path("a2", "b2")) != 3 {
		t.Errorf("diameter %d, from a2 to b2 %d links", g.Diameter, len(g.Path("a2", "b2")))
	}
	if g := cluster(t, nil, &newsdedup.Article{ID: "a1", Text: lead}, &newsdedup.Article{ID: "a2", Text: lead})[0]; g.Diameter != 1 {
		t.Errorf("two copies: diameter %d", g.Diameter)
	}
}

// The weakest link is that of the lowest relation; of several of that, the one of
// the lowest score.
func TestWeakestLink(t *testing.T) {
	several := 0 // groups with stronger links of the relation of the weakest
	for seed := range uint64(4) {
		for _, g := range cluster(t, nil, stream(seed, 60)...) {
			if len(g.Links) == 0 {
				if g.Weakest != -1 {
					t.Errorf("group %s without links: weakest %d", g.ID, g.Weakest)
				}
				continue
			}
			w, same := g.Links[g.Weakest], 0
			for _, m := range g.Links {
				if m.Relation < w.Relation || m.Relation == w.Relation && m.Score < w.Score {
					t.Errorf("group %s: %v %.4f is told as weaker than %v %.4f", g.ID, w.Relation, w.Score, m.Relation, m.Score)
				}
				if m.Relation == w.Relation && m.Score > w.Score {
					same++
				}
			}
			if same > 0 {
				several++
			}
		}
	}
	if several < 10 {
		t.Errorf("%d groups have several links of their weakest relation", several)
	}
}

// Three reports of different events and a copy of one are held. When the first
// two and the copy are forgotten in one call, three things have happened, which
// are told apart: two groups went, and one lost a member. Nothing was merged.
func TestEventsOfUnrelatedGroups(t *testing.T) {
	var told []string
	d, err := newsdedup.New(&newsdedup.Options{Events: &newsdedup.Events{Groups: func(c newsdedup.GroupChange) {
		var ids []string
		for _, g := range c.Before {
			ids = append(ids, strings.Join(g.Members, "+"))
		}
		told = append(told, fmt.Sprint(c, " ", strings.Join(ids, ",")))
	}}})
	if err != nil {
		t.Fatal(err)
	}
	day := func(n int) time.Time { return time.Date(2026, 3, n, 0, 0, 0, 0, time.UTC) }
	for _, a := range []newsdedup.Article{
		{ID: "ferry", Published: day(9), Text: lead},
		{ID: "ferry-copy", Published: day(1), Text: lead},
		{ID: "choir", Published: day(1), Text: "The girls' choir of Sundby won the first prize at the festival in Riga on Sunday, its first in ten years."},
		{ID: "vote", Published: day(2), Text: "Parliament will vote in June on the budget for the two new hospitals that the coalition has promised."},
	} {
		if _, err := d.Add(t.Context(), &a); err != nil {
			t.Fatal(err)
		}
	}
	told = nil
	if n, err := d.Expire(t.Context(), day(5)); n != 3 || err != nil {
		t.Fatal(n, err)
	}
	want := []string{"removed choir", "left ferry+ferry-copy", "removed vote"}
	if !reflect.DeepEqual(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}

// Two dated copies, an undated one and one of another house: the state of the
// group is that of Group without links, and the dates are those that are known.
func TestGroupOfCopies(t *testing.T) {
	d, err := newsdedup.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	march := func(n int) time.Time { return time.Date(2026, 3, n, 12, 0, 0, 0, time.FixedZone("", 3600)) }
	for _, a := range []newsdedup.Article{
		{ID: "b", Publisher: "Coast Post", Published: march(4), Text: lead},
		{ID: "a", Publisher: "Coast Post", Published: march(3), Text: lead},
		{ID: "c", URL: "https://www.island.example/c", Text: lead},
	} {
		if _, err := d.Add(t.Context(), &a); err != nil {
			t.Fatal(err)
		}
	}
	g, err := d.Group(t.Context(), "c")
	if err != nil {
		t.Fatal(err)
	}
	if !g.Earliest.Equal(march(3)) || !g.Latest.Equal(march(4)) || g.Publishers != 2 || g.SamePublisher != 1 || g.Lead != "a" {
		t.Errorf("%+v", g)
	}
	s, err := d.GroupState(t.Context(), "b")
	if want := (newsdedup.GroupState{ID: g.ID, Lead: "a", Members: []string{"a", "b", "c"}}); err != nil || !reflect.DeepEqual(s, want) {
		t.Errorf("%+v, %v, want %+v", s, err, want)
	}
	if _, err := d.GroupState(t.Context(), "z"); err == nil || !strings.Contains(err.Error(), `"z"`) {
		t.Errorf("%v", err)
	}
	f, err := d.Fingerprint(t.Context(), "c")
	if err != nil {
		t.Fatal(err)
	}
	if m := f.Member(); m.Publisher != newsdedup.PublisherHash("island.example") || !m.Published.IsZero() {
		t.Errorf("%+v", m)
	}
}

// Who leads a group, and what put it first, by the rules of Options.Before in their
// order: each case leaves all before it tied.
func TestLead(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 3, n, 0, 0, 0, 0, time.UTC) }
	longer := lead + "\n\nThe company said that it would pay for hotels until the next ferry leaves on Monday."
	for _, c := range []struct {
		members   []*newsdedup.Article
		lead, why string
	}{
		{[]*newsdedup.Article{{ID: "a", Text: lead, Credits: []string{"AP"}}}, "a", "only member"},
		{[]*newsdedup.Article{
			{ID: "a", Text: longer, Published: day(1)}, {ID: "b", Text: lead, Published: day(2), Credits: []string{"AP"}},
		}, "b", "credits an agency or names a byline"},
		{[]*newsdedup.Article{
			{ID: "a", Text: longer, Published: day(1)}, {ID: "b", Text: lead, Byline: "Kari Holm"},
		}, "b", "credits an agency or names a byline"},
		{[]*newsdedup.Article{
			{ID: "a", Text: lead, Published: day(1)}, {ID: "b", Text: lead, Published: day(2), Byline: "Kari Holm"}, {ID: "c", Text: lead, Published: day(3), Byline: "Ola Berg"},
		}, "b", "credits an agency or names a byline"},
		{[]*newsdedup.Article{
			{ID: "a", Text: longer, Published: day(2)}, {ID: "b", Text: lead, Published: day(1)},
		}, "b", "earliest date"},
		{[]*newsdedup.Article{
			{ID: "a", Text: longer}, {ID: "b", Text: lead, Published: day(1)},
		}, "b", "earliest date"},
		{[]*newsdedup.Article{
			{ID: "a", Text: lead, Published: day(1)}, {ID: "b", Text: longer, Published: day(1)},
		}, "b", "longest text"},
		{[]*newsdedup.Article{
			{ID: "b", Text: lead}, {ID: "a", Text: lead}, {ID: "c", Text: lead},
		}, "a", "first by ID"},
	} {
		for range c.members {
			c.members = append(c.members[1:], c.members[0]) // in any order
			groups := cluster(t, nil, c.members...)
			if len(groups) != 1 || groups[0].Lead != c.lead || groups[0].Why != c.why {
				t.Errorf("%s is to lead as %s: %+v", c.lead, c.why, groups)
			}
		}
	}
	// What Before leaves tied goes by ID, whatever else there is.
	shortest := &newsdedup.Options{Before: func(a, b newsdedup.Member) bool { return a.Words < b.Words }}
	for _, c := range []struct{ a, b, lead string }{{longer, lead, "b"}, {lead, lead, "a"}} {
		g := cluster(t, shortest, &newsdedup.Article{ID: "b", Text: c.b, Byline: "Kari Holm"}, &newsdedup.Article{ID: "a", Text: c.a})[0]
		if g.Lead != c.lead || g.Why != "first by Options.Before" {
			t.Errorf("%s leads: %s; want %s", g.Lead, g.Why, c.lead)
		}
	}
}

// The links of a group are what Relate says of the two fingerprints, to the last
// passage, whoever made the group; the first side is that of the lower ID.
func TestEvidenceOfGroups(t *testing.T) {
	all := stream(7, 60)
	for _, name := range kimPutin {
		all = append(all, stories(t)[name])
	}
	for _, level := range []newsdedup.Relation{newsdedup.SameStory, newsdedup.Rewrite} {
		o := &newsdedup.Options{GroupBy: level}
		d, err := newsdedup.New(o)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range all {
			if _, err := d.Add(t.Context(), a); err != nil {
				t.Fatal(err)
			}
		}
		seen := map[newsdedup.Relation]int{}
		check := func(from string, groups ...newsdedup.Group) {
			t.Helper()
			for _, g := range groups {
				for _, m := range g.Links {
					want, err := d.Match(t.Context(), m.A, m.B)
					if err != nil {
						t.Fatal(err)
					}
					if m.A >= m.B || !reflect.DeepEqual(m, want) {
						t.Fatalf("%s at %v:\n%+v\nwant\n%+v", from, level, m, want)
					}
					seen[m.Relation]++
				}
			}
		}
		check("Cluster", cluster(t, o, all...)...)
		check("Groups", groupsOf(t, d)...)
		for _, id := range []string{"ap", "a001"} {
			g, err := d.Group(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			check("Group", g)
		}
		for r := level; r <= newsdedup.Exact; r++ {
			if seen[r] == 0 {
				t.Errorf("no link %v at %v", r, level)
			}
		}
	}
}

// A service that follows groups by Events begins with the states of those that
// are there, and has the groups of Groups without having asked for them.
func TestGroupStates(t *testing.T) {
	ctx := t.Context()
	told := map[string]newsdedup.GroupState{}
	following := false
	d, err := newsdedup.New(&newsdedup.Options{Events: &newsdedup.Events{Groups: func(c newsdedup.GroupChange) {
		if !following {
			return
		}
		for _, g := range c.Before {
			delete(told, g.ID)
		}
		for _, g := range c.After {
			told[g.ID] = g
		}
	}}})
	if err != nil {
		t.Fatal(err)
	}
	articles := stream(8, 120)
	for i, a := range articles {
		if i == len(articles)/2 {
			for g, err := range d.GroupStates(ctx) {
				if err != nil {
					t.Fatal(err)
				}
				told[g.ID] = g
			}
			following = true
		}
		if _, err := d.Add(ctx, a); err != nil {
			t.Fatal(err)
		}
	}
	var groups, states []newsdedup.GroupState
	for g, err := range d.Groups(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		s := newsdedup.GroupState{ID: g.ID, Lead: g.Lead, Members: g.Members}
		groups = append(groups, s)
		if !reflect.DeepEqual(told[g.ID], s) {
			t.Errorf("told %v, is %v", told[g.ID], s)
		}
	}
	for s, err := range d.GroupStates(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		states = append(states, s)
	}
	if !reflect.DeepEqual(states, groups) || len(told) != len(groups) {
		t.Errorf("states\n%v\ngroups\n%v", states, groups)
	}
	d.Close()
	for _, err := range d.GroupStates(ctx) {
		if !errors.Is(err, newsdedup.ErrClosed) {
			t.Errorf("after Close: %v", err)
		}
	}
}

// What services send and keep as JSON has the names that are pinned here.
func TestJSON(t *testing.T) {
	keys := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]any
		if err := json.Unmarshal(b, &m); err != nil {
			t.Fatal(err)
		}
		var names []string
		var walk func(prefix string, m map[string]any)
		walk = func(prefix string, m map[string]any) {
			for _, k := range slices.Sorted(maps.Keys(m)) {
				names = append(names, prefix+k)
				if in, ok := m[k].(map[string]any); ok {
					walk(prefix+k+".", in)
				}
			}
		}
		walk("", m)
		return strings.Join(names, " ")
	}
	at := time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC)
	const evidence = "evidence evidence.aInB evidence.bInA evidence.conflicts evidence.credits evidence.dates evidence.distance evidence.names evidence.numbers " +
		"evidence.order evidence.passages evidence.proseAInB evidence.proseBInA evidence.quoted evidence.reason evidence.resemblance evidence.samePublisher " +
		"evidence.timeGap evidence.title evidence.titleDistance"
	e := newsdedup.Evidence{Credits: []string{"AP"}, Passages: []newsdedup.Passage{{}}}
	for _, c := range []struct {
		value any
		want  string
	}{
		{newsdedup.Article{ID: "a", URL: "u", Title: "t", Byline: "b", Publisher: "p", Lang: "en", Published: at, Credits: []string{"AP"}},
			"byline credits id lang published publisher text title url"},
		{newsdedup.Match{Evidence: e}, "a b " + evidence + " relation score"},
		{newsdedup.Passage{Quoted: true}, "aEnd aStart bEnd bStart quoted words"},
		{newsdedup.Result{}, "id matches"},
		{newsdedup.Group{Earliest: at, Latest: at}, "diameter earliest id latest lead level links members publishers samePublisher weakest why"},
		{newsdedup.GroupChange{Before: []newsdedup.GroupState{{}}, After: []newsdedup.GroupState{{}}}, "after before"},
		{newsdedup.GroupState{}, "id lead members"},
		{newsdedup.Stats{}, "articles bytes candidates contents keys links undated unlinked verified"},
		{newsdedup.Stripped{}, "reason text"},
	} {
		if got := keys(c.value); got != c.want {
			t.Errorf("%T:\n got %s\nwant %s", c.value, got, c.want)
		}
	}
}
