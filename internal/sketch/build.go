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

// While a sketch is built, a Kind also says what its token shows of case.
const (
	kindMask       = 3
	lowerKind Kind = 1 << (iota + 1) // starts with a small letter
	upperKind                        // starts with a capital
	maybeKind                        // a name if it is one elsewhere
	kataKind                         // a name whatever the case of its sentence
)

// kindOf gives the kind of a token of these flags, of which the low nine bits
// matter.
var kindOf = func() (t [512]Kind) {
	for i := range t {
		f := token.Flags(i)
		var k Kind
		switch {
		case f&token.Number != 0:
			k = Number
		case f&token.Month != 0:
			k = Date
		case f&token.Kata != 0:
			k = Name | kataKind
		case f&(token.Caps|token.Mixed|token.Acronym) != 0:
			k = Name
		case f&token.Upper != 0 && f&token.Sentence != 0:
			k = maybeKind
		case f&token.Upper != 0:
			k = Name
		}
		if f&token.Lower != 0 {
			k |= lowerKind
		} else if f&token.Upper != 0 {
			k |= upperKind
		}
		t[i] = k
	}
	return t
}()

// rolesOf says of every Kind in the making whether it is a name if it is one
// elsewhere, 1, or surely, 2: in a sentence whose capitals tell names, and in
// one where they do not.
var rolesOf = func() (t [2][256]uint8) {
	for i := range t[0] {
		k := Kind(i)
		if k&kindMask == Name {
			t[0][i], t[1][i] = 2, 1
			if k&kataKind != 0 {
				t[1][i] = 2
			}
		}
		if k&maybeKind != 0 {
			t[0][i], t[1][i] = 1, 1
		}
	}
	return t
}()

// A Builder makes sketches and keeps its memory between them. The zero value
// is ready. It is not for concurrent use.
type Builder struct {
	body, title []token.Token
	names       [1 << 10]uint64 // a set of 16-bit hashes
	sim         counter

	// The sketch in the making.
	tokens []uint16
	kinds  []Kind
	from   []uint32 // index of the scanner's token that each is or starts with
	segs   []Segment
	old    []Segment
	maybe  []uint32 // tokens that are names if they are elsewhere
	found  []uint16 // names
	short  []uint16
	pairs  []uint64
	hashes []uint64 // of the words and ideographs that count for the SimHash

	// The same of hiragana and of pairs of characters, and how many there are.
	hiragana, twos []uint64
	nh, np         int
	words          int // tokens in use
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
	dst.Body = b.sketch(b.body, false)
	dst.Tokens = append(dst.Tokens, b.tokens[:b.words]...)
	b.promote()
	dst.Kinds = append(dst.Kinds, b.kinds[:b.words]...)
	dst.Segs = append(dst.Segs, b.segs...)
	dst.Short = append(dst.Short, b.short...)
	slices.Sort(dst.Short)
	dst.Short = slices.Compact(dst.Short)
	if len(dst.Short) > maxShort {
		dst.Short = dst.Short[:maxShort]
	}

	dst.Title = b.sketch(b.title, true)
	b.promote()
	n := min(b.words, maxHead)
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
	d := digest(b.title)
	return max(1, word(string(d[:8])))
}

// A digester hashes a sequence of token hashes to 128 bits, as two lanes with
// the multipliers of MurmurHash3 x64 128 (Appleby 2011).
type digester struct{ x, y uint64 }

func (d *digester) add(h uint64) {
	const k1, k2 = 0x87C37B91114253D5, 0x4CF5AD432745937F
	d.x = (d.x ^ h) * k1
	d.x ^= d.x >> 29
	d.y = (d.y + h) * k2
	d.y ^= d.y >> 32
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

func digest(ts []token.Token) [16]byte {
	d := digester{uint64(len(ts)), ^uint64(len(ts))}
	for i := range ts {
		d.add(ts[i].Hash)
	}
	return d.sum()
}

// sketch makes tokens, kinds and segments of ts, and returns the SimHash, for
// which every word of a title counts, content or not.
func (b *Builder) sketch(ts []token.Token, title bool) uint64 {
	n := len(ts) + 16
	if cap(b.tokens) < n {
		n += n / 4
		b.tokens = make([]uint16, n)
		b.kinds = make([]Kind, n)
		b.from = make([]uint32, n)
		b.hashes = make([]uint64, n)
		b.maybe = make([]uint32, n)
		b.found = make([]uint16, n)
	}
	b.fill(ts, false, title)
	if b.words < minContent {
		b.fill(ts, true, title)
	}
	return b.sim.sum()
}

const carried = token.Sentence | token.Paragraph | token.Turn

func put(k []Kind, w uint64) {
	_ = k[7]
	k[0], k[1], k[2], k[3] = Kind(w), Kind(w>>8), Kind(w>>16), Kind(w>>24)
	k[4], k[5], k[6], k[7] = Kind(w>>32), Kind(w>>40), Kind(w>>48), Kind(w>>56)
}

func eight(k []Kind) uint64 {
	_ = k[7]
	return uint64(k[0]) | uint64(k[1])<<8 | uint64(k[2])<<16 | uint64(k[3])<<24 |
		uint64(k[4])<<32 | uint64(k[5])<<40 | uint64(k[6])<<48 | uint64(k[7])<<56
}

func (b *Builder) fill(ts []token.Token, all, title bool) {
	b.segs, b.maybe, b.found, b.short = b.segs[:0], b.maybe[:0], b.found[:0], b.short[:0]
	b.sim.reset()
	q := 0 // hashes so far
	b.nh, b.np = 0, 0
	keep, count := token.Flags(0), token.Flags(0)
	if all {
		keep, count = token.Content, token.Content
	}
	if title {
		count = token.Content
	}
	var (
		k, s int // tokens so far, and at the start of the sentence
		seg  Segment
		sg   int // segments at the start of the sentence
	)
	for i := 0; i < len(ts); {
		t := &ts[i]
		f := t.Flags
		if f&(carried|token.Unspaced) != 0 {
			if f&carried != 0 {
				if int(seg.Token) < k {
					seg.End = ts[i-1].End
					b.segs = append(b.segs, seg)
					seg.Flags = 0
				}
				if f&token.Sentence != 0 {
					b.sentence(ts, s, k, sg)
					s, sg = k, len(b.segs)
				}
				seg.Token, seg.Start = uint32(k), t.Start
				seg.Flags = seg.Flags&^Quoted | flags(f)
			}
			if f&token.Unspaced != 0 {
				j := i + 1
				for j < len(ts) && ts[j].Flags&(token.Joined|carried) == token.Joined {
					j++
				}
				k, q = b.unspaced(ts[i:j], k, q, uint32(i), all, all || title)
				i = j
				continue
			}
		}
		i, k, q = b.run(ts, i, k, q, keep, count)
		if t := &ts[i-1]; t.Flags&short == token.Upper {
			b.initial(t)
		}
	}
	if int(seg.Token) < k {
		seg.End = ts[len(ts)-1].End
		b.segs = append(b.segs, seg)
	}
	b.sentence(ts, s, k, sg)
	b.words = k
	b.sim.words.addAll(b.hashes[:q])
	b.sim.hiragana.addAll(b.hiragana[:b.nh])
	b.sim.pairs.addAll(b.twos[:b.np])
}

// short are the flags that tell words that may be short names, being Upper.
const short = token.Upper | token.Content

// run takes the word i of ts and those after it, up to one that starts
// something, is a character, or comes after one that may be a short name. The
// next token is the k-th, the next hash for the SimHash the q-th; it returns
// all three anew. What is not content is
// written too, and over it the next, unless keep or count is token.Content.
func (b *Builder) run(ts []token.Token, i, k, q int, keep, count token.Flags) (int, int, int) {
	// All of one length, so that it is looked at once.
	tokens := b.tokens[:cap(b.tokens)]
	kinds, from, hashes := b.kinds[:len(tokens)], b.from[:len(tokens)], b.hashes[:len(tokens)]
	for {
		t := &ts[i]
		h, f := t.Hash, t.Flags
		hashes[q] = h
		tokens[k] = uint16(h >> 48)
		kinds[k] = kindOf[f&511]
		from[k] = uint32(i)
		q += int((f | count) / token.Content & 1)
		k += int((f | keep) / token.Content & 1)
		i++
		if f&short == token.Upper || i == len(ts) || ts[i].Flags&(carried|token.Unspaced) != 0 {
			return i, k, q
		}
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

// unspaced takes a run of characters that follow each other, the first being
// the scanner's token at. The next token is the k-th, the next hash for the
// SimHash the q-th; it returns both anew.
//
// Content are the pairs of neighbours with the least hash of some three in a
// row, the last of equals (winnowing: Schleimer, Wilkerson and Aiken 2003);
// pairs of hiragana only with all. A run of one character is content unless it
// is hiragana.
//
// In the SimHash, ideographs weigh 4, hiragana 2 and pairs of neighbours 1, of
// hiragana only with every: so one changed character of 200 moves few bits. On
// 400 Japanese articles cut to 200 characters, 0.2 % of such changes moved
// more than 6 bits (0.6 % if hiragana weigh nothing), and of random pairs one
// in a thousand was within 11. Thai, Lao, Khmer and Burmese have few
// characters: there the pairs weigh 4 and single characters nothing.
func (b *Builder) unspaced(run []token.Token, k, q int, at uint32, all, every bool) (int, int) {
	if len(b.hiragana) < cap(b.hashes) {
		b.hiragana = make([]uint64, cap(b.hashes))
		b.twos = make([]uint64, cap(b.hashes))
	}
	hashes, hiragana := b.hashes[:cap(b.hashes)], b.hiragana
	if len(run) == 1 {
		t := &run[0]
		hira := t.Flags&token.Hira != 0
		if hira {
			hiragana[b.nh] = t.Hash
			b.nh++
		} else {
			hashes[q] = t.Hash
			q++
		}
		if !hira || all {
			b.tokens[k], b.kinds[k], b.from[k] = uint16(t.Hash>>48), Word, at
			k++
		}
		return k, q
	}
	nh := b.nh
	for i := range run {
		f := run[i].Flags
		hashes[q], hiragana[nh] = run[i].Hash, run[i].Hash
		q += int(f / token.Han & 1)
		nh += int(f / token.Hira & 1)
	}
	b.nh = nh

	// Before and behind the pairs stand numbers less than any of them, so that
	// there is no window over an end.
	const none = ^uint64(0)
	const pad = window - 1
	n := len(run) - 1
	if cap(b.pairs) < n+2*pad {
		b.pairs = make([]uint64, n+n/4+2*pad)
	}
	pairs := b.pairs[:n+2*pad]
	pairs[0], pairs[1], pairs[n+pad], pairs[n+pad+1] = 0, 0, 0, 0
	counts, voids := 0, ^uint64(0) // what a pair of hiragana does
	if every {
		counts = 1
	}
	if all {
		voids = 0
	}
	np := b.np
	for i := range n {
		t, u := &run[i], &run[i+1]
		h := token.Pair(t.Hash, u.Hash)
		hira := int(t.Flags & u.Flags / token.Hira & 1)
		if u.Flags&token.SEA != 0 {
			hashes[q] = h
			q++
		} else {
			b.twos[np] = h
			np += hira&counts | (hira ^ 1)
		}
		pairs[i+pad] = max(h, 1) | -uint64(hira)&voids
	}
	b.np = np
	if n < window {
		least := 0
		for j := 1; j < n; j++ {
			if pairs[j+pad] <= pairs[least+pad] {
				least = j
			}
		}
		if pairs[least+pad] != none {
			k += b.pair(least, k, at)
		}
		return k, q
	}
	tokens, kinds, from := b.tokens, b.kinds, b.from
	for i := range n {
		p := pairs[i : i+2*pad+1 : i+2*pad+1]
		v := p[2]
		// Not greater than the two before, and less than the two behind.
		_, l2 := bits.Sub64(p[0], v, 0)
		_, l1 := bits.Sub64(p[1], v, 0)
		_, r1 := bits.Sub64(v, p[3], 0)
		_, r2 := bits.Sub64(v, p[4], 0)
		_, some := bits.Sub64(v, none, 0)
		l2, l1 = l2^1, l1^1
		tokens[k], kinds[k], from[k] = uint16(v>>48), Word, at+uint32(i)
		took := int((l1&l2 | l1&r1 | r1&r2) & some)
		if token.Weekday(v) {
			kinds[k] = Date
		}
		k += took
	}
	return k, q
}

// pair takes the i-th pair of a run that starts at a token as the k-th token.
func (b *Builder) pair(i, k int, at uint32) int {
	v := b.pairs[i+window-1]
	b.tokens[k], b.kinds[k], b.from[k] = uint16(v>>48), Word, at+uint32(i)
	if token.Weekday(v) {
		b.kinds[k] = Date
	}
	return 1
}

// sentence finishes the sentence of the tokens from s to k and the segments
// from sg. Its capitals tell no names if four or more of its words have one and
// fewer than a seventh has none: a headline, a line in capitals.
func (b *Builder) sentence(ts []token.Token, s, k, sg int) {
	// Eight kinds at a time; the room behind k is there.
	const ones = 0x0101010101010101
	for i := k; i < k+8; i++ {
		b.kinds[i] = 0
	}
	upper, lower := 0, 0
	for i := s; i < k; i += 8 {
		w := eight(b.kinds[i:])
		lower += bits.OnesCount64(w & (ones * uint64(lowerKind)))
		upper += bits.OnesCount64(w & (ones * uint64(upperKind)))
	}
	roles := &rolesOf[0]
	if upper >= 4 && upper > 6*lower {
		roles = &rolesOf[1]
	}
	// There is room for all tokens, as what is none is written over.
	nm, nf := len(b.maybe), len(b.found)
	maybe, found := b.maybe[:cap(b.maybe)], b.found[:cap(b.found)]
	for i := s; i < k; i += 8 {
		w := eight(b.kinds[i:])
		x := w & (ones * uint64(kindMask|maybeKind))
		put(b.kinds[i:], w&(ones*uint64(kindMask)))
		// One bit at the bottom of every byte of x that is not 0.
		for x = (x | x>>1 | x>>4) & ones; x != 0; x &= x - 1 {
			shift := bits.TrailingZeros64(x)
			at := i + shift>>3
			r := roles[Kind(w>>(shift&63))]
			maybe[nm], found[nf] = uint32(at), b.tokens[at]
			nm += int(r & 1)
			nf += int(r >> 1)
			b.kinds[at] &= Kind(r&1) - 1
		}
	}
	b.maybe, b.found = maybe[:nm], found[:nf]
	if k-s > maxSegment {
		b.split(ts, s, k, sg)
	}
}

// promote makes names of the tokens that may be and are elsewhere.
func (b *Builder) promote() {
	for _, h := range b.found {
		b.names[h>>6] |= 1 << (h & 63)
	}
	for _, i := range b.maybe {
		h := b.tokens[i]
		if b.names[h>>6]>>(h&63)&1 != 0 {
			b.kinds[i] = Name
		}
	}
}

// split cuts the segments from sg on, those of the sentence of the tokens from
// s to k, where the hashes of a token and the one before say so.
func (b *Builder) split(ts []token.Token, s, k, sg int) {
	b.old = append(b.old[:0], b.segs[sg:]...)
	b.segs = b.segs[:sg]
	piece, at := 0, 0
	var seg Segment
	for q := s; q < k; q++ {
		start := ts[b.from[q]].Start
		begins := at < len(b.old) && int(b.old[at].Token) == q
		ends := piece >= minPiece && (piece >= hardPiece || splits(b.tokens[q-1], b.tokens[q])) && (begins || start > seg.Start)
		switch {
		case begins:
			if q > s {
				b.segs = append(b.segs, seg)
			}
			seg = b.old[at]
			at++
		case ends:
			last := seg.End
			seg.End = min(ts[b.from[q]-1].End, start)
			b.segs = append(b.segs, seg)
			seg = Segment{Token: uint32(q), Start: start, End: last, Flags: seg.Flags & Quoted}
		}
		if ends {
			seg.Flags |= Sentence
			piece = 0
		}
		piece++
	}
	b.segs = append(b.segs, seg)
}

// splits reports whether a long sentence may be cut between two tokens.
func splits(a, b uint16) bool {
	return token.Mix(uint64(a)<<16|uint64(b))&cutMask == 0
}

// initial takes the word t, which has a capital and is too short to be
// content, for a short name if its capital tells.
func (b *Builder) initial(t *token.Token) {
	f := t.Flags
	if t.Letters < 2 || f&(token.Abbrev|token.Month) != 0 || f&(token.Caps|token.Mixed) == 0 && f&token.Sentence != 0 {
		return
	}
	b.short = append(b.short, uint16(t.Hash>>48))
}
