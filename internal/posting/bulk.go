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
		p.streams[k>>openBits].add(text, k)
	}
}

func (p *Posts) text(text uint32, keys int) {
	if p.streams == nil {
		p.streams = new([ranges]stream)
	}
	p.texts = append(p.texts, text)
	p.keys += keys
}

func (s *stream) add(text, key uint32) {
	back := text - s.text
	s.text = text
	if back < far && s.n%slabWords > 0 {
		s.slab[s.n%slabWords] = back<<openBits | key%(1<<openBits)
		s.n++
		return
	}
	s.addFar(back, key)
}

// addFar is add for a text that is far, or the first word of a slab.
func (s *stream) addFar(back, key uint32) {
	s.put(min(back, far)<<openBits | key%(1<<openBits))
	if back >= far {
		s.put(s.text)
	}
}

func (s *stream) put(word uint32) {
	if s.n%slabWords == 0 {
		s.slab, s.n = new([slabWords]uint32), 0
		s.slabs = append(s.slabs, s.slab)
	}
	s.slab[s.n] = word
	s.n++
}

// read appends the posts of a stream to dst: what the range leaves open of the
// key before the text.
func (s *stream) read(dst []uint64) []uint64 {
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
				key = w % (1 << openBits)
				text += back
			default:
				key, alone = w%(1<<openBits), true
				continue
			}
			dst = append(dst, uint64(key)<<32|uint64(text))
		}
	}
	return dst
}

// PostAll posts texts into an empty index, with so many goroutines. It is the
// same as Post for each, and many times as fast: the entries of a table after
// the other are sorted by key, so that every part of it and every set is written
// once, in order, and of the size it needs.
//
// Beside ps, which are empty afterwards, and the index, it takes eight bytes of
// memory a text, and for each goroutine 16 bytes for each key of the fullest of
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

	posts, spare []uint64 // of a table
	counts       []uint32
	runs         []run
}

// A run is the holders of a key that go into a set.
type run struct {
	at, n int
	set   uint32
	into  []uint64
	tree  *tree
}

// take takes the keys of a range out of ps and hands them on, those of a table
// after those of another, in the order of their tags.
func (b *bulk) take(number uint32, ps []Posts, f func(shard uint32, posts []uint64)) {
	b.posts = b.posts[:0]
	for i := range ps {
		if s := ps[i].streams; s != nil {
			b.posts = s[number].read(b.posts)
			s[number] = stream{} // its memory is free
		}
	}
	b.sort()
	at := 0
	for i := range uint32(perRange) {
		from := at
		for at < len(b.posts) && b.posts[at]>>(32+tagBits) == uint64(i) {
			b.posts[at] &= 1<<(32+tagBits) - 1
			at++
		}
		f(number*perRange+i, b.posts[from:at])
	}
}

const digit = openBits / 3

// sort sorts b.posts by what is open of their keys: least digit first, or, if
// they are few, by comparing.
func (b *bulk) sort() {
	if len(b.posts) < 1<<digit {
		slices.Sort(b.posts)
		return
	}
	var low, middle, high [1 << digit]uint32
	for _, p := range b.posts {
		low[p>>32%(1<<digit)]++
		middle[p>>(32+digit)%(1<<digit)]++
		high[p>>(32+2*digit)%(1<<digit)]++
	}
	b.spare = slices.Grow(b.spare[:0], len(b.posts))[:len(b.posts)]
	scatter(b.spare, b.posts, &low, 32)
	scatter(b.posts, b.spare, &middle, 32+digit)
	scatter(b.spare, b.posts, &high, 32+2*digit)
	b.posts, b.spare = b.spare, b.posts
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
	// All of them, so that they come from memory side by side.
	for i, p := range posts {
		b.spare[i] = b.entries[uint32(p)]
	}
	n := 0
	for i := 0; i < len(posts); {
		z := i + 1
		for z < len(posts) && posts[z]>>32 == posts[i]>>32 {
			z++
		}
		if z-i > x.inline {
			b.runs = append(b.runs, run{at: i, n: z - i})
			n++
		} else {
			n += z - i
		}
		i = z
	}
	b.sets.Lock()
	for i := range b.runs {
		b.runs[i].room(&x.sets)
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
		t.insert(tag, tag>>16<<valueBits|listFlag|r.set)
		at += r.n
		b.order(r.into, b.spare[r.at:at])
		if r.tree != nil {
			r.tree.fill(r.into)
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
func insertion(es []uint64) {
	for i, e := range es {
		for ; i > 0 && es[i-1] > e; i-- {
			es[i] = es[i-1]
		}
		es[i] = e
	}
}

// room makes a set, whose elements go into r.into, sorted, and from there into
// r.tree if there is one.
func (r *run) room(s *Sets) {
	n := uint32(r.n)
	r.set = s.New()
	h := s.heads.At(r.set)
	h.n = n
	if n > maxBlock {
		r.tree, r.into = new(tree), make([]uint64, n)
		if s.big == nil {
			s.big = map[uint32]*tree{}
		}
		s.big[r.set] = r.tree
		return
	}
	h.at = s.alloc(class(n))
	r.into = s.block(h)
}

// fill fills an empty tree with values that ascend.
func (t *tree) fill(vs []uint64) {
	t.n = len(vs)
	for c := range slices.Chunk(vs, maxChunk*3/4) {
		t.chunks = append(t.chunks, append(make([]uint64, 0, maxChunk), c...))
	}
}

// Holds reports whether a text is posted under a key. For reading.
func (x *Index) Holds(text, key uint32) bool {
	vals := x.table.Find(nil, key)
	if len(vals) == 1 && vals[0]&listFlag != 0 {
		e := x.entry(text)
		v, ok := x.sets.Seek(vals[0]&^listFlag, e)
		return ok && v == e
	}
	return slices.Contains(vals, text)
}
