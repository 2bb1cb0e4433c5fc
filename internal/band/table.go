package band

import "math/bits"

// load is how many entries there are for each bucket of a table, until it has
// all. 12 to 48 make no difference to the time of a search that could be
// measured; fewer take more memory.
const load = 24

// A table has the entries in buckets by one block of their hashes, which are
// turned so that it is uppermost; the lower 32 bits are then of other blocks.
//
// It grows by linear hashing: one bucket after the other is split in two by one
// more bit of the block, beginning with the lowest, and when all are, again from
// the first, until there is a bucket for each value of the block. Its number is
// the bits that tell it apart.
type table struct {
	number  int
	memory  *memory
	heads   []*[headPage]bucket
	buckets uint32
	moving  bucket // what is left of the bucket split last, to go into the two made of it
	classes [fullUnits]class
}

const headPage = 1 << 12

// init makes an empty table of the first two buckets.
func (t *table) init(number int, m *memory) {
	t.number, t.memory, t.buckets = number, m, 2
	t.heads = append(t.heads, new([headPage]bucket))
}

func (t *table) bytes() int {
	n := cap(t.heads)*8 + len(t.heads)*headPage*8
	for i := range t.classes {
		n += cap(t.classes[i].pages) * 4
	}
	return n
}

// block is that of a hash.
func (t *table) block(g uint64) uint32 { return uint32(g >> (64 - widths[t.number])) }

// level is the number of bits that tell the buckets apart that are yet to be
// split, and how many of them are split already: one at least.
func (t *table) level() (w int, split uint32) {
	w = bits.Len32(t.buckets-1) - 1
	return w, t.buckets - 1<<w
}

// find returns the number of the bucket of a hash.
func (t *table) find(g uint64) uint32 {
	w, split := t.level()
	b := t.block(g)
	n := b & (1<<w - 1)
	if n < split {
		n |= b & (1 << w)
	}
	return n
}

// bucket is that of a number.
func (t *table) bucket(n uint32) *bucket { return &t.heads[n/headPage][n%headPage] }

func (t *table) add(id uint32, g uint64) { t.put(t.bucket(t.find(g)), id, g) }

func (t *table) remove(id uint32, g uint64) bool {
	n := t.find(g)
	w, split := t.level()
	return t.take(t.bucket(n), id, g) || n&(1<<w-1) == split-1 && t.take(&t.moving, id, g)
}

// grow goes on with a bucket that is being split, or begins with the next if
// there are too few for so many entries.
func (t *table) grow(entries int) {
	if t.moving.n == 0 {
		if entries <= load*int(t.buckets) || t.buckets == 1<<widths[t.number] {
			return
		}
		if t.buckets%headPage == 0 {
			t.heads = append(t.heads, new([headPage]bucket))
		}
		t.buckets++
		_, split := t.level()
		b := t.bucket(split - 1)
		t.moving, *b = *b, bucket{}
		if t.moving.n == 0 {
			return
		}
	}
	// The newest block is taken out whole.
	old := t.moving
	c, n := t.memory.chunk(old), old.newest()
	var copied [unit / unitEntries * full]uint32 // since what is released is used again
	copy(copied[:], c.words[:3*c.size])
	c.words = copied[:]
	t.moving = t.memory.older(old)
	t.release(old.at, old.units())
	for i := range n {
		t.add(c.id(i), c.hash(i))
	}
}
