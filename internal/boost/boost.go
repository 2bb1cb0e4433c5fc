// Package boost fits oblivious decision trees to labelled samples. It is for
// fitting and tests only: on pages, those who use the trees compute what they say.
package boost

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Sample is one labelled sample.
type Sample struct {
	X     []float32 // features; all samples have as many, at most 256
	Body  bool      // the label
	W     float64   // how much it counts
	Score float64   // what the trees correct, in natural log odds
}

// Tree asks one question at each depth, whether a feature is above a value; the
// answers are the bits of the leaf's number, the first the lowest.
type Tree struct {
	Feature []uint8
	Above   []float32
	Leaf    []float32 // natural log odds, three decimals
}

// Value is what the tree adds to the score of a sample with features x.
func (t *Tree) Value(x []float32) float32 {
	leaf := 0
	for d, j := range t.Feature {
		if x[j] > t.Above[d] {
			leaf |= 1 << d
		}
	}
	return t.Leaf[leaf]
}

const (
	bins  = 32
	rate  = 0.1
	ridge = 10
)

// maxDepth is the deepest that trees can be.
const maxDepth = 4

// Fit fits n trees of a depth up to 4 that, added to the samples' scores,
// lessen their weighted logistic loss: stochastic gradient boosting (Friedman,
// Computational Statistics & Data Analysis 2002) by Newton steps with a ridge of
// 10 on the leaves and a rate of 0.1. Every tree sees a random half of the
// samples and of the features; the random numbers are the same every time. A
// tree that finds nothing more to ask has questions that none answers with yes at
// the depths that are left.
func Fit(samples []Sample, n, depth int) []Tree {
	depth = min(depth, maxDepth)
	out := make([]Tree, n)
	for t := range out {
		out[t] = Tree{make([]uint8, depth), make([]float32, depth), make([]float32, 1<<depth)}
		for d := range depth {
			out[t].Above[d] = math.MaxFloat32
		}
	}
	if len(samples) == 0 {
		return out
	}
	features := len(samples[0].X)
	cuts := make([][]float32, features)
	binned := make([][]uint8, features)
	for j := range features {
		values := make([]float32, 0, len(samples)/7+1)
		for i := 0; i < len(samples); i += 7 {
			values = append(values, samples[i].X[j])
		}
		cuts[j] = quantiles(values, bins)
		binned[j] = make([]uint8, len(samples))
		for i := range samples {
			b, _ := slices.BinarySearch(cuts[j], samples[i].X[j])
			binned[j][i] = uint8(b)
		}
	}
	score := make([]float64, len(samples))
	for i := range samples {
		score[i] = samples[i].Score
	}
	rng := rand.New(rand.NewPCG(1, 2))
	g, h, leaf := make([]float64, len(samples)), make([]float64, len(samples)), make([]uint8, len(samples))
	use := make([]bool, features)
	for t := range out {
		for j := range use {
			use[j] = rng.IntN(2) == 0
		}
		var sample []int32
		for i := range samples {
			s := &samples[i]
			y := 0.0
			if s.Body {
				y = 1
			}
			p := 1 / (1 + math.Exp(-score[i]))
			g[i], h[i], leaf[i] = (y-p)*s.W, p*(1-p)*s.W, 0
			if rng.IntN(2) == 0 {
				sample = append(sample, int32(i))
			}
		}
		sg, sh, at := make([]float64, len(sample)), make([]float64, len(sample)), make([]uint8, len(sample))
		for k, i := range sample {
			sg[k], sh[k] = g[i], h[i]
		}
		for d := range depth {
			for k, i := range sample {
				at[k] = leaf[i]
			}
			most, feature, cut := 0.0, -1, 0
			for j := range features {
				if !use[j] || len(cuts[j]) == 0 {
					continue
				}
				var sums [1 << maxDepth][bins][2]float64
				col := binned[j]
				for k, i := range sample {
					s := &sums[at[k]&(1<<maxDepth-1)][col[i]%bins]
					s[0] += sg[k]
					s[1] += sh[k]
				}
				gain := make([]float64, len(cuts[j]))
				for l := range 1 << d {
					var allG, allH, leftG, leftH float64
					for b := range len(cuts[j]) + 1 {
						allG, allH = allG+sums[l][b][0], allH+sums[l][b][1]
					}
					for c := range cuts[j] {
						leftG, leftH = leftG+sums[l][c][0], leftH+sums[l][c][1]
						rightG, rightH := allG-leftG, allH-leftH
						gain[c] += leftG*leftG/(leftH+ridge) + rightG*rightG/(rightH+ridge)
					}
				}
				for c := range gain {
					if gain[c] > most {
						most, feature, cut = gain[c], j, c
					}
				}
			}
			if feature < 0 {
				break
			}
			out[t].Feature[d], out[t].Above[d] = uint8(feature), cuts[feature][cut]
			for i := range leaf {
				if int(binned[feature][i]) > cut {
					leaf[i] |= 1 << d
				}
			}
		}
		var sumG, sumH [1 << maxDepth]float64
		for _, i := range sample {
			sumG[leaf[i]] += g[i]
			sumH[leaf[i]] += h[i]
		}
		for l := range out[t].Leaf {
			out[t].Leaf[l] = float32(math.Round(1000*rate*sumG[l]/(sumH[l]+ridge))/1000 + 0) // no -0
		}
		for i := range leaf {
			score[i] += float64(out[t].Leaf[leaf[i]])
		}
	}
	return out
}

// quantiles returns up to n-1 values that part v into bins of about one size,
// none of which is empty.
func quantiles(v []float32, n int) []float32 {
	if len(v) == 0 {
		return nil
	}
	v = slices.Clone(v)
	slices.Sort(v)
	most := v[len(v)-1]
	if v[0] == most {
		return nil
	}
	out := []float32{v[0]}
	for b := 1; b < n-1; b++ {
		if x := v[b*len(v)/(n-1)]; x > out[len(out)-1] && x < most {
			out = append(out, x)
		}
	}
	return out
}
