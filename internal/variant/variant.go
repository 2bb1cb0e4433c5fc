// Package variant writes labelled pages anew with the same article in them, in
// other markup or with other articles around it, to fit an extractor to and to
// see what it leans on. Nothing but tests and the programs of bench uses it.
package variant

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Article is what is known of a page's article: its text, a paragraph a line.
type Article struct{ ID, Lang, Headline, Text string }

// Names are the variants of Make. Those from Columns on need the article's text.
var Names = [...]string{"names", "bare", "breaks", "tables", "old", "columns", "tail", "old tail"}

// Make writes a page anew, in the same way every time:
//
//   - names: classes and ids have neutral names;
//   - bare: no names, roles, scripts, metadata but <title>, no elements of HTML 5;
//   - breaks: paragraphs parted by <br>, headings in bold type;
//   - tables: every <div> a table, lists lines parted by <br>;
//   - old: bare, breaks and tables;
//   - columns: the page in the middle of a layout table, menus to its left,
//     teasers of others to its right;
//   - tail: headlines of others and readers' comments right behind the article's
//     last paragraph, in the same element;
//   - old tail: both.
//
// A page that cannot be written anew, or a name that is none of these, is
// returned as it is.
func Make(name string, page []byte, a Article, others []Article) []byte {
	cols := func(root *html.Node) { columns(root, a, others) }
	end := func(root *html.Node) { tail(root, a, others) }
	switch name {
	case "names":
		return rewrite(page, rename)
	case "bare":
		return rewrite(page, bare)
	case "breaks":
		return rewrite(page, breaks)
	case "tables":
		return rewrite(page, tables)
	case "old":
		return rewrite(page, bare, breaks, tables)
	case "columns":
		return rewrite(page, cols)
	case "tail":
		return rewrite(page, end)
	case "old tail":
		return rewrite(page, end, bare, breaks, tables)
	}
	return page
}

func rewrite(page []byte, steps ...func(*html.Node)) []byte {
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return page
	}
	for _, f := range steps {
		f(root)
	}
	var b bytes.Buffer
	if html.Render(&b, root) != nil {
		return page
	}
	return b.Bytes()
}

// each visits the elements under n, those to come after the visited one being
// known already.
func each(n *html.Node, f func(*html.Node)) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		each(c, f)
		if c.Type == html.ElementNode {
			f(c)
		}
		c = next
	}
}

func set(n *html.Node, a atom.Atom, attr ...html.Attribute) {
	n.DataAtom, n.Data, n.Attr = a, a.String(), attr
}

func element(a atom.Atom, children ...*html.Node) *html.Node {
	n := &html.Node{Type: html.ElementNode, DataAtom: a, Data: a.String()}
	for _, c := range children {
		n.AppendChild(c)
	}
	return n
}

func run(s string) *html.Node { return &html.Node{Type: html.TextNode, Data: s} }

func move(from, to *html.Node) {
	for from.FirstChild != nil {
		c := from.FirstChild
		from.RemoveChild(c)
		to.AppendChild(c)
	}
}

// rename gives every class and id a neutral name, the same every time.
func rename(root *html.Node) {
	names := map[string]string{}
	each(root, func(n *html.Node) {
		for i := range n.Attr {
			if a := &n.Attr[i]; a.Key == "class" || a.Key == "id" {
				if names[a.Val] == "" {
					names[a.Val] = fmt.Sprintf("c%d", len(names))
				}
				a.Val = names[a.Val]
			}
		}
	})
}

// bare takes away names, roles, scripts, the metadata but <title>, and the
// elements of HTML 5.
func bare(root *html.Node) {
	each(root, func(n *html.Node) {
		var keep []html.Attribute
		for _, t := range n.Attr {
			if t.Key == "href" || t.Key == "style" || t.Key == "hidden" || t.Key == "http-equiv" || t.Key == "content" || t.Key == "charset" {
				keep = append(keep, t)
			}
		}
		n.Attr = keep
		switch n.DataAtom {
		case atom.Script, atom.Time:
			if n.DataAtom == atom.Script {
				n.Parent.RemoveChild(n)
			} else {
				set(n, atom.Span)
			}
		case atom.Meta:
			for _, a := range n.Attr {
				if a.Key == "http-equiv" || a.Key == "charset" {
					return
				}
			}
			n.Parent.RemoveChild(n)
		case atom.Main, atom.Article, atom.Section, atom.Header, atom.Footer, atom.Nav, atom.Aside, atom.Figure, atom.Figcaption:
			set(n, atom.Div, n.Attr...)
		}
	})
}

// breaks parts paragraphs by <br> and shows headings in bold type.
func breaks(root *html.Node) {
	each(root, func(n *html.Node) {
		switch n.DataAtom {
		case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		default:
			return
		}
		p := n.Parent
		p.InsertBefore(element(atom.Br), n.NextSibling)
		p.InsertBefore(element(atom.Br), n.NextSibling)
		if n.DataAtom != atom.P {
			set(n, atom.B)
			return
		}
		for n.FirstChild != nil {
			c := n.FirstChild
			n.RemoveChild(c)
			p.InsertBefore(c, n)
		}
		p.RemoveChild(n)
	})
}

// tables makes a table of every <div>, and lines of every list.
func tables(root *html.Node) {
	each(root, func(n *html.Node) {
		switch n.DataAtom {
		case atom.Div:
			td := element(atom.Td)
			td.Attr = n.Attr
			move(n, td)
			set(n, atom.Table, html.Attribute{Key: "width", Val: "100%"})
			n.AppendChild(element(atom.Tbody, element(atom.Tr, td)))
		case atom.Li:
			n.Parent.InsertBefore(element(atom.Br), n.NextSibling)
			set(n, atom.Font)
		case atom.Ul, atom.Ol:
			set(n, atom.Font)
		}
	})
}

func find(root *html.Node, a atom.Atom) *html.Node {
	var found *html.Node
	each(root, func(n *html.Node) {
		if n.DataAtom == a {
			found = n
		}
	})
	return found
}

// columns puts the page into the middle of a layout table, menus to its left
// and teasers of other articles to its right.
func columns(root *html.Node, a Article, others []Article) {
	body := find(root, atom.Body)
	if body == nil {
		return
	}
	rng := random(a)
	left, middle, right := element(atom.Td), element(atom.Td), element(atom.Td)
	move(body, middle)
	for range 12 {
		left.AppendChild(link(word(pick(rng, a, others), rng)))
		left.AppendChild(element(atom.Br))
	}
	for range 6 {
		o := pick(rng, a, others)
		right.AppendChild(element(atom.B, link(headline(o))))
		right.AppendChild(element(atom.Br))
		right.AppendChild(run(cut(o.Text, 140)))
		right.AppendChild(element(atom.Br))
		right.AppendChild(element(atom.Br))
	}
	body.AppendChild(element(atom.Table, element(atom.Tbody, element(atom.Tr, left, middle, right))))
}

// tail adds, right behind the last paragraph of the article and in its own
// element, headlines of other articles, the first words of one, and readers'
// comments.
func tail(root *html.Node, a Article, others []Article) {
	rng := random(a)
	var last *html.Node
	whole := squeeze(a.Text)
	var visit func(n *html.Node)
	visit = func(n *html.Node) {
		if n.Type == html.TextNode {
			if s := squeeze(n.Data); len(s) > 60 && strings.Contains(whole, s) && n.Parent.DataAtom != atom.Script {
				last = n
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			visit(c)
		}
	}
	visit(root)
	if last == nil {
		return
	}
	n := last
	for inline(n) && n.Parent != nil && n.Parent.DataAtom != atom.Body {
		if q := n.Parent; !inline(q) && q.DataAtom != atom.P && q.DataAtom != atom.Li {
			break
		}
		n = n.Parent
	}
	if n.DataAtom == atom.Li && n.Parent != nil {
		n = n.Parent
	}
	add := func(list ...*html.Node) {
		for _, x := range list {
			n.Parent.InsertBefore(x, n.NextSibling)
			n = x
		}
	}
	add(element(atom.Br), element(atom.Br))
	for range 5 {
		add(link(headline(pick(rng, a, others))), element(atom.Br))
	}
	for i := range 4 {
		o := pick(rng, a, others)
		add(element(atom.Br), element(atom.B, run(word(o, rng))), run(fmt.Sprintf(" %d.%d.2010 1%d:2%d", 10+i, 1+i, i, i)), element(atom.Br), run(cut(o.Text, 100+60*i)), element(atom.Br))
	}
}

// inline reports what does not stand on a line of its own.
func inline(n *html.Node) bool {
	switch n.DataAtom {
	case atom.A, atom.B, atom.Strong, atom.I, atom.Em, atom.Span, atom.Font, atom.P, atom.Li:
		return true
	}
	return n.Type == html.TextNode
}

// squeeze keeps the letters and digits.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

func random(a Article) *rand.Rand {
	var seed uint64 = 1
	for _, c := range []byte(a.ID) {
		seed = seed*1099511628211 ^ uint64(c)
	}
	return rand.New(rand.NewPCG(seed, 7))
}

// pick chooses another article, of the same language where there is one.
func pick(rng *rand.Rand, a Article, others []Article) Article {
	var o Article
	for range 40 {
		o = others[rng.IntN(len(others))]
		if o.ID != a.ID && o.Text != "" && o.Lang == a.Lang {
			break
		}
	}
	return o
}

func headline(a Article) string {
	if a.Headline != "" {
		return a.Headline
	}
	return strings.TrimRight(cut(a.Text, 60), ".。!?,、，")
}

// cut returns about n letters from the beginning of a text, whole words; a
// letter of a script without spaces counts as two.
func cut(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	for i, r := range s {
		if n <= 0 && (r == ' ' || r >= 0x3000) {
			return s[:i]
		}
		n--
		if r >= 0x3000 {
			n--
		}
	}
	return s
}

func word(a Article, rng *rand.Rand) string {
	if f := strings.Fields(a.Text); len(f) > 20 {
		return strings.Trim(f[rng.IntN(len(f))], ".,;:\"'()“”")
	}
	r := []rune(a.Text)
	i := rng.IntN(max(1, len(r)-4))
	return string(r[i:min(i+3, len(r))])
}

func link(s string) *html.Node {
	n := element(atom.A, run(s))
	n.Attr = []html.Attribute{{Key: "href", Val: "/x.html"}}
	return n
}
