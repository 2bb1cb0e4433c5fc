package posting

import (
	"math/rand/v2"
	"testing"

	"github.com/newsdedup/newsdedup/internal/sketch"
	"pgregory.net/rapid"
)

// passes is the rule of Glance in the plainest way.
func passes(a, b *sketch.Sketch, net Net) bool {
	n := min(len(a.Tokens), len(b.Tokens))
	if net == Stories || a.Level != b.Level || n < 8 || max(len(a.Tokens), len(b.Tokens)) > 4096 {
		return true
	}
	type features struct{ runs, tokens, facts map[[3]uint16]bool }
	of := func(s *sketch.Sketch) features {
		f := features{map[[3]uint16]bool{}, map[[3]uint16]bool{}, map[[3]uint16]bool{}}
		for i, t := range s.Tokens {
			f.tokens[[3]uint16{t}] = true
			if s.Kinds[i] == sketch.Name || s.Kinds[i] == sketch.Number {
				f.facts[[3]uint16{t}] = true
			}
			if i >= 2 {
				f.runs[[3]uint16(s.Tokens[i-2:])] = true
			}
		}
		return f
	}
	common := func(a, b map[[3]uint16]bool) (n int) {
		for x := range a {
			if b[x] {
				n++
			}
		}
		return n
	}
	x, y := of(a), of(b)
	if 10*common(x.runs, y.runs) >= n {
		return true
	}
	m := max(1, min(len(x.facts), len(y.facts), 255))
	return net == Rewrites && float64(common(x.tokens, y.tokens))/float64(n)+float64(common(x.facts, y.facts))/float64(2*m) >= 17./32
}

func encoded(s *sketch.Sketch) (string, uint8) {
	return string(s.Append(nil)), Names(s)
}

func with(s *sketch.Sketch, net Net) (string, uint8, Net) {
	e, names := encoded(s)
	return e, names, net
}

func drawSketch(t *rapid.T) *sketch.Sketch {
	s := &sketch.Sketch{Level: uint8(rapid.SampledFrom([]int{0, 0, 0, 0, 1}).Draw(t, "level"))}
	n := rapid.SampledFrom([]int{0, 2, 7, 8, 9, 30, 62, 63, 64, 65, 128, 190, 192, 194, 900}).Draw(t, "tokens")
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	span := rapid.SampledFrom([]int{3, 40, 400, 1 << 16}).Draw(t, "span")
	frame := rapid.IntRange(0, 200).Draw(t, "frame") // where both texts say the same
	for i := range n {
		x, k := uint16(rng.IntN(span)), sketch.Kind(rng.IntN(4))
		if i >= frame && i < frame+20 {
			x = uint16(5 * i)
		}
		s.Tokens, s.Kinds = append(s.Tokens, x), append(s.Kinds, k)
	}
	if n > 0 {
		s.Segs = []sketch.Segment{{End: uint32(n)}}
	}
	return s
}

// Names are told alike of a text and of its encoded form.
func TestNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSketch(t)
		distinct := map[uint16]bool{}
		for i, x := range s.Tokens {
			if s.Kinds[i] == sketch.Name || s.Kinds[i] == sketch.Number {
				distinct[x] = true
			}
		}
		if n, m := Names(s), NamesIn(string(s.Append(nil))); int(n) != min(len(distinct), 255) || m != n {
			t.Fatalf("%d and %d names, want %d", n, m, len(distinct))
		}
	})
	if NamesIn("") != 0 || NamesIn("no sketch at all, but long enough for one") != 0 {
		t.Error("names of what is no sketch")
	}
}

// Whatever was compared before, two texts pass if the rule says so, and
// whichever of them comes first.
func TestGlanceAgainstRule(t *testing.T) {
	var g Glance
	rapid.Check(t, func(t *rapid.T) {
		a := drawSketch(t)
		g.Set(encoded(a))
		for range 3 {
			b := drawSketch(t)
			net := rapid.SampledFrom([]Net{Copies, Prose, Rewrites, Stories}).Draw(t, "net")
			want := passes(a, b, net)
			if got := g.Passes(with(b, net)); got != want {
				t.Fatalf("%v, want %v", got, want)
			}
			var other Glance
			other.Set(encoded(b))
			if other.Passes(with(a, net)) != want {
				t.Fatalf("want %v of the second text too", want)
			}
		}
	})
}

// Texts of more tokens than are looked at pass, and leave nothing behind; so
// does what is no sketch.
func TestGlanceOfMany(t *testing.T) {
	var g Glance
	long := &sketch.Sketch{Segs: []sketch.Segment{{End: 1}}}
	for i := range 4097 {
		long.Tokens, long.Kinds = append(long.Tokens, uint16(i)), append(long.Kinds, sketch.Name)
	}
	other := &sketch.Sketch{Tokens: long.Tokens[:4096], Kinds: long.Kinds[:4096], Segs: long.Segs}
	none := &sketch.Sketch{Tokens: make([]uint16, 9), Kinds: make([]sketch.Kind, 9), Segs: long.Segs}
	none.Tokens[0] = 60000
	g.Set(encoded(long))
	if !g.Passes(with(none, Rewrites)) {
		t.Error("a text of 4097 tokens does not pass")
	}
	g.Set(encoded(other))
	for k := range none.Tokens {
		none.Tokens[k] = 60000
	}
	if g.Passes(with(none, Rewrites)) {
		t.Error("what has nothing in common passes")
	}
	if !g.Passes("", 0, Rewrites) || !g.Passes("no sketch at all, but long enough for one", 0, Rewrites) {
		t.Error("what is no sketch does not pass")
	}
}

// Of two texts of forty tokens, four runs of three must be common, each counted
// once however often it stands there; they need not have the same place.
func TestGlanceAtTheShareOfRuns(t *testing.T) {
	text := func(first uint16, put map[int]uint16) *sketch.Sketch {
		s := &sketch.Sketch{Segs: []sketch.Segment{{End: 1}}}
		for i := range 40 {
			x := first + uint16(i)
			if c, ok := put[i]; ok {
				x = c
			}
			s.Tokens, s.Kinds = append(s.Tokens, x), append(s.Kinds, sketch.Word)
		}
		return s
	}
	// Six tokens in a row make four runs.
	a := text(100, map[int]uint16{10: 1, 11: 2, 12: 3, 13: 4, 14: 5, 15: 6})
	for name, c := range map[string]struct {
		put  map[int]uint16
		want bool
	}{
		"four in a row":               {map[int]uint16{30: 1, 31: 2, 32: 3, 33: 4, 34: 5, 35: 6}, true},
		"three in a row":              {map[int]uint16{30: 1, 31: 2, 32: 3, 33: 4, 34: 5}, false},
		"two and two apart":           {map[int]uint16{0: 1, 1: 2, 2: 3, 3: 4, 36: 3, 37: 4, 38: 5, 39: 6}, true},
		"one of them four times":      {map[int]uint16{0: 1, 1: 2, 2: 3, 5: 1, 6: 2, 7: 3, 10: 1, 11: 2, 12: 3, 15: 1, 16: 2, 17: 3}, false},
		"the same tokens, not in row": {map[int]uint16{0: 1, 2: 2, 4: 3, 6: 4, 8: 5, 10: 6}, false},
	} {
		var g Glance
		g.Set(encoded(a))
		if got := g.Passes(with(text(1000, c.put), Copies)); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// Where paraphrases are looked for, the share of common tokens and half the share
// of common names must come to 17/32: sixteen of thirty-two tokens are 16/32, and
// half of one name of sixteen is the rest.
func TestGlanceAtTheShareOfTokens(t *testing.T) {
	text := func(own uint16, common, names int) *sketch.Sketch {
		s := &sketch.Sketch{Segs: []sketch.Segment{{End: 1}}}
		for i := range 32 {
			x, k := own+uint16(i), sketch.Word
			if i%2 == 0 && i/2 < common { // never two in a row
				x = uint16(i)
			}
			if i%2 == 1 && i/2 >= names || i%2 == 0 && i/2 < names {
				k = sketch.Name
			}
			s.Tokens, s.Kinds = append(s.Tokens, x), append(s.Kinds, k)
		}
		return s
	}
	for _, c := range []struct {
		common, names int // of the common tokens; there are sixteen names in all
		want          bool
	}{{16, 1, true}, {16, 0, false}, {15, 2, true}, {15, 1, false}, {14, 3, true}, {14, 2, false}} {
		a, b := text(100, c.common, c.names), text(1000, c.common, c.names)
		if Names(a) != 16 || Names(b) != 16 {
			t.Fatalf("%d and %d names", Names(a), Names(b))
		}
		var g Glance
		g.Set(encoded(a))
		if got := g.Passes(with(b, Rewrites)); got != c.want {
			t.Errorf("%d common tokens, %d names among them: %v, want %v", c.common, c.names, got, c.want)
		}
	}
}
