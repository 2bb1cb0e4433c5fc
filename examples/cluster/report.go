package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/newsdedup/newsdedup"
)

// printGroups tells people what belongs together and why, and what was stripped.
func printGroups(w io.Writer, inputs []input, groups []newsdedup.Group) error {
	articles := map[string]*newsdedup.Article{}
	for _, in := range inputs {
		articles[in.article.ID] = in.article
	}
	var b bytes.Buffer
	for i, g := range groups {
		fmt.Fprintf(&b, "group %d, size %d\n  %s  %s\n", i+1, len(g.Members), g.Lead, head(articles[g.Lead]))
		if len(g.Members) > 1 {
			fmt.Fprintf(&b, "      lead: %s\n", g.Why)
		}
		for _, id := range g.Members {
			if id == g.Lead {
				continue
			}
			m := tie(g, id)
			e := m.Evidence
			fmt.Fprintf(&b, "  %s  %s\n", id, head(articles[id]))
			fmt.Fprintf(&b, "      %v of %s, score %.2f: %s\n", m.Relation, other(m, id), m.Score, e.Reason)
			fmt.Fprintf(&b, "      SimHash distance %d, %.0f %% of %s in %s, %.0f %% the other way\n", e.Distance, 100*e.AinB, m.A, m.B, 100*e.BinA)
			if len(e.Passages) > 0 {
				p := e.Passages[0]
				fmt.Fprintf(&b, "      longest in common: %q\n", clip(articles[m.A].Text[p.AStart:p.AEnd], 100))
			}
		}
	}
	b.WriteString("\nstripped\n")
	for _, in := range inputs {
		counts := map[string]int{}
		for _, s := range in.stripped {
			counts[s.Reason]++
		}
		reasons := slices.SortedFunc(maps.Keys(counts), func(x, y string) int {
			return cmp.Or(counts[y]-counts[x], strings.Compare(x, y))
		})
		for i, r := range reasons {
			reasons[i] = fmt.Sprintf("%s %d", r, counts[r])
		}
		fmt.Fprintf(&b, "  %s  %d of %d bytes kept; %s\n", in.article.ID, len(in.article.Text), len(in.raw), cmp.Or(strings.Join(reasons, ", "), "nothing"))
	}
	_, err := w.Write(b.Bytes())
	return err
}

// tie returns a member's link to the lead or, without one, its closest link.
func tie(g newsdedup.Group, id string) (best newsdedup.Match) {
	for _, m := range g.Links {
		switch {
		case m.A != id && m.B != id:
		case other(m, id) == g.Lead:
			return m
		case m.Relation > best.Relation || m.Relation == best.Relation && m.Score > best.Score:
			best = m
		}
	}
	return best
}

func other(m newsdedup.Match, id string) string {
	if m.A == id {
		return m.B
	}
	return m.A
}

// printMatrix shows what normalization does to the distances of SimHashes: on
// the left those of the raw texts, on the right those of the articles.
func printMatrix(w io.Writer, inputs []input) error {
	var hashes [2][]newsdedup.SimHash // before and after
	names := "|\t"
	for _, in := range inputs {
		before, after := newsdedup.Scheme1.Fingerprint(&newsdedup.Article{Text: in.raw}), newsdedup.Scheme1.Fingerprint(in.article)
		hashes[0], hashes[1] = append(hashes[0], before.SimHash()), append(hashes[1], after.SimHash())
		names += clip(strings.TrimSuffix(in.article.ID, ".txt"), 12) + "\t"
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "SimHash distance\t%s%s\n", names, names)
	for i, in := range inputs {
		fmt.Fprintf(t, "%s\t", in.article.ID)
		for _, hs := range hashes {
			fmt.Fprint(t, "|\t")
			for _, h := range hs {
				fmt.Fprintf(t, "%d\t", hs[i].Distance(h))
			}
		}
		fmt.Fprintln(t)
	}
	skip := strings.Repeat("\t", len(inputs))
	fmt.Fprintf(t, "\t|\tas scraped%s|\tnormalized%s\n", skip, skip)
	return t.Flush()
}

// head is an article's title, publisher and day.
func head(a *newsdedup.Article) string {
	s := cmp.Or(a.Title, clip(a.Text, 60))
	if a.Publisher != "" {
		s += ", " + a.Publisher
	}
	if !a.Published.IsZero() {
		s += ", " + a.Published.Format("2006-01-02")
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
