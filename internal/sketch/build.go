package sketch

import (
	"slices"

	"github.com/newsdedup/newsdedup/internal/token"
)

const (
	// minLetters is how long a word of an alphabet must be to be content.
	minLetters = 4
	// minSyllables is the same for Korean, whose content words have two
	// syllables or more.
	minSyllables = 2
	// minContent is the number of content tokens under which a text keeps all
	// its words, whatever their length.
	minContent = 8
	// maxSegment is the number of content tokens over which a sentence is cut.
	maxSegment = 24
	// minPiece and hardPiece bound the pieces of a sentence that is cut.
	minPiece, hardPiece = 8, 48
	// cutMask cuts at one pair of tokens in eight.
	cutMask = 7
	// maxShort bounds Sketch.Short.
	maxShort = 48
	// maxHead bounds Sketch.Head.
	maxHead = 64
)

// A Builder makes sketches and keeps its memory between them. The zero value
// is ready. It is not for concurrent use.
type Builder struct {
	body, title []token.Token
	picks       []pick
	names       [1 << 10]uint64 // a set of 16-bit hashes
	sim         counter
}

// A pick is a content token on its way into a sketch.
type pick struct {
	hash       uint64
	start, end uint32
	flags      token.Flags
	kind       Kind
	maybe      bool // a capital at the start of a sentence
}

// Build fills dst from a title and a text, reusing its slices.
func (b *Builder) Build(dst *Sketch, title, text string) {
	b.body = token.Scan(b.body[:0], text)
	b.title = token.Scan(b.title[:0], title)
	*dst = Sketch{
		Words:  uint32(len(b.body)),
		Tokens: dst.Tokens[:0], Kinds: dst.Kinds[:0], Segs: dst.Segs[:0],
		Short: dst.Short[:0], Head: dst.Head[:0], HeadKinds: dst.HeadKinds[:0],
	}
	dst.Digest = digest(b.body)

	all := b.pick(b.body)
	b.settle()
	dst.Body = b.simhash(b.body, all)
	b.segments(dst)
	b.short(dst)

	b.pick(b.title)
	b.head(dst)
	b.forget(dst)
	dst.bound()
}

// Small reports whether b is small enough to be kept for other texts.
func (b *Builder) Small() bool { return cap(b.body) <= 1<<16 }

// Name returns a hash of the words of a name, 0 if it has none.
func (b *Builder) Name(name string) uint64 {
	b.title = token.Scan(b.title[:0], name)
	if len(b.title) == 0 {
		return 0
	}
	d := digest(b.title)
	return max(1, word(string(d[:8])))
}

// digest returns 128 bits of the sequence of token hashes.
func digest(ts []token.Token) (d [16]byte) {
	const k1, k2 = 0x87C37B91114253D5, 0x4CF5AD432745937F // MurmurHash3 x64 128
	x, y := uint64(len(ts)), ^uint64(len(ts))
	for _, t := range ts {
		x = (x ^ t.Hash) * k1
		x ^= x >> 29
		y = (y + t.Hash) * k2
		y ^= y >> 32
	}
	x, y = token.Mix(x), token.Mix(y)
	x += y
	y += x
	for i := range 8 {
		d[i] = byte(x >> (8 * i))
		d[8+i] = byte(y >> (8 * i))
	}
	return d
}

// simhash returns the SimHash of ts. Words that are content weigh 4, and with
// all, every word; ideographs and hiragana beside one weigh as much and their
// pairs 1, so that one of 200 characters moves few bits; of Thai, Lao, Khmer
// and Burmese, which have few characters, the pairs weigh 4 and single
// characters nothing.
func (b *Builder) simhash(ts []token.Token, all bool) uint64 {
	b.sim.reset()
	words, pairs := &b.sim.words, &b.sim.pairs
	for i := range ts {
		t := &ts[i]
		if t.Flags&token.Unspaced == 0 {
			if all || content(t) {
				words.add(t.Hash)
			}
			continue
		}
		joined := t.Flags&token.Joined != 0
		if t.Flags&token.SEA != 0 {
			if joined {
				words.add(token.Pair(ts[i-1].Hash, t.Hash))
			} else if i+1 == len(ts) || ts[i+1].Flags&token.Joined == 0 {
				words.add(t.Hash)
			}
			continue
		}
		if all || t.Flags&token.Han != 0 {
			words.add(t.Hash)
		}
		if joined && (all || (t.Flags&ts[i-1].Flags)&token.Hira == 0) {
			pairs.add(token.Pair(ts[i-1].Hash, t.Hash))
		}
	}
	return b.sim.sum()
}

// content reports whether a word is long enough to be kept.
func content(t *token.Token) bool {
	switch {
	case t.Letters >= minLetters, t.Flags&token.Number != 0:
		return true
	case t.Flags&(token.Hangul|token.Kata) != 0:
		return t.Letters >= minSyllables
	}
	return false
}

// pick selects the content tokens of ts and reports whether it took them all.
func (b *Builder) pick(ts []token.Token) (all bool) {
	b.picks = b.picks[:0]
	b.choose(ts, false)
	if len(b.picks) >= minContent {
		return false
	}
	b.picks = b.picks[:0]
	b.choose(ts, true)
	return true
}

const (
	carried = token.Sentence | token.Paragraph | token.Turn
	skipped = ^uint64(0)
)

// A gap is what the tokens since the last pick leave to the next one: the
// boundaries among them, and where the text after the last of these starts.
type gap struct {
	flags token.Flags
	start uint32
}

// skip passes over t, which is not content.
func (b *Builder) skip(g *gap, t *token.Token) {
	if f := t.Flags & carried; f != 0 {
		g.flags |= f
		g.start = t.Start
	} else if n := len(b.picks); g.flags == 0 && n > 0 {
		b.picks[n-1].end = t.End
	}
}

// take appends p, the first token of which is t.
func (b *Builder) take(g *gap, t *token.Token, p pick) {
	if f := t.Flags & carried; f != 0 {
		g.flags |= f
	} else if g.flags != 0 {
		p.start = g.start
	}
	p.flags |= g.flags
	b.picks = append(b.picks, p)
	g.flags = 0
}

func (b *Builder) choose(ts []token.Token, all bool) {
	var g gap
	for i := 0; i < len(ts); i++ {
		t := &ts[i]
		if t.Flags&token.Unspaced != 0 {
			j := i + 1
			for j < len(ts) && ts[j].Flags&token.Unspaced != 0 && ts[j].Flags&token.Joined != 0 && ts[j].Flags&carried == 0 {
				j++
			}
			b.bigrams(ts[i:j], &g, all)
			i = j - 1
			continue
		}
		if !all && !content(t) {
			b.skip(&g, t)
			continue
		}
		p := pick{hash: t.Hash, start: t.Start, end: t.End, flags: t.Flags}
		switch {
		case t.Flags&token.Number != 0:
			p.kind = Number
		case t.Flags&token.Month != 0:
			p.kind = Date
		case t.Flags&token.Kata != 0, t.Flags&(token.Caps|token.Mixed|token.Acronym) != 0:
			p.kind = Name
		case t.Flags&token.Upper != 0:
			if t.Flags&token.Sentence != 0 {
				p.maybe = true
			} else {
				p.kind = Name
			}
		}
		b.take(&g, t, p)
	}
}

// bigrams selects among the pairs of neighbours of a run of characters: every
// pair whose hash is the least of some three in a row (winnowing, Schleimer,
// Wilkerson and Aiken 2003, window 3), pairs of hiragana left out. A run of
// one character is selected as it is, unless it is hiragana.
func (b *Builder) bigrams(run []token.Token, g *gap, all bool) {
	const window = 3
	if len(run) == 1 {
		t := &run[0]
		if t.Flags&token.Hira == 0 || all {
			b.take(g, t, pick{hash: t.Hash, start: t.Start, end: t.End, flags: t.Flags})
		} else {
			b.skip(g, t)
		}
		return
	}
	n := len(run) - 1
	at := func(i int) uint64 {
		x, y := &run[i], &run[i+1]
		if x.Flags&y.Flags&token.Hira != 0 && !all {
			return skipped
		}
		return token.Pair(x.Hash, y.Hash)
	}
	last, seen := -1, 0
	for i := 0; i == 0 || i+window <= n; i++ {
		least := -1
		v := skipped
		for j := i; j < i+window && j < n; j++ {
			if h := at(j); h <= v && h != skipped {
				least, v = j, h
			}
		}
		if least <= last {
			continue
		}
		last = least
		for ; seen < least; seen++ {
			b.skip(g, &run[seen])
		}
		p := pick{hash: v, start: run[least].Start, end: run[least+1].End, flags: run[least].Flags}
		if token.Weekday(v) {
			p.kind = Date
		}
		b.take(g, &run[least], p)
		seen = least + 1
	}
	for ; seen <= n; seen++ {
		b.skip(g, &run[seen])
	}
}

// settle decides which capitals are names. In a sentence in which they do not
// tell, being most of its words, none is; at the start of a sentence a
// capital is one if the word is a name elsewhere.
func (b *Builder) settle() {
	ps := b.picks
	for i := 0; i < len(ps); {
		j := i + 1
		for j < len(ps) && ps[j].flags&token.Sentence == 0 {
			j++
		}
		cased, upper := 0, 0
		for _, p := range ps[i:j] {
			if p.flags&token.Lower != 0 {
				cased++
			} else if p.flags&token.Upper != 0 {
				cased++
				upper++
			}
		}
		if upper >= 4 && upper*4 >= cased*3 {
			for k := i; k < j; k++ {
				if p := &ps[k]; p.kind == Name && p.flags&token.Kata == 0 {
					p.kind, p.maybe = Word, true
				}
			}
		} else {
			for _, p := range ps[i:j] {
				if p.kind == Name {
					h := uint16(p.hash >> 48)
					b.names[h>>6] |= 1 << (h & 63)
				}
			}
		}
		i = j
	}
	for k := range ps {
		p := &ps[k]
		if h := uint16(p.hash >> 48); p.maybe && b.names[h>>6]>>(h&63)&1 != 0 {
			p.kind = Name
		}
	}
}

// forget empties the set of names.
func (b *Builder) forget(s *Sketch) {
	for i, t := range s.Tokens {
		if s.Kinds[i] == Name {
			b.names[t>>6] = 0
		}
	}
}

// segments moves the picks into dst.
func (b *Builder) segments(dst *Sketch) {
	ps := b.picks
	end := uint32(0)
	for i := 0; i < len(ps); {
		j := i + 1
		for j < len(ps) && ps[j].flags&token.Sentence == 0 {
			j++
		}
		long := j-i > maxSegment
		piece := 0
		for k := i; k < j; k++ {
			p := &ps[k]
			f := flags(p.flags)
			cut := long && piece >= minPiece && p.end > end && (piece >= hardPiece || token.Pair(ps[k-1].hash, p.hash)>>40&cutMask == 0)
			if cut {
				f |= Sentence
			}
			if k == i || cut || p.flags&token.Turn != 0 {
				// Pairs of characters overlap.
				p.start = max(p.start, end)
				dst.Segs = append(dst.Segs, Segment{Token: uint32(len(dst.Tokens)), Start: p.start, Flags: f})
			}
			if f&Sentence != 0 {
				piece = 0
			}
			piece++
			end = p.end
			dst.Segs[len(dst.Segs)-1].End = end
			dst.Tokens = append(dst.Tokens, uint16(p.hash>>48))
			dst.Kinds = append(dst.Kinds, p.kind)
		}
		i = j
	}
}

func flags(f token.Flags) (g Flags) {
	if f&token.Sentence != 0 {
		g |= Sentence
	}
	if f&token.Paragraph != 0 {
		g |= Paragraph
	}
	if f&token.Quoted != 0 {
		g |= Quoted
	}
	return g
}

// short collects the capitalized words that are too short to be content.
func (b *Builder) short(dst *Sketch) {
	for i := range b.body {
		t := &b.body[i]
		if t.Letters < 2 || t.Letters >= minLetters || t.Flags&token.Upper == 0 || t.Flags&(token.Abbrev|token.Month) != 0 {
			continue
		}
		if t.Flags&(token.Caps|token.Mixed) == 0 && t.Flags&token.Sentence != 0 {
			continue
		}
		dst.Short = append(dst.Short, uint16(t.Hash>>48))
	}
	slices.Sort(dst.Short)
	dst.Short = slices.Compact(dst.Short)
	if len(dst.Short) > maxShort {
		dst.Short = dst.Short[:maxShort]
	}
}

// head moves the picks of the title into dst.
func (b *Builder) head(dst *Sketch) {
	cased, upper := 0, 0
	for i := range b.picks {
		if f := b.picks[i].flags; f&token.Lower != 0 {
			cased++
		} else if f&token.Upper != 0 {
			cased++
			upper++
		}
	}
	tells := upper*4 < cased*3
	for i := range b.picks {
		p := &b.picks[i]
		h := uint16(p.hash >> 48)
		if p.kind == Name && !tells && p.flags&token.Kata == 0 {
			p.kind, p.maybe = Word, true
		}
		if p.maybe && b.names[h>>6]>>(h&63)&1 != 0 {
			p.kind = Name
		}
		if len(dst.Head) < maxHead {
			dst.Head = append(dst.Head, h)
			dst.HeadKinds = append(dst.HeadKinds, p.kind)
		}
	}
	dst.Title = b.simhash(b.title, true)
}
