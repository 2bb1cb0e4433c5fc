package verdict

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/newsdedup/newsdedup/internal/align"
	"github.com/newsdedup/newsdedup/internal/sketch"
)

// story makes a sketch of sentences out of so many words, of which every fourth
// is a name, and some are numbers and dates.
func story(rng *rand.Rand, n, words int) *sketch.Sketch {
	s := new(sketch.Sketch)
	for range n {
		s.Tokens = append(s.Tokens, word(rng, words))
	}
	return finish(rng, s)
}

func word(rng *rand.Rand, words int) uint16 {
	w := rng.IntN(words)
	if rng.IntN(3) > 0 {
		w = rng.IntN(w + 1) // small ones more often, as in texts
	}
	return uint16(w * 40503)
}

func kindOf(t uint16) sketch.Kind {
	switch t % 16 {
	case 0, 1, 2, 3:
		return sketch.Name
	case 4:
		return sketch.Number
	case 5:
		return sketch.Date
	}
	return sketch.Word
}

// finish adds kinds, segments, a title of the first tokens, and short names.
func finish(rng *rand.Rand, s *sketch.Sketch) *sketch.Sketch {
	s.Kinds, s.Segs, s.Head, s.HeadKinds, s.Short = nil, nil, nil, nil, nil
	for i, t := range s.Tokens {
		s.Kinds = append(s.Kinds, kindOf(t))
		if i < 8 && rng.IntN(4) > 0 {
			s.Head, s.HeadKinds = append(s.Head, t), append(s.HeadKinds, kindOf(t))
		}
		if t%64 == 7 {
			s.Short = append(s.Short, t)
		}
	}
	slices.Sort(s.Short)
	s.Short = slices.Compact(s.Short)
	quotes := rng.IntN(9)
	for i := 0; i < len(s.Tokens); i += 4 + rng.IntN(14) {
		f := sketch.Sentence
		if rng.IntN(10) < quotes {
			f |= sketch.Quoted
		}
		s.Segs = append(s.Segs, sketch.Segment{Token: uint32(i), Start: uint32(10 * i), End: uint32(10*i + 5), Flags: f})
	}
	return s
}

// retold makes another telling of s: of a thousand words so many are changed,
// pieces left out or moved, others put in.
func retold(rng *rand.Rand, s *sketch.Sketch, changed, words int) *sketch.Sketch {
	v := new(sketch.Sketch)
	for i := 0; i < len(s.Tokens); {
		n := min(10+rng.IntN(40), len(s.Tokens)-i)
		switch rng.IntN(12) {
		case 0:
			i += n
			continue
		case 1:
			for range n {
				v.Tokens = append(v.Tokens, word(rng, words))
			}
		}
		for _, t := range s.Tokens[i : i+n] {
			if rng.IntN(1000) < changed && (kindOf(t) == sketch.Word || rng.IntN(4) == 0) {
				t = word(rng, words)
			}
			v.Tokens = append(v.Tokens, t)
		}
		i += n
	}
	return finish(rng, v)
}

// Judged in stages, a pair is what it is by all features at once; of one that is
// below the level asked for, no more is told than that.
func TestStaged(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 32))
	var al, full align.Aligner
	var staged, v Vector
	var reached, cut [near + 1]int
	tiny := 0 // the same story, told in twenty tokens
	for k := range 3000 {
		words := []int{40, 400, 4000, 60000}[rng.IntN(4)]
		n := 1 + rng.IntN(30)
		if k%3 > 0 {
			n = 40 + rng.IntN(400)
		}
		a, b := new(sketch.View), new(sketch.View)
		x := story(rng, n, words)
		a.Of(x)
		b.Of(story(rng, 1+rng.IntN(2*n), words))
		if changed := []int{0, 20, 100, 250, 500, 700, 900, -1}[rng.IntN(8)]; changed >= 0 {
			b.Of(retold(rng, x, changed, words))
		}
		want := *full.Align(a, b)
		Features(&v, &want)
		relation, p, quotes := Judge(&v)
		reached[relation]++
		if relation == sameStory && v[length] <= tinyLength {
			tiny++
		}
		al.Index(a)
		for least := range near + 2 {
			if k%2 == 0 {
				staged = Vector{} // what was there before makes no difference
			}
			r, q, s := Staged(&staged, &al, al.Meet(b, false), least)
			if relation < least && r < least {
				if r == unrelated && q == 0 {
					cut[relation]++
				}
				continue
			}
			if r != relation || q != p || s != quotes {
				t.Fatalf("at %d: relation %d at %v, %v; all at once %d at %v, %v", least, r, q, s, relation, p, quotes)
			}
		}
	}
	if tiny < 20 {
		t.Errorf("%d of twenty tokens are the same story: the test does not reach it", tiny)
	}
	for r, n := range reached {
		if n < 20 || r < near && cut[r] < 20 {
			t.Errorf("relation %d came up %d times, and was cut short %d times: the test does not reach it", r, n, cut[r])
		}
	}
}

// What is not told by Meet lies within the bounds that stand in for it, or a pair
// would be cut short that is of the level.
func TestBounds(t *testing.T) {
	var al, full align.Aligner
	var v, want Vector
	check := func(name string, x, y *sketch.Sketch) {
		t.Helper()
		a, b := new(sketch.View), new(sketch.View)
		a.Of(x)
		b.Of(y)
		Features(&want, full.Align(a, b))
		al.Index(a)
		st := al.Meet(b, false)
		v.fill(st, met)
		var open bounds
		open.find(&v, &al, st)
		for f := range numFeatures {
			if partOf[f] == met {
				if v[f] != want[f] {
					t.Fatalf("%s: feature %d: %v, and %v of all at once", name, f, v[f], want[f])
				}
			} else if want[f] < open.lo[f] || want[f] > open.hi[f]+1e-12 {
				t.Fatalf("%s: feature %d: %v is not from %v to %v", name, f, want[f], open.lo[f], open.hi[f])
			}
		}
	}
	rng := rand.New(rand.NewPCG(35, 36))
	for range 500 {
		words := []int{40, 400, 4000, 60000}[rng.IntN(4)]
		x := story(rng, 8+rng.IntN(300), words)
		check("random", x, retold(rng, x, []int{0, 50, 250, 500, 900}[rng.IntN(5)], words))
	}
	// Of each sentence just 60 or 80 % is common.
	for _, c := range []struct{ length, common int }{{10, 6}, {10, 8}} {
		x, y := new(sketch.Sketch), new(sketch.Sketch)
		for i := range 8 * c.length {
			for k, s := range []*sketch.Sketch{x, y} {
				token := uint16(i)
				if i%c.length >= c.common {
					token += uint16(1000 * (k + 1))
				}
				s.Tokens, s.Kinds = append(s.Tokens, token), append(s.Kinds, sketch.Word)
				if i%c.length == 0 {
					s.Segs = append(s.Segs, sketch.Segment{Token: uint32(i), Start: uint32(10 * i), End: uint32(10*i + 5), Flags: sketch.Sentence})
				}
			}
		}
		check(fmt.Sprintf("%d of %d", c.common, c.length), x, y)
	}
}

// BenchmarkStaged judges a text of 350 tokens beside a version of itself, a
// retelling and another text: from Rewrite up, as a Deduper does, or in full.
// The text is indexed once.
func BenchmarkStaged(b *testing.B) {
	rng := rand.New(rand.NewPCG(33, 34))
	x := story(rng, 350, 6000)
	for _, c := range []struct {
		name string
		y    *sketch.Sketch
	}{{"version", retold(rng, x, 20, 6000)}, {"retelling", retold(rng, x, 500, 6000)}, {"other", story(rng, 350, 6000)}} {
		var indexed, y sketch.View
		indexed.Of(x)
		y.Of(c.y)
		for _, least := range []int{rewrite, unrelated} {
			name := c.name + "/full"
			if least == rewrite {
				name = c.name + "/rewrite"
			}
			b.Run(name, func(b *testing.B) {
				var al align.Aligner
				var v Vector
				al.Index(&indexed)
				for b.Loop() {
					Staged(&v, &al, al.Meet(&y, false), least)
				}
			})
		}
		b.Run(c.name+"/features", func(b *testing.B) {
			var al align.Aligner
			var v Vector
			al.Index(&indexed)
			for b.Loop() {
				Features(&v, al.With(&y, false))
				Judge(&v)
			}
		})
	}
}
