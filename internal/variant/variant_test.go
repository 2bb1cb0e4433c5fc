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
