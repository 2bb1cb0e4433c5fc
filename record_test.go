package newsdedup

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"hash/fnv"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var updateRecords = flag.Bool("update.records", false, "write testdata/format/records-1.json, and only where there is none")

// recorded is a Store in memory that only this file needs: storetest cannot be
// imported from here.
type recorded struct{ records map[string][]byte }

func (s *recorded) Apply(_ context.Context, b Batch) error {
	for _, k := range b.Delete {
		delete(s.records, string(k))
	}
	for _, r := range b.Put {
		s.records[string(r.Key)] = slices.Clone(r.Value)
	}
	return b.Check()
}

func (s *recorded) Scan(context.Context) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		keys := make([]string, 0, len(s.records))
		for k := range s.records {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			if !yield(Record{[]byte(k), slices.Clone(s.records[k])}, nil) {
				return
			}
		}
	}
}

func (s *recorded) Close() error { return nil }

// goldenArticles are what the golden store holds: a report, the same under
// another title and in another house, an excerpt, and a text without words.
func goldenArticles() []*Article {
	sentences := make([]string, 30)
	for i := range sentences {
		sentences[i] = fmt.Sprintf("The council of Brennau heard witness number %d on the flood of the river Lem and put question %d to the engineer.", i*i+3, i+1)
	}
	return []*Article{
		{ID: "report", Title: "Council hears witnesses", Publisher: "example.org", Lang: "en", Credits: []string{"AP", "dpa"}, Byline: "By Somebody", Text: strings.Join(sentences, " ")},
		{ID: "house", Title: "Flood inquiry goes on", Publisher: "example.net", Text: strings.Join(sentences, "\n\n")},
		{ID: "excerpt", Text: strings.Join(sentences[4:19], " ")},
		{ID: "empty", Text: "—"},
	}
}

// Every later version opens the stores of this one: records of format 1, as
// they were written when it was new. The file is never written again; a new
// format gets one of its own, and so do fingerprints of a new scheme.
func TestGoldenRecords(t *testing.T) {
	name := filepath.Join("testdata", "format", "records-1.json")
	ctx := context.Background()
	if *updateRecords {
		s := &recorded{map[string][]byte{}}
		d, err := Open(ctx, s, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range goldenArticles() {
			if _, err := d.Add(ctx, a); err != nil {
				t.Fatal(err)
			}
		}
		b, err := json.MarshalIndent(s.records, "", "\t")
		if err == nil {
			var f *os.File
			if f, err = os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644); err == nil {
				_, err = f.Write(append(b, '\n'))
				f.Close()
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	s := &recorded{}
	if err := json.Unmarshal(b, &s.records); err != nil {
		t.Fatal(err)
	}
	d, err := Open(ctx, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range goldenArticles() {
		f, err := d.Fingerprint(ctx, a.ID)
		if err != nil || f.ID() != a.ID || len(f.Credits()) != len(a.Credits) {
			t.Errorf("%s: %v", a.ID, err)
		}
	}
	g, err := d.Group(ctx, "report")
	if err != nil || !slices.Contains(g.Members, "house") || slices.Contains(g.Members, "empty") {
		t.Errorf("group %v: %v", g.Members, err)
	}
	if err := d.Verify(ctx); err != nil {
		t.Error(err)
	}
}

// Keys and links in a store are those of linkRules. If this test fails because
// keys, candidates or verdicts have changed on purpose, raise linkRules, which
// has stores of before made anew when they are opened, and pin the new sum.
func TestLinkRules(t *testing.T) {
	h := fnv.New64a()
	d, err := New(&Options{GroupBy: SameStory})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range goldenArticles() {
		for _, level := range []Relation{Near, Partial, Rewrite, SameStory} {
			dr := newDraft(a, level)
			fmt.Fprintln(h, dr.keys)
			drafts.Put(dr)
		}
		res, err := d.Add(context.Background(), a)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range res.Matches {
			fmt.Fprintln(h, m.A, m.B, m.Relation, m.Score)
		}
	}
	const pinned = "1 14a4dbb959315175"
	if got := fmt.Sprintf("%d %016x", linkRules, h.Sum64()); got != pinned {
		t.Errorf("rules %s, want %s", got, pinned)
	}
}

// What is encoded reads back, and no bytes make the parsers panic or read
// beyond.
func TestRecordsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Uint64Range(2, 1<<60).Draw(t, "number")
		f := Scheme1.Fingerprint(&Article{ID: rapid.StringN(1, 20, 60).Draw(t, "id"), Text: rapid.String().Draw(t, "text"), Credits: rapid.SliceOf(rapid.String()).Draw(t, "credits")})
		in := articleRecord{
			content: rapid.Uint64Range(1, number).Draw(t, "content"),
			keys:    rapid.SliceOf(rapid.Uint32()).Draw(t, "keys"),
			head:    f.head, sketch: f.sketch,
		}
		v := in.append(nil, number)
		k := keyOf(articleKind, number)
		var out articleRecord
		data, at, err := out.parse(k, v)
		if err != nil || string(data) != f.head+f.sketch || at != len(f.head) || out.content != in.content || !slices.Equal(out.decode(nil), in.keys) {
			t.Fatalf("article %v reads back as %v: %v", in, out, err)
		}
		var links []linkRecord
		for n := number; n > 1 && len(links) < 20; {
			n = rapid.Uint64Range(1, n-1).Draw(t, "other")
			links = append(links, linkRecord{n, Relation(rapid.IntRange(1, 5).Draw(t, "relation")), uint16(rapid.IntRange(0, 1e4).Draw(t, "score"))})
		}
		lv := appendLinks(nil, number, links)
		if got, err := parseLinks(keyOf(linksKind, number), lv, nil); err != nil || !slices.Equal(got, links) {
			t.Fatalf("links %v read back as %v: %v", links, got, err)
		}
		m := meta{Scheme1, 7, Partial, rapid.IntRange(0, 1000).Draw(t, "full"), 3}
		if got, err := parseMeta(m.append(nil)); err != nil || got != m {
			t.Fatalf("meta %v reads back as %v: %v", m, got, err)
		}
		// One byte changed is noticed by the sum.
		bad := slices.Clone(v)
		i := rapid.IntRange(0, len(bad)-1).Draw(t, "at")
		bad[i] ^= byte(rapid.IntRange(1, 255).Draw(t, "flip"))
		if _, _, err := out.parse(k, bad); err == nil {
			t.Fatalf("byte %d changed, and nothing said", i)
		}
	})
}

// FuzzRecord reads any bytes as a value whose sum is right. Articles that are
// taken hold a head and a sketch, links ascend away from their content.
func FuzzRecord(f *testing.F) {
	a := goldenArticles()[0]
	print := Scheme1.Fingerprint(a)
	r := articleRecord{content: 5, keys: []uint32{1, 2}, head: print.head, sketch: print.sketch}
	f.Add(r.append(nil, 9))
	f.Add(appendLinks(nil, 9, []linkRecord{{8, Near, 9000}, {2, Exact, 10000}}))
	f.Add(meta{scheme: Scheme1, level: Rewrite}.append(nil))
	f.Fuzz(func(t *testing.T, v []byte) {
		if len(v) < 4 {
			return
		}
		v = seal(slices.Clone(v[:len(v)-4]), 0)
		const number = 9
		var r articleRecord
		if data, at, err := r.parse(keyOf(articleKind, number), v); err == nil {
			if at <= headerSize || at+minSketch > len(data) || r.content == 0 || r.content > number {
				t.Fatalf("article of %d bytes, sketch at %d, content %d", len(data), at, r.content)
			}
		}
		if links, err := parseLinks(keyOf(linksKind, number), v, nil); err == nil {
			last := uint64(number)
			for _, l := range links {
				if l.other == 0 || l.other >= last || l.relation == Unrelated || l.relation > Exact {
					t.Fatalf("links %v", links)
				}
				last = l.other
			}
		}
		parseMeta(v)
	})
}
