package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/newsdedup/newsdedup"
)

// printGroups tells people what belongs together and why.
func printGroups(w io.Writer, inputs []input, groups []newsdedup.Group) error {
	byID := map[string]input{}
	for _, in := range inputs {
		byID[in.article.ID] = in
	}
	var b bytes.Buffer
	for i, g := range groups {
		lead := byID[g.Lead]
		fmt.Fprintf(&b, "group %d: %s\n", i+1, count(len(g.Members), "article"))
		fmt.Fprintf(&b, "  %s  %s\n", g.Lead, head(lead.article))
		if len(g.Members) > 1 {
			fmt.Fprintf(&b, "      lead: %s\n", g.Why)
		}
		for _, id := range g.Members {
			if id == g.Lead {
				continue
			}
			m, with := tie(g, id)
			fmt.Fprintf(&b, "  %s  %s\n", id, head(byID[id].article))
			e := m.Evidence
			fmt.Fprintf(&b, "      %v of %s, score %.2f: %s\n", m.Relation, with, m.Score, e.Reason)
			fmt.Fprintf(&b, "      SimHash distance %d, %.0f %% of %s in %s, %.0f %% the other way\n", e.Distance, 100*e.AinB, m.A, m.B, 100*e.BinA)
			if len(e.Passages) > 0 {
				p := e.Passages[0]
				fmt.Fprintf(&b, "      longest in common: %q\n", clip(byID[m.A].article.Text[p.AStart:p.AEnd], 100))
			}
		}
	}
	b.WriteString("\nstripped\n")
	for _, in := range inputs {
		counts := map[string]int{}
		for _, s := range in.stripped {
			counts[s.Reason]++
		}
		reasons := make([]string, 0, len(counts))
		for r := range counts {
			reasons = append(reasons, r)
		}
		slices.SortFunc(reasons, func(x, y string) int { return cmp.Or(counts[y]-counts[x], strings.Compare(x, y)) })
		for i, r := range reasons {
			reasons[i] = fmt.Sprintf("%s %d", r, counts[r])
		}
		fmt.Fprintf(&b, "  %s  %d of %d bytes kept; %s\n", in.article.ID, len(in.article.Text), len(in.raw), cmp.Or(strings.Join(reasons, ", "), "nothing"))
	}
	_, err := w.Write(b.Bytes())
	return err
}

// tie returns the member's link to the lead or, without one, its closest link.
func tie(g newsdedup.Group, id string) (best newsdedup.Match, with string) {
	for _, m := range g.Links {
		other := m.A
		switch id {
		case m.A:
			other = m.B
		case m.B:
		default:
			continue
		}
		if other == g.Lead {
			return m, other
		}
		if with == "" || m.Relation > best.Relation || m.Relation == best.Relation && m.Score > best.Score {
			best, with = m, other
		}
	}
	return best, with
}

// printMatrix shows what normalization does to the distances of SimHashes:
// left of the bar those of the raw texts, right of it those of the articles.
func printMatrix(w io.Writer, inputs []input) error {
	n := len(inputs)
	raw, clean := make([]newsdedup.Fingerprint, n), make([]newsdedup.Fingerprint, n)
	for i, in := range inputs {
		raw[i] = newsdedup.SchemeDefault.Fingerprint(&newsdedup.Article{Text: in.raw})
		clean[i] = newsdedup.SchemeDefault.Fingerprint(in.article)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	header := func() {
		for _, in := range inputs {
			fmt.Fprintf(t, "%s\t", clip(strings.TrimSuffix(in.article.ID, ".txt"), 12))
		}
	}
	fmt.Fprint(t, "SimHash distance\t")
	header()
	fmt.Fprint(t, "|\t")
	header()
	fmt.Fprintln(t)
	for i, in := range inputs {
		fmt.Fprintf(t, "%s\t", in.article.ID)
		for j := range inputs {
			fmt.Fprintf(t, "%d\t", raw[i].SimHash().Distance(raw[j].SimHash()))
		}
		fmt.Fprint(t, "|\t")
		for j := range inputs {
			fmt.Fprintf(t, "%d\t", clean[i].SimHash().Distance(clean[j].SimHash()))
		}
		fmt.Fprintln(t)
	}
	fmt.Fprintf(t, "\tas scraped%s|\tnormalized%s\n", strings.Repeat("\t", n), strings.Repeat("\t", n))
	return t.Flush()
}

// head is an article's title, publisher and day.
func head(a *newsdedup.Article) string {
	s := cmp.Or(a.Title, clip(a.Text, 60))
	var more []string
	if a.Publisher != "" {
		more = append(more, a.Publisher)
	}
	if !a.Published.IsZero() {
		more = append(more, a.Published.Format("2006-01-02"))
	}
	if len(more) > 0 {
		s += " (" + strings.Join(more, ", ") + ")"
	}
	return s
}

func clip(s string, n int) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) <= n {
		return string(r)
	}
	return string(r[:n-1]) + "…"
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
