package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// meta is what the walk collects for the metadata, and what is read off it.
type meta struct {
	lang  string
	title string // of <title>
	times []*html.Node

	content map[string]string // <meta> name or property, lower case, to its first content
	canon   string
	ld      linked
	titles  []string // what the page calls its article, best first
	sites   []string // what the page calls itself
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
		if m.title == "" && n.FirstChild != nil && n.Namespace == "" {
			m.title = clean(n.FirstChild.Data)
		}
	case atom.Meta:
		var key, val string
		for i := range n.Attr {
			switch a := &n.Attr[i]; a.Key {
			case "property", "name", "itemprop", "http-equiv":
				if key == "" {
					key = a.Val
				}
			case "content":
				val = a.Val
			}
		}
		if key == "" || val == "" || len(m.content) > 200 {
			return
		}
		key = strings.ToLower(key)
		if m.content == nil {
			m.content = make(map[string]string, 32)
		}
		if _, dup := m.content[key]; !dup {
			m.content[key] = val
		}
	case atom.Link:
		if m.canon == "" && strings.EqualFold(attr(n, "rel"), "canonical") {
			m.canon = attr(n, "href")
		}
	case atom.Script:
		if n.FirstChild != nil && len(n.FirstChild.Data) < 1<<20 && strings.Contains(strings.ToLower(attr(n, "type")), "ld+json") {
			v := parseJSON(n.FirstChild.Data)
			m.ld.read(&v, 0)
		}
	case atom.Time:
		if len(m.times) < 32 {
			m.times = append(m.times, n)
		}
	}
}

// names gathers the page's names for its article and for itself.
func (m *meta) names() {
	add := func(list *[]string, s string) {
		if s = clean(s); s != "" && len(s) < 600 {
			*list = append(*list, s)
		}
	}
	for _, k := range [...]string{"og:site_name", "application-name", "twitter:site", "apple-mobile-web-app-title", "dc.publisher", "publisher"} {
		add(&m.sites, m.content[k])
	}
	add(&m.sites, m.ld.Publisher)
	add(&m.sites, m.ld.siteName)
	add(&m.titles, m.ld.Headline)
	for _, k := range [...]string{"og:title", "twitter:title", "headline", "title", "dc.title", "parsely-title", "sailthru.title"} {
		add(&m.titles, m.content[k])
	}
	if m.title != "" {
		m.titles = append(m.titles, m.title)
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
