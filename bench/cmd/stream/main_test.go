package main

import (
	"bytes"
	"math"
	"strings"
	"testing"
)

// Every measure runs on a few hundred articles, and what can be said without
// times holds: nothing is linked that a comparison of all pairs does not link.
func TestMeasures(t *testing.T) {
	var out, errs bytes.Buffer
	args := []string{"-n", "600", "-seed", "7", "-data", "", "shape", "add", "hold", "cluster", "rival", "oracle", "boilerplate", "levels"}
	if code := run(args, &out, &errs); code != 0 {
		t.Fatalf("exit status %d\n%s\n%s", code, &out, &errs)
	}
	for _, want := range []string{
		"two cores: ", "an article: ", "Expire of ", "by CPU time: ", "throughput with boilerplate: ", "partial together",
		"links that are not among those of all pairs: 0\n", " others looked at 0 are linked\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing:\n%s", want, &out)
		}
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{nil, {"-n", "5", "add"}, {"nonsense"}, {"-nonsense"}} {
		var out, errs bytes.Buffer
		if run(args, &out, &errs) != 2 || errs.Len() == 0 {
			t.Errorf("%q: not refused", args)
		}
	}
}

// Five articles of two families, {0 1 2} and {3 4}, in groups {0 1} and {2 3 4}.
// By pairs: of the 4 in groups and the 4 in families 2 are in both. B-cubed
// precision is (1+1+1/3+2/3+2/3)/5, recall (2/3+2/3+1/3+1+1)/5.
func TestCompare(t *testing.T) {
	s := compare([]int{9, 9, 5, 5, 5}, []int{1, 1, 1, 2, 2})
	for _, x := range []struct{ got, want float64 }{
		{s.pairP, .5}, {s.pairR, .5}, {s.cubeP, 11. / 15}, {s.cubeR, 11. / 15}, {float64(s.mixed), 1},
	} {
		if math.Abs(x.got-x.want) > 1e-9 {
			t.Errorf("%+v: %v, want %v", s, x.got, x.want)
		}
	}
	if f := f1(.5, 1); math.Abs(f-2./3) > 1e-9 || f1(0, 0) != 0 {
		t.Errorf("F1 of .5 and 1 is %v", f)
	}
}
