package news

import (
	"slices"
	"strconv"

	"github.com/newsdedup/newsdedup"
)

// A part is one paragraph to be written. What kinds of words stand where comes
// from plan, which names and numbers from facts, the other words from prose.
type part struct {
	plan, facts, prose uint64
	spin               uint64 // seed of a rewording
	strength           uint8  // share of the words, of 256, that a rewording changes
	figures            uint64 // seed of changed figures; 0 for none
	own                bool   // names are its own, not those of the event
}

// An event is what reports of it have in common.
type event struct {
	loaded  bool
	number  int
	topic   int
	names   []uint16
	figures []uint32
	words   [32]uint16
}

// A Writer makes the articles of a stream one at a time and keeps its memory
// between them. The zero value is ready. It is not for concurrent use.
type Writer struct {
	s     *Stream
	buf   []byte
	n     int
	parts []part
	event event
	named [entityCount / 64]uint64 // entities that have been named in full
	list  []uint16                 // those in named
}

func (w *Writer) reset(s *Stream) {
	if w.s != s {
		w.s, w.event = s, event{}
	}
	w.n = 0
	w.forget()
}

// forget makes every entity be named in full again.
func (w *Writer) forget() {
	for _, e := range w.list {
		w.named[e>>6] = 0
	}
	w.list = w.list[:0]
}

func (w *Writer) put(s *slot) {
	if w.n+16 > len(w.buf) {
		w.grow(16)
	}
	*(*slot)(w.buf[w.n:]) = *s
	w.n += int(s[15])
}

func (w *Writer) grow(n int) { w.buf = append(w.buf, make([]byte, len(w.buf)+4096+n)...) }

func (w *Writer) text(s string) {
	if w.n+len(s) > len(w.buf) {
		w.grow(len(s))
	}
	w.n += copy(w.buf[w.n:], s)
}

// end writes s in place of the space behind the last word.
func (w *Writer) end(s string) {
	if w.n > 0 && w.buf[w.n-1] == ' ' {
		w.n--
	}
	w.text(s)
}

// Article makes article i of s.
func (w *Writer) Article(s *Stream, i int) (newsdedup.Article, Truth) {
	t := s.Truth(i)
	w.reset(s)
	own := s.seed(i)
	r := rng(seed(own, 'm', 0))
	if t.Form >= 0 {
		w.notice(t.Text, t.Form)
		return w.article(i, i, s.lang.publisherPick.pick(r.next()), t, &r), t
	}
	w.load(t.Event)
	w.parts = w.compose(w.parts[:0], t.Text, 0)
	titled := t.Text // whose title it has
	if t.Kind == Retitled || t.Kind == Restyled || t.Kind == Updated || t.Kind == Excerpt || t.Kind == Trimmed && r.chance(128) {
		titled = i
	}
	lead := part{plan: seed(own, 'p', 900) &^ quotedPlan, facts: seed(own, 'n', 900), prose: seed(own, 'o', 900)}
	switch n := len(w.parts); t.Kind {
	case Restyled:
		for k := range w.parts {
			if p := &w.parts[k]; p.strength == 0 { // else a rewording would be undone
				p.spin, p.strength = seed(own, 'y', 0), 4
			}
		}
		if n >= 6 {
			w.parts = slices.Insert(w.parts, 1, lead)
		}
		w.put(&s.lang.places[r.below(placeCount)])
		w.end(" — ")
	case Trimmed:
		w.parts = w.parts[:max(1, n-max(1, n*r.between(8, 33)/100))]
	case Updated:
		w.parts[0] = lead
		for k := 1; k < n; k++ {
			w.parts[k].figures = seed(own, 'u', 0)
		}
		w.parts = w.parts[:n-n*r.below(25)/100]
	case Excerpt:
		w.parts = w.parts[:min(n, max(3, n*r.between(25, 50)/100))]
	}
	for k := range w.parts {
		w.paragraph(&w.parts[k])
		w.end("\n\n")
	}
	w.n -= 2
	p := s.lang.publisherPick.pick(r.next())
	if t.Chrome {
		w.chrome(i, p)
	}
	return w.article(i, titled, p, t, &r), t
}

// article describes what has been written as article i of a publisher, with
// the title of article titled.
func (w *Writer) article(i, titled, p int, t Truth, r *rng) newsdedup.Article {
	s := w.s
	if len(s.tail) > 0 {
		w.text(string(s.tail))
	}
	a := newsdedup.Article{ID: strconv.Itoa(i), Lang: "en", Text: string(w.buf[:w.n])}
	w.n = 0
	a.Publisher = string(s.place(p)) + " " + [...]string{"Times", "Post", "News", "Herald", "Online", "Daily", "Tribune", "Today"}[p&7]
	if t.Form < 0 {
		w.load(t.Event)
		w.title(titled)
	} else {
		w.noticeTitle(t.Text, t.Form)
	}
	a.Title = string(w.buf[:w.n])
	if !r.chance(3) {
		a.Published = s.published(i)
	}
	if o := rng(seed(s.seed(t.Text), 'c', 0)); o.chance(110) {
		a.Credits = []string{agencies[o.below(len(agencies))]}
	}
	if r.chance(128) {
		a.Byline = "By " + string(s.given(r.below(64))) + " " + string(s.place(r.below(placeCount)))
	}
	return a
}

func (s *Stream) place(i int) []byte {
	p := &s.lang.places[i]
	return p[:p[15]-1]
}

func (s *Stream) given(i int) []byte {
	p := &s.lang.given[i]
	return p[:p[15]-1]
}

// load makes w.event that of an article, or that of a form, counted from -1
// down.
func (w *Writer) load(i int) {
	e := &w.event
	if e.loaded && e.number == i {
		return
	}
	l := w.s.lang
	r := rng(seed(w.s.seed(i), 'e', 0))
	e.loaded = true
	e.number, e.topic = i, r.below(topicCount)
	e.names, e.figures = e.names[:0], e.figures[:0]
	for n := r.between(8, 26); len(e.names) < n; {
		x := r.next()
		if x>>62 < 2 {
			e.names = append(e.names, uint16(l.entityPick.pick(r.next())))
		} else {
			e.names = append(e.names, l.cast[e.topic][l.castPick.pick(r.next())])
		}
	}
	for range 10 {
		e.figures = append(e.figures, uint32(r.next()))
	}
	for k := range e.words {
		e.words[k] = l.topics[e.topic][l.topicPick.pick(r.next())]
	}
}

// compose appends the paragraphs of a text.
func (w *Writer) compose(dst []part, text, depth int) []part {
	s := w.s
	t := s.Truth(text)
	own := s.seed(text)
	from := len(dst)
	if t.Kind == Reworded {
		dst = w.compose(dst, s.Truth(t.Source).Text, depth+1)
		r := rng(seed(own, 'r', 0))
		strength, k := uint8(r.between(110, 240)), from
		for _, p := range dst[from:] {
			if r.chance(24) && len(dst)-from > 3 {
				continue
			}
			p.spin, p.strength = seed(own, 'y', 1), strength
			dst[k] = p
			k++
		}
		return dst[:max(k, from+1)]
	}
	n := s.paragraphs(text)
	for k := range n {
		dst = append(dst, part{plan: seed(own, 'p', k) &^ quotedPlan, facts: seed(own, 'n', k), prose: seed(own, 'o', k)})
	}
	// The same words are quoted in all reports of some events, and the same
	// background stands in some texts on a topic.
	if e := rng(seed(s.seed(t.Event), 'q', 0)); n > 3 && e.chance(80) {
		x := e.next()
		dst[from+2] = part{plan: x | quotedPlan, facts: x, prose: x}
	}
	r := rng(seed(own, 'k', 0))
	if n > 5 && r.chance(20) {
		x := seed(s.c.Seed, 'g', w.event.topic<<3|r.below(8))
		dst[from+n-1] = part{plan: x, facts: x, prose: x, own: true}
	}
	if t.Kind == Pasted && depth < 8 {
		at := len(dst)
		dst = w.compose(dst, s.Truth(t.Source).Text, depth+1)
		m := len(dst) - at
		first := r.below(m/2 + 1)
		taken := slices.Clone(dst[at+first : min(len(dst), at+first+max(3, m*r.between(35, 70)/100))])
		dst = append(dst[:from+1], append(taken, dst[from+1:at]...)...)
	}
	return dst
}

// quotedPlan in a plan makes the paragraph one that is all quoted.
const quotedPlan = 1 << 63

// paragraph writes a part.
func (w *Writer) paragraph(p *part) {
	plan, facts, prose, spin := rng(p.plan), rng(p.facts), rng(p.prose), rng(p.spin^p.prose)
	sentences := 1 + int(0x21110000>>(plan.next()&7*4)&3) // 1.6 on average
	quoted := p.plan&quotedPlan != 0
	if quoted {
		sentences = 2
	}
	for range sentences {
		x := plan.next()
		// From 3 to 48 words, 20 on average.
		n := 3 + int(x&15+x>>4&15)
		if x>>8&7 < 2 {
			n += int(x >> 11 & 15)
		}
		q := quoted || x>>20&31 < 5
		if q {
			w.text("“")
		}
		w.sentence(p, n, &plan, &facts, &prose, &spin)
		switch {
		case !q:
			w.end(". ")
		case x>>32&1 == 0 || quoted:
			w.end(".” ")
		default:
			w.end(",” ")
			w.name(&facts, p.own)
			w.end(" said. ")
		}
	}
}

// sentence writes n words or so.
func (w *Writer) sentence(p *part, n int, plan, facts, prose, spin *rng) {
	l := w.s.lang
	start := w.n
	classes, left := uint64(0), 0
	for k := 0; k < n; k++ {
		if left == 0 {
			classes, left = plan.next(), 5
		}
		left--
		class := classes & 0xFFF
		classes >>= 12
		switch {
		case class < 1810: // 44 % frequent words
			h := l.headPick.pick(prose.next())
			if p.strength > 0 && uint8(spin.next()>>56) < p.strength/2 {
				h ^= 1 + int(*spin>>20&3)
			}
			w.put(&l.head[h])
		case class < 3600: // 44 % others
			w.put(&l.words[w.word(p, prose.next(), prose, spin)])
		case class < 3940: // 8 % names, of one or two words
			w.name(facts, p.own)
			k++
		case class < 4015:
			w.number(p, facts)
		case class < 4045:
			w.put(&l.dates[facts.below(len(l.dates))])
		default: // stock phrases
			for _, id := range l.phrases[l.phrasePick.pick(prose.next())] {
				if int(id) >= headBase {
					w.put(&l.head[id-headBase])
				} else {
					w.put(&l.words[w.changed(p, id, spin)])
				}
				k++
			}
		}
	}
	if c := w.buf[start]; c >= 'a' && c <= 'z' {
		w.buf[start] = c - ('a' - 'A')
	}
}

// word picks a word: of the event, of its topic, or of all.
func (w *Writer) word(p *part, x uint64, prose, spin *rng) uint16 {
	l := w.s.lang
	var id uint16
	switch c := x >> 56; {
	case c < 36:
		id = w.event.words[x&31]
	case c < 110:
		id = l.topics[w.event.topic][l.topicPick.pick(prose.next())]
	default:
		id = uint16(l.wordPick.pick(x * 0x9E3779B97F4A7C15))
	}
	return w.changed(p, id, spin)
}

// changed puts a word of like frequency in the place of one if a rewording
// says so.
func (w *Writer) changed(p *part, id uint16, spin *rng) uint16 {
	if p.strength > 0 {
		if x := spin.next(); uint8(x>>56) < p.strength {
			return id ^ uint16(1+x&7)
		}
	}
	return id
}

// name writes an entity of the event, in full where it is the first time.
func (w *Writer) name(facts *rng, own bool) {
	x := facts.next()
	l := w.s.lang
	var e uint16
	switch names := w.event.names; {
	case own || x>>56 < 20:
		e = uint16(l.entityPick.pick(x * 0x9E3779B97F4A7C15))
	default: // the first ones more often
		a, b := int(x&0xFFFF)*len(names)>>16, int(x>>16&0xFFFF)*len(names)>>16
		e = names[min(a, b)]
	}
	known := w.named[e>>6]>>(e&63)&1 != 0
	if !known {
		w.named[e>>6] |= 1 << (e & 63)
		w.list = append(w.list, e)
	}
	w.entity(e, !known)
}

// entity writes the name of an entity: half are people, the others places,
// bodies and firms.
func (w *Writer) entity(e uint16, full bool) {
	l := w.s.lang
	r := rng(mix(uint64(e) + 0x9E3779B97F4A7C15))
	switch x := r.next() & 15; {
	case x < 8:
		given, surname := l.givenPick.pick(r.next()), l.surnamePick.pick(r.next())
		if full {
			w.put(&l.given[given])
		}
		w.put(&l.surnames[surname])
	case x < 13:
		w.put(&l.places[r.below(placeCount)])
	default:
		w.put(&l.places[r.below(placeCount)])
		at := w.n
		w.put(&l.words[r.below(300)])
		w.buf[at] -= 'a' - 'A'
		if full {
			w.text([...]string{"Council ", "Bank ", "Ministry ", "Party ", "Group ", "University ", "Court ", "Association "}[r.below(8)])
		}
	}
}

// number writes a figure: of those of the event half the time.
func (w *Writer) number(p *part, facts *rng) {
	x := facts.next()
	v := uint32(x >> 32)
	if x&1 == 0 && !p.own {
		v = w.event.figures[x>>8&0xFF*10>>8]
	}
	if p.figures != 0 {
		if y := mix(p.figures ^ uint64(v)); y&3 == 0 {
			v = uint32(y >> 32)
		}
	}
	w.figure(v)
}

func (w *Writer) figure(v uint32) {
	if w.n+32 > len(w.buf) {
		w.grow(32)
	}
	b := w.buf[w.n:w.n]
	// Small figures are frequent, as in Benford's law.
	m := int64(1) << (v >> 8 & 7)
	m += int64(v>>11) % m
	switch k := v & 15; {
	case k < 6:
		b = strconv.AppendInt(b, m+1, 10)
	case k < 9:
		n := 100 + m*31 + int64(v>>20)%97
		if n >= 1000 {
			b = strconv.AppendInt(b, n/1000, 10)
			b = append(b, ',', byte('0'+n/100%10), byte('0'+n/10%10), byte('0'+n%10))
		} else {
			b = strconv.AppendInt(b, n, 10)
		}
	case k < 11:
		b = strconv.AppendInt(b, m, 10)
		b = append(b, '.', byte('0'+v>>24%10))
		b = append(b, " percent"...)
	case k < 13:
		b = append(b, '$')
		b = strconv.AppendInt(b, m, 10)
		b = append(b, '.', byte('0'+v>>24%10))
		b = append(b, " million"...)
	default:
		b = strconv.AppendInt(b, 2026-m/3, 10)
	}
	b = append(b, ' ')
	w.n += len(b)
}

// plain writes n words of prose.
func (w *Writer) plain(r *rng, n int) int {
	l := w.s.lang
	start := w.n
	for range n {
		if x := r.next(); x&1 == 0 {
			w.put(&l.head[l.headPick.pick(r.next())])
		} else {
			w.put(&l.words[l.wordPick.pick(r.next())])
		}
	}
	if n > 0 {
		w.buf[start] -= 'a' - 'A'
	}
	w.end(".")
	return n
}

// title writes the headline that article i gave its story.
func (w *Writer) title(i int) {
	own := w.s.seed(i)
	plan, facts, prose := rng(seed(own, 'h', 0)), rng(seed(own, 'h', 1)), rng(seed(own, 'h', 2))
	l := w.s.lang
	n := plan.between(6, 12)
	start := w.n
	for k := range n {
		switch x := plan.next(); {
		case x>>56 < 80 || k == 0:
			w.entity(w.event.names[min(facts.below(len(w.event.names)), facts.below(len(w.event.names)))], false)
		case x>>56 < 130:
			w.put(&l.head[l.headPick.pick(prose.next())])
		case x>>56 < 140:
			w.figure(w.event.figures[facts.below(4)])
		default:
			w.put(&l.words[w.word(&part{}, prose.next(), &prose, nil)])
		}
	}
	if c := w.buf[start]; c >= 'a' && c <= 'z' {
		w.buf[start] = c - ('a' - 'A')
	}
	w.end("")
}

// notice fills in a form: its words are those of the form, names and numbers
// those of the article.
func (w *Writer) notice(i, form int) {
	w.load(-1 - form)
	for k := range w.s.paragraphs(i) {
		f := seed(seed(w.s.c.Seed, 'f', form), 'k', k)
		w.paragraph(&part{plan: f &^ quotedPlan, facts: seed(w.s.seed(i), 'n', k), prose: f, own: true})
		w.end("\n\n")
	}
	w.n -= 2
}

func (w *Writer) noticeTitle(i, form int) {
	r := rng(seed(w.s.seed(i), 'h', 0))
	w.entity(uint16(r.below(entityCount)), true)
	f := rng(seed(w.s.c.Seed, 'f', form))
	f.next()
	for range 4 {
		w.put(&w.s.lang.words[w.s.lang.wordPick.pick(f.next())])
	}
	w.end("")
}

// chrome writes what a page leaves behind an article: the publisher's lines,
// the same below all its articles, and the headlines of other stories.
func (w *Writer) chrome(i, publisher int) {
	f := rng(seed(w.s.c.Seed, 'z', publisher))
	for range f.between(1, 5) {
		w.text("\n\n")
		w.plain(&f, f.between(4, 25))
	}
	r := rng(seed(w.s.seed(i), 'x', 0))
	for range r.below(2) * 5 {
		j := max(0, i-1-r.below(2000))
		if t := w.s.Truth(j); t.Form < 0 {
			w.text("\n\n")
			w.load(t.Event)
			w.title(j)
		}
	}
}
