// Package score measures extracted texts against labelled pages. It is for
// tests and measurements only.
package score

import (
	"strings"
	"unicode"
)

// Page is what is known of a labelled page. Text is empty where only snippets
// are known.
type Page struct {
	ID, Text, Headline, Summary string
	With, Without               []string
}

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

// MeanOfRates is the metric of the article-extraction-benchmark: precision and
// recall of 4-grams, case-sensitive, averaged over pages, then their F1.
func MeanOfRates(gold []Page, got map[string]string) float64 {
	var p, r, np, nr float64
	for _, g := range gold {
		both, a, b := overlap(grams(tokens(g.Text, false)), grams(tokens(got[g.ID], false)))
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

// F1 is that of the 4-grams of a text, case and scripts without spaces aside.
// Headline and summary may be in or out.
func (g *Page) F1(text string) float64 {
	forms := []string{g.Text}
	for _, f := range [...]string{g.Summary, g.Headline} {
		if f != "" {
			for _, v := range forms {
				forms = append(forms, f+"\n"+v)
			}
		}
	}
	have := grams(tokens(text, true))
	best := 0.0
	for _, v := range forms {
		if both, a, b := overlap(grams(tokens(v, true)), have); both > 0 {
			best = max(best, harmonic(both/b, both/a))
		}
	}
	return best
}

// MeanOfPages is the mean over pages of F1, and the share of pages below one
// half.
func MeanOfPages(gold []Page, got map[string]string) (mean, below float64) {
	n := 0.0
	for i := range gold {
		g := &gold[i]
		if g.Text == "" {
			continue
		}
		best := g.F1(got[g.ID])
		n++
		mean += best
		if best < 0.5 {
			below++
		}
	}
	return mean / n, below / n
}

// Snippets is trafilatura's metric: the F1 of snippets that must and must not
// be in the text, over all pages.
func Snippets(gold []Page, got map[string]string) float64 {
	var tp, fp, fn float64
	for i := range gold {
		a, b, c := gold[i].Hits(got[gold[i].ID])
		tp, fp, fn = tp+a, fp+b, fn+c
	}
	return 2 * tp / (2*tp + fp + fn)
}

// Hits counts the snippets of With that stand in a text, those of Without that
// do, and those of With that do not.
func (g *Page) Hits(text string) (right, extra, lost float64) {
	plain := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	text = plain(text)
	for _, s := range g.With {
		if strings.Contains(text, plain(s)) {
			right++
		} else {
			lost++
		}
	}
	for _, s := range g.Without {
		if strings.Contains(text, plain(s)) {
			extra++
		}
	}
	return right, extra, lost
}
