package token

// leftOpen reports whether the code point that ends at i leaves a quotation
// mark free to open: the start, a space, an opening bracket, a dash, another
// quotation mark.
func leftOpen(s string, i int) bool {
	r := before(s, i)
	switch r {
	case -1, '(', '[', '{', '/', '-', '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2015', '\u00BF', '\u00A1', '\uFF08', '\u3010', '\uFF1A', '\uFF0C', '\u3001', '\u3002':
		return true
	}
	switch class(lookup(r)) {
	case cSpace, cThin, cNewline, cQuote, cApos, cHan, cHira, cKata, cSEA, cSEAMark:
		return true
	}
	return false
}

// rightOpen reports whether the text at i goes on as a quotation would.
func rightOpen(s string, i int) bool {
	r, e := at(s, i)
	switch r {
	case -1, ')', ']', '}', ':', ';', '\u2013', '\u2014', '\uFF09', '\uFF1A', '\uFF1B', '\u3001':
		return false
	}
	switch class(e) {
	case cSpace, cThin, cNewline, cComma, cDot, cEnd, cStop:
		return false
	}
	return true
}

// closes reports whether mark r ends what mark open began, by the customs of
// the languages that use them; right says, if r is \u201C, that more text follows
// at once.
func closes(open, r rune, right bool) bool {
	switch open {
	case '\u201C', '\u201F', '\u301D':
		return r == '\u201D' || r == '"' || r == '\u301E' || r == '\u301F' || r == '\uFF02' || r == '\u201C' && !right
	case '\u201E':
		return r == '\u201C' || r == '\u201D' || r == '"' || r == '\u201F'
	case '"', '\uFF02':
		return r == '"' || r == '\uFF02' || r == '\u201D' || r == '\u201C' && !right
	case '\u201D':
		return r == '\u201D' || r == '"'
	case '\u00AB':
		return r == '\u00BB'
	case '\u00BB':
		return r == '\u00AB'
	case '\u2039':
		return r == '\u203A'
	case '\u203A':
		return r == '\u2039'
	case '\u300C', '\uFF62':
		return r == '\u300D' || r == '\uFF63'
	case '\u300E':
		return r == '\u300F'
	}
	return false
}

// quotation takes the double quotation mark r of size n at i.
func (c *scanner) quotation(i, n int, r rune) {
	if c.quote != 0 {
		if closes(c.quote, r, r == '\u201C' && rightOpen(c.s, i+n)) {
			c.turn(0)
		}
		return
	}
	opens := false
	switch r {
	case '\u300C', '\u300E', '\uFF62', '\u201E', '\u301D':
		opens = true
	case '\u201C':
		opens = rightOpen(c.s, i+n)
	case '\u00AB', '\u2039':
		opens = leftOpen(c.s, i)
	case '"', '\uFF02', '\u201D', '\u201F', '\u00BB', '\u203A':
		opens = leftOpen(c.s, i) && rightOpen(c.s, i+n)
	}
	if opens {
		c.turn(r)
	}
}

// ahead bounds how far the closing mark of a single quotation may be.
const ahead = 500

// apostrophe takes the mark r of size n at i, which is not within a word. It
// opens a quotation only where a mark that closes it stands on the same line,
// at most 500 bytes on.
func (c *scanner) apostrophe(i, n int, r rune) {
	s := c.s
	switch c.quote {
	case '\'', '\u2018':
		if r == '\'' || r == '\u2019' {
			_, e := at(s, i+n)
			if k := class(e); k != cLetter && k != cDigit {
				c.turn(0)
			}
		}
		return
	case 0:
	default:
		return
	}
	if r != '\'' && r != '\u2018' || !leftOpen(s, i) {
		return
	}
	if _, e := at(s, i+n); class(e) != cLetter {
		return
	}
	kind := 0
	if r != '\'' {
		kind = 1
	}
	j := max(i+n, c.open[kind])
	for j < len(s) && j < i+n+ahead {
		x, m := decode(s, j)
		if class(lookup(x)) == cNewline {
			break
		}
		if x == '\u2019' || x == '\'' && r == '\'' {
			_, e := at(s, j+m)
			if k := class(e); k != cLetter && k != cDigit && !leftOpen(s, j) {
				c.turn(r)
				return
			}
		}
		j += m
	}
	// What was looked through in vain need not be again: this keeps a text
	// full of opening marks linear.
	c.open[kind] = j
}
