package newsdedup

import (
	"fmt"
	"math"
	"strconv"
	"sync"

	"github.com/newsdedup/newsdedup/internal/align"
	"github.com/newsdedup/newsdedup/internal/sketch"
	"github.com/newsdedup/newsdedup/internal/verdict"
)

// Relation says how two articles are tied. Relations are ordered: a greater
// value is a stronger tie. Every relation is symmetric; Evidence tells which
// side contains which.
type Relation uint8

const (
	// Unrelated: anything not below, templated look-alikes (earnings notices,
	// weather, money-market series) included.
	Unrelated Relation = iota
	// SameStory: independent reports of one event.
	SameStory
	// Rewrite: one paraphrases the other: spun, reworded, condensed. Same facts
	// in much the same order, little common prose.
	Rewrite
	// Partial: one reuses a substantial part of the other's own prose: abridged,
	// an excerpt, a later version, wire paragraphs within a staff story. Quoted
	// speech, posts and official statements alone do not count.
	Partial
	// Near: the same article, retitled, trimmed by a few paragraphs, in another
	// house style, corrected, or with updated figures.
	Near
	// Exact: the same normalized text: equal but for case, spacing, punctuation
	// and the spelling variants that tokens unify. A stub of a few words is so
	// only under titles that agree; see Relate.
	Exact
)

var relationNames = [...]string{"unrelated", "samestory", "rewrite", "partial", "near", "exact"}

// String returns the lower-case name: "unrelated", "samestory", "rewrite",
// "partial", "near", "exact". Other values give "relation(N)".
func (r Relation) String() string {
	if int(r) < len(relationNames) {
		return relationNames[r]
	}
	return "relation(" + strconv.Itoa(int(r)) + ")"
}

// ParseRelation is the inverse of String for the six relations. Other names
// give ErrOption.
func ParseRelation(s string) (Relation, error) {
	for i, name := range relationNames {
		if s == name {
			return Relation(i), nil
		}
	}
	return Unrelated, fmt.Errorf("%w: relation %q", ErrOption, s)
}

// MarshalText returns String. Values that are no relation give ErrOption.
func (r Relation) MarshalText() ([]byte, error) {
	if int(r) >= len(relationNames) {
		return nil, fmt.Errorf("%w: %v", ErrOption, r)
	}
	return []byte(relationNames[r]), nil
}

// UnmarshalText is ParseRelation.
func (r *Relation) UnmarshalText(text []byte) error {
	v, err := ParseRelation(string(text))
	if err == nil {
		*r = v
	}
	return err
}

// Match is the verdict on two articles.
type Match struct {
	A        string   `json:"a"` // IDs of the two articles
	B        string   `json:"b"`
	Relation Relation `json:"relation"`
	// Score is the calibrated probability, 0 to 1 in steps of 0.0001, that the
	// relation is at least Relation; for Unrelated, that the articles are
	// unrelated.
	Score    float64  `json:"score"`
	Evidence Evidence `json:"evidence"`
}

// exchange exchanges the sides of m in place.
func (m *Match) exchange() {
	m.A, m.B = m.B, m.A
	m.Evidence.exchange()
}

func (e *Evidence) exchange() {
	e.AinB, e.BinA = e.BinA, e.AinB
	e.ProseAinB, e.ProseBinA = e.ProseBinA, e.ProseAinB
	for i, p := range e.Passages {
		e.Passages[i] = Passage{p.BStart, p.BEnd, p.AStart, p.AEnd, p.Words, p.Quoted}
	}
}

// Relate tells how two articles are tied, from their fingerprints alone. It is
// symmetric: Relate(b, a) is the same verdict with the sides of the evidence
// exchanged. The rules, in order:
//
//  1. Equal digests of texts that have words are Exact, with score 1; but texts
//     of at most twenty words, which are the same under any headline, are
//     Unrelated where less than half of the shorter title's content words are in
//     the other title.
//  2. Of a fingerprint that is sampled more coarsely than the other, the other
//     is sampled alike before they are compared.
//  3. The content words of both are aligned: common runs and passages, common
//     sentences and their order, names, numbers, dates and title words in
//     common and in conflict (see Evidence).
//  4. Four logistic regressions over these give the probability that the
//     relation is at least Partial; if so, at least Near; if not, at least
//     Rewrite; if not that, at least SameStory. The strongest relation whose
//     probability reaches its threshold is the verdict. Where one text has at
//     most sixty content words, that of Partial is higher, and where it has at
//     most eighty, nothing is Rewrite. Near also asks that nearly half of either
//     text is common, and, where one has at most twenty content words, Partial
//     and Near that two thirds of it (of twenty) to all (of six) is; shorter ones
//     are Exact or weaker. Weights, bounds and the data behind them are in
//     internal/verdict.
//  5. SameStory becomes Rewrite, with score 0.5, if both quote the same speech,
//     eighteen content words at least, and all but none besides: the quotations
//     of independent reports differ.
//
// Fingerprints of different schemes, and zero ones, give ErrScheme; bad
// options ErrOption.
func Relate(a, b *Fingerprint, o *Options) (Match, error) {
	if o != nil {
		if _, err := o.settings(); err != nil {
			return Match{}, err
		}
	}
	if a == nil || b == nil || a.Scheme() != b.Scheme() || a.Scheme() != Scheme1 {
		return Match{}, fmt.Errorf("%w: to be compared", ErrScheme)
	}
	c := comparers.Get().(*comparer)
	defer comparers.Put(c)
	return c.relate(a, b, true), nil
}

// Compare is Relate on the fingerprints of two articles, with the same
// verdict, but with exact bounds of the common passages. A nil article gives
// ErrEmpty.
func Compare(a, b *Article, o *Options) (Match, error) {
	s, err := o.settings()
	if err != nil {
		return Match{}, err
	}
	if a == nil || b == nil {
		return Match{}, fmt.Errorf("%w: nil article", ErrEmpty)
	}
	fa, fb := s.Scheme.Fingerprint(a), s.Scheme.Fingerprint(b)
	c := comparers.Get().(*comparer)
	defer comparers.Put(c)
	m := c.relate(&fa, &fb, true)
	m.Evidence.Passages = c.exactPassages(a.Text, b.Text)
	return m, nil
}

// comparer is the scratch space of one comparison at a time.
type comparer struct {
	// x is the text that align has indexed, y the other one, and encodedX and
	// encodedY are where they were read; x was sampled at level.
	x, y               sketch.View
	encodedX, encodedY string
	level              uint8

	sample sketch.Sketch
	align  align.Aligner
	vector verdict.Vector
	denseA dense
	denseB dense
}

var comparers = sync.Pool{New: func() any { return new(comparer) }}

// relate compares in the order of the encoded sketches, so that it is symmetric to
// the last bit. Unless always is set, the evidence of Unrelated is left out.
func (c *comparer) relate(a, b *Fingerprint, always bool) (m Match) {
	if a.sketch > b.sketch {
		c.ordered(&m, b, a, always)
		m.exchange()
	} else {
		c.ordered(&m, a, b, always)
	}
	return m
}

func (c *comparer) ordered(m *Match, a, b *Fingerprint, always bool) {
	st, va, vb := c.alignTexts(a.sketch, b.sketch)
	m.A, m.B = a.ID(), b.ID()
	quotes := false
	same := a.Digest() == b.Digest() && va.Words > 0
	if same {
		var level int
		level, m.Score = verdict.Equal(va.Words, st)
		m.Relation = Relation(level)
	} else {
		var level int
		level, m.Score, quotes = verdict.Staged(&c.vector, &c.align, st, 0)
		m.Score = math.Round(m.Score*1e4) / 1e4 // the last bits are the machine's
		m.Relation = Relation(level)
	}
	if always || m.Relation > Unrelated {
		c.evidence(&m.Evidence, a.sketch, b.sketch, st, va, vb)
		m.Evidence.circumstances(a, b)
		m.Evidence.Reason = reason(m.Relation, quotes, &m.Evidence)
		if same && m.Relation == Unrelated {
			m.Evidence.Reason = "same few words under different titles"
		}
	}
}

// alignTexts compares two encoded sketches, a as A. A text that stays the same
// from one call to the next, on whichever side, is read and indexed once: that
// makes no difference to the result.
func (c *comparer) alignTexts(a, b string) (st *align.Stats, va, vb *sketch.View) {
	x, y, flipped := a, b, false
	if a != c.encodedX && (b == c.encodedX || a != c.encodedY && (b == c.encodedY || len(b) < len(a))) {
		x, y, flipped = b, a, true // to go through a text takes less time than to index it
	}
	c.y.Read(y)
	level := c.y.Level
	if x != c.encodedX || c.level < level || c.level > max(level, sketch.Level(x)) {
		c.x.Read(x)
		level = max(level, c.x.Level)
		c.resample(&c.x, x, level)
		c.align.Index(&c.x)
		c.encodedX, c.level = x, level
	}
	c.encodedY = y
	c.resample(&c.y, y, c.level)
	st = c.align.Meet(&c.y, flipped)
	if flipped {
		return st, &c.y, &c.x
	}
	return st, &c.x, &c.y
}

// resample samples v, which was read from encoded, at level unless it is at that
// already.
func (c *comparer) resample(v *sketch.View, encoded string, level uint8) {
	if v.Level < level {
		c.sample.Decode(encoded)
		c.sample.Sample(&c.sample, level)
		v.Of(&c.sample)
	}
}
