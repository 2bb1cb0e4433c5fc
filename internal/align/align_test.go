package align

import (
	"hash/fnv"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/newsdedup/newsdedup/internal/sketch"
)

func view(s *sketch.Sketch) *sketch.View {
	v := new(sketch.View)
	v.Of(s)
	return v
}

// equalStats fails with the fields in which two results differ.
func equalStats(t *testing.T, what string, got, want Stats) {
	t.Helper()
	if got == want {
		return
	}
	g, w := reflect.ValueOf(got), reflect.ValueOf(want)
	for k := range g.NumField() {
		if x, y := g.Field(k).Interface(), w.Field(k).Interface(); x != y {
			t.Errorf("%s: %s: %+v, want %+v", what, g.Type().Field(k).Name, x, y)
		}
	}
	t.FailNow()
}

// same compares Align and Longest with the oracle, whichever text is indexed.
func same(t *testing.T, al *Aligner, o *oracle, a, b *sketch.Sketch) {
	t.Helper()
	va, vb := view(a), view(b)
	want := *o.align(a, b)
	check := func(what string, got Stats) {
		t.Helper()
		equalStats(t, what, got, want)
		if a, b := al.Most(); want.A.CoverSum > float64(a) || want.B.CoverSum > float64(b) {
			t.Fatalf("%s: CoverSum %v and %v, Most %d and %d", what, want.A.CoverSum, want.B.CoverSum, a, b)
		}
		for _, least := range []uint32{3, 5} {
			if got, want := al.Longest(least), o.longest(least); !slices.Equal(got, want) {
				t.Fatalf("%s: Longest(%d) = %v, want %v", what, least, got, want)
			}
		}
	}
	check("A indexed", *al.Align(va, vb))
	al.Index(vb)
	check("B indexed", *al.With(va, true))
	al.With(vb, false)
	check("B indexed, again", *al.With(va, true))
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
		s.HeadKinds = append(s.HeadKinds, sketch.Kind(rng.IntN(4)))
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
	v := &sketch.Sketch{Head: slices.Clone(s.Head), HeadKinds: slices.Clone(s.HeadKinds), Short: slices.Clone(s.Short)}
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
	for k := range 1200 {
		n := 1 + rng.IntN(40)
		if k%4 == 0 {
			n = 1 + rng.IntN(600)
		}
		words := []int{1, 2, 5, 30, 300, 5000}[k%6]
		a := random(rng, n, words)
		b := random(rng, 1+rng.IntN(2*n), words)
		same(t, &al, &o, a, b)
		v := version(rng, a)
		same(t, &al, &o, a, v)
		same(t, &al, &o, v, a)
		same(t, &al, &o, a, a)
	}
	// More segments than take part in sentence cover, and words that stand in
	// all of them.
	for range 4 {
		a := random(rng, 700+rng.IntN(500), 300)
		b := version(rng, a)
		for _, s := range []*sketch.Sketch{a, b} {
			s.Segs = s.Segs[:0]
			for i := 0; i < len(s.Tokens); i += 1 + rng.IntN(2) {
				s.Segs = append(s.Segs, sketch.Segment{Token: uint32(i), Start: uint32(10 * i), End: uint32(10*i + 5), Flags: sketch.Sentence})
			}
		}
		same(t, &al, &o, a, b)
		same(t, &al, &o, b, a)
	}
}

// text makes a sketch of words. A word in capitals is a name, one with a digit
// a number, one that ends in "day" a date. "/" starts a segment, "“" one that
// is quoted.
func text(words string) *sketch.Sketch {
	s := new(sketch.Sketch)
	start, f := true, sketch.Sentence
	for i, w := range strings.Fields(words) {
		switch w {
		case "/":
			start, f = true, sketch.Sentence
			continue
		case "“":
			start, f = true, sketch.Sentence|sketch.Quoted
			continue
		}
		if start {
			s.Segs = append(s.Segs, sketch.Segment{Token: uint32(len(s.Tokens)), Start: uint32(10 * i), End: uint32(10*i + 9), Flags: f})
			start = false
		}
		t, k := token(w)
		s.Tokens, s.Kinds = append(s.Tokens, t), append(s.Kinds, k)
	}
	return s
}

func titled(title, words string) *sketch.Sketch {
	s := text(words)
	for _, w := range strings.Fields(title) {
		t, k := token(w)
		s.Head, s.HeadKinds = append(s.Head, t), append(s.HeadKinds, k)
	}
	return s
}

func token(w string) (uint16, sketch.Kind) {
	h := fnv.New32a()
	h.Write([]byte(w))
	k := sketch.Word
	switch {
	case strings.ContainsAny(w, "0123456789"):
		k = sketch.Number
	case strings.HasSuffix(w, "day"):
		k = sketch.Date
	case strings.ToUpper(w) == w:
		k = sketch.Name
	}
	return uint16(h.Sum32()), k
}

// What the fields of Stats say, worked out by hand. Only the fields that want
// names are compared.
func TestStats(t *testing.T) {
	// Ten words, the first five of them a sentence, and what became of them.
	const ten = "storm floods coastal town overnight / rescue crews search for survivors"
	for _, c := range []struct {
		name string
		a, b *sketch.Sketch
		want func(*Stats) // sets what is expected
	}{
		{
			"A text beside itself: one run, all of it, with eight shingles.",
			text(ten), text(ten),
			func(s *Stats) {
				side := func(x *Side) {
					x.Tokens, x.Prose, x.Run3, x.Run3P, x.Run8P, x.RunW5P = 10, 10, 10, 10, 10, 10
					x.Pass8P, x.Pass14P, x.Edge, x.Front, x.FrontP = 10, 0, 2, 3, 3
					x.Cover60P, x.Cover80P, x.CoverSum = 10, 10, 10
					x.Kinds, x.Common = [4]int{10}, [4]int{10}
				}
				side(&s.A)
				side(&s.B)
				s.Longest, s.Shingles, s.Unique, s.Chain, s.Order = 10, 8, 10, 10, 1
			},
		},
		{
			"Nothing in common: counts of either text alone.",
			text("storm floods TOWN"), text("MINISTER “ resigns on monday 12"),
			func(s *Stats) {
				s.A.Tokens, s.A.Prose, s.A.Front, s.A.Kinds, s.A.LeadTerms = 3, 3, 1, [4]int{2, 1}, 1
				s.B.Tokens, s.B.Prose, s.B.Front, s.B.Kinds, s.B.LeadTerms = 5, 1, 1, [4]int{2, 1, 1, 1}, 3
			},
		},
		{
			"The sentences exchanged: two runs of five, and from the one to the other a step back; five tokens are the longest chain.",
			text("one two three four five / six seven eight nine ten"), text("six seven eight nine ten / one two three four five"),
			func(s *Stats) {
				side := func(x *Side) {
					x.Tokens, x.Prose, x.Run3, x.Run3P, x.RunW5P = 10, 10, 10, 10, 10
					x.Edge, x.Front, x.FrontP = 2, 3, 3
					x.Cover60P, x.Cover80P, x.CoverSum = 10, 10, 10
					x.Kinds, x.Common = [4]int{10}, [4]int{10}
				}
				side(&s.A)
				side(&s.B)
				s.Longest, s.Shingles, s.Unique, s.Chain, s.Order = 5, 6, 10, 5, 0
			},
		},
		{
			"A template: the frame is common, the name and the number in it are not. The words around them are two runs of five, of which " +
				"the first holds four plain words; one passage of ten tokens spans all twelve.",
			text("shares of ACME rose on BOLT 12 after good results were out"), text("shares of ACME rose on CORP 30 after good results were out"),
			func(s *Stats) {
				side := func(x *Side) {
					x.Tokens, x.Prose, x.Run3, x.Run3P, x.RunW5P = 12, 12, 10, 10, 5
					x.Pass8P, x.Edge, x.Front, x.FrontP = 12, 2, 4, 4
					x.Cover60P, x.Cover80P, x.CoverSum, x.Sentences = 12, 12, 10, 1
					x.Kinds, x.Common = [4]int{9, 2, 1}, [4]int{9, 1}
					x.LeadTerms, x.LeadTermsCommon, x.LeadTermsBody = 3, 1, 1
				}
				side(&s.A)
				side(&s.B)
				s.Longest, s.Shingles, s.Conflicts = 5, 6, 2
				s.Unique, s.Chain, s.Order = 10, 10, 1
			},
		},
		{
			"A quotation that both print is common, but not prose.",
			text("mayor said / “ never again shall we wait"), text("report quotes / “ never again shall we wait"),
			func(s *Stats) {
				side := func(x *Side) {
					x.Tokens, x.Prose, x.Run3, x.Front = 7, 2, 5, 2
					x.CoverSum = 5
					x.Kinds, x.Common = [4]int{7}, [4]int{5}
				}
				side(&s.A)
				side(&s.B)
				s.Longest, s.Shingles, s.Unique, s.Chain, s.Order = 5, 3, 5, 5, 1
			},
		},
		{
			"A word said twice: GOAL GOAL of the one beside GOAL of the other counts two of A's four tokens and, since there are no more, " +
				"the two of B's; no sentence has three in common.",
			text("GOAL late GOAL struck"), text("winger missed / GOAL again"),
			func(s *Stats) {
				s.A = Side{
					Tokens: 4, Prose: 4, Front: 1, Kinds: [4]int{2, 1}, Common: [4]int{0, 1},
					CoverSum: 2, LeadTerms: 2, LeadTermsCommon: 2, LeadTermsBody: 2,
				}
				s.B = Side{
					Tokens: 4, Prose: 4, Front: 1, Kinds: [4]int{3, 1}, Common: [4]int{0, 1}, CoverSum: 2,
					LeadTerms: 1, LeadTermsCommon: 1, LeadTermsBody: 1,
				}
			},
		},
		{
			"Titles: of three words of the one two are in the other; all three of A's are in B's text, and both of B's in A's text or title.",
			titled("QUAKE hits COAST", "a QUAKE struck / a second QUAKE"), titled("COAST QUAKE", "QUAKE hits COAST / QUAKE"),
			func(s *Stats) {
				s.A = Side{
					Tokens: 6, Prose: 6, Front: 2, Kinds: [4]int{3, 1}, Common: [4]int{0, 1},
					Head: 3, HeadKnown: 3, HeadLead: 3, HeadTerms: 2, HeadTermsCommon: 2,
					LeadTerms: 2, LeadTermsCommon: 2, LeadTermsBody: 2,
				}
				s.B = Side{
					Tokens: 4, Prose: 4, Front: 1, Kinds: [4]int{1, 2}, Common: [4]int{0, 1},
					CoverSum: 1, Head: 2, HeadKnown: 2, HeadLead: 1, HeadTerms: 2, HeadTermsCommon: 2,
					LeadTerms: 3, LeadTermsCommon: 2, LeadTermsBody: 2,
				}
				s.A.CoverSum = 2 // each of A's sentences has the QUAKE of B's first; B's second has but one token
				s.Head, s.HeadMin = 2, 2
			},
		},
	} {
		t.Run(c.name[:strings.IndexAny(c.name, ":,.")], func(t *testing.T) {
			var al Aligner
			got, want := *al.Align(view(c.a), view(c.b)), Stats{}
			c.want(&want)
			if got != want {
				t.Errorf("%s\ngot  %+v\nwant %+v", c.name, got, want)
			}
		})
	}
}

// mirrored exchanges the sides of s and takes out what Align promises only one
// way round.
func mirrored(s Stats, exchange bool) Stats {
	if exchange {
		s.A, s.B = s.B, s.A
	}
	s.A.Pass8P, s.A.Pass14P, s.B.Pass8P, s.B.Pass14P = 0, 0, 0, 0
	s.Conflicts, s.Order, s.Head = 0, 0, 0
	return s
}

// Align(b, a) mirrors Align(a, b) as its comment says.
func TestMirror(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var al Aligner
	for range 3000 {
		a := random(rng, 1+rng.IntN(120), 400)
		b := version(rng, a)
		ab := mirrored(*al.Align(view(a), view(b)), false)
		equalStats(t, "b, a", mirrored(*al.Align(view(b), view(a)), true), ab)
	}
}

// One text indexed and compared with many gives what single comparisons give,
// hostile ones in between.
func TestWith(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	var one, many Aligner
	for range 40 {
		x := random(rng, 1+rng.IntN(400), 300)
		vx := view(x)
		many.Index(vx)
		for k := range 20 {
			y := view(random(rng, 1+rng.IntN(300), 2+rng.IntN(900)))
			if k%2 == 0 {
				y = view(version(rng, x))
			}
			equalStats(t, "as A", *many.With(y, false), *one.Align(vx, y))
			equalStats(t, "as B", *many.With(y, true), *one.Align(y, vx))
			if got, want := many.Longest(3), one.Longest(3); !slices.Equal(got, want) {
				t.Fatalf("Longest: %v, want %v", got, want)
			}
		}
	}
}

// quadratic is the textbook longest increasing subsequence.
func quadratic(s []uint16) int {
	best := make([]int, len(s))
	longest := 0
	for i, x := range s {
		best[i] = 1
		for j, y := range s[:i] {
			if y < x {
				best[i] = max(best[i], best[j]+1)
			}
		}
		longest = max(longest, best[i])
	}
	return longest
}

func TestLongestChain(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	var al Aligner
	for range 500 {
		n := 1 + rng.IntN(400)
		s := make([]uint16, n)
		for i, r := range rng.Perm(n) {
			s[i] = uint16(r)
		}
		if rng.IntN(2) == 0 { // nearly in order, as in copies
			slices.Sort(s)
			for range rng.IntN(8) {
				i, j := rng.IntN(n), rng.IntN(n)
				s[i], s[j] = s[j], s[i]
			}
		}
		if got, want := al.longest(s), quadratic(s); got != want {
			t.Fatalf("longest(%v) = %d, want %d", s, got, want)
		}
	}
}

// Texts that nobody writes: empty ones, one word, one word without end, every
// possible token, periods. None panics, and the work is bounded: all runs
// together take at most sixteen tokens for each one of the texts.
func TestHostile(t *testing.T) {
	repeat := func(n, period int) *sketch.Sketch {
		s := &sketch.Sketch{Tokens: make([]uint16, n), Kinds: make([]sketch.Kind, n)}
		for i := range s.Tokens {
			s.Tokens[i] = uint16(i % period)
		}
		if n > 0 {
			s.Segs = []sketch.Segment{{Start: 0, End: 1, Flags: sketch.Sentence}}
		}
		return s
	}
	backwards := repeat(1<<16, 1<<16)
	slices.Reverse(backwards.Tokens)
	many := repeat(3000, 1500) // more segments than take part in votes
	cut(rand.New(rand.NewPCG(7, 8)), many)
	for i := range many.Segs {
		many.Segs[i].Token = uint32(i)
	}
	alike := repeat(20000, 1) // all shingles differ and have one hash
	rng := rand.New(rand.NewPCG(15, 16))
	for i := 2; i < len(alike.Tokens); i++ {
		alike.Tokens[i] = uint16(0-hash(alike.Tokens[i-2], alike.Tokens[i-1], 0))%leastHeads + uint16(rng.IntN(16))*leastHeads
	}
	crowded := repeat(maxTokens, 1) // the same by the hash of Index
	for i := 2; i < len(crowded.Tokens); i++ {
		crowded.Tokens[i] = uint16(0-top(crowded.Tokens[i-2], crowded.Tokens[i-1], 0))%(1<<topBits) + uint16(rng.IntN(16))<<topBits
	}
	texts := map[string]*sketch.Sketch{
		"one hash": alike, "crowded": crowded,
		"empty": repeat(0, 1), "one": repeat(1, 1), "two": repeat(2, 2), "sixty thousand times": repeat(60000, 1),
		"every token": repeat(1<<16, 1<<16), "every token twice": repeat(1<<17, 1<<16), "backwards": backwards,
		"period of three": repeat(30000, 3), "period of a hundred": repeat(30000, 100), "segments": many, "none": {},
	}
	var al Aligner
	for nameA, a := range texts {
		for nameB, b := range texts {
			st := al.Align(view(a), view(b))
			sum := 0
			for _, r := range al.runs {
				sum += int(r.Len)
			}
			if most := maxRuns * (len(a.Tokens) + len(b.Tokens)); sum > most {
				t.Errorf("%s, %s: runs of %d tokens, more than %d", nameA, nameB, sum, most)
			}
			for _, s := range []Side{st.A, st.B} {
				if s.Run3 > s.Tokens || s.Run3P > s.Prose || s.Pass8P > s.Prose || s.Edge > s.Run3 {
					t.Errorf("%s, %s: more in common than there is: %+v", nameA, nameB, s)
				}
			}
			al.Longest(4)
			al.Passages(a.Tokens, b.Tokens, 8)
		}
	}
	every := texts["every token"]
	st := al.Align(view(every), view(every))
	if n := maxTokens; st.A.Kinds[0] != n || st.Unique != n || st.Chain != n || st.Longest != n {
		t.Errorf("every token beside itself: %+v", st)
	}
	slices.Reverse(every.Tokens[:maxTokens])
	if st := al.Align(view(every), view(texts["every token twice"])); st.Unique != maxTokens || st.Chain != 1 {
		t.Errorf("backwards: %d unique, chain of %d", st.Unique, st.Chain)
	}
}

// One Aligner gives the same for texts of any size in any order, also when the
// numbers that tell its calls apart begin anew.
func TestReuse(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	a, b := view(random(rng, 200, 300)), view(random(rng, 200, 300))
	var al Aligner
	want := *al.Align(a, b)
	for k := range 60 {
		if k == 40 {
			al.shingles.ends = 1<<32 - 2000
		}
		al.Passages(random(rng, 1+rng.IntN(900), 50).Tokens, random(rng, 1+rng.IntN(900), 50).Tokens, 3)
		al.Align(view(random(rng, 1+rng.IntN(900), 5000)), view(random(rng, 1+rng.IntN(900), 5000)))
		equalStats(t, "again", *al.Align(a, b), want)
		al.Index(b)
		al.With(view(random(rng, 1+rng.IntN(900), 5000)), true)
		equalStats(t, "indexed", *al.With(a, true), want)
	}
}

// FuzzAlign makes two texts of bytes, a token each, and compares with the
// oracle.
func FuzzAlign(f *testing.F) {
	f.Add([]byte("abcabcabd"), []byte("xabcabcab"), uint64(1))
	f.Add([]byte("aaaaaaaaaaaaaaaaaaaaaa"), []byte("aaaaaaaaaaaaaaaa"), uint64(2))
	f.Add([]byte(""), []byte("a"), uint64(3))
	f.Fuzz(func(t *testing.T, x, y []byte, seed uint64) {
		rng := rand.New(rand.NewPCG(seed, 0))
		make := func(x []byte) *sketch.Sketch {
			s := new(sketch.Sketch)
			for _, c := range x[:min(len(x), 500)] {
				s.Tokens, s.Kinds = append(s.Tokens, uint16(c)*257), append(s.Kinds, sketch.Kind(c%4))
			}
			cut(rng, s)
			return s
		}
		var al Aligner
		var o oracle
		same(t, &al, &o, make(x), make(y))
	})
}

// BenchmarkAlign compares a text with a version of itself and with another.
func BenchmarkAlign(b *testing.B) {
	rng := rand.New(rand.NewPCG(11, 12))
	x := random(rng, 300, 5000)
	for _, c := range []struct {
		name string
		y    *sketch.Sketch
	}{{"version", version(rng, x)}, {"other", random(rng, 300, 5000)}} {
		b.Run(c.name, func(b *testing.B) {
			var al Aligner
			vx, vy := view(x), view(c.y)
			for b.Loop() {
				al.Align(vx, vy)
			}
		})
		b.Run(c.name+"/oracle", func(b *testing.B) {
			var o oracle
			for b.Loop() {
				o.align(x, c.y)
			}
		})
	}
}
