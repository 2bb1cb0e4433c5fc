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
	has    tokenSet // the tokens
	hasAs  tokenSet // those that are names or numbers

	// Of the other text: the places of common tokens, and of names and numbers;
	// and tokens that have been counted: as common, and as names or numbers of both.
	common          [glanceMost/64 + 2]uint64
	named           [glanceMost/64 + 1]uint64
	both, bothNamed tokenSet

	// Different runs, by their hashes: the place of the first plus one; of each,
	// that of the next of the same hash; and which have been counted.
	runs    [1 << runHash]uint16
	next    [glanceMost]uint16
	counted [glanceMost / 64]uint64
}

type tokenSet [1 << 10]uint64

// add adds a token if bit is 1, and returns 1 if it was not there before.
func (s *tokenSet) add(t uint16, bit uint64) (fresh int) {
	w := &s[t>>6]
	old := *w
	*w = old | bit<<(t&63)
	return int(bit &^ (old >> (t & 63)))
}

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
	var seen tokenSet
	n := 0
	for i, k := range s.Kinds {
		if k == sketch.Name || k == sketch.Number {
			n += seen.add(s.Tokens[i], 1)
		}
	}
	return uint8(min(n, maxNames))
}

// NamesIn is Names of what sketch.Sketch.Append encoded.
func NamesIn(s string) uint8 {
	tokens, kinds, _ := sketch.Tokens(s)
	var seen tokenSet
	n := 0
	for k := range len(tokens)/128 + 1 {
		for set := namesAt(kinds, 16*k); set != 0; set &= set - 1 {
			n += seen.add(tokenAt(tokens, 2*(k<<6+bits.TrailingZeros64(set))), 1)
		}
	}
	return uint8(min(n, maxNames))
}

// Set makes a text, which sketch.Sketch.Append encoded, the one that others are
// compared with. Names are those of Names.
func (g *Glance) Set(s string, names uint8) {
	clear(g.has[:])
	clear(g.hasAs[:])
	clear(g.runs[:])
	var kinds string
	g.tokens, kinds, g.level = sketch.Tokens(s)
	g.names = names
	if len(g.tokens) > 2*glanceMost {
		return
	}
	for k := range len(g.tokens)/128 + 1 {
		named := namesAt(kinds, 16*k)
		b := g.tokens[128*k : min(len(g.tokens), 128*k+128)]
		for i := 0; i < len(b); i += 2 {
			t := tokenAt(b, i)
			g.has[t>>6] |= 1 << (t & 63)
			g.hasAs[t>>6] |= named & 1 << (t & 63)
			named >>= 1
		}
	}
	for i := 0; i+6 <= len(g.tokens); i += 2 {
		if r := runAt(g.tokens, i); g.find(r) == 0 {
			top := &g.runs[hash(r)]
			g.next[i/2] = *top
			*top = uint16(i/2) + 1
		}
	}
}

func tokenAt(s string, i int) uint16 { return uint16(s[i]) | uint16(s[i+1])<<8 }

// runAt returns the run that begins at i.
func runAt(s string, i int) uint64 {
	s = s[i : i+6]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40
}

func hash(run uint64) uint64 { return run * 0x9E3779B97F4A7C15 >> (64 - runHash) }

// find returns the place of a run of the text of Set plus one, 0 if it has none.
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
	g.scan(tokens)
	w := len(tokens)/128 + 1
	if g.sharesRuns(tokens, w, (n+runShare-1)/runShare) {
		return true
	}
	if net < Rewrites {
		return false
	}
	// What is reached is no more than if no token stood there twice.
	m := max(1, min(int(g.names), int(names)))
	reached := func(c, f int) bool { return 16*(2*c*m+f*n) >= sumShare*n*m }
	c, f := 0, 0
	for k := range w {
		g.named[k] = namesAt(kinds, 16*k)
		c += bits.OnesCount64(g.common[k])
		f += bits.OnesCount64(g.common[k] & g.named[k])
	}
	if m < maxNames {
		f = min(f, m)
	}
	if !reached(c, f) {
		return false
	}
	c, f = 0, 0
	for k, set := range g.common[:w] {
		named := g.named[k]
		for ; set != 0; set &= set - 1 {
			i := bits.TrailingZeros64(set) & 63
			t := tokenAt(tokens, 2*(k<<6+i))
			c += g.both.add(t, 1)
			f += g.bothNamed.add(t, g.hasAs[t>>6]>>(t&63)&(named>>i)&1)
		}
	}
	for k, set := range g.common[:w] {
		for ; set != 0; set &= set - 1 {
			t := tokenAt(tokens, 2*(k<<6+bits.TrailingZeros64(set)))
			g.both[t>>6], g.bothNamed[t>>6] = 0, 0
		}
	}
	return reached(c, f)
}

// scan finds the tokens in common.
func (g *Glance) scan(tokens string) {
	has := &g.has
	k, b := 0, tokens
	for ; len(b) >= 128; k++ {
		set := uint64(0)
		for i := 0; i < 128; i += 8 {
			t := sketch.Load(b[i : i+8])
			in := has[uint16(t)>>6]>>(t&63)&1 | has[uint16(t>>16)>>6]>>(t>>16&63)&1<<1 |
				has[uint16(t>>32)>>6]>>(t>>32&63)&1<<2 | has[t>>54]>>(t>>48&63)&1<<3
			set = set>>4 | in<<60
		}
		g.common[k] = set
		b = b[128:]
	}
	set := uint64(0)
	for i := 0; i < len(b); i += 2 {
		t := tokenAt(b, i)
		set |= has[t>>6] >> (t & 63) & 1 << (i / 2 & 63)
	}
	g.common[k], g.common[k+1] = set, 0
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
