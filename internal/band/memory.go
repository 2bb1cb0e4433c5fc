package band

// Blocks are named by the number of their first unit.
const (
	unitEntries = 4
	unit        = 3 * unitEntries // words
	pageUnits   = 512             // 24 KiB
	slabUnits   = 32 * pageUnits  // 768 KiB

	fullUnits = 128
	full      = fullUnits*unitEntries - unitEntries // entries of the greatest block; a unit is left for a link
)

// memory is the pages of all tables.
type memory struct {
	slabs []*[slabUnits * unit]uint32
	pages []uint32 // not in use, by first unit
	full  []uint32 // greatest blocks that are not in use
}

func (m *memory) bytes() int {
	return cap(m.slabs)*8 + len(m.slabs)*slabUnits*unit*4 + cap(m.pages)*4 + cap(m.full)*4
}

// words is a block and what is behind it.
func (m *memory) words(at uint32) []uint32 {
	return m.slabs[at/slabUnits][at%slabUnits*unit:]
}

// page returns a page that is not in use.
func (m *memory) page() uint32 {
	if len(m.pages) == 0 {
		from := uint32(len(m.slabs)) * slabUnits
		m.slabs = append(m.slabs, new([slabUnits * unit]uint32))
		for at := from + slabUnits; at > from; {
			at -= pageUnits
			m.pages = append(m.pages, at)
		}
	}
	return pop(&m.pages)
}

func pop(s *[]uint32) uint32 {
	last := len(*s) - 1
	v := (*s)[last]
	*s = (*s)[:last]
	return v
}

// A class is the blocks of one size of a table, which fill pages without a gap:
// where one is released, the last one goes. So nothing is lost to blocks that
// nobody needs. The greatest, which have no class, are of one size in all tables
// and stay where they are.
type class struct {
	pages []uint32
	used  uint32 // blocks of the last page
}

// alloc returns a block of so many units.
func (t *table) alloc(units uint32) uint32 {
	m := t.memory
	if units == fullUnits {
		if len(m.full) == 0 {
			page := m.page()
			for at := page; at < page+pageUnits; at += fullUnits {
				m.full = append(m.full, at)
			}
		}
		return pop(&m.full)
	}
	c := &t.classes[units]
	if len(c.pages) == 0 || c.used == pageUnits/units {
		c.pages = append(c.pages, m.page())
		c.used = 0
	}
	c.used++
	return c.last(units)
}

func (c *class) last(units uint32) uint32 {
	return c.pages[len(c.pages)-1] + (c.used-1)*units
}

// release takes back a block of so many units.
func (t *table) release(at, units uint32) {
	m := t.memory
	if units == fullUnits {
		m.full = append(m.full, at)
		return
	}
	c := &t.classes[units]
	if last := c.last(units); last != at {
		words := m.words(at)[:units*unit]
		copy(words, m.words(last))
		t.owner(last, chunk{words, units * unitEntries}.hash(0)).at = at
	}
	if c.used--; c.used == 0 {
		m.pages = append(m.pages, pop(&c.pages))
		c.used = pageUnits / units
	}
}

// owner is the bucket of which a block is the newest that has a hash.
func (t *table) owner(at uint32, g uint64) *bucket {
	if b := t.bucket(t.find(g)); b.n > 0 && b.at == at {
		return b
	}
	return &t.moving
}

// A bucket is entries in blocks. All but the newest are full, and each has a
// link to the one before. If there is but one, it has no more units than it
// needs; others have the most there are. Where n is 0 there is none.
type bucket struct {
	at uint32 // the newest block
	n  uint32 // entries
}

// newest is how many entries the newest block has.
func (b bucket) newest() uint32 {
	if b.n <= full {
		return b.n
	}
	return (b.n-1)%full + 1
}

// units is how many the newest block has.
func (b bucket) units() uint32 {
	if b.n > full-unitEntries {
		return fullUnits
	}
	return (b.n + unitEntries - 1) / unitEntries
}

// size is how many entries the newest block has room for.
func (b bucket) size() uint32 { return min(b.units()*unitEntries, full) }

// A chunk is a block as entries: the lower words of the hashes, the upper words,
// and the IDs, each with room for size.
type chunk struct {
	words []uint32
	size  uint32
}

func (c chunk) id(i uint32) uint32 { return c.words[2*c.size+i] }

func (c chunk) hash(i uint32) uint64 {
	return uint64(c.words[c.size+i])<<32 | uint64(c.words[i])
}

func (c chunk) set(i, id uint32, g uint64) {
	c.words[i], c.words[c.size+i], c.words[2*c.size+i] = uint32(g), uint32(g>>32), id
}

// link is where a block of the greatest size has the one before it.
func (c chunk) link() *uint32 { return &c.words[3*full] }

// chunk is the newest block of a bucket.
func (m *memory) chunk(b bucket) chunk { return chunk{m.words(b.at), b.size()} }

// older is a bucket without its newest block.
func (m *memory) older(b bucket) bucket {
	if b.n <= full {
		return bucket{}
	}
	return bucket{*m.chunk(b).link(), b.n - b.newest()}
}

// put puts an entry into a bucket.
func (t *table) put(b *bucket, id uint32, g uint64) {
	old := *b
	b.n++
	n := b.newest()
	switch {
	case n == 1:
		b.at = t.alloc(b.units())
		if old.n > 0 {
			*t.memory.chunk(*b).link() = old.at
		}
	case b.units() != old.units():
		t.resize(b, old)
	}
	t.memory.chunk(*b).set(n-1, id, g)
}

// take takes an entry out of a bucket, and reports whether there was one. The
// newest goes to its place.
func (t *table) take(b *bucket, id uint32, g uint64) bool {
	m := t.memory
	for o := *b; o.n > 0; o = m.older(o) {
		c := m.chunk(o)
		for i := range o.newest() {
			if c.id(i) != id || c.hash(i) != g {
				continue
			}
			old, newest, last := *b, m.chunk(*b), b.newest()-1
			c.set(i, newest.id(last), newest.hash(last))
			if last == 0 {
				*b = m.older(old)
				t.release(old.at, old.units())
			} else if b.n--; b.units() != old.units() {
				t.resize(b, old)
			}
			return true
		}
	}
	return false
}

// resize gives b, which has the one block of old, a block of the size it needs.
func (t *table) resize(b *bucket, old bucket) {
	m := t.memory
	b.at = t.alloc(b.units())
	from, to, n := m.chunk(old), m.chunk(*b), min(b.n, old.n)
	for i := range uint32(3) {
		copy(to.words[i*to.size:][:n], from.words[i*from.size:])
	}
	t.release(old.at, old.units())
}
