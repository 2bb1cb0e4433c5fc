package posting

import "slices"

// Index proposes which of the texts it holds may be related to one. Texts are
// numbers below MaxText with a rank: an order among all texts that is a
// function of their content. Which pairs it proposes is a function of the set
// of texts held:
//
//  1. The holders of a key are ordered by rank. For two of the first Rare
//     holders the key weighs 3, for two of the first Few 2, for two of the
//     first Full 1; twice that if it is of a run. The first Hubs stand for all others besides: for one of
//     them and any holder behind the first Full the key is shared, but weighs
//     nothing. For no other pair it is shared.
//  2. Two texts are candidates if the keys they share weigh 7 (4, if either
//     text has at most Short keys), or if they are two at least and half of the
//     keys of the text that has fewer.
//
// So a key that few texts have counts for every pair of them, and any number of
// copies of one text are held together by their hubs, but what thousands of
// different texts have in common, such as a stock phrase or a notice under each
// article, proposes next to nothing: work per text is bounded by Full and by
// the number of its keys.
//
// See New.
type Index struct {
	table Table
	sets  Sets
	rank  func(text uint32) uint64
	less  func(a, b uint32) bool

	tiers              [3]int // Rare, Few, Full
	full, hubs, inline int

	vals  []uint32
	posts int
}

const (
	// MaxText bounds the numbers of texts.
	MaxText = 1 << (valueBits - 1)

	// Rare to Hubs are the bounds of the rule above.
	Rare = 8
	Few  = 24
	Full = 64
	Hubs = 16

	// Short is the number of keys up to which a text may be found by one.
	Short = 12

	listFlag = MaxText // of a value: it names a set
	inline   = 4       // the most holders of a key that stand in the table itself
)

// New returns an empty index that compares the first full holders of a key and
// has hubs of them stand for the others, of which full must be two at least; 0
// means Full and Hubs. Rare and Few are in proportion to full. Rank gives the
// order of a text; of two of equal leading 36 bits less decides, which must be
// a strict total order.
func New(full, hubs int, rank func(uint32) uint64, less func(a, b uint32) bool) *Index {
	if full == 0 {
		full = Full
	}
	if hubs == 0 {
		hubs = Hubs
	}
	hubs = min(hubs, full)
	rare := max(2, full*Rare/Full)
	return &Index{
		tiers: [3]int{rare, max(rare, full*Few/Full), full},
		full:  full, hubs: hubs, inline: min(inline, hubs, rare-1), rank: rank, less: less,
	}
}

// entry is what stands in a set for a text: rank before number.
func (x *Index) entry(text uint32) uint64 { return x.rank(text)&^(1<<valueBits-1) | uint64(text) }

func number(entry uint64) uint32 { return uint32(entry) & (1<<valueBits - 1) }

// first appends the first n holders of a set in the order of Index to dst,
// which is empty. It is the order of the set but for equal leading bits.
func (x *Index) first(dst []uint64, set uint32, n int) []uint64 {
	dst = x.sets.Append(dst, set, n+1)
	for i := 1; i < len(dst); i++ {
		if dst[i-1]>>valueBits == dst[i]>>valueBits {
			return x.tied(dst, set, n)
		}
	}
	return dst[:min(n, len(dst))]
}

func (x *Index) tied(dst []uint64, set uint32, n int) []uint64 {
	dst = x.sets.Append(dst[:0], set, x.sets.Len(set))
	slices.SortFunc(dst, func(a, b uint64) int {
		switch {
		case a>>valueBits != b>>valueBits:
			if a < b {
				return -1
			}
			return 1
		case a == b:
			return 0
		case x.less(number(a), number(b)):
			return -1
		}
		return 1
	})
	return dst[:min(n, len(dst))]
}

// Post adds a text with distinct keys. It appends to moved the texts that
// ceased to be among the first holders of a key: their candidates may be fewer
// than before.
func (x *Index) Post(text uint32, keys []uint32, moved []uint32) []uint32 {
	x.posts += len(keys)
	x.vals = append(x.vals[:0], x.table.touchAll(keys))
	var buf [Full + 2]uint64
	for _, k := range keys {
		x.vals = x.table.Find(x.vals[:0], k)
		vals := x.vals
		if len(vals) == 1 && vals[0]&listFlag != 0 {
			set := vals[0] &^ listFlag
			x.sets.Insert(set, x.entry(text))
			moved = x.moved(moved, buf[:0], set, text)
			continue
		}
		if len(vals) < x.inline {
			x.table.Insert(k, text)
		} else {
			set := x.sets.New()
			for _, v := range vals {
				x.table.Delete(k, v)
				x.sets.Insert(set, x.entry(v))
			}
			x.sets.Insert(set, x.entry(text))
			x.table.Insert(k, listFlag|set)
			moved = x.moved(moved, buf[:0], set, text)
		}
	}
	return moved
}

// moved appends the holders that text, which is in the set, keeps out of the
// first ones, once for each bound.
func (x *Index) moved(dst []uint32, buf []uint64, set, text uint32) []uint32 {
	n := x.sets.Len(set)
	last := 0 // greatest bound that is exceeded
	for _, b := range [...]int{x.hubs, x.tiers[0], x.tiers[1], x.full} {
		if b < n {
			last = max(last, b)
		}
	}
	if last == 0 || x.entry(text)>>valueBits > x.sets.At(set, last)>>valueBits {
		return dst
	}
	buf = x.first(buf, set, last+1)
	at := slices.IndexFunc(buf, func(e uint64) bool { return number(e) == text })
	if at < 0 {
		return dst
	}
	for _, b := range [...]int{x.hubs, x.tiers[0], x.tiers[1], x.full} {
		if at < b && b < n {
			dst = append(dst, number(buf[b]))
		}
	}
	return dst
}

// Unpost takes back what Post did. It appends to moved the texts that are among
// the first holders of a key for it: their candidates may be more than before.
func (x *Index) Unpost(text uint32, keys []uint32, moved []uint32) []uint32 {
	x.posts -= len(keys)
	var buf [Full + 2]uint64
	for _, k := range keys {
		x.vals = x.table.Find(x.vals[:0], k)
		vals := x.vals
		if len(vals) != 1 || vals[0]&listFlag == 0 {
			x.table.Delete(k, text)
			continue
		}
		set := vals[0] &^ listFlag
		moved = x.moved(moved, buf[:0], set, text)
		x.sets.Delete(set, x.entry(text))
		if x.sets.Len(set) < x.inline {
			x.table.Delete(k, vals[0])
			for _, e := range x.sets.Append(buf[:0], set, inline) {
				x.table.Insert(k, number(e))
			}
			x.sets.Free(set)
		}
	}
	return moved
}

// A Tally counts what one text has in common with others. The zero value is
// ready. It is scratch space of one goroutine.
type Tally struct {
	slots []count
	round uint32
	texts []uint32
	vals  []uint32
	first []uint64
}

type count struct {
	text, round  uint32
	weight, keys uint16
}

// Texts returns the texts that share a key with the one counted, in the order
// of discovery. Valid until the next count.
func (t *Tally) Texts() []uint32 { return t.texts }

// Count returns how many keys the text counted shares with another, and what
// they weigh.
func (t *Tally) Count(text uint32) (weight, keys int) {
	if c := t.slot(text); c.round == t.round && c.text == text {
		return int(c.weight), int(c.keys)
	}
	return 0, 0
}

func (t *Tally) slot(text uint32) *count {
	mask := uint32(len(t.slots) - 1)
	for i := text * 0x9E3779B1 >> 7 & mask; ; i = (i + 1) & mask {
		if c := &t.slots[i]; c.round != t.round || c.text == text {
			return c
		}
	}
}

func (t *Tally) add(text uint32, weight uint16) {
	c := t.slot(text)
	if c.round != t.round {
		if 2*len(t.texts) >= len(t.slots) {
			t.grow()
			c = t.slot(text)
		}
		*c = count{text: text, round: t.round}
		t.texts = append(t.texts, text)
	}
	c.weight += weight
	c.keys++
}

func (t *Tally) reset() {
	if t.slots == nil {
		t.slots = make([]count, 1<<10)
	}
	if t.round++; t.round == 0 {
		clear(t.slots)
		t.round = 1
	}
	t.texts = t.texts[:0]
}

func (t *Tally) grow() {
	old := t.slots
	t.slots = make([]count, 2*len(old))
	for _, c := range old {
		if c.round == t.round {
			*t.slot(c.text) = c
		}
	}
}

// Count fills t with what a text of these keys and rank shares with the texts
// held. The text may be held itself; it is passed over by its number. One that
// is not held has the number MaxText and counts as if it were; of equal ranks
// it comes first.
func (x *Index) Count(t *Tally, text uint32, rank uint64, keys []uint32) {
	t.reset()
	if x.table.shards == nil {
		return
	}
	t.vals = append(t.vals[:0], x.table.touchAll(keys))
	for _, k := range keys {
		t.vals = x.table.Find(t.vals[:0], k)
		if len(t.vals) == 1 && t.vals[0]&listFlag != 0 {
			x.countSet(t, text, rank, t.vals[0]&^listFlag, 1+uint16(k&runFlag))
			continue
		}
		// As few as these are among the first Rare, with the text too.
		for _, v := range t.vals {
			if v != text {
				t.add(v, 3*(1+uint16(k&runFlag)))
			}
		}
	}
}

// countSet counts a key whose holders are in a set.
func (x *Index) countSet(t *Tally, text uint32, rank uint64, set uint32, unit uint16) {
	n := x.sets.Len(set)
	t.first = x.first(t.first[:0], set, x.full+1)
	first := t.first
	// at is the place of the text among the holders.
	at := len(first)
	if n <= x.full || rank>>valueBits <= first[len(first)-1]>>valueBits {
		for i, e := range first {
			if number(e) == text || text == MaxText && rank>>valueBits <= e>>valueBits {
				at = i
				break
			}
		}
	}
	if at < len(first) && number(first[at]) == text {
		first = slices.Delete(first, at, at+1)
	}
	if text != MaxText {
		n-- // n are the others
	}
	if at >= x.full {
		for _, e := range first[:x.hubs] {
			t.add(number(e), 0)
		}
		return
	}
	// Others count by the farther of both places; those behind the text have
	// one more than among the others.
	i := 0
	for k, bound := range x.tiers {
		if at >= bound {
			continue
		}
		for ; i < len(first) && i < bound-1; i++ {
			t.add(number(first[i]), unit*uint16(len(x.tiers)-k))
		}
	}
	if at >= x.hubs || i >= n {
		return
	}
	last := uint64(0)
	common := first[:i]
	if i > 0 {
		last = slices.Max(common)
	}
	x.sets.Each(set, func(es []uint64) bool {
		for _, e := range es {
			if v := number(e); v != text && (e > last || !slices.Contains(common, e)) {
				t.add(v, 0)
			}
		}
		return true
	})
}

// Candidate is rule 2 of Index, for two texts with that many keys: whether they
// are candidates. Spare is by how much: they still are if keys become less by
// that much, and weight by twice that.
func Candidate(weight, keys, keysA, keysB int) (spare int, ok bool) {
	fewer := min(keysA, keysB)
	need := 7
	if fewer <= Short {
		need = 4
	}
	weight, keys = weight-need, keys-max(2, (fewer+1)/2)
	return max(weight>>1, keys), weight >= 0 || keys >= 0
}

// Posts returns the number of keys of all texts held.
func (x *Index) Posts() int { return x.posts }

// Bytes returns the memory held.
func (x *Index) Bytes() int { return x.table.Bytes() + x.sets.Bytes() }
