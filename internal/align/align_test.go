package align

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/newsdedup/newsdedup/internal/sketch"
)

// same compares Align and Longest with the oracle.
func same(t *testing.T, al *Aligner, o *oracle, a, b *sketch.Sketch) {
	t.Helper()
	got, want := *al.Align(a, b), *o.Align(a, b)
	if got != want {
		g, w := reflect.ValueOf(got), reflect.ValueOf(want)
		for k := range g.NumField() {
			if x, y := g.Field(k).Interface(), w.Field(k).Interface(); x != y {
				t.Errorf("%s: %+v, want %+v", g.Type().Field(k).Name, x, y)
			}
		}
		t.FailNow()
	}
	for _, least := range []uint32{1, 4} {
		if got, want := al.Longest(least), o.Longest(least); !slices.Equal(got, want) {
			t.Fatalf("Longest(%d) = %v, want %v", least, got, want)
		}
	}
}

// random makes a sketch of n tokens out of so many words, every word with a
// kind that it mostly has.
func random(rng *rand.Rand, n, words int) *sketch.Sketch {
	s := new(sketch.Sketch)
	for range n {
		w := rng.IntN(words)
		if rng.IntN(2) == 0 {
			w = rng.IntN(w + 1) // small ones more often, as in texts
		}
		s.Tokens = append(s.Tokens, uint16(w*40503))
		k := sketch.Kind(max(0, w%7-3))
		if rng.IntN(10) == 0 {
			k = sketch.Word
		}
		s.Kinds = append(s.Kinds, k)
	}
	cut(rng, s)
	for range rng.IntN(12) {
		s.Head = append(s.Head, uint16(rng.IntN(words)*40503))
		s.HeadKinds = append(s.HeadKinds, sketch.Word)
	}
	for range rng.IntN(12) {
		s.Short = append(s.Short, uint16(rng.IntN(words)))
	}
	slices.Sort(s.Short)
	s.Short = slices.Compact(s.Short)
	return s
}

// cut divides s into segments.
func cut(rng *rand.Rand, s *sketch.Sketch) {
	s.Segs = s.Segs[:0]
	for i := 0; i < len(s.Tokens); i += 1 + rng.IntN(14) {
		f := sketch.Sentence
		if rng.IntN(4) == 0 {
			f |= sketch.Quoted
		}
		s.Segs = append(s.Segs, sketch.Segment{Token: uint32(i), Start: uint32(10 * i), End: uint32(10*i + 5), Flags: f})
	}
}

// version makes of s what an editor might: pieces dropped, moved, repeated,
// words exchanged, inserted.
func version(rng *rand.Rand, s *sketch.Sketch) *sketch.Sketch {
	v := &sketch.Sketch{Head: slices.Clone(s.Head), Short: slices.Clone(s.Short)}
	for i := 0; i < len(s.Tokens); {
		n := min(1+rng.IntN(30), len(s.Tokens)-i)
		from := i
		switch rng.IntN(8) {
		case 0:
			i += n
			continue
		case 1:
			from = rng.IntN(len(s.Tokens) - n + 1)
		}
		v.Tokens = append(v.Tokens, s.Tokens[from:from+n]...)
		v.Kinds = append(v.Kinds, s.Kinds[from:from+n]...)
		if rng.IntN(3) > 0 {
			v.Tokens[len(v.Tokens)-1] ^= uint16(rng.IntN(4))
		}
		i += n
	}
	cut(rng, v)
	return v
}

func TestOracle(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var al Aligner
	var o oracle
	for k := range 3000 {
		n := 1 + rng.IntN(40)
		if k%4 == 0 {
			n = 1 + rng.IntN(600)
		}
		words := []int{2, 5, 30, 300, 5000}[k%5]
		a := random(rng, n, words)
		b := random(rng, 1+rng.IntN(2*n), words)
		same(t, &al, &o, a, b)
		v := version(rng, a)
		same(t, &al, &o, a, v)
		same(t, &al, &o, v, a)
		same(t, &al, &o, a, a)
	}
}
