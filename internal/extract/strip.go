package extract

import "bytes"

// strip appends to dst the page without what is never read: the insides of
// scripts other than JSON-LD, of style sheets, <noscript>, <iframe>, pictures in
// SVG, and comments; attributes that neither this package nor the parser looks
// at; all but the first of the blanks behind a tag. They are 57 % of the bytes
// of the labelled pages, and the parser reads byte by byte and copies every
// attribute. The tree of what is left is the page's own but for these: the scan
// divides the page into tags as the parser's tokenizer does (WHATWG HTML,
// 13.2.5), and where it cannot know what that does, in scripts with <!-- and in
// SVG or MathML that holds markup of HTML, it leaves all of the rest as it is.
func strip(dst, page []byte) []byte {
	from := 0 // what follows is not yet appended
	cut := func(a, b int) {
		if b > a {
			dst = append(dst, page[from:a]...)
			from = b
		}
	}
	foreign := 0      // depth of <svg> and <math>
	picture := -1     // where the inside of the outermost <svg> begins; -1: there is none, or it is more than a picture
	verbatim := false // blanks may be shown as they are
	var drop [][2]int // unread attributes of a tag
	for i := 0; i < len(page); {
		j := bytes.IndexByte(page[i:], '<')
		if j < 0 || i+j+1 >= len(page) {
			break
		}
		i += j
		switch c := page[i+1]; {
		case c == '!' && bytes.HasPrefix(page[i:], []byte("<!--")):
			end := commentEnd(page, i+4)
			if end < 0 {
				return append(dst, page[from:]...)
			}
			if page[end-1] == '>' && end-i > 32 && (picture < 0 || foreign == 0) && page[end-2] == '-' {
				cut(i+4, end-3)
			}
			i = end
			continue
		case c == '!' && foreign > 0 && bytes.HasPrefix(page[i:], []byte("<![CDATA[")):
			return append(dst, page[from:]...)
		case c == '!' || c == '?':
			if j = bytes.IndexByte(page[i:], '>'); j < 0 {
				return append(dst, page[from:]...)
			}
			i += j + 1
			continue
		case c == '/':
			if i+2 >= len(page) || !isLetter(page[i+2]) {
				// "</>" is nothing, "</1" a comment: both end at the next ">".
				if j = bytes.IndexByte(page[i:], '>'); j < 0 {
					return append(dst, page[from:]...)
				}
				i += j + 1
				continue
			}
			name, end, _ := tagEnd(page, i+2, nil)
			if foreign > 0 {
				if is(name, "svg") || is(name, "math") {
					if foreign--; foreign == 0 && picture >= 0 {
						cut(picture, i)
					}
				} else if !drawing(name) {
					picture = -1
				}
			}
			i = end
			if foreign == 0 && !verbatim {
				i = blanks(page, i, cut)
			}
			continue
		case !isLetter(c):
			i++
			continue
		}
		drop = drop[:0]
		name, end, closed := tagEnd(page, i+1, &drop)
		if end > len(page) {
			break
		}
		if foreign == 0 && !formatting(name) {
			for _, d := range drop {
				cut(d[0], d[1])
			}
		}
		tag := page[i:end]
		i = end
		if foreign > 0 && !drawing(name) {
			picture = -1
		}
		raw := ""
		switch name[0] | 0x20 {
		case 'i':
			raw = rawName(name, "iframe")
		case 'm':
			if is(name, "math") && !closed {
				foreign++
			}
		case 'n':
			if raw = rawName(name, "noscript"); raw == "" {
				if raw = rawName(name, "noembed"); raw == "" {
					raw = rawName(name, "noframes")
				}
			}
		case 'p':
			if is(name, "plaintext") {
				return append(dst, page[from:]...)
			}
		case 's':
			if raw = rawName(name, "script"); raw == "" {
				raw = rawName(name, "style")
			}
			if is(name, "svg") && !closed {
				if foreign++; foreign == 1 {
					picture = i
				}
			}
		case 't':
			if raw = rawName(name, "title"); raw == "" {
				raw = rawName(name, "textarea")
			}
		case 'x':
			raw = rawName(name, "xmp")
		}
		if raw == "" {
			verbatim = verbatim || is(name, "pre") || is(name, "listing")
			if foreign == 0 && !verbatim {
				i = blanks(page, i, cut)
			}
			continue
		}
		j = rawEnd(page[i:], raw)
		if j < 0 {
			break
		}
		inside := page[i : i+j]
		if foreign > 0 && bytes.IndexByte(inside, '<') >= 0 {
			break
		}
		if raw == "script" && bytes.Contains(inside, []byte("<!--")) {
			// Where a script inside the comment of a script ends it is not the
			// first end tag that ends the outer one.
			if k := bytes.Index(inside, []byte("<!--")); foldIndex(inside[k:], "<script") >= 0 {
				break
			}
		}
		switch {
		case picture >= 0 && foreign > 0:
		case raw == "script":
			if foldIndex(tag, "json") < 0 {
				cut(i, i+j)
			}
		case raw == "style" || raw == "noscript" || raw == "iframe":
			cut(i, i+j)
		}
		i += j
	}
	return append(dst, page[from:]...)
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isBlank(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' }

// is reports a name in any case; want is in lower case.
func is(name []byte, want string) bool {
	if len(name) != len(want) {
		return false
	}
	for i := range name {
		if c := name[i]; c != want[i] && c != want[i]-('a'-'A') {
			return false
		}
	}
	return true
}

// drawing reports the name of an element of SVG that holds no HTML and that a
// picture can hold.
func drawing(name []byte) bool {
	var buf [16]byte
	if len(name) > len(buf) {
		return false
	}
	for i, c := range name {
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		buf[i] = c
	}
	switch string(buf[:len(name)]) {
	case "svg", "path", "g", "circle", "rect", "use", "symbol", "defs", "polygon", "polyline", "line", "ellipse", "title", "desc", "style",
		"lineargradient", "radialgradient", "stop", "clippath", "mask", "text", "tspan", "image", "filter", "pattern", "animate", "view", "metadata":
		return true
	}
	return false
}

func rawName(name []byte, want string) string {
	if is(name, want) {
		return want
	}
	return ""
}

// blanks cuts all but the first of the blanks from i on, and returns where they
// end.
func blanks(page []byte, i int, cut func(a, b int)) int {
	j := i
	for j < len(page) && isBlank(page[j]) {
		j++
	}
	if j > i+1 {
		cut(i+1, j)
	}
	return j
}

// formatting reports an element that the parser compares with others of its name
// by all attributes (WHATWG HTML, 13.2.4.3). Of two <a> it never does: the
// second ends the first.
func formatting(name []byte) bool {
	switch len(name) {
	case 1:
		switch name[0] | 0x20 {
		case 'b', 'i', 's', 'u':
			return true
		}
	case 2:
		return is(name, "em") || is(name, "tt")
	case 3:
		return is(name, "big")
	case 4:
		return is(name, "font") || is(name, "code") || is(name, "nobr")
	case 5:
		return is(name, "small")
	case 6:
		return is(name, "strong") || is(name, "strike")
	}
	return false
}

// isRead reports the name of an attribute that this package looks at, or the parser: type of
// <input>, encoding of <annotation-xml>.
func isRead(name []byte) bool {
	switch len(name) {
	case 2:
		return is(name, "id")
	case 3:
		return is(name, "rel")
	case 4:
		return is(name, "href") || is(name, "role") || is(name, "type") || is(name, "name") || is(name, "lang")
	case 5:
		return is(name, "class") || is(name, "style")
	case 6:
		return is(name, "hidden")
	case 7:
		return is(name, "content") || is(name, "pubdate")
	case 8:
		return is(name, "itemprop") || is(name, "property") || is(name, "datetime") || is(name, "xml:lang") || is(name, "encoding")
	case 10:
		return is(name, "http-equiv")
	case 11:
		return is(name, "aria-hidden")
	}
	return false
}

// tagEnd reads a tag from its name on: the name, the index behind the ">",
// beyond the page's end if there is none, and whether the tag closes itself. To
// unread are added, if it is given, the attributes behind a blank that isRead does
// not report, up to what follows them.
func tagEnd(page []byte, i int, unread *[][2]int) (name []byte, end int, closed bool) {
	start := i
	for i < len(page) && !isBlank(page[i]) && page[i] != '/' && page[i] != '>' {
		i++
	}
	name = page[start:i]
	slash := false // the last character outside attributes is a "/"
	last := -1     // where the last attribute begins, if it is unread
	for {
		for i < len(page) && isBlank(page[i]) {
			i++
		}
		if i >= len(page) {
			return name, len(page) + 1, false
		}
		if last >= 0 && page[i] != '=' { // a "=" would be that of the attribute before
			*unread = append(*unread, [2]int{last, i})
		}
		last = -1
		if page[i] == '>' {
			return name, i + 1, slash && page[i-1] == '/'
		}
		slash = false
		// The attribute's name; a "=" that begins it is part of it.
		k := i
		for ; i < len(page); i++ {
			if c := page[i]; isBlank(c) || c == '/' || c == '>' || c == '=' && i > k {
				break
			}
		}
		if unread != nil && isBlank(page[k-1]) && !isRead(page[k:i]) {
			last = k
		}
		for i < len(page) && isBlank(page[i]) {
			i++
		}
		if i >= len(page) {
			return name, len(page) + 1, false
		}
		if page[i] == '/' {
			last = -1
			slash = true
			i++
			continue
		}
		if page[i] != '=' {
			continue
		}
		for i++; i < len(page) && isBlank(page[i]); i++ {
		}
		if i >= len(page) {
			return name, len(page) + 1, false
		}
		switch q := page[i]; q {
		case '>':
		case '"', '\'':
			j := bytes.IndexByte(page[i+1:], q)
			if j < 0 {
				return name, len(page) + 1, false
			}
			i += j + 2
		default:
			for i < len(page) && !isBlank(page[i]) && page[i] != '>' {
				i++
			}
		}
	}
}

// commentEnd returns the index behind the comment whose text begins at i, or
// -1.
func commentEnd(page []byte, i int) int {
	// "<!-->" and "<!--->" are whole comments.
	if i < len(page) && page[i] == '>' {
		return i + 1
	}
	if i+1 < len(page) && page[i] == '-' && page[i+1] == '>' {
		return i + 2
	}
	for {
		j := bytes.Index(page[i:], []byte("--"))
		if j < 0 {
			return -1
		}
		i += j
		k := i + 2
		for k < len(page) && page[k] == '-' {
			k++
		}
		switch {
		case k < len(page) && page[k] == '>':
			return k + 1
		case k+1 < len(page) && page[k] == '!' && page[k+1] == '>':
			return k + 2
		}
		i = k
	}
}

// rawEnd returns where the end tag of an element of raw text begins, or -1.
func rawEnd(s []byte, name string) int {
	for i := 0; ; {
		j := bytes.Index(s[i:], []byte("</"))
		if j < 0 {
			return -1
		}
		i += j
		k := i + 2 + len(name)
		if k >= len(s) {
			return -1
		}
		if c := s[k]; is(s[i+2:k], name) && (isBlank(c) || c == '/' || c == '>') {
			return i
		}
		i += 2
	}
}

// foldIndex is where sub, in lower case, first stands in s in any case, or -1.
func foldIndex(s []byte, sub string) int {
	for i := 0; i+len(sub) <= len(s); i++ {
		k := 0
		for k < len(sub) && (s[i+k] == sub[k] || sub[k] >= 'a' && sub[k] <= 'z' && s[i+k] == sub[k]-('a'-'A')) {
			k++
		}
		if k == len(sub) {
			return i
		}
	}
	return -1
}
