// Command fit finds the weights with which internal/chrome tells body lines
// from the rest, by logistic regression on labelled pages flattened to text, and
// the trees that correct it. It prints the shingle F1 on the sites left out (two
// folds by host), without and with the trees, and writes weights.go anew.
//
//	go run ./cmd/fit -data DIR -write ../internal/chrome/weights.go
package main

import (
	"bytes"
	"flag"
	"fmt"
	"go/format"
	"hash/fnv"
	"log"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/newsdedup/newsdedup/bench/internal/jsonl"
	"github.com/newsdedup/newsdedup/internal/boost"
	"github.com/newsdedup/newsdedup/internal/chrome"
)

const nf = chrome.NumFeatures

type row struct {
	ID, Text, Host, Headline, Summary string
	With                              []string
}

func read(path string) []row {
	rows, err := jsonl.Read[row](path)
	if err != nil {
		log.Fatal(err)
	}
	return rows
}

// tokens divides a text as score/text_metric.py does.
func tokens(s string) []string {
	var out []string
	start := -1
	low := strings.ToLower(s)
	for i, r := range low {
		single := r >= 0xe00 && r < 0xf00 || r >= 0x1000 && r < 0x10a0 || r >= 0x1780 && r < 0x1800 || r >= 0x3040 && r < 0x3100 || r >= 0x3400 && r < 0xa000 || r >= 0xf900 && r < 0xfb00
		word := !single && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || unicode.IsNumber(r))
		if !word && start >= 0 {
			out = append(out, low[start:i])
			start = -1
		}
		if single {
			out = append(out, string(r))
		}
		if word && start < 0 {
			start = i
		}
	}
	if start >= 0 {
		out = append(out, low[start:])
	}
	return out
}

func hash(ss ...string) uint64 {
	h := fnv.New64a()
	for _, s := range ss {
		h.Write([]byte(s))
		h.Write([]byte{0})
	}
	return h.Sum64()
}

func grams(k []string) map[uint64]int {
	m := map[uint64]int{}
	if len(k) > 0 && len(k) < 4 {
		m[hash(k...)]++
	}
	for i := 0; i+4 <= len(k); i++ {
		m[hash(k[i:i+4]...)]++
	}
	return m
}

func f1(gold, pred map[uint64]int) float64 {
	tp, a, b := 0, 0, 0
	for g, n := range pred {
		tp += min(n, gold[g])
		b += n
	}
	for _, n := range gold {
		a += n
	}
	if tp == 0 {
		return 0
	}
	p, r := float64(tp)/float64(b), float64(tp)/float64(a)
	return 2 * p * r / (p + r)
}

type page struct {
	set    string
	id     string
	fold   int
	blocks []chrome.Block
	one, x [][nf]float32
	y      []bool
	free   []bool // neither right nor wrong
	w      []float64
	golds  []map[uint64]int
	window bool
}

func (p *page) label(gold string, plus []string) {
	k := tokens(gold)
	g3 := map[uint64]bool{}
	for i := 0; i+3 <= len(k); i++ {
		g3[hash(k[i:i+3]...)] = true
	}
	text := " " + strings.Join(k, " ") + " "
	free := " " + strings.Join(tokens(strings.Join(plus, "\n")), " ") + " "
	n := len(p.blocks)
	p.y, p.free, p.w = make([]bool, n), make([]bool, n), make([]float64, n)
	short := make([]bool, n)
	for i, b := range p.blocks {
		t := tokens(b.Text)
		p.w[i] = float64(min(len(t), 120))
		switch {
		case len(t) == 0:
		case len(t) < 5:
			short[i] = strings.Contains(text, " "+strings.Join(t, " ")+" ")
		default:
			c := 0
			for j := 0; j+3 <= len(t); j++ {
				if g3[hash(t[j:j+3]...)] {
					c++
				}
			}
			p.y[i] = 2*c > len(t)-2
		}
		if len(t) > 0 && strings.Contains(free, " "+strings.Join(t, " ")+" ") {
			p.free[i] = true
		}
	}
	long := append([]bool(nil), p.y...)
	for i := range short {
		if !short[i] {
			continue
		}
		before, after := false, false
		for d := 1; d <= 4; d++ {
			before = before || i-d >= 0 && long[i-d]
			after = after || i+d < n && long[i+d]
		}
		p.y[i] = before && after
	}
	var total float64
	for i := range p.w {
		if p.y[i] {
			total += p.w[i]
		}
	}
	if total == 0 {
		total = 1e9
	}
	total = max(total, 150)
	var neg float64
	for i := range p.w {
		p.w[i] /= total
		if !p.y[i] {
			neg += p.w[i]
		}
	}
	if neg > 2 {
		for i := range p.w {
			if !p.y[i] {
				p.w[i] *= 2 / neg
			}
		}
	}
	for i := range p.w {
		if p.free[i] {
			p.w[i] = 0
		}
		if p.set != "wcxb" {
			p.w[i] *= 2 // news is what the library is for
		}
	}
}

func load(dir, set string, rng *rand.Rand) []*page {
	flats := map[string]string{}
	for _, r := range read(filepath.Join(dir, "html", set, "flat.jsonl.gz")) {
		flats[r.ID] = r.Text
	}
	var out []*page
	for _, g := range read(filepath.Join(dir, "html", set, "gold.jsonl")) {
		gold := g.Text
		if gold == "" {
			continue
		}
		p := &page{set: set, id: g.ID, fold: int(hash(g.Host) % 2), blocks: chrome.Split(flats[g.ID])}
		var plus []string
		switch set {
		case "fundus":
			plus = []string{g.Summary, g.Headline}
		default:
			plus = []string{g.Headline}
		}
		p.golds = []map[uint64]int{grams(tokens(gold))}
		for _, x := range plus {
			if x != "" {
				for _, t := range [...]string{gold} {
					p.golds = append(p.golds, grams(tokens(x+"\n"+t)))
				}
			}
		}
		if set == "fundus" && g.Summary != "" {
			p.golds = append(p.golds, grams(tokens(g.Headline+"\n"+g.Summary+"\n"+gold)))
		}
		p.label(gold, plus)
		out = append(out, p)
		a, b := -1, -1
		for i, y := range p.y {
			if y {
				if a < 0 {
					a = i
				}
				b = i + 1
			}
		}
		if a < 0 {
			continue
		}
		// A scraper's cut of the same page: the body with a few lines around.
		for range 2 {
			lo, hi := max(0, a-rng.IntN(5)), min(len(p.blocks), b+rng.IntN(9))
			q := &page{set: set, id: g.ID, fold: p.fold, blocks: p.blocks[lo:hi], golds: p.golds, window: true}
			q.label(gold, plus)
			for i := range q.w {
				q.w[i] /= 2
			}
			out = append(out, q)
		}
	}
	out = append(out, short(out, rng)...)
	for _, p := range out {
		p.one, _ = chrome.Rounds(p.blocks, chrome.Hints{}, nil)
	}
	return out
}

// short makes briefs of the pages: of each body only a few lines, between a
// part of the page's chrome, and one of the page's labelled lists in the
// midst.
func short(pages []*page, rng *rand.Rand) []*page {
	var out []*page
	for _, p := range pages {
		if p.window {
			continue
		}
		var body, before, after, list []int
		for i, y := range p.y {
			switch {
			case y:
				body = append(body, i)
			case len(body) == 0:
				before = append(before, i)
			default:
				after = append(after, i)
			}
		}
		if len(body) < 3 {
			continue
		}
		for i := range p.blocks {
			if !p.y[i] && chrome.LabelOf(p.blocks[i].Text) == chrome.Stories {
				for j := i; j < min(i+2+rng.IntN(4), len(p.blocks)) && !p.y[j]; j++ {
					list = append(list, j)
				}
				break
			}
		}
		n := min(len(body), 3+rng.IntN(6))
		a := rng.IntN(len(body) - n + 1)
		cut := 1 + rng.IntN(n-1)
		before = before[max(0, len(before)-rng.IntN(25)):]
		after = after[:min(len(after), rng.IntN(25))]
		q := &page{set: p.set, id: p.id, fold: p.fold, window: true}
		add := func(rows []int) {
			for _, i := range rows {
				q.blocks = append(q.blocks, p.blocks[i])
				q.y = append(q.y, p.y[i])
				w := p.w[i] / 4
				if p.y[i] {
					w *= float64(len(body)) / float64(n) / 2
				}
				q.w = append(q.w, w)
			}
		}
		add(before)
		add(body[a : a+cut])
		add(list)
		add(body[a+cut : a+n])
		add(after)
		var sb strings.Builder
		for i, y := range q.y {
			if y {
				sb.WriteString(q.blocks[i].Text + "\n")
			}
		}
		q.golds = []map[uint64]int{grams(tokens(sb.String()))}
		out = append(out, q)
	}
	return out
}

func dot(w *[nf]float64, x *[nf]float32) float64 {
	s := 0.
	for i := range w {
		s += w[i] * float64(x[i])
	}
	return s
}

// sparse is a line's features other than zero.
type sparse struct {
	index []uint8
	value []float64
	y, w  float64
}

// fit fits the first n weights to all pages but those of a fold (-1: to all).
func fit(pages []*page, skipFold, n int) [nf]float64 {
	var rows []sparse
	used := 0
	for _, p := range pages {
		if p.fold == skipFold {
			continue
		}
		used++
		for i := range p.x {
			if p.w[i] == 0 {
				continue
			}
			r := sparse{y: float64(b2i(p.y[i])), w: p.w[i]}
			for j, x := range p.x[i][:n] {
				if x != 0 {
					r.index, r.value = append(r.index, uint8(j)), append(r.value, float64(x))
				}
			}
			rows = append(rows, r)
		}
	}
	var w, m, v [nf]float64
	const rate, l2 = .05, 2e-5
	for t := 1; t <= 400; t++ {
		var g [nf]float64
		for i := range rows {
			r := &rows[i]
			s := 0.
			for k, j := range r.index {
				s += w[j] * r.value[k]
			}
			d := (1/(1+math.Exp(-s)) - r.y) * r.w
			for k, j := range r.index {
				g[j] += d * r.value[k]
			}
		}
		for j := range n {
			gr := g[j]/float64(used) + l2*w[j]
			m[j] = .9*m[j] + .1*gr
			v[j] = .999*v[j] + .001*gr*gr
			mh, vh := m[j]/(1-math.Pow(.9, float64(t))), v[j]/(1-math.Pow(.999, float64(t)))
			w[j] -= rate * mh / (math.Sqrt(vh) + 1e-9)
		}
	}
	return w
}

// trees fits the trees to the lines that the weights are in doubt of. A page
// counts three times as much as in the regression: the ridge of package boost is
// for such weights.
func trees(pages []*page, skipFold int, w *[nf]float64) []boost.Tree {
	var samples []boost.Sample
	for _, p := range pages {
		if p.fold == skipFold {
			continue
		}
		for i := range p.x {
			if s := dot(w, &p.x[i]); p.w[i] > 0 && s > -chrome.Doubt && s < chrome.Doubt {
				samples = append(samples, boost.Sample{X: p.x[i][:], Body: p.y[i], W: 3 * p.w[i], Score: s})
			}
		}
	}
	return boost.Fit(samples, chrome.NumTrees, chrome.TreeDepth)
}

// score is the log odds of a line by the weights and the trees.
func score(w *[nf]float64, list []boost.Tree, x *[nf]float32) float64 {
	s := dot(w, x)
	if s <= -chrome.Doubt || s >= chrome.Doubt {
		return s
	}
	for i := range list {
		s += float64(list[i].Value(x[:]))
	}
	return s
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func main() {
	data := flag.String("data", os.Getenv("NEWSDEDUP_DATA"), "folder of the labelled data")
	shift := flag.Float64("shift", .2, "added to the log odds")
	sw := flag.Float64("switch", .3, "cost of entering or leaving the body")
	write := flag.String("write", "", "the file of weights to write anew")
	verbose := flag.Bool("v", false, "print the pages that fare badly")
	flag.Parse()
	if *data == "" {
		log.Fatal("fit: -data or NEWSDEDUP_DATA is needed")
	}
	rng := rand.New(rand.NewPCG(1, 2))
	var pages []*page
	for _, s := range []string{"aeb", "fundus", "wcxb"} {
		pages = append(pages, load(*data, s, rng)...)
	}
	second := func(w1 *[nf]float64) {
		for _, p := range pages {
			_, p.x = chrome.Rounds(p.blocks, chrome.Hints{}, func(x *[nf]float32) float32 { return float32(dot(w1, x)) })
		}
	}
	first := func(skip int) [nf]float64 {
		for _, p := range pages {
			p.x = p.one
		}
		return fit(pages, skip, 40)
	}
	keys := []string{"aeb", "fundus", "wcxb", "aeb cut", "fundus cut", "wcxb cut", "aeb cut short", "fundus cut short", "wcxb cut short"}
	plain, corrected := map[string][]float64{}, map[string][]float64{}
	for fold := range 2 {
		w1 := first(fold)
		second(&w1)
		w := fit(pages, fold, nf)
		list := trees(pages, fold, &w)
		for _, p := range pages {
			if p.fold != fold {
				continue
			}
			key := p.set
			if p.window {
				key += " cut"
			}
			if p.free == nil {
				key += " short"
			}
			z := make([]float64, len(p.x))
			for i := range z {
				z[i] = dot(&w, &p.x[i])
			}
			plain[key] = append(plain[key], p.best(viterbi(z, *shift, *sw)))
			for i := range z {
				z[i] = score(&w, list, &p.x[i])
			}
			keep := viterbi(z, *shift, *sw)
			best := p.best(keep)
			corrected[key] = append(corrected[key], best)
			if *verbose {
				for i, b := range p.blocks {
					if keep[i] != p.y[i] && p.w[i] > .01 {
						fmt.Printf("%s\t%s\t%.3f\t%.2f\t%.1f\t%s\n", [...]string{"extra", "lost"}[b2i(p.y[i])], key+" "+p.id, best, p.w[i], z[i], b.Text)
					}
				}
			}
		}
	}
	var table strings.Builder
	for _, k := range keys {
		fmt.Fprintf(&table, "//\t%-16s %4d pages, shingle F1 %.3f, %.3f\n", k, len(plain[k]), mean(plain[k]), mean(corrected[k]))
	}
	fmt.Print(table.String())
	if *write == "" {
		return
	}
	w1 := first(-1)
	second(&w1)
	w2 := fit(pages, -1, nf)
	if err := os.WriteFile(*write, source(table.String(), &w1, &w2, trees(pages, -1, &w2)), 0o666); err != nil {
		log.Fatal(err)
	}
}

func mean(list []float64) float64 {
	s := 0.
	for _, x := range list {
		s += x
	}
	return s / float64(max(len(list), 1))
}

// best is the F1 of the lines kept against the nearest of the labelled texts.
func (p *page) best(keep []bool) float64 {
	var b strings.Builder
	for i, k := range keep {
		if k {
			b.WriteString(p.blocks[i].Text + "\n")
		}
	}
	have := grams(tokens(b.String()))
	best := 0.
	for _, g := range p.golds {
		best = max(best, f1(g, have))
	}
	return best
}

const head = `// Code generated by bench/cmd/fit; DO NOT EDIT.

package chrome

// The weights of the two rounds, in natural log odds: logistic regression on
// the lines of 77 pages of the article-extraction benchmark, 96 of Fundus and 429
// of WCXB, flattened to text; on cuts of the same pages with only a few lines
// around the body; and on briefs of them with a few lines of the body and a list
// of other stories in between. The trees correct the second round. Shingle F1 of
// the lines chosen, without and with the trees, on sites left out of the fit (two
// folds by host), before the rules of refine:
//
`

// source is the file of weights.
func source(table string, w1, w2 *[nf]float64, list []boost.Tree) []byte {
	var b bytes.Buffer
	b.WriteString(head + table)
	for r, w := range [...]*[nf]float64{w1, w2} {
		fmt.Fprintf(&b, "var round%d = [NumFeatures]float32{\n", r+1)
		for j, x := range w {
			if x != 0 {
				fmt.Fprintf(&b, "\t%d: %.2f,\n", j, x)
			}
		}
		b.WriteString("}\n\n")
	}
	b.WriteString("var trees = [NumTrees]tree{\n")
	join := func(n int, item func(int) any) string {
		var l []string
		for i := range n {
			l = append(l, fmt.Sprint(item(i)))
		}
		return strings.Join(l, ", ")
	}
	for _, t := range list {
		fmt.Fprintf(&b, "\t{[...]uint8{%s}, [...]float32{%s}, [...]float32{%s}},\n",
			join(len(t.Feature), func(i int) any { return t.Feature[i] }),
			join(len(t.Above), func(i int) any { return t.Above[i] }),
			join(len(t.Leaf), func(i int) any { return t.Leaf[i] }))
	}
	b.WriteString("}\n")
	out, err := format.Source(b.Bytes())
	if err != nil {
		log.Fatal(err)
	}
	return out
}

// viterbi is the best path through the lines' log odds, as package chrome finds it.
func viterbi(z []float64, shift, cost float64) []bool {
	keep := make([]bool, len(z))
	var in, out float64
	fromIn := make([][2]bool, len(z))
	for i, s := range z {
		s += shift
		ni, fi := in, true
		if out-cost > ni {
			ni, fi = out-cost, false
		}
		no, fo := out, false
		if in-cost > no {
			no, fo = in-cost, true
		}
		fromIn[i] = [2]bool{fo, fi}
		in, out = ni+s/2, no-s/2
	}
	st := in > out
	for i := len(z) - 1; i >= 0; i-- {
		keep[i] = st
		st = fromIn[i][b2i(st)]
	}
	return keep
}
