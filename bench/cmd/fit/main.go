// Command fit finds the weights with which internal/chrome tells body lines
// from the rest, by logistic regression on labelled pages flattened to text.
// It prints them as a Go table, with the shingle F1 on the sites left out
// (two folds by host).
//
//	go run ./cmd/fit -data DIR
package main

import (
	"flag"
	"fmt"
	"hash/fnv"
	"log"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/newsdedup/newsdedup/bench/internal/jsonl"
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

func fit(pages []*page, skipFold int, mask func(int) bool) [nf]float64 {
	var w, m, v [nf]float64
	const rate, l2 = .05, 2e-5
	for t := 1; t <= 400; t++ {
		var g [nf]float64
		n := 0
		for _, p := range pages {
			if p.fold == skipFold {
				continue
			}
			n++
			for i := range p.x {
				if p.w[i] == 0 {
					continue
				}
				d := 1/(1+math.Exp(-dot(&w, &p.x[i]))) - float64(b2i(p.y[i]))
				d *= p.w[i]
				for j := range g {
					g[j] += d * float64(p.x[i][j])
				}
			}
		}
		for j := range g {
			if !mask(j) {
				continue
			}
			gr := g[j]/float64(n) + l2*w[j]
			m[j] = .9*m[j] + .1*gr
			v[j] = .999*v[j] + .001*gr*gr
			mh, vh := m[j]/(1-math.Pow(.9, float64(t))), v[j]/(1-math.Pow(.999, float64(t)))
			w[j] -= rate * mh / (math.Sqrt(vh) + 1e-9)
		}
	}
	return w
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func main() {
	data := flag.String("data", os.Getenv("NEWSDEDUP_DATA"), "folder of the labelled data")
	shift := flag.Float64("shift", 0, "added to the log odds")
	sw := flag.Float64("switch", 0, "cost of entering or leaving the body")
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
	all := func(int) bool { return true }
	score := map[string][]float64{}
	second := func(w1 *[nf]float64) {
		for _, p := range pages {
			_, p.x = chrome.Rounds(p.blocks, chrome.Hints{}, func(x *[nf]float32) float32 { return float32(dot(w1, x)) })
		}
	}
	first := func(skip int) [nf]float64 {
		for _, p := range pages {
			p.x = p.one
		}
		return fit(pages, skip, func(j int) bool { return j < 40 })
	}
	for fold := range 2 {
		w1 := first(fold)
		second(&w1)
		w := fit(pages, fold, all)
		for _, p := range pages {
			if p.fold != fold {
				continue
			}
			keep := viterbi(p, &w, *shift, *sw)
			best := 0.
			var sb strings.Builder
			for i, b := range p.blocks {
				if keep[i] {
					sb.WriteString(b.Text + "\n")
				}
			}
			pg := grams(tokens(sb.String()))
			for _, g := range p.golds {
				best = max(best, f1(g, pg))
			}
			key := p.set
			if p.window {
				key += " cut"
			}
			if p.free == nil {
				key += " short"
			}
			score[key] = append(score[key], best)
			if *verbose {
				for i, b := range p.blocks {
					if keep[i] != p.y[i] && p.w[i] > .01 {
						fmt.Printf("%s\t%s\t%.3f\t%.2f\t%.1f\t%s\n", [...]string{"extra", "lost"}[b2i(p.y[i])], key+" "+p.id, best, p.w[i], dot(&w, &p.x[i]), b.Text)
					}
				}
			}
		}
	}
	for _, k := range []string{"aeb", "fundus", "wcxb", "aeb cut", "fundus cut", "wcxb cut", "aeb cut short", "fundus cut short", "wcxb cut short"} {
		s := 0.
		for _, x := range score[k] {
			s += x
		}
		fmt.Printf("// %-16s %4d pages, shingle F1 %.3f\n", k, len(score[k]), s/float64(len(score[k])))
	}
	w1 := first(-1)
	second(&w1)
	w2 := fit(pages, -1, all)
	for r, w := range [][nf]float64{w1, w2} {
		fmt.Printf("var round%d = [NumFeatures]float32{\n", r+1)
		for j, x := range w {
			if x != 0 {
				fmt.Printf("\t%d: %.2f,\n", j, x)
			}
		}
		fmt.Println("}")
	}
}

func viterbi(p *page, w *[nf]float64, shift, cost float64) []bool {
	n := len(p.x)
	keep := make([]bool, n)
	var in, out float64
	fromIn := make([][2]bool, n)
	for i := range p.x {
		s := dot(w, &p.x[i]) + shift
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
	for i := n - 1; i >= 0; i-- {
		keep[i] = st
		st = fromIn[i][b2i(st)]
	}
	return keep
}
