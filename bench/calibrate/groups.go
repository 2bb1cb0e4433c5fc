package main

import (
	"path/filepath"
	"slices"

	"github.com/newsdedup/newsdedup/internal/align"
	"github.com/newsdedup/newsdedup/internal/star"
	"github.com/newsdedup/newsdedup/internal/verdict"
)

// A groupResult is how good the groups at Rewrite are.
type groupResult struct {
	// Weighted precision and recall of wire2025: labelled pairs in one group
	// against copies, parts and rewrites. Events are judged by a model that was
	// fitted without them.
	precision, recall float64

	// Of all Reuters stories: pairs within groups; those of them that cannot be
	// of one story, of different stock symbols, or of one title and three days
	// or more apart; groups of three or more of which that is half of the pairs;
	// and how many of the 20 largest groups are such.
	pairs, symbols, series, families, largest int
}

// links relates the pairs that the index proposes, by chances that may depend
// on the documents.
func links(docs []*doc, chances func(a, b *doc, v *verdict.Vector) [4]float64) (out []star.Edge) {
	x := indexOf(docs)
	sk, views := x.sketches, x.views
	var al align.Aligner
	var v verdict.Vector
	for i, d := range docs {
		for j := range x.candidates(i) {
			if j >= i || views[i].Level != views[j].Level {
				continue
			}
			st := al.Align(&views[j], &views[i])
			var r int
			var score float64
			if sk[i].Digest == sk[j].Digest && sk[i].Words > 0 {
				r, score = verdict.Equal(sk[i].Words, st)
			} else {
				verdict.Features(&v, st)
				r, score, _ = verdict.Decide(&v, verdict.Combine(&v, chances(docs[j], d, &v)))
			}
			if r >= rewrite {
				var a, b verdict.Notice
				odd := r >= partial && a.Of(views[i].Tokens[:2*views[i].Len], views[i].Kinds) && b.Of(views[j].Tokens[:2*views[j].Len], views[j].Kinds) && verdict.Differ(&a, &b)
				out = append(out, star.Edge{A: j, B: i, Weight: (float64(r) + score) / 6, Chance: score, Odd: odd})
			}
		}
	}
	return out
}

// grouping measures the groups of wire2025 and of Reuters-21578.
func grouping(dir string, all []*sample, l2 float64) (out groupResult, err error) {
	// A model without each tenth of the groups of pairs, and one of all.
	const folds = 10
	var names []string
	for _, s := range all {
		names = append(names, s.group)
	}
	slices.Sort(names)
	fold := map[string]int{}
	for i, g := range slices.Compact(names) {
		fold[g] = i % folds
	}
	var models [folds + 1][4]*model
	for t := range thresholds {
		choose(t)
		for f := range models {
			var train []*sample
			for _, s := range all {
				if in(s, t) && fold[s.group] != f {
					train = append(train, s)
				}
			}
			models[f][t] = fit(train, t, l2)
		}
	}

	_, docs, err := loadDocs(filepath.Join(dir, "wire2025", "docs.jsonl.gz"))
	if err != nil {
		return out, err
	}
	group := groups(len(docs), links(docs, func(a, b *doc, v *verdict.Vector) (p [4]float64) {
		f := folds
		if a.Event == b.Event {
			f = fold[a.Event]
		}
		for t, m := range models[f] {
			p[t] = m.prob(v)
		}
		return p
	}), 0)
	of := map[string]int{}
	for i, d := range docs {
		of[d.ID] = group[i]
	}
	var tp, fp, fn float64
	for _, s := range all {
		if s.set != "wire" {
			continue
		}
		switch same, yes := of[s.a.ID] == of[s.b.ID], s.level >= rewrite; {
		case same && yes:
			tp += s.weight
		case same:
			fp += s.weight
		case yes:
			fn += s.weight
		}
	}
	out.precision, out.recall = tp/(tp+fp), tp/(tp+fn)

	_, docs, err = loadDocs(filepath.Join(dir, "reuters1987", "docs.jsonl.gz"))
	if err != nil {
		return out, err
	}
	group = groups(len(docs), links(docs, func(a, b *doc, v *verdict.Vector) (p [4]float64) {
		for t, m := range models[folds] {
			p[t] = m.prob(v)
		}
		return p
	}), 0)
	members := make([][]*doc, len(docs))
	for i, g := range group {
		members[g] = append(members[g], docs[i])
	}
	slices.SortStableFunc(members, func(x, y []*doc) int { return len(y) - len(x) })
	for k, m := range members {
		wrong := 0
		for i, a := range m {
			for _, b := range m[:i] {
				switch gap := day(a.Date) - day(b.Date); {
				case symbol(a.Title) != "" && symbol(b.Title) != "" && symbol(a.Title) != symbol(b.Title):
					out.symbols++
					wrong++
				case titleKind(a.Title) == titleKind(b.Title) && (gap >= 3 || gap <= -3):
					out.series++
					wrong++
				}
			}
		}
		n := len(m) * (len(m) - 1) / 2
		out.pairs += n
		if len(m) >= 3 && 2*wrong >= n {
			out.families++
			if k < 20 {
				out.largest++
			}
		}
	}
	return out, nil
}
