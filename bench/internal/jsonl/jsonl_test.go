package jsonl

import (
	"compress/gzip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const lines = "{\"n\": 1}\n\n{\"n\": 2}\n \t\n{\"n\": 3}" // blank ones between, none behind the last

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if strings.HasSuffix(name, ".gz") {
		z := gzip.NewWriter(f)
		defer z.Close()
		z.Write([]byte(text))
	} else {
		f.WriteString(text)
	}
	return path
}

// A file is the same values, gzipped or not.
func TestRead(t *testing.T) {
	type value struct{ N int }
	for _, name := range []string{"values.jsonl", "values.jsonl.gz"} {
		got, err := Read[value](write(t, name, lines))
		if want := []value{{1}, {2}, {3}}; err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v; want %v", name, got, err, want)
		}
	}
}

// Whatever is wrong, the error says with which file.
func TestErrorsNameTheFile(t *testing.T) {
	whole := write(t, "whole.jsonl.gz", strings.Repeat(lines+"\n", 1000))
	b, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{
		filepath.Join(t.TempDir(), "absent.jsonl"),
		write(t, "bad.jsonl", "{\"n\": 1}\n{\"n\": x}"),
		cut(t, b[:len(b)/2]),
	} {
		if _, err := Read[struct{ N int }](path); err == nil || !strings.Contains(err.Error(), filepath.Base(path)) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// cut is a file that holds part of a gzipped one.
func cut(t *testing.T, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "cut.jsonl.gz")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
