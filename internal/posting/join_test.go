package posting

import (
	"cmp"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// What texts that are joined share is what an index of them counts, each pair
// once, from its later one; and what is stock for a text is stock in both.
func TestJoinIsIndex(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "ranks")
		rank := func(text uint32) uint64 { return mix(seed+uint64(text)) % 50 << (valueBits - 1) } // many of them tied
		x := New(drawBounds(t), rank, before)
		texts := map[uint32][]uint32{}
		ps := make([]Posts, rapid.IntRange(1, 3).Draw(t, "parts"))
		// Numbers of one block, or of several.
		apart := rapid.SampledFrom([]uint32{1, 7, BlockTexts - 1}).Draw(t, "apart")
		keys := rapid.SliceOfNDistinct(rapid.Uint32Range(0, 40), 0, 30, rapid.ID)
		gone := rapid.SliceOfDistinct(rapid.Uint32Range(0, 60), rapid.ID).Draw(t, "gone")
		var e Effect
		for n := range rapid.Uint32Range(0, 60).Draw(t, "texts") {
			ks := keys.Draw(t, "keys")
			for i := range ks {
				ks[i] *= 0x04100001 // of all ranges
			}
			ps[rapid.IntRange(0, len(ps)-1).Draw(t, "part")].Add(n*apart, ks)
			if !slices.Contains(gone, n) {
				texts[n*apart] = ks
				x.Post(n*apart, ks, &e)
			}
		}
		empty := New(Bounds{x.full, x.hubs, x.common}, rank, x.less)
		join := empty.Join(ps, rapid.IntRange(1, 20).Draw(t, "workers"), func(text uint32) bool { return texts[text] != nil })

		got, want := map[couple]Share{}, map[couple]Share{}
		var c Counter
		for block := range join.Blocks() {
			for text := range join.Count(&c, block) {
				for _, s := range c.Shares() {
					got[couple{text, s.Text}] = Share{Weight: s.Weight, Keys: s.Keys}
				}
			}
		}
		stock := map[uint32]int{}
		join.Stock(func(text uint32) { stock[text]++ })
		var y Tally
		for a, ks := range texts {
			x.Count(&y, a, rank(a), ks)
			if stock[a] != y.Stock() {
				t.Fatalf("%d keys are stock for text %d, want %d", stock[a], a, y.Stock())
			}
			for _, s := range y.Shares() {
				if cmp.Or(cmp.Compare(rank(a)>>valueBits, rank(s.Text)>>valueBits), cmp.Compare(tiebreak(a), tiebreak(s.Text))) > 0 {
					want[couple{a, s.Text}] = Share{Weight: s.Weight, Keys: s.Keys}
				}
			}
		}
		if !maps.Equal(got, want) {
			t.Fatalf("joined %v, want %v", got, want)
		}
	})
}

// As in BenchmarkPostAll, counting included.
func BenchmarkJoin(b *testing.B) {
	all := postings()
	for b.Loop() {
		x := New(Bounds{}, func(text uint32) uint64 { return mix(uint64(text)) }, nil)
		ps := make([]Posts, 1)
		for i := range uint32(postTexts) {
			ps[0].Add(i, all[postKeys*i:][:postKeys])
		}
		j := x.Join(ps, 1, func(uint32) bool { return true })
		var c Counter
		n := 0
		for block := range j.Blocks() {
			for range j.Count(&c, block) {
				n += len(c.Shares())
			}
		}
		b.ReportMetric(float64(n)/postTexts, "shares/text")
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(all)), "ns/key")
}
