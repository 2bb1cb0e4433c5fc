package extract

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// row is one labelled block: its features other than zero, by index.
type row struct {
	index []uint8
	value []float32
	y, w  float32
	site  uint32
}

// rowsOf collects the blocks that count, with their first n features.
func rowsOf(pages []*labelledPage, n int) []row {
	var rows []row
	for _, p := range pages {
		for i := range p.x {
			if p.w[i] == 0 {
				continue
			}
			r := row{y: p.y[i], w: p.w[i], site: p.site}
			for j, x := range p.x[i].f[:n] {
				if x != 0 {
					r.index, r.value = append(r.index, uint8(j)), append(r.value, x)
				}
			}
			r.index, r.value = slices.Clip(r.index), slices.Clip(r.value)
			rows = append(rows, r)
		}
	}
	return rows
}

// boost fits the trees that correct the second round, whose weights are given:
// stochastic gradient boosting of the logistic loss by Newton steps, with a
// ridge on the leaves. Every tree sees a random half of the blocks that the
// second round is in doubt of, and a random half of the features; the random
// numbers are the same every time.
func boost(pages []*labelledPage, second []float32) []tree {
	const (
		bins  = 32
		rate  = 0.1
		ridge = 10
	)
	var x []*[numFeatures]float32
	var y, w, score []float64
	for _, p := range pages {
		for i := range p.x {
			if s := dot(second, p.x[i].f[:]); p.w[i] > 0 && s > -doubt && s < doubt {
				x = append(x, &p.x[i].f)
				y, w, score = append(y, float64(p.y[i])), append(w, float64(p.w[i])), append(score, float64(s))
			}
		}
	}
	n := len(x)
	var cuts [numFeatures][]float32
	var binned [numFeatures][]uint8
	for j := range numFeatures {
		values := make([]float32, 0, n/7+1)
		for i := 0; i < n; i += 7 {
			values = append(values, x[i][j])
		}
		cuts[j] = quantiles(values, bins)
		binned[j] = make([]uint8, n)
		for i := range x {
			b, _ := slices.BinarySearch(cuts[j], x[i][j])
			binned[j][i] = uint8(b)
		}
	}
	rng := rand.New(rand.NewPCG(1, 2))
	g, h, leaf := make([]float64, n), make([]float64, n), make([]uint8, n)
	out := make([]tree, numTrees)
	for t := range out {
		var use [numFeatures]bool
		for j := range use {
			use[j] = rng.IntN(2) == 0
		}
		var sample []int32
		for i := range n {
			p := 1 / (1 + math.Exp(-score[i]))
			g[i], h[i], leaf[i] = (y[i]-p)*w[i], p*(1-p)*w[i], 0
			if rng.IntN(2) == 0 {
				sample = append(sample, int32(i))
			}
		}
		sg, sh, at := make([]float64, len(sample)), make([]float64, len(sample)), make([]uint8, len(sample))
		for k, i := range sample {
			sg[k], sh[k] = g[i], h[i]
		}
		for d := range treeDepth {
			for k, i := range sample {
				at[k] = leaf[i]
			}
			most, feature, cut := 0.0, -1, 0
			for j := range numFeatures {
				if !use[j] || len(cuts[j]) == 0 {
					continue
				}
				var sums [1 << treeDepth][bins][2]float64
				col := binned[j]
				for k, i := range sample {
					s := &sums[at[k]&(1<<treeDepth-1)][col[i]%bins]
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
			out[t].feature[d], out[t].above[d] = uint8(feature), cuts[feature][cut]
			for i := range leaf {
				if int(binned[feature][i]) > cut {
					leaf[i] |= 1 << d
				}
			}
		}
		var sumG, sumH [1 << treeDepth]float64
		for _, i := range sample {
			sumG[leaf[i]] += g[i]
			sumH[leaf[i]] += h[i]
		}
		for l := range out[t].leaf {
			// As many digits as weights.go has.
			out[t].leaf[l] = float32(math.Round(1000*rate*sumG[l]/(sumH[l]+ridge))/1000 + 0) // no -0
		}
		for i := range leaf {
			score[i] += float64(out[t].leaf[leaf[i]])
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

// The trees learn what no weights of single features can: body where one of two
// features is high but not both.
func TestBoost(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	p := &labelledPage{x: make([]scored, 800)}
	p.y, p.w = make([]float32, len(p.x)), make([]float32, len(p.x))
	for i := range p.x {
		f := &p.x[i].f
		for j := range f {
			f[j] = rng.Float32()
		}
		p.y[i], p.w[i] = b2f(f[fLink] > 0.5 != (f[fProse] > 0.5)), 1
	}
	old := trees
	defer func() { trees = old }()
	copy(trees[:], boost([]*labelledPage{p}, make([]float32, numFeatures)))
	wrong := 0
	for i := range p.x {
		if (correction(&p.x[i].f) > 0) != (p.y[i] == 1) {
			wrong++
		}
	}
	if wrong > len(p.x)/50 {
		t.Errorf("%d of %d wrong", wrong, len(p.x))
	}
}

// A tree's leaf is found by its answers, the first depth being the lowest bit.
func TestCorrection(t *testing.T) {
	old := trees
	defer func() { trees = old }()
	trees = [numTrees]tree{}
	t0 := &trees[0]
	t0.feature = [treeDepth]uint8{fLink, fProse, fList, fCell}
	t0.above = [treeDepth]float32{0.5, 0, 0, 0}
	for l := range t0.leaf {
		t0.leaf[l] = float32(l)
	}
	trees[1].leaf[0] = 100
	for _, c := range []struct {
		link, prose, list, cell float32
		want                    float32
	}{
		{0.5, 0, 0, 0, 100},
		{0.6, 0, 0, 0, 101},
		{0, 1, 0, 0, 102},
		{0, 0, 1, 0, 104},
		{1, 0, 0, 1, 109},
		{1, 1, 1, 1, 115},
	} {
		var f [numFeatures]float32
		f[fLink], f[fProse], f[fList], f[fCell] = c.link, c.prose, c.list, c.cell
		if got := correction(&f); got != c.want {
			t.Errorf("%v: %v", c, got)
		}
	}
}
