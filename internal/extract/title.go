package extract

import (
	"html"
	"strings"
	"unicode/utf8"
)

// fold keeps the letters and digits of s in lower case, so that texts can be
// compared whatever their quotes, dashes and spaces.
func fold(dst []byte, s string) []byte {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			switch ascii[c] {
			case asciiLetter:
				dst = append(dst, c|0x20)
			case asciiDigit:
				dst = append(dst, c)
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		switch runeClass(r) {
		case runeLetter, runeDigit, runeThai, runeHan, runeHangul:
			if r >= 0x410 && r < 0x430 || r >= 0x391 && r < 0x3AA || r >= 0xC0 && r < 0xDF {
				r += 0x20
			}
			dst = utf8.AppendRune(dst, r)
		}
		i += n
	}
	return dst
}

// separators part the headline from the site's name in a <title>.
var separators = [...]string{" | ", " - ", " – ", " — ", " :: ", " » ", " « ", " · ", " • ", " / ", "｜", "|", "：", " : ", ": ", "_", " ~ ", " -- "}

// cutSite takes the site's name off a <title>: the parts around separators
// that name the site, or, if nothing tells, nothing.
func cutSite(title string, sites []string) string {
	for range 4 {
		cut := false
		for _, sep := range separators {
			i := strings.LastIndex(title, sep)
			if i <= 0 {
				continue
			}
			head, tail := strings.TrimSpace(title[:i]), strings.TrimSpace(title[i+len(sep):])
			names := namesSite
			if colon(sep) {
				names = isSite
			}
			if head != "" && names(tail, sites) {
				title, cut = head, true
				break
			}
			i = strings.Index(title, sep)
			head, tail = strings.TrimSpace(title[:i]), strings.TrimSpace(title[i+len(sep):])
			if tail != "" && names(head, sites) {
				title, cut = tail, true
				break
			}
		}
		if !cut {
			break
		}
	}
	return title
}

// colon reports a separator that headlines have within them as well.
func colon(sep string) bool { return strings.ContainsAny(sep, ":：") && sep != " :: " }

// isSite reports whether part is a name of the site.
func isSite(part string, sites []string) bool {
	p := string(fold(nil, part))
	for _, s := range sites {
		if p == string(fold(nil, s)) {
			return true
		}
	}
	return p == ""
}

// namesSite reports whether part is a name of the site, begins with one, is
// part of a longer one, or holds one among few other letters.
func namesSite(part string, sites []string) bool {
	if len(part) > 240 {
		return false
	}
	p := fold(make([]byte, 0, 64), part)
	if len(p) == 0 {
		return true
	}
	if len(p) > 60 {
		return false
	}
	for _, s := range sites {
		q := fold(make([]byte, 0, 64), s)
		if len(q) < 2 {
			continue
		}
		if string(p) == string(q) || len(q) >= 3 && len(part) > len(s) && strings.HasPrefix(part, s) && part[len(s)] == ' ' && len(p) <= 3*len(q)+8 || len(p) >= 4 && strings.Contains(string(q), string(p)) || len(q) >= 4 && strings.Contains(string(p), string(q)) && len(p) <= 3*len(q)+8 {
			return true
		}
	}
	return false
}

// clean collapses white space and decodes entities that were escaped twice.
func clean(s string) string {
	if strings.IndexByte(s, '&') >= 0 {
		s = html.UnescapeString(s)
	}
	return strings.Join(strings.Fields(s), " ")
}

// parts are the parts of <title> between separators, folded, but for those
// that name the site and those too short to be a headline.
func (m *meta) parts() [][]byte {
	if len(m.title) > 400 {
		return nil
	}
	list := []string{m.title}
	for _, sep := range separators {
		for i := 0; i < len(list) && len(list) < 8; i++ {
			if a, b, ok := strings.Cut(list[i], sep); ok {
				list[i] = b
				list = append(list, a)
				i--
			}
		}
	}
	if len(list) == 1 {
		return nil
	}
	var out [][]byte
	for _, s := range list {
		if f := fold(nil, s); len(f) >= 12 && !isSite(s, m.sites) {
			out = append(out, f)
		}
	}
	return out
}

// findTitle returns the block that shows the headline, or -1: the heading, or
// failing that the short block, that best repeats one of the page's own names
// for the article, or a part of <title>; the highest level first, then the first
// in order.
func (p *page) findTitle() int32 {
	m := p.meta
	folded := make([][]byte, 0, 4)
	for _, t := range m.titles {
		f := fold(make([]byte, 0, len(t)), t)
		if len(f) < 6 {
			continue
		}
		dup := false
		for _, g := range folded {
			dup = dup || string(g) == string(f)
		}
		if !dup && len(folded) < 6 {
			folded = append(folded, f)
		}
	}
	if len(folded) == 0 {
		return -1
	}
	parts := m.parts()
	// A block with fewer bytes or more letters than these can repeat none.
	least, most := 400, 0
	for _, t := range folded {
		least, most = min(least, (len(t)+1)/2), max(most, len(t)*4/3)
	}
	for _, t := range parts {
		least, most = min(least, len(t)), max(most, len(t))
	}
	best, rank := int32(-1), float32(0)
	var buf []byte
	if p.w != nil {
		buf = p.w.fold
		defer func() { p.w.fold = buf }()
	}
	for i := range p.blocks {
		b := &p.blocks[i]
		size := b.end - b.start
		if size > 400 || b.units < 6 || int(size) < least || b.units > float32(most) || p.elems[b.elem].under&roleHidden != 0 {
			continue
		}
		buf = fold(buf[:0], p.view(b))
		f := buf
		if len(f) < 6 {
			continue
		}
		var r float32
		for _, t := range folded {
			switch {
			case len(f) == len(t) && string(f) == string(t):
				r = 3
			case len(f) >= 12 && 2*len(f) >= len(t) && strings.Contains(string(t), string(f)):
				r = max(r, 2)
			case len(t) >= 12 && 4*len(t) >= 3*len(f) && strings.Contains(string(f), string(t)):
				r = max(r, 1.5)
			}
		}
		for _, t := range parts {
			if len(t) == len(f) && string(t) == string(f) {
				r = max(r, 1.5+float32(len(t))/400)
			}
		}
		if r == 0 {
			continue
		}
		if b.kind == kindHeading {
			r += 2.5 - float32(b.level)/3
		}
		if b.links > 0.5*b.units {
			r -= 1.5
		}
		if p.elems[b.elem].under&(roleNav|roleRelated|roleAside|roleFoot|roleComment) != 0 {
			r -= 1
		}
		if r > rank {
			best, rank = int32(i), r
		}
	}
	return best
}
