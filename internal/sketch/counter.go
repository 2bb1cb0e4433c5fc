package sketch

import "math/bits"

// planes holds a number for each of the 64 bit positions, bit-sliced: bit i of
// plane k is bit k of the number of position i.
type planes [32]uint64

func csa(a, b, c uint64) (carry, sum uint64) {
	u := a ^ b
	return a&b | u&c, u ^ c
}

// count sets p to how many of hs, fewer than 2^32, have each bit. Sixteen at a
// time go through a tree of carry-save adders (Harley and Seal; Warren, Hacker's
// Delight, 5-2).
func (p *planes) count(hs []uint64) {
	*p = planes{}
	top := min(bits.Len(uint(len(hs))), len(p)) // planes in use
	var rest [16]uint64
	var ones, twos, fours, eights uint64 // planes 0 to 3
	for len(hs) > 0 {
		b := &rest
		if len(hs) >= 16 {
			b = (*[16]uint64)(hs)
			hs = hs[16:]
		} else {
			copy(rest[:], hs) // hashes of 0 add nothing
			hs = nil
		}
		var a2, b2, a4, b4, a8, b8, carry uint64
		a2, ones = csa(ones, b[0], b[1])
		b2, ones = csa(ones, b[2], b[3])
		a4, twos = csa(twos, a2, b2)
		a2, ones = csa(ones, b[4], b[5])
		b2, ones = csa(ones, b[6], b[7])
		b4, twos = csa(twos, a2, b2)
		a8, fours = csa(fours, a4, b4)
		a2, ones = csa(ones, b[8], b[9])
		b2, ones = csa(ones, b[10], b[11])
		a4, twos = csa(twos, a2, b2)
		a2, ones = csa(ones, b[12], b[13])
		b2, ones = csa(ones, b[14], b[15])
		b4, twos = csa(twos, a2, b2)
		b8, fours = csa(fours, a4, b4)
		carry, eights = csa(eights, a8, b8)
		for k := 4; k < top; k++ {
			p[k], carry = p[k]^carry, p[k]&carry
		}
	}
	p[0], p[1], p[2], p[3] = ones, twos, fours, eights
}

// over returns the positions whose number is greater than n; none is greater
// than most.
func (p *planes) over(n, most int) (gt uint64) {
	eq := ^uint64(0)
	for k := min(bits.Len(uint(most)), len(p)) - 1; k >= 0; k-- {
		if n>>k&1 != 0 {
			eq &= p[k]
		} else {
			gt |= eq & p[k]
			eq &^= p[k]
		}
	}
	return gt
}

// at returns the number of position i; none is greater than most.
func (p *planes) at(i, most int) (n int) {
	for k := range min(bits.Len(uint(most)), len(p)) {
		n += int(p[k]>>i&1) << k
	}
	return n
}

// full is the weight of a vote that counts in full, and the number of characters
// of unspaced scripts from which a text is long enough for their single votes.
const full = 48

// A counter adds up votes for a SimHash (Charikar 2002, as in Manku, Jain and
// Das Sarma 2007).
//
// A word votes on all 64 bits of the sum. So would a character of an unspaced
// script move many bits when it is misread: it goes with both its pairs.
// Characters and their pairs therefore vote on a single bit each (sparse random
// projections: Li, Hastie and Church 2006), with 16 to 23 times their weight,
// which differ so that they seldom cancel. A changed character replaces three
// such votes by three others and hence moves six bits at most; but not if words
// that it touches voted on all bits beside them. So in a text of C characters
// and W words
//
//   - a word votes on all bits with weight 4s and on a single one with weight
//     6·(48-s), where s is the greater of 48-C and 96-96·C/W rounded up, within
//     0 and 48: the more it is a text of characters, the less the former;
//   - a character votes on all bits with weight 48-C, to tell the shortest texts
//     apart, or if that is not positive, on bit b with weight 1 if C < 48+b: so
//     no bit depends on C at the same length as another.
//
// With 111 characters or more, as many as words, nothing votes on all bits.
// Of 67,703 changes of one character in 400 Japanese articles and the same
// without kana, cut to 200 characters, none moves more than five bits
// (bench/cmd/fingerprint -near). With votes of characters and words on all bits,
// one in 500 moved more than six; with those of words, one in 10,000.
type counter struct{ votes [64]int64 }

// weights are those of the single votes of hiragana, and of ideographs and
// pairs: the low bit of the index says how, the next three add to the weight.
var weights = func() (t [2][16]int64) {
	for i := range t[0] {
		t[0][i] = 2 * int64(i&1*2-1) * int64(16+i>>1)
		t[1][i] = 2 * t[0][i]
	}
	return t
}()

// vote adds the single vote of a pair of hash h: the low six bits say on which
// bit, the four above index weights.
func (c *counter) vote(h uint64) { c.votes[h&63] += weights[1][h>>6&15] }

// sum returns the bits that have more votes for than against, where chars have
// given their single votes, and their pairs; it adds those of words.
func (c *counter) sum(words, chars []uint64) (sum uint64) {
	var w, ch planes
	n, m := len(words), len(chars)
	if m == 0 {
		w.count(words)
		return w.over(n/2, n)
	}
	share := max(0, full-m)
	if n > 0 {
		share = max(share, min(full, 2*full-2*full*m/n))
	}
	for i := range c.votes {
		c.votes[i] *= full
	}
	if share > 0 {
		w.count(words)
	}
	if share < full {
		for _, h := range words {
			c.votes[h&63] += int64(full-share) * 3 * weights[0][h>>6&15]
		}
	}
	if m < full+64 {
		ch.count(chars)
	}
	for i, v := range c.votes {
		if share > 0 {
			v += 4 * int64(share) * int64(2*w.at(i, n)-n)
		}
		switch {
		case m < full:
			v += int64(full-m) * int64(2*ch.at(i, m)-m)
		case m < full+i:
			v += int64(2*ch.at(i, m) - m)
		}
		if v > 0 {
			sum |= 1 << i
		}
	}
	return sum
}
