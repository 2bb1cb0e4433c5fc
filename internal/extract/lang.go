package extract

import (
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"
)

// functionWords are the commonest short words of languages in Latin and
// Cyrillic script: those that stand in nearly every sentence and in few other
// languages.
var functionWords = [...]struct{ lang, words string }{
	{"en", "the and of to that was with for his they have from which"},
	{"de", "der die und das nicht mit den von ist sich auf für auch werden"},
	{"fr", "les des est dans une pour qui sur pas avec sont du cette aux"},
	{"es", "los las del que por una con para como más pero sus este el"},
	{"pt", "os não uma dos com mais para foi pelo são ao seu da em"},
	{"it", "che di gli della nel sono con una anche dei alla più è il"},
	{"nl", "het een van niet dat zijn voor met ook worden werd naar aan"},
	{"sv", "och att det som för inte på med är till av en har den"},
	{"no", "og det ikke som på er til av med har for å jeg ble"},
	{"da", "og det ikke som på er til af med har for at jeg blev"},
	{"fi", "ja on ei että se oli mutta myös hän ovat kun sen"},
	{"pl", "nie się na że jest do przez jak oraz od który po są"},
	{"cs", "se na je že to ve jako ale byl podle který jsou pro"},
	{"tr", "ve bir bu için ile olarak da de olan daha çok gibi sonra"},
	{"id", "yang dan di dengan untuk dari ini pada itu tidak dalam akan"},
	{"vi", "và của là các có được cho trong không một những với"},
	{"ro", "și în este care nu pentru din cu mai sunt fost după"},
	{"hu", "és az hogy nem is egy meg volt már csak mint"},
	{"lt", "ir kad yra į iš su buvo apie kaip bet po dėl"},
	{"zu", "ukuthi futhi ngoba nje kodwa ngesikhathi kanye uma lo"},
	{"ru", "и в не на что по это как его из за для был"},
	{"uk", "і не що на та це про від як до також він було"},
	{"bg", "и на да се за от не че това като са при"},
}

// wordLangs maps each function word to the set of its languages, one bit per
// row of functionWords.
var wordLangs = func() map[string]uint32 {
	m := make(map[string]uint32, 512)
	for i := range functionWords {
		for w := range strings.FieldsSeq(functionWords[i].words) {
			m[w] |= 1 << i
		}
	}
	return m
}()

// ownLetters are letters that few languages of a script have: what tells the
// language of a text that is too short for its words to.
var ownLetters = [...]struct{ lang, letters string }{
	{"vi", "ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹơư"},
	{"tr", "ğış"},
	{"hu", "őű"},
	{"pl", "łąęśżźń"},
	{"cs", "ěřůť"},
	{"ro", "țșăţ"},
	{"lt", "ėųūį"},
	{"uk", "іїєґ"},
	{"ru", "ыэё"},
	{"fa", "پچژگکی"},
	{"ur", "ٹڈڑںہے"},
}

// byLetters is the language whose own letters stand in text three times or more,
// and twice as often as those of any other; "" if there is none.
func byLetters(text string) string {
	best, second, lang := 0, 0, ""
	for _, l := range ownLetters {
		n := 0
		for _, r := range text {
			if r >= utf8.RuneSelf && strings.ContainsRune(l.letters, unicode.ToLower(r)) {
				n++
			}
		}
		if n > best {
			second, best, lang = best, n, l.lang
		} else if n > second {
			second = n
		}
	}
	if best < 3 || best < 2*second {
		return ""
	}
	return lang
}

// langOf tells the language of running text by its script and, for Latin and
// Cyrillic, by function words; where these do not tell and the page declares
// nothing, by letters that few languages have. declared, a primary subtag or empty, stands
// unless the text speaks clearly against it.
func langOf(text, declared string) string {
	const sample = 1500 // bytes; some 200 words
	if len(text) > sample {
		text = text[:sample]
	}
	var count [10]int
	const (
		latin = iota
		cyrillic
		han
		kana
		hangul
		arabic
		hebrew
		greek
		thai
		devanagari
	)
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			if ascii[c] == asciiLetter {
				count[latin]++
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		i += n
		switch {
		case r < 0xC0:
		case r < 0x250, r >= 0x1E00 && r < 0x1F00:
			count[latin]++
		case r >= 0x370 && r < 0x400:
			count[greek]++
		case r >= 0x400 && r < 0x530:
			count[cyrillic]++
		case r >= 0x590 && r < 0x600:
			count[hebrew]++
		case r >= 0x600 && r < 0x700:
			count[arabic]++
		case r >= 0x900 && r < 0x980:
			count[devanagari]++
		case r >= 0xE00 && r < 0xE80:
			count[thai]++
		case r >= 0x3041 && r < 0x3100:
			count[kana]++
		case r >= 0x3400 && r < 0xA000:
			count[han]++
		case r >= 0xAC00 && r < 0xD7A4:
			count[hangul]++
		}
	}
	total, top := 0, 0
	for i, n := range count {
		total += n
		if n > count[top] {
			top = i
		}
	}
	if total < 20 {
		return declared
	}
	// want returns declared if it is one of the languages of the script.
	want := func(langs ...string) string {
		for _, l := range langs {
			if l == declared {
				return l
			}
		}
		return langs[0]
	}
	switch {
	case count[kana]*10 > total:
		return "ja"
	case count[hangul]*3 > total:
		return "ko"
	case top == han:
		return want("zh", "ja", "yue")
	case top == arabic:
		switch own := byLetters(text); own {
		case "fa", "ur":
			return want(own, "ar", "ps", "ckb", "ug", "sd", "ku", "fa", "ur")
		}
		return want("ar", "fa", "ur", "ps", "ckb", "ug", "sd", "ku")
	case top == hebrew:
		return want("he", "yi", "iw")
	case top == greek:
		return "el"
	case top == thai:
		return "th"
	case top == devanagari:
		return want("hi", "mr", "ne", "sa")
	case top != latin && top != cyrillic:
		return declared
	}
	best, second, own := 0, 0, 0
	lang := ""
	words := strings.Fields(strings.ToLower(text))
	var hits [len(functionWords)]int
	for _, w := range words {
		if len(w) > 10 {
			continue
		}
		for u := wordLangs[w]; u != 0; u &= u - 1 {
			hits[bits.TrailingZeros32(u)]++
		}
	}
	for i, n := range hits {
		if functionWords[i].lang == declared {
			own = n
		}
		if n > best {
			second, best, lang = best, n, functionWords[i].lang
		} else if n > second {
			second = n
		}
	}
	if declared == "" {
		if best*20 > len(words) && best > second {
			return lang
		}
		return byLetters(text)
	}
	cyr := top == cyrillic
	latinOnly := declared == "en" || declared == "de" || declared == "fr" || declared == "es" || declared == "it" || declared == "pt"
	if best*12 > len(words) && best > 3*own && (best > 3*second/2 || cyr && latinOnly) && (own > 0 || known(declared)) {
		return lang
	}
	return declared
}

func known(lang string) bool {
	for i := range functionWords {
		if functionWords[i].lang == lang {
			return true
		}
	}
	return lang == "zh" || lang == "ja" || lang == "ko" || lang == "ar"
}

// primary is the primary subtag of a language tag: "pt" of "pt-BR" or "pt_BR".
func primary(tag string) string {
	tag = strings.TrimSpace(tag)
	for i := range len(tag) {
		if c := tag[i] | 0x20; c < 'a' || c > 'z' {
			tag = tag[:i]
			break
		}
	}
	if len(tag) < 2 || len(tag) > 3 {
		return ""
	}
	switch tag = strings.ToLower(tag); tag {
	case "nb", "nn":
		return "no"
	case "iw":
		return "he"
	case "in":
		return "id"
	case "eng":
		return "en"
	case "deu", "ger":
		return "de"
	}
	return tag
}
