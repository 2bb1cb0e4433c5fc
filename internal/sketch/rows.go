package sketch

import "github.com/newsdedup/newsdedup/internal/token"

// What formOf says of a token beside its Kind, which is in the low byte.
const (
	upperForm   = 1 << (iota + 8) // starts with a capital
	maybeForm                     // a name if it is one elsewhere
	kataForm                      // a name whatever the case of its sentence
	nameForm                      // a name
	markedForm                    // content that is a name, maybe one, or has a capital
	shortForm                     // no content, but a short name if no abbreviation or single letter
	contentForm = 1 << 30
	specialForm = 1 << 31 // marked, starts something, or may be a short name
)

// formMask has the bits of the flags that matter to formOf.
const formMask = 1<<12 - 1

// forms gives what matters of the flags of a token.
type forms [formMask + 1]uint32

func (t *forms) of(f token.Flags) uint32 { return t[f&formMask] }

// formOf is for texts of which the content tokens are items.
var formOf = func() (t forms) {
	for i := range t {
		f := token.Flags(i)
		var x uint32
		switch {
		case f&token.Number != 0:
			x = uint32(Number)
		case f&token.Month != 0:
			x = uint32(Date)
		case f&token.Kata != 0:
			x = uint32(Name) | kataForm
		case f&(token.Caps|token.Mixed|token.Acronym) != 0:
			x = uint32(Name)
		case f&token.Upper != 0 && f&token.Sentence != 0:
			x = maybeForm
		case f&token.Upper != 0:
			x = uint32(Name)
		}
		if f&(token.Lower|token.Upper) == token.Upper {
			x |= upperForm | markedForm
		}
		if Kind(x) == Name {
			x |= markedForm | nameForm
		}
		if f&token.Content != 0 {
			x |= contentForm
		} else {
			x &^= markedForm | maybeForm | nameForm | upperForm
		}
		if f&short == token.Upper && f&token.Month == 0 && (f&(token.Caps|token.Mixed) != 0 || f&token.Sentence == 0) {
			x |= shortForm
		}
		if x&(markedForm|shortForm) != 0 || f&carried != 0 {
			x |= specialForm
		}
		t[i] = x
	}
	return t
}()

// formAll is for texts of which all tokens are items.
var formAll = func() (t forms) {
	for i, x := range formOf {
		t[i] = formOf.of(token.Flags(i)|token.Content)&^shortForm | x&(shortForm|specialForm)
	}
	return t
}()

// short are the flags that tell words that may be short names, being Upper.
const short = token.Upper | token.Content

// carried are the flags of tokens that start something.
const carried = token.Sentence | token.Paragraph | token.Turn

// A special is a token that is marked, starts something or may be a short name:
// its index, and how many items there are before it. Names in headlines have
// their index and inHeadline; there are fewer tokens.
type special struct{ token, item uint32 }

const inHeadline = 1 << 31

// batch is how many words take takes at most; an index of eight bits needs no
// check.
const batch = 256

// rows is what is made of some words that follow each other. It is one struct so
// that one register points at it.
type rows struct {
	hashes   [batch]uint64 // of the items
	specials [batch]special
	from     [batch]uint32
	tokens   [batch]uint16
	kinds    [batch]Kind
}

// unspacedFlags are those of tokens that are characters.
const unspacedFlags = token.Unspaced

// plainTake takes the words that ts starts with, at most batch, the first being
// the scanner's token at: it adds them to d, makes items of those that are
// content, and notes what is special, counting items from here on. It takes no
// branch for that, but writes all and over what is not. It returns how many
// words, items and specials they are.
func plainTake(r *rows, d *digester, ts []token.Token, at uint32) (n, items, specials int) {
	_ = r.hashes[0]
	x, y := d.x, d.y // in registers
	k, ns := uint32(0), uint32(0)
	for n < len(ts) {
		h, f := ts[n].Hash, ts[n].Flags
		if f&unspacedFlags != 0 {
			break
		}
		x, y = mixed(x, y, h)
		i := at + uint32(n)
		n++
		r.hashes[uint8(k)] = h
		r.tokens[uint8(k)] = uint16(h >> 48)
		r.from[uint8(k)] = i
		e := &r.specials[uint8(ns)]
		e.token, e.item = i, k
		v := formOf.of(f)
		r.kinds[uint8(k)] = Kind(v)
		ns += v / specialForm
		k += v / contentForm & 1
	}
	d.x, d.y = x, y
	return n, int(k), int(ns)
}
