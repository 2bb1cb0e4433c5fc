package main

import (
	"bytes"
	"strings"
	"testing"
)

// A small run finds what a look at all hashes finds, and says so.
func TestRun(t *testing.T) {
	var out bytes.Buffer
	if err := run([]string{"-n", "20000", "-queries", "50"}, &out); err != nil || !strings.Contains(out.String(), "it found the same") {
		t.Fatalf("%v\n%s", err, &out)
	}
	for _, args := range [][]string{{"-n", "0"}, {"-queries", "0"}, {"-nonsense"}} {
		if run(args, &out) == nil {
			t.Errorf("%v: not refused", args)
		}
	}
}
