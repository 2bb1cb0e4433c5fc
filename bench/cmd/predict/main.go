// Command predict writes what the library says of labelled pairs, for the
// scorers that come with the data, through the public API alone.
//
//	predict -docs DOCS.jsonl.gz[,MORE.jsonl] -pairs PAIRS.jsonl > PREDICTIONS.jsonl
//	predict -docs DOCS.jsonl.gz -pairs PAIRS.jsonl -cluster rewrite > PREDICTIONS.jsonl
//
// With -cluster all documents are grouped at that level, a pair in one group
// is predicted "rewrite", others "unrelated", and the largest groups go to
// standard error.
package main

import (
	"bufio"
	"context"
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
	docs := flag.String("docs", "", "documents: {id, title, text}; several files, by comma")
	pairs := flag.String("pairs", "", "labelled pairs: {a, b}")
	cluster := flag.String("cluster", "", "group all documents at this level")
	raw := flag.Bool("raw", false, "take texts as they are, without NormalizeText")
	largest := flag.Int("largest", 20, "groups to print")
	flag.Parse()
	if err := run(strings.Split(*docs, ","), *pairs, *cluster, *raw, *largest); err != nil {
		log.Fatal(err)
	}
}

func run(docs []string, pairs, level string, raw bool, largest int) error {
	articles := map[string]*newsdedup.Article{}
	var order []*newsdedup.Article
	empty := 0
	for _, path := range docs {
		err := jsonl.Each(path, func(b []byte) error {
			var d struct {
				ID, Title, Text string
				N               int
			}
			if err := json.Unmarshal(b, &d); err != nil {
				return err
			}
			if d.ID == "" {
				d.ID = fmt.Sprintf("rewrite:%d", d.N)
			}
			a := &newsdedup.Article{Title: d.Title, Text: d.Text}
			if !raw {
				n, err := newsdedup.NormalizeText(strings.NewReader(d.Title+"\n\n"+d.Text), nil)
				switch {
				case errors.Is(err, newsdedup.ErrEmpty): // all chrome
					a.Text = ""
					empty++
				case err != nil:
					return fmt.Errorf("%s: %w", d.ID, err)
				default:
					a = n
				}
				if a.Title == "" {
					a.Title = d.Title
				}
			}
			a.ID = d.ID
			articles[d.ID] = a
			order = append(order, a)
			return nil
		})
		if err != nil {
			return err
		}
	}
	if empty > 0 {
		fmt.Fprintf(os.Stderr, "%d documents without article text\n", empty)
	}
	group := map[string]int{}
	if level != "" {
		by, err := newsdedup.ParseRelation(level)
		if err != nil {
			return err
		}
		start := time.Now()
		groups, err := newsdedup.Cluster(context.Background(), func(yield func(*newsdedup.Article, error) bool) {
			for _, a := range order {
				if !yield(a, nil) {
					return
				}
			}
		}, &newsdedup.Options{GroupBy: by})
		if err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "%d articles, %d groups, %v\n", len(order), len(groups), time.Since(start).Round(time.Millisecond))
		for i, g := range groups {
			for _, id := range g.Members {
				group[id] = i
			}
			if i < largest {
				fmt.Fprintf(os.Stderr, "%d articles, diameter %d, lead %s: %s\n", len(g.Members), g.Diameter, g.Lead, articles[g.Lead].Title)
				for _, id := range g.Members[:min(6, len(g.Members))] {
					fmt.Fprintf(os.Stderr, "    %s  %s\n", id, articles[id].Title)
				}
			}
		}
	}
	if pairs == "" {
		return nil
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	enc := json.NewEncoder(out)
	return jsonl.Each(pairs, func(b []byte) error {
		var p struct{ A, B string }
		if err := json.Unmarshal(b, &p); err != nil {
			return err
		}
		a, b2 := articles[p.A], articles[p.B]
		if a == nil || b2 == nil {
			return fmt.Errorf("no document %s or %s", p.A, p.B)
		}
		row := struct {
			A        string             `json:"a"`
			B        string             `json:"b"`
			Relation newsdedup.Relation `json:"relation"`
			Score    float64            `json:"score"`
		}{A: p.A, B: p.B}
		if level != "" {
			if group[p.A] == group[p.B] {
				row.Relation = newsdedup.Rewrite
			}
			return enc.Encode(row)
		}
		m, err := newsdedup.Compare(a, b2, nil)
		if err != nil {
			return err
		}
		row.Relation, row.Score = m.Relation, m.Score
		return enc.Encode(row)
	})
}
