package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/boltstore"
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
	// Three streams that know nothing of each other make one sound store.
	dir := t.TempDir()
	out.Reset()
	if err := run([]string{"-dir", dir, "-n", "400", "-modes", "fill,open", "-parts", "3", "-keep"}, &out); err != nil || !strings.Contains(out.String(), "Open: 400 articles") {
		t.Fatalf("%v\n%s", err, &out)
	}
	s, err := boltstore.Open(filepath.Join(dir, "bench.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	d, err := newsdedup.Open(context.Background(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Verify(context.Background()); err != nil {
		t.Error(err)
	}
	for _, args := range [][]string{nil, {"-dir", t.TempDir(), "-modes", "nonsense"}, {"-nonsense"}} {
		if run(args, &out) == nil {
			t.Errorf("%q: not refused", args)
		}
	}
}
