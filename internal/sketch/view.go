package sketch

// A View is an encoded sketch to be read where it lies: only its segments are
// decoded. The zero View is that of a text without words.
type View struct {
	Words  uint32
	Level  uint8
	Len    int    // tokens
	Tokens string // Len of two bytes each, little-endian; more may follow
	Kinds  string // Len of two bits each, the first in the low bits
	Segs   []Segment
	Short  string // hashes of two bytes each, ascending
	Head   string // tokens of two bytes each

	HeadKinds string // two bits each
}

// Token returns token i.
func (v *View) Token(i int) uint16 {
	return uint16(v.Tokens[2*i]) | uint16(v.Tokens[2*i+1])<<8
}

// Kind returns the kind of token i.
func (v *View) Kind(i int) Kind { return Kind(v.Kinds[i/4]>>(i%4*2)) & 3 }

// Read lays out b, which Append wrote, reusing the segments of v. Of anything
// else it makes the zero View, or one of other content; Decode is what tells
// good from bad.
func (v *View) Read(b string) {
	segs := v.Segs[:0]
	*v = View{Segs: segs}
	if len(b) < fixedSize {
		return
	}
	i := fixedSize
	var counts [5]int
	for k := range counts {
		n, j := varint(b, i)
		if j == 0 || k > 0 && n > uint64(len(b)) {
			return
		}
		counts[k] = int(n)
		i = j
	}
	words, n, m, short, head := counts[0], counts[1], counts[2], counts[3], counts[4]
	if 2*n+(n+3)/4+3*m > len(b)-i {
		return
	}
	tokens := b[i:]
	kinds := b[i+2*n : i+2*n+(n+3)/4]
	i += 2*n + (n+3)/4
	if cap(segs) < m {
		segs = make([]Segment, m+m/4)
	}
	segs = segs[:m]
	rest, ok := readSegments(segs, b[i:], uint32(n))
	if !ok {
		return
	}
	i = len(b) - len(rest)
	if 2*(short+head)+(head+3)/4 > len(b)-i {
		return
	}
	*v = View{
		Words: uint32(words), Level: b[32], Len: n, Tokens: tokens, Kinds: kinds, Segs: segs,
		Short: b[i : i+2*short], Head: b[i+2*short : i+2*(short+head)], HeadKinds: b[i+2*(short+head):][:(head+3)/4],
	}
}

// readSegments reads segments of n tokens in all from b, and returns what
// follows.
func readSegments(segs []Segment, b string, n uint32) (rest string, ok bool) {
	var t, end uint32
	at := 0
	for k := range segs {
		if t >= n {
			return "", false
		}
		g := &segs[k]
		g.Token = t
		if at+4 <= len(b) {
			p := b[at : at+4]
			v := uint32(p[0]) | uint32(p[1])<<8 | uint32(p[2])<<16 | uint32(p[3])<<24
			if v&0x80008080 == 0 {
				// As most are: the last of the three has one byte or two.
				more := v >> 23 & 1
				g.Start = end + v>>11&0xF
				end = g.Start + v>>16&0x7F + v>>24&0x7F<<7&-more
				g.End, g.Flags = end, Flags(v>>8&7)
				t += v & 0x7F
				at += 3 + int(more)
				continue
			}
		}
		var vs [3]uint64
		for j := range vs {
			if vs[j], at = varint(b, at); at == 0 {
				return "", false
			}
		}
		if vs[0] > uint64(n) {
			return "", false
		}
		g.Start = end + uint32(vs[1]>>3)
		end = g.Start + uint32(vs[2])
		g.End, g.Flags = end, Flags(vs[1]&7)
		t += uint32(vs[0])
	}
	return b[at:], true
}

// Of lays out s itself.
func (v *View) Of(s *Sketch) { v.Read(string(s.Append(nil))) }

// Words returns the words of what Append wrote, 0 of anything shorter.
func Words(b string) uint64 {
	n, _ := varint(b, fixedSize)
	return n
}

// Level returns the level of what Append wrote, 0 of anything shorter.
func Level(b string) uint8 {
	if len(b) < fixedSize {
		return 0
	}
	return b[fixedSize-1]
}

// Tokens returns the tokens and kinds of what Append wrote, as in View, with
// its level; none of anything else.
func Tokens(b string) (tokens, kinds string, level uint8) {
	if len(b) < fixedSize {
		return "", "", 0
	}
	i, n := fixedSize, 0
	for k := range 5 {
		c, j := varint(b, i)
		if j == 0 || k > 0 && c > uint64(len(b)) {
			return "", "", 0
		}
		if k == 1 {
			n = int(c)
		}
		i = j
	}
	if 2*n+(n+3)/4 > len(b)-i {
		return "", "", 0
	}
	return b[i : i+2*n], b[i+2*n : i+2*n+(n+3)/4], b[fixedSize-1]
}
