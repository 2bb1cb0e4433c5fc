package extract

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// outline is the tree of a page without what strip takes out of it.
func outline(t testing.TB, page []byte) string {
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return "refused"
	}
	var b strings.Builder
	var visit func(n *html.Node)
	visit = func(n *html.Node) {
		if n.Type == html.CommentNode {
			b.WriteString("<!>")
			return
		}
		if p := n.Parent; n.Type == html.TextNode && p != nil {
			switch p.DataAtom {
			case atom.Style, atom.Noscript, atom.Iframe:
				return
			case atom.Script:
				if !strings.Contains(strings.ToLower(attr(p, "type")), "json") {
					return
				}
			}
		}
		data := n.Data
		if n.Type == html.TextNode && !verbatim(n) {
			data = reBlanks.ReplaceAllString(data, " ")
		}
		b.WriteString("(" + n.Namespace + " " + data)
		for _, a := range n.Attr {
			if isRead([]byte(a.Key)) || formatting([]byte(n.Data)) {
				b.WriteString(" " + a.Key + "=" + a.Val)
			}
		}
		for c := n.FirstChild; c != nil && !(n.Namespace == "svg" && n.Data == "svg"); c = c.NextSibling {
			visit(c)
		}
		b.WriteString(")")
	}
	visit(root)
	return b.String()
}

var reBlanks = regexp.MustCompile(`[ \n\r\t\f]+`)

// verbatim reports text whose blanks may be shown as they are.
func verbatim(n *html.Node) bool {
	for n = n.Parent; n != nil; n = n.Parent {
		if n.DataAtom == atom.Pre || n.DataAtom == atom.Listing || n.DataAtom == atom.Textarea {
			return true
		}
	}
	return false
}

var stripped = []struct{ name, in, want string }{
	{"a script and a style sheet", `<style>p{}</style><p>a<script>if (a</b/) f()</script>b`, `<style></style><p>a<script></script>b`},
	{"JSON-LD stays", `<script type="application/LD+JSON">{}</script><SCRIPT>f()</SCRIPT >`, `<script type="application/LD+JSON">{}</script><SCRIPT></SCRIPT >`},
	{"a script in a string", `<script>s = "</scripts><script>"</script><p>a`, `<script></script><p>a`},
	{"a script in an attribute", `<p class="<script>">a</p><script>f()</script>`, `<p class="<script>">a</p><script></script>`},
	{"attributes that nothing reads", `<div data-a="1" class=b hidden onclick='f("</div>")' data-c id=d data-e=/f>a<a title=b HREF=c target=d>e</a>`, `<div class=b hidden id=d >a<a HREF=c >e</a>`},
	{"an attribute beside another", `<p data-a="1"class=b data-c="2"data-d="3">a<br data-e="/"/>`, `<p class=b data-d="3">a<br />`},
	{"what an attribute would give its value to", `<p class data-a=1 =b>a<p hidden data-c =d data-e>f`, `<p class data-a=1 >a<p hidden >f`},
	{"formatting, which the parser compares", `<font color=a><p><font color=b><b data-c=1>d`, `<font color=a><p><font color=b><b data-c=1>d`},
	{"blanks between tags", "<div>\n\t\t<p>  a  b \n </p>\r\n  <i> c", "<div>\n<p> a  b \n </p>\r<i> c"},
	{"blanks that may be shown", "<div>\n\n<pre>  a\n\n</pre>\n\n<p>", "<div>\n<pre>  a\n\n</pre>\n\n<p>"},
	{"a script in a title", `<title><script></title><p>a<script>b</script>`, `<title><script></title><p>a<script></script>`},
	{"quotes that open no value", `<p/a"b '>a<script>b</script>'`, `<p/a"b >a<script></script>'`},
	{"a long comment", `<!-- <p>what was once a paragraph of this page</p> --><p>a`, `<!----><p>a`},
	{"a comment that is over at once", `<!--><script>a</script>-->`, `<!--><script></script>-->`},
	{"a comment without an end", `<script>a</script><!-- <script>b</script>`, `<script></script><!-- <script>b</script>`},
	{"a script in a script's comment", `<script><!-- <script>a</script> --></script><script>b</script>`, `<script><!-- <script>a</script> --></script><script>b</script>`},
	{"a script without an end", `<p>a<script>b`, `<p>a<script>b`},
	{"pictures", `<svg><title>a</title><style>b</style><path d=1/></svg><script>c</script>`, `<svg></svg><script></script>`},
	{"pictures in pictures", `<svg id=1><svg/><g><svg><path></svg></g></svg><p>a`, `<svg id=1></svg><p>a`},
	{"a picture that ends early", `<svg><g><p>a</g></svg><script>b</script>`, `<svg><g><p>a</g></svg><script></script>`},
	{"pictures with markup", `<svg><title><p>a</title></svg><script>c</script>`, `<svg><title><p>a</title></svg><script>c</script>`},
	{"a frame and its stand-in", `<noscript><img src=a></noscript><iframe><p>a</iframe>b`, `<noscript></noscript><iframe></iframe>b`},
}

// What is stripped is never read, and what is not is read as before.
func TestStrip(t *testing.T) {
	for _, c := range stripped {
		t.Run(c.name, func(t *testing.T) {
			got := string(strip(nil, []byte(c.in)))
			if got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			if a, b := outline(t, []byte(c.in)), outline(t, []byte(got)); a != b {
				t.Errorf("tree %s, want %s", b, a)
			}
		})
	}
}

// The tree of a stripped page is that of the page, whatever the page.
func FuzzStrip(f *testing.F) {
	for _, c := range stripped {
		f.Add([]byte(c.in))
	}
	for _, s := range []string{"<", "</", "<!", "<!-", "<!--", "<a", "<a =", "<a b", "<a b=", "<a b='", "<script", "<script>", "</script", "<svg/><script>a</script>", "<svg a=/><style>a</style>", "<math><![CDATA[<script>]]></math><script>b</script>",
		"<!--a--!><script>b</script>", "<!---!><script>b--></script>", "<svg><p><script>'<!--'</script><script>a</script>", "<plaintext><script>a</script>", "</ <script>a</script>", "<?php '<script>' ?><script>a</script>", "<select><style>a</style><textarea><script>b</script>"} {
		f.Add([]byte(s))
	}
	pages, _ := filepath.Glob(filepath.Join("..", "..", "testdata", "html", "*.html"))
	for _, name := range pages {
		if page, err := os.ReadFile(name); err == nil {
			f.Add(page)
		}
	}
	f.Fuzz(func(t *testing.T, page []byte) {
		got := strip(nil, page)
		if a, b := outline(t, page), outline(t, got); a != b {
			t.Errorf("%q: tree %s, want %s", got, b, a)
		}
	})
}
