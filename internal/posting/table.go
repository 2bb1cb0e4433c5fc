package posting

import (
	"math/bits"
	"slices"
)

// Table is a multimap from 32-bit keys, which must be hashes, to values below
// MaxValue. It takes about eight bytes an entry.
//
// It is an array of 4096 small hash tables, chosen by the leading bits of the
// key, that grow each for itself by an eighth, and shrink, so that no call waits
// for more than one of them and not all grow at once. Each is an array of
// buckets of a cache line. What finds its bucket full goes on to others, by double
// hashing (Knuth 6.4), and the bucket notes of which of 28 classes of keys entries
// went past it, as a Bloom filter of one hash would (Bloom 1970): of the keys that no
// entry has, which are most, few are looked for in a second bucket though the buckets
// are as good as full. What removals leave noted is made new when they are as many as
// the entries.
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
	shardSize  = 40
)

// A bucket is one cache line. Of the 20 bits of a key that its shard leaves
// open, the lower 16 are a tag and the upper 4 the upper ones of the value.
type bucket struct {
	tags [3]uint64 // 16 bits each; then 4 that count entries, and one for each class of which some went past
	vals [perBucket]uint32
}

const (
	countAt  = 32 // in the last word of tags
	countOne = 1 << countAt
	laneAt   = countAt + 4
	lanes    = 64 - laneAt
)

// lane returns the bit for the entries gone past that are of the class of a tag.
func lane(tag uint32) uint64 { return 1 << (laneAt + tag*0x9E3779B1>>16*lanes>>16) }

func (b *bucket) len() int { return int(b.tags[2] >> countAt & 15) }

func (b *bucket) tag(j int) uint16 { return uint16(b.tags[j>>2] >> (j & 3 * 16)) }

func (b *bucket) setTag(j int, tag uint16) {
	w, at := &b.tags[j>>2], j&3*16
	*w = *w&^(0xFFFF<<at) | uint64(tag)<<at
}

// short returns the bits of the key of an entry that its shard leaves open.
func (b *bucket) short(j int) uint32 { return b.vals[j]>>valueBits<<16 | uint32(b.tag(j)) }

// put adds an entry to a bucket that has room.
func (b *bucket) put(tag uint16, val uint32) {
	n := b.len()
	b.setTag(n, tag)
	b.vals[n] = val
	b.tags[2] += countOne
}

// tagged returns a bit for each place that has a tag, used or not: where all 16 bits
// of the difference are zero (Warren, Hacker's Delight, 6-1). The bit of a place is
// the number of its word, and 16 times its place in that.
func (b *bucket) tagged(tag uint16) uint64 {
	const ones, rest, tops = 0x0001000100010001, 0x7FFF7FFF7FFF7FFF, 0x8000800080008000
	w := uint64(tag) * ones
	x, y, z := b.tags[0]^w, b.tags[1]^w, b.tags[2]^w
	x = ^(x&rest + rest | x) & tops
	y = ^(y&rest + rest | y) & tops
	z = ^(z&rest + rest | z) & (tops & (1<<countAt - 1))
	return x>>15 | y>>14 | z>>13
}

// placeOf returns the place of the lowest bit of what tagged returns.
func placeOf(tagged uint64) int {
	at := bits.TrailingZeros64(tagged)
	return at>>4 | at&3<<2
}

type shard struct {
	buckets []bucket
	n       uint32
	limit   uint32 // entries from which it grows
	changes uint32 // of its entries, counted on and on
	deleted uint32 // entries, since it was last resized
}

func split(key uint32) (s, tag uint32) { return key >> tagBits, key & (1<<tagBits - 1) }

func (s *shard) home(tag uint32) int { return int(uint64(tag) * uint64(len(s.buckets)) >> tagBits) }

// next returns the bucket to look into after bucket i. A tag goes by a step of its
// own, a power of two, which leads through all buckets, as their number is odd. Side
// by side many would be full in a row: where 94 % is filled, ten are passed for an
// entry to come in, and by these steps four.
func (s *shard) next(i int, tag uint32) int {
	n := len(s.buckets)
	if i += 1 << (uint64(tag*0x85EBCA77) * uint64(bits.Len(uint(n-1))) >> 32); i >= n {
		i -= n
	}
	return i
}

// Touch reads the buckets of keys, so that all wait for memory together, and
// returns a sum of what it saw, which must be used.
func (t *Table) Touch(keys []uint32) (sum uint32) {
	if t.shards == nil {
		return 0
	}
	for _, key := range keys {
		k, tag := split(key)
		if s := &t.shards[k]; len(s.buckets) > 0 {
			sum += uint32(s.buckets[s.home(tag)].tags[2])
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
	for range s.buckets { // of each may something have gone past
		b := &s.buckets[i]
		for at := b.tagged(low); at != 0; at &= at - 1 {
			if j := placeOf(at); j < b.len() && b.vals[j]>>valueBits == high {
				dst = append(dst, b.vals[j]&(MaxValue-1))
			}
		}
		if b.tags[2]&lane == 0 {
			return dst
		}
		i = s.next(i, tag)
	}
	return dst
}

// lacks tells that a tag is not there, as is seen from its first bucket.
func (s *shard) lacks(tag uint32) bool {
	if s.n == 0 {
		return true
	}
	b := &s.buckets[s.home(tag)]
	return b.tagged(uint16(tag))|b.tags[2]&lane(tag) == 0
}

// Insert adds an entry.
func (t *Table) Insert(key, value uint32) {
	t.ready()
	t.insert(key, value, &t.size)
}

func (t *Table) ready() {
	if t.shards == nil {
		t.shards = new([shards]shard)
		t.bytes = shards * shardSize
	}
}

// insert is Insert into a table that is ready, and delete the like, but for the
// size: calls for keys of different shards may run side by side.
func (t *Table) insert(key, value uint32, z *size) {
	k, tag := split(key)
	s := &t.shards[k]
	if s.n >= s.limit {
		t.resize(k, len(s.buckets)+max(1, len(s.buckets)/8), z)
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
	for s.buckets[i].len() == perBucket {
		s.buckets[i].tags[2] |= lane
		i = s.next(i, tag)
	}
	s.buckets[i].put(uint16(tag), val)
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
	i, lane := s.home(tag), lane(tag)
	for range s.buckets {
		b := &s.buckets[i]
		for at := b.tagged(uint16(tag)); at != 0; at &= at - 1 {
			if j, last := placeOf(at), b.len()-1; j <= last && b.vals[j] == val {
				b.setTag(j, b.tag(last))
				b.vals[j] = b.vals[last]
				b.tags[2] -= countOne
				s.n--
				s.deleted++
				s.changes++
				z.n--
				if s.n == 0 {
					z.bytes -= cap(s.buckets) * bucketSize
					*s = shard{changes: s.changes}
				} else if n := (int(s.n)*5/4/perBucket + 1) | 1; n < len(s.buckets) && int(s.n)*2 < len(s.buckets)*perBucket {
					t.resize(k, n, z)
				} else if s.deleted > s.n {
					t.resize(k, len(s.buckets), z)
				}
				return true
			}
		}
		if b.tags[2]&lane == 0 {
			return false
		}
		i = s.next(i, tag)
	}
	return false
}

// resize gives shard k n buckets or one more, or as many more as memory comes in. They
// fill to between 29/32 and 31/32, which differs by shard so that shards of equal load
// grow at different times.
func (t *Table) resize(k uint32, n int, z *size) {
	s := &t.shards[k]
	old := *s
	buckets := slices.Grow([]bucket(nil), n|1)
	n = (cap(buckets)+1)/2*2 - 1 // odd: see next
	buckets = buckets[:n]
	full := n * perBucket
	s.buckets, s.deleted = buckets, 0
	s.limit = uint32(full*29/32 + full*int(k%64)/(64*16))
	z.bytes += (cap(buckets) - cap(old.buckets)) * bucketSize
	for i := range old.buckets {
		b := &old.buckets[i]
		for j := range b.len() {
			tag, val := b.short(j), b.vals[j]
			if to := &buckets[s.home(tag)]; to.len() < perBucket {
				to.put(uint16(tag), val)
			} else {
				s.insert(tag, val)
				s.n--
			}
		}
	}
}

// Len returns the number of entries.
func (t *Table) Len() int { return t.n }

// Bytes returns the memory held.
func (t *Table) Bytes() int { return t.bytes }
