package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/newsdedup/newsdedup"
)

// doc is a text of a publisher about an event.
type doc struct{ ID, Title, Text, Source, Event string }

// learned measures learned chrome: every text is normalized with the profile
// of all other texts of its publisher. A paragraph that the publisher prints
// in three or more other events is taken for chrome; one of which most runs of
// five words stand in texts of other publishers too, for story text.
func learned(w io.Writer, docs []doc) error {
	plain := map[string][]string{}
	by := map[string][]doc{}
	printed := map[string]map[string]bool{} // sources by run of five words
	events := map[string]map[string]bool{}  // by source and paragraph
	put := func(m map[string]map[string]bool, key, value string) {
		if m[key] == nil {
			m[key] = map[string]bool{}
		}
		m[key][value] = true
	}
	articles := map[string]*newsdedup.Article{}
	for _, d := range docs {
		a, err := newsdedup.NormalizeText(strings.NewReader(d.Text), nil)
		if err != nil {
			continue
		}
		articles[d.ID] = a
		by[d.Source] = append(by[d.Source], d)
		plain[d.ID] = strings.Split(a.Text, "\n\n")
		for _, p := range plain[d.ID] {
			put(events, d.Source+"\n"+p, d.Event)
			for _, run := range runs(p) {
				put(printed, run, d.Source)
			}
		}
	}
	var publishers, stories, chrome, chromeGone, gone, shared int
	example := map[string]int{}
	for _, source := range slices.Sorted(maps.Keys(by)) {
		if len(by[source]) < 4 {
			continue
		}
		publishers++
		for _, d := range by[source] {
			stories++
			var l newsdedup.Learner
			for _, other := range by[source] {
				if other.ID != d.ID {
					l.Add(articles[other.ID])
				}
			}
			left := map[string]bool{}
			o := &newsdedup.NormalizeOptions{Profile: l.Profile(), Stripped: func(s newsdedup.Stripped) {
				if s.Reason == "learned" {
					left[s.Text] = true
				}
			}}
			if _, err := newsdedup.NormalizeText(strings.NewReader(d.Text), o); err != nil {
				return fmt.Errorf("%s: %w", d.ID, err)
			}
			for _, p := range plain[d.ID] {
				recurs := len(events[source+"\n"+p]) > 3
				if recurs {
					chrome++
				}
				if !left[p] {
					continue
				}
				gone++
				if recurs {
					chromeGone++
				}
				all, others := 0, 0
				for _, run := range runs(p) {
					all++
					if len(printed[run]) > 1 {
						others++
					}
				}
				if 2*others > all {
					shared++
				}
				example[source+": "+p]++
			}
		}
	}
	fmt.Fprintf(w, "%d publishers with four texts or more, %d texts\nparagraphs that come back in three other events: %d, of these gone: %d\nparagraphs gone: %d, of these shared with other publishers: %d\n",
		publishers, stories, chrome, chromeGone, gone, shared)
	for _, e := range slices.Sorted(maps.Keys(example)) {
		fmt.Fprintf(w, "%4d %s\n", example[e], e)
	}
	return nil
}

func runs(p string) []string {
	words := strings.Fields(strings.ToLower(p))
	var out []string
	for i := 0; i+5 <= len(words); i++ {
		out = append(out, strings.Join(words[i:i+5], " "))
	}
	return out
}
