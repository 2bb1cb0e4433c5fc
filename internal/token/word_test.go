package token

import (
	"math/rand"
	"strings"
	"testing"
)

// Words of any number of letters at any place of a view, some of them in the
// lexicon: each is what the general rules make of it alone, whichever way the
// machine finds that out, and both ways stop at the same words.
func TestHashWords(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	listed := strings.Fields("March percent Monday mr three zwei")
	for range 20000 {
		var text []byte
		var edges uint64
		var words []string
		for at := r.Intn(3); at < 62; at += 1 + r.Intn(3) {
			word := make([]byte, 1+r.Intn(min(8<<r.Intn(4), 62-at)))
			for i := range word {
				word[i] = "aehilnrtuvz"[r.Intn(11)]
			}
			if w := listed[r.Intn(len(listed))]; r.Intn(9) == 0 && len(w) < 63-at {
				word = []byte(w)
			}
			word[0] ^= byte(r.Intn(2)) << 5
			text = append(append(text, strings.Repeat(".", at-len(text))...), word...)
			edges |= 1<<at | 1<<(at+len(word))
			words = append(words, string(word))
			at += len(word)
		}
		for len(text) < 64+reach {
			text = append(text, byte(r.Intn(256)))
		}
		for left := edges; left != 0; {
			var got, want [batch]Token
			n, l, known := hashWords(left, string(text), 1000, &got, Quoted)
			m, k, plain := plainWords(left, string(text), 1000, &want, Quoted)
			if n != m || l != k || known != plain || got != want {
				t.Fatalf("%q: %v %x %v, in pure Go %v %x %v", text, got[:n], l, known, want[:m], k, plain)
			}
			left = l
			for i, x := range got[:n] {
				w := words[0]
				words = words[1:]
				if int(x.End-x.Start) != len(w) || string(text[x.Start-1000:x.End-1000]) != w {
					t.Fatalf("%q: %q at [%d,%d)", text, w, x.Start, x.End)
				}
				alone := scan(nil, w, new([256]uint8))[0]
				if known && i == n-1 {
					continue // left to the caller
				}
				if x.Hash != alone.Hash || x.Flags != alone.Flags&^(Sentence|Paragraph)|Quoted {
					t.Fatalf("%q: %q is %x %b, not %x %b", text, w, x.Hash, x.Flags, alone.Hash, alone.Flags)
				}
			}
		}
		if len(words) != 0 {
			t.Fatalf("%q: %q not found", text, words)
		}
	}
}
