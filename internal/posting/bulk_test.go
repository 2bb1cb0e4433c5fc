package posting

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Texts that are posted together, some of them beside others that are held,
// count as if each had been posted alone.
func TestPostAllIsPost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "ranks")
		rank := func(text uint32) uint64 { return mix(seed+uint64(text)) % 50 << (valueBits - 1) }
		less := func(a, b uint32) bool { return a < b }
		full := rapid.IntRange(2, 6).Draw(t, "full")
		one, all := New(full, 1, rank, less), New(full, 1, rank, less)
		held := map[uint32][]uint32{}
		text := uint32(0)
		keys := rapid.SliceOfNDistinct(rapid.Uint32Range(0, 30), 0, 8, rapid.ID)
		for range rapid.IntRange(1, 4).Draw(t, "rounds") {
			var p Posts
			for range rapid.IntRange(0, 40).Draw(t, "texts") {
				ks := keys.Draw(t, "keys")
				for i := range ks {
					ks[i] *= 0x04100001
				}
				one.Post(text, ks, nil)
				p.Texts = append(p.Texts, text)
				p.Keys = append(p.Keys, ks...)
				p.Ends = append(p.Ends, len(p.Keys))
				held[text] = ks
				text++
			}
			all.PostAll(&p, rapid.IntRange(1, 3).Draw(t, "workers"))
			for gone := range text {
				if ks, ok := held[gone]; ok && gone%5 == 0 {
					one.Unpost(gone, ks, nil)
					all.Unpost(gone, ks, nil)
					delete(held, gone)
				}
			}
		}
		if one.Posts() != all.Posts() || one.table.n != all.table.n {
			t.Fatalf("%d keys, %d entries, want %d, %d", all.Posts(), all.table.n, one.Posts(), one.table.n)
		}
		var a, b Tally
		for v, ks := range held {
			one.Count(&a, v, rank(v), ks)
			all.Count(&b, v, rank(v), ks)
			for o := range text {
				c, w := a.Count(o)
				if d, x := b.Count(o); c != d || w != x {
					t.Fatalf("texts %d and %d: %d common, %d weakly; want %d, %d", v, o, d, x, c, w)
				}
			}
		}
	})
}

// Values inserted together are a set as if inserted one by one.
func TestInsertAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s Sets
		ids := []uint32{s.New(), s.New()}
		next := uint64(0)
		want := map[uint64]bool{}
		for range rapid.IntRange(1, 6).Draw(t, "rounds") {
			var vs []uint64
			for range rapid.SampledFrom([]int{0, 1, 2, 3, 5, 20, 70, 300}).Draw(t, "values") {
				next += 1 + rapid.Uint64Range(0, 3).Draw(t, "gap")
				v := next
				if rapid.Bool().Draw(t, "low") {
					v = 1<<40 - next // in between and before what is there
				}
				vs = append(vs, v)
			}
			slices.Sort(vs)
			for _, id := range ids {
				s.InsertAll(id, vs)
			}
			for _, v := range vs {
				want[v] = true
			}
		}
		for _, id := range ids {
			got := s.Append(nil, id, s.Len(id))
			if len(got) != len(want) {
				t.Fatalf("%d values, want %d", len(got), len(want))
			}
			for i, v := range got {
				if !want[v] || i > 0 && got[i-1] >= v {
					t.Fatalf("value %d at %d is out of place", v, i)
				}
			}
		}
	})
}
