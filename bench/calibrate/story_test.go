package main

import (
	"math"
	"testing"
)

// Of four documents of two events one is in the group of the other event. Its
// own precision is 1 of 2 documents, and so is that of the one it was put to;
// the two of the first event that stay together have 2 of 2 but miss the third.
func TestBcubed(t *testing.T) {
	got := bcubed([]int{0, 0, 1, 1}, []string{"a", "a", "a", "b"})
	p, r, f := got[0], got[1], got[2]
	wantP := (1 + 1 + .5 + .5) / 4
	wantR := (2./3 + 2./3 + 1./3 + 1) / 4
	if math.Abs(p-wantP)+math.Abs(r-wantR)+math.Abs(f-2*wantP*wantR/(wantP+wantR)) > 1e-12 {
		t.Errorf("%v %v %v, want %v %v", p, r, f, wantP, wantR)
	}
}
