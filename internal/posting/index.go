package posting

import "slices"

// Index proposes which of the texts it holds may be related to one. Texts are
// numbers below MaxText with a rank: an order among all texts that is a
// function of their content. Which pairs it proposes is a function of the set
// of texts held:
//
//  1. The holders of a key are ordered by rank. For two of the first Full
//     holders it weighs 1, or 2 if it is of a run. The first Hubs stand for all
//     others besides: for one of them and any holder behind the first Full the
//     key is shared, but weighs nothing. For no other pair it is shared.
//  2. A key that more than Common texts have is stock for some of them: for
//     those whose rank, as a share of all ranks, is below the number of holders
//     beyond Common as a share of Common, and so for all from twice Common on.
//     What is stock for a text it shares with none.
//  3. Two texts are candidates if the keys they share are two at least and a
//     quarter of the keys of the text that has fewer; or if they weigh 3 (2, if
//     either text has at most Short keys), unless more than Stock keys are
//     stock for either.
//
// What is left of unrelated candidates Glance tells from the texts themselves.
//
// So a key that few texts have counts for every pair of them, and any number of
// copies of one text are held together by their hubs; but a stock phrase
// proposes next to nothing, and of texts that all end with the same notice, be
// they short or long, only those are proposed that have something else in
// common, and much of it: by what they all have they would seem to be parts of one
// another. One that has less of the notice for itself, because of a quotation that
// never ends, say, would tie them all: of 40,000 made-up articles with 300 words in
// common 60 groups mix stories, as without these; 202 if stock for both is asked
// for.
// Work per text is bounded by Full and by the number of its keys.
//
// For the 828 wire stories of 2025 it proposes 794 of the 795 links of Partial
// and Near of all pairs and 99.3 % of those of Rewrite, all of which pass at a
// Glance (calibrate -index, in bench); that a key of few weighs more does not help, since it is what large
// families of copies have in common that is not rare.
//
// See New.
type Index struct {
	table Table
	lists lists
	rank  func(text uint32) uint64
	less  func(a, b uint32) bool

	full, hubs, inline int
	common             int

	vals    []uint32
	posts   int
	changed changes
}

const (
	// MaxText bounds the numbers of texts.
	MaxText = 1 << (valueBits - 1)

	// Full to Stock are the bounds of the rule above. No story has been seen in
	// as many different versions as Common.
	Full   = 64
	Hubs   = 16
	Common = 4096
	Stock  = 8

	// Short is the number of keys up to which a text may be found by one.
	Short = 12

	listFlag = MaxText // of a value: it names a set
	inline   = 6       // the most holders of a key that stand in the table itself
	rankBits = 64 - valueBits
)

// Bounds are those of Index. Zero values mean Full, Hubs and Common; Full and
// Common must be two at least.
type Bounds struct{ Full, Hubs, Common int }

// New returns an empty index. Rank gives the order of a text; of two of equal
// leading 36 bits less decides, which must be a strict total order.
func New(b Bounds, rank func(uint32) uint64, less func(a, b uint32) bool) *Index {
	if b.Full == 0 {
		b.Full = Full
	}
	if b.Hubs == 0 {
		b.Hubs = Hubs
	}
	if b.Common == 0 {
		b.Common = Common
	}
	b.Hubs = min(b.Hubs, b.Full)
	x := &Index{
		full: b.Full, hubs: b.Hubs, inline: min(inline, b.Hubs, b.Full-1, b.Common-1), common: b.Common,
		rank: rank, less: less,
	}
	x.lists.bound, x.lists.entry = min(b.Full, b.Common, maxBlock)-1, x.entry
	return x
}

// stock is the rank from which a key of n holders is not stock, without the
// bits that entries have no room for.
func (x *Index) stock(n int) uint64 {
	if n -= x.common; n <= 0 {
		return 0
	}
	return (uint64(min(n, x.common))<<rankBits + uint64(x.common) - 1) / uint64(x.common)
}

// entry is what stands in a set for a text: rank before number.
func (x *Index) entry(text uint32) uint64 { return entryOf(x.rank(text), text) }

func entryOf(rank uint64, text uint32) uint64 { return rank&^(1<<valueBits-1) | uint64(text) }

func number(entry uint64) uint32 { return uint32(entry) & (1<<valueBits - 1) }

// first appends the first n holders of a set in the order of Index to dst,
// which is empty. It is the order of the set but for equal leading bits.
func (x *Index) first(dst []uint64, set uint32, n int) []uint64 {
	dst = x.lists.many.Append(dst, set, n+1)
	for i := 1; i < len(dst); i++ {
		if dst[i-1]>>valueBits == dst[i]>>valueBits {
			return x.tied(dst, set, n)
		}
	}
	return dst[:min(n, len(dst))]
}

func (x *Index) tied(dst []uint64, set uint32, n int) []uint64 {
	dst = x.lists.many.Append(dst[:0], set, x.lists.many.Len(set))
	x.sort(dst)
	return dst[:min(n, len(dst))]
}

// settle puts holders that are in the order of their set in that of Index, if
// it differs among the first n.
func (x *Index) settle(holders []uint64, n int) {
	for i := 1; i < min(n, len(holders)); i++ {
		if holders[i-1]>>valueBits == holders[i]>>valueBits {
			x.sort(holders)
			return
		}
	}
}

func (x *Index) sort(holders []uint64) {
	slices.SortFunc(holders, func(a, b uint64) int {
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
}

// An Effect is what a change of the index means for other texts.
type Effect struct {
	// Moved are the texts of which some pair may count less than before (Post).
	// The costs of the moves of both ends that concern a pair are together no less
	// than what it loses, be it weight or keys; and, for every key that has become
	// stock for either, 4 at least.
	Moved []Move
	// Gained are the texts of which some pair may weigh more than before, or share
	// more keys (Unpost). If the two share n of the keys by which they are named,
	// either or both, they have gained 2n of weight and n keys at most.
	Gained []Gain
	// Stock are the texts for which a key has become stock (Post), or is no
	// more (Unpost), once for each key; of which each has been in Moved twice, or
	// in Gained.
	Stock []uint32
}

// A Gain is a text that has come among the first holders of a key, or for which
// the key is no more stock. What it concerns are the pairs that share the key
// then; or, if it is Behind, those of them that share it for no weight, with holders
// behind the first Full; or, if someone else says so, every pair.
type Gain struct {
	Text, Key     uint32
	Behind, Every bool
}

// CountGained counts what a text shares with others by the keys by which it has
// gained alone, as Count does, and returns how many gains concern every pair
// besides. For reading.
func (x *Index) CountGained(t *Tally, rank uint64, gains []Gain) (every int) {
	t.reset()
	every = t.gained(gains)
	if len(gains) > 0 {
		x.count(t, gains[0].Text, rank, t.keys)
	}
	return every
}

// gained leaves the keys of gains in t.keys, each once, and returns how many of them
// concern every pair.
func (t *Tally) gained(gains []Gain) (every int) {
	t.keys = t.keys[:0]
	for _, g := range gains {
		if g.Every {
			every++
		} else if !slices.Contains(t.keys, g.Key) {
			t.keys = append(t.keys, g.Key)
		}
	}
	return every
}

// A Move is a change of the place of a text among the holders of a key.
type Move struct {
	Text     uint32
	set      uint32
	cost     uint16 // that of the key, or 2
	from, to uint64 // leading bits of the ranks of the holders with which pairs change
}

// everyone is the set of a Move that concerns all pairs.
const everyone = 1<<32 - 1

// Cost returns what some moves of one text cost those that they concern.
func Cost(moves []Move) (n int) {
	for i := range moves {
		n += int(moves[i].cost)
	}
	return n
}

// Concern counts in t what those of some moves of one text cost that may change
// what it shares with each other one, as the weight of Tally.Count, and returns
// what those cost that may with every one besides, or with very many. It is right
// until a text is posted or taken back. For reading.
func (x *Index) Concern(t *Tally, moves []Move) (every int) {
	t.reset()
	for i := range moves {
		m := &moves[i]
		if m.set == everyone || m.from > 0 && x.lists.many.Len(m.set) > 16*x.full {
			every += int(m.cost)
			continue
		}
		x.lists.many.Each(m.set, func(es []uint64) bool {
			if es[len(es)-1]>>valueBits < m.from {
				return true
			}
			for _, e := range es {
				if r := e >> valueBits; r > m.to {
					return false
				} else if r >= m.from {
					t.add(number(e), m.cost)
				}
			}
			return true
		})
	}
	return every
}

func (e *Effect) reset() { e.Moved, e.Gained, e.Stock = e.Moved[:0], e.Gained[:0], e.Stock[:0] }

// Post adds a text with distinct keys and returns how many of them are stock
// for it. It fills in e.
func (x *Index) Post(text uint32, keys []uint32, e *Effect) (stock int) {
	return x.post(nil, text, keys, e)
}

// Touch reads what PostCount of these keys will, as far as it can be found without
// its work, so that it comes from memory at once, and leaves in t what PostCount
// of the same index need not find again where nothing has changed since; Forget
// drops that. It returns a sum of what it read, which is to be used. For reading.
func (x *Index) Touch(t *Tally, keys []uint32) uint32 {
	t.memo, t.vals = t.memo[:0], t.vals[:0]
	if x.table.shards == nil {
		return 0
	}
	sum := x.table.Touch(keys)
	for _, k := range keys {
		i, tag := split(k)
		s := &x.table.shards[i]
		from := len(t.vals)
		if !s.lacks(tag) {
			t.vals = s.find(t.vals, tag)
		}
		t.memo = append(t.memo, memo{k, s.changes, uint32(len(t.vals))})
		if len(t.vals) == from+1 && t.vals[from]&listFlag != 0 {
			sum += x.lists.few.heads.At(t.vals[from] &^ listFlag).n
		}
	}
	for _, v := range t.vals {
		if v&listFlag != 0 {
			sum += x.lists.touch(v &^ listFlag)
		}
	}
	return sum
}

// Forget drops what Touch has left, which no other index may see.
func (t *Tally) Forget() { t.memo = t.memo[:0] }

// A memo is what Touch has found under a key: values up to an end, when its
// shard had seen so many changes.
type memo struct{ key, changes, end uint32 }

// recall calls f with each of keys and its values, which are valid until the next
// call, as Touch has left them where nothing has changed.
func (x *Index) recall(t *Tally, keys []uint32, f func(key uint32, vals []uint32)) {
	var memos []memo
	if t != nil && len(t.memo) == len(keys) {
		memos = t.memo
		t.memo = t.memo[:0]
	} else {
		x.vals = append(x.vals[:0], x.table.Touch(keys))
	}
	from := uint32(0)
	for n, k := range keys {
		i, tag := split(k)
		s := &x.table.shards[i]
		if memos != nil {
			m := memos[n]
			vals := t.vals[from:m.end]
			if from = m.end; m.key == k && m.changes == s.changes {
				f(k, vals)
				continue
			}
		}
		x.vals = s.find(x.vals[:0], tag)
		f(k, x.vals)
	}
}

// PostCount is Post, and then Count for the same text, in less time, the more so
// if Touch of the same keys, and no other method, has last been called with t.
func (x *Index) PostCount(t *Tally, text uint32, keys []uint32, e *Effect) {
	t.reset()
	x.post(t, text, keys, e)
}

func (x *Index) post(t *Tally, text uint32, keys []uint32, e *Effect) (stock int) {
	e.reset()
	x.posts += len(keys)
	x.table.ready()
	rank := x.rank(text)
	x.recall(t, keys, func(k uint32, vals []uint32) {
		x.changed.note(k)
		if len(vals) < x.inline && (len(vals) != 1 || vals[0]&listFlag == 0) {
			x.table.insert(k, text, &x.table.size)
			if t != nil {
				for _, v := range vals {
					t.add(v, 1+uint16(k&runFlag))
				}
			}
			return
		}
		var list uint32
		if len(vals) == 1 && vals[0]&listFlag != 0 {
			list = vals[0] &^ listFlag
		} else {
			list = x.lists.few.New()
			for _, v := range vals {
				x.table.Delete(k, v)
				x.lists.Insert(list, v)
			}
			x.table.Insert(k, listFlag|list)
		}
		x.lists.Insert(list, text)
		if set, many := x.lists.set(list); many && x.moved(e, set, text, 1+uint16(k&runFlag)) {
			stock++
		}
		if t != nil {
			x.countList(t, text, rank, list, 1+uint16(k&runFlag))
		}
	})
	return stock
}

// moved adds to e what it means for the other holders of a key, which weighs
// unit, that text is in its set, and reports whether the key is stock for text.
func (x *Index) moved(e *Effect, set, text uint32, unit uint16) bool {
	n := x.lists.many.Len(set)
	if n <= min(x.full, x.common) {
		return false
	}
	own, limit := x.entry(text), x.stock(n)
	if from := x.stock(n - 1); from < limit {
		for at, ok := x.lists.many.Seek(set, from<<valueBits); ok && at>>valueBits < limit; at, ok = x.lists.many.Seek(set, at+1) {
			if at != own {
				e.Stock = append(e.Stock, number(at))
				all := Move{Text: number(at), set: everyone, cost: 2}
				e.Moved = append(e.Moved, all, all)
			}
		}
	}
	x.displaced(e, set, text, n, limit, unit)
	return own>>valueBits < limit
}

// displaced adds to e.Moved those of the n holders in a set that text, one of
// them, keeps out of the first ones, be the key stock for text or not; but for
// those of ranks below limit, for which it is.
func (x *Index) displaced(e *Effect, set, text uint32, n int, limit uint64, unit uint16) {
	if n <= x.full {
		return // hubs are of use to those behind the first Full alone
	}
	if at := x.lists.many.At(set, x.full) >> valueBits; at < limit || x.entry(text)>>valueBits > at {
		return
	}
	var buf [Full + 2]uint64
	first := x.first(buf[:0], set, x.full+1)
	at := slices.IndexFunc(first, func(e uint64) bool { return number(e) == text })
	if at < 0 {
		return
	}
	move := func(bound int, from, to uint64) {
		if at < bound && first[bound]>>valueBits >= limit {
			e.Moved = append(e.Moved, Move{number(first[bound]), set, unit, from >> valueBits, to >> valueBits})
		}
	}
	// A hub counts with those behind the first Full for it, one of the first
	// Full with those before it; if all of these are hubs, with everyone.
	if x.hubs < x.full {
		move(x.hubs, first[x.full], 1<<64-1)
		move(x.full, 0, first[x.full])
	} else {
		move(x.full, 0, 1<<64-1)
	}
}

// Unpost takes back what Post did. It fills in e.
func (x *Index) Unpost(text uint32, keys []uint32, e *Effect) {
	e.reset()
	x.posts -= len(keys)
	var buf [inline]uint32
	for _, k := range keys {
		x.changed.note(k)
		x.vals = x.table.Find(x.vals[:0], k)
		vals := x.vals
		if len(vals) != 1 || vals[0]&listFlag == 0 {
			x.table.Delete(k, text)
			continue
		}
		list := vals[0] &^ listFlag
		if set, many := x.lists.set(list); many {
			x.moved(e, set, text, 0)
		}
		for i := range e.Moved {
			e.Gained = append(e.Gained, Gain{Text: e.Moved[i].Text, Key: k})
		}
		e.Moved = e.Moved[:0]
		x.lists.Delete(list, text)
		if x.lists.Len(list) < x.inline {
			x.table.Delete(k, vals[0])
			for _, text := range x.lists.few.Append(buf[:0], list, inline) {
				x.table.Insert(k, text)
			}
			x.lists.few.Free(list)
		}
	}
}

// Stock calls yield with every text for which a key is stock, once for each
// key. For reading.
func (x *Index) Stock(yield func(text uint32)) {
	for set := range uint32(x.lists.many.heads.Len()) {
		limit := x.stock(x.lists.many.Len(set))
		if limit == 0 {
			continue
		}
		x.lists.many.Each(set, func(es []uint64) bool {
			for _, e := range es {
				if e>>valueBits >= limit {
					return false
				}
				yield(number(e))
			}
			return true
		})
	}
}

// A Tally counts what one text has in common with others. The zero value is
// ready. It is scratch space of one goroutine.
type Tally struct {
	slots  []slot // by hash of the text, at least twice as many as texts
	base   uint32 // of the places of this count
	shares []Share
	vals   []uint32
	memo   []memo // of vals
	first  []uint64
	keys   []uint32
	stock  int
	sum    uint32               // of what has been read ahead
	among  bool                 // texts without a slot do not count
	some   [1 << 12 / 64]uint64 // a bit by hash for each text with a slot, if among
}

// A Share is what the text counted has in common with another one.
type Share struct {
	Text         uint32
	Weight, Keys uint16
}

// A slot says where the share of a text is, base included. Those of earlier
// counts are below it.
type slot struct{ text, at uint32 }

// Shares returns what the text counted has in common with each that it shares a
// key with, in the order of discovery. Valid until the next count.
func (t *Tally) Shares() []Share { return t.shares }

// Count returns how many keys the text counted shares with another, and what
// they weigh.
func (t *Tally) Count(text uint32) (weight, keys int) {
	if c := t.slot(text); c.at >= t.base {
		s := &t.shares[c.at-t.base]
		return int(s.Weight), int(s.Keys)
	}
	return 0, 0
}

// Use takes a sum of what was read ahead, so that it is read.
func (t *Tally) Use(sum uint32) { t.sum += sum }

// Stock returns how many keys are stock for the text counted.
func (t *Tally) Stock() int { return t.stock }

// slot returns that of a text, or an unused one.
func (t *Tally) slot(text uint32) *slot {
	mask := uint32(len(t.slots) - 1)
	for i := text * 0x9E3779B1 >> 7 & mask; ; i = (i + 1) & mask {
		if c := &t.slots[i]; c.at < t.base || c.text == text {
			return c
		}
	}
}

func (t *Tally) add(text uint32, weight uint16) {
	c := t.slot(text)
	if c.at >= t.base {
		s := &t.shares[c.at-t.base]
		s.Weight += weight
		s.Keys++
		return
	}
	if t.among {
		return
	}
	*c = slot{text, t.base + uint32(len(t.shares))}
	t.shares = append(t.shares, Share{text, weight, 1})
	if 2*len(t.shares) > len(t.slots) {
		t.grow()
	}
}

// addAll adds texts, but for one.
func (t *Tally) addAll(texts []uint32, but uint32, weight uint16) {
	if t.among {
		for _, v := range texts {
			if h := v * 0x9E3779B1 >> 20; t.some[h>>6]>>(h&63)&1 != 0 && v != but {
				t.add(v, weight)
			}
		}
		return
	}
	for _, v := range texts {
		if v != but {
			t.add(v, weight)
		}
	}
}

func (t *Tally) reset() {
	t.base += uint32(len(t.shares))
	t.shares, t.stock, t.among = t.shares[:0], 0, false
	if t.slots == nil {
		t.slots, t.base = make([]slot, 1<<10), 1
	}
	if t.base > 1<<31 {
		clear(t.slots)
		t.base = 1
	}
}

func (t *Tally) grow() {
	t.slots = make([]slot, 2*len(t.slots))
	for i := range t.shares {
		*t.slot(t.shares[i].Text) = slot{t.shares[i].Text, t.base + uint32(i)}
	}
}

// Count fills t with what a text of these keys and rank shares with the texts
// held. The text may be held itself; it is passed over by its number. One that
// is not held has the number MaxText and counts as if it were; of equal ranks
// it comes first.
func (x *Index) Count(t *Tally, text uint32, rank uint64, keys []uint32) {
	t.reset()
	x.count(t, text, rank, keys)
}

// CountAmong is Count for what a text shares with some others alone, which are
// distinct: those that another Tally has counted. It is twice as fast if they are
// few.
func (x *Index) CountAmong(t *Tally, others []Share, text uint32, rank uint64, keys []uint32) {
	t.limit(others)
	x.count(t, text, rank, keys)
}

// limit is reset, for others alone to count.
func (t *Tally) limit(others []Share) {
	t.reset()
	clear(t.some[:])
	for _, s := range others {
		t.add(s.Text, 0)
		h := s.Text * 0x9E3779B1 >> 20
		t.some[h>>6] |= 1 << (h & 63)
	}
	for i := range t.shares {
		t.shares[i].Keys = 0
	}
	t.among = true
}

func (x *Index) count(t *Tally, text uint32, rank uint64, keys []uint32) {
	t.sum += x.Touch(t, keys)
	from := uint32(0)
	for i := range t.memo {
		x.countKey(t, text, rank, keys[i], t.vals[from:t.memo[i].end])
		from = t.memo[i].end
	}
	t.Forget()
}

// countKey counts a key of which these are the values.
func (x *Index) countKey(t *Tally, text uint32, rank uint64, key uint32, vals []uint32) {
	unit := 1 + uint16(key&runFlag)
	if len(vals) == 1 && vals[0]&listFlag != 0 {
		x.countList(t, text, rank, vals[0]&^listFlag, unit)
		return
	}
	// As few as these are among the first Full, with the text too.
	t.addAll(vals, text, unit)
}

// countList counts a key whose holders are in a list.
func (x *Index) countList(t *Tally, text uint32, rank uint64, list uint32, unit uint16) {
	if set, many := x.lists.set(list); many {
		x.countSet(t, text, rank, set, unit)
		return
	}
	t.addAll(x.lists.few.elements(list), text, unit)
}

// countSet counts a key whose holders are in a set.
func (x *Index) countSet(t *Tally, text uint32, rank uint64, set uint32, unit uint16) {
	n := x.lists.many.Len(set) // holders, with the text
	if text == MaxText {
		n++
	}
	if n <= min(x.full, x.common) {
		// All are among the first.
		x.lists.many.Each(set, func(es []uint64) bool {
			for _, e := range es {
				if v := number(e); v != text {
					t.add(v, unit)
				}
			}
			return true
		})
		return
	}
	limit := x.stock(n)
	own := rank >> valueBits
	if own < limit {
		t.stock++
		return
	}
	first := x.lists.many.lead(t.first[:0], set, x.full+1)
	if x.ambiguous(first) {
		t.first = x.first(t.first[:0], set, x.full+1)
		first = t.first
	}
	// at is the place of the text among the holders, skip whether it is in first.
	at, skip := len(first), false
	if n <= x.full+1 || own <= first[len(first)-1]>>valueBits {
		for i, e := range first {
			if e>>valueBits < own {
				continue
			}
			if skip = number(e) == text; skip || text == MaxText {
				at = i
				break
			}
		}
	}
	// The first of the others: Full with the text, or the hubs without it.
	bound, weight := x.full, unit
	if at >= x.full {
		bound, weight = x.hubs, 0
	} else if !skip {
		bound--
	}
	bound = min(bound, len(first))
	for i, e := range first[:bound] {
		if e>>valueBits >= limit && (i != at || !skip) {
			t.add(number(e), weight)
		}
	}
	if at >= x.hubs || bound >= x.lists.many.Len(set) {
		return
	}
	last := slices.Max(first[:bound])
	x.lists.many.Each(set, func(es []uint64) bool {
		for _, e := range es {
			if v := number(e); v != text && e>>valueBits >= limit && (e > last || !slices.Contains(first[:bound], e)) {
				t.add(v, 0)
			}
		}
		return true
	})
}

// ambiguous reports whether it is open by leading bits who is among the first
// of the holders that the rule tells apart.
func (x *Index) ambiguous(first []uint64) bool {
	for _, i := range [...]int{x.hubs, x.full - 1, x.full} {
		if 0 < i && i < len(first) && first[i-1]>>valueBits == first[i]>>valueBits {
			return true
		}
	}
	return false
}

// Size is the number of keys of a text, and how many are stock for it.
type Size struct{ Keys, Stock int }

// Candidate is rule 3 of Index, for two texts of these sizes: whether they are
// candidates. Spare is what the moves of both (see Effect) may cost so that they
// still are: four each time that a key becomes stock for one.
func Candidate(weight, keys int, a, b Size) (spare int, ok bool) {
	fewer, stock := min(a.Keys, b.Keys), max(a.Stock, b.Stock)
	need := 3
	if fewer <= Short {
		need = 2
	}
	spare = max(min(weight-need, 4*(Stock-stock)+3), keys-max(2, (fewer+3)/4))
	return spare, spare >= 0
}

// Never reports that no texts of any size are candidates for so little: most
// that share something share one key, and need not be looked at.
func Never(weight, keys int) bool { return weight < 2 && keys < 2 }

// Posts returns the number of keys of all texts held.
func (x *Index) Posts() int { return x.posts }

// Bytes returns the memory held.
func (x *Index) Bytes() int { return x.table.Bytes() + x.lists.Bytes() }
