package newsdedup_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/newsdedup/newsdedup"
)

func TestRelationText(t *testing.T) {
	for r := newsdedup.Unrelated; r <= newsdedup.Exact; r++ {
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var back newsdedup.Relation
		if err := json.Unmarshal(b, &back); err != nil || back != r {
			t.Errorf("%s came back as %v, %v", b, back, err)
		}
	}
	if _, err := newsdedup.ParseRelation("similar"); !errors.Is(err, newsdedup.ErrOption) {
		t.Errorf("ParseRelation of a word that is no relation: %v", err)
	}
	if _, err := newsdedup.Relation(6).MarshalText(); !errors.Is(err, newsdedup.ErrOption) {
		t.Errorf("MarshalText of 6: %v", err)
	}
	if got := newsdedup.Relation(6).String(); got != "relation(6)" {
		t.Errorf("String of 6 is %q", got)
	}
}

func compare(t *testing.T, a, b *newsdedup.Article) newsdedup.Match {
	t.Helper()
	m, err := newsdedup.Compare(a, b, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A text is Exact against itself and against what differs in nothing a reader
// would call a difference.
func TestExact(t *testing.T) {
	text := "Lorries queued for nine miles on Tuesday. “We have seen nothing like it,” said Mr O’Neill of the U.S. customs office.\n\nThe queue had cleared by noon."
	for name, other := range map[string]string{
		"itself":                  text,
		"spacing":                 strings.ReplaceAll(text, " ", "  "),
		"capitals":                strings.ToUpper(text),
		"straight quotes":         strings.NewReplacer("“", `"`, "”", `"`, "’", "'").Replace(text),
		"one paragraph":           strings.ReplaceAll(text, "\n\n", " "),
		"U.S. without full stops": strings.ReplaceAll(text, "U.S.", "US"),
	} {
		if m := compare(t, &newsdedup.Article{ID: "a", Text: text}, &newsdedup.Article{ID: "b", Text: other}); m.Relation != newsdedup.Exact || m.Score != 1 {
			t.Errorf("%s: %v, score %v", name, m.Relation, m.Score)
		}
	}
	if m := compare(t, &newsdedup.Article{ID: "a"}, &newsdedup.Article{ID: "b"}); m.Relation != newsdedup.Unrelated {
		t.Errorf("two articles without text are %v", m.Relation)
	}
	if m := compare(t, &newsdedup.Article{ID: "a", Text: "Flood."}, &newsdedup.Article{ID: "b", Text: "Fire."}); m.Relation != newsdedup.Unrelated {
		t.Errorf("two articles of one different word are %v", m.Relation)
	}
}

// A stub of a few words stands under any headline: it is Exact only where the
// headlines do not tell different stories, for Relate as for a Deduper.
func TestStubs(t *testing.T) {
	const (
		brief    = "Local news in brief."
		dividend = "Quarterly dividend 20 cents versus 20 cents. Pay April 15. Record March 31."
		report   = "The harbour authority closed the northern basin on Monday after a crane fell across the quay. Nobody was hurt. Ships are sent to the southern basin until Friday."
	)
	for _, c := range []struct {
		name, text, a, b string
		want             newsdedup.Relation
	}{
		{"two stories under one rubric", brief, "Man robbed at Westhaven station", "Council approves swimming pool budget", newsdedup.Unrelated},
		{"two companies", dividend, "Alder Shipping declares quarterly dividend", "Birch Brothers Bank sets payout", newsdedup.Unrelated},
		{"one company", dividend, "Alder Shipping declares quarterly dividend", "Alder Shipping sets dividend", newsdedup.Exact},
		{"no title", dividend, "Alder Shipping declares quarterly dividend", "", newsdedup.Exact},
		{"an article, retitled", report, "Crane falls in Westhaven", "Northern basin closed for days", newsdedup.Exact},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := &newsdedup.Article{ID: "a", Title: c.a, Text: c.text}
			b := &newsdedup.Article{ID: "b", Title: c.b, Text: c.text}
			if m := compare(t, a, b); m.Relation != c.want {
				t.Errorf("%v, want %v: %s", m.Relation, c.want, m.Evidence.Reason)
			}
			d, err := newsdedup.New(nil)
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			if _, err := d.Add(t.Context(), a); err != nil {
				t.Fatal(err)
			}
			r, err := d.Add(t.Context(), b)
			if err != nil {
				t.Fatal(err)
			}
			if linked := len(r.Matches) > 0; linked != (c.want == newsdedup.Exact) {
				t.Errorf("a Deduper finds %v", r.Matches)
			}
		})
	}
}

// Trimming from the end, paragraph by paragraph, weakens the relation step by
// step and never makes it stronger again.
func TestTrimmingIsMonotone(t *testing.T) {
	for seed := range uint64(20) {
		story := newWire(seed).story()
		whole := &newsdedup.Article{ID: "whole", Text: strings.Join(story, "\n\n")}
		last := newsdedup.Exact
		for n := len(story); n > 0; n-- {
			m := compare(t, whole, &newsdedup.Article{ID: "cut", Text: strings.Join(story[:n], "\n\n")})
			if m.Relation > last {
				t.Errorf("seed %d: with %d of %d paragraphs %v, with one more %v", seed, n, len(story), m.Relation, last)
			}
			last = m.Relation
			if n == len(story)-1 && m.Relation != newsdedup.Near {
				t.Errorf("seed %d: without the last of %d paragraphs %v (%.2f)", seed, len(story), m.Relation, m.Score)
			}
			if n == (len(story)+1)/2 && m.Relation < newsdedup.Partial {
				t.Errorf("seed %d: half of it is %v (%.2f)", seed, m.Relation, m.Score)
			}
		}
	}
}

// Relate does not care which article comes first, Compare gives Relate's
// verdict, and what the evidence says is within its stated bounds and names
// bytes that are there.
func TestRelateIsSymmetric(t *testing.T) {
	var all []*newsdedup.Article
	for _, a := range stories(t) {
		all = append(all, a)
	}
	for seed := range uint64(6) {
		w := newWire(seed)
		story := w.story()
		for i := range 3 {
			all = append(all, &newsdedup.Article{ID: string(rune('a'+seed)) + string(rune('0'+i)), Title: w.sentence(), Text: strings.Join(w.version(story), "\n\n"), Published: time.Unix(int64(seed)*1e6, 0), Credits: []string{"AP", "dpa"}[i%2:]})
		}
	}
	// Of one text under two titles only these tell which comes first.
	for _, title := range []string{"Storm closes harbour", "Harbour storm: harbour closed, ferry waits for harbour"} {
		all = append(all, &newsdedup.Article{ID: title, Title: title, Text: all[0].Text})
	}
	for _, a := range all {
		for _, b := range all {
			fa, fb := newsdedup.SchemeDefault.Fingerprint(a), newsdedup.SchemeDefault.Fingerprint(b)
			ab, err := newsdedup.Relate(&fa, &fb, nil)
			if err != nil {
				t.Fatal(err)
			}
			ba, err := newsdedup.Relate(&fb, &fa, nil)
			if err != nil {
				t.Fatal(err)
			}
			if ab.Relation != ba.Relation || math.Abs(ab.Score-ba.Score) > 1e-12 || ab.A != ba.B {
				t.Errorf("%s, %s: %v %.4f, the other way %v %.4f", a.ID, b.ID, ab.Relation, ab.Score, ba.Relation, ba.Score)
			}
			if x, y := ab.Evidence, ba.Evidence; x.AinB != y.BinA || x.ProseAinB != y.ProseBinA || x.Distance != y.Distance || x.Title != y.Title || x.TimeGap != y.TimeGap || !slices.Equal(x.Credits, y.Credits) || x.Reason != y.Reason {
				t.Errorf("%s, %s: evidence differs by direction:\n%+v\n%+v", a.ID, b.ID, x, y)
			}
			for i, p := range ab.Evidence.Passages {
				if a != b && p != (newsdedup.Passage{AStart: ba.Evidence.Passages[i].BStart, AEnd: ba.Evidence.Passages[i].BEnd, BStart: ba.Evidence.Passages[i].AStart, BEnd: ba.Evidence.Passages[i].AEnd, Words: p.Words, Quoted: p.Quoted}) {
					t.Errorf("%s, %s: passage %d is %+v, the other way %+v", a.ID, b.ID, i, p, ba.Evidence.Passages[i])
				}
			}
			c := compare(t, a, b)
			if c.Relation != ab.Relation || c.Score != ab.Score {
				t.Errorf("%s, %s: Compare %v, Relate %v", a.ID, b.ID, c.Relation, ab.Relation)
			}
			if ab.Score < 0 || ab.Score > 1 {
				t.Errorf("score %v", ab.Score)
			}
			for _, m := range []newsdedup.Match{ab, c} {
				for _, p := range m.Evidence.Passages {
					if p.AStart < 0 || p.AStart >= p.AEnd || p.AEnd > len(a.Text) || p.BStart < 0 || p.BStart >= p.BEnd || p.BEnd > len(b.Text) {
						t.Fatalf("%s, %s: passage %+v out of the texts of %d and %d bytes", a.ID, b.ID, p, len(a.Text), len(b.Text))
					}
				}
			}
		}
	}
}

// Compare finds a pasted passage to the byte, whatever surrounds it.
func TestComparePassageIsExact(t *testing.T) {
	const passage = "The ferry had left the harbour of Lund at six in the morning with forty-one passengers and a crew of seven on board"
	a := &newsdedup.Article{ID: "a", Text: "Rescuers searched the coast all night.\n\n" + passage + ", the operator said. Nothing was found."}
	b := &newsdedup.Article{ID: "b", Text: "Questions remain about maintenance. " + strings.ToUpper(passage) + "; who signed off on the engine is unclear."}
	m := compare(t, a, b)
	if len(m.Evidence.Passages) == 0 {
		t.Fatalf("no passage found: %+v", m)
	}
	p := m.Evidence.Passages[0]
	if got := a.Text[p.AStart:p.AEnd]; got != passage {
		t.Errorf("in A: %q", got)
	}
	if got := b.Text[p.BStart:p.BEnd]; got != strings.ToUpper(passage) {
		t.Errorf("in B: %q", got)
	}
}

func TestRelateErrors(t *testing.T) {
	var zero newsdedup.Fingerprint
	f := newsdedup.SchemeDefault.Fingerprint(&newsdedup.Article{ID: "a", Text: "Some text."})
	if _, err := newsdedup.Relate(&f, &zero, nil); !errors.Is(err, newsdedup.ErrScheme) {
		t.Errorf("a zero fingerprint: %v", err)
	}
	if _, err := newsdedup.Relate(&f, nil, nil); !errors.Is(err, newsdedup.ErrScheme) {
		t.Errorf("nil: %v", err)
	}
	if _, err := newsdedup.Relate(&f, &f, &newsdedup.Options{Scheme: 7}); !errors.Is(err, newsdedup.ErrScheme) || !errors.Is(err, newsdedup.ErrOption) {
		t.Errorf("scheme 7: %v", err)
	}
	if _, err := newsdedup.Compare(nil, nil, nil); !errors.Is(err, newsdedup.ErrEmpty) {
		t.Errorf("nil articles: %v", err)
	}
}

// A round-up says the same of one place after another. Its entries differ from
// each other in name and number as those of a template do, but a copy that lacks
// one of them has all the others: what both have, whatever else stands in the
// same frame, is no conflict.
func TestListLosesAnEntry(t *testing.T) {
	places := strings.Fields("Velmark Lindenau Holmsund Tarrant Osterby Kelvik Marram Brandholt Sundvik Aldermoor")
	for _, n := range []int{5, 10} {
		all := []string{"The ministry published its yearly survey of kitchens on Monday, and owners who wonder whether to rebuild theirs before they sell can now look up what others got for it."}
		for i, place := range places[:n] {
			all = append(all, fmt.Sprintf("In %s, a new kitchen costs %d dollars on average and returns %d percent of it when the home is sold.", place, 10000+137*i, 50+7*i))
		}
		a := &newsdedup.Article{Title: "What a kitchen returns", Text: strings.Join(all, "\n\n")}
		for cut := 1; cut <= n; cut++ {
			b := &newsdedup.Article{Title: a.Title, Text: strings.Join(slices.Delete(slices.Clone(all), cut, cut+1), "\n\n")}
			m, err := newsdedup.Compare(a, b, nil)
			if err != nil || m.Relation < newsdedup.Partial {
				t.Errorf("%d entries, without that of %s: %v, %v: %s", n, places[cut-1], m.Relation, err, m.Evidence.Reason)
			}
		}
	}
}
