package verdict

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/newsdedup/newsdedup/internal/sketch"
)

func notice(t *testing.T, text string) *Notice {
	t.Helper()
	var b sketch.Builder
	var s sketch.Sketch
	b.Build(&s, "", text)
	tokens, kinds, _ := sketch.Tokens(string(s.Append(nil)))
	x := new(Notice)
	if !x.Of(tokens, kinds) {
		t.Fatalf("%d tokens are no notice", len(tokens)/2)
	}
	return x
}

// A harbour reports every evening how many ships wait. The same frame with another
// figure, or about another harbour, is the next of a series; the report cut short,
// or with a sentence more, is the same report.
func TestDiffer(t *testing.T) {
	const report = "The harbour office of Hollen said 14 ships were waiting at the outer piers on its evening count. Loading went on without delay, said the office."
	for _, c := range []struct {
		name, other string
		want        bool
	}{
		{"the same", report, false},
		{"another figure", strings.Replace(report, "14", "17", 1), true},
		{"another harbour", strings.ReplaceAll(report, "Hollen", "Marrick"), true},
		{"no figure", strings.Replace(report, "14 ", "", 1), true},
		{"without its last sentence", report[:strings.Index(report, " Loading")], false},
		{"without its first words", strings.Replace(report, "The harbour office of Hollen said ", "", 1), false},
		{"a sentence more", report + " Masters were told to expect 30 berths.", false},
		{"another harbour and other words", strings.Replace(strings.ReplaceAll(report, "Hollen", "Marrick"), "delay", "trouble", 1), true},
		{"a figure before all that is common", "18.40: " + report, false},
		{"one word for another", strings.Replace(report, "delay", "trouble", 1), false},
	} {
		x, y := notice(t, report), notice(t, c.other)
		if got := Differ(x, y); got != c.want || Differ(y, x) != got {
			t.Errorf("%s: %v, the other way %v", c.name, got, Differ(y, x))
		}
	}
	var x Notice
	if x.Of("", "") || x.Of(strings.Repeat("ab", 61), strings.Repeat("\x00", 16)) || !x.Of(strings.Repeat("ab", 60), strings.Repeat("\x00", 15)) {
		t.Error("a notice has one token at least, and sixty at most")
	}
	if !x.Of(strings.Repeat("ab", 200), strings.Repeat("\x02", 50)) || x.Of(strings.Repeat("ab", 200), "\x00"+strings.Repeat("\x02", 49)) || x.Of(strings.Repeat("ab", 201), strings.Repeat("\x02", 51)) {
		t.Error("a table has two hundred tokens at most, and a quarter of them are numbers")
	}
}

// Whatever two notices hold: they differ or do not, whichever is first, and no
// notice differs from itself.
func TestDifferSymmetric(t *testing.T) {
	rng := rand.New(rand.NewPCG(41, 42))
	differ := 0
	for range 5000 {
		var x, y Notice
		for _, n := range []*Notice{&x, &y} {
			n.n = 1 + rng.IntN(maxNotice)
			for i := range n.n {
				n.tokens[i], n.kinds[i] = uint16(rng.IntN(200)), sketch.Kind(rng.IntN(40)/10)
			}
		}
		if rng.IntN(2) == 0 { // a cut
			y = x
			y.n = 1 + rng.IntN(x.n)
		}
		got := Differ(&x, &y)
		if got != Differ(&y, &x) || Differ(&x, &x) {
			t.Fatalf("%v of\n%v\n%v", got, x, y)
		}
		if got {
			differ++
		}
	}
	if differ < 1000 || differ > 4000 {
		t.Errorf("%d of 5000 differ: the test does not reach both", differ)
	}
}
