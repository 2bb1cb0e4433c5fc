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
