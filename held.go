package newsdedup

import (
	"cmp"
	"encoding/binary"
	"iter"
	"math/bits"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/newsdedup/newsdedup/internal/arena"
	"github.com/newsdedup/newsdedup/internal/paged"
	"github.com/newsdedup/newsdedup/internal/posting"
	"github.com/newsdedup/newsdedup/internal/sketch"
)

// held is all that a Deduper holds. Articles whose sketches are equal share one
// content: what is posted, verified and linked are contents. Every method needs
// the lock of the Deduper, for reading those that say so, else for writing.
//
// After every change that is complete, and apart from the numbers that articles
// and contents are given, it is a function of the set of articles: contents of
// the articles, postings of the contents, and links, which are the candidates of
// package posting of which the verdict is the least level or more.
type held struct {
	level Relation // the weakest that is looked for

	arena    arena.Arena
	articles paged.Array[article]
	contents paged.Array[content]
	spare    []uint32 // free article numbers
	blank    []uint32 // free content numbers
	byID     posting.Table
	byRank   posting.Table
	index    *posting.Index
	links    posting.Sets
	proofs   proofs // of Cluster

	tally  posting.Tally
	among  []posting.Share
	keys   []uint32
	effect posting.Effect
	gains  uint64 // that were ever told by the index

	stats Stats
}

// none is no article.
const none = ^uint32(0)

// An article is a member of a content.
type article struct {
	head       arena.Ref // see keepHead
	content    uint32
	next, prev uint32 // other articles of the content, by age, in a ring
	published  int64  // as in Fingerprint
}

// A content is a sketch that articles have.
type content struct {
	rank     uint64    // hash of the sketch
	sketch   arena.Ref //
	first    uint32    // oldest article, none if the number is free, or hidden (see sweep)
	count    uint32    // articles
	links    uint32    // set of links plus one, 0 without
	moves    uint32    // times it may have lost support; counts on when the number is used again
	keys     uint16    // number of keys, at most 65535
	stock    uint16    // of them, those that are stock for it
	wordless bool      // no two articles without words are the same
	names    uint8     // see posting.Names
}

// A link stands in the sets of both contents: the other one, the relation, the
// score in steps of 0.0001, and the spare: what moves of this content that
// concern the link (see posting.Effect) may cost before it is to be looked at
// again. The two spares together are no more than that of posting.Candidate; they
// are no part of what a link is.
type link uint64

const (
	linkShift  = 36
	spareShift = 28
	scoreShift = 3
	maxSpare   = 1<<(linkShift-spareShift) - 1
)

func makeLink(other uint32, r Relation, score uint16) link {
	return link(uint64(other)<<linkShift | uint64(score)<<scoreShift | uint64(r))
}

func (l link) other() uint32      { return uint32(l >> linkShift) }
func (l link) relation() Relation { return Relation(l & (1<<scoreShift - 1)) }
func (l link) steps() uint16      { return uint16(l >> scoreShift) }
func (l link) score() float64     { return float64(l.steps()) / 1e4 }
func (l link) spare() int         { return int(l >> spareShift & maxSpare) }

// sparing returns the link with another spare.
func (l link) sparing(n int) link {
	return l&^(maxSpare<<spareShift) | link(min(n, maxSpare))<<spareShift
}

func newHeld(level Relation, bounds posting.Bounds) *held {
	h := &held{level: level}
	h.index = posting.New(bounds,
		func(c uint32) uint64 { return h.contents.At(c).rank },
		func(a, b uint32) bool {
			// One of two of the same sketch is hidden: it goes.
			return cmp.Or(strings.Compare(h.sketchOf(a), h.sketchOf(b)), cmp.Compare(a, b)) < 0
		})
	return h
}

// size is what posting.Candidate asks for.
func (x *content) size() posting.Size {
	return posting.Size{Keys: int(x.keys), Stock: int(x.stock)}
}

// A draft is an article that is not held, as far as it can be made without
// the lock.
type draft struct {
	id        string
	idHash    uint64
	head      []byte
	sketch    []byte
	rank      uint64
	published int64
	wordless  bool
	names     uint8
	keys      []uint32
}

var drafts = sync.Pool{New: func() any { return new(draft) }}

// draft makes the draft of an article. It must go back to drafts.
func newDraft(a *Article, level Relation) *draft {
	p := printers.Get().(*printer)
	defer p.release()
	var at uint32
	p.buf, at = p.print(p.buf[:0], a)
	d := drafts.Get().(*draft)
	d.fill(a.ID, p.buf, at, &p.sketch, level)
	return d
}

func (d *draft) fill(id string, data []byte, at uint32, s *sketch.Sketch, level Relation) {
	d.id, d.idHash = id, hashID(id)
	d.head = append(d.head[:0], data[:at]...)
	d.sketch = append(d.sketch[:0], data[at:]...)
	d.rank = hashBytes(d.sketch)
	d.published = int64(binary.LittleEndian.Uint64(data[6:]))
	d.wordless = s.Words == 0
	d.names = posting.Names(s)
	d.keys = posting.Keys(d.keys[:0], s, netOf(level))
}

// netOf returns the keys that find relations of a level and stronger ones.
func netOf(level Relation) posting.Net {
	switch {
	case level >= Near:
		return posting.Copies
	case level == Partial:
		return posting.Prose
	case level == Rewrite:
		return posting.Rewrites
	}
	return posting.Stories
}

// hashBytes hashes with the multiplications of wyhash (Wang Yi 2019), eight
// bytes at a time.
func hashBytes(b []byte) uint64 {
	const k0, k1 = 0xA0761D6478BD642F, 0xE7037ED1A0B428DB
	h := uint64(len(b)) ^ k0
	for ; len(b) >= 8; b = b[8:] {
		hi, lo := bits.Mul64(h^binary.LittleEndian.Uint64(b), k1)
		h = hi ^ lo ^ k0
	}
	var rest [8]byte
	copy(rest[:], b)
	hi, lo := bits.Mul64(h^binary.LittleEndian.Uint64(rest[:]), k1)
	hi, lo = bits.Mul64(hi^lo^k0, k0^h)
	return hi ^ lo
}

func idKey(hash uint64) uint32     { return uint32(hash * 0x9E3779B97F4A7C15 >> 32) }
func rankKey(rank uint64) uint32   { return uint32(rank >> 32) }
func period(published int64) int64 { return published / int64(24*time.Hour/time.Second) }

// find returns the article of an ID, or none. For reading.
func (h *held) find(id string, hash uint64) uint32 {
	var buf [8]uint32
	for _, a := range h.byID.Find(buf[:0], idKey(hash)) {
		if h.idOf(a) == id {
			return a
		}
	}
	return none
}

// idOf returns the ID of an article. For reading.
func (h *held) idOf(a uint32) string {
	head := h.arena.Get(h.articles.At(a).head)
	_, i := uvarint(head, headerSize-leftOut)
	id, _ := field(head, i)
	return id
}

// leftOut are the bytes of an encoded fingerprint that keepHead leaves out.
const leftOut = 13

// keepHead keeps the encoded fingerprint of an article up to its sketch, but for what
// all have in common and the time of publication, which stands in article too.
func (h *held) keepHead(a uint32, head []byte, published int64) arena.Ref {
	return h.arena.Add(a<<1, period(published), head[3:4], head[1+leftOut:])
}

// appendHead appends what keepHead was given to dst. For reading.
func (h *held) appendHead(dst []byte, a uint32) []byte {
	x := h.articles.At(a)
	kept := h.arena.Get(x.head)
	dst = append(slices.Grow(dst, len(kept)+leftOut), 'n', 'd', formatVersion, kept[0])
	dst = binary.LittleEndian.AppendUint16(dst, uint16(Scheme1))
	dst = binary.LittleEndian.AppendUint64(dst, uint64(x.published))
	return append(dst, kept[1:]...)
}

// headOf is appendHead to an empty string. For reading.
func (h *held) headOf(a uint32) string {
	var buf [128]byte
	return string(h.appendHead(buf[:0], a))
}

// sketchOf returns the encoded sketch of a content. For reading; it stays the
// same later.
func (h *held) sketchOf(c uint32) string { return h.arena.Get(h.contents.At(c).sketch) }

// fingerprint returns that of an article, whose sketch keeps a block of the arena
// alive. For reading.
func (h *held) fingerprint(a uint32) Fingerprint {
	return Fingerprint{h.headOf(a), h.sketchOf(h.articles.At(a).content)}
}

// member returns what is known of an article as a member of a group. For
// reading.
func (h *held) member(a uint32) Member {
	x := h.articles.At(a)
	f := Fingerprint{head: h.headOf(a)}
	m := Member{ID: f.ID(), Publisher: f.publisher(), Published: f.Published(), Credited: f.credited()}
	n, _ := uvarint(h.sketchOf(x.content), 33)
	m.Words = int(n)
	return m
}

// content returns the content of a sketch, or none. For reading.
func (h *held) content(d *draft) uint32 {
	if d.wordless {
		return none
	}
	var buf [8]uint32
	for _, c := range h.byRank.Find(buf[:0], rankKey(d.rank)) {
		if x := h.contents.At(c); x.rank == d.rank && h.sketchOf(c) == string(d.sketch) {
			return c
		}
	}
	return none
}

// A pair is two contents that are to be verified, as they were when they were
// found to be candidates.
type pair struct {
	a, b           uint32
	movesA, movesB uint32
	spare          int
	sketchA        string
	sketchB        string
	namesA, namesB uint8 // see posting.Names
}

// draft returns the draft that made an article, but for its keys: see rekey. For
// reading.
func (h *held) draft(a uint32) *draft {
	id, x := strings.Clone(h.idOf(a)), h.articles.At(a)
	c := h.contents.At(x.content)
	return &draft{
		id: id, idHash: hashID(id), head: h.appendHead(nil, a), sketch: []byte(h.sketchOf(x.content)),
		rank: c.rank, published: x.published, wordless: c.wordless, names: c.names,
	}
}

// rekey gives a draft the keys it was made without.
func (d *draft) rekey(level Relation) {
	s := sketches.Get().(*sketch.Sketch)
	defer sketches.Put(s)
	s.Decode(string(d.sketch))
	d.keys = posting.Keys(d.keys[:0], s, netOf(level))
}

var glances = sync.Pool{New: func() any { return new(posting.Glance) }}

// A finding is what became of a pair.
type finding struct {
	pair
	relation Relation
	score    uint16
	proof    *proof // of pairs that are told as matches
}

// A task is what a change has left to do without the lock, and what it did.
type task struct {
	pairs []pair
	found []finding

	candidates, verified int
	recount              []posting.Gain // contents that may have more candidates than before
	change               change
	touched              []uint32 // contents of which members or links have changed
	begun                []uint64
	wait                 func() error

	self    uint32 // content of which the matches are told
	except  string // ID that is told of none; empty: any is
	matches []known
	links   []link
	best    []uint32
	proof   *proof
	tally   posting.Tally
	gained  posting.Tally
	keys    []uint32
	sum     uint32 // of what has been read ahead
}

// add takes a draft in, whose ID is not held, and leaves the pairs to verify.
func (h *held) add(d *draft, t *task) (a uint32) {
	c := h.content(d)
	if c == none {
		c = h.newContent(d, t)
	}
	a = h.newArticle()
	h.byID.Insert(idKey(d.idHash), a)
	h.place(a, c, d.head, d.published)
	t.touched = append(t.touched, c)
	t.change.put = append(t.change.put, a)
	t.change.keys = append(t.change.keys, d.keys...)
	t.change.ends = append(t.change.ends, len(t.change.keys))
	return a
}

// place makes number a an article of content c.
func (h *held) place(a, c uint32, head []byte, published int64) {
	*h.articles.At(a) = article{
		head: h.keepHead(a, head, published), content: c,
		next: a, prev: a, published: published,
	}
	x := h.contents.At(c)
	if x.count == 0 {
		x.first = a
	} else {
		h.join(x.first, a)
		h.stats.Links[Exact]++
	}
	x.count++
	h.stats.Articles++
	if published == unknownTime {
		h.stats.Undated++
	}
}

func (h *held) newArticle() uint32 {
	if n := len(h.spare); n > 0 {
		a := h.spare[n-1]
		h.spare = h.spare[:n-1]
		return a
	}
	return h.articles.Push(article{})
}

// join puts article a behind the last of the ring of first.
func (h *held) join(first, a uint32) {
	f := h.articles.At(first)
	last := f.prev
	h.articles.At(a).next, h.articles.At(a).prev = first, last
	h.articles.At(last).next = a
	h.articles.At(first).prev = a
}

// newContent makes a content, posts it and leaves its pairs to be verified.
func (h *held) newContent(d *draft, t *task) uint32 {
	c := h.makeContent(d)
	if d.wordless {
		return c
	}
	h.index.PostCount(&t.tally, c, d.keys, &h.effect)
	h.contents.At(c).stock = uint16(t.tally.Stock())
	for _, o := range h.effect.Stock {
		h.contents.At(o).stock++
	}
	h.weaken(h.effect.Moved, t)
	h.pairs(t, c)
	return c
}

// makeContent makes a content that is not posted.
func (h *held) makeContent(d *draft) uint32 {
	var c, moves uint32
	if n := len(h.blank); n > 0 {
		c = h.blank[n-1]
		h.blank = h.blank[:n-1]
		moves = h.contents.At(c).moves + 1
	} else {
		c = h.contents.Push(content{})
	}
	*h.contents.At(c) = content{
		rank: d.rank, sketch: h.arena.Add(c<<1|1, period(d.published), d.sketch, nil), first: none,
		moves: moves, keys: uint16(min(len(d.keys), 1<<16-1)), wordless: d.wordless, names: d.names,
	}
	h.stats.Contents++
	if !d.wordless {
		h.byRank.Insert(rankKey(d.rank), c)
	}
	return c
}

// pairs leaves content c, which t.tally has counted, to be verified with its
// candidates that it is not linked to. For reading.
func (h *held) pairs(t *task, c uint32) {
	for o, spare := range h.candidates(&t.tally, h.contents.At(c).size()) {
		h.pair(t, c, o, spare)
	}
}

func (h *held) pair(t *task, c, o uint32, spare int) {
	if _, ok := h.linked(c, o); !ok {
		x, y := h.contents.At(c), h.contents.At(o)
		t.pairs = append(t.pairs, pair{c, o, x.moves, y.moves, spare, h.sketchOf(c), h.sketchOf(o), x.names, y.names})
	}
}

// candidates yields the candidates of a text of this size that t has counted,
// each with its spare (see posting.Candidate). For reading.
func (h *held) candidates(t *posting.Tally, size posting.Size) iter.Seq2[uint32, int] {
	return func(yield func(uint32, int) bool) {
		for _, s := range t.Shares() {
			weight, shared := int(s.Weight), int(s.Keys)
			if posting.Never(weight, shared) {
				continue
			}
			x := h.contents.At(s.Text)
			if spare, ok := posting.Candidate(weight, shared, size, x.size()); ok && x.first != none && !yield(s.Text, spare) {
				return
			}
		}
	}
}

// keysOf returns the keys of a content, valid until the next call.
func (h *held) keysOf(c uint32) []uint32 {
	h.keys = h.appendKeys(h.keys[:0], c)
	return h.keys
}

// appendKeys appends the keys of a content to dst. For reading.
func (h *held) appendKeys(dst []uint32, c uint32) []uint32 {
	s := sketches.Get().(*sketch.Sketch)
	defer sketches.Put(s)
	s.Decode(h.sketchOf(c))
	return posting.Keys(dst, s, netOf(h.level))
}

// weaken drops the links that are no longer between candidates, after moves of
// contents.
func (h *held) weaken(moves []posting.Move, t *task) {
	slices.SortFunc(moves, func(x, y posting.Move) int { return cmp.Compare(x.Text, y.Text) })
	for len(moves) > 0 {
		c, n := moves[0].Text, 1
		for n < len(moves) && moves[n].Text == c {
			n++
		}
		x := h.contents.At(c)
		x.moves++
		if x.links != 0 {
			t.links = h.spend(t.links[:0], c, moves[:n])
			h.review(c, t.links, t)
			t.links = t.links[:0]
		}
		moves = moves[n:]
	}
}

// fewMoves is the number of moves of a content up to which it is looked up which
// links they concern.
const fewMoves = 8

// spend takes moves of content c from the spares of its links that they concern,
// and appends to dst the links that have not as much.
func (h *held) spend(dst []link, c uint32, moves []posting.Move) []link {
	every, few := posting.Cost(moves), len(moves) <= fewMoves
	if few {
		every = h.index.Concern(&h.tally, moves)
	}
	h.links.Update(h.contents.At(c).links-1, func(v uint64) uint64 {
		l, n := link(v), every
		if few {
			some, _ := h.tally.Count(l.other())
			n += some
		}
		if n > l.spare() {
			dst = append(dst, l)
			return v
		}
		return uint64(l.sparing(l.spare() - n))
	})
	return dst
}

// reviewAll is the number of links of a content up to which all are reviewed
// with some.
const reviewAll = 128

// review drops those of some links of content c, in the order of its links, that
// are no longer between candidates, and finds the spares of the others. To count
// is what takes time: as the moves of c will soon have used up those of its other
// links too, they get what they are short of.
func (h *held) review(c uint32, links []link, t *task) {
	if len(links) == 0 {
		return
	}
	x := h.contents.At(c)
	all := links
	if n := h.links.Len(x.links - 1); n <= reviewAll {
		h.links.Each(x.links-1, func(ls []uint64) bool {
			for _, l := range ls {
				links = append(links, link(l))
			}
			return true
		})
		all = links[len(all):]
		links = links[:len(links)-n]
	}
	h.among = h.among[:0]
	for _, l := range all {
		h.among = append(h.among, posting.Share{Text: l.other()})
	}
	h.index.CountAmong(&h.tally, h.among, c, x.rank, h.keysOf(c))
	for _, l := range all {
		due := len(links) > 0 && links[0].other() == l.other()
		if due {
			links = links[1:]
		}
		weight, shared := h.tally.Count(l.other())
		y := h.contents.At(l.other())
		if spare, ok := posting.Candidate(weight, shared, x.size(), y.size()); !ok {
			h.stats.Unlinked++
			h.unlink(c, l, t)
		} else if spare = min(spare, 2*maxSpare); due || l.spare() < spare/4 {
			back, _ := h.linked(l.other(), c)
			other := min(back.spare(), spare/2)
			h.replace(y.links-1, back, back.sparing(other))
			h.replace(x.links-1, l, l.sparing(spare-other))
		}
	}
}

// replace changes the spare of a link.
func (h *held) replace(set uint32, from, to link) {
	if from != to {
		h.links.Replace(set, uint64(from), uint64(to))
	}
}

// support tells whether two contents are candidates, and by how much.
func (h *held) support(a, b uint32) (spare int, ok bool) {
	x, y := h.contents.At(a), h.contents.At(b)
	h.among = append(h.among[:0], posting.Share{Text: b})
	h.index.CountAmong(&h.tally, h.among, a, x.rank, h.keysOf(a))
	weight, shared := h.tally.Count(b)
	return posting.Candidate(weight, shared, x.size(), y.size())
}

// linked returns the link of two contents. For reading.
func (h *held) linked(a, b uint32) (link, bool) {
	x := h.contents.At(a)
	if x.links == 0 {
		return 0, false
	}
	l, ok := h.links.Seek(x.links-1, uint64(makeLink(b, 0, 0)))
	return link(l), ok && link(l).other() == b
}

func (h *held) link(a, b uint32, r Relation, score uint16, spare int, t *task) {
	h.insert(a, b, r, score, spare)
	t.touched = append(t.touched, a, b)
	t.change.link = append(t.change.link, tie{h.contents.At(a).rank, h.contents.At(b).rank, r, score})
}

// tie makes a link that is not there, of which the spare is not known.
func (h *held) tie(a, b uint32, r Relation, score uint16) { h.insert(a, b, r, score, 0) }

func (h *held) insert(a, b uint32, r Relation, score uint16, spare int) {
	for _, e := range [...]struct{ c, o uint32 }{{a, b}, {b, a}} {
		x := h.contents.At(e.c)
		if x.links == 0 {
			x.links = h.links.New() + 1
		}
		h.links.Insert(x.links-1, uint64(makeLink(e.o, r, score).sparing(spare/2)))
	}
	h.stats.Links[r]++
}

func (h *held) unlink(a uint32, l link, t *task) {
	b := l.other()
	for _, e := range [...]struct{ c, o uint32 }{{a, b}, {b, a}} {
		x := h.contents.At(e.c)
		if own, ok := h.linked(e.c, e.o); ok {
			h.links.Delete(x.links-1, uint64(own))
		}
		if h.links.Len(x.links-1) == 0 {
			h.links.Free(x.links - 1)
			x.links = 0
		}
	}
	h.stats.Links[l.relation()]--
	t.touched = append(t.touched, a, b)
	t.change.unlink = append(t.change.unlink, tie{h.contents.At(a).rank, h.contents.At(b).rank, l.relation(), l.steps()})
}

// remove forgets an article.
func (h *held) remove(a uint32, t *task) {
	if c := h.take(a, t); h.contents.At(c).count == 0 {
		h.removeContent(c, t)
	}
}

// take takes an article out of its content, which it returns.
func (h *held) take(a uint32, t *task) (c uint32) {
	x := h.articles.At(a)
	c = x.content
	h.byID.Delete(idKey(hashID(h.idOf(a))), a)
	h.articles.At(x.next).prev = x.prev
	h.articles.At(x.prev).next = x.next
	t.touched = append(t.touched, c)
	y := h.contents.At(c)
	if y.first == a {
		y.first = x.next
	}
	if y.count--; y.count > 0 {
		h.stats.Links[Exact]--
	}
	if x.published == unknownTime {
		h.stats.Undated--
	}
	h.arena.Free(x.head, h.relocate)
	*x = article{next: none}
	h.spare = append(h.spare, a)
	h.stats.Articles--
	t.change.del = append(t.change.del, a)
	return c
}

func (h *held) removeContent(c uint32, t *task) {
	h.part(c, t)
	x := h.contents.At(c)
	if !x.wordless {
		h.index.Unpost(c, h.keysOf(c), &h.effect)
		h.gain(t)
	}
	h.drop(c, t)
}

// part drops the links of a content.
func (h *held) part(c uint32, t *task) {
	if x := h.contents.At(c); x.links != 0 {
		for _, l := range h.links.Append(nil, x.links-1, h.links.Len(x.links-1)) {
			h.unlink(c, link(l), t)
		}
	}
}

// gain takes in what the others have gained that a change of the index told of.
func (h *held) gain(t *task) {
	n := len(t.recount)
	t.recount = append(t.recount, h.effect.Gained...)
	for _, o := range h.effect.Stock {
		x := h.contents.At(o)
		if x.stock == posting.Stock+1 {
			t.recount = append(t.recount, posting.Gain{Text: o, Every: true})
		}
		x.stock--
	}
	h.gains += uint64(len(t.recount) - n)
}

// drop forgets a content without articles that is neither linked nor posted.
func (h *held) drop(c uint32, t *task) {
	h.hide(c)
	h.free(c)
	t.change.drop = append(t.change.drop, c)
}

// hide makes a content without articles or links one that is not found but by the
// index: it is no candidate, and its number is not free.
func (h *held) hide(c uint32) {
	x := h.contents.At(c)
	if !x.wordless {
		h.byRank.Delete(rankKey(x.rank), c)
	}
	x.first = none
	x.moves++
	h.stats.Contents--
}

// free frees the number of a content that is hidden and not posted.
func (h *held) free(c uint32) {
	x := h.contents.At(c)
	h.arena.Free(x.sketch, h.relocate)
	*x = content{first: none, moves: x.moves}
	h.blank = append(h.blank, c)
}

// relocate takes note of a record that the arena has copied.
func (h *held) relocate(owner uint32, from, to arena.Ref) {
	if owner&1 == 0 {
		if x := h.articles.At(owner >> 1); x.head == from {
			x.head = to
		}
	} else if x := h.contents.At(owner >> 1); x.sketch == from {
		x.sketch = to
	}
}

// A regain is what the contents have gained by one change.
type regain struct {
	gains []posting.Gain // in the order of byText
	// settled is that all candidates had been verified, or were being verified,
	// before, and that nothing else has been gained since.
	settled bool
	shared  *sharedKeys // of these contents; nil: find out
}

func byText(x, y posting.Gain) int {
	return cmp.Or(cmp.Compare(x.Text, y.Text), cmp.Compare(x.Key, y.Key))
}

// of returns the gains of a content.
func (r *regain) of(c uint32) []posting.Gain {
	at := func(c uint32) int {
		i, _ := slices.BinarySearchFunc(r.gains, c, func(g posting.Gain, c uint32) int { return cmp.Compare(g.Text, c) })
		return i
	}
	from := at(c)
	return r.gains[from : from+at(c+1)-from]
}

// recount leaves the candidates of content c to be verified that may be new by
// what it has gained: those that its gains concern, but for those that, as what
// both have gained bounds what they had before, were candidates already. For
// reading.
func (h *held) recount(t *task, c uint32, r *regain) {
	x := h.contents.At(c)
	if x.first == none || x.wordless {
		return
	}
	own := r.of(c)
	every := h.index.CountGained(&t.gained, x.rank, own)
	if every == 0 && len(t.gained.Shares()) == 0 {
		return
	}
	var keys []uint32
	if r.shared != nil {
		keys = r.shared.of(c)
	} else {
		t.keys = h.appendKeys(t.keys[:0], c)
		keys = t.keys
	}
	if every > 0 {
		h.index.Count(&t.tally, c, x.rank, keys)
	} else {
		h.index.CountAmong(&t.tally, t.gained.Shares(), c, x.rank, keys)
	}
	for o, spare := range h.candidates(&t.tally, x.size()) {
		if weight, n := t.gained.Count(o); every == 0 && (n == 0 || r.settled && spare >= max(weight, n)+2*len(r.of(o))) {
			continue
		}
		h.pair(t, c, o, spare)
	}
}

// recounted does so for all that t.recount names: nothing but that has happened
// since all candidates were verified, but for what h.gains counts beyond since.
func (h *held) recounted(t *task, since uint64) {
	if len(t.recount) == 0 {
		return
	}
	slices.SortFunc(t.recount, byText)
	r := regain{gains: t.recount, settled: h.gains == since+uint64(len(t.recount))}
	for i, g := range r.gains {
		if i == 0 || g.Text != r.gains[i-1].Text {
			h.recount(t, g.Text, &r)
		}
	}
	t.recount = t.recount[:0]
}

// verify relates the pairs of a task, without the lock, and forgets them.
func (t *task) verify(level Relation) {
	clear(t.found) // of memory that it refers to
	t.found = t.found[:0]
	if len(t.pairs) == 0 {
		return
	}
	c := comparers.Get().(*comparer)
	defer comparers.Put(c)
	g := glances.Get().(*posting.Glance)
	defer glances.Put(g)
	net := netOf(level)
	t.candidates += len(t.pairs)
	passed, set := t.pairs[:0], none
	for i, p := range t.pairs {
		if i%readAtOnce == 0 {
			for _, q := range t.pairs[i:min(len(t.pairs), i+readAtOnce)] {
				t.sum += read(q.sketchB)
			}
		}
		if p.a != set {
			set = p.a
			g.Set(p.sketchA, p.namesA)
		}
		if g.Passes(p.sketchB, p.namesB, net) {
			passed = append(passed, p)
		}
	}
	t.verified += len(passed)
	t.best = t.best[:0]
	prove := t.prove
	for _, p := range passed {
		f, want := finding{pair: p}, prove
		if p.a != t.self {
			want = nil
		}
		t.proof = nil
		if f.relation, f.score = c.judge(p.sketchA, p.sketchB, level, want); f.relation >= level {
			f.proof = t.proof
			t.found = append(t.found, f)
		}
	}
	clear(t.pairs)
	t.pairs = t.pairs[:0]
}

// readAtOnce is how many sketches are read before the first of them is looked at,
// so that they come from memory together.
const readAtOnce = 16

// read reads every cache line of a record, and returns a sum of what is there,
// which is to be used.
func read(s string) (sum uint32) {
	for i := 0; i < len(s); i += 64 {
		sum += uint32(s[i])
	}
	return sum
}

// prove asks for the proof of a match of this strength, unless it cannot be one
// of those that are told: t.best are the strengths of these so far, in descending
// order.
func (t *task) prove(r Relation, score uint16) **proof {
	strength := uint32(r)<<16 | uint32(score)
	n := len(t.best)
	if n < MaxMatches {
		t.best = append(t.best, 0)
	} else if n--; strength < t.best[n] {
		return nil
	}
	for ; n > 0 && t.best[n-1] < strength; n-- {
		t.best[n] = t.best[n-1]
	}
	t.best[n] = strength
	return &t.proof
}

// commit makes links of what verify found, as far as both contents still stand
// and are candidates.
func (h *held) commit(t *task) {
	h.stats.Candidates += uint64(t.candidates)
	h.stats.Verified += uint64(t.verified)
	t.candidates, t.verified = 0, 0
	for _, v := range t.found {
		x, y := h.contents.At(v.a), h.contents.At(v.b)
		if x.moves != v.movesA || y.moves != v.movesB {
			if x.first == none || y.first == none || h.sketchOf(v.a) != v.sketchA || h.sketchOf(v.b) != v.sketchB {
				continue
			}
			var ok bool
			if v.spare, ok = h.support(v.a, v.b); !ok {
				continue
			}
		}
		if _, ok := h.linked(v.a, v.b); !ok {
			h.link(v.a, v.b, v.relation, v.score, v.spare, t)
		}
	}
}

// byStrength orders links, strongest first.
func byStrength(x, y link) int {
	return cmp.Or(cmp.Compare(y.relation(), x.relation()), cmp.Compare(y.steps(), x.steps()), cmp.Compare(x.other(), y.other()))
}

// bytes estimates the memory held. For reading.
func (h *held) bytes() int {
	return h.arena.Bytes() + h.articles.Pages()*1024*32 + h.contents.Pages()*1024*40 +
		h.byID.Bytes() + h.byRank.Bytes() + h.index.Bytes() + h.links.Bytes() + 4*(cap(h.spare)+cap(h.blank))
}
