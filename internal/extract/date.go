package extract

import (
	"strings"
	"time"

	"github.com/newsdedup/newsdedup/internal/chrome"
)

// parseTime reads a machine-readable date: ISO 8601 and RFC 3339 with any part
// of the time missing, blanks for the T, the zone as Z, ±hh, ±hhmm or ±hh:mm,
// and seconds or milliseconds since 1970. Other forms go to chrome.ParseDate.
// Without a zone the time is taken as UTC. Years outside 1990 to 2199 are no
// dates of articles.
func parseTime(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if len(s) < 8 || len(s) > 120 {
		return time.Time{}, false
	}
	if t, ok := isoTime(s); ok {
		return t, t.Year() >= 1990 && t.Year() < 2200
	}
	if n := digits(s, len(s)); (n == 10 || n == 13) && n == len(s) {
		v := int64(0)
		for i := range n {
			v = v*10 + int64(s[i]-'0')
		}
		if n == 13 {
			v /= 1000
		}
		t := time.Unix(v, 0).UTC()
		return t, t.Year() >= 1990 && t.Year() < 2200
	}
	if d, ok := chrome.ParseDate(s); ok {
		return d.Time, d.Time.Year() >= 1990
	}
	return time.Time{}, false
}

func digits(s string, limit int) int {
	n := 0
	for n < len(s) && n < limit && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

func atoi(s string) int {
	v := 0
	for i := range len(s) {
		v = v*10 + int(s[i]-'0')
	}
	return v
}

func isoTime(s string) (time.Time, bool) {
	if digits(s, 5) != 4 {
		if digits(s, 9) != 8 {
			return time.Time{}, false
		}
		s = s[:4] + "-" + s[4:6] + "-" + s[6:]
	}
	year := atoi(s[:4])
	if s[4] != '-' && s[4] != '/' && s[4] != '.' {
		return time.Time{}, false
	}
	rest := s[5:]
	n := digits(rest, 2)
	if n == 0 || n >= len(rest) || rest[n] != s[4] {
		return time.Time{}, false
	}
	month := atoi(rest[:n])
	rest = rest[n+1:]
	n = digits(rest, 2)
	if n == 0 {
		return time.Time{}, false
	}
	day := atoi(rest[:n])
	rest = rest[n:]
	if month < 1 || month > 12 || day < 1 || day > 31 {
		return time.Time{}, false
	}
	var h, m, sec int
	loc := time.UTC
	rest = strings.TrimLeft(rest, "T t")
	if n = digits(rest, 2); n > 0 && n < len(rest) && rest[n] == ':' {
		h = atoi(rest[:n])
		rest = rest[n+1:]
		n = digits(rest, 2)
		m = atoi(rest[:n])
		rest = rest[n:]
		if len(rest) > 2 && rest[0] == ':' {
			n = digits(rest[1:], 2)
			sec = atoi(rest[1 : 1+n])
			rest = rest[1+n:]
			if len(rest) > 1 && (rest[0] == '.' || rest[0] == ',') {
				rest = rest[1+digits(rest[1:], 12):]
			}
		}
		if h > 24 || m > 59 || sec > 60 {
			return time.Time{}, false
		}
		rest = strings.TrimLeft(rest, " ")
		if len(rest) >= 3 && (rest[0] == '+' || rest[0] == '-') && digits(rest[1:], 4) >= 2 {
			z := rest[1:]
			off := atoi(z[:2]) * 3600
			z = strings.TrimPrefix(z[2:], ":")
			if digits(z, 2) == 2 {
				off += atoi(z[:2]) * 60
			}
			if rest[0] == '-' {
				off = -off
			}
			if off != 0 && off > -15*3600 && off < 15*3600 {
				loc = time.FixedZone("", off)
			}
		}
	}
	return time.Date(year, time.Month(month), day, h, m, sec, 0, loc), true
}

// shownDate looks for a date in the blocks around the headline: between it and
// the text, in the eight blocks before it, the nearest first, and in the twelve
// behind it; not in comments.
func (p *page) shownDate(title int32) time.Time {
	at := func(i int32) time.Time {
		b := &p.blocks[i]
		if b.end-b.start > 160 || b.digits < 4 || b.remark || p.elems[b.elem].under&(roleRelated|roleOther|roleComment|roleAside|roleNav) != 0 {
			return time.Time{}
		}
		if d, ok := chrome.ParseDate(p.view(b)); ok && d.Time.Year() >= 1990 {
			return d.Time
		}
		return time.Time{}
	}
	end := min(int32(len(p.blocks)), title+12)
	text := title
	for ; text < end && !p.blocks[text].prose; text++ {
		if t := at(text); !t.IsZero() {
			return t
		}
	}
	for i := title - 1; i >= max(0, title-8); i-- {
		if t := at(i); !t.IsZero() {
			return t
		}
	}
	for ; text < end; text++ {
		if t := at(text); !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

// published finds when the article appeared. In order: JSON-LD, the meta
// names and properties of publication dates, <time> with a datetime and a
// mark of publication, a date in the blocks around the headline, the first
// <time> of the page, a date in the address, a date of modification. The zero
// time: none is known.
func (p *page) published(addr string, title int32) time.Time {
	m := p.meta
	try := func(s string) (time.Time, bool) {
		if s == "" {
			return time.Time{}, false
		}
		return parseTime(s)
	}
	if t, ok := try(m.ld.Published); ok {
		return t
	}
	for _, k := range [...]string{
		"article:published_time", "og:article:published_time", "datepublished", "article:published", "og:published_time", "published_time", "parsely-pub-date",
		"sailthru.date", "dc.date.issued", "dcterms.created", "dc.date.created", "dc.date", "dcterms.date", "date.created", "pubdate", "publishdate", "publish-date", "publish_date",
		"publication_date", "published", "rnews:datepublished", "article.published", "datecreated", "date", "dc.terms.created", "iso-8601-publish-date", "last-modified",
	} {
		if t, ok := try(m.content[k]); ok {
			return t
		}
	}
	for _, n := range m.times {
		mark := strings.ToLower(attr(n, "itemprop") + " " + attr(n, "class"))
		_, pub := hasAttr(n, "pubdate")
		if pub || strings.Contains(mark, "publish") || strings.Contains(mark, "created") || strings.Contains(mark, "posted") {
			if t, ok := try(attr(n, "datetime")); ok {
				return t
			}
		}
	}
	if t := p.shownDate(title); !t.IsZero() {
		return t
	}
	for _, n := range m.times {
		if t, ok := try(attr(n, "datetime")); ok {
			return t
		}
	}
	for i := 0; i+10 <= len(addr); i++ {
		// …/2011/06/04/… or …/2011-06-04…
		if addr[i] == '/' && digits(addr[i+1:], 5) == 4 && (addr[i+5] == '/' || addr[i+5] == '-') {
			if t, ok := isoTime(addr[i+1:]); ok && t.Year() >= 1990 && t.Year() < 2200 {
				return t
			}
		}
	}
	if t, ok := try(m.ld.Modified); ok {
		return t
	}
	t, _ := try(m.content["article:modified_time"])
	return t
}
