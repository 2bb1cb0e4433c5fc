package token

import (
	"go/parser"
	gotoken "go/token"
	"math/rand"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// forms returns the text of every token of s, separated by a space, with what
// its flags say: . sentence, ¶ paragraph, " quoted, N number, D date.
func forms(s string) string {
	var b strings.Builder
	for i, t := range Scan(nil, s) {
		if i > 0 {
			b.WriteByte(' ')
		}
		switch {
		case t.Flags&Paragraph != 0:
			b.WriteString("¶")
		case t.Flags&Sentence != 0:
			b.WriteByte('.')
		}
		if t.Flags&Quoted != 0 {
			b.WriteByte('"')
		}
		b.WriteString(s[t.Start:t.End])
	}
	return b.String()
}

func hashes(s string) (out []uint64) {
	for _, t := range Scan(nil, s) {
		out = append(out, t.Hash)
	}
	return out
}

// Speech ends where the custom that its opening mark belongs to ends it, and at no
// mark of another.
func TestQuotationMarks(t *testing.T) {
	const marks = "“”„«»‹›「」『』\""
	for open, ends := range map[string]string{
		"“":  "”\"", // and “ before a space: German speech that lost its low mark
		"„":  "“”\"",
		"«":  "»",
		"»":  "«",
		"‹":  "›",
		"›":  "‹",
		"「":  "」",
		"『":  "』",
		"\"": "\"”",
	} {
		for _, end := range marks {
			if string(end) == open || open == "“" && end == '„' {
				continue
			}
			// More follows the mark at once, so that none is taken for one that opens.
			got := forms("Ada " + open + "spoke" + string(end) + "-later")
			want := `¶Ada "spoke later`
			if !strings.ContainsRune(ends, end) {
				want = `¶Ada "spoke "later`
			}
			if end == '“' && open == "\"" {
				continue // depends on what follows
			}
			if got != want {
				t.Errorf("%s … %c: %s, want %s", open, end, got, want)
			}
		}
	}
}

// Two houses print the same sentence. What is a matter of style must vanish.
func TestSame(t *testing.T) {
	for _, p := range [][2]string{
		{"The U.S.-led force", "The US led force"},
		{"Kim’s visit", "kim's visit"},
		{"the ministers’ talks", "the ministers talks"},
		{"1,000 people", "1000 people"},
		{"1.250.000 Euro", "1\u00a0250\u00a0000 Euro"},
		{"1\u202f250 euros", "1250 euros"},
		{"3,5 Prozent", "3.5 %"},
		{"5 percent", "5%"},
		{"three towns, Twelve villages", "3 towns, 12 villages"},
		{"пять деревень", "5 деревень"},
		{"5 per cent", "5%"},
		{"5 por ciento", "5 %"},
		{"٥٪ من", "5% من"},
		{"don’t", "dont"},
		{"ﬁnancial oﬃce", "financial office"},
		{"inter\u00adnational", "international"},
		{"zero\u200bwidth", "zerowidth"},
		{"STRASSE", "straße"},
		{"Erdoğan", "Erdogan"},
		{"Łódź", "LODZ"},
		{"İstanbul ısı", "istanbul isi"},
		{"Ὀδυσσεύς", "ΟΔΥΣΣΕΥΣ"},
		{"ёлка и йод", "ЕЛКА И ИОД"},
		{"مُحَمَّد", "محمد"},
		{"محـــمد", "محمد"},
		{"أحمد إلى", "احمد الي"},
		{"ﻣﺤﻤﺪ", "محمد"},
		{"שָׁלוֹם", "שלום"},
		{"צה״ל", "צה\"ל"},
		{"ｶﾞｻﾞ ﾄﾗﾝﾌﾟ", "ガザ トランプ"},
		{"か\u3099く", "がく"},
		{"ＡＢＣ１２３", "abc 123"},
		{"한국", norm.NFD.String("한국")},
		{"क़लम", "क\u093cलम"},
		{"5pm", "5 pm"},
		{"F-35", "F35"},
		{"café", "cafe\u0301"},
		{"Việt Nam", norm.NFD.String("Việt Nam")},
		{"ราคา", norm.NFD.String("ราคา")},
		{"東 京", "東京"},
		{"2\u00bd", "21"},
	} {
		if a, b := hashes(p[0]), hashes(p[1]); !slices.Equal(a, b) {
			t.Errorf("%q and %q differ: %s | %s", p[0], p[1], forms(p[0]), forms(p[1]))
		}
	}
}

// And what makes a difference must stay.
func TestDifferent(t *testing.T) {
	for _, p := range [][2]string{
		{"3.5", "35"},
		{"one", "1"},
		{"1,5", "15"},
		{"2025.100", "2025100"},
		{"resign", "re sign"},
		{"東京", "京東"},
		{"はし", "ばし"},
		{"کتاب", "کتب"},
		{"10:30", "1030"},
		{"ab", "ba"},
		{"aaaaaaaa", "aaaaaaaaa"},
	} {
		if a, b := hashes(p[0]), hashes(p[1]); slices.Equal(a, b) {
			t.Errorf("%q and %q are the same: %s", p[0], p[1], forms(p[0]))
		}
	}
}

// Where sentences, paragraphs and quotations start.
func TestStructure(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"He left. She stayed.", `¶He left .She stayed`},
		{"He left.She stayed", `¶He left .She stayed`},
		{"see example.org today", `¶see example org today`},
		{"Mr. Hill met J. K. Rowe in the U.S. Senate.", `¶Mr Hill met J K Rowe in the U.S Senate`},
		{"It rose 3.5 points. Then it fell.", `¶It rose 3.5 points .Then it fell`},
		{"Am 22. August war es so.", `¶Am 22 August war es so`},
		{"One\nTwo\n\nThree", `¶One .Two ¶Three`},
		{"One\r\nTwo\r\n\r\nThree", `¶One .Two ¶Three`},
		{"Stop! he cried. Why?", `¶Stop he cried .Why`},
		{"He said “we will go”.", `¶He said "we "will "go`},
		{`He said "we go" and left`, `¶He said "we "go and left`},
		{"Er sagte: „Wir gehen“ und ging", `¶Er sagte "Wir "gehen und ging`},
		{"Il a dit « on y va » hier", `¶Il a dit "on "y "va hier`},
		{"»Nein«, sagte er", `¶"Nein sagte er`},
		{"‘We go,’ he said", `¶"We "go he said`},
		{"the ’90s and the boys’ school", `¶the 90 s and the boys school`},
		{"He said “we will go\nand then “not that” he said", `¶He said "we "will "go .and then "not "that he said`},
		{"首相は「行く」と述べた。雨", `¶首 相 は "行 "く と 述 べ た .雨`},
		{"他说：“你好”。", `¶他 说 "你 "好`},
		{"وقال. ثم ذهب؟ نعم", `¶وقال .ثم ذهب .نعم`},
		{"राम गया। सीता आई", `¶राम गया .सीता आई`},
		{"l'homme d’État dell'articolo rock'n'roll", `¶l homme d État dell articolo rock'n roll`},
	} {
		if got := forms(c.text); got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

func TestFlags(t *testing.T) {
	for _, c := range []struct {
		word string
		want Flags
	}{
		{"Berlin", Upper | Content}, {"berlin", Lower | Content}, {"NATO", Upper | Caps | Content}, {"iPhone", Lower | Mixed | Content},
		{"McDonald", Upper | Mixed | Content}, {"EU", Upper | Caps | Two}, {"U.S.", Upper | Caps | Acronym | Two}, {"Kim", Upper}, {"12", Number | Content | Two}, {"Six", Number | Content},
		{"Monday", Upper | Content | Month}, {"martes", Lower | Content | Month}, {"march", Lower | Content}, {"March", Upper | Content | Month},
		{"Mr", Upper | Abbrev | Two}, {"国", Han | One}, {"の", Hira | One}, {"トランプ", Kata | Content}, {"ก", SEA | One}, {"한국", Content | Two}, {"수", One}, {"tải", Lower | Content}, {"ta\u0309i", Lower | Content}, {"là", Lower | Two}, {"été", Lower},
		{"ÉCOLE", Upper | Caps | Content}, {"Internationalization", Upper | Content}, {"INTERNATIONALIZATION", Upper | Caps | Content},
	} {
		got := Scan(nil, c.word)[0].Flags &^ (Sentence | Paragraph)
		if got != c.want {
			t.Errorf("%s: flags %b, want %b", c.word, got, c.want)
		}
		// The same within a text, where the shortcut for ASCII takes it.
		ts := Scan(nil, "und "+c.word+" xx xx xx")
		if got := ts[1].Flags; got != c.want {
			t.Errorf("%s: flags %b within a text, want %b", c.word, got, c.want)
		}
	}
}

// The Unicode tables of another release of Go cannot move a token: nothing of
// them is in reach.
func TestNoTables(t *testing.T) {
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
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
			if p := i.Path.Value; p != `"math/bits"` && p != `"slices"` && p != `"unsafe"` {
				t.Errorf("%s imports %s", name, p)
			}
		}
	}
}

// Folding is checked against golang.org/x/text on every code point that both
// know: case, compatibility forms and composition make no difference.
func TestFoldOracle(t *testing.T) {
	fold := cases.Fold()
	for r := rune(0xC0); r < 0x30000; r++ {
		if !unicode.IsLetter(r) || !utf8.ValidRune(r) || unicode.Is(unicode.Other_Lowercase, r) {
			continue
		}
		switch r {
		case 0x149, // decomposes to an apostrophe, which divides
			0xE33, 0xEB3, 0xEDC, 0xEDD: // kept whole, as all write them
			continue
		}
		s := "x" + string(r) + "x"
		if strings.Contains(norm.NFD.String(s), "\u0345") {
			continue // the iota subscript is an accent, not a letter
		}
		for _, o := range []string{norm.NFC.String(s), norm.NFD.String(s), norm.NFKC.String(s), fold.String(s)} {
			if o != s && strings.IndexFunc(o, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) < 0 && !slices.Equal(hashes(s), hashes(o)) {
				t.Errorf("%U %q and %q differ", r, s, o)
			}
		}
	}
}

// Offsets are ascending, within the text, at the boundaries of characters, and
// point at the text of the token: scanning that text alone gives the token
// again.
func check(t *testing.T, s string) {
	ts := Scan(nil, s)
	end := uint32(0)
	for i, x := range ts {
		if x.Start >= x.End || int(x.End) > len(s) {
			t.Fatalf("%q: token %d at [%d,%d)", s, i, x.Start, x.End)
		}
		if x.Start < end && !(i > 0 && ts[i-1].Start == x.Start) {
			t.Fatalf("%q: token %d overlaps the one before", s, i)
		}
		end = x.End
	}
	// Alone, and where more follows than the shortcuts look at.
	for _, s := range []string{s, s + strings.Repeat(" and", 20)} {
		if fast, general := Scan(nil, s), scan(nil, s, new([256]uint8)); !slices.Equal(fast, general) {
			t.Fatalf("%q: the shortcuts give\n%v, not\n%v", s, fast, general)
		}
	}
}

var seeds = []string{
	"", "a", "The U.S.-led force’s 1,000 troops, 3.5 per cent; \"so\" he SAID.Then it rains.\n\nMcDonald’s isn't O'Neill.",
	"Internationalization INTERNATIONALization abcdefgh abcdefghi ABCDEFGH. aB abcdefghI per cent Per\u00a0cent per, cent",
	"首相は「行く」と述べた。ｶﾞｻﾞ㍿㎏", "مُحَمَّد ٣٫٥", "राम गया।", "กำลัง", "한국 ㅎㅏㄴ", "\xff\xc3(\xe2\x82", "a\u0301\u200db", "x.y.z. X.Y.Z.W 1.2.3 1,2,3,000",
	"123,456 1234,567 12.345 1234567.5 123456.78 12345.678, 1.5.2 1,000,000 0.25% 2,500年 10.年 7,٣ 12345678.9 1999.",
	"ABCDEFGHij ABCDEFGHIJ aBcdefghij abcdefghijklmno abcdefghijklmnop ABCDEFGH, abcdefgh. May b. Mr. percent of x's, and so on to the end",
	"‘we’ 'tis “a\n”b\" „c“ «d» »e«", "\u2029\r\n\r\n\n",
}

// Texts of pieces that meet in every way: what the shortcuts take of ASCII, they
// take as the general rules would, wherever a piece stands and whatever it
// touches.
func TestShortcutMixed(t *testing.T) {
	pieces := strings.Fields(`a I to US EU x's X's it's boys' o'clock l'eau rock'n'roll don't May march Mr. per cent percent three Twelve
the Minister minister increasingly Internationalization NATO NATO's McDonald’s PER CENT THREE tEn MARCH iPhone U.S. J. 5 12 1999 1,000 1.250.000 3.5 3,5 12345678 123456789 7% 10:30 5pm F-35
é été straße İstanbul “so” ’s x’s ‘we’ «d» – … 東京 の ガザ ｶﾞ 한국 قال ٣٫٥  á ÿ . , ; : ! ? " ' ( ) - / @ # _ ` + "`")
	pieces = append(pieces, "\u00adab", "a\u0301", "\xff", "\u200bx")
	gaps := []string{" ", " ", " ", "", "", "  ", "\n", "\n\n", ". ", ", ", "\u00a0", "-"}
	r := rand.New(rand.NewSource(1))
	for range 6000 {
		var b strings.Builder
		for range 1 + r.Intn(40) {
			b.WriteString(pieces[r.Intn(len(pieces))])
			b.WriteString(gaps[r.Intn(len(gaps))])
		}
		check(t, b.String())
	}
}

// The tokens come after those that are there already, whatever room there is.
func TestAppend(t *testing.T) {
	s := strings.Repeat("The ministers agreed on 3.5 percent. ", 20)
	want := Scan(nil, s)
	for room := range len(want) + 100 {
		for kept := range 2 {
			dst := append(make([]Token, 0, kept+room), Token{Hash: 1}, Token{Hash: 2})[:kept]
			if got := Scan(dst, s); !slices.Equal(got[:kept], dst) || !slices.Equal(got[kept:], want) {
				t.Fatalf("%d tokens kept, room for %d: %v", kept, room, got)
			}
		}
	}
}

func TestShortcut(t *testing.T) {
	for _, s := range seeds {
		for i := range s {
			check(t, s[i:])
			check(t, s[:i])
		}
	}
}

func FuzzScan(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		check(t, s)
		// Case and further spaces change no token. (Case folding of invalid
		// UTF-8 would alter its bytes.)
		if utf8.ValidString(s) {
			a := hashes(s)
			if b := hashes(strings.ReplaceAll(s, " ", "  ")); !slices.Equal(a, b) {
				t.Fatalf("%q: spaces matter", s)
			}
		}
	})
}

func BenchmarkScan(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"latin", "The ministers of the eastern provinces agreed on Tuesday to raise the tariff by 3.5 percent, officials said. "},
		{"han", "地方政府周二同意将关税提高百分之三点五，官员们说。"},
		{"arabic", "اتفق وزراء الأقاليم الشرقية يوم الثلاثاء على رفع التعرفة، بحسب مسؤولين. "},
	} {
		s := strings.Repeat(c.text, 30)
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(s)))
			b.ReportAllocs()
			var dst []Token
			for b.Loop() {
				dst = Scan(dst[:0], s)
			}
		})
	}
}
