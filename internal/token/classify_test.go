package token

import (
	"math/rand"
	"slices"
	"testing"
)

var classifiers = map[string]func([]block, string){"in pure Go": plainClassify, "as scanned": classify}

// Every byte at every place is what the table of code points says it is,
// whatever stands beside it, whichever way the machine finds that out.
func TestClassify(t *testing.T) {
	divides := map[byte]bool{' ': true, 0x7F: true}
	for _, b := range []byte("()*+,-:;<=>[\\]^_{|}~") {
		divides[b] = true
	}
	r := rand.New(rand.NewSource(1))
	s := make([]byte, 3*64)
	for n := range 256 * len(s) {
		for i := range s {
			s[i] = byte(r.Intn(256))
		}
		s[n%len(s)] = byte(n / len(s))
		want := make([]block, 3)
		for i, b := range s {
			w, bit := &want[i/64], uint64(1)<<(i%64)
			e := lookup(rune(b))
			switch isLetter := b < 0x80 && class(e) == cLetter; {
			case isLetter:
				w.letters |= bit
				if e&upperBit != 0 {
					w.capitals |= bit
				}
			case !divides[b]:
				w.marks |= bit
				if b == '.' || b == '\n' {
					w.pauses |= bit
				}
			case shortcut[b] != divider:
				t.Fatalf("%q does more than divide", b)
			}
		}
		for name, f := range classifiers {
			got := make([]block, 4)
			f(got[:3], string(s))
			if !slices.Equal(got[:3], want) || got[3] != (block{}) {
				t.Fatalf("%s: %q: %x, want %x", name, s, got, want)
			}
		}
	}
}
