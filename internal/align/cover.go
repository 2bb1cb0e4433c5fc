package align

import (
	"math/bits"

	"github.com/newsdedup/newsdedup/internal/sketch"
)

// mask notes in which segments the tokens of X stand.
func (al *Aligner) mask() {
	x := &al.x
	x.masked = true
	for w := 0; 64*w < x.segments; w++ {
		if al.masks[w] == nil {
			al.masks[w] = new([maxPlaces]pairOfMasks)
		}
		masks := al.masks[w]
		clear(masks[:x.n])
		for k := 64 * w; k < min(x.segments, 64*w+64); k++ {
			bit := uint64(1) << (k & 63)
			for _, t := range x.tokens[x.starts[k]:x.starts[k+1]] {
				m := &masks[al.entries[t]%maxPlaces]
				m.once, m.twice = m.once|bit, m.twice|m.once&bit
			}
		}
	}
}

// Cover completes the result by CoverSum, Cover60P and Cover80P. It finds for
// every segment the one of the other side with which it has most tokens in
// common. For 64 segments of X at a time the common tokens of one segment of Y
// with each of them are counted at once.
func (al *Aligner) Cover() {
	x, y := &al.x, &al.y
	clear(x.covered[:x.segments])
	clear(y.covered[:y.segments])
	if y.m > 0 {
		al.vote()
	}
	sx, sy := al.sides()
	x.cover(sx)
	y.cover(sy)
}

func (al *Aligner) vote() {
	x, y := &al.x, &al.y
	if !x.masked {
		al.mask()
	}
	for w := 0; 64*w < x.segments; w++ {
		clear(al.tags[:x.n])
		masks := al.masks[w]
		var most count
		from := 0
		for k := range y.segments {
			// The common tokens up to the end of the segment.
			end := uint(y.starts[k+1])
			to := int(y.before[end>>6%uint(len(y.before))]) + bits.OnesCount64(y.common[end>>6%uint(len(y.common))]&(1<<(end&63)-1))
			if from < to {
				votes := al.gather(y.ids[from:to], masks, uint16(2*k+2))
				y.covered[k] = max(y.covered[k], most.raise(votes))
				from = to
			}
		}
		for k := range min(64, x.segments-64*w) {
			x.covered[64*w+k] = most.at(k)
		}
	}
}

// gather returns what the common tokens of one segment of Y vote for, a multiple
// of four votes.
func (al *Aligner) gather(ids []entry, masks *[maxPlaces]pairOfMasks, tag uint16) []uint64 {
	votes, tags, n := &al.votes, &al.tags, uint(0)
	for _, e := range ids {
		p := e % maxPlaces
		v := &masks[p]
		votes[n%uint(len(votes))] = v.once
		before := tags[p]
		if before < tag && v.twice == 0 { // as most are
			tags[p] = tag
			n++
			continue
		}
		if before > tag {
			continue // it stands there twice before
		}
		tags[p] = tag
		if before == tag {
			tags[p]++
		}
		votes[(n+1)%uint(len(votes))] = v.twice
		n += 2
	}
	n = min(n, uint(len(votes)-4))
	clear(votes[n : n+4])
	return votes[:(n+3)&^3]
}

// cover counts what is covered.
func (x *side) cover(out *Side) {
	sum := 0
	for k, v := range x.covered[:x.segments] {
		// x >> sign is all bits of a negative x, none of another.
		const sign = bits.UintSize - 1
		n := int(x.starts[k+1]) - int(x.starts[k])
		votes := min(n, int(v))
		sum += votes &^ ((n - 2) >> sign)
		prose := n &^ (-(int(x.Segs[k].Flags/sketch.Quoted) & 1)) &^ ((votes - minCovered) >> sign) &^ ((n - 2) >> sign)
		out.Cover60P += prose &^ ((5*votes - 3*n) >> sign)
		out.Cover80P += prose &^ ((5*votes - 4*n) >> sign)
	}
	out.CoverSum = float64(sum)
}

// A count is 64 numbers of six bits, bit by bit: bit i of word k is bit k of
// number i. So all are added to or compared at once.
type count [6]uint64

// raise makes each number the greater of itself and of how many of the votes, a
// multiple of four, are for it, 63 at most. It returns the greatest of these.
func (c *count) raise(votes []uint64) uint8 {
	var d count
	if len(votes) > maxVotes {
		for _, v := range votes {
			d.add(v)
		}
		return c.raiseBy(&d)
	}
	// A full adder makes of three bits of one weight one of it and one of the
	// next.
	var d0, d1, d2, d3, d4, d5 uint64
	for len(votes) >= 4 {
		a, b := votes[0], votes[1]
		u := d0 ^ a
		t1 := d0&a | u&b
		d0 = u ^ b
		a, b = votes[2], votes[3]
		u = d0 ^ a
		t2 := d0&a | u&b
		d0 = u ^ b
		u = d1 ^ t1
		t4 := d1&t1 | u&t2
		d1 = u ^ t2
		t8 := d2 & t4
		d2 ^= t4
		t16 := d3 & t8
		d3 ^= t8
		d5 ^= d4 & t16
		d4 ^= t16
		votes = votes[4:]
	}
	if d4|d5 != 0 { // as in copies only
		return c.raiseBy(&count{d0, d1, d2, d3, d4, d5})
	}
	// From the highest bit down: where d is greater, where both are the same so
	// far, and what is the greatest of d among those that are no less so far.
	// some is all bits if that has the bit.
	if d2|d3 == 0 { // as where texts have little in common
		x := c[1] ^ d1
		same := ^(c[2] | c[3] | c[4] | c[5])
		greater := same&x&d1 | same&^x&(c[0]^d0)&d0
		c[0] ^= (c[0] ^ d0) & greater
		c[1] ^= (c[1] ^ d1) & greater
		if d1 != 0 {
			return 2 | uint8(bit(d0&d1)&1)
		}
		return uint8(bit(d0) & 1)
	}
	x := c[3] ^ d3
	same := ^(c[4] | c[5])
	greater := same & x & d3
	same &^= x
	some := bit(d3)
	v, among := some&8, d3|^some
	x = c[2] ^ d2
	greater |= same & x & d2
	same &^= x
	t := among & d2
	some = bit(t)
	v |= some & 4
	among = t | among&^some
	x = c[1] ^ d1
	greater |= same & x & d1
	same &^= x
	t = among & d1
	some = bit(t)
	v |= some & 2
	among = t | among&^some
	x = c[0] ^ d0
	greater |= same & x & d0
	v |= bit(among&d0) & 1
	c[0] ^= (c[0] ^ d0) & greater
	c[1] ^= (c[1] ^ d1) & greater
	c[2] ^= (c[2] ^ d2) & greater
	c[3] ^= (c[3] ^ d3) & greater
	return uint8(v)
}

// bit is all bits if any of t is set, and none if not.
func bit(t uint64) uint64 { return uint64(int64(t|-t) >> 63) }

// add adds one to the numbers that m has, but for those that are 63.
func (c *count) add(m uint64) {
	m &^= c[0] & c[1] & c[2] & c[3] & c[4] & c[5]
	for k := range c {
		c[k], m = c[k]^m, c[k]&m
	}
}

// raiseBy makes each number the greater of itself and that of d, and returns the
// greatest number of d.
func (c *count) raiseBy(d *count) uint8 {
	greater, same, among, v := uint64(0), ^uint64(0), ^uint64(0), uint64(0)
	for k := len(c) - 1; k >= 0; k-- {
		x := c[k] ^ d[k]
		greater |= same & x & d[k]
		same &^= x
		t := among & d[k]
		some := bit(t)
		v = 2*v + some&1
		among = t | among&^some
	}
	for k := range c {
		c[k] ^= (c[k] ^ d[k]) & greater
	}
	return uint8(v)
}

// at returns number i.
func (c *count) at(i int) uint8 {
	s := i & 63
	return uint8(c[0]>>s&1 | c[1]>>s&1<<1 | c[2]>>s&1<<2 | c[3]>>s&1<<3 | c[4]>>s&1<<4 | c[5]>>s&1<<5)
}
