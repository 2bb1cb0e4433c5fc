package posting

import (
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"
)

// Posts are texts to be posted together; see PostAll. The zero value holds none.
// It takes four bytes a key, and for each text some 70.
type Posts struct {
	texts  []uint32
	keys   int
	ranges [ranges][]chunk
}

// A chunk is a sequence of runs of keys of one range: the number of a text and
// how many keys follow in one word, then those keys.
type chunk []uint32

const (
	rangeBits = 4
	ranges    = 1 << rangeBits // of the keys, by their leading bits
	runBits   = 4
	maxRun    = 1<<runBits - 1
	chunkKeys = 1 << 14
)

// Add adds a text of distinct keys. It is fastest if they ascend.
func (p *Posts) Add(text uint32, keys []uint32) {
	p.texts = append(p.texts, text)
	p.keys += len(keys)
	for len(keys) > 0 {
		g, n := keys[0]>>(32-rangeBits), 1
		for n < min(len(keys), maxRun) && keys[n]>>(32-rangeBits) == g {
			n++
		}
		r := &p.ranges[g]
		last := len(*r) - 1
		if last < 0 || len((*r)[last])+1+n > chunkKeys {
			*r = append(*r, make(chunk, 0, chunkKeys))
			last++
		}
		c := &(*r)[last]
		*c = append(append(*c, text<<runBits|uint32(n)), keys[:n]...)
		keys = keys[n:]
	}
}

// PostAll posts texts into an empty index, with so many goroutines. It is the
// same as Post for each, and many times as fast: the entries of a range of keys
// after the other are sorted by key, so that every part of the table and every
// set is written once, in order, and of the size it needs.
//
// Beside ps, which are empty afterwards, and the index, it takes half a byte of
// memory a key for each goroutine, and eight bytes a text.
func (x *Index) PostAll(ps []Posts, workers int) {
	end := uint32(0)
	for i := range ps {
		x.posts += ps[i].keys
		for _, text := range ps[i].texts {
			end = max(end, text+1)
		}
	}
	if x.posts == 0 {
		return
	}
	x.table.ready()
	entries := make([]uint64, end)
	for i := range ps {
		for _, text := range ps[i].texts {
			entries[text] = x.entry(text)
		}
	}
	var sets sync.Mutex
	var next atomic.Int64
	bulks := make([]bulk, min(max(1, workers), ranges))
	work := func(b *bulk) {
		b.index, b.entries, b.sets = x, entries, &sets
		for {
			i := int(next.Add(1)) - 1
			if i >= ranges {
				return
			}
			b.take(uint32(i), ps, b.post)
		}
	}
	var wg sync.WaitGroup
	for i := range bulks[1:] {
		wg.Go(func() { work(&bulks[i+1]) })
	}
	work(&bulks[0])
	wg.Wait()
	for i := range bulks {
		x.table.n += bulks[i].size.n
		x.table.bytes += bulks[i].size.bytes
	}
	clear(ps)
}

// A bulk is one goroutine of PostAll.
type bulk struct {
	index   *Index
	entries []uint64 // as in sets, by text
	sets    *sync.Mutex
	size    size

	posts, spare []uint64 // tag and text
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

// each calls f for the runs of a chunk.
func (c chunk) each(f func(text uint32, keys []uint32)) {
	for len(c) > 0 {
		n := 1 + c[0]&maxRun
		f(c[0]>>runBits, c[1:n])
		c = c[n:]
	}
}

// take takes the keys of a range out of ps and hands them on, those of a table
// after those of another, in the order of their tags: they are laid down by
// table, counted before, and then sorted.
func (b *bulk) take(number uint32, ps []Posts, f func(shard uint32, posts []uint64)) {
	const tables = shards / ranges
	var starts [tables + 1]int
	for i := range ps {
		for _, c := range ps[i].ranges[number] {
			c.each(func(_ uint32, keys []uint32) {
				for _, k := range keys {
					starts[k>>tagBits%tables+1]++
				}
			})
		}
	}
	for i := range tables {
		starts[i+1] += starts[i]
	}
	n := starts[tables]
	b.posts = slices.Grow(b.posts[:0], n)[:n]
	at := starts
	for i := range ps {
		for _, c := range ps[i].ranges[number] {
			c.each(func(text uint32, keys []uint32) {
				for _, k := range keys {
					i := &at[k>>tagBits%tables]
					b.posts[*i] = uint64(k%(1<<tagBits))<<32 | uint64(text)
					*i++
				}
			})
		}
	}
	for k := range ps {
		ps[k].ranges[number] = nil // its memory is free
	}
	for i := range uint32(tables) {
		posts := b.posts[starts[i]:starts[i+1]]
		b.sort(posts)
		f(number*tables+i, posts)
	}
}

// sort sorts posts by tag: least digit first, or, if they are few, by comparing.
func (b *bulk) sort(posts []uint64) {
	const digit = tagBits / 2
	if len(posts) < 1<<digit {
		slices.Sort(posts)
		return
	}
	b.spare = slices.Grow(b.spare[:0], len(posts))[:len(posts)]
	from, to := posts, b.spare
	for _, shift := range [...]int{32, 32 + digit} {
		var at [1 << digit]uint32
		for _, p := range from {
			at[p>>shift%(1<<digit)]++
		}
		sum := uint32(0)
		for i, n := range at {
			at[i] = sum
			sum += n
		}
		for _, p := range from {
			i := &at[p>>shift%(1<<digit)]
			to[*i] = p
			*i++
		}
		from, to = to, from
	}
}

// post fills a table with posts in the order of their tags.
func (b *bulk) post(shard uint32, posts []uint64) {
	if len(posts) == 0 {
		return
	}
	x := b.index
	b.runs = b.runs[:0]
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
		b.gather(r.into, posts[r.at:at])
		if r.tree != nil {
			r.tree.fill(r.into)
		}
		*r = run{}
	}
	insert(len(posts))
}

// gather fills dst with the entries of posts, sorted. By rank they lie evenly,
// so that most are where they belong once they are in buckets of a few.
func (b *bulk) gather(dst, posts []uint64) {
	if len(posts) <= 24 {
		for i, p := range posts {
			dst[i] = b.entries[uint32(p)]
		}
		slices.Sort(dst)
		return
	}
	shift := 66 - bits.Len(uint(len(posts)))
	b.counts = slices.Grow(b.counts[:0], 1<<(64-shift))[:1<<(64-shift)]
	clear(b.counts)
	b.spare = slices.Grow(b.spare[:0], len(posts))[:len(posts)]
	for i, p := range posts {
		e := b.entries[uint32(p)]
		b.spare[i] = e
		b.counts[e>>shift]++
	}
	sum, most := uint32(0), uint32(0)
	for i, n := range b.counts {
		b.counts[i] = sum
		sum += n
		most = max(most, n)
	}
	for _, e := range b.spare {
		i := &b.counts[e>>shift]
		dst[*i] = e
		*i++
	}
	if most > 64 {
		slices.Sort(dst)
		return
	}
	for i := 1; i < len(dst); i++ {
		e, k := dst[i], i
		for ; k > 0 && dst[k-1] > e; k-- {
			dst[k] = dst[k-1]
		}
		dst[k] = e
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
