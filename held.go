package newsdedup

import (
	"cmp"
	"encoding/binary"
	"iter"
	"slices"
	"strings"
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

// period is the day of a time of publication: what is published on one day mostly
// expires together, and so lies together in the arena.
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

// leftOut are the bytes of an encoded fingerprint that keepHead leaves out: magic,
// format version and scheme, and the time of publication.
const leftOut = 3 + 2 + 8

// keepHead keeps the encoded fingerprint of an article up to its sketch, but for what
// all have in common and the time of publication, which stands in article too.
func (h *held) keepHead(a uint32, head []byte, published int64) arena.Ref {
	return h.arena.Add(a<<1, period(published), head[flagsAt:flagsAt+1], head[1+leftOut:])
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

// ranked appends the contents of a rank to dst. For reading.
func (h *held) ranked(dst []uint32, rank uint64) []uint32 {
	from := len(dst)
	dst = h.byRank.Find(dst, rankKey(rank))
	return dst[:from+len(slices.DeleteFunc(dst[from:], func(c uint32) bool { return h.contents.At(c).rank != rank }))]
}

// members yields the articles of a content, oldest first. For reading.
func (h *held) members(c uint32) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		first := h.contents.At(c).first
		for a := first; yield(a); {
			if a = h.articles.At(a).next; a == first {
				return
			}
		}
	}
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
	from := len(t.pairs)
	for o, spare := range h.candidates(&t.tally, h.contents.At(c).size()) {
		h.pair(t, c, o, spare)
	}
	h.complete(t.pairs[from:])
}

// pair leaves two contents to be verified unless they are linked; complete is to
// follow. For reading.
func (h *held) pair(t *task, c, o uint32, spare int) {
	if _, ok := h.linked(c, o); !ok {
		t.pairs = append(t.pairs, pair{a: c, b: o, spare: spare})
	}
}

// complete fills in the contents of pairs, whose records are read together. For
// reading.
func (h *held) complete(pairs []pair) {
	for i := range pairs {
		p := &pairs[i]
		x, y := h.contents.At(p.a), h.contents.At(p.b)
		p.movesA, p.movesB, p.namesA, p.namesB = x.moves, y.moves, x.names, y.names
		p.sketchA, p.sketchB = h.sketchOf(p.a), h.sketchOf(p.b)
	}
}

// candidates yields the candidates of a text of this size that t has counted,
// each with its spare (see posting.Candidate). Contents lie here and there in
// memory: they are read ahead, so that they come together. For reading.
func (h *held) candidates(t *posting.Tally, size posting.Size) iter.Seq2[uint32, int] {
	return func(yield func(uint32, int) bool) {
		sum := uint32(0)
		for _, s := range t.Shares() {
			if !posting.Never(int(s.Weight), int(s.Keys)) {
				sum += h.contents.At(s.Text).count
			}
		}
		t.Use(sum)
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

// bytes estimates the memory held. For reading.
func (h *held) bytes() int {
	return h.arena.Bytes() + h.articles.Bytes() + h.contents.Bytes() +
		h.byID.Bytes() + h.byRank.Bytes() + h.index.Bytes() + h.links.Bytes() + 4*(cap(h.spare)+cap(h.blank))
}
