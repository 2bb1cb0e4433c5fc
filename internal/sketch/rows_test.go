package sketch

import (
	"math/rand"
	"testing"

	"github.com/newsdedup/newsdedup/internal/token"
)

// Words of all flags, up to the first that is none: each is counted, is an item
// if it is content and special if its form says so, whichever way the machine
// finds that out.
func TestTake(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for n := range 2000 {
		ts := make([]token.Token, n%(batch+1))
		words := len(ts)
		for i := range ts {
			ts[i] = token.Token{Hash: r.Uint64(), Flags: token.Flags(r.Uint32()) &^ token.Unspaced}
			if r.Intn(400) == 0 {
				ts[i].Flags |= token.Han
				words = min(words, i)
			}
		}
		d := digester{r.Uint64(), r.Uint64()}
		at := uint32(r.Intn(1 << 20))

		sum := d
		var items, specials int
		for _, x := range ts[:words] {
			sum.add(x.Hash)
			v := formOf.of(x.Flags)
			items += int(v / contentForm & 1)
			specials += int(v / specialForm & 1)
		}
		for name, f := range map[string]func(*rows, *digester, []token.Token, uint32) (int, int, int){"take": take, "plainTake": plainTake} {
			var got rows
			gotSum := d
			gotWords, gotItems, gotSpecials := f(&got, &gotSum, ts, at)
			if gotWords != words || gotItems != items || gotSpecials != specials || gotSum != sum {
				t.Fatalf("%s: %d words, %d items, %d specials, digest %x, want %d, %d, %d, %x", name, gotWords, gotItems, gotSpecials, gotSum, words, items, specials, sum)
			}
			k, s := 0, 0
			for i, x := range ts[:words] {
				v := formOf.of(x.Flags)
				if v&specialForm != 0 {
					if want := (special{at + uint32(i), uint32(k)}); got.specials[s] != want {
						t.Fatalf("%s: special %d is %v, want %v", name, s, got.specials[s], want)
					}
					s++
				}
				if v&contentForm == 0 {
					continue
				}
				if got.hashes[k] != x.Hash || got.tokens[k] != uint16(x.Hash>>48) || got.from[k] != at+uint32(i) || got.kinds[k] != Kind(v&3) {
					t.Fatalf("%s: item %d is not of word %d", name, k, i)
				}
				k++
			}
		}
	}
}
