// Package posting finds the texts that may be related to one: those that share
// keys with it. Keys are functions of one sketch, so whether two texts are
// candidates does not depend on what else is held or in which order it came.
package posting

import (
	"slices"

	"github.com/newsdedup/newsdedup/internal/sketch"
)

// Index maps keys to the numbers of the texts that have them. The zero value
// is empty. Calls of Add and Remove need exclusive use.
type Index struct{ lists map[uint32][]uint32 }

// Add posts a text. Keys must be distinct.
func (x *Index) Add(id uint32, keys []uint32) {
	if x.lists == nil {
		x.lists = map[uint32][]uint32{}
	}
	for _, k := range keys {
		x.lists[k] = append(x.lists[k], id)
	}
}

// Remove takes back what Add posted.
func (x *Index) Remove(id uint32, keys []uint32) {
	for _, k := range keys {
		l := x.lists[k]
		if i := slices.Index(l, id); i >= 0 {
			l[i] = l[len(l)-1]
			if l = l[:len(l)-1]; len(l) == 0 {
				delete(x.lists, k)
			} else {
				x.lists[k] = l
			}
		}
	}
}

// Candidates returns the texts that share a key, each once, rising.
func (x *Index) Candidates(keys []uint32) []uint32 {
	var out []uint32
	for _, k := range keys {
		out = append(out, x.lists[k]...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

const (
	maxApart = 8  // tokens from one name or number to the next but one
	maxHead  = 12 // title tokens that are paired
)

// Keys appends the keys of a sketch to dst, sorted and distinct:
//
//   - every run of three tokens (two in texts of fewer than 24 tokens; the
//     single tokens below three), for common prose;
//   - every two different names or numbers with at most one other between them
//     and at most eight tokens apart, in either order, for paraphrases and
//     reports of the same event;
//   - every two different ones of the first twelve tokens of the title, in
//     either order, for the same.
//
// Both sorts of pairs are alike, so that a title finds a text. On all pairs of
// 828 wire stories of 2025 they propose every link of Partial and Near, 98.8 %
// of Rewrite and 98.9 % of SameStory, with 439 keys and 341 candidates for an
// article; neighbouring names and numbers alone 98.4 % and 97.4 %, with 367 and
// 311.
func Keys(dst []uint32, s *sketch.Sketch) []uint32 {
	from := len(dst)
	t := s.Tokens
	n := 3
	if len(t) < 24 {
		n = 2
	}
	n = min(n, len(t))
	if n > 0 {
		for i := range len(t) - n + 1 {
			h := uint64(n)
			for _, x := range t[i : i+n] {
				h = mix(h ^ uint64(x)<<8)
			}
			dst = append(dst, uint32(h))
		}
	}
	before, last := -1, -1
	for i, k := range s.Kinds {
		if k != sketch.Name && k != sketch.Number {
			continue
		}
		for _, j := range [...]int{before, last} {
			if j >= 0 && i-j <= maxApart && t[i] != t[j] {
				dst = append(dst, pair(t[i], t[j]))
			}
		}
		before, last = last, i
	}
	head := s.Head[:min(len(s.Head), maxHead)]
	for i, x := range head {
		for _, y := range head[:i] {
			if x != y {
				dst = append(dst, pair(x, y))
			}
		}
	}
	slices.Sort(dst[from:])
	return dst[:from+len(slices.Compact(dst[from:]))]
}

// pair is the key of two tokens in either order.
func pair(x, y uint16) uint32 {
	return uint32(mix(0x70616972 ^ uint64(min(x, y))<<16 ^ uint64(max(x, y))<<32))
}

// mix is the finalizer of SplitMix64 (Steele, Lea and Flood 2014).
func mix(h uint64) uint64 {
	h += 0x9E3779B97F4A7C15
	h = (h ^ h>>30) * 0xBF58476D1CE4E5B9
	h = (h ^ h>>27) * 0x94D049BB133111EB
	return h ^ h>>31
}
