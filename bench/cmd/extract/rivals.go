package main

import (
	"bytes"
	"errors"
	"net/url"
	"strings"
	"time"

	readeck "codeberg.org/readeck/go-readability/v2"
	shiori "github.com/go-shiori/go-readability"
	distiller "github.com/markusmobius/go-domdistiller"
	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/newsdedup/newsdedup"
)

// extracted is what an extractor made of one page.
type extracted struct {
	ID    string    `json:"id"`
	Text  string    `json:"text"`
	Title string    `json:"title,omitempty"`
	Date  time.Time `json:"date,omitzero"`
	Lang  string    `json:"lang,omitempty"`
}

type extractor struct {
	name string
	run  func(page []byte, u *url.URL) (extracted, error)
}

// extractors lists newsdedup and its rivals; "parse" is the floor: the tree
// alone, as goquery builds it.
var extractors = []extractor{
	{"parse", func(page []byte, _ *url.URL) (extracted, error) {
		_, err := html.Parse(bytes.NewReader(page))
		return extracted{}, err
	}},
	{"newsdedup", func(page []byte, u *url.URL) (extracted, error) {
		o := &newsdedup.NormalizeOptions{}
		if u != nil {
			o.URL = u.String()
		}
		a, err := newsdedup.NormalizeHTML(bytes.NewReader(page), o)
		if errors.Is(err, newsdedup.ErrEmpty) {
			return extracted{}, nil
		}
		if err != nil {
			return extracted{}, err
		}
		return extracted{Text: a.Text, Title: a.Title, Date: a.Published, Lang: a.Lang}, nil
	}},
	{"trafilatura-fb", func(page []byte, u *url.URL) (extracted, error) { return trafilaturaText(page, u, true) }},
	{"trafilatura", func(page []byte, u *url.URL) (extracted, error) { return trafilaturaText(page, u, false) }},
	{"readability-readeck", func(page []byte, u *url.URL) (extracted, error) {
		a, err := readeck.FromReader(bytes.NewReader(page), orBlank(u))
		if err != nil {
			return extracted{}, err
		}
		var x extracted
		x.Title, x.Lang = a.Title(), a.Language()
		x.Date, _ = a.PublishedTime()
		if a.Node != nil {
			x.Text = text(a.Node)
		}
		return x, nil
	}},
	{"readability-shiori", func(page []byte, u *url.URL) (extracted, error) {
		a, err := shiori.FromReader(bytes.NewReader(page), orBlank(u))
		if err != nil {
			return extracted{}, err
		}
		x := extracted{Title: a.Title, Lang: a.Language}
		if a.PublishedTime != nil {
			x.Date = *a.PublishedTime
		}
		if a.Node != nil {
			x.Text = text(a.Node)
		}
		return x, nil
	}},
	{"domdistiller", func(page []byte, u *url.URL) (extracted, error) {
		r, err := distiller.ApplyForReader(bytes.NewReader(page), &distiller.Options{OriginalURL: u})
		if err != nil {
			return extracted{}, err
		}
		x := extracted{Title: r.Title}
		if r.Node != nil {
			x.Text = text(r.Node)
		}
		return x, nil
	}},
}

func trafilaturaText(page []byte, u *url.URL, fallback bool) (extracted, error) {
	r, err := trafilatura.Extract(bytes.NewReader(page), trafilatura.Options{OriginalURL: u, EnableFallback: fallback, ExcludeComments: true})
	if err != nil {
		return extracted{}, err
	}
	x := extracted{Title: r.Metadata.Title, Date: r.Metadata.Date, Lang: r.Metadata.Language}
	if r.ContentNode != nil {
		x.Text = text(r.ContentNode)
	}
	return x, nil
}

func orBlank(u *url.URL) *url.URL {
	if u == nil {
		return &url.URL{}
	}
	return u
}

// text renders a rival's content node, one line a block.
func text(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch n.Type {
		case html.TextNode:
			b.WriteString(n.Data)
			return
		case html.ElementNode:
			switch n.DataAtom {
			case atom.Script, atom.Style, atom.Noscript, atom.Template:
				return
			case atom.P, atom.Div, atom.Br, atom.Li, atom.Ul, atom.Ol, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6,
				atom.Blockquote, atom.Pre, atom.Tr, atom.Td, atom.Th, atom.Table, atom.Section, atom.Article, atom.Figure,
				atom.Figcaption, atom.Header, atom.Footer, atom.Dd, atom.Dt, atom.Dl, atom.Hr, atom.Aside, atom.Main:
				b.WriteByte('\n')
				defer b.WriteByte('\n')
			}
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
	}
	walk(n)
	return b.String()
}
