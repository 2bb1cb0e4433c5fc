package posting

import (
	"iter"
	"slices"
)

// A Join counts what texts that are all known at once have in common, as an
// Index of them would. It looks at every two of them once, from the one of the
// later rank: of the holders of a key only the first Full ever count for another
// one behind them, so that lists of these, and for each text where its lists are
// and how far they go, are all that it takes. They are written and read in
// order, which is several times as fast as to search an Index for one text after
// the other.
//
// It takes four bytes for each of the first Full holders of a key that has
// several, and eight for each holder but the first. Reading is safe beside other
// reading.
type Join struct {
	lists [shards][]uint32 // the first holders of each key of several, by rank
	parts []part           // one of each goroutine
	texts int              // the numbers of texts are below
}

// A part is what one goroutine has found.
type part struct {
	blocks [][][]place // by block of texts, in chunks
	stock  []uint32    // texts, once for each key that is stock for them
}

// A place says which holders of a key count for a text, and what it weighs: from
// the lowest bit how many they are, the weight, the text within its block, the
// list, and where they begin in it.
type place uint64

const (
	countBits  = 8 // Full at most
	weightBits = 2
	textBits   = 10
	placeText  = countBits + weightBits
	placeList  = placeText + textBits
	placeAt    = placeList + shardBits

	// BlockTexts is the number of texts that Join.Count counts at a time.
	BlockTexts = 1 << textBits
	chunkSize  = 1 << 10
)

// Join joins texts; those that held denies do not count. The index, which gives
// ranks and bounds and should be empty, stays as it is; ps are empty afterwards.
func (x *Index) Join(ps []Posts, workers int, held func(text uint32) bool) *Join {
	entries := x.entries(ps, held)
	j := &Join{texts: len(entries), parts: make([]part, min(max(1, workers), ranges))}
	mergers := make([]merger, len(j.parts))
	for i := range mergers {
		j.parts[i].blocks = make([][][]place, j.Blocks())
		mergers[i] = merger{bulk: bulk{index: x, entries: entries}, join: j, part: &j.parts[i]}
	}
	eachRange(len(mergers), func(w int, number uint32) { mergers[w].take(number, ps, mergers[w].merge) })
	clear(ps)
	return j
}

// A merger is one goroutine of Join.
type merger struct {
	bulk
	join    *Join
	part    *part
	holders []uint64
	list    []uint32
}

// merge makes the list of a table from posts in the order of their tags.
func (m *merger) merge(shard uint32, posts []uint64) {
	m.list = m.list[:0]
	for i := 0; i < len(posts); {
		z := i + 1
		for z < len(posts) && posts[z]>>32 == posts[i]>>32 {
			z++
		}
		if z-i > 1 {
			m.holders = slices.Grow(m.holders[:0], z-i)[:z-i]
			m.gather(m.holders, posts[i:z])
			n, _ := slices.BinarySearch(m.holders, absent)
			m.key(shard, 1+place(posts[i]>>32&runFlag), m.holders[:n])
		}
		i = z
	}
	m.join.lists[shard] = slices.Clone(m.list)
}

// key takes in a key of these holders, who are in the order of their entries.
func (m *merger) key(shard uint32, weight place, holders []uint64) {
	x := m.index
	if len(holders) < 2 {
		return
	}
	limit := x.stock(len(holders))
	rest := holders
	for len(rest) > 0 && rest[0]>>valueBits < limit {
		m.part.stock = append(m.part.stock, number(rest[0]))
		rest = rest[1:]
	}
	stock := len(holders) - len(rest)
	x.settle(holders, x.full+1)
	at := place(len(m.list))
	for i, e := range rest {
		text := number(e)
		before, w := i, weight
		if stock+i >= x.full {
			before, w = max(0, x.hubs-stock), 0
		} else {
			m.list = append(m.list, text)
		}
		if before > 0 {
			m.part.put(text>>textBits, at<<placeAt|place(shard)<<placeList|
				place(text%BlockTexts)<<placeText|w<<countBits|place(before))
		}
	}
}

func (p *part) put(block uint32, v place) {
	b := p.blocks[block]
	last := len(b) - 1
	if last < 0 || len(b[last]) == cap(b[last]) {
		b = append(b, make([]place, 0, chunkSize))
		p.blocks[block] = b
		last++
	}
	b[last] = append(b[last], v)
}

// Stock calls yield with every text for which a key is stock, once for each
// key.
func (j *Join) Stock(yield func(text uint32)) {
	for i := range j.parts {
		for _, text := range j.parts[i].stock {
			yield(text)
		}
	}
}

// Blocks is the number of blocks of texts: BlockTexts each, by their numbers.
func (j *Join) Blocks() int { return (j.texts + BlockTexts - 1) / BlockTexts }

// A Counter is scratch space of one goroutine for Join. The zero value is ready.
type Counter struct {
	Tally
	places []place
	ends   [BlockTexts + 1]uint32
}

// Count yields every text of a block that shares a key with one of an earlier
// rank, while c holds what it shares with each of these, but not what is stock
// for it. It frees what it has read: each block is to be counted once.
func (j *Join) Count(c *Counter, block int) iter.Seq[uint32] {
	return func(yield func(text uint32) bool) {
		c.sort(j.parts, block)
		for i := range uint32(BlockTexts) {
			places := c.places[c.ends[i]:c.ends[i+1]]
			if len(places) == 0 {
				continue
			}
			c.reset()
			for _, p := range places { // so that they come from memory together
				c.sum += j.lists[p>>placeList%shards][p>>placeAt]
			}
			for _, p := range places {
				before := j.lists[p>>placeList%shards][p>>placeAt:][:p%(1<<countBits)]
				for _, text := range before {
					c.add(text, uint16(p>>countBits%(1<<weightBits)))
				}
			}
			if !yield(uint32(block)<<textBits | i) {
				return
			}
		}
	}
}

// sort gathers the places of a block by text.
func (c *Counter) sort(parts []part, block int) {
	clear(c.ends[:])
	n := 0
	for i := range parts {
		for _, chunk := range parts[i].blocks[block] {
			for _, p := range chunk {
				c.ends[p>>placeText%BlockTexts+1]++
			}
			n += len(chunk)
		}
	}
	c.places = slices.Grow(c.places[:0], n)[:n]
	var at [BlockTexts]uint32
	for i := range at {
		at[i] = c.ends[i]
		c.ends[i+1] += c.ends[i]
	}
	for i := range parts {
		for _, chunk := range parts[i].blocks[block] {
			for _, p := range chunk {
				k := &at[p>>placeText%BlockTexts]
				c.places[*k] = p
				*k++
			}
		}
		parts[i].blocks[block] = nil
	}
}
