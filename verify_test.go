package newsdedup

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// verifiable holds a text, a copy with another title, an excerpt and a text on
// its own.
func verifiable(t *testing.T) *Deduper {
	t.Helper()
	d, err := New(nil)
	if err != nil {
		t.Fatal(err)
	}
	sentences := make([]string, 40)
	for i := range sentences {
		sentences[i] = fmt.Sprintf("Member number%d of the Committee for letter %c told reporters%d about plan%d of the harbour%d.", i*7, 'A'+i%26, i, i*3, i*i)
	}
	text := strings.Join(sentences, " ")
	for _, a := range []*Article{
		{ID: "one", Title: "Plans of the committee", Text: text},
		{ID: "same", Title: "Plans of the committee", Text: text},
		{ID: "retitled", Title: "Harbour in dispute", Text: text},
		{ID: "excerpt", Text: strings.Join(sentences[:25], " ")},
		{ID: "alone", Text: "Nothing of this has been reported anywhere else so far, neither yesterday nor today."},
	} {
		if _, err := d.Add(context.Background(), a); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// Verify is silent as long as all is well, and notices each thing that is not.
func TestVerifyNotices(t *testing.T) {
	ctx := context.Background()
	content := func(d *Deduper, id string) uint32 { return d.h.articles.At(d.h.find(id, hashID(id))).content }
	for _, c := range []struct {
		name, tells string
		harm        func(d *Deduper)
	}{
		{"nothing", "", func(*Deduper) {}},
		{"a key of a text left the index", "in the index", func(d *Deduper) {
			c := content(d, "excerpt")
			d.h.index.Unpost(c, d.h.keysOf(c)[:1], &d.h.effect)
		}},
		{"the index holds a text that is gone", "keys are counted", func(d *Deduper) {
			d.h.index.Post(77, []uint32{1, 2}, &d.h.effect)
		}},
		{"stock keys are counted wrongly", "keys are stock", func(d *Deduper) {
			d.h.contents.At(content(d, "excerpt")).stock++
		}},
		{"an ID leads nowhere", "by its ID", func(d *Deduper) {
			d.h.byID.Delete(idKey(hashID("one")), d.h.find("one", hashID("one")))
		}},
		{"a text is not found", "by its fingerprint", func(d *Deduper) {
			c := content(d, "one")
			d.h.byRank.Delete(rankKey(d.h.contents.At(c).rank), c)
		}},
		{"an article is with another text", "not its own", func(d *Deduper) {
			d.h.articles.At(d.h.find("alone", hashID("alone"))).content = content(d, "one")
		}},
		{"articles are miscounted", "articles, 2 counted", func(d *Deduper) {
			c := d.h.contents.At(content(d, "alone"))
			c.count = 2
		}},
		{"an article is counted that is not there", "6 articles, 4 texts", func(d *Deduper) { d.h.stats.Articles++ }},
		{"a text is counted that is not there", "5 articles, 5 texts", func(d *Deduper) { d.h.stats.Contents++ }},
		{"a link is missing", "but linked", func(d *Deduper) {
			a, b := content(d, "one"), content(d, "excerpt")
			l, _ := d.h.linked(a, b)
			var tk task
			d.h.unlink(a, l, &tk)
			_ = b
		}},
		{"a link is there from one side", "differs by side", func(d *Deduper) {
			a, b := content(d, "one"), content(d, "excerpt")
			l, _ := d.h.linked(b, a)
			d.h.links.Delete(d.h.contents.At(b).links-1, uint64(l))
			d.h.links.Insert(d.h.contents.At(b).links-1, uint64(makeLink(a, l.relation(), l.steps()^1)))
		}},
		{"a link says something else", "but linked", func(d *Deduper) {
			a, b := content(d, "one"), content(d, "excerpt")
			l, _ := d.h.linked(a, b)
			var tk task
			d.h.unlink(a, l, &tk)
			d.h.tie(a, b, Rewrite, 5000)
		}},
		{"a link joins what has nothing in common", "no candidate", func(d *Deduper) {
			d.h.tie(content(d, "one"), content(d, "alone"), Near, 9000)
		}},
		{"links are miscounted", "links near are counted", func(d *Deduper) {
			d.h.stats.Links[Near]++
		}},
	} {
		d := verifiable(t)
		c.harm(d)
		err := d.Verify(ctx)
		if c.tells == "" {
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
		} else if !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), c.tells) {
			t.Errorf("%s: got %v, want ErrCorrupt with %q", c.name, err, c.tells)
		}
	}
	d := verifiable(t)
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	if err := d.Verify(stopped); !errors.Is(err, context.Canceled) {
		t.Errorf("with a cancelled context: %v", err)
	}
	d.Close()
	if err := d.Verify(ctx); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

// Another process wrote to the store meanwhile, which none may: it put another
// article into the place of one, and took one away.
func TestVerifyOfAStoreThatOthersWroteTo(t *testing.T) {
	ctx := context.Background()
	opened := func(texts ...string) (*Deduper, *recorded) {
		s := &recorded{map[string][]byte{}}
		d, err := Open(ctx, s, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i, text := range texts {
			if _, err := d.Add(ctx, &Article{ID: fmt.Sprint("article ", i), Text: text}); err != nil {
				t.Fatal(err)
			}
		}
		if err := d.Verify(ctx); err != nil {
			t.Fatal(err)
		}
		return d, s
	}
	const ferry, choir = "The ferry to the outer islands will not sail before Monday.", "The girls' choir of Sundby won the first prize on Sunday."
	article := func(number uint64) string {
		k := keyOf(articleKind, number)
		return string(k[:])
	}
	_, other := opened(choir, ferry)
	for name, c := range map[string]struct {
		harm  func(*recorded)
		tells string
	}{
		"another text": {func(s *recorded) { s.records[article(1)] = other.records[article(1)] }, `"article 0" in the store is not what is held`},
		"one is gone":  {func(s *recorded) { delete(s.records, article(2)) }, `"article 1", number 2, is not in the store`},
		"one too many": {func(s *recorded) { s.records[article(7)] = s.records[article(1)] }, "number 7, that is not held"},
	} {
		d, s := opened(ferry, choir)
		if s.records[article(1)] == nil || s.records[article(2)] == nil {
			t.Fatal("articles have other numbers than this test takes them to have")
		}
		c.harm(s)
		if err := d.Verify(ctx); !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), c.tells) {
			t.Errorf("%s: %v, want ErrCorrupt with %q", name, err, c.tells)
		}
	}
}

// The diameter of a group of many texts is found by two walks, from one that is
// furthest from any; in a tree of links that is all there is to find.
func TestDiameterOfManyTexts(t *testing.T) {
	for name, c := range map[string]struct {
		n, want int
		above   func(i int) int // what text i is linked to, of those before
	}{
		"two":                       {2, 1, func(i int) int { return 0 }},
		"a line of 64":              {64, 63, func(i int) int { return i - 1 }},
		"a line of 65":              {65, 64, func(i int) int { return i - 1 }},
		"a star":                    {90, 2, func(i int) int { return 0 }},
		"three lines from a centre": {91, 60, func(i int) int { return max(0, i-3) }},
		"a binary tree":             {127, 12, func(i int) int { return (i - 1) / 2 }},
	} {
		d, err := New(nil)
		if err != nil {
			t.Fatal(err)
		}
		contents, in := make([]uint32, c.n), map[uint32]int{}
		for i := range contents {
			id := fmt.Sprint(i)
			if _, err := d.Add(t.Context(), &Article{ID: id, Text: fmt.Sprintf("Notice%d of harbour%d and of nothing else%d", i, i, i)}); err != nil {
				t.Fatal(err)
			}
			contents[i] = d.h.articles.At(d.h.find(id, hashID(id))).content
			in[contents[i]] = i
		}
		for i := 1; i < c.n; i++ {
			d.h.tie(contents[i], contents[c.above(i)], Near, 9000)
		}
		if got := d.h.diameter(contents, in); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
