package variant

import (
	"bytes"
	"strings"
	"testing"
)

const page = `<html><head><title>Pier shut</title><meta property="og:title" content="Pier shut"></head><body>
<nav class="menu"><ul><li><a href="/n">News</a><li><a href="/s">Sport</a></ul></nav>
<article class="story"><h1>Pier shut</h1>
<p>The council has said that the pier will be closed for two years, and that the ferry leaves from the fish dock.</p>
<p>Passengers who bought tickets get their money back, a spokeswoman said, but they have to ask for it in writing.</p>
</article></body></html>`

var (
	article = Article{ID: "1", Lang: "en", Headline: "Pier shut", Text: "The council has said that the pier will be closed for two years, and that the ferry leaves from the fish dock.\n" +
		"Passengers who bought tickets get their money back, a spokeswoman said, but they have to ask for it in writing."}
	others = []Article{article, {ID: "2", Lang: "en", Headline: "Choir looks for tenors", Text: "The choir of the old chapel has lost both of its tenors, and nobody knows where they went or whether they will be back."}}
)

// A page of any layout and language holds the article's paragraphs once, whole
// and in order, behind its headline, and something of another article.
func TestPeriod(t *testing.T) {
	for _, layout := range Layouts {
		for lang := range speeches {
			a := article
			a.Lang = lang
			b := Article{ID: "2", Lang: lang, Headline: others[1].Headline, Text: others[1].Text}
			page := Period(layout, a, []Article{a, b})
			if again := Period(layout, a, []Article{a, b}); !bytes.Equal(again, page) {
				t.Errorf("%s %s: two pages", layout, lang)
			}
			_, rest, _ := strings.Cut(string(page), "<body")
			for _, p := range append([]string{article.Headline}, strings.Split(article.Text, "\n")...) {
				before, after, ok := strings.Cut(rest, p)
				if !ok {
					t.Errorf("%s %s: no %q behind %q", layout, lang, p, before)
				}
				rest = after
			}
			if layout != "print" && !bytes.Contains(page, []byte("Choir looks")) && !bytes.Contains(page, []byte("choir")) {
				t.Errorf("%s %s: no other article", layout, lang)
			}
		}
	}
	if page := Period("", article, others); bytes.Contains(page, []byte("ferry")) {
		t.Errorf("a page of no layout: %s", page)
	}
}

// A language of speeches says all that a page needs.
func TestSpeech(t *testing.T) {
	for lang, all := range speeches {
		for i, n := range [...]int{11, 12, 34} {
			if got := strings.Count(all[i], "|") + 1; got != n {
				t.Errorf("%s: list %d has %d entries, want %d", lang, i, got, n)
			}
		}
	}
}

// Whatever the markup, the article's paragraphs are on the page, whole and in
// order, and the page is the same every time.
func TestMake(t *testing.T) {
	pages := map[string][]byte{"synthetic": Synthetic(article, others)}
	for _, name := range Names {
		pages[name] = Make(name, []byte(page), article, others)
		if again := Make(name, []byte(page), article, others); !bytes.Equal(again, pages[name]) {
			t.Errorf("%s: two pages", name)
		}
		if string(pages[name]) == page {
			t.Errorf("%s: nothing is written anew", name)
		}
	}
	for name, got := range pages {
		rest := string(got)
		for _, p := range strings.Split(article.Text, "\n") {
			_, after, ok := strings.Cut(rest, p)
			if !ok {
				t.Errorf("%s: no %q in %s", name, p, rest)
			}
			rest = after
		}
	}
	for name, gone := range map[string]string{"names": "story", "bare": "<article", "breaks": "<p>", "tables": "<li", "old": "og:title"} {
		if bytes.Contains(pages[name], []byte(gone)) {
			t.Errorf("%s: %q is left", name, gone)
		}
	}
	for _, name := range []string{"columns", "tail", "old tail"} {
		if !bytes.Contains(pages[name], []byte("Choir looks for tenors")) {
			t.Errorf("%s: no other article", name)
		}
	}
}
