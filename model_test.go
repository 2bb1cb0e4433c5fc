package newsdedup

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/newsdedup/newsdedup/internal/posting"
	"github.com/newsdedup/newsdedup/internal/sketch"
	"github.com/newsdedup/newsdedup/internal/star"
	"github.com/newsdedup/newsdedup/internal/verdict"
	"pgregory.net/rapid"
)

// plain is what a Deduper holds, by the definition: articles, and nothing that
// is kept up to date. Every question goes through all pairs.
type plain struct {
	o        settings
	articles map[string]*Article
}

// A text is one content of the model.
type text struct {
	print   Fingerprint
	sketch  string
	rank    uint64
	keys    []uint32
	members []string // sorted
}

// differs tells whether both are notices, which differ.
func (x *text) differs(y *text) bool {
	var a, b verdict.Notice
	ta, ka, _ := sketch.Tokens(x.sketch)
	tb, kb, _ := sketch.Tokens(y.sketch)
	return a.Of(ta, ka) && b.Of(tb, kb) && verdict.Differ(&a, &b)
}

// texts are the contents, in the order of their ranks.
func (p *plain) texts() []*text {
	by := map[string]*text{}
	for id, a := range p.articles {
		f := Scheme1.Fingerprint(a)
		s := f.sketch
		key := s
		var sk sketch.Sketch
		sk.Decode(s)
		if sk.Words == 0 {
			key += id
		}
		if by[key] == nil {
			by[key] = &text{print: f, sketch: s, rank: hashBytes([]byte(s))}
			if sk.Words > 0 {
				by[key].keys = posting.Keys(nil, &sk, netOf(p.o.GroupBy))
			}
		}
		by[key].members = append(by[key].members, id)
	}
	out := slices.SortedFunc(maps.Values(by), func(a, b *text) int {
		return strings.Compare(fmt.Sprintf("%016x", a.rank), fmt.Sprintf("%016x", b.rank))
	})
	for _, t := range out {
		slices.Sort(t.members)
	}
	return out
}

// candidates is the rule of posting.Index, one key and pair at a time.
func (p *plain) candidates(texts []*text) func(i, j int) bool {
	holders := map[uint32][]int{} // in the order of ranks
	for i, t := range texts {
		for _, k := range t.keys {
			holders[k] = append(holders[k], i)
		}
	}
	bounds := p.o.bounds
	if bounds.Full == 0 {
		bounds = posting.Bounds{Full: posting.Full, Hubs: posting.Hubs, Common: posting.Common}
	}
	// Of n holders, those of the least ranks have a key as stock.
	isStock := func(k uint32, i int) bool {
		beyond := int64(len(holders[k]) - bounds.Common)
		return int64(texts[i].rank>>28)*int64(bounds.Common) < beyond<<36
	}
	stock := make([]int, len(texts))
	for i, t := range texts {
		for _, k := range t.keys {
			if isStock(k, i) {
				stock[i]++
			}
		}
	}
	return func(i, j int) bool {
		weight, shared := 0, 0
		for _, k := range texts[i].keys {
			if !slices.Contains(texts[j].keys, k) || isStock(k, i) || isStock(k, j) {
				continue
			}
			a, b := slices.Index(holders[k], i), slices.Index(holders[k], j)
			switch {
			case max(a, b) < bounds.Full:
				weight, shared = weight+1+int(k&1), shared+1 // runs weigh twice
			case min(a, b) < bounds.Hubs:
				shared++
			}
		}
		fewer := min(len(texts[i].keys), len(texts[j].keys))
		need := 3
		if fewer <= posting.Short {
			need = 2
		}
		few := max(stock[i], stock[j]) <= posting.Stock
		return few && weight >= need || shared >= 2 && 4*shared >= fewer
	}
}

// glance is the rule of posting.Glance, by the sets of what two texts have.
func (p *plain) glance(a, b *text) bool {
	if p.o.GroupBy == SameStory {
		return true
	}
	var s [2]sketch.Sketch
	var runs, tokens, facts [2]map[string]bool
	n := 1 << 20
	for i, t := range []*text{a, b} {
		s[i].Decode(t.sketch)
		runs[i], tokens[i], facts[i] = map[string]bool{}, map[string]bool{}, map[string]bool{}
		for k, x := range s[i].Tokens {
			tokens[i][fmt.Sprint(x)] = true
			if s[i].Kinds[k] == sketch.Name || s[i].Kinds[k] == sketch.Number {
				facts[i][fmt.Sprint(x)] = true
			}
			if k >= 2 {
				runs[i][fmt.Sprint(s[i].Tokens[k-2:k+1])] = true
			}
		}
		n = min(n, len(s[i].Tokens))
	}
	common := func(of [2]map[string]bool) float64 {
		c := 0.0
		for x := range of[0] {
			if of[1][x] {
				c++
			}
		}
		return c
	}
	m := float64(max(1, min(len(facts[0]), len(facts[1]), 255)))
	return s[0].Level != s[1].Level || n < 8 || 10*common(runs) >= float64(n) ||
		p.o.GroupBy == Rewrite && common(tokens)/float64(n)+common(facts)/m/2 >= 17./32
}

// groups are the sets of members, and the links between contents.
func (p *plain) groups(t testing.TB) (sets []string, links map[string]Relation) {
	texts := p.texts()
	candidate := p.candidates(texts)
	links = map[string]Relation{}
	var edges []star.Edge
	for j := range texts {
		for i := range j {
			if !candidate(i, j) || !p.glance(texts[i], texts[j]) {
				continue
			}
			m, err := Relate(&texts[i].print, &texts[j].print, nil)
			if err != nil {
				panic(err)
			}
			if m.Relation < p.o.GroupBy {
				continue
			}
			if m.Relation == SameStory {
				edges = append(edges, star.Edge{A: i, B: j, Weight: m.Score, Chance: m.Score, Loose: true})
			} else {
				edges = append(edges, star.Edge{A: i, B: j, Weight: (float64(m.Relation) + m.Score) / 6, Chance: m.Score, Odd: m.Relation >= Partial && texts[i].differs(texts[j])})
			}
			a, b := texts[i].members[0], texts[j].members[0]
			links[min(a, b)+" "+max(a, b)] = m.Relation
		}
	}
	for _, g := range star.Groups(len(texts), edges) {
		var ids []string
		for _, i := range g {
			ids = append(ids, texts[i].members...)
		}
		slices.Sort(ids)
		sets = append(sets, strings.Join(ids, " "))
	}
	slices.Sort(sets)
	for _, x := range texts {
		for _, id := range x.members[1:] {
			links[x.members[0]+" "+id] = Exact
		}
	}
	return sets, links
}

// actual are the groups of d, and all of its links, those between groups
// included.
func actual(t testing.TB, d *Deduper) (sets []string, links map[string]Relation) {
	links = map[string]Relation{}
	for g, err := range d.Groups(context.Background()) {
		if err != nil {
			panic(err)
		}
		sets = append(sets, strings.Join(g.Members, " "))
	}
	slices.Sort(sets)
	h := d.h
	least := func(c uint32) string {
		id := ""
		for a := range h.members(c) {
			if x := h.idOf(a); id == "" || x < id {
				id = x
			}
		}
		return id
	}
	for c := range uint32(h.contents.Len()) {
		if h.contents.At(c).first == none {
			continue
		}
		first := least(c)
		for a := range h.members(c) {
			if id := h.idOf(a); id != first {
				links[first+" "+id] = Exact
			}
		}
		for l := range h.linksOf(c) {
			o := least(l.other())
			links[min(first, o)+" "+max(first, o)] = l.relation()
		}
	}
	return sets, links
}

// stock is the paragraphs that the articles of the model are made of. Some
// are kept by one story, some by all, so that keys have few holders and many.
var stock = func() (out [][]string) {
	words := strings.Fields("harbour council vessel inspector anchor mayor budget school bridge tunnel winter orchard factory engine whistle museum painter village station railway courier journal balcony lantern quarry glacier meadow thunder compass printer granary")
	names := strings.Fields("Alder Brandt Castell Dunmore Eskil Fenwick Gorman Hollis Ivarsen Jelinek")
	for story := range 6 {
		var ps []string
		for p := range 7 {
			var b strings.Builder
			for k := range 14 {
				n := story*131 + p*37 + k*k*11 + k*5
				if k%4 == 2 {
					fmt.Fprintf(&b, "%s %d ", names[n%len(names)], 10+(n*7)%80)
				} else {
					fmt.Fprintf(&b, "%s%s ", words[n%len(words)], words[(n/7+k)%len(words)][:3])
				}
			}
			ps = append(ps, "The "+strings.TrimSpace(b.String())+".")
		}
		out = append(out, ps)
	}
	return out
}()

func each(articles []*Article) iter.Seq2[*Article, error] {
	return func(yield func(*Article, error) bool) {
		for _, a := range articles {
			if !yield(a, nil) {
				return
			}
		}
	}
}

func drawArticle(t *rapid.T, ids int) *Article {
	story := stock[rapid.IntRange(0, len(stock)-1).Draw(t, "story")]
	from := rapid.IntRange(0, 3).Draw(t, "from")
	to := rapid.IntRange(from, len(story)).Draw(t, "to")
	ps := slices.Clone(story[from:to])
	if rapid.IntRange(0, 2).Draw(t, "notice") == 0 {
		ps = append(ps, stock[0][6])
	}
	if rapid.IntRange(0, 2).Draw(t, "pasted") == 0 {
		ps = append(ps, stock[rapid.IntRange(0, len(stock)-1).Draw(t, "other")][rapid.IntRange(0, 6).Draw(t, "paragraph")])
	}
	a := &Article{
		ID:    fmt.Sprintf("a%02d", rapid.IntRange(0, ids-1).Draw(t, "id")),
		Title: rapid.SampledFrom([]string{"", "Harbour council meets Alder", "Winter in the quarry"}).Draw(t, "title"),
		Text:  strings.Join(ps, "\n\n"),
	}
	if day := rapid.IntRange(0, 9).Draw(t, "day"); day > 0 {
		a.Published = time.Date(2026, 3, day, 8, 0, 0, 0, time.UTC)
	}
	return a
}

// Whatever is added, replaced, removed and expired, in whatever order, after
// every step links and groups are those of the definition. Small bounds of the
// index make hubs and crowded keys of a few articles.
func TestAgainstDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ctx := context.Background()
		level := rapid.SampledFrom([]Relation{Rewrite, Partial, SameStory, Near, Exact}).Draw(t, "level")
		told := map[string]GroupState{}
		d, err := New(&Options{GroupBy: level, Events: &Events{Groups: func(c GroupChange) { replay(t, told, c) }}})
		if err != nil {
			t.Fatal(err)
		}
		if rapid.Bool().Draw(t, "crowded") {
			full := rapid.IntRange(2, 5).Draw(t, "full")
			d.o.bounds = posting.Bounds{Full: full, Hubs: rapid.IntRange(1, full).Draw(t, "hubs"), Common: rapid.IntRange(3, 9).Draw(t, "common")}
			d.h = newHeld(level, d.o.bounds)
		}
		d.o.sweeps = rapid.IntRange(1, 4).Draw(t, "sweeps")
		p := &plain{d.o, map[string]*Article{}}
		for range rapid.IntRange(1, 14).Draw(t, "steps") {
			switch rapid.IntRange(0, 9).Draw(t, "op") {
			default:
				a := drawArticle(t, 12)
				p.articles[a.ID] = a
				if _, err := d.Add(ctx, a); err != nil {
					t.Fatal(err)
				}
			case 6:
				var all []*Article
				for range rapid.IntRange(0, 5).Draw(t, "articles") {
					a := drawArticle(t, 12)
					p.articles[a.ID] = a
					all = append(all, a)
				}
				i := 0
				for res, err := range d.AddAll(ctx, each(all)) {
					if err != nil || res.ID != all[i].ID {
						t.Fatalf("article %d, %s: %v, %v", i, all[i].ID, res.ID, err)
					}
					i++
				}
				if i != len(all) {
					t.Fatalf("%d results of %d articles", i, len(all))
				}
			case 7, 8:
				var ids []string
				all := true
				for range rapid.IntRange(1, 5).Draw(t, "ids") {
					id := fmt.Sprintf("a%02d", rapid.IntRange(0, 11).Draw(t, "id"))
					ids = append(ids, id)
					all = all && p.articles[id] != nil
				}
				for _, id := range ids {
					delete(p.articles, id)
				}
				if err := d.Remove(ctx, ids...); (err == nil) != all {
					t.Fatal(err)
				}
			case 9:
				before := time.Date(2026, 3, rapid.IntRange(1, 9).Draw(t, "before"), 0, 0, 0, 0, time.UTC)
				n := 0
				for id, a := range p.articles {
					if !a.Published.IsZero() && a.Published.Before(before) {
						delete(p.articles, id)
						n++
					}
				}
				if got, err := d.Expire(ctx, before); got != n || err != nil {
					t.Fatalf("Expire = %d, %v, want %d", got, err, n)
				}
			}
			wantSets, wantLinks := p.groups(nil)
			gotSets, gotLinks := actual(nil, d)
			if !maps.Equal(gotLinks, wantLinks) {
				t.Fatalf("links\n%v\nwant\n%v", gotLinks, wantLinks)
			}
			if !reflect.DeepEqual(gotSets, wantSets) {
				t.Fatalf("groups\n%q\nwant\n%q", gotSets, wantSets)
			}
			checkStats(t, d, p, wantLinks)
			checkSpares(t, d.h)
			var replayed []string
			for _, g := range told {
				replayed = append(replayed, strings.Join(g.Members, " "))
				if now, err := d.Group(ctx, g.Members[0]); err != nil || now.ID != g.ID || now.Lead != g.Lead {
					t.Fatalf("told %v, is %v, %v", g, now, err)
				}
			}
			slices.Sort(replayed)
			if !slices.Equal(replayed, wantSets) {
				t.Fatalf("events give\n%q\nwant\n%q", replayed, wantSets)
			}
		}
	})
}

// replay makes a change to the groups told before.
func replay(t *rapid.T, told map[string]GroupState, c GroupChange) {
	for _, g := range c.Before {
		if !reflect.DeepEqual(told[g.ID], g) {
			t.Fatalf("%v: %v is to go, told was %v", c, g, told[g.ID])
		}
		delete(told, g.ID)
	}
	for _, g := range c.After {
		if _, ok := told[g.ID]; ok {
			t.Fatalf("%v: %v is there already", c, g)
		}
		told[g.ID] = g
	}
}

// checkSpares counts every link anew: what its two sides may spend before it is
// looked at again must leave its texts candidates, or it would stay too long.
func checkSpares(t rapid.TB, h *held) {
	t.Helper()
	for c := range uint32(h.contents.Len()) {
		if h.contents.At(c).first == none {
			continue
		}
		for l := range h.linksOf(c) {
			back, _ := h.linked(l.other(), c)
			if spare, ok := h.support(c, l.other()); !ok || l.spare()+back.spare() > spare {
				t.Fatalf("link of %q and %q may spend %d and %d, of %d, %v", h.idOf(h.contents.At(c).first), h.idOf(h.contents.At(l.other()).first), l.spare(), back.spare(), spare, ok)
			}
		}
	}
}

// Versions of a few stories come into an index of small bounds, so that each makes
// many links weaker at once, and some are to be looked at again.
func TestSpares(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 4 {
		d, err := New(nil)
		if err != nil {
			t.Fatal(err)
		}
		d.o.bounds = posting.Bounds{Full: 3 + rng.IntN(6), Hubs: 1 + rng.IntN(3), Common: 5 + rng.IntN(20)}
		d.h = newHeld(d.o.GroupBy, d.o.bounds)
		for i := range 50 {
			story := stock[rng.IntN(2)]
			var text strings.Builder
			for _, p := range rng.Perm(len(story))[:2+rng.IntN(4)] {
				fmt.Fprintf(&text, "%s %d\n\n", story[p], i)
			}
			if _, err := d.Add(t.Context(), &Article{ID: fmt.Sprint(i), Text: text.String()}); err != nil {
				t.Fatal(err)
			}
			checkSpares(t, d.h)
		}
		if s := d.Stats(); s.Unlinked == 0 || s.Contents < 40 {
			t.Errorf("%+v: no link was given up", s)
		}
	}
}

func checkStats(t *rapid.T, d *Deduper, p *plain, links map[string]Relation) {
	s := d.Stats()
	undated := 0
	for _, a := range p.articles {
		if a.Published.IsZero() {
			undated++
		}
	}
	var by [Exact + 1]int
	for _, r := range links {
		by[r]++
	}
	if s.Verified > s.Candidates || s.Verified < uint64(len(links)-by[Exact]) {
		t.Fatalf("%d verified of %d candidates, for links %v", s.Verified, s.Candidates, by)
	}
	if s.Articles != len(p.articles) || s.Undated != undated || s.Links != by || s.Contents != len(p.texts()) {
		t.Fatalf("stats %+v of %d articles, %d undated, links %v", s, len(p.articles), undated, by)
	}
}
