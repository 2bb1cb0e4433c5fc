package chrome

import (
	"strings"
	"time"
	"unicode/utf8"
)

// monthNames maps the folded names of months, whole and shortened, to their
// numbers.
var monthNames = map[string]time.Month{}

// monthRows holds one month a row: en, de, fr, es, pt, it, nl, pl, ru, uk, sv,
// no, tr, id, ar, el, hu, cs, ro, bg, fi, hr, he (as it follows a day), hi, fa.
var monthRows = [12]string{
	"january jan januar jänner jän janvier janv enero ene janeiro gennaio gen januari stycznia stycznień sty января январь янв січня ocak يناير ιανουαρίου ιανουάριος ιαν január ledna leden ianuarie ian януари tammikuuta siječnja בינואר ינואר जनवरी ژانویه",
	"february feb febr februar feber février févr fév febrero fevereiro fev febbraio februari lutego luty lut февраля февраль фев лютого şubat فبراير φεβρουαρίου φεβρουάριος φεβ február února únor februarie февруари helmikuuta veljače בפברואר פברואר फरवरी फ़रवरी فوریه",
	"march mar märz mär mrz mars marzo março maart mrt marca marzec марта март мар березня mart maret مارس μαρτίου μάρτιος μαρ március března březen martie maaliskuuta ožujka במרץ מרץ मार्च",
	"april apr avril avr abril abr aprile april kwietnia kwiecień kwi апреля апрель апр квітня nisan أبريل ابريل απριλίου απρίλιος απρ április dubna duben aprilie април huhtikuuta travnja באפריל אפריל अप्रैल آوریل",
	"may mai mayo maio maggio mag mei maja maj мая май травня mayıs مايو μαΐου μάιος μαϊ május máj května květen svibnja toukokuuta svibnja במאי מאי मई",
	"june jun juni juin junio junho giugno giu czerwca czerwiec cze июня июнь июн червня haziran يونيو ιουνίου ιούνιος ιουν június jún června červen iunie юни kesäkuuta lipnja ביוני יוני जून ژوئن",
	"july jul juli juillet juil julio julho luglio lug lipca lipiec lip июля июль июл липня temmuz يوليو ιουλίου ιούλιος ιουλ július júl července červenec iulie юли heinäkuuta srpnja ביולי יולי जुलाई ژوئیه",
	"august aug août agosto ago augustus sierpnia sierpień sie августа август авг серпня augusti ağustos agustus أغسطس αυγούστου αύγουστος αυγ augusztus srpna srpen elokuuta kolovoza באוגוסט אוגוסט अगस्त اوت",
	"september sept sep septembre septiembre setembro set settembre września wrzesień wrz сентября сентябрь сен сент вересня eylül سبتمبر σεπτεμβρίου σεπτέμβριος σεπτ σεπ szeptember szept září septembrie септември syyskuuta rujna בספטמבר ספטמבר सितंबर सितम्बर سپتامبر",
	"october oct oktober okt octobre octubre outubro out ottobre ott października październik paź октября октябрь окт жовтня ekim أكتوبر οκτωβρίου οκτώβριος οκτ október října říjen octombrie октомври lokakuuta באוקטובר אוקטובר अक्टूबर अक्तूबर اکتبر",
	"november nov novembre noviembre novembro listopada listopad lis ноября ноябрь ноя нояб листопада kasım نوفمبر νοεμβρίου νοέμβριος νοε listopadu noiembrie ноември marraskuuta studenoga studenog בנובמבר נובמבר नवंबर नवम्बर نوامبر",
	"december dec dezember dez décembre déc diciembre dic dezembro dicembre grudnia grudzień gru декабря декабрь дек грудня desember aralık ديسمبر δεκεμβρίου δεκέμβριος δεκ prosince prosinec decembrie декември joulukuuta prosinca בדצמבר דצמבר दिसंबर दिसम्बर دسامبر",
}

// thaiMonths are followed by years of the Buddhist era, persianMonths are those
// of the Solar Hijri calendar, from Farvardin; see makeDate. Their names stand
// for the numbers 13 to 24 and 25 to 36.
var (
	thaiMonths    = [12]string{"มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน", "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม"}
	persianMonths = [12]string{"فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"}
)

const (
	thai    time.Month = 12
	persian time.Month = 24
)

func init() {
	for i, row := range monthRows {
		for w := range strings.FieldsSeq(row) {
			monthNames[w] = time.Month(i + 1)
		}
		monthNames[thaiMonths[i]] = thai + time.Month(i+1)
		monthNames[persianMonths[i]] = persian + time.Month(i+1)
	}
}

// usEastern and usPacific stand for zones that leave open whether daylight
// saving time holds.
const (
	usEastern = 10000 - 300
	usPacific = 10000 - 480
)

// daylight reports daylight saving time in the United States: from the second
// Sunday of March to the first of November (Energy Policy Act of 2005; taken
// for all years).
func daylight(t time.Time) bool {
	sunday := func(m time.Month, n int) time.Time {
		d := time.Date(t.Year(), m, 1, 2, 0, 0, 0, time.UTC)
		return d.AddDate(0, 0, (7-int(d.Weekday()))%7+7*(n-1))
	}
	return !t.Before(sunday(time.March, 2)) && t.Before(sunday(time.November, 1))
}

// zones are the shortened zone names seen in bylines, in minutes east of UTC.
// Names that two zones share follow their commonest use in English.
var zones = map[string]int{
	"utc": 0, "gmt": 0, "z": 0, "wet": 0, "bst": 60, "cet": 60, "mez": 60, "cest": 120, "mesz": 120, "eet": 120, "eest": 180, "msk": 180, "мск": 180,
	"est": -300, "edt": -240, "et": usEastern, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "pt": usPacific,
	"ist": 330, "pkt": 300, "wib": 420, "sgt": 480, "hkt": 480, "jst": 540, "kst": 540, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780,
}

// Date is a date found in a line.
type Date struct {
	Time time.Time // in UTC; midnight if the line tells no time
	// Start and End delimit the date in the line, weekday and zone included.
	Start, End int
	Clock      bool // the line tells a time of the day
	Zone       bool // the line tells a zone; otherwise UTC is assumed
}

// ParseDate finds the first complete date (day, month and year) in s, with the
// time of the day that follows it, if any. It reads ISO 8601, the forms of the
// languages in monthRows ("April 26, 2019 at 3:43 PM", "26. April 2019, 15:43
// Uhr", "26 de abril de 2019", "26 апреля 2019", "2019. április 26."), the East
// Asian forms with 年, 月, 日 and 년, 월, 일, and dates in digits with dots, slashes
// or dashes; the digits may be Arabic, Persian or Devanagari. Of dates in
// digits, where day and month could be either, the first is the day, unless
// slashes divide it and the clock has AM or PM, as in the United States. Years
// outside 1900 to 2199 are no years, but behind a Thai month the years of the
// Buddhist era are read (2562), and with a Persian one, or in digits with the year
// first, those of the Solar Hijri calendar (1398; in digits from 1369, 1990).
func ParseDate(s string) (Date, bool) {
	if plain, from, ok := plainDigits(s); ok {
		d, ok := parseDate(plain)
		if ok {
			d.Start, d.End = from[d.Start], from[d.End]
		}
		return d, ok
	}
	return parseDate(s)
}

// plainDigits replaces Arabic, Persian and Devanagari digits by those of ASCII;
// from tells where each byte of the result stood in s, and its end. It reports
// whether there were any.
func plainDigits(s string) (plain string, from []int, ok bool) {
	native := func(i int) int {
		if i+1 < len(s) && s[i] == 0xD9 && s[i+1] >= 0xA0 && s[i+1] <= 0xA9 {
			return int(s[i+1] - 0xA0)
		}
		if i+1 < len(s) && s[i] == 0xDB && s[i+1] >= 0xB0 && s[i+1] <= 0xB9 {
			return int(s[i+1] - 0xB0)
		}
		if i+2 < len(s) && s[i] == 0xE0 && s[i+1] == 0xA5 && s[i+2] >= 0xA6 && s[i+2] <= 0xAF {
			return int(s[i+2] - 0xA6)
		}
		return -1
	}
	first := 0
	for first < len(s) && native(first) < 0 {
		first++
	}
	if first == len(s) {
		return "", nil, false
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		from = append(from, i)
		v := native(i)
		if v < 0 {
			b = append(b, s[i])
			i++
			continue
		}
		b = append(b, byte('0'+v))
		if s[i] == 0xE0 {
			i++
		}
		i += 2
	}
	return string(b), append(from, len(s)), true
}

func parseDate(s string) (Date, bool) {
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			if d, ok := numericDate(s, i); ok {
				return d.finish(s), true
			}
			for i < len(s) && s[i] >= '0' && s[i] <= '9' {
				i++
			}
		case c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= 0x80:
			j, m := monthAt(s, i)
			if m != 0 {
				if d, ok := monthFirst(s, i, j, m); ok {
					return d.finish(s), true
				}
			}
			if j == i {
				_, n := utf8.DecodeRuneInString(s[i:])
				j = i + n
			}
			i = j
		default:
			i++
		}
	}
	return Date{}, false
}

// monthAt reads the word at i; it returns its end and the month it names.
func monthAt(s string, i int) (int, time.Month) {
	var buf [48]byte
	f := buf[:0]
	j := i
	for j < len(s) {
		r, n := rune(s[j]), 1
		if r >= 0x80 {
			r, n = utf8.DecodeRuneInString(s[j:])
		}
		c := class(r)
		if c != cLower && c != cUpper && c != cCaseless && !unmarkedScript(r) {
			break
		}
		if len(f) < 40 {
			f = utf8.AppendRune(f, foldRune(r))
		}
		j += n
	}
	if len(f) < 3 {
		return j, 0
	}
	return j, monthNames[string(f)]
}

// number reads up to max digits at i.
func number(s string, i, max int) (v, end int) {
	for end = i; end < len(s) && end-i < max && s[end] >= '0' && s[end] <= '9'; end++ {
		v = 10*v + int(s[end]-'0')
	}
	if end < len(s) && s[end] >= '0' && s[end] <= '9' {
		return 0, i
	}
	return v, end
}

// skip passes over any of the characters of set.
func skip(s string, i int, set string) int {
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if !strings.ContainsRune(set, r) {
			break
		}
		i += n
	}
	return i
}

func validYear(y int) bool { return y >= 1900 && y < 2200 }

// monthOf is the month of a number; 0 if there is none.
func monthOf(m int) time.Month {
	if m > 12 {
		return 0
	}
	return time.Month(m)
}

// makeDate makes the date of a year, month and day. The Buddhist era is 543 years
// ahead. Solar Hijri days are counted by the 33-year cycle of leap years, which
// is right from 1178 to 1633 (1800 to 2254).
func makeDate(y int, m time.Month, d, start, end int) (Date, bool) {
	switch {
	case m > persian && m <= persian+12 && y >= 1200 && y < 1600 && d >= 1 && d <= 31:
		m -= persian
		days := (int(m)-1)*31 + d - 1
		if m > 6 {
			days = (int(m)-7)*30 + 186 + d - 1
		}
		c := y + 1595
		days += 365*c + c/33*8 + (c%33+3)/4 - 355668 // from 1 January of the year 0
		t := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, days+1)
		return Date{Time: t, Start: start, End: end}, true
	case m > thai && m <= thai+12:
		m -= thai
		if y > 2400 {
			y -= 543
		}
	}
	if !validYear(y) || m < 1 || m > 12 || d < 1 || d > 31 {
		return Date{}, false
	}
	t := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	if t.Day() != d {
		return Date{}, false
	}
	return Date{Time: t, Start: start, End: end}, true
}

// monthFirst reads "April 26, 2019" whose month stands at s[i:j].
func monthFirst(s string, i, j int, m time.Month) (Date, bool) {
	k := skip(s, j, ". ")
	d, e := number(s, k, 2)
	if e == k {
		return Date{}, false
	}
	e = ordinal(s, e)
	k = skip(s, e, ", ")
	y, e := number(s, k, 4)
	if e-k != 4 {
		return Date{}, false
	}
	return makeDate(y, m, d, i, e)
}

// ordinal passes over the ending of an ordinal number.
func ordinal(s string, i int) int {
	for _, o := range [...]string{"st", "nd", "rd", "th", "er", "º", "ª"} {
		if strings.HasPrefix(s[i:], o) && (i+len(o) == len(s) || !isLetterByte(s[i+len(o)])) {
			return i + len(o)
		}
	}
	return i
}

func isLetterByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// numericDate reads a date that begins with digits at i.
func numericDate(s string, i int) (Date, bool) {
	if i > 0 && (s[i-1] >= '0' && s[i-1] <= '9' || s[i-1] == '.' && i > 1 && s[i-2] >= '0' && s[i-2] <= '9') {
		return Date{}, false
	}
	a, e := number(s, i, 4)
	if e == i {
		return Date{}, false
	}
	if e-i == 4 { // year first
		for _, sep := range [...]string{"年", "년"} {
			if k := skip(s, e, " "); strings.HasPrefix(s[k:], sep) {
				k = skip(s, k+len(sep), " ")
				m, e := number(s, k, 2)
				k = skip(s, e, " ")
				if e == k-1 || e > 0 {
					var ok bool
					if k, ok = cut(s, k, "月", "월"); ok {
						k = skip(s, k, " ")
						d, e := number(s, k, 2)
						k = skip(s, e, " ")
						if k, ok = cut(s, k, "日", "일"); ok {
							return makeDate(a, monthOf(m), d, i, k)
						}
					}
				}
				return Date{}, false
			}
		}
		if e < len(s) && (s[e] == '-' || s[e] == '/' || s[e] == '.') {
			sep := s[e]
			k := skip(s, e+1, " ")
			if j, m := monthAt(s, k); m != 0 && sep == '.' {
				k = skip(s, j, " ")
				d, e := number(s, k, 2)
				if e == k {
					return Date{}, false
				}
				return makeDate(a, m, d, i, e)
			}
			m, e := number(s, k, 2)
			if e == k || e >= len(s) || s[e] != sep {
				return Date{}, false
			}
			k = skip(s, e+1, " ")
			d, e := number(s, k, 2)
			if e == k {
				return Date{}, false
			}
			if a >= 1369 && a < 1500 && m >= 1 && m <= 12 {
				return makeDate(a, persian+time.Month(m), d, i, e)
			}
			return makeDate(a, monthOf(m), d, i, e)
		}
		return Date{}, false
	}
	if e-i > 2 {
		return Date{}, false
	}
	e = ordinal(s, e)
	if e < len(s) && (s[e] == '.' || s[e] == '/' || s[e] == '-') {
		sep := s[e]
		b, e2 := number(s, e+1, 2)
		if e2 > e+1 && e2 < len(s) && s[e2] == sep {
			y, e3 := number(s, e2+1, 4)
			if e3-e2-1 == 2 && sep == '.' {
				y += 2000
			} else if e3-e2-1 != 4 {
				return Date{}, false
			}
			day, mon := a, b
			if mon > 12 || sep == '/' && day <= 12 && hasMeridiem(s[e3:]) {
				day, mon = b, a
			}
			return makeDate(y, monthOf(mon), day, i, e3)
		}
	}
	// Day, month by name, year.
	k := skip(s, e, ". -")
	for _, of := range [...]string{"de ", "of ", "do "} {
		if strings.HasPrefix(s[k:], of) {
			k += len(of)
		}
	}
	j, m := monthAt(s, k)
	if m == 0 {
		return Date{}, false
	}
	k = skip(s, j, ".,- ")
	for _, of := range [...]string{"de ", "del ", "of "} {
		if strings.HasPrefix(s[k:], of) {
			k += len(of)
		}
	}
	y, e := number(s, k, 4)
	if e-k != 4 {
		return Date{}, false
	}
	return makeDate(y, m, a, i, e)
}

func cut(s string, i int, words ...string) (int, bool) {
	for _, w := range words {
		if strings.HasPrefix(s[i:], w) {
			return i + len(w), true
		}
	}
	return i, false
}

// hasMeridiem reports AM or PM within the next few characters.
func hasMeridiem(s string) bool {
	if len(s) > 16 {
		s = s[:16]
	}
	for i := 0; i+1 < len(s); i++ {
		if (s[i+1] == 'M' || s[i+1] == 'm') && (s[i] == 'A' || s[i] == 'P' || s[i] == 'a' || s[i] == 'p') && i > 0 && !isLetterByte(s[i-1]) {
			return true
		}
	}
	return false
}

// finish reads the time of the day and the zone behind the date.
func (d Date) finish(s string) Date {
	i := d.End
	if strings.HasPrefix(s[i:], ".,") {
		i++
	}
	k := skip(s, i, " ,|-–—·•・T(")
	for _, w := range [...]string{"at ", "um ", "à ", "a las ", "às ", "alle ", "om ", "в ", "o ", "kl. ", "kl "} {
		if strings.HasPrefix(s[k:], w) {
			k = skip(s, k+len(w), " ")
			break
		}
	}
	h, e := number(s, k, 2)
	if e == k || h > 24 || e >= len(s) {
		return d
	}
	minute, sec := 0, 0
	switch {
	case (s[e] == ':' || s[e] == '.' || s[e] == 'h' || s[e] == 'H') && e+2 < len(s) && isDigits(s[e+1:e+3]):
		minute, e = number(s, e+1, 2)
		if e+2 < len(s) && s[e] == ':' && isDigits(s[e+1:e+3]) {
			sec, e = number(s, e+1, 2)
			if e < len(s) && s[e] == '.' {
				f := e + 1
				for f < len(s) && s[f] >= '0' && s[f] <= '9' {
					f++
				}
				e = f
			}
		}
	case hasMeridiem(" " + s[e:min(len(s), e+4)]):
	default:
		return d
	}
	if minute > 59 || sec > 60 {
		return d
	}
	k = skip(s, e, " ")
	if k < len(s) {
		c := s[k] | 32
		if c == 'a' || c == 'p' {
			j := k + 1
			if j < len(s) && s[j] == '.' {
				j = skip(s, j+1, " ")
			}
			if j < len(s) && s[j]|32 == 'm' && (j+1 == len(s) || !isLetterByte(s[j+1])) {
				if h > 12 {
					return d
				}
				h %= 12
				if c == 'p' {
					h += 12
				}
				e = j + 1
				if e < len(s) && s[e] == '.' && s[j-1] == '.' {
					e++
				}
			}
		}
	}
	if h > 23 {
		return d
	}
	d.Time = d.Time.Add(time.Duration(h)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(sec)*time.Second)
	d.Clock, d.End = true, e
	k = skip(s, e, " (")
	if strings.HasPrefix(s[k:], "Uhr") {
		d.End = k + 3
		k = skip(s, d.End, " (")
	}
	if k < len(s) && (s[k] == '+' || s[k] == '-') && k+2 < len(s) && isDigits(s[k+1:k+3]) {
		hh, f := number(s[:k+3], k+1, 2)
		mm := 0
		if f < len(s) && s[f] == ':' {
			f++
		}
		if f+1 < len(s) && isDigits(s[f:f+2]) {
			mm, f = number(s[:f+2], f, 2)
		} else if s[f-1] == ':' {
			f--
		}
		if hh <= 14 && mm < 60 {
			off := time.Duration(hh)*time.Hour + time.Duration(mm)*time.Minute
			if s[k] == '-' {
				off = -off
			}
			d.Time, d.Zone, d.End = d.Time.Add(-off), true, f
		}
		return d
	}
	j := k
	var buf [12]byte
	f := buf[:0]
	for j < len(s) && j-k < 10 && isLetterByte(s[j]) {
		r, n := utf8.DecodeRuneInString(s[j:])
		f = utf8.AppendRune(f, foldRune(r))
		j += n
		if len(f) > 8 {
			break
		}
	}
	if off, ok := zones[string(f)]; ok && len(f) > 0 && (len(f) > 2 || string(f) == "z" || s[k]&32 == 0) {
		if off >= usPacific {
			off -= 10000
			if daylight(d.Time) {
				off += 60
			}
		}
		d.Time, d.Zone, d.End = d.Time.Add(-time.Duration(off)*time.Minute), true, j
	}
	return d
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
