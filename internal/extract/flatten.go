package extract

import (
	"bytes"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// flatten turns markup into text, one line a block, without building a tree:
// the way out for pages nested deeper than the parser accepts (512 elements).
func flatten(data []byte) string {
	z := html.NewTokenizer(bytes.NewReader(data))
	out := make([]byte, 0, len(data)/4)
	var skip atom.Atom // the element whose text is not shown
	for {
		switch z.Next() {
		case html.ErrorToken:
			return string(out)
		case html.TextToken:
			if skip == 0 {
				for _, c := range z.Text() {
					if c == '\n' || c == '\r' {
						c = ' '
					}
					out = append(out, c)
				}
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			switch a := atom.Lookup(name); {
			case a == atom.Script || a == atom.Style || a == atom.Noscript || a == atom.Title || a == atom.Textarea || a == atom.Iframe:
				skip = a
			case tagOf(a) != tagInline:
				out = append(out, '\n')
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			switch a := atom.Lookup(name); {
			case a == skip:
				skip = 0
			case tagOf(a) == tagBlock:
				out = append(out, '\n')
			}
		}
	}
}
