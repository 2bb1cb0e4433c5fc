package posting

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A sweep takes many texts back as one Unpost after the other would: what is left
// counts what the rule says, every pair that counts more than before is named so
// often, and the keys that some texts share with others are all there.
func TestSweepAgainstRule(t *testing.T) {
	const parts = 3
	rapid.Check(t, func(t *rapid.T) {
		bounds := drawBounds(t)
		texts := rapid.IntRange(1, 40).Draw(t, "texts")
		ranks := rapid.SliceOfN(rapid.Uint64Range(0, 12), texts, texts).Draw(t, "ranks")
		rank := func(text uint32) uint64 { return ranks[text] << 60 >> text % 2 } // many of them tied
		x := New(bounds, rank, func(a, b uint32) bool { return a < b })
		m := &model{bounds, map[uint32][]uint32{}, rank}
		var e Effect
		stock := map[uint32]int{}
		for text := range uint32(texts) {
			ks := rapid.SliceOfNDistinct(rapid.Uint32Range(0, 9), 0, 10, rapid.ID).Draw(t, "keys")
			for i := range ks {
				ks[i] |= ks[i] % parts << tagBits // some in one part, some not
			}
			m.keys[text] = ks
			stock[text] = x.Post(text, ks, &e)
			for _, v := range e.Stock {
				stock[v]++
			}
		}
		before := m.all()
		var gone Bits
		for text := range uint32(texts) {
			if rapid.IntRange(0, 3).Draw(t, "goes") == 0 {
				gone.Set(text)
				delete(m.keys, text)
				delete(stock, text)
			}
		}
		s := x.Sweep()
		var gains []Gain
		for part := range uint32(parts) {
			s.Unpost(part, &gone, &e)
			gains = append(gains, e.Gained...)
			for _, v := range e.Stock {
				stock[v]--
			}
		}
		var tally, gained Tally
		posts := 0
		for a, ks := range m.keys {
			posts += len(ks)
			x.Count(&tally, a, rank(a), ks)
			if want := m.stock(a); tally.Stock() != want || stock[a] != want {
				t.Fatalf("%d keys are counted as stock for text %d, %d told, want %d", tally.Stock(), a, stock[a], want)
			}
			for b := range m.keys {
				if c, w := tally.Count(b); a != b && (counts{c, w, 0}) != (counts{m.count(a, b).weight, m.count(a, b).shared, 0}) {
					t.Fatalf("texts %d and %d: weight %d of %d keys, want %+v", a, b, c, w, m.count(a, b))
				}
			}
		}
		if x.Posts() != posts {
			t.Fatalf("%d keys posted, want %d", x.Posts(), posts)
		}
		for p, now := range m.all() {
			was, n := before[p], 0
			for _, p := range [...]couple{p, {p.b, p.a}} {
				x.CountGained(&gained, rank(p.a), slices.DeleteFunc(slices.Clone(gains), func(g Gain) bool { return g.Text != p.a }))
				_, some := gained.Count(p.b)
				n += some
			}
			if now.weight-was.weight > 2*n || now.shared-was.shared > n {
				t.Fatalf("texts %v had %+v, have %+v, and are named %d times: %+v", p, was, now, n, gains)
			}
		}
		var some Bits
		shared := map[uint32]map[uint32]bool{}
		for _, a := range slices.Sorted(maps.Keys(m.keys)) {
			if rapid.Bool().Draw(t, "asked for") {
				some.Set(a)
				shared[a] = map[uint32]bool{}
			}
		}
		for part := range uint32(parts) {
			s.Keys(part, &some, func(text, key uint32) {
				if !slices.Contains(m.keys[text], key) || shared[text][key] {
					t.Fatalf("key %d of text %d is not one, or is told twice", key, text)
				}
				shared[text][key] = true
			})
		}
		for a := range shared {
			for _, k := range m.keys[a] {
				if others := len(m.holders(k)) > 1; others != shared[a][k] {
					t.Fatalf("key %d of text %d: told %v, shared %v", k, a, shared[a][k], others)
				}
			}
		}
		for text, ks := range m.keys {
			x.Unpost(text, ks, &e)
		}
		if x.table.Len() != 0 || x.Posts() != 0 {
			t.Fatalf("%d entries are left of an empty index", x.table.Len())
		}
	})
}

// Sets of every size, up to trees of many chunks, keep what is to stay, and work
// as before.
func TestRetain(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for _, n := range []int{0, 1, 5, 127, 128, 129, 130, 400, 5000} {
		for _, share := range []int{0, 1, 10, 50, 90, 100} {
			var s Sets
			id := s.New()
			held := map[uint64]bool{}
			for len(held) < n {
				if v := rng.Uint64N(20000); !held[v] {
					s.Insert(id, v)
					held[v] = true
				}
			}
			keep := func(v uint64) bool { return int(v*7%100) < share }
			maps.DeleteFunc(held, func(v uint64, _ bool) bool { return !keep(v) })
			check := func() {
				t.Helper()
				want := slices.Sorted(maps.Keys(held))
				if got := s.Append(nil, id, len(want)+1); !slices.Equal(got, want) || s.Len(id) != len(want) {
					t.Fatalf("%d of %d: %d left, %d in the set, want %d", share, n, s.Len(id), len(got), len(want))
				}
			}
			if left := s.Retain(id, keep); left != len(held) {
				t.Fatalf("%d of %d: %d left, want %d", share, n, left, len(held))
			}
			check()
			for range 300 {
				if v := rng.Uint64N(20000); held[v] {
					s.Delete(id, v)
					delete(held, v)
				} else {
					s.Insert(id, v)
					held[v] = true
				}
			}
			check()
			s.Free(id)
			free := 0
			for c, l := range s.spare {
				free += len(l) * int(sizes[c])
			}
			if len(s.trees) != len(s.stumps) || len(s.slabs) > 0 && free+len(s.slabs)*slabSize-int(s.next) != len(s.slabs)*slabSize {
				t.Fatalf("%d of %d: memory is lost", share, n)
			}
		}
	}
}
