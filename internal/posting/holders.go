package posting

import "slices"

// Holders are, of some texts, the keys that others have too, and who of these counts
// with them: copies out of an index, in which what is counted for one text stands
// together. By them CountGained and CountAmong are several times as fast as by the
// keys.
//
// Between Index.Watch, before they were gathered, and Index.Unwatch after the last
// count the index notes which keys change, and these are looked up. So counts are as
// of the moment, but for what has been posted since they were gathered: that may be
// left out, with what it shares.
type Holders struct {
	ends  []uint32 // in refs, by text, of all below and it
	refs  []ref
	words []*[wordSlab]uint32
}

// A ref says of a key of a text who else counts for it, and if for its weight: for
// the first ones of many all the others are in two refs, one after the other.
type ref struct {
	key uint32
	at  uint32 // in words, times two, plus one where it weighs nothing: their number, then they
}

// uncopied is the place of what did not fit.
const uncopied = 1<<32 - 1

// A Gathering is a part of what Holders are made of.
type Gathering struct {
	slabs []*[gatherSlab]textRef
	n     int // in the last one
	words []*[wordSlab]uint32
	used  int // of the last one
	room  int // for so many words

	lead               []uint64
	front, back, stock []uint32
}

type textRef struct {
	text uint32
	ref
}

const (
	gatherSlab = 1 << 12
	wordBits   = 14
	wordSlab   = 1 << wordBits
	maxWords   = 1 << 26 // of Holders, 256 MB; what is not copied is looked up
)

// NewGatherings returns n empty parts of one.
func NewGatherings(n int) []Gathering {
	parts := make([]Gathering, n)
	for i := range parts {
		parts[i].room = maxWords / n
	}
	return parts
}

// copy copies texts that count together, and returns the place for refs.
func (g *Gathering) copy(texts []uint32) uint32 {
	n := 1 + len(texts)
	if n > min(g.room, wordSlab) {
		return uncopied
	}
	if len(g.words) == 0 || g.used+n > wordSlab {
		g.words, g.used = append(g.words, new([wordSlab]uint32)), 0
	}
	last := len(g.words) - 1
	at := last<<wordBits + g.used
	words := g.words[last][g.used:]
	words[0] = uint32(len(texts))
	copy(words[1:], texts)
	g.used += n
	g.room -= n
	return uint32(at) * 2
}

func (g *Gathering) add(text, key, at uint32) {
	k := len(g.slabs)
	if k == 0 || g.n == gatherSlab {
		g.slabs, g.n = append(g.slabs, new([gatherSlab]textRef)), 0
		k++
	}
	g.slabs[k-1][g.n] = textRef{text, ref{key, at}}
	g.n++
}

// each calls f with all refs, in the order in which they were added.
func (g *Gathering) each(f func(r *textRef)) {
	for i, slab := range g.slabs {
		n := gatherSlab
		if i == len(g.slabs)-1 {
			n = g.n
		}
		for k := range slab[:n] {
			f(&slab[k])
		}
	}
}

// NewHolders makes Holders of all parts, of texts up to last.
func NewHolders(last uint32, parts []Gathering) *Holders {
	h := &Holders{ends: make([]uint32, last+2)}
	for i := range parts {
		parts[i].each(func(r *textRef) { h.ends[r.text+1]++ })
	}
	sum := uint32(0)
	for i, n := range h.ends {
		h.ends[i] = sum // where those of i-1 begin
		sum += n
	}
	h.refs = make([]ref, sum)
	for i := range parts {
		from := uint32(len(h.words)) << (wordBits + 1)
		h.words = append(h.words, parts[i].words...)
		parts[i].each(func(r *textRef) {
			to := &h.ends[r.text+1]
			h.refs[*to] = r.ref
			if r.at != uncopied {
				h.refs[*to].at += from
			}
			*to++
		})
	}
	return h
}

// of returns the refs of a text.
func (h *Holders) of(text uint32) []ref { return h.refs[h.ends[text]:h.ends[text+1]] }

// Gather adds to g what Holders of some texts have of a part. For reading, by one
// goroutine for each Gathering.
func (x *Index) Gather(part uint32, of *Bits, g *Gathering) {
	if x.table.shards == nil {
		return
	}
	t := &x.table.shards[part]
	var buf [2 * inline]uint32
	for i := range t.buckets {
		b := &t.buckets[i]
		for j := range b.len() {
			v, short := b.vals[j]&(MaxValue-1), b.short(j)
			key := part<<tagBits | short
			if v&listFlag != 0 {
				list := v &^ listFlag
				if set, many := x.lists.set(list); many {
					x.gatherSet(set, key, of, g)
				} else {
					g.all(x.lists.few.elements(list), key, of)
				}
				continue
			}
			if !of.Has(v) {
				continue
			}
			vals := t.find(buf[:0], short)
			// All are gathered where the first of them is seen.
			if k := slices.IndexFunc(vals, of.Has); vals[k] == v {
				g.all(vals, key, of)
			}
		}
	}
}

// all adds a key of which all holders count for one another.
func (g *Gathering) all(texts []uint32, key uint32, of *Bits) {
	if len(texts) < 2 {
		return
	}
	at, copied := uint32(0), false
	for _, v := range texts {
		if !of.Has(v) {
			continue
		}
		if !copied {
			at, copied = g.copy(texts), true
		}
		g.add(v, key, at)
	}
}

// gatherSet adds a key whose holders are in a set, by the rule of countSet.
func (x *Index) gatherSet(set, key uint32, of *Bits, g *Gathering) {
	n := x.lists.many.Len(set)
	limit := uint64(0)
	g.lead = g.lead[:0]
	if n > min(x.full, x.common) {
		limit = x.stock(n)
		g.lead = x.first(g.lead, set, x.full)
	} else {
		g.lead = x.lists.many.Append(g.lead, set, n)
	}
	last := slices.Max(g.lead)
	g.front, g.back, g.stock = g.front[:0], g.back[:0], g.stock[:0]
	hubs := 0
	for i, e := range g.lead {
		switch v := number(e); {
		case e>>valueBits < limit:
			g.stock = append(g.stock, v)
		case i < x.hubs:
			hubs++
			fallthrough
		default:
			g.front = append(g.front, v)
		}
	}
	if n > len(g.lead) {
		x.lists.many.Each(set, func(es []uint64) bool {
			for _, e := range es {
				if v := number(e); e <= last && slices.Contains(g.lead, e) {
					continue
				} else if e>>valueBits < limit {
					g.stock = append(g.stock, v)
				} else {
					g.back = append(g.back, v)
				}
			}
			return true
		})
	}
	// The first ones count for one another; the hubs and those behind as well, but
	// weigh nothing. For whom the key is stock nobody counts, until it changes.
	front, back, hub, stock := uint32(uncopied), uint32(uncopied), uint32(uncopied), uint32(uncopied)
	copied := func(at *uint32, texts []uint32) uint32 {
		if *at == uncopied {
			*at = g.copy(texts)
		}
		return *at
	}
	for i, v := range g.front {
		if !of.Has(v) {
			continue
		}
		at := copied(&front, g.front)
		if i >= hubs || len(g.back) == 0 {
			g.add(v, key, at)
		} else if weightless := copied(&back, g.back); at == uncopied || weightless == uncopied {
			g.add(v, key, uncopied)
		} else {
			g.add(v, key, at)
			g.add(v, key, weightless|1)
		}
	}
	for _, v := range g.back {
		if of.Has(v) {
			g.add(v, key, copied(&hub, g.front[:hubs])|1)
		}
	}
	for _, v := range g.stock {
		if of.Has(v) {
			g.add(v, key, copied(&stock, nil))
		}
	}
}

// CountGained is Index.CountGained, and CountAmong and Count are those of Index, for
// a text that h is of. If settled, nobody else has gained since, and of what is
// Behind those behind alone are counted. For reading.
func (h *Holders) CountGained(x *Index, t *Tally, rank uint64, gains []Gain, settled bool) (every int) {
	t.reset()
	if len(gains) == 0 {
		return 0
	}
	for i := range gains {
		if gains[i].Every {
			every++
		}
	}
	text := gains[0].Text
	refs := h.of(text)
	for i := range refs {
		if at := refs[i].at; at != uncopied {
			t.sum += h.words[at>>(wordBits+1)][at/2%wordSlab] // so that all come from memory together
		}
	}
	for i := range refs {
		for k := range gains {
			if g := &gains[k]; g.Key == refs[i].key && !g.Every {
				h.countRef(x, t, text, rank, refs, i, settled && g.Behind)
				break
			}
		}
	}
	return every
}

// CountAmong is described at CountGained.
func (h *Holders) CountAmong(x *Index, t *Tally, others []Share, text uint32, rank uint64) {
	t.limit(others)
	h.count(x, t, text, rank)
}

// Count is described at CountGained.
func (h *Holders) Count(x *Index, t *Tally, text uint32, rank uint64) {
	t.reset()
	h.count(x, t, text, rank)
}

func (h *Holders) count(x *Index, t *Tally, text uint32, rank uint64) {
	refs := h.of(text)
	for i := range refs {
		h.countRef(x, t, text, rank, refs, i, false)
	}
}

// countRef counts ref i of a text, or, behind alone, what it counts for no weight.
func (h *Holders) countRef(x *Index, t *Tally, text uint32, rank uint64, refs []ref, i int, behind bool) {
	r := refs[i]
	if r.at == uncopied || x.changed.has(r.key) {
		if i == 0 || refs[i-1].key != r.key {
			t.vals = x.table.Find(t.vals[:0], r.key)
			x.countKey(t, text, rank, r.key, t.vals)
		}
		return
	}
	weight := uint16(0)
	if r.at&1 == 0 {
		if behind {
			return
		}
		weight = 1 + uint16(r.key&runFlag)
	}
	words := h.words[r.at>>(wordBits+1)][r.at/2%wordSlab:]
	t.addAll(words[1:1+words[0]], text, weight)
}

// Watch begins to note which keys change, and Unwatch, once for each Watch, ends it.
func (x *Index) Watch() {
	if x.changed.watched == 0 {
		x.changed.any, x.changed.bits = false, make([]uint64, 1<<changeBits/64)
	}
	x.changed.watched++
}

// Unwatch is described at Watch.
func (x *Index) Unwatch() {
	if x.changed.watched--; x.changed.watched == 0 {
		x.changed.bits = nil
	}
}

// changes are keys that have changed since they are watched, and others of the same
// leading bits.
type changes struct {
	watched int
	any     bool
	bits    []uint64 // nil: not watched
}

// changeBits: of 10,000 texts posted meanwhile, of 70 keys each, 15 % of the others
// are looked up for nothing; half a megabyte.
const changeBits = 22

func (c *changes) note(key uint32) {
	if c.bits != nil {
		key >>= 32 - changeBits
		c.bits[key>>6] |= 1 << (key & 63)
		c.any = true
	}
}

func (c *changes) has(key uint32) bool {
	key >>= 32 - changeBits
	return c.any && c.bits[key>>6]>>(key&63)&1 != 0
}
