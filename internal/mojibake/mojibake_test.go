package mojibake

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// misread is what a program makes of s that takes its bytes for Windows-1252 or
// Latin-1, and writes UTF-8.
func misread(s string, m *charmap.Charmap) string {
	var b strings.Builder
	for i := range len(s) {
		r := m.DecodeByte(s[i])
		if r == utf8.RuneError {
			r = rune(s[i]) // browsers take the five undefined bytes for C1 controls
		}
		b.WriteRune(r)
	}
	return b.String()
}

// sentences have two strong sequences or more when misread.
var sentences = []string{
	"Für die Müllabfuhr gelten ab März größere Gebühren.",
	"„Größe zählt“, sagte die Ärztin – und schloß die Tür.",
	"Le café de la gare a été rénové l’été dernier, grâce à un prêt.",
	"La señora Núñez llegó mañana por la tarde; ¿quién lo sabía?",
	"A NAÇÃO ACORDOU: “não há pão”, disse o capitão João.",
	"The mayor didn’t say “no” — she said “not yet”.",
	"Tickets cost €5 or £4 at the café’s door.",
	"Zażółć gęślą jaźń; Škoda příliš žluťoučký kůň.",
	"İstanbul’da yağmur yağıyor, şehir ıslak.",
	"Новый мост через реку открыли в пятницу утром.",
	"Η γέφυρα άνοιξε την Παρασκευή το πρωί.",
	"فتح الجسر الجديد فوق النهر صباح الجمعة.",
	"הגשר החדש מעל הנהר נפתח ביום שישי בבוקר.",
	"新しい橋は金曜日の朝に開通した。",
	"새 다리는 금요일 아침에 개통되었다.",
}

// A text that went through the wrong charset once, or twice, comes back as it
// was, whichever of the two charsets it was.
func TestRepair(t *testing.T) {
	for _, s := range sentences {
		for name, m := range map[string]*charmap.Charmap{"Windows-1252": charmap.Windows1252, "Latin-1": charmap.ISO8859_1} {
			once := misread(s, m)
			if got := Repair(once); got != s {
				t.Errorf("%s: %q\ngot  %q\nwant %q", name, once, got, s)
			}
			if got := Repair(misread(once, m)); got != s {
				t.Errorf("%s, twice: got %q, want %q", name, got, s)
			}
			// The rest of the page was read by the right charset.
			const rest = "\nÜbersicht · Déjà vu · Straße“ · «LIBERTÉ» · 中文\n"
			if got := Repair(rest + once + rest); got != rest+s+rest {
				t.Errorf("%s, in part: got %q", name, got)
			}
		}
	}
}

// Well-formed text is not touched: neither ordinary sentences nor the capital
// letters before quotation marks, fixed spaces and signs that are valid UTF-8
// when taken for bytes.
func TestRepairWellFormed(t *testing.T) {
	texts := append([]string{
		"« LIBERTÉ », ÉGALITÉ » et FRATERNITÉ\u00a0: la France a été\u00a0»",
		"AMANHÃ”, IRMÃ…, MAÇÃ™ e AMANHû",
		"NESTLÉ® NESCAFÉ® CAFÉ’S ROSÉ” PÂTÉ—",
		"Der Spaß“ und der Fleiß“, groß… Straße\u00a0– Gruß» SPASS",
		"2 ×\u00a04 ×\u00a06 ×\u00a08 cm; 3 ×\u00a05 m; 7×£3, 8×£4, 9×€5",
		"SMÅ… ÖÅ” ÅÅ– ÄÄ«",
		"Ã¼ alone is an example", // one might be meant
	}, sentences...)
	file, err := os.ReadFile("../../testdata/vectors/scheme1.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(file)) {
		var v struct{ Title, Text string }
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, v.Title, v.Text)
	}
	for _, s := range texts {
		for _, s := range []string{s, strings.ToUpper(s)} {
			if got := Repair(s); got != s {
				t.Errorf("%q became %q", s, got)
			}
		}
	}
}

// A chain of halves of sequences is done in one go.
func TestRepairChain(t *testing.T) {
	for _, s := range []string{strings.Repeat("Â", 1<<16) + "¼Ã¼", strings.Repeat("Ãƒ", 1<<16), "Ã" + strings.Repeat("ƒ", 1<<16)} {
		if got := Repair(s); Repair(got) != got {
			t.Error("not done")
		}
	}
}

func FuzzRepair(f *testing.F) {
	for _, s := range sentences {
		f.Add(s, s)
		f.Add(misread(s, charmap.Windows1252), "ÃƒÂ¼ÂÂÃ")
		f.Add(s, misread(s, charmap.ISO8859_1))
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		s := strings.ToValidUTF8(a+"\n"+b, "")
		got := Repair(s)
		if !utf8.ValidString(got) {
			t.Fatalf("%q became invalid: %q", s, got)
		}
		if len(got) > len(s) {
			t.Fatalf("%q grew to %q", s, got)
		}
		if again := Repair(got); again != got {
			t.Fatalf("%q became %q, then %q", s, got, again)
		}
		for line := range strings.SplitSeq(got, "\n") {
			if Repair(line) != line {
				t.Fatalf("line %q of %q is repaired alone", line, got)
			}
		}
	})
}
