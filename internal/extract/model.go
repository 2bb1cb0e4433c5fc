package extract

import (
	"bytes"
	"math"
	"math/bits"
	"slices"
	"strings"

	"golang.org/x/net/html/atom"

	"github.com/newsdedup/newsdedup/internal/chrome"
)

// numRoles is the room for the bits of roleChrome among the features.
const numRoles = 16

// The model tells body from chrome block by block: logistic regression on the
// features below, in two rounds, corrected by trees where the second is in
// doubt. The features follow Kohlschütter, Fankhauser and Nejdl, "Boilerplate
// detection using shallow text features" (WSDM 2010: length, link density,
// neighbours), with the place in the tree added; the second round, which sees
// the first's scores around a block, is stacked sequential learning (Cohen and
// Carvalho, IJCAI 2005); the trees are boosted as in Friedman, "Stochastic
// gradient boosting" (Computational Statistics & Data Analysis 2002).
//
// TestFit fits all of it to aeb, fundus, wcxb and traf, each page as it is and
// once or twice written anew (package variant). TestCross measures the whole
// extraction on sites that the model was not fitted to: with five folds by site
// aeb .972, fundus .961, wcxb .949 and traf .934; each set by a model fitted to
// the other three .969, .957, .933 and .921.
//
// The first numFirst features are looked at in the first round; the second
// round adds what the first said of the block and of its neighbours.
const (
	fBias     = iota
	fLogUnits // log2 of its letters, a tenth
	fProse    // reads as prose, see isProse
	fLink     // share of its letters in links
	fLinkAll  // more than nine tenths of them
	fParagraph
	fHeading
	fList
	fCell
	fCaptionKind // <figcaption>, <caption>
	fFigure      // anywhere in a <figure>
	fQuote
	fCode
	fStrong // share of its letters in bold type
	fStop
	fLogStops
	fCommas
	fDigits
	fEnded                                       // ends as a sentence does
	fOpen                                        // ends with a comma or colon
	fRoles                                       // one per bit of roleChrome
	fRoleShare   = fRoles + numRoles + iota - 21 // share of the prose under the hint that it has
	fBeforeTitle                                 // before the headline
	fBeforeFirst                                 // before the container's first prose
	fAfterLast                                   // behind its last prose
	fAfterDist                                   // by how many blocks, log2, a sixth
	fPrevProse
	fNextProse
	fNear         // see near
	fSiblings     // prose blocks under the parent, log2, a fifth
	fParentLink   // share of the parent's letters in links
	fGrandLink    // of the grandparent's
	fMode         // stands where most paragraphs stand
	fModeNear     // under or beside that element
	fModeDepth    // its depth against theirs
	fInside       // in the container
	fInItem       // in the itemprop=articleBody that the page has
	fOutItem      // outside it
	fInArticle    // in the headline's <article>
	fOutArticle   // outside it
	fConfirmed    // begins as a passage of JSON-LD's articleBody
	fUnconfirmed  // does not
	fRepeat       // the same text stands elsewhere on the page
	fLabel        // a label of tags, summary or author, see chrome.LabelOf
	fLabelStories // a label of other stories
	fLabelNotice
	fLabelShare
	fNotice1 // words of notices, see chrome.Line
	fNotice2
	fNotice3
	fNoticeRate
	fByline      // see chrome.BylineOf
	fDate        // holds a date
	fPromo       // see chrome.PromoOf
	fCaption     // see chrome.CaptionOf
	fLower       // share of words in lower case
	fCaps        // share of words in capitals
	fBehindLabel // behind a label of other stories, up to two paragraphs of the story
	fTitleLike   // repeats the headline
	fLinkList
	fLinkPara
	fLinkHead
	fLinkShort
	fShortNear
	fHeadNext
	fHeadH1
	fHeadNoNext
	fListNear
	fListProse
	fCellProse
	fDiv
	fDivShort
	fBreaks  // behind two or more <br>
	fAnchors // links that begin in it
	fWide    // of a script without spaces
	fWrapped // its parent's only text
	fTailShort
	fTailLink
	fPreShort
	fModeUp       // levels from the element where most paragraphs stand up to one around both, an eighth
	fModeGrow     // how much more text that one holds, log2, an eighth
	fColumn       // in another cell of a layout table's row than the headline
	fLead         // share of its letters in the link that it begins with
	fMoment       // begins with a short line that tells a time or an age
	fAfterMoment  // the block before does
	fMoments      // how many of the eight around do, a quarter
	fAfterLinks   // links in a row before it, log2, a quarter
	fCohesion     // see shape
	fNoTerms      // it has no terms
	fCohesionNext // the cohesion of the block after
	fForeign      // see shape; behind half of the prose
	numFirst
)

const (
	fOwn = numFirst + iota // the first round's probability
	fPrev
	fNext
	fPrev3 // mean over the three before
	fNext3
	fParentMean // mean under the parent, by letters
	fGrandMean  // under the grandparent
	fHeadFollow
	fOwnShort
	numFeatures
)

// tree is an oblivious decision tree: all its nodes of one depth ask the same
// question, whether a feature is above a value, and the answers are the bits of
// the leaf's number (Kohavi, "Bottom-up induction of oblivious read-once
// decision graphs", ECML 1994).
type tree struct {
	feature [treeDepth]uint8
	above   [treeDepth]float32
	leaf    [1 << treeDepth]float32 // natural log odds
}

const (
	numTrees  = 240
	treeDepth = 4
	// doubt is how far from even, in natural log odds, the second round may be
	// for the trees to be asked: beyond it they seldom turn a verdict.
	doubt = 5
)

// correction is what the trees add to the second round's score.
func correction(f *[numFeatures]float32) float32 {
	var s float32
	for i := range trees {
		t := &trees[i]
		leaf := above(f, t, 0) | above(f, t, 1)<<1 | above(f, t, 2)<<2 | above(f, t, 3)<<3
		s += t.leaf[leaf]
	}
	return s
}

// above is tree t's answer at depth d, 0 or 1, without a branch.
func above(f *[numFeatures]float32, t *tree, d int) int {
	yes := 0
	if f[t.feature[d]] > t.above[d] {
		yes = 1
	}
	return yes
}

// scored is one block before the model.
type scored struct {
	f [numFeatures]float32
	p float32 // first the first round's probability, in the end the score
}

func b2f(b bool) float32 {
	if b {
		return 1
	}
	return 0
}

func logf(x float32) float32 { return float32(math.Log2(float64(1 + x))) }

// scope is the range of blocks that the model looks at: the container's and
// those close around it.
func (p *page) scope(c int32) int32 {
	s := c
	for q := p.elems[c].parent; q >= 0; q = p.elems[q].parent {
		e := &p.elems[q]
		if e.atom == atom.Body || e.atom == atom.Html || e.units > 2.5*p.elems[c].units+400 {
			break
		}
		s = q
	}
	return s
}

// features fills the first round's features of all blocks of the scope.
func (p *page) features(c, s int32, out []scored) {
	first, last := p.elems[s].first, p.elems[s].last
	con := &p.elems[c]
	// The mode is the element with the most prose directly in its children:
	// where the paragraphs stand.
	direct := make(map[int32]float32, 16)
	mode, most := int32(-1), float32(0)
	firstProse, lastProse := last, first
	item, own := int32(-1), int32(-1)
	for i := first; i < last; i++ {
		b := &p.blocks[i]
		if !b.prose {
			continue
		}
		e := &p.elems[b.elem]
		if i >= con.first && i < con.last && e.under&roleChrome == 0 {
			firstProse, lastProse = min(firstProse, i), max(lastProse, i)
		}
		q := e.parent
		if i > first && p.blocks[i-1].elem == b.elem || i+1 < last && p.blocks[i+1].elem == b.elem {
			q = b.elem // paragraphs parted by <br>
		}
		if q >= 0 && e.atom != atom.Body {
			direct[q] += b.units * p.near(int(i))
			if direct[q] > most {
				mode, most = q, direct[q]
			}
		}
	}
	if firstProse == last {
		firstProse, lastProse = con.first, con.last-1
	}
	for i := c; i < con.end; i++ {
		if e := &p.elems[i]; e.role&roleItem != 0 && e.prose > 0.3*con.prose {
			item = i
			break
		}
	}
	for e := c; e >= 0 && item < 0; e = p.elems[e].parent {
		if p.elems[e].role&roleItem != 0 {
			item = e
		}
	}
	if p.title >= 0 {
		for e := p.blocks[p.title].elem; e >= 0; e = p.elems[e].parent {
			if p.elems[e].atom == atom.Article {
				own = e
				break
			}
		}
	}
	for e := c; e >= 0 && own < 0; e = p.elems[e].parent {
		if p.elems[e].atom == atom.Article {
			own = e
		}
	}
	repeat := make(map[string]int, 64)
	for i := range p.blocks {
		if b := &p.blocks[i]; b.end-b.start < 200 && b.end-b.start > 1 {
			repeat[p.view(b)]++
		}
	}
	body := fold(make([]byte, 0, len(p.meta.ld.Body)), p.meta.ld.Body)
	var buf []byte
	var titleFold [][]byte
	for _, t := range p.meta.titles {
		if len(titleFold) < 3 {
			titleFold = append(titleFold, fold(nil, t))
		}
	}
	shapes := p.shapes(c, first, last)
	row := 0    // blocks of links in a row
	region := 0 // prose blocks to go behind a label of other stories
	for i := first; i < last; i++ {
		b := &p.blocks[i]
		e := &p.elems[b.elem]
		f := &out[i-first].f
		text := p.view(b)
		link := float32(0)
		if b.units > 0 {
			link = b.links / b.units
		}
		f[fBias] = 1
		f[fLogUnits] = logf(b.units) / 10
		f[fProse] = b2f(b.prose)
		f[fLink] = link
		f[fLinkAll] = b2f(link > 0.9)
		f[fParagraph] = b2f(b.kind == kindParagraph)
		head := b.kind == kindHeading
		f[fHeading] = b2f(head)
		f[fList] = b2f(b.list)
		f[fCell] = b2f(b.cell)
		f[fCaptionKind] = b2f(b.kind == kindCaption)
		f[fFigure] = b2f(b.caption)
		f[fQuote] = b2f(b.quote)
		f[fCode] = b2f(b.kind == kindCode)
		if b.units > 0 {
			f[fStrong] = b.strong / b.units
			f[fLead] = b.lead / b.units
			f[fDigits] = float32(b.digits) / b.units
		}
		f[fStop] = b2f(b.stops > 0)
		f[fLogStops] = logf(float32(b.stops)) / 4
		f[fCommas] = min(1, float32(b.commas)/6)
		between := e.role
		var roleShare float32
		k := b.elem
		for ; k != s && k != c && k >= 0; k = p.elems[k].parent {
			q := &p.elems[k]
			between |= q.role
			if q.role&roleChrome != 0 && con.prose > 0 {
				roleShare = max(roleShare, min(1, q.prose/con.prose))
			}
		}
		for u := between & roleChrome; u != 0; u &= u - 1 {
			f[fRoles+chromeIndex[bits.TrailingZeros32(uint32(u))]] = 1
		}
		f[fRoleShare] = b2f(between&roleChrome != 0) * roleShare
		f[fBeforeTitle] = b2f(i < p.title)
		f[fBeforeFirst] = b2f(i < firstProse)
		f[fAfterLast] = b2f(i > lastProse)
		if i > lastProse {
			f[fAfterDist] = logf(float32(i-lastProse)) / 6
		}
		if i > 0 {
			f[fPrevProse] = b2f(p.blocks[i-1].prose)
		}
		if int(i)+1 < len(p.blocks) {
			f[fNextProse] = b2f(p.blocks[i+1].prose)
		}
		near := p.near(int(i))
		f[fNear] = near
		up := e.parent
		if up >= 0 {
			q := &p.elems[up]
			f[fSiblings] = min(1, logf(float32(q.paras))/5)
			if q.units > 0 {
				f[fParentLink] = q.links / q.units
			}
			if q.parent >= 0 && p.elems[q.parent].units > 0 {
				f[fGrandLink] = p.elems[q.parent].links / p.elems[q.parent].units
			}
		}
		if mode >= 0 {
			f[fMode] = b2f(up == mode || b.elem == mode)
			m := &p.elems[mode]
			f[fModeNear] = b2f(b.elem >= mode && b.elem < m.end || up >= 0 && m.parent == up)
			f[fModeDepth] = min(1, float32(abs(int(e.depth)-int(m.depth)-1))/8)
		}
		in := i >= con.first && i < con.last
		f[fInside] = b2f(in)
		if item >= 0 {
			ii := b.elem >= item && b.elem < p.elems[item].end
			f[fInItem], f[fOutItem] = b2f(ii), b2f(!ii)
		}
		if own >= 0 {
			ii := b.elem >= own && b.elem < p.elems[own].end
			f[fInArticle], f[fOutArticle] = b2f(ii), b2f(!ii)
		}
		if b.units >= 12 {
			buf = fold(buf[:0], text[:min(len(text), 300)])
			if len(body) > 400 && len(buf) > 16 {
				ok := contains(body, buf[:min(len(buf), 60)])
				f[fConfirmed], f[fUnconfirmed] = b2f(ok), b2f(!ok)
			}
			for _, t := range titleFold {
				if len(t) > 12 && len(buf) > 12 && (contains(t, buf) || contains(buf, t)) && b.units < 1.5*float32(len(t)) {
					f[fTitleLike] = 1
				}
			}
		}
		f[fRepeat] = b2f(b.end-b.start < 200 && repeat[text] > 1)
		label := chrome.NoLabel
		if len(text) < 80 {
			label = chrome.LabelOf(text)
		}
		switch label {
		case chrome.NoLabel:
		case chrome.Stories:
			f[fLabelStories] = 1
		case chrome.Share, chrome.Media:
			f[fLabelShare] = 1
		case chrome.Prompt, chrome.Comments, chrome.Advert:
			f[fLabelNotice] = 1
		default:
			f[fLabel] = 1
		}
		if region > 0 {
			f[fBehindLabel] = 1
			if b.prose && f[fMode] > 0 && link < 0.3 {
				region--
			}
		}
		if label == chrome.Stories {
			region = 2
		}
		sh := shapes[i-first]
		l := sh.line
		f[fMoment] = b2f(sh.dated)
		f[fMoments] = float32(sh.around) / 4
		f[fCohesion], f[fNoTerms] = sh.cohesion, b2f(sh.terms == 0)
		if i > first {
			f[fAfterMoment] = b2f(shapes[i-first-1].dated)
		}
		if i+1 < last {
			f[fCohesionNext] = shapes[i-first+1].cohesion
		}
		if sh.terms > 2 {
			f[fForeign] = b2f(sh.half) * sh.foreign
		}
		f[fAfterLinks] = min(1, logf(float32(row))/4)
		switch {
		case b.links > 0.9*b.units && b.units >= 15:
			row++
		case b.units >= 15:
			row = 0
		}
		f[fEnded], f[fOpen] = b2f(l.Ended || l.Unmarked && b.prose), b2f(l.Open)
		f[fNotice1], f[fNotice2], f[fNotice3] = b2f(l.Notice > 0), b2f(l.Notice > 1), b2f(l.Notice > 2)
		f[fNoticeRate] = min(1, 4*float32(l.Notice)/float32(max(1, l.Words)))
		if len(text) < 240 && !b.prose {
			_, ok := chrome.PromoOf(text)
			f[fPromo] = b2f(ok)
			if link < 0.95 {
				if len(text) < 160 {
					_, ok = chrome.BylineOf(text)
					f[fByline] = b2f(ok)
				}
				if l.Digits > 2 && len(text) < 120 {
					_, ok = chrome.ParseDate(text)
					f[fDate] = b2f(ok)
				}
				f[fCaption] = b2f(chrome.CaptionOf(text))
			}
		}
		if l.Lower+l.Upper > 0 {
			f[fLower] = float32(l.Lower) / float32(l.Lower+l.Upper)
		} else {
			f[fLower] = 0.7
		}
		if l.Words > 0 {
			f[fCaps] = float32(l.Caps) / float32(l.Words)
		}
		if mode >= 0 {
			m := &p.elems[mode]
			up, a := 0, mode
			for a >= 0 && !(b.elem >= a && b.elem < p.elems[a].end) {
				up++
				a = p.elems[a].parent
			}
			f[fModeUp] = min(1, float32(up)/8)
			if a >= 0 {
				f[fModeGrow] = min(1, logf(p.elems[a].units/(m.units+1))/8)
			}
		}
		f[fColumn] = b2f(e.column)
		short := b2f(b.units < 40)
		f[fLinkList] = link * f[fList]
		f[fLinkPara] = link * f[fParagraph]
		f[fLinkHead] = link * f[fHeading]
		f[fLinkShort] = link * short
		f[fShortNear] = short * near
		f[fHeadNext] = f[fHeading] * f[fNextProse]
		f[fHeadH1] = b2f(head && b.level == 1)
		f[fHeadNoNext] = f[fHeading] * b2f(int(i)+1 >= len(p.blocks) || p.blocks[i+1].kind == kindHeading)
		f[fListNear] = f[fList] * near
		f[fListProse] = f[fList] * f[fProse]
		f[fCellProse] = f[fCell] * f[fProse]
		f[fDiv] = b2f(b.kind == kindOther)
		f[fDivShort] = f[fDiv] * short
		f[fBreaks] = b2f(b.breaks > 0)
		f[fAnchors] = min(1, float32(b.anchor)/4)
		f[fWide] = b2f(l.Wide)
		f[fWrapped] = b2f(up >= 0 && p.elems[up].units == b.units)
		f[fTailShort] = f[fAfterLast] * short
		f[fTailLink] = f[fAfterLast] * link
		f[fPreShort] = f[fBeforeFirst] * short
	}
}

// shape is what a block's text alone says of it, and its terms against those
// of the paragraphs.
type shape struct {
	line     chrome.Line
	from     int32 // its terms in the walker's arena begin there
	terms    int32
	around   int8    // dated blocks among the four before and the four after, at most four
	dated    bool    // begins with a short line that tells a time, an age or a day
	core     bool    // a paragraph of the container
	half     bool    // half of the paragraphs stand before it
	cohesion float32 // share of its terms that other paragraphs use, 0.3 taken off; nearer zero where they are few
	foreign  float32 // share that they do not use, likewise
}

// shapes measures the blocks from first to last. What they talk about are the
// longer words, names and numbers of the container's paragraphs, of each its
// first 200 bytes, and of the headline.
func (p *page) shapes(c, first, last int32) []shape {
	var arena []uint32
	var out []shape
	if p.w != nil {
		arena, out = p.w.terms[:0], p.w.shapes[:0]
	}
	n := int(last - first)
	if cap(out) < n {
		out = make([]shape, n, n+n/2)
	}
	out = out[:n]
	con := &p.elems[c]
	var all float32
	core := 0
	for i := range out {
		b := &p.blocks[first+int32(i)]
		k := first + int32(i)
		o := &out[i]
		*o = shape{from: int32(len(arena))}
		text := p.view(b)
		o.line, arena = lineOf(text, arena)
		o.terms = int32(len(arena)) - o.from
		o.core = b.prose && k >= con.first && k < con.last && p.elems[b.elem].under&(roleChrome|roleHidden) == 0 && !p.elems[b.elem].column
		if o.core {
			all += b.units - b.links
			core += int(o.terms)
		}
	}
	if p.w != nil {
		p.w.terms, p.w.shapes = arena, out
	}
	// Bit sets of the hashes of terms, sixteen bits a term: in one paragraph, and
	// in another again.
	size := 16
	for 4*size < core && size < 1<<14 {
		size *= 2
	}
	sets := make([]uint64, 2*size)
	once, again, mask := sets[:size], sets[size:], uint32(size-1)
	if p.title >= 0 {
		for _, t := range chrome.Terms(nil, p.view(&p.blocks[p.title])) {
			once[t>>6&mask] |= 1 << (t & 63)
			again[t>>6&mask] |= 1 << (t & 63)
		}
	}
	for i := range out {
		if o := &out[i]; o.core {
			own := arena[o.from : o.from+o.terms]
			for k, t := range own {
				a, b := t>>6&mask, uint64(1)<<(t&63)
				if once[a]&b != 0 && !slices.Contains(own[:k], t) {
					again[a] |= b
				}
				once[a] |= b
			}
		}
	}
	trust := min(1, float32(core)/200)
	var before float32
	for i := range out {
		o := &out[i]
		b := &p.blocks[first+int32(i)]
		set := once
		if o.core {
			set = again
		}
		hits := 0
		for _, t := range arena[o.from : o.from+o.terms] {
			hits += int(set[t>>6&mask] >> (t & 63) & 1)
		}
		if o.terms > 0 {
			share := float32(hits) / float32(o.terms)
			o.cohesion, o.foreign = trust*(share-0.3), trust*(1-share)
		}
		o.half = before >= 0.5*all
		if o.core {
			before += b.units - b.links
		}
		if b.digits > 0 && b.kind != kindHeading && before >= 300 {
			text := p.view(b)
			if len(text) > 100 {
				text = text[:100]
				if j := strings.IndexByte(text, '\n'); j > 0 {
					text = text[:j]
				} else {
					text = ""
				}
			}
			// A cell that holds a date alone is one of a table of figures.
			o.dated = text != "" && dated(text) && (!b.cell || lettered(text))
		}
	}
	for i := range out {
		if !out[i].dated {
			continue
		}
		for j := max(0, i-4); j < min(n, i+5); j++ {
			if j != i && out[j].around < 4 {
				out[j].around++
			}
		}
	}
	return out
}

// dated reports a line that tells a time, an age (see moment) or a day in
// digits.
func dated(s string) bool {
	if moment(s) {
		return true
	}
	parts := 0 // groups of digits with one divider between
	for i := 0; i < len(s); i++ {
		if !digit(s[i]) {
			continue
		}
		j := i
		for j < len(s) && digit(s[j]) {
			j++
		}
		if j-i > 4 {
			return false
		}
		parts++
		if parts == 3 {
			return true
		}
		if j+1 >= len(s) || s[j] != '.' && s[j] != '/' && s[j] != '-' || !digit(s[j+1]) {
			parts = 0
		}
		i = j
	}
	return false
}

// lineOf measures a block's text; of a long one only the beginning, and how it
// ends, which is what tells chrome from body there.
// The terms of the beginning are appended to arena.
func lineOf(text string, arena []uint32) (chrome.Line, []uint32) {
	const head, tail = 200, 64
	if len(text) < head+tail {
		return chrome.LineTerms(arena, text)
	}
	i, j := head, len(text)-tail
	for i > 0 && text[i]&0xC0 == 0x80 {
		i--
	}
	for j < len(text) && text[j]&0xC0 == 0x80 {
		j++
	}
	l, arena := chrome.LineTerms(arena, text[:i])
	end := chrome.LineOf(text[j:])
	l.Ended, l.Open = end.Ended, end.Open
	return l, arena
}

func abs(x int) int {
	if x < 0 {
		return -x
	}
	return x
}

// around fills the second round's features.
func (p *page) around(s int32, out []scored) {
	first := p.elems[s].first
	type sum struct{ p, w float32 }
	sums := make(map[int32]sum, 32)
	for i := range out {
		b := &p.blocks[int(first)+i]
		q := p.elems[b.elem].parent
		for range 2 {
			if q < 0 {
				break
			}
			t := sums[q]
			t.p += out[i].p * (b.units + 10)
			t.w += b.units + 10
			sums[q] = t
			q = p.elems[q].parent
		}
	}
	at := func(i int) float32 {
		if i < 0 || i >= len(out) {
			return 0
		}
		return out[i].p
	}
	for i := range out {
		b := &p.blocks[int(first)+i]
		f := &out[i].f
		f[fOwn] = at(i)
		f[fPrev] = at(i - 1)
		f[fNext] = at(i + 1)
		f[fPrev3] = (at(i-1) + at(i-2) + at(i-3)) / 3
		f[fNext3] = (at(i+1) + at(i+2) + at(i+3)) / 3
		if q := p.elems[b.elem].parent; q >= 0 {
			t := sums[q]
			f[fParentMean] = t.p / t.w
			if q = p.elems[q].parent; q >= 0 {
				if t := sums[q]; t.w > 0 {
					f[fGrandMean] = t.p / t.w
				}
			}
		}
		f[fHeadFollow] = f[fHeading] * f[fNext]
		f[fOwnShort] = f[fLogUnits] * f[fOwn]
	}
}

func dot(w, f []float32) float32 {
	var s float32
	for i := range w {
		s += w[i] * f[i]
	}
	return s
}

func logistic(x float32) float32 { return float32(1 / (1 + math.Exp(-float64(x)))) }

func contains(s, sub []byte) bool { return bytes.Contains(s, sub) }

// chromeIndex numbers the bits of roleChrome.
var chromeIndex = func() (t [32]int) {
	n := 0
	for i := range t {
		if roleChrome>>i&1 != 0 {
			t[i] = n
			n++
		}
	}
	return t
}()
