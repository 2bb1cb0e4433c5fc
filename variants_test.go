package newsdedup_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/newsdedup/newsdedup"
)

// A tongue makes stories of made-up words in one script: enough to see that
// nothing rests on Latin letters, capitals or spaces.
type tongue struct {
	name    string
	parts   []string // of which words are made
	sizes   [2]int   // parts of a word, least and most
	space   string   // between words
	stop    string   // behind a sentence
	capital bool     // sentences and names begin with capitals
}

func runes(s string) (out []string) {
	for _, r := range s {
		out = append(out, string(r))
	}
	return out
}

// pairs are all syllables of a consonant and a vowel.
func pairs(consonants, vowels string) (out []string) {
	for _, c := range consonants {
		for _, v := range vowels {
			out = append(out, string([]rune{c, v}))
		}
	}
	return out
}

const kanji = "日月山川田土火水木金石人口目耳手足心言語文字書本紙車船道路門戸家屋市村町国王女男子父母兄弟姉妹春夏秋冬東西南北上下左右大小長短高低新古多少強弱明暗赤青白黒天地雨雪風雲海島湖江池林森花草米麦魚鳥牛馬羊犬"

var tongues = []tongue{
	{"Latin", strings.Fields("ba dor fen gil kar lem mos nut par ris sol tev vun zam ö que"), [2]int{2, 4}, " ", ".", true},
	{"Cyrillic", strings.Fields("ба дор фен гил кар лем мос нут пар рис сол тев вун зам щё"), [2]int{2, 4}, " ", ".", true},
	{"Greek", strings.Fields("βα δορ φεν γιλ καρ λεμ μος νυτ παρ ρις σολ τεβ ξυν ζαμ"), [2]int{2, 4}, " ", ".", true},
	{"Arabic", runes("ابتثجحخدذرزسشصضطعغفقكلمنهوي"), [2]int{3, 6}, " ", ".", false},
	{"Hebrew", runes("אבגדהוזחטיכלמנסעפצקרשת"), [2]int{3, 6}, " ", ".", false},
	{"Devanagari", strings.Fields("का दो फे गि कर ले मो नु पा री सो ते वु जम"), [2]int{2, 4}, " ", "।", false},
	{"Hangul", runes("가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노도로모보소오조초코토포호"), [2]int{2, 4}, " ", ".", false},
	{"Han", runes(kanji), [2]int{2, 3}, "", "。", false},
	{"Japanese", slices.Concat(runes(kanji), runes("カキクケコサシスセソタチツテトナニヌネノマミムメモラリルレロ"), strings.Fields("の は が に を で と も から まで した する いる ある ない こと")), [2]int{2, 3}, "", "。", false},
	{"Thai", pairs("กขคงจชซดตถทนบปผพมยรลวสหอ", "าิีุูะโเแไ"), [2]int{2, 4}, "", " ", false},
}

// A teller tells stories in one tongue.
type teller struct {
	tongue
	rng   *rand.Rand
	words []string // of all stories
	names []string // of the latest one
}

func newTeller(t tongue, seed uint64) *teller {
	w := &teller{tongue: t, rng: rand.New(rand.NewPCG(seed, 11))}
	for range 1200 {
		w.words = append(w.words, w.word())
	}
	return w
}

func (w *teller) word() (s string) {
	for range w.sizes[0] + w.rng.IntN(w.sizes[1]-w.sizes[0]+1) {
		s += w.parts[w.rng.IntN(len(w.parts))]
	}
	return s
}

func upper(s string) string {
	r := []rune(s)
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

func (w *teller) sentence() string {
	words := make([]string, 10+w.rng.IntN(12))
	for i := range words {
		words[i] = w.words[w.rng.IntN(1+w.rng.IntN(len(w.words)))] // small numbers more often, as in texts
		switch w.rng.IntN(15) {
		case 0:
			words[i] = fmt.Sprint(10 + w.rng.IntN(900))
		case 1:
			if len(w.names) > 0 {
				words[i] = w.names[w.rng.IntN(len(w.names))]
			}
		}
	}
	if w.capital {
		words[0] = upper(words[0])
	}
	return strings.Join(words, w.space) + w.stop
}

// title is five words.
func (w *teller) title() string {
	words := make([]string, 5)
	for i := range words {
		words[i] = w.words[w.rng.IntN(len(w.words))]
	}
	if w.capital {
		words[0] = upper(words[0])
	}
	return strings.Join(words, w.space)
}

// story tells of twenty names of its own.
func (w *teller) story() []string {
	w.names = nil
	for range 20 {
		name := w.word()
		if w.capital {
			name = upper(name)
		}
		w.names = append(w.names, name)
	}
	s := make([]string, 9+w.rng.IntN(8))
	for i := range s {
		s[i] = strings.TrimSpace(w.sentence() + w.space + w.sentence())
	}
	return s
}

func article(id, title string, paragraphs []string) *newsdedup.Article {
	return &newsdedup.Article{ID: id, Title: title, Text: strings.Join(paragraphs, "\n\n")}
}

// In every script: a text is Exact beside itself; without its last paragraph it
// is Near, with half of them Partial or more, and no cut makes the relation
// stronger again; an inserted paragraph or a new lead leaves it Near; the first
// half within another article, or the whole before another one, is Partial or
// more; another story is Unrelated.
func TestVariantsInEveryScript(t *testing.T) {
	for _, tongue := range tongues {
		t.Run(tongue.name, func(t *testing.T) {
			for seed := range uint64(6) {
				w := newTeller(tongue, seed)
				story, other := w.story(), w.story()
				title := w.title()
				whole := article("whole", title, story)
				check := func(what string, least, most newsdedup.Relation, title string, paragraphs ...[]string) {
					t.Helper()
					m := compare(t, whole, article("variant", title, slices.Concat(paragraphs...)))
					if m.Relation < least || m.Relation > most {
						t.Errorf("seed %d: %s: %v (%.3f), want %v to %v: %s", seed, what, m.Relation, m.Score, least, most, m.Evidence.Reason)
					}
				}
				const unrelated, partial, near, exact = newsdedup.Unrelated, newsdedup.Partial, newsdedup.Near, newsdedup.Exact
				check("itself", exact, exact, title, story)
				check("itself, retitled", exact, exact, w.title(), story)
				check("another story", unrelated, unrelated, w.title(), other)
				check("a paragraph inserted", near, near, title, story[:4], []string{w.sentence()}, story[4:])
				check("a new lead", near, near, title, []string{w.sentence()}, story[1:])
				check("half of it within another", partial, near, w.title(), other[:2], story[:len(story)/2], other[2:4])
				check("another article behind it", partial, near, title, story, other)

				last := exact
				for n := len(story); n > 0; n-- {
					m := compare(t, whole, article("cut", title, story[:n]))
					if m.Relation > last {
						t.Errorf("seed %d: with %d of %d paragraphs %v, with one more %v", seed, n, len(story), m.Relation, last)
					}
					last = m.Relation
					if n == len(story)-1 && m.Relation != near {
						t.Errorf("seed %d: without the last of %d paragraphs %v (%.2f)", seed, len(story), m.Relation, m.Score)
					}
					if n == (len(story)+1)/2 && m.Relation < partial {
						t.Errorf("seed %d: half of it is %v (%.2f)", seed, m.Relation, m.Score)
					}
				}
			}
		})
	}
}

// What a farm puts around a story does not change what it is to the story as its
// publisher printed it, and two stories in the template of one farm stay
// Unrelated. Thai is left out: it does not mark the ends of sentences, so
// NormalizeText cannot tell lists of titles from prose by their shape.
func TestFarmsInEveryScript(t *testing.T) {
	for _, tongue := range tongues {
		if tongue.name == "Thai" {
			continue
		}
		t.Run(tongue.name, func(t *testing.T) {
			for seed := range uint64(4) {
				w := newTeller(tongue, seed)
				headline, story, other := w.title(), w.story(), w.story()
				items := []string{w.title(), w.title(), w.title(), w.title(), w.title(), w.title()}
				page := func(headline string, story []string) *newsdedup.Article {
					a, err := newsdedup.NormalizeText(strings.NewReader(farm("daily-glance.example", "Markets", headline, strings.Join(story, "\n"), 58, items...)), nil)
					if err != nil {
						t.Fatal(err)
					}
					a.ID = "page"
					return a
				}
				plain := article("plain", headline, story)
				for what, variant := range map[string]struct {
					story []string
					least newsdedup.Relation
				}{
					"the whole":             {story, newsdedup.Near},
					"without the last part": {story[:len(story)-1], newsdedup.Near},
					"the first half":        {story[:(len(story)+1)/2], newsdedup.Partial},
				} {
					if m := compare(t, plain, page(headline, variant.story)); m.Relation < variant.least {
						t.Errorf("seed %d: %s on a farm's page is %v (%.3f): %s", seed, what, m.Relation, m.Score, m.Evidence.Reason)
					}
				}
				if m := compare(t, page(headline, story), page(w.title(), other)); m.Relation != newsdedup.Unrelated {
					t.Errorf("seed %d: another story on the same farm is %v (%.3f): %s", seed, m.Relation, m.Score, m.Evidence.Reason)
				}
			}
		})
	}
}

// Notices of one kind share every sentence but for who and how much: in every
// script they are Unrelated to one another, or one story at most.
func TestNoticesInEveryScript(t *testing.T) {
	for _, tongue := range tongues {
		t.Run(tongue.name, func(t *testing.T) {
			for seed := range uint64(6) {
				w := newTeller(tongue, seed)
				frame := make([]string, 24)
				for i := range frame {
					frame[i] = w.words[w.rng.IntN(len(w.words))]
				}
				notice := func() *newsdedup.Article {
					words := slices.Clone(frame)
					for i := range words {
						switch i % 4 {
						case 1:
							words[i] = w.words[w.rng.IntN(len(w.words))]
							if w.capital {
								words[i] = upper(words[i])
							}
						case 3:
							words[i] = fmt.Sprint(100 + w.rng.IntN(9000))
						}
					}
					return article("notice", "", []string{strings.Join(words, w.space) + w.stop})
				}
				if m := compare(t, notice(), notice()); m.Relation > newsdedup.SameStory {
					t.Errorf("seed %d: two notices are %v (%.3f): %s", seed, m.Relation, m.Score, m.Evidence.Reason)
				}
			}
		})
	}
}
