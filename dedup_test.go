package newsdedup_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/storetest"
)

var kimPutin = []string{"abc", "ap", "euronews", "upi", "rewrite"}

func raw(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "kim-putin", name+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// normalized is the article of a flattened page, under the given ID.
func normalized(t testing.TB, id, text string) *newsdedup.Article {
	t.Helper()
	a, err := newsdedup.NormalizeText(strings.NewReader(text), nil)
	if err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	a.ID = id
	return a
}

func stories(t testing.TB) map[string]*newsdedup.Article {
	t.Helper()
	m := map[string]*newsdedup.Article{}
	for _, name := range kimPutin {
		m[name] = normalized(t, name, raw(t, name))
	}
	return m
}

func seq(articles ...*newsdedup.Article) iter.Seq2[*newsdedup.Article, error] {
	return func(yield func(*newsdedup.Article, error) bool) {
		for _, a := range articles {
			if !yield(a, nil) {
				return
			}
		}
	}
}

func cluster(t testing.TB, o *newsdedup.Options, articles ...*newsdedup.Article) []newsdedup.Group {
	t.Helper()
	groups, err := newsdedup.Cluster(context.Background(), seq(articles...), o)
	if err != nil {
		t.Fatal(err)
	}
	return groups
}

// sets are the members of the groups that have more than one, each joined by a
// space, sorted.
func sets(groups []newsdedup.Group) []string {
	out := []string{}
	for _, g := range groups {
		if len(g.Members) > 1 {
			out = append(out, strings.Join(g.Members, " "))
		}
	}
	slices.Sort(out)
	return out
}

// Five stories were scraped from five sites. Two tell of the same train from
// one report: a rewrite reuses the North Korean agency's statement and
// paraphrases the American network. Two other reports of that journey and one
// of another journey, four years before, stand alone.
func TestFiveStories(t *testing.T) {
	var all []*newsdedup.Article
	for _, a := range stories(t) {
		all = append(all, a)
	}
	if got, want := sets(cluster(t, nil, all...)), []string{"abc rewrite"}; !slices.Equal(got, want) {
		t.Errorf("default level: got %q, want %q", got, want)
	}
	// Known not to hold yet: the regressions take the visit of 2019 for the same
	// story as that of 2023. Only its weekdays speak against it.
	got := sets(cluster(t, &newsdedup.Options{GroupBy: newsdedup.SameStory}, all...))
	if want := []string{"abc ap euronews rewrite"}; slices.Equal(got, want) {
		t.Errorf("same story: %q as it should be; take the mark off this test", got)
	}
}

// As scraped, a story of another journey in other years looks nearly as near to
// the train stories as they are to one another: menus, captions and lists of
// other stories blur all texts alike. Normalization moves it away from them, on
// average by three bits of the 64 or more, and widens by as much the gap to the
// distance of a rewrite from its source. A story and its copy on a farm's page it
// moves together, to half the distance or less. One SimHash proves little, hence
// the averages; -v tells what they are.
func TestNormalizationMovesDistances(t *testing.T) {
	distance := func(a, b *newsdedup.Article) float64 {
		fa, fb := newsdedup.SchemeDefault.Fingerprint(a), newsdedup.SchemeDefault.Fingerprint(b)
		return float64(fa.SimHash().Distance(fb.SimHash()))
	}
	type means struct{ other, rewrite, copied float64 }
	measure := func(story func(id, text string) *newsdedup.Article) (m means) {
		articles := map[string]*newsdedup.Article{}
		for i, name := range kimPutin {
			articles[name] = story(name, raw(t, name))
			body := strings.ReplaceAll(normalized(t, name, raw(t, name)).Text, "\n\n", "\n")
			page := farm("PrimeLedger", "Markets", "The train that crossed the border", body, 700+13*i, farmItems[i%2]...)
			m.copied += distance(articles[name], story(name+"-farm", page)) / 5
		}
		for _, name := range []string{"abc", "ap", "euronews", "rewrite"} {
			m.other += distance(articles["upi"], articles[name]) / 4
		}
		m.rewrite = distance(articles["abc"], articles["rewrite"])
		return m
	}
	before := measure(func(id, text string) *newsdedup.Article { return &newsdedup.Article{ID: id, Text: text} })
	after := measure(func(id, text string) *newsdedup.Article { return normalized(t, id, text) })
	t.Logf("as scraped: upi to the others %.1f, abc to rewrite %.1f, copies %.1f", before.other, before.rewrite, before.copied)
	t.Logf("normalized: upi to the others %.1f, abc to rewrite %.1f, copies %.1f", after.other, after.rewrite, after.copied)
	if after.other < before.other+3 {
		t.Error("upi and the others do not move apart")
	}
	if after.other-after.rewrite < before.other-before.rewrite+3 {
		t.Error("the rewrite does not move nearer to its source than upi is to the others")
	}
	if after.copied > before.copied/2 {
		t.Error("copies do not move together")
	}
}

// farm wraps a story in the template of a site that republishes others'.
func farm(site, section, title, body string, counter int, items ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Current:Home > %s%s -%s\n%s\nView\nDate:2024-11-02 08:15:41\n%s\nveryGood! (%d)\n", section, title, site, title, body, counter)
	for i, label := range []string{"Related", "Ranking", "Recommendation"} {
		b.WriteString(label + "\n")
		for j := range 5 {
			b.WriteString("- " + items[(5*i+j)%len(items)] + "\n")
		}
	}
	return b.String()
}

var farmItems = [][]string{
	{
		"Storm closes mountain passes as second front moves in from the coast",
		"Actor returns to the stage after eleven years and a broken ankle",
		"What to know about the new rules for carry-on luggage",
		"Goalkeeper, 41, signs for one more season with hometown club",
		"Eight recipes for the last tomatoes of the year",
		"Bridge to reopen to lorries in March, council says",
		"Singer surprises wedding party in a roadside diner",
	},
	{
		"Lottery jackpot climbs again after nobody matches six numbers",
		"These walking shoes are the ones our editors really wear",
		"School board votes to keep Friday lessons for another term",
		"Rare owl spotted on a balcony draws crowds with telescopes",
		"Why your next car may park itself",
		"Marathon runner stops to help rival and still wins",
	},
}

// Each of the five is trimmed, put into another house style, republished in
// another farm's chrome and updated with a new lead and other figures. Of the
// 25 texts, each finds its four siblings, and the families stay apart but for
// the tie that the originals have.
func TestCopiesGroup(t *testing.T) {
	originals := stories(t)
	var all []*newsdedup.Article
	for i, name := range kimPutin {
		a := originals[name]
		all = append(all, a)
		for _, v := range copies(a, i) {
			all = append(all, normalized(t, v.ID, v.Text))
		}
	}
	if len(all) != 25 {
		t.Fatalf("%d texts, want 25", len(all))
	}
	for _, name := range kimPutin {
		for _, a := range all {
			family, kind, isCopy := strings.Cut(a.ID, "-")
			if !isCopy {
				continue
			}
			m, err := newsdedup.Compare(originals[name], a, nil)
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case family == name && m.Relation < newsdedup.Partial:
				t.Errorf("%s and its copy %s: %v (%.2f), want near or partial: %s", name, kind, m.Relation, m.Score, m.Evidence.Reason)
			case family != name && m.Relation >= newsdedup.Partial:
				t.Errorf("%s and %s: %v (%.2f), of two different reports", name, a.ID, m.Relation, m.Score)
			}
		}
	}
	got := sets(cluster(t, &newsdedup.Options{GroupBy: newsdedup.Partial}, all...))
	var want []string
	for _, name := range kimPutin {
		want = append(want, strings.Join([]string{name, name + "-farm", name + "-style", name + "-trimmed", name + "-updated"}, " "))
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("families at level partial:\n got %q\nwant %q", got, want)
	}
}

// copies are four republications of an article, as the pages would be scraped.
func copies(a *newsdedup.Article, i int) []*newsdedup.Article {
	paragraphs := strings.Split(a.Text, "\n\n")
	page := func(kind, text string) *newsdedup.Article {
		return &newsdedup.Article{ID: a.ID + "-" + kind, Text: text}
	}
	trimmed := a.Text[:strings.LastIndex(a.Text[:len(a.Text)*2/3], ".")+1]
	style := strings.NewReplacer(
		"U.S.", "US", " percent", "%", "President Vladimir Putin", "President Mr Vladimir Putin",
		"\"", "”", "'", "’", " - ", " – ", "Pyongyang", "Pyongyang ",
	).Replace(a.Text)
	title := a.Title
	if title == "" {
		title = strings.SplitAfter(a.Text, " ")[0] + "and the train that crossed the border"
	}
	updated := "Officials gave a fuller account of the journey late on Saturday, adding details that earlier reports had left out.\n\n" +
		strings.Join(paragraphs[1:], "\n\n")
	for _, figure := range [][2]string{{"683", "690"}, {"20 hours", "24 hours"}, {"last week", "two weeks ago"}, {"three-day", "four-day"}, {"2011", "2012"}, {"2019", "2018"}} {
		updated = strings.Replace(updated, figure[0], figure[1], 1)
	}
	return []*newsdedup.Article{
		page("trimmed", trimmed),
		page("style", style),
		page("farm", farm([]string{"Harbor Wealth Daily", "PrimeLedger"}[i%2], "Markets", title, strings.Join(paragraphs, "\n"), 700+13*i, farmItems[i%2]...)),
		page("updated", updated),
	}
}

// Chrome alone makes nothing alike: different stories in the very same farm's
// page stay apart.
func TestSameChromeStaysApart(t *testing.T) {
	clean := stories(t)
	var all []*newsdedup.Article
	for _, name := range []string{"ap", "upi", "euronews"} {
		a := clean[name]
		title := a.Title
		if title == "" {
			title = "The leader's journey by train"
		}
		page := farm("PrimeLedger", "Markets", title, strings.ReplaceAll(a.Text, "\n\n", "\n"), 4711, farmItems[0]...)
		all = append(all, normalized(t, name, page))
	}
	if got := sets(cluster(t, nil, all...)); len(got) != 0 {
		t.Errorf("grouped %q", got)
	}
}

// A story that two papers and a page of unknown origin print, one paper twice:
// two publishers, and one copy that never left its house. Names of publishers
// may come from the address.
func TestPublishersOfAGroup(t *testing.T) {
	text := "The harbour of Velmark was closed on Tuesday after a freighter carrying 4,200 tonnes of grain ran aground on the eastern mole, the port captain said. Tugboats from three neighbouring towns tried twice during the night to free the ship."
	copyOf := func(id, publisher, url string) *newsdedup.Article {
		return &newsdedup.Article{ID: id, Title: "Harbour closed " + id, Publisher: publisher, URL: url, Text: text}
	}
	groups := cluster(t, nil,
		copyOf("a", "The Velmark Courier", ""),
		copyOf("b", "the velmark courier", ""),
		copyOf("c", "", "https://www.daily.example/news/1"),
		copyOf("d", "", ""))
	if len(groups) != 1 || groups[0].Publishers != 2 || groups[0].SamePublisher != 1 {
		t.Errorf("%d groups, the first with %d publishers and %d copies within one, want 1, 2 and 1", len(groups), groups[0].Publishers, groups[0].SamePublisher)
	}
}

// Groups are a function of the articles: neither their order nor the number of
// workers nor the number of processors changes a byte.
func TestClusterIsDeterministic(t *testing.T) {
	var all []*newsdedup.Article
	originals := stories(t)
	for i, name := range kimPutin {
		all = append(all, originals[name])
		for _, v := range copies(originals[name], i) {
			all = append(all, normalized(t, v.ID, v.Text))
		}
	}
	for _, level := range []newsdedup.Relation{newsdedup.SameStory, newsdedup.Rewrite, newsdedup.Near} {
		var want []byte
		for round, workers := range []int{1, 2, 7} {
			rng := rand.New(rand.NewPCG(uint64(round), 1))
			rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			old := runtime.GOMAXPROCS(1 + round%2)
			got, err := json.Marshal(cluster(t, &newsdedup.Options{GroupBy: level, Workers: workers}, all...))
			runtime.GOMAXPROCS(old)
			if err != nil {
				t.Fatal(err)
			}
			if round == 0 {
				want = got
			} else if !bytes.Equal(got, want) {
				t.Errorf("%v: round %d differs", level, round)
			}
		}
	}
}

// wire makes news of a made-up vocabulary, in versions that a newsroom and its
// copyists would produce.
type wire struct {
	rng   *rand.Rand
	words []string
}

func newWire(seed uint64) *wire {
	w := &wire{rng: rand.New(rand.NewPCG(seed, 7))}
	syllables := []string{"ba", "dor", "fen", "gil", "kar", "lem", "mos", "nut", "par", "ris", "sol", "tev", "vun", "zam"}
	for range 900 {
		s := ""
		for range 2 + w.rng.IntN(3) {
			s += syllables[w.rng.IntN(len(syllables))]
		}
		w.words = append(w.words, s)
	}
	return w
}

func (w *wire) sentence() string {
	n := 9 + w.rng.IntN(14)
	words := make([]string, n)
	for i := range words {
		words[i] = w.words[w.rng.IntN(len(w.words))]
		if w.rng.IntN(6) == 0 {
			words[i] = strings.ToUpper(words[i][:1]) + words[i][1:]
		}
		if w.rng.IntN(15) == 0 {
			words[i] = fmt.Sprint(10 + w.rng.IntN(900))
		}
	}
	words[0] = strings.ToUpper(words[0][:1]) + words[0][1:]
	return strings.Join(words, " ") + "."
}

func (w *wire) story() []string {
	s := make([]string, 8+w.rng.IntN(10))
	for i := range s {
		s[i] = w.sentence() + " " + w.sentence()
	}
	return s
}

// version is a copy of a story: trimmed, updated, excerpted or untouched.
func (w *wire) version(story []string) []string {
	s := slices.Clone(story)
	switch w.rng.IntN(5) {
	case 0:
		s = s[:len(s)*2/3]
	case 1:
		s[0] = w.sentence()
	case 2:
		s = append(s[len(s)/2:], w.story()[:4]...)
	case 3:
		s = slices.Insert(s, len(s)/2, w.sentence())
	}
	return s
}

// Whatever is added, replaced and removed in whatever order, the Deduper's
// groups are those of a fresh Cluster of the articles that are left, and those
// of a brute force that relates every pair.
func TestDeduperAgainstBruteForce(t *testing.T) {
	ctx := context.Background()
	for seed := range uint64(4) {
		w := newWire(seed)
		stories := make([][]string, 5)
		for i := range stories {
			stories[i] = w.story()
		}
		d, err := newsdedup.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		held := map[string]*newsdedup.Article{}
		for step := range 60 {
			id := fmt.Sprintf("a%02d", w.rng.IntN(24))
			switch {
			case w.rng.IntN(4) > 0:
				a := &newsdedup.Article{ID: id, Text: strings.Join(w.version(stories[w.rng.IntN(len(stories))]), "\n\n")}
				held[id] = a
				res, err := d.Add(ctx, a)
				if err != nil {
					t.Fatal(err)
				}
				g, err := d.Group(ctx, id)
				if err != nil || !slices.Contains(g.Members, id) || res.ID != id {
					t.Fatalf("seed %d step %d: %s is not in its group %v: %v", seed, step, id, g.Members, err)
				}
			default:
				err := d.Remove(ctx, id)
				if _, ok := held[id]; ok != (err == nil) {
					t.Fatalf("seed %d step %d: Remove(%s) = %v, held: %v", seed, step, id, err, ok)
				}
				if err != nil && !errors.Is(err, newsdedup.ErrNotFound) {
					t.Fatal(err)
				}
				delete(held, id)
			}
			if step%10 != 9 {
				continue
			}
			var got []newsdedup.Group
			for g, err := range d.Groups(ctx) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, g)
			}
			var left []*newsdedup.Article
			for _, a := range held {
				left = append(left, a)
			}
			if fresh := cluster(t, nil, left...); !reflect.DeepEqual(got, fresh) {
				t.Fatalf("seed %d step %d: groups differ from a fresh Cluster\n got %v\nwant %v", seed, step, sets(got), sets(fresh))
			}
			if want, have := bruteLinks(t, left), links(got); !reflect.DeepEqual(have, want) {
				t.Fatalf("seed %d step %d: links within groups\n got %v\nwant %v", seed, step, have, want)
			}
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Add(ctx, &newsdedup.Article{ID: "x"}); !errors.Is(err, newsdedup.ErrClosed) {
			t.Errorf("Add after Close: %v", err)
		}
	}
}

func links(groups []newsdedup.Group) map[string]newsdedup.Relation {
	m := map[string]newsdedup.Relation{}
	for _, g := range groups {
		for _, l := range g.Links {
			m[l.A+" "+l.B] = l.Relation
		}
	}
	return m
}

// bruteLinks relates all pairs; the made-up stories share nothing, so every
// link is within a group. Of articles of one text the least ID stands for all,
// and the others are tied to it.
func bruteLinks(t *testing.T, articles []*newsdedup.Article) map[string]newsdedup.Relation {
	least := map[string]string{}
	for _, a := range articles {
		if id, ok := least[a.Text]; !ok || a.ID < id {
			least[a.Text] = a.ID
		}
	}
	m := map[string]newsdedup.Relation{}
	for _, a := range articles {
		for _, b := range articles {
			if a.ID >= b.ID || least[a.Text] != a.ID || a.Text != b.Text && least[b.Text] != b.ID {
				continue
			}
			match, err := newsdedup.Compare(a, b, nil)
			if err != nil {
				t.Fatal(err)
			}
			if match.Relation >= newsdedup.Rewrite {
				m[a.ID+" "+b.ID] = match.Relation
			}
		}
	}
	return m
}

// All methods may be called at once. Every article added and not removed is in
// exactly one group at the end.
func TestDeduperConcurrently(t *testing.T) {
	ctx := context.Background()
	d, err := newsdedup.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	w := newWire(99)
	story := w.story()
	var texts []string
	for range 40 {
		texts = append(texts, strings.Join(w.version(story), "\n\n"))
	}
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			for i := worker; i < len(texts); i += 4 {
				a := &newsdedup.Article{ID: fmt.Sprintf("a%02d", i), Text: texts[i]}
				if _, err := d.Add(ctx, a); err != nil {
					t.Error(err)
				}
				if _, err := d.Lookup(ctx, a); err != nil {
					t.Error(err)
				}
				for _, err := range d.Groups(ctx) {
					if err != nil {
						t.Error(err)
					}
				}
				d.Stats()
				if i%8 == 0 {
					if err := d.Remove(ctx, a.ID); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	seen := map[string]int{}
	for g, err := range d.Groups(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range g.Members {
			seen[id]++
		}
	}
	if len(seen) != 35 || d.Stats().Articles != 35 {
		t.Errorf("%d articles in groups, %d in Stats, want 35", len(seen), d.Stats().Articles)
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%s is in %d groups", id, n)
		}
	}
}

// Pages without a word of text are held, one by one: nothing tells that they
// have anything in common, even under one title.
func TestArticlesWithoutText(t *testing.T) {
	d := fresh(t, &newsdedup.Options{GroupBy: newsdedup.SameStory})
	for i, text := range []string{"", "", "…", "…"} {
		a := &newsdedup.Article{ID: fmt.Sprint(i), Title: "Ferry to the northern islands stops for the night", Text: text}
		if res, err := d.Add(t.Context(), a); err != nil || len(res.Matches) > 0 {
			t.Errorf("%q: %v, %v", text, res.Matches, err)
		}
		if ms, err := d.Lookup(t.Context(), &newsdedup.Article{Title: a.Title, Text: text}); err != nil || len(ms) > 0 {
			t.Errorf("Lookup of %q: %v, %v", text, ms, err)
		}
	}
	if got := groupsOf(t, d); len(got) != 4 {
		t.Errorf("%d groups, want 4", len(got))
	}
}

func TestExpireAndErrors(t *testing.T) {
	ctx := context.Background()
	d, err := newsdedup.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	day := func(n int) time.Time { return time.Date(2026, 5, n, 12, 0, 0, 0, time.UTC) }
	for i := range 4 {
		a := &newsdedup.Article{ID: fmt.Sprint(i), Text: "The council meets again.", Published: day(1 + i)}
		if i == 3 {
			a.Published = time.Time{}
		}
		if _, err := d.Add(ctx, a); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := d.Expire(ctx, day(2)); n != 1 || err != nil {
		t.Errorf("Expire = %d, %v; want 1 article before day 2", n, err)
	}
	if got := d.Stats().Articles; got != 3 {
		t.Errorf("%d articles left, want 3: the undated one stays", got)
	}
	if _, err := d.Group(ctx, "0"); !errors.Is(err, newsdedup.ErrNotFound) {
		t.Errorf("Group of an expired article: %v", err)
	}
	if _, err := d.Add(ctx, &newsdedup.Article{Text: "No name."}); !errors.Is(err, newsdedup.ErrID) {
		t.Errorf("Add without ID: %v", err)
	}
	if _, err := d.Add(ctx, nil); !errors.Is(err, newsdedup.ErrID) {
		t.Errorf("Add of no article: %v", err)
	}
	for _, a := range []newsdedup.Article{
		{ID: strings.Repeat("9", 64<<10), Text: "An ID that no one would print."},
		{ID: "9", Credits: []string{strings.Repeat("AP", 32<<10)}, Text: "A credit that no one would print."},
	} {
		if _, err := d.Add(ctx, &a); !errors.Is(err, newsdedup.ErrTooLarge) {
			t.Errorf("Add of an ID or a credit of 64 KiB: %v", err)
		}
	}
	if ms, err := d.Lookup(ctx, nil); !errors.Is(err, newsdedup.ErrEmpty) || ms != nil {
		t.Errorf("Lookup of no article: %v, %v", ms, err)
	}
	if _, err := newsdedup.New(&newsdedup.Options{GroupBy: 99}); !errors.Is(err, newsdedup.ErrOption) {
		t.Errorf("GroupBy 99: %v", err)
	}
	if _, err := newsdedup.New(&newsdedup.Options{Workers: -1}); !errors.Is(err, newsdedup.ErrOption) {
		t.Errorf("Workers -1: %v", err)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := d.Add(cancelled, &newsdedup.Article{ID: "9", Text: "Late."}); !errors.Is(err, context.Canceled) || d.Stats().Articles != 3 {
		t.Errorf("Add with a cancelled context: %v, %d articles", err, d.Stats().Articles)
	}
	boom := errors.New("boom")
	_, err = newsdedup.Cluster(ctx, func(yield func(*newsdedup.Article, error) bool) {
		if yield(&newsdedup.Article{ID: "1", Text: "One."}, nil) {
			yield(nil, boom)
		}
	}, nil)
	if !errors.Is(err, boom) || !strings.Contains(err.Error(), "article 1") {
		t.Errorf("error of the sequence: %v", err)
	}
}

// Whoever cancels a context and says why finds context.Canceled in the error of
// every call, begun or not, and the Deduper as it was.
func TestCancelledWithACause(t *testing.T) {
	d := fresh(t, &newsdedup.Options{Workers: 2})
	articles := stream(3, 40)
	for r, err := range d.AddAll(t.Context(), seq(articles...)) {
		if err != nil {
			t.Fatal(r, err)
		}
	}
	store, err := new(storetest.Memory).Open("")
	if err != nil {
		t.Fatal(err)
	}
	before := d.Stats().Articles
	ctx, cancel := context.WithCancelCause(t.Context())
	midway := func(yield func(*newsdedup.Article, error) bool) {
		for i, a := range articles {
			if i == 20 {
				cancel(errors.New("the crawl is over"))
			}
			if !yield(a, nil) {
				return
			}
		}
	}
	if groups, err := newsdedup.Cluster(ctx, midway, nil); !errors.Is(err, context.Canceled) || groups != nil {
		t.Errorf("Cluster: %d groups, %v", len(groups), err)
	}
	for name, call := range map[string]func() error{
		"Add":         func() error { _, err := d.Add(ctx, &newsdedup.Article{ID: "late", Text: "Late."}); return err },
		"AddAll":      func() error { return last(d.AddAll(ctx, midway)) },
		"Lookup":      func() error { _, err := d.Lookup(ctx, articles[0]); return err },
		"Remove":      func() error { return d.Remove(ctx, articles[0].ID) },
		"Expire":      func() error { _, err := d.Expire(ctx, time.Now()); return err },
		"Fingerprint": func() error { _, err := d.Fingerprint(ctx, articles[0].ID); return err },
		"Match":       func() error { _, err := d.Match(ctx, articles[0].ID, articles[1].ID); return err },
		"Group":       func() error { _, err := d.Group(ctx, articles[0].ID); return err },
		"GroupState":  func() error { _, err := d.GroupState(ctx, articles[0].ID); return err },
		"Groups":      func() error { return last(d.Groups(ctx)) },
		"GroupStates": func() error { return last(d.GroupStates(ctx)) },
		"Verify":      func() error { return d.Verify(ctx) },
		"Open": func() error {
			_, err := newsdedup.Open(ctx, store, nil)
			return err
		},
	} {
		if err := call(); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := d.Stats().Articles; n != before {
		t.Errorf("%d articles, %d before", n, before)
	}
	if err := d.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

// last returns the error that a sequence ends with.
func last[T any](seq iter.Seq2[T, error]) (err error) {
	for _, err = range seq {
	}
	return err
}

// A caller that gathers IDs from several places gives some of them twice: it wants
// them gone, and they are. Only an ID that was not there is told.
func TestRemoveOfOneIDTwice(t *testing.T) {
	ctx := t.Context()
	d := fresh(t, nil)
	for _, id := range []string{"a", "b", "c"} {
		if _, err := d.Add(ctx, &newsdedup.Article{ID: id, Text: "Text of " + id}); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Remove(ctx, "a", "b", "a", "a"); err != nil {
		t.Errorf("Remove of two IDs, one of them three times: %v", err)
	}
	if err := d.Remove(ctx, "x", "c", "y", "c", "x"); !errors.Is(err, newsdedup.ErrNotFound) || !strings.Contains(err.Error(), `"x"`) {
		t.Errorf("Remove of an ID that is not held, among others: %v", err)
	}
	if err := d.Remove(ctx); err != nil {
		t.Errorf("Remove of nothing: %v", err)
	}
	if n := d.Stats().Articles; n != 0 {
		t.Errorf("%d articles are left", n)
	}
}

// Milliseconds taken for seconds make a date fifty thousand years from here. It
// counts as unknown, as any that JSON cannot tell: the article can be counted,
// and given a date, and its group can be sent to others.
func TestDatesBeyondJSON(t *testing.T) {
	ctx := t.Context()
	d := fresh(t, nil)
	for id, at := range map[string]time.Time{
		"milliseconds": time.Unix(1_774_000_000_000, 0),
		"seconds":      time.Unix(1_774_000_000, 0),
		"last":         time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
		"next":         time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC),
		"abroad":       time.Date(9999, 12, 31, 23, 59, 59, 0, time.FixedZone("", -3600)), // past midnight in UTC
		"zero":         {},
		"half":         time.Time{}.Add(time.Second / 2),
		"first":        time.Time{}.Add(time.Second),
		"before":       time.Date(0, 12, 31, 23, 59, 59, 0, time.UTC),
	} {
		a := &newsdedup.Article{ID: id, Text: "The ferry to the outer islands will not sail before Monday.", Published: at}
		if _, err := d.Add(ctx, a); err != nil {
			t.Fatal(err)
		}
		want := time.Time{}
		if id == "seconds" || id == "last" || id == "first" {
			want = at.UTC()
		}
		if f, err := d.Fingerprint(ctx, id); err != nil || f.Published() != want {
			t.Errorf("%s: %v, %v, want %v", id, f.Published(), err, want)
		}
	}
	if n := d.Stats().Undated; n != 6 {
		t.Errorf("%d undated articles, want 6", n)
	}
	g, err := d.Group(ctx, "zero")
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(g)
	if err != nil || !strings.Contains(string(b), `"earliest":"0001-01-01T00:00:01Z","latest":"9999-12-31T23:59:59Z"`) {
		t.Errorf("%s, %v", b, err)
	}
	if n, err := d.Expire(ctx, time.Date(9999, 12, 31, 23, 59, 59, 1, time.UTC)); n != 3 || err != nil {
		t.Errorf("Expire = %d, %v; want the 3 that have a date", n, err)
	}
}

// Whoever looks up what is held already wants to know of the others: an article
// is told of itself by no name, its copies are, and all that Add told of them is
// told by Lookup.
func TestLookupOfWhatIsHeld(t *testing.T) {
	ctx := t.Context()
	w := newWire(11)
	story := w.story()
	all := []*newsdedup.Article{}
	for i, text := range []string{strings.Join(story, "\n\n"), strings.Join(story[:len(story)-1], "\n\n")} {
		for k := range 3 {
			all = append(all, &newsdedup.Article{ID: fmt.Sprint(i, k), Title: "The same", Text: text})
		}
	}
	d, err := newsdedup.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		unnamed := *a
		unnamed.ID = ""
		before, err := d.Lookup(ctx, &unnamed)
		if err != nil {
			t.Fatal(err)
		}
		res, err := d.Add(ctx, a)
		if err != nil {
			t.Fatal(err)
		}
		for i := range before {
			before[i].A = a.ID
		}
		if !reflect.DeepEqual(before, res.Matches) {
			t.Errorf("%s: Lookup before Add tells %v, Add %v", a.ID, told(before), told(res.Matches))
		}
	}
	for _, c := range []struct{ id, want string }{
		{"0 0", "[0 1 exact 1 0 near]"}, // the oldest of three: the next one stands for all
		{"0 1", "[0 0 exact 1 0 near]"},
		{"1 0", "[1 1 exact 0 0 near]"},
		{"", "[0 0 exact 1 0 near]"},
	} {
		a := *all[0]
		if c.id != "" {
			a = *all[slices.IndexFunc(all, func(a *newsdedup.Article) bool { return a.ID == c.id })]
		}
		a.ID = c.id
		ms, err := d.Lookup(ctx, &a)
		if got := fmt.Sprint(told(ms)); err != nil || got != c.want {
			t.Errorf("Lookup of %q: %s, %v, want %s", c.id, got, err, c.want)
		}
	}
	// Under an ID that is held with another text.
	a := *all[0]
	a.ID = "1 0"
	if ms, err := d.Lookup(ctx, &a); err != nil || fmt.Sprint(told(ms)) != "[0 0 exact 1 1 near]" {
		t.Errorf("Lookup of another text of an article: %v, %v", told(ms), err)
	}
}

// told names the other side of matches, and the relation.
func told(ms []newsdedup.Match) (out []string) {
	for _, m := range ms {
		out = append(out, m.B+" "+m.Relation.String())
	}
	return out
}

// Of a family of more versions than Add tells as matches, it tells the strongest,
// and of each what Relate says, evidence included: of a new version, of one with
// no more than a new title, and of a copy of one that is held.
func TestMatchesAreThoseOfRelate(t *testing.T) {
	ctx := context.Background()
	w := newWire(3)
	story := w.story()
	d, err := newsdedup.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	held := map[string]*newsdedup.Article{}
	add := func(a *newsdedup.Article) int {
		res, err := d.Add(ctx, a)
		if err != nil {
			t.Fatal(err)
		}
		f := newsdedup.Scheme1.Fingerprint(a)
		for i, m := range res.Matches {
			g := newsdedup.Scheme1.Fingerprint(held[m.B])
			want, err := newsdedup.Relate(&f, &g, nil)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(m, want) {
				t.Fatalf("match %d of %s\n%+v\nwant\n%+v", i, a.ID, m, want)
			}
			if i > 0 && m.Relation > res.Matches[i-1].Relation {
				t.Fatalf("match %d of %s is stronger than the one before", i, a.ID)
			}
		}
		held[a.ID] = a
		return len(res.Matches)
	}
	most := 0
	for i := range 60 {
		text := strings.Join(w.version(story), "\n\n")
		most = max(most, add(&newsdedup.Article{ID: fmt.Sprint(i), Title: "A story", Text: text}))
		if i%7 == 0 {
			add(&newsdedup.Article{ID: fmt.Sprint("retitled ", i), Title: fmt.Sprint("Another title ", i), Text: text})
			add(&newsdedup.Article{ID: fmt.Sprint("copy ", i), Title: "A story", Text: text})
		}
	}
	if most != newsdedup.MaxMatches {
		t.Errorf("%d matches at most, want %d", most, newsdedup.MaxMatches)
	}
}
