// Command flat runs NormalizeText over texts in JSON lines (fields id and
// text; gzip if the name ends in .gz). It writes OUT as JSON lines of id and
// text for the scorers, or with -show prints each text with what was left out
// marked by its reason, for reading.
//
//	go run ./cmd/flat -data DIR
//	go run ./cmd/flat -in DIR/html/aeb/flat.jsonl.gz -out OUT/newsdedup.jsonl
//	go run ./cmd/flat -in DIR/wire2025/docs.jsonl.gz -show | less
//	go run ./cmd/flat -in DIR/wire2025/docs.jsonl.gz -learned
//
// The first form prints the mean over pages of the F1 of 4-grams on the flattened
// pages of the labelled sets, headline and summary in or out. With -learned it measures what profiles learned from the other texts of a
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
	"path/filepath"
	"strings"
	"time"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/bench/internal/jsonl"
	"github.com/newsdedup/newsdedup/internal/score"
)

// scores prints what NormalizeText reaches on the flattened pages.
func scores(data string) error {
	for _, set := range []string{"aeb", "fundus", "wcxb"} {
		gold, err := jsonl.Read[score.Page](filepath.Join(data, "html", set, "gold.jsonl"))
		if err != nil {
			return err
		}
		flats, err := jsonl.Read[doc](filepath.Join(data, "html", set, "flat.jsonl.gz"))
		if err != nil {
			return err
		}
		raw, got := map[string]string{}, map[string]string{}
		for _, d := range flats {
			raw[d.ID] = d.Text
			a, err := newsdedup.NormalizeText(strings.NewReader(d.Text), nil)
			if err != nil && !errors.Is(err, newsdedup.ErrEmpty) {
				return fmt.Errorf("%s: %w", d.ID, err)
			}
			if err == nil {
				got[d.ID] = a.Text
			}
		}
		before, _ := score.MeanOfPages(gold, raw)
		mean, below := score.MeanOfPages(gold, got)
		fmt.Printf("%-8s %.3f (%.1f %% of the pages below .5); as flattened %.3f\n", set, mean, 100*below, before)
	}
	return nil
}

func main() {
	log.SetFlags(0)
	data := flag.String("data", os.Getenv("NEWSDEDUP_DATA"), "folder of the data: html/SET/gold.jsonl, html/SET/flat.jsonl.gz; without -in")
	in := flag.String("in", "", "JSON lines with id and text")
	out := flag.String("out", "", "file to write")
	show := flag.Bool("show", false, "print kept and stripped pieces")
	only := flag.Bool("stripped", false, "with -show: print the stripped pieces only")
	profiles := flag.Bool("learned", false, "measure learned chrome; the texts have a source and an event")
	flag.Parse()
	if *in == "" {
		if err := scores(*data); err != nil {
			log.Fatal(err)
		}
		return
	}
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
