package main

import (
	"fmt"
	"os"
	"strings"
)

const begin, end = "<!-- relations: begin -->\n", "<!-- relations: end -->\n"

// writeResults replaces the section on relations in a Markdown file, or
// appends it.
func writeResults(all []*sample, path string) error {
	var b strings.Builder
	b.WriteString(begin)
	b.WriteString(`## Relations

` + "`go run ./calibrate -data DIR -results RESULTS.md`" + ` writes this section. All figures are cross-validated: the
pairs of one event are judged by regressions that were fitted without that event; the features were chosen on the same
pairs. wire2025: 332 labelled pairs of wire stories of August 2025, weighted by the number of pairs that each stands for.

| level | precision | recall | F1 | F1 unweighted | F1, labels of high confidence | reuters1987 P / R | german2013 P / R |
|---|---|---|---|---|---|---|---|
`)
	set := func(name string) func(*sample) bool { return func(s *sample) bool { return s.set == name } }
	for t := len(thresholds) - 1; t >= 0; t-- {
		p, r, f := prf(all, t, cuts[t], false, set("wire"))
		_, _, plain := prf(all, t, cuts[t], true, set("wire"))
		_, _, high := prf(all, t, cuts[t], false, func(s *sample) bool { return s.set == "wire" && s.high })
		rp, rr, _ := prf(all, t, cuts[t], false, set("reuters1987"))
		gp, gr, _ := prf(all, t, cuts[t], false, set("german2013"))
		fmt.Fprintf(&b, "| %s | %.3f | %.3f | %.3f | %.3f | %.3f | %.3f / %.3f | %.3f / %.3f |\n", thresholds[t].name, p, r, f, plain, high, rp, rr, gp, gr)
	}
	share := func(t int, keep func(*sample) bool) (hit, n int) {
		for _, s := range all {
			if keep(s) {
				n++
				if s.p[t] >= cuts[t] {
					hit++
				}
			}
		}
		return
	}
	b.WriteString("\n| measure | pairs | figure |\n|---|---|---|\n")
	row := func(what string, hit, n int) {
		fmt.Fprintf(&b, "| %s | %d | %.1f %% |\n", what, n, 100*float64(hit)/float64(n))
	}
	hit, n := share(1, func(s *sample) bool { return s.set == "rewrites" && s.level == rewrite })
	row("rewrites called Rewrite or stronger", hit, n)
	for _, style := range []string{"light spin", "condensed rewrite", "heavy paraphrase"} {
		hit, n = share(1, func(s *sample) bool { return s.set == "rewrites" && s.style == style })
		row("… "+style, hit, n)
	}
	hit, n = share(1, func(s *sample) bool { return s.set == "rewrites" && s.level == event })
	row("independent reports of the same events called Rewrite or stronger", hit, n)
	hit, n = share(2, set("basil"))
	row("BASIL, independent texts of three outlets, called Partial or stronger", hit, n)
	for _, name := range []string{"telegram", "ecb"} {
		right, n := 0, 0
		for _, s := range all {
			if s.set == name {
				n++
				if (s.p[0] >= cuts[0]) == (s.level >= event) {
					right++
				}
			}
		}
		row(map[string]string{"telegram": "Telegram pairs (ru, en), same event or not: right", "ecb": "ECB+ (a third of the pairs), same event, sibling event or neither: right"}[name], right, n)
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
