package sketch

import (
	"math/bits"
	"slices"

	"github.com/newsdedup/newsdedup/internal/token"
)

const (
	// minContent is the number of content tokens under which a text keeps all
	// its tokens, whatever their length.
	minContent = 8
	// maxSegment is the number of content tokens over which a sentence is cut:
	// 1 % of the segments of 828 wire stories of 2025 are longer, being pieces.
	maxSegment = 24
	// minPiece and hardPiece bound the pieces of a sentence that is cut.
	minPiece, hardPiece = 8, 48
	// cutMask cuts at one pair of tokens in eight.
	cutMask = 7
	// maxShort bounds Sketch.Short.
	maxShort = 48
	// maxHead bounds Sketch.Head.
	maxHead = 64
	// window is the number of neighbouring pairs of characters of which one is
	// content at least.
	window = 3
)

// What formOf says of a token.
const (
	kindMask = 3 // its Kind

	upperForm   = 1 << (iota + 7) // starts with a capital
	maybeForm                     // a name if it is one elsewhere
	kataForm                      // a name whatever the case of its sentence
	nameForm                      // a name
	markedForm                    // content that is a name, maybe one, or has a capital
	shortForm                     // no content, but a short name if no abbreviation or single letter
	contentForm = 1 << 32
	specialForm = 1 << specialShift // marked, starts something, or may be a short name

	specialShift = 63
)

// formOf gives what matters of the flags of a token, of which the low twelve
// bits do.
var formOf = func() (t [1 << 12]uint64) {
	for i := range t {
		f := token.Flags(i)
		var x uint64
		switch {
		case f&token.Number != 0:
			x = uint64(Number)
		case f&token.Month != 0:
			x = uint64(Date)
		case f&token.Kata != 0:
			x = uint64(Name) | kataForm
		case f&(token.Caps|token.Mixed|token.Acronym) != 0:
			x = uint64(Name)
		case f&token.Upper != 0 && f&token.Sentence != 0:
			x = maybeForm
		case f&token.Upper != 0:
			x = uint64(Name)
		}
		if f&(token.Lower|token.Upper) == token.Upper {
			x |= upperForm | markedForm
		}
		if x&kindMask == uint64(Name) {
			x |= markedForm | nameForm
		}
		if f&token.Content != 0 {
			x |= contentForm
		} else {
			x &^= markedForm | maybeForm | nameForm | upperForm
		}
		if f&short == token.Upper && f&token.Month == 0 && (f&(token.Caps|token.Mixed) != 0 || f&token.Sentence == 0) {
			x |= shortForm
		}
		if x&(markedForm|shortForm) != 0 || f&carried != 0 {
			x |= specialForm
		}
		t[i] = x
	}
	return t
}()

// short are the flags that tell words that may be short names, being Upper.
const short = token.Upper | token.Content

func form(f token.Flags) uint64 { return formOf[f&(1<<12-1)] }

// A Builder makes sketches and keeps its memory between them. The zero value
// is ready. It is not for concurrent use.
type Builder struct {
	body, title []token.Token
	names       [1 << 10]uint64 // a set of 16-bit hashes
	sim         counter

	// The sketch in the making.
	rows     rows
	from     []uint32 // of every item the scanner's token that it is or starts with
	tokens   []uint16 // its hash
	kinds    []Kind
	specials []special
	segs     []Segment
	old      []Segment
	maybe    []uint32 // items that are names if they are elsewhere
	found    []uint16 // names
	short    []uint16
	pairs    []uint64
	hashes   []uint64 // of the words that count for the SimHash
	chars    []uint64 // of the ideographs and hiragana

	// How much is in use: of from, tokens and kinds; of specials, maybe, found,
	// hashes, chars and short.
	items, ns, nm, nf, nq, nc, nh int
	digest                        digester
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
	dst.Body = b.sketch(b.body, false)
	dst.Digest = b.digest.sum()
	b.name()
	dst.Tokens = append(dst.Tokens, b.tokens[:b.items]...)
	dst.Kinds = append(dst.Kinds, b.kinds[:b.items]...)
	dst.Segs = append(dst.Segs, b.segs...)
	dst.Short = append(dst.Short, b.short[:b.nh]...)
	slices.Sort(dst.Short)
	dst.Short = slices.Compact(dst.Short)
	if len(dst.Short) > maxShort {
		dst.Short = dst.Short[:maxShort]
	}

	dst.Title = b.sketch(b.title, true)
	b.name()
	n := min(b.items, maxHead)
	dst.Head = append(dst.Head, b.tokens[:n]...)
	dst.HeadKinds = append(dst.HeadKinds, b.kinds[:n]...)
	clear(b.names[:])
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
	d := newDigester(len(b.title))
	for i := range b.title {
		d.add(b.title[i].Hash)
	}
	sum := d.sum()
	return max(1, Load(string(sum[:8])))
}

// A digester hashes a sequence of token hashes to 128 bits, as two lanes with
// the multipliers of MurmurHash3 x64 128 (Appleby 2011).
type digester struct{ x, y uint64 }

func (d *digester) add(h uint64) { d.x, d.y = mixed(d.x, d.y, h) }

func mixed(x, y, h uint64) (uint64, uint64) {
	return bits.RotateLeft64(x^h, 29) * 0x87C37B91114253D5, bits.RotateLeft64(y+h, 33) * 0x4CF5AD432745937F
}

func (d *digester) sum() (out [16]byte) {
	x, y := token.Mix(d.x), token.Mix(d.y)
	x += y
	y += x
	for i := range 8 {
		out[i] = byte(x >> (8 * i))
		out[8+i] = byte(y >> (8 * i))
	}
	return out
}

// newDigester returns one for n hashes.
func newDigester(n int) digester { return digester{uint64(n), ^uint64(n)} }

// sketch makes items, segments and the digest of ts, and returns the SimHash, for
// which every word of a title counts, content or not.
func (b *Builder) sketch(ts []token.Token, title bool) uint64 {
	n := len(ts) + batch
	if len(b.from) < n {
		n += n / 4
		b.from = make([]uint32, n)
		b.tokens = make([]uint16, n)
		b.kinds = make([]Kind, n)
		b.hashes = make([]uint64, n)
		b.specials = make([]special, n)
		b.maybe = make([]uint32, n)
		b.found = make([]uint16, n)
		b.short = make([]uint16, n)
	}
	b.fill(ts, false, title)
	if b.items < minContent {
		b.fill(ts, true, title)
	}
	return b.sim.sum(b.hashes[:b.nq], b.chars[:b.nc])
}

const carried = token.Sentence | token.Paragraph | token.Turn

// A special is a token that is marked, starts something or may be a short name:
// its index in the low 32 bits, and how many items there are before it.
type special uint64

// fill makes all of a sketch from ts. With all, every token is an item; with
// title, every word counts for the SimHash.
func (b *Builder) fill(ts []token.Token, all, title bool) {
	b.sim = counter{}
	b.digest = newDigester(len(ts))
	b.items, b.ns, b.nq, b.nc = 0, 0, 0, 0
	for i := 0; i < len(ts); {
		switch {
		case ts[i].Flags&token.Unspaced != 0:
			i += b.unspaced(ts[i:], uint32(i), all, all || title)
		case all || title || few(ts[i:]):
			b.word(&ts[i], uint32(i), all, all || title)
			i++
		default:
			d, n, items, specials := b.rows.take(b.digest, ts[i:min(len(ts), i+batch)], uint32(i))
			copy(b.from[b.items:], b.rows.from[:items])
			copy(b.tokens[b.items:], b.rows.tokens[:items])
			copy(b.kinds[b.items:], b.rows.kinds[:items])
			copy(b.hashes[b.nq:], b.rows.hashes[:items])
			for j, e := range b.rows.specials[:specials] {
				b.specials[b.ns+j] = e + special(b.items)<<32
			}
			b.digest, b.items, b.nq, b.ns = d, b.items+items, b.nq+items, b.ns+specials
			i += n
		}
	}
	b.structure(ts, all)
}

// batch is how many words rows takes at most; an index of eight bits needs no
// check.
const batch = 256

// rows is what is made of some words that follow each other. It is one struct so
// that one register points at it.
type rows struct {
	hashes   [batch]uint64 // of the items
	specials [batch]special
	from     [batch]uint32
	tokens   [batch]uint16
	kinds    [batch]Kind
}

// take takes the words that ts starts with, at most batch, the first being the
// scanner's token at: it adds them to d, makes items of those that are content,
// and notes what is special, counting items from here on. It takes no branch for
// that, but writes all and over what is not. It returns d and how many words,
// items and specials they are.
func (r *rows) take(d digester, ts []token.Token, at uint32) (digester, int, int, int) {
	_ = r.hashes[0]
	x, y := d.x, d.y // in registers
	e := special(at)
	n, ns := 0, 0
	for n < len(ts) {
		h, f := ts[n].Hash, ts[n].Flags
		if f&token.Unspaced != 0 {
			break
		}
		n++
		x, y = mixed(x, y, h)
		k := uint8(e >> 32)
		r.hashes[k] = h
		r.tokens[k] = uint16(h >> 48)
		r.specials[uint8(ns)] = e
		r.from[k] = uint32(e)
		v := form(f)
		r.kinds[k] = Kind(v & kindMask)
		ns += int(v >> specialShift)
		e += special(v&contentForm) + 1
	}
	return digester{x, y}, n, int(e >> 32), ns
}

// few reports whether so few words are at the start of ts that each is best
// taken on its own.
func few(ts []token.Token) bool {
	if len(ts) < 8 {
		return true
	}
	return (ts[1].Flags|ts[2].Flags|ts[3].Flags|ts[4].Flags|ts[5].Flags)&token.Unspaced != 0
}

// word takes the word t, the scanner's token at, as rows does, except that with
// every it counts for the SimHash whether content or not, and with all is an
// item too.
func (b *Builder) word(t *token.Token, at uint32, all, every bool) {
	b.digest.x, b.digest.y = mixed(b.digest.x, b.digest.y, t.Hash)
	if every || t.Flags&token.Content != 0 {
		b.hashes[b.nq] = t.Hash
		b.nq++
	}
	x := form(t.Flags)
	if all {
		x |= form(t.Flags | token.Content)
	}
	if x&specialForm != 0 {
		b.special(at)
	}
	if x&contentForm != 0 {
		b.item(at, t.Hash, Kind(x&kindMask))
	}
}

// item adds an item of hash h that is or starts with the scanner's token at.
func (b *Builder) item(at uint32, h uint64, kind Kind) {
	b.from[b.items], b.tokens[b.items], b.kinds[b.items] = at, uint16(h>>48), kind
	b.items++
}

// special notes that the scanner's token at is one.
func (b *Builder) special(at uint32) {
	b.specials[b.ns] = special(b.items)<<32 | special(at)
	b.ns++
}

// structure makes segments, short names, names and what may be names of the
// specials.
func (b *Builder) structure(ts []token.Token, all bool) {
	b.segs = b.segs[:0]
	var (
		seg    Segment
		start  sentence
		nm, nf int // in use of maybe and found
		nh     int // in use of short
		upper  int // marked items of the sentence with a capital
		force  token.Flags
	)
	if all {
		force = token.Content
	}
	maybe, found, names := b.maybe, b.found, b.short
	for n, e := range b.specials[:b.ns] {
		i, k := int(uint32(e)), int(e>>32)
		t := &ts[i]
		f := t.Flags
		if f&carried != 0 {
			if int(seg.Token) < k {
				seg.End = ts[i-1].End
				b.segs = append(b.segs, seg)
				seg.Flags = 0
			}
			if f&token.Sentence != 0 {
				if upper >= 4 || k-start.item > maxSegment {
					b.nm, b.nf = nm, nf
					b.sentence(ts, start, n, k, upper, force)
					nm, nf = b.nm, b.nf
				}
				start = sentence{n, k, len(b.segs), nm, nf}
				upper = 0
			}
			seg.Token, seg.Start = uint32(k), t.Start
			seg.Flags = seg.Flags&^Quoted | flags(f)
		}
		// Without branches: which it will be is hard to tell beforehand. What is
		// no item leaves the three numbers alone.
		v := form(f | force)
		maybe[nm], found[nf], names[nh] = uint32(k), b.tokens[k], uint16(t.Hash>>48)
		nm += int(v / maybeForm & 1)
		nf += int(v / nameForm & 1)
		upper += int(v / upperForm & 1)
		nh += int(form(f) / shortForm &^ uint64(f/token.One|f/token.Abbrev) & 1)
	}
	if int(seg.Token) < b.items {
		seg.End = ts[len(ts)-1].End
		b.segs = append(b.segs, seg)
	}
	b.nm, b.nf, b.nh = nm, nf, nh
	b.sentence(ts, start, b.ns, b.items, upper, force)
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

// unspaced takes the run of characters that ts starts with, as far as they
// follow each other, the first being the scanner's token at, and returns how
// many they are.
//
// Content are the pairs of neighbours with the least hash of some three in a
// row, the last of equals (winnowing: Schleimer, Wilkerson and Aiken 2003);
// pairs of hiragana only with all. A run of one character is content unless it
// is hiragana.
//
// For the SimHash, ideographs, hiragana and pairs of them are characters, as
// counter has it, hiragana of half the weight; pairs of hiragana count only with
// every. Thai, Lao, Khmer and Burmese have few characters: there the pairs are
// words, and so is a character that stands alone.
func (b *Builder) unspaced(ts []token.Token, at uint32, all, every bool) int {
	if len(b.chars) < len(b.hashes) {
		b.chars = make([]uint64, len(b.hashes))
		b.pairs = make([]uint64, len(b.hashes)+2*pad)
	}
	if ts[0].Flags&carried != 0 {
		b.special(at)
	}
	n, seen := b.characters(ts)
	run := ts[:n]
	if n == 1 {
		t := &run[0]
		if seen&token.SEA != 0 {
			b.hashes[b.nq] = t.Hash
			b.nq++
		}
		if seen&token.Hira == 0 || all {
			b.item(at, t.Hash, Word)
		}
		return 1
	}
	n--
	pairs := b.pairs[:n+2*pad]
	pairs[0], pairs[1], pairs[n+pad], pairs[n+pad+1] = 0, 0, 0, 0
	if seen&token.SEA != 0 || every {
		b.pairAny(run, pairs[pad:n+pad], all, every)
	} else {
		b.sim.pair(run, pairs[pad:n+pad])
	}
	if n < window {
		least := 0
		for j := 1; j < n; j++ {
			if pairs[j+pad] <= pairs[least+pad] {
				least = j
			}
		}
		if h := pairs[least+pad]; h != none {
			b.item(at+uint32(least), h, pairKind(h))
		}
		return n + 1
	}
	b.items += winnow(pairs, at, b.from[b.items:], b.tokens[b.items:], b.kinds[b.items:])
	return n + 1
}

// Before and behind the pairs of a run stand pad numbers less than any of them,
// so that there is no window over an end. A pair that is not to be content is
// none.
const (
	none = ^uint64(0)
	pad  = window - 1
)

// characters adds the characters of the run that ts starts with to the digest,
// to b.chars and to the votes. It returns how many they are and all their flags.
func (b *Builder) characters(ts []token.Token) (n int, seen token.Flags) {
	x, y := b.digest.x, b.digest.y
	chars := b.chars[b.nc:]
	nc := 0
	for i := range ts {
		h, f := ts[i].Hash, ts[i].Flags
		if i > 0 && f&(token.Joined|carried) != token.Joined {
			break
		}
		n++
		seen |= f
		x, y = mixed(x, y, h)
		if f&token.SEA == 0 {
			chars[nc] = h
			nc++
			b.sim.votes[h&63] += weights[f/token.Han&1][h>>6&15]
		}
	}
	b.digest = digester{x, y}
	b.nc += nc
	return n, seen
}

// pairAny puts the hashes of the pairs of run into pairs and counts them.
func (b *Builder) pairAny(run []token.Token, pairs []uint64, all, every bool) {
	for i := range pairs {
		t, u := &run[i], &run[i+1]
		h := token.Pair(t.Hash, u.Hash)
		hira := t.Flags&u.Flags&token.Hira != 0
		switch {
		case u.Flags&token.SEA != 0:
			b.hashes[b.nq] = h
			b.nq++
		case every || !hira:
			b.sim.vote(h)
		}
		pairs[i] = max(h, 1)
		if hira && !all {
			pairs[i] = none
		}
	}
}

// pair puts the hashes of the pairs of run, none of them Southeast Asian, into
// pairs and counts them, except those of hiragana, which are none.
func (c *counter) pair(run []token.Token, pairs []uint64) {
	run = run[:len(pairs)+1]
	a, f := run[0].Hash, run[0].Flags
	for i := range pairs {
		b, g := run[i+1].Hash, run[i+1].Flags
		h := token.Pair(a, b)
		hira := -int64(f & g / token.Hira & 1)
		c.votes[h&63] += weights[1][h>>6&15] &^ hira
		pairs[i] = max(h, 1) | uint64(hira)
		a, f = b, g
	}
}

// winnow selects from pairs, which has pads, and returns how many it puts into
// from, tokens and kinds; at is the scanner's token of the first.
func winnow(pairs []uint64, at uint32, from []uint32, tokens []uint16, kinds []Kind) (k int) {
	n := len(pairs) - 2*pad
	from, tokens, kinds = from[:n], tokens[:n], kinds[:n]
	v, next := pairs[2], pairs[3]
	// Whether pairs i-2 and i-1 are less than pair i, and i-1 less than i+1: at
	// first they are pads.
	less2, less1, skip := uint64(1), uint64(1), uint64(1)
	for i, after := range pairs[2*pad:] {
		// The number is selected if it is not greater than the two before, or
		// than the one before and less than the one behind, or less than both.
		_, more1 := bits.Sub64(v, next, 0)
		_, more2 := bits.Sub64(v, after, 0)
		_, some := bits.Sub64(v, none, 0)
		from[k], tokens[k], kinds[k] = at+uint32(i), uint16(v>>48), pairKind(v)
		k += int(((less1^1)&(less2^1|more1) | more1&more2) & some)
		less2, less1, skip = skip, more1, more2
		v, next = next, after
	}
	return k
}

// pairKind returns the kind of a pair of hash h.
func pairKind(h uint64) Kind {
	if token.Weekday(h) {
		return Date
	}
	return Word
}

// A sentence is where one starts: in Builder.specials, items, segs, maybe and
// found.
type sentence struct{ special, item, seg, maybe, found int }

// sentence finishes the sentence from s to the special n and the item k, whose
// tokens have the flags force too. Its capitals, of which there are upper, tell
// no names if four or more of its words have one and fewer than a seventh has
// none: a headline, a line in capitals.
func (b *Builder) sentence(ts []token.Token, s sentence, n, k, upper int, force token.Flags) {
	if upper >= 4 && headline(ts, b.from[s.item:k], upper) {
		m, f := s.maybe, s.found
		for _, e := range b.specials[s.special:n] {
			i, at := int(e>>32), uint32(e)
			if i >= k || b.from[i] != at {
				continue // not an item
			}
			v := form(ts[at].Flags | force)
			if v&markedForm == 0 {
				continue
			}
			b.maybe[m], b.found[f] = uint32(i), b.tokens[i]
			if v&kataForm != 0 {
				f++
			} else if v&(maybeForm|nameForm) != 0 {
				b.kinds[i] = Word
				m++
			}
		}
		b.nm, b.nf = m, f
	}
	if k-s.item > maxSegment {
		b.split(ts, s.item, k, s.seg)
	}
}

// headline reports whether the capitals of a sentence of items from these
// tokens, of which upper have one, tell no names.
func headline(ts []token.Token, from []uint32, upper int) bool {
	lower := 0
	for _, at := range from {
		lower += int(ts[at].Flags / token.Lower & 1)
		if upper <= 6*lower {
			return false
		}
	}
	return true
}

// name makes names of the items that may be some and are elsewhere.
func (b *Builder) name() {
	for _, h := range b.found[:b.nf] {
		b.names[h>>6] |= 1 << (h & 63)
	}
	for _, i := range b.maybe[:b.nm] {
		if h := b.tokens[i]; b.names[h>>6]>>(h&63)&1 != 0 {
			b.kinds[i] = Name
		}
	}
}

// split cuts the segments from sg on, those of the sentence of the tokens from
// s to k, where the hashes of a token and the one before say so.
func (b *Builder) split(ts []token.Token, s, k, sg int) {
	b.old = append(b.old[:0], b.segs[sg:]...)
	b.segs = b.segs[:sg]
	piece := 0 // items of the piece so far
	for i, seg := range b.old {
		last := k
		if i+1 < len(b.old) {
			last = int(b.old[i+1].Token)
		}
		for q := int(seg.Token); ; q, piece = q+1, piece+1 {
			// Nothing is cut before there are enough.
			if skip := min(minPiece-piece, last-q); skip > 0 {
				q, piece = q+skip, piece+skip
			}
			if q == last {
				break
			}
			if piece < hardPiece && !splits(b.tokens[q-1], b.tokens[q]) {
				continue
			}
			if q == int(seg.Token) {
				seg.Flags |= Sentence
				piece = 0
				continue
			}
			start := ts[b.from[q]].Start
			if start <= seg.Start {
				continue
			}
			end := seg.End
			seg.End = min(ts[b.from[q]-1].End, start)
			b.segs = append(b.segs, seg)
			seg = Segment{Token: uint32(q), Start: start, End: end, Flags: seg.Flags&Quoted | Sentence}
			piece = 0
		}
		b.segs = append(b.segs, seg)
	}
}

// splits reports whether a long sentence may be cut between two tokens.
func splits(a, b uint16) bool {
	return token.Mix(uint64(a)<<16|uint64(b))&cutMask == 0
}
