// Extract runs newsdedup and its rivals over labelled pages and writes what
// each took for the article, OUT/SET/NAME.jsonl, for the scorers.
//
//	extract -data DIR -out DIR [-sets aeb,fundus] [-x newsdedup,trafilatura]
//	extract -data DIR -speed [-x parse,newsdedup]
//	extract -data DIR -variants [-x newsdedup,trafilatura]
//	extract -data DIR -results RESULTS.md
//
// With -variants the pages are also written anew, with neutral names, without
// names and metadata, in <br> and tables, with other articles around them, and
// articles of several languages are written into pages of the old kind; the
// score of each way is printed. The last form measures all extractors, accuracy
// and speed, and writes the section "Extraction" of RESULTS.md anew.
package main

import (
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/newsdedup/newsdedup/bench/internal/jsonl"
	"github.com/newsdedup/newsdedup/internal/score"
)

// gold is what is known of a page.
type gold struct {
	score.Page
	URL, Date, Lang string
}

type page struct {
	gold
	url  *url.URL
	body []byte
}

func main() {
	log.SetFlags(0)
	data := flag.String("data", os.Getenv("NEWSDEDUP_DATA"), "folder of the data: html/SET/gold.jsonl, html/SET/html/ID.html.gz")
	out := flag.String("out", "", "folder to write to")
	sets := flag.String("sets", "aeb,fundus,wcxb,traf", "which sets")
	names := flag.String("x", "newsdedup", "which extractors, or all")
	speed := flag.Bool("speed", false, "measure the time per page instead of writing texts")
	vary := flag.Bool("variants", false, "measure pages written anew in other markup")
	only := flag.String("variant", "", "with -variants: only this one; with -out: its pages and texts are written there")
	results := flag.String("results", "", "the file whose section on extraction is written anew")
	rounds := flag.Int("rounds", 3, "with -speed: rounds; the least time of a page counts")
	flag.Parse()
	if *data == "" || *out == "" && !*speed && !*vary && *results == "" {
		flag.Usage()
		os.Exit(2)
	}
	var chosen []extractor
	for _, x := range extractors {
		if *names == "all" || strings.Contains(","+*names+",", ","+x.name+",") {
			chosen = append(chosen, x)
		}
	}
	if *results != "" {
		if err := report(*results, *data, *rounds); err != nil {
			log.Fatal(err)
		}
		return
	}
	if *vary {
		if err := varied(*data, *out, *sets, *only, chosen); err != nil {
			log.Fatal(err)
		}
		return
	}
	var every []page
	for set := range strings.SplitSeq(*sets, ",") {
		pages, err := load(filepath.Join(*data, "html", set))
		if err != nil {
			log.Fatal(err)
		}
		if *speed {
			every = append(every, pages...)
			continue
		}
		for _, x := range chosen {
			if x.name == "parse" {
				continue
			}
			if err := write(filepath.Join(*out, set, x.name+".jsonl"), x, pages); err != nil {
				log.Fatal(err)
			}
		}
	}
	if *speed {
		fmt.Print(measure(every, chosen, *rounds))
	}
}

func load(dir string) ([]page, error) {
	golds, err := jsonl.Read[gold](filepath.Join(dir, "gold.jsonl"))
	if err != nil {
		return nil, err
	}
	var pages []page
	for _, g := range golds {
		p := page{gold: g}
		if u, err := url.Parse(g.URL); err == nil && g.URL != "" {
			p.url = u
		}
		if p.body, err = unzip(filepath.Join(dir, "html", g.ID+".html.gz")); err != nil {
			return nil, err
		}
		pages = append(pages, p)
	}
	return pages, nil
}

func unzip(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

func write(name string, x extractor, pages []page) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	e := json.NewEncoder(f)
	e.SetEscapeHTML(false)
	start := time.Now()
	for _, p := range pages {
		r, err := x.run(p.body, p.url)
		if err != nil {
			log.Printf("%s %s: %v", x.name, p.ID, err)
		}
		r.ID = p.ID
		if err := e.Encode(r); err != nil {
			return err
		}
	}
	fmt.Fprintf(os.Stderr, "%-20s %4d pages %6.1fs\n", x.name, len(pages), time.Since(start).Seconds())
	return f.Close()
}

// report writes the section of the results file between the marks.
func report(name, data string, rounds int) error {
	sets := map[string][]gold{}
	got := map[string]map[string]map[string]extracted{}
	var every []page
	for _, set := range []string{"aeb", "fundus", "wcxb", "traf"} {
		pages, err := load(filepath.Join(data, "html", set))
		if err != nil {
			return err
		}
		every = append(every, pages...)
		got[set] = map[string]map[string]extracted{}
		for _, p := range pages {
			sets[set] = append(sets[set], p.gold)
		}
		for _, x := range extractors[1:] {
			m := map[string]extracted{}
			for _, p := range pages {
				if r, err := x.run(p.body, p.url); err == nil {
					m[p.ID] = r
				}
			}
			got[set][x.name] = m
		}
	}
	var names []string
	for _, x := range extractors[1:] {
		names = append(names, x.name)
	}
	const begin, end = "<!-- extraction: begin -->\n", "<!-- extraction: end -->\n"
	section := begin + heading + accuracy(sets, got, names) + "\n" + speedNote + measure(every, extractors, rounds) + end
	old, err := os.ReadFile(name)
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	text := string(old)
	if i, j := strings.Index(text, begin), strings.Index(text, end); i >= 0 && j > i {
		text = text[:i] + section + text[j+len(end):]
	} else {
		if text != "" {
			text += "\n"
		}
		text += section
	}
	return os.WriteFile(name, []byte(text), 0o666)
}

const heading = `## Extraction

` + "`go run ./cmd/extract -data DIR -results RESULTS.md`" + ` writes this section. The pages are the labelled sets of
four open collections: aeb (article-extraction-benchmark), fundus, wcxb (WCXB) and traf (trafilatura); aeb: F1 of the mean precision and recall of 4-grams;
fundus, wcxb: mean over pages of the F1 of 4-grams, headline and summary in or out; traf: F1 of snippets. A headline is
right if its letters and digits are, a day in the zone of either side, a language if it is one of the publisher's country. The weights of
newsdedup's model were fitted to these pages; what it measures on sites that it was not fitted to stands in
internal/extract/model.go. With NEWSDEDUP_DATA set, in the folder above: ` + "`go test ./internal/extract -run TestFit$ -fit`" + ` fits
the model, ` + "`… -run TestCross -cross 5 -timeout 1h`" + ` measures it on the sites of each fold, fitted to the others, ` + "`… -cross-sets`" + ` on each
set, fitted to the other three. ` + "`go run ./cmd/flat -data DIR`" + ` measures NormalizeText on the same pages flattened, and
` + "`go run ./cmd/extract -data DIR -variants`" + ` pages written anew, as those of 2005 to 2012.

`

const speedNote = `Time of whole pages, bytes to text, parsing included, one core, the least of several rounds side by side:

`
