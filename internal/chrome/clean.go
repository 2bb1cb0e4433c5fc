package chrome

// load measures and classifies the blocks.
func (p *page) load(blocks []Block, h Hints) {
	p.blocks, p.hints = blocks, h
	p.lines = make([]Line, len(blocks))
	p.class = make([]Reason, len(blocks))
	p.label = make([]Label, len(blocks))
	p.arena = p.arena[:0]
	for i := range blocks {
		p.arena = p.lines[i].measure(blocks[i].Text, p.arena)
	}
	for i := range blocks {
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
	}
	if l.Markup {
		return Source
	}
	if len(s) < 240 {
		if _, ok := PromoOf(s); ok && l.Stops <= 1 {
			return Promo
		}
		if _, ok := BylineOf(s); ok {
			return Signed
		}
		if l.Digits > 0 && dateLine(s, l) {
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
	return 0
}

// dateLine reports whether the line tells a date and little else.
func dateLine(s string, l *Line) bool {
	d, ok := ParseDate(s)
	if !ok {
		return false
	}
	rest := LineOf(s[:d.Start] + " " + s[d.End:])
	return rest.Words <= 6 && rest.Chars <= 40 && !(l.Ended && rest.Words > 3)
}

// counterLine reports "12", "(68)", "2 min read", "5K shares", "veryGood!
// (68)": one or two words around a number, and no sentence.
func counterLine(s string, l *Line) bool {
	if l.Digits == 0 || l.Words > 4 || len(s) > 40 {
		return false
	}
	return l.Words-1 <= 2 && !l.Ended || l.Chars == l.Digits
}
