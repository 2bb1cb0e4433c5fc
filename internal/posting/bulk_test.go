package posting

import (
	"cmp"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Texts that are posted together count as if each had been posted alone, also
// when some go and others come later.
func TestPostAllIsPost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "ranks")
		rank := func(text uint32) uint64 { return mix(seed+uint64(text)) % 50 << (valueBits - 1) }
		bounds := drawBounds(t)
		one, all := New(bounds, rank, before), New(bounds, rank, before)
		var e Effect
		held := map[uint32][]uint32{}
		// Keys of all ranges, some of one table, more of a text than a run has.
		most := rapid.SampledFrom([]uint32{30, 300}).Draw(t, "most")
		apart := rapid.SampledFrom([]uint32{0x04100001, 0x00800001, 0x11}).Draw(t, "apart")
		keys := rapid.SliceOfNDistinct(rapid.Uint32Range(0, most), 0, 40, rapid.ID)
		text := uint32(0)
		draw := func() []uint32 {
			ks := keys.Draw(t, "keys")
			for i := range ks {
				ks[i] *= apart
			}
			if rapid.Bool().Draw(t, "ascending") {
				slices.Sort(ks)
			}
			held[text] = ks
			text++
			one.Post(text-1, ks, &e)
			return ks
		}
		ps := make([]Posts, rapid.IntRange(0, 3).Draw(t, "parts"))
		if len(ps) > 0 {
			for range rapid.IntRange(0, 80).Draw(t, "texts") {
				part := rapid.IntRange(0, len(ps)-1).Draw(t, "part")
				if ks := draw(); rapid.Bool().Draw(t, "encoded") {
					ps[part].AddEncoded(text-1, littleEndian(ks))
				} else {
					ps[part].Add(text-1, ks)
				}
			}
		}
		all.PostAll(ps, rapid.IntRange(1, 20).Draw(t, "workers"))
		compare := func() {
			if one.Posts() != all.Posts() || one.table.n != all.table.n {
				t.Fatalf("%d keys, %d entries, want %d, %d", all.Posts(), all.table.n, one.Posts(), one.table.n)
			}
			var a, b Tally
			for v, ks := range held {
				one.Count(&a, v, rank(v), ks)
				all.Count(&b, v, rank(v), ks)
				if a.Stock() != b.Stock() {
					t.Fatalf("%d keys are stock for text %d, want %d", b.Stock(), v, a.Stock())
				}
				for o := range text {
					c, w := a.Count(o)
					if d, x := b.Count(o); c != d || w != x {
						t.Fatalf("texts %d and %d: %d common, %d weakly; want %d, %d", v, o, d, x, c, w)
					}
				}
			}
		}
		compare()
		for range rapid.IntRange(0, 20).Draw(t, "more") {
			ks := draw()
			all.Post(text-1, ks, &e)
		}
		for gone := range text {
			if ks, ok := held[gone]; ok && gone%3 == 0 {
				one.Unpost(gone, ks, &e)
				all.Unpost(gone, ks, &e)
				delete(held, gone)
			}
		}
		compare()
	})
}

// A key that very many texts have makes a set of many chunks, and so many keys
// of one table are sorted by digit.
func TestPostAllOfMany(t *testing.T) {
	rank := func(text uint32) uint64 { return mix(uint64(text)) }
	one, all := New(Bounds{}, rank, nil), New(Bounds{}, rank, nil)
	var e Effect
	ps := make([]Posts, 2)
	for text := range uint32(5000) {
		keys := []uint32{7, 1<<20 + text, 1<<20 + 1<<19 + text/2, 0xFFFFFFFF - text%7<<18}
		one.Post(text, keys, &e)
		ps[text%2].Add(text, keys)
	}
	all.PostAll(ps, 2)
	if one.table.n != all.table.n {
		t.Fatalf("%d entries, want %d", all.table.n, one.table.n)
	}
	for _, key := range []uint32{7, 1<<20 + 77, 1<<20 + 1<<19 + 77, 0xFFFFFFFF} {
		if got, want := holders(all, key), holders(one, key); !slices.Equal(got, want) {
			t.Errorf("key %08x: %d holders, want %d", key, len(got), len(want))
		}
	}
	for text := range uint32(5000) {
		keys := []uint32{7, 1<<20 + text, 1<<20 + 1<<19 + text/2, 0xFFFFFFFF - text%7<<18}
		all.Unpost(text, keys, &e)
	}
	if all.table.n != 0 || all.Posts() != 0 {
		t.Errorf("%d entries and %d keys are left", all.table.n, all.Posts())
	}
}

// Texts may come in any order, with any numbers: nothing is lost of what is noted
// of them.
func TestPostAllOfTextsFarApart(t *testing.T) {
	rank := func(text uint32) uint64 { return mix(uint64(text)) }
	r := rand.New(rand.NewPCG(3, 4))
	one, all := New(Bounds{}, rank, nil), New(Bounds{}, rank, nil)
	var e Effect
	ps := make([]Posts, 2)
	keys := []uint32{5, 6, 1<<20 - 1, 1 << 20, 1<<32 - 1} // of three tables, first and last among them
	for i, text := range r.Perm(1_000_000)[:2000] {
		one.Post(uint32(text), keys, &e)
		if i%5 == 0 {
			ps[i%2].Add(uint32(text), keys)
		} else {
			ps[i%2].AddEncoded(uint32(text), littleEndian(keys))
		}
	}
	all.PostAll(ps, 3)
	for _, key := range keys {
		if got, want := holders(all, key), holders(one, key); len(want) != 2000 || !slices.Equal(got, want) {
			t.Errorf("key %08x: %d holders, want %d", key, len(got), len(want))
		}
	}
}

func littleEndian(keys []uint32) (b []byte) {
	for _, k := range keys {
		b = binary.LittleEndian.AppendUint32(b, k)
	}
	return b
}

// A table that is filled at once finds what one finds that was filled entry by
// entry, and goes on like it. The entries are sorted by key then.
func TestFill(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, n := range []int{0, 1, 2, 100, 50_000} {
		var one, all Table
		var entries []uint64
		for i := range uint32(n) {
			key := r.Uint32()
			if i%7 == 0 {
				key = key%5 + 77<<tagBits // several of a key, many of a shard
			}
			one.Insert(key, i)
			entries = append(entries, uint64(key)<<32|uint64(i))
		}
		all.Fill(entries)
		if !slices.IsSortedFunc(entries, func(a, b uint64) int { return cmp.Compare(a>>32, b>>32) }) {
			t.Errorf("%d entries: not sorted", n)
		}
		compare := func() {
			t.Helper()
			for i, e := range entries {
				got, want := all.Find(nil, uint32(e>>32)), one.Find(nil, uint32(e>>32))
				slices.Sort(got)
				slices.Sort(want)
				if !slices.Equal(got, want) || all.Len() != one.Len() {
					t.Fatalf("%d entries, %d: %d, want %d", n, i, got, want)
				}
				if i == 1000 {
					break
				}
			}
		}
		compare()
		for i, e := range entries {
			if i%3 == 0 {
				one.Delete(uint32(e>>32), uint32(e))
				if !all.Delete(uint32(e>>32), uint32(e)) {
					t.Fatalf("%d entries: %d is not there", n, i)
				}
			}
			if i%4 == 0 {
				one.Insert(uint32(i), 1)
				all.Insert(uint32(i), 1)
			}
		}
		compare()
	}
}

// A set that is made at once is the set that its values make one by one, and goes
// on like it, be it small or a tree.
func TestNewOf(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, n := range []int{1, 2, 3, maxBlock, maxBlock + 1, 5000} {
		values := make([]uint64, n)
		for i := range values {
			values[i] = r.Uint64() >> 1
		}
		slices.Sort(values)
		var s Sets
		one, all := s.New(), s.NewOf(values)
		for _, v := range values {
			s.Insert(one, v)
		}
		compare := func() {
			t.Helper()
			if got, want := s.Append(nil, all, 2*n), s.Append(nil, one, 2*n); !slices.Equal(got, want) || s.Len(all) != len(want) {
				t.Errorf("of %d: %d values, want %d", n, len(got), len(want))
			}
		}
		compare()
		for i, v := range values {
			if i%2 == 0 {
				s.Insert(one, v|1<<63)
				s.Insert(all, v|1<<63)
			} else if s.Delete(one, v) != s.Delete(all, v) {
				t.Errorf("of %d: %d is not there", n, v)
			}
		}
		compare()
	}
}

func holders(x *Index, key uint32) []uint32 {
	vals := x.table.Find(nil, key)
	if len(vals) == 1 && vals[0]&listFlag != 0 {
		list := vals[0] &^ listFlag
		vals = slices.Collect(x.lists.All(list))
		if x.lists.Len(list) > x.lists.bound {
			return vals // by rank
		}
	}
	slices.Sort(vals)
	return vals
}

const postTexts, postKeys = 200_000, 85

// postings are the keys of texts as in a stream of news, text by text: a third
// of their own, of the others as many from those that 2 to 4 texts have as from
// those that 1,000 to 2,000 have.
func postings() []uint32 {
	r := rand.New(rand.NewPCG(1, 2))
	all := make([]uint32, 0, postTexts*postKeys)
	for i := range postTexts * postKeys {
		k := uint64(i) | 1<<40
		if r.IntN(3) > 0 {
			k = uint64(math.Exp(r.Float64() * math.Log(postTexts*postKeys/4)))
		}
		all = append(all, uint32(mix(k)))
		if (i+1)%postKeys == 0 {
			slices.Sort(all[i+1-postKeys:])
		}
	}
	return all
}

func BenchmarkPostAll(b *testing.B) {
	all := postings()
	for b.Loop() {
		x := New(Bounds{}, func(text uint32) uint64 { return mix(uint64(text)) }, nil)
		ps := make([]Posts, 1)
		for i := range uint32(postTexts) {
			ps[0].Add(i, all[postKeys*i:][:postKeys])
		}
		x.PostAll(ps, 1)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(all)), "ns/key")
}
