package main

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/bench/internal/jsonl"
	"github.com/newsdedup/newsdedup/bench/internal/news"
)

// sample is how many articles of a collection are looked at.
const sample = 800

func (m *measure) shape() error {
	var names []string
	var shapes []news.Shape
	if m.data != "" {
		for _, name := range []string{"wire2025/docs", "reuters1987/docs", "languages/es"} {
			articles, families, err := collection(filepath.Join(m.data, name+".jsonl.gz"))
			if err != nil {
				return err
			}
			names, shapes = append(names, name), append(shapes, news.Measure(articles, families))
		}
	}
	s, err := m.stream(news.Config{})
	if err != nil {
		return err
	}
	var w news.Writer
	var articles []newsdedup.Article
	var families []string
	for i := range sample {
		a, t := w.Article(s, m.n+i)
		articles, families = append(articles, a), append(families, strconv.Itoa(t.Event))
	}
	news.Print(m.out, append(names, "made"), append(shapes, news.Measure(articles, families)))
	return nil
}

// collection reads the first articles of a data set, normalized as flattened
// text, with the event of each or else its ID.
func collection(path string) (articles []newsdedup.Article, families []string, err error) {
	enough := errors.New("enough")
	err = jsonl.Each(path, func(b []byte) error {
		var d struct{ ID, Title, Text, Event string }
		if err := json.Unmarshal(b, &d); err != nil {
			return err
		}
		a, err := newsdedup.NormalizeText(strings.NewReader(d.Text), nil)
		if err != nil {
			return nil // no article text
		}
		a.ID, a.Title = d.ID, d.Title
		if d.Event == "" {
			d.Event = d.ID
		}
		articles, families = append(articles, *a), append(families, d.Event)
		if len(articles) == sample {
			return enough
		}
		return nil
	})
	if errors.Is(err, enough) {
		err = nil
	}
	return articles, families, err
}
