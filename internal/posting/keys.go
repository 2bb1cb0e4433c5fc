package posting

import (
	"slices"

	"github.com/newsdedup/newsdedup/internal/sketch"
)

const (
	window    = 24 // runs of three tokens of which one is a key, beside names; at most 32
	nameShare = 2  // one in that many pairs of names is a key, but for stories
	headShare = 4  // the same of pairs of the title
	alone     = 8  // the same for Prose
	perWindow = 8  // tokens that a text has at least for each run of its window
	maxApart  = 8  // tokens from one name or number to the next but one
	maxHead   = 12 // title tokens that are paired
	runFlag   = 1  // of a key: it is of a run
)

// A Net says what keys are to find.
type Net uint8

const (
	Copies   Net = iota // copies of nearly the whole text
	Prose               // common prose
	Rewrites            // and paraphrases
	Stories             // and independent reports of one event
)

// Keys appends the keys of a sketch to dst, sorted and distinct:
//
//   - of the runs of three tokens (the whole text below that), each that has
//     the least hash of some 24 in a row, 8 for Prose, for common prose:
//     winnowing (Schleimer, Wilkerson and Aiken 2003), so that two texts that
//     share 26 tokens in a row, or 10, share a key. In shorter texts it is the
//     least of fewer, an eighth of the tokens, so that they have fifteen such
//     keys too. What is the least of many is the least of few among them, so
//     that a brief and a long text share a key where two long ones would;
//
// and, for Rewrites and Stories,
//
//   - every two different ones of which one at least is a number and the other
//     a name or number, with at most one other between them and at most eight
//     tokens apart, in either order, for paraphrases and reports of the same
//     event; of two names half of these pairs, chosen by hash, for Stories
//     all;
//   - a quarter of the pairs of different ones of the first twelve tokens of the
//     title, in either order, for the same; for Stories all.
//
// Both sorts of pairs are alike, so that a title finds a text. The lowest bit
// of a key says whether it is of a run.
//
// For Rewrites those of 828 wire stories of 2025 are 86 for an article, 27 of them
// runs. With an eighth of the pairs of names they are 63, and propose 96.8 % of
// the links of Rewrite instead of 99.3 % (see Index), with a quarter of them 71
// and 98.2 %, with a third 76 and 98.9 %.
func Keys(dst []uint32, s *sketch.Sketch, net Net) []uint32 {
	from := len(dst)
	switch net {
	case Copies:
		dst = runs(dst, s.Tokens, window)
	case Prose:
		dst = runs(dst, s.Tokens, alone)
	case Rewrites:
		dst = pairs(runs(dst, s.Tokens, window), s, nameShare, headShare)
	default:
		dst = pairs(runs(dst, s.Tokens, window), s, 1, 1)
	}
	sort(dst[from:])
	return dst[:from+len(slices.Compact(dst[from:]))]
}

// sort sorts keys, which are hashes: by leading bits, so that most are where
// they belong, and then by insertion.
func sort(keys []uint32) {
	const most, lead = 256, 6
	if len(keys) > most {
		slices.Sort(keys)
		return
	}
	var ends [1 << lead]uint8 // of 256 of one lead, 0; they are in order then
	for _, k := range keys {
		ends[k>>(32-lead)]++
	}
	sum := uint8(0)
	for i, n := range ends {
		ends[i] = sum
		sum += n
	}
	var by [most]uint32
	for _, k := range keys {
		i := &ends[k>>(32-lead)]
		by[*i] = k
		*i++
	}
	for i, k := range by[:len(keys)] {
		for ; i > 0 && keys[i-1] > k; i-- {
			keys[i] = keys[i-1]
		}
		keys[i] = k
	}
}

func runs(dst []uint32, t []uint16, w int) []uint32 {
	if len(t) < 3 {
		h := uint64(len(t))
		for _, x := range t {
			h = h<<16 | uint64(x)
		}
		if len(t) > 0 {
			dst = append(dst, uint32(mix(h)>>32)|runFlag)
		}
		return dst
	}
	w = max(1, min(w, len(t)/perWindow))
	// The hashes of the window stand in a ring; at is the place of the least,
	// of equals the last.
	var ring [32]uint32
	const mask = uint(len(ring) - 1)
	least, at, found := uint32(1<<32-1), -1, -1
	run := uint64(t[0])<<16 | uint64(t[1])
	for i, x := range t[2:] {
		run = run<<16&(1<<48-1) | uint64(x)
		h := uint32(mix(3<<48|run)>>32) | runFlag
		ring[uint(i)&mask] = h
		if h <= least {
			least, at = h, i
		} else if at <= i-w {
			least = 1<<32 - 1
			for k := i - w + 1; k <= i; k++ {
				if v := ring[uint(k)&mask]; v <= least {
					least, at = v, k
				}
			}
		}
		if i >= w-1 && at != found {
			dst = append(dst, least)
			found = at
		}
	}
	return dst
}

func pairs(dst []uint32, s *sketch.Sketch, names, heads uint32) []uint32 {
	t := s.Tokens
	before, last := -1, -1
	for i, k := range s.Kinds {
		if k != sketch.Name && k != sketch.Number {
			continue
		}
		for _, j := range [...]int{before, last} {
			if j < 0 || i-j > maxApart || t[i] == t[j] {
				continue
			}
			if h := pair(t[i], t[j]); k == sketch.Number || s.Kinds[j] == sketch.Number || h/2%names == 0 {
				dst = append(dst, h)
			}
		}
		before, last = last, i
	}
	head := s.Head[:min(len(s.Head), maxHead)]
	for i, x := range head {
		for _, y := range head[:i] {
			if h := pair(x, y); x != y && h/2%heads == 0 {
				dst = append(dst, h)
			}
		}
	}
	return dst
}

// pair is the key of two tokens in either order.
func pair(x, y uint16) uint32 {
	return uint32(mix(0x70616972<<32|uint64(min(x, y))<<16|uint64(max(x, y)))>>32) &^ runFlag
}

// mix is the finalizer of SplitMix64 (Steele, Lea and Flood 2014).
func mix(h uint64) uint64 {
	h += 0x9E3779B97F4A7C15
	h = (h ^ h>>30) * 0xBF58476D1CE4E5B9
	h = (h ^ h>>27) * 0x94D049BB133111EB
	return h ^ h>>31
}
