package token

// What the scanner knows of a word.
const (
	lexNone = iota
	lexMonth
	lexCapMonth
	lexAbbrev
	lexPercent
	lexCent
	lexPer
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

// Raw returns the hash of the folded letters of w, whatever they mean.
func Raw(w string) uint64 {
	h := uint64(hashSeed)
	for i := 0; i < len(w); {
		r, n := decode(w, i)
		i += n
		e := lookup(r)
		switch {
		case class(e) == cIgnore:
		case e&expandBit != 0:
			x := e & foldMask
			for _, v := range expansions[x>>5 : x>>5+x&31] {
				h = step(h, uint64(v))
			}
		case e&foldMask != 0:
			h = step(h, uint64(e&foldMask))
		default:
			h = step(h, uint64(r))
		}
	}
	return Mix(h)
}

// Weekday reports whether the pair of ideographs of hash h is part of the name
// of a weekday.
func Weekday(h uint64) bool {
	for _, x := range weekdays {
		if x == h {
			return true
		}
	}
	return false
}
