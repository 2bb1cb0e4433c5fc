package extract

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/newsdedup/newsdedup/internal/boost"
)

// row is one labelled block: its features other than zero, by index.
type row struct {
	index []uint8
	value []float32
	y, w  float32
	site  uint32
}

// dot is the row's score by weights w.
func (r *row) dot(w []float64) float64 {
	var s float64
	for k, j := range r.index {
		s += w[j] * float64(r.value[k])
	}
	return s
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

// corrected fits the trees that correct the second round, whose weights are
// given, to the blocks that the second round is in doubt of.
func corrected(pages []*labelledPage, second []float32) []tree {
	var samples []boost.Sample
	for _, p := range pages {
		for i := range p.x {
			if s := dot(second, p.x[i].f[:]); p.w[i] > 0 && s > -doubt && s < doubt {
				samples = append(samples, boost.Sample{X: p.x[i].f[:], Body: p.y[i] == 1, W: float64(p.w[i]), Score: float64(s)})
			}
		}
	}
	out := make([]tree, numTrees)
	for i, t := range boost.Fit(samples, numTrees, treeDepth) {
		copy(out[i].feature[:], t.Feature)
		copy(out[i].above[:], t.Above)
		copy(out[i].leaf[:], t.Leaf)
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
	copy(trees[:], corrected([]*labelledPage{p}, make([]float32, numFeatures)))
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
