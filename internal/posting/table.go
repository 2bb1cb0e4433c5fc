package posting

import "slices"

// Table is a multimap from 32-bit keys, which must be hashes, to values below
// MaxValue. It takes about eight bytes an entry.
//
// It is an array of 4096 small hash tables, chosen by the leading bits of the
// key, that grow each for itself by a sixteenth, and shrink, so that no call waits
// for more than one of them and not all grow at once. Each is an array of
// buckets of a cache line, with linear probing by bucket; a bucket counts the
// entries that had to go past it, so that nothing is left behind by removals. It
// counts them by seven classes of keys, as a counting Bloom filter of one hash
// would (Fan, Cao, Almeida and Broder 2000), so that of the keys that no entry has,
// which are most, few are looked for in a second bucket though the buckets are as
// good as full.
//
// The zero value is empty. Reading is safe beside other reading.
type Table struct {
	shards *[shards]shard
	size
}

type size struct{ n, bytes int }

// MaxValue bounds the values of a Table.
const MaxValue = 1 << valueBits

const (
	shardBits  = 12
	shards     = 1 << shardBits
	tagBits    = 32 - shardBits
	valueBits  = 28
	perBucket  = 10
	bucketSize = 64
)

// A bucket is one cache line. Of the 20 bits of a key that its shard leaves
// open, the lower 16 are a tag and the upper 4 the upper ones of the value.
type bucket struct {
	tags [perBucket]uint16
	vals [perBucket]uint32
	meta uint32 // entries in the low 4 bits; above, in 4 bits for each class, those gone past
}

const (
	laneBits = 4
	manyPast = 1<<laneBits - 1 // so many, once reached, stay until the shard is resized
)

// lane returns the lowest bit of the count of those entries gone past that are of
// the class of a tag.
func lane(tag uint32) uint {
	const lanes = 32/laneBits - 1
	return uint(laneBits + tag*0x9E3779B1>>16*lanes>>16*laneBits)
}

// pass counts an entry that goes past, and back takes it back.
func (b *bucket) pass(lane uint) {
	if b.meta>>lane&manyPast < manyPast {
		b.meta += 1 << lane
	}
}

func (b *bucket) back(lane uint) {
	if b.meta>>lane&manyPast < manyPast {
		b.meta -= 1 << lane
	}
}

// last tells whether no entry of a class has gone past.
func (b *bucket) last(lane uint) bool { return b.meta>>lane&manyPast == 0 }

type shard struct {
	buckets []bucket
	n       uint32
	limit   uint32 // entries from which it grows
	changes uint32 // of its entries, counted on and on
}

func split(key uint32) (s, tag uint32) { return key >> tagBits, key & (1<<tagBits - 1) }

func (s *shard) home(tag uint32) int { return int(uint64(tag) * uint64(len(s.buckets)) >> tagBits) }

// Touch reads the buckets of keys, so that all wait for memory together, and
// returns a sum of what it saw, which must be used.
func (t *Table) Touch(keys []uint32) (sum uint32) {
	if t.shards == nil {
		return 0
	}
	for _, key := range keys {
		k, tag := split(key)
		if s := &t.shards[k]; len(s.buckets) > 0 {
			sum += s.buckets[s.home(tag)].meta
		}
	}
	return sum
}

// Find appends the values of a key to dst, in any order.
func (t *Table) Find(dst []uint32, key uint32) []uint32 {
	if t.shards == nil {
		return dst
	}
	k, tag := split(key)
	return t.shards[k].find(dst, tag)
}

func (s *shard) find(dst []uint32, tag uint32) []uint32 {
	if s.n == 0 {
		return dst
	}
	low, high, lane := uint16(tag), tag>>16, lane(tag)
	i := s.home(tag)
	for range s.buckets { // each may count entries that went past it
		b := &s.buckets[i]
		if b.mayHold(low) {
			for j := range b.tags[:b.meta&15] {
				if b.tags[j] == low && b.vals[j]>>valueBits == high {
					dst = append(dst, b.vals[j]&(MaxValue-1))
				}
			}
		}
		if b.last(lane) {
			return dst
		}
		if i++; i == len(s.buckets) {
			i = 0
		}
	}
	return dst
}

// mayHold tells whether a tag is among those of a bucket, used or not: whether
// one of the differences, four in a word, is zero (Warren, Hacker's Delight, 6-1).
func (b *bucket) mayHold(tag uint16) bool {
	const ones, tops = 0x0001000100010001, 0x8000800080008000
	t := &b.tags
	w := uint64(tag) * ones
	x := w ^ (uint64(t[0]) | uint64(t[1])<<16 | uint64(t[2])<<32 | uint64(t[3])<<48)
	y := w ^ (uint64(t[4]) | uint64(t[5])<<16 | uint64(t[6])<<32 | uint64(t[7])<<48)
	z := w ^ (uint64(t[6]) | uint64(t[7])<<16 | uint64(t[8])<<32 | uint64(t[9])<<48)
	return ((x-ones)&^x|(y-ones)&^y|(z-ones)&^z)&tops != 0
}

// Insert adds an entry.
func (t *Table) Insert(key, value uint32) {
	t.ready()
	t.insert(key, value, &t.size)
}

func (t *Table) ready() {
	if t.shards == nil {
		t.shards = new([shards]shard)
		t.bytes = shards * 40
	}
}

// insert is Insert into a table that is ready, and delete the like, but for the
// size: calls for keys of different shards may run side by side.
func (t *Table) insert(key, value uint32, z *size) {
	k, tag := split(key)
	s := &t.shards[k]
	if s.n >= s.limit {
		t.resize(k, len(s.buckets)+max(1, len(s.buckets)/16), z)
	}
	s.insert(tag, tag>>16<<valueBits|value)
	z.n++
}

// reserve makes room for n entries in shard k, which is empty.
func (t *Table) reserve(k uint32, n int, z *size) {
	t.resize(k, (n*8/7+perBucket-1)/perBucket, z)
}

func (s *shard) insert(tag, val uint32) {
	i, lane := s.home(tag), lane(tag)
	for s.buckets[i].meta&15 == perBucket {
		s.buckets[i].pass(lane)
		if i++; i == len(s.buckets) {
			i = 0
		}
	}
	b := &s.buckets[i]
	n := b.meta & 15
	b.tags[n], b.vals[n] = uint16(tag), val
	b.meta++
	s.n++
	s.changes++
}

// Delete removes one entry of that key and value, and reports whether there
// was one.
func (t *Table) Delete(key, value uint32) bool {
	return t.shards != nil && t.delete(key, value, &t.size)
}

func (t *Table) delete(key, value uint32, z *size) bool {
	k, tag := split(key)
	s := &t.shards[k]
	if s.n == 0 {
		return false
	}
	val := tag>>16<<valueBits | value
	home, lane := s.home(tag), lane(tag)
	i := home
	for range s.buckets {
		b := &s.buckets[i]
		n := b.meta & 15
		for j := range b.tags[:n] {
			if b.tags[j] == uint16(tag) && b.vals[j] == val {
				b.tags[j], b.vals[j] = b.tags[n-1], b.vals[n-1]
				b.meta--
				for i != home {
					if i--; i < 0 {
						i = len(s.buckets) - 1
					}
					s.buckets[i].back(lane)
				}
				s.n--
				s.changes++
				z.n--
				if s.n == 0 {
					z.bytes -= len(s.buckets) * bucketSize
					*s = shard{changes: s.changes}
				} else if int(s.n)*2 < len(s.buckets)*perBucket && len(s.buckets) > 1 {
					t.resize(k, int(s.n)*5/4/perBucket+1, z)
				}
				return true
			}
		}
		if b.last(lane) {
			return false
		}
		if i++; i == len(s.buckets) {
			i = 0
		}
	}
	return false
}

// resize gives shard k n buckets, or as many more as memory comes in. They fill
// to between 29/32 and 31/32, which differs by shard so that shards of equal load
// grow at different times.
func (t *Table) resize(k uint32, n int, z *size) {
	s := &t.shards[k]
	old := *s
	buckets := slices.Grow([]bucket(nil), n)
	buckets = buckets[:cap(buckets)]
	n = len(buckets)
	full := n * perBucket
	s.buckets = buckets
	s.limit = uint32(full*29/32 + full*int(k%64)/(64*16))
	z.bytes += (n - len(old.buckets)) * bucketSize
	// A stored tag tells the home but for its upper bits, which are with the
	// value.
	for i := range old.buckets {
		b := &old.buckets[i]
		for j, tag := range b.tags[:b.meta&15] {
			val := b.vals[j]
			to := &buckets[s.home(uint32(tag)|val>>valueBits<<16)]
			if m := to.meta & 15; m < perBucket {
				to.tags[m], to.vals[m] = tag, val
				to.meta++
			} else {
				s.insert(uint32(tag)|val>>valueBits<<16, val)
				s.n--
			}
		}
	}
}

// Len returns the number of entries.
func (t *Table) Len() int { return t.n }

// Bytes returns the memory held.
func (t *Table) Bytes() int { return t.bytes }
