package token

import (
	"encoding/binary"
	"math"
	"math/big"
	"math/bits"
	"math/rand"
	"slices"
	"strings"
	"testing"
)

// slowHash is the hash as its comment defines it, with numbers of any size.
func slowHash(folded string) uint64 {
	number := func(v uint64) *big.Int { return new(big.Int).SetUint64(v) }
	product := func(a, b uint64) (hi, lo uint64) {
		p := new(big.Int).Mul(number(a), number(b))
		return new(big.Int).Rsh(p, 64).Uint64(), new(big.Int).And(p, number(^uint64(0))).Uint64()
	}
	var hi, lo uint64
	for b := []byte(folded); len(b) > 0; b = b[min(16, len(b)):] {
		var block [16]byte
		copy(block[:], b)
		x, y := binary.LittleEndian.Uint64(block[:]), binary.LittleEndian.Uint64(block[8:])
		hi, lo = product(x^hi^secret0, y^lo^secret1)
	}
	hi, lo = product(hi^secret2, lo^secret3)
	return hi ^ lo
}

// Words of every length and of code points of every size have the hash of the
// definition, whichever way they are scanned.
func TestHash(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for _, letters := range []string{"abcdefghijklmnopqrstuvwxyz", "абвгде", "कखगघ", "aбक", "𐐨𐐩𐐪", "aбक𐐨z"} {
		for n := 1; n <= 50; n++ {
			var b strings.Builder
			for range n {
				b.WriteRune([]rune(letters)[r.Intn(len([]rune(letters)))])
			}
			w := b.String()
			if listed(slowHash(w)) {
				continue
			}
			ts := Scan(nil, w+" and more of it, up to the end")
			if ts[0].Hash != slowHash(w) || Raw(w) != slowHash(w) {
				t.Errorf("%q: %x, %x on its own, want %x", w, ts[0].Hash, Raw(w), slowHash(w))
			}
		}
	}
	for _, s := range []string{"国", "の", "7", "1999", "1234567890123456789"} {
		if got := Scan(nil, s+" and more of it")[0].Hash; got != slowHash(s) {
			t.Errorf("%s: %x, want %x", s, got, slowHash(s))
		}
	}
}

// A letter changed in one bit changes every bit of the hash in half of the
// cases, wherever it stands in words of whatever length.
func TestAvalanche(t *testing.T) {
	const tries = 4000
	r := rand.New(rand.NewSource(2))
	for _, size := range []int{1, 2, 3, 5, 8, 9, 13, 16, 17, 24, 33} {
		for _, at := range []int{0, size / 2, size - 1} {
			var count [64]int
			for range tries {
				w := make([]byte, size)
				for i := range w {
					w[i] = byte(r.Intn(256))
				}
				h := hashBytes(w)
				w[at] ^= 1 << r.Intn(8)
				for d := h ^ hashBytes(w); d != 0; d &= d - 1 {
					count[bits.TrailingZeros64(d)]++
				}
			}
			for b, n := range count {
				// Six standard deviations; with one byte, there are few pairs, and
				// what they do depends less on luck.
				limit := 6 * math.Sqrt(tries) / 2
				if size == 1 {
					limit *= 3
				}
				if d := float64(n) - tries/2; math.Abs(d) > limit {
					t.Errorf("%d bytes, byte %d: bit %d changes %d times of %d", size, at, b, n, tries)
				}
			}
		}
	}
}

func hashBytes(w []byte) uint64 {
	var h hasher
	for _, b := range w {
		h.ascii(b)
	}
	return h.sum()
}

// The 16 bits that are kept of a token, and every other 16, are spread over
// words as over throws of dice, though words are alike: all of up to three
// letters and as many with a common start. So are pairs of ideographs.
func TestSpread(t *testing.T) {
	var words, pairs []uint64
	for _, stem := range []string{"", "wider", "international"} {
		for i := range 17576 {
			w := []byte{byte('a' + i/676), byte('a' + i/26%26), byte('a' + i%26)}
			words = append(words, hashBytes(append([]byte(stem), w...)))
		}
	}
	for a := range rune(230) {
		for b := range rune(230) {
			pairs = append(pairs, Pair(one('一'+a), one('一'+b)))
		}
	}
	for name, hs := range map[string][]uint64{"words": words, "pairs": pairs} {
		slices.Sort(hs)
		if n := len(slices.Compact(slices.Clone(hs))); n != len(hs) {
			t.Errorf("%s: %d hashes of %d", name, n, len(hs))
		}
		for shift := range 49 {
			count := make([]int, 1<<16)
			for _, h := range hs {
				count[uint16(h>>shift)]++
			}
			want := float64(len(hs)) / (1 << 16)
			var chi float64
			for _, n := range count {
				chi += (float64(n) - want) * (float64(n) - want) / want
			}
			if z := (chi - 65535) / math.Sqrt(2*65535); math.Abs(z) > 6 {
				t.Errorf("%s: bits %d to %d: χ² is %.1f standard deviations off", name, shift, shift+15, z)
			}
		}
	}
}
