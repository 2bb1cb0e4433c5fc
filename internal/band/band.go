// Package band finds the 64-bit SimHashes that differ from a given one in few
// bits, in memory and without misses.
//
// It is multi-index hashing (Norouzi, Punjani and Fleet 2012; with permuted
// tables Manku, Jain and Das Sarma 2007). A hash has three blocks of bits, and
// there is a table for each block. Of two hashes within distance k, one block i
// at least differs in no more than r_i bits if the r_i+1 add up to k+1
// (pigeonhole in the general form of Qin et al., GPH, 2018). So a table is
// asked for the buckets within r_i of the block, and what stands in them is
// compared.
//
// Blocks of more bits mean fewer entries a bucket, but more buckets within a
// radius; fewer tables mean less memory. Three blocks of 21 or 22 bits are
// right for some ten million to a billion hashes: what a search takes is then
// the way to some buckets of some dozen entries. Smaller tables use as many bits
// of a block as they need, by linear hashing (Litwin 1980).
package band

import "math/bits"

// MaxDistance is the greatest distance that Search takes: three bits of each
// block and two, as then one of the blocks differs in three bits at most. That
// is up to 4,918 buckets; three distances more would be 24,203.
const MaxDistance = 11

const tables = 3

// Of a hash turned left by starts[i], block i is the uppermost widths[i] bits.
var (
	widths = [tables]int{22, 21, 21}
	starts = [tables]int{0, 22, 43}
)

// A Hit is an entry found.
type Hit struct {
	ID       uint32
	Distance uint8 // 0 to MaxDistance
}

// Index holds hashes by ID. The zero value is empty. Calls of Search may run at
// the same time; Add and Remove need exclusive use.
//
// Nothing is ever rebuilt: Add writes three entries, and splits three buckets
// from time to time, of which it moves no more than 508 entries; the rest of a
// bucket that has more is moved by the calls that follow. Memory grows by 768
// KiB. An entry takes 36 bytes and a share of what is not filled: of evenly
// spread hashes 40 in all from a million on, 50 at a hundred thousand. The
// first takes 0.9 MB. What Remove frees is used again, but not given back, and
// buckets that were split stay so. No more than four billion entries may be
// held.
type Index struct {
	tables [tables]table
	memory memory
	n      int
}

// Len is the number of entries.
func (x *Index) Len() int { return x.n }

// Bytes is the memory held.
func (x *Index) Bytes() int {
	n := x.memory.bytes()
	for i := range x.tables {
		n += x.tables[i].bytes()
	}
	return n
}

// Add takes a hash in under an ID. The same pair may be added again, and counts
// again.
func (x *Index) Add(id uint32, h uint64) {
	x.n++
	for i := range x.tables {
		t := &x.tables[i]
		if t.buckets == 0 {
			t.init(i, &x.memory)
		}
		t.add(id, bits.RotateLeft64(h, starts[i]))
		t.grow(x.n)
	}
}

// Remove takes one back that was added with this ID and hash, and reports
// whether there was one.
func (x *Index) Remove(id uint32, h uint64) bool {
	if x.n == 0 {
		return false
	}
	for i := range x.tables {
		if !x.tables[i].remove(id, bits.RotateLeft64(h, starts[i])) {
			return false // the first table, as all have the same entries
		}
	}
	x.n--
	return true
}

// Search appends to dst every entry whose hash differs from h in at most k
// bits, each once, in no particular order. Above MaxDistance, k is MaxDistance;
// below 0 nothing is found.
//
// Of n entries, n/2^22 to n/2^21 are in a bucket, but no fewer than about two
// dozen. It looks into one of them for k = 0, into three for k = 2, into 25 at
// most for k = 3, 67 for k = 5, 298 for k = 6, 508 for k = 7, 718 for k = 8 and
// 4,918 for k = 11.
func (x *Index) Search(dst []Hit, h uint64, k int) []Hit {
	if x.n == 0 || k < 0 {
		return dst
	}
	q := query{memory: &x.memory, dst: dst, k: min(k, MaxDistance)}
	for i := range q.radii {
		q.turned[i], q.radii[i] = bits.RotateLeft64(h, starts[i]), radius(i, q.k)
	}
	for i := range x.tables {
		if q.radii[i] >= 0 {
			q.gather(&x.tables[i])
		}
	}
	q.look()
	return q.dst
}

// radius is the r_i of table i for distance k; -1 if the table is not needed.
func radius(i, k int) int {
	r := (k+1)/tables - 1
	if i < (k+1)%tables {
		r++
	}
	return r
}

// A query is a Search under way.
type query struct {
	memory *memory
	dst    []Hit
	k      int
	turned [tables]uint64 // the hash
	radii  [tables]int
	probes [64]probe
	n      int    // of probes
	sum    uint32 // of what has been touched, so that it is
}

// A probe is a bucket that is to be looked through.
type probe struct {
	bucket
	table  uint8
	differ uint8 // bits of its number that are not those of the block
}

// gather adds the buckets of a table within the radius to the probes. When those
// are many, they are looked through.
func (q *query) gather(t *table) {
	r, b := q.radii[t.number], t.block(q.turned[t.number])
	w, split := t.level()
	top := uint32(1) << w
	for d := range min(r, w) + 1 {
		for m := uint32(1)<<d - 1; m < top; m = next(m) {
			if q.n > len(q.probes)-3 {
				q.look()
			}
			n := (b ^ m) & (top - 1)
			if n < split {
				if n == split-1 {
					q.probe(&t.moving, t.number, d)
				}
				n |= b & top
				if d < r {
					q.probe(t.bucket(n^top), t.number, d+1)
				}
			}
			q.probe(t.bucket(n), t.number, d)
			if m == 0 {
				break
			}
		}
	}
}

// next is the next greater number with as many bits (Gosper).
func next(m uint32) uint32 {
	c := m & -m
	r := m + c
	return r | (r^m)>>2>>bits.TrailingZeros32(c)
}

func (q *query) probe(b *bucket, table, differ int) {
	q.probes[q.n] = probe{*b, uint8(table), uint8(differ)}
	if b.n > 0 {
		q.n++
	}
}

// look looks through the probes.
func (q *query) look() {
	probes := q.probes[:q.n]
	// Blocks are far apart in memory. So the beginnings of all are gone to
	// before any is looked through: the waits overlap.
	for i := range probes {
		b := &probes[i].bucket
		words, n := q.memory.words(b.at), b.newest()
		q.sum += words[0] + words[n/2] + words[n-1]
	}
	for i := range probes {
		p := &probes[i]
		for b := p.bucket; b.n > 0; b = q.memory.older(b) {
			q.compare(q.memory.chunk(b), b.newest(), p)
		}
	}
	q.n = 0
}

// compare finds what is near enough among the first n entries of a chunk.
func (q *query) compare(c chunk, n uint32, p *probe) {
	i, g, k := int(p.table), q.turned[p.table], q.k-int(p.differ)
	words := c.words[:c.size] // a multiple of four; what is behind n does not count
	for j := within(words, 0, uint32(g), k); j < int(n); j = within(words, j+1, uint32(g), k) {
		diff := c.hash(uint32(j)) ^ g
		if d := bits.OnesCount64(diff); d <= q.k && q.first(bits.RotateLeft64(diff, -starts[i])) == i {
			q.dst = append(q.dst, Hit{c.id(uint32(j)), uint8(d)})
		}
	}
}

// first is the first table of which the block differs in no more than its radius
// where a hash differs in diff: it finds the hash, others may.
func (q *query) first(diff uint64) int {
	i := 0
	for i < tables-1 && bits.OnesCount64(bits.RotateLeft64(diff, starts[i])>>(64-widths[i])) > q.radii[i] {
		i++
	}
	return i
}

// within returns the first word from i on that differs from w in at most k bits,
// or the number of words.
func within(words []uint32, i int, w uint32, k int) int {
	for ; i+4 <= len(words); i += 4 {
		v := words[i : i+4 : i+4]
		if bits.OnesCount32(v[0]^w) <= k || bits.OnesCount32(v[1]^w) <= k ||
			bits.OnesCount32(v[2]^w) <= k || bits.OnesCount32(v[3]^w) <= k {
			break
		}
	}
	for ; i < len(words); i++ {
		if bits.OnesCount32(words[i]^w) <= k {
			break
		}
	}
	return i
}
