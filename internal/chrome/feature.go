package chrome

import (
	"math"
	"strings"
)

// page is the working state of one Clean.
type page struct {
	blocks []Block
	hints  Hints
	lines  []Line
	class  []Reason // what a line is by its own words; 0: nothing special
	label  []Label
	arena  []uint32

	coreA, coreB int      // the core: the densest run of sentences, lines [coreA, coreB)
	runA, runB   int      // the same as found before the first round of scores
	once, vocab  []uint64 // bit sets of the hashes of the core's terms: used in any full line, and in another again
	mask         uint32
	repeat       map[uint64]int32
	share        float32 // share of all letters that stand in full lines
	before       []float32
	squash, sums []float32
	cohs         []float32
	region       []Label // what a label announces, generously: a feature
	listed       []Label // the same, narrowly: a reason
	title        int
}

// NumFeatures is the number of features of a line. The last of them speak of
// the neighbours' first scores and are zero in the first of the two rounds.
const NumFeatures = 58

// tree is an oblivious decision tree, see internal/boost.
type tree struct {
	feature [TreeDepth]uint8
	above   [TreeDepth]float32
	leaf    [1 << TreeDepth]float32 // natural log odds
}

// The trees' number and depth, and how far from even, in natural log odds, the
// second round may be for them to be asked. On sites left out of the fit they
// raise the shingle F1 of flattened pages by .002 on aeb, .005 on Fundus and .010
// on WCXB, see weights.go.
const (
	NumTrees  = 120
	TreeDepth = 4
	Doubt     = 4
)

// correction is what the trees add to the second round's score.
func correction(f *[NumFeatures]float32) float32 {
	var s float32
	for i := range trees {
		t := &trees[i]
		leaf := 0
		for d := range TreeDepth {
			yes := 0
			if f[t.feature[d]] > t.above[d] {
				yes = 1
			}
			leaf |= yes << d
		}
		s += t.leaf[leaf]
	}
	return s
}

// full measures how much a line looks like running text, 0 to 1.
func full(l *Line) float32 {
	c := float32(min(l.Chars, 160)) / 160
	switch {
	case l.Ended && l.Stops > 0:
		return c
	case l.Unmarked:
		return c * .9
	case l.Stops > 1:
		return c * .7
	case l.Commas > 1:
		return c * .4
	}
	return c * .25
}

// findCore sets the core: the run of lines with the greatest sum of scores,
// where a line scores its letters if it is full and loses a toll otherwise, a
// smaller one for what a label announces (the maximum subsequence segmentation of Pasternack and Roth,
// "Extracting article text from the web with maximum subsequence
// segmentation", WWW 2009).
func (p *page) findCore() {
	var sum, best float32
	start := 0
	p.coreA, p.coreB = 0, 0
	var all, good float32
	list := false // behind a label of other stories, up to a sentence
	for i := range p.lines {
		l := &p.lines[i]
		q := full(l)
		all += float32(l.Chars)
		var s float32
		if q >= .2 && p.class[i] == 0 && l.Notice < 3 && p.blocks[i].Link < .5 {
			s = q * float32(min(l.Chars, 500))
			good += float32(l.Chars)
		} else {
			s = -25 - .1*float32(min(l.Chars, 300))
			if list || p.label[i] == Stories || p.label[i] == Advert {
				s = -8
			}
		}
		list = p.label[i] == Stories || list && !l.Ended
		s += p.blocks[i].Prior * 20
		if sum <= 0 {
			sum, start = 0, i
		}
		sum += s
		if sum > best {
			best, p.coreA, p.coreB = sum, start, i+1
		}
	}
	if all > 0 {
		p.share = good / all
	}
}

// learnVocab notes the terms of the core's full lines: once in any line, and
// again in another.
func (p *page) learnVocab() {
	if p.once == nil {
		terms := 0
		for i := range p.lines {
			terms += len(p.lines[i].terms)
		}
		// Sixteen bits a term.
		n := 16
		for 4*n < terms && n < 1<<16 {
			n *= 2
		}
		sets := make([]uint64, 2*n)
		p.once, p.vocab, p.mask = sets[:n], sets[n:], uint32(n-1)
	} else {
		clear(p.once)
		clear(p.vocab)
	}
	for i := p.coreA; i < p.coreB; i++ {
		l := &p.lines[i]
		if full(l) < .3 || p.class[i] != 0 {
			continue
		}
		for k, t := range l.terms {
			a, b := t>>6&p.mask, t&63
			if p.once[a]>>b&1 != 0 {
				dup := false
				for _, u := range l.terms[max(0, k-64):k] {
					if u == t {
						dup = true
						break
					}
				}
				if !dup {
					p.vocab[a] |= 1 << b
				}
			}
			p.once[a] |= 1 << b
		}
	}
}

// cohesion is the share of the line's terms that the core uses elsewhere.
func (p *page) cohesion(i int) (float32, bool) {
	l := &p.lines[i]
	if len(l.terms) == 0 {
		return 0, false
	}
	set := p.once
	if i >= p.coreA && i < p.coreB && full(l) >= .3 && p.class[i] == 0 {
		set = p.vocab
	}
	n := 0
	for _, t := range l.terms {
		n += int(set[t>>6&p.mask] >> (t & 63) & 1)
	}
	return float32(n) / float32(len(l.terms)), true
}

func b2f(b bool) float32 {
	if b {
		return 1
	}
	return 0
}

func log2(n int) float32 {
	if n < len(logs) {
		return logs[n]
	}
	return float32(math.Log2(float64(1 + n)))
}

// logs holds the logarithms of 1 to 1024 to the base 2.
var logs [1024]float32

func init() {
	for i := range logs {
		logs[i] = float32(math.Log2(float64(1 + i)))
	}
}

// context prepares what features reads: the core, its vocabulary, repeated
// lines, and the running sums of full.
func (p *page) context() {
	p.findCore()
	p.runA, p.runB = p.coreA, p.coreB
	p.learnVocab()
	n := len(p.lines)
	p.before = append(p.before[:0], 0)
	var sum float32
	for i := range p.lines {
		sum += full(&p.lines[i])
		p.before = append(p.before, sum)
	}
	p.repeat = make(map[uint64]int32, n)
	for i := range p.lines {
		p.repeat[p.lines[i].hash]++
	}
}

// window is the mean of full over lines [a, b), clipped to the page.
func (p *page) window(a, b int) float32 {
	a, b = max(a, 0), min(b, len(p.lines))
	if a >= b {
		return 0
	}
	return (p.before[b] - p.before[a]) / float32(b-a)
}

// features fills f with the features of line i.
func (p *page) features(i int, f *[NumFeatures]float32) {
	l := &p.lines[i]
	b := &p.blocks[i]
	q := full(l)
	lc := log2(l.Chars) / 8
	words := float32(max(l.Words, 1))
	lower := float32(.75)
	if l.Lower+l.Upper > 0 {
		lower = float32(l.Lower) / float32(l.Lower+l.Upper)
	}
	short := b2f(l.Chars < 60)
	prev, next := float32(0), float32(0)
	var prevEnded, nextEnded float32
	if i > 0 {
		prev = full(&p.lines[i-1])
		prevEnded = b2f(p.lines[i-1].Ended)
	}
	if i+1 < len(p.lines) {
		next = full(&p.lines[i+1])
		nextEnded = b2f(p.lines[i+1].Ended)
	}
	coh, has := p.cohesion(i)
	inside := b2f(i >= p.coreA && i < p.coreB)
	var dist float32
	if i < p.coreA {
		dist = log2(p.coreA-i) / 6
	}
	var distAfter float32
	if i >= p.coreB {
		distAfter = log2(i-p.coreB+1) / 6
	}
	rep := p.repeat[l.hash] > 1
	w3 := p.window(i-3, i+4)
	w10 := p.window(i-10, i)
	w10a := p.window(i+1, i+11)
	*f = [NumFeatures]float32{
		0:  1,
		1:  lc,
		2:  float32(min(l.Chars, 400)) / 400,
		3:  b2f(l.Ended),
		4:  b2f(l.Unmarked),
		5:  float32(min(l.Stops, 4)) / 4,
		6:  float32(min(l.Commas, 6)) / 6,
		7:  lower,
		8:  min(1, float32(l.Digits)/float32(max(l.Chars, 1))),
		9:  min(1, float32(l.Seps)/words),
		10: b2f(l.Bullet),
		11: b2f(l.Link),
		12: b2f(l.Markup),
		13: float32(min(l.Notice, 5)) / 5,
		14: b2f(l.Notice >= 2),
		15: b2f(l.Notice >= 3),
		16: min(1, float32(l.Notice)*4/words),
		17: b2f(rep),
		18: b2f(rep) * short,
		19: b2f(p.label[i] != NoLabel),
		20: b2f(p.class[i] != 0),
		21: prev,
		22: next,
		23: w3,
		24: w10,
		25: w10a,
		26: coh,
		27: b2f(!has),
		28: p.share,
		29: short,
		30: short * w3,
		31: b2f(l.Ended) * w3,
		32: inside,
		33: dist,
		34: distAfter,
		35: prevEnded,
		36: nextEnded,
		37: coh * inside,
		38: q * inside,
		39: b.Link,
	}
}

// neighbours fills the features that speak of the first scores around line i.
func (p *page) neighbours(i int, f *[NumFeatures]float32) {
	at := func(j int) float32 {
		if j < 0 || j >= len(p.lines) {
			return -2
		}
		return p.squash[j]
	}
	f[40] = at(i)
	f[41] = at(i - 1)
	f[42] = at(i + 1)
	f[43] = (at(i-2) + at(i-3)) / 2
	f[44] = (at(i+2) + at(i+3)) / 2
	f[45] = p.mean(i-10, i)
	f[46] = p.mean(i+1, i+11)
	f[48] = b2f(p.title >= 0 && i < p.title)
	f[49] = b2f(p.region[i] == Comments)
	f[50] = b2f(p.region[i] == Stories)
	f[51] = p.share * full(&p.lines[i])
	f[52] = b2f(p.lines[i].Stops > 1)
	f[53] = b2f(p.lines[i].small)
	f[54] = p.meanCohesion(i)
	f[55] = b2f(p.region[i] == Prompt)
	f[56] = f[54] * f[32]
	f[57] = b2f(p.region[i] == Stories) * full(&p.lines[i])
	f[47] = min(at(i-1)+at(i-2)+at(i-3), at(i+1)+at(i+2)+at(i+3)) / 3
}

// regions marks the lines behind a label. What a label of Stories or Prompt
// announces ends narrowly (listed) at a sentence that shares its terms with
// the core, or that another sentence follows, since titles and summaries of
// other stories alternate; generously (region) at the second full line in a
// row. Behind a label of Comments there is no end, but only a label that has
// most of the core before it counts.
func (p *page) regions() {
	n := len(p.lines)
	p.region = append(p.region[:0], make([]Label, n)...)
	p.listed = append(p.listed[:0], make([]Label, n)...)
	var core, seen float32
	for i := p.coreA; i < p.coreB; i++ {
		core += full(&p.lines[i])
	}
	prose := func(i int, q float32) bool {
		l := &p.lines[i]
		return l.Ended && !l.Bullet && l.Notice < 2 && p.class[i] == 0 && full(l) >= q
	}
	wide, narrow, run := NoLabel, NoLabel, 0
	for i := range p.lines {
		l := &p.lines[i]
		q := full(l)
		if i >= p.coreA && i < p.coreB {
			seen += q
		}
		switch m := p.label[i]; {
		case m == Comments && 10*seen >= 7*core && core > 0:
			wide, narrow = m, m
			continue
		case wide != Comments && (m == Stories || m == Prompt):
			wide, narrow, run = m, m, 0
			continue
		}
		if wide == Stories || wide == Prompt {
			if q > .5 && !l.Bullet {
				run++
			} else {
				run = 0
			}
			if run > 1 {
				p.region[i-1] = NoLabel
				wide = NoLabel
			}
		}
		if narrow == Stories || narrow == Prompt {
			if prose(i, .5) && p.cohs[i+1]-p.cohs[i] >= .4 {
				narrow = NoLabel
			} else if prose(i, .25) {
				next := i + 1
				for next < n && p.class[next] != 0 && p.label[next] != Stories {
					next++
				}
				if next < n && prose(next, .2) {
					narrow = NoLabel
				}
			}
		}
		p.region[i], p.listed[i] = wide, narrow
	}
}

// findTitle looks for the headline: of the short unpunctuated lines before
// line first, at most forty away, the one that shares most terms with the
// core; one that is repeated on the page, or near the text, goes before
// others. Of candidates in a row, headline and standfirst, the first is it. If
// none shares enough it is the line before the text, if that has the shape of
// a headline; else -1 is returned.
func (p *page) findTitle(first int) int {
	title := -1
	var best float32
	lo := max(0, first-40)
	var scores [41]float32
	for i := lo; i < first; i++ {
		l := &p.lines[i]
		if l.Words < 3 || l.Words > 40 || l.Chars < 12 || l.Chars > 240 || p.class[i] != 0 || l.Notice > 1 || l.Open || l.Link || len(l.terms) == 0 {
			continue
		}
		if l.Ended && (l.Stops > 1 || l.Wide || p.blocks[i].Text[len(p.blocks[i].Text)-1] == '.') {
			continue
		}
		n := 0
		for _, t := range l.terms {
			n += int(p.once[t>>6&p.mask] >> (t & 63) & 1)
		}
		s := float32(n) / float32(len(l.terms)) * float32(min(n, 4)) / 4
		if p.repeat[l.hash] > 1 {
			s += .25
		}
		s -= .012 * float32(first-i)
		if p.blocks[i].Kind == Heading && p.blocks[i].Level == 1 {
			s += .5
		}
		scores[i-lo] = s
		if s >= best {
			best, title = s, i
		}
	}
	if best < .15 {
		return p.lineBefore(first)
	}
	top := title
	for i := top - 1; i >= max(lo, top-4); i-- {
		if strings.Contains(p.blocks[i].Text, p.blocks[top].Text) {
			continue // a breadcrumb with the headline in it
		}
		if p.class[i] != 0 {
			continue
		}
		if scores[i-lo] <= .3*best || p.lines[i].Words < 4 {
			break
		}
		title = i
	}
	return title
}

// lineBefore returns the nearest line of a headline's shape before line first,
// beyond classified and very short lines, or -1.
func (p *page) lineBefore(first int) int {
	for i, short := first-1, 0; i >= 0 && short < 3; i-- {
		l := &p.lines[i]
		if p.class[i] != 0 {
			continue
		}
		if l.Ended && !l.Unmarked && l.Stops > 0 && p.blocks[i].Text[len(p.blocks[i].Text)-1] == '.' || l.Open || l.Link || l.Notice > 1 || l.Chars > 240 || p.listed != nil && p.listed[i] == Stories {
			return -1
		}
		if l.Words >= 4 && l.Chars >= 14 {
			return i
		}
		short++
	}
	return -1
}

// meanCohesion is the cohesion of line i and its neighbours.
func (p *page) meanCohesion(i int) float32 {
	a, b := max(0, i-2), min(len(p.lines), i+3)
	return (p.cohs[b] - p.cohs[a]) / float32(b-a)
}

// mean is the mean first score over lines [a, b), clipped to the page.
func (p *page) mean(a, b int) float32 {
	a, b = max(a, 0), min(b, len(p.lines))
	if a >= b {
		return -1
	}
	return (p.sums[b] - p.sums[a]) / float32(b-a)
}

// rescore takes the first scores and finds the core anew by them.
func (p *page) rescore(z []float32) {
	p.squash = append(p.squash[:0], z...)
	p.sums = append(p.sums[:0], 0)
	var all, sum, best float32
	start := 0
	p.coreA, p.coreB = 0, 0
	for i, x := range z {
		x = max(-4, min(4, x))
		p.squash[i] = x
		all += x
		p.sums = append(p.sums, all)
		s := x * float32(math.Sqrt(float64(min(p.lines[i].Chars, 400))))
		if sum <= 0 {
			sum, start = 0, i
		}
		sum += s
		if sum > best {
			best, p.coreA, p.coreB = sum, start, i+1
		}
	}
	if p.coreA != p.runA || p.coreB != p.runB {
		p.learnVocab()
	}
	p.cohs = append(p.cohs[:0], 0)
	var c float32
	for i := range z {
		x, ok := p.cohesion(i)
		if !ok {
			x = .3
		}
		c += x
		p.cohs = append(p.cohs, c)
	}
	text := p.coreA
	for text < p.coreB && full(&p.lines[text]) <= .3 {
		text++
	}
	p.title = p.findTitle(text)
	p.regions()
}

// Rounds returns the features of every block in the two rounds of scoring,
// for fitting the weights; first gives the score of a line in the first round.
func Rounds(blocks []Block, h Hints, first func(*[NumFeatures]float32) float32) (one, two [][NumFeatures]float32) {
	var p page
	p.load(blocks, h, nil, nil)
	p.context()
	n := len(blocks)
	one, two = make([][NumFeatures]float32, n), make([][NumFeatures]float32, n)
	z := make([]float32, n)
	for i := range one {
		p.features(i, &one[i])
		if first != nil {
			z[i] = first(&one[i])
		}
	}
	p.rescore(z)
	for i := range two {
		p.features(i, &two[i])
		p.neighbours(i, &two[i])
	}
	return one, two
}
