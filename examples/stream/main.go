// Command stream tells of each arriving article whether it has been seen. It
// reads one JSON object a line and prints one verdict a line as it comes.
//
//	go run ./examples/stream [-level near|partial|rewrite|samestory] [-keep 72h] <articles.jsonl
//
// A line has "text" (an article), "raw" (the text of a page with its menus and
// all) or "html" (a page), and, where known, "id", "url", "title",
// "publisher", "byline" and "published" (RFC 3339). Without "id" the URL is
// it, or else the number of the line; a line with an ID seen before replaces
// that article. With -keep, articles older than that, by the newest date seen,
// are forgotten. A line that cannot be read gets a message on standard error;
// then the exit status is 1, and the rest goes on all the same.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/newsdedup/newsdedup"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("stream", flag.ContinueOnError)
	flags.SetOutput(stderr)
	level := flags.String("level", "rewrite", "weakest relation that is told: near, partial, rewrite or samestory")
	keep := flags.Duration("keep", 0, "forget articles older than this; 0: never")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	groupBy, err := newsdedup.ParseRelation(*level)
	if err != nil || groupBy == newsdedup.Unrelated || flags.NArg() > 0 || *keep < 0 {
		fmt.Fprintln(stderr, "usage: stream [-level near|partial|rewrite|samestory] [-keep 72h] <articles.jsonl")
		return 2
	}
	d, err := newsdedup.New(&newsdedup.Options{GroupBy: groupBy})
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 2
	}
	defer d.Close()
	s := stream{d: d, keep: *keep, out: json.NewEncoder(stdout)}
	bad := 0
	in := bufio.NewReader(stdin)
	for number := 1; ; number++ {
		line, end, err := readLine(in)
		if err == nil && len(bytes.TrimSpace(line)) > 0 {
			err = s.take(line, number)
		}
		if err != nil {
			bad++
			fmt.Fprintf(stderr, "line %d: %v\n", number, err)
		}
		if end {
			break
		}
	}
	fmt.Fprintf(stderr, "%d articles, %d forgotten, %d bad lines\n", s.taken, s.forgotten, bad)
	return min(bad, 1)
}

type stream struct {
	d                *newsdedup.Deduper
	keep             time.Duration
	out              *json.Encoder
	newest           time.Time // date of publication
	expired          time.Time // the newest when articles were last forgotten
	taken, forgotten int
}

// verdict is what is printed of an article.
type verdict struct {
	ID       string             `json:"id"`
	Relation newsdedup.Relation `json:"relation"`        // the strongest to one seen before
	Of       string             `json:"of,omitempty"`    // that one
	Score    float64            `json:"score,omitempty"` // how sure that is
	Reason   string             `json:"reason,omitempty"`
	Others   int                `json:"others,omitempty"` // further matches
}

// take adds the article of a line and prints the verdict on it.
func (s *stream) take(line []byte, number int) error {
	a, err := parse(line, number)
	if err != nil {
		return err
	}
	res, err := s.d.Add(context.Background(), a)
	if err != nil {
		return err
	}
	v := verdict{ID: a.ID}
	if len(res.Matches) > 0 {
		m := res.Matches[0]
		v.Relation, v.Of, v.Score, v.Reason, v.Others = m.Relation, m.B, m.Score, m.Evidence.Reason, len(res.Matches)-1
	}
	s.taken++
	if err := s.out.Encode(v); err != nil {
		return err
	}
	if a.Published.After(s.newest) {
		s.newest = a.Published
	}
	if s.keep == 0 || s.newest.Sub(s.expired) < s.keep/64 {
		return nil
	}
	s.expired = s.newest
	n, err := s.d.Expire(context.Background(), s.newest.Add(-s.keep))
	s.forgotten += n
	return err
}
