package main

import (
	"bytes"
	"strings"
	"testing"
)

// Every measure runs on a few hundred articles; all are there when the file is
// opened again.
func TestRun(t *testing.T) {
	var out bytes.Buffer
	if err := run([]string{"-dir", t.TempDir(), "-n", "300", "-modes", "memory,nosync,sync,all"}, &out); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	for _, want := range []string{"times as long as in memory", "all: 300 articles by AddAll", "Open: 300 articles", "Expire of ", "file compacted"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing:\n%s", want, &out)
		}
	}
	for _, args := range [][]string{nil, {"-dir", t.TempDir(), "-modes", "nonsense"}, {"-nonsense"}} {
		if run(args, &out) == nil {
			t.Errorf("%q: not refused", args)
		}
	}
}
