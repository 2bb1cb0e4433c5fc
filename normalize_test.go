package newsdedup_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/newsdedup/newsdedup"
)

func normalize(t testing.TB, text string) *newsdedup.Article {
	t.Helper()
	a, err := newsdedup.NormalizeText(strings.NewReader(text), nil)
	if err != nil {
		t.Fatalf("NormalizeText: %v", err)
	}
	return a
}

// five are the stories of testdata/kim-putin.
var five = []string{"abc", "ap", "euronews", "upi", "rewrite"}

func story(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "kim-putin", name+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Five stories were scraped from four sites. Two stand in the chrome of one
// content farm, between a breadcrumb and three lists of other stories; one is
// followed by six teasers without a label; one by captions and advertisements
// within. The goldens were written by hand from reading the stories.
func TestNormalizeTextFive(t *testing.T) {
	for _, name := range five {
		t.Run(name, func(t *testing.T) {
			b, err := os.ReadFile(filepath.Join("testdata", "kim-putin", name+".article.json"))
			if err != nil {
				t.Fatal(err)
			}
			var want newsdedup.Article
			if err := json.Unmarshal(b, &want); err != nil {
				t.Fatal(err)
			}
			sameArticle(t, normalize(t, story(t, name)), &want)
		})
	}
}

func sameArticle(t *testing.T, got, want *newsdedup.Article) {
	t.Helper()
	for _, f := range [...]struct{ name, got, want string }{
		{"Title", got.Title, want.Title},
		{"Byline", got.Byline, want.Byline},
		{"Publisher", got.Publisher, want.Publisher},
		{"Published", got.Published.Format(time.RFC3339), want.Published.Format(time.RFC3339)},
		{"Credits", strings.Join(got.Credits, "|"), strings.Join(want.Credits, "|")},
	} {
		if f.got != f.want {
			t.Errorf("%s = %q, want %q", f.name, f.got, f.want)
		}
	}
	sameText(t, got.Text, want.Text)
}

// sameText reports the paragraphs that one text has and the other lacks.
func sameText(t *testing.T, got, want string) {
	t.Helper()
	if got == want {
		return
	}
	g, w := strings.Split(got, "\n\n"), strings.Split(want, "\n\n")
	for _, p := range g {
		if !slices.Contains(w, p) {
			t.Errorf("extra: %s", p)
		}
	}
	for _, p := range w {
		if !slices.Contains(g, p) {
			t.Errorf("lost: %s", p)
		}
	}
	if !t.Failed() {
		t.Errorf("paragraphs in another order or number: got %d, want %d", len(g), len(w))
	}
}

// markedPage reads a page of testdata/text; its README tells the marks.
func markedPage(t testing.TB, path string) (input string, want newsdedup.Article) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var in, body, raw []string
	for line := range strings.SplitSeq(strings.TrimSuffix(string(b), "\n"), "\n") {
		mark, rest, _ := strings.Cut(line, " ")
		switch mark {
		case "=":
			key, value, _ := strings.Cut(rest, ": ")
			switch key {
			case "title":
				want.Title = value
			case "byline":
				want.Byline = value
			case "publisher":
				want.Publisher = value
			case "published":
				if want.Published, err = time.Parse(time.RFC3339, value); err != nil {
					t.Fatal(err)
				}
			case "credits":
				want.Credits = strings.Split(value, ", ")
			default:
				t.Fatalf("%s: unknown field %q", path, key)
			}
		case "+":
			in = append(in, strings.NewReplacer("{", "", "}", "").Replace(rest))
			for {
				a := strings.IndexByte(rest, '{')
				if a < 0 {
					break
				}
				e := strings.IndexByte(rest, '}')
				rest = rest[:a] + rest[e+1:]
			}
			body = append(body, rest)
		case "-":
			in = append(in, rest)
		case ">":
			raw = append(raw, rest)
		default:
			t.Fatalf("%s: line without a mark: %q", path, line)
		}
	}
	if raw != nil {
		in = raw
	}
	want.Text = strings.Join(body, "\n\n")
	return strings.Join(in, "\n") + "\n", want
}

func markedPages(t testing.TB) []string {
	t.Helper()
	paths, err := filepath.Glob("testdata/text/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no pages in testdata/text: %v", err)
	}
	return paths
}

// scraped are the five stories and the marked pages.
func scraped(t testing.TB) (texts []string) {
	t.Helper()
	for _, name := range five {
		texts = append(texts, story(t, name))
	}
	for _, path := range markedPages(t) {
		in, _ := markedPage(t, path)
		texts = append(texts, in)
	}
	return texts
}

// Pages in a dozen languages, each line marked by hand as body or chrome: the
// lists of other stories stand in the middle and at the end, and the bodies
// have short sentences, lists, subheads and words such as "related" of their
// own.
func TestNormalizeTextPages(t *testing.T) {
	for _, path := range markedPages(t) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			in, want := markedPage(t, path)
			sameArticle(t, normalize(t, in), &want)
		})
	}
}

// Normalizing what was normalized changes nothing: the text is free of chrome,
// and the rules do not gnaw at what is left.
func TestNormalizeTextTwice(t *testing.T) {
	for _, text := range scraped(t) {
		once := normalize(t, text)
		sameText(t, normalize(t, once.Text).Text, once.Text)
	}
}

// A story keeps its text whatever farm it is printed on: another name,
// counter, section and other lists around it.
func TestNormalizeTextFarms(t *testing.T) {
	farms := []func(title, body string) string{
		func(title, body string) string {
			return "Current:Home > Markets" + title + " -Quiet Capital Academy\n" + title + "\nView\nDate:2025-01-30 22:10:09\n" + body +
				"\nveryGood! (9)\nRelated\n- Five lamps that light a whole room\n- Goalkeeper moves to Lisbon for record fee\n- Old bridge collapses in spring flood\n" +
				"Ranking\n- The soup that cured my cold\n- Judge halts sale of island\nRecommendation\nHorse wins race after losing rider\nTown bans leaf blowers on Sundays\n"
		},
		func(title, body string) string {
			return "Location:Home > Crypto > Text\n" + title + "\nPoster: Wealth Harbor\n2025-02-11 04:00:41\n" + body +
				"\n(12)\nMost Popular\n1. Actress opens bakery in hometown\n2. Why the moon looks larger tonight\n3. Airline drops fee for second bag\nTrending\nTwins born in different years\nA lake turns pink overnight\n"
		},
		func(title, body string) string {
			return title + "\nSubscribe\nShare\n" + body + "\nTags\nLatest News\n- Miners find bell from lost ship\n- Bus drivers call off strike\n- Painter sells first work at ninety\n© 2025 Silver Tide Media. All rights reserved.\n"
		},
	}
	for _, name := range five {
		in := story(t, name)
		plain := normalize(t, in)
		title := plain.Title
		if title == "" {
			title = "North Korean leader travels to Russia by armoured train"
		}
		for i, farm := range farms {
			got := normalize(t, farm(title, strings.ReplaceAll(plain.Text, "\n\n", "\n")))
			if got.Text != plain.Text {
				t.Errorf("%s on farm %d:", name, i)
				sameText(t, got.Text, plain.Text)
			}
			if got.Title != title {
				t.Errorf("%s on farm %d: Title = %q, want %q", name, i, got.Title, title)
			}
		}
	}
}

func TestNormalizeTextErrors(t *testing.T) {
	broken := errors.New("broken pipe")
	for _, c := range []struct {
		name string
		in   string
		o    *newsdedup.NormalizeOptions
		want error
	}{
		{"empty", "", nil, newsdedup.ErrEmpty},
		{"spaces", " \n\t\u00a0\n\n", nil, newsdedup.ErrEmpty},
		{"punctuation", "***\n---\n!!!\n", nil, newsdedup.ErrEmpty},
		{"too large", strings.Repeat("word ", 50), &newsdedup.NormalizeOptions{MaxBytes: 200}, newsdedup.ErrTooLarge},
		{"just fits", strings.Repeat("word ", 40), &newsdedup.NormalizeOptions{MaxBytes: 200}, nil},
		{"negative bound", "text", &newsdedup.NormalizeOptions{MaxBytes: -1}, newsdedup.ErrOption},
		{"png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", nil, newsdedup.ErrBinary},
		{"pdf", "%PDF-1.7\n1 0 obj", nil, newsdedup.ErrBinary},
		{"zip", "PK\x03\x04 and more", nil, newsdedup.ErrBinary},
		{"bzip2", "BZh91AY&SY and more", nil, newsdedup.ErrBinary},
		{"sound", "RIFF\x24\x08\x00\x00WAVEfmt ", nil, newsdedup.ErrBinary},
		{"a town in capitals", "RIFFENBURG, Norland - The mayor resigned.", nil, nil},
		{"a name that is also a format's", "ID3 is what the new tram is called.", nil, nil},
		{"zeros", strings.Repeat("a\x00\x00b\x01", 40), nil, newsdedup.ErrBinary},
		{"controls", strings.Repeat("\x01\x02\x03ab", 40), nil, newsdedup.ErrBinary},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := newsdedup.NormalizeText(strings.NewReader(c.in), c.o)
			if !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
	if _, err := newsdedup.NormalizeText(iotest.ErrReader(broken), nil); !errors.Is(err, broken) {
		t.Errorf("error %v, want the reader's", err)
	}
}

// What a scraper written in C or a damaged table leaves of zeros between or after
// the characters of a text makes no picture of it: the text is as without them.
func TestNormalizeTextZeros(t *testing.T) {
	const text = "Die Brücke über den Fluß wird im März für zwei Wochen gesperrt, sagte die Bürgermeisterin am Montag."
	for _, in := range []string{text + "\x00", strings.Replace(text, "Fluß", "Fl\x00uß", 1), strings.ReplaceAll(text, "r ", "r\x00 ")} {
		a, err := newsdedup.NormalizeText(strings.NewReader(in), nil)
		if err != nil || a.Text != text {
			t.Errorf("%q: %v, %v", in, a, err)
		}
	}
}

// Lines that say what they are, such as bylines and notices, hang on no other
// line, however many there are: were all of them gone over for each, this would
// take minutes.
func TestNormalizeTextManyNotices(t *testing.T) {
	for _, line := range []string{"By Ada Lund\n", "Photo: Ada Lund/AP\n", "© 2020 AP\n", "Jan 1 2020\n"} {
		if _, err := newsdedup.NormalizeText(strings.NewReader(strings.Repeat(line, 100_000)), nil); err != nil {
			t.Errorf("%q: %v", line, err)
		}
	}
}

// The same three sentences, as different programs have saved them.
func TestNormalizeTextCharsets(t *testing.T) {
	const french = "Le café de la gare a été rénové l'été dernier, grâce à un prêt de la région. «Nous n'espérions plus», dit la gérante, Zoé Lefèvre."
	const russian = "Новый мост через реку открыли в пятницу утром. Строительство продолжалось почти два года."
	latin1 := func(s string) string {
		var b []byte
		for _, r := range s {
			b = append(b, byte(r))
		}
		return string(b)
	}
	cp1251 := func(s string) string {
		var b []byte
		for _, r := range s {
			if r >= 'А' && r <= 'я' {
				r = r - 'А' + 0xC0
			}
			b = append(b, byte(r))
		}
		return string(b)
	}
	wide := func(s string, big bool) string {
		var b []byte
		for _, u := range utf16.Encode([]rune(s)) {
			if big {
				b = append(b, byte(u>>8), byte(u))
			} else {
				b = append(b, byte(u), byte(u>>8))
			}
		}
		return string(b)
	}
	misread := func(s string) string {
		var b strings.Builder
		for i := range len(s) {
			b.WriteRune(rune(s[i]))
		}
		return b.String()
	}
	for _, c := range []struct{ name, in, contentType, want string }{
		{"UTF-8", french, "", french},
		{"UTF-8 with a mark", "\ufeff" + french, "", french},
		{"UTF-8, wrongly declared", french, "text/plain; charset=iso-8859-1", french},
		{"UTF-16 little endian", "\xff\xfe" + wide(french, false), "", french},
		{"UTF-16 big endian", "\xfe\xff" + wide(french, true), "", french},
		{"UTF-16 without a mark", wide(french, false), "", french},
		{"Latin-1", latin1(french), "", french},
		{"Latin-1, declared", latin1(french), "text/plain; charset=iso-8859-1", french},
		{"windows-1251", cp1251(russian), "", russian},
		{"UTF-8 read as Latin-1 and saved again", misread(french), "", french},
		{"the same of Russian", misread(russian), "", russian},
		{"cut inside a character", russian[:len(russian)-2], "", russian[:len(russian)-3] + "\ufffd"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := newsdedup.NormalizeText(strings.NewReader(c.in), &newsdedup.NormalizeOptions{ContentType: c.contentType})
			if err != nil {
				t.Fatal(err)
			}
			if a.Text != c.want {
				t.Errorf("got  %q\nwant %q", a.Text, c.want)
			}
		})
	}
}

// What is too short to judge stays as it is.
func TestNormalizeTextTiny(t *testing.T) {
	for _, s := range []string{"Fire.", "A", "7", "火事", "Breaking: fire at the docks", "Related", "Subscribe", "By Jane Doe", "(Reuters)"} {
		if a := normalize(t, s); a.Text != s {
			t.Errorf("NormalizeText(%q).Text = %q", s, a.Text)
		}
	}
}

// Everything of the input is either in the text or was reported as stripped.
func TestNormalizeTextStripped(t *testing.T) {
	for _, name := range five {
		in := story(t, name)
		var pieces []string
		a, err := newsdedup.NormalizeText(strings.NewReader(in), &newsdedup.NormalizeOptions{Stripped: func(s newsdedup.Stripped) {
			if s.Reason == "" {
				t.Errorf("%s: no reason for %q", name, s.Text)
			}
			pieces = append(pieces, s.Text)
		}})
		if err != nil {
			t.Fatal(err)
		}
		count := func(s string) map[string]int {
			m := map[string]int{}
			for w := range strings.FieldsSeq(s) {
				m[w]++
			}
			return m
		}
		all, parts := count(in), count(a.Text+" "+strings.Join(pieces, " "))
		for w, n := range all {
			if parts[w] != n {
				t.Errorf("%s: %q stands %d times in the input, %d times in the parts", name, w, n, parts[w])
			}
		}
	}
}

func FuzzNormalizeText(f *testing.F) {
	for _, name := range five {
		f.Add([]byte(story(f, name)))
	}
	for _, path := range markedPages(f) {
		in, _ := markedPage(f, path)
		f.Add([]byte(in))
	}
	f.Add([]byte("\xff\xfea\x00b\x00"))
	f.Add([]byte("caf\xe9 \xe0 la gare"))
	f.Fuzz(func(t *testing.T, in []byte) {
		a, err := newsdedup.NormalizeText(strings.NewReader(string(in)), nil)
		if err != nil {
			if !errors.Is(err, newsdedup.ErrEmpty) && !errors.Is(err, newsdedup.ErrBinary) {
				t.Fatal(err)
			}
			return
		}
		if a.Text == "" || !utf8.ValidString(a.Text) || !utf8.ValidString(a.Title) || !utf8.ValidString(a.Byline) {
			t.Fatalf("empty or invalid: %q", a)
		}
		b, err := newsdedup.NormalizeText(strings.NewReader(a.Text), nil)
		if err != nil {
			t.Fatalf("second pass: %v\n%q", err, a.Text)
		}
		if a.Text != b.Text {
			t.Fatalf("not settled:\n%q\n%q", a.Text, b.Text)
		}
	})
}

func BenchmarkNormalizeText(b *testing.B) {
	texts := scraped(b)
	n := 0
	for _, s := range texts {
		n += len(s)
	}
	b.SetBytes(int64(n))
	b.ReportAllocs()
	for b.Loop() {
		for _, s := range texts {
			if _, err := newsdedup.NormalizeText(strings.NewReader(s), nil); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func ExampleNormalizeText() {
	page := `Home > News > Ferry to run again from Monday
Ferry to run again from Monday
Date: 2024-03-08 09:30
PORT ALDEN (Reuters) - The ferry between the island and the mainland will run again from Monday, its owner said on Friday, after a winter of repairs.
MORE: Ten islands worth a visit
Tickets will cost the same as last year, and the first boat leaves at six in the morning.
Related
- Singer opens hotel in old lighthouse
- Price of herring falls again`
	a, err := newsdedup.NormalizeText(strings.NewReader(page), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(a.Title)
	fmt.Println(a.Published.Format(time.DateTime), a.Credits)
	fmt.Println(a.Text)
	// Output:
	// Ferry to run again from Monday
	// 2024-03-08 09:30:00 [Reuters]
	// The ferry between the island and the mainland will run again from Monday, its owner said on Friday, after a winter of repairs.
	//
	// Tickets will cost the same as last year, and the first boat leaves at six in the morning.
}
