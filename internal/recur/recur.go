// Package recur finds the paragraphs that come back in different stories of
// one publisher.
//
// A Counter is fed stories and lists the keys of such paragraphs; a Set holds
// them and has an encoded form. A key is a hash, so neither holds text.
package recur

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"unicode/utf8"
)

// MinUnits is the least number of letters and digits of a paragraph that can
// be learned, where a character beyond U+2E80 (Han, kana, Hangul) counts as
// two: labels and subheads of a word or two stand in stories as well.
const MinUnits = 20

// Key is the hash of a paragraph's letters and digits: spaces and punctuation
// of ASCII, Latin-1, General Punctuation, CJK and the fullwidth forms do not
// count, nor does the case of ASCII letters. The hash is FNV-1a of 64 bits
// (Fowler, Noll, Vo) over the UTF-8 bytes, finished by the finalizer of
// MurmurHash3 (Appleby). ok is false below MinUnits. Keys are part of the
// encoded form of a Set: version 1 of it has these.
func Key(s string) (key uint64, ok bool) {
	const offset, prime = 14695981039346656037, 1099511628211
	h := uint64(offset)
	units := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case c >= 'A' && c <= 'Z':
				c |= 0x20
			case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			default:
				continue
			}
			h = (h ^ uint64(c)) * prime
			units++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if !punctuation(r) {
			for _, c := range []byte(s[i : i+n]) {
				h = (h ^ uint64(c)) * prime
			}
			units++
			if r > 0x2E80 {
				units++
			}
		}
		i += n
	}
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	h ^= h >> 33
	return h, units >= MinUnits
}

// punctuation reports what Key passes over above ASCII. Ranges, not Unicode
// tables: those change with the Go version.
func punctuation(r rune) bool {
	return r < 0xC0 || r >= 0x2000 && r < 0x2070 || r >= 0x3000 && r < 0x3040 || r >= 0xFE00 && r < 0xFE10 || r == 0xFEFF ||
		r >= 0xFF00 && r < 0xFF10 || r >= 0xFF1A && r < 0xFF21 || r >= 0xFF3B && r < 0xFF41 || r >= 0xFF5B && r < 0xFF66 || r == utf8.RuneError
}

// Set is a set of keys. The zero Set is empty. A Set is not changed by its
// methods but Decode, and safe for concurrent use without it.
type Set struct {
	keys []uint64 // ascending, all different
}

// Of returns the set of keys.
func Of(keys []uint64) Set {
	keys = slices.Clone(keys)
	slices.Sort(keys)
	return Set{slices.Compact(keys)}
}

// Len is the number of keys.
func (s *Set) Len() int { return len(s.keys) }

// Has reports whether the set holds the key of a paragraph.
func (s *Set) Has(text string) bool {
	if len(s.keys) == 0 {
		return false
	}
	k, ok := Key(text)
	if !ok {
		return false
	}
	_, ok = slices.BinarySearch(s.keys, k)
	return ok
}

// version is that of the encoded form and of the keys in it.
const version = 1

const magic = "\x9fNDP"

// ErrVersion is wrapped by Decode's error for a form of another version, and by
// no other.
var ErrVersion = errors.New("version")

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Append appends the encoded form to dst, big-endian:
//
//	magic    4 bytes, 9F 4E 44 50
//	version  2 bytes
//	count    4 bytes
//	keys     8 bytes each, ascending, all different
//	checksum 4 bytes, CRC-32C (RFC 3720) of all before
func (s *Set) Append(dst []byte) []byte {
	start := len(dst)
	dst = slices.Grow(dst, 14+8*len(s.keys))
	dst = append(dst, magic...)
	dst = binary.BigEndian.AppendUint16(dst, version)
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(s.keys)))
	for _, k := range s.keys {
		dst = binary.BigEndian.AppendUint64(dst, k)
	}
	return binary.BigEndian.AppendUint32(dst, crc32.Checksum(dst[start:], castagnoli))
}

// Decode reads what Append wrote and nothing else. Checked in this order:
// magic, version, length, checksum, order of the keys.
func Decode(b []byte) (Set, error) {
	if len(b) < 6 || string(b[:4]) != magic {
		return Set{}, errors.New("not a profile")
	}
	if v := binary.BigEndian.Uint16(b[4:]); v != version {
		return Set{}, fmt.Errorf("%w %d, want %d", ErrVersion, v, version)
	}
	if len(b) < 14 {
		return Set{}, fmt.Errorf("cut off at byte %d", len(b))
	}
	n := binary.BigEndian.Uint32(b[6:])
	if want := 14 + 8*uint64(n); uint64(len(b)) != want {
		return Set{}, fmt.Errorf("%d bytes instead of %d", len(b), want)
	}
	end := len(b) - 4
	if crc32.Checksum(b[:end], castagnoli) != binary.BigEndian.Uint32(b[end:]) {
		return Set{}, errors.New("checksum")
	}
	keys := make([]uint64, n)
	for i := range keys {
		keys[i] = binary.BigEndian.Uint64(b[10+8*i:])
		if i > 0 && keys[i] <= keys[i-1] {
			return Set{}, fmt.Errorf("keys out of order at byte %d", 10+8*i)
		}
	}
	return Set{keys}, nil
}
