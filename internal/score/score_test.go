package score

import (
	"math"
	"testing"
)

// Six words have three runs of four, five have two, both of them in common:
// precision 1, recall 2/3, F1 4/5.
func TestF1(t *testing.T) {
	g := Page{ID: "x", Text: "one two three four five six", Headline: "zero"}
	for _, c := range []struct {
		text string
		want float64
	}{
		{"one two three four five six", 1},
		{"One, two, three: four five!", 0.8},
		{"zero one two three four five six", 1}, // the headline may be in
		{"seven eight nine ten", 0},
		{"", 0},
	} {
		if got := g.F1(c.text); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%q: %v, want %v", c.text, got, c.want)
		}
	}
	mean, below := MeanOfPages([]Page{g, {ID: "y", Text: "a b c d"}, {ID: "z"}}, map[string]string{"x": "one two three four five"})
	if math.Abs(mean-0.4) > 1e-12 || below != 0.5 {
		t.Errorf("mean %v, below %v", mean, below)
	}
}

// Precision is averaged over the pages with a text, recall over all: 1 and 1/3.
func TestMeanOfRates(t *testing.T) {
	gold := []Page{{ID: "x", Text: "one two three four five six"}, {ID: "y", Text: "a b c d"}}
	got := MeanOfRates(gold, map[string]string{"x": "one two three four five"})
	if math.Abs(got-0.5) > 1e-12 {
		t.Error(got)
	}
}

// Two of three snippets found and one that must not be there: F1 4/6. White
// space does not matter.
func TestSnippets(t *testing.T) {
	gold := []Page{{ID: "x", With: []string{"a  b", "c", "no such"}, Without: []string{"tail", "other"}}}
	got := Snippets(gold, map[string]string{"x": "a\nb c tail"})
	if math.Abs(got-2.0/3) > 1e-12 {
		t.Error(got)
	}
}
