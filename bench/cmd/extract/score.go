package main

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/newsdedup/newsdedup/internal/score"
)

// metadata is the share of right headlines (letters and digits compared), of
// right days (in the zone of either side) and of right languages (primary
// subtags compared).
func metadata(gold []gold, got map[string]extracted) (headline, day, lang float64) {
	letters := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsNumber(r) || r == '_' {
				return unicode.ToLower(r)
			}
			return -1
		}, s)
	}
	n := 0.0
	for _, g := range gold {
		n++
		x := got[g.ID]
		if letters(g.Headline) == letters(x.Title) {
			headline++
		}
		if l := primary(x.Lang); l != "" && (l == primary(g.Lang) || strings.Contains(spoken[g.Lang], l)) {
			lang++
		}
		for _, layout := range []string{"2006-01-02 15:04:05.999999-07:00", "2006-01-02 15:04:05.999999", "2006-01-02"} {
			if t, err := time.Parse(layout, g.Date); err == nil {
				if t.UTC().Format(time.DateOnly) == x.Date.UTC().Format(time.DateOnly) || t.Format(time.DateOnly) == x.Date.Format(time.DateOnly) {
					day++
				}
				break
			}
		}
	}
	return headline / n, day / n, lang / n
}

// spoken are the languages of the press of countries whose code is not that of
// the language: fundus tells the publisher's country.
var spoken = map[string]string{
	"at": "de", "ca": "en fr", "ch": "de fr it", "dk": "da", "gl": "da kl", "jp": "ja en", "kr": "ko", "lb": "ar", "li": "de", "ls": "en", "se": "sv", "uk": "en", "us": "en", "za": "en",
}

// primary is the primary subtag of a language tag.
func primary(tag string) string {
	tag, _, _ = strings.Cut(strings.ToLower(tag), "-")
	tag, _, _ = strings.Cut(tag, "_")
	return tag
}

// accuracy renders the table of all extractors over all sets.
func accuracy(sets map[string][]gold, got map[string]map[string]map[string]extracted, names []string) string {
	var b strings.Builder
	b.WriteString("| extractor | aeb | fundus (pages below .5) | wcxb | traf | fundus headline / day / language |\n|---|---|---|---|---|---|\n")
	for _, x := range names {
		fundus, below := score.MeanOfPages(labels(sets["fundus"]), texts(got["fundus"][x]))
		wcxb, _ := score.MeanOfPages(labels(sets["wcxb"]), texts(got["wcxb"][x]))
		headline, day, lang := metadata(sets["fundus"], got["fundus"][x])
		fmt.Fprintf(&b, "| %s | %.3f | %.3f (%.1f %%) | %.3f | %.3f | %.1f %% / %.1f %% / %.1f %% |\n", x,
			score.MeanOfRates(labels(sets["aeb"]), texts(got["aeb"][x])), fundus, 100*below, wcxb, score.Snippets(labels(sets["traf"]), texts(got["traf"][x])), 100*headline, 100*day, 100*lang)
	}
	return b.String()
}

func labels(list []gold) []score.Page {
	var out []score.Page
	for _, g := range list {
		out = append(out, g.Page)
	}
	return out
}

func texts(got map[string]extracted) map[string]string {
	out := map[string]string{}
	for id, x := range got {
		out[id] = x.Text
	}
	return out
}
