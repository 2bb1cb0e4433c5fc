package extract

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// tag is what the walk does with an element.
type tag uint8

const (
	tagInline tag = iota // part of the running text
	tagBlock             // ends a block before and after
	tagBreak             // <br>
	tagSkip              // its text is never shown
)

func tagOf(a atom.Atom) tag {
	switch a {
	case atom.A, atom.Abbr, atom.Acronym, atom.B, atom.Bdi, atom.Bdo, atom.Big, atom.Cite, atom.Code, atom.Data, atom.Del, atom.Dfn,
		atom.Em, atom.Font, atom.I, atom.Ins, atom.Kbd, atom.Label, atom.Mark, atom.Nobr, atom.Q, atom.Rb, atom.Ruby, atom.S, atom.Samp,
		atom.Small, atom.Span, atom.Strike, atom.Strong, atom.Sub, atom.Sup, atom.Time, atom.Tt, atom.U, atom.Var, atom.Wbr, atom.Img, atom.Picture, atom.Source:
		return tagInline
	case atom.Br:
		return tagBreak
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Svg, atom.Math, atom.Iframe, atom.Object, atom.Embed, atom.Applet, atom.Canvas,
		atom.Select, atom.Option, atom.Optgroup, atom.Datalist, atom.Textarea, atom.Input, atom.Button, atom.Audio, atom.Video, atom.Map, atom.Area, atom.Rp, atom.Rt,
		atom.Dialog, atom.Meter, atom.Progress, atom.Head, atom.Title, atom.Meta, atom.Link:
		return tagSkip
	}
	return tagBlock
}

// elem is one block-level element of the tree, in document order. A parent
// stands before its children.
type elem struct {
	node   *html.Node
	parent int32
	end    int32 // index after the last element under it
	first  int32 // the first block under it
	last   int32 // after the last block under it
	role   role  // of the element itself
	under  role  // of the element and all around it
	depth  int16
	column bool // in another cell of a layout table's row than the headline
	atom   atom.Atom

	units float32 // of text, see block.units
	links float32 // of text in links
	prose float32 // of text in blocks that read as prose
	paras int32   // number of prose blocks
}

// block is one run of text without a block boundary inside.
type block struct {
	elem       int32 // the element that holds it
	start, end int32 // of the text in page.text
	kind       kind
	level      uint8
	quote      bool // inside <blockquote>
	list       bool // inside a list item
	cell       bool // inside a table cell
	caption    bool // inside a figure
	breaks     int16

	units  float32 // letters and digits; a Han or kana letter counts 2.5, a Hangul syllable 2
	links  float32 // units inside links
	strong float32 // units inside bold type
	lead   float32 // units of the link that it begins with
	anchor int16   // links that begin in it
	stops  int16   // sentence ends
	commas int16
	digits int16

	prose  bool
	remark bool // of a reader's comment or another story, see remarks, posts and sequels
	notice bool // prose that is none of the article's by its words, see isNotice
}

type kind uint8

const (
	kindOther kind = iota
	kindParagraph
	kindHeading
	kindItem
	kindCell
	kindCaption
	kindQuote
	kindCode
)

// walker turns the tree into elements and blocks in one pass, without
// recursion.
type walker struct {
	elems  []elem
	blocks []block
	text   []byte
	roles  map[string]role
	meta   *meta
	scores []scored
	shapes []shape
	terms  []uint32
	fold   []byte
	sums   []float32
	page   []byte // the page as the parser gets it

	lastClass string
	lastRole  role

	cur    block
	open   bool // cur holds something
	space  bool // a space is due before the next letter
	breaks int  // <br> since the last letter
	link   int  // depth of links
	bold   int
	elem   int32
	list   int
	cell   int
	quote  int
	figure int
	pre    int
}

func (w *walker) walk(root *html.Node) {
	n := root
	w.elem = -1
	for {
		descend := w.enter(n)
		if descend && n.FirstChild != nil {
			n = n.FirstChild
			continue
		}
		if descend {
			w.leave(n)
		}
		for n != root && n.NextSibling == nil {
			n = n.Parent
			w.leave(n)
		}
		if n == root {
			break
		}
		n = n.NextSibling
	}
	w.flush()
}

// enter returns whether to go into n; if so, leave is called afterwards.
func (w *walker) enter(n *html.Node) bool {
	switch n.Type {
	case html.TextNode:
		w.add(n.Data)
		return false
	case html.ElementNode:
	case html.DocumentNode:
		return true
	default:
		return false
	}
	w.meta.visit(n)
	t := tagOf(n.DataAtom)
	switch t {
	case tagSkip:
		if n.DataAtom == atom.Head {
			return true
		}
		return false
	case tagBreak:
		w.breaks++
		return false
	case tagInline:
		if len(n.Attr) > 0 && w.hidden(n) {
			return false
		}
		switch n.DataAtom {
		case atom.A:
			if isLink(n) {
				w.link++
				w.cur.anchor++
			}
		case atom.B, atom.Strong:
			w.bold++
		}
		return true
	}
	w.flush()
	e := elem{node: n, parent: w.elem, first: int32(len(w.blocks)), atom: n.DataAtom}
	if w.elem >= 0 {
		p := &w.elems[w.elem]
		e.depth = p.depth + 1
		e.under = p.under
	}
	if len(n.Attr) > 0 {
		e.role = w.roleOf(n)
		if w.hidden(n) {
			e.role |= roleHidden
		}
	} else {
		e.role = w.roleOf(n)
	}
	if n.DataAtom != atom.Body && n.DataAtom != atom.Html {
		e.under |= e.role
	}
	w.elem = int32(len(w.elems))
	w.elems = append(w.elems, e)
	switch n.DataAtom {
	case atom.Li, atom.Dt, atom.Dd:
		w.list++
	case atom.Td, atom.Th:
		w.cell++
	case atom.Blockquote:
		w.quote++
	case atom.Figure:
		w.figure++
	case atom.Pre:
		w.pre++
	}
	return true
}

func (w *walker) leave(n *html.Node) {
	if n.Type != html.ElementNode {
		return
	}
	if tagOf(n.DataAtom) != tagBlock {
		switch n.DataAtom {
		case atom.A:
			if isLink(n) {
				w.link--
			}
		case atom.B, atom.Strong:
			w.bold--
		}
		return
	}
	w.flush()
	e := &w.elems[w.elem]
	e.end, e.last = int32(len(w.elems)), int32(len(w.blocks))
	w.elem = e.parent
	switch n.DataAtom {
	case atom.Li, atom.Dt, atom.Dd:
		w.list--
	case atom.Td, atom.Th:
		w.cell--
	case atom.Blockquote:
		w.quote--
	case atom.Figure:
		w.figure--
	case atom.Pre:
		w.pre--
	}
}

// isLink tells links to elsewhere from anchors and references within the page.
func isLink(n *html.Node) bool {
	for i := range n.Attr {
		if n.Attr[i].Key == "href" {
			h := n.Attr[i].Val
			return len(h) > 0 && h[0] != '#'
		}
	}
	return false
}

func (w *walker) hidden(n *html.Node) bool {
	for i := range n.Attr {
		a := &n.Attr[i]
		switch a.Key {
		case "hidden":
			return a.Val != "until-found"
		case "aria-hidden":
			if a.Val == "true" {
				return true
			}
		case "style":
			if i := strings.Index(a.Val, "display"); i >= 0 && len(a.Val) < 400 {
				s := strings.TrimLeft(a.Val[i+len("display"):], " :")
				if strings.HasPrefix(s, "none") {
					return true
				}
			}
		}
	}
	return false
}

func (w *walker) roleOf(n *html.Node) role {
	var r role
	switch n.DataAtom {
	case atom.Main, atom.Article:
		r |= roleMain
	case atom.Nav:
		r |= roleNav
	case atom.Aside:
		r |= roleAside
	case atom.Footer:
		r |= roleFoot
	case atom.Header:
		r |= roleHead
	case atom.Figcaption, atom.Caption:
		r |= roleCaption
	}
	for i := range n.Attr {
		a := &n.Attr[i]
		switch a.Key {
		case "class", "id":
			if a.Val == "" || len(a.Val) > 512 {
				continue
			}
			if a.Val == w.lastClass {
				r |= w.lastRole
				continue
			}
			c, ok := w.roles[a.Val]
			if !ok {
				c = classWords(a.Val)
				w.roles[a.Val] = c
			}
			w.lastClass, w.lastRole = a.Val, c
			r |= c
		case "role":
			switch a.Val {
			case "main", "article":
				r |= roleMain
			case "navigation", "search", "menu", "menubar", "toolbar", "tablist":
				r |= roleNav
			case "complementary":
				r |= roleAside
			case "contentinfo":
				r |= roleFoot
			case "banner":
				r |= roleHead
			case "dialog", "alertdialog", "alert":
				r |= roleNotice
			}
		case "itemprop":
			switch a.Val {
			case "articleBody":
				r |= roleItem | roleMain
			case "comment":
				r |= roleComment
			}
		}
	}
	return r
}

// add appends the text of a node to the current block, white space collapsed.
func (w *walker) add(s string) {
	for i := 0; i < len(s); {
		c := s[i]
		if c <= ' ' {
			if w.open {
				w.space = true
			}
			if c == '\n' && w.pre > 0 {
				w.breaks++
			}
			i++
			continue
		}
		j := i
		units, digits, commas, stops, thai := 0, 0, 0, 0, 0
		var wide float32
		for j < len(s) && s[j] > ' ' {
			c = s[j]
			if c < utf8.RuneSelf {
				switch ascii[c] {
				case asciiLetter:
					units++
				case asciiDigit:
					units++
					digits++
				case asciiComma:
					commas++
				case asciiStop:
					// A sentence ends where a space or the end follows.
					if j+1 == len(s) || s[j+1] <= ' ' || s[j+1] == '"' || s[j+1] >= utf8.RuneSelf {
						stops++
					}
				}
				j++
				continue
			}
			r, n := utf8.DecodeRuneInString(s[j:])
			switch runeClass(r) {
			case runeSpace:
				goto word
			case runeNone:
				if j > i {
					goto word
				}
				j += n
				i = j
				continue
			case runeLetter:
				units++
			case runeDigit:
				units++
				digits++
			case runeThai:
				units++
				thai++
			case runeHan:
				wide += 2.5
			case runeHangul:
				wide += 2
			case runeStop:
				stops++
			case runeComma:
				commas++
			}
			j += n
		}
	word:
		if j > i {
			if thai >= 60 {
				commas++ // a phrase: Thai has a space where others have a comma
			}
			w.put(s[i:j], float32(units)+wide, digits)
			// Only now is the block known that the word stands in.
			w.cur.commas += int16(commas)
			w.cur.stops += int16(stops)
			i = j
			continue
		}
		if i < len(s) {
			_, n := utf8.DecodeRuneInString(s[i:])
			if w.open {
				w.space = true
			}
			i += n
		}
	}
}

func (w *walker) put(word string, units float32, digits int) {
	if w.open && w.breaks > 0 {
		// One <br> parts lines, two part paragraphs; so does one behind a line
		// that is all of bold type or all link, where the next line is not: a
		// headline or subhead without a heading's markup.
		b := &w.cur
		if w.pre == 0 && (w.breaks > 1 || b.strong == b.units && w.bold == 0 && b.units > 0 || b.links == b.units && w.link == 0 && b.units > 0) {
			n := w.breaks
			a := w.cur.anchor
			w.flushText()
			w.cur.breaks = int16(n)
			w.cur.anchor = a
		} else {
			w.text = append(w.text, '\n')
			w.space = false
		}
	}
	w.breaks = 0
	if !w.open {
		w.open = true
		w.cur.start = int32(len(w.text))
		w.space = false
	}
	if w.space {
		w.text = append(w.text, ' ')
		w.space = false
	}
	w.text = append(w.text, word...)
	w.cur.units += units
	w.cur.digits += int16(min(digits, 1000))
	if w.link > 0 {
		if w.cur.links == w.cur.units-units {
			w.cur.lead += units
		}
		w.cur.links += units
	}
	if w.bold > 0 {
		w.cur.strong += units
	}
}

// flush ends the current block at a block boundary.
func (w *walker) flush() {
	w.flushText()
	w.breaks = 0
}

func (w *walker) flushText() {
	if w.open {
		w.cur.end = int32(len(w.text))
		w.cur.elem = w.elem
		w.cur.quote, w.cur.list, w.cur.cell, w.cur.caption = w.quote > 0, w.list > 0, w.cell > 0, w.figure > 0
		if w.elem >= 0 {
			switch e := &w.elems[w.elem]; e.atom {
			case atom.P:
				w.cur.kind = kindParagraph
			case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
				w.cur.kind, w.cur.level = kindHeading, e.node.Data[1]-'0'
			case atom.Li, atom.Dt, atom.Dd:
				w.cur.kind = kindItem
			case atom.Td, atom.Th:
				w.cur.kind = kindCell
			case atom.Figcaption, atom.Caption:
				w.cur.kind = kindCaption
			case atom.Blockquote:
				w.cur.kind = kindQuote
			case atom.Pre:
				w.cur.kind = kindCode
			}
			if w.pre > 0 && w.cur.kind == kindOther {
				w.cur.kind = kindCode
			}
			w.blocks = append(w.blocks, w.cur)
		}
		w.text = append(w.text, '\n')
	}
	w.cur = block{}
	w.open, w.space = false, false
}

const (
	asciiOther = iota
	asciiLetter
	asciiDigit
	asciiComma
	asciiStop
)

var ascii = func() (t [128]uint8) {
	for c := 'a'; c <= 'z'; c++ {
		t[c], t[c-'a'+'A'] = asciiLetter, asciiLetter
	}
	for c := '0'; c <= '9'; c++ {
		t[c] = asciiDigit
	}
	t[','], t[';'] = asciiComma, asciiComma
	t['.'], t['!'], t['?'] = asciiStop, asciiStop, asciiStop
	return t
}()

const (
	runeOther = iota
	runeLetter
	runeDigit // of a script that has its own
	runeThai  // Thai and Lao
	runeHan
	runeHangul
	runeStop
	runeComma
	runeSpace
	runeNone
)

// runeClass sorts the code points above ASCII as far as counting needs it.
func runeClass(r rune) int {
	switch {
	case r < 0xA0:
		return runeNone // C1 controls
	case r == 0xA0:
		return runeSpace
	case r == 0xAD:
		return runeNone
	case r < 0xC0:
		return runeOther
	case r < 0x600:
		return runeLetter
	case r >= 0x660 && r <= 0x669 || r >= 0x6F0 && r <= 0x6F9 || r >= 0x966 && r <= 0x96F:
		return runeDigit
	case r >= 0xE00 && r < 0xF00:
		return runeThai
	case r == 0x60C || r == 0x61B:
		return runeComma
	case r == 0x61F || r == 0x6D4 || r == 0x964 || r == 0x965 || r == 0x104B || r == 0x17D4 || r == 0x1362:
		return runeStop
	case r < 0x1100:
		return runeLetter
	case r < 0x2000:
		return runeLetter
	case r <= 0x200A || r == 0x2028 || r == 0x2029 || r == 0x202F || r == 0x205F || r == 0x3000:
		return runeSpace
	case r == 0x200C || r == 0x200D:
		return runeOther // joiners belong to the spelling of Persian and Indic words
	case r <= 0x200F || r >= 0x202A && r <= 0x202E || r == 0x2060 || r == 0xFEFF || r == 0xFFFC:
		return runeNone
	case r == 0x2026:
		return runeStop
	case r < 0x2C00:
		return runeOther
	case r < 0x2E00:
		return runeLetter
	case r < 0x3000:
		return runeOther
	case r == 0x3001:
		return runeComma
	case r == 0x3002:
		return runeStop
	case r < 0x3041:
		return runeOther
	case r < 0xA000:
		return runeHan
	case r >= 0xAC00 && r < 0xD7A4:
		return runeHangul
	case r < 0xE000:
		return runeLetter
	case r < 0xF900:
		return runeOther
	case r < 0xFB00:
		return runeHan
	case r == 0xFF0C || r == 0xFF64:
		return runeComma
	case r == 0xFF0E || r == 0xFF01 || r == 0xFF1F || r == 0xFF61:
		return runeStop
	case r < 0xFE00 || r >= 0xFE70 && r < 0xFEFF || r >= 0xFF10 && r < 0xFF3B || r >= 0xFF41 && r < 0xFFDD && r != 0xFF5B:
		return runeLetter
	case r >= 0x20000 && r < 0x40000:
		return runeHan
	}
	return runeOther
}
