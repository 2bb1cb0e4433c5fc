package newsdedup_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/storetest"
)

// A Logger is told when a store is opened and closed, of what was forgotten, of
// what a failing store undid, and before a store is made anew for another level;
// never of a single article that went well.
func TestLogger(t *testing.T) {
	var out strings.Builder
	o := &newsdedup.Options{Logger: slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{
		Level: slog.LevelDebug,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == "took" {
				return slog.Attr{}
			}
			return a
		},
	}))}
	var disk storetest.Memory
	d, s := openMemory(t, &disk, o)
	ctx := context.Background()
	day := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	add := func(id string, at time.Time) error {
		_, err := d.Add(ctx, &newsdedup.Article{ID: id, Text: "The ferry to the northern islands stopped for the night.", Published: at})
		return err
	}
	expect := func(what string, err error, lines ...string) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if got := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n"); strings.Join(got, "\n") != strings.Join(lines, "\n") {
			t.Errorf("%s: told\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(lines, "\n"))
		}
		out.Reset()
	}
	expect("Open", nil, `level=INFO msg="newsdedup: opened" articles=0`)
	expect("Add", errors.Join(add("1", day), add("2", day.AddDate(0, 0, 1)), add("3", day.AddDate(0, 0, 2))), "")
	expect("Remove", d.Remove(ctx, "3"), `level=DEBUG msg="newsdedup: Remove is done" articles=1 "looked at again"=0 err=<nil>`)
	_, err := d.Expire(ctx, day.AddDate(0, 0, 1))
	expect("Expire", err, `level=INFO msg="newsdedup: Expire is done" articles=1 "looked at again"=0 err=<nil>`)

	disk.Fail(s, errors.New("disk full"))
	if add("4", day) == nil || d.Remove(ctx, "2") == nil {
		t.Fatal("changes on a full disk succeed")
	}
	disk.Fail(s, nil)
	for _, want := range []string{`level=WARN msg="newsdedup: an Add was taken back" id=4 err="`, `level=WARN msg="newsdedup: articles that were to be forgotten are kept" articles=1 err="`, "disk full"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("on a full disk %q is not told:\n%s", want, out.String())
		}
	}
	out.Reset()
	expect("Close", d.Close(), `level=INFO msg="newsdedup: closed" err=<nil>`)

	o.GroupBy = newsdedup.Near
	d, err = newsdedup.Open(ctx, s, o)
	expect("Open with another level", err,
		`level=WARN msg="newsdedup: another version or GroupBy wrote the store: keys and links are made anew" articles=1 level=near`,
		`level=INFO msg="newsdedup: opened" articles=1`)
	expect("Close again", d.Close(), `level=INFO msg="newsdedup: closed" err=<nil>`)
}
