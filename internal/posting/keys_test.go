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
	kb := Keys(nil, b, Rewrites)
	n := 0
	for _, k := range Keys(nil, a, Rewrites) {
		if _, ok := slices.BinarySearch(kb, k); ok {
			n++
		}
	}
	return n
}

// What makes two texts candidates for one another, and what does not. The
// counts are of keys in common, by hand. Of two names only some pairs are keys:
// numbers stand for them here.
func TestKeys(t *testing.T) {
	numbers := func(s *sketch.Sketch, at ...int) *sketch.Sketch {
		for _, i := range at {
			s.Kinds[i] = sketch.Number
		}
		return s
	}
	title := func(s *sketch.Sketch, tokens ...uint16) *sketch.Sketch {
		s.Head = tokens
		return s
	}
	// Two words whose pair is one of those that are keys.
	x, y := uint16(1), uint16(2)
	for pair(x, y)/2%nameShare != 0 {
		y++
	}
	row := make([]uint16, window+2)
	for i := range row {
		row[i] = uint16(60000 + i)
	}
	for _, c := range []struct {
		name string
		a, b *sketch.Sketch
		want int
	}{
		{"two words in a row are none", long(words(1, 2), 100), long(words(1, 2), 200), 0},
		{"in an eighth of 24 words the least of three runs in a row", long(words(slices.Clone(row[:6])...), 100), long(words(slices.Clone(row[:6])...), 200), leastOf(row[:6], 3)},
		{"three words in another order are none", long(words(1, 2, 3), 100), long(words(3, 2, 1), 200), 0},
		{"in briefs all runs of three are keys", words(1, 2, 3, 4, 9), words(1, 2, 3, 4, 8), 2},
		{"two words in a row are not", words(1, 2, 9), words(1, 2, 8), 0},
		{"two words are one run", words(1, 2), words(1, 2), 1},
		{"texts without words share nothing", words(), words(), 0},
		{
			"two numbers find each other in any order",
			numbers(long(words(1, 50, 2), 100), 0, 2), numbers(long(words(2, 60, 61, 1), 200), 0, 3), 1,
		},
		{
			"with another number between them too: pairs 1-2, 2-3, 1-3",
			numbers(long(words(1, 50, 2, 51, 3), 100), 0, 2, 4), numbers(long(words(3, 60, 2, 61, 1), 200), 0, 2, 4), 3,
		},
		{
			"with two others between them no more",
			numbers(long(words(1, 50, 51, 2), 100), 0, 1, 2, 3), numbers(long(words(1, 60, 2), 200), 0, 2), 0,
		},
		{
			"eight tokens apart is near enough",
			numbers(long(words(1, 50, 51, 52, 53, 54, 55, 56, 2), 100), 0, 8), numbers(long(words(1, 60, 2), 200), 0, 2), 1,
		},
		{
			"nine is not",
			numbers(long(words(1, 50, 51, 52, 53, 54, 55, 56, 57, 2), 100), 0, 9), numbers(long(words(1, 60, 2), 200), 0, 2), 0,
		},
		{
			"a number beside itself is no pair",
			numbers(long(words(1, 50, 1), 100), 0, 2), numbers(long(words(1, 60, 1), 200), 0, 2), 0,
		},
		{
			"the words of a title are pairs, whatever stands between",
			title(long(words(), 100), x, 30, 31, y), title(long(words(), 200), y, 40, x), 1,
		},
		{
			"and find the numbers of a text",
			title(long(words(), 100), x, 30, y), numbers(long(words(y, 60, x), 200), 0, 2), 1,
		},
		{
			"those behind the twelfth do not count",
			title(long(words(), 100), x, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, y), title(long(words(), 200), x, y), 0,
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

// Of the pairs of two names about half are keys for Rewrites, all for Stories, and
// none for Copies and Prose.
func TestNamePairs(t *testing.T) {
	s := words()
	for i := range 4000 {
		s.Tokens, s.Kinds = append(s.Tokens, uint16(i)), append(s.Kinds, sketch.Name)
	}
	all := len(Keys(nil, s, Rewrites))
	for _, k := range Keys(nil, s, Copies) {
		if k&runFlag == 0 || !slices.Contains(Keys(nil, s, Rewrites), k) {
			t.Fatalf("key %08x of Copies is none of the runs of Rewrites", k)
		}
	}
	stories := Keys(nil, s, Stories)
	for _, k := range Keys(nil, s, Rewrites) {
		if !slices.Contains(stories, k) {
			t.Fatalf("key %08x of Rewrites is none of Stories", k)
		}
	}
	// Each name but the first with the one before, and all but two with that before.
	if got := len(stories) - len(Keys(nil, s, Copies)); got != 3999+3998 {
		t.Errorf("%d pairs of names are keys for Stories, want 7997", got)
	}
	runs := len(Keys(nil, s, Prose))
	if n := all - 4000*2/(window+1); n < 4000*9/10 || n > 4000*11/10 {
		t.Errorf("%d keys of 7997 pairs", n)
	}
	if runs < 4000*2/(alone+1)*8/10 || runs > 4000*2/(alone+1)*12/10 {
		t.Errorf("%d keys of 3998 runs, want about two of %d", runs, alone+1)
	}
}

// leastOf is how many runs of three are the least of w in a row.
func leastOf(t []uint16, w int) int {
	found := map[uint32]bool{}
	for k := range len(t) - 2 - w + 1 {
		least := uint32(1<<32 - 1)
		for j := k; j < k+w; j++ {
			least = min(least, uint32(mix(3<<48|uint64(t[j])<<32|uint64(t[j+1])<<16|uint64(t[j+2]))>>32)|runFlag)
		}
		found[least] = true
	}
	return len(found)
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
		keys := Keys(nil, s, Rewrites)
		for i := 1; i < len(keys); i++ {
			if keys[i-1] >= keys[i] {
				t.Fatalf("keys %d and %d: %d, %d", i-1, i, keys[i-1], keys[i])
			}
		}
		got := Keys([]uint32{9, 3}, s, Rewrites)
		if got[0] != 9 || got[1] != 3 || !slices.Equal(got[2:], keys) {
			t.Fatal("what was in dst has an influence")
		}
		if most := max(1, len(s.Tokens)) + 2*len(s.Tokens) + 12*11/2; len(keys) > most {
			t.Fatalf("%d keys of %d tokens", len(keys), len(s.Tokens))
		}
	}
}

// An excerpt of 24 tokens or more, wherever it is from and whatever stands
// around it, has of every 24 runs in a row that are within it the one of least
// hash in common with the text.
func TestExcerpt(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for range 200 {
		text := random(rng, 24+rng.IntN(200))
		i := rng.IntN(len(text.Tokens) - 23)
		n := 24 + rng.IntN(len(text.Tokens)-i-23)
		excerpt := random(rng, rng.IntN(30))
		excerpt.Tokens = append(excerpt.Tokens, text.Tokens[i:i+n]...)
		excerpt.Kinds = append(excerpt.Kinds, text.Kinds[i:i+n]...)
		distinct := map[uint32]bool{}
		for k := i; k+window+2 <= i+n; k++ {
			least := uint32(1<<32 - 1)
			for j := k; j < k+window; j++ {
				t := text.Tokens[j:]
				least = min(least, uint32(mix(3<<48|uint64(t[0])<<32|uint64(t[1])<<16|uint64(t[2]))>>32)|runFlag)
			}
			distinct[least] = true
		}
		if got := common(text, excerpt); got < len(distinct) {
			t.Fatalf("%d keys in common, %d runs are", got, len(distinct))
		}
	}
}

// Of every 24 runs in a row the one of least hash is a key, or of every 8 for Prose,
// and no other is; in short texts of as many as an eighth of the tokens.
func TestRunsAreLeastOfTheirWindow(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for range 200 {
		s := random(rng, 3+rng.IntN(400))
		for net, window := range map[Net]int{Copies: 24, Prose: 8} {
			w := max(1, min(window, len(s.Tokens)/8))
			want := map[uint32]bool{}
			for from := 0; from+w+2 <= len(s.Tokens); from++ {
				least := ^uint32(0)
				for k := from; k < from+w; k++ {
					run := uint64(s.Tokens[k])<<32 | uint64(s.Tokens[k+1])<<16 | uint64(s.Tokens[k+2])
					least = min(least, uint32(mix(3<<48|run)>>32)|runFlag)
				}
				want[least] = true
			}
			if got := Keys(nil, s, net); !slices.Equal(got, slices.Sorted(maps.Keys(want))) {
				t.Fatalf("%d tokens, of every %d runs: %x, want %x", len(s.Tokens), w, got, slices.Sorted(maps.Keys(want)))
			}
		}
	}
}

func BenchmarkKeys(b *testing.B) {
	s := random(rand.New(rand.NewPCG(4, 4)), 300)
	var dst []uint32
	for b.Loop() {
		dst = Keys(dst[:0], s, Rewrites)
	}
}

// Keys are in order, whether they are few or many, alike or not.
func TestSort(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for n := range 300 {
		for _, span := range []uint32{1, 3, 1 << 26, 1<<32 - 1} {
			keys := make([]uint32, n)
			for i := range keys {
				keys[i] = rng.Uint32N(span) + uint32(n%2)<<31
			}
			want := slices.Sorted(slices.Values(keys))
			if sort(keys); !slices.Equal(keys, want) {
				t.Fatalf("%d keys below %d are not in order", n, span)
			}
		}
	}
}
