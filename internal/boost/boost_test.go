package boost_test

import (
	"math/rand/v2"
	"testing"

	"github.com/newsdedup/newsdedup/internal/boost"
)

// What holds where one of two features is high, but not both, no sum of weights
// can tell; trees can. The random numbers are the same every time.
func TestFit(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var samples []boost.Sample
	for range 800 {
		x := []float32{1, rng.Float32(), rng.Float32(), rng.Float32()}
		samples = append(samples, boost.Sample{X: x, Body: x[1] > 0.5 != (x[3] > 0.5), W: 1})
	}
	list := boost.Fit(samples, 200, 4)
	wrong := 0
	for _, s := range samples {
		var z float32
		for i := range list {
			z += list[i].Value(s.X)
		}
		if z > 0 != s.Body {
			wrong++
		}
	}
	if wrong > len(samples)/50 {
		t.Errorf("%d of %d wrong", wrong, len(samples))
	}
	again := boost.Fit(samples, 200, 4)
	for i := range list {
		if *(*[16]float32)(list[i].Leaf) != *(*[16]float32)(again[i].Leaf) {
			t.Fatalf("tree %d: %v, then %v", i, list[i], again[i])
		}
	}
}

// Where there is nothing to ask, every sample reaches the same leaf.
func TestFitNothing(t *testing.T) {
	samples := []boost.Sample{{X: []float32{1}, Body: true, W: 1}, {X: []float32{1}, W: 1}}
	for _, tree := range boost.Fit(samples, 3, 4) {
		if a, b := tree.Value([]float32{1}), tree.Value([]float32{-1}); a != b {
			t.Errorf("%v: %v and %v", tree, a, b)
		}
	}
	for _, tree := range boost.Fit(nil, 3, 4) {
		if len(tree.Leaf) != 16 {
			t.Errorf("no samples: %v", tree)
		}
	}
}
