package posting

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A sweep takes many texts back as one Unpost after the other would: what is left
// counts what the rule says, and every pair that counts more than before is named so
// often; of what is Behind, those behind the first ones are enough.
func TestSweepAgainstRule(t *testing.T) {
	const parts = 3
	rapid.Check(t, func(t *rapid.T) {
		bounds := drawBounds(t)
		texts := rapid.IntRange(1, 40).Draw(t, "texts")
		ranks := rapid.SliceOfN(rapid.Uint64Range(0, 12), texts, texts).Draw(t, "ranks")
		rank := func(text uint32) uint64 { return ranks[text] << 60 >> text % 2 } // many of them tied
		x := New(bounds, rank, before)
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
		var tally, gained, behind Tally
		held := gather(x, slices.Sorted(maps.Keys(m.keys)), maxWords)
		x.Watch()
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
			was, n, least := before[p], 0, 0
			for _, p := range [...]couple{p, {p.b, p.a}} {
				own := slices.DeleteFunc(slices.Clone(gains), func(g Gain) bool { return g.Text != p.a })
				x.CountGained(&gained, rank(p.a), own)
				_, some := gained.Count(p.b)
				n += some
				held.CountGained(x, &behind, rank(p.a), own, true)
				_, some = behind.Count(p.b)
				least += some
			}
			if now.weight-was.weight > 2*least || now.shared-was.shared > least || least > n {
				t.Fatalf("texts %v had %+v, have %+v, and are named %d times, %d by all that was gained: %+v", p, was, now, least, n, gains)
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

// gather makes Holders of two parts, with room for so many words each.
func gather(x *Index, texts []uint32, room int) *Holders {
	var of Bits
	for _, text := range texts {
		of.Set(text)
	}
	parts := NewGatherings(2)
	for i := range parts {
		parts[i].room = room
	}
	for part := range uint32(Parts) {
		x.Gather(part, &of, &parts[part%2])
	}
	return NewHolders(slices.Max(append(texts, 0)), parts)
}

// By Holders a text counts what it does by its keys, with all or with some, whether
// they have room for all of them or not; and still does when others have been taken
// back and posted since, but for what is new.
func TestHoldersAgainstRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bounds := drawBounds(t)
		texts := rapid.IntRange(2, 40).Draw(t, "texts")
		ranks := rapid.SliceOfN(rapid.Uint64Range(0, 12), texts, texts).Draw(t, "ranks")
		rank := func(text uint32) uint64 { return ranks[text] << 60 >> (text % 2) } // many of them tied
		x := New(bounds, rank, before)
		m := &model{bounds, map[uint32][]uint32{}, rank}
		var e Effect
		post := func(text uint32) {
			ks := rapid.SliceOfNDistinct(rapid.Uint32Range(0, 9), 0, 10, rapid.ID).Draw(t, "keys")
			for i := range ks {
				ks[i] |= ks[i] % 3 << tagBits // in different parts
			}
			m.keys[text] = ks
			x.Post(text, ks, &e)
		}
		text := rapid.Uint32Range(0, uint32(texts)-1)
		later := text.Draw(t, "first that is posted later")
		for text := range later {
			post(text)
		}
		x.Watch()
		old := slices.Sorted(maps.Keys(m.keys))
		held := gather(x, old, rapid.SampledFrom([]int{0, 10, 40, maxWords}).Draw(t, "room"))
		for text := later; text < uint32(texts); text++ {
			post(text)
		}
		for range rapid.IntRange(0, 3).Draw(t, "removals") {
			text := text.Draw(t, "removed")
			x.Unpost(text, m.keys[text], &e)
			delete(m.keys, text)
		}
		var all, among Tally
		for _, a := range old {
			if m.keys[a] == nil {
				continue
			}
			held.Count(x, &all, a, rank(a))
			others := rapid.SliceOfDistinct(rapid.SampledFrom(old), rapid.ID).Draw(t, "others")
			var shares []Share
			for _, b := range others {
				shares = append(shares, Share{Text: b})
			}
			held.CountAmong(x, &among, shares, a, rank(a))
			for _, b := range old {
				if a == b || m.keys[b] == nil {
					continue
				}
				want := m.count(a, b)
				if w, n := all.Count(b); w != want.weight || n != want.shared {
					t.Fatalf("texts %d and %d: weight %d of %d keys, want %+v", a, b, w, n, want)
				}
				if !slices.Contains(others, b) {
					want = counts{}
				}
				if w, n := among.Count(b); w != want.weight || n != want.shared {
					t.Fatalf("texts %d and %d, among %v: weight %d of %d keys, want %+v", a, b, others, w, n, want)
				}
			}
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
