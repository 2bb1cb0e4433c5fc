package sketch

import "math/bits"

// A tally counts, for each of the 64 bit positions, how many of the hashes
// added to it have that bit. The counts are kept bit-sliced: bit i of plane k
// is bit k of the count of position i. Sixteen hashes at a time go through a
// tree of carry-save adders (Harley and Seal; Warren, Hacker's Delight, 5-2)
// before they reach the planes. It counts to 2^32-1.
type tally struct {
	n    int
	low  [4]uint64  // planes 0 to 3
	high [28]uint64 // planes 4 and up
	buf  [16]uint64
}

func (t *tally) reset() {
	t.n, t.low, t.high = 0, [4]uint64{}, [28]uint64{}
}

func csa(a, b, c uint64) (carry, sum uint64) {
	u := a ^ b
	return a&b | u&c, u ^ c
}

// add counts the bits of h.
func (t *tally) add(h uint64) {
	t.buf[t.n&15] = h
	t.n++
	if t.n&15 == 0 {
		t.sixteen(&t.buf)
	}
}

// addAll counts the bits of all hs.
func (t *tally) addAll(hs []uint64) {
	for len(hs) > 0 && t.n&15 != 0 {
		t.add(hs[0])
		hs = hs[1:]
	}
	for ; len(hs) >= 16; hs = hs[16:] {
		t.sixteen((*[16]uint64)(hs))
		t.n += 16
	}
	for _, h := range hs {
		t.add(h)
	}
}

func (t *tally) sixteen(b *[16]uint64) {
	ones, twos, fours := t.low[0], t.low[1], t.low[2]
	var a2, b2, a4, b4 uint64
	var a8 [2]uint64
	for i := range a8 {
		h := (*[8]uint64)(b[8*i:])
		a2, ones = csa(ones, h[0], h[1])
		b2, ones = csa(ones, h[2], h[3])
		a4, twos = csa(twos, a2, b2)
		a2, ones = csa(ones, h[4], h[5])
		b2, ones = csa(ones, h[6], h[7])
		b4, twos = csa(twos, a2, b2)
		a8[i], fours = csa(fours, a4, b4)
	}
	t.low[0], t.low[1], t.low[2] = ones, twos, fours
	var carry uint64
	carry, t.low[3] = csa(t.low[3], a8[0], a8[1])
	for k := 0; carry != 0 && k < len(t.high); k++ {
		t.high[k], carry = t.high[k]^carry, t.high[k]&carry
	}
}

// planes is a number of 35 bits per position, bit-sliced.
type planes [35]uint64

// plus adds the counts of t, times 2^shift, to p. Nothing can be added to t any
// more.
func (p *planes) plus(t *tally, shift int) {
	if t.n == 0 {
		return
	}
	if t.n&15 != 0 {
		// Hashes of 0 add nothing.
		clear(t.buf[t.n&15:])
		t.sixteen(&t.buf)
	}
	var x planes
	copy(x[:], t.low[:])
	copy(x[4:], t.high[:])
	carry := uint64(0)
	for k, top := shift, shift+bits.Len(uint(t.n)); k < len(p) && (k < top || carry != 0); k++ {
		carry, p[k] = csa(p[k], x[k-shift], carry)
	}
}

// over returns the positions whose number is greater than n; none is greater
// than most.
func (p *planes) over(n, most uint64) (gt uint64) {
	eq := ^uint64(0)
	for k := min(bits.Len64(most), len(p)) - 1; k >= 0; k-- {
		if n>>k&1 != 0 {
			eq &= p[k]
		} else {
			gt |= eq & p[k]
			eq &^= p[k]
		}
	}
	return gt
}

// A counter adds up hashes for a SimHash (Charikar 2002, as in Manku, Jain and
// Das Sarma 2007).
//
// A word votes on all 64 bits of the sum with weight 4. So would a character of
// an unspaced script move many bits when it is misread: it goes with both its
// pairs. A character therefore votes with weight 1 only, to tell the shortest
// texts apart, and beside that with 16 to 23 times 4 on a single bit (sparse
// random projections: Li, Hastie and Church 2006; the weights differ so that
// they seldom cancel). A pair has the single vote alone. A changed character
// replaces three such votes by three others and hence moves six bits at most,
// except where the votes on a bit cancel or a word was cut: of 69,000 changes in
// 400 Japanese articles and the same without kana, cut to 200 characters, three
// moved seven (bench/cmd/fingerprint -near). With votes on all bits, one in 500
// moved more than six.
type counter struct {
	words, chars tally
	votes        [64]int64
	voted        uint64 // bits that have votes
}

func (c *counter) reset() {
	c.words.reset()
	c.chars.reset()
	if c.voted != 0 {
		c.votes, c.voted = [64]int64{}, 0
	}
}

// vote adds the single vote of a hash of weight u: the low six bits say on
// which bit, the seventh how, the next three add to the weight.
func (c *counter) vote(h uint64, u int64) {
	sign := int64(h>>6&1)*2 - 1
	c.votes[h&63] += sign * u * int64(16+h>>7&7)
	c.voted |= 1 << (h & 63)
}

// sum returns the bits that have more votes for than against.
func (c *counter) sum() uint64 {
	var p planes
	p.plus(&c.words, 2)
	p.plus(&c.chars, 0)
	weight := 4*uint64(c.words.n) + uint64(c.chars.n)
	gt := p.over(weight/2, weight)
	for v := c.voted; v != 0; v &= v - 1 {
		i := bits.TrailingZeros64(v)
		n := uint64(0)
		for k := range min(bits.Len64(weight), len(p)) {
			n += p[k] >> i & 1 << k
		}
		gt &^= 1 << i
		if 2*int64(n)-int64(weight)+c.votes[i] > 0 {
			gt |= 1 << i
		}
	}
	return gt
}
