package align

import (
	"math/bits"

	"github.com/newsdedup/newsdedup/internal/sketch"
)

// scanned is what is known of Y.
type scanned struct {
	side
	common positions                // that X has too
	before [len(positions{})]uint16 // how many of those are before the first of every 64
	ids    [maxPlaces]entry         // of the common tokens, in order
	m      int                      // their number
	firsts [maxPlaces]entry         // the same without repetition
	both   int                      // their number
	states [maxPlaces]uint8         // of every token of X, by place: what is known of it here
}

// scan finds the tokens that X has in its text or title.
func (al *Aligner) scan() {
	y, entries := &al.y, &al.entries
	b := y.Tokens
	k := 0
	for ; k<<6+64 <= y.n && len(b) >= 128; k++ {
		tokens, set := y.tokens[k<<6:][:64], uint64(0)
		for i := 0; i < 64; i += 4 {
			t := sketch.Load(b[2*i : 2*i+8])
			d := tokens[i : i+4 : i+4]
			d[0], d[1], d[2], d[3] = uint16(t), uint16(t>>16), uint16(t>>32), uint16(t>>48)
			in := entries[uint16(t)]/known&1 | entries[uint16(t>>16)]/(known/2)&2 | entries[uint16(t>>32)]/(known/4)&4 | entries[t>>48]/(known/8)&8
			set = set>>4 | uint64(in)<<60
		}
		b = b[128:]
		y.common[k] = set
	}
	set := uint64(0)
	for i := range y.n - k<<6 {
		t := uint16(b[2*i]) | uint16(b[2*i+1])<<8
		y.tokens[k<<6+i] = t
		set |= uint64(entries[t]/known&1) << (i & 63)
	}
	y.common[k] = set
	if k+1 < len(y.common) {
		y.common[k+1] = 0
	}
}

// enter gives the common tokens their entries, and notes what is known of them
// in Y.
func (al *Aligner) enter() {
	y := &al.y
	states := &y.states
	clear(states[:al.x.n])
	clear(states[maxTokens:])
	m, both, twice := uint(0), uint(0), uint(0)
	w := y.n>>6 + 1
	for k, set := range y.common[:w] {
		y.before[k] = uint16(m)
		tokens := y.tokens[k<<6:][:64]
		for ; set != 0; set &= set - 1 {
			i := bits.TrailingZeros64(set) & 63
			e := al.entries[tokens[i]]
			if e%maxPlaces >= maxTokens {
				al.untitle(k, i, e)
				continue
			}
			y.ids[m%maxPlaces] = e
			m++
			y.firsts[both%maxPlaces] = e
			twice += uint(e / repeated & 1)
			s := uint(states[e%maxPlaces])
			both += ^s & present
			states[e%maxPlaces] = uint8(s | s*more&more | present)
		}
	}
	y.m, y.both = int(m), int(both)
	for k, set := range y.common[:w] {
		tokens := y.tokens[k<<6:][:64]
		for set &= y.terms[k]; set != 0; set &= set - 1 {
			i := bits.TrailingZeros64(set) & 63
			s := &states[al.entries[tokens[i]]%maxPlaces]
			*s = *s&^kindBits | max(*s&kindBits, y.kind(k<<6+i)*(kindBits/3))
		}
	}
	// What X has more than once may count twice.
	al.most[1] = y.m + int(twice)
}

// untitle notes that a token that X has in its title alone stands at position i
// of 64.
func (al *Aligner) untitle(k, i int, e entry) {
	y := &al.y
	y.common[k] &^= 1 << i
	y.states[e%maxPlaces] |= present
	if k == 0 && i < leadTokens {
		y.states[e%maxPlaces] |= lead
	}
}

// bothTally is what a common token counts for by its state in Y from more up, of
// three bits, and, in those above, its entry from repeated up. In bytes
// from the lowest: four of the stronger kind, four of that in X; tokens that
// stand once in both.
var bothTally = func() (t [64][2]uint64) {
	for s := range t {
		x, y := s>>4, s>>1&3
		t[s][0] = 1<<(8*max(x, y)) | 1<<(8*x+32)
		t[s][1] = uint64(s>>3|s)&1 ^ 1
	}
	return t
}()

// tally counts distinct tokens, and short names.
func (al *Aligner) tally() {
	x, y, st := &al.x, &al.y, &al.stats
	sx, sy := al.sides()
	sx.Kinds = x.kindsOwn
	al.ownKinds(sy)
	// What Y has more than once may count twice.
	most, unique := 0, uint64(0)
	for firsts := y.firsts[:y.both]; len(firsts) > 0; {
		n := min(len(firsts), 255)
		var sums uint64
		for _, e := range firsts[:n] {
			p := e % maxPlaces
			s := y.states[p]
			t := &bothTally[(e/repeated<<3|entry(s/more&7))%64]
			sums += t[0]
			unique += t[1]
			most += int(x.times[p]) << (s / more & 1)
		}
		for k := range 4 {
			both := int(sums >> (8 * k) & 255)
			sx.Common[k] += both
			sx.Kinds[k] += both - int(sums>>(8*k+32)&255)
			sy.Kinds[k] += both
		}
		firsts = firsts[n:]
	}
	st.Unique = int(unique)
	sy.Common = sx.Common
	al.most[0] = most

	a, b := x.Short, y.Short
	st.ShortMin = min(len(a), len(b)) / 2
	for i, j := 0, 0; i+1 < len(a) && j+1 < len(b); {
		x, y := uint32(a[i])|uint32(a[i+1])<<8, uint32(b[j])|uint32(b[j+1])<<8
		st.Short += int(1 &^ (below(x, y) | below(y, x)))
		i += int(2 &^ below(y, x))
		j += int(2 &^ below(x, y))
	}
}

// below is all bits if x is less than y, and none if not.
func below(x, y uint32) uint32 { return uint32((int64(x) - int64(y)) >> 63) }

// ownKinds counts the distinct names, numbers and dates of Y that X has not, by
// kind.
func (al *Aligner) ownKinds(out *Side) {
	y, entries, n := &al.y, &al.entries, uint(0)
	sums := uint64(maxTokens) // of words what is left
	for k, set := range y.terms[:y.n>>6+1] {
		for set &^= y.common[k]; set != 0; set &= set - 1 {
			i := k<<6 + bits.TrailingZeros64(set)
			t := y.tokens[i]
			kind, old := entry(y.kind(i)), entries[t]>>kindAt
			entries[t] = max(kind, old)<<kindAt | owned
			sums += steps[(old<<2|kind)%16]
			al.owned[n%maxPlaces] = t
			n++
		}
	}
	al.owns = n
	for k := 1; k < 4; k++ {
		out.Kinds[k] = int(sums >> (16 * k) & 0xFFFF)
	}
}

// Words completes the result by Kinds[sketch.Word].
func (al *Aligner) Words() {
	y, entries, n := &al.y, &al.entries, al.owns
	again := uint(0)
	for k, terms := range y.terms[:y.n>>6+1] {
		for set := ^(y.common[k] | terms) & (^uint64(0) >> (64 - min(64, y.n-k<<6))); set != 0; set &= set - 1 {
			t := y.tokens[k<<6+bits.TrailingZeros64(set)]
			again += uint(entries[t] / owned & 1)
			entries[t] = owned
			al.owned[n%maxPlaces] = t
			n++
		}
	}
	words := int(n - al.owns - again)
	al.owns = n
	sx, sy := al.sides()
	sy.Kinds[sketch.Word] = words + sx.Common[sketch.Word]
}

// forget takes the tokens that only Y has out of the table.
func (al *Aligner) forget() {
	for _, t := range al.owned[:al.owns%maxPlaces] {
		al.entries[t] = 0
	}
	al.owns = 0
}
