// Package extract takes the article out of an HTML page: its body, block by
// block, and its metadata.
//
// The way of a page, each step in a file of its own:
//
//   - charset.go: bytes of any charset become UTF-8, misread ones again;
//   - strip.go: what is never read goes before the parser reads it;
//   - walk.go: the tree of golang.org/x/net/html becomes flat arrays of
//     block-level elements and of text blocks with their counts, in one pass
//     without recursion; meta.go and jsonld.go collect the metadata on the way;
//   - class.go: tag names, class and id words and attributes hint at the part
//     an element plays ("comment", "related", …);
//   - title.go: the block that shows the headline;
//   - container.go: which blocks read as prose, what belongs to other stories,
//     and the element that holds the body;
//   - model.go: block by block, body or chrome, from structure, place,
//     neighbours and the shape of the line;
//   - article.go, date.go, lang.go: title, byline, publisher, date, address,
//     language.
//
// What is chrome by its own words (labels, notices, datelines, credits) is
// decided by package chrome, for pages and flattened text alike.
//
// All functions are safe for concurrent use.
package extract

import (
	"bytes"
	"slices"
	"strings"
	"sync"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html/atom"

	"github.com/newsdedup/newsdedup/internal/chrome"
)

// Options tells what is known of a page from elsewhere.
type Options struct {
	URL         string // where the page came from; empty: unknown
	ContentType string // its Content-Type header; empty: unknown
	Removed     bool   // fill Article.Removed
	// Learned reports text that is known to be chrome; nil: none is known.
	Learned func(text string) bool
}

// threshold is the score above which a block is body, in natural log odds.
// Below zero, since body lost is the graver fault. Of 0, -0.4 and -0.8, without
// the trees and on sites that the regressions were not fitted to (five folds),
// this one reaches most on wcxb (.946, .947, .947) and traf (.927, .934, .932),
// less than 0 on aeb (.975, .973) and fundus (.960, .957).
const threshold = -0.4

// leastProse is how much prose, in units, must stand before what is taken for
// readers' comments by its label: a brief's worth.
const leastProse = 100

// certain is the score beyond which the shape of a short line (a date, a
// counter, a promotion) no longer counts against it, in natural log odds.
const certain = 0.5

// labelled is taken off the score of a short piece inside something whose own
// name or column says that it is not the article, and twice off a label of other
// stories, in natural log odds.
const labelled = 2.5

// tabular is added to the mean score of a table of figures, in natural log
// odds: of 0, 0.2, 0.4 and 0.6 it reaches most on wcxb (without the trees .9493,
// .9496, .9501, .9500); the other sets have too few tables to tell.
const tabular = 0.4

// plainShare is the share of the container's plain prose below which the bar is
// lowered.
const plainShare = 0.3

var pool = sync.Pool{New: func() any {
	return &walker{roles: make(map[string]role, 256)}
}}

// Extract takes the article out of a page. Its Text is empty if the page has
// none. It never fails: markup nested too deeply for the parser is read
// without a tree.
func Extract(data []byte, o Options) *Article {
	data = Decode(data, o.ContentType)
	p, w := parse(data, o.Learned)
	if p == nil {
		return flat(data, o)
	}
	defer w.release()
	return p.article(o)
}

// parse walks a page of UTF-8 and weighs its elements; nil if the parser
// refuses it. The page lives in the memory of w until w.release.
func parse(data []byte, learned func(string) bool) (*page, *walker) {
	w := pool.Get().(*walker)
	w.page = strip(w.page[:0], data)
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(w.page))
	if err != nil {
		w.release()
		return nil, nil
	}
	m := &meta{}
	w.meta = m
	w.walk(doc.Get(0))
	m.names()
	p := &page{elems: w.elems, blocks: w.blocks, text: w.text, meta: m, w: w, learned: learned}
	p.weigh()
	return p, w
}

func (w *walker) release() {
	clear(w.elems)
	if cap(w.text) > 4<<20 || cap(w.page) > 4<<20 || cap(w.elems) > 1<<18 || cap(w.blocks) > 1<<18 || cap(w.scores) > 1<<14 {
		return
	}
	if len(w.roles) > 1<<13 {
		clear(w.roles)
	}
	*w = walker{elems: w.elems[:0], blocks: w.blocks[:0], text: w.text[:0], roles: w.roles, scores: w.scores, shapes: w.shapes, terms: w.terms, fold: w.fold, sums: w.sums, page: w.page}
	pool.Put(w)
}

func (p *page) article(o Options) *Article {
	a := &Article{URL: p.meta.address(o.URL)}
	first, keep, scores := p.choose()
	start := p.title  // where the article begins: at its headline, or its text
	text := int32(-1) // its first block that is no heading
	for i := range keep {
		if !keep[i] {
			continue
		}
		if start < 0 {
			start = first + int32(i)
		}
		if p.blocks[first+int32(i)].kind != kindHeading {
			text = first + int32(i)
			break
		}
	}
	a.Title = p.headline(text)
	a.Publisher = p.publisher(a.Title)
	a.Byline = p.byline(max(start, 0))
	a.Published = p.published(o.URL, max(start, 0))

	var blocks []chrome.Block
	var sure []bool // the blocks that structure alone makes body
	for i := range keep {
		if !keep[i] {
			continue
		}
		b := &p.blocks[first+int32(i)]
		c := chrome.Block{Kind: b.kind.chrome(b), Level: b.level}
		if b.units > 0 {
			c.Link = b.links / b.units
		}
		for s := range strings.SplitSeq(p.str(b), "\n") {
			if s != "" {
				c.Text = s
				blocks = append(blocks, c)
				sure = append(sure, scores[i].p > certain)
			}
		}
	}
	r := chrome.Clean(blocks, chrome.Hints{Title: a.Title, Byline: a.Byline, Publisher: a.Publisher, Published: a.Published, Learned: o.Learned, Body: true})
	restore(&r, blocks, sure)
	if !listing(r.Kept) {
		a.Text = r.Text()
	}
	a.Credits = r.Credits
	if a.Byline == "" {
		a.Byline = r.Byline
	}
	if a.Published.IsZero() {
		a.Published = r.Published
	}
	a.Lang = p.language(a.Text)
	if o.Removed {
		a.Removed = p.removed(first, keep, r)
	}
	return a
}

// listing reports twenty pieces or more, none of which is a sentence: a menu of
// countries, a table of links, no article.
func listing(kept []chrome.Piece) bool {
	if len(kept) < 20 {
		return false
	}
	for _, k := range kept {
		if l := chrome.LineOf(k.Text); l.Stops > 0 || l.Unmarked || l.Chars >= 60 {
			return false
		}
	}
	return true
}

// restore takes back the removals that rest on the shape of a line and not on
// its words, where the markup is certain: in flattened text an unpunctuated
// line at the end is likely another story's headline, in a page's own column of
// paragraphs it is an entry of the article's list. A date before all text is the
// page's.
func restore(r *chrome.Result, blocks []chrome.Block, sure []bool) {
	removed := r.Removed[:0]
	back := false
	begin := 0
	if len(r.Kept) > 0 {
		begin = r.Kept[0].Block
	}
	for _, m := range r.Removed {
		whole := len(m.Text) == len(blocks[m.Block].Text)
		switch m.Reason {
		case chrome.Button, chrome.Dated, chrome.Promo:
			whole = whole && sure[m.Block] && (m.Reason != chrome.Dated || m.Block > begin)
		case chrome.Outside, chrome.Teaser, chrome.Source, chrome.Other:
		default:
			whole = false
		}
		if whole {
			r.Kept = append(r.Kept, chrome.Piece{Block: m.Block, Text: m.Text})
			back = true
			continue
		}
		removed = append(removed, m)
	}
	r.Removed = removed
	if back {
		slices.SortStableFunc(r.Kept, func(a, b chrome.Piece) int { return a.Block - b.Block })
	}
}

// chrome is the block's kind in the words of package chrome.
func (k kind) chrome(b *block) chrome.Kind {
	switch k {
	case kindParagraph:
		return chrome.Paragraph
	case kindHeading:
		return chrome.Heading
	case kindItem:
		return chrome.Item
	case kindCell:
		return chrome.Cell
	case kindCaption:
		return chrome.Caption
	case kindQuote:
		return chrome.Quote
	case kindCode:
		return chrome.Code
	}
	return chrome.Unknown
}

// removed lists what was left out, in reading order, with the strongest hint
// against it.
func (p *page) removed(first int32, keep []bool, r chrome.Result) []Removal {
	var out []Removal
	late := r.Removed
	n := 0 // lines handed to Clean
	for i := range p.blocks {
		b := &p.blocks[i]
		k := int32(i) - first
		if k >= 0 && int(k) < len(keep) && keep[k] {
			for s := range strings.SplitSeq(p.view(b), "\n") {
				if s == "" {
					continue
				}
				for len(late) > 0 && late[0].Block == n {
					out = append(out, Removal{late[0].Text, late[0].Reason.String()})
					late = late[1:]
				}
				n++
			}
			continue
		}
		why := chrome.Outside
		under := p.elems[b.elem].under
		switch {
		case int32(i) == p.title:
			why = chrome.Headline
		case under&roleHidden != 0:
			out = append(out, Removal{p.str(b), "hidden"})
			continue
		case under&(roleRelated|roleOther) != 0:
			why = chrome.Other
		case under&roleComment != 0, under&(roleNotice|roleConsent) != 0:
			why = chrome.Notice
		case under&roleAd != 0:
			why = chrome.Ad
		case under&roleCaption != 0:
			why = chrome.Captions
		case under&roleShare != 0:
			why = chrome.Button
		case under&roleMeta != 0:
			why = chrome.Topic
		case k >= 0 && int(k) < len(keep):
			why = chrome.Teaser
		}
		out = append(out, Removal{p.str(b), why.String()})
	}
	return out
}

// choose returns which blocks are body: keep[i] and scores[i].p, the natural
// log odds, speak of block first+i.
func (p *page) choose() (first int32, keep []bool, scores []scored) {
	c := p.container()
	if c < 0 {
		return 0, nil, nil
	}
	sc := p.scope(c)
	first, last := p.elems[sc].first, p.elems[sc].last
	scores = p.scratch(int(last - first))
	p.features(c, sc, scores)
	for i := range scores {
		scores[i].p = logistic(dot(weightsFirst[:], scores[i].f[:]))
	}
	p.around(sc, scores)
	keep = make([]bool, last-first)
	// Body lost is the graver fault: where the model would drop much of the
	// container's plain prose, the bar is lowered.
	var plain float32
	said, less := p.comments(first, scores)
	for i := range keep {
		b := &p.blocks[first+int32(i)]
		f := &scores[i].f
		scores[i].p = dot(weightsSecond[:], f[:])
		if scores[i].p > -doubt && scores[i].p < doubt {
			scores[i].p += correction(f)
		}
		if i >= said {
			scores[i].p -= less
		}
		if b.remark {
			scores[i].p = min(scores[i].p, -6)
		}
		if !b.prose && f[fEnded] == 0 {
			switch {
			case f[fLabelStories] > 0:
				scores[i].p -= 2 * labelled
			case f[fBehindLabel] > 0 && f[fLinkAll] > 0 || f[fBeforeFirst]*f[fDate] > 0:
				scores[i].p -= labelled
			}
		}
		if b.anchor >= 3 && b.links > 0.9*b.units && b.stops == 0 {
			scores[i].p = min(scores[i].p, -6) // a menu on one line
		}
		if k := first + int32(i); k < p.title && !b.prose && (k < p.elems[c].first || b.links > 0.9*b.units) {
			scores[i].p = min(scores[i].p, -6) // the site's name, a kicker
		}
		if !b.prose && (p.elems[b.elem].column || p.elems[b.elem].under&(roleRelated|roleNotice|roleAd|roleComment|roleConsent|roleNav|roleShare) != 0) {
			scores[i].p -= labelled
		}
		if b.prose && i < said && p.plain(c, first+int32(i)) {
			plain += b.units - b.links
		}
	}
	p.tables(sc, scores)
	for bar := float32(threshold); ; bar -= 0.5 {
		var kept float32
		for i := range keep {
			b := &p.blocks[first+int32(i)]
			keep[i] = first+int32(i) != p.title && p.elems[b.elem].under&roleHidden == 0 && scores[i].p > bar
			if keep[i] && b.prose && i < said && p.plain(c, first+int32(i)) {
				kept += b.units - b.links
			}
		}
		if kept >= plainShare*plain || bar < -4 {
			break
		}
	}
	// A heading stands for what follows it: with nothing kept below it, it
	// announced something that went. One that another of its level follows at
	// once announced nothing, nor did the last of three or more in a row: they
	// are the entries of a list.
	level, run := uint8(0), 0
	for i := len(keep) - 1; i >= 0; i-- {
		b := &p.blocks[first+int32(i)]
		switch {
		case !keep[i]:
		case b.kind != kindHeading:
			level = 7
		case b.level == level && keep[i+1] && scores[i].p > 0:
		case b.level >= level:
			for run = 1; i-run >= 0 && keep[i-run] && scores[i-run].p > 0 && p.blocks[first+int32(i-run)].level == b.level; {
				run++
			}
			if run >= 3 && scores[i].p > 0 {
				i -= run - 1
			} else {
				keep[i] = false
			}
		default:
			level = b.level
		}
	}
	if !slices.Contains(keep, true) {
		for i := range keep {
			b := &p.blocks[first+int32(i)]
			keep[i] = first+int32(i) != p.title && b.links < 0.5*b.units && p.plain(c, first+int32(i))
		}
	}
	return first, keep, scores
}

// tables gives all cells of a table of figures, one without prose, with six
// cells or more and most of its letters outside links, their mean score and
// tabular: it is body or not as a whole.
func (p *page) tables(scope int32, scores []scored) {
	s := &p.elems[scope]
	for t := scope + 1; t < s.end; t++ {
		e := &p.elems[t]
		if e.atom != atom.Table || e.paras > 0 || e.last-e.first < 6 || e.links > 0.5*e.units || e.under&roleHidden != 0 {
			continue
		}
		var sum float32
		for i := e.first; i < e.last; i++ {
			sum += scores[i-s.first].p
		}
		sum = sum/float32(e.last-e.first) + tabular
		for i := e.first; i < e.last; i++ {
			scores[i-s.first].p = sum
		}
		t = e.end - 1
	}
}

// comments returns the index among the scored blocks, which begin at block
// first, of a label of readers' comments that has most of the container's
// prose before it and a time, or a name and a day, close behind it; their number
// if there is none. Its score and those behind it are less by labelled, or by
// twice that if there is such a line behind it for every three pieces of prose
// or less: where there are fewer, the article may go on behind the label.
func (p *page) comments(first int32, scores []scored) (from int, less float32) {
	var before float32
	for i := range scores {
		b := &p.blocks[first+int32(i)]
		if b.prose {
			before += b.units - b.links
		}
		if scores[i].f[fLabelNotice] == 0 || before < leastProse || chrome.LabelOf(p.view(b)) != chrome.Comments {
			continue
		}
		times, prose, close := 0, 0, false
		for j := i + 1; j < len(scores) && (close || j < i+7); j++ {
			c := &p.blocks[first+int32(j)]
			if c.units < 60 && c.digits > 0 && moment(p.view(c)) || p.signed(c) {
				times++
				close = true
			}
			if c.prose {
				prose++
			}
		}
		if close && 3*times >= prose {
			return i, 2 * labelled
		} else if close {
			return i, labelled
		}
	}
	return len(scores), 0
}

// scratch returns n cleared scores.
func (p *page) scratch(n int) []scored {
	if p.w == nil {
		return make([]scored, n)
	}
	if cap(p.w.scores) < n {
		p.w.scores = make([]scored, n+n/2)
	}
	s := p.w.scores[:n]
	clear(s)
	return s
}

// floats returns n zeros of the walker's memory.
func (w *walker) floats(n int) []float32 {
	if cap(w.sums) < n {
		w.sums = make([]float32, n+n/2)
	}
	s := w.sums[:n]
	clear(s)
	return s
}

// plain reports whether block i is in the container, not before the headline,
// in its column, no comment, and under no hint of chrome.
func (p *page) plain(c, i int32) bool {
	b := &p.blocks[i]
	e := &p.elems[b.elem]
	return i >= p.elems[c].first && i < p.elems[c].last && i >= p.title && e.under&(roleChrome|roleHidden) == 0 && !e.column && !b.remark
}

// flat reads a page without a tree, one line a block.
func flat(data []byte, o Options) *Article {
	r := chrome.Flat(flatten(data), o.Learned)
	return &Article{URL: o.URL, Title: r.Title, Byline: r.Byline, Publisher: r.Publisher, Published: r.Published, Credits: r.Credits, Text: r.Text(), Lang: langOf(r.Text(), "")}
}
