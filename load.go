package newsdedup

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/newsdedup/newsdedup/internal/posting"
	"github.com/newsdedup/newsdedup/internal/sketch"
)

// Open returns a Deduper that keeps what it holds in a Store, with all that is
// there already. What Add, Remove and Expire have returned without an error for
// is in the store, by the promises of the store; so are all links and groups,
// which are the same after opening as before; Options.Events are not called for
// them. An error of the store undoes the call that gets it; calls that share a
// batch share its error.
//
// Close of the Deduper does not close the store. Nobody else may write to it
// meanwhile.
//
// # Errors
//
// ErrOption for options that are out of range and a nil store. ErrFormat for a
// store that a newer version wrote; ErrScheme for one whose fingerprints are of
// another scheme; ErrCorrupt for one that is damaged, or not of newsdedup;
// those of ctx and of the store. After an error the store is as it was, or, if
// keys and links were being made anew, as good.
//
// # Another version, other options
//
// Fingerprints stay what they are for as long as their scheme does. The keys
// they are found by and the links depend on Options.GroupBy and on rules that
// may get better with a version: if either is not what the store was written
// with, Open makes all of them anew, once, which takes as long as adding the
// articles without fingerprinting them. If it is interrupted, the next Open
// starts over with that.
//
// # Another scheme
//
// Fingerprints of another scheme cannot be made from old ones; the texts are
// needed, which the service has. Open a second store; Add to it, with the new
// scheme, every article whose ID Fingerprint does not find there, oldest first,
// which may be stopped and gone on with at any time; send what is new to both
// meanwhile; then use the second and delete the first.
func Open(ctx context.Context, store Store, o *Options) (*Deduper, error) {
	s, err := o.settings()
	if err != nil {
		return nil, err
	}
	if store == nil {
		return nil, fmt.Errorf("%w: no store", ErrOption)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	d := newDeduper(s)
	ld := loader{d: d, l: newLedger(store), workers: s.workers()}
	if err := ld.load(ctx); err != nil {
		return nil, err
	}
	d.journal = ld.l
	if err := ld.complete(ctx); err != nil {
		return nil, err
	}
	d.remember()
	return d, nil
}

// loader fills a Deduper from its store.
type loader struct {
	d       *Deduper
	l       *ledger
	workers int

	found bool // the store has a meta record
	anew  bool // keys and links are to be made anew

	articles []loaded
	posts    posting.Posts

	numbers []numbered // contents, by number in the store once they are sorted
	sorted  bool
	links   []linkRecord
	linked  []recordKey // records of links, if they are to be made anew
	marks   []uint64
}

// loaded is an article on its way.
type loaded struct {
	articleRecord
	number    uint64
	id        string
	idHash    uint64
	at        int
	data      []byte
	rank      uint64
	published int64
	wordless  bool
}

// numbered is a content, by its number in the store and in memory.
type numbered struct {
	stored  uint64
	content uint32
}

// atOnce is the number of records that go through the loader together: enough
// to find the entries of the index that they touch side by side.
const atOnce = 1 << 16

// load reads the store. The next records are read while others are worked on.
func (ld *loader) load(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	type part struct {
		records []Record
		err     error
	}
	parts := make(chan part, 1)
	wg.Go(func() {
		defer close(parts)
		send := func(p part) bool {
			select {
			case parts <- p:
				return true
			case <-ctx.Done():
				return false
			}
		}
		records := make([]Record, 0, atOnce)
		for r, err := range ld.l.store.Scan(ctx) {
			if err != nil {
				send(part{records, fmt.Errorf("newsdedup: reading the store: %w", err)})
				return
			}
			if records = append(records, r); len(records) == atOnce {
				if !send(part{records: records}) {
					return
				}
				records = make([]Record, 0, atOnce)
			}
		}
		send(part{records: records})
	})
	for p := range parts {
		if err := ld.take(p.records); err != nil {
			return err
		}
		if p.err != nil {
			return p.err
		}
	}
	return ctx.Err()
}

// take loads records, which come in the order of their keys.
func (ld *loader) take(records []Record) error {
	for len(records) > 0 {
		k, err := parseKey(records[0].Key)
		if err != nil {
			return err
		}
		if k[0] != metaKind && !ld.found {
			return fmt.Errorf("%w: records without their format: not a store of newsdedup", ErrCorrupt)
		}
		n := 1
		if k[0] == articleKind {
			for n < len(records) && len(records[n].Key) == len(k) && records[n].Key[0] == articleKind {
				n++
			}
			err = ld.takeArticles(records[:n])
		} else {
			err = ld.takeOther(k, records[0].Value)
		}
		if err != nil {
			return err
		}
		records = records[n:]
	}
	return nil
}

func (ld *loader) takeOther(k recordKey, value []byte) error {
	switch k[0] {
	case metaKind:
		m, err := parseMeta(value)
		if err != nil {
			return err
		}
		ld.found, ld.anew = true, m != ld.d.o.meta()
		return nil
	case linksKind:
		if ld.anew {
			ld.linked = append(ld.linked, k)
			return nil
		}
		return ld.takeLinks(k, value)
	default:
		if b, err := unseal(k, value); err != nil || len(b) > 0 {
			return cmp.Or(err, badRecord(k, "mark"))
		}
		ld.marks = append(ld.marks, k.number())
		ld.l.marks[k.number()] = &markNote{stored: true}
		return nil
	}
}

// takeArticles takes records of articles apart side by side, puts them in one
// after the other, and posts them by key.
func (ld *loader) takeArticles(records []Record) error {
	if cap(ld.articles) < len(records) {
		ld.articles = make([]loaded, len(records))
	}
	ld.articles = ld.articles[:len(records)]
	var next atomic.Int64
	errs := make([]error, ld.workers)
	parallel(ld.workers, func(w int) {
		const step = 64
		var keys []uint32
		for {
			i := int(next.Add(step)) - step
			if i >= len(records) {
				return
			}
			for j := i; j < min(i+step, len(records)); j++ {
				// Keys of many articles in one piece of memory.
				if cap(keys)-len(keys) < 1024 {
					keys = make([]uint32, 0, 1<<14)
				}
				if err := ld.articles[j].fill(records[j], keys[len(keys):], ld); err != nil {
					errs[w] = err
					next.Store(int64(len(records)))
					return
				}
				if n := len(ld.articles[j].keys); n <= cap(keys)-len(keys) {
					keys = keys[:len(keys)+n]
				}
			}
		}
	})
	if err := cmp.Or(errs...); err != nil {
		return err
	}
	h, p := ld.d.h, &ld.posts
	keys := 0
	for i := range ld.articles {
		keys += len(ld.articles[i].keys)
	}
	p.Texts, p.Ends, p.Keys = p.Texts[:0], p.Ends[:0], slices.Grow(p.Keys[:0], keys)
	for i := range ld.articles {
		x := &ld.articles[i]
		if h.find(x.id, x.idHash) != none {
			return badRecord(keyOf(articleKind, x.number), fmt.Sprintf("article %q is there twice", x.id))
		}
		if err := ld.put(h, x); err != nil {
			return err
		}
		x.data = nil
	}
	h.index.PostAll(p, ld.workers)
	return nil
}

// parallel runs a function in so many goroutines, this one among them.
func parallel(workers int, f func(w int)) {
	var wg sync.WaitGroup
	for w := range workers - 1 {
		wg.Go(func() { f(w + 1) })
	}
	f(0)
	wg.Wait()
}

func (x *loaded) fill(r Record, keys []uint32, ld *loader) error {
	k, err := parseKey(r.Key)
	if err != nil {
		return err
	}
	data, at, err := x.parse(k, r.Value, keys)
	if err != nil {
		return err
	}
	x.number, x.data, x.at = k.number(), data, at
	_, n := binary.Uvarint(data[headerSize:])
	size, m := binary.Uvarint(data[headerSize+n:])
	id := data[headerSize+n+m:][:size]
	if size == 0 {
		return badRecord(k, "article without ID")
	}
	x.id = string(id)
	x.idHash = hashID(x.id)
	x.rank = hashBytes(data[at:])
	x.published = int64(binary.LittleEndian.Uint64(data[6:]))
	words, n := binary.Uvarint(data[at+33:])
	if n <= 0 {
		return badRecord(k, "fingerprint")
	}
	x.wordless = words == 0
	if ld.anew {
		s := sketches.Get().(*sketch.Sketch)
		defer sketches.Put(s)
		if n, err := s.Decode(string(data[at:])); err != nil || n != len(data)-at {
			return badRecord(k, "fingerprint")
		}
		x.keys = posting.Keys(x.keys[:0], s, netOf(ld.d.o.GroupBy))
	}
	return nil
}

// put puts an article in, as held.add does, and leaves a new content to be
// posted.
func (ld *loader) put(h *held, x *loaded) error {
	c := none
	if !x.wordless {
		c = h.content(&draft{rank: x.rank, sketch: x.data[x.at:]})
	}
	if c == none {
		c = h.contents.Push(content{
			rank: x.rank, sketch: h.arena.Add(uint32(h.contents.Len())<<1|1, period(x.published), x.data[x.at:], nil), first: none,
			keys: uint16(min(len(x.keys), 1<<16-1)), wordless: x.wordless,
		})
		h.stats.Contents++
		*slot(&ld.l.contents, c) = x.content
		ld.numbers = append(ld.numbers, numbered{x.content, c})
		if !x.wordless {
			h.byRank.Insert(rankKey(x.rank), c)
			ld.posts.Texts = append(ld.posts.Texts, c)
			ld.posts.Keys = append(ld.posts.Keys, x.keys...)
			ld.posts.Ends = append(ld.posts.Ends, len(ld.posts.Keys))
		}
	} else if *slot(&ld.l.contents, c) != x.content {
		return badRecord(keyOf(articleKind, x.number), "number of its content")
	}
	a := h.articles.Push(article{})
	h.place(a, c, x.data[:x.at], x.idHash, x.published)
	*slot(&ld.l.articles, a) = x.number
	ld.l.last = x.number
	return nil
}

// lookup returns the content of a number of the store, or none.
func (ld *loader) lookup(n uint64) uint32 {
	i, ok := slices.BinarySearchFunc(ld.numbers, n, func(x numbered, n uint64) int { return cmp.Compare(x.stored, n) })
	if !ok {
		return none
	}
	return ld.numbers[i].content
}

func byNumber(a, b numbered) int { return cmp.Compare(a.stored, b.stored) }

func (ld *loader) takeLinks(k recordKey, value []byte) (err error) {
	if !ld.sorted {
		slices.SortFunc(ld.numbers, byNumber)
		ld.sorted = true
	}
	if ld.links, err = parseLinks(k, value, ld.links[:0]); err != nil {
		return err
	}
	h := ld.d.h
	c := ld.lookup(k.number())
	if c == none {
		return badRecord(k, "links of nothing")
	}
	for _, l := range ld.links {
		o := ld.lookup(l.other)
		if o == none || l.relation < h.level {
			return badRecord(k, "link to nothing")
		}
		h.tie(c, o, l.relation, l.score)
	}
	return nil
}

// complete makes what was read the state of the Deduper: a new store gets its
// meta record, contents that were being verified are verified, and keys and
// links are made anew if they have to be.
func (ld *loader) complete(ctx context.Context) error {
	d, l := ld.d, ld.l
	ld.numbers, ld.articles, ld.posts = nil, nil, posting.Posts{}
	switch {
	case !ld.found:
		return ld.write(d.o.meta())
	case ld.anew:
		return ld.rebuild(ctx)
	}
	var marks []mark
	l.mu.Lock()
	for _, rank := range ld.marks {
		l.found = d.h.ranked(l.found[:0], rank)
		m := l.mark(rank)
		m.begun = len(l.found) // as often as it will end
		l.settle(rank, m)
		for _, c := range l.found {
			marks = append(marks, mark{c, rank})
		}
	}
	l.mu.Unlock()
	if len(marks) > 0 {
		if err := d.recount(marks); err != nil {
			return err
		}
	}
	return l.flush()
}

func (ld *loader) write(m meta) error {
	k := keyOf(metaKind, 0)
	if err := ld.l.store.Apply(context.Background(), Batch{Put: []Record{{k[:], m.append(nil)}}}); err != nil {
		return fmt.Errorf("newsdedup: not stored: %w", err)
	}
	return nil
}

// rebuild writes the articles with the keys they have now, forgets all links of
// the store, and finds them again.
func (ld *loader) rebuild(ctx context.Context) error {
	d, l := ld.d, ld.l
	m := d.o.meta()
	m.level = rebuilding
	if err := ld.write(m); err != nil {
		return err
	}
	h := d.h
	var marks []mark
	var old, changed map[recordKey][]byte
	flush := func() error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := l.store.Apply(ctx, batchOf(changed)); err != nil {
			return fmt.Errorf("newsdedup: not stored: %w", err)
		}
		clear(changed)
		return nil
	}
	old, changed = map[recordKey][]byte{}, map[recordKey][]byte{}
	for _, k := range ld.linked {
		old[k] = nil
	}
	for _, rank := range ld.marks {
		old[keyOf(markKind, rank)] = nil
		delete(l.marks, rank)
	}
	maps.Copy(changed, old)
	for c := range uint32(h.contents.Len()) {
		x := h.contents.At(c)
		if x.first == none {
			continue
		}
		if !x.wordless {
			marks = append(marks, mark{c, x.rank})
		}
		keys := h.keysOf(c)
		for a := x.first; ; {
			r := articleRecord{content: *slot(&l.contents, c), keys: keys, head: h.arena.Get(h.articles.At(a).head), sketch: h.sketchOf(c)}
			n := *slot(&l.articles, a)
			changed[keyOf(articleKind, n)] = r.append(nil, n)
			if a = h.articles.At(a).next; a == x.first {
				break
			}
		}
		if len(changed) >= 4096 {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	for len(marks) > 0 {
		n := min(4096, len(marks))
		if err := cmp.Or(ctx.Err(), d.recount(slices.Clone(marks[:n]))); err != nil {
			return err
		}
		marks = marks[n:]
	}
	if err := l.flush(); err != nil {
		return err
	}
	return ld.write(d.o.meta())
}
