package sketch

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/parser"
	gotoken "go/token"
	"math/bits"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/newsdedup/newsdedup/internal/token"
)

// words of several scripts and habits, to make texts of.
var words = strings.Fields(`the minister of Energy said on Tuesday that 1,250 EU Lagos NATO a to
Kim U.S. per cent 3.5 iPhone L'homme d’État Überfall März don't Xi's МИНИСТР сказал Москва 東京 の首相は 述べた ガザ 周一 政府同意 ㍿
กำลังพูด اتفق الوزراء יום राष्ट्रपति 정부는 회의 resolution Parliament government increasingly x`)

var unspaced = strings.Fields("の首相は 述べた 周一 政府同意 地震で三人 が けが した 市の発表 ガザ 2026")

var marks = []string{" ", " ", " ", " ", " ", " ", " ", ", ", ". ", ". ", "! ", "? ", "\n", "\n\n", " “", "” ", "\" ", " \"", "。", "「", "」", " ‘", "’ ", " – ", "."}

func compose(r *rand.Rand, n int) string {
	var b strings.Builder
	mode := r.Intn(3)
	for range n {
		switch w := words[r.Intn(len(words))]; {
		case mode == 0:
			b.WriteString(words[r.Intn(20)])
		case mode == 1 && r.Intn(10) > 0:
			b.WriteString(unspaced[r.Intn(len(unspaced))])
		default:
			b.WriteString(w)
		}
		k := len(marks)
		if r.Intn(3) == 0 {
			k = 8
		}
		b.WriteString(marks[r.Intn(k)])
	}
	return b.String()
}

func equal(a, b *Sketch) bool {
	return a.Digest == b.Digest && a.Body == b.Body && a.Title == b.Title && a.Words == b.Words && a.Level == b.Level &&
		slices.Equal(a.Tokens, b.Tokens) && slices.Equal(a.Kinds, b.Kinds) && slices.Equal(a.Segs, b.Segs) &&
		slices.Equal(a.Short, b.Short) && slices.Equal(a.Head, b.Head) && slices.Equal(a.HeadKinds, b.HeadKinds)
}

// Nothing that decides comes from elsewhere: neither Unicode tables, which change
// with Go, nor floating point, time or chance.
func TestImports(t *testing.T) {
	allowed := []string{`"encoding/binary"`, `"errors"`, `"fmt"`, `"math/bits"`, `"slices"`, `"github.com/newsdedup/newsdedup/internal/token"`}
	names, err := filepath.Glob("*.go")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(gotoken.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range f.Imports {
			if !slices.Contains(allowed, i.Path.Value) {
				t.Errorf("%s imports %s", name, i.Path.Value)
			}
		}
	}
}

// What scheme 1 is made of. Another number here is another scheme.
func TestRecipe(t *testing.T) {
	for _, c := range []struct {
		name      string
		got, want int
	}{
		{"MaxSize", MaxSize, 3840},
		{"MaxLevel", MaxLevel, 15},
		{"minContent", minContent, 8},
		{"maxSegment", maxSegment, 24},
		{"minPiece", minPiece, 8},
		{"hardPiece", hardPiece, 48},
		{"cutMask", cutMask, 7},
		{"maxShort", maxShort, 48},
		{"maxHead", maxHead, 64},
		{"window", window, 3},
		{"markTokens", markTokens, 3},
		{"markWindow", markWindow, 4},
		{"token.MinLetters", token.MinLetters, 4},
		{"token.MinSyllables", token.MinSyllables, 2},
	} {
		if c.got != c.want {
			t.Errorf("%s is %d, want %d", c.name, c.got, c.want)
		}
	}
}

// The fast construction gives what the plain one gives, whatever was built
// before it in the same memory.
func TestBuildOracle(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	var b Builder
	var s Sketch
	for i := range 3000 {
		title, text := compose(r, r.Intn(12)), compose(r, r.Intn(1+i%150))
		b.Build(&s, title, text)
		if want := plain(title, text); !equal(&s, want) {
			t.Fatalf("title %q\ntext %q\n got %+v\nwant %+v", title, text, s, *want)
		}
		checkSketch(t, &s, text)
	}
}

// checkSketch checks what holds of every sketch.
func checkSketch(t *testing.T, s *Sketch, text string) {
	t.Helper()
	b := s.Append(nil)
	if len(b) > MaxSize || len(b) != s.size() {
		t.Fatalf("%d bytes, size says %d", len(b), s.size())
	}
	var back Sketch
	n, err := back.Decode(string(b) + "more")
	if err != nil || n != len(b) || !equal(s, &back) {
		t.Fatalf("decoding gives %d of %d bytes, %v, %+v, not %+v", n, len(b), err, back, *s)
	}
	var end uint32
	for i, g := range s.Segs {
		if g.Start < end || g.End <= g.Start || int(g.End) > len(text) {
			t.Fatalf("segment %d at [%d,%d) after %d in %d bytes", i, g.Start, g.End, end, len(text))
		}
		end = g.End
	}
}

// A segment's offsets point at the words it was made of.
func TestOffsets(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	var b Builder
	var s Sketch
	for range 300 {
		var text strings.Builder
		for range 40 {
			text.WriteString(words[r.Intn(8)])
			text.WriteString(marks[r.Intn(14)])
		}
		b.Build(&s, "", text.String())
		for i, g := range s.Segs {
			z := uint32(len(s.Tokens))
			if i+1 < len(s.Segs) {
				z = s.Segs[i+1].Token
			}
			var want []uint16
			for _, x := range token.Scan(nil, text.String()[g.Start:g.End]) {
				if x.Flags&token.Content != 0 {
					want = append(want, uint16(x.Hash>>48))
				}
			}
			if got := s.Tokens[g.Token:z]; !slices.Equal(got, want) {
				t.Fatalf("%q: segment %d is %q but holds %x, not %x", text.String(), i, text.String()[g.Start:g.End], got, want)
			}
		}
	}
}

// A mark's offsets point at the text it is the hash of: three content words of
// that text in a row, or all of them if they are fewer.
func TestMarkOffsets(t *testing.T) {
	r := rand.New(rand.NewSource(12))
	var b Builder
	var s Sketch
	for range 200 {
		var text strings.Builder
		for range 60 {
			text.WriteString(words[r.Intn(8)])
			text.WriteString(marks[r.Intn(14)])
		}
		b.Build(&s, "", text.String())
		n := 0
		s.Marks(func(h uint64, start, end uint32) bool {
			n++
			var ts []uint16
			for _, x := range token.Scan(nil, text.String()[start:end]) {
				if x.Flags&token.Content != 0 {
					ts = append(ts, uint16(x.Hash>>48))
				}
			}
			width := min(len(ts), markTokens)
			for i := 0; i+width <= len(ts); i++ {
				if shingle(ts[i:i+width]) == h {
					return true
				}
			}
			t.Fatalf("%q: mark %x is not of %q", text.String(), h, text.String()[start:end])
			return false
		})
		if n == 0 {
			t.Fatalf("no marks of %q", text.String())
		}
	}
}

// The marks are those of the definition (winnowing), found here from the tokens of
// each sentence alone: whatever four shingles in a row, the last of the least of
// them is a mark, and nothing else is.
func TestMarksAreWinnowed(t *testing.T) {
	r := rand.New(rand.NewSource(11))
	words := strings.Fields("harbour freighter captain the of council storm river on bridge minister vote")
	var b Builder
	var s Sketch
	for range 200 {
		var text strings.Builder
		for range 2 + r.Intn(6) {
			for i := range 1 + r.Intn(20) {
				if word := words[r.Intn(len(words))]; i == 0 {
					text.WriteString("Yesterday " + word)
				} else {
					text.WriteString(" " + word)
				}
			}
			text.WriteString(". ")
		}
		var sentences [][]uint16
		for _, x := range token.Scan(nil, text.String()) {
			if x.Flags&(token.Sentence|token.Paragraph) != 0 || sentences == nil {
				sentences = append(sentences, nil)
			}
			if x.Flags&token.Content != 0 {
				last := &sentences[len(sentences)-1]
				*last = append(*last, uint16(x.Hash>>48))
			}
		}
		var want []uint64
		all := 0
		for _, ts := range sentences {
			all += len(ts)
			var shingles []uint64
			for i := range ts {
				if i+3 <= len(ts) || i == 0 && len(ts) > 0 {
					shingles = append(shingles, shingle(ts[i:min(i+3, len(ts))]))
				}
			}
			for k, h := range shingles {
				chosen := false
				for from := max(0, k-3); from <= k; from++ {
					if from > 0 && from+4 > len(shingles) {
						continue // no four from there on
					}
					least := true
					for i := from; i < min(from+4, len(shingles)); i++ {
						least = least && (shingles[i] > h || shingles[i] == h && i <= k)
					}
					chosen = chosen || least
				}
				if chosen {
					want = append(want, h)
				}
			}
		}
		if all < 8 {
			continue // so short a text keeps all of its tokens
		}
		b.Build(&s, "", text.String())
		var got []uint64
		s.Marks(func(h uint64, _, _ uint32) bool {
			got = append(got, h)
			return true
		})
		if !slices.Equal(got, want) {
			t.Fatalf("%q: %d marks %x, want %d %x", text.String(), len(got), got, len(want), want)
		}
	}
}

// A reader who sees the same words with other spaces or in capitals sees the
// same article.
func TestSpacesAndCase(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	var b Builder
	var s, u Sketch
	for range 300 {
		text := compose(r, 60)
		b.Build(&s, text, text)
		for _, other := range []string{strings.ReplaceAll(text, " ", " \u00a0 "), " " + text + " ", strings.ToLower(text), strings.ToUpper(text)} {
			b.Build(&u, other, other)
			if s.Digest != u.Digest || s.Body != u.Body || s.Title != u.Title || !slices.Equal(s.Tokens, u.Tokens) {
				t.Fatalf("%q and %q differ", text, other)
			}
		}
	}
}

// What is quoted of an article is found in it: the marks of any paragraphs of
// a text are marks of the text.
func TestMarksContained(t *testing.T) {
	r := rand.New(rand.NewSource(4))
	marksOf := func(text string) (hs []uint64) {
		var b Builder
		var s Sketch
		b.Build(&s, "", text)
		if s.Level > 0 {
			t.Fatal("text too long for the test")
		}
		var last uint32
		s.Marks(func(h uint64, start, end uint32) bool {
			if start < last || end <= start || int(end) > len(text) {
				t.Fatalf("mark at [%d,%d) after %d", start, end, last)
			}
			last = start
			hs = append(hs, h)
			return true
		})
		return hs
	}
	paragraph := func() string {
		var b strings.Builder
		for range 12 + r.Intn(30) {
			b.WriteString(words[r.Intn(len(words))] + " ")
			if r.Intn(12) == 0 {
				b.WriteString(". ")
			}
		}
		return b.String()
	}
	for range 200 {
		passage := "Then " + paragraph() + ".\n\n" + paragraph()
		whole := paragraph() + ".\n\n" + passage + ".\n\n" + paragraph()
		all := marksOf(whole)
		part := marksOf(passage)
		if len(part) == 0 {
			t.Fatalf("no marks in %q", passage)
		}
		for _, h := range part {
			if !slices.Contains(all, h) {
				t.Fatalf("a mark of %q is lost in %q", passage, whole)
			}
		}
	}
}

// Sampling is one rule: level by level or at once gives the same, and what a
// text keeps of a passage does not depend on what is around it.
func TestSample(t *testing.T) {
	r := rand.New(rand.NewSource(5))
	sentence := func() string {
		var b strings.Builder
		for range 10 + r.Intn(12) {
			b.WriteString(string(rune('a'+r.Intn(26))) + "bcd" + string(rune('a'+r.Intn(26))) + string(rune('a'+r.Intn(26))) + " ")
		}
		return b.String() + "\n"
	}
	var long strings.Builder
	for range 3000 {
		long.WriteString(sentence())
	}
	var b Builder
	var s, one, two, part Sketch
	b.Build(&s, "", long.String())
	if s.Level < 4 || len(s.Append(nil)) > MaxSize || len(s.Append(nil)) < MaxSize/3 {
		t.Fatalf("level %d, %d bytes", s.Level, len(s.Append(nil)))
	}
	s.Sample(&one, s.Level+2)
	s.Sample(&two, s.Level+1)
	two.Sample(&two, s.Level+2)
	if !equal(&one, &two) {
		t.Fatal("two steps give another sample than one")
	}
	checkSketch(t, &one, long.String())
	s.Sample(&one, 0)
	if !equal(&one, &s) {
		t.Fatal("a lower level changes a sketch")
	}

	// Of the middle third alone, sampled as far, every token is in the whole.
	text := long.String()
	a := strings.IndexByte(text[len(text)/3:], '\n') + len(text)/3 + 1
	z := strings.IndexByte(text[2*len(text)/3:], '\n') + 2*len(text)/3 + 1
	b.Build(&part, "", text[a:z])
	if part.Level > s.Level {
		t.Fatalf("a part is sampled at level %d, the whole at %d", part.Level, s.Level)
	}
	part.Sample(&part, s.Level)
	if len(part.Tokens) == 0 || !strings.Contains(string(hex(s.Tokens)), string(hex(part.Tokens))) {
		t.Fatal("the sample of a part is not part of the sample")
	}
	// About one sentence in 2^level is kept: 3000/2^level, ± 5 standard deviations.
	want := 3000 / float64(int(1)<<s.Level)
	if got := float64(len(s.Segs)); (got-want)*(got-want) > 25*want {
		t.Fatalf("%v sentences kept, expected %v", got, want)
	}
}

func hex(ts []uint16) []byte {
	var b []byte
	for _, t := range ts {
		b = append(b, byte(t>>8), byte(t))
	}
	return b
}

// Nothing a site may serve breaks the bound or leaves nothing of a text.
func TestHostile(t *testing.T) {
	var b Builder
	var s Sketch
	for name, text := range map[string]string{
		"one word":         strings.Repeat("again ", 50000),
		"one sentence":     strings.Repeat("Closed again today. ", 20000),
		"digits":           strings.Repeat("1 ", 100000),
		"one character":    strings.Repeat("国", 60000),
		"quotation marks":  strings.Repeat("“word” ", 30000),
		"apostrophes":      strings.Repeat("'a ", 60000),
		"full stops":       strings.Repeat("a.", 60000),
		"paragraphs":       strings.Repeat("word\n\n", 40000),
		"long word":        strings.Repeat("a", 200000),
		"long katakana":    strings.Repeat("ア", 70000),
		"compat expansion": strings.Repeat("㍿", 40000),
		"no text":          strings.Repeat("–“”.!? \n", 20000),
		"broken UTF-8":     strings.Repeat("\xff\xe3\x81", 30000),
		"jamo":             strings.Repeat("\u1112\u1161\u11ab", 30000),
	} {
		b.Build(&s, text, text)
		checkSketch(t, &s, text)
		if s.Words > 0 && len(s.Tokens) == 0 {
			t.Errorf("%s: nothing is left of %d tokens", name, s.Words)
		}
	}
}

// From one word upward no two briefs look alike.
func TestShortTexts(t *testing.T) {
	var b Builder
	seen := map[string]string{}
	for _, text := range []string{"Yes", "No", "a", "b", "EU", "5", "6", "の", "国", "日本", "本日", "กา", "ข", "수", "He is in.", "He is on.", "ア", "Is he in?", "We won", "Developing story", "More to follow"} {
		var s Sketch
		b.Build(&s, "", text)
		if len(s.Tokens) == 0 || s.Body == 0 {
			t.Errorf("%q vanishes", text)
		}
		k := string(hex(s.Tokens))
		if seen[k] != "" {
			t.Errorf("%q and %q look alike", text, seen[k])
		}
		seen[k] = text
	}
	var s Sketch
	for _, text := range []string{"", " ", "–", "!!!"} {
		b.Build(&s, text, text)
		if s.Words != 0 || s.Body != 0 || s.Title != 0 || len(s.Segs) != 0 || s.Digest != plainDigest(nil) {
			t.Errorf("%q: %+v", text, s)
		}
	}
}

func TestKinds(t *testing.T) {
	var b Builder
	var s Sketch
	b.Build(&s, "Merkel Meets Macron In Paris", "Chancellor Merkel received President Macron on Tuesday. Macron said 27 states would follow.\n\nSTATES WILL FOLLOW MERKEL ON TUESDAY\n\nSlowly.")
	// Chancellor Merkel received President Macron Tuesday | Macron said 27
	// states would follow | STATES WILL FOLLOW MERKEL TUESDAY | Slowly
	want := []Kind{Word, Name, Word, Name, Name, Date, Name, Word, Number, Word, Word, Word, Word, Word, Word, Name, Date, Word}
	if !slices.Equal(s.Kinds, want) {
		t.Errorf("kinds %v, want %v", s.Kinds, want)
	}
	if want := []Kind{Name, Word, Name, Word, Word}; !slices.Equal(s.HeadKinds, want) {
		t.Errorf("kinds of the title %v, want %v", s.HeadKinds, want)
	}
}

// Counting by planes is counting.
func TestPlanes(t *testing.T) {
	r := rand.New(rand.NewSource(6))
	for n := range 400 {
		var hs []uint64
		var want [64]int
		for range n {
			h := r.Uint64() & r.Uint64()
			hs = append(hs, h)
			for i := range want {
				want[i] += int(h >> i % 2)
			}
		}
		var p planes
		p.count(hs)
		limit := r.Intn(n + 1)
		over := p.over(limit, n)
		for i, k := range want {
			if p.at(i, n) != k || over>>i%2 == 1 != (k > limit) {
				t.Fatalf("%d of %d hashes have bit %d, not %d; more than %d: %v", k, n, i, p.at(i, n), limit, over>>i%2 == 1)
			}
		}
	}
}

// However long a text of ideographs and whatever words stand between them,
// changing one of them for another moves six bits at most, as three votes go and
// three come.
func TestSixBits(t *testing.T) {
	r := rand.New(rand.NewSource(11))
	var b Builder
	var s Sketch
	for range 300 {
		var text []rune
		for range full + 63 + r.Intn(200) {
			if r.Intn(12) == 0 {
				text = append(text, []rune([]string{" NATO ", "12", "、", "ドル", "。", "の"}[r.Intn(6)])...)
			}
			text = append(text, rune(0x4E00+r.Intn(1500)))
		}
		b.Build(&s, "", string(text))
		before := s.Body
		for range 20 {
			i := r.Intn(len(text))
			old := text[i]
			if old < 0x4E00 {
				continue
			}
			text[i] = rune(0x4E00 + r.Intn(1500))
			b.Build(&s, "", string(text))
			if d := bits.OnesCount64(before ^ s.Body); d > 6 {
				t.Fatalf("%d bits move from %c to %c in %s", d, old, text[i], string(text))
			}
			text[i] = old
		}
	}
}

func FuzzDecode(f *testing.F) {
	r := rand.New(rand.NewSource(7))
	for i := range 20 {
		var b Builder
		var s Sketch
		b.Build(&s, compose(r, 5), compose(r, 10*i))
		f.Add(s.Append(nil))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var s Sketch
		n, err := s.Decode(string(b))
		if err != nil {
			if !errors.Is(err, ErrFormat) {
				t.Fatal(err)
			}
			return
		}
		if again := s.Append(nil); !bytes.Equal(again, b[:n]) {
			t.Fatalf("%x decodes to %+v, which is encoded as %x", b[:n], s, again)
		}
	})
}

func FuzzBuild(f *testing.F) {
	r := rand.New(rand.NewSource(8))
	for range 20 {
		f.Add(compose(r, 5), compose(r, 80))
	}
	f.Fuzz(func(t *testing.T, title, text string) {
		var b Builder
		var s Sketch
		b.Build(&s, title, text)
		if want := plain(title, text); s.Level == 0 && !equal(&s, want) {
			t.Fatalf(" got %+v\nwant %+v", s, *want)
		}
		checkSketch(t, &s, text)
		if s.Words > 0 && len(s.Tokens) == 0 {
			t.Fatalf("nothing is left of %d tokens", s.Words)
		}
	})
}

// Decode reuses what it is given.
func TestDecodeReuse(t *testing.T) {
	r := rand.New(rand.NewSource(9))
	var b Builder
	var s, got Sketch
	for range 50 {
		b.Build(&s, compose(r, 5), compose(r, r.Intn(300)))
		if _, err := got.Decode(string(s.Append(nil))); err != nil || !equal(&s, &got) {
			t.Fatal(err)
		}
	}
	enc := string(s.Append(nil))
	if n := testing.AllocsPerRun(20, func() { got.Decode(enc) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkBuild(b *testing.B) {
	text := strings.Repeat("The ministers of the eastern provinces agreed on Tuesday to raise the tariff by 3.5 percent, officials said. ", 30)
	var x Builder
	var s Sketch
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		x.Build(&s, "Ministers agree", text)
	}
}

func BenchmarkDecode(b *testing.B) {
	r := rand.New(rand.NewSource(10))
	var x Builder
	var s Sketch
	x.Build(&s, compose(r, 8), compose(r, 450))
	enc := string(s.Append(nil))
	b.SetBytes(int64(len(enc)))
	b.ReportAllocs()
	for b.Loop() {
		s.Decode(enc)
	}
}

// The plain construction agrees with the stored vectors too, so that they are
// not merely what the fast one happened to give.
func TestVectorsOracle(t *testing.T) {
	f, err := os.Open("../../testdata/vectors/scheme1.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var v struct{ Name, Title, Text, Digest, SimHash, Fingerprint string }
		if err := json.Unmarshal(sc.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		s := plain(v.Title, v.Text)
		if got := fmt.Sprintf("%x", s.Digest); got != v.Digest {
			t.Errorf("%s: digest %s, want %s", v.Name, got, v.Digest)
		}
		if got := fmt.Sprintf("%016x", s.Body); got != v.SimHash {
			t.Errorf("%s: SimHash %s, want %s", v.Name, got, v.SimHash)
		}
		if got := fmt.Sprintf("%x", s.Append(nil)); !strings.Contains(v.Fingerprint, got) {
			t.Errorf("%s: the stored fingerprint is not %s", v.Name, got)
		}
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
}
