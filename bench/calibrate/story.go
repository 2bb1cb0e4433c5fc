package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"

	"github.com/newsdedup/newsdedup/internal/align"
	"github.com/newsdedup/newsdedup/internal/sketch"
	"github.com/newsdedup/newsdedup/internal/star"
	"github.com/newsdedup/newsdedup/internal/verdict"
)

// bcubed is precision, recall and F1 of a clustering by B-cubed (Bagga and
// Baldwin 1998): the means over documents of the share of its group that is of
// its event, and of the share of its event that is in its group.
func bcubed(group []int, event []string) [3]float64 {
	var p, r float64
	for i := range group {
		same, size, all := 0.0, 0.0, 0.0
		for j := range group {
			if group[i] == group[j] {
				size++
				if event[i] == event[j] {
					same++
				}
			}
			if event[i] == event[j] {
				all++
			}
		}
		p += same / size
		r += same / all
	}
	n := float64(len(group))
	p, r = p/n, r/n
	return [3]float64{p, r, 2 * p * r / (p + r)}
}

// A storyResult is how well events are found again: precision, recall and F1.
type storyResult struct {
	docs, events int
	own          [3]float64 // groups of newsdedup
	rival        [3]float64 // of tf-idf cosines at the threshold that is best for the other half
	best         [3]float64 // the same at the one that is best for this half
}

// stories clusters the documents of one set of a half of its events with a
// model that was fitted without that half, for both halves, and gives the mean.
// The rival is star clustering of the cosines of tf-idf vectors.
func stories(all []*sample, docs []*doc, set string, sketches func(*doc) *sketch.View, l2 float64) storyResult {
	var names []string
	for _, d := range docs {
		if !slices.Contains(names, half(set, d)) {
			names = append(names, half(set, d))
		}
	}
	slices.Sort(names)
	var out storyResult
	var rival [2]map[float64][3]float64 // by threshold
	var best [2]float64                 // threshold
	for side := range 2 {
		held := map[string]bool{}
		for i, n := range names {
			if i%2 == side {
				held[n] = true
			}
		}
		var train []*sample
		for _, s := range all {
			if !(s.set == set || set == "wire" && s.set == "rewrites") || !held[half(set, s.a)] && !held[half(set, s.b)] {
				train = append(train, s)
			}
		}
		var models [4]*model
		for t := range thresholds {
			choose(t)
			var of []*sample
			for _, s := range train {
				if in(s, t) {
					of = append(of, s)
				}
			}
			models[t] = fit(of, t, l2)
		}
		var part []*doc
		var events []string
		seen := map[string]bool{}
		for _, d := range docs {
			if held[half(set, d)] {
				part = append(part, d)
				events = append(events, d.Event)
				seen[d.Event] = true
			}
		}
		var edges []star.Edge
		var al align.Aligner
		var v verdict.Vector
		for i, a := range part {
			for j := range i {
				verdict.Features(&v, al.Align(sketches(part[j]), sketches(a)))
				var p [4]float64
				for t, m := range models {
					p[t] = m.prob(&v)
				}
				switch r, score, _ := verdict.Decide(&v, verdict.Combine(&v, p)); {
				case r > 1:
					edges = append(edges, star.Edge{A: j, B: i, Weight: (float64(r) + score) / 6, Chance: score})
				case r == 1:
					edges = append(edges, star.Edge{A: j, B: i, Weight: score, Chance: score, Loose: true})
				}
			}
		}
		add(&out.own, inOrders(edges, events))

		cos := cosines(part)
		rival[side] = map[float64][3]float64{}
		for least := .04; least < .8; least += .02 {
			var edges []star.Edge
			for _, e := range cos {
				if e.Weight >= least {
					edges = append(edges, e)
				}
			}
			at := inOrders(edges, events)
			rival[side][least] = at
			if at[2] > rival[side][best[side]][2] {
				best[side] = least
			}
		}
		out.docs += len(part)
		out.events += len(seen)
	}
	for side := range 2 {
		add(&out.rival, rival[side][best[1-side]])
		add(&out.best, rival[side][best[side]])
	}
	return out
}

// add adds the half of x to sum.
func add(sum *[3]float64, x [3]float64) {
	for k := range sum {
		sum[k] += x[k] / 2
	}
}

// half is what documents are kept together by: their event, in ECB+ the topic
// that holds its sibling events.
func half(set string, d *doc) string {
	if set == "ecb" {
		return d.Topic
	}
	return d.Event
}

// orders is the number of orders of the documents over which figures are means:
// of large groups some members speak for all, and one merge of two large stories
// more or less is .02.
const orders = 8

// inOrders is B-cubed of the star groups of documents of these events.
func inOrders(edges []star.Edge, events []string) (mean [3]float64) {
	for order := range orders {
		for k, x := range bcubed(groups(len(events), edges, order), events) {
			mean[k] += x / orders
		}
	}
	return mean
}

// groups numbers the star group of every vertex. Vertices count in an order by
// chance, as contents do in a Deduper, where it is that of hashes.
func groups(n int, edges []star.Edge, order int) []int {
	at := rand.New(rand.NewPCG(uint64(order), 1)).Perm(n)
	vertex := make([]int, n)
	for v, k := range at {
		vertex[k] = v
	}
	shuffled := slices.Clone(edges)
	for i, e := range shuffled {
		shuffled[i].A, shuffled[i].B = at[e.A], at[e.B]
	}
	out := make([]int, n)
	for g, members := range star.Groups(n, shuffled) {
		for _, k := range members {
			out[vertex[k]] = g
		}
	}
	return out
}

// cosines are all cosines above zero of the tf-idf vectors of title and text:
// words folded to small letters, 1 + log tf, log of the documents by those that
// have the word.
func cosines(docs []*doc) []star.Edge {
	vectors := make([]map[string]float64, len(docs))
	df := map[string]float64{}
	for i, d := range docs {
		title, text := normalize(d)
		v := map[string]float64{}
		for _, w := range strings.FieldsFunc(strings.ToLower(title+" "+text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			v[w]++
		}
		for w := range v {
			df[w]++
		}
		vectors[i] = v
	}
	for _, v := range vectors {
		sum := 0.0
		for w, n := range v {
			x := (1 + math.Log(n)) * math.Log(float64(len(docs))/df[w])
			v[w] = x
			sum += x * x
		}
		for w := range v {
			v[w] /= math.Sqrt(sum) + 1e-12
		}
	}
	var out []star.Edge
	for i, a := range vectors {
		for j, b := range vectors[:i] {
			x, y := a, b
			if len(x) > len(y) {
				x, y = y, x
			}
			sum := 0.0
			for w, n := range x {
				sum += n * y[w]
			}
			if sum >= .04 {
				out = append(out, star.Edge{A: j, B: i, Weight: sum, Chance: 1})
			}
		}
	}
	return out
}
