package main

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"unicode"

	"github.com/newsdedup/newsdedup"
)

// A damage makes a copy of an article as the web does.
type damage struct {
	name string
	make func(r *rand.Rand, text, other []rune) string
}

var damages = []damage{
	{"trim 10 %", func(r *rand.Rand, text, other []rune) string { return string(text[:len(text)*9/10]) }},
	{"house style", func(r *rand.Rand, text, other []rune) string {
		return strings.NewReplacer(
			"“", "\"", "”", "\"", "„", "\"", "«", "\"", "»", "\"", "’", "'", "‘", "'", "「", "『", "」", "』",
			"U.S.", "US", " percent", "%", " per cent", "%", " Prozent", " %", " por ciento", "%", "—", " - ", "–", "-", ",000", "000",
			"President ", "Pres. ", " said ", " told reporters ", "Aug. ", "August ", "％", "%",
		).Replace(string(text))
	}},
	{"punctuation", func(r *rand.Rand, text, other []rune) string {
		return strings.Map(func(c rune) rune {
			if unicode.IsPunct(c) && c != '.' && c != '\'' && c != '’' && r.Intn(2) == 0 {
				return ' '
			}
			return c
		}, string(text))
	}},
	{"inserted paragraph", func(r *rand.Rand, text, other []rune) string {
		n := min(len(other), len(text)/10)
		return string(text[:len(text)/2]) + "\n" + string(other[:n]) + "\n" + string(text[len(text)/2:])
	}},
	{"1 % of characters", func(r *rand.Rand, text, other []rune) string {
		out := slices.Clone(text)
		for range len(text) / 100 {
			out[r.Intn(len(out))] = text[r.Intn(len(text))]
		}
		return string(out)
	}},
}

type histogram struct {
	count [65]int
	n     int
}

func (h *histogram) add(d int) { h.count[d]++; h.n++ }

// within returns the share of distances of at most d.
func (h *histogram) within(d int) float64 {
	k := 0
	for _, c := range h.count[:d+1] {
		k += c
	}
	return float64(k) / float64(max(1, h.n))
}

// quantile returns the least distance within which a share q lies.
func (h *histogram) quantile(q float64) int {
	for d := range h.count {
		if h.within(d) >= q {
			return d
		}
	}
	return 64
}

func near(sets []*set) {
	fmt.Println("\nHamming distances of SimHashes: 50 %, 90 %, 99 % of copies; 0.1 %, 1 %, 50 % of random pairs;")
	fmt.Println("error: the share of copies beyond a distance and of random pairs within it, added, at the distance where that is least")
	// Japanese without its kana, for want of Chinese.
	han := &set{name: "han"}
	for _, s := range sets {
		if s.name != "ja" {
			continue
		}
		for _, a := range s.docs {
			a.Text = strings.Map(func(r rune) rune {
				if unicode.In(r, unicode.Hiragana, unicode.Katakana) || r == 'ー' {
					return -1
				}
				return r
			}, a.Text)
			han.docs, han.event = append(han.docs, a), append(han.event, "")
		}
	}
	for _, s := range append(sets, han) {
		r := rand.New(rand.NewSource(1))
		var hashes []newsdedup.SimHash
		for i := range s.docs {
			hashes = append(hashes, hash(s.docs[i].Text))
		}
		var random histogram
		for range 40000 {
			i, j := r.Intn(len(hashes)), r.Intn(len(hashes))
			if i != j && (s.event[i] == "" || s.event[i] != s.event[j]) {
				random.add(hashes[i].Distance(hashes[j]))
			}
		}
		fmt.Printf("%s\n  %-20s %4d %4d %4d\n", s.name, "random", random.quantile(.001), random.quantile(.01), random.quantile(.5))
		var every histogram
		for _, d := range damages {
			var h histogram
			for i := range s.docs {
				text := []rune(s.docs[i].Text)
				if len(text) < 200 {
					continue
				}
				x := hashes[i].Distance(hash(d.make(r, text, []rune(s.docs[(i+7)%len(s.docs)].Text))))
				h.add(x)
				every.add(x)
			}
			fmt.Printf("  %-20s %4d %4d %4d\n", d.name, h.quantile(.5), h.quantile(.9), h.quantile(.99))
		}
		if s.name == "ja" || s.name == "han" {
			h := misread(r, s)
			over := h.n - int(h.within(6)*float64(h.n)+.5)
			fmt.Printf("  one character of 200: 50 %% %d, 99 %% %d, at most %d; over 6: %d of %d\n", h.quantile(.5), h.quantile(.99), h.quantile(1), over, h.n)
		}
		best, at := 2.0, 0
		for d := range 64 {
			if e := 1 - every.within(d) + random.within(d); e < best {
				best, at = e, d
			}
		}
		fmt.Printf("  %-20s %4d %4d %4d   error %.2f %% at %d\n", "all copies", every.quantile(.5), every.quantile(.9), every.quantile(.99), 100*best, at)
	}
}

// misread changes one of the first 200 characters of every article of s, 100
// times, into one of another article. Articles of which fewer than half of them
// are ideographs or kana, lists of foreign names for instance, are left out.
func misread(r *rand.Rand, s *set) (h histogram) {
	for i := range s.docs {
		text := []rune(s.docs[i].Text)
		if len(text) < 200 {
			continue
		}
		text = text[:200]
		n := 0
		for _, c := range text {
			if unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana) {
				n++
			}
		}
		if n < 100 {
			continue
		}
		before := hash(string(text))
		for range 100 {
			other := []rune(s.docs[r.Intn(len(s.docs))].Text)
			if len(other) == 0 {
				continue
			}
			k, c := r.Intn(len(text)), other[r.Intn(len(other))]
			old := text[k]
			if c == old || unicode.IsSpace(c) || unicode.IsPunct(c) {
				continue
			}
			text[k] = c
			h.add(before.Distance(hash(string(text))))
			text[k] = old
		}
	}
	return h
}

func hash(text string) newsdedup.SimHash {
	f := newsdedup.SchemeDefault.Fingerprint(&newsdedup.Article{Text: text})
	return f.SimHash()
}
