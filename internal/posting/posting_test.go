package posting

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/newsdedup/newsdedup/internal/sketch"
)

func words(tokens ...uint16) *sketch.Sketch {
	return &sketch.Sketch{Tokens: tokens, Kinds: make([]sketch.Kind, len(tokens))}
}

// long pads a text to the length from which runs of three tokens are keys,
// with tokens of its own.
func long(s *sketch.Sketch, own uint16) *sketch.Sketch {
	for len(s.Tokens) < 24 {
		own++
		s.Tokens, s.Kinds = append(s.Tokens, own), append(s.Kinds, sketch.Word)
	}
	return s
}

func common(a, b *sketch.Sketch) int {
	kb := Keys(nil, b)
	n := 0
	for _, k := range Keys(nil, a) {
		if _, ok := slices.BinarySearch(kb, k); ok {
			n++
		}
	}
	return n
}

// What makes two texts candidates for one another, and what does not. The
// counts are of keys in common, by hand.
func TestKeys(t *testing.T) {
	names := func(s *sketch.Sketch, at ...int) *sketch.Sketch {
		for _, i := range at {
			s.Kinds[i] = sketch.Name
		}
		return s
	}
	title := func(s *sketch.Sketch, tokens ...uint16) *sketch.Sketch {
		s.Head = tokens
		return s
	}
	for _, c := range []struct {
		name string
		a, b *sketch.Sketch
		want int
	}{
		{"four words in a row are two runs of three", long(words(1, 2, 3, 4), 100), long(words(1, 2, 3, 4), 200), 2},
		{"two words in a row are none", long(words(1, 2), 100), long(words(1, 2), 200), 0},
		{"three words in another order are none", long(words(1, 2, 3), 100), long(words(3, 2, 1), 200), 0},
		{"in briefs two in a row are one", words(1, 2, 9), words(1, 2, 8), 1},
		{"of two words or fewer each run is the whole text", words(1, 2), words(1, 2), 1},
		{"a brief and an article share no runs", words(1, 2, 3), long(words(1, 2, 3), 200), 0},
		{"texts without words share nothing", words(), words(), 0},
		{
			"two names find each other in any order",
			names(long(words(1, 50, 2), 100), 0, 2), names(long(words(2, 60, 61, 1), 200), 0, 3), 1,
		},
		{
			"with another name between them too: pairs 1-2, 2-3, 1-3",
			names(long(words(1, 50, 2, 51, 3), 100), 0, 2, 4), names(long(words(3, 60, 2, 61, 1), 200), 0, 2, 4), 3,
		},
		{
			"with two other names between them no more",
			names(long(words(1, 50, 51, 2), 100), 0, 1, 2, 3), names(long(words(1, 60, 2), 200), 0, 2), 0,
		},
		{
			"eight tokens apart is near enough",
			names(long(words(1, 50, 51, 52, 53, 54, 55, 56, 2), 100), 0, 8), names(long(words(1, 60, 2), 200), 0, 2), 1,
		},
		{
			"nine is not",
			names(long(words(1, 50, 51, 52, 53, 54, 55, 56, 57, 2), 100), 0, 9), names(long(words(1, 60, 2), 200), 0, 2), 0,
		},
		{
			"a name beside itself is no pair",
			names(long(words(1, 50, 1), 100), 0, 2), names(long(words(1, 60, 1), 200), 0, 2), 0,
		},
		{
			"the words of a title are pairs, whatever stands between",
			title(long(words(), 100), 1, 30, 31, 2), title(long(words(), 200), 2, 40, 1), 1,
		},
		{
			"and find the names of a text",
			title(long(words(), 100), 1, 30, 2), names(long(words(2, 60, 1), 200), 0, 2), 1,
		},
		{
			"those behind the twelfth do not count",
			title(long(words(), 100), 1, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 2), title(long(words(), 200), 1, 2), 0,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := common(c.a, c.b); got != c.want {
				t.Errorf("%d keys in common, want %d", got, c.want)
			}
			if ab, ba := common(c.a, c.b), common(c.b, c.a); ab != ba {
				t.Errorf("%d keys one way, %d the other", ab, ba)
			}
		})
	}
}

func random(rng *rand.Rand, n int) *sketch.Sketch {
	s := words()
	for range n {
		s.Tokens = append(s.Tokens, uint16(rng.IntN(1<<16)))
		s.Kinds = append(s.Kinds, sketch.Kind(rng.IntN(4)))
	}
	for range rng.IntN(20) {
		s.Head = append(s.Head, uint16(rng.IntN(1<<16)))
	}
	return s
}

// Whatever the text: keys rise, none comes twice, what stood in dst before is
// left alone, and the same text gives the same keys.
func TestKeysAreASet(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		s := random(rng, rng.IntN(200))
		keys := Keys(nil, s)
		for i := 1; i < len(keys); i++ {
			if keys[i-1] >= keys[i] {
				t.Fatalf("keys %d and %d: %d, %d", i-1, i, keys[i-1], keys[i])
			}
		}
		got := Keys([]uint32{9, 3}, s)
		if got[0] != 9 || got[1] != 3 || !slices.Equal(got[2:], keys) {
			t.Fatal("what was in dst has an influence")
		}
		if most := max(1, len(s.Tokens)) + 2*len(s.Tokens) + 12*11/2; len(keys) > most {
			t.Fatalf("%d keys of %d tokens", len(keys), len(s.Tokens))
		}
	}
}

// An excerpt of 24 tokens or more, wherever it is from and whatever stands
// around it, shares all of its runs with the text.
func TestExcerpt(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for range 200 {
		text := random(rng, 24+rng.IntN(200))
		i := rng.IntN(len(text.Tokens) - 23)
		n := 24 + rng.IntN(len(text.Tokens)-i-23)
		excerpt := random(rng, rng.IntN(30))
		excerpt.Tokens = append(excerpt.Tokens, text.Tokens[i:i+n]...)
		excerpt.Kinds = append(excerpt.Kinds, text.Kinds[i:i+n]...)
		distinct := map[[3]uint16]bool{}
		for k := i; k+3 <= i+n; k++ {
			distinct[[3]uint16(text.Tokens[k:k+3])] = true
		}
		if got := common(text, excerpt); got < len(distinct) {
			t.Fatalf("%d keys in common, %d runs of three are", got, len(distinct))
		}
	}
}

// An index is compared with a model that keeps the keys of every text and
// looks through all of them, over random additions and removals. Any order of
// additions gives the same candidates.
func TestIndex(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	keysOf := func() []uint32 {
		m := map[uint32]bool{}
		for range rng.IntN(12) {
			m[uint32(rng.IntN(60))] = true
		}
		return slices.Sorted(maps.Keys(m))
	}
	var x Index
	model := map[uint32][]uint32{}
	check := func() {
		t.Helper()
		keys := keysOf()
		var want []uint32
		for id, held := range model {
			if slices.ContainsFunc(held, func(k uint32) bool { return slices.Contains(keys, k) }) {
				want = append(want, id)
			}
		}
		slices.Sort(want)
		if got := x.Candidates(keys); !slices.Equal(got, want) {
			t.Fatalf("candidates %v, want %v", got, want)
		}
	}
	check()
	for range 4000 {
		id := uint32(rng.IntN(50))
		if keys, ok := model[id]; ok {
			x.Remove(id, keys)
			delete(model, id)
		} else {
			model[id] = keysOf()
			x.Add(id, model[id])
		}
		check()
	}

	var y Index
	ids := slices.Collect(maps.Keys(model)) // in the map's order: any
	for _, id := range ids {
		y.Add(id, model[id])
	}
	for k := range uint32(60) {
		if a, b := x.Candidates([]uint32{k}), y.Candidates([]uint32{k}); !slices.Equal(a, b) {
			t.Fatalf("key %d: %v, added in another order %v", k, a, b)
		}
	}

	for id, keys := range model {
		x.Remove(id, keys)
		x.Remove(id, keys) // once more does no harm
	}
	if len(x.lists) != 0 {
		t.Errorf("%d lists are left of an empty index", len(x.lists))
	}
}

func BenchmarkKeys(b *testing.B) {
	s := random(rand.New(rand.NewPCG(4, 4)), 300)
	var dst []uint32
	for b.Loop() {
		dst = Keys(dst[:0], s)
	}
}
