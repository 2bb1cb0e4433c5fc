package news

import (
	"math"
	"math/bits"
)

// rng is SplitMix64 (Steele, Lea and Flood 2014).
type rng uint64

func (r *rng) next() uint64 {
	*r += 0x9E3779B97F4A7C15
	return mix(uint64(*r))
}

// below returns a number from 0 to n-1.
func (r *rng) below(n int) int {
	hi, _ := bits.Mul64(r.next(), uint64(n))
	return int(hi)
}

// between returns a number from lo to hi.
func (r *rng) between(lo, hi int) int { return lo + r.below(hi-lo+1) }

// chance is true with a probability of n in 256.
func (r *rng) chance(n uint64) bool { return r.next()>>56 < n }

// normal returns a normal deviate (Box and Muller 1958).
func (r *rng) normal() float64 {
	u := float64(r.next()>>11+1) / (1 << 53)
	v := float64(r.next()>>11) / (1 << 53)
	return math.Sqrt(-2*math.Log(u)) * math.Cos(2*math.Pi*v)
}

func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xBF58476D1CE4E5B9
	h = (h ^ h>>27) * 0x94D049BB133111EB
	return h ^ h>>31
}

// seed derives a seed from another for a purpose and a number.
func seed(from uint64, purpose byte, n int) uint64 {
	return mix(from ^ mix(uint64(n)<<8|uint64(purpose)+0x9E3779B97F4A7C15))
}

// A picker draws ranks from a distribution in constant time (Walker 1974, with
// the tables of Vose 1991). It has a power of two of ranks.
type picker []uint64 // a bound for the rank itself, in the upper half, and the other one

// zipf picks rank r, from 0 to n-1, in proportion to 1/(r+1+shift)^slope
// (Mandelbrot 1953).
func zipf(n int, shift, slope float64) picker {
	w := make([]float64, n)
	sum := 0.0
	for r := range w {
		w[r] = math.Pow(float64(r+1)+shift, -slope)
		sum += w[r]
	}
	p := make(picker, n)
	var small, large []int
	for r := range w {
		w[r] *= float64(n) / sum
		if w[r] < 1 {
			small = append(small, r)
		} else {
			large = append(large, r)
		}
	}
	for len(small) > 0 && len(large) > 0 {
		s, l := small[len(small)-1], large[len(large)-1]
		small = small[:len(small)-1]
		p[s] = uint64(w[s]*math.MaxUint32)<<32 | uint64(l)
		if w[l] -= 1 - w[s]; w[l] < 1 {
			large = large[:len(large)-1]
			small = append(small, l)
		}
	}
	for _, r := range append(small, large...) {
		p[r] = math.MaxUint32<<32 | uint64(r)
	}
	return p
}

func (p picker) pick(x uint64) int {
	r := int(uint32(x)) & (len(p) - 1)
	e := p[r]
	_, own := bits.Sub64(x>>32, e>>32, 0) // no branch, which could not be foreseen
	return int(uint32(e)) ^ (int(uint32(e))^r)&-int(own)
}
