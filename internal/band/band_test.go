package band

import (
	"cmp"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

type entry struct {
	id uint32
	h  uint64
}

// linear is the oracle: every entry is looked at.
func linear(entries []entry, h uint64, k int) (hits []Hit) {
	for _, e := range entries {
		if d := bits.OnesCount64(e.h ^ h); d <= min(k, MaxDistance) {
			hits = append(hits, Hit{e.id, uint8(d)})
		}
	}
	return sorted(hits)
}

func sorted(hits []Hit) []Hit {
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Distance, b.Distance))
	})
	return hits
}

// check fails unless each table has all entries in the buckets that they belong
// in, and every unit of memory is a part of one block, or of none that is in use.
func check(t rapid.TB, x *Index) {
	t.Helper()
	m := &x.memory
	owners := make([]string, len(m.slabs)*slabUnits)
	own := func(at, units uint32, who string) {
		for u := at; u < at+units; u++ {
			if owners[u] != "" {
				t.Fatalf("unit %d: %s and %s", u, owners[u], who)
			}
			owners[u] = who
		}
	}
	for _, at := range m.pages {
		own(at, pageUnits, "page not in use")
	}
	for _, at := range m.full {
		own(at, fullUnits, "block not in use")
	}
	for i := range x.tables {
		tab := &x.tables[i]
		entries, blocks := 0, [fullUnits]int{}
		look := func(b bucket, who string, belongs func(g uint64) bool) {
			for ; b.n > 0; b = m.older(b) {
				units := b.units()
				own(b.at, units, who)
				if units < fullUnits {
					blocks[units]++
				}
				c := m.chunk(b)
				for j := range b.newest() {
					if entries++; !belongs(c.hash(j)) {
						t.Fatalf("table %d, %s: %016x", i, who, c.hash(j))
					}
				}
			}
		}
		for n := range tab.buckets {
			look(*tab.bucket(n), fmt.Sprint("bucket ", n), func(g uint64) bool { return tab.find(g) == n })
		}
		if tab.moving.n > 0 {
			w, split := tab.level()
			look(tab.moving, "moving", func(g uint64) bool { return tab.find(g)&(1<<w-1) == split-1 })
		}
		if entries != x.n {
			t.Fatalf("table %d: %d entries, want %d", i, entries, x.n)
		}
		for units, c := range tab.classes {
			n := 0
			if len(c.pages) > 0 {
				n = (len(c.pages)-1)*(pageUnits/units) + int(c.used)
			}
			if n != blocks[units] {
				t.Fatalf("table %d: %d blocks of %d units, of which %d are of buckets", i, n, units, blocks[units])
			}
		}
	}
}

// flip changes n different bits of h.
func flip(rng *rand.Rand, h uint64, n int) uint64 {
	for _, bit := range rng.Perm(64)[:n] {
		h ^= 1 << bit
	}
	return h
}

// A few families of hashes, each scattered up to 15 bits around its centre, lie
// among random ones. Every distance from below 0 to above the greatest finds
// what a look at all entries finds, no more and nothing twice.
func TestSearchFindsAll(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var x Index
	var all []entry
	add := func(h uint64) {
		e := entry{rng.Uint32(), h}
		x.Add(e.id, e.h)
		all = append(all, e)
	}
	var centres []uint64
	for range 40 {
		c := rng.Uint64()
		centres = append(centres, c)
		for range 100 {
			add(flip(rng, c, rng.IntN(16)))
		}
	}
	for range 20_000 {
		add(rng.Uint64())
	}
	if x.Len() != len(all) {
		t.Fatalf("Len is %d, want %d", x.Len(), len(all))
	}
	check(t, &x)
	for k := -1; k <= MaxDistance+2; k++ {
		found := 0
		for _, c := range centres {
			for _, h := range []uint64{c, flip(rng, c, 3)} {
				got, want := sorted(x.Search(nil, h, k)), linear(all, h, k)
				if !slices.Equal(got, want) {
					t.Fatalf("distance %d of %016x: %v, want %v", k, h, got, want)
				}
				found += len(got)
			}
		}
		if k >= 0 && found == 0 {
			t.Errorf("distance %d: nothing to find", k)
		}
	}
}

// All ways to place up to three differing bits, and many of more, are found
// from either side: no block and no place within one is left out.
func TestEveryPlace(t *testing.T) {
	const h = 0x0123456789ABCDEF
	var x Index
	check := func(g uint64, d int) {
		t.Helper()
		x.Add(7, g)
		for _, k := range []int{d, d + 1, MaxDistance} {
			if got := x.Search(nil, h, k); !slices.Equal(got, []Hit{{7, uint8(d)}}) {
				t.Fatalf("%016x within %d of %016x: %v", g, k, uint64(h), got)
			}
		}
		if got := x.Search(nil, h, d-1); len(got) > 0 {
			t.Fatalf("%016x within %d of %016x: %v", g, d-1, uint64(h), got)
		}
		x.Remove(7, g)
	}
	check(h, 0)
	for i := range 64 {
		check(h^1<<i, 1)
		for j := range i {
			check(h^1<<i^1<<j, 2)
			for k := range j {
				if (i+j+k)%5 == 0 {
					check(h^1<<i^1<<j^1<<k, 3)
				}
			}
		}
	}
	rng := rand.New(rand.NewPCG(3, 4))
	for d := 4; d <= MaxDistance; d++ {
		for range 500 {
			check(flip(rng, h, d), d)
		}
	}
}

// Random adding, removing and searching, with hashes that crowd into few
// buckets and IDs that are used again, gives what a plain list gives.
func TestModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var x Index
		var all []entry
		hash := rapid.Custom(func(t *rapid.T) uint64 {
			h := rapid.SampledFrom([]uint64{0, ^uint64(0), 0xFFFF, 0x5555AAAA5555AAAA}).Draw(t, "base")
			for range rapid.IntRange(0, 6).Draw(t, "flips") {
				h ^= 1 << rapid.IntRange(0, 63).Draw(t, "bit")
			}
			return h
		})
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				e := entry{rapid.Uint32Range(0, 20).Draw(t, "id"), hash.Draw(t, "hash")}
				for range rapid.IntRange(1, 40).Draw(t, "times") {
					x.Add(e.id, e.h)
					all = append(all, e)
				}
			},
			"remove": func(t *rapid.T) {
				e := entry{rapid.Uint32Range(0, 20).Draw(t, "id"), hash.Draw(t, "hash")}
				if len(all) > 0 && rapid.Bool().Draw(t, "held") {
					e = rapid.SampledFrom(all).Draw(t, "entry")
				}
				i := slices.Index(all, e)
				if got := x.Remove(e.id, e.h); got != (i >= 0) {
					t.Fatalf("Remove(%v) is %v, want %v", e, got, i >= 0)
				}
				if i >= 0 {
					all = slices.Delete(all, i, i+1)
				}
			},
			"": func(t *rapid.T) {
				check(t, &x)
				if x.Len() != len(all) {
					t.Fatalf("Len is %d, want %d", x.Len(), len(all))
				}
				h, k := hash.Draw(t, "query"), rapid.IntRange(0, MaxDistance).Draw(t, "k")
				if got, want := sorted(x.Search(nil, h, k)), linear(all, h, k); !slices.Equal(got, want) {
					t.Fatalf("%016x within %d: %v, want %v", h, k, got, want)
				}
			},
		})
	})
}

// Half of twelve thousand entries differ in a bit or none, so that they crowd
// into a bucket of each table, of many blocks, which is split while entries come
// and go. All along everything is found, and nothing twice.
func TestCrowdedBucket(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	const crowd = 0x0123456789ABCDEF
	var x Index
	var all []entry
	moving := func() bool {
		return slices.ContainsFunc(x.tables[:], func(t table) bool { return t.moving.n > 0 })
	}
	seen := false
	look := func() {
		t.Helper()
		check(t, &x)
		for _, h := range []uint64{crowd, crowd ^ 1<<3, crowd ^ 1<<40, rng.Uint64()} {
			k := rng.IntN(MaxDistance + 1)
			if got, want := sorted(x.Search(nil, h, k)), linear(all, h, k); !slices.Equal(got, want) {
				t.Fatalf("%016x within %d: %d found, want %d", h, k, len(got), len(want))
			}
		}
	}
	for i := range 12_000 {
		e := entry{uint32(i), crowd}
		switch i % 4 {
		case 0:
			e.h ^= 1 << (32 + rng.IntN(32))
		case 1, 2:
			e.h = rng.Uint64()
		}
		x.Add(e.id, e.h)
		all = append(all, e)
		if i%3 == 2 {
			n := rng.IntN(len(all))
			if !x.Remove(all[n].id, all[n].h) {
				t.Fatalf("%v is not held", all[n])
			}
			all[n] = all[len(all)-1]
			all = all[:len(all)-1]
		}
		if i%100 == 0 || moving() {
			seen = seen || moving()
			look()
		}
	}
	if !seen {
		t.Error("no bucket was seen while it was split")
	}
	for len(all) > 0 {
		e := all[len(all)-1]
		if all = all[:len(all)-1]; !x.Remove(e.id, e.h) {
			t.Fatalf("%v is not held", e)
		}
		if len(all)%200 == 0 {
			look()
		}
	}
}

// An entry takes few bytes, and what is removed leaves room: as many entries
// again take no more memory, and an index that has been emptied finds nothing.
func TestMemory(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	var x Index
	var all []entry
	x.Add(0, 0)
	if x.Remove(0, 0); x.Bytes() > 1e6 {
		t.Errorf("the first entry takes %d bytes", x.Bytes())
	}
	for i := range 150_000 {
		all = append(all, entry{uint32(i), rng.Uint64()})
	}
	before := 0
	for round := range 3 {
		for _, e := range all {
			x.Add(e.id, e.h)
		}
		check(t, &x)
		if n := x.Bytes() / x.Len(); round == 0 && n > 50 {
			t.Errorf("%d bytes an entry", n)
		}
		switch n := x.memory.bytes(); {
		case round == 0:
			before = n
		case n > before+before/1000: // lists of what is not in use
			t.Errorf("round %d: %d bytes, want no more than %d", round, n, before)
		}
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		for _, e := range all {
			if !x.Remove(e.id, e.h) {
				t.Fatal("not held")
			}
		}
		check(t, &x)
		if x.Len() != 0 || len(x.Search(nil, all[0].h, MaxDistance)) > 0 {
			t.Fatal("not empty")
		}
	}
}

// An index that is not being changed may be searched from several goroutines.
func TestConcurrentSearch(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	var x Index
	var all []entry
	for i := range 5000 {
		e := entry{uint32(i), flip(rng, 0x5555AAAA5555AAAA, rng.IntN(20))}
		x.Add(e.id, e.h)
		all = append(all, e)
	}
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 50 {
				h, k := all[(g*1000+i)%len(all)].h, i%(MaxDistance+1)
				if got, want := sorted(x.Search(nil, h, k)), linear(all, h, k); !slices.Equal(got, want) {
					t.Errorf("%016x within %d: %d found, want %d", h, k, len(got), len(want))
				}
			}
		})
	}
	wg.Wait()
}

// FuzzIndex reads operations from bytes: whatever they are, Search finds what
// a look at all entries finds.
func FuzzIndex(f *testing.F) {
	f.Add([]byte("abcdefghabcdefghijklmnop"))
	f.Fuzz(func(t *testing.T, ops []byte) {
		var x Index
		var all []entry
		for len(ops) >= 4 && len(all) < 2000 {
			// Two bytes say which bits of a base are flipped.
			h := uint64(0xFEDCBA9876543210) ^ 1<<(ops[1]&63) ^ 1<<(ops[2]&63)
			e := entry{uint32(ops[3]), h}
			switch op := ops[0]; {
			case op < 128:
				for range op&31 + 1 {
					x.Add(e.id, e.h)
					all = append(all, e)
				}
			case op < 192:
				i := slices.Index(all, e)
				if x.Remove(e.id, e.h) != (i >= 0) {
					t.Fatalf("Remove(%v) with %d held", e, len(all))
				}
				if i >= 0 {
					all = slices.Delete(all, i, i+1)
				}
			default:
				if got, want := sorted(x.Search(nil, h, int(op&15))), linear(all, h, int(op&15)); !slices.Equal(got, want) {
					t.Fatalf("%016x within %d: %v, want %v", h, op&15, got, want)
				}
			}
			ops = ops[4:]
		}
		check(t, &x)
	})
}

func BenchmarkSearch(b *testing.B) {
	rng := rand.New(rand.NewPCG(7, 8))
	var x Index
	for i := range 1 << 20 {
		x.Add(uint32(i), rng.Uint64())
	}
	for _, k := range []int{0, 3, 6, 7} {
		b.Run(string(rune('0'+k)), func(b *testing.B) {
			var hits []Hit
			for b.Loop() {
				hits = x.Search(hits[:0], rng.Uint64(), k)
			}
		})
	}
}

func BenchmarkAdd(b *testing.B) {
	rng := rand.New(rand.NewPCG(9, 10))
	var x Index
	for i := 0; b.Loop(); i++ {
		x.Add(uint32(i), rng.Uint64())
	}
	b.ReportMetric(float64(x.Bytes())/float64(x.Len()), "B/entry")
}
