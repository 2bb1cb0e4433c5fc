package extract

import (
	"net/url"
	"strings"
	"time"

	"github.com/newsdedup/newsdedup/internal/chrome"
	"golang.org/x/net/html"
)

// Article is what a page holds.
type Article struct {
	URL, Title, Byline, Publisher, Lang string
	Published                           time.Time
	Credits                             []string
	Text                                string // paragraphs, an empty line between them
	Removed                             []Removal
}

// Removal is a piece of the page that is not in the article, and why.
type Removal struct {
	Text   string
	Reason string
}

func hasAttr(n *html.Node, key string) (string, bool) {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			return n.Attr[i].Val, true
		}
	}
	return "", false
}

// headline is the article's title; text is its first block of text, or -1. In
// order:
//
//  1. og:title with the site's name cut off, in the spelling of the page where
//     the two agree. Where the page shows one headline and shares another,
//     publishers hold the shared one for the title (of 23 pages of the fundus
//     set 16 times);
//  2. but the headline that the page shows, where og:title only adds to it
//     behind or before a separator, and JSON-LD does not, or where og:title has
//     the site's name in it: that is the text of a link, not of a headline
//     (where it differs from the shown headline, the shown one is right 2 times
//     of 2 in the fundus set and 14 of 19 in wcxb, og:title never and 3 times);
//  3. the headline that the page shows: see findTitle, else the last heading of
//     the first level before the text;
//  4. the other names that the page's metadata give the article; the first
//     heading of the first level.
func (p *page) headline(text int32) string {
	m := p.meta
	shown := ""
	if p.title >= 0 {
		shown = clean(p.str(&p.blocks[p.title]))
	} else {
		shown = p.heading(text)
	}
	whole := clean(m.content["og:title"])
	if og := cutSite(whole, m.sites); og != "" && !isSite(og, m.sites) {
		a, b := string(fold(nil, og)), string(fold(nil, shown))
		part := a != string(fold(nil, clean(m.ld.Headline))) && isPart(shown, og)
		if a == b || len(b) >= 12 && (part || len(og) < len(whole)) {
			return shown
		}
		return og
	}
	if shown != "" {
		return shown
	}
	for _, t := range m.titles {
		if t = cutSite(t, m.sites); t != "" {
			return t
		}
	}
	for i := range p.blocks {
		if b := &p.blocks[i]; b.level == 1 {
			return clean(p.str(b))
		}
	}
	return ""
}

// heading is the last heading of the first level before the text that is no
// name of the site and under no hint of chrome.
func (p *page) heading(text int32) string {
	for i := min(text, int32(len(p.blocks))) - 1; i >= 0; i-- {
		b := &p.blocks[i]
		if b.level != 1 || b.units < 6 || b.end-b.start > 400 || p.elems[b.elem].under&(roleHidden|roleNav|roleRelated|roleAside|roleFoot|roleComment|roleOther|roleConsent) != 0 {
			continue
		}
		if s := clean(p.str(b)); !namesSite(s, p.meta.sites) {
			return s
		}
	}
	return ""
}

// isPart reports whether title is name with something behind a separator added
// to it, or before one.
func isPart(name, title string) bool {
	a, b := strings.ToLower(name), strings.ToLower(title)
	if rest, ok := strings.CutPrefix(b, a); ok {
		return strings.ContainsAny(rest[:min(len(rest), 4)], "|-–—·•：")
	}
	if rest, ok := strings.CutSuffix(b, a); ok {
		return strings.ContainsAny(rest[max(0, len(rest)-4):], "|–—·•：") || strings.HasSuffix(rest, " - ")
	}
	return false
}

// byline tells who wrote the article: JSON-LD, the meta names of authors, a
// byline in the blocks after the headline.
func (p *page) byline(from int32) string {
	m := p.meta
	ok := func(s string) string {
		s = clean(s)
		if s == "" || len(s) > 200 || strings.Contains(s, "://") || strings.HasPrefix(s, "@") || namesSite(s, m.sites) {
			return ""
		}
		if sig, is := chrome.BylineOf(s); is && sig.Names != "" {
			return sig.Names
		}
		return s
	}
	if s := ok(m.ld.Author); s != "" {
		return s
	}
	for _, k := range [...]string{"author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl", "dc.contributor", "article:author_name"} {
		if s := ok(m.content[k]); s != "" {
			return s
		}
	}
	for i := max(0, from-2); i < min(int32(len(p.blocks)), from+10); i++ {
		b := &p.blocks[i]
		if b.end-b.start > 160 || p.elems[b.elem].under&(roleRelated|roleOther|roleComment|roleNav) != 0 {
			continue
		}
		if sig, is := chrome.BylineOf(p.view(b)); is && sig.Names != "" {
			return strings.Clone(sig.Names)
		}
	}
	return ""
}

// publisher is the site's name for itself, or what <title> adds to the
// headline.
func (p *page) publisher(headline string) string {
	m := p.meta
	for _, k := range [...]string{"og:site_name"} {
		if s := clean(m.content[k]); s != "" && len(s) < 100 {
			return s
		}
	}
	if s := clean(m.ld.Publisher); s != "" && len(s) < 100 && !strings.Contains(s, "://") {
		return s
	}
	for _, k := range [...]string{"application-name", "apple-mobile-web-app-title", "publisher", "dc.publisher"} {
		if s := clean(m.content[k]); s != "" && len(s) < 100 && !strings.Contains(s, "://") {
			return s
		}
	}
	if headline != "" {
		if rest, ok := strings.CutPrefix(m.title, headline); ok {
			rest = strings.Trim(rest, " |-–—·•:»｜_/")
			for _, sep := range [...]string{"|", "｜", "_", "»", " - ", " :: "} {
				if i := strings.LastIndex(rest, sep); i >= 0 {
					rest = strings.TrimSpace(rest[i+len(sep):])
				}
			}
			if rest != "" && len(rest) < 60 && !strings.ContainsAny(rest, "|") {
				return rest
			}
		}
	}
	return ""
}

// address is the page's canonical address: rel=canonical, og:url, JSON-LD, or
// the address it was fetched from, made absolute against the latter. A
// canonical address that is only the site's front page is not taken for that
// of an article.
func (m *meta) address(from string) string {
	base, err := url.Parse(from)
	if err != nil {
		base = nil
	}
	for _, s := range [...]string{m.canon, m.content["og:url"], m.ld.URL} {
		s = strings.TrimSpace(s)
		if s == "" || len(s) > 2000 {
			continue
		}
		u, err := url.Parse(s)
		if err != nil {
			continue
		}
		if base != nil {
			u = base.ResolveReference(u)
		}
		if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			continue
		}
		if (u.Path == "" || u.Path == "/") && u.RawQuery == "" && (base == nil || len(base.Path) > 1) {
			continue
		}
		return u.String()
	}
	return from
}

// language is the primary subtag of the article's language.
func (p *page) language(text string) string {
	m := p.meta
	declared := ""
	for _, s := range [...]string{m.lang, m.content["og:locale"], m.content["content-language"], m.ld.Lang, m.content["dc.language"], m.content["language"]} {
		if declared = primary(s); declared != "" {
			break
		}
	}
	return langOf(text, declared)
}
