// Fingerprint measures newsdedup's fingerprints: their speed beside that of
// what other Go programs do, their size, and how far the SimHashes of
// machine-made copies are apart beside those of unrelated articles, for each
// language.
//
//	fingerprint -data DIR [-speed] [-near]
//
// DIR holds wire2025/docs.jsonl.gz and languages/LANG.jsonl.gz, with the
// fields id, title, text and event a line.
package main

import (
	"flag"
	"log"
	"os"
	"path/filepath"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/bench/internal/jsonl"
)

type set struct {
	name  string
	docs  []newsdedup.Article
	event []string // of each, empty where unknown
	bytes int
}

func main() {
	log.SetFlags(0)
	data := flag.String("data", os.Getenv("NEWSDEDUP_DATA"), "folder of the data")
	speedFlag := flag.Bool("speed", false, "measure speed and size")
	nearFlag := flag.Bool("near", false, "measure distances of copies and of unrelated articles")
	rounds := flag.Int("rounds", 7, "with -speed: rounds; the least time counts")
	flag.Parse()
	if *data == "" || !*speedFlag && !*nearFlag {
		flag.Usage()
		os.Exit(2)
	}
	var sets []*set
	for _, f := range [][2]string{{"en", "wire2025/docs"}, {"de", "languages/de"}, {"es", "languages/es"}, {"pt", "languages/pt"}, {"ar", "languages/ar"}, {"ja", "languages/ja"}} {
		s, err := load(f[0], filepath.Join(*data, f[1]+".jsonl.gz"))
		if err != nil {
			log.Fatal(err)
		}
		sets = append(sets, s)
	}
	if *speedFlag {
		speed(sets, *rounds)
	}
	if *nearFlag {
		near(sets)
	}
}

func load(name, file string) (*set, error) {
	s := &set{name: name}
	docs, err := jsonl.Read[struct{ ID, Title, Text, Event string }](file)
	for _, d := range docs {
		s.docs = append(s.docs, newsdedup.Article{ID: d.ID, Title: d.Title, Text: d.Text})
		s.event = append(s.event, d.Event)
		s.bytes += len(d.Text)
	}
	return s, err
}
