package align

import (
	"math/bits"

	"github.com/newsdedup/newsdedup/internal/sketch"
)

// mask notes in which segments the entries of X stand.
func (al *Aligner) mask() {
	x := &al.x
	al.masked = true
	for w := 0; 64*w < x.segments; w++ {
		if al.masks[w] == nil {
			al.masks[w] = new([maxTokens]pairOfMasks)
		}
		masks := al.masks[w]
		clear(masks[:x.distinct])
		for k := 64 * w; k < min(x.segments, 64*w+64); k++ {
			bit := uint64(1) << (k & 63)
			for _, id := range x.ids[x.starts[k]:x.starts[k+1]] {
				m := &masks[id%maxTokens]
				m.twice |= m.once & bit
				m.once |= bit
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
	if !al.masked {
		al.mask()
	}
	for w := 0; 64*w < x.segments; w++ {
		clear(al.tags[:x.distinct])
		masks := al.masks[w]
		var most count
		ids := y.ids[:y.m]
		for k := range y.segments {
			// The common tokens up to the end of the segment.
			end := uint(y.starts[k+1])
			m := int(y.before[end>>6]) + bits.OnesCount64(y.common[end>>6]&(1<<(end&63)-1))
			m -= y.m - len(ids)
			if m <= 0 {
				continue
			}
			n := al.gather(ids[:m], masks, uint16(2*k+2))
			ids = ids[m:]
			var c count
			c.sum(al.votes[:n])
			y.covered[k] = max(y.covered[k], most.raise(&c))
		}
		for k := range min(64, x.segments-64*w) {
			x.covered[64*w+k] = most.at(k)
		}
	}
}

// gather puts in votes what the common tokens of one segment of Y vote for, and
// returns their number, a multiple of four.
func (al *Aligner) gather(ids []uint16, masks *[maxTokens]pairOfMasks, tag uint16) int {
	votes, tags, n := &al.votes, &al.tags, uint(0)
	for _, id := range ids {
		id %= maxTokens
		v := &masks[id]
		before := tags[id]
		if before < tag && v.twice == 0 { // as most are
			tags[id] = tag
			votes[n%uint(len(votes))] = v.once
			n++
			continue
		}
		if before > tag {
			continue // it stands there twice before
		}
		tags[id] = tag
		if before == tag {
			tags[id]++
		}
		votes[n%uint(len(votes))], votes[(n+1)%uint(len(votes))] = v.once, v.twice
		n += 2
	}
	for ; n%4 != 0; n++ {
		votes[n%uint(len(votes))] = 0
	}
	return int(n)
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

// sum counts a multiple of four votes for each of 64, up to 63.
func (c *count) sum(votes []uint64) {
	if len(votes) > maxVotes {
		for _, v := range votes {
			c.add(v)
		}
		return
	}
	// A full adder makes of three bits of one weight one of it and one of the
	// next.
	var c0, c1, c2, c3, c4, c5 uint64
	for len(votes) >= 4 {
		a, b := votes[0], votes[1]
		u := c0 ^ a
		t1 := c0&a | u&b
		c0 = u ^ b
		a, b = votes[2], votes[3]
		u = c0 ^ a
		t2 := c0&a | u&b
		c0 = u ^ b
		u = c1 ^ t1
		t4 := c1&t1 | u&t2
		c1 = u ^ t2
		t8 := c2 & t4
		c2 ^= t4
		t16 := c3 & t8
		c3 ^= t8
		c5 ^= c4 & t16
		c4 ^= t16
		votes = votes[4:]
	}
	*c = count{c0, c1, c2, c3, c4, c5}
}

// add adds one to the numbers that m has, but for those that are 63.
func (c *count) add(m uint64) {
	m &^= c[0] & c[1] & c[2] & c[3] & c[4] & c[5]
	for k := range c {
		c[k], m = c[k]^m, c[k]&m
	}
}

// raise makes each number the greater of itself and that of d, and returns the
// greatest number of d.
func (c *count) raise(d *count) (most uint8) {
	greater, same, among, v := uint64(0), ^uint64(0), ^uint64(0), uint64(0)
	if c[4]|c[5]|d[4]|d[5] != 0 { // as in copies only
		for k := 5; k >= 4; k-- {
			x := c[k] ^ d[k]
			greater |= same & x & d[k]
			same &^= x
			t := among & d[k]
			some := (t | -t) >> 63
			v = 2*v + some
			among = t | among&(some-1)
		}
	}
	step := func(c, d uint64) {
		x := c ^ d
		greater |= same & x & d
		same &^= x
		t := among & d
		some := (t | -t) >> 63
		v = 2*v + some
		among = t | among&(some-1)
	}
	step(c[3], d[3])
	step(c[2], d[2])
	step(c[1], d[1])
	step(c[0], d[0])
	c[0] ^= (c[0] ^ d[0]) & greater
	c[1] ^= (c[1] ^ d[1]) & greater
	c[2] ^= (c[2] ^ d[2]) & greater
	c[3] ^= (c[3] ^ d[3]) & greater
	c[4] ^= (c[4] ^ d[4]) & greater
	c[5] ^= (c[5] ^ d[5]) & greater
	return uint8(v)
}

// at returns number i.
func (c *count) at(i int) uint8 {
	s := i & 63
	return uint8(c[0]>>s&1 | c[1]>>s&1<<1 | c[2]>>s&1<<2 | c[3]>>s&1<<3 | c[4]>>s&1<<4 | c[5]>>s&1<<5)
}
