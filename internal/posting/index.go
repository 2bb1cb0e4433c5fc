package posting

import "slices"

// Index proposes which of the texts it holds may be related to one. Texts are
// numbers below MaxText with a rank: an order among all texts that is a
// function of their content. Which pairs it proposes is a function of the set
// of texts held:
//
//  1. The holders of a key are ordered by rank. The first Full of them are
//     compared with one another: the key is common to any two of them. The
//     first Hubs stand for all others besides: the key is weakly common to one
//     of them and any holder behind the first Full. Of no other pair is it
//     common.
//  2. Two texts are candidates if two keys are common to them (one, if either
//     has at most Short keys), or if the common and weakly common keys together
//     are as many and at least half of the keys of the text that has fewer.
//
// So a key that no more than Full texts have counts for every pair of them, and
// any number of copies of one text are held together by their hubs, but what
// thousands of different texts have in common, such as a stock phrase or a
// notice under each article, proposes next to nothing: work per text is bounded
// by Full and by the number of its keys.
//
// The zero value is not ready; see New.
type Index struct {
	table Table
	sets  Sets
	rank  func(text uint32) uint64
	less  func(a, b uint32) bool

	full, hubs, inline int

	vals  []uint32
	posts int
}

const (
	// MaxText bounds the numbers of texts.
	MaxText = 1 << (valueBits - 1)

	// Full and Hubs are the bounds of the rule above.
	Full = 64
	Hubs = 16

	// Short is the number of keys up to which a text may be found by one.
	Short = 12

	listFlag = MaxText // of a value: it names a set
	inline   = 4       // the most holders of a key that stand in the table itself
	rankBits = 64 - valueBits
)

// New returns an empty index that compares the first full holders of a key and
// has hubs of them stand for the others; 0 means Full and Hubs. Rank gives
// the order of a text; of two of equal leading 36 bits less decides, which must
// be a strict total order.
func New(full, hubs int, rank func(uint32) uint64, less func(a, b uint32) bool) *Index {
	if full == 0 {
		full = Full
	}
	if hubs == 0 {
		hubs = Hubs
	}
	hubs = min(hubs, full)
	return &Index{full: full, hubs: hubs, inline: min(inline, hubs, full-1), rank: rank, less: less}
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
// first ones.
func (x *Index) moved(dst []uint32, buf []uint64, set, text uint32) []uint32 {
	n := x.sets.Len(set)
	if n <= x.hubs {
		return dst
	}
	buf = x.first(buf, set, min(n, x.full+1))
	at := slices.IndexFunc(buf, func(e uint64) bool { return number(e) == text })
	if at >= 0 && at < x.hubs {
		dst = append(dst, number(buf[x.hubs]))
	}
	if at >= 0 && at < x.full && n > x.full {
		dst = append(dst, number(buf[x.full]))
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
	common, weak uint16
}

// Texts returns the texts that have a key in common with the one counted, in
// the order of discovery. Valid until the next count.
func (t *Tally) Texts() []uint32 { return t.texts }

// Count returns the keys that are common and weakly common to the text counted
// and another.
func (t *Tally) Count(text uint32) (common, weak int) {
	if c := t.slot(text); c.round == t.round && c.text == text {
		return int(c.common), int(c.weak)
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

func (t *Tally) add(text uint32, common, weak uint16) {
	c := t.slot(text)
	if c.round != t.round {
		if 2*len(t.texts) >= len(t.slots) {
			t.grow()
			c = t.slot(text)
		}
		*c = count{text: text, round: t.round}
		t.texts = append(t.texts, text)
	}
	c.common += common
	c.weak += weak
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

// Count fills t with what a text of these keys and rank has in common with the
// texts held. The text may be held itself; it is passed over by its number.
// One that is not held has the number MaxText and counts as if it were; of
// equal ranks it comes first.
func (x *Index) Count(t *Tally, text uint32, rank uint64, keys []uint32) {
	t.reset()
	if x.table.shards == nil {
		return
	}
	sum := uint32(0)
	for _, k := range keys {
		sum += x.table.touch(k)
	}
	t.vals = append(t.vals[:0], sum) // the sum must be used
	for _, k := range keys {
		t.vals = x.table.Find(t.vals[:0], k)
		if len(t.vals) == 1 && t.vals[0]&listFlag != 0 {
			x.countSet(t, text, rank, t.vals[0]&^listFlag)
			continue
		}
		for _, v := range t.vals {
			if v != text {
				t.add(v, 1, 0)
			}
		}
	}
}

func (x *Index) countSet(t *Tally, text uint32, rank uint64, set uint32) {
	n := x.sets.Len(set)
	if n < x.full {
		x.sets.Each(set, func(es []uint64) bool {
			for _, e := range es {
				if v := number(e); v != text {
					t.add(v, 1, 0)
				}
			}
			return true
		})
		return
	}
	t.first = x.first(t.first[:0], set, min(n, x.full+1))
	x.countFirst(t, text, rank, n, func(yield func([]uint64) bool) { x.sets.Each(set, yield) })
}

// countFirst counts a key of n holders, the first of which are in t.first.
func (x *Index) countFirst(t *Tally, text uint32, rank uint64, n int, each func(func([]uint64) bool)) {
	first := t.first
	// at is the place of the text among the others.
	at := len(first)
	for i, e := range first {
		if number(e) == text || text == MaxText && rank&^(1<<valueBits-1) <= e&^(1<<valueBits-1) {
			at = i
			break
		}
	}
	if at < len(first) && number(first[at]) == text {
		first = slices.Delete(first, at, at+1)
		n--
	} else if text != MaxText {
		n-- // it is held, further behind
	}
	full, hubs := x.full, x.hubs
	switch {
	case at < hubs:
		common := first[:min(len(first), full-1)]
		for _, e := range common {
			t.add(number(e), 1, 0)
		}
		if n > len(common) {
			last := uint64(0)
			if len(common) > 0 {
				last = slices.Max(common)
			}
			each(func(es []uint64) bool {
				for _, e := range es {
					if v := number(e); v != text && (e > last || !slices.Contains(common, e)) {
						t.add(v, 0, 1)
					}
				}
				return true
			})
		}
	case at < full:
		for _, e := range first[:min(len(first), full-1)] {
			t.add(number(e), 1, 0)
		}
	default:
		for _, e := range first[:min(len(first), hubs)] {
			t.add(number(e), 0, 1)
		}
	}
}

// Candidate is rule 2 of Index: whether two texts with that many keys are
// candidates.
func Candidate(common, weak, keysA, keysB int) bool {
	fewer := min(keysA, keysB)
	need := 2
	if fewer <= Short {
		need = 1
	}
	return common >= need || common+weak >= max(need, (fewer+1)/2)
}

// Posts returns the number of keys of all texts held.
func (x *Index) Posts() int { return x.posts }

// Bytes returns the memory held.
func (x *Index) Bytes() int { return x.table.Bytes() + x.sets.Bytes() }
