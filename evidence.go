package newsdedup

import (
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/newsdedup/newsdedup/internal/align"
	"github.com/newsdedup/newsdedup/internal/sketch"
	"github.com/newsdedup/newsdedup/internal/token"
)

// Evidence is what a verdict rests on. Shares are from 0 to 1. Content words
// are the tokens that a fingerprint keeps: words of four letters or more and
// numbers, or what takes their place in other scripts.
type Evidence struct {
	Distance      int `json:"distance"`      // Hamming distance of the body SimHashes, 0 to 64
	TitleDistance int `json:"titleDistance"` // of the title SimHashes; 64 where a title is missing

	Resemblance float64 `json:"resemblance"` // common share of the union of all three-word shingles
	AinB        float64 `json:"aInB"`        // share of A's content words in runs of three or more that B has too
	BinA        float64 `json:"bInA"`        // the same of B's in A
	ProseAinB   float64 `json:"proseAInB"`   // the same without quoted speech
	ProseBinA   float64 `json:"proseBInA"`
	Quoted      float64 `json:"quoted"` // share of these common runs that is quoted speech
	Order       float64 `json:"order"`  // share of the common passages that stand behind the one before on both sides; 1 for a single one
	Title       float64 `json:"title"`  // common share of the shorter title's content words

	Names         float64  `json:"names"`     // common share of the names, of the side that has fewer
	Numbers       float64  `json:"numbers"`   // common share of the numbers, of the side that has fewer
	Dates         float64  `json:"dates"`     // common share of weekdays and months, of the side that has fewer
	Conflicts     int      `json:"conflicts"` // names and numbers that differ within a common frame and stand in no common run
	SamePublisher bool     `json:"samePublisher"`
	Credits       []string `json:"credits,omitempty"` // agencies that both credit

	// TimeGap is the absolute difference of the publication dates, in JSON as
	// nanoseconds; -1 where one is unknown.
	TimeGap time.Duration `json:"timeGap"`

	// Passages are the longest common passages, longest first, at most eight.
	Passages []Passage `json:"passages,omitempty"`
	// Reason says in one line what decided.
	Reason string `json:"reason"`
}

// Passage is a stretch of text that two articles share: byte offsets into
// Article.Text of either side. Compare gives exact bounds; Relate bounds
// rounded outward to the segments that the fingerprints keep.
type Passage struct {
	AStart int  `json:"aStart"`
	AEnd   int  `json:"aEnd"`
	BStart int  `json:"bStart"`
	BEnd   int  `json:"bEnd"`
	Words  int  `json:"words"` // content words in common
	Quoted bool `json:"quoted,omitempty"`
}

// minPassage is the least number of common content words that Relate reports
// as a passage; minExact that of words for Compare.
const minPassage, minExact = 4, 8

// evidence fills in what the sketches a and b and their latest alignment tell.
// circumstances and reason are to follow.
func (c *comparer) evidence(e *Evidence, a, b string, st *align.Stats, va, vb *sketch.View) {
	*e = Evidence{
		Distance:      SimHash(u64(a, bodyAt)).Distance(SimHash(u64(b, bodyAt))),
		TitleDistance: 64,
		Resemblance:   part(st.Shingles, st.A.Tokens+st.B.Tokens-4-st.Shingles),
		AinB:          part(st.A.Run3, st.A.Tokens),
		BinA:          part(st.B.Run3, st.B.Tokens),
		ProseAinB:     part(st.A.Run3P, st.A.Prose),
		ProseBinA:     part(st.B.Run3P, st.B.Prose),
		Quoted:        part(st.A.Run3+st.B.Run3-st.A.Run3P-st.B.Run3P, st.A.Run3+st.B.Run3),
		Order:         st.Order,
		Title:         part(st.Head, st.HeadMin),
		Conflicts:     st.Conflicts,
		TimeGap:       -1,
	}
	kind := func(k sketch.Kind) float64 {
		return part(min(st.A.Common[k], st.B.Common[k]), min(st.A.Kinds[k], st.B.Kinds[k]))
	}
	e.Names, e.Numbers, e.Dates = kind(sketch.Name), kind(sketch.Number), kind(sketch.Date)
	if ta, tb := SimHash(u64(a, titleAt)), SimHash(u64(b, titleAt)); ta != 0 && tb != 0 {
		e.TitleDistance = ta.Distance(tb)
	}
	passages := c.align.Longest(minPassage)
	if len(passages) == 0 {
		return
	}
	e.Passages = make([]Passage, len(passages))
	for i := range passages {
		p := &passages[i]
		e.Passages[i] = Passage{
			AStart: int(va.Segs[p.SegsA[0]].Start), AEnd: int(va.Segs[p.SegsA[1]].End),
			BStart: int(vb.Segs[p.SegsB[0]].Start), BEnd: int(vb.Segs[p.SegsB[1]].End),
			Words: int(p.Tokens), Quoted: 2*p.Quoted > p.A1-p.A0,
		}
	}
}

// circumstances fills in what is known besides the texts.
func (e *Evidence) circumstances(a, b *Fingerprint) {
	e.SamePublisher = a.publisher() != 0 && a.publisher() == b.publisher()
	if pa, pb := a.Published(), b.Published(); !pa.IsZero() && !pb.IsZero() {
		e.TimeGap = pa.Sub(pb).Abs()
	}
	if credits := a.Credits(); credits != nil {
		other := b.Credits()
		e.Credits = slices.DeleteFunc(credits, func(credit string) bool { return !slices.Contains(other, credit) })
		if len(e.Credits) == 0 {
			e.Credits = nil
		}
	}
}

func part(n, of int) float64 {
	if n <= 0 || of <= 0 {
		return 0
	}
	return min(1, float64(n)/float64(of))
}

// dense are all words of a text.
type dense struct {
	tokens []token.Token
	hashes []uint16
}

func (d *dense) fill(text string) {
	d.tokens, d.hashes = token.Scan(d.tokens[:0], text), d.hashes[:0]
	for _, t := range d.tokens {
		d.hashes = append(d.hashes, uint16(t.Hash))
	}
}

func (c *comparer) exactPassages(a, b string) []Passage {
	c.denseA.fill(a)
	c.denseB.fill(b)
	var out []Passage
	ta, tb := c.denseA.tokens, c.denseB.tokens
	for _, p := range c.align.Passages(c.denseA.hashes, c.denseB.hashes, minExact) {
		q := Passage{
			AStart: int(ta[p.A0].Start), AEnd: int(ta[p.A1-1].End),
			BStart: int(tb[p.B0].Start), BEnd: int(tb[p.B1-1].End),
			Words: int(p.Tokens),
		}
		quoted := 0
		for _, t := range ta[p.A0:p.A1] {
			if t.Flags&token.Quoted != 0 {
				quoted++
			}
		}
		q.Quoted = 2*quoted > int(p.A1-p.A0)
		out = append(out, q)
	}
	return out
}

// reason puts the verdict in a line.
func reason(r Relation, quotes bool, e *Evidence) string {
	var buf [256]byte
	s := buf[:0]
	percent := func(x float64, rest string) {
		s = strconv.AppendInt(s, int64(math.RoundToEven(100*x)), 10)
		s = append(append(s, " %"...), rest...)
	}
	prose := func() {
		percent(max(e.ProseAinB, e.ProseBinA), " of the prose of the one stands in the other")
	}
	facts := func(rest string) {
		percent(e.Names, " of the names and ")
		percent(e.Numbers, " of the numbers are common")
		s = append(s, rest...)
	}
	switch {
	case r == Exact:
		return "same words in the same order"
	case r == Near:
		percent(max(e.ProseAinB, e.ProseBinA), " of the prose of the one and ")
		percent(min(e.ProseAinB, e.ProseBinA), " of that of the other are common")
	case r == Partial:
		prose()
	case r == Rewrite && quotes:
		s = append(s, "both quote the same words and hardly any others; "...)
		facts("")
	case r == Rewrite:
		facts(", in much the same order; ")
		prose()
	case r == SameStory:
		facts("; ")
		prose()
	case e.Conflicts > 0 && max(e.AinB, e.BinA) > .5:
		s = append(s, "same frame, but "...)
		s = strconv.AppendInt(s, int64(e.Conflicts), 10)
		s = append(s, " names or numbers in it differ"...)
	default:
		facts("; no more than such articles share by chance")
	}
	for i, credit := range e.Credits {
		if i == 0 {
			s = append(s, "; both credit "...)
		} else {
			s = append(s, ", "...)
		}
		s = append(s, credit...)
	}
	return string(s)
}
