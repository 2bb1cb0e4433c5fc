// Command stream tells of each arriving article whether it has been seen. It
// reads one JSON object a line and prints one verdict a line as it comes.
//
//	go run ./examples/stream [-level near|partial|rewrite|samestory] [-keep 72h] <articles.jsonl
//
// A line is a newsdedup.Article; instead of "text" it may have "raw", the text
// of a page with its menus and all, or "html", the page. What it says goes
// before what is found in the page. Without "id" the URL is it, or else the
// number of the line; a line with an ID seen before replaces that article. With
// -keep, articles older than that, by the newest date seen, are forgotten. A
// line that cannot be read gets a message on standard error; then the exit
// status is 1, and the rest goes on all the same.
package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/newsdedup/newsdedup"
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("stream", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var level newsdedup.Relation
	flags.TextVar(&level, "level", newsdedup.Rewrite, "weakest relation that is told: near, partial, rewrite or samestory")
	keep := flags.Duration("keep", 0, "forget articles older than this; 0: never")
	if flags.Parse(args) != nil {
		return 2
	}
	if level == newsdedup.Unrelated || *keep < 0 || flags.NArg() > 0 {
		flags.Usage()
		return 2
	}
	d, err := newsdedup.New(&newsdedup.Options{GroupBy: level})
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 2
	}
	ctx, bad, newest := context.Background(), 0, time.Time{}
	in := bufio.NewReader(stdin)
	for number := 1; err == nil; number++ {
		var line []byte
		line, err = in.ReadBytes('\n')
		date, fault := take(ctx, d, line, number, json.NewEncoder(stdout))
		// A date in the future is a mistake, and not to forget all others for.
		if *keep > 0 && date.Sub(newest) > *keep/64 && date.Before(time.Now()) {
			newest = date
			_, fault = d.Expire(ctx, newest.Add(-*keep))
		}
		if err != nil && err != io.EOF {
			fault = err
		}
		if fault != nil {
			fmt.Fprintf(stderr, "line %d: %v\n", number, fault)
			bad++
		}
	}
	fmt.Fprintf(stderr, "%d articles held, %d bad lines\n", d.Stats().Articles, bad)
	return min(bad, 1)
}

// verdict is what is told of an article.
type verdict struct {
	ID       string             `json:"id"`
	Relation newsdedup.Relation `json:"relation"`     // the strongest to one seen before
	Of       string             `json:"of,omitempty"` // that one
	Reason   string             `json:"reason,omitempty"`
}

// take adds the article of a line, prints the verdict on it and returns its date.
func take(ctx context.Context, d *newsdedup.Deduper, line []byte, number int, out *json.Encoder) (time.Time, error) {
	var in struct{ Raw, HTML, URL string }
	if len(bytes.TrimSpace(line)) == 0 {
		return time.Time{}, nil
	}
	err := json.Unmarshal(line, &in)
	a, o := new(newsdedup.Article), &newsdedup.NormalizeOptions{URL: in.URL}
	switch {
	case err != nil:
	case in.HTML != "":
		a, err = newsdedup.NormalizeHTML(strings.NewReader(in.HTML), o)
	case in.Raw != "":
		a, err = newsdedup.NormalizeText(strings.NewReader(in.Raw), o)
	}
	if err == nil {
		err = json.Unmarshal(line, a) // over what the page says
	}
	if err == nil && strings.TrimSpace(a.Text) == "" {
		err = newsdedup.ErrEmpty
	}
	if err != nil {
		return time.Time{}, err
	}
	a.ID = cmp.Or(a.ID, a.URL, fmt.Sprint("line ", number))
	result, err := d.Add(ctx, a)
	if err != nil {
		return time.Time{}, err
	}
	v := verdict{ID: a.ID}
	if len(result.Matches) > 0 {
		m := result.Matches[0]
		v.Relation, v.Of, v.Reason = m.Relation, m.B, m.Evidence.Reason
	}
	return a.Published, out.Encode(v)
}
