package extract

import (
	"math/bits"
	"strings"
	"unsafe"

	"golang.org/x/net/html/atom"

	"github.com/newsdedup/newsdedup/internal/chrome"
)

// page is a walked page.
type page struct {
	elems  []elem
	blocks []block
	text   []byte
	meta   *meta
	w      *walker   // whose memory the page uses
	title  int32     // the block that shows the headline; -1: none found
	before []float32 // the prose before each block, as the container's choice weighs it

	learned func(text string) bool // reports known chrome; may be nil
}

func (p *page) str(b *block) string { return string(p.text[b.start:b.end]) }

// view is the block's text without a copy; it must not outlive the page.
func (p *page) view(b *block) string {
	return unsafe.String(unsafe.SliceData(p.text[b.start:b.end]), int(b.end-b.start))
}

// The constants of the choice of a container were set by hand on the sets aeb,
// fundus, wcxb and traf (967 pages), with no model behind it and all unhinted
// blocks of the container taken for the body: F1 .966, .953, .937 and .901.
const (
	// A hint under which more of the page's own prose stands than this is void.
	voidShare = 0.5
	// For side bars and footers, which are large on pages with a short story.
	voidMargin = 0.7
	// Comments, consent dialogs and hidden parts often are the larger part of a
	// page; they are void only if fewer units than this stand outside them.
	voidRest = 200

	beforeTitle = 0.4 // weight of prose before the headline
	// What begins behind the headline competes with all prose that stands
	// between: where there is none it loses nothing.
	behindTitle = 0.6
	noiseLink   = 0.7 // weight of text in links against prose
	noiseOther  = 0.35

	// A notice of copyright, of rules for comments, of a newsletter is shorter
	// than this, and counts less, unless there is so much prose on the page that
	// it decides nothing: from 6000 units on no page of the four sets changes, from
	// 3000 on traf loses four of 1,094 snippets.
	maxNotice    = 400
	noticeWeight = 0.2
	muchProse    = 6000

	columnProse = 400
	columnBrief = 100
	columnRatio = 4
)

// weigh marks the blocks that read as prose and sums up the text under every
// element. A role that names the larger part of the page's prose is void:
// a page builder that calls every paragraph a "widget" says nothing by it.
func (p *page) weigh() {
	var under [32]float32
	var total, own float32 // of the page; of it without comments and the like
	const apart = roleComment | roleConsent | roleHidden
	for i := range p.blocks {
		b := &p.blocks[i]
		b.prose = isProse(b) && (p.learned == nil || !p.learned(p.view(b)))
		if !b.prose {
			continue
		}
		v := b.units - b.links
		total += v
		in := p.elems[b.elem].under
		if in&apart == 0 {
			own += v
		} else {
			in &= apart
		}
		for u := in; u != 0; u &= u - 1 {
			under[bits.TrailingZeros32(uint32(u))] += v
		}
	}
	for i := range p.blocks {
		b := &p.blocks[i]
		b.notice = b.prose && total < muchProse && b.units < maxNotice && isNotice(p.view(b))
	}
	var void role
	for i, u := range under {
		if role(1)<<i&apart != 0 {
			if u > voidShare*total && total-u < voidRest {
				void |= 1 << i
			}
		} else if u > voidShare*own && (role(1)<<i&(roleAside|roleFoot) == 0 || u > voidMargin*own) {
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
	p.title = p.findTitle()
	p.rivals()
	p.columns()
	p.before = p.w.floats(len(p.blocks) + 1)
	for i := range p.blocks {
		b := &p.blocks[i]
		e := &p.elems[b.elem]
		p.before[i+1] = p.before[i]
		if e.under&roleHidden != 0 {
			continue
		}
		e.units += b.units
		e.links += b.links
		if b.prose {
			v := b.weight(e)
			v *= p.near(i)
			if int32(i) < p.title || e.column {
				v *= beforeTitle
			}
			e.prose += v
			e.paras++
			p.before[i+1] += v
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

// isProse tells running text from labels, menus and lists by shape alone: at
// least half of its letters outside links, and of these at least 50 where a
// sentence ends in it, 80 where it has only commas, 120 where it has neither,
// as in scripts that mark no ends of sentences. Headings and captions are none.
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

// weight is the block's share in the choice of the container, in units: its
// letters outside links, less where hints say that it is not the article.
func (b *block) weight(e *elem) float32 {
	v := b.units - b.links
	u := e.under
	switch {
	case u&(roleOther|roleComment|roleConsent|roleNotice|roleAd|roleHidden) != 0:
		v *= 0.15
	case u&(roleFoot|roleRelated|roleNav|roleAside|roleShare) != 0:
		v *= 0.3
	case u&(roleMeta|roleCaption|roleMedia|roleHead) != 0 || b.caption:
		v *= 0.5
	}
	if b.list || b.cell {
		v *= 0.7
	}
	if b.remark {
		v *= 0.15
	}
	if b.notice {
		v *= noticeWeight
	}
	return v
}

// isNotice reports a copyright sign, or words of two notions of notices.
func isNotice(text string) bool {
	return strings.Contains(text, "©") || chrome.LineOf(text).Notice >= 2
}

// container chooses the element that holds the body: the one with the best
// harmonic mean of the share of the page's prose it holds and the share of
// prose in what it holds. What names itself the article's body (itemprop
// articleBody, <main>, <article>, class words) is preferred where the two are
// close. The choice is where the model looks first, not where it ends: see
// scope. -1: the page has no text.
func (p *page) container() int32 {
	var total float32
	for i := range p.elems {
		if p.elems[i].parent < 0 {
			total += p.elems[i].prose
		}
	}
	if total == 0 {
		return p.plainest()
	}
	best, score := int32(-1), float32(0)
	for i := range p.elems {
		e := &p.elems[i]
		if e.prose == 0 || e.atom == atom.P {
			continue
		}
		recall := e.prose / total
		// Text outside prose and links weighs less: headings, subheads and
		// short paragraphs are part of a body as well.
		precision := e.prose / (e.prose + noiseLink*e.links + noiseOther*max(0, e.units-e.links-e.prose))
		f := 2 * precision * recall / (precision + recall)
		if e.role&roleItem != 0 {
			f *= 1.3
		} else if e.role&roleMain != 0 {
			f *= 1.1
		} else if e.role&roleBody != 0 {
			f *= 1.05
		}
		if e.under&(roleNav|roleHead|roleFoot|roleComment|roleOther|roleConsent|roleHidden|roleAside) != 0 {
			f *= 0.5
		} else if e.role&roleChrome != 0 {
			f *= 0.9
		}
		if p.title >= 0 && e.first > p.title {
			between := p.before[e.first] - p.before[p.title]
			f *= 1 - behindTitle*between/(between+e.prose)
		}
		if f >= score {
			best, score = int32(i), f
		}
	}
	return best
}

// plainest is the choice on a page without prose, such as a brief of one line
// or a page of short entries: the innermost element with nine tenths of the
// text that is in no link, chrome aside; -1 if there is none.
func (p *page) plainest() int32 {
	free := make([]float32, len(p.elems))
	for i := range p.blocks {
		b := &p.blocks[i]
		if p.elems[b.elem].under&(roleChrome|roleHidden) == 0 && int32(i) != p.title {
			free[b.elem] += b.units - b.links
		}
	}
	var total float32
	for i := len(p.elems) - 1; i >= 0; i-- {
		if q := p.elems[i].parent; q >= 0 {
			free[q] += free[i]
		} else {
			total += free[i]
		}
	}
	best := int32(-1)
	for i := range free {
		if total > 0 && free[i] >= 0.9*total {
			best = int32(i)
		}
	}
	return best
}

// rivals marks what belongs to other stories: <article> elements beside the
// one that holds the headline, and runs of cards, which are siblings of one
// shape that each show a linked heading and little prose.
func (p *page) rivals() {
	own := int32(-1)
	if p.title >= 0 {
		for e := p.blocks[p.title].elem; e >= 0; e = p.elems[e].parent {
			if p.elems[e].atom == atom.Article {
				own = e
				break
			}
		}
	}
	if own >= 0 {
		for i := range p.elems {
			e := &p.elems[i]
			if e.atom == atom.Article && (int32(i) >= p.elems[own].end || e.end <= own) {
				e.role |= roleOther
			}
		}
	}
	p.cards()
	p.posts()
	p.remarks()
	p.sequels()
	for i := range p.elems {
		if e := &p.elems[i]; e.parent >= 0 {
			e.under |= p.elems[e.parent].under & roleOther
			e.under |= e.role & roleOther
		}
	}
	var rest, other float32
	for i := range p.blocks {
		if b := &p.blocks[i]; b.prose {
			v := b.units - b.links
			switch u := p.elems[b.elem].under; {
			case u&roleOther != 0:
				other += v
			case u&(roleComment|roleConsent|roleHidden|roleFoot|roleRelated|roleAside) == 0:
				rest += v
			}
		}
	}
	if rest < max(400, 0.25*other) {
		for i := range p.elems {
			p.elems[i].role &^= roleOther
			p.elems[i].under &^= roleOther
		}
	}
}

// columns marks the cells of layout tables that stand beside the one with the
// headline, if that one holds columnProse, or columnBrief and no other more than
// columnRatio times as much.
func (p *page) columns() {
	if p.title < 0 {
		return
	}
	for e := p.blocks[p.title].elem; e >= 0; e = p.elems[e].parent {
		row := p.elems[e].parent
		if p.elems[e].atom != atom.Td || row < 0 || p.elems[row].atom != atom.Tr {
			continue
		}
		var own, rest float32 // prose of the headline's cell, and of the cell that has most beside it
		for c := row + 1; c < p.elems[row].end; c = p.elems[c].end {
			var v float32
			for i := p.elems[c].first; i < p.elems[c].last; i++ {
				if b := &p.blocks[i]; b.prose {
					v += b.units - b.links
				}
			}
			if c <= e && e < p.elems[c].end {
				own = v
			} else {
				rest = max(rest, v)
			}
		}
		if own < columnProse && (own < columnBrief || columnRatio*own < rest) {
			continue
		}
		for i := row + 1; i < p.elems[row].end; i++ {
			if i < e || i >= p.elems[e].end {
				p.elems[i].column = true
			}
		}
	}
}

// cards marks the runs of cards.
func (p *page) cards() {
	type sums struct {
		heads int32
		prose float32
	}
	tally := make([]sums, len(p.elems))
	for i := range p.blocks {
		b := &p.blocks[i]
		t := &tally[b.elem]
		if b.links >= 0.8*b.units && b.units >= 15 && b.units <= 300 {
			t.heads++
		}
		if b.prose {
			t.prose += b.units - b.links
		}
	}
	for i := len(p.elems) - 1; i > 0; i-- {
		if q := p.elems[i].parent; q >= 0 {
			tally[q].heads += tally[i].heads
			tally[q].prose += tally[i].prose
		}
	}
	after := make([]float32, len(p.blocks)+1) // prose up to a block, chrome aside
	for i := range p.blocks {
		b := &p.blocks[i]
		after[i+1] = after[i]
		if b.prose && p.elems[b.elem].under&(roleComment|roleConsent|roleHidden|roleFoot|roleRelated|roleAside|roleOther) == 0 {
			after[i+1] += b.units - b.links
		}
	}
	title := int32(-1)
	if p.title >= 0 {
		title = p.title
	}
	isCard := func(j int32) bool {
		e := &p.elems[j]
		t := tally[j]
		return t.heads >= 1 && t.heads <= 4 && t.prose < 350 && !(e.first <= title && title < e.last)
	}
	work := 16*len(p.elems) + 1024 // bounds the comparisons of siblings
	for i := range p.elems {
		e := &p.elems[i]
		if tally[i].heads < 3 {
			continue
		}
		for j := int32(i) + 1; j < e.end; j = p.elems[j].end {
			c := &p.elems[j]
			if c.role&roleOther != 0 || !isCard(j) || c.atom == atom.Tr && c.last-c.first > 2 && tally[j].prose == 0 {
				continue // the rows of a table of figures are no cards
			}
			class := attr(c.node, "class")
			same, cards := 1, 1
			for k := c.end; k < e.end && same < 40 && work > 0; k = p.elems[k].end {
				work--
				if d := &p.elems[k]; d.atom == c.atom && d.units >= 0 && attr(d.node, "class") == class {
					same++
					if isCard(k) {
						cards++
					}
				}
			}
			if cards < 3 || 5*cards < 3*same {
				continue
			}
			// A list of short entries inside the article looks alike. What tells
			// is that it stands behind the headline and the article's own prose
			// goes on after it.
			var prose float32
			last := j
			for k := j; k < e.end; k = p.elems[k].end {
				if d := &p.elems[k]; d.atom == c.atom && attr(d.node, "class") == class && isCard(k) {
					prose += tally[k].prose
					last = k
				}
			}
			if prose > 120*float32(cards) && p.elems[last].last > title && after[len(p.blocks)]-after[p.elems[last].last] > 0.15*after[len(p.blocks)] {
				continue
			}
			for k := j; k < e.end; k = p.elems[k].end {
				if d := &p.elems[k]; d.atom == c.atom && attr(d.node, "class") == class && isCard(k) {
					d.role |= roleOther
				}
			}
		}
	}
}

// posts marks runs of readers' comments that no name gives away: three or more
// siblings of one shape behind most of the page's prose, or behind a label of
// comments and a brief's worth of prose, of which four in five show a time of the
// day or an age on a line of its own and say something beside it, without a
// heading: the entries of a live report have one, and comments where a label
// says that they are. Four or more that begin with a
// line of a name and a time need no label, if the names differ.
func (p *page) posts() {
	dated := make([]int32, len(p.elems))
	names := make([]int32, len(p.elems)) // lines of a name and a time that what is said follows in the same block
	said := make([]float32, len(p.elems))
	heads := make([]int32, len(p.elems))
	any := false
	for i := range p.blocks {
		b := &p.blocks[i]
		if b.kind != kindHeading && b.units >= 4 && b.units < 60 && b.digits >= 1 && b.stops < 3 && moment(p.view(b)) {
			dated[b.elem]++
			any = true
		} else if b.units >= 60 && p.signed(b) && strings.IndexByte(p.view(b), '\n') > 0 {
			dated[b.elem]++
			names[b.elem]++
			said[b.elem] += b.units - b.links
			any = true
		} else if b.kind == kindHeading || b.units >= 25 && b.strong > 0.9*b.units {
			heads[b.elem]++
		} else {
			said[b.elem] += b.units - b.links
		}
	}
	if !any {
		return
	}
	for i := len(p.elems) - 1; i > 0; i-- {
		if q := p.elems[i].parent; q >= 0 {
			dated[q] += dated[i]
			names[q] += names[i]
			said[q] += said[i]
			heads[q] += heads[i]
		}
	}
	before := make([]float32, len(p.blocks)+1)
	for i := range p.blocks {
		b := &p.blocks[i]
		before[i+1] = before[i]
		if p.own(b) {
			before[i+1] += b.units - b.links
		}
	}
	work := 16*len(p.elems) + 1024 // bounds the comparisons of siblings
	for i := range p.elems {
		if dated[i] < 3 {
			continue
		}
		e := &p.elems[i]
		for j := int32(i) + 1; j < e.end; j = p.elems[j].end {
			c := &p.elems[j]
			if dated[j] == 0 || c.role&(roleComment|roleOther) != 0 {
				continue
			}
			class := attr(c.node, "class")
			same, posts, headed, signed := 0, 0, 0, 0
			several := false
			last := j
			for k := j; k < e.end && work > 0; k = p.elems[k].end {
				work--
				if d := &p.elems[k]; d.atom == c.atom && attr(d.node, "class") == class {
					same++
					if dated[k] > 0 && said[k] >= 20 {
						posts++
						if heads[k] > 0 {
							headed++
						}
						if names[k] > 0 {
							signed++
							several = several || letters(p.view(&p.blocks[d.first])) != letters(p.view(&p.blocks[c.first]))
						}
					}
					last = k
				}
			}
			own := before[c.first]
			called := own >= leastProse && p.called(c.first)
			if posts < 3 || (3*headed > posts || signed > 0 && !several) && !called || 5*posts < 4*same || own < 400 && (own < leastProse || signed < 4 && !called) || before[len(p.blocks)]-before[p.elems[last].last] > 0.3*own {
				continue
			}
			for k := j; k <= last; k = p.elems[k].end {
				if d := &p.elems[k]; d.atom == c.atom && attr(d.node, "class") == class {
					d.role |= roleComment
					for q := k; q < d.end; q++ {
						p.elems[q].under |= roleComment
					}
					for b := d.first; b < d.last; b++ {
						p.blocks[b].remark = true
					}
				}
			}
			break
		}
	}
}

// called reports a label of readers' comments that is the last line of one of
// the three blocks before i.
func (p *page) called(i int32) bool {
	for j := max(0, i-3); j < i; j++ {
		s := p.view(&p.blocks[j])
		if k := strings.LastIndexByte(s, '\n'); k >= 0 {
			s = s[k+1:]
		}
		if chrome.LabelOf(s) == chrome.Comments {
			return true
		}
	}
	return false
}

// own reports prose that may be the article's.
func (p *page) own(b *block) bool {
	return b.prose && !b.notice && p.elems[b.elem].under&(roleComment|roleConsent|roleHidden|roleFoot|roleRelated|roleAside|roleOther) == 0
}

// remarks marks the readers' comments that are parted by <br> or <p> alone:
// three or more blocks of one element, or of the children of one, no more than
// four apart, behind most of the page's prose, each of which begins with a line
// of a name and a time. Of those parted by <p> the lines stand alone.
func (p *page) remarks() {
	var own, rest float32 // prose before the run, and behind it
	for i := range p.blocks {
		if b := &p.blocks[i]; p.own(b) {
			rest += b.units - b.links
		}
	}
	work := 16*len(p.blocks) + 1024 // bounds the reading of runs
	for i := 0; i < len(p.blocks); i++ {
		b := &p.blocks[i]
		if own >= leastProse && p.signed(b) {
			parent := p.elems[b.elem].parent
			alone := p.elems[b.elem].atom == atom.P && !b.prose
			same := func(c *block) bool {
				return c.elem == b.elem || alone && p.elems[c.elem].parent == parent && p.elems[c.elem].atom == atom.P
			}
			last, n, inside := i, 1, float32(0)
			several := false // names: in a report by the minute all say the same beside the time
			for j := i; j < min(last+5, len(p.blocks)) && work > 0 && same(&p.blocks[j]); j++ {
				work--
				if c := &p.blocks[j]; j > i && p.signed(c) && (!alone || !c.prose) {
					last = j
					n++
					several = several || letters(p.view(c)) != letters(p.view(b))
				}
			}
			end := last + 1 // what the last one says may be a block of its own
			for end < min(last+3, len(p.blocks)) && same(&p.blocks[end]) {
				end++
			}
			for j := i; j < end; j++ {
				if c := &p.blocks[j]; p.own(c) {
					inside += c.units - c.links
				}
			}
			if n >= 3 && several && (own >= 300 || n > 3 || p.called(int32(i))) && rest-own-inside <= 0.3*own {
				for j := i; j < end; j++ {
					p.blocks[j].remark = true
				}
				return
			}
		}
		if p.own(b) {
			own += b.units - b.links
		}
	}
}

// signed reports a block that begins with a short line of a name and a time or
// day, or with two of which the first is the name, no heading.
func (p *page) signed(b *block) bool {
	if b.digits < 3 || b.kind == kindHeading {
		return false
	}
	s, rest, more := strings.Cut(p.view(b), "\n")
	if len(s) > 100 || !lettered(s) {
		return false
	}
	if dated(s) {
		return true
	}
	s, _, _ = strings.Cut(rest, "\n")
	return more && len(s) <= 40 && dated(s)
}

// sequels marks further stories behind the article where nothing but their shape
// tells them from it: a heading, or a line of bold type, of the headline's own
// level and place, with prose before it since the headline and behind it, and a
// line that tells a time or day right behind it as behind the headline.
func (p *page) sequels() {
	if p.title < 0 || !p.dateline(p.title) {
		return
	}
	t := &p.blocks[p.title]
	var own float32
	for i := p.title + 1; i < int32(len(p.blocks)); i++ {
		b := &p.blocks[i]
		if p.own(b) {
			own += b.units - b.links
		}
		if own < leastProse || b.kind != t.kind || b.level != t.level || b.kind != kindHeading && (b.strong < b.units || t.strong < t.units) || !p.dateline(i) {
			continue
		}
		above := p.beside(t.elem, b.elem)
		if above < 0 {
			continue
		}
		last := p.elems[above].last
		prose := false
		for j := i + 1; j < last && j < i+6; j++ {
			prose = prose || p.own(&p.blocks[j])
		}
		if !prose {
			continue
		}
		for ; i < last; i++ {
			p.blocks[i].remark = true
		}
		return
	}
}

// dateline reports that one of the two blocks behind block i begins with a short
// line that tells a time or day.
func (p *page) dateline(i int32) bool {
	for j := i + 1; j < min(i+3, int32(len(p.blocks))); j++ {
		b := &p.blocks[j]
		if b.digits < 3 || b.kind == kindHeading {
			continue
		}
		s, _, _ := strings.Cut(p.view(b), "\n")
		if len(s) > 100 {
			continue
		}
		if _, day := chrome.ParseDate(s); day || dated(s) {
			return true
		}
	}
	return false
}

// beside returns the element around two that hold lines of one place: themselves,
// if they are one, else the parent of both or of those around them, up to three
// levels, as long as these are of one tag and class; -1 if there is none.
func (p *page) beside(a, b int32) int32 {
	if a == b {
		return a
	}
	for range 3 {
		d, e := &p.elems[a], &p.elems[b]
		if d.atom != e.atom || d.parent < 0 || e.parent < 0 || attr(d.node, "class") != attr(e.node, "class") {
			return -1
		}
		if d.parent == e.parent {
			return d.parent
		}
		a, b = d.parent, e.parent
	}
	return -1
}

// letters are those of the first line of s.
func letters(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return strings.Map(func(r rune) rune {
		if r < 0x80 && !isLetter(byte(r)) {
			return -1
		}
		return r
	}, s)
}

// lettered reports two letters or more.
func lettered(s string) bool {
	letters := 0
	for i := range len(s) {
		if s[i] >= 0x80 || isLetter(s[i]) {
			letters++
		}
	}
	return letters >= 2
}

// moment reports a line that tells a time of the day, or how long ago: what
// every comment shows, and few other lines.
func moment(s string) bool {
	for i := 1; i+2 < len(s); i++ {
		if s[i] == ':' && digit(s[i-1]) && digit(s[i+1]) && digit(s[i+2]) {
			return true
		}
	}
	for _, w := range [...]string{" ago", "vor ", "hace ", "il y a ", " fa", " geleden", " temu", " назад", " тому", "πριν ", "前", " 전", " önce", " sedan", " siden", "há ", "منذ "} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// near is the share of prose in the text around a block, from 0.3 to 1: a
// paragraph of a story has paragraphs beside it, the summary of a teaser has
// links and labels.
func (p *page) near(i int) float32 {
	var prose, all float32
	for j := max(0, i-2); j <= min(len(p.blocks)-1, i+2); j++ {
		b := &p.blocks[j]
		u := min(b.units, 300) + 20
		all += u
		if b.prose {
			prose += u
		}
	}
	return 0.3 + 0.7*prose/all
}
