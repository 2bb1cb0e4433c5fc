package posting

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// model is the rule of Index in the plainest way: the keys of every text, and
// nothing else.
type model struct {
	full, hubs int
	keys       map[uint32][]uint32
	rank       func(uint32) uint64
}

// holders are the texts that have a key, in their order.
func (m *model) holders(key uint32) []uint32 {
	var out []uint32
	for text, keys := range m.keys {
		if slices.Contains(keys, key) {
			out = append(out, text)
		}
	}
	slices.SortFunc(out, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(m.rank(a)>>valueBits, m.rank(b)>>valueBits), cmp.Compare(a, b))
	})
	return out
}

func (m *model) count(a, b uint32) (weight, shared int) {
	for _, k := range m.keys[a] {
		if !slices.Contains(m.keys[b], k) {
			continue
		}
		h := m.holders(k)
		i, j := slices.Index(h, a), slices.Index(h, b)
		rare, unit := max(2, m.full*Rare/Full), 1+int(k&runFlag)
		switch few := max(rare, m.full*Few/Full); {
		case i < rare && j < rare:
			weight, shared = weight+3*unit, shared+1
		case i < few && j < few:
			weight, shared = weight+2*unit, shared+1
		case i < m.full && j < m.full:
			weight, shared = weight+unit, shared+1
		case min(i, j) < m.hubs:
			shared++
		}
	}
	return weight, shared
}

// Whatever is posted and taken back, in whatever order, an index counts for any
// two texts what the rule says, also for a text that is not held; and it names
// every text whose counts with another of those that stay have become less
// (Post) or more (Unpost). Small bounds make every list a long one, and equal
// ranks let less decide.
func TestIndexAgainstRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		full := rapid.IntRange(2, 12).Draw(t, "full")
		hubs := rapid.IntRange(1, full).Draw(t, "hubs")
		ranks := rapid.SliceOfN(rapid.Uint64Range(0, 12), 40, 40).Draw(t, "ranks")
		rank := func(text uint32) uint64 { return ranks[text] << (valueBits - 1) } // half of them tied
		x := New(full, hubs, rank, func(a, b uint32) bool { return a < b })
		m := &model{full, hubs, map[uint32][]uint32{}, rank}
		keys := rapid.Custom(func(t *rapid.T) []uint32 {
			ks := rapid.SliceOfNDistinct(rapid.Uint32Range(0, 9), 0, 8, rapid.ID).Draw(t, "keys")
			for i := range ks {
				ks[i] *= 0x10000001 // some in one shard, some not
			}
			return ks
		})
		type pair struct{ a, b uint32 }
		counts := func() map[pair][2]int {
			out := map[pair][2]int{}
			for a := range m.keys {
				for b := range m.keys {
					if a != b {
						c, w := m.count(a, b)
						out[pair{a, b}] = [2]int{c, w}
					}
				}
			}
			return out
		}
		var tally Tally
		before := counts()
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			text := rapid.Uint32Range(0, 39).Draw(t, "text")
			var moved []uint32
			posted := false
			if ks, ok := m.keys[text]; ok {
				moved = x.Unpost(text, ks, nil)
				delete(m.keys, text)
			} else {
				posted = true
				m.keys[text] = keys.Draw(t, "keys of text")
				moved = x.Post(text, m.keys[text], nil)
			}
			after := counts()
			for p, was := range before {
				now, ok := after[p]
				if !ok || slices.Contains(moved, p.a) || slices.Contains(moved, p.b) {
					continue
				}
				less := now[0] < was[0] || now[1] < was[1]
				more := now[0] > was[0] || now[1] > was[1]
				if posted && less || !posted && more {
					t.Fatalf("texts %v had %v, have %v, and neither is in %v", p, was, now, moved)
				}
			}
			// One that is named n times has lost no more than n with any other.
			for p, was := range before {
				if now, ok := after[p]; ok && posted {
					n := 0
					for _, v := range moved {
						if v == p.a || v == p.b {
							n++
						}
					}
					if was[0]-now[0] > 2*n || was[1]-now[1] > n {
						t.Fatalf("texts %v had %v, have %v, and are named %d times", p, was, now, n)
					}
				}
			}
			before = after
			for a := range m.keys {
				x.Count(&tally, a, rank(a), m.keys[a])
				for b := range m.keys {
					if a == b {
						continue
					}
					if c, w := tally.Count(b); [2]int{c, w} != after[pair{a, b}] {
						t.Fatalf("texts %d and %d: weight %d of %d keys, want %v", a, b, c, w, after[pair{a, b}])
					}
				}
				if slices.Contains(tally.Texts(), a) {
					t.Fatalf("text %d counts itself", a)
				}
			}
		}
		posts := 0
		for _, ks := range m.keys {
			posts += len(ks)
		}
		if x.Posts() != posts {
			t.Fatalf("%d keys posted, want %d", x.Posts(), posts)
		}
		for text, ks := range m.keys {
			x.Unpost(text, ks, nil)
		}
		if x.table.Len() != 0 || x.Posts() != 0 {
			t.Fatalf("%d entries are left of an empty index", x.table.Len())
		}
	})
}

// A text that is not held counts as it would if it were.
func TestLookUpEqualsPost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		full := rapid.IntRange(2, 12).Draw(t, "full")
		hubs := rapid.IntRange(1, full).Draw(t, "hubs")
		n := rapid.IntRange(0, 20).Draw(t, "texts")
		ranks := rapid.SliceOfNDistinct(rapid.Uint64Range(0, 1<<30), n+1, n+1, rapid.ID).Draw(t, "ranks")
		rank := func(text uint32) uint64 { return ranks[text] << valueBits }
		x := New(full, hubs, rank, nil)
		keys := rapid.SliceOfNDistinct(rapid.Uint32Range(0, 5), 0, 6, rapid.ID)
		for text := range n {
			x.Post(uint32(text), keys.Draw(t, "keys"), nil)
		}
		mine := keys.Draw(t, "mine")
		var a, b Tally
		x.Count(&a, MaxText, rank(uint32(n)), mine)
		x.Post(uint32(n), mine, nil)
		x.Count(&b, uint32(n), rank(uint32(n)), mine)
		for text := range uint32(n) {
			c, w := a.Count(text)
			if c2, w2 := b.Count(text); c != c2 || w != w2 {
				t.Fatalf("text %d: %d and %d looked up, %d and %d held", text, c, w, c2, w2)
			}
		}
	})
}

// A table is a multimap, at any size and in any shard.
func TestTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var x Table
		want := map[uint32]map[uint32]int{}
		span := rapid.SampledFrom([]uint32{3, 50, 1 << 14, 1<<32 - 1}).Draw(t, "span")
		for range rapid.IntRange(1, 400).Draw(t, "steps") {
			k := rapid.Uint32Range(0, span).Draw(t, "key")
			v := rapid.Uint32Range(0, 3).Draw(t, "value") * (MaxValue / 4)
			if rapid.IntRange(0, 2).Draw(t, "op") > 0 {
				x.Insert(k, v)
				if want[k] == nil {
					want[k] = map[uint32]int{}
				}
				want[k][v]++
			} else if got := x.Delete(k, v); got != (want[k][v] > 0) {
				t.Fatalf("Delete(%d, %d) = %v", k, v, got)
			} else if got {
				want[k][v]--
			}
		}
		n := 0
		for k, vs := range want {
			var all []uint32
			for v, c := range vs {
				for range c {
					all = append(all, v)
				}
			}
			slices.Sort(all)
			got := x.Find(nil, k)
			slices.Sort(got)
			if !slices.Equal(got, all) {
				t.Fatalf("key %d: %v, want %v", k, got, all)
			}
			n += len(all)
			for _, v := range all {
				if !x.Delete(k, v) {
					t.Fatalf("value %d of key %d cannot be deleted", v, k)
				}
			}
		}
		if x.Len() != 0 {
			t.Fatalf("%d entries left", x.Len())
		}
	})
}

// Sets are sorted sets, whatever their size, and give their memory back.
func TestSets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s Sets
		want := map[uint32]map[uint64]bool{}
		ids := []uint32{}
		for range 3 {
			id := s.New()
			ids = append(ids, id)
			want[id] = map[uint64]bool{}
		}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			id := rapid.SampledFrom(ids).Draw(t, "set")
			base := rapid.Uint64Range(0, 900).Draw(t, "base")
			n := rapid.Uint64Range(1, 300).Draw(t, "n")
			switch rapid.IntRange(0, 3).Draw(t, "op") {
			case 0, 1:
				for i := range n {
					if v := base + i*7%n; !want[id][v] {
						s.Insert(id, v)
						want[id][v] = true
					}
				}
			case 2:
				for i := range n {
					if v := base + i*5%n; s.Delete(id, v) != want[id][v] {
						t.Fatalf("Delete(%d): held is %v", v, want[id][v])
					} else {
						delete(want[id], v)
					}
				}
			case 3:
				if n < 30 {
					s.Free(id)
					if again := s.New(); again != id {
						t.Fatalf("set %d freed, %d given", id, again)
					}
					clear(want[id])
				}
			}
			all := slices.Sorted(maps.Keys(want[id]))
			if got := s.Append(nil, id, len(all)); !slices.Equal(got, all) || s.Len(id) != len(all) {
				t.Fatalf("set of %d: %s", s.Len(id), fmt.Sprint(got))
			}
			if k := int(n) % (len(all) + 1); !slices.Equal(s.Append(nil, id, k), all[:k]) {
				t.Fatalf("first %d of %d", k, len(all))
			}
			i, _ := slices.BinarySearch(all, base)
			if v, ok := s.Seek(id, base); ok != (i < len(all)) || ok && v != all[i] {
				t.Fatalf("Seek(%d) = %d, %v", base, v, ok)
			}
		}
		for _, id := range ids {
			s.Free(id)
		}
		if len(s.big) != 0 {
			t.Fatal("trees are left")
		}
		free := 0
		for c, l := range s.spare {
			free += len(l) * 2 << c
		}
		if left := len(s.slabs)*slabSize - int(s.next); free+left != len(s.slabs)*slabSize {
			t.Fatalf("%d words free and %d unused of %d slabs", free, left, len(s.slabs))
		}
	})
}

// A shard that is full time and again, with removals in between, still finds
// and misses.
func TestTableChurn(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	var x Table
	var held []uint32
	for range 60000 {
		k := rng.Uint32N(1 << tagBits)
		if len(held) > 0 && rng.IntN(2) == 0 {
			i := rng.IntN(len(held))
			if !x.Delete(held[i], held[i]) {
				t.Fatalf("%d of %d is not found", held[i], len(held))
			}
			held[i] = held[len(held)-1]
			held = held[:len(held)-1]
			if x.Delete(k, MaxValue-1) {
				t.Fatal("what was never inserted is deleted")
			}
		} else {
			x.Insert(k, k)
			held = append(held, k)
		}
		x.Find(nil, k)
	}
	if x.Len() != len(held) {
		t.Fatalf("%d entries, want %d", x.Len(), len(held))
	}
}
