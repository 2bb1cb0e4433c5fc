package extract

import (
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// Class names speak by their words, but not the names of style utilities, of
// topics, nor identifiers that merely begin with the letters of a word.
func TestClassWords(t *testing.T) {
	for _, c := range []struct {
		name string
		want role
	}{
		{"related-articles", roleRelated},
		{"relatedStories", roleRelated},
		{"comment15", roleComment},
		{"story-body__newsletter--wide", roleBody | roleNotice},
		{"article-body", roleBody},
		{"md:hidden lg:[&_nav]:x", 0},
		{"no-footer has-sidebar is-related", 0},
		{"category-newsletter tag-video", 0},
		{"ad6ed79d-88fd", 0},
		{"adventure loads download", 0},
		{"site-footer", roleFoot},
		{"", 0},
		{"---", 0},
		{strings.Repeat("nav", 100), 0},
	} {
		if got := classWords(c.name); got != c.want {
			t.Errorf("%q: %b, want %b", c.name, got, c.want)
		}
	}
}

// JSON-LD is read as publishers write it: in graphs and arrays, with several
// types, raw line breaks, trailing commas, a missing end.
func TestLinked(t *testing.T) {
	for _, c := range []struct{ name, in, headline, author, published string }{
		{"plain", `{"@type":"NewsArticle","headline":"A","author":{"name":"B"},"datePublished":"2020-01-02"}`, "A", "B", "2020-01-02"},
		{"graph", `{"@graph":[{"@type":"WebSite","name":"S"},{"@type":["Thing","BlogPosting"],"headline":"A","author":["B",{"name":"C"}]}]}`, "A", "B, C", ""},
		{"array", `[{"@type":"BreadcrumbList"},{"@type":"http://schema.org/Article","name":"A"}]`, "A", "", ""},
		{"main entity", `{"@type":"WebPage","mainEntity":{"@type":"ReportageNewsArticle","headline":"A"}}`, "A", "", ""},
		{"broken lines", "{\"@type\":\"Article\",\"description\":\"a\nb\",\"headline\":\"A\",}", "A", "", ""},
		{"cut off", `{"@type":"Article","headline":"A","author":{"name":"B`, "A", "B", ""},
		{"escapes", `{"@type":"Article","headline":"\u00c4 \"\ud83d\ude00\" \/ \ud83d"}`, "Ä \"😀\" / �", "", ""},
		{"other", `{"@type":"Product","name":"A"}`, "", "", ""},
		{"noise", `<!-- {"@type":"Article","headline":"A"} -->`, "A", "", ""},
		{"nothing", ``, "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := parseJSON(c.in)
			var l linked
			l.read(&v, 0)
			if l.Headline != c.headline || l.Author != c.author || l.Published != c.published {
				t.Errorf("headline %q, author %q, published %q", l.Headline, l.Author, l.Published)
			}
		})
	}
}

// Hostile JSON ends: nesting and size are bounded.
func TestJSONBounds(t *testing.T) {
	for _, in := range []string{strings.Repeat("[", 1<<20), strings.Repeat(`{"a":`, 1<<18), "[" + strings.Repeat("1,", 1<<20), `{"a" "b" "c"`, `{"a":]}`, `[}`, `"`, `{"\`} {
		parseJSON(in)
	}
}

func TestParseTime(t *testing.T) {
	plus1 := time.FixedZone("", 3600)
	for _, c := range []struct {
		in   string
		want time.Time
	}{
		{"2024-03-12T18:05:00+01:00", time.Date(2024, 3, 12, 18, 5, 0, 0, plus1)},
		{"2024-03-12T18:05:00.123+0100", time.Date(2024, 3, 12, 18, 5, 0, 0, plus1)},
		{"2024-03-12 18:05:00 +01", time.Date(2024, 3, 12, 18, 5, 0, 0, plus1)},
		{"2024-03-12T18:05Z", time.Date(2024, 3, 12, 18, 5, 0, 0, time.UTC)},
		{"2024-3-2", time.Date(2024, 3, 2, 0, 0, 0, 0, time.UTC)},
		{"20240312T1805", time.Date(2024, 3, 12, 0, 0, 0, 0, time.UTC)},
		{"1710263100", time.Date(2024, 3, 12, 17, 5, 0, 0, time.UTC)},
		{"1710263100000", time.Date(2024, 3, 12, 17, 5, 0, 0, time.UTC)},
		{"12 March 2024", time.Date(2024, 3, 12, 0, 0, 0, 0, time.UTC)},
	} {
		got, ok := parseTime(c.in)
		if !ok || !got.Equal(c.want) {
			t.Errorf("%q: %v %v, want %v", c.in, got, ok, c.want)
		}
	}
	for _, in := range []string{"", "yesterday", "2024-13-01", "0001-01-01T00:00:00Z", "12345678901234567890", "2024-"} {
		if got, ok := parseTime(in); ok {
			t.Errorf("%q: %v, want none", in, got)
		}
	}
}

// The site's name goes from the ends of a <title>; what merely looks like a
// separator stays.
func TestCutSite(t *testing.T) {
	sites := []string{"Saltmarsh Courier", "@saltmarsh"}
	for in, want := range map[string]string{
		"Pier closes | Saltmarsh Courier":            "Pier closes",
		"Saltmarsh Courier: Pier closes":             "Pier closes",
		"Pier closes - News - Saltmarsh Courier":     "Pier closes - News",
		"Saltmarsh Courier Books: Pier closes":       "Saltmarsh Courier Books: Pier closes",
		"Pier closes | Saltmarsh Courier Books":      "Pier closes",
		"Ferry 2 - 1 Bus":                            "Ferry 2 - 1 Bus",
		"Why the Saltmarsh Courier still has a tide": "Why the Saltmarsh Courier still has a tide",
		"Saltmarsh Courier":                          "Saltmarsh Courier",
	} {
		if got := cutSite(in, sites); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// A part of <title> names the site if it is its name, begins with it and adds
// little, is part of a longer name, or holds one among few other letters.
func TestNamesSite(t *testing.T) {
	sites := []string{"Saltmarsh Courier", "Tide Post", "BBQ", "NL", "N"}
	for part, want := range map[string]bool{
		"saltmarsh courier":                     true,
		"NL":                                    true,
		"Saltmarsh":                             true,
		"Sal":                                   false,
		"BBQ Today":                             true,
		"BBQs and harbours":                     false,
		"Today BBQ":                             false,
		"BBQ opens a branch in our old harbour": false,
		"The Saltmarsh Courier Online":          true,
		"Tide Post wins a prize":                true,
		"Tide Post wins a prize for what it says of the sea": false,
		"N":      false,
		"NL One": false,
		"":       true,
		"Pier":   false,
	} {
		if got := namesSite(part, sites); got != want {
			t.Errorf("%q: %v, want %v", part, got, want)
		}
	}
}

// The page names its story in up to five places, and they differ. Which of them
// is the title follows the rules of headline.
func TestHeadline(t *testing.T) {
	const text = `<p>The council has said that the pier will be closed for two years, and that the ferry leaves from the fish dock until then.</p>` +
		`<p>Passengers who bought tickets for the pier get their money back, a spokeswoman said, but they have to ask for it in writing.</p>`
	for _, c := range []struct{ name, head, body, want string }{
		{"shared before shown", `<meta property="og:title" content="Pier shut until 2027">`, `<h1>No more trains to the end of the pier</h1>`, "Pier shut until 2027"},
		{"as the page spells it", `<meta property="og:title" content="'Pier' shut until 2027">`, `<h1>‘Pier’ shut until 2027</h1>`, "‘Pier’ shut until 2027"},
		{"a section behind it", `<meta property="og:title" content="Pier shut until 2027 | Transport">`, `<h1>Pier shut until 2027</h1>`, "Pier shut until 2027"},
		{"a section before it", `<meta property="og:title" content="Transport | Pier shut until 2027">`, `<h1>Pier shut until 2027</h1>`, "Pier shut until 2027"},
		{"what JSON-LD has as well", `<meta property="og:title" content="Pier shut until 2027 - what we know"><script type="application/ld+json">{"@type":"NewsArticle","headline":"Pier shut until 2027 - what we know"}</script>`,
			`<h1>Pier shut until 2027</h1>`, "Pier shut until 2027 - what we know"},
		{"the text of a link", `<meta property="og:title" content="No more trains to Sandhaven | The Tern"><meta property="og:site_name" content="The Tern">`, `<h1>Pier shut until 2027</h1>`, "Pier shut until 2027"},
		{"the text of a link, nothing shown", `<meta property="og:title" content="Pier shut until 2027 | The Tern"><meta property="og:site_name" content="The Tern">`, ``, "Pier shut until 2027"},
		{"the site's name shared", `<meta property="og:title" content="The Tern"><meta property="og:site_name" content="The Tern"><title>Pier shut until 2027</title>`, `<h1>Pier shut until 2027</h1>`, "Pier shut until 2027"},
		{"no metadata", `<title>The Tern, news of the coast</title>`, `<h1>The Tern</h1><h1>Pier shut until 2027</h1>`, "Pier shut until 2027"},
		{"a side bar's heading", `<title>Pier shut</title>`, `<h2>Pier shut until 2027</h2><div class="sidebar"><h1>Weather at the coast today</h1></div>`, "Pier shut"},
		{"no heading", `<title>Pier shut until 2027 - The Tern</title><meta property="og:site_name" content="The Tern">`, ``, "Pier shut until 2027"},
	} {
		t.Run(c.name, func(t *testing.T) {
			page := "<html><head>" + c.head + "</head><body><article>" + c.body + text + "</article></body></html>"
			if got := Extract([]byte(page), Options{}).Title; got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// A page that holds nothing but a menu of places is no article; a short notice,
// and a list that a sentence explains, are.
func TestListing(t *testing.T) {
	var places strings.Builder
	for _, s := range strings.Fields("Aldan Brack Corve Dunmore Erroll Farrow Garth Holm Inch Jura Kell Larne Marram Ness Orfo Pease Quay Rona Sark Tarn Ulva Vale Wex Yarm") {
		places.WriteString("<div>" + s + "</div>")
	}
	for _, c := range []struct {
		page  string
		empty bool
	}{
		{"<h1>Choose your region</h1>" + places.String(), true},
		{"<h1>Ferries</h1><p>Ferries call at these places until October.</p>" + places.String(), false},
		{"<h1>Ferry cancelled</h1><div>No ferry today</div>", false},
	} {
		if got := Extract([]byte("<body>"+c.page+"</body>"), Options{}).Text; (got == "") != c.empty {
			t.Errorf("%.60s: %q", c.page, got)
		}
	}
}

// A declared language stands unless the text speaks clearly against it.
func TestLangOf(t *testing.T) {
	const (
		english = "The council has said that the pier will be closed for two years and that the ferry leaves from the fish dock with the bus."
		german  = "Der Rat hat beschlossen, dass die Mole für zwei Jahre geschlossen wird und die Fähre nicht mehr von dort ablegt, sondern vom Kai."
	)
	for _, c := range []struct{ text, declared, want string }{
		{english, "", "en"},
		{german, "", "de"},
		{german, "en", "de"},
		{english, "en", "en"},
		{"Ka mate, ka mate! ka ora! ka ora! Tenei te tangata puhuruhuru", "mi", "mi"},
		{"港町の灯台が、四月から一般に公開されることになった。内部に入れるのは七十年ぶりだという。", "en", "ja"},
		{"港口的灯塔将于四月起向公众开放。这是七十年来首次允许游客进入内部参观。", "", "zh"},
		{"Паром, который латали с осени, пришёл к причалу на рассвете, и это был праздник для всех.", "en", "ru"},
		{"أعلنت البلدية إعادة افتتاح السوق القديم بعد ثلاث سنوات من أعمال الترميم", "fa", "fa"},
		{"항구의 등대가 사월부터 일반에 공개된다고 시가 화요일에 밝혔다", "en", "ko"},
		{"short", "pt", "pt"},
	} {
		if got := langOf(c.text, c.declared); got != c.want {
			t.Errorf("%.30q declared %q: %q, want %q", c.text, c.declared, got, c.want)
		}
	}
	for in, want := range map[string]string{"pt-BR": "pt", "EN_us": "en", "nb-NO": "no", "x": "", "english": "", "": ""} {
		if got := primary(in); got != want {
			t.Errorf("primary(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestDecode(t *testing.T) {
	for _, c := range []struct{ name, in, contentType, want string }{
		{"mark", "\xef\xbb\xbfa", "", "a"},
		{"declared otherwise", `<meta charset="iso-8859-1">é`, "text/html; charset=latin1", `<meta charset="iso-8859-1">é`},
		{"header", "\xe9t\xe9", "text/html; charset=iso-8859-1", "été"},
		{"meta", "<meta charset=windows-1251>\xcc\xe8\xf0", "", "<meta charset=windows-1251>Мир"},
		{"UTF-16", "\xff\xfea\x00", "", "a"},
		{"misread on its way", "<p>fÃ¼r Ã„rztinnen, mÃ¼de", "text/html; charset=utf-8", "<p>für Ärztinnen, müde"},
		{"truncated", "ab\xe3\x81", "text/html; charset=utf-8", "ab�"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := string(Decode([]byte(c.in), c.contentType)); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// The walk visits every text that a recursive one does, block by block.
func TestWalk(t *testing.T) {
	const page = `<body>a<p>b <b>c</b>d<br>e<br><br>f</p><div>g<span>h</span><script>no</script><ul><li>i<li>j <a href=x>k</a></ul>l</div><div hidden>m</div></body>`
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	w := &walker{roles: map[string]role{}, meta: &meta{}}
	w.walk(root)
	var got []string
	for i := range w.blocks {
		got = append(got, string(w.text[w.blocks[i].start:w.blocks[i].end]))
	}
	if want := "a|b cd\ne|f|gh|i|j k|l|m"; strings.Join(got, "|") != want {
		t.Errorf("%q, want %q", strings.Join(got, "|"), want)
	}
	if b := w.blocks[5]; b.links != 1 || b.units != 2 {
		t.Errorf("links %v of %v", b.links, b.units)
	}
	for i := range w.elems {
		e := &w.elems[i]
		if e.parent >= int32(i) || e.end <= int32(i) || e.first > e.last {
			t.Errorf("element %d: parent %d, end %d, blocks %d to %d", i, e.parent, e.end, e.first, e.last)
		}
	}
}

// A <br> behind a line all in bold type or all link parts blocks as two do; what
// ends a sentence counts for the block that it stands in, in scripts without
// spaces as well.
func TestWalkBreaks(t *testing.T) {
	const page = `<body><b>head</b><br>text, <b>bold</b><br>more.<br><br>一句，二句。三句。<br><br>四句。<br><a href=x>link</a><br><a href=x>link</a><br>said</body>`
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	w := &walker{roles: map[string]role{}, meta: &meta{}}
	w.walk(root)
	type counts struct {
		text          string
		stops, commas int16
	}
	var got []counts
	for i := range w.blocks {
		b := &w.blocks[i]
		got = append(got, counts{string(w.text[b.start:b.end]), b.stops, b.commas})
	}
	want := []counts{{"head", 0, 0}, {"text, bold\nmore.", 1, 1}, {"一句，二句。三句。", 2, 1}, {"四句。\nlink\nlink\nsaid", 1, 0}}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// A line that tells when: a time, an age, a day in digits.
func TestDated(t *testing.T) {
	for s, want := range map[string]bool{
		"Ada 12.03.2010":        true,
		"Ada, 2010-03-12":       true,
		"Ada at 9:05":           true,
		"Ada, 3 hours ago":      true,
		"竹影　2011-03-08 09:55":   true,
		"3 to 1 in the 90th":    false,
		"1.200.000.000 crowns":  true, // three groups of digits: who looks at it asks for more
		"12345.67.89":           false,
		"the crew of the Ada":   false,
		"10-20 boats and 30-40": false,
	} {
		if got := dated(s); got != want {
			t.Errorf("%q: %v", s, got)
		}
	}
}

// Pages made to be slow stay quick: the work is bounded by their size.
func TestHostile(t *testing.T) {
	for name, page := range map[string]string{
		"siblings": strings.Repeat(`<div class="a"><h3><a href=x>A headline of some length</a></h3><p>A sentence, and one more.</p></div>`, 5000),
		"classes":  strings.Repeat(`<p class="related comment nav x y z">a`, 5000),
		"open":     strings.Repeat("<a><b><i><font>", 5000),
		"dated":    "<ul>" + strings.Repeat("<li>2 hours ago", 40000),
		"signed":   strings.Repeat("<p>A sentence of the story, and one more.</p>", 100) + strings.Repeat("<p>Ada Lund 12.10.2020 12:30<br>I think so</p>", 20000),
		"deep":     strings.Repeat("<div>", 5000) + "A sentence that stands very deep in this page.",
		"tables":   strings.Repeat("<table><td>", 2000),
		"titles":   "<title>" + strings.Repeat("a | ", 1000) + "</title>" + strings.Repeat("<h1>a a a a</h1>", 5000),
		"json":     `<script type="application/ld+json">` + strings.Repeat(`{"@graph":[`, 5000) + "</script><p>a",
	} {
		t.Run(name, func(t *testing.T) { Extract([]byte(page), Options{Removed: true}) })
	}
}
