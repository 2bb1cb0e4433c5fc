package token

import "slices"

// What the scanner knows of a word.
const (
	lexNone = iota
	lexMonth
	lexCapMonth
	lexAbbrev
	lexPercent
	lexCent
	lexPer
	lexNumber // and its value, 0 to 12
)

// lexeme returns what the word of hash h means.
func lexeme(h uint64) uint8 {
	for i := h % uint64(len(lexKeys)); ; i = (i + 1) % uint64(len(lexKeys)) {
		switch lexKeys[i] {
		case h:
			return lexVals[i]
		case 0:
			return lexNone
		}
	}
}

// filter has the bits of the leading 16 bits of all hashes that lexeme or
// Weekday may know, and of the one that plainWords gives long words.
var filter = func() (t [1 << 10]uint64) {
	long := sum16(0, 0)
	t[long>>54] |= 1 << (long >> 48 & 63)
	for _, h := range lexKeys {
		if h != 0 {
			t[h>>54] |= 1 << (h >> 48 & 63)
		}
	}
	for _, h := range weekdays {
		t[h>>54] |= 1 << (h >> 48 & 63)
	}
	return t
}()

// listed reports whether a hash may be in the lexicon.
func listed(h uint64) bool { return filter[h>>54]>>(h>>48&63)&1 != 0 }

// Raw returns the hash of the folded letters of w, whatever they mean.
func Raw(w string) uint64 {
	var h hasher
	for i := 0; i < len(w); {
		r, n := decode(w, i)
		i += n
		e := lookup(r)
		switch {
		case class(e) == cIgnore:
		case e&expandBit != 0:
			h.expand(e)
		case e&foldMask != 0:
			h.add(rune(e & foldMask))
		default:
			h.add(r)
		}
	}
	return h.sum()
}

// Weekday reports whether the pair of ideographs of hash h is part of the name
// of a weekday.
func Weekday(h uint64) bool { return listed(h) && slices.Contains(weekdays[:], h) }
