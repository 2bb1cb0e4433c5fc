package posting

import (
	"math/bits"

	"github.com/newsdedup/newsdedup/internal/sketch"
)

// A Glance tells, in a quarter of the time of a verdict, which pairs of texts one
// would find unrelated, but for few of them. It goes by how many different runs
// of three tokens, different tokens, and different names and numbers the two
// share: R, C and F. The one that has fewer tokens has n of them, the one that
// has fewer different names and numbers m, one at least and 255 at most.
//
//  1. For Stories every two texts pass; so do two of different sampling levels,
//     or of which either has fewer than 8 tokens, or more than 4096.
//  2. Those pass that share R ≥ n/10 runs, a tenth rounded up.
//  3. For Rewrites those pass too of which C/n + F/2m ≥ 17/32.
//
// It is a function of the two texts, whichever comes first. Of the 67
// candidates that Index has for Rewrites for an article of wire2025 26 pass, and
// with them all links of Rewrite or more (calibrate -index, in bench).
//
// The zero value is ready for Set. It is scratch space of one goroutine.
type Glance struct {
	tokens string
	level  uint8
	names  uint8
	has    sketch.Set

	// The last place of each of its tokens, and the tokens, by these places, that
	// are names or numbers somewhere. Of tokens that it has not last tells nothing.
	last  [1 << 16]uint16
	named placeSet

	// Of the other text: the places of common tokens, and of those that are names
	// or numbers; and, by last, the tokens that are there too, and that are names or
	// numbers there.
	common          [glanceMost/64 + 2]uint64
	facts           placeSet
	both, bothNamed placeSet

	// Runs, by their hashes: the last place plus one; of each place, the one before
	// of the same hash; and which have been counted.
	runs    [1 << runHash]uint16
	next    [glanceMost]uint16
	counted placeSet
}

// A placeSet is a set of places.
type placeSet [glanceMost/64 + 1]uint64

const (
	glanceLeast = 8
	glanceMost  = 4096
	runShare    = 10
	sumShare    = 17 // of 32
	runHash     = 12 // bits
	maxNames    = 255
)

// Names returns the number of different names and numbers of a text; 255 if it is
// more.
func Names(s *sketch.Sketch) uint8 {
	var seen sketch.Set
	n := 0
	for i, k := range s.Kinds {
		if k == sketch.Name || k == sketch.Number {
			n += int(seen.Add(s.Tokens[i], 1))
		}
	}
	return uint8(min(n, maxNames))
}

// NamesIn is Names of what sketch.Sketch.Append encoded.
func NamesIn(s string) uint8 {
	tokens, kinds, _ := sketch.Tokens(s)
	var seen sketch.Set
	n := 0
	for k := range len(tokens)/128 + 1 {
		for set := namesAt(kinds, 16*k); set != 0; set &= set - 1 {
			n += int(seen.Add(tokenAt(tokens, 2*(k<<6+bits.TrailingZeros64(set))), 1))
		}
	}
	return uint8(min(n, maxNames))
}

// Set makes a text, which sketch.Sketch.Append encoded, the one that others are
// compared with. Names are those of Names.
func (g *Glance) Set(s string, names uint8) {
	var kinds string
	g.tokens, kinds, g.level = sketch.Tokens(s)
	g.names = names
	if len(g.tokens) > 2*glanceMost {
		return
	}
	clear(g.has[:])
	i, rest := 0, g.tokens
	for ; len(rest) >= 2; i++ {
		t := tokenAt(rest, 0)
		rest = rest[2:]
		g.has.Add(t, 1)
		g.last[t] = uint16(i)
	}
	clear(g.named[:i/64+1])
	for k := 0; k < len(g.tokens); k += 128 {
		at := g.tokens[k:min(len(g.tokens), k+128)]
		for set := namesAt(kinds, k/8); set != 0; set &= set - 1 {
			if i := 2 * bits.TrailingZeros64(set); i < len(at) {
				g.named.add(g.last[tokenAt(at, i)])
			}
		}
	}
	clear(g.runs[:])
	i, rest = 0, g.tokens
	for ; len(rest) >= 8; i++ {
		top := &g.runs[hash(sketch.Load(rest)&aRun)]
		g.next[i%glanceMost] = *top
		i := uint16(i) + 1
		*top = i
		rest = rest[2:]
	}
	if len(rest) >= 6 {
		top := &g.runs[hash(runAt(rest, 0))]
		g.next[i%glanceMost] = *top
		*top = uint16(i) + 1
	}
}

// add adds a place.
func (s *placeSet) add(i uint16) { s[i/64%uint16(len(s))] |= 1 << (i & 63) }

func tokenAt(s string, i int) uint16 { return uint16(s[i]) | uint16(s[i+1])<<8 }

// aRun are the bits of three tokens.
const aRun = 1<<48 - 1

// runAt returns the run that begins at i.
func runAt(s string, i int) uint64 {
	s = s[i : i+6]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40
}

func hash(run uint64) uint64 { return run * 0x9E3779B97F4A7C15 >> (64 - runHash) }

// find returns the last place of a run of the text of Set plus one, 0 if it has
// none.
func (g *Glance) find(run uint64) uint16 {
	p := g.runs[hash(run)]
	for p != 0 && runAt(g.tokens, 2*int(p-1)) != run {
		p = g.next[p-1]
	}
	return p
}

// Passes tells whether a verdict may tie the text of Set to another one, for the
// relations that a net is for.
func (g *Glance) Passes(s string, names uint8, net Net) bool {
	if net == Stories {
		return true
	}
	tokens, kinds, level := sketch.Tokens(s)
	n := min(len(tokens), len(g.tokens)) / 2
	if level != g.level || n < glanceLeast || max(len(tokens), len(g.tokens)) > 2*glanceMost {
		return true
	}
	w := len(tokens)/128 + 1
	g.has.Find(g.common[:w], tokens)
	g.common[w] = 0
	if g.sharesRuns(tokens, w, (n+runShare-1)/runShare) {
		return true
	}
	if net < Rewrites {
		return false
	}
	m := max(1, min(int(g.names), int(names)))
	reached := func(c, f int) bool {
		if m < maxNames {
			f = min(f, m)
		}
		return 16*(2*c*m+f*n) >= sumShare*n*m
	}
	// What is reached is no more than if no token stood there twice.
	restC, restF := 0, 0
	for k, set := range g.common[:w] {
		g.facts[k] = namesAt(kinds, 16*k) & set
		restC += bits.OnesCount64(set)
		restF += bits.OnesCount64(g.facts[k])
	}
	if !reached(restC, restF) {
		return false
	}
	v := len(g.tokens)/128 + 1
	both, bothNamed := g.both[:v], g.bothNamed[:v]
	clear(both)
	clear(bothNamed)
	for k, set := range g.common[:w] {
		facts := g.facts[k]
		restC -= bits.OnesCount64(set)
		restF -= bits.OnesCount64(facts)
		for at := tokens[128*k:]; set != 0; set &= set - 1 {
			i := bits.TrailingZeros64(set) & 63
			p := g.last[tokenAt(at, 2*i)]
			if v := int(p / 64); v < len(both) && v < len(bothNamed) {
				both[v] |= 1 << (p & 63)
				bothNamed[v] |= facts >> i & 1 << (p & 63)
			}
		}
		c, f := 0, 0
		for v, set := range both {
			c += bits.OnesCount64(set)
			f += bits.OnesCount64(bothNamed[v] & g.named[v])
		}
		if !reached(c+restC, f+restF) {
			return false
		}
		if reached(c, f) {
			return true
		}
	}
	return false
}

// sharesRuns tells whether so many different runs are common. Each is where
// three tokens in a row are.
func (g *Glance) sharesRuns(tokens string, w, need int) bool {
	clear(g.counted[:(len(g.tokens)/2+63)/64])
	for k := 0; k < w && need > 0; k++ {
		m, next := g.common[k], g.common[k+1]
		for set := m & (m>>1 | next<<63) & (m>>2 | next<<62); set != 0; set &= set - 1 {
			p := g.find(runAt(tokens, 2*(k<<6+bits.TrailingZeros64(set))))
			if p == 0 {
				continue
			}
			c := &g.counted[(p-1)>>6]
			need -= int(^*c >> ((p - 1) & 63) & 1)
			*c |= 1 << ((p - 1) & 63)
		}
	}
	return need <= 0
}

// namesAt returns which of 64 tokens are names or numbers, from byte i of their
// kinds.
func namesAt(kinds string, i int) uint64 {
	var lo, hi uint64
	if i+16 <= len(kinds) {
		b := kinds[i : i+16]
		lo, hi = sketch.Load(b), sketch.Load(b[8:])
	} else if i < len(kinds) {
		lo, hi = sketch.Tail(kinds[i:])
	}
	return sketch.Even(lo^lo>>1) | sketch.Even(hi^hi>>1)<<32
}
