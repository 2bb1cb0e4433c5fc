package newsdedup_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"log"
	"slices"
	"strings"
	"testing"

	"github.com/newsdedup/newsdedup"
)

// Four stories of one paper, which prints the same appeal under each of them.
var paper = []string{
	"A storm tore the roof off the Carrick lifeboat station before dawn on Monday, and the crew slept in the chapel next door.\n" +
		"Volunteers from three villages had covered the boat with tarpaulin by noon, coxswain Mary Devlin said.",
	"The last copper mine in the Aldan valley will close in March after the price of ore fell by half, its owners announced.\n" +
		"Some 340 miners are to be offered retraining as electricians, although the union doubts that there is work for them.",
	"Swimming lessons return to primary schools this autumn, eleven years after the subject was dropped to save money.\n" +
		"Teachers welcomed the decision but asked where the children should learn, since half of the public pools have been sold.",
	"A jury in Wexcombe acquitted two gardeners accused of stealing four hundred tulip bulbs from a royal park.\n" +
		"The bulbs had been bought at auction, the defence showed, with a receipt that the police never asked to see.",
}

const appeal = "This newsroom has no owner but its readers. Please give what you can today, so that it may ask its questions tomorrow."

// Three stories are enough to learn what a paper prints under all of them, and
// a fourth is freed of it.
func ExampleLearner() {
	var l newsdedup.Learner
	for _, s := range paper[:3] {
		a, err := newsdedup.NormalizeText(strings.NewReader(s+"\n"+appeal), nil)
		if err != nil {
			log.Fatal(err)
		}
		l.Add(a)
	}
	profile := l.Profile()
	fmt.Println("learned:", profile.Len())

	a, err := newsdedup.NormalizeText(strings.NewReader(paper[3]+"\n"+appeal), &newsdedup.NormalizeOptions{
		Profile:  profile,
		Stripped: func(s newsdedup.Stripped) { fmt.Println(s.Reason+":", s.Text[:28]) },
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(a.Text)
	// Output:
	// learned: 1
	// learned: This newsroom has no owner b
	// A jury in Wexcombe acquitted two gardeners accused of stealing four hundred tulip bulbs from a royal park.
	//
	// The bulbs had been bought at auction, the defence showed, with a receipt that the police never asked to see.
}

// A profile outlives the process in a file.
func ExampleProfile() {
	var l newsdedup.Learner
	for _, s := range paper {
		l.Add(&newsdedup.Article{Text: strings.ReplaceAll(s+"\n"+appeal, "\n", "\n\n")})
	}
	file, err := l.Profile().MarshalBinary()
	if err != nil {
		log.Fatal(err)
	}
	var p newsdedup.Profile
	if err := p.UnmarshalBinary(file); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(file), "bytes,", p.Len(), "paragraph")
	file[12] ^= 1
	fmt.Println(errors.Is(p.UnmarshalBinary(file), newsdedup.ErrCorrupt))
	// Output:
	// 22 bytes, 1 paragraph
	// true
}

// bodies are the bodies of the pages of testdata/text that are long enough to
// be told apart: stories in a dozen languages.
func bodies(t testing.TB) []string {
	t.Helper()
	var out []string
	for _, path := range markedPages(t) {
		if _, want := markedPage(t, path); len(strings.Fields(want.Text)) > 90 || len(want.Text) > 1000 {
			out = append(out, want.Text)
		}
	}
	if len(out) < 6 {
		t.Fatalf("%d stories in testdata/text", len(out))
	}
	return out
}

func learn(stories ...string) *newsdedup.Profile {
	var l newsdedup.Learner
	for _, s := range stories {
		l.Add(&newsdedup.Article{Text: s})
	}
	return l.Profile()
}

// profiled normalizes text with a profile and returns what was kept, and what
// went because it was learned.
func profiled(t testing.TB, text string, p *newsdedup.Profile) (kept string, learned []string) {
	t.Helper()
	a, err := newsdedup.NormalizeText(strings.NewReader(text), &newsdedup.NormalizeOptions{Profile: p, Stripped: func(s newsdedup.Stripped) {
		if s.Reason == "learned" {
			learned = append(learned, s.Text)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	return a.Text, learned
}

// A paper has four pieces of chrome that no rule knows: an appeal, a house
// notice in the middle, the life of a reporter, and a line in another script.
// Each stands on some of its pages. What was learned from all stories but one
// frees the last of them, whichever it is, and takes no word of the story.
func TestProfileFrees(t *testing.T) {
	chrome := []string{
		appeal,
		"Orla Quince reports on rivers and their fish. Before she joined the paper she repaired clocks in Dunmore.",
		"Подписчики вечернего выпуска получают кроссворд и прогноз на неделю вперёд без доплаты",
		"読者会員になると毎週土曜日に編集部の散歩に参加できます。申し込みは窓口まで。",
	}
	stories := bodies(t)
	page := func(i int) string {
		p := strings.Split(stories[i], "\n\n")
		for k, c := range chrome {
			if (i+k)%4 != 0 {
				p = slices.Insert(p, len(p)*(k+1)/(len(chrome)+1), c)
			}
		}
		return strings.Join(p, "\n\n")
	}
	for i := range stories {
		var train []string
		for j := range stories {
			if j != i {
				train = append(train, page(j))
			}
		}
		p := learn(train...)
		if p.Len() != len(chrome) {
			t.Fatalf("%d paragraphs learned, want %d", p.Len(), len(chrome))
		}
		without, _ := profiled(t, stories[i], p)
		with, learned := profiled(t, page(i), p)
		sameText(t, with, without)
		if len(learned) != 3 {
			t.Errorf("story %d: learned chrome left out: %q", i, learned)
		}
	}
}

// A story is printed again and again: as it was, cut, with a new lead, with
// another update on top. However often, it teaches nothing, nor do two other
// stories beside it that share their appeal.
func TestProfileReprints(t *testing.T) {
	stories := bodies(t)
	for _, s := range stories {
		p := strings.Split(s, "\n\n")
		n := len(p)
		prints := []string{s, s, strings.Join(p[:n/2+1], "\n\n"), strings.Join(p[n/2:], "\n\n"), "Officials said on Friday that the figures had been wrong.\n\n" + s}
		for i := range 6 {
			prints = append(prints, fmt.Sprintf("Update %d: nothing has changed since %d o'clock, a spokeswoman said.\n\n%s", i, i+3, strings.Join(p[i%n:], "\n\n")))
		}
		if l := learn(prints...).Len(); l != 0 {
			t.Errorf("%d paragraphs learned from prints of one story: %.60s", l, s)
		}
	}
	if l := learn(stories[0]+"\n\n"+appeal, stories[1]+"\n\n"+appeal, stories[1]+"\n\n"+appeal).Len(); l != 0 {
		t.Errorf("%d paragraphs learned from two stories", l)
	}
}

// Follow-ups of one affair repeat its background word for word under news of
// their own. The background is text.
func TestProfileBackground(t *testing.T) {
	const background = "Carrick station lost its roof in the storm of 4 January, when waves broke over the breakwater and the crew of the lifeboat fled to the chapel."
	news := []string{
		"The lifeboat at Carrick will be launched from a trailer until the station has a new roof, the crew decided on Tuesday after a night of storm warnings.",
		"Money for the station roof at Carrick may come from the breakwater fund, a minister told the lifeboat crew in the chapel where it has slept since January.",
		"A roofer from Dunmore offered to mend Carrick station for nothing, saying the lifeboat crew had pulled his brother from the waves in another storm.",
		"The storm that took the station roof at Carrick also moved its breakwater by a metre, divers found, and the lifeboat can leave only at high water.",
	}
	var stories []string
	for _, n := range news {
		stories = append(stories, n+"\n\n"+background)
	}
	if l := learn(stories...).Len(); l != 0 {
		t.Errorf("%d paragraphs learned from one affair", l)
	}
}

// The first paragraph of a story stands as a teaser on the pages of others and
// is learned there. On the page of its own story it stays.
func TestProfileTeaser(t *testing.T) {
	const teaser = "The lighthouse keepers of Inishmore have voted to refuse the automatic lamps that the harbour board bought last winter."
	rest := "The keepers said the automatic lamps had failed twice during the winter, and that the harbour board never asked them.\n\n" +
		"Inishmore is the last lighthouse with keepers on the coast. The board bought the lamps from a maker of stage lighting, and voted the money without a debate."
	stories := bodies(t)
	var train []string
	for _, s := range stories {
		train = append(train, s+"\n\n"+teaser)
	}
	p := learn(train...)
	if p.Len() != 1 {
		t.Fatalf("%d paragraphs learned", p.Len())
	}
	if kept, _ := profiled(t, teaser+"\n\n"+rest, p); !strings.HasPrefix(kept, teaser) {
		t.Errorf("the story lost its lead: %s", kept)
	}
	if kept, _ := profiled(t, stories[0]+"\n\n"+teaser, p); strings.Contains(kept, teaser) {
		t.Error("the teaser stayed on another story's page")
	}
	// With the story itself among those learned from, it is not even learned.
	if n := learn(append(train, teaser+"\n\n"+rest)...).Len(); n != 0 {
		t.Errorf("%d paragraphs learned", n)
	}
}

// A large paper prints one sentence in a few of a hundred stories. That is
// usage, not chrome.
func TestProfileShare(t *testing.T) {
	const phrase = "Neither the Treasury nor the Borough Surveyor answered repeated requests for comment on Wednesday."
	var stories []string
	for i := range 200 {
		var b strings.Builder
		for k := range 5 {
			fmt.Fprintf(&b, "Wording%d", i)
			for w := range 8 {
				fmt.Fprintf(&b, " about%dunit%d", i, k*8+w)
			}
			b.WriteString(".\n\n")
		}
		stories = append(stories, strings.TrimSpace(b.String()))
	}
	for _, c := range []struct{ with, want int }{{3, 0}, {4, 1}} {
		s := slices.Clone(stories)
		for i := range c.with {
			s[17*i] += "\n\n" + phrase
		}
		if n := learn(s...).Len(); n != c.want {
			t.Errorf("in %d of 200 stories: %d paragraphs learned, want %d", c.with, n, c.want)
		}
	}
}

// What has fewer than four longer words or names cannot be told from the words of
// any story, however often it comes back.
func TestProfileFewTerms(t *testing.T) {
	stories := bodies(t)
	for phrase, want := range map[string]int{
		"It is as it was, and so we go on as we do.":           0,
		"Subscribe to the Velmark dispatches.":                 0,
		"Subscribe to the weekly Velmark dispatches.":          1,
		"Subscribe to Velmark dispatches and weekly bulletins": 1,
	} {
		var s []string
		for _, body := range stories {
			s = append(s, body+"\n\n"+phrase)
		}
		if n := learn(s...).Len(); n != want {
			t.Errorf("%q: %d paragraphs learned, want %d", phrase, n, want)
		}
	}
}

// Learned from texts, the profile serves for pages, whatever their markup,
// capitals and quotation marks; a page with nothing else on it is no article.
func TestProfileHTML(t *testing.T) {
	var train []string
	for _, s := range paper {
		train = append(train, strings.ReplaceAll(s, "\n", "\n\n")+"\n\n"+appeal)
	}
	p := learn(train...)
	o := &newsdedup.NormalizeOptions{Profile: p}
	page := "<html><title>Bridge</title><body><article><h1>Bridge</h1><p>" + strings.Join(strings.Split(paper[0], "\n"), "<p>") + "<p>" + strings.Replace(appeal, "no owner", "<b>no</b> owner", 1) + "</article>"
	a, err := newsdedup.NormalizeHTML(strings.NewReader(page), o)
	if err != nil {
		t.Fatal(err)
	}
	sameText(t, a.Text, strings.ReplaceAll(paper[0], "\n", "\n\n"))
	if _, err := newsdedup.NormalizeHTML(strings.NewReader("<p>"+appeal), o); !errors.Is(err, newsdedup.ErrEmpty) {
		t.Errorf("a page of learned chrome: %v", err)
	}
	if _, err := newsdedup.NormalizeText(strings.NewReader(appeal), o); !errors.Is(err, newsdedup.ErrEmpty) {
		t.Errorf("a text of learned chrome: %v", err)
	}
}

// The order of the stories and the nil article change nothing.
func TestProfileOrder(t *testing.T) {
	var stories []string
	for i, s := range bodies(t) {
		if i%2 == 0 {
			s += "\n\n" + appeal
		}
		stories = append(stories, s)
	}
	want, _ := learn(stories...).MarshalBinary()
	for range len(stories) {
		stories = append(stories[1:], stories[0])
		if got, _ := learn(stories...).MarshalBinary(); !bytes.Equal(got, want) {
			t.Fatal("another profile of the same stories")
		}
	}
	var l newsdedup.Learner
	l.Add(nil)
	if l.Len() != 0 || l.Profile().Len() != 0 {
		t.Error("a nil article was added")
	}
}

// Every byte of a file is guarded, and another version is told from damage.
func TestProfileDamage(t *testing.T) {
	var train []string
	for _, s := range bodies(t) {
		train = append(train, s+"\n\n"+appeal)
	}
	file, err := learn(train...).MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	for i := range file {
		for bit := range 8 {
			b := bytes.Clone(file)
			b[i] ^= 1 << bit
			var p newsdedup.Profile
			err := p.UnmarshalBinary(b)
			if version := i == 4 || i == 5; version && !errors.Is(err, newsdedup.ErrFormat) || !version && !errors.Is(err, newsdedup.ErrCorrupt) || p.Len() != 0 {
				t.Fatalf("bit %d of byte %d: %v", bit, i, err)
			}
		}
		var p newsdedup.Profile
		if err := p.UnmarshalBinary(file[:i]); !errors.Is(err, newsdedup.ErrCorrupt) {
			t.Fatalf("cut at %d: %v", i, err)
		}
	}
	var p newsdedup.Profile
	if err := p.UnmarshalBinary(append(bytes.Clone(file), 0)); !errors.Is(err, newsdedup.ErrCorrupt) {
		t.Errorf("a byte too many: %v", err)
	}
}

// Whatever the bytes, a profile is read only if it would be written just so,
// and then it normalizes.
func FuzzProfile(f *testing.F) {
	seal := func(keys ...uint64) []byte {
		b := []byte("\x9fNDP\x00\x01")
		b = binary.BigEndian.AppendUint32(b, uint32(len(keys)))
		for _, k := range keys {
			b = binary.BigEndian.AppendUint64(b, k)
		}
		return binary.BigEndian.AppendUint32(b, crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)))
	}
	f.Add(seal())
	f.Add(seal(1, 2))
	f.Add(seal(2, 1))
	f.Add(seal(7, 7))
	f.Add([]byte("\x9fNDP\x00\x01\xff\xff\xff\xff\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var p newsdedup.Profile
		if err := p.UnmarshalBinary(b); err != nil {
			if !errors.Is(err, newsdedup.ErrCorrupt) && !errors.Is(err, newsdedup.ErrFormat) {
				t.Fatal(err)
			}
			return
		}
		if c, _ := p.MarshalBinary(); !bytes.Equal(b, c) {
			t.Fatalf("read %x, written %x", b, c)
		}
		if a, err := newsdedup.NormalizeText(strings.NewReader(paper[0]), &newsdedup.NormalizeOptions{Profile: &p}); err != nil || a.Text == "" {
			t.Fatal(a, err)
		}
	})
}
