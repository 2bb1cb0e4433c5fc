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
	Bounds
	keys map[uint32][]uint32
	rank func(uint32) uint64
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
		return cmp.Or(cmp.Compare(m.rank(a)>>valueBits, m.rank(b)>>valueBits), cmp.Compare(tiebreak(a), tiebreak(b)))
	})
	return out
}

// before decides between texts of equal ranks, in another order than that of their
// numbers, which sets have them in.
func before(a, b uint32) bool { return tiebreak(a) < tiebreak(b) }

func tiebreak(text uint32) uint32 { return text * 0x9E3779B1 } // odd: no two are equal

// isStock tells by multiplication whether a key of so many holders is stock for a text.
func (m *model) isStock(holders int, text uint32) bool {
	rank := int64(m.rank(text) >> valueBits)
	return rank*int64(m.Common) < int64(holders-m.Common)<<(64-valueBits)
}

// counts are what two texts have in common, and the number of keys that are
// stock for one, of the one that has more.
type counts struct{ weight, shared, stock int }

func (m *model) stock(text uint32) (n int) {
	for _, k := range m.keys[text] {
		if m.isStock(len(m.holders(k)), text) {
			n++
		}
	}
	return n
}

func (m *model) count(a, b uint32) (c counts) {
	c.stock = max(m.stock(a), m.stock(b))
	for _, k := range m.keys[a] {
		h := m.holders(k)
		if !slices.Contains(m.keys[b], k) || m.isStock(len(h), a) || m.isStock(len(h), b) {
			continue
		}
		i, j := slices.Index(h, a), slices.Index(h, b)
		switch {
		case i < m.Full && j < m.Full:
			c.weight, c.shared = c.weight+1+int(k&runFlag), c.shared+1
		case min(i, j) < m.Hubs:
			c.shared++
		}
	}
	return c
}

type couple struct{ a, b uint32 }

// all counts for every two texts.
func (m *model) all() map[couple]counts {
	out := map[couple]counts{}
	for a := range m.keys {
		for b := range m.keys {
			if a != b {
				out[couple{a, b}] = m.count(a, b)
			}
		}
	}
	return out
}

func drawBounds(t *rapid.T) Bounds {
	full := rapid.IntRange(2, 12).Draw(t, "full")
	return Bounds{full, rapid.IntRange(1, full).Draw(t, "hubs"), rapid.SampledFrom([]int{2, 5, 9, 100}).Draw(t, "common")}
}

// Whatever is posted and taken back, in whatever order, an index counts for any
// two texts what the rule says; and it names every text whose counts with
// another of those that stay have become less (Post) or more (Unpost), and
// every one for which more keys are stock, or fewer. Small bounds make every
// list a long one, and equal ranks let less decide.
func TestIndexAgainstRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bounds := drawBounds(t)
		ranks := rapid.SliceOfN(rapid.Uint64Range(0, 12), 40, 40).Draw(t, "ranks")
		rank := func(text uint32) uint64 { return ranks[text] << 60 >> (text % 2) } // many of them tied
		x := New(bounds, rank, before)
		m := &model{bounds, map[uint32][]uint32{}, rank}
		keys := rapid.Custom(func(t *rapid.T) []uint32 {
			ks := rapid.SliceOfNDistinct(rapid.Uint32Range(0, 9), 0, 8, rapid.ID).Draw(t, "keys")
			for i := range ks {
				ks[i] *= 0x10000001 // each in a shard of its own
			}
			return ks
		})
		var tally, fresh, concern Tally
		var effect Effect
		stock := map[uint32]int{}
		before := m.all()
		var due struct { // touched, perhaps long before it is posted
			text uint32
			keys []uint32
		}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			text := rapid.Uint32Range(0, 39).Draw(t, "text")
			if rapid.IntRange(0, 2).Draw(t, "due") == 0 {
				text = due.text
			}
			posted := false
			if ks, ok := m.keys[text]; ok {
				x.Unpost(text, ks, &effect)
				delete(m.keys, text)
				delete(stock, text)
				for _, v := range effect.Stock {
					stock[v]--
				}
			} else {
				posted = true
				// Often the keys touched, be it for this text or another.
				if m.keys[text] = due.keys; rapid.IntRange(0, 2).Draw(t, "others") == 0 {
					m.keys[text] = keys.Draw(t, "keys of text")
				}
				if text == due.text || rapid.Bool().Draw(t, "count too") {
					x.PostCount(&fresh, text, m.keys[text], &effect)
					stock[text] = fresh.Stock()
					for other := range m.keys {
						if other == text {
							continue
						}
						want := m.count(text, other)
						if c, w := fresh.Count(other); c != want.weight || w != want.shared {
							t.Fatalf("texts %d, posted, and %d: weight %d of %d keys, want %+v", text, other, c, w, want)
						}
					}
				} else {
					stock[text] = x.Post(text, m.keys[text], &effect)
				}
				for _, v := range effect.Stock {
					stock[v]++
				}
			}
			after := m.all()
			for p, was := range before {
				now, ok := after[p]
				if !ok {
					continue
				}
				n := 0
				for _, p := range [...]couple{p, {p.b, p.a}} {
					if posted {
						moves := slices.DeleteFunc(slices.Clone(effect.Moved), func(m Move) bool { return m.Text != p.a })
						n += x.Concern(&concern, moves)
						some, _ := concern.Count(p.b)
						n += some
					} else {
						gains := slices.DeleteFunc(slices.Clone(effect.Gained), func(g Gain) bool { return g.Text != p.a })
						x.CountGained(&concern, rank(p.a), gains)
						_, some := concern.Count(p.b)
						n += some
					}
				}
				less := now.weight < was.weight || now.shared < was.shared || now.stock > was.stock
				more := now.weight > was.weight || now.shared > was.shared
				if posted && less && n == 0 || !posted && more && n == 0 {
					t.Fatalf("texts %v had %+v, have %+v, and nothing of %v concerns them", p, was, now, effect)
				}
				if posted && (more || now.stock < was.stock) || !posted && less {
					t.Fatalf("texts %v had %+v, have %+v", p, was, now)
				}
				if !posted && (now.weight-was.weight > 2*n || now.shared-was.shared > n) {
					t.Fatalf("texts %v had %+v, have %+v, and are named %d times", p, was, now, n)
				}
				if posted && max(was.weight-now.weight, was.shared-now.shared, 4*(now.stock-was.stock)) > n {
					t.Fatalf("texts %v had %+v, have %+v, and their moves cost %d", p, was, now, n)
				}
			}
			before = after
			if next := rapid.Uint32Range(0, 39).Draw(t, "next"); m.keys[next] == nil && rapid.IntRange(0, 3).Draw(t, "touch") == 0 {
				due.text, due.keys = next, keys.Draw(t, "keys touched")
				x.Touch(&fresh, due.keys)
			}
			for a := range m.keys {
				x.Count(&tally, a, rank(a), m.keys[a])
				if want := m.stock(a); tally.Stock() != want || stock[a] != want {
					t.Fatalf("%d keys are counted as stock for text %d, %d told, want %d", tally.Stock(), a, stock[a], want)
				}
				for b := range m.keys {
					if a == b {
						continue
					}
					want := after[couple{a, b}]
					if c, w := tally.Count(b); c != want.weight || w != want.shared {
						t.Fatalf("texts %d and %d: weight %d of %d keys, want %+v", a, b, c, w, want)
					}
				}
				if slices.ContainsFunc(tally.Shares(), func(s Share) bool { return s.Text == a }) {
					t.Fatalf("text %d counts itself", a)
				}
			}
		}
		found := map[uint32]int{}
		x.Stock(func(text uint32) { found[text]++ })
		posts := 0
		for text, ks := range m.keys {
			posts += len(ks)
			if found[text] != stock[text] {
				t.Fatalf("%d keys are stock for text %d, want %d", found[text], text, stock[text])
			}
		}
		if x.Posts() != posts {
			t.Fatalf("%d keys posted, want %d", x.Posts(), posts)
		}
		for text, ks := range m.keys {
			x.Unpost(text, ks, &effect)
		}
		if x.table.Len() != 0 || x.Posts() != 0 {
			t.Fatalf("%d entries are left of an empty index", x.table.Len())
		}
	})
}

// Two texts are candidates by the weight of what they share, or by its share of
// the smaller: by hand, at the bounds.
func TestCandidate(t *testing.T) {
	many, brief := Size{60, 0}, Size{12, 0}
	for _, c := range []struct {
		name         string
		weight, keys int
		a, b         Size
		want         bool
	}{
		{"a run and a pair", 3, 2, many, many, true},
		{"one run", 2, 1, many, many, false},
		{"one run of a brief", 2, 1, many, brief, true},
		{"one pair of a brief", 1, 1, brief, many, false},
		{"a quarter of all keys, by hubs alone", 0, 15, many, many, true},
		{"less than a quarter", 0, 14, many, many, false},
		{"a quarter of the smaller", 0, 3, brief, many, true},
		{"one key is never enough", 1, 1, Size{3, 0}, many, false},
		{"eight stock keys make no difference", 3, 2, Size{60, 8}, Size{60, 8}, true},
		{"the ninth does, of one of them", 20, 14, Size{60, 9}, Size{60, 0}, false},
		{"and of both", 20, 14, Size{60, 9}, Size{60, 40}, false},
		{"but not to a quarter", 0, 15, Size{60, 20}, Size{60, 20}, true},
	} {
		if _, ok := Candidate(c.weight, c.keys, c.a, c.b); ok != c.want {
			t.Errorf("%s: %v", c.name, ok)
		}
		if _, ok := Candidate(c.weight, c.keys, c.b, c.a); ok != c.want {
			t.Errorf("%s, the other way: %v", c.name, ok)
		}
		if c.want && Never(c.weight, c.keys) {
			t.Errorf("%s: never", c.name)
		}
	}
}

// A text for which a key is stock has its place among the holders too: the one
// that it keeps out of the first is told of, by hand. Five holders of a key that
// four may have without being stock: it is for the lowest quarter of the ranks.
func TestStockTextDisplaces(t *testing.T) {
	tenths := []uint64{3, 4, 5, 6, 1}
	x := New(Bounds{Full: 2, Hubs: 1, Common: 4}, func(text uint32) uint64 { return tenths[text] * ((1<<64 - 1) / 10) }, nil)
	var e Effect
	for text := range uint32(4) {
		x.Post(text, []uint32{7}, &e)
	}
	if stock := x.Post(4, []uint32{7}, &e); stock != 1 || len(e.Stock) != 0 {
		t.Fatalf("stock for %d keys of the last and for %v, want one and none", stock, e.Stock)
	}
	var moved []uint32
	for _, m := range e.Moved {
		moved = append(moved, m.Text)
	}
	if slices.Sort(moved); !slices.Equal(moved, []uint32{0, 1}) {
		t.Errorf("moved %v, want the former first, no hub, and the former second", moved)
	}
}

// However keys, weight and stock change by what texts are told of as moved,
// candidates stay so while they have spare.
func TestSpare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := Size{rapid.IntRange(1, 60).Draw(t, "keys"), rapid.IntRange(0, 14).Draw(t, "stock")}
		b := Size{rapid.IntRange(1, 60).Draw(t, "other keys"), rapid.IntRange(0, 14).Draw(t, "other stock")}
		keys := rapid.IntRange(1, min(a.Keys, b.Keys)).Draw(t, "shared")
		weight := rapid.IntRange(0, 2*keys).Draw(t, "weight")
		spare, ok := Candidate(weight, keys, a, b)
		for spent := 0; ok; {
			unit := rapid.IntRange(1, 2).Draw(t, "weight of a key")
			if rapid.Bool().Draw(t, "stock") { // moved twice, at 2
				spent += 4
				a.Stock, b.Stock = a.Stock+1, b.Stock+rapid.IntRange(0, 1).Draw(t, "of both")
			} else {
				spent += unit
			}
			weight, keys = weight-unit, keys-1
			if spent > spare {
				break
			}
			if _, ok := Candidate(max(0, weight), max(0, keys), a, b); !ok {
				t.Fatalf("spare %d, but after %d", spare, spent)
			}
		}
	})
}

// A text that is not held counts as it would if it were.
func TestLookUpEqualsPost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 20).Draw(t, "texts")
		ranks := rapid.SliceOfNDistinct(rapid.Uint64Range(0, 1<<30-1), n+1, n+1, rapid.ID).Draw(t, "ranks")
		rank := func(text uint32) uint64 { return ranks[text] << 34 }
		x := New(drawBounds(t), rank, nil)
		keys := rapid.SliceOfNDistinct(rapid.Uint32Range(0, 5), 0, 6, rapid.ID)
		var effect Effect
		for text := range n {
			x.Post(uint32(text), keys.Draw(t, "keys"), &effect)
		}
		mine := keys.Draw(t, "mine")
		var a, b Tally
		x.Count(&a, MaxText, rank(uint32(n)), mine)
		stock := x.Post(uint32(n), mine, &effect)
		x.Count(&b, uint32(n), rank(uint32(n)), mine)
		if a.Stock() != stock || b.Stock() != stock {
			t.Fatalf("%d keys are stock looked up, %d held, %d posted", a.Stock(), b.Stock(), stock)
		}
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
		if len(s.trees) != len(s.stumps) {
			t.Fatal("trees are left")
		}
		free := 0
		for c, l := range s.spare {
			free += len(l) * int(sizes[c])
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
