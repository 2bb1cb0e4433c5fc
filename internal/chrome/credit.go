package chrome

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// agencies maps the folded names under which texts credit a news agency to
// its canonical name. Names that are also common words ("ap", "pa", "epa",
// "ani" …) count only where a credit stands: in a dateline, in brackets, or
// alone on a line.
var agencies = map[string]string{
	"ap": "AP", "associated press": "AP", "the associated press": "AP",
	"reuters": "Reuters", "reuter": "Reuters", "thomson reuters": "Reuters", "рейтер": "Reuters", "ロイター": "Reuters", "路透社": "Reuters", "路透": "Reuters", "رويترز": "Reuters", "로이터": "Reuters",
	"afp": "AFP", "agence france presse": "AFP", "agencefrance presse": "AFP", "法新社": "AFP", "أ ف ب": "AFP",
	"dpa": "dpa", "deutsche presse agentur": "dpa", "dpa afx": "dpa-AFX",
	"upi": "UPI", "united press international": "UPI",
	"yonhap": "Yonhap", "yonhap news agency": "Yonhap", "yonhap news": "Yonhap", "연합뉴스": "Yonhap", "聯合ニュース": "Yonhap", "韩联社": "Yonhap", "韓聯社": "Yonhap",
	"newsis": "Newsis", "뉴시스": "Newsis",
	"ani": "ANI", "asian news international": "ANI",
	"ians": "IANS", "indo asian news service": "IANS",
	"pti": "PTI", "press trust of india": "PTI", "uni": "UNI",
	"xinhua": "Xinhua", "xinhua news agency": "Xinhua", "新华社": "Xinhua", "新華社": "Xinhua", "新华网": "Xinhua",
	"中新社": "CNS", "中新网": "CNS", "中央社": "CNA", "cna": "CNA",
	"tass": "TASS", "itar tass": "TASS", "тасс": "TASS", "итар тасс": "TASS",
	"ria novosti": "RIA Novosti", "риа новости": "RIA Novosti", "ria": "RIA Novosti", "interfax": "Interfax", "интерфакс": "Interfax", "укринформ": "Ukrinform", "ukrinform": "Ukrinform",
	"kyodo": "Kyodo", "kyodo news": "Kyodo", "共同": "Kyodo", "共同通信": "Kyodo", "共同社": "Kyodo",
	"jiji": "Jiji", "jiji press": "Jiji", "時事": "Jiji", "時事通信": "Jiji",
	"efe": "EFE", "agencia efe": "EFE", "europa press": "Europa Press", "notimex": "Notimex", "télam": "Télam",
	"ansa": "ANSA", "adnkronos": "Adnkronos", "agi": "AGI", "lapresse": "LaPresse",
	"pap": "PAP", "apa": "APA", "sda": "Keystone-SDA", "keystone sda": "Keystone-SDA", "ats": "Keystone-SDA", "belga": "Belga", "anp": "ANP", "lusa": "Lusa", "agência lusa": "Lusa", "agência brasil": "Agência Brasil", "estadão conteúdo": "Estadão Conteúdo", "folhapress": "Folhapress",
	"tt": "TT", "ntb": "NTB", "ritzau": "Ritzau", "stt": "STT", "sid": "SID", "dapd": "dapd", "ddp": "ddp", "epd": "epd", "kna": "KNA",
	"pa": "PA", "press association": "PA", "pa media": "PA", "aap": "AAP", "australian associated press": "AAP", "canadian press": "CP", "the canadian press": "CP",
	"anadolu": "Anadolu", "anadolu agency": "Anadolu", "aa": "Anadolu", "irna": "IRNA", "wafa": "WAFA", "sana": "SANA", "spa": "SPA", "wam": "WAM", "kuna": "KUNA", "mena": "MENA", "petra": "Petra", "antara": "Antara", "bernama": "Bernama", "vna": "VNA", "kcna": "KCNA", "app": "APP", "unb": "UNB", "bss": "BSS", "nan": "NAN", "bloomberg": "Bloomberg", "tns": "TNS", "tribune news service": "TNS", "cnn": "CNN", "the new york times": "New York Times", "washington post": "Washington Post",
}

// AgencyOf returns the canonical name of the agency that s names, brackets,
// dashes, copyright signs and the word "News" aside; "" if it names none.
func AgencyOf(s string) string {
	if len(s) > 64 {
		return ""
	}
	var buf [192]byte
	return agencies[string(foldLabel(buf[:0], s))]
}

// agencyList reads "AFP", "AP/Reuters", "dpa, AFP", "AFP=時事", "with AFP". It
// reports whether every part of s names an agency; those found are appended.
func agencyList(dst []string, s string) ([]string, bool) {
	n := len(dst)
	start := 0
	for i := 0; i <= len(s); {
		r, w := rune(-1), 1
		if i < len(s) {
			r, w = utf8.DecodeRuneInString(s[i:])
		}
		switch r {
		case -1, '/', ',', '=', ';', '&', '+', '、', '・', '|':
			part := trimCredit(s[start:i])
			if part != "" {
				a := AgencyOf(part)
				if a == "" {
					return dst[:n], false
				}
				if !slices.Contains(dst, a) {
					dst = append(dst, a)
				}
			}
			start = i + w
		}
		i += w
	}
	return dst, len(dst) > n
}

// trimCredit cuts the words that introduce or follow an agency's name.
func trimCredit(s string) string {
	s = strings.Trim(s, " \t.()[]{}*–—-_©:·•«»\"“”/|　（）【】")
	for {
		t := s
		for _, p := range [...]string{"with ", "and ", "by ", "from ", "via ", "von ", "mit ", "und ", "avec ", "et ", "con ", "e ", "y ", "com ", "Source: ", "source: ", "Source ", "Quelle: ", "Fuente: ", "Fonte: ", "Источник: ", "Copyright ", "Agency ", "agencies "} {
			t = strings.TrimPrefix(t, p)
		}
		t = strings.Trim(t, " \t.()[]–—-©:")
		if t == s {
			return s
		}
		s = t
	}
}

// Place is a dateline: the place, date and agency that open a story.
type Place struct {
	Place    string
	Agencies []string // canonical names
	Date     Date     // zero unless the dateline tells day, month and year
	Len      int      // bytes of the dateline with the dash and space behind it
}

// DatelineOf reads the dateline that a paragraph begins with:
//
//	SEOUL, South Korea (AP) — …      VLADIVOSTOK, Russia, April 26 (UPI) -- …
//	(Reuters) - …                    Berlin (dpa) - …
//	NEW DELHI: Aug 25 (ANI): …       МОСКВА, 25 авг — РИА Новости. …
//	【東京共同】…                      (서울=연합뉴스) …
//	LONDON -- …                      新华社北京8月25日电 …
//
// A dateline names an agency, or is a place in capitals before a dash, or a
// place with a day and month before a dash or colon. It is at most 90 bytes
// long and text must follow it.
func DatelineOf(s string) (Place, bool) {
	if len(s) < 12 {
		return Place{}, false
	}
	if p, ok := wideDateline(s); ok {
		return p, true
	}
	limit := min(len(s), 90)
	// The first bracket within the limit that names an agency.
	depthEnd := -1
	for i := 0; i < limit; i++ {
		switch s[i] {
		case '(':
			e := strings.IndexByte(s[i:], ')')
			if e < 0 || i+e > limit+40 {
				return dashDateline(s, limit)
			}
			list, ok := agencyList(nil, s[i+1:i+e])
			if !ok {
				if i == 0 {
					return Place{}, false
				}
				return dashDateline(s, limit)
			}
			place := strings.TrimSpace(s[:i])
			if !placeLike(place) {
				return Place{}, false
			}
			depthEnd = i + e + 1
			k, divided := divider(s, depthEnd)
			if !divided && !(place == "" && k > depthEnd) {
				return Place{}, false
			}
			if k >= len(s) {
				return Place{}, false
			}
			p := Place{Place: place, Agencies: list, Len: k}
			if d, ok := ParseDate(place); ok {
				p.Date = d
				p.Place = strings.Trim(place[:d.Start], " ,")
			}
			return p, true
		case '.', '!', '?', ';':
			// A full stop inside "St. Petersburg" or "Aug. 25" is short; a
			// sentence is not.
			if i > 60 || s[i] != '.' {
				return dashDateline(s, limit)
			}
		}
	}
	return dashDateline(s, limit)
}

// divider reads the dash or colon behind a dateline and the space after it.
func divider(s string, i int) (int, bool) {
	k := skip(s, i, " ")
	e := skip(s, k, ".:-–—―=")
	j := skip(s, e, " ")
	return j, e > k
}

// dashDateline reads a dateline without brackets.
func dashDateline(s string, limit int) (Place, bool) {
	for i := 1; i < limit; i++ {
		var k int
		switch {
		case strings.HasPrefix(s[i:], " — "), strings.HasPrefix(s[i:], " – "):
			k = i + 5
		case strings.HasPrefix(s[i:], " -- "):
			k = i + 4
		case strings.HasPrefix(s[i:], "— "), strings.HasPrefix(s[i:], "– "), strings.HasPrefix(s[i:], "―"):
			k = i + 4
		case strings.HasPrefix(s[i:], " - "):
			k = i + 3
		case strings.HasPrefix(s[i:], ": "):
			k = i + 2
		default:
			continue
		}
		k = min(k, len(s))
		colon := s[i] == ':'
		head := s[:i]
		p := Place{Place: head, Len: k}
		if !placeLike(head) {
			return Place{}, false
		}
		dated := false
		if d, ok := ParseDate(head); ok {
			p.Date, dated = d, true
			p.Place = strings.Trim(head[:d.Start], " ,")
		} else if dayMonth(head) {
			dated = true
		}
		caps := firstWordCaps(head)
		// "МОСКВА, 25 авг — РИА Новости." names the agency behind the dash.
		if dated && !colon {
			if e := strings.IndexByte(s[k:min(len(s), k+40)], '.'); e > 0 {
				if list, ok := agencyList(nil, s[k:k+e]); ok {
					p.Agencies = list
					p.Len, _ = divider(s, k+e)
				}
			}
		}
		if e := strings.LastIndexByte(head, '/'); e > 0 {
			if b := strings.LastIndexByte(head[:e], '/'); b >= 0 {
				if list, ok := agencyList(nil, head[b+1:e]); ok {
					p.Agencies = list
				}
			}
		}
		if e := strings.LastIndexByte(head, ','); e > 0 && len(p.Agencies) == 0 {
			// "HARRISBURG, PA —" is a state, not the Press Association.
			if list, ok := agencyList(nil, head[e+1:]); ok && list[0] != "PA" {
				p.Agencies = list
			}
		}
		if p.Len >= len(s) {
			return Place{}, false
		}
		if dated || len(p.Agencies) > 0 || caps && !colon {
			return p, true
		}
		return Place{}, false
	}
	// "МОСКВА, 25 августа. /ТАСС/. …"
	if e := strings.Index(s[:limit], ". /"); e > 0 && placeLike(s[:e]) {
		if f := strings.Index(s[e+3:], "/."); f > 0 && f < 40 {
			if list, ok := agencyList(nil, s[e+3:e+3+f]); ok {
				k := skip(s, e+3+f+2, " ")
				if k < len(s) {
					return Place{Place: s[:e], Agencies: list, Len: k}, true
				}
			}
		}
	}
	return Place{}, false
}

// placeLike reports whether s can be the place and date of a dateline: empty,
// or up to ten words that each begin with a capital, a digit or are of a
// script without case, a few joining words apart, and no end of a sentence.
func placeLike(s string) bool {
	if s == "" {
		return true
	}
	words, lower := 0, 0
	for w := range strings.FieldsSeq(s) {
		words++
		w = strings.Trim(w, "()[],.:/'\"")
		if w == "" {
			continue
		}
		r, _ := utf8.DecodeRuneInString(w)
		c := class(r)
		if c == cLower {
			if _, ok := monthNames[strings.ToLower(w)]; ok {
				continue
			}
			switch w {
			case "de", "del", "la", "di", "do", "da", "of", "and", "am", "im", "the", "d", "th", "st", "nd", "rd", "y", "en", "al", "el":
				continue
			}
			lower++
		} else if c != cUpper && c != cDigit && c != cCaseless {
			return false
		}
	}
	return words <= 10 && lower == 0
}

// firstWordCaps reports whether the place before the first comma is written in
// capitals.
func firstWordCaps(s string) bool {
	if i := strings.IndexByte(s, ','); i > 0 {
		s = s[:i]
	}
	n := 0
	for _, r := range s {
		c := class(r)
		switch c {
		case cLower, cDigit, cCaseless, cWide:
			return false
		case cUpper:
			n++
		}
	}
	return n >= 4
}

// dayMonth reports a day and a month without a year: "Aug. 25", "25 авг".
func dayMonth(s string) bool {
	prevNum, prevMon := false, false
	for w := range strings.FieldsSeq(s) {
		w = strings.Trim(w, ",.()[]")
		num := len(w) <= 2 && isDigits(w)
		mon := false
		if !num {
			_, m := monthAt(w, 0)
			mon = m != 0
		}
		if num && prevMon || mon && prevNum {
			return true
		}
		prevNum, prevMon = num, mon
	}
	return false
}

// wideDateline reads the datelines of Chinese, Japanese and Korean texts.
func wideDateline(s string) (Place, bool) {
	r, n := utf8.DecodeRuneInString(s)
	var closer string
	switch r {
	case '【':
		closer = "】"
	case '（':
		closer = "）"
	case '(':
		closer = ")"
	case '[':
		closer = "]"
	default:
		// 新华社北京8月25日电
		if !strings.HasPrefix(s, "新华社") && !strings.HasPrefix(s, "中新社") && !strings.HasPrefix(s, "中新网") && !strings.HasPrefix(s, "新華社") {
			return Place{}, false
		}
		e := strings.Index(s[:min(len(s), 90)], "电")
		w := len("电")
		if e < 0 {
			if e = strings.Index(s[:min(len(s), 90)], "電"); e < 0 {
				return Place{}, false
			}
		}
		a := AgencyOf(s[:len("新华社")])
		k := e + w
		if strings.HasPrefix(s[k:], "（") || strings.HasPrefix(s[k:], "(") {
			if f := strings.IndexAny(s[k:min(len(s), k+90)], "）)"); f > 0 {
				_, m := utf8.DecodeRuneInString(s[k+f:])
				k += f + m
			}
		}
		k = skip(s, k, " 　：:，,")
		if k >= len(s) || a == "" {
			return Place{}, false
		}
		return Place{Place: s[len("新华社"):e], Agencies: []string{a}, Len: k}, true
	}
	e := strings.Index(s[n:min(len(s), 100)], closer)
	if e < 0 {
		return Place{}, false
	}
	in := s[n : n+e]
	if _, ok := agencyList(nil, in); ok && r == '(' {
		return Place{}, false // "(AP) —" is read with its dash
	}
	wide := false
	for _, r := range in {
		if r >= 0x3040 {
			wide = true
			break
		}
	}
	if !wide {
		return Place{}, false
	}
	var list []string
	for _, sep := range [...]string{"=", " ", "　", "・", "＝"} {
		for part := range strings.SplitSeq(in, sep) {
			if a := AgencyOf(part); a != "" && !slices.Contains(list, a) {
				list = append(list, a)
			}
		}
	}
	// 【東京共同】 has no divider.
	if len(list) == 0 {
		for _, a := range [...]string{"共同", "時事", "ロイター", "新華社", "연합뉴스"} {
			if strings.HasSuffix(in, a) {
				list = append(list, AgencyOf(a))
			}
		}
	}
	if len(list) == 0 {
		return Place{}, false
	}
	k := skip(s, n+e+len(closer), " 　")
	// (서울=연합뉴스) 홍길동 기자 = …
	if f := strings.Index(s[k:min(len(s), k+60)], "기자 = "); f >= 0 {
		k += f + len("기자 = ")
	}
	if k >= len(s) {
		return Place{}, false
	}
	return Place{Place: in, Agencies: list, Len: k}, true
}
