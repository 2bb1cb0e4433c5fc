package sketch

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"slices"
)

// MaxSize is the most bytes that Append adds for a sketch that Build made.
const MaxSize = 3840

// ErrFormat is wrapped by the errors of Decode.
var ErrFormat = errors.New("sketch: bad encoding")

const fixedSize = 16 + 8 + 8 + 1

// Append appends the encoded form of s to dst:
//
//	digest   16 bytes
//	body     8 bytes, little-endian, as all that follows
//	title    8 bytes
//	level    1 byte
//	words, tokens, segments, short names, head tokens: 5 counts, varints
//	tokens   2 bytes each
//	kinds    2 bits each, the first in the low bits, padded with 0
//	segments 3 varints each: tokens in it; bytes since the end of the one
//	         before, times 8, plus flags; bytes from start to end
//	short    2 bytes each, ascending, all different
//	head     2 bytes each
//	kinds    of the head, 2 bits each, padded with 0
//
// A varint is unsigned LEB128 of the fewest bytes that hold it.
func (s *Sketch) Append(dst []byte) []byte {
	dst = append(dst, s.Digest[:]...)
	dst = binary.LittleEndian.AppendUint64(dst, s.Body)
	dst = binary.LittleEndian.AppendUint64(dst, s.Title)
	dst = append(dst, s.Level)
	dst = binary.AppendUvarint(dst, uint64(s.Words))
	dst = binary.AppendUvarint(dst, uint64(len(s.Tokens)))
	dst = binary.AppendUvarint(dst, uint64(len(s.Segs)))
	dst = binary.AppendUvarint(dst, uint64(len(s.Short)))
	dst = binary.AppendUvarint(dst, uint64(len(s.Head)))
	dst = appendHashes(dst, s.Tokens)
	dst = appendKinds(dst, s.Kinds)
	end := uint32(0)
	for i := range s.Segs {
		g := &s.Segs[i]
		n := uint32(len(s.Tokens))
		if i+1 < len(s.Segs) {
			n = s.Segs[i+1].Token
		}
		dst = appendVarint(dst, uint64(n-g.Token))
		dst = appendVarint(dst, uint64(g.Start-end)<<3|uint64(g.Flags))
		dst = appendVarint(dst, uint64(g.End-g.Start))
		end = g.End
	}
	dst = appendHashes(dst, s.Short)
	dst = appendHashes(dst, s.Head)
	return appendKinds(dst, s.HeadKinds)
}

func appendVarint(dst []byte, v uint64) []byte {
	if v < 0x80 {
		return append(dst, byte(v))
	}
	if v < 0x4000 {
		return append(dst, byte(v)|0x80, byte(v>>7))
	}
	return binary.AppendUvarint(dst, v)
}

func appendHashes(dst []byte, hs []uint16) []byte {
	dst = slices.Grow(dst, 2*len(hs))
	for len(hs) >= 4 {
		dst = binary.LittleEndian.AppendUint64(dst, uint64(hs[0])|uint64(hs[1])<<16|uint64(hs[2])<<32|uint64(hs[3])<<48)
		hs = hs[4:]
	}
	for _, h := range hs {
		dst = append(dst, byte(h), byte(h>>8))
	}
	return dst
}

func appendKinds(dst []byte, ks []Kind) []byte {
	for len(ks) >= 8 {
		v := uint64(ks[0]) | uint64(ks[1])<<8 | uint64(ks[2])<<16 | uint64(ks[3])<<24 |
			uint64(ks[4])<<32 | uint64(ks[5])<<40 | uint64(ks[6])<<48 | uint64(ks[7])<<56
		v |= v >> 6
		v |= v >> 12
		dst = append(dst, byte(v), byte(v>>32))
		ks = ks[8:]
	}
	for i, k := range ks {
		if i%4 == 0 {
			dst = append(dst, 0)
		}
		dst[len(dst)-1] |= byte(k << (2 * (i % 4)))
	}
	return dst
}

// size returns how many bytes Append appends.
func (s *Sketch) size() int {
	n := fixedSize
	for _, v := range [...]int{int(s.Words), len(s.Tokens), len(s.Segs), len(s.Short), len(s.Head)} {
		n += varintSize(uint64(v))
	}
	n += 2*(len(s.Tokens)+len(s.Short)+len(s.Head)) + (len(s.Tokens)+3)/4 + (len(s.Head)+3)/4
	end := uint32(0)
	for i, g := range s.Segs {
		t := uint32(len(s.Tokens))
		if i+1 < len(s.Segs) {
			t = s.Segs[i+1].Token
		}
		n += varintSize(uint64(t-g.Token)) + varintSize(uint64(g.Start-end)<<3|uint64(g.Flags)) + varintSize(uint64(g.End-g.Start))
		end = g.End
	}
	return n
}

func varintSize(v uint64) int { return (bits.Len64(v|1) + 6) / 7 }

// varint reads a varint of at most 2^35 at i. The new offset is 0 if there is
// none in its shortest form.
func varint(b string, i int) (uint64, int) {
	if i >= len(b) {
		return 0, 0
	}
	c := b[i]
	if c < 0x80 {
		return uint64(c), i + 1
	}
	v := uint64(c & 0x7F)
	for k := 1; k < 5; k++ {
		if i+k >= len(b) {
			return 0, 0
		}
		c = b[i+k]
		v |= uint64(c&0x7F) << (7 * k)
		if c < 0x80 {
			if c == 0 {
				return 0, 0
			}
			return v, i + k + 1
		}
	}
	return 0, 0
}

// Decode fills s from what Append wrote, reusing its slices, and returns the
// number of bytes read; more may follow. It accepts nothing that Append would
// not have written in the same way for a sketch with ascending segments. An
// error wraps ErrFormat and leaves s with any content.
func (s *Sketch) Decode(b string) (int, error) {
	fail := func(what string, i int) (int, error) {
		return 0, fmt.Errorf("%w: %s at byte %d", ErrFormat, what, i)
	}
	if len(b) < fixedSize {
		return fail("header cut short", len(b))
	}
	copy(s.Digest[:], b)
	s.Body, s.Title = Load(b[16:]), Load(b[24:])
	s.Level = b[32]
	if s.Level > MaxLevel {
		return fail("level", 32)
	}
	i := fixedSize
	var counts [5]int
	for k := range counts {
		v, j := varint(b, i)
		if j == 0 || k > 0 && v > uint64(len(b)) || v > 1<<31 {
			return fail("count", i)
		}
		if k == 0 {
			s.Words = uint32(v)
		} else {
			counts[k] = int(v)
		}
		i = j
	}
	tokens, segs, short, head := counts[1], counts[2], counts[3], counts[4]
	if 2*(tokens+short+head)+(tokens+3)/4+(head+3)/4+3*segs > len(b)-i {
		return fail("count", i)
	}
	if (tokens == 0) != (segs == 0) {
		return fail("segment count", i)
	}
	s.Tokens, i = hashes(s.Tokens, b, i, tokens)
	var ok bool
	if s.Kinds, i, ok = kinds(s.Kinds, b, i, tokens); !ok {
		return fail("kind padding", i-1)
	}
	if cap(s.Segs) < segs {
		s.Segs = make([]Segment, segs)
	}
	s.Segs = s.Segs[:segs]
	t, end := uint64(0), uint64(0)
	for k := range s.Segs {
		var n, f, l uint64
		if i+4 <= len(b) && b[i]|b[i+1]|b[i+3] < 0x80 && b[i+3] != 0 {
			// As most are: the last of the three has one byte or two.
			p := b[i : i+4]
			n, f = uint64(p[0]), uint64(p[1])
			more := uint64(p[2] >> 7)
			l = uint64(p[2]&0x7F) | uint64(p[3])<<7&-more
			i += 3 + int(more)
		} else {
			from := i
			if n, i = varint(b, i); i != 0 {
				if f, i = varint(b, i); i != 0 {
					l, i = varint(b, i)
				}
			}
			if i == 0 {
				return fail("segment", from)
			}
		}
		start := end + f>>3
		end = start + l
		if n == 0 || l == 0 || end > 1<<31 || k == 0 && f&uint64(Sentence) == 0 || f&uint64(Sentence|Paragraph) == uint64(Paragraph) {
			return fail("segment", i)
		}
		s.Segs[k] = Segment{Token: uint32(t), Start: uint32(start), End: uint32(end), Flags: Flags(f & 7)}
		if t += n; t > uint64(tokens) {
			return fail("segment", i)
		}
	}
	if t != uint64(tokens) {
		return fail("token count", i)
	}
	if 2*(short+head)+(head+3)/4 > len(b)-i {
		return fail("cut short", len(b))
	}
	s.Short, i = hashes(s.Short, b, i, short)
	for k := 1; k < short; k++ {
		if s.Short[k-1] >= s.Short[k] {
			return fail("short names out of order", i)
		}
	}
	s.Head, i = hashes(s.Head, b, i, head)
	if s.HeadKinds, i, ok = kinds(s.HeadKinds, b, i, head); !ok {
		return fail("kind padding", i-1)
	}
	return i, nil
}

// hashes reads n hashes of b at i, which are there.
func hashes(dst []uint16, b string, i, n int) ([]uint16, int) {
	if cap(dst) < n {
		dst = make([]uint16, n)
	}
	dst = dst[:n]
	x := b[i : i+2*n]
	k := 0
	for ; k+8 <= n; k += 8 {
		d, y := dst[k:k+8:k+8], x[2*k:2*k+16]
		v, w := Load(y), Load(y[8:])
		d[0], d[1], d[2], d[3] = uint16(v), uint16(v>>16), uint16(v>>32), uint16(v>>48)
		d[4], d[5], d[6], d[7] = uint16(w), uint16(w>>16), uint16(w>>32), uint16(w>>48)
	}
	for ; k < n; k++ {
		dst[k] = uint16(x[2*k]) | uint16(x[2*k+1])<<8
	}
	return dst, i + 2*n
}

// kinds reads n kinds of b at i, which are there, and reports whether the
// padding is 0.
func kinds(dst []Kind, b string, i, n int) ([]Kind, int, bool) {
	if cap(dst) < n {
		dst = make([]Kind, n)
	}
	dst = dst[:n]
	k := 0
	for ; k+8 <= n; k += 8 {
		v := uint64(b[i]) | uint64(b[i+1])<<8
		v = (v | v<<24) & 0x000000FF_000000FF
		v = (v | v<<12) & 0x000F000F_000F000F
		put(dst[k:k+8:k+8], (v|v<<6)&0x03030303_03030303)
		i += 2
	}
	for d := dst[k:]; len(d) > 0; d = d[min(4, len(d)):] {
		x := Kind(b[i])
		i++
		for k := range min(4, len(d)) {
			d[k] = x & 3
			x >>= 2
		}
		if x != 0 {
			return dst, i, false
		}
	}
	return dst, i, true
}

func put(k []Kind, w uint64) {
	_ = k[7]
	k[0], k[1], k[2], k[3] = Kind(w), Kind(w>>8), Kind(w>>16), Kind(w>>24)
	k[4], k[5], k[6], k[7] = Kind(w>>32), Kind(w>>40), Kind(w>>48), Kind(w>>56)
}
