package extract

import (
	"strings"
	"unicode/utf8"
)

// value is one JSON value. Strings are kept as they stand in the source,
// still escaped; numbers and literals are dropped but for their place.
type value struct {
	raw     string // of a string, without its quotes
	members []member
	items   []value
}

type member struct {
	key string
	value
}

// jsonDepth bounds the nesting of JSON-LD; deeper values are skipped.
const jsonDepth = 32

// jsonParser reads JSON leniently, as publishers write it: raw line breaks
// and tabs in strings, trailing commas, comments around the object, missing
// brackets at the end. It never fails; what cannot be read ends the value.
type jsonParser struct {
	s string
	i int
	n int // values read; bounds the work on hostile input
}

func parseJSON(s string) value {
	p := &jsonParser{s: s}
	for p.i < len(s) && s[p.i] != '{' && s[p.i] != '[' {
		p.i++
	}
	return p.value(0)
}

func (p *jsonParser) space() {
	for p.i < len(p.s) {
		switch p.s[p.i] {
		case ' ', '\t', '\n', '\r', ',', ';':
			p.i++
		default:
			return
		}
	}
}

func (p *jsonParser) value(depth int) (v value) {
	p.space()
	p.n++
	if p.i >= len(p.s) || depth > jsonDepth || p.n > 1<<16 {
		p.i = len(p.s)
		return v
	}
	switch p.s[p.i] {
	case '{':
		p.i++
		for {
			p.space()
			if p.i >= len(p.s) {
				return v
			}
			if p.s[p.i] == '}' {
				p.i++
				return v
			}
			if p.s[p.i] != '"' {
				if p.s[p.i] == ']' {
					return v
				}
				p.i++
				continue
			}
			key := p.string()
			p.space()
			if p.i < len(p.s) && p.s[p.i] == ':' {
				p.i++
				v.members = append(v.members, member{key, p.value(depth + 1)})
			}
		}
	case '[':
		p.i++
		for {
			p.space()
			if p.i >= len(p.s) {
				return v
			}
			if p.s[p.i] == ']' {
				p.i++
				return v
			}
			if p.s[p.i] == '}' {
				return v
			}
			v.items = append(v.items, p.value(depth+1))
		}
	case '"':
		v.raw = p.string()
		return v
	}
	start := p.i
	for p.i < len(p.s) && !strings.ContainsRune(",]}", rune(p.s[p.i])) {
		p.i++
	}
	if p.i == start {
		p.i++
		return v
	}
	v.raw = strings.TrimSpace(p.s[start:p.i])
	return v
}

func (p *jsonParser) string() string {
	p.i++
	start := p.i
	for p.i < len(p.s) {
		switch p.s[p.i] {
		case '\\':
			p.i += 2
			continue
		case '"':
			s := p.s[start:p.i]
			p.i++
			return s
		}
		p.i++
	}
	p.i = len(p.s)
	return p.s[min(start, len(p.s)):]
}

func (v *value) get(key string) *value {
	for i := range v.members {
		if v.members[i].key == key {
			return &v.members[i].value
		}
	}
	return nil
}

// text is the string of a value, of its first item, or of its name or @value.
func (v *value) text() string {
	for range 8 {
		switch {
		case v == nil:
			return ""
		case v.raw != "":
			return unescapeJSON(v.raw)
		case len(v.items) > 0:
			v = &v.items[0]
		default:
			n := v.get("name")
			if n == nil {
				n = v.get("@value")
			}
			if n == nil {
				n = v.get("@id")
			}
			v = n
		}
	}
	return ""
}

func unescapeJSON(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b = append(b, s[i])
			continue
		}
		i++
		switch s[i] {
		case 'n', 'r', 't', 'b', 'f':
			b = append(b, ' ')
		case 'u':
			r, n := hex4(s[i+1:])
			if n == 0 {
				continue
			}
			i += n
			if r >= 0xD800 && r < 0xDC00 && strings.HasPrefix(s[i+1:], `\u`) {
				if low, m := hex4(s[i+3:]); m > 0 && low >= 0xDC00 && low < 0xE000 {
					r = 0x10000 + (r-0xD800)<<10 + (low - 0xDC00)
					i += 2 + m
				}
			}
			b = utf8.AppendRune(b, r)
		default:
			b = append(b, s[i])
		}
	}
	return string(b)
}

func hex4(s string) (rune, int) {
	if len(s) < 4 {
		return 0, 0
	}
	var r rune
	for i := range 4 {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, 0
		}
		r = r<<4 | rune(c)
	}
	return r, 4
}

// linked is what a page's JSON-LD says of its article.
type linked struct {
	found     bool
	Headline  string
	Published string
	Modified  string
	Author    string
	Publisher string
	Lang      string
	URL       string
	Body      string
	Summary   string
	siteName  string
}

// isArticleType reports a schema.org type of an article, alone or among others.
func isArticleType(v *value) bool {
	if v == nil {
		return false
	}
	if len(v.items) > 0 {
		for i := range v.items {
			if isArticleType(&v.items[i]) {
				return true
			}
		}
		return false
	}
	t := v.raw
	if i := strings.LastIndexAny(t, "/:#"); i >= 0 {
		t = t[i+1:]
	}
	return strings.HasSuffix(t, "Article") || strings.HasSuffix(t, "Posting") || t == "Report" || t == "Review"
}

// read finds the article in a JSON-LD value: the value itself, an item
// of an array, of @graph, or of mainEntity.
func (l *linked) read(v *value, depth int) {
	if depth > 6 {
		return
	}
	for i := range v.items {
		l.read(&v.items[i], depth+1)
	}
	if len(v.members) == 0 {
		return
	}
	t := v.get("@type")
	if isArticleType(t) {
		if !l.found {
			l.found = true
			l.Headline = v.get("headline").text()
			if l.Headline == "" {
				l.Headline = v.get("name").text()
			}
			l.Published = v.get("datePublished").text()
			l.Modified = v.get("dateModified").text()
			if l.Published == "" {
				l.Published = v.get("dateCreated").text()
			}
			l.Author = names(v.get("author"))
			l.Publisher = v.get("publisher").text()
			l.Lang = v.get("inLanguage").text()
			l.URL = v.get("url").text()
			if l.URL == "" {
				l.URL = v.get("mainEntityOfPage").text()
			}
			l.Body = v.get("articleBody").text()
			l.Summary = v.get("description").text()
		}
	} else if t != nil && (t.raw == "WebSite" || strings.HasSuffix(t.raw, "Organization")) && l.siteName == "" {
		l.siteName = v.get("name").text()
	}
	for _, k := range [...]string{"@graph", "mainEntity", "mainEntityOfPage", "hasPart"} {
		if c := v.get(k); c != nil && (len(c.members) > 0 || len(c.items) > 0) {
			l.read(c, depth+1)
		}
	}
}

// names joins the names of one or more persons.
func names(v *value) string {
	if v == nil {
		return ""
	}
	if len(v.items) == 0 {
		return v.text()
	}
	var out []string
	for i := range v.items {
		if s := strings.TrimSpace(v.items[i].text()); s != "" {
			out = append(out, s)
		}
		if len(out) == 8 {
			break
		}
	}
	return strings.Join(out, ", ")
}
