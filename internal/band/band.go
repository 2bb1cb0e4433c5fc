// Package band finds the 64-bit SimHashes that differ from a given one in few
// bits, in memory and without misses.
//
// It is multi-index hashing (Norouzi, Punjani and Fleet 2012; with permuted
// tables Manku, Jain and Das Sarma 2007). A hash has four blocks of 16 bits, and
// there is a table for each block. Of two hashes within distance k, one block i
// at least differs in no more than r_i bits if the r_i+1 add up to k+1
// (pigeonhole in the general form of Qin et al., GPH, 2018). So a table is
// asked for the buckets within r_i of the block, and what stands in them is
// compared.
package band

import "math/bits"

// MaxDistance is the greatest distance that Search takes.
const MaxDistance = 11

const (
	tables    = 4
	blockBits = 64 / tables
	buckets   = 1 << blockBits

	// An entry takes two words of 32 bits and a half: 32 bits of its hash that
	// are compared first, its ID, and the remaining 16 bits. The 16 of the block
	// are those of its bucket.
	firstEntries = 8 // of the first chunk of a bucket; each further one has twice as many
	classes      = 7 // up to 512
	header       = 4 // words before the entries

	// Chunks are named by the number of their first unit, counted from 1.
	unit      = 4       // words
	pageUnits = 1 << 16 // 1 MiB
)

// masks are the differences of two blocks, by number of bits: up to 2 of them.
var masks = func() (m []uint16) {
	for n := range 3 {
		for x := range buckets {
			if bits.OnesCount(uint(x)) == n {
				m = append(m, uint16(x))
			}
		}
	}
	return m
}()

// within[r] is how many of masks have at most r bits.
var within = [3]int{1, 17, 137}

// A Hit is an entry found.
type Hit struct {
	ID       uint32
	Distance uint8 // 0 to MaxDistance
}

// Index holds hashes by ID. The zero value is empty. Calls of Search may run at
// the same time; Add and Remove need exclusive use.
//
// Nothing is ever rebuilt: Add writes four entries, and memory grows by the
// mebibyte. An entry takes 40 bytes and a share of what is not filled: of evenly
// spread hashes 47 in all at 100 million, 70 at four. There is a fixed cost of
// 1 MiB. What Remove frees is used again but not given back. No more than a
// billion entries may be held.
type Index struct {
	// The newest chunk of every bucket, whose header words are the chunk before
	// it, the number of its entries, and its class. All older ones are full.
	heads *[tables][buckets]uint32
	pages [][]uint32
	next  uint32          // the first unit never used
	free  [classes]uint32 // chunks that are not in use
	n     int
}

// Len is the number of entries.
func (x *Index) Len() int { return x.n }

// Bytes is the memory held.
func (x *Index) Bytes() int {
	n := cap(x.pages) * 24
	if x.heads != nil {
		n += tables * buckets * 4
	}
	return n + len(x.pages)*pageUnits*unit*4
}

// Add takes a hash in under an ID. The same pair may be added again, and counts
// again.
func (x *Index) Add(id uint32, h uint64) {
	if x.heads == nil {
		x.heads = new([tables][buckets]uint32)
	}
	for t := range x.heads {
		g := bits.RotateLeft64(h, t*blockBits)
		b := &x.heads[t][g>>48]
		var c chunk
		if *b != 0 {
			c = x.chunk(*b)
		}
		if *b == 0 || c.full() {
			class := uint32(0)
			if *b != 0 {
				class = min(c.class()+1, classes-1)
			}
			at := x.alloc(class)
			c = x.chunk(at)
			c[0], c[1], c[2] = *b, 0, class
			*b = at
		}
		c[1]++
		c.set(c.len()-1, uint32(g>>16), id, uint16(g))
	}
	x.n++
}

// Remove takes one back that was added with this ID and hash, and reports
// whether there was one.
func (x *Index) Remove(id uint32, h uint64) bool {
	if x.heads == nil {
		return false
	}
	for t := range x.heads {
		g := bits.RotateLeft64(h, t*blockBits)
		b := &x.heads[t][g>>48]
		if !x.remove(b, uint32(g>>16), id, uint16(g)) {
			return false // the first table, as all have the same entries
		}
	}
	x.n--
	return true
}

// remove puts the newest entry of a bucket in the place of one.
func (x *Index) remove(b *uint32, word, id uint32, rest uint16) bool {
	for at := *b; at != 0; {
		c := x.chunk(at)
		for i, v := range c.ids() {
			if v != id {
				continue
			}
			if w, r := c.get(i); w != word || r != rest {
				continue
			}
			newest := x.chunk(*b)
			last := newest.len() - 1
			w, r := newest.get(last)
			c.set(i, w, newest.ids()[last], r)
			newest[1]--
			if last == 0 {
				class, freed := newest.class(), *b
				*b = newest[0]
				newest[0] = x.free[class]
				x.free[class] = freed
			}
			return true
		}
		at = c[0]
	}
	return false
}

// Search appends to dst every entry whose hash differs from h in at most k
// bits, each once, in no particular order. Above MaxDistance, k is MaxDistance;
// below 0 nothing is found.
//
// It looks at about n/65536 entries in each of k+1 tables up to k = 3; with
// k = 6 into 52 such buckets, with k = 7 into 68.
func (x *Index) Search(dst []Hit, h uint64, k int) []Hit {
	if x.heads == nil || k < 0 {
		return dst
	}
	k = min(k, MaxDistance)
	var buf [tables * 137]probe
	probes, n := buf[:], 0
	for t := range x.heads {
		r := radius(t, k)
		if r < 0 {
			break
		}
		block := uint16(bits.RotateLeft64(h, t*blockBits) >> 48)
		for i, mask := range masks[:within[r]] {
			probes[n] = probe{x.heads[t][block^mask], 0, uint16(t), uint16(i)}
			n++
		}
	}
	// Chunks are far apart in memory. So the first of all buckets are gone to
	// before any is looked through, then all the second: the waits overlap.
	for probes = probes[:n]; ; {
		n := 0
		for _, p := range probes {
			if p.at != 0 {
				probes[n] = p
				n++
			}
		}
		if probes = probes[:n]; n == 0 {
			return dst
		}
		for i := range probes {
			probes[i].older = x.chunk(probes[i].at)[0]
		}
		for i, p := range probes {
			g := bits.RotateLeft64(h, int(p.table)*blockBits)
			dst = x.chunk(p.at).search(dst, g, int(p.table), masks[p.mask], k)
			probes[i].at = p.older
		}
	}
}

// A probe is a chunk of a bucket that is to be looked through.
type probe struct {
	at, older   uint32 // the chunk before it
	table, mask uint16
}

// search appends what the chunk, of a bucket of table t that differs from the
// block by mask, holds within k of g, which is turned so that the block is
// uppermost.
func (c chunk) search(dst []Hit, g uint64, t int, mask uint16, k int) []Hit {
	words, w, near := c.words(), uint32(g>>16), k-bits.OnesCount16(mask)
	for n := next(words, 0, w, near); n < len(words); n = next(words, n+1, w, near) {
		diff := uint64(mask)<<48 | uint64(words[n]^w)<<16 | uint64(c.rest(n)^uint16(g))
		if d := bits.OnesCount64(diff); d <= k && first(diff, t, k) {
			dst = append(dst, Hit{c.ids()[n], uint8(d)})
		}
	}
	return dst
}

// next returns the first word from i on that differs from w in at most k bits,
// or the number of words.
func next(words []uint32, i int, w uint32, k int) int {
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

// radius is the r_i of table t for distance k; -1 if the table is not needed.
func radius(t, k int) int {
	r := (k+1)/tables - 1
	if t < (k+1)%tables {
		r++
	}
	return r
}

// first reports that no table before t finds a hash that differs in diff, of
// which the block of t is uppermost.
func first(diff uint64, t, k int) bool {
	for u := range t {
		// Block u is t-u blocks behind where it was before the rotation.
		block := uint16(bits.RotateLeft64(diff, -(t-u)*blockBits) >> 48)
		if bits.OnesCount16(block) <= radius(u, k) {
			return false
		}
	}
	return true
}

// A chunk is some entries of a bucket: header, then words, IDs, and the
// remaining bits, two in a word.
type chunk []uint32

func (c chunk) len() int      { return int(c[1]) }
func (c chunk) class() uint32 { return c[2] }
func (c chunk) size() int     { return firstEntries << (c[2] & 7) }
func (c chunk) full() bool    { return c.len() == c.size() }

func (c chunk) words() []uint32 { return c[header : header+c.len()] }
func (c chunk) ids() []uint32   { return c[header+c.size():][:c.len()] }

func (c chunk) rest(i int) uint16 {
	return uint16(c[header+2*c.size()+i>>1] >> (i & 1 * 16))
}

func (c chunk) get(i int) (word uint32, rest uint16) { return c[header+i], c.rest(i) }

func (c chunk) set(i int, word, id uint32, rest uint16) {
	n := c.size()
	c[header+i], c[header+n+i] = word, id
	r := &c[header+2*n+i>>1]
	shift := i & 1 * 16
	*r = *r&^(0xFFFF<<shift) | uint32(rest)<<shift
}

// chunk returns the one of a name, up to the end of its page.
func (x *Index) chunk(at uint32) chunk {
	return x.pages[at/pageUnits][at%pageUnits*unit:]
}

// units is how many a chunk of a class takes.
func units(class uint32) uint32 { return (header + firstEntries<<class*5/2) / unit }

// alloc returns a chunk of a class.
func (x *Index) alloc(class uint32) uint32 {
	if at := x.free[class]; at != 0 {
		x.free[class] = x.chunk(at)[0]
		return at
	}
	n := units(class)
	if at := x.next % pageUnits; x.next == 0 || at == 0 || at+n > pageUnits {
		x.next = uint32(len(x.pages)) * pageUnits
		if x.next == 0 {
			x.next = 1 // 0 is no chunk
		}
		x.pages = append(x.pages, make([]uint32, pageUnits*unit))
	}
	at := x.next
	x.next += n
	return at
}
