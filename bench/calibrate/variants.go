package main

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"

	"github.com/newsdedup/newsdedup"
)

// A variantResult counts how variants of the articles of a language are judged:
// how many there are of each kind, and how many of them as they should be.
type variantResult struct {
	language string
	n, right [len(variantKinds)]int
}

var variantKinds = [...]string{
	"itself: Exact",
	"up to a tenth cut from the end: Near",
	"cut step by step: never stronger again",
	"first half: Partial or more",
	"a sentence of another inserted: Near",
	"another article behind it: Partial or more",
	"another article: less than Partial",
	"either order: the same",
}

// variants judges variants of a hundred articles of each language by the model
// that is built in.
func variants(dir string) (out []variantResult, err error) {
	rng := rand.New(rand.NewPCG(5, 5))
	for _, name := range []string{"ar", "de", "es", "ja", "pt"} {
		_, docs, err := loadDocs(filepath.Join(dir, "languages", name+".jsonl.gz"))
		if err != nil {
			return nil, err
		}
		rng.Shuffle(len(docs), func(i, j int) { docs[i], docs[j] = docs[j], docs[i] })
		r := variantResult{language: name}
		for i, d := range docs[:len(docs)-1] {
			s, o := sentences(d.Text), sentences(docs[i+1].Text)
			if r.n[0] == 100 || len(s) < 10 || len(o) < 6 {
				continue
			}
			print := func(s ...string) *newsdedup.Fingerprint {
				f := newsdedup.SchemeDefault.Fingerprint(&newsdedup.Article{Title: d.Title, Text: strings.Join(s, "")})
				return &f
			}
			whole := print(s...)
			relate := func(f *newsdedup.Fingerprint) newsdedup.Relation {
				m, err := newsdedup.Relate(whole, f, nil)
				if err != nil {
					panic(err) // fingerprints of one scheme
				}
				return m.Relation
			}
			count := func(k int, right bool) {
				r.n[k]++
				if right {
					r.right[k]++
				}
			}
			const partial, near, exact = newsdedup.Partial, newsdedup.Near, newsdedup.Exact
			count(0, relate(whole) == exact)
			kept, cut := len(s), 0
			for kept > 0 && cut+len(s[kept-1]) <= len(d.Text)/10 {
				kept--
				cut += len(s[kept])
			}
			if kept < len(s) {
				count(1, relate(print(s[:kept]...)) >= near)
			}
			falling, last := true, exact
			for n := len(s); n > 0; n -= max(1, len(s)/12) {
				now := relate(print(s[:n]...))
				falling, last = falling && now <= last, now
			}
			count(2, falling)
			half := print(s[:(len(s)+1)/2]...)
			count(3, relate(half) >= partial)
			count(4, relate(print(slices.Insert(slices.Clone(s), len(s)/2, o[1])...)) == near)
			both := print(slices.Concat(s, o)...)
			count(5, relate(both) >= partial)
			other := newsdedup.SchemeDefault.Fingerprint(&newsdedup.Article{Title: docs[i+1].Title, Text: docs[i+1].Text})
			count(6, relate(&other) < partial)
			same := true
			for _, f := range []*newsdedup.Fingerprint{half, both, &other} {
				m, err := newsdedup.Relate(f, whole, nil)
				same = same && err == nil && m.Relation == relate(f)
			}
			count(7, same)
		}
		out = append(out, r)
	}
	return out, nil
}

func variantTable(b *strings.Builder, all []variantResult) {
	b.WriteString("\nVariants of a hundred articles of each language, by the model that is built in:\n\n| variant |")
	for _, r := range all {
		fmt.Fprintf(b, " %s |", r.language)
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(all)) + "\n")
	for k, kind := range variantKinds {
		fmt.Fprintf(b, "| %s |", kind)
		for _, r := range all {
			fmt.Fprintf(b, " %d of %d |", r.right[k], r.n[k])
		}
		b.WriteString("\n")
	}
}
