package main

import (
	"bytes"
	"strings"
	"testing"
)

// A second of load, with the service ended and started again half-way: nothing
// is lost, and no answer is an error that is not the client's.
func TestRun(t *testing.T) {
	var out bytes.Buffer
	if err := run([]string{"-dir", t.TempDir(), "-clients", "16", "-for", "2s"}, &out); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	for _, want := range []string{"p99", "SIGTERM: ended without an error", "no fault"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing:\n%s", want, &out)
		}
	}
	for _, args := range [][]string{nil, {"-dir", t.TempDir(), "-clients", "0"}, {"-nonsense"}} {
		if run(args, &out) == nil {
			t.Errorf("%q: not refused", args)
		}
	}
}
