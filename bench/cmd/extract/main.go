// Extract runs newsdedup and its rivals over labelled pages and writes what
// each took for the article, OUT/SET/NAME.jsonl, for the scorers.
//
//	extract -data DIR -out DIR [-sets aeb,fundus] [-x newsdedup,trafilatura]
package main

import (
	"bufio"
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
)

type page struct {
	id   string
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
	rounds := flag.Int("rounds", 3, "with -speed: rounds; the least time of a page counts")
	flag.Parse()
	if *data == "" || (*out == "" && !*speed) {
		flag.Usage()
		os.Exit(2)
	}
	var chosen []extractor
	for _, x := range extractors {
		if *names == "all" || strings.Contains(","+*names+",", ","+x.name+",") {
			chosen = append(chosen, x)
		}
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
		measure(every, chosen, *rounds)
	}
}

func load(dir string) ([]page, error) {
	f, err := os.Open(filepath.Join(dir, "gold.jsonl"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var pages []page
	s := bufio.NewScanner(f)
	s.Buffer(nil, 64<<20)
	for s.Scan() {
		var g struct{ ID, URL string }
		if err := json.Unmarshal(s.Bytes(), &g); err != nil {
			return nil, err
		}
		p := page{id: g.ID}
		if u, err := url.Parse(g.URL); err == nil && g.URL != "" {
			p.url = u
		}
		if p.body, err = unzip(filepath.Join(dir, "html", g.ID+".html.gz")); err != nil {
			return nil, err
		}
		pages = append(pages, p)
	}
	return pages, s.Err()
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
			log.Printf("%s %s: %v", x.name, p.id, err)
		}
		r.ID = p.id
		if err := e.Encode(r); err != nil {
			return err
		}
	}
	fmt.Fprintf(os.Stderr, "%-20s %4d pages %6.1fs\n", x.name, len(pages), time.Since(start).Seconds())
	return f.Close()
}
