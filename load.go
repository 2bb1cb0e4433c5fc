package newsdedup

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/newsdedup/newsdedup/internal/posting"
	"github.com/newsdedup/newsdedup/internal/sketch"
)

// loader fills a Deduper from its store.
type loader struct {
	d       *Deduper
	l       *ledger
	workers int

	found bool // the store has a meta record
	anew  bool // keys and links are to be made anew

	posts   []posting.Posts // of each worker
	noting  sync.WaitGroup  // loads of which the keys are still to be noted in posts
	posting sync.WaitGroup

	ids     []uint64          // articles behind their keys in held.byID
	numbers []numbered        // contents by number in the store, but for those in early, until all are there
	early   map[uint64]uint32 // contents whose first article is gone, by number in the store
	starts  []uint32          // of numbers that have the same bits from shift on
	shift   int
	links   []linkRecord
	bonds   []bond
	loose   []loose
	linked  []recordKey // records of links, if they are to be made anew
	marks   []uint64
}

// loaded is an article on its way. What it refers to is in the memory of the
// records it came with.
type loaded struct {
	articleRecord
	number    uint64
	idHash    uint64
	at        int
	data      []byte
	rank      uint64
	published int64
	wordless  bool
	names     uint8
	keys      int    // number
	content   uint32 // to be posted; none if it is already, or has no words
}

// numbered is a content, by its number in the store and in memory.
type numbered struct {
	stored  uint64
	content uint32
}

// A bond is a link of content a to one whose number in the store is lower by back,
// or, once it is found, to that with the number back in memory.
type bond struct {
	a, back  uint32
	score    uint16
	relation Relation
}

// A loose link is one of a content that is not there yet, or of which the other's
// number is lower by more than a bond can say.
type loose struct {
	of uint64
	linkRecord
}

// A load is records on their way, in the order of their keys.
type load struct {
	buf      []byte
	keys     []recordKey
	values   [][]byte
	articles []loaded // by place in keys
	err      error    // what ended the reading
}

const (
	loads    = 5       // one in each of the four steps, and one between
	loadSize = 1 << 18 // bytes of values, but for one that is larger
)

// load reads the store. Records are read, taken apart, put in and left to be
// posted in four steps, each a load behind the one before; with one worker all
// but the first are one.
func (ld *loader) load(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	ld.posts = make([]posting.Posts, ld.workers)
	// Each has room for all loads.
	full, ready, put, empty := make(chan *load, loads), make(chan *load, loads), make(chan *load, loads), make(chan *load, loads)
	for range loads {
		empty <- new(load)
	}
	var wg sync.WaitGroup
	defer ld.posting.Wait()
	defer wg.Wait()
	defer close(put)
	defer cancel()
	wg.Go(func() {
		defer close(full)
		ld.read(ctx, full, empty)
	})
	if ld.workers == 1 {
		ready = full
	} else {
		wg.Go(func() {
			defer close(ready)
			for b := range full {
				ld.parse(b)
				ready <- b
			}
		})
		wg.Go(func() {
			for b := range put {
				ld.note(b)
				ld.noting.Done()
				empty <- b
			}
		})
	}
	for b := range ready {
		if ld.workers == 1 {
			ld.parse(b)
		}
		if err := cmp.Or(ld.take(b), b.err); err != nil {
			return err
		}
		if ld.workers == 1 {
			ld.note(b)
			empty <- b
		} else {
			ld.noting.Add(1)
			put <- b
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := ld.end(); err != nil {
		return err
	}
	ld.post()
	return ld.tie()
}

// read fills loads until there are no more records.
func (ld *loader) read(ctx context.Context, full, empty chan *load) {
	b := <-empty
	for r, err := range ld.l.store.Scan(ctx) {
		var k recordKey
		if err != nil {
			b.err = fmt.Errorf("newsdedup: reading the store: %w", err)
		} else {
			k, b.err = parseKey(r.Key)
		}
		if b.err != nil {
			break
		}
		if len(b.buf)+len(r.Value) > cap(b.buf) {
			if len(b.buf) > 0 {
				full <- b
				select {
				case b = <-empty:
					b.buf, b.keys, b.values = b.buf[:0], b.keys[:0], b.values[:0]
				case <-ctx.Done():
					return
				}
			}
			if len(r.Value) > cap(b.buf) {
				b.buf = make([]byte, 0, max(loadSize, len(r.Value)))
			}
		}
		n := len(b.buf)
		b.buf = append(b.buf, r.Value...)
		b.keys, b.values = append(b.keys, k), append(b.values, b.buf[n:len(b.buf):len(b.buf)])
	}
	full <- b
}

// parse takes what all records have in common, and those of articles apart,
// side by side. An error takes the place of the records.
func (ld *loader) parse(b *load) {
	var err error
	if !ld.found && len(b.keys) > 0 {
		if b.keys[0][0] != metaKind {
			err = fmt.Errorf("%w: records without their format: not a store of newsdedup", ErrCorrupt)
		} else {
			var m meta
			m, err = parseMeta(b.values[0])
			ld.found, ld.anew = true, m != ld.d.o.meta()
		}
	}
	if cap(b.articles) < len(b.keys) {
		b.articles = make([]loaded, len(b.keys)+len(b.keys)/4)
	}
	b.articles = b.articles[:len(b.keys)]
	if err == nil {
		errs := make([]error, ld.workers)
		ld.each(len(b.keys), func(w, i int) bool {
			if b.keys[i].kind() == articleKind {
				errs[w] = b.articles[i].fill(b.keys[i], b.values[i], ld)
			}
			return errs[w] == nil
		})
		err = cmp.Or(errs...)
	}
	if err != nil {
		b.keys, b.err = nil, err
	}
}

// note leaves the keys of the contents that are new with a load to be posted.
func (ld *loader) note(b *load) {
	ld.each(len(b.keys), func(w, i int) bool {
		x := &b.articles[i]
		if b.keys[i].kind() != articleKind || x.content == none {
			return true
		}
		if ld.anew {
			ld.posts[w].Add(x.content, x.articleRecord.keys)
		} else {
			ld.posts[w].AddEncoded(x.content, x.encoded)
		}
		return true
	})
}

// end is called when all articles are there.
func (ld *loader) end() error {
	ld.order()
	tasks := [...]func() error{ld.enterIDs, ld.enterRanks}
	var errs [len(tasks)]error
	workers := min(ld.workers, len(tasks))
	parallel(workers, func(w int) {
		for i := w; i < len(tasks); i += workers {
			errs[i] = tasks[i]()
		}
	})
	return cmp.Or(errs[:]...)
}

// order makes numbers ready for lookup.
func (ld *loader) order() {
	for n, c := range ld.early {
		ld.numbers = append(ld.numbers, numbered{n, c})
	}
	slices.SortFunc(ld.numbers, func(a, b numbered) int { return cmp.Compare(a.stored, b.stored) })
	if len(ld.numbers) == 0 {
		return
	}
	// As many stretches as contents, or up to twice as many.
	last := ld.numbers[len(ld.numbers)-1].stored
	ld.shift = bits.Len64(last / uint64(2*len(ld.numbers)))
	ld.starts = make([]uint32, last>>ld.shift+2)
	for _, x := range ld.numbers {
		ld.starts[x.stored>>ld.shift+1]++
	}
	for i, n := range ld.starts[1:] {
		ld.starts[i+1] = ld.starts[i] + n
	}
}

// enterIDs makes held.byID.
func (ld *loader) enterIDs() error {
	h := ld.d.h
	h.byID.Fill(ld.ids)
	err := alike(ld.ids, func(a, b uint32) error {
		if id := h.idOf(a); id == h.idOf(b) {
			return badRecord(keyOf(articleKind, *slot(&ld.l.articles, max(a, b))), fmt.Sprintf("article %q is there twice", id))
		}
		return nil
	})
	ld.ids = nil
	return err
}

// enterRanks makes held.byRank.
func (ld *loader) enterRanks() error {
	h := ld.d.h
	ranks := make([]uint64, 0, h.contents.Len())
	for c := range uint32(h.contents.Len()) {
		if x := h.contents.At(c); !x.wordless {
			ranks = append(ranks, uint64(rankKey(x.rank))<<32|uint64(c))
		}
	}
	h.byRank.Fill(ranks)
	return alike(ranks, func(a, b uint32) error {
		if h.sketchOf(a) == h.sketchOf(b) {
			return badRecord(keyOf(articleKind, *slot(&ld.l.contents, max(a, b))), "number of its content")
		}
		return nil
	})
}

// alike calls f with the values of every two of sorted entries that have the same
// key.
func alike(entries []uint64, f func(a, b uint32) error) error {
	for i, e := range entries {
		for _, other := range entries[i+1:] {
			if e>>32 != other>>32 {
				break
			}
			if err := f(uint32(e), uint32(other)); err != nil {
				return err
			}
		}
	}
	return nil
}

// post begins to post the articles, all of which are there. Contents must not
// change meanwhile but for their links.
func (ld *loader) post() {
	ld.noting.Wait()
	ld.posting.Go(func() {
		h := ld.d.h
		h.index.PostAll(ld.posts, ld.workers)
		h.index.Stock(func(c uint32) { h.contents.At(c).stock++ })
	})
}

// take puts in what a load has, once it is parsed.
func (ld *loader) take(b *load) error {
	for i, k := range b.keys {
		var err error
		switch k.kind() {
		case articleKind:
			err = ld.put(&b.articles[i])
		case linksKind:
			if ld.anew {
				ld.linked = append(ld.linked, k)
			} else {
				err = ld.takeLinks(k, b.values[i])
			}
		case markKind:
			var rest []byte
			if rest, err = unseal(k, b.values[i]); err == nil && len(rest) > 0 {
				err = badRecord(k, "mark")
			}
			ld.marks = append(ld.marks, k.number())
			ld.l.marks[k.number()] = &markNote{stored: true}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// each calls f for the numbers from 0 to n-1, side by side, until it returns
// false; w is the number of the worker.
func (ld *loader) each(n int, f func(w, i int) bool) {
	const step = 32
	var next atomic.Int64
	parallel(min(ld.workers, n/step+1), func(w int) {
		for {
			i := int(next.Add(step)) - step
			if i >= n {
				return
			}
			for j := i; j < min(i+step, n); j++ {
				if !f(w, j) {
					next.Store(int64(n))
					return
				}
			}
		}
	})
}

func (x *loaded) fill(k recordKey, value []byte, ld *loader) error {
	data, at, err := x.parse(k, value)
	if err != nil {
		return err
	}
	x.number, x.data, x.at = k.number(), data, at
	x.keys = len(x.encoded) / 4
	_, n := binary.Uvarint(data[headerSize:])
	size, m := binary.Uvarint(data[headerSize+n:])
	if size == 0 {
		return badRecord(k, "article without ID")
	}
	x.idHash = hashID(unsafe.String(&data[headerSize+n+m], int(size)))
	x.rank = hashBytes(data[at:])
	x.published = int64(binary.LittleEndian.Uint64(data[publishedAt:]))
	words, n := binary.Uvarint(data[at+wordsAt:])
	if n <= 0 {
		return badRecord(k, "fingerprint")
	}
	x.wordless = words == 0
	x.names = posting.NamesIn(unsafe.String(&data[at], len(data)-at))
	if ld.anew {
		s := sketches.Get().(*sketch.Sketch)
		defer sketches.Put(s)
		if n, err := s.Decode(string(data[at:])); err != nil || n != len(data)-at {
			return badRecord(k, "fingerprint")
		}
		x.articleRecord.keys = posting.Keys(x.articleRecord.keys[:0], s, netOf(ld.d.o.GroupBy))
		x.keys = len(x.articleRecord.keys)
	}
	return nil
}

// put puts an article in, as held.add does, but for finding it by its ID and a
// new content by its hash, and leaves that to be posted.
func (ld *loader) put(x *loaded) error {
	h := ld.d.h
	if x.number <= ld.l.last {
		return badRecord(keyOf(articleKind, x.number), "order")
	}
	number := x.articleRecord.content
	x.content = none
	c := none
	if number != x.number {
		c = ld.present(number)
	}
	if c == none {
		c = h.contents.Push(content{
			rank: x.rank, sketch: h.arena.Add(uint32(h.contents.Len())<<1|1, period(x.published), x.data[x.at:], nil), first: none,
			keys: uint16(min(x.keys, 1<<16-1)), wordless: x.wordless, names: x.names,
		})
		h.stats.Contents++
		*slot(&ld.l.contents, c) = number
		if number == x.number {
			ld.numbers = append(ld.numbers, numbered{number, c})
		} else {
			if ld.early == nil {
				ld.early = map[uint64]uint32{}
			}
			ld.early[number] = c
		}
		if !x.wordless {
			x.content = c
		}
	} else if x.wordless || h.sketchOf(c) != string(x.data[x.at:]) {
		return badRecord(keyOf(articleKind, x.number), "number of its content")
	}
	a := h.articles.Push(article{})
	h.place(a, c, x.data[:x.at], x.published)
	ld.ids = append(ld.ids, uint64(idKey(x.idHash))<<32|uint64(a))
	*slot(&ld.l.articles, a) = x.number
	ld.l.last = x.number
	return nil
}

// present returns the content of a number of the store that has been put in, or none.
func (ld *loader) present(n uint64) uint32 {
	if c, ok := ld.early[n]; ok {
		return c
	}
	return byNumber(ld.numbers, n)
}

// lookup returns the content of a number of the store, or none.
func (ld *loader) lookup(n uint64) uint32 {
	k := n >> ld.shift
	if k+1 >= uint64(len(ld.starts)) {
		return none
	}
	return byNumber(ld.numbers[ld.starts[k]:ld.starts[k+1]], n)
}

func byNumber(numbers []numbered, n uint64) uint32 {
	i, ok := slices.BinarySearchFunc(numbers, n, func(x numbered, n uint64) int { return cmp.Compare(x.stored, n) })
	if !ok {
		return none
	}
	return numbers[i].content
}

func (ld *loader) takeLinks(k recordKey, value []byte) (err error) {
	if ld.links, err = parseLinks(k, value, ld.links[:0]); err != nil {
		return err
	}
	h, number, c := ld.d.h, k.number(), none
	if n := h.articles.Len(); n > 0 {
		// Mostly those of the article before.
		if last := h.articles.At(uint32(n - 1)).content; *slot(&ld.l.contents, last) == number {
			c = last
		}
	}
	for _, l := range ld.links {
		if l.relation < h.level {
			return badRecord(k, "link below the level")
		}
		if back := number - l.other; c != none && back <= math.MaxUint32 {
			ld.bonds = append(ld.bonds, bond{c, uint32(back), l.score, l.relation})
		} else {
			ld.loose = append(ld.loose, loose{number, l})
		}
	}
	return nil
}

// bind finds the contents of the bonds, all of which are there.
func (ld *loader) bind() error {
	numbers := &ld.l.contents
	find := func(of, other uint64) (c uint32, err error) {
		if c = ld.lookup(other); c == none {
			err = badRecord(keyOf(linksKind, of), "link of nothing or to nothing")
		}
		return c, err
	}
	errs := make([]error, ld.workers)
	ld.each(len(ld.bonds), func(w, i int) bool {
		b := &ld.bonds[i]
		of := *numbers.At(b.a)
		b.back, errs[w] = find(of, of-uint64(b.back))
		return errs[w] == nil
	})
	if err := cmp.Or(errs...); err != nil {
		return err
	}
	for _, l := range ld.loose {
		a, err := find(l.of, l.of)
		b, e := find(l.of, l.other)
		if err = cmp.Or(err, e); err != nil {
			return err
		}
		ld.bonds = append(ld.bonds, bond{a, b, l.score, l.relation})
	}
	ld.loose = nil
	return nil
}

// tie ties what is linked, as held.tie does for one link after the other.
func (ld *loader) tie() error {
	if err := ld.bind(); err != nil || len(ld.bonds) == 0 {
		return err
	}
	h := ld.d.h
	n := h.contents.Len()
	ends := make([]uint32, n+1)
	for _, t := range ld.bonds {
		ends[t.a+1]++
		ends[t.back+1]++
		h.stats.Links[t.relation]++
	}
	for i, m := range ends[1:] {
		ends[i+1] = ends[i] + m
	}
	links := make([]uint64, 2*len(ld.bonds))
	for _, t := range ld.bonds {
		links[ends[t.a]] = uint64(makeLink(t.back, t.relation, t.score))
		ends[t.a]++
		links[ends[t.back]] = uint64(makeLink(t.a, t.relation, t.score))
		ends[t.back]++
	}
	ld.bonds = nil
	from := uint32(0)
	for c, end := range ends[:n] {
		if own := links[from:end]; len(own) > 0 {
			slices.Sort(own)
			h.contents.At(uint32(c)).links = h.links.NewOf(own) + 1
		}
		from = end
	}
	return nil
}
