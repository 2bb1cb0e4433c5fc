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
	short    []uint16
	pairs    []uint64
	hashes   []uint64 // of the words that count for the SimHash
	chars    []uint64 // of the ideographs and hiragana

	// How much is in use: of from, tokens and kinds; of specials, maybe, hashes,
	// chars and short.
	items, ns, nm, nq, nc, nh int
	digest                    digester
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
	if name == "" {
		return 0
	}
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

const (
	digestX = 0x87C37B91114253D5
	digestY = 0x4CF5AD432745937F
)

func (d *digester) add(h uint64) { d.x, d.y = mixed(d.x, d.y, h) }

func mixed(x, y, h uint64) (uint64, uint64) {
	return bits.RotateLeft64(x^h, 29) * digestX, bits.RotateLeft64(y+h, 33) * digestY
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
		b.short = make([]uint16, n)
	}
	forms := b.fill(ts, false, title)
	if b.items < minContent {
		forms = b.fill(ts, true, title)
	}
	b.note(ts, forms)
	return b.sim.sum(b.hashes[:b.nq], b.chars[:b.nc])
}

// fill makes all of a sketch from ts. With all, every token is an item; with
// title, every word counts for the SimHash. It returns what it made of flags.
func (b *Builder) fill(ts []token.Token, all, title bool) *forms {
	b.sim = counter{}
	b.digest = newDigester(len(ts))
	b.items, b.ns, b.nq, b.nc = 0, 0, 0, 0
	forms := &formOf
	if all {
		forms = &formAll
	}
	for i := 0; i < len(ts); {
		switch {
		case ts[i].Flags&token.Unspaced != 0:
			i += b.unspaced(ts[i:], uint32(i), all, all || title)
		case all || title || few(ts[i:]):
			b.word(&ts[i], uint32(i), forms, all || title)
			i++
		default:
			n, items, specials := take(&b.rows, &b.digest, ts[i:min(len(ts), i+batch)], uint32(i))
			copy(b.from[b.items:], b.rows.from[:items])
			copy(b.tokens[b.items:], b.rows.tokens[:items])
			copy(b.kinds[b.items:], b.rows.kinds[:items])
			copy(b.hashes[b.nq:], b.rows.hashes[:items])
			before := uint32(b.items)
			to := b.specials[b.ns:][:specials]
			for j, e := range b.rows.specials[:specials] {
				to[j] = special{token: e.token, item: e.item + before}
			}
			b.items, b.nq, b.ns = b.items+items, b.nq+items, b.ns+specials
			i += n
		}
	}
	b.structure(ts, forms)
	return forms
}

// few reports whether so few words are at the start of ts that each is best
// taken on its own.
func few(ts []token.Token) bool {
	if len(ts) < 8 {
		return true
	}
	return (ts[1].Flags|ts[2].Flags|ts[3].Flags|ts[4].Flags|ts[5].Flags)&token.Unspaced != 0
}

// word takes the word t, the scanner's token at, as take does, except that
// forms says what it is and that with every it counts for the SimHash whether
// content or not.
func (b *Builder) word(t *token.Token, at uint32, forms *forms, every bool) {
	b.digest.x, b.digest.y = mixed(b.digest.x, b.digest.y, t.Hash)
	if every || t.Flags&token.Content != 0 {
		b.hashes[b.nq] = t.Hash
		b.nq++
	}
	x := forms.of(t.Flags)
	if x&specialForm != 0 {
		b.special(at)
	}
	if x&contentForm != 0 {
		b.item(at, t.Hash, Kind(x))
	}
}

// item adds an item of hash h that is or starts with the scanner's token at.
func (b *Builder) item(at uint32, h uint64, kind Kind) {
	b.from[b.items], b.tokens[b.items], b.kinds[b.items] = at, uint16(h>>48), kind
	b.items++
}

// special notes that the scanner's token at is one.
func (b *Builder) special(at uint32) {
	b.specials[b.ns] = special{token: at, item: uint32(b.items)}
	b.ns++
}

// structure makes segments of the specials, and finds headlines.
func (b *Builder) structure(ts []token.Token, forms *forms) {
	b.segs = b.segs[:0]
	var (
		seg   Segment
		start sentence
		upper int // marked items of the sentence with a capital
	)
	specials := b.specials[:b.ns]
	for n := 0; n < len(specials); {
		i, k := int(specials[n].token), int(specials[n].item)
		if f := ts[i].Flags; f&carried != 0 {
			if int(seg.Token) < k {
				seg.End = ts[i-1].End
				b.segs = append(b.segs, seg)
				seg.Flags = 0
			}
			if f&token.Sentence != 0 {
				if upper >= 4 || k-start.item > maxSegment {
					b.sentence(ts, start, n, k, upper, forms)
				}
				start = sentence{n, k, len(b.segs)}
				upper = 0
			}
			seg.Token, seg.Start = uint32(k), ts[i].Start
			seg.Flags = seg.Flags&^Quoted | flags(f)
		}
		behind, capitals := forms.capitals(ts, specials[n:])
		n += behind
		upper += capitals
	}
	if int(seg.Token) < b.items {
		seg.End = ts[len(ts)-1].End
		b.segs = append(b.segs, seg)
	}
	b.sentence(ts, start, b.ns, b.items, upper, forms)
}

// capitals returns how many of specials are marked items with a capital, up to
// the next behind the first that starts something, and how many it has passed.
func (t *forms) capitals(ts []token.Token, specials []special) (n, upper int) {
	f := ts[specials[0].token].Flags
	for {
		upper += int(t.of(f) / upperForm & 1)
		n++
		if n == len(specials) {
			return n, upper
		}
		if f = ts[specials[n].token].Flags; f&carried != 0 {
			return n, upper
		}
	}
}

// note makes names, what may be names, and short names of the specials.
func (b *Builder) note(ts []token.Token, forms *forms) {
	maybe, names := b.maybe, b.short
	nm, nh := 0, 0
	for _, e := range b.specials[:b.ns] {
		t := &ts[e.token&^inHeadline]
		f := t.Flags
		v := forms.of(f)
		if e.token&inHeadline != 0 {
			v ^= v & nameForm / nameForm * (nameForm | maybeForm)
		}
		// Without branches: which it will be is hard to tell beforehand.
		h := uint16(t.Hash >> 48)
		b.names[h>>6] |= uint64(v/nameForm&1) << (h & 63)
		maybe[nm], names[nh] = e.item, h
		nm += int(v / maybeForm & 1)
		if f&(token.One|token.Abbrev) != 0 {
			v = 0
		}
		nh += int(v / shortForm & 1)
	}
	b.nm, b.nh = nm, nh
}

func flags(f token.Flags) Flags {
	return Flags(f/token.Sentence&1)*Sentence | Flags(f/token.Paragraph&1)*Paragraph | Flags(f/token.Quoted&1)*Quoted
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

// A sentence is where one starts: in Builder.specials, items and segs.
type sentence struct{ special, item, seg int }

// sentence finishes the sentence from s to the special n and the item k, of which
// the tokens are what forms says. Its capitals, of which there are upper, tell no
// names if four or more of its words have one and fewer than a seventh has none:
// a headline, a line in capitals.
func (b *Builder) sentence(ts []token.Token, s sentence, n, k, upper int, forms *forms) {
	if upper >= 4 && headline(ts, b.from[s.item:k], upper) {
		for i := s.special; i < n; i++ {
			e := &b.specials[i]
			if v := forms.of(ts[e.token].Flags); v&kataForm == 0 && v&(maybeForm|nameForm) != 0 {
				b.kinds[e.item] = Word
				e.token |= inHeadline
			}
		}
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
	for _, i := range b.maybe[:b.nm] {
		// So far it is a Word, that is 0.
		h := b.tokens[i]
		b.kinds[i] |= Kind(b.names[h>>6]>>(h&63)&1) * Name
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
