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
	first, last := p.elems[c].first, p.elems[c].last
	keep := make([]bool, last-first)
	for i := range keep {
		b := &p.blocks[first+int32(i)]
		keep[i] = first+int32(i) != p.title && p.keep(c, b)
	}
	// A heading stands for what follows it: with nothing kept below it, it
	// announced something that went.
	level := uint8(0) // of the highest heading since which nothing was kept
	for i := len(keep) - 1; i >= 0; i-- {
		b := &p.blocks[first+int32(i)]
		if !keep[i] {
			continue
		}
		if b.kind != kindHeading {
			level = 7
			continue
		}
		if b.level >= level {
			keep[i] = false
			continue
		}
		level = b.level
	}
	var out []string
	for i := range keep {
		if keep[i] {
			out = append(out, p.str(&p.blocks[first+int32(i)]))
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
