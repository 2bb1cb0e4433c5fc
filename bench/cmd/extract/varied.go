package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/newsdedup/newsdedup/bench/internal/jsonl"
	"github.com/newsdedup/newsdedup/internal/score"
	"github.com/newsdedup/newsdedup/internal/variant"
)

// varied prints the scores of every variant of the sets, and of synthetic and
// period pages of several languages. With a folder it writes there what each page was
// and what was taken for the article.
func varied(data, out, sets, only string, chosen []extractor) error {
	for set := range strings.SplitSeq(sets, ",") {
		if !exists(filepath.Join(data, "html", set)) {
			continue
		}
		pages, err := load(filepath.Join(data, "html", set))
		if err != nil {
			return err
		}
		var list []gold
		var others []variant.Article
		for _, p := range pages {
			list, others = append(list, p.gold), append(others, article(p.gold))
		}
		for _, v := range append([]string{"as it is"}, variant.Names[:]...) {
			if only != "" && v != only || set == "traf" && (strings.Contains(v, "tail") || v == "columns") {
				continue
			}
			for _, x := range chosen {
				got := map[string]extracted{}
				for _, p := range pages {
					p.body = variant.Make(v, p.body, article(p.gold), others)
					r, _ := x.run(p.body, p.url)
					got[p.ID] = r
					if err := keep(out, set, v, p, r); err != nil {
						return err
					}
				}
				fmt.Printf("%-12s %-10s %-20s %s\n", set, v, x.name, measured(set, list, got))
			}
		}
	}
	if only == "" || only == "synthetic" {
		if err := synthetic(data, out, chosen); err != nil {
			return err
		}
	}
	if only == "" || only == "period" {
		return period(data, out, chosen)
	}
	return nil
}

// languages are those that synthetic and period pages are written in.
var languages = []string{"en", "de", "es", "pt", "ru", "el", "pl", "ja", "zh", "ar"}

func synthetic(data, out string, chosen []extractor) error {
	for _, lang := range languages {
		docs, others, err := articles(data, lang)
		if err != nil {
			return err
		}
		for _, x := range chosen {
			got := map[string]extracted{}
			for _, g := range docs {
				p := page{gold: g, body: variant.Synthetic(article(g), others)}
				r, _ := x.run(p.body, nil)
				got[g.ID] = r
				if err := keep(out, "synthetic", lang, p, r); err != nil {
					return err
				}
			}
			fmt.Printf("%-12s %-10s %-20s %s\n", "synthetic", lang, x.name, measured("synthetic", docs, got))
		}
	}
	return nil
}

// period prints the scores of pages of the years 2005 to 2012, four layouts an
// article, by language and by layout. Every second article is cut to a brief of
// its first paragraphs.
func period(data, out string, chosen []extractor) error {
	for _, x := range chosen {
		golds, got := map[string][]gold{}, map[string]map[string]extracted{}
		add := func(key string, g gold, r extracted) {
			if got[key] == nil {
				got[key] = map[string]extracted{}
			}
			golds[key] = append(golds[key], g)
			got[key][g.ID] = r
		}
		for _, lang := range languages {
			docs, others, err := articles(data, lang)
			if err != nil {
				return err
			}
			for i, g := range docs {
				length := "whole"
				if i%2 == 1 {
					length, g.Text = "brief", brief(g.Text)
				}
				for k := i / 2 % 4; k < len(variant.Layouts); k += 4 {
					layout := variant.Layouts[k]
					p := page{gold: g, body: variant.Period(layout, article(g), others)}
					r, _ := x.run(p.body, nil)
					p.ID = lang + " " + g.ID + " " + layout
					add(lang, p.gold, r)
					add(layout, p.gold, r)
					add(length, p.gold, r)
					if err := keep(out, "period", layout, p, r); err != nil {
						return err
					}
				}
			}
		}
		for _, key := range append(append([]string{"whole", "brief"}, languages...), variant.Layouts[:]...) {
			fmt.Printf("%-12s %-12s %-20s %s\n", "period", key, x.name, measured("period", golds[key], got[key]))
		}
	}
	return nil
}

func article(g gold) variant.Article {
	return variant.Article{ID: g.ID, Lang: g.Lang, Headline: g.Headline, Text: g.Text}
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// measured is the set's own measure, and where there is a second, the share of
// pages below one half.
func measured(set string, list []gold, got map[string]extracted) string {
	switch set {
	case "aeb":
		return fmt.Sprintf("%.3f", score.MeanOfRates(labels(list), texts(got)))
	case "traf":
		return fmt.Sprintf("%.3f", score.Snippets(labels(list), texts(got)))
	}
	mean, below := score.MeanOfPages(labels(list), texts(got))
	return fmt.Sprintf("%.3f (%.1f %% below .5)", mean, 100*below)
}

// keep writes a page and its text into the folder out.
func keep(out, set, variant string, p page, r extracted) error {
	if out == "" {
		return nil
	}
	dir := filepath.Join(out, set, variant)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	name := filepath.Join(dir, strings.ReplaceAll(p.ID, "/", "_"))
	if err := os.WriteFile(name+".html", p.body, 0o666); err != nil {
		return err
	}
	if err := os.WriteFile(name+".gold", []byte(p.Text), 0o666); err != nil {
		return err
	}
	return os.WriteFile(name+".txt", []byte(r.Text), 0o666)
}

// articles are up to two hundred articles of a language, from the sets that
// have some. There are none in Greek, Polish and Chinese: Spanish, Portuguese and
// Japanese ones are spelled in those letters.
func articles(data, lang string) (docs []gold, others []variant.Article, err error) {
	name, spelled := filepath.Join(data, "languages", lang+".jsonl.gz"), func(s string) string { return s }
	switch lang {
	case "en":
		name = filepath.Join(data, "story", "basil_docs.jsonl.gz")
	case "ru":
		name = filepath.Join(data, "story", "telegram_pairs.jsonl.gz")
	case "el":
		name, spelled = filepath.Join(data, "languages", "es.jsonl.gz"), greek
	case "pl":
		name, spelled = filepath.Join(data, "languages", "pt.jsonl.gz"), polish
	case "zh":
		name, spelled = filepath.Join(data, "languages", "ja.jsonl.gz"), han
	}
	err = jsonl.Each(name, func(line []byte) error {
		var d struct{ ID, Lang, Title, Text, Title1, Text1 string }
		if err := json.Unmarshal(line, &d); err != nil {
			return err
		}
		if d.Text == "" {
			d.Title, d.Text = d.Title1, d.Text1
		}
		if len([]rune(d.Title)) < 12 {
			d.Title = ""
		}
		other := d.Lang != "" && d.Lang != lang && lang != "el" && lang != "pl" && lang != "zh"
		if len(docs) < 200 && !other && units(d.Text) >= 800 {
			g := gold{Page: score.Page{ID: d.ID, Headline: spelled(d.Title), Text: paragraphs(spelled(d.Text))}, Lang: lang}
			docs, others = append(docs, g), append(others, article(g))
		}
		return nil
	})
	return docs, others, err
}

// paragraphs parts a text that has no line breaks of its own: three sentences
// a paragraph.
func paragraphs(s string) string {
	if strings.Count(s, "\n") > 2 {
		return s
	}
	var b strings.Builder
	n := 0
	r := []rune(s)
	for i, c := range r {
		b.WriteRune(c)
		if c == '。' || (c == '.' || c == '!' || c == '?') && i+2 < len(r) && r[i+1] == ' ' {
			if n++; n%3 == 0 {
				b.WriteByte('\n')
			}
		}
	}
	return b.String()
}

// brief is the first paragraphs of a text, of 250 units or a little more.
func brief(s string) string {
	n := 0
	for line := range strings.Lines(s) {
		if n += len(line); units(s[:n]) >= 250 {
			break
		}
	}
	return s[:n]
}

// units is the length of a text in letters, those of scripts without spaces
// counted twice.
func units(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r >= 0x3000 {
			n++
		}
	}
	return n
}

// greek, polish and han spell a text in letters that no set has enough of: the shape
// of lines and punctuation is what matters to an extractor.
func greek(s string) string {
	return spell(s, letters("abcdefghijklmnopqrstuvwxyzáéíóúñABCDEFGHIJKLMNOPQRSTUVWXYZÁÉÍÓÚÑ?", "αβκδεφγηιξκλμνοπκρστυβωχυζάέίόύνΑΒΚΔΕΦΓΗΙΞΚΛΜΝΟΠΚΡΣΤΥΒΩΧΥΖΆΈΊΌΎΝ;"))
}

func polish(s string) string {
	return spell(s, letters("áâãàçéêíóôõúüÁÂÃÀÇÉÊÍÓÔÕÚÜqvxQVX", "aąęśćężńółóźyAĄĘŚĆĘŻŃÓŁÓŹYkwzKWZ"))
}

func letters(from, to string) map[rune]rune {
	t := []rune(to)
	table := map[rune]rune{'¿': -1, '¡': -1}
	i := 0
	for _, r := range from {
		table[r] = t[i]
		i++
	}
	return table
}

func han(s string) string {
	table := map[rune]rune{'、': '，'}
	for r := rune(0x3041); r < 0x30FF; r++ {
		if r != 0x30FB {
			table[r] = 0x4E00 + (r-0x3041)*37%0x4000
		}
	}
	return spell(s, table)
}

func spell(s string, table map[rune]rune) string {
	return strings.Map(func(r rune) rune {
		if t, ok := table[r]; ok {
			return t
		}
		return r
	}, s)
}
