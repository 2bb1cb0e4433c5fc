package main

import (
	"fmt"
	"os"
	"strings"
)

const begin, end = "<!-- relations: begin -->\n", "<!-- relations: end -->\n"

// writeResults replaces the section on relations in a Markdown file, or
// appends it.
func writeResults(all []*sample, told map[string]storyResult, within groupResult, made []variantResult, path string) error {
	var b strings.Builder
	b.WriteString(begin)
	b.WriteString(`## Relations

` + "`go run ./calibrate -data DIR -results RESULTS.md`" + ` writes this section. All figures are cross-validated: the
pairs of one event are judged by regressions that were fitted without that event (the mean of three partitions); the
features and the least probabilities were chosen on the same pairs. wire2025: 332 labelled pairs of wire stories of August
2025, weighted by the number of pairs that each stands for. The lines of reuters1987 are wrapped at a column, so that each is
a sentence by itself; joined to paragraphs they are as the sentences of other news.

| level | precision | recall | F1 | F1 unweighted | F1, labels of high confidence | reuters1987 P / R | … lines joined P / R | german2013 P / R |
|---|---|---|---|---|---|---|---|---|
`)
	set := func(name string) func(*sample) bool { return func(s *sample) bool { return s.set == name } }
	weight := func(s *sample) float64 { return s.weight }
	one := func(*sample) float64 { return 1 }
	for t := len(thresholds) - 1; t >= 0; t-- {
		p, r, f := score(all, t, set("wire"), weight)
		_, _, plain := score(all, t, set("wire"), one)
		_, _, high := score(all, t, func(s *sample) bool { return s.set == "wire" && s.high }, weight)
		rp, rr, _ := score(all, t, set("reuters1987"), weight)
		jp, jr, _ := score(all, t, set("joined"), weight)
		gp, gr, _ := score(all, t, set("german2013"), weight)
		fmt.Fprintf(&b, "| %s | %.3f | %.3f | %.3f | %.3f | %.3f | %.3f / %.3f | %.3f / %.3f | %.3f / %.3f |\n", thresholds[t].name, p, r, f, plain, high, rp, rr, jp, jr, gp, gr)
	}
	b.WriteString("\n| measure | pairs | figure |\n|---|---|---|\n")
	row := func(what string, keep, right func(*sample) bool) {
		hit, n := 0, 0
		for _, s := range all {
			if keep(s) {
				n++
				if right(s) {
					hit++
				}
			}
		}
		fmt.Fprintf(&b, "| %s | %d | %.1f %% |\n", what, n, 100*float64(hit)/float64(n))
	}
	atLeast := func(level int) func(*sample) bool { return func(s *sample) bool { return s.relation >= level } }
	row("rewrites called Rewrite or stronger", func(s *sample) bool { return s.set == "rewrites" && s.level == rewrite }, atLeast(rewrite))
	for _, style := range []string{"light spin", "condensed rewrite", "heavy paraphrase"} {
		row("… "+style, func(s *sample) bool { return s.set == "rewrites" && s.style == style }, atLeast(rewrite))
	}
	row("independent reports of the same events called Rewrite or stronger", func(s *sample) bool { return s.set == "rewrites" && s.level == event }, atLeast(rewrite))
	row("BASIL, independent texts of three outlets, called Partial or stronger", set("basil"), atLeast(partial))
	story := func(s *sample) bool { return (s.relation >= event) == (s.level >= event) }
	row("Telegram pairs (ru, en), same event or not: right", set("telegram"), story)
	row("ECB+ (a third of the pairs), same event, sibling event or neither: right", set("ecb"), story)

	b.WriteString(`
Stories: documents in groups of SameStory and up, each half of the events by a model fitted without it, beside star groups of
tf-idf cosines at the threshold that is best for the other half of the events, and at the one that is best for the half that
is measured, which nobody knows beforehand. B-cubed precision, recall, F1.

| set | documents / events | newsdedup | tf-idf, threshold of the other half | tf-idf, best threshold |
|---|---|---|---|---|
`)
	for _, s := range []struct{ set, name string }{{"wire", "wire2025"}, {"ecb", "ECB+"}} {
		r := told[s.set]
		fmt.Fprintf(&b, "| %s | %d / %d | %.3f, %.3f, %.3f | %.3f, %.3f, %.3f | %.3f, %.3f, %.3f |\n", s.name, r.docs, r.events,
			r.own[0], r.own[1], r.own[2], r.rival[0], r.rival[1], r.rival[2], r.best[0], r.best[1], r.best[2])
	}

	fmt.Fprintf(&b, `
Groups at Rewrite: all of wire2025 in one Cluster, labelled pairs in one group against copies, parts and rewrites, events by
models fitted without them: precision %.3f, recall %.3f. All 21,578 Reuters stories, without their dates: of %d pairs within
groups %d name different stock symbols and %d have one title and are three days or more apart; that is half of the pairs, or
more, in %d groups of three or more, of which %d are among the 20 largest groups.
`, within.precision, within.recall, within.pairs, within.symbols, within.series, within.families, within.largest)
	variantTable(&b, made)
	b.WriteString(`
Reliability of Match.Score: the labelled pairs of all sets by score, and the share of them of which the relation told, or a
stronger one, holds (of Unrelated: that no relation holds).

| score | Unrelated: pairs, mean score, share | SameStory | Rewrite | Partial | Near |
|---|---|---|---|---|---|
`)
	bounds := []float64{0, .5, .6, .7, .8, .9, .95, .99, 1.01}
	for k, low := range bounds[:len(bounds)-1] {
		fmt.Fprintf(&b, "| %.2f – %.2f |", low, min(1, bounds[k+1]))
		for level := range len(thresholds) + 1 {
			n, sum, right := 0, 0.0, 0
			for _, s := range all {
				if s.set == "made" || s.set == "joined" || s.relation != level || s.chance < low || s.chance >= bounds[k+1] || !labelled(s, level) {
					continue
				}
				n++
				sum += s.chance
				if level == 0 && s.level == 0 || level > 0 && s.level >= level {
					right++
				}
			}
			if n == 0 {
				b.WriteString(" |")
			} else {
				fmt.Fprintf(&b, " %d, %.3f, %.3f |", n, sum/float64(n), float64(right)/float64(n))
			}
		}
		b.WriteString("\n")
	}
	b.WriteString(end)

	old, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	text := string(old)
	if before, rest, ok := strings.Cut(text, begin); ok {
		_, after, _ := strings.Cut(rest, end)
		text = before + b.String() + after
	} else {
		text += "\n" + b.String()
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

// labelled reports whether the label of s tells if a relation of a level holds:
// those of the story sets tell events alone.
func labelled(s *sample, level int) bool {
	return level <= event || s.set != "telegram" && s.set != "ecb"
}

// score is weighted precision, recall and F1 of the relations told, at a level
// and up, over the samples that keep keeps.
func score(all []*sample, t int, keep func(*sample) bool, weight func(*sample) float64) (p, r, f float64) {
	var tp, fp, fn float64
	for _, s := range all {
		if !keep(s) {
			continue
		}
		switch hit, yes := s.relation >= thresholds[t].level, s.level >= thresholds[t].level; {
		case hit && yes:
			tp += weight(s)
		case hit:
			fp += weight(s)
		case yes:
			fn += weight(s)
		}
	}
	p, r = tp/max(tp+fp, 1e-9), tp/max(tp+fn, 1e-9)
	return p, r, 2 * p * r / max(p+r, 1e-9)
}
