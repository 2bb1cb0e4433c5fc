package extract

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// meta is what the walk collects for the metadata.
type meta struct {
	root   *html.Node
	lang   string
	title  string
	h1     []*html.Node
	metas  []*html.Node
	links  []*html.Node
	times  []*html.Node
	props  []*html.Node
	ld     []*html.Node
	author []*html.Node
}

// visit notes the elements that carry metadata.
func (m *meta) visit(n *html.Node) {
	switch n.DataAtom {
	case atom.Html:
		m.lang = attr(n, "lang")
		if m.lang == "" {
			m.lang = attr(n, "xml:lang")
		}
	case atom.Title:
		if m.title == "" && n.FirstChild != nil {
			m.title = n.FirstChild.Data
		}
	case atom.Meta:
		m.metas = append(m.metas, n)
	case atom.Link:
		m.links = append(m.links, n)
	case atom.Script:
		if attr(n, "type") == "application/ld+json" && n.FirstChild != nil {
			m.ld = append(m.ld, n)
		}
	case atom.H1:
		m.h1 = append(m.h1, n)
	case atom.Time:
		m.times = append(m.times, n)
	}
}

func attr(n *html.Node, key string) string {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			return n.Attr[i].Val
		}
	}
	return ""
}
