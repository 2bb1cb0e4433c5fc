package variant

import (
	"fmt"
	"html"
	"math/rand/v2"
	"strings"
)

// Layouts are the layouts of Period: content management systems and newspapers'
// own pages as they were between 2005 and 2012.
var Layouts = [...]string{
	"contentpane", // tables of a component, headings in cells, modules in the columns
	"datalife",    // text in an unnamed <div> within table frames, dotted lines of facts
	"detail",      // <p> and <br> mixed, menus of <ul>, a column of news with their dates
	"viewbox",     // facts on one line, indented paragraphs in a cell, digg and neighbours behind
	"portal",      // <div> columns, pictures with captions between, hot lists in and behind the text
	"blocks",      // boxes of font and bgcolor on both sides, one of them beside the text
	"journal",     // a weblog's post, its note, its comments as a list
	"node",        // fields and links of a node, terms, tables of comments
	"broadcast",   // boxes of quotes and links aligned into the text, "see also" behind
	"labels",      // <span> of a server's controls, grids with rules
	"print",       // the print version: next to nothing around
	"local",       // names of classes in the page's own language
	"rows",        // every paragraph a row of a table
	"digest",      // further articles whole or half behind the first, in the same cell
	"mirror",      // the column of teasers before the article, in the page's source as well
	"forum",       // the article is the first of a thread of messages
	"office",      // a word processor's markup, menu and article and links in one cell, cut in two by a picture
	"gazette",     // the text in two or three cells side by side, briefs below
	"agency",      // <br> alone, links of the subject between the lines, more comments than text
	"showcase",    // everything centred, each paragraph a table, the day's headlines in between
	"halves",      // the text in two cells, one below the other, a table of a picture between
	"inset",       // a list of other stories between the text's lines, in the same cell
}

// Period writes an article into a page of the given layout, the same every time
// for an article. What stands around it is in the article's language, drawn at
// random. Another layout than those of Layouts gives an empty page.
func Period(layout string, g Article, others []Article) []byte {
	s := &sheet{speech: speechOf(g.Lang), g: g, others: others, rng: random(Article{ID: layout + g.ID})}
	s.year = 2005 + s.rng.IntN(8)
	for p := range strings.SplitSeq(g.Text, "\n") {
		if p = strings.Join(strings.Fields(p), " "); p != "" {
			s.list = append(s.list, html.EscapeString(p))
		}
	}
	s.title = html.EscapeString(headline(g))
	s.host = html.EscapeString(s.name() + " " + s.pickOf(s.sections[1:]))
	s.head()
	switch layout {
	case "contentpane":
		s.contentpane()
	case "datalife":
		s.datalife()
	case "detail":
		s.detail()
	case "viewbox":
		s.viewbox()
	case "portal":
		s.portal()
	case "blocks":
		s.blocks()
	case "journal":
		s.journal()
	case "node":
		s.node()
	case "broadcast":
		s.broadcast()
	case "labels":
		s.labels()
	case "print":
		s.printed()
	case "local":
		s.local()
	case "rows":
		s.rows()
	case "digest":
		s.digest()
	case "mirror":
		s.mirror()
	case "forum":
		s.forum()
	case "office":
		s.office()
	case "gazette":
		s.gazette()
	case "agency":
		s.agency()
	case "showcase":
		s.showcase()
	case "halves":
		s.halves()
	case "inset":
		s.inset()
	}
	s.out("</body></html>")
	return []byte(s.b.String())
}

// sheet is a page in the making.
type sheet struct {
	speech
	b      strings.Builder
	rng    *rand.Rand
	g      Article
	others []Article
	list   []string // the article's paragraphs
	title  string
	host   string
	year   int
}

func (s *sheet) out(format string, a ...any) { fmt.Fprintf(&s.b, format, a...) }

func (s *sheet) chance(p float64) bool { return s.rng.Float64() < p }

func (s *sheet) pickOf(list []string) string { return list[s.rng.IntN(len(list))] }

func (s *sheet) other() Article { return pick(s.rng, s.g, s.others) }

// name is a person's or a paper's, of words from the articles.
func (s *sheet) name() string {
	o := s.other()
	n := word(o, s.rng)
	if s.chance(0.5) {
		n += " " + word(o, s.rng)
	}
	return n
}

func (s *sheet) link(text string) string {
	return fmt.Sprintf(`<a href="/%d/%d.htm">%s</a>`, s.year, s.rng.IntN(1e6), html.EscapeString(text))
}

func (s *sheet) headline() string { return headline(s.other()) }

// teaser is the beginning of another article, n letters or so.
func (s *sheet) teaser(n int) string {
	t := cut(s.other().Text, n)
	if s.chance(0.5) {
		t += "..."
	}
	return html.EscapeString(t)
}

func (s *sheet) clock() string { return fmt.Sprintf("%02d:%02d", s.rng.IntN(24), s.rng.IntN(60)) }

// date is a day in one of the forms of the time.
func (s *sheet) date() string {
	d, m := 1+s.rng.IntN(28), s.rng.IntN(12)
	switch s.rng.IntN(6) {
	case 0:
		return fmt.Sprintf("%02d.%02d.%d", d, m+1, s.year)
	case 1:
		return fmt.Sprintf("%02d/%02d/%d", d, m+1, s.year)
	case 2:
		return fmt.Sprintf("%d-%02d-%02d", s.year, m+1, d)
	case 3:
		return fmt.Sprintf("%d-%d-%d %s", s.year, m+1, d, s.clock())
	case 4:
		return fmt.Sprintf("%02d.%02d.%02d, %s", d, m+1, s.year%100, s.clock())
	}
	if s.months[0] == "1月" {
		return fmt.Sprintf("%d年%d月%d日 %s", s.year, m+1, d, s.clock())
	}
	return fmt.Sprintf("%d %s %d", d, s.months[m], s.year)
}

func (s *sheet) head() {
	site := html.EscapeString(s.host)
	title := s.title
	switch s.rng.IntN(4) {
	case 0:
		title = site + " - " + title
	case 1:
		title += " | " + site
	case 2:
		title += " :: " + s.sections[1] + " :: " + site
	}
	s.out("<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\"><title>%s</title>", title)
	if s.chance(0.5) {
		s.out("<meta name=\"description\" content=\"%s\"><meta name=keywords content=\"%s\">", html.EscapeString(cut(s.g.Text, 150)), s.sections[2])
	}
	s.out("</head>\n<body bgcolor=#ffffff leftmargin=0 topmargin=0>\n")
}

// body writes the paragraphs in one of the ways of the time; where between two
// of them one stands, extra is called.
func (s *sheet) body(style int, extra ...func()) {
	at := map[int]func(){}
	for _, f := range extra {
		if len(s.list) > 1 {
			at[1+s.rng.IntN(len(s.list)-1)] = f
		} else {
			at[0] = f
		}
	}
	bold := s.chance(0.3)
	for i, p := range s.list {
		if f := at[i]; f != nil {
			f()
		}
		if i == 0 && bold {
			p = "<b>" + p + "</b>"
		}
		switch style {
		case 0:
			s.out("%s<br><br>\n", p)
		case 1:
			s.out("%s<br>\n<br>\n", p)
		case 2:
			s.out("<p>%s\n", p)
		case 3:
			s.out("<p align=\"justify\">%s</p>\n", p)
		case 4:
			s.out("&nbsp;&nbsp;&nbsp;&nbsp;%s<br />\n", p)
		case 5:
			s.out("<div>%s</div>\n", p)
		case 6:
			s.out("<p><font face=\"Arial\" size=\"2\">　　%s</font></p>\n", p)
		case 7:
			s.out("　　%s<br>\n", p)
		case 8:
			s.out("<P style=\"TEXT-INDENT: 2em\">%s</P>\n<P>&nbsp;</P>\n", p)
		case 9:
			s.out("<span>%s</span><br /><br />\n", p)
		}
	}
}

const styles = 10

// photo is a picture with its caption, floated in a table.
func (s *sheet) picture() {
	caption := s.caption()
	if s.chance(0.5) {
		s.out("<table align=right width=220 cellpadding=4><tr><td><img src=/i/%d.jpg></td></tr><tr><td><font size=1>%s</font></td></tr></table>", s.rng.IntN(999), caption)
		return
	}
	s.out("<div style=\"float:left\"><img src=\"/i/%d.jpg\" width=\"200\"><br><small>%s</small></div>", s.rng.IntN(999), caption)
}

func (s *sheet) caption() string {
	c := s.photo + ": " + html.EscapeString(s.name())
	if s.chance(0.5) {
		c = s.teaser(60) + " (" + c + ")"
	}
	return c
}

// box is a few headlines of others, boxed.
func (s *sheet) box() {
	s.out("<table width=180 align=right border=1><tr><td bgcolor=#eeeeee><b>%s</b></td></tr><tr><td>", s.pickOf([]string{s.related, s.popular, s.latest}))
	for range 2 + s.rng.IntN(4) {
		s.out("&#8226; %s<br>", s.link(s.headline()))
	}
	s.out("</td></tr></table>")
}

func (s *sheet) banner() {
	s.out("<div align=center><small>%s</small><br><a href=http://ads.example/%d><img src=b.gif></a></div>", s.advert, s.rng.IntN(99))
}

// bar is a row of tools.
func (s *sheet) bar() {
	item := func(t string) string {
		if s.chance(0.7) {
			return s.link(t)
		}
		return t
	}
	d := s.pickOf([]string{" | ", " &nbsp; ", " / ", "<br>", " · "})
	s.out("%s%s%s", item(s.print), d, item(s.send))
	if s.chance(0.4) {
		s.out("%s%s: A A A", d, s.share)
	}
	if s.chance(0.4) {
		s.out("%s%s (%d)", d, item(s.comments), s.rng.IntN(60))
	}
}

// facts is a line of date, author, source and counters.
func (s *sheet) facts() string {
	f := []string{s.published + ": " + s.date()}
	for _, x := range []string{s.source + ": " + s.name(), s.by + ": " + s.name(), fmt.Sprintf("%s: %d", s.views, s.rng.IntN(5000)), s.date()} {
		if s.chance(0.5) {
			f = append(f, html.EscapeString(x))
		}
	}
	return strings.Join(f, s.pickOf([]string{" | ", " &nbsp;", "  ", ", "}))
}

// more is a list of others' headlines behind the text, with or without a label,
// dates and first words.
func (s *sheet) stories(n int) {
	if s.chance(0.7) {
		s.out("<b>%s</b><br>", s.pickOf([]string{s.related, s.latest, s.popular, s.sections[1], s.related + ":"}))
	}
	mark := s.pickOf([]string{"", "&raquo; ", "· ", "- ", "• "})
	kind := s.rng.IntN(6)
	if kind == 0 {
		s.out("<ul>")
	}
	for i := range n {
		h := s.headline()
		switch kind {
		case 0:
			s.out("<li>%s</li>", s.link(h))
		case 1:
			s.out("%s%s<br>", mark, s.link(h))
		case 2:
			s.out("%s%s <small>(%s)</small><br>", mark, s.link(h), s.date())
		case 3:
			s.out("<small>%s</small><br>%s<br>%s<br><br>", s.date(), s.link(h), s.teaser(120))
		case 4:
			s.out("<table><tr><td width=10>%d.</td><td>%s</td></tr></table>", i+1, s.link(h))
		case 5:
			s.out("<p>%s %s</p>", s.date(), s.link(h))
		}
	}
	if kind == 0 {
		s.out("</ul>")
	}
	if s.chance(0.3) {
		s.out("%s", s.link(s.more))
	}
}

// talk is readers' comments, and the form for more.
func (s *sheet) talk(n int, one func(i int, name, when, say string)) {
	if s.chance(0.8) {
		s.out("<b>%s (%d)</b><br>", s.comments, n)
	}
	for i := range n {
		name := s.name()
		if s.chance(0.3) {
			name = s.guest
		}
		one(i, html.EscapeString(name), s.date()+" "+s.clock(), s.teaser(30+s.rng.IntN(400)))
	}
	if s.chance(0.7) {
		s.out("<form><b>%s</b><br>%s<br><input name=n><textarea></textarea>", s.reply, s.rules)
		s.out("<input type=submit></form>")
	}
}

// menu lists the sections with open and close around each.
func (s *sheet) menu(open, close string) {
	upper := s.chance(0.3)
	for _, m := range s.sections {
		if upper {
			m = strings.ToUpper(m)
		}
		s.out("%s%s%s", open, s.link(m), close)
	}
}

// poll, weather, login: what stands in side columns.
func (s *sheet) gadget(kind int) {
	switch kind % 5 {
	case 0:
		s.out("<b>%s</b><form><input type=radio> %s<br><input type=radio> %s<br><input type=submit></form>", s.poll, s.yes, s.no)
	case 1:
		s.out("<b>%s</b><br>%s +%d..+%d<br>%s +%d..+%d<br>", s.weather, s.name(), 5, 9, s.name(), 2, 14)
	case 2:
		s.out("<b>%s</b><br>USD %d.%02d<br>EUR %d.%02d<br>", s.currency, s.rng.IntN(40), s.rng.IntN(100), s.rng.IntN(50), s.rng.IntN(100))
	case 3:
		s.out("<form>%s <input><br><input type=password><input type=submit value=ok></form>%s", s.login, s.link(s.forget))
	case 4:
		s.out("%s<form><input name=mail><input type=submit></form>", s.subscribe)
	}
}

func (s *sheet) footer() {
	s.out("<center><font size=1>")
	if s.chance(0.6) {
		s.menu("", " | ")
	}
	s.out("<br>&copy; %d %s. %s", s.year, html.EscapeString(s.host), s.copyright)
	if s.chance(0.4) {
		s.out("<br>%s", s.teach)
	}
	s.out("</font></center>")
}

func (s *sheet) top() {
	s.out("<table width=100%% cellspacing=0><tr><td><a href=/><img src=logo.gif></a></td><td>%s</td><td><form>%s <input></form></td></tr></table>\n", s.date(), s.search)
	s.out("<table width=100%% bgcolor=#003366><tr>")
	s.menu("<td>", "</td>")
	s.out("</tr></table>\n")
}

func (s *sheet) contentpane() {
	s.top()
	module := func() {
		s.out(`<table cellpadding="0" cellspacing="0" class="moduletable"><tr><th valign="top">%s</th></tr><tr><td>`, s.pickOf([]string{s.popular, s.latest, s.poll}))
		switch s.rng.IntN(3) {
		case 0:
			s.out(`<ul class="mostread">`)
			for range 5 {
				s.out(`<li class="mostread"><a href="/x%d" class="mostread">%s</a></li>`, s.rng.IntN(999), html.EscapeString(s.headline()))
			}
			s.out("</ul>")
		case 1:
			for range 3 {
				s.out(`<table class="contentpaneopen"><tr><td class="contentheading">%s</td></tr></table><table class="contentpaneopen"><tr><td valign="top">%s</td></tr><tr><td>%s</td></tr></table>`, s.link(s.headline()), s.teaser(150), s.link(s.read))
			}
		case 2:
			s.gadget(s.rng.IntN(5))
		}
		s.out("</td></tr></table>")
	}
	s.out(`<table width="100%%"><tr><td valign="top" class="left" width="180">`)
	s.out(`<table class="moduletable"><tr><td><table width="100%%">`)
	s.menu(`<tr align="left"><td class="mainlevel">`, "</td></tr>")
	s.out("</table></td></tr></table>")
	module()
	s.out(`</td><td valign="top"><div id="main_body"><span class="pathway">%s &gt; %s &gt; %s</span>`, s.link(s.sections[0]), s.link(s.sections[1]), s.title)
	s.out(`<table class="contentpaneopen"><tr><td class="contentheading" width="100%%">%s</td><td align="right" width="100%%" class="buttonheading"><a href="/p"><img alt="%s"></a></td></tr></table>`, s.title, s.print)
	s.out(`<table class="contentpaneopen">`)
	if s.chance(0.6) {
		s.out(`<tr><td width="70%%" align="left" valign="top" colspan="2"><span class="small">%s %s</span>&nbsp;&nbsp;</td></tr>`, s.by, html.EscapeString(s.name()))
	}
	s.out(`<tr><td valign="top" colspan="2" class="createdate">%s</td></tr><tr><td valign="top" colspan="2">`, s.date())
	s.body(s.rng.IntN(styles), s.picture)
	s.out("</td></tr>")
	if s.chance(0.5) {
		s.out(`<tr><td colspan="2" align="left" class="modifydate">%s ( %s )</td></tr>`, s.published, s.date())
	}
	s.out("</table>")
	if s.chance(0.5) {
		s.stories(5)
	}
	if s.chance(0.5) {
		s.out(`<table align="center" style="margin-top: 25px;"><tr><th class="pagenav_prev"><a href="/a">&lt; %s</a></th><td width="50">&nbsp;</td><th class="pagenav_next"><a href="/b">%s &gt;</a></th></tr></table>`, s.previous, s.next)
	}
	if s.chance(0.4) {
		s.talk(1+s.rng.IntN(5), func(i int, name, when, say string) {
			s.out(`<table width="100%%"><tr><td class="sectiontableheader">%d. %s</td></tr><tr><td class="sectiontableentry1"><small>%s</small><br>%s</td></tr></table>`, i+1, name, when, say)
		})
	}
	s.out(`</div></td><td valign="top" class="right">`)
	module()
	module()
	s.out("</td></tr></table>")
	s.footer()
}

func (s *sheet) datalife() {
	s.top()
	frame := func(label string, inside func()) {
		s.out(`<table width="100%%" cellspacing="0"><tr><td class="t1"><img src="s.gif"></td><td class="t2"><b>%s</b></td></tr><tr><td colspan=2 class="t3">`, label)
		inside()
		s.out("</td></tr><tr><td class=t4></td></tr></table>")
	}
	s.out("<table width=980 align=center><tr valign=top><td width=200>")
	frame(s.sections[1], func() { s.menu("&raquo; ", "<br />") })
	frame(s.login, func() { s.gadget(3) })
	frame(s.archive, func() {
		s.out("<table>")
		for r := range 4 {
			s.out("<tr>")
			for c := range 7 {
				s.out("<td>%d</td>", 7*r+c+1)
			}
			s.out("</tr>")
		}
		s.out("</table>")
	})
	s.out("</td><td><div id='dle-content'>")
	s.out(`<table width="100%%"><tr><td><span class="ntitle">%s</span></td></tr></table>`, s.title)
	s.out(`<table width="100%%"><tr><td class="slink">%s: %s</td></tr><tr><td class="news">`, s.sections[1], s.facts())
	s.out(`<div id="news-id-%d" style="display:inline;">`, s.rng.IntN(99999))
	if s.chance(0.5) {
		s.out(`<!--TBegin--><a href="/up.jpg"><img align="left" src="/t.jpg"></a><!--TEnd-->`)
	}
	s.body([]int{0, 1, 4, 9, 3}[s.rng.IntN(5)])
	s.out("</div></td></tr></table>")
	s.out(`<table width="100%%"><tr><td class="slink">%s</td><td align="right">%s (%d)</td></tr></table>`, s.facts(), s.link(s.comments), s.rng.IntN(70))
	s.out(`<div class="related"><b>%s:</b><ul>`, s.related)
	for range 5 {
		s.out("<li>%s</li>", s.link(s.headline()))
	}
	s.out("</ul></div>")
	s.talk(s.rng.IntN(6), func(i int, name, when, say string) {
		s.out(`<div id='comment-id-%d'><table width="100%%"><tr><td class="slink">#%d %s: %s (%s)</td></tr><tr><td rowspan=2><img src="noavatar.png"></td><td>%s</td></tr><tr><td>%s: 0 &nbsp; ICQ: --</td></tr></table></div>`, i, i+1, s.by, name, when, say, s.guest)
	})
	s.out("</div></td><td width=200>")
	frame(s.popular, func() { s.stories(8) })
	frame(s.poll, func() { s.gadget(0) })
	s.out("</td></tr></table>")
	s.footer()
}

func (s *sheet) detail() {
	s.out(`<div id="header"><h2><a href="/">%s</a></h2>%s</div><div id="menu"><ul>`, html.EscapeString(s.host), s.date())
	s.menu("<li>", "</li>")
	s.out(`</ul></div><table id="content"><tr><td class="left-column"><div class="news-list">`)
	for range 6 {
		s.out(`<p class="news-item"><span class="news-date-time">%s</span> <a href="/n"><b>%s</b></a><br />%s</p>`, s.date(), html.EscapeString(s.headline()), s.teaser(90))
	}
	s.out(`</div></td><td class="main-column"><div class="news-detail">`)
	s.out(`<span class="news-date-time">%s</span><h3>%s</h3>`, s.date(), s.title)
	s.body([]int{2, 3, 4, 0}[s.rng.IntN(4)], s.box)
	s.out(`<div style="clear:both"></div><br />%s:&nbsp;%s<br />`, s.source, html.EscapeString(s.name()))
	if s.chance(0.5) {
		s.out(`<p><a href="/news/">%s</a></p>`, s.archive)
	}
	s.out("</div>")
	s.stories(4)
	s.out("</td></tr></table>")
	s.footer()
}

func (s *sheet) viewbox() {
	s.out(`<div class="top w960"><a href=/>%s</a> <div class="toplink">%s | %s</div></div><div class="nav w960"><ul>`, html.EscapeString(s.host), s.link(s.login), s.link(s.subscribe))
	s.menu("<li>", "</li>")
	s.out(`</ul></div><div class="w960"><div class="pleft"><div class="place"><strong>%s:</strong> %s &gt; %s &gt;</div><div class="viewbox"><div class="title"><h2>%s</h2></div>`, s.published, s.link(s.sections[0]), s.link(s.sections[2]), s.title)
	s.out(`<div class="info"><small>%s:</small>%s <small>%s:</small>%s <small>%s:</small>%s <small>%s:</small>%d</div>`, s.published, s.date(), s.source, html.EscapeString(s.name()), s.by, html.EscapeString(s.name()), s.views, s.rng.IntN(900))
	if s.chance(0.4) {
		s.out(`<div class="intro">%s</div>`, html.EscapeString(cut(s.g.Text, 90)))
	}
	s.out(`<div class="content"><table width="100%%"><tr><td>`)
	s.body([]int{6, 7, 8, 2}[s.rng.IntN(4)], s.picture)
	s.out(`</td></tr></table>(%s:%s)</div>`, s.by, html.EscapeString(s.name()))
	if s.chance(0.4) {
		s.out(`<div class="pages"><ul class="pagelist"><li><a>1</a></li><li><a href=2>2</a></li><li><a href=2>%s</a></li></ul></div>`, s.next)
	}
	s.out(`<div class="newdigg"><div>%s</div><div>(%d) %d%%</div><div>(%d) %d%%</div></div>`, s.rate, s.rng.IntN(50), 60, s.rng.IntN(20), 40)
	s.out(`<div class="context"><ul><li>%s: %s</li><li>%s: %s</li></ul></div></div>`, s.previous, s.link(s.headline()), s.next, s.link(s.headline()))
	s.out(`<div class="tbox"><dl><dt><strong>%s</strong></dt><dd><ul>`, s.related)
	for range 6 {
		s.out("<li>%s</li>", s.link(s.headline()))
	}
	s.out("</ul></dd></dl></div>")
	s.out(`<div class="mt1"><dl class="tbox"><dt><strong>%s</strong></dt><dd>`, s.comments)
	s.out("%s", s.rules)
	for i := range s.rng.IntN(4) {
		s.out(`<div class="decmt-box1"><span class="title">%s %s</span><p>%s</p><div>[%d]</div></div>`, html.EscapeString(s.guest), s.date(), s.teaser(120), i)
	}
	s.out(`</dd></dl></div></div><div class="pright">`)
	for _, l := range []string{s.latest, s.popular} {
		s.out(`<dl class="tbox"><dt><strong>%s</strong></dt><dd><ul>`, l)
		for range 8 {
			if s.chance(0.3) {
				s.out("<li>%s<p>%s</p></li>", s.link(s.headline()), s.teaser(70))
				continue
			}
			s.out("<li>%s</li>", s.link(cut(s.headline(), 26)))
		}
		s.out("</ul></dd></dl>")
	}
	s.out("</div></div>")
	s.footer()
}

func (s *sheet) portal() {
	s.out(`<div class="secondaryHeader">%s <span>%s</span></div>`, s.link(s.host), s.link(s.sections[3]))
	s.out(`<div class="Main clearfix"><div class="Main-Article-QQ"><h1 id="ArticleTit">%s</h1><div class="info">%s</div><div id="ArtFun">`, s.title, s.facts())
	s.bar()
	s.out(`</div><div id="Cnt-Main-Article-QQ">`)
	hot := func() {
		s.out(`<div style="float:left;margin:5px"><table border=0 cellspacing=0><tr><td>%s</td></tr></table></div>`, s.advert)
	}
	picture := func() {
		s.out("<P align=center><IMG src=\"/p.jpg\"></P>\n<P align=center><FONT face=x>%s</FONT></P>\n", s.caption())
	}
	inner := func() {
		s.out("<p>")
		for range 2 + s.rng.IntN(3) {
			s.out("<strong>[%s]</strong> %s<br>", s.sections[1+s.rng.IntN(4)], s.link(s.headline()))
		}
		s.out("</p>")
	}
	s.body([]int{6, 8, 2, 3}[s.rng.IntN(4)], hot, picture, inner)
	s.out(`<p class="editor">[%s: %s]</p></div>`, s.by, html.EscapeString(s.name()))
	s.out(`<div class="share">%s %s</div>`, s.share, s.link(s.send))
	s.out(`<div class="hr"></div><div class="rel"><h3>%s</h3><div class="list">`, s.related)
	for range 5 {
		s.out(`<p>· %s <span>%s</span></p>`, s.link(s.headline()), s.date())
	}
	s.out(`</div></div><div id="say"><h3>%s</h3><p>%s</p></div></div>`, s.comments, s.rules)
	s.out(`<div class="side">`)
	for _, l := range []string{s.latest, s.popular, s.sections[2]} {
		s.out("<h2>%s</h2>", s.link(l))
		s.out(`<div class="pic"><img src=1.jpg><p>%s</p><p>%s</p></div><ul>`, s.link(s.headline()), s.teaser(60))
		for range 6 {
			s.out("<li>· %s</li>", s.link(s.headline()))
		}
		s.out("</ul>")
	}
	s.out("</div></div>")
	s.footer()
}

func (s *sheet) blocks() {
	s.top()
	block := func(label string, inside func()) {
		s.out("<table border=0 cellpadding=1 cellspacing=0 bgcolor=#000000 width=150><tr><td><table border=0 width=100%%><tr><td bgcolor=#cccccc><font class=content><b>%s</b></font></td></tr><tr><td bgcolor=#ffffff><font class=content>", label)
		inside()
		s.out("</font></td></tr></table></td></tr></table><br>")
	}
	s.out("<table width=100%%><tr valign=top><td width=150>")
	block(s.sections[1], func() { s.menu("<strong><big>·</big></strong> ", "<br>") })
	block(s.poll, func() { s.gadget(0) })
	block(s.guest, func() { s.gadget(3) })
	s.out("</td><td>&nbsp;&nbsp;</td><td width=100%%><table border=0><tr valign=top><td><table width=100%% bgcolor=#cccccc><tr><td>")
	s.out("<table width=100%% bgcolor=#ffffff><tr><td><font class=option><b>%s</b></font><br><font class=content>%s</font><br><br><font class=content>", s.title, s.facts())
	s.body([]int{0, 1, 0, 2}[s.rng.IntN(4)])
	s.out("</font></td></tr></table></td></tr></table><br>")
	s.talk(1+s.rng.IntN(5), func(i int, name, when, say string) {
		s.out("<table width=99%%><tr bgcolor=#eeeeee width=500><td><font class=option><b>Re: %s</b> (%d)</font><br><font class=content>%s %s, %s</font><br><br></td></tr><tr><td bgcolor=#ffffff>%s</td></tr></table><br>[ %s ]<br>", s.title, i+1, s.by, name, when, say, s.link(s.reply))
	})
	s.out("</td><td>&nbsp;</td><td valign=top>")
	block(s.related, func() {
		for range 4 {
			s.out("<strong><big>·</big></strong> %s<br>", s.link(s.headline()))
		}
		s.out("<hr noshade><center><b>%s</b><br>%s</center>", s.popular, s.link(s.headline()))
	})
	block(s.rate, func() {
		s.out("5 / 5<form><input type=radio> 5<br><input type=radio> 4<br><input type=submit></form>")
	})
	block(s.print, func() { s.bar() })
	s.out("</td></tr></table></td></tr></table>")
	s.footer()
}

func (s *sheet) journal() {
	s.out(`<div id="page"><div id="header"><div id="headerimg"><h1><a href="/">%s</a></h1><div class="description">%s</div></div></div><hr />`, html.EscapeString(s.host), s.teaser(40))
	s.out(`<div id="content" class="widecolumn"><div class="navigation"><div class="alignleft">&laquo; %s</div><div class="alignright">%s &raquo;</div></div>`, s.link(s.headline()), s.link(s.headline()))
	s.out(`<div class="post" id="post-%d"><h2>%s</h2><small>%s %s %s</small><div class="entry">`, s.rng.IntN(9999), s.link(headline(s.g)), s.date(), s.by, html.EscapeString(s.name()))
	s.body([]int{2, 3, 3, 5}[s.rng.IntN(4)], s.picture)
	if s.chance(0.5) {
		s.out(`<div class="sociable"><div class="sociable_tagline"><strong>%s:</strong></div><ul><li><a href="x"><img></a></li></ul></div>`, s.share)
	}
	s.out(`<p class="postmetadata alt"><small>%s %s, %s %s. %s: %s.</small></p></div></div>`, s.published, s.date(), s.sections[1], s.clock(), s.tags, s.link(s.name()))
	if s.chance(0.7) {
		n := 1 + s.rng.IntN(8)
		s.out(`<h3 id="comments">%d %s &#8220;%s&#8221;</h3><ol class="commentlist">`, n, s.comments, s.title)
		for i := range n {
			s.out(`<li class="alt" id="comment-%d"><cite>%s</cite>:<br /><small class="commentmetadata">%s</small><p>%s</p></li>`, i, html.EscapeString(s.name()), s.link(s.date()), s.teaser(60+s.rng.IntN(500)))
		}
		s.out("</ol>")
	}
	s.out(`<h3 id="respond">%s</h3><form><p><label>%s</label></p><p>%s</p></form></div>`, s.reply, s.guest, s.rules)
	if s.chance(0.6) {
		s.out(`<div id="sidebar"><ul><li><h2>%s</h2><ul>`, s.archive)
		for _, m := range s.months {
			s.out("<li>%s</li>", s.link(m+fmt.Sprint(" ", s.year)))
		}
		s.out("</ul></li><li><h2>%s</h2><ul>", s.latest)
		for range 6 {
			s.out("<li>%s</li>", s.link(s.headline()))
		}
		s.out("</ul></li></ul></div>")
	}
	s.out("</div>")
	s.footer()
}

func (s *sheet) node() {
	s.out(`<table border="0" id="header"><tr><td id="logo"><h1 class='site-name'>%s</h1></td><td id="menu"><ul class="links" id="navlist">`, s.link(s.host))
	s.menu("<li>", "</li>")
	s.out(`</ul></td></tr></table><table border="0" id="content"><tr><td id="sidebar-left"><div class="block block-views"><h2>%s</h2><div class="item-list"><ul>`, s.latest)
	for range 7 {
		s.out(`<li><div class="view-field">%s</div><div class="view-field">%s</div></li>`, s.link(s.headline()), s.date())
	}
	s.out(`</ul></div></div></td><td valign="top"><div id="main"><div class="breadcrumb">%s » %s</div><h1 class="title">%s</h1><div class="tabs"></div>`, s.link(s.sections[0]), s.link(s.sections[3]), s.title)
	s.out(`<div class="node"><span class="submitted">%s %s</span><span class="taxonomy">%s</span><div class="content">`, s.date(), html.EscapeString(s.name()), s.link(s.sections[3]))
	if s.chance(0.5) {
		s.out(`<div class="field"><div class="field-item"><img src="1.jpg"/></div></div><div class="field"><div class="field-item">%s</div></div>`, s.caption())
	}
	s.body([]int{3, 2, 0, 5}[s.rng.IntN(4)])
	s.out(`</div><div class="links">&raquo; %s | %s | %d %s</div></div>`, s.link(s.reply), s.link(s.print), s.rng.IntN(999), s.views)
	if s.chance(0.6) {
		s.talk(1+s.rng.IntN(6), func(i int, name, when, say string) {
			s.out(`<a id="comment-%d"></a><div class="comment"><h3 class="title">%s</h3><div class="submitted">%s — %s</div><div class="content"><p>%s</p></div><div class="links">%s</div></div>`, i, s.link(cut(say, 20)), when, name, say, s.link(s.reply))
		})
	}
	s.out(`</div></td><td id="sidebar-right">`)
	s.gadget(s.rng.IntN(5))
	s.stories(5)
	s.out("</td></tr></table>")
	s.footer()
}

func (s *sheet) broadcast() {
	s.out(`<table width=785 cellpadding=0><tr><td colspan=3>%s</td></tr><tr valign=top><td width=125 class=lhs><table>`, s.link(s.host))
	s.menu("<tr><td class=navitem>", "</td></tr>")
	s.out(`</table><hr>`)
	s.bar()
	s.out(`</td><td width=629><table width=629><tr><td colspan=2><div class=lu>%s: %s</div><div class="mxb"><div class="sh">%s</div></div></td></tr><tr><td valign=top width=416><font size="2">`, s.published, s.date(), s.title)
	quote := func() {
		s.out(`<table align=right width=208 border=0><tr><td width=5></td><td class=fact><div class=mva><img src=q1.gif> <b>%s</b> <img src=q2.gif></div><div class=mva><div>%s</div></div></td></tr></table>`, html.EscapeString(cut(s.list[len(s.list)/2], 70)), html.EscapeString(s.name()))
	}
	links := func() {
		s.out(`<table align=right width=208><tr><td class=sibtbg><div class=sih>%s</div>`, s.related)
		for range 2 + s.rng.IntN(3) {
			s.out(`<div class=o>%s</div>`, s.link(s.headline()))
		}
		s.out("</td></tr></table>")
	}
	picture := func() {
		s.out(`<table border=0 align=right width=226><tr><td><div><img src=1.jpg width=226><div class=cap>%s</div></div></td></tr></table>`, s.teaser(60))
	}
	s.body([]int{2, 3, 0}[s.rng.IntN(3)], picture, quote, links)
	s.out("</font><hr>")
	s.talk(s.rng.IntN(4), func(_ int, name, _, say string) { s.out("<i>%s</i><br><b>%s, %s</b><br><br>", say, name, s.name()) })
	s.out(`</td><td width=205 valign=top class=storyextra>`)
	s.bar()
	for _, l := range []string{s.related, s.sections[4], s.popular} {
		s.out(`<div class="seealso"><div class=sah>%s</div>`, l)
		for range 4 {
			s.out(`<div class=arr>%s</div><div class=arr><small>%s | %s</small></div>`, s.link(s.headline()), s.date(), s.sections[2])
		}
		s.out("</div>")
	}
	s.out("</td></tr></table></td></tr></table>")
	s.footer()
}

func (s *sheet) labels() {
	s.out(`<form method="post" action="x.aspx" id="Form1"><table id="Table1" cellspacing="0" width="100%%"><tr><td><span id="ctl00_lblDate">%s</span></td></tr><tr><td>`, s.date())
	s.menu(`<span class="mnu">`, "</span>&nbsp;")
	s.out(`</td></tr><tr><td><table id="Table2" width="100%%"><tr>`)
	side := func() {
		s.out(`<td valign="top" width="20%%"><table cellspacing="0" rules="all" border="1" style="border-collapse:collapse;">`)
		for range 5 {
			s.out(`<tr><td><a href="x%d">%s</a><br><span>%s</span></td></tr>`, s.rng.IntN(99), html.EscapeString(s.headline()), s.teaser(100))
		}
		s.out("</table></td>")
	}
	first := s.chance(0.5)
	if first {
		side()
	}
	s.out(`<td valign="top"><table width="100%%"><tr><td><span id="ctl00_lblTitle" style="font-weight:bold;">%s</span></td></tr><tr><td><span id="ctl00_lblFacts">%s</span></td></tr><tr><td>`, s.title, s.facts())
	if s.chance(0.5) {
		s.out(`<span id="ctl00_lblSummary"><b>%s</b></span></td></tr><tr><td>`, s.list[0])
		rest := s.list
		s.list = s.list[1:]
		s.out(`<span id="ctl00_lblBody">`)
		s.body([]int{0, 1, 4, 9}[s.rng.IntN(4)])
		s.list = rest
	} else {
		s.out(`<span id="ctl00_lblBody">`)
		s.body([]int{0, 1, 4, 9}[s.rng.IntN(4)], s.picture)
	}
	s.out(`</span></td></tr><tr><td align="right">`)
	s.bar()
	s.out(`</td></tr><tr><td>`)
	if s.chance(0.6) {
		s.out(`<span>%s</span><table cellspacing="0" border="0">`, s.related)
		for range 5 {
			s.out(`<tr><td><span>%s</span></td><td>%s</td></tr>`, s.date(), s.link(s.headline()))
		}
		s.out("</table>")
	}
	if s.chance(0.5) {
		s.talk(1+s.rng.IntN(5), func(_ int, name, when, say string) {
			s.out(`<table width="100%%"><tr><td><span>%s</span></td><td><span>%s</span></td></tr><tr><td colspan="2"><span>%s</span></td></tr></table>`, name, when, say)
		})
	}
	s.out("</td></tr></table></td>")
	if !first {
		side()
	}
	s.out("</tr></table></td></tr></table></form>")
	s.footer()
}

func (s *sheet) printed() {
	s.out("%s<br>", html.EscapeString(s.host))
	s.out("<h3>%s</h3><i>%s</i><hr>", s.title, s.date())
	s.body(s.rng.IntN(styles))
	s.out("<hr>http://%s.example/%d/%d.html<br>%s", "www", s.year, s.rng.IntN(9999), s.copyright)
	if s.chance(0.5) {
		s.out("<br><a href=javascript:print()>%s</a>", s.print)
	}
}

// localNames are names of classes in languages other than English: title, lead,
// text, picture, box, comment, advertisement, menu, side.
var localNames = map[string]string{
	"en": "headline|standfirst|copy|pic|panel|readersay|mpu|links|rhs",
	"de": "ueberschrift|vorspann|fliesstext|bildbox|kasten|leserbrief|reklameblock|hauptmenue|spalte",
	"es": "titular|entradilla|cuerpo|foto|cuadro|comentario|publi|menu|columna",
	"pt": "titulo|linhafina|corpo|foto|caixa|comentario|publicidade|menu|coluna",
	"ru": "zagolovok|anons|soderzhanie|foto|blok|kommentariy|reklama|menyu|kolonka",
	"el": "titlos|perilipsi|keimeno|eikona|plaisio|sxolio|diafimisi|menou|stili",
	"pl": "tytul|zajawka|tresc|zdjecie|ramka|komentarz|reklama|nawigacja|szpalta",
	"zh": "biaoti|daodu|zhengwen|tupian|kuang|pinglun|guanggao|daohang|youlan",
	"ja": "midashi|riido|honbun|shashin|waku|toukou|koukoku|annai|migi",
	"ar": "onwan|moqaddima|nass|soura|itar|taaliq|ilan|qaima|amoud",
}

func (s *sheet) local() {
	all := localNames[s.g.Lang]
	if all == "" {
		all = localNames["en"]
	}
	n := strings.Split(all, "|")
	title, lead, text, pic, box, comment, ad, menu, side := n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8]
	s.out(`<div class="%s">`, menu)
	s.menu("<div>", "</div>")
	s.out(`</div><div class="%s">%s</div>`, ad, s.advert)
	columnFirst := s.chance(0.3)
	column := func() {
		s.out(`<div class="%s">`, side)
		for _, l := range []string{s.latest, s.popular, s.sections[5]} {
			s.out(`<div class="%s"><div>%s</div>`, box, l)
			for range 5 {
				if s.chance(0.4) {
					s.out("<div>%s<div>%s</div></div>", s.link(s.headline()), s.teaser(80))
				} else {
					s.out("<div>%s %s</div>", s.clock(), s.link(s.headline()))
				}
			}
			s.out("</div>")
		}
		s.gadget(s.rng.IntN(5))
		s.out("</div>")
	}
	if columnFirst {
		column()
	}
	s.out(`<div><div class="%s">%s</div><div>%s</div>`, title, s.title, s.facts())
	rest := s.list
	if s.chance(0.5) && len(s.list) > 2 {
		s.out(`<div class="%s">%s</div>`, lead, s.list[0])
		s.list = s.list[1:]
	}
	s.out(`<div class="%s"><img src="a.jpg"><span>%s</span></div>`, pic, s.caption())
	s.out(`<div class="%s">`, text)
	s.body([]int{0, 1, 2, 5, 9}[s.rng.IntN(5)], func() {
		s.out(`<div class="%s"><span>%s</span></div>`, ad, s.advert)
	}, func() {
		s.out(`<div class="%s"><b>%s</b><br/>%s<br/>%s</div>`, box, s.related, s.link(s.headline()), s.link(s.headline()))
	})
	s.list = rest
	if s.chance(0.4) {
		s.out("(%s)", html.EscapeString(s.name()))
	}
	s.out("</div><div>")
	s.bar()
	s.out("</div><div>%s: ", s.tags)
	for range 3 {
		s.out("%s, ", s.link(word(s.g, s.rng)))
	}
	s.out("</div>")
	s.talk(s.rng.IntN(6), func(i int, name, when, say string) {
		s.out(`<div class="%s"><div>~%s, %s</div><div>%s</div><div>%s [%d]</div></div>`, comment, name, when, say, s.link(s.reply), i)
	})
	s.out("</div>")
	if !columnFirst {
		column()
	}
	s.footer()
}

func (s *sheet) rows() {
	s.top()
	s.out("<table width=780 align=center border=0><tr><td width=160 valign=top bgcolor=#eeeeee><table>")
	s.menu("<tr><td><img src=dot.gif> ", "</td></tr>")
	s.out("</table></td><td valign=top><table width=100%%><tr><td align=center><font size=4 color=red><b>%s</b></font></td></tr><tr><td align=center><font size=1>%s</font></td></tr>", s.title, s.facts())
	at := s.rng.IntN(len(s.list))
	for i, p := range s.list {
		if i == at {
			s.out("<tr><td align=center><img src=1.jpg><br><font size=1>%s</font></td></tr>", s.caption())
		}
		s.out("<tr><td><p align=justify>%s</p></td></tr>", p)
	}
	s.out("<tr><td><hr></td></tr><tr><td>")
	s.bar()
	s.out("</td></tr>")
	for range 4 {
		s.out("<tr><td><img src=dot.gif> %s</td></tr>", s.link(s.headline()))
	}
	for range s.rng.IntN(4) {
		s.out("<tr><td><b>%s</b><br>%s</td></tr>", s.link(s.headline()), s.teaser(140))
	}
	s.out("</table></td></tr></table>")
	s.footer()
}

func (s *sheet) digest() {
	s.top()
	s.out("<table width=900><tr valign=top><td width=180>")
	s.menu("", "<br>")
	s.out("</td><td>")
	style := s.rng.IntN(styles)
	head := s.pickOf([]string{"h2", "h3", "b", "strong"})
	s.out("<%s>%s</%s><br><small>%s</small><br>", head, s.title, head, s.date())
	s.body(style)
	s.out("<br><small>%s</small><hr>", s.source+": "+html.EscapeString(s.name()))
	for range 2 + s.rng.IntN(3) {
		o := s.other()
		h := html.EscapeString(headline(o))
		if s.chance(0.5) {
			h = s.link(headline(o))
		}
		s.out("<%s>%s</%s><br><small>%s</small><br>", head, h, head, s.date())
		var list []string
		for p := range strings.SplitSeq(o.Text, "\n") {
			if p = strings.Join(strings.Fields(p), " "); p != "" {
				list = append(list, html.EscapeString(p))
			}
		}
		list = list[:min(len(list), 1+s.rng.IntN(4))]
		own := s.list
		s.list = list
		s.body(style)
		s.list = own
		s.out("%s<br><small>%s</small><hr>", s.link(s.read), s.source+": "+html.EscapeString(s.name()))
	}
	s.out("</td></tr></table>")
	s.footer()
}

func (s *sheet) mirror() {
	s.out(`<div id="wrapper"><div id="top">%s</div><div id="right">`, s.link(s.host))
	for range 5 {
		s.out("<div><h4>%s</h4><p>%s</p></div>", s.link(s.headline()), s.teaser(160))
	}
	s.gadget(s.rng.IntN(5))
	s.out(`</div><div id="left"><ul>`)
	s.menu("<li>", "</li>")
	s.out(`</ul>%s</div><div id="middle"><h2>%s</h2><div>%s</div>`, s.rules, s.title, s.facts())
	s.body([]int{0, 2, 3, 5, 1}[s.rng.IntN(5)], s.picture, s.banner)
	s.bar()
	s.stories(6)
	s.talk(s.rng.IntN(5), func(_ int, name, when, say string) {
		s.out("<p><strong>%s</strong> <em>%s</em></p><p>%s</p>", name, when, say)
	})
	s.out("</div></div>")
	s.footer()
}

func (s *sheet) forum() {
	s.top()
	s.out(`<table width="100%%"><tr><td class=nav>%s -> %s</td></tr></table><table width=100%% class=forumline><tr><th>%s</th></tr>`, s.link(s.sections[0]), s.link(s.sections[1]), s.title)
	post := func(name, when string, inside func()) {
		s.out(`<tr><td width=150 valign=top><b>%s</b><br><small>%s: %d</small></td><td valign=top><table width=100%%><tr><td><small>%s: %s</small></td></tr><tr><td><hr></td></tr><tr><td>`, name, s.comments, s.rng.IntN(900), s.published, when)
		inside()
		s.out("</td></tr></table></td></tr>")
	}
	post(html.EscapeString(s.name()), s.date(), func() { s.body([]int{0, 1, 2}[s.rng.IntN(3)]) })
	for range 1 + s.rng.IntN(4) {
		post(html.EscapeString(s.name()), s.date(), func() { s.out("%s", s.teaser(30+s.rng.IntN(300))) })
	}
	s.out("</table>")
	s.footer()
}

func (s *sheet) office() {
	font := s.pickOf([]string{`<font face="Times New Roman" size="3">`, `<span style="font-size:10.0pt;font-family:Verdana">`, `<font color="#000080" size="2">`})
	end := "</" + strings.Fields(font[1:])[0] + ">"
	line := func(text string) {
		s.out("<p class=\"MsoNormal\" style=\"text-align:justify\">%s%s%s</p>\n", font, text, end)
	}
	s.out(`<div align="center"><center><table border="0" width="760"><tr><td width="100%%"><p align="center"><img src="title.gif"></p><p align="center">`)
	s.menu("[ ", " ] ")
	s.out(`</p><hr><p align="center"><b><font size="5" color="#800000">%s</font></b></p>`, s.title)
	if s.chance(0.6) {
		s.out(`<p align="right"><i><font size="2">%s, %s</font></i></p>`, html.EscapeString(s.name()), s.date())
	}
	half := len(s.list) / 2
	for _, p := range s.list[:half] {
		line(p)
	}
	if half > 0 {
		s.out(`</td></tr></table></center></div><div align="center"><table border="1" width="300"><tr><td><img src="p.jpg"></td></tr><tr><td><p align="center"><font size="1">%s</font></p></td></tr></table></div><div align="center"><center><table border="0" width="760"><tr><td width="100%%">`, s.caption())
	}
	for _, p := range s.list[half:] {
		line(p)
	}
	s.out(`<p class="MsoNormal"><span>&nbsp;</span></p>`)
	if s.chance(0.5) {
		line("<b>" + s.pickOf([]string{s.related, s.archive, s.latest}) + "</b>")
	}
	for range 3 + s.rng.IntN(6) {
		line(s.date() + " " + s.link(s.headline()))
	}
	s.out(`<p align="center">%s | %s</p></td></tr></table></center></div>`, s.link(s.previous), s.link(s.next))
	s.footer()
}

func (s *sheet) gazette() {
	s.out("<table width=100%%><tr><td colspan=3><a href=/><img src=head.gif></a> %s</td></tr><tr><td colspan=3>", s.date())
	s.menu("<font size=1>", "</font> &bull; ")
	s.out("</td></tr></table><table width=900 cellpadding=6>")
	cells := min(2+s.rng.IntN(2), len(s.list))
	s.out("<tr><td colspan=%d><font size=6><b>%s</b></font><br><i>%s</i></td></tr><tr valign=top>", cells, s.title, s.facts())
	all, style := s.list, s.rng.IntN(styles)
	for c := range cells {
		s.out("<td width=%d%%>", 100/cells)
		if c == cells-1 && s.chance(0.5) {
			s.out("<img src=1.jpg><br><font size=1>%s</font><br><br>", s.caption())
		}
		s.list = all[c*len(all)/cells : (c+1)*len(all)/cells]
		s.body(style)
		s.out("</td>")
	}
	s.list = all
	s.out("</tr><tr><td colspan=%d><hr></td></tr><tr valign=top>", cells)
	for range cells {
		s.out("<td><font size=4><b>%s</b></font><br>%s %s</td>", html.EscapeString(s.headline()), s.teaser(120+s.rng.IntN(300)), s.link(s.read))
	}
	s.out("</tr></table>")
	if s.chance(0.5) {
		s.out("<table width=900><tr>")
		for range 2 {
			s.out("<td>")
			s.gadget(s.rng.IntN(5))
			s.out("</td>")
		}
		s.out("</tr></table>")
	}
	s.footer()
}

func (s *sheet) agency() {
	s.out(`<div id="a1"><a href="/">%s</a> &mdash; %s</div><div id="a2">`, html.EscapeString(s.host), s.teaser(30))
	s.menu("", " | ")
	s.out(`</div><div id="a3"><div id="a4"><div>%s / %s</div><div><b>%s</b></div>%s<br><br>`, s.link(s.sections[1]), s.date(), s.title, s.date())
	every := 2 + s.rng.IntN(3)
	for i, p := range s.list {
		if i > 0 && i%every == 0 {
			switch s.rng.IntN(3) {
			case 0:
				s.out("<i>%s: %s</i><br><br>", s.related, s.link(s.headline()))
			case 1:
				s.out("&gt;&gt; %s<br>&gt;&gt; %s<br><br>", s.link(s.headline()), s.link(s.headline()))
			case 2:
				s.out("[%s] [%s]<br><br>", s.link(s.photo), s.link(s.read))
			}
		}
		if i == 0 && s.chance(0.5) {
			p = "<b>" + html.EscapeString(strings.ToUpper(word(s.other(), s.rng))) + ", " + s.date() + "</b> - " + p
		}
		s.out("%s<br><br>\n", p)
	}
	s.out("%s. %s<br></div>", html.EscapeString(s.name()), html.EscapeString(s.name()))
	s.out(`<div id="a5">`)
	s.bar()
	s.out(`</div><div id="a6">`)
	s.talk(4+s.rng.IntN(9), func(i int, name, when, say string) {
		s.out(`<div>%s<br><small>%s</small><br>%s<br>%s %s</div>`, name, when, say, s.link("+"), s.link("-"))
	})
	s.out(`</div></div><div id="a7">`)
	s.stories(10)
	s.out("</div>")
	s.footer()
}

func (s *sheet) showcase() {
	s.out("<center><a href=/><img src=banner.gif></a><br>")
	s.menu("<a href=/>&deg;</a> ", " ")
	s.out("<br><table width=80%% border=0 cellpadding=8><tr><td align=center>")
	s.gadget(s.rng.IntN(5))
	s.out("</td></tr><tr><td align=center><font size=4><u>%s</u></font></td></tr>", s.title)
	if s.chance(0.7) {
		s.out("<tr><td align=center><small>%s</small></td></tr>", s.facts())
	}
	s.out("<tr><td>")
	at := s.rng.IntN(len(s.list))
	for i, p := range s.list {
		if i == at {
			s.out("<table width=100%% bgcolor=#ffffcc><tr>")
			for range 3 {
				s.out("<td align=center><a href=/g><img src=s.jpg></a><br><small>%s</small></td>", s.link(s.headline()))
			}
			s.out("</tr></table>")
		}
		s.out("<table width=100%%><tr><td width=20>&nbsp;</td><td><div align=justify>%s</div></td></tr></table>\n", p)
	}
	if s.chance(0.5) {
		s.out("<table width=100%%><tr><td><small>%s</small></td></tr></table>", html.EscapeString(s.by+": "+s.name()))
	}
	for range 3 + s.rng.IntN(5) {
		s.out("<table width=100%%><tr><td width=60>%s</td><td>%s</td></tr></table>", s.clock(), s.link(s.headline()))
	}
	s.out("</td></tr><tr><td>")
	s.banner()
	s.talk(s.rng.IntN(6), func(_ int, name, when, say string) {
		s.out("<table width=90%% border=1><tr><td>%s</td><td>%s</td></tr><tr><td colspan=2>%s</td></tr></table>", name, when, say)
	})
	s.out("</td></tr></table></center>")
	s.footer()
}

func (s *sheet) halves() {
	s.top()
	s.out("<table width=%d><tr><td><b>%s</b><br><small>%s</small></td></tr>", 600+s.rng.IntN(200), s.title, s.facts())
	all, style := s.list, []int{0, 1, 2, 4, 9}[s.rng.IntN(5)]
	half := (len(all) + 1) / 2
	s.out("<tr><td valign=top>")
	s.list = all[:half]
	s.body(style)
	s.out("</td></tr><tr><td><table><tr><td><img src=a.jpg></td></tr>")
	if s.chance(0.6) {
		s.out("<tr><td><font size=1>%s</font></td></tr>", s.caption())
	}
	s.out("</table></td></tr>")
	if half < len(all) {
		s.out("<tr><td valign=top>")
		s.list = all[half:]
		s.body(style)
		s.out("</td></tr>")
	}
	s.list = all
	s.out("</table><table>")
	if s.chance(0.7) {
		s.out("<tr><td><b>%s</b></td></tr>", s.related)
	}
	for range 3 + s.rng.IntN(4) {
		s.out("<tr><td>%s</td></tr>", s.link(s.headline()))
	}
	s.out("</table>")
	if s.chance(0.4) {
		s.gadget(s.rng.IntN(5))
	}
	s.footer()
}

func (s *sheet) inset() {
	s.out("<table width=980><tr><td width=160 valign=top>")
	s.menu("", "<br>")
	s.out("</td><td valign=top>")
	head := s.pickOf([]string{"h1", "h2", "b"})
	s.out("<%s>%s</%s><br>%s<br><br>", head, s.title, head, s.facts())
	s.body([]int{0, 1, 3, 9}[s.rng.IntN(4)], func() {
		s.out("<br>")
		s.stories(2 + s.rng.IntN(4))
		s.out("<br>\n<br>\n")
	})
	if s.chance(0.5) {
		s.out("<br>")
		s.bar()
	}
	s.out("</td>")
	if s.chance(0.5) {
		s.out("<td width=200 valign=top>")
		s.stories(6)
		s.gadget(s.rng.IntN(5))
		s.out("</td>")
	}
	s.out("</tr></table>")
	s.footer()
}
