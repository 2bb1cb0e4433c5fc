package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
)

func runOn(t *testing.T, want int, in string, args ...string) (verdicts []map[string]any, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	if got := run(args, strings.NewReader(in), &out, &errs); got != want {
		t.Fatalf("exit status %d, want %d; stderr:\n%s", got, want, &errs)
	}
	for line := range strings.Lines(out.String()) {
		v := map[string]any{}
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		verdicts = append(verdicts, v)
	}
	return verdicts, errs.String()
}

func articles(t *testing.T) string {
	b, err := os.ReadFile("testdata/articles.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A report comes from a wire, then as a page with another headline, then
// trimmed, and eleven days later once more; two other stories and two lines
// that are no articles lie between. Every article gets its verdict, against
// those before it alone.
func TestStream(t *testing.T) {
	got, stderr := runOn(t, 1, articles(t))
	want := []struct{ id, relation, of string }{
		{"wire-1", "unrelated", ""},
		{"other-1", "unrelated", ""},
		{"https://coast-post.example/bridge", "exact", "wire-1"},
		{"trimmed", "near", ""},
		{"line 7", "unrelated", ""},
		{"late", "exact", ""},
	}
	if len(got) != len(want) {
		t.Fatalf("%d verdicts, want %d: %v", len(got), len(want), got)
	}
	for i, w := range want {
		v := got[i]
		if v["id"] != w.id || v["relation"] != w.relation || w.of != "" && v["of"] != w.of {
			t.Errorf("verdict %d is %v, want %v", i, v, w)
		}
		if w.relation != "unrelated" && (v["reason"] == nil || v["of"] == nil) {
			t.Errorf("verdict %d without a reason: %v", i, v)
		}
	}
	for _, line := range []string{"line 4: ", "line 6: ", "6 articles held, 2 bad lines\n"} {
		if !strings.Contains(stderr, line) {
			t.Errorf("standard error lacks %q:\n%s", line, stderr)
		}
	}
}

// With -keep, what is older than that is forgotten: the late copy finds none
// of those of eleven days before.
func TestKeep(t *testing.T) {
	got, stderr := runOn(t, 1, articles(t), "-keep", "72h")
	if last := got[len(got)-1]; last["relation"] != "unrelated" {
		t.Errorf("last verdict is %v", last)
	}
	if !strings.Contains(stderr, "2 articles held, 2 bad lines\n") {
		t.Error(stderr)
	}
}

// A page of any length, broken encoding and input that ends within a line are
// survived.
func TestHostileLines(t *testing.T) {
	good := `{"id":"a","text":"The council said on Monday that the market would move to the old station in spring."}`
	long := `{"id":"b","raw":"` + strings.Repeat("x", 17<<20) + `"}`
	in := long + "\n" + good + "\n[1,2]\n\"\xff\n{\"published\":\"soon\",\"text\":\"x\"}\n" + strings.Replace(good, `"a"`, `"c"`, 1)
	got, stderr := runOn(t, 1, in)
	if len(got) != 2 || got[0]["id"] != "a" || got[1]["id"] != "c" || got[1]["of"] != "a" {
		t.Errorf("verdicts %v\n%s", got, stderr)
	}
	if !strings.Contains(stderr, "4 bad lines") {
		t.Error(stderr)
	}
	if got, _ := runOn(t, 1, long); len(got) != 0 {
		t.Errorf("verdicts %v", got)
	}
	if got, stderr := runOn(t, 0, ""); len(got) != 0 || !strings.Contains(stderr, "0 articles") {
		t.Errorf("verdicts %v, %s", got, stderr)
	}
}

// The same ID again replaces the article and is no match of itself.
func TestReplace(t *testing.T) {
	line := `{"id":"a","text":"The council said on Monday that the market would move to the old station in spring."}` + "\n"
	got, _ := runOn(t, 0, line+line)
	if len(got) != 2 || got[1]["relation"] != "unrelated" {
		t.Errorf("verdicts %v", got)
	}
}

// Errors of the input and of the output are told.
func TestBroken(t *testing.T) {
	var out, errs bytes.Buffer
	if run(nil, broken{}, &out, &errs) != 1 || !strings.Contains(errs.String(), "broken") {
		t.Errorf("input: %s", &errs)
	}
	for _, args := range [][]string{{"-level", "similar"}, {"-level", "unrelated"}, {"-keep", "-1h"}, {"file"}, {"-nonsense"}} {
		if run(args, strings.NewReader(""), &out, &errs) != 2 {
			t.Errorf("%q: not refused", args)
		}
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("broken") }
