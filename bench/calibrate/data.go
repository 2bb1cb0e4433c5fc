package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/newsdedup/newsdedup/bench/internal/jsonl"
)

// Levels of a labelled pair, weakest first.
const (
	different = iota // different or topic
	event
	rewrite
	partial
	copied
)

var labels = map[string]int{"different": different, "topic": different, "event": event, "rewrite": rewrite, "partial": partial, "copy": copied}

type doc struct {
	ID, Title, Text, Event, Source, Date, Topic string

	plain bool // the text of an article alone
}

type pair struct {
	set    string // data set
	a, b   *doc
	label  string
	level  int
	high   bool
	weight float64
	style  string
	why    string // the labeller's reason
	group  string // pairs of one group stay on one side of a cross-validation
}

func loadDocs(path string) (map[string]*doc, []*doc, error) {
	m := map[string]*doc{}
	var list []*doc
	err := jsonl.Each(path, func(b []byte) error {
		d := new(doc)
		if err := json.Unmarshal(b, d); err != nil {
			return err
		}
		m[d.ID] = d
		d.plain = strings.Contains(path, "reuters1987") || strings.Contains(path, "languages")
		list = append(list, d)
		return nil
	})
	return m, list, err
}

func loadPairs(set, path string, docs map[string]*doc) ([]*pair, error) {
	var out []*pair
	err := jsonl.Each(path, func(b []byte) error {
		var r struct {
			A, B, Label, Conf, Style, Why string
			Weight                        float64
		}
		if err := json.Unmarshal(b, &r); err != nil {
			return err
		}
		p := &pair{set: set, a: docs[r.A], b: docs[r.B], label: r.Label, level: labels[r.Label], high: r.Conf == "high" || r.Conf == "", weight: r.Weight, style: r.Style, why: r.Why}
		if p.a == nil || p.b == nil {
			return fmt.Errorf("unknown document in %s", b)
		}
		if p.weight == 0 {
			p.weight = 1
		}
		p.group = set + p.b.Event
		if p.b.Event == "" {
			p.group = set + p.a.ID
		}
		out = append(out, p)
		return nil
	})
	return out, err
}

// load reads every labelled set below dir: the pairs, and all documents of the
// sets whose events are known.
func load(dir string) ([]*pair, map[string][]*doc, error) {
	var all []*pair
	join := func(p ...string) string { return filepath.Join(append([]string{dir}, p...)...) }
	wire, stories, err := loadDocs(join("wire2025", "docs.jsonl.gz"))
	if err != nil {
		return nil, nil, err
	}
	err = jsonl.Each(join("wire2025", "rewrites.jsonl"), func(b []byte) error {
		var r struct {
			N                  int
			Event, Title, Text string
		}
		if err := json.Unmarshal(b, &r); err != nil {
			return err
		}
		id := fmt.Sprintf("rewrite:%d", r.N)
		wire[id] = &doc{ID: id, Title: r.Title, Text: r.Title + "\n" + r.Text, Event: r.Event}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	for _, s := range []struct{ set, pairs string }{{"wire", "pairs.jsonl"}, {"rewrites", "rewrite_pairs.jsonl"}} {
		ps, err := loadPairs(s.set, join("wire2025", s.pairs), wire)
		if err != nil {
			return nil, nil, err
		}
		for _, p := range ps {
			p.group = p.b.Event
		}
		all = append(all, ps...)
	}
	for _, set := range []string{"reuters1987", "german2013"} {
		docs, _, err := loadDocs(join(set, "docs.jsonl.gz"))
		if err != nil {
			return nil, nil, err
		}
		ps, err := loadPairs(set, join(set, "pairs.jsonl"), docs)
		if err != nil {
			return nil, nil, err
		}
		if set == "reuters1987" {
			for _, p := range ps {
				if symbol(p.a.Title) == "" {
					p.group = set + titleKind(p.a.Title)
				}
			}
		}
		all = append(all, ps...)
		if set == "reuters1987" {
			for _, p := range ps {
				q := *p
				q.set, q.a, q.b = "joined", joined(p.a), joined(p.b)
				all = append(all, &q)
			}
		}
	}
	_, basil, err := loadDocs(join("story", "basil_docs.jsonl.gz"))
	if err != nil {
		return nil, nil, err
	}
	_, ecb, err := loadDocs(join("story", "ecbplus_docs.jsonl.gz"))
	if err != nil {
		return nil, nil, err
	}
	for _, c := range []struct {
		set  string
		docs []*doc
	}{{"basil", basil}, {"ecb", ecb}} {
		for i, a := range c.docs {
			for j, b := range c.docs[:i] {
				p := &pair{set: c.set, a: a, b: b, high: true, weight: 1}
				p.group = c.set + a.Topic
				if c.set == "basil" {
					p.group = c.set + a.Event
				}
				if c.set == "ecb" && (i*13+j*7)%3 != 0 {
					continue // a third of them is plenty
				}
				switch {
				case a.Event == b.Event:
					p.label, p.level = "event", event
				case a.Topic != "" && a.Topic == b.Topic:
					p.label = "topic"
				case (i*31+j*17)%37 == 0:
					p.label = "different"
				default:
					continue
				}
				all = append(all, p)
			}
		}
	}
	err = jsonl.Each(join("story", "telegram_pairs.jsonl.gz"), func(b []byte) error {
		var r struct{ ID, Lang, Title1, Title2, Text1, Text2, Label string }
		if err := json.Unmarshal(b, &r); err != nil {
			return err
		}
		p := &pair{set: "telegram", a: &doc{ID: r.ID + "/1", Title: r.Title1, Text: r.Text1}, b: &doc{ID: r.ID + "/2", Title: r.Title2, Text: r.Text2}, high: true, weight: 1, group: "telegram" + r.Title1, label: "topic"}
		if r.Label == "OK" {
			p.label, p.level = "event", event
		}
		all = append(all, p)
		return nil
	})
	return all, map[string][]*doc{"wire": stories, "ecb": ecb}, err
}

// joined is a Reuters story with the lines of each paragraph joined: they are
// wrapped at a column, and the first one of a paragraph is indented.
func joined(d *doc) *doc {
	var b strings.Builder
	for i, line := range strings.Split(d.Text, "\n") {
		switch t := strings.TrimSpace(line); {
		case t == "":
		case i == 0:
			b.WriteString(t)
		case strings.HasPrefix(line, "  "):
			b.WriteString("\n\n" + t)
		default:
			b.WriteString(" " + t)
		}
	}
	c := *d
	c.Text = b.String()
	return &c
}
