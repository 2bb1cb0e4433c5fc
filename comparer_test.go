package newsdedup

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// One comparer for everything, in any order, tells to the last bit what a new
// one tells of each pair, evidence included: a text that stays from one pair to
// the next, as either side, is indexed once, and texts that are sampled at
// different levels come in between.
func TestComparerIsPure(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	word := func() string {
		return fmt.Sprintf("%c%s", 'A'+rune(rng.IntN(26)), []string{"arbour", "inister", "ictory", "ailway", "eventeen", "orning", "urope"}[rng.IntN(7)])
	}
	sentence := func() string {
		s := "The " + word()
		for range 4 + rng.IntN(12) {
			s += " " + strings.ToLower(word()) + fmt.Sprint(" ", rng.IntN(900)) + " " + word()
		}
		return s + "."
	}
	var prints []Fingerprint
	for k := range 14 {
		n := 2 + rng.IntN(12)
		if k%5 == 0 {
			n = 200 // sampled
		}
		story := make([]string, n)
		for i := range story {
			story[i] = sentence()
		}
		for v := range 2 {
			if v > 0 {
				story[rng.IntN(n)] = sentence()
				story = story[:n-n/4]
			}
			prints = append(prints, SchemeDefault.Fingerprint(&Article{ID: fmt.Sprint(k, "/", v), Title: story[0], Text: strings.Join(story, "\n\n")}))
		}
	}
	levels := map[uint8]bool{}
	shared := new(comparer)
	x, y := &prints[0], &prints[1]
	for range 1200 {
		switch rng.IntN(4) {
		case 0:
			x = &prints[rng.IntN(len(prints))]
		case 1:
			y = &prints[rng.IntN(len(prints))]
		case 2:
			x, y = y, x
		}
		got, want := shared.relate(x, y, true), new(comparer).relate(x, y, true)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%s, %s:\n%+v\nwant\n%+v", x.ID(), y.ID(), got, want)
		}
		for level := range Exact + 1 {
			r, score := shared.judge(x.sketch, y.sketch, level, nil)
			if got.Relation < level && r < level {
				continue // what it is is not asked for
			}
			if r != got.Relation || float64(score)/1e4 != got.Score {
				t.Fatalf("%s, %s: judge at %v %v %d, relate %v %v", x.ID(), y.ID(), level, r, score, got.Relation, got.Score)
			}
		}
		levels[shared.level] = true
	}
	if len(levels) < 2 {
		t.Errorf("all pairs were at one level: %v", levels)
	}
}
