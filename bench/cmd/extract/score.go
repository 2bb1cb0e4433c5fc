package main

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// tokens splits into words; with wide, scripts without spaces are split into
// characters and all is lower case, as the multilingual metric wants it.
func tokens(s string, wide bool) []string {
	if wide {
		s = strings.ToLower(s)
	}
	var out []string
	start := -1
	for i, r := range s + " " {
		single := wide && (r >= 0xE00 && r <= 0xEFF || r >= 0x1000 && r <= 0x109F || r >= 0x1780 && r <= 0x17FF || r >= 0x3040 && r <= 0x30FF || r >= 0x3400 && r <= 0x9FFF || r >= 0xF900 && r <= 0xFAFF)
		word := unicode.IsLetter(r) || unicode.IsNumber(r) || r == '_'
		if start >= 0 && (single || !word) {
			out = append(out, s[start:i])
			start = -1
		}
		switch {
		case single:
			out = append(out, string(r))
		case word && start < 0:
			start = i
		}
	}
	return out
}

// grams counts the runs of four tokens; fewer tokens make one run.
func grams(t []string) map[string]int {
	m := make(map[string]int, len(t))
	if len(t) == 0 {
		return m
	}
	for i := range max(1, len(t)-3) {
		m[strings.Join(t[i:min(i+4, len(t))], "\x00")]++
	}
	return m
}

// overlap counts the runs in common, in the truth and in the prediction.
func overlap(truth, got map[string]int) (both, a, b float64) {
	for k, n := range got {
		b += float64(n)
		both += float64(min(n, truth[k]))
	}
	for _, n := range truth {
		a += float64(n)
	}
	return both, a, b
}

// harmonic is the F1 of a precision and a recall.
func harmonic(p, r float64) float64 {
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}

// meanOfRates is the metric of the article-extraction-benchmark: precision and
// recall of 4-grams, case-sensitive, averaged over pages, then their F1.
func meanOfRates(gold []gold, got map[string]extracted) float64 {
	var p, r, np, nr float64
	for _, g := range gold {
		both, a, b := overlap(grams(tokens(g.Text, false)), grams(tokens(got[g.ID].Text, false)))
		if b > 0 {
			np++
			p += both / b
		}
		if a > 0 {
			nr++
			r += both / a
		}
	}
	return harmonic(p/max(np, 1), r/max(nr, 1))
}

// meanOfPages is the mean over pages of the F1 of 4-grams, and the share of
// pages below one half. The fields in free may be in or out of a page's text.
func meanOfPages(gold []gold, got map[string]extracted, free func(gold) []string) (mean, below float64) {
	n := 0.0
	for _, g := range gold {
		if g.Text == "" {
			continue
		}
		variants := []string{g.Text}
		for _, f := range free(g) {
			if f != "" {
				for _, v := range variants {
					variants = append(variants, f+"\n"+v)
				}
			}
		}
		have := grams(tokens(got[g.ID].Text, true))
		best := 0.0
		for _, v := range variants {
			if both, a, b := overlap(grams(tokens(v, true)), have); both > 0 {
				best = max(best, harmonic(both/b, both/a))
			}
		}
		n++
		mean += best
		if best < 0.5 {
			below++
		}
	}
	return mean / n, below / n
}

// snippets is trafilatura's metric: the F1 of snippets that must and must not
// be in the text, over all pages.
func snippets(gold []gold, got map[string]extracted) float64 {
	var tp, fp, fn float64
	plain := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	for _, g := range gold {
		text := plain(got[g.ID].Text)
		for _, s := range g.With {
			if strings.Contains(text, plain(s)) {
				tp++
			} else {
				fn++
			}
		}
		for _, s := range g.Without {
			if strings.Contains(text, plain(s)) {
				fp++
			}
		}
	}
	return 2 * tp / (2*tp + fp + fn)
}

// metadata is the share of right headlines (letters and digits compared), of
// right days (in the zone of either side) and of right languages (primary
// subtags compared).
func metadata(gold []gold, got map[string]extracted) (headline, day, lang float64) {
	letters := func(s string) string { return strings.Join(tokens(s, true), "") }
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
		fundus, below := meanOfPages(sets["fundus"], got["fundus"][x], func(g gold) []string { return []string{g.Summary, g.Headline} })
		wcxb, _ := meanOfPages(sets["wcxb"], got["wcxb"][x], func(g gold) []string { return []string{g.Headline} })
		headline, day, lang := metadata(sets["fundus"], got["fundus"][x])
		fmt.Fprintf(&b, "| %s | %.3f | %.3f (%.1f %%) | %.3f | %.3f | %.1f %% / %.1f %% / %.1f %% |\n", x,
			meanOfRates(sets["aeb"], got["aeb"][x]), fundus, 100*below, wcxb, snippets(sets["traf"], got["traf"][x]), 100*headline, 100*day, 100*lang)
	}
	return b.String()
}
