package main

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// made derives pairs whose label is known by construction from articles in
// many languages, so that the weights lean neither on English nor on capital
// letters, and from templates: the same frame with other names and numbers.
//
//	copy       trimmed by up to 15 %; one paragraph inserted; a new lead; a
//	           notice sent again
//	partial    the first or last 35–60 %; that, followed by another article
//	different  another article of the collection; the same frame refilled;
//	           two notices of one kind about companies of different symbols;
//	           stories of one title, days apart
//
// Half of the Reuters stories have their lines joined.
func made(dir string) ([]*pair, error) {
	rng := rand.New(rand.NewPCG(1, 1))
	var out []*pair
	for _, c := range []struct {
		name string
		n    int
	}{{"languages/ja", 40}, {"languages/ar", 40}, {"languages/de", 30}, {"languages/es", 30}, {"languages/pt", 30}, {"german2013/docs", 30}, {"reuters1987/docs", 240}} {
		_, docs, err := loadDocs(filepath.Join(dir, c.name+".jsonl.gz"))
		if err != nil {
			return nil, err
		}
		rng.Shuffle(len(docs), func(i, j int) { docs[i], docs[j] = docs[j], docs[i] })
		k := 0
		for i, d := range docs {
			if len(d.Text) < 300 || i+1 == len(docs) {
				continue
			}
			if k++; k > c.n {
				break
			}
			other := docs[i+1]
			if c.name == "reuters1987/docs" && k%2 == 0 {
				d, other = joined(d), joined(other)
			}
			add := func(label, text, title string, kind string) {
				out = append(out, &pair{set: "made", a: d, b: &doc{ID: d.ID + "/" + kind, Title: title, Text: text, plain: true}, label: label, level: labels[label], high: true, weight: 1, style: kind, group: "made" + d.ID})
			}
			s := sentences(d.Text)
			o := sentences(other.Text)
			n, m := len(s), len(o)
			add("different", other.Text, other.Title, "other")
			if c.name != "languages/ja" && c.name != "languages/ar" {
				add("different", refill(rng, d.Text, 1), refill(rng, d.Title, 1), "template")
				add("different", refill(rng, d.Text, .75), refill(rng, d.Title, 1), "template")
			}
			if n < 6 || m < 6 {
				continue
			}
			add("copy", strings.Join(s[:n-max(1, n*(5+rng.IntN(10))/100)], ""), d.Title, "trimmed")
			add("copy", strings.Join(slices.Insert(slices.Clone(s), n/2, o[0]), ""), other.Title, "inserted")
			add("copy", o[1]+strings.Join(s[1:], ""), d.Title, "lead")
			h := max(3, n*(35+rng.IntN(25))/100)
			add("partial", strings.Join(s[:h], ""), d.Title, "first")
			add("partial", strings.Join(s[n-h:], ""), other.Title, "last")
			add("partial", strings.Join(s[:h], "")+"\n\n"+strings.Join(o, ""), d.Title, "appended")
		}
		if k == 0 {
			return nil, fmt.Errorf("%s: no article long enough", c.name)
		}
	}
	notices, err := symbols(dir, rng)
	if err != nil {
		return nil, err
	}
	more, err := series(dir, rng)
	return append(append(out, notices...), more...), err
}

// series pairs Reuters stories of one title that are three days apart or more:
// the same notice of another day.
func series(dir string, rng *rand.Rand) ([]*pair, error) {
	_, docs, err := loadDocs(filepath.Join(dir, "reuters1987", "docs.jsonl.gz"))
	if err != nil {
		return nil, err
	}
	kinds := map[string][]*doc{}
	var order []string
	for _, d := range docs {
		if symbol(d.Title) != "" || len(d.Text) < 40 || len(strings.Fields(d.Title)) < 3 {
			continue
		}
		k := titleKind(d.Title)
		if kinds[k] == nil {
			order = append(order, k)
		}
		kinds[k] = append(kinds[k], d)
	}
	var out []*pair
	for _, kind := range order {
		of := kinds[kind]
		for range min(6, len(of)-1) {
			a, b := of[rng.IntN(len(of))], of[rng.IntN(len(of))]
			if gap := day(a.Date) - day(b.Date); gap >= 3 || gap <= -3 {
				out = append(out, &pair{set: "made", a: a, b: b, label: "topic", level: different, high: true, weight: 1, style: "series", group: "reuters1987" + kind},
					&pair{set: "made", a: joined(a), b: joined(b), label: "topic", level: different, high: true, weight: 1, style: "series", group: "reuters1987" + kind})
			}
		}
	}
	return out, nil
}

// titleKind is a title without its numbers.
func titleKind(title string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return r < 'a' || r > 'z' }), " ")
}

// day numbers the day of "26-FEB-1987 15:01:01.79".
func day(date string) int64 {
	date, _, _ = strings.Cut(strings.TrimSpace(date), " ")
	t, err := time.Parse("2-Jan-2006", date)
	if err != nil {
		return 0
	}
	return t.Unix() / 86400
}

// resent is a notice sent again: a line left out, one of another notice put in,
// a word and a number changed.
func resent(rng *rand.Rand, text, other string) string {
	lines, more := strings.Split(text, "\n"), strings.Split(other, "\n")
	if len(lines) > 5 {
		k := rng.IntN(len(lines) - 2)
		lines = slices.Delete(slices.Clone(lines), k, k+1)
	}
	if rng.IntN(2) == 0 {
		lines = slices.Insert(lines, rng.IntN(2), more[0])
	}
	words := strings.Split(strings.Join(lines, "\n"), " ")
	used := strings.Fields(other)
	from, number := "", -1
	for range 20 {
		k := rng.IntN(len(words))
		w := words[k]
		if digit := strings.ContainsAny(w, "0123456789"); digit {
			number = k
		} else if len(w) > 2 && !strings.Contains(w, "\n") {
			from = w
		}
	}
	if number >= 0 {
		words[number] = fmt.Sprint(1 + rng.IntN(999))
	}
	to := used[rng.IntN(len(used))]
	for k, w := range words {
		if w == from {
			words[k] = to
		}
	}
	return strings.Join(words, " ")
}

// symbols pairs Reuters notices whose titles end alike and name companies of
// different stock symbols, and short ones with themselves, slightly cut.
func symbols(dir string, rng *rand.Rand) ([]*pair, error) {
	_, docs, err := loadDocs(filepath.Join(dir, "reuters1987", "docs.jsonl.gz"))
	if err != nil {
		return nil, err
	}
	var out []*pair
	kinds := map[string][]*doc{}
	var order []string
	for _, d := range docs {
		words := strings.Fields(d.Title)
		if symbol(d.Title) == "" || len(words) < 3 || len(d.Text) < 40 {
			continue
		}
		kind := strings.Join(words[len(words)-2:], " ")
		if kinds[kind] == nil {
			order = append(order, kind)
		}
		kinds[kind] = append(kinds[kind], d)
	}
	for _, kind := range order {
		of := kinds[kind]
		if len(of) < 6 {
			continue
		}
		for range 12 {
			a, b := of[rng.IntN(len(of))], of[rng.IntN(len(of))]
			if symbol(a.Title) != symbol(b.Title) {
				if len(out)%2 == 0 {
					a, b = joined(a), joined(b)
				}
				out = append(out, &pair{set: "made", a: a, b: b, label: "different", level: different, high: true, weight: 1, style: "symbol", group: "made" + a.ID})
			}
		}
		d := of[rng.IntN(len(of))]
		words := strings.Fields(d.Text)
		cut := slices.Delete(slices.Clone(words), len(words)/2, len(words)/2+max(1, len(words)/15))
		for range 3 {
			d := of[rng.IntN(len(of))]
			if len(d.Text) > 150 {
				e := &doc{ID: d.ID + "/resent", Title: d.Title, Text: resent(rng, d.Text, of[rng.IntN(len(of))].Text), plain: true}
				if len(out)%2 == 0 {
					d, e = joined(d), joined(e)
				}
				out = append(out, &pair{set: "made", a: d, b: e, label: "copy", level: copied, high: true, weight: 1, style: "resent", group: "made" + d.ID})
			}
		}
		out = append(out, &pair{set: "made", a: d, b: &doc{ID: d.ID + "/cut", Title: d.Title, Text: strings.Join(cut, " "), plain: true}, label: "copy", level: copied, high: true, weight: 1, style: "cut", group: "made" + d.ID})
	}
	return out, nil
}

// symbol returns the stock symbol in a title: "ACME CORP &lt;ACM> 4TH QTR NET".
func symbol(title string) string {
	_, rest, _ := strings.Cut(title, "&lt;")
	s, _, ok := strings.Cut(rest, ">")
	if !ok {
		return ""
	}
	return s
}

// sentences cuts after full stops that spaces follow, and ideographic ones.
func sentences(text string) []string {
	var out []string
	start := 0
	r := []rune(text)
	for i, c := range r {
		end := c == '。' || c == '\n'
		if (c == '.' || c == '!' || c == '?' || c == '؟') && i+1 < len(r) && r[i+1] <= ' ' {
			end = true
		}
		if end && i+1-start > 25 {
			out = append(out, string(r[start:i+1])+" ")
			start = i + 1
		}
	}
	return append(out, string(r[start:]))
}

// refill replaces numbers and capitalized words inside sentences by others,
// each with the given probability and the same one everywhere.
func refill(rng *rand.Rand, text string, p float64) string {
	subst := map[string]string{}
	words := strings.Split(text, " ")
	for i, w := range words {
		core := strings.Trim(w, ".,;:!?\"'()<>\n")
		if core == "" {
			continue
		}
		c := core[0]
		number := strings.ContainsAny(core, "0123456789")
		name := c >= 'A' && c <= 'Z' && i > 0 && !strings.HasSuffix(words[i-1], ".")
		if !number && !name {
			continue
		}
		s, ok := subst[core]
		if !ok {
			s = core
			if rng.Float64() < p {
				if number {
					s = fmt.Sprint(1 + rng.IntN(9999))
				} else {
					b := []byte{byte('A' + rng.IntN(26))}
					for range 3 + rng.IntN(6) {
						b = append(b, "aeioulrnstmkdb"[rng.IntN(14)])
					}
					s = string(b)
				}
			}
			subst[core] = s
		}
		words[i] = strings.Replace(w, core, s, 1)
	}
	return strings.Join(words, " ")
}
