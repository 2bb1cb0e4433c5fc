package chrome

import (
	"strings"
	"testing"
	"time"
)

// Dates as bylines, datelines and farms write them. The times are worked out
// by hand; without a zone they count as UTC.
func TestParseDate(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"Date:2025-04-14 11:31:35", "2025-04-14T11:31:35Z"},
		{"date 2023-11-15", "2023-11-15T00:00:00Z"},
		{"2024-05-01T10:00:00+02:00", "2024-05-01T08:00:00Z"},
		{"2024-05-01T10:00:00.123Z", "2024-05-01T10:00:00Z"},
		{"Updated April 26, 2019 at 3:43 PM", "2019-04-26T15:43:00Z"},
		{"Published 12:05 a.m. ET, Sept. 3, 2021", "2021-09-03T00:00:00Z"},
		{"Aug 25, 2025 9:24 pm ET", "2025-08-26T01:24:00Z"},
		{"Tuesday 3rd of March 2020", "2020-03-03T00:00:00Z"},
		{"26 April 2019", "2019-04-26T00:00:00Z"},
		{"08.10.2024, 17:45 Uhr", "2024-10-08T17:45:00Z"},
		{"3. März 2024 um 7.05 Uhr", "2024-03-03T07:05:00Z"},
		{"Publié le 3 février 2024 à 9h12", "2024-02-03T09:12:00Z"},
		{"12 de septiembre de 2023", "2023-09-12T00:00:00Z"},
		{"14 июня 2024, 11:30 МСК", "2024-06-14T08:30:00Z"},
		{"2024年3月8日 9:30", "2024-03-08T09:30:00Z"},
		{"2024년 3월 8일", "2024-03-08T00:00:00Z"},
		{"25/12/2022", "2022-12-25T00:00:00Z"},
		{"12/25/2022", "2022-12-25T00:00:00Z"},
		{"4/5/2022 6:07 PM", "2022-04-05T18:07:00Z"},
		{"2019. április 26., 8:05", "2019-04-26T08:05:00Z"},
		{"26. dubna 2019", "2019-04-26T00:00:00Z"},
		{"26 באפריל 2019", "2019-04-26T00:00:00Z"},
		{"२६ अप्रैल २०१९", "2019-04-26T00:00:00Z"},
		{"٢٦ أبريل ٢٠١٩", "2019-04-26T00:00:00Z"},
		{"26 เมษายน 2562", "2019-04-26T00:00:00Z"},
		{"۱ فروردین ۱۴۰۰", "2021-03-21T00:00:00Z"}, // the equinox
		{"۳۰ اسفند ۱۳۹۹", "2021-03-20T00:00:00Z"},  // of a leap year
		{"1389/09/01", "2010-11-22T00:00:00Z"},
		{"2024-13-01", ""},
		{"31 February 2024", ""},
		{"the 14 members of 2024", ""},
		{"1.000.2023 euros", ""},
		{"version 3.12.2 of 2020", ""},
	} {
		d, ok := ParseDate(c.in)
		got := ""
		if ok {
			got = d.Time.Format(time.RFC3339)
		}
		if got != c.want {
			t.Errorf("ParseDate(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

// Datelines of agencies in several scripts, and openings that look like them.
func TestDatelineOf(t *testing.T) {
	for _, c := range []struct{ in, agencies, rest string }{
		{"SEOUL, South Korea (AP) — A train has left.", "AP", "A train has left."},
		{"VLADIVOSTOK, Russia, April 26 (UPI) -- The leader left.", "UPI", "The leader left."},
		{"LONDON -- The train crossed the border.", "", "The train crossed the border."},
		{"(Reuters) - Shares fell on Monday.", "Reuters", "Shares fell on Monday."},
		{"WASHINGTON, Aug 22 (Reuters/AFP) - Talks began.", "Reuters AFP", "Talks began."},
		{"New Delhi [India], August 25 (ANI): The ministry said.", "ANI", "The ministry said."},
		{"Lindenau (dpa/lnw) - Der Rat tagt.", "", ""},
		{"Lindenau (dpa) - Der Rat hat getagt.", "dpa", "Der Rat hat getagt."},
		{"Valdemora, 12 sep (EFE).- El mercado abrió.", "EFE", "El mercado abrió."},
		{"МОСКВА, 25 авг — РИА Новости. Мост открыли.", "RIA Novosti", "Мост открыли."},
		{"新华社北京8月25日电 会议开幕。", "Xinhua", "会议开幕。"},
		{"【東京共同】会議が開かれた。", "Kyodo", "会議が開かれた。"},
		{"(서울=연합뉴스) 홍길동 기자 = 회의가 열렸다.", "Yonhap", "회의가 열렸다."},
		{"The minister (AP) said nothing.", "", ""},
		{"But then — and this matters — it rained.", "", ""},
		{"A man (45) was arrested.", "", ""},
		{"President Moon - The talks went on.", "", ""},
	} {
		d, ok := DatelineOf(c.in)
		rest := ""
		if ok {
			rest = c.in[d.Len:]
		}
		if got := strings.Join(d.Agencies, " "); ok && got != c.agencies || rest != c.rest {
			t.Errorf("DatelineOf(%q) = %q, %q; want %q, %q", c.in, got, rest, c.agencies, c.rest)
		}
	}
}

func TestBylineOf(t *testing.T) {
	for _, c := range []struct {
		in, names, agencies string
		ok                  bool
	}{
		{"By Jane Doe", "Jane Doe", "", true},
		{"By Jane Doe, The Associated Press", "Jane Doe, The Associated Press", "AP", true},
		{"By Yonhap News Agency | Updated April 26, 2019 at 3:43 PM", "Yonhap News Agency", "Yonhap", true},
		{"Von Jonas Kehrer", "Jonas Kehrer", "", true},
		{"Par Élodie Charvet", "Élodie Charvet", "", true},
		{"By the time the train left, the station was empty.", "", "", false},
		{"By Monday evening the water had gone down again.", "", "", false},
		{"Por la mañana llegaron los primeros barcos.", "", "", false},
		{"Von den vier Brücken steht nur noch eine.", "", "", false},
	} {
		s, ok := BylineOf(c.in)
		if ok != c.ok || s.Names != c.names || strings.Join(s.Agencies, " ") != c.agencies {
			t.Errorf("BylineOf(%q) = %q, %q, %v", c.in, s.Names, s.Agencies, ok)
		}
	}
}

func TestContributorOf(t *testing.T) {
	for _, c := range []struct {
		in, names, agencies string
		ok                  bool
	}{
		{"ABC News' Ellie Kaufman and Joohee Cho contributed to this story.", "Ellie Kaufman and Joohee Cho", "ABC News", true},
		{"Associated Press writers Jane Doe in Rome and John Roe in Bern contributed to this report.", "Jane Doe in Rome and John Roe in Bern", "AP", true},
		{"(Reporting by Jane Doe in Delhi; editing by John Roe)", "", "", true},
		{"With inputs from agencies", "", "", true},
		{"The lake, which farmers said had contributed to the flood, was drained by crews accredited by the state over the following three weeks, at a cost that nobody would put a figure to when asked about it.", "", "", false},
		{"\"He contributed to this war,\" she said.", "", "", false},
	} {
		s, ok := ContributorOf(c.in)
		if ok != c.ok || s.Names != c.names || strings.Join(s.Agencies, " ") != c.agencies {
			t.Errorf("ContributorOf(%q) = %q, %q, %v", c.in, s.Names, s.Agencies, ok)
		}
	}
}

func TestTrailingCredit(t *testing.T) {
	for _, c := range []struct{ in, rest, agencies string }{
		{"The road is open, he said. (ANI)", "The road is open, he said.", "ANI"},
		{"The road is open, he said. –IANS", "The road is open, he said.", "IANS"},
		{"“The road is open.” — AFP", "“The road is open.”", "AFP"},
		{"La route est ouverte. AFP", "La route est ouverte.", "AFP"},
		{"REUTERS", "", "Reuters"},
		{"AFP/dpa", "", "AFP dpa"},
		{"The road is open, he told Reuters.", "The road is open, he told Reuters.", ""},
		{"He joined the AP.", "He joined the AP.", ""},
		{"It rained. Then it snowed.", "It rained. Then it snowed.", ""},
	} {
		n, list := TrailingCredit(c.in)
		if c.in[:n] != c.rest || strings.Join(list, " ") != c.agencies {
			t.Errorf("TrailingCredit(%q) = %q, %q", c.in, c.in[:n], list)
		}
	}
}

func TestLabelOf(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Label
	}{
		{"Related", Stories}, {"RELATED:", Stories}, {"Print | E-mail | Share", Share}, {"Drucken · Merken", Share}, {"Print | Related", NoLabel}, {"|", NoLabel}, {"• Most read •", Stories}, {"Mehr zum Thema", Stories}, {"À lire aussi :", Stories},
		{"Lo más leído", Stories}, {"Leia também", Stories}, {"Читайте также:", Stories}, {"相关阅读", Stories}, {"関連記事", Stories}, {"アクセスランキング", Stories},
		{"많이 본 뉴스", Stories}, {"اقرأ أيضا", Stories}, {"Leggi anche", Stories}, {"Lees ook", Stories}, {"Czytaj także", Stories},
		{"Advertisement", Advert}, {"Anzeige", Advert}, {"Share this:", Share}, {"Subscribe", Prompt}, {"Comments (12)", Comments}, {"Tags", Tags},
		// Of three buttons or more one may be unknown; brackets divide as bars do.
		{"Print | E-mail | Size A A", Share}, {"Print | Related | Monday", NoLabel}, {"Версия для печати | Отправить другу | Шрифт", Share},
		{"【字号 大 中 小】【打印】【关闭】", Share}, {"[打印] [收藏]", Share}, {"[打印]", Share}, {"【打印】昨天下午", NoLabel},
		{"Related costs fell", NoLabel}, {"The ranking was published", NoLabel}, {"", NoLabel}, {"12", NoLabel},
	} {
		if got := LabelOf(c.in); got != c.want {
			t.Errorf("LabelOf(%q) = %d, want %d", c.in, got, c.want)
		}
	}
}

func TestCaptionOf(t *testing.T) {
	for _, c := range []struct {
		in   string
		want bool
	}{
		{"The leader waves from the train. Photo by KCNA/UPI", true},
		{"The leader waves. Photo by KCNA/UPI The leader walks. Photo by KCNA/UPI The leader speaks. Photo by Yonhap", true},
		{"FILE PHOTO: The pier in winter, before the storm tore it apart. REUTERS/Jane Doe", true},
		{"Der alte Schlachthof. Foto: Lena Obermann/dpa", true},
		{"(Photo: Dana Whitlock)", true},
		{"A Reuters/Ipsos poll released this week found that most people like piers.", false},
		{"She took a photo by the pier and walked home along the beach with her dog.", false},
		{"The image of the storm stayed with her. She wrote it down that night. She never showed it to anyone. Years later she burned it.", false},
	} {
		if got := CaptionOf(c.in); got != c.want {
			t.Errorf("CaptionOf(%q) = %v", c.in, got)
		}
	}
}

// Any bytes: no panic, no offset out of range, and every block is either kept
// in part or reported.
func FuzzClean(f *testing.F) {
	f.Add("Current:Home > NewsA pier is rebuilt -Farm\nA pier is rebuilt\nBy Jane Doe | Updated April 26, 2019 at 3:43 PM\nPORT (AP) — The pier is rebuilt, he said. (ANI)\nRelated\n- More: 12\n© 2020", "A pier")
	f.Add("【東京共同】会議が開かれた。\n新华社北京8月25日电 会议开幕。\n(서울=연합뉴스) 홍길동 기자 = 회의가 열렸다.", "")
	f.Add("İstanbul (\xff) — \xe3\x80", "\x80")
	f.Fuzz(func(t *testing.T, text, title string) {
		blocks := make([]Block, 0)
		for line := range strings.SplitSeq(text, "\n") {
			blocks = append(blocks, Block{Text: line})
			ParseDate(line)
			DatelineOf(line)
			BylineOf(line)
			ContributorOf(line)
			TrailingCredit(line)
			LabelOf(line)
			PromoOf(line)
			CaptionOf(line)
			AgencyOf(line)
		}
		r := Clean(blocks, Hints{Title: title})
		seen := make([]bool, len(blocks))
		for _, k := range r.Kept {
			if !strings.Contains(blocks[k.Block].Text, k.Text) {
				t.Fatalf("kept %q is no part of %q", k.Text, blocks[k.Block].Text)
			}
			seen[k.Block] = true
		}
		for _, m := range r.Removed {
			if m.Reason.String() == "" {
				t.Fatalf("removed %q without a reason", m.Text)
			}
			seen[m.Block] = true
		}
		for i, ok := range seen {
			if !ok && strings.TrimSpace(blocks[i].Text) != "" {
				t.Fatalf("block %d neither kept nor removed: %q", i, blocks[i].Text)
			}
		}
	})
}

// The choices of a form that a scraper flattened are one line as long as a
// paragraph. Prose is none, with however many names, and neither is a register
// that a sentence closes, nor a line in capitals.
func TestListing(t *testing.T) {
	many := func(s string, n int) string { return strings.TrimSpace(strings.Repeat(s+" ", n)) }
	const choice = "Norland, Kingdom of Suderia Lindenau, Free State of"
	for _, c := range []struct {
		in   string
		want bool
	}{
		{many(choice, 13), true},
		{many(choice, 5), false},
		{many("Mayor Ada Lund of Lindenau met Governor Carl Berg in Norland.", 12), false},
		{"With thanks to " + many(choice, 13) + " and all the others.", false},
		{strings.ToUpper(many(choice, 13)), false},
	} {
		if l := LineOf(c.in); listing(&l) != c.want {
			t.Errorf("%.60q of %d words: %v", c.in, l.Words, !c.want)
		}
	}
}

// A line's spaces of every kind become single and go at its ends, characters
// without width and controls go, C1 controls are read as windows-1252; all else
// stays as it is. Each case holds one such character, so that nothing but it can
// call for the change.
func TestTidy(t *testing.T) {
	for s, want := range map[string]string{
		"a b":           "a b",
		"a  b":          "a b",
		" a":            "a",
		"a ":            "a",
		"a\tb":          "a b",
		"a\x1fb":        "ab",
		"a\x7fb":        "ab",
		"a\u00a0b":      "a b",
		"a\u2000b":      "a b",
		"a\u200ab":      "a b",
		"a\u2028b":      "a b",
		"a\u2029b":      "a b",
		"a\u202fb":      "a b",
		"a\u205fb":      "a b",
		"a\u3000b":      "a b",
		"\u3000a":       "a",
		"a\u00a0":       "a",
		"a \u2009b":     "a b",
		"a\u2009 b":     "a b",
		"a\u200bb":      "ab",
		"a\u2060b":      "ab",
		"a\u00adb":      "ab",
		"a\ufeffb":      "ab",
		"a\u0080b":      "a€b",
		"a\u0092s":      "a’s",
		"a\u200cb":      "a\u200cb",
		"a\u200db":      "a\u200db",
		"a\u2010b":      "a\u2010b",
		"a\u2030b":      "a\u2030b",
		"a\u3001b":      "a\u3001b",
		"\u00e9t\u00e9": "\u00e9t\u00e9",
	} {
		if got := tidy(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

// All of a text is wrapped at a column if four lines of ten break off within a
// sentence, and two at least, or the only one that another follows. Short lines,
// those before an empty line and those before an indented one do not count; one
// line longer than the column can be decides against it.
func TestWrapped(t *testing.T) {
	const (
		full  = "The ferry to the island did not sail on Monday."  // 47 characters, ended
		off   = "the ferry to the island did not sail on a Monday" // 48, begins and ends within a sentence
		small = "and nobody knows why."
	)
	for _, c := range []struct {
		name   string
		raw    []string
		indent []int
		want   int
	}{
		{"the only line that breaks off", []string{off, small}, nil, 48},
		{"the only one ends", []string{full, small}, nil, 0},
		{"one of two", []string{off, off, "The end."}, nil, 0},
		{"two of three", []string{off, off, off, "The end."}, nil, 48},
		{"two of five", []string{full, full, full, off, off, small}, nil, 48},
		{"two of six", []string{full, full, full, full, off, off, small}, nil, 0},
		{"paragraphs parted", []string{off, small, "", off, small, "", full, "", full, "", full}, nil, 48},
		{"paragraphs indented", []string{off, small, full, full, full, off, small}, []int{2, 3, 4, 5}, 48},
		{"lines too short for a column", []string{small, small, small, small}, nil, 0},
		{"a line too long for one", []string{off, off, small, strings.Repeat("ferry ", 17)}, nil, 0},
	} {
		indent := make([]bool, len(c.raw))
		for _, i := range c.indent {
			indent[i] = true
		}
		if got := wrapped(c.raw, indent); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

// Letters of every script are letters to a line, of a case if the script has
// any; digits, marks and punctuation are told by Unicode's names.
func TestClass(t *testing.T) {
	for want, all := range map[uint8]string{
		cUpper:    "AÀÞŁΑЖЀԱ",
		cLower:    "zßÿłωяџა\u00aaա",
		cCaseless: "\u0620\u0627\u06cc\u06d5अ한\u05d0",
		cWide:     "漢かカ々ไກမក\U00020000",
		cDigit:    "09\u0660\u0669\u06f0\u06f9０９\u0966",
		cStop:     ".!?…。．！？\u06d4\u061f\u0964",
		cComma:    ",;、，\u060c\u061b",
		cSpace:    " \u00a0\u2009\u3000",
		cOther:    "\u060d\u0601×÷・",
	} {
		for _, r := range all {
			if got := class(r); got != want {
				t.Errorf("%q %U: %d, want %d", r, r, got, want)
			}
		}
	}
}
