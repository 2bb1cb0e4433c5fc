package news

import "strings"

const (
	wordCount    = 1 << 16 // made-up words
	headCount    = 1 << 7  // English words that come most often
	topicCount   = 1 << 6
	topicWords   = 1 << 11
	topicNames   = 1 << 9
	entityCount  = 1 << 15
	phraseCount  = 1 << 12
	publishers   = 1 << 11
	givenCount   = 1 << 10
	surnameCount = 1 << 14
	placeCount   = 1 << 12
)

// A slot is a word of up to 14 letters and the space behind it, padded, so
// that it is written as one block; its last byte is the length.
type slot [16]byte

func makeSlot(s string) (out slot) {
	n := copy(out[:14], s)
	out[n] = ' '
	out[15] = byte(n + 1)
	return out
}

// head are the English words that come most often, by falling frequency.
const head = "the of to and a in for is on that by this with you it not or be are from at as your all have new more an was we will home can us about if page my has search free but our one other do no information time they site he up may what which their news out use any there see only so his when contact here business who web also now help get pm view online first am been would how were me services some these click its like service than find said over after last year years two people into before him her under between while during against since because through should could three told made most down back still where being"

var (
	weekdays = strings.Fields("Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September October November December")
	agencies = []string{"AP", "Reuters", "AFP", "dpa", "UPI", "Yonhap"}
)

// A language is everything that all articles of a stream draw from.
type language struct {
	words    []slot
	head     [headCount]slot
	given    []slot
	surnames []slot
	places   []slot
	topics   [topicCount][topicWords]uint16 // words
	cast     [topicCount][topicNames]uint16 // entities
	phrases  [phraseCount][]uint16          // words; from headBase on those of head
	dates    []slot

	wordPick, headPick, topicPick, entityPick, castPick, phrasePick,
	publisherPick, givenPick, surnamePick picker
}

const headBase = wordCount - headCount

func newLanguage(from uint64) *language {
	l := &language{
		words: make([]slot, wordCount), given: make([]slot, givenCount),
		surnames: make([]slot, surnameCount), places: make([]slot, placeCount),
		wordPick: zipf(wordCount/2, 30, 1.1), headPick: zipf(headCount, 1.5, 1),
		topicPick: zipf(topicWords, 8, 1), entityPick: zipf(entityCount, 6, 1),
		castPick: zipf(topicNames, 3, 1), phrasePick: zipf(phraseCount, 12, 1),
		publisherPick: zipf(publishers, 10, .9), givenPick: zipf(givenCount, 20, 1),
		surnamePick: zipf(surnameCount, 80, .8),
	}
	fields := strings.Fields(head)
	for i := range l.head {
		l.head[i] = makeSlot(fields[i%len(fields)])
	}
	r := rng(seed(from, 'w', 0))
	for i := range l.words {
		// One made-up word in 16 is short; the rare ones are longer.
		n := r.between(4, 9) + r.below(3)*min(1, i>>10)
		if r.chance(16) {
			n = 3
		}
		l.words[i] = makeSlot(coin(&r, n, false))
	}
	for _, names := range []struct {
		of     []slot
		lo, hi int
	}{{l.given, 4, 8}, {l.surnames, 4, 10}, {l.places, 5, 11}} {
		for i := range names.of {
			names.of[i] = makeSlot(coin(&r, r.between(names.lo, names.hi), true))
		}
	}
	for t := range l.topics {
		for i := range l.topics[t] {
			l.topics[t][i] = uint16(r.below(12000)) // neither the rarest nor mostly the most common
		}
		for i := range l.cast[t] {
			l.cast[t][i] = uint16(r.below(entityCount))
		}
	}
	for i := range l.phrases {
		for range r.between(3, 6) {
			if r.chance(100) {
				l.phrases[i] = append(l.phrases[i], uint16(headBase+l.headPick.pick(r.next())))
			} else {
				l.phrases[i] = append(l.phrases[i], uint16(l.wordPick.pick(r.next())))
			}
		}
	}
	for _, d := range weekdays {
		l.dates = append(l.dates, makeSlot(d))
	}
	return l
}

var (
	onsets = []string{"b", "br", "c", "ch", "cl", "d", "dr", "f", "fl", "g", "gr", "h", "j", "k", "l", "m", "n", "p", "pl", "pr", "qu", "r", "s", "sh", "sl", "st", "str", "t", "th", "tr", "v", "w"}
	nuclei = []string{"a", "e", "i", "o", "u", "ai", "ea", "ee", "io", "ou"}
	codas  = []string{"", "", "", "l", "m", "n", "nd", "ng", "nt", "r", "rd", "rm", "s", "st", "t", "ck"}
)

// coin makes up a word of about n letters.
func coin(r *rng, n int, capital bool) string {
	var b []byte
	for len(b) < n {
		b = append(b, onsets[r.below(len(onsets))]...)
		b = append(b, nuclei[r.below(len(nuclei))]...)
		b = append(b, codas[r.below(len(codas))]...)
	}
	if b = b[:min(n, 14)]; capital {
		b[0] -= 'a' - 'A'
	}
	return string(b)
}
