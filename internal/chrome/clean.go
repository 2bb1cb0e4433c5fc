package chrome

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Costs of the choice of lines, in natural log odds.
const (
	// shift is added to the score of every line: to lose a line of the body is
	// worse than to keep one of chrome.
	shift = .2
	// turn is the cost of entering or leaving the body. With it the shingle F1
	// of the lines chosen on flattened pages rose by .005 on aeb and .003 on
	// Fundus, on sites left out of the fit.
	turn = .3
	// bodyShare is the share of letters in full lines from which on the blocks
	// count as a body already: full lines are then kept unless their own words
	// speak against them. Of the flattened pages of aeb and Fundus 9 % reach
	// it, of their bodies alone 92 %.
	bodyShare = .85
)

// Clean finds the article among the blocks, frees it of chrome and reads the
// title, byline, publisher, date and credits on the way.
//
// The steps, in order:
//
//  1. Every line is measured (Line) and classified by its own words: labels
//     and buttons (LabelOf), promotions (PromoOf), bylines and contributors
//     (BylineOf, ContributorOf), dates, captions (CaptionOf), agencies alone
//     on a line, code.
//  2. The core is found, the run of lines densest in sentences, and what it
//     talks about.
//  3. Two rounds of logistic regression score every line by its shape, its
//     neighbours and the share of its terms that the core uses too, and trees
//     correct the scores that are in doubt; the lines of the body are those on the best path through two states, in and out
//     of the body, with a toll for every change.
//  4. In blocks that are a body already (Hints.Body, or nearly all letters
//     stand in full lines, or there is no menu) a full line stays unless step 1 or its notice words
//     speak against it; other stories at the end, told by their missing
//     punctuation and foreign terms, still go.
//  5. In other blocks a sentence stays that the scores alone would drop, if it
//     stands in the core or next to what is kept and speaks of the same
//     things, or if only labels, advertisements and lists part it from them.
//  6. Classified lines go wherever they stand, what a label of other stories
//     announces, lines found three times, repeated lines after their first
//     time, and lines that repeat the title.
//  7. The first paragraph loses a leading date, the title and the dateline;
//     the last loses a trailing credit.
//
// What Hints.Learned reports is taken away before, as if it had never stood
// there, see forget.
//
// If nothing would be left, the sentences of the core are kept; if there are
// none, the lines without a class; if there are none, all.
func Clean(blocks []Block, h Hints) Result {
	rest, origin, gone := forget(blocks, h.Learned)
	r, _ := clean(rest, h, nil, nil)
	if gone != nil {
		r.remember(origin, gone)
	}
	return r
}

// clean is Clean. If last is given, blocks are the pieces that it kept, and
// what was measured of the unchanged ones is taken from it.
func clean(blocks []Block, h Hints, last *page, kept []Piece) (Result, *page) {
	p := new(page)
	p.load(blocks, h, last, kept)
	p.context()
	z := p.score()
	keep := p.choose(z)
	p.refine(keep, z)
	return p.compose(keep), p
}

func (p *page) score() []float32 {
	n := len(p.lines)
	z := make([]float32, n)
	var f [NumFeatures]float32
	for i := range z {
		p.features(i, &f)
		var s float32
		for j, x := range f[:40] {
			s += x * round1[j]
		}
		z[i] = s
	}
	p.rescore(z)
	for i := range z {
		p.features(i, &f)
		p.neighbours(i, &f)
		var s float32
		for j, x := range f {
			s += x * round2[j]
		}
		if s > -Doubt && s < Doubt {
			s += correction(&f)
		}
		z[i] = s + shift + p.blocks[i].Prior
	}
	return z
}

// choose finds the most likely path through the two states (Viterbi).
func (p *page) choose(z []float32) []bool {
	n := len(z)
	keep := make([]bool, n)
	from := make([]uint8, n) // bit 0: out comes from in; bit 1: in comes from in
	var in, out float32
	for i, x := range z {
		ni, no := in, out
		var f uint8 = 2
		if out-turn > in {
			ni, f = out-turn, 0
		}
		if in-turn > out {
			no = in - turn
			f |= 1
		}
		from[i] = f
		in, out = ni+x/2, no-x/2
	}
	st := in > out
	for i := n - 1; i >= 0; i-- {
		keep[i] = st
		if st {
			st = from[i]&2 != 0
		} else {
			st = from[i]&1 != 0
		}
	}
	return keep
}

// refine applies the rules that do not weigh but decide.
func (p *page) refine(keep []bool, z []float32) {
	if loose := p.loose(); p.hints.Body || loose || p.share >= bodyShare {
		floor := float32(-1.5)
		if loose {
			floor = -.5
		}
		menu := p.menus()
		for i := range keep {
			l := &p.lines[i]
			coh := p.cohs[i+1] - p.cohs[i]
			floor := floor
			if menu[i] {
				floor = .5
			}
			weak := l.Notice >= 3 && 12*l.Notice >= l.Words && z[i] < 1 && coh < .25 || l.Notice == 2 && l.Words < 30 && z[i] < 0 && coh < .6
			switch {
			case p.listed[i] == Comments && !p.hints.Body:
			case weak:
				keep[i] = false
			case l.Ended && l.Chars >= 20, l.Unmarked && l.Chars >= 80, l.Stops > 1, l.Chars >= 200, z[i] > floor:
				keep[i] = true
			}
		}
		if !p.hints.Body {
			p.head(keep)
		}
	} else {
		p.bridge(keep, z)
	}
	if !p.hints.Body {
		for i := p.tail(); i < len(keep); i++ {
			keep[i] = false
		}
	}
	for i := range keep {
		if l := &p.lines[i]; p.listed[i] == Stories && (!l.Ended || l.Bullet && p.cohs[i+1]-p.cohs[i] < .4 || z[i] < .5) && !(l.Unmarked && l.Chars >= 80) {
			keep[i] = false
		}
	}
	for i := range keep {
		l := &p.lines[i]
		if l.Notice == 2 && l.Words < 30 && z[i] < 1 && p.cohs[i+1]-p.cohs[i] < .1 {
			keep[i] = false
		}
		if p.class[i] != 0 || p.repeat[l.hash] > 2 && l.Chars >= 30 {
			keep[i] = false
		}
	}
	any := slices.Contains(keep, true)
	if !any {
		for i := p.runA; i < p.runB; i++ {
			keep[i] = p.class[i] == 0 && p.listed[i] == NoLabel && (p.lines[i].Ended || p.lines[i].Unmarked)
		}
		any = slices.Contains(keep, true)
	}
	if !any {
		for i := range keep {
			keep[i] = p.class[i] == 0
		}
		any = slices.Contains(keep, true)
	}
	if !any {
		for i := range keep {
			keep[i] = p.lines[i].Chars > 0
		}
	}
}

// loose reports a text without menus: most letters stand in sentences, and
// never are there four short lines in a row.
func (p *page) loose() bool {
	if p.share >= bodyShare || p.share < .5 {
		return false
	}
	run := 0
	for i := range p.lines {
		if full(&p.lines[i]) >= .2 {
			run = 0
		} else if run++; run > 3 {
			return false
		}
	}
	return true
}

// menus marks runs of five lines or more of up to three words each.
func (p *page) menus() []bool {
	menu := make([]bool, len(p.lines))
	for i := 0; i < len(menu); i++ {
		j := i
		for j < len(menu) && p.lines[j].Words <= 3 && p.lines[j].Chars < 40 && !p.lines[j].Ended && !p.lines[j].Bullet {
			j++
		}
		if j-i >= 5 {
			for k := i; k < j; k++ {
				menu[k] = true
			}
		}
		i = max(i, j)
	}
	return menu
}

// head drops what stands before the first sentence without being one: kickers,
// headlines, names. Bullets stay.
func (p *page) head(keep []bool) {
	for i := range keep {
		if !keep[i] {
			continue
		}
		l := &p.lines[i]
		if l.Ended || l.Stops > 1 || l.Unmarked && l.Chars >= 80 || l.Chars >= 140 {
			for j := range i {
				keep[j] = keep[j] && p.lines[j].Bullet
			}
			return
		}
	}
}

// bridge keeps the sentences that stand in the core, or next to what is kept,
// where the scores alone would drop them: those that speak of the same things,
// or that only labels, advertisements and what they announce part from the
// rest.
func (p *page) bridge(keep []bool, z []float32) {
	n := len(keep)
	sound := func(i int, chars int, coh float32) bool {
		l := &p.lines[i]
		return p.class[i] == 0 && l.Ended && l.Chars >= chars && l.Notice < 2 && p.listed[i] == NoLabel && z[i] > -2.5 && p.cohs[i+1]-p.cohs[i] >= coh
	}
	dense := func(i int) bool {
		l := &p.lines[i]
		return i >= p.runA && i < p.runB && p.class[i] == 0 && l.Ended && l.Chars >= 36 && l.Notice < 2 && p.listed[i] == NoLabel && z[i] > -3.5
	}
	// near looks for a kept line beside line i, over classified and listed
	// ones. It is asked last, of lines that are neither: so each line is gone
	// over but twice, however many are classified.
	near := func(i, d int) bool {
		for j := i + d; j >= 0 && j < n; j += d {
			if keep[j] {
				return true
			}
			if p.class[j] == 0 && p.listed[j] == NoLabel {
				return false
			}
		}
		return false
	}
	for i := range keep {
		if keep[i] {
			continue
		}
		core := i >= p.coreA && i < p.coreB
		keep[i] = core && sound(i, 50, .4) || dense(i) && (core || near(i, -1)) ||
			sound(i, 30, 0) && near(i, -1) && (sound(i, 60, .5) || near(i, 1))
	}
	for i := n - 1; i >= 0; i-- {
		if !keep[i] && (sound(i, 60, .5) || dense(i)) && near(i, 1) {
			keep[i] = true
		}
	}
	// A last sentence behind an advertisement or a promotion.
	last := n - 1
	for last >= 0 && !keep[last] {
		last--
	}
	if last < 0 {
		return
	}
	i := last + 1
	for i < n && i <= last+3 && (p.class[i] == Ad || p.class[i] == Promo) {
		i++
	}
	if i > last+1 && i < n && sound(i, 30, 0) {
		keep[i] = true
	}
}

// tail returns where a run of teasers at the end of a body begins: two lines
// or more, each long enough for a headline, none ended as a sentence is, in a
// text whose other lines are, and most of their terms foreign to the core.
func (p *page) tail() int {
	n := len(p.lines)
	ended, rest := 0, 0
	end := n
	var foreign, terms int
	for i := n - 1; i >= 0; i-- {
		l := &p.lines[i]
		if p.class[i] != 0 || l.Chars == 0 {
			if end == i+1 {
				end = i
			}
			continue
		}
		if end == i+1 && !l.Ended && !l.Open && !l.Unmarked && l.Stops <= 1 && l.Chars < 240 {
			end = i
			for _, t := range l.terms {
				terms++
				foreign += 1 - int(p.once[t>>6&p.mask]>>(t&63)&1)
			}
			rest++
			continue
		}
		if l.Ended {
			ended++
		}
	}
	if rest < 2 || ended < 3 || ended < rest/2 || 2*foreign < terms {
		return n
	}
	return end
}

// compose makes the result of the chosen lines.
func (p *page) compose(keep []bool) Result {
	n := len(keep)
	var r Result
	r.Title, r.Byline, r.Publisher, r.Published = p.hints.Title, p.hints.Byline, p.hints.Publisher, p.hints.Published
	reason := make([]Reason, n)
	first, last := -1, -1
	for i, k := range keep {
		if k {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	p.headline(&r, keep, reason, first)
	for first >= 0 && first <= last && !keep[first] {
		first++
	}
	p.credits(&r, keep, reason, first, last)

	seen := make(map[uint64]bool)
	for i := range keep {
		if !keep[i] {
			continue
		}
		l := &p.lines[i]
		if l.Chars >= 40 && p.repeat[l.hash] > 1 {
			if seen[l.hash] {
				keep[i] = false
				reason[i] = Teaser
				continue
			}
			seen[l.hash] = true
		}
	}
	first, last = -1, -1
	for i, k := range keep {
		if k {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	for i := range keep {
		s := p.blocks[i].Text
		if !keep[i] {
			if reason[i] == 0 {
				reason[i] = p.class[i]
			}
			if reason[i] == 0 {
				switch {
				case p.listed[i] == Stories:
					reason[i] = Other
				case i < first || i > last:
					reason[i] = Outside
				case p.lines[i].Notice > 1:
					reason[i] = Notice
				default:
					reason[i] = Teaser
				}
			}
			r.Removed = append(r.Removed, Removal{i, s, reason[i]})
			continue
		}
		if i == first {
			s = p.opening(s, i, &r)
		}
		if i == last {
			s = p.closing(s, i, &r)
		}
		if s != "" {
			r.Kept = append(r.Kept, Piece{i, s})
		}
	}
	slices.Sort(r.Credits)
	return r
}

// opening strips what stands before the first sentence.
func (p *page) opening(s string, i int, r *Result) string {
	cut := func(n int, why Reason) {
		r.Removed = append(r.Removed, Removal{i, strings.TrimSpace(s[:n]), why})
		s = strings.TrimLeft(s[n:], " ")
	}
	if d, ok := ParseDate(s[:runeCut(s, 64)]); ok && d.Start < 12 && d.End+20 < len(s) {
		// "date 2023-11-15 In a historic event …"
		head := strings.Trim(s[:d.Start], " :")
		tail := strings.TrimLeft(s[d.End:], " |-–—:•·")
		first, _ := utf8.DecodeRuneInString(tail)
		if (head == "" || LabelOf(head) != NoLabel || isDateWord(head)) && startsSentence(first) && s[d.End-1] != ',' && (len(tail) < len(s)-d.End || d.End < len(s) && s[d.End] == ' ') && numericHead(s[d.Start:d.End]) {
			if r.Published.IsZero() {
				r.Published = d.Time
			}
			cut(len(s)-len(tail), Dated)
		}
	}
	if t := r.Title; len(t) >= 20 && len(s) > len(t) && strings.HasPrefix(s, t) && wordCount(t) >= 4 {
		rest := strings.TrimLeft(s[len(t):], " .:|-–—")
		if first, _ := utf8.DecodeRuneInString(rest); rest != "" && startsSentence(first) && !LineOf(t).Ended {
			cut(len(s)-len(rest), Headline)
		}
	}
	if d, ok := DatelineOf(s); ok {
		for _, a := range d.Agencies {
			r.credit(a)
		}
		if !d.Date.Time.IsZero() && p.hints.Published.IsZero() {
			r.Published = d.Date.Time
		}
		cut(d.Len, Dateline)
	}
	return s
}

// runeCut returns n, or the nearest end of a character before it, but at most
// the length of s.
func runeCut(s string, n int) int {
	if n >= len(s) {
		return len(s)
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return n
}

// numericHead reports a date that begins with a digit.
func numericHead(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

func isDateWord(s string) bool {
	switch strings.ToLower(s) {
	case "date", "on", "published", "posted", "updated", "fecha", "datum", "data", "дата", "日期", "日時", "날짜", "التاريخ":
		return true
	}
	return false
}

// startsSentence reports a character that a sentence can begin with.
func startsSentence(r rune) bool {
	c := class(r)
	switch c {
	case cUpper, cCaseless, cWide, cDigit, cOpener, cQuote, cApos:
		return true
	}
	return false
}

// closing strips the agency behind the last sentence.
func (p *page) closing(s string, i int, r *Result) string {
	if n, list := TrailingCredit(s); len(list) > 0 && n > 0 {
		for _, a := range list {
			r.credit(a)
		}
		r.Removed = append(r.Removed, Removal{i, strings.TrimSpace(s[n:]), Credited})
		s = s[:n]
	}
	return s
}

func (r *Result) credit(a string) {
	if a != "" && !slices.Contains(r.Credits, a) {
		r.Credits = append(r.Credits, a)
	}
}

// headline settles the title and removes the lines that repeat it.
func (p *page) headline(r *Result, keep []bool, reason []Reason, first int) {
	if r.Title == "" {
		t := -1
		text := first
		for i := max(first, 0); i < len(keep); i++ {
			if l := &p.lines[i]; keep[i] && (l.Ended || l.Stops > 1 || l.Unmarked && l.Chars >= 80) {
				text = i
				break
			}
		}
		if text >= 0 {
			t = p.findTitle(text)
		}
		// What stands above the headline is not of the body, unless it is
		// much: then the headline is another's.
		all, above := 0, 0
		for i := range keep {
			if keep[i] {
				all += p.lines[i].Chars
				if i < t && !p.lines[i].Ended {
					above += p.lines[i].Chars
				}
			}
		}
		if 5*above < all {
			for i := range max(t, 0) {
				keep[i] = keep[i] && p.lines[i].Ended
			}
		}
		// A body may open with its headline: one short line before full ones.
		if t < 0 && first >= 0 && first+1 < len(keep) {
			l := &p.lines[first]
			if keep[first] && !l.Ended && !l.Open && !l.Unmarked && l.Words >= 3 && l.Chars >= 14 && l.Chars <= 200 && p.blocks[first].Kind != Item && !l.Bullet {
				next := first + 1
				for next < len(keep) && !keep[next] {
					next++
				}
				if next < len(keep) && p.lines[next].Ended && p.lines[next].Chars > 40 {
					t = first
				}
			}
		}
		if t >= 0 {
			r.Title = p.blocks[t].Text
		}
	}
	if r.Title == "" {
		return
	}
	tl := LineOf(r.Title)
	limit := len(keep)
	full3 := 0
	for i := range keep {
		s := p.blocks[i].Text
		l := &p.lines[i]
		if l.hash == tl.hash && l.Chars == tl.Chars {
			keep[i], reason[i] = false, Headline
			continue
		}
		if keep[i] && full(l) > .5 {
			full3++
		}
		if full3 > 2 || i >= limit || len(s) <= len(r.Title) || len(s) > len(r.Title)+160 {
			continue
		}
		at := strings.Index(s, r.Title)
		if at < 0 || wordCount(r.Title) < 3 {
			continue
		}
		head, tail := s[:at], s[at+len(r.Title):]
		name := strings.Trim(tail, " -–—|»>•·:")
		crumb := strings.ContainsAny(head, ">»›/|") || head == ""
		divided := tail == "" || strings.ContainsAny(tail[:min(len(tail), 4)], "-|»>") || strings.HasPrefix(strings.TrimLeft(tail, " "), "–") || strings.HasPrefix(strings.TrimLeft(tail, " "), "—")
		if !crumb || !divided || wordCount(name) > 8 || LineOf(name).Ended && wordCount(name) > 4 {
			continue
		}
		if r.Publisher == "" && name != "" && tail != "" {
			r.Publisher = name
		}
		keep[i], reason[i] = false, Crumbs
		if head == "" {
			reason[i] = Headline
		}
	}
}

// credits reads byline, date and credits of the classified lines near the
// body.
func (p *page) credits(r *Result, keep []bool, reason []Reason, first, last int) {
	n := len(keep)
	if first < 0 || first >= n {
		first = 0
	}
	lo := max(0, first-25)
	if p.title = p.findTitle(first); p.title >= 0 {
		lo = max(0, min(lo, p.title-5))
	}
	var dated, signed Date
	for i := lo; i < min(n, last+14); i++ {
		s := p.blocks[i].Text
		head := i <= first+6
		switch {
		case p.class[i] == Signed:
			sig, ok := BylineOf(s)
			if !ok {
				sig, ok = ContributorOf(s)
				if ok && !head || ok && i >= first {
					for _, a := range sig.Agencies {
						r.credit(a)
					}
					if r.Byline == "" {
						r.Byline = sig.Names
					}
				}
				continue
			}
			if !head {
				continue
			}
			if r.Byline == "" {
				r.Byline = sig.Names
			}
			for _, a := range sig.Agencies {
				r.credit(a)
			}
			if signed.Time.IsZero() {
				signed = sig.Date
			}
		case p.class[i] == Dated:
			d, ok := ParseDate(s)
			if !ok {
				continue
			}
			if dated.Time.IsZero() || i <= first && !farDate(s) {
				if dated.Time.IsZero() || i < first && p.title >= 0 && i > p.title {
					dated = d
				}
			}
		case p.class[i] == Credited:
			if i >= first-8 {
				_, list := TrailingCredit(s)
				for _, a := range list {
					r.credit(a)
				}
			}
		case p.class[i] == Button || keep[i]:
		case bareBy(s) && i+1 < n && head && !keep[i+1] && placeLike(p.blocks[i+1].Text) && p.lines[i+1].Words <= 6 && p.lines[i+1].Words > 0 && p.class[i+1] == 0:
			reason[i], reason[i+1] = Signed, Signed
			if r.Byline == "" {
				r.Byline = p.blocks[i+1].Text
			}
			if a := AgencyOf(p.blocks[i+1].Text); a != "" {
				r.credit(a)
			}
		case p.lines[i].Notice > 0 && strings.Contains(s, "©"):
			for _, a := range agenciesIn(s) {
				if i >= last {
					r.credit(a)
				}
			}
		}
	}
	if r.Published.IsZero() {
		switch {
		case !signed.Time.IsZero():
			r.Published = signed.Time
		case !dated.Time.IsZero():
			r.Published = dated.Time
		}
	}
}

// farDate reports a line that only says when something was changed.
func farDate(s string) bool {
	l := strings.ToLower(s)
	return strings.Contains(l, "updat") || strings.Contains(l, "modif") || strings.Contains(l, "aktualis") || strings.Contains(l, "обновл")
}

func bareBy(s string) bool {
	switch strings.ToLower(strings.Trim(s, " :")) {
	case "by", "von", "par", "por", "di", "door", "av", "af", "autor", "author", "auteur", "автор", "text", "文":
		return true
	}
	return false
}

// load measures and classifies the blocks.
func (p *page) load(blocks []Block, h Hints, last *page, kept []Piece) {
	p.blocks, p.hints = blocks, h
	p.lines = make([]Line, len(blocks))
	p.class = make([]Reason, len(blocks))
	p.label = make([]Label, len(blocks))
	n := 0
	for i := range blocks {
		n += len(blocks[i].Text)
	}
	if last == nil {
		p.arena = make([]uint32, 0, n/8+16)
	}
	for i := range blocks {
		if last != nil {
			if j := kept[i].Block; last.blocks[j].Text == blocks[i].Text {
				p.lines[i], p.class[i], p.label[i] = last.lines[j], last.class[j], last.label[j]
				continue
			}
		}
		l := &p.lines[i]
		p.arena = l.measure(blocks[i].Text, p.arena, true)
		if s := blocks[i].Text; !l.Ended && l.Chars > 40 {
			// "… said on Friday. (ANI)" ends as a sentence does.
			if n, list := TrailingCredit(s); n > 0 && len(list) > 0 {
				l.Ended = true
			}
		}
		p.class[i] = p.classify(i)
	}
}

// classify tells what a line is by its own words.
func (p *page) classify(i int) Reason {
	s, l := p.blocks[i].Text, &p.lines[i]
	if l.Chars == 0 {
		return Button
	}
	if len(s) <= maxLabel {
		p.label[i] = LabelOf(s)
		switch p.label[i] {
		case Stories:
			return Other
		case Tags:
			return Topic
		case Advert:
			return Ad
		case Prompt, Comments:
			return Notice
		case Share, Media:
			return Button
		case Author:
			return Signed
		}
		if l.Words <= 6 {
			if n, list := TrailingCredit(s); n == 0 && len(list) > 0 {
				return Credited
			}
		}
	}
	if l.Markup {
		return Source
	}
	if l.Notice > 0 && l.Words <= 60 && rightsLine(s) {
		return Notice
	}
	if len(s) < 240 {
		if _, ok := PromoOf(s); ok && l.Stops <= 1 {
			return Promo
		}
		if _, ok := BylineOf(s); ok {
			return Signed
		}
		if l.Digits >= 4 && dateLine(s, l) {
			return Dated
		}
	}
	if l.joint {
		if _, ok := ContributorOf(s); ok {
			return Signed
		}
	}
	if l.picture && captionLine(s, l) {
		return Captions
	}
	if counterLine(s, l) {
		return Button
	}
	if listing(l) {
		return Topic
	}
	return 0
}

// listing reports the choices of a form, or an index, run together: a hundred
// words or more, seven tenths of them capitalized but not in capitals, and no
// more than one in forty ending a sentence, the last one neither. Such a line is as long as a
// paragraph and has as many commas.
func listing(l *Line) bool {
	return !l.Ended && l.Words >= 100 && 10*l.Upper >= 7*(l.Upper+l.Lower) && 2*l.Caps < l.Upper && 40*l.Stops <= l.Words && 2*(l.Upper+l.Lower) >= l.Words
}

// rightsLine reports a line that opens with a copyright sign or notice.
func rightsLine(s string) bool {
	for _, p := range [...]string{"©", "(c) ", "(C) ", "Copyright ", "COPYRIGHT ", "copyright "} {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// dateLine reports whether the line tells a date and little else.
func dateLine(s string, l *Line) bool {
	if l.Words > 24 {
		return false
	}
	d, ok := ParseDate(s)
	if !ok {
		return false
	}
	rest := s[:d.Start] + " " + s[d.End:]
	if d2, ok := ParseDate(s[d.End:]); ok {
		rest = s[:d.Start] + " " + s[d.End:d.End+d2.Start] + " " + s[d.End+d2.End:]
	}
	x := LineOf(rest)
	return x.Words <= 6 && x.Chars <= 40 && !(l.Ended && x.Words > 3)
}

// counterLine reports "12", "(68)", "2 min read", "5K shares", "veryGood!
// (68)": one or two words around a number, and no sentence.
func counterLine(s string, l *Line) bool {
	if l.Digits == 0 || l.Words > 4 || len(s) > 40 {
		return false
	}
	return l.Words-1 <= 2 && !l.Ended && l.Chars <= 16 || l.Chars == l.Digits
}
