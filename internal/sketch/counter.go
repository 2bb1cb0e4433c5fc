package sketch

import "math/bits"

// A tally counts, for each of the 64 bit positions, how many of the hashes
// added to it have that bit. The counts are kept bit-sliced: bit i of plane k
// is bit k of the count of position i. Eight hashes at a time go through a
// tree of carry-save adders (Harley and Seal; Warren, Hacker's Delight, 5-2)
// before they reach the planes. It counts to 2^32-1.
type tally struct {
	n     int
	ones  uint64
	twos  uint64
	fours uint64
	high  [29]uint64 // planes 3 and up
	buf   [8]uint64
}

func (t *tally) reset() {
	n := t.n
	t.n, t.ones, t.twos, t.fours = 0, 0, 0, 0
	for k := 0; k < len(t.high) && n>>(k+3) != 0; k++ {
		t.high[k] = 0
	}
}

func csa(a, b, c uint64) (carry, sum uint64) {
	u := a ^ b
	return a&b | u&c, u ^ c
}

// add counts the bits of h.
func (t *tally) add(h uint64) {
	t.buf[t.n&7] = h
	t.n++
	if t.n&7 == 0 {
		t.eight(&t.buf)
	}
}

// addAll counts the bits of all hs.
func (t *tally) addAll(hs []uint64) {
	for len(hs) > 0 && (t.n&7 != 0 || len(hs) < 8) {
		t.add(hs[0])
		hs = hs[1:]
	}
	for ; len(hs) >= 8; hs = hs[8:] {
		t.eight((*[8]uint64)(hs))
		t.n += 8
	}
	for _, h := range hs {
		t.add(h)
	}
}

func (t *tally) eight(b *[8]uint64) {
	var a2, b2, c2, d2, a4, b4, carry uint64
	a2, t.ones = csa(t.ones, b[0], b[1])
	b2, t.ones = csa(t.ones, b[2], b[3])
	a4, t.twos = csa(t.twos, a2, b2)
	c2, t.ones = csa(t.ones, b[4], b[5])
	d2, t.ones = csa(t.ones, b[6], b[7])
	b4, t.twos = csa(t.twos, c2, d2)
	carry, t.fours = csa(t.fours, a4, b4)
	for k := 0; carry != 0 && k < len(t.high); k++ {
		t.high[k], carry = t.high[k]^carry, t.high[k]&carry
	}
}

// planes is a number of 35 bits per position, bit-sliced.
type planes [35]uint64

// plus adds the counts of t, times 2^shift, to p.
func (p *planes) plus(t *tally, shift int) {
	if t.n == 0 {
		return
	}
	x := planes{t.ones, t.twos, t.fours}
	for k := 0; t.n>>(k+3) != 0 && k < len(t.high); k++ {
		x[k+3] = t.high[k]
	}
	for i := range t.n & 7 {
		carry := t.buf[i]
		for k := 0; carry != 0 && k < len(x); k++ {
			x[k], carry = x[k]^carry, x[k]&carry
		}
	}
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

// A counter adds up weighted hashes for a SimHash (Charikar 2002, as in Manku,
// Jain and Das Sarma 2007): a word weighs 4, a hiragana 2, a pair of
// characters 1.
type counter struct {
	words, hiragana, pairs tally
}

func (c *counter) reset() {
	c.words.reset()
	c.hiragana.reset()
	c.pairs.reset()
}

// sum returns the bits that hashes of more than half of the weight have.
func (c *counter) sum() uint64 {
	var p planes
	p.plus(&c.words, 2)
	p.plus(&c.hiragana, 1)
	p.plus(&c.pairs, 0)
	weight := 4*uint64(c.words.n) + 2*uint64(c.hiragana.n) + uint64(c.pairs.n)
	return p.over(weight/2, weight)
}
