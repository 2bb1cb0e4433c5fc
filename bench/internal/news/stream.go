// Package news makes a stream of news articles that is as long as one likes
// and whose truth is known: which article was made from which, and how.
//
// Every article is a function of the seed and its number, so nothing is kept
// of those before. Words are made up but for the English ones that come most
// often, months and weekdays. What an index and a comparison see of it, such as
// lengths, names and numbers, and what unrelated articles have in common, is
// held against real collections by Measure.
package news

import (
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"time"

	"github.com/newsdedup/newsdedup"
)

// Config describes a stream. The zero value is one of 100,000 articles a day.
type Config struct {
	Seed uint64
	// PerDay is the mean number of articles published in a day. Zero: 100,000.
	PerDay int
	// Boilerplate is the number of words that every article ends with, the same
	// in all. Zero: none.
	Boilerplate int
}

// Kind says how an article was made.
type Kind uint8

const (
	Fresh    Kind = iota // an event of its own
	Notice               // a form filled in with names and numbers
	Verbatim             // the same text and title
	Retitled             // the same text under another title
	Restyled             // a dateline, one word in sixty changed, in longer texts a local paragraph
	Trimmed              // without the last tenth to third of the paragraphs
	Updated              // new lead, some figures changed, the end trimmed
	Excerpt              // the first quarter to half
	Pasted               // a third of the source's paragraphs or more within an own text
	Reworded             // most words changed; names, numbers and their order kept
	Report               // an own text on the event of the source
	Kinds
)

var kindNames = [Kinds]string{"fresh", "notice", "verbatim", "retitled", "restyled", "trimmed", "updated", "excerpt", "pasted", "reworded", "report"}

func (k Kind) String() string {
	if k < Kinds {
		return kindNames[k]
	}
	return "kind(" + strconv.Itoa(int(k)) + ")"
}

// share is how many of 1024 articles are of a kind.
var share = [Kinds]int{Notice: 50, Verbatim: 130, Retitled: 60, Restyled: 40, Trimmed: 60, Updated: 50, Excerpt: 30, Pasted: 20, Reworded: 20, Report: 50}

// Truth is what is known of an article. Articles of one Text have one text,
// edited; those of one Facts also tell the same in other words; those of one
// Event report it. Each is named by the number of the first article that has
// it.
type Truth struct {
	Kind               Kind
	Chrome             bool // lines of the page were left in
	Source             int  // the article it was made from; -1 without
	Text, Facts, Event int
	From               int // text of which paragraphs were pasted into Text; -1 if none
	Form               int // of a text that is a notice; -1 if it is none
}

// whole is the weakest relation of an article of this truth to its own text as
// it was first published.
func (t Truth) whole() newsdedup.Relation {
	switch {
	case t.Kind == Updated || t.Kind == Excerpt || t.Chrome:
		return newsdedup.Partial
	case t.Kind == Restyled || t.Kind == Trimmed:
		return newsdedup.Near
	}
	return newsdedup.Exact
}

// Want is the weakest relation of two articles that is right.
func Want(a, b Truth) newsdedup.Relation {
	least := min(a.whole(), b.whole())
	switch {
	case a.Text == b.Text:
		return least
	case least >= newsdedup.Near && (a.From == b.Text || b.From == a.Text):
		return newsdedup.Partial
	case least >= newsdedup.Near && a.Facts == b.Facts:
		return newsdedup.Rewrite
	case a.Event == b.Event:
		return newsdedup.SameStory
	}
	return newsdedup.Unrelated
}

// origin is what is added to the number of an article before its zeros are
// counted, so that the first has none.
const origin = 370_085

// forms is the number of forms that notices fill in.
const forms = 400

// Stream makes articles. It is safe for concurrent use.
type Stream struct {
	c    Config
	lang *language
	tail []byte // the boilerplate
}

// New returns the stream of a configuration.
func New(c Config) (*Stream, error) {
	if c.PerDay == 0 {
		c.PerDay = 100_000
	}
	if c.PerDay < 0 || c.Boilerplate < 0 {
		return nil, fmt.Errorf("news: negative %+v", c)
	}
	s := &Stream{c: c, lang: newLanguage(c.Seed)}
	if c.Boilerplate > 0 {
		var w Writer
		w.reset(s)
		r := rng(seed(c.Seed, 'b', 0))
		for n := 0; n < c.Boilerplate; {
			n += w.plain(&r, min(c.Boilerplate-n, r.between(8, 30)))
			w.end("\n\n")
		}
		s.tail = append([]byte("\n\n"), w.buf[:w.n-2]...)
	}
	return s, nil
}

func (s *Stream) seed(i int) uint64 { return seed(s.c.Seed, 'a', i) }

// Truth tells how article i was made.
//
// An article that is not fresh goes back to one before it: a lag spread evenly
// over the orders of magnitude up to two days, then down to a number with as
// many binary zeros at its end as are drawn, at most 15. An article of z zeros
// so gets about 0.4×1.6^z copies, which has a tail like x^-1.5: most have none,
// some hundreds.
func (s *Stream) Truth(i int) Truth {
	r := rng(seed(s.seed(i), 't', 0))
	kind := Fresh
	x := int(r.next() & 1023)
	for k, n := range share { // Notice first: see form
		if x -= n; x < 0 {
			kind = Kind(k)
			break
		}
	}
	own := Truth{Kind: kind, Source: -1, Text: i, Facts: i, Event: i, From: -1, Form: -1}
	chrome := r.chance(24)
	own.Chrome = chrome
	if kind == Notice {
		own.Form, own.Chrome = s.form(i), false
	}
	if kind <= Notice {
		return own
	}
	u := float64(r.next()>>11) / (1 << 53)
	lag := int(math.Pow(float64(2*s.c.PerDay), u))
	zeros := 0
	for most := min(15, bits.Len(uint(s.c.PerDay))); zeros < most && r.chance(205); {
		zeros++
	}
	j := (i-lag+origin)>>zeros<<zeros - origin
	if j < 0 {
		own.Kind = Fresh
		return own
	}
	t := s.Truth(j)
	t.Kind, t.Source, t.Chrome = kind, j, chrome
	switch n := s.paragraphs(t.Text); {
	case t.Form >= 0:
		t.Kind = Verbatim
	case kind == Pasted:
		t.From, t.Text, t.Facts = t.Text, i, i
	case kind == Report:
		t.From, t.Text, t.Facts = -1, i, i
	case kind == Reworded:
		t.From, t.Text = -1, i
	case n < 6 && (kind == Trimmed || kind == Updated), n < 10 && kind == Excerpt:
		t.Kind = Retitled
	}
	if t.Kind == Verbatim {
		t.Chrome = false
	}
	return t
}

// form is the form of the notice that article i is, -1 if it is none.
func (s *Stream) form(i int) int {
	r := rng(seed(s.seed(i), 't', 0))
	if int(r.next()&1023) >= share[Notice] {
		return -1
	}
	return int(mix(r.next()) % forms)
}

// paragraphs is the number of paragraphs of a text: lengths of articles are
// log-normal.
func (s *Stream) paragraphs(text int) int {
	if s.form(text) >= 0 {
		r := rng(seed(s.c.Seed, 'f', s.form(text)))
		return r.between(1, 4)
	}
	r := rng(seed(s.seed(text), 'l', 0))
	return max(2, min(200, int(math.Exp(2.62+.7*r.normal())+.5)))
}

// published is when article i appeared: more by day than by night, to the
// second.
func (s *Stream) published(i int) time.Time {
	day := float64(i) / float64(s.c.PerDay)
	day += .1 * math.Sin(2*math.Pi*day)
	return start.Add(time.Duration(day*86400) * time.Second)
}

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// SimHash is the i-th of an endless sequence of 64-bit numbers: one in eight
// differs in up to seven bits from an earlier one, whose number is source, the
// others are random and have source -1.
func (s *Stream) SimHash(i int) (h uint64, source int) {
	r := rng(seed(s.c.Seed, 'h', i))
	h = r.next()
	if i == 0 || r.next()&7 != 0 {
		return h, -1
	}
	source = r.below(i)
	h, _ = s.SimHash(source)
	for range r.below(8) {
		h ^= 1 << r.below(64)
	}
	return h, source
}
