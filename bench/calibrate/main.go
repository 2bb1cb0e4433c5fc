// Command calibrate trains the regressions behind the relations and tells how
// good they are. It needs the folder of the labelled data.
//
//	calibrate -data DIR                  cross-validated figures
//	calibrate -data DIR -v Partial+      and the pairs that are wrong at a threshold
//	calibrate -data DIR -select N        forward selection of features for threshold N
//	calibrate -data DIR -try N:+F,-G;…   figures of threshold N with features more or less
//	calibrate -data DIR -groups          how good groups are
//	calibrate -data DIR -index           what the index proposes of all links
//	calibrate -data DIR -results FILE    the figures as a section of a Markdown file
//	calibrate -data DIR -write FILE      the model as Go source
//	calibrate FILE FILE…                 features and chances of scraped texts
package main

import (
	"flag"
	"fmt"
	"log"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/internal/align"
	"github.com/newsdedup/newsdedup/internal/sketch"
	"github.com/newsdedup/newsdedup/internal/verdict"
)

type sample struct {
	*pair
	x        verdict.Vector
	p        [4]float64 // cross-validated probability per threshold
	relation int        // by these, and its probability
	chance   float64
}

var thresholds = []struct {
	name  string
	level int
}{{"Story+", event}, {"Rewrite+", rewrite}, {"Partial+", partial}, {"Near+", copied}}

var (
	write       = flag.String("write", "", "write the model as Go source into this file")
	resultsFile = flag.String("results", "", "write the figures into this Markdown file")
	selectT     = flag.Int("select", -1, "choose features for this threshold, 0 to 3, by forward selection")
	index       = flag.Bool("index", false, "measure what the index proposes of all links")
	try         = flag.String("try", "", "figures of a threshold with features more or less, a line for each set of changes")
	grouped     = flag.Bool("groups", false, "measure groups at Rewrite and SameStory")
	dump        = flag.Bool("dump", false, "print every pair with its features")
)

func main() {
	data := flag.String("data", os.Getenv("NEWSDEDUP_DATA"), "folder of the labelled data")
	l2 := flag.Float64("l2", 1, "weight of the L2 penalties, as a multiple of those in use")
	verbose := flag.String("v", "", "list wrong pairs at this threshold")
	flag.Parse()
	for k := range use {
		use[k] = true
	}
	if flag.NArg() > 0 {
		explain(flag.Args())
		return
	}
	if *index {
		if err := candidates(*data); err != nil {
			log.Fatal(err)
		}
		return
	}
	pairs, docs, err := load(*data)
	if err != nil {
		log.Fatal(err)
	}
	more, err := made(*data)
	if err != nil {
		log.Fatal(err)
	}
	pairs = append(pairs, more...)
	var builder sketch.Builder
	cache := map[*doc]*sketch.View{}
	sk := func(d *doc) *sketch.View {
		v := cache[d]
		if v == nil {
			v = new(sketch.View)
			title, text := normalize(d)
			var s sketch.Sketch
			builder.Build(&s, title, text)
			v.Of(&s)
			cache[d] = v
		}
		return v
	}
	var al align.Aligner
	var all []*sample
	for _, p := range pairs {
		s := &sample{pair: p}
		st := al.Align(sk(p.a), sk(p.b))
		verdict.Features(&s.x, st)
		all = append(all, s)
	}
	count := map[string]int{}
	for _, s := range all {
		count[s.set+" "+s.label]++
	}
	fmt.Println(count)
	if *write != "" {
		if err := writeModel(all, *write, *l2); err != nil {
			log.Fatal(err)
		}
		return
	}
	if *selectT >= 0 {
		forward(all, *selectT, *l2)
		return
	}
	if *try != "" {
		if err := tryOut(all, *try, *l2); err != nil {
			log.Fatal(err)
		}
		return
	}
	for t := range thresholds {
		crossValidate(all, t, *l2)
	}
	combine(all)
	if *resultsFile != "" || *grouped {
		told := map[string]storyResult{}
		for set, list := range docs {
			told[set] = stories(all, list, set, sk, *l2)
		}
		within, err := grouping(*data, all, *l2)
		if err != nil {
			log.Fatal(err)
		}
		if *grouped {
			fmt.Printf("%+v\n%+v\n", told, within)
			return
		}
		made, err := variants(*data)
		if err != nil {
			log.Fatal(err)
		}
		if err := writeResults(all, told, within, made, *resultsFile); err != nil {
			log.Fatal(err)
		}
	}
	if *dump {
		for _, s := range all {
			fmt.Printf("DUMP\t%s\t%s\t%v\t%.2f\t%s\t%s", s.set, s.label, s.high, s.weight, s.a.ID, s.b.ID)
			for _, x := range s.x {
				fmt.Printf("\t%.4f", x)
			}
			for _, p := range s.p {
				fmt.Printf("\t%.4f", p)
			}
			fmt.Println()
		}
		fmt.Println("DUMP\t" + strings.Join(verdict.Names[:], "\t"))
	}
	report(all)
	for t, th := range thresholds {
		if th.name == *verbose {
			list(all, t)
		}
	}
}

// in tells whether a sample says something about a threshold.
func in(s *sample, t int) bool {
	if s.set == "telegram" || s.set == "ecb" {
		return t == 0 || s.set == "ecb" && t == 1
	}
	switch t {
	case 0, 1:
		return s.level < partial
	case 3:
		return s.level >= rewrite
	}
	return true
}

func weight(s *sample, t int) float64 {
	w := 1.0
	switch s.set {
	case "wire":
		w = math.Sqrt(s.weight) // tempered: the weights span two orders of magnitude
		if s.high {
			w *= 1.5
		}
	case "reuters1987", "joined":
		w = 2
	case "german2013":
		w = 3
	case "rewrites":
		w = 1
		if s.level == rewrite {
			w = 3
		}
	case "basil":
		w = 1
		if t == 2 {
			w = 3 // none of them may be Partial
		}
		if s.label == "different" {
			w = .1
		}
	case "ecb":
		w = .2
	case "telegram":
		w = 2
	case "made":
		w = .15
		if s.style == "series" {
			w = .15
		}
		if t == 3 {
			w = .06
		}
	}
	return w
}

func crossValidate(all []*sample, t int, l2 float64) {
	if *selectT < 0 {
		choose(t)
	}
	groups := map[string]int{}
	for _, s := range all {
		if _, ok := groups[s.group]; !ok {
			groups[s.group] = 0
		}
	}
	names := make([]string, 0, len(groups))
	for g := range groups {
		names = append(names, g)
	}
	slices.Sort(names)
	for _, s := range all {
		s.p[t] = 0
	}
	const folds, rounds = 10, 3
	rng := rand.New(rand.NewPCG(7, 7))
	for range rounds {
		rng.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		for i, g := range names {
			groups[g] = i % folds
		}
		for f := range folds {
			var train []*sample
			for _, s := range all {
				if groups[s.group] != f && in(s, t) {
					train = append(train, s)
				}
			}
			m := fit(train, t, l2)
			for _, s := range all {
				if groups[s.group] == f {
					s.p[t] += m.prob(&s.x) / rounds
				}
			}
		}
	}
}

// use says which features fit takes.
var use [len(verdict.Vector{})]bool

type model struct {
	mean, sd, w [len(verdict.Vector{})]float64
	bias        float64
}

func (m *model) prob(x *verdict.Vector) float64 {
	z := m.bias
	for k := range x {
		z += m.w[k] * (x[k] - m.mean[k]) / m.sd[k]
	}
	return 1 / (1 + math.Exp(-z))
}

// fit trains a logistic regression with an L2 penalty on the features in use,
// by Newton's method. The penalty of the threshold counts l2 times.
func fit(train []*sample, t int, l2 float64) *model {
	l2 *= penalties[t]
	m := new(model)
	var cols []int
	for k, u := range use {
		m.sd[k] = 1
		if u {
			cols = append(cols, k)
		}
	}
	n := len(cols)
	weights := make([]float64, len(train))
	total := 0.0
	for i, s := range train {
		weights[i] = weight(s, t)
		total += weights[i]
	}
	for _, k := range cols {
		mean, variance := 0.0, 0.0
		for i, s := range train {
			mean += weights[i] * s.x[k] / total
		}
		for i, s := range train {
			variance += weights[i] * (s.x[k] - mean) * (s.x[k] - mean) / total
		}
		m.mean[k], m.sd[k] = mean, math.Sqrt(variance)+1e-6
	}
	z := make([]float64, len(train)*(n+1))
	for i, s := range train {
		row := z[i*(n+1):]
		for c, k := range cols {
			row[c] = (s.x[k] - m.mean[k]) / m.sd[k]
		}
		row[n] = 1
	}
	w := make([]float64, n+1)
	for range 30 {
		g := make([]float64, n+1)
		h := make([][]float64, n+1)
		for r := range h {
			h[r] = make([]float64, n+2)
		}
		for i, s := range train {
			row := z[i*(n+1) : (i+1)*(n+1)]
			e := 0.0
			for c, x := range row {
				e += w[c] * x
			}
			p := 1 / (1 + math.Exp(-e))
			y := 0.0
			if s.level >= thresholds[t].level {
				y = 1
			}
			v := weights[i] * max(p*(1-p), 1e-5)
			for c, x := range row {
				g[c] += weights[i] * (y - p) * x
				for d := range c + 1 {
					h[c][d] += v * x * row[d]
				}
			}
		}
		for c := range n {
			g[c] -= l2 * w[c]
			h[c][c] += l2
		}
		for c := range h {
			for d := range c {
				h[d][c] = h[c][d]
			}
			h[c][n+1] = g[c]
		}
		moved := 0.0
		for c, d := range solve(h) {
			w[c] += d
			moved += d * d
		}
		if moved < 1e-8 {
			break
		}
	}
	for c, k := range cols {
		m.w[k] = w[c]
	}
	m.bias = w[n]
	return m
}

// solve solves the linear system whose rows carry the right side in the last
// column (Gauss-Jordan).
func solve(a [][]float64) []float64 {
	n := len(a)
	for c := range n {
		p := c
		for r := c + 1; r < n; r++ {
			if math.Abs(a[r][c]) > math.Abs(a[p][c]) {
				p = r
			}
		}
		a[c], a[p] = a[p], a[c]
		for r := range n {
			if f := a[r][c] / a[c][c]; r != c && f != 0 {
				for k := c; k <= n; k++ {
					a[r][k] -= f * a[c][k]
				}
			}
		}
	}
	x := make([]float64, n)
	for i := range x {
		x[i] = a[i][n] / a[i][i]
	}
	return x
}

// prf is weighted precision, recall and F1 over the samples that keep keeps.
func prf(all []*sample, t int, cut float64, plain bool, keep func(*sample) bool) (p, r, f float64) {
	var tp, fp, fn float64
	for _, s := range all {
		if !keep(s) {
			continue
		}
		w := s.weight
		if plain {
			w = 1
		}
		hit, yes := s.p[t] >= cut, s.level >= thresholds[t].level
		switch {
		case hit && yes:
			tp += w
		case hit:
			fp += w
		case yes:
			fn += w
		}
	}
	p, r = tp/max(tp+fp, 1e-9), tp/max(tp+fn, 1e-9)
	return p, r, 2 * p * r / max(p+r, 1e-9)
}

func report(all []*sample) {
	wire := func(s *sample) bool { return s.set == "wire" }
	high := func(s *sample) bool { return s.set == "wire" && s.high }
	for t, th := range thresholds {
		best, at := 0.0, .5
		for c := .05; c < 1; c += .025 {
			if _, _, f := prf(all, t, c, false, wire); f > best {
				best, at = f, c
			}
		}
		p, r, f := prf(all, t, .5, false, wire)
		_, _, fh := prf(all, t, .5, false, high)
		_, _, fp := prf(all, t, .5, true, wire)
		_, _, bh := prf(all, t, at, false, high)
		fmt.Printf("%-9s wire .5: P %.3f R %.3f F %.3f plain %.3f high %.3f | best %.3f high %.3f at %.3f |", th.name, p, r, f, fp, fh, best, bh, at)
		for _, set := range []string{"reuters1987", "joined", "german2013", "basil", "telegram", "ecb"} {
			p, r, f := prf(all, t, .5, false, func(s *sample) bool { return s.set == set })
			fmt.Printf(" %s %.3f %.3f %.3f", set, p, r, f)
		}
		fmt.Println()
	}
	for _, c := range []float64{.3, .4, .5, .6, .7} {
		hit, n, ev, nev := map[string]int{}, map[string]int{}, 0, 0
		for _, s := range all {
			if s.set != "rewrites" {
				continue
			}
			if s.level == rewrite {
				n[s.style]++
				n["all"]++
				if s.p[1] >= c {
					hit[s.style]++
					hit["all"]++
				}
			} else {
				nev++
				if s.p[1] >= c {
					ev++
				}
			}
		}
		fmt.Printf("rewrites at %.2f: events %d/%d", c, ev, nev)
		for _, k := range []string{"all", "light spin", "heavy paraphrase", "condensed rewrite"} {
			fmt.Printf("  %s %.3f", k, float64(hit[k])/float64(max(n[k], 1)))
		}
		fmt.Println()
	}
	styles := map[string][4]int{}
	for _, s := range all {
		if s.set == "made" {
			c := styles[s.style]
			c[0]++
			for i, t := range []int{0, 2, 3} {
				if (s.p[t] >= .5) != (s.level >= thresholds[t].level) {
					c[i+1]++
				}
			}
			styles[s.style] = c
		}
	}
	fmt.Println("made: pairs, wrong at Story+, Partial+, Near+:", styles)
	b, n := 0, 0
	for _, s := range all {
		if s.set == "basil" {
			n++
			if s.p[2] >= .5 {
				b++
			}
		}
	}
	acc, tg := 0, 0
	for _, s := range all {
		if s.set == "telegram" {
			tg++
			if (s.p[0] >= .5) == (s.level >= event) {
				acc++
			}
		}
	}
	fmt.Printf("basil Partial+: %d of %d; telegram accuracy %.3f\n", b, n, float64(acc)/float64(tg))
}

func list(all []*sample, t int) {
	var wrong []*sample
	for _, s := range all {
		if s.set != "wire" && s.set != "rewrites" && s.set != "reuters1987" && s.set != "joined" && s.set != "german2013" && s.set != "telegram" && s.style != "series" {
			continue
		}
		if (s.p[t] >= cuts[t]) != (s.level >= thresholds[t].level) {
			wrong = append(wrong, s)
		}
	}
	slices.SortFunc(wrong, func(a, b *sample) int { return int(1000*b.weight - 1000*a.weight) })
	for _, s := range wrong {
		fmt.Printf("%s %s conf-high=%v w=%.1f p=%.3f %s\n  %s\n  %s\n", s.set, s.label, s.high, s.weight, s.p[t], s.why, s.a.ID, s.b.ID)
		var b strings.Builder
		for k, n := range verdict.Names {
			fmt.Fprintf(&b, " %s=%.2f", n, s.x[k])
		}
		fmt.Println("   ", b.String())
	}
}

// logloss is the mean cross-validated loss over the samples of a threshold, but
// for those of one set.
func logloss(all []*sample, t int, but string) float64 {
	l, n := 0.0, 0.0
	for _, s := range all {
		if !in(s, t) || s.set == but {
			continue
		}
		w := weight(s, t)
		p := min(max(s.p[t], 1e-4), 1-1e-4)
		if s.level < thresholds[t].level {
			p = 1 - p
		}
		l -= w * math.Log(p)
		n += w
	}
	return l / n
}

// forward adds, time and again, the feature that lowers the loss most.
func forward(all []*sample, t int, l2 float64) {
	use = [len(use)]bool{}
	last := 1e9
	for {
		best, bk := last-2e-4, -1
		for k := range use {
			if use[k] {
				continue
			}
			use[k] = true
			crossValidate(all, t, l2)
			if l := logloss(all, t, ""); l < best {
				best, bk = l, k
			}
			use[k] = false
		}
		if bk < 0 {
			break
		}
		use[bk], last = true, best
		crossValidate(all, t, l2)
		p, r, f := prf(all, t, .5, false, func(s *sample) bool { return s.set == "wire" && in(s, t) })
		_, _, fh := prf(all, t, .5, false, func(s *sample) bool { return s.set == "wire" && s.high && in(s, t) })
		fmt.Printf("+%-12s loss %.4f  wire P %.3f R %.3f F %.3f high %.3f\n", verdict.Names[bk], best, p, r, f, fh)
	}
}

// normalize frees a document of its chrome, as a service would, unless it is
// the text of an article alone.
func normalize(d *doc) (title, text string) {
	if d.plain {
		return d.Title, d.Text
	}
	a, err := newsdedup.NormalizeText(strings.NewReader(strings.TrimPrefix(d.Title+"\n\n", "\n\n")+d.Text), nil)
	if err != nil {
		return d.Title, "" // all chrome
	}
	if a.Title == "" {
		a.Title = d.Title
	}
	return a.Title, a.Text
}

// explain prints the features and the verdict of every two of some files.
func explain(paths []string) {
	var builder sketch.Builder
	var al align.Aligner
	sk := make([]sketch.View, len(paths))
	for i, p := range paths {
		b, err := os.ReadFile(p)
		if err != nil {
			log.Fatal(err)
		}
		title, text := normalize(&doc{Text: string(b)})
		var s sketch.Sketch
		builder.Build(&s, title, text)
		sk[i].Of(&s)
	}
	fmt.Printf("%-14s", "")
	var vs []verdict.Vector
	for i := range sk {
		for j := range i {
			fmt.Printf(" %13s", strings.TrimSuffix(paths[j][strings.LastIndex(paths[j], "/")+1:], ".txt")[:2]+"-"+strings.TrimSuffix(paths[i][strings.LastIndex(paths[i], "/")+1:], ".txt")[:2])
			var v verdict.Vector
			verdict.Features(&v, al.Align(&sk[j], &sk[i]))
			vs = append(vs, v)
		}
	}
	fmt.Println()
	for k, name := range verdict.Names {
		fmt.Printf("%-14s", name)
		for _, v := range vs {
			fmt.Printf(" %13.3f", v[k])
		}
		fmt.Println()
	}
	for t, th := range thresholds {
		fmt.Printf("%-14s", th.name)
		for _, v := range vs {
			fmt.Printf(" %13.3f", verdict.Chances(&v)[t])
		}
		fmt.Println()
	}
}

// tryOut cross-validates the regression of a threshold with its features and
// changes to them: mean loss but for made pairs, and over all; precision,
// recall, F1 on wire2025; precision, recall and accuracy on the other sets; the
// made pairs that are wrong.
func tryOut(all []*sample, what string, l2 float64) error {
	first, rest, _ := strings.Cut(what, ":")
	t, err := strconv.Atoi(first)
	if err != nil || t < 0 || t >= len(thresholds) {
		return fmt.Errorf("no threshold %q", first)
	}
	old := chosen[t]
	for _, set := range strings.Split(rest, ";") {
		chosen[t] = slices.Clone(old)
		for _, f := range strings.Split(set, ",") {
			name := strings.TrimLeft(f, "+-")
			k := slices.Index(chosen[t], name)
			switch {
			case f == "":
			case f[0] == '-' && k >= 0:
				chosen[t] = slices.Delete(chosen[t], k, k+1)
			case f[0] == '+' && k < 0 && slices.Contains(verdict.Names[:], name):
				chosen[t] = append(chosen[t], name)
			default:
				return fmt.Errorf("cannot apply %q", f)
			}
		}
		crossValidate(all, t, l2)
		of := func(set string, high bool) func(*sample) bool {
			return func(s *sample) bool { return s.set == set && in(s, t) && (s.high || !high) }
		}
		p, r, f := prf(all, t, cuts[t], false, of("wire", false))
		_, _, high := prf(all, t, cuts[t], false, of("wire", true))
		fmt.Printf("%.4f %.4f wire %.3f %.3f %.3f high %.3f", logloss(all, t, "made"), logloss(all, t, ""), p, r, f, high)
		n, right, wrong := map[string]int{}, map[string]int{}, map[string]int{}
		for _, s := range all {
			if !in(s, t) {
				continue
			}
			n[s.set]++
			if (s.p[t] >= cuts[t]) == (s.level >= thresholds[t].level) {
				right[s.set]++
			} else if s.set == "made" {
				wrong[s.style]++
			}
		}
		for _, set := range []string{"reuters1987", "joined", "german2013", "rewrites", "telegram", "ecb"} {
			if n[set] > 0 {
				p, r, _ := prf(all, t, cuts[t], false, of(set, false))
				fmt.Printf(" | %s %.3f %.3f %.3f", set, p, r, float64(right[set])/float64(n[set]))
			}
		}
		fmt.Println(" |", wrong, set)
	}
	return nil
}
