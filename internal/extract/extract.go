// Package extract takes the article out of an HTML page.
package extract

import (
	"bytes"

	"golang.org/x/net/html"
)

// Extract takes the article out of a page of UTF-8 text.
func Extract(data []byte) ([]string, error) {
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	w := &walker{roles: make(map[string]role), meta: &meta{root: root}}
	w.walk(root)
	p := &page{elems: w.elems, blocks: w.blocks, text: w.text, meta: w.meta}
	p.meta.names()
	p.weigh()
	c := p.container()
	if c < 0 {
		return nil, nil
	}
	var out []string
	for i := p.elems[c].first; i < p.elems[c].last; i++ {
		b := &p.blocks[i]
		if i != p.title && p.keep(c, b) {
			out = append(out, p.str(b))
		}
	}
	return out, nil
}

func (p *page) keep(c int32, b *block) bool {
	if b.kind == kindCaption || b.links > 0.6*b.units {
		return false
	}
	for e := b.elem; e != c; e = p.elems[e].parent {
		if p.elems[e].role&(roleChrome|roleHidden) != 0 && p.elems[e].prose < 0.4*p.elems[c].prose {
			return false
		}
	}
	return true
}
