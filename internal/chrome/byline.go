package chrome

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// bylineWords open a byline; the names follow after a space or colon.
var bylineWords = [...]string{
	"by ", "written by ", "reported by ", "report by ", "story by ", "words by ", "text by ", "posted by ", "published by ", "author: ", "author ", "staff reporter ",
	"von ", "par ", "por ", "di ", "door ", "av ", "af ", "autor: ", "autor ", "autorin: ", "auteur: ", "автор: ", "автор ", "текст: ", "autore: ", "auteur ", "redacción ", "redação ",
	"作者：", "作者:", "记者：", "记者 ", "記者：", "文／", "文/", "文：", "责任编辑：", "编辑：", "編輯：", "بقلم ", "كتب ", "oleh ", "tác giả ",
}

// bylineFirst marks the bytes that a line with a word of bylineWords begins
// with.
var bylineFirst [256]bool

func init() {
	for _, w := range bylineWords {
		bylineFirst[w[0]] = true
		if w[0] >= 'a' && w[0] <= 'z' {
			bylineFirst[w[0]-32] = true
		}
		// A capital of Greek or Cyrillic has another first byte.
		if w[0] == 0xD0 || w[0] == 0xD1 {
			bylineFirst[0xD0], bylineFirst[0xD1] = true, true
		}
	}
}

// contributorMarks are found in the line that names who else worked on a
// story, and in nothing else of the size of a line.
var contributorMarks = [...]string{
	"contributed to this", "contributed reporting", "contributed to the report", "contributed from",
	"reporting by", "additional reporting", "editing by", "edited by", "compiled by", "writing by", "translated by", "with inputs from", "with input from", "with reporting from", "with reporting by", "with files from", "with agencies", "with agency inputs", "inputs from agencies", "with information from", "reported from", "reported for this story",
	"con información de", "con informaciones de", "con agencias", "mit material von", "mit material der", "mit agenturen", "mit informationen von", "redigiert von", "avec agences", "avec afp", "avec reuters", "com informações d", "com agências", "con agenzie", "met medewerking van", "com a colaboração",
}

// Signature is a byline or a line of contributors.
type Signature struct {
	Names    string   // as written, without the introducing word, agencies and dates; may be empty
	Agencies []string // canonical names
	Date     Date     // zero if the line tells none
}

// BylineOf reads a line that only tells who wrote the story, and perhaps when:
// "By Jane Doe, The Associated Press", "By X | Updated April 26, 2019 at 3:43
// PM", "Von Jane Doe", "作者：…". The names must begin with capitals where the
// script has them.
func BylineOf(s string) (Signature, bool) {
	s = strings.TrimSpace(s)
	for _, b := range [...][2]string{{"(", ")"}, {"（", "）"}, {"[", "]"}, {"【", "】"}} {
		if strings.HasPrefix(s, b[0]) && strings.HasSuffix(s, b[1]) {
			s = strings.TrimSpace(s[len(b[0]) : len(s)-len(b[1])])
			break
		}
	}
	if len(s) > 240 || len(s) < 4 {
		return Signature{}, false
	}
	var buf [64]byte
	if c := s[0]; !bylineFirst[c] {
		if c < 0xEA || c > 0xED { // no Hangul
			return Signature{}, false
		}
	}
	low := lowerPrefix(buf[:0], s, 40)
	for _, w := range bylineWords {
		if len(low) < len(w) || string(low[:len(w)]) != w {
			continue
		}
		sig, ok := signature(s[len(w):])
		if !ok || sig.Names == "" && len(sig.Agencies) == 0 {
			return Signature{}, false
		}
		return sig, true
	}
	// 홍길동 기자
	if i := strings.Index(s, " 기자"); i > 0 && i < 16 && len(s) < 80 && !LineOf(s).Ended {
		return Signature{Names: s[:i]}, true
	}
	return Signature{}, false
}

// lowerPrefix appends the first n bytes of s, folded. Every character keeps
// its length, so that offsets into one are offsets into the other.
func lowerPrefix(dst []byte, s string, n int) []byte {
	for i := 0; i < len(s) && i < n; {
		c := s[i]
		if c < 0x80 {
			if c >= 'A' && c <= 'Z' {
				c += 32
			}
			dst = append(dst, c)
			i++
			continue
		}
		r, w := utf8.DecodeRuneInString(s[i:])
		if f := foldRune(r); f != r && utf8.RuneLen(f) == w {
			dst = utf8.AppendRune(dst, f)
		} else {
			dst = append(dst, s[i:i+w]...)
		}
		i += w
	}
	return dst
}

// signature reads the names, agencies and date of a byline's rest.
func signature(s string) (Signature, bool) {
	var sig Signature
	if d, ok := ParseDate(s); ok {
		sig.Date = d
		head := strings.TrimRight(s[:d.Start], " |,-–—·•:()")
		// The words before the date: "Updated", "Published on", a weekday.
		for {
			i := strings.LastIndexAny(head, "|•·–—,")
			if i < 0 || len(head)-i > 40 {
				break
			}
			_, w := utf8.DecodeRuneInString(head[i:])
			if AgencyOf(head[i+w:]) != "" || wordCount(head[i+w:]) > 2 {
				break
			}
			head = strings.TrimRight(head[:i], " |,-–—·•:")
		}
		tail := strings.Trim(s[d.End:], " |,-–—·•:().")
		if wordCount(tail) > 8 {
			return Signature{}, false
		}
		s = head
	}
	s = strings.Trim(s, " |,.;-–—·•:")
	if s == "" {
		return sig, true
	}
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool {
		return r == ',' || r == '|' || r == '•' || r == '·' || r == '/' || r == '(' || r == ')' || r == ';'
	}) {
		if a := AgencyOf(part); a != "" && !slices.Contains(sig.Agencies, a) {
			sig.Agencies = append(sig.Agencies, a)
		}
	}
	l := LineOf(s)
	if l.Words == 0 || l.Words > 16 || l.Ended && l.Words > 5 || l.Stops > 3 {
		return Signature{}, false
	}
	// Every word but the joining ones is a name.
	for w := range strings.FieldsSeq(s) {
		w = strings.Trim(w, ",.|()'\"’;:/&-–—@")
		if w == "" {
			continue
		}
		r, _ := utf8.DecodeRuneInString(w)
		c := class(r)
		if c == cLower && utf8.RuneCountInString(w) > 4 || c == cDigit && len(w) < 4 {
			switch w {
			case "staff", "reporter", "reporters", "writer", "correspondent", "editor", "special", "senior", "political", "agencies", "agency":
				continue
			}
			return Signature{}, false
		}
		if c == cLower {
			switch w {
			case "and", "und", "et", "y", "e", "i", "en", "och", "og", "ve", "in", "for", "with", "de", "der", "den", "van", "von", "da", "di", "du", "la", "le", "del", "dos", "das", "ten", "ter", "bin", "ibn", "al", "el", "the", "of", "at", "dpa", "afp", "staff", "и", "та", "mit":
				continue
			}
			return Signature{}, false
		}
	}
	sig.Names = s
	return sig, true
}

func wordCount(s string) int {
	n := 0
	for range strings.FieldsSeq(s) {
		n++
	}
	return n
}

// ContributorOf reads a line that names contributors, editors or sources:
// "Ellie Kaufman and Joohee Cho contributed to this story.", "(Reporting by
// …; editing by …)", "With inputs from agencies".
func ContributorOf(s string) (Signature, bool) {
	s = strings.TrimSpace(s)
	if len(s) > 600 || len(s) < 8 {
		return Signature{}, false
	}
	// A long line must open with its mark.
	n := len(s)
	if n > 280 {
		n = 48
	}
	var buf [320]byte
	low := string(lowerPrefix(buf[:0], s, n))
	at, mark := -1, ""
	for _, m := range contributorMarks {
		if i := strings.Index(low, m); i >= 0 && (at < 0 || i < at) && (i == 0 || !isLetterByte(low[i-1])) {
			at, mark = i, m
		}
	}
	if at < 0 {
		return Signature{}, false
	}
	l := LineOf(s)
	// A sentence of the story may speak of contributions: the line of
	// contributors is short, or opens with its mark, or ends soon behind it.
	head := strings.Trim(s[:at], " (*_–—-[")
	opens := head == "" || wordCount(head) <= 1
	if len(s) > 280 && !opens || l.Stops > 3 && !opens {
		return Signature{}, false
	}
	if !opens && len(s)-at-len(mark) > 90 {
		return Signature{}, false
	}
	if strings.ContainsAny(s, "“”«»") || strings.Count(s, "\"") > 0 {
		return Signature{}, false
	}
	var sig Signature
	sig.Agencies = agenciesIn(s)
	if strings.HasPrefix(mark, "contributed") && !opens {
		sig.Names = contributorNames(head, &sig.Agencies)
	}
	return sig, true
}

// contributorNames cuts the outlet off "ABC News' Ellie Kaufman and Joohee
// Cho" or "Associated Press writers Jane Doe in Rome and John Roe in Bern".
// The outlet is added to the credits.
func contributorNames(s string, credits *[]string) string {
	if i := strings.LastIndex(s, ". "); i >= 0 {
		s = s[i+2:]
	}
	for _, p := range [...]string{"' ", "’ ", "'s ", "’s "} {
		if i := strings.Index(s, p); i > 0 && i < 40 && placeLike(s[:i]) {
			outlet := strings.TrimPrefix(strings.TrimPrefix(s[:i], "The "), "the ")
			if a := AgencyOf(outlet); a != "" {
				outlet = a
			}
			if !slices.Contains(*credits, outlet) {
				*credits = append(*credits, outlet)
			}
			s = s[i+len(p):]
			break
		}
	}
	for _, w := range [...]string{" writers ", " writer ", " reporters ", " reporter ", " journalists ", " journalist ", " correspondents ", " correspondent ", " staff "} {
		if i := strings.Index(s, w); i >= 0 && i < 60 {
			s = s[i+len(w):]
		}
	}
	s = strings.TrimSpace(s)
	for _, w := range [...]string{" also", " have", " has"} {
		s = strings.TrimSuffix(s, w)
	}
	return strings.Trim(s, " ,")
}

// agenciesIn finds the agencies that a line of contributors names: whole
// names of two or more words anywhere, shortened names in capitals.
func agenciesIn(s string) []string {
	var out []string
	add := func(a string) {
		if a != "" && !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	words := strings.FieldsFunc(s, func(r rune) bool {
		c := class(r)
		return c != cLower && c != cUpper && c != cCaseless && c != cDigit && c != cWide
	})
	for i, w := range words {
		for n := 3; n >= 2; n-- {
			if i+n <= len(words) {
				add(AgencyOf(strings.Join(words[i:i+n], " ")))
			}
		}
		switch w {
		case "dpa", "Reuters", "REUTERS", "Bloomberg", "Xinhua", "Kyodo", "Yonhap", "Anadolu", "Interfax":
			add(AgencyOf(w))
		default:
			if len(w) <= 5 && w == strings.ToUpper(w) {
				add(AgencyOf(w))
			}
		}
	}
	return out
}

// TrailingCredit finds the agency that a paragraph ends with, behind the end
// of its last sentence: "… he said. (ANI)", "… на месте. — ТАСС", "… dit-il.
// AFP". It returns the length of what stands before it. A line that is only a
// credit gives 0.
func TrailingCredit(s string) (int, []string) {
	t := strings.TrimRight(s, " \t")
	if t == "" {
		return len(s), nil
	}
	tail := t
	off := 0
	if len(t) > 80 {
		off = len(t) - 80
		for off < len(t) && !utf8.RuneStart(t[off]) {
			off++
		}
		tail = t[off:]
	}
	if off == 0 {
		if list, ok := agencyList(nil, tail); ok && capsCredit(tail) {
			return 0, list
		}
	}
	// The last end of a sentence that has something behind it.
	for i := len(tail) - 1; i > 0; {
		r, n := utf8.DecodeLastRuneInString(tail[:i])
		c := class(r)
		if c == cStop && len(strings.Trim(tail[i:], " .\"”»’')）」")) > 1 {
			j := i
			// Closing quotes and brackets belong to the sentence.
			for j < len(tail) {
				r, n := utf8.DecodeRuneInString(tail[j:])
				if r != '"' && r != '”' && r != '»' && r != '’' && r != '」' && r != '\'' {
					break
				}
				j += n
			}
			if list, ok := agencyList(nil, tail[j:]); ok && capsCredit(tail[j:]) {
				return len(strings.TrimRight(t[:off+j], " ")), list
			}
			return len(s), nil
		}
		i -= n
	}
	return len(s), nil
}

// capsCredit reports whether every letter run of s could be a name: none
// begins with a lower-case letter, "dpa" and joining words apart.
func capsCredit(s string) bool {
	for w := range strings.FieldsSeq(s) {
		w = strings.Trim(w, "()[]–—-.,©/")
		if w == "" {
			continue
		}
		if w[0] >= 'a' && w[0] <= 'z' {
			switch w {
			case "dpa", "and", "with", "via", "und", "mit", "et", "avec", "con", "y", "sda", "epd":
				continue
			}
			return false
		}
	}
	return true
}

// captionMarks are found where a picture is credited, folded.
var captionMarks = [...]string{
	"photo by", "photos by", "photo:", "photos:", "photo/", "photo courtesy", "picture by", "picture:", "pictures:", "photograph:", "photography:", "image:", "images:", "image credit", "photo credit", "picture credit", "credit:", "credits:", "file photo", "file photograph", "file image", "getty images", "ap photo", "shutterstock", "istock", "via reuters", "reuters/", "/reuters", "/afp", "afp/", "afp via", "/ap)", "/epa", "epa/", "video grab", "screengrab", "screenshot:", "handout via",
	"foto:", "fotos:", "foto ©", "bild:", "bilder:", "bildquelle", "foto de", "crédito:", "imagen:", "imagem:", "crédit photo", "crédits photo", "fot.", "zdj.", "фото:", "фото ", "иллюстрация:", "photo ©", "© afp", "© reuters", "© dpa", "© getty", "© ap", "/dpa", "dpa/", "imago", "picture alliance", "illustration:", "grafik:", "symbolbild", "symbolfoto", "archivbild", "archivfoto", "credit photo",
	"写真：", "写真:", "写真提供", "撮影", "供图", "图源", "图片来源", "图／", "图/", "摄影", "圖／", "圖片來源", "사진=", "사진 =", "사진 출처", "[사진", "صورة:", "تصوير:",
}

// CaptionOf reports whether the line is one caption, or a run of captions,
// each with the credit of its picture: it begins or ends with a credit, and
// there is about one credit to two sentences.
func CaptionOf(s string) bool {
	if len(s) > 4096 || len(s) < 8 {
		return false
	}
	l := LineOf(s)
	return captionLine(s, &l)
}

func holdsCaptionMark(low string) bool {
	for _, m := range captionMarks {
		if strings.Contains(low, m) {
			return true
		}
	}
	return false
}

func captionLine(s string, l *Line) bool {
	if len(s) > 4096 || len(s) < 8 {
		return false
	}
	if !l.picture {
		return false
	}
	var buf [160]byte
	tail := max(0, len(s)-110)
	for tail > 0 && !utf8.RuneStart(s[tail]) {
		tail--
	}
	if !holdsCaptionMark(string(lowerPrefix(buf[:0], s[tail:], 120))) && !holdsCaptionMark(string(lowerPrefix(buf[:0], s, 28))) {
		return false
	}
	low := string(lowerPrefix(nil, s, len(s)))
	n, first, last := 0, -1, -1
	for _, m := range captionMarks {
		for i := 0; ; {
			j := strings.Index(low[i:], m)
			if j < 0 {
				break
			}
			j += i
			i = j + len(m)
			if j > 0 && isLetterByte(low[j-1]) && m[0] < 0x80 && m[0] != '/' {
				continue
			}
			n++
			if (first < 0 || j < first) && m[len(m)-1] != '/' && m[0] != '/' {
				first = j
			}
			if j > last {
				last = j
			}
		}
	}
	if n == 0 {
		return false
	}
	if opens := first >= 0 && first <= 4; !opens {
		// What follows the last credit is names, not a sentence.
		if len(s)-last > 80 || LineOf(s[last:]).Lower > 5 {
			return false
		}
	}
	return l.Stops <= 1+2*n && l.Chars <= 420*n
}
