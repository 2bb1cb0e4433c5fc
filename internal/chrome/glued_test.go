package chrome

import (
	"slices"
	"strings"
	"testing"
)

// A scraper that drops line breaks glues captions and galleries into the story.
// They are told by their form alone: by standing twice, by a pager.
func TestUnglue(t *testing.T) {
	const (
		a   = "The ferry has been tied up at the quay since Monday, and nobody knows when it will sail again."
		b   = "Its owner wants a larger one, which the council refuses to pay for before the election in May."
		pad = "The old one was built in 1961 for forty cars and has been repaired eleven times since then, most recently after it struck a barge in fog. " +
			"It carries twelve hundred people a day in summer and fewer than ninety in winter, when the islanders have it to themselves. " +
			"A bridge has been promised by every candidate for mayor since the war, and drawings of three of them hang in the town hall. " +
			"None was ever begun, because the channel is deep, the ground is soft, and the money went to the road along the coast instead."
	)
	for name, c := range map[string]struct {
		in        string
		want, cut []string
	}{
		"caption, twice": {
			in:   a + " The ferry at its berth. Photo: Reuters The ferry at its berth. Photo: Reuters " + b + " " + pad,
			want: []string{a, b + " " + pad},
			cut:  []string{"The ferry at its berth. Photo: Reuters The ferry at its berth. Photo: Reuters"},
		},
		"opening, twice": {
			in:   a + " " + a + " " + b + " " + pad,
			want: []string{a, b + " " + pad},
			cut:  []string{a},
		},
		"three times": {
			in:   pad + " " + a + " " + a + " " + a,
			want: []string{pad + " " + a},
			cut:  []string{a + " " + a},
		},
		"within a sentence": {
			in:   "He said that the ferry of the island that the ferry of the island would stay. " + b + " " + pad,
			want: []string{"He said that the ferry of the island would stay. " + b + " " + pad},
			cut:  []string{"that the ferry of the island"},
		},
		"gallery with a count": {
			in:   a + " Life on the island « back 1 | 9 next » The harbour in May. Behind it the church. Gallery (9 pictures) " + b + " " + pad,
			want: []string{a, b + " " + pad},
			cut:  []string{"Life on the island « back 1 | 9 next » The harbour in May. Behind it the church. Gallery (9 pictures)"},
		},
		"gallery without": {
			in:   a + " Life on the island ‹ 1 of 9 › The harbour in May (4 pictures). " + b + " " + pad,
			want: []string{a, "The harbour in May (4 pictures). " + b + " " + pad},
			cut:  []string{"Life on the island ‹ 1 of 9 ›"},
		},
		"pager far from a sentence": {
			in:   "one two three four five six seven eight nine ten eleven twelve thirteen fourteen « back 2 / 9 next » " + b + " " + pad,
			want: []string{"one two three four five six seven eight nine ten eleven twelve thirteen fourteen " + b + " " + pad},
			cut:  []string{"« back 2 / 9 next »"},
		},
		"quotations and comparisons": {
			in: a + " « Nous avons 3 sur 4 bateaux » , he said, and so 3 « of 4 » it was. No, no, no, no, no, he said. " + b + " " + pad,
		},
		"at a distance": {in: a + " " + b + " " + a + " " + pad + " " + b},
		"a short line":  {in: a + " " + a},
	} {
		t.Run(name, func(t *testing.T) {
			blocks := []Block{{Text: "Before."}, {Text: c.in}, {Text: "Behind."}}
			want, whole := []string{"Before."}, []int{0}
			if c.want == nil {
				c.want = []string{c.in}
			}
			for _, s := range c.want {
				want, whole = append(want, s), append(whole, 1)
			}
			want, whole = append(want, "Behind."), append(whole, 2)
			out, origin, gone := unglue(blocks)
			var got, cut []string
			for _, b := range out {
				got = append(got, b.Text)
			}
			for _, g := range gone {
				if g.Block != 1 {
					t.Errorf("cut of block %d", g.Block)
				}
				cut = append(cut, g.Text)
			}
			if !slices.Equal(got, want) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
			if !slices.Equal(cut, c.cut) {
				t.Errorf("cut  %q\nwant %q", cut, c.cut)
			}
			if c.cut != nil && !slices.Equal(origin, whole) {
				t.Errorf("origin %v, want %v", origin, whole)
			}
			if again, _, more := unglue(out); more != nil {
				t.Errorf("not settled: %v, %v", again, more)
			}
		})
	}
}

// Whatever the text, unglue only takes away: what is left and what was cut are
// the words of the input, in its order.
func FuzzUnglue(f *testing.F) {
	f.Add(strings.Repeat("one two three four five six « 1 | 2 » (2 x) ", 20))
	f.Add(strings.Repeat("a. b c d e f ", 80))
	f.Fuzz(func(t *testing.T, s string) {
		s = tidy(strings.Repeat(s+" ", 1+gluedBytes/(len(s)+1)))
		out, origin, gone := unglue([]Block{{Text: s}})
		if gone == nil {
			if len(out) != 1 || out[0].Text != s {
				t.Fatalf("changed without a cut: %v", out)
			}
			return
		}
		if len(origin) != len(out) {
			t.Fatalf("%d origins of %d blocks", len(origin), len(out))
		}
		rest := strings.Fields(s)
		var kept []string
		for _, b := range out {
			kept = append(kept, strings.Fields(b.Text)...)
		}
		n := 0
		for _, g := range gone {
			n += len(strings.Fields(g.Text))
		}
		if len(kept)+n != len(rest) {
			t.Fatalf("%d words kept and %d cut of %d", len(kept), n, len(rest))
		}
		for _, w := range rest {
			if len(kept) > 0 && kept[0] == w {
				kept = kept[1:]
			}
		}
		if len(kept) > 0 {
			t.Fatalf("not in the input's order: %q", kept)
		}
	})
}
