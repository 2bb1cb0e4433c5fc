// Command flat runs NormalizeText over texts in JSON lines (fields id and
// text; gzip if the name ends in .gz). It writes OUT as JSON lines of id and
// text for the scorers, or with -show prints each text with what was left out
// marked by its reason, for reading.
//
//	go run ./cmd/flat -in DIR/html/aeb/flat.jsonl.gz -out OUT/newsdedup.jsonl
//	go run ./cmd/flat -in DIR/wire2025/docs.jsonl.gz -show | less
//	go run ./cmd/flat -in DIR/wire2025/docs.jsonl.gz -learned
//
// With -learned it measures what profiles learned from the other texts of a
// publisher take away.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/bench/internal/jsonl"
)

func main() {
	log.SetFlags(0)
	in := flag.String("in", "", "JSON lines with id and text")
	out := flag.String("out", "", "file to write")
	show := flag.Bool("show", false, "print kept and stripped pieces")
	only := flag.Bool("stripped", false, "with -show: print the stripped pieces only")
	profiles := flag.Bool("learned", false, "measure learned chrome; the texts have a source and an event")
	flag.Parse()
	w := bufio.NewWriter(os.Stdout)
	if *out != "" {
		o, err := os.Create(*out)
		if err != nil {
			log.Fatal(err)
		}
		defer o.Close()
		w = bufio.NewWriter(o)
	}
	defer w.Flush()
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	var size int
	var spent time.Duration
	docs, err := jsonl.Read[doc](*in)
	if err != nil {
		log.Fatal(err)
	}
	if *profiles {
		if err := learned(w, docs); err != nil {
			log.Fatal(err)
		}
		return
	}
	for _, d := range docs {
		var gone []newsdedup.Stripped
		start := time.Now()
		a, err := newsdedup.NormalizeText(strings.NewReader(d.Text), &newsdedup.NormalizeOptions{Stripped: func(x newsdedup.Stripped) { gone = append(gone, x) }})
		spent += time.Since(start)
		size += len(d.Text)
		if errors.Is(err, newsdedup.ErrEmpty) {
			a = &newsdedup.Article{}
		} else if err != nil {
			log.Fatalf("%s: %v", d.ID, err)
		}
		if !*show {
			if err := enc.Encode(map[string]string{"id": d.ID, "text": a.Text}); err != nil {
				log.Fatal(err)
			}
			continue
		}
		fmt.Fprintf(w, "##### %s\n# given title %q\n# title %q byline %q publisher %q published %s credits %v\n", d.ID, d.Title, a.Title, a.Byline, a.Publisher, a.Published.Format(time.RFC3339), a.Credits)
		for _, g := range gone {
			fmt.Fprintf(w, "- [%s] %s\n", g.Reason, g.Text)
		}
		if !*only {
			fmt.Fprintf(w, "%s\n", a.Text)
		}
	}
	fmt.Fprintf(os.Stderr, "%d bytes, %.1f MB/s\n", size, float64(size)/1e6/spent.Seconds())
}
