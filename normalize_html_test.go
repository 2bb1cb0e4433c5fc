package newsdedup_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/newsdedup/newsdedup"
)

func normalizeHTML(t testing.TB, page []byte) *newsdedup.Article {
	t.Helper()
	a, err := newsdedup.NormalizeHTML(bytes.NewReader(page), nil)
	if err != nil {
		t.Fatalf("NormalizeHTML: %v", err)
	}
	return a
}

// Every page of testdata/html reproduces one class of trouble: markup that
// says what it is, <div> soup, tables and <br>, charsets that are old or lie,
// comments longer than the story, comments that nothing names or only <br> parts, columns of a layout table, a second story behind the first, teasers
// without a label, a body split over siblings, lists and quotes that belong to
// the story, scripts without spaces, a dateline, a page hidden until its script
// runs. The JSON beside each page was written by hand.
func TestNormalizeHTMLPages(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join("testdata", "html", "*.html"))
	if err != nil || len(pages) == 0 {
		t.Fatal("no pages: ", err)
	}
	for _, name := range pages {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".html"), func(t *testing.T) {
			page, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			b, err := os.ReadFile(strings.TrimSuffix(name, ".html") + ".json")
			if err != nil {
				t.Fatal(err)
			}
			var want newsdedup.Article
			if err := json.Unmarshal(b, &want); err != nil {
				t.Fatal(err)
			}
			sameArticle(t, normalizeHTML(t, page), &want)
		})
	}
}

func semantic(t testing.TB) []byte {
	t.Helper()
	page, err := os.ReadFile(filepath.Join("testdata", "html", "semantic.html"))
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// A page of 600 nested elements is more than the parser's stack takes; its
// story is read without a tree.
func TestNormalizeHTMLDeep(t *testing.T) {
	story := "The rope makers of Dunmore have agreed to share one loft, after two of their three roofs came down in the same gale. " +
		"It will be the first time since 1840 that all of them work under one roof."
	page := "<html><body>" + strings.Repeat("<div>", 600) + "<p>" + story + "</p>" + strings.Repeat("</div>", 600) + "</body></html>"
	if a := normalizeHTML(t, []byte(page)); a.Text != story {
		t.Errorf("Text = %q", a.Text)
	}
}

func TestNormalizeHTMLErrors(t *testing.T) {
	for _, c := range []struct {
		name, in string
		o        *newsdedup.NormalizeOptions
		want     error
	}{
		{"nothing", "", nil, newsdedup.ErrEmpty},
		{"no text", "<html><head><title>x</title></head><body><script>f()</script></body></html>", nil, newsdedup.ErrEmpty},
		{"too large", "<p>more than ten bytes</p>", &newsdedup.NormalizeOptions{MaxBytes: 10}, newsdedup.ErrTooLarge},
		{"bad bound", "<p>x</p>", &newsdedup.NormalizeOptions{MaxBytes: -1}, newsdedup.ErrOption},
		{"a picture", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x10", nil, newsdedup.ErrBinary},
		{"a document", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", nil, newsdedup.ErrBinary},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := newsdedup.NormalizeHTML(strings.NewReader(c.in), c.o); !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
}

// The Content-Type header decides where the page itself declares nothing.
func TestNormalizeHTMLContentType(t *testing.T) {
	// "Größe" and "Straße" in ISO 8859-1.
	page := "<html><body><p>Die Gr\xf6\xdfe der Stra\xdfe war den Anwohnern seit Jahren ein \xc4rgernis, nun wird sie endlich gemessen.</p></body></html>"
	a, err := newsdedup.NormalizeHTML(strings.NewReader(page), &newsdedup.NormalizeOptions{ContentType: "text/html; charset=ISO-8859-1"})
	if err != nil {
		t.Fatal(err)
	}
	if want := "Die Größe der Straße war den Anwohnern seit Jahren ein Ärgernis, nun wird sie endlich gemessen."; a.Text != want {
		t.Errorf("Text = %q", a.Text)
	}
}

// Relative addresses are resolved against the address of the page, and a
// canonical address that is only the site's front page is not believed.
func TestNormalizeHTMLAddress(t *testing.T) {
	for _, c := range []struct{ canonical, from, want string }{
		{"/news/1", "https://example.org/news/1?ref=mail", "https://example.org/news/1"},
		{"https://example.org/", "https://example.org/news/1", "https://example.org/news/1"},
		{"javascript:alert(1)", "https://example.org/news/1", "https://example.org/news/1"},
		{"https://example.org/a/2", "", "https://example.org/a/2"},
	} {
		page := `<html><head><link rel="canonical" href="` + c.canonical + `"></head><body><p>The bridge has been open since noon, and nobody has crossed it yet.</p></body></html>`
		a, err := newsdedup.NormalizeHTML(strings.NewReader(page), &newsdedup.NormalizeOptions{URL: c.from})
		if err != nil {
			t.Fatal(err)
		}
		if a.URL != c.want {
			t.Errorf("canonical %q from %q: URL = %q, want %q", c.canonical, c.from, a.URL, c.want)
		}
	}
}

// Inline elements never split words and block elements never join them.
func TestNormalizeHTMLBoundaries(t *testing.T) {
	page := `<html><body><article><p>The <b>un</b>likely <i>win</i>ner of the regatta was a boat built of <a href="/x">card</a>board,</p><p>which its crew of four had paid for with <span>old</span> bottles.</p><div>It held for all of nine miles<br>and sank at the prize giving.</div></article></body></html>`
	a := normalizeHTML(t, []byte(page))
	for _, want := range []string{"unlikely winner", "of cardboard,\n\nwhich", "with old bottles.", "nine miles\n\nand sank"} {
		if !strings.Contains(a.Text, want) {
			t.Errorf("%q is not in %q", want, a.Text)
		}
	}
}

// What is kept and what is reported as stripped make up the whole page, and
// asking for the report does not change the article.
func TestNormalizeHTMLStripped(t *testing.T) {
	page := semantic(t)
	var stripped []newsdedup.Stripped
	a, err := newsdedup.NormalizeHTML(bytes.NewReader(page), &newsdedup.NormalizeOptions{Stripped: func(s newsdedup.Stripped) { stripped = append(stripped, s) }})
	if err != nil {
		t.Fatal(err)
	}
	if plain := normalizeHTML(t, page); plain.Text != a.Text {
		t.Error("the report changed the article")
	}
	all := a.Text
	for _, s := range stripped {
		if s.Reason == "" {
			t.Errorf("no reason for %q", s.Text)
		}
		all += "\n" + s.Text
	}
	for _, want := range []string{"Tide tables", "Photo: J. Vane", "Never miss a tide", "Storm breaks two moorings", "gull42", "All rights reserved", "shipworm"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is neither kept nor reported", want)
		}
	}
}

// More comments, menus and teasers around a story do not change its text.
func TestNormalizeHTMLMoreChrome(t *testing.T) {
	page := semantic(t)
	want := normalizeHTML(t, page).Text
	menu := []byte(`<nav class="more">` + strings.Repeat(`<a href="/n">One more section</a> `, 60) + `</nav><main>`)
	comment := []byte(`<section class="comments">` + strings.Repeat(`<div class="comment"><p>I have been saying so for years, and nobody on that council ever listened to a word of it.</p></div>`, 30))
	for name, more := range map[string][]byte{
		"menus":    bytes.Replace(page, []byte("<main>"), menu, 1),
		"comments": bytes.Replace(page, []byte(`<section class="comments">`), comment, 1),
		"blanks":   bytes.ReplaceAll(page, []byte("<p>"), []byte("\n\t <p>\n\n")),
		"crlf":     bytes.ReplaceAll(page, []byte("\n"), []byte("\r\n")),
	} {
		t.Run(name, func(t *testing.T) {
			if got := normalizeHTML(t, more).Text; got != want {
				t.Errorf("Text = %q", got)
			}
		})
	}
}

func FuzzNormalizeHTML(f *testing.F) {
	pages, _ := filepath.Glob(filepath.Join("testdata", "html", "*.html"))
	for _, name := range pages {
		if b, err := os.ReadFile(name); err == nil {
			f.Add(b, "")
		}
	}
	f.Add([]byte("<p>a<table><td>b<li>c<a href=x><br><br>d"), "text/html; charset=utf-16")
	f.Add([]byte(`<script type="application/ld+json">{"@type":"Article","headline":"\ud83d","author":[[[{"name":`), "text/html")
	f.Fuzz(func(t *testing.T, page []byte, contentType string) {
		if len(page) > 1<<16 {
			t.Skip()
		}
		a, err := newsdedup.NormalizeHTML(bytes.NewReader(page), &newsdedup.NormalizeOptions{ContentType: contentType, URL: "https://example.org/a"})
		if err != nil {
			return
		}
		for _, s := range append([]string{a.Text, a.Title, a.Byline, a.Publisher, a.Lang}, a.Credits...) {
			if !utf8.ValidString(s) {
				t.Fatalf("not UTF-8: %q", s)
			}
		}
		if a.Text == "" || strings.HasPrefix(a.Text, "\n") || strings.HasSuffix(a.Text, "\n") || strings.Contains(a.Text, "\n\n\n") {
			t.Fatalf("badly parted text: %q", a.Text)
		}
		b, err := newsdedup.NormalizeHTML(bytes.NewReader(page), &newsdedup.NormalizeOptions{ContentType: contentType, URL: "https://example.org/a"})
		if err != nil || b.Text != a.Text {
			t.Fatal("the same page gave another article")
		}
	})
}

func BenchmarkNormalizeHTML(b *testing.B) {
	page := semantic(b)
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := newsdedup.NormalizeHTML(bytes.NewReader(page), nil); err != nil {
			b.Fatal(err)
		}
	}
}
