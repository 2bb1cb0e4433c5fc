package news

import (
	"math/bits"
	"slices"
	"strings"
	"testing"

	"github.com/newsdedup/newsdedup"
)

func stream(t testing.TB, c Config) *Stream {
	t.Helper()
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// An article is a function of seed and number: who makes it, and what was made
// before, changes nothing.
func TestSameArticles(t *testing.T) {
	var a, b Writer
	s, again, other := stream(t, Config{Seed: 1}), stream(t, Config{Seed: 1}), stream(t, Config{Seed: 2})
	differ := 0
	for i := range 300 {
		x, tx := a.Article(s, i)
		var fresh Writer
		y, ty := fresh.Article(again, i)
		if x.Text != y.Text || x.Title != y.Title || x.Publisher != y.Publisher || !slices.Equal(x.Credits, y.Credits) || tx != ty || tx != s.Truth(i) {
			t.Fatalf("article %d differs:\n%+v %+v\n%+v %+v", i, tx, x, ty, y)
		}
		if z, _ := b.Article(other, i); z.Text != x.Text {
			differ++
		}
	}
	if differ < 299 {
		t.Errorf("of two seeds only %d of 300 articles differ", differ)
	}
}

// What the truth says of an article shows in its text.
func TestTruthByText(t *testing.T) {
	s := stream(t, Config{Seed: 3, PerDay: 2000})
	var w Writer
	seen := [Kinds]int{}
	for i := range 6000 {
		a, truth := w.Article(s, i)
		seen[truth.Kind]++
		if truth.Source >= i || truth.Text > i || truth.Facts > truth.Text || truth.Event > truth.Facts && truth.From < 0 {
			t.Fatalf("article %d: %+v", i, truth)
		}
		if truth.Source < 0 || truth.Chrome {
			continue
		}
		root, of := w.Article(s, truth.Text)
		if of.Text != truth.Text || of.Chrome {
			continue
		}
		switch truth.Kind {
		case Verbatim:
			if a.Text != root.Text || truth.Form < 0 && a.Title != root.Title {
				t.Errorf("article %d is no verbatim copy of %d", i, truth.Text)
			}
		case Retitled:
			if a.Text != root.Text || a.Title == root.Title {
				t.Errorf("article %d: not the text of %d with another title", i, truth.Text)
			}
		case Trimmed, Excerpt:
			share := float64(len(a.Text)) / float64(len(root.Text))
			if !strings.HasPrefix(root.Text, a.Text) || truth.Kind == Trimmed && share < .4 || truth.Kind == Excerpt && share > .8 {
				t.Errorf("article %d, %v: %d bytes of %d of article %d", i, truth.Kind, len(a.Text), len(root.Text), truth.Text)
			}
		case Restyled, Updated:
			if a.Text == root.Text {
				t.Errorf("article %d is %d without a change", i, truth.Text)
			}
		}
	}
	for k, n := range seen {
		if n == 0 && Kind(k) != Fresh {
			t.Errorf("no %v article", Kind(k))
		}
	}
}

// Relate finds what the truth wants, and nothing in unrelated articles. How
// many of each kind is measured here; the bounds leave room for its errors.
func TestTruthByRelate(t *testing.T) {
	s := stream(t, Config{Seed: 4, PerDay: 2000})
	const n = 4000
	var w Writer
	prints := make([]newsdedup.Fingerprint, n)
	truths := make([]Truth, n)
	for i := range n {
		var a newsdedup.Article
		a, truths[i] = w.Article(s, i)
		prints[i] = newsdedup.SchemeDefault.Fingerprint(&a)
	}
	relate := func(i, j int) newsdedup.Relation {
		m, err := newsdedup.Relate(&prints[i], &prints[j], nil)
		if err != nil {
			t.Fatal(err)
		}
		return m.Relation
	}
	var table [Kinds][newsdedup.Exact + 1]int
	var good, all [newsdedup.Exact + 1]int
	for i, truth := range truths {
		if truth.Source < 0 {
			continue
		}
		j := truth.Source
		want, got := Want(truth, truths[j]), relate(i, j)
		table[truth.Kind][got]++
		all[want]++
		if got >= want {
			good[want]++
		}
	}
	t.Logf("relation to the source, by kind: %v", relationHeader)
	for k, row := range table {
		t.Logf("%-10v %v", Kind(k), row)
	}
	for want, least := range map[newsdedup.Relation]float64{newsdedup.Exact: 1, newsdedup.Near: .95, newsdedup.Partial: .9, newsdedup.Rewrite: .5, newsdedup.SameStory: .5} {
		t.Logf("%v wanted: %d of %d", want, good[want], all[want])
		if float64(good[want]) < least*float64(all[want]) {
			t.Errorf("%v: %d of %d, want %.0f %%", want, good[want], all[want], 100*least)
		}
	}
	// Unrelated pairs, notices of one form among them.
	forms := map[int]int{}
	wrong, pairs := 0, 0
	for i, truth := range truths {
		js := []int{(i + 997) % n, (i + 1999) % n}
		if truth.Form >= 0 {
			if j, ok := forms[truth.Form]; ok {
				js = append(js, j)
			}
			forms[truth.Form] = i
		}
		for _, j := range js {
			if Want(truth, truths[j]) == newsdedup.Unrelated {
				pairs++
				if r := relate(i, j); r >= newsdedup.Rewrite {
					wrong++
					t.Logf("%d %+v and %d %+v: %v", i, truth, j, truths[j], r)
				}
			}
		}
	}
	t.Logf("%d of %d unrelated pairs are Rewrite or more", wrong, pairs)
	if wrong*500 > pairs {
		t.Errorf("%d of %d unrelated pairs are Rewrite or more", wrong, pairs)
	}
}

var relationHeader = []newsdedup.Relation{0, 1, 2, 3, 4, 5}

// Families have a heavy tail: most articles have no copy, a few hundreds.
func TestFamilies(t *testing.T) {
	s := stream(t, Config{Seed: 5})
	const n = 200_000
	size := map[int]int{}
	kinds := [Kinds]int{}
	for i := range n {
		truth := s.Truth(i)
		size[truth.Facts]++
		kinds[truth.Kind]++
	}
	single, largest := 0, 0
	tail := map[int]int{}
	for _, k := range size {
		if k == 1 {
			single++
		}
		largest = max(largest, k)
		tail[bits.Len(uint(k))]++
	}
	t.Logf("%d families of %d articles, %d single, largest %d; by size 1, 2-3, 4-7, …: %v; kinds %v", len(size), n, single, largest, tail, kinds)
	if share := float64(single) / n; share < .3 || share > .7 {
		t.Errorf("%.2f of the articles are alone", share)
	}
	if largest < 100 || largest > n/50 {
		t.Errorf("the largest family has %d articles", largest)
	}
}

// Lengths, words, names and numbers stay within what real collections show;
// the bounds are those of three collections (wire stories of 2025, Reuters
// 1987, Spanish articles), whose figures the command prints beside these.
func TestShape(t *testing.T) {
	s := stream(t, Config{Seed: 6})
	var w Writer
	var articles []newsdedup.Article
	var family []string
	for i := range 800 {
		a, truth := w.Article(s, 500_000+i)
		articles, family = append(articles, a), append(family, string(rune(truth.Event)))
	}
	m := Measure(articles, family)
	for _, x := range []struct {
		what        string
		got, lo, hi float64
	}{
		{"median bytes", m.Bytes.P50, 2000, 3200},
		{"mean bytes", m.Bytes.Mean, 2600, 4000},
		{"content share", m.ContentShare, .56, .70},
		{"words of a sentence", m.Sentence.Mean, 18, 26},
		{"distinct names", m.Names.P50, 16, 30},
		{"distinct numbers", m.Numbers.P50, 3, 8},
		{"quoted", m.Quoted, .1, .25},
		{"unrelated pairs with a common run", m.AnyRun, .02, .19},
		{"unrelated pairs with common facts", m.AnyFact, .06, .34},
		{"share of the 100th run", m.RunShare[2], .006, .034},
		{"share of the 100th fact", m.FactShare[2], .0045, .04},
	} {
		if x.got < x.lo || x.got > x.hi {
			t.Errorf("%s: %.4f, want %.4f to %.4f", x.what, x.got, x.lo, x.hi)
		}
	}
}

// Planted SimHashes are near their sources, the others are not.
func TestSimHash(t *testing.T) {
	s := stream(t, Config{})
	planted := 0
	for i := range 10_000 {
		h, source := s.SimHash(i)
		if source < 0 {
			continue
		}
		planted++
		if g, _ := s.SimHash(source); source >= i || bits.OnesCount64(h^g) > 7 {
			t.Fatalf("%d: %016x, source %d: %016x", i, h, source, g)
		}
	}
	if planted < 1000 || planted > 1500 {
		t.Errorf("%d planted of 10000", planted)
	}
}

func TestConfig(t *testing.T) {
	for _, c := range []Config{{PerDay: -1}, {Boilerplate: -1}} {
		if _, err := New(c); err == nil {
			t.Errorf("%+v: no error", c)
		}
	}
	s := stream(t, Config{Boilerplate: 300})
	var w Writer
	a, _ := w.Article(s, 1)
	b, _ := w.Article(s, 2)
	tail := a.Text[len(a.Text)-1500:]
	if !strings.HasSuffix(b.Text, tail) {
		t.Error("no boilerplate in common")
	}
}

func BenchmarkArticle(b *testing.B) {
	s := stream(b, Config{})
	var w Writer
	n := int64(0)
	b.ReportAllocs()
	i := 1 << 20
	for b.Loop() {
		a, _ := w.Article(s, i)
		n += int64(len(a.Text))
		i++
	}
	b.SetBytes(n / int64(b.N))
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
}
