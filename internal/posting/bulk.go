package posting

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"
)

// Posts are texts to be posted together; see PostAll. The zero value holds none.
// It takes a little more than four bytes a key, four a text, and 1 MB.
type Posts struct {
	texts   []uint32
	keys    int
	streams *[ranges]stream
}

// A stream is the keys of a range, in the order in which they came, as words: how
// far the text of a key is behind the one before, in the upper eight bits, then
// what the range leaves open of the key. If that is too far, or the text comes
// before the other one, all eight bits are set and the text follows in a word of
// its own.
type stream struct {
	slab  *[slabWords]uint32 // the last one
	n     uint32             // words of it
	text  uint32             // the last one
	slabs []*[slabWords]uint32
}

const (
	rangeBits = 8
	ranges    = 1 << rangeBits // of the keys, by their leading bits
	perRange  = shards / ranges
	openBits  = 32 - rangeBits // of a key
	open      = 1<<openBits - 1

	far       = 1<<rangeBits - 1
	slabWords = 1 << 10
)

// Add adds a text of distinct keys. It is fastest and takes least if texts
// ascend.
func (p *Posts) Add(text uint32, keys []uint32) {
	p.text(text, len(keys))
	for _, k := range keys {
		p.streams[k>>openBits].add(text, k)
	}
}

// AddEncoded is Add for keys of four bytes each, little-endian.
func (p *Posts) AddEncoded(text uint32, keys []byte) {
	p.text(text, len(keys)/4)
	for ; len(keys) >= 4; keys = keys[4:] {
		k := binary.LittleEndian.Uint32(keys)
		s := &p.streams[k>>openBits]
		// Most need no call.
		if n := s.n; n < slabWords && text-s.text < far {
			s.slab[n] = (text-s.text)<<openBits | k&open
			s.n, s.text = n+1, text
		} else {
			s.add(text, k)
		}
	}
}

func (p *Posts) text(text uint32, keys int) {
	if p.streams == nil {
		p.streams = new([ranges]stream)
		for i := range p.streams {
			p.streams[i].n = slabWords
		}
	}
	p.texts = append(p.texts, text)
	p.keys += keys
}

func (s *stream) add(text, key uint32) {
	back := text - s.text
	s.text = text
	s.put(min(back, far)<<openBits | key&open)
	if back >= far {
		s.put(text)
	}
}

func (s *stream) put(word uint32) {
	if s.n == slabWords {
		s.slab, s.n = new([slabWords]uint32), 0
		s.slabs = append(s.slabs, s.slab)
	}
	s.slab[s.n] = word
	s.n++
}

// read appends the posts of a stream to those of the tables that it is for: the
// tag before the text.
func (s *stream) read(tables *[perRange][]uint64) {
	text, key, alone := uint32(0), uint32(0), false
	for i, slab := range s.slabs {
		words := slab[:]
		if i == len(s.slabs)-1 {
			words = words[:s.n]
		}
		for _, w := range words {
			switch back := w >> openBits; {
			case alone:
				text, alone = w, false
			case back < far:
				key = w & open
				text += back
			default:
				key, alone = w&open, true
				continue
			}
			t := &tables[key>>tagBits]
			*t = append(*t, uint64(key%(1<<tagBits))<<32|uint64(text))
		}
	}
}

// PostAll posts texts into an empty index, with so many goroutines. It is the
// same as Post for each, and many times as fast: the entries of a table after
// the other are sorted by key, so that every part of it and every set is written
// once, in order, and of the size it needs.
//
// Beside ps, which are empty afterwards, and the index, it takes eight bytes of
// memory a text, and for each goroutine some ten for each key of the fullest of
// 256 ranges of them.
func (x *Index) PostAll(ps []Posts, workers int) {
	for i := range ps {
		x.posts += ps[i].keys
	}
	if x.posts == 0 {
		return
	}
	x.table.ready()
	entries := x.entries(ps, func(uint32) bool { return true })
	var sets sync.Mutex
	bulks := make([]bulk, min(max(1, workers), ranges))
	for i := range bulks {
		bulks[i] = bulk{index: x, entries: entries, sets: &sets}
	}
	eachRange(len(bulks), func(w int, number uint32) { bulks[w].take(number, ps, bulks[w].post) })
	for i := range bulks {
		x.table.n += bulks[i].size.n
		x.table.bytes += bulks[i].size.bytes
	}
	clear(ps)
}

// entries returns those of texts by number, and absent for texts that held denies.
func (x *Index) entries(ps []Posts, held func(text uint32) bool) []uint64 {
	end := uint32(0)
	for i := range ps {
		for _, text := range ps[i].texts {
			end = max(end, text+1)
		}
	}
	entries := make([]uint64, end)
	for i := range ps {
		for _, text := range ps[i].texts {
			entries[text] = absent
			if held(text) {
				entries[text] = x.entry(text)
			}
		}
	}
	return entries
}

// absent is the entry of no text.
const absent = ^uint64(0)

// eachRange calls f for every range of keys, with so many goroutines, which have a
// number each.
func eachRange(workers int, f func(w int, number uint32)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= ranges {
					return
				}
				f(w, uint32(i))
			}
		})
	}
	wg.Wait()
}

// A bulk is one goroutine of PostAll.
type bulk struct {
	index   *Index
	entries []uint64 // as in sets, by text
	sets    *sync.Mutex
	size    size

	tables [perRange][]uint64 // posts of each
	spare  []uint64           // as many as a table has
	counts []uint32
	runs   []run
}

// A run is the holders of a key that go into a list: of few the numbers into few,
// else the entries into many, and from there into tree if there is one.
type run struct {
	at, n int
	list  uint32
	few   []uint32
	many  []uint64
	tree  *tree[uint64]
}

// take takes the keys of a range out of ps and hands them on, those of a table
// after those of another, in the order of their tags.
func (b *bulk) take(number uint32, ps []Posts, f func(shard uint32, posts []uint64)) {
	for i := range ps {
		if s := ps[i].streams; s != nil {
			s[number].read(&b.tables)
			s[number] = stream{} // its memory is free
		}
	}
	for i, posts := range b.tables {
		b.sort(posts)
		f(number*perRange+uint32(i), posts)
		b.tables[i] = posts[:0]
	}
}

const digit = tagBits / 2

// sort sorts posts by tag: least digit first, or, if they are few, by comparing.
func (b *bulk) sort(posts []uint64) {
	if len(posts) < 1<<digit/4 {
		slices.Sort(posts)
		return
	}
	var low, high [1 << digit]uint32
	for _, p := range posts {
		low[p>>32%(1<<digit)]++
		high[p>>(32+digit)%(1<<digit)]++
	}
	b.spare = slices.Grow(b.spare[:0], len(posts))[:len(posts)]
	scatter(b.spare, posts, &low, 32)
	scatter(posts, b.spare, &high, 32+digit)
}

// scatter sorts from into to by the digit that begins at a bit, of each value of
// which there are counts.
func scatter(to, from []uint64, counts *[1 << digit]uint32, bit int) {
	sum := uint32(0)
	for i, n := range counts {
		counts[i] = sum
		sum += n
	}
	for _, p := range from {
		i := &counts[p>>bit%(1<<digit)]
		to[*i] = p
		*i++
	}
}

// post fills a table with posts in the order of their tags.
func (b *bulk) post(shard uint32, posts []uint64) {
	if len(posts) == 0 {
		return
	}
	x := b.index
	b.runs = b.runs[:0]
	b.spare = slices.Grow(b.spare[:0], len(posts))[:len(posts)]
	n := 0
	for i := 0; i < len(posts); {
		z := i + 1
		for z < len(posts) && posts[z]>>32 == posts[i]>>32 {
			z++
		}
		if z-i > x.inline {
			b.runs = append(b.runs, run{at: i, n: z - i})
			n++
			if z-i > x.lists.bound {
				// Here, so that those of all runs come from memory side by side.
				for k := i; k < z; k++ {
					b.spare[k] = b.entries[uint32(posts[k])]
				}
			}
		} else {
			n += z - i
		}
		i = z
	}
	b.sets.Lock()
	for i := range b.runs {
		x.lists.room(&b.runs[i])
	}
	b.sets.Unlock()
	x.table.reserve(shard, n, &b.size)
	t := &x.table.shards[shard]
	b.size.n += n
	at := 0
	insert := func(end int) {
		for ; at < end; at++ {
			tag := uint32(posts[at] >> 32)
			t.insert(tag, tag>>16<<valueBits|uint32(posts[at]))
		}
	}
	for i := range b.runs {
		r := &b.runs[i]
		insert(r.at)
		tag := uint32(posts[at] >> 32)
		t.insert(tag, tag>>16<<valueBits|listFlag|r.list)
		at += r.n
		if r.many == nil {
			for k, p := range posts[r.at:at] {
				r.few[k] = uint32(p)
			}
			insertion(r.few)
		} else {
			b.order(r.many, b.spare[r.at:at])
		}
		if r.tree != nil {
			r.tree.fill(r.many)
		}
		*r = run{}
	}
	insert(len(posts))
}

// gather fills dst with the entries of posts, sorted.
func (b *bulk) gather(dst, posts []uint64) {
	b.spare = slices.Grow(b.spare[:0], len(posts))[:len(posts)]
	for i, p := range posts {
		b.spare[i] = b.entries[uint32(p)]
	}
	b.order(dst, b.spare)
}

// order fills dst with entries, sorted. By rank they lie evenly, so that most are
// where they belong once they are in buckets of a few.
func (b *bulk) order(dst, entries []uint64) {
	if len(entries) <= 24 {
		copy(dst, entries)
		insertion(dst)
		return
	}
	shift := 66 - bits.Len(uint(len(entries)))
	b.counts = slices.Grow(b.counts[:0], 1<<(64-shift))[:1<<(64-shift)]
	clear(b.counts)
	for _, e := range entries {
		b.counts[e>>shift]++
	}
	sum, most := uint32(0), uint32(0)
	for i, n := range b.counts {
		b.counts[i] = sum
		sum += n
		most = max(most, n)
	}
	for _, e := range entries {
		i := &b.counts[e>>shift]
		dst[*i] = e
		*i++
	}
	if most > 64 {
		slices.Sort(dst)
		return
	}
	insertion(dst)
}

// insertion sorts what is few, or almost sorted.
func insertion[T uint32 | uint64](es []T) {
	for i, e := range es {
		for ; i > 0 && es[i-1] > e; i-- {
			es[i] = es[i-1]
		}
		es[i] = e
	}
}

// Holds reports whether a text is posted under a key. For reading.
func (x *Index) Holds(text, key uint32) bool {
	vals := x.table.Find(nil, key)
	if len(vals) == 1 && vals[0]&listFlag != 0 {
		return x.holds(vals[0]&^listFlag, text)
	}
	return slices.Contains(vals, text)
}

// Fill adds entries to an empty Table, each a key before its value, and leaves
// them sorted by key. It takes as much memory as they do until it returns.
func (t *Table) Fill(entries []uint64) {
	// By the second digit of the shard, then by the first.
	spare := make([]uint64, len(entries))
	var low, high [1 << digit]uint32
	const lowest = 64 - 2*digit
	for _, e := range entries {
		low[e>>lowest%(1<<digit)]++
		high[e>>(lowest+digit)]++
	}
	scatter(spare, entries, &low, lowest)
	scatter(entries, spare, &high, lowest+digit)
	t.ready()
	for len(entries) > 0 {
		k, _ := split(uint32(entries[0] >> 32))
		n := 1
		for n < len(entries) && entries[n]>>(64-shardBits) == uint64(k) {
			n++
		}
		slices.Sort(entries[:n])
		t.reserve(k, n, &t.size)
		for _, e := range entries[:n] {
			t.insert(uint32(e>>32), uint32(e), &t.size)
		}
		entries = entries[n:]
	}
}
