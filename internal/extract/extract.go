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
	sc := p.scope(c)
	first, last := p.elems[sc].first, p.elems[sc].last
	scores := make([]scored, last-first)
	p.features(c, sc, scores)
	for i := range scores {
		scores[i].p = logistic(dot(weightsFirst[:], scores[i].first[:]))
	}
	p.around(sc, scores)
	keep := make([]bool, last-first)
	// Body lost is the graver fault: where the model would drop most of the
	// container's plain prose, the bar is lowered.
	var plain float32
	for i := range keep {
		b := &p.blocks[first+int32(i)]
		scores[i].p = dot(weightsSecond[:], scores[i].first[:])
		if b.prose && p.plain(c, first+int32(i)) {
			plain += b.units - b.links
		}
	}
	for bar := float32(threshold); ; bar -= 0.5 {
		var kept float32
		for i := range keep {
			b := &p.blocks[first+int32(i)]
			keep[i] = first+int32(i) != p.title && p.elems[b.elem].under&roleHidden == 0 && scores[i].p > bar
			if keep[i] && b.prose && p.plain(c, first+int32(i)) {
				kept += b.units - b.links
			}
		}
		if kept >= 0.6*plain || bar < -4 {
			break
		}
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

// threshold is the score above which a block is body, in natural log odds.
// Below zero, since body lost is the graver fault.
const threshold = -0.1

// plain reports whether block i is in the container and under no hint of
// chrome.
func (p *page) plain(c, i int32) bool {
	return i >= p.elems[c].first && i < p.elems[c].last && p.elems[p.blocks[i].elem].under&(roleChrome|roleHidden) == 0
}
