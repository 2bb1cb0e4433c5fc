package main

import (
	"bytes"
	"strings"
	"testing"
)

// A small run finds what a look at all hashes finds, and says so.
func TestRun(t *testing.T) {
	var out, errs bytes.Buffer
	if code := run([]string{"-n", "20000", "-queries", "50"}, &out, &errs); code != 0 || !strings.Contains(out.String(), "it found the same") {
		t.Fatalf("exit status %d\n%s%s", code, &out, &errs)
	}
	for _, args := range [][]string{{"-n", "0"}, {"-queries", "0"}, {"-nonsense"}} {
		if run(args, &out, &errs) != 2 {
			t.Errorf("%v: not refused", args)
		}
	}
}
