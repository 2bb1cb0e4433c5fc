package extract

import (
	"math/bits"

	"golang.org/x/net/html/atom"
)

// page is a walked page.
type page struct {
	elems  []elem
	blocks []block
	text   []byte
	meta   *meta
}

func (p *page) str(b *block) string { return string(p.text[b.start:b.end]) }

// weigh marks the blocks that read as prose and sums up the text under every
// element. A role that names the larger part of the page's prose is void:
// a page builder that calls every paragraph a "widget" says nothing by it.
func (p *page) weigh() {
	var under [32]float32
	var total float32
	for i := range p.blocks {
		b := &p.blocks[i]
		b.prose = isProse(b)
		if !b.prose {
			continue
		}
		total += b.units - b.links
		for u := p.elems[b.elem].under; u != 0; u &= u - 1 {
			under[bits.TrailingZeros32(uint32(u))] += b.units - b.links
		}
	}
	var void role
	for i, u := range under {
		if u > 0.5*total && (role(1)<<i&(roleComment|roleConsent|roleHidden) == 0 || total-u < 300) {
			void |= 1 << i
		}
	}
	void &^= roleMain | roleItem | roleBody
	if void != 0 {
		for i := range p.elems {
			p.elems[i].role &^= void
			p.elems[i].under &^= void
		}
	}
	for i := range p.blocks {
		b := &p.blocks[i]
		e := &p.elems[b.elem]
		if e.under&roleHidden != 0 {
			continue
		}
		e.units += b.units
		e.links += b.links
		if b.prose {
			e.prose += b.weight(e)
			e.paras++
		}
	}
	for i := len(p.elems) - 1; i > 0; i-- {
		e := &p.elems[i]
		if e.parent < 0 {
			continue
		}
		q := &p.elems[e.parent]
		q.units += e.units
		q.links += e.links
		q.prose += e.prose
		q.paras += e.paras
	}
}

// isProse tells running text from labels, menus and lists by shape alone:
// enough letters outside links, and marks of sentences.
func isProse(b *block) bool {
	free := b.units - b.links
	if b.kind == kindHeading || b.kind == kindCaption || b.links > 0.5*b.units {
		return false
	}
	if b.stops+b.commas == 0 {
		return free >= 120
	}
	if b.stops == 0 {
		return free >= 80
	}
	return free >= 50
}

// weight is the block's share in the choice of the container, in units.
func (b *block) weight(e *elem) float32 {
	v := b.units - b.links
	u := e.under
	switch {
	case u&(roleComment|roleConsent|roleNotice|roleAd|roleHidden) != 0:
		v *= 0.15
	case u&(roleFoot|roleRelated|roleNav|roleAside|roleShare) != 0:
		v *= 0.3
	case u&(roleMeta|roleCaption|roleMedia|roleHead) != 0 || b.caption:
		v *= 0.5
	}
	if b.list || b.cell {
		v *= 0.7
	}
	return v
}

// container chooses the element that holds the body: the one with the best
// harmonic mean of the share of the page's prose it holds and the share of
// prose in what it holds.
func (p *page) container() int32 {
	var total float32
	if len(p.elems) > 0 {
		for i := range p.elems {
			if p.elems[i].parent < 0 {
				total += p.elems[i].prose
			}
		}
	}
	best, score := int32(-1), float32(0)
	for i := range p.elems {
		e := &p.elems[i]
		if e.prose == 0 || e.atom == atom.P {
			continue
		}
		recall := e.prose / total
		// Text outside prose weighs less: headings, subheads and short
		// paragraphs are part of a body as well.
		noise := e.units - e.prose
		precision := e.prose / (e.prose + 0.5*noise)
		f := 2 * precision * recall / (precision + recall)
		if e.role&roleItem != 0 {
			f *= 1.3
		} else if e.role&roleMain != 0 {
			f *= 1.1
		} else if e.role&roleBody != 0 {
			f *= 1.05
		}
		if e.role&roleChrome != 0 {
			f *= 0.9
		}
		if f >= score {
			best, score = int32(i), f
		}
	}
	return best
}
