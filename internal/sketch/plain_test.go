package sketch

import (
	"encoding/binary"
	"slices"

	"github.com/newsdedup/newsdedup/internal/token"
)

// plain builds a sketch as the documentation says, one rule after the other
// and without any care for speed: the oracle for Builder.
func plain(title, text string) *Sketch {
	s := &Sketch{}
	body := token.Scan(nil, text)
	s.Words = uint32(len(body))
	s.Digest = plainDigest(body)
	items, all := plainItems(body)
	s.Body = plainSimHash(body, all, all)
	names := map[uint16]bool{}
	plainKinds(items, names)
	plainPromote(items, names)
	for _, x := range items {
		s.Tokens = append(s.Tokens, uint16(x.hash>>48))
		s.Kinds = append(s.Kinds, x.kind)
	}
	s.Segs = plainSegments(body, items)

	for _, t := range body {
		capital := t.Flags&token.Upper != 0
		marked := t.Flags&(token.Caps|token.Mixed) != 0
		if capital && t.Flags&token.Content == 0 && t.Flags&token.One == 0 && t.Flags&(token.Abbrev|token.Month) == 0 && (marked || t.Flags&token.Sentence == 0) {
			s.Short = append(s.Short, uint16(t.Hash>>48))
		}
	}
	slices.Sort(s.Short)
	s.Short = slices.Compact(s.Short)
	s.Short = s.Short[:min(len(s.Short), maxShort)]

	head := token.Scan(nil, title)
	items, all = plainItems(head)
	s.Title = plainSimHash(head, all, true)
	plainKinds(items, names)
	plainPromote(items, names)
	for _, x := range items[:min(len(items), maxHead)] {
		s.Head = append(s.Head, uint16(x.hash>>48))
		s.HeadKinds = append(s.HeadKinds, x.kind)
	}
	for s.size() > MaxSize && s.Level < MaxLevel {
		s.Sample(s, s.Level+1)
	}
	return s
}

func plainDigest(ts []token.Token) (d [16]byte) {
	x, y := uint64(len(ts)), ^uint64(len(ts))
	for _, t := range ts {
		x ^= t.Hash
		x = (x<<29 | x>>35) * 0x87C37B91114253D5
		y += t.Hash
		y = (y<<33 | y>>31) * 0x4CF5AD432745937F
	}
	x, y = token.Mix(x), token.Mix(y)
	binary.LittleEndian.PutUint64(d[:], x+y)
	binary.LittleEndian.PutUint64(d[8:], x+2*y)
	return d
}

// A plainItem is a content token.
type plainItem struct {
	hash     uint64
	at       int // index of its first token
	kind     Kind
	flags    token.Flags
	sentence int
}

// plainItems returns the content tokens, or all if there are fewer than eight.
func plainItems(ts []token.Token) (items []plainItem, all bool) {
	for _, all = range []bool{false, true} {
		items = nil
		sentence := 0
		for i := 0; i < len(ts); i++ {
			t := ts[i]
			if t.Flags&token.Sentence != 0 {
				sentence = i
			}
			if t.Flags&token.Unspaced == 0 {
				if all || t.Flags&token.Content != 0 {
					items = append(items, plainItem{t.Hash, i, 0, t.Flags, sentence})
				}
				continue
			}
			j := i + 1
			for j < len(ts) && ts[j].Flags&token.Joined != 0 {
				j++
			}
			for _, k := range plainPairs(ts[i:j], all) {
				h := ts[i+k].Hash
				if j-i > 1 {
					h = token.Pair(h, ts[i+k+1].Hash)
				}
				items = append(items, plainItem{h, i + k, 0, token.Han, sentence})
			}
			i = j - 1
		}
		if len(items) >= minContent {
			break
		}
	}
	return items, all
}

// plainPairs returns where the pairs that are content start.
func plainPairs(run []token.Token, all bool) (at []int) {
	hira := func(i int) bool { return run[i].Flags&token.Hira != 0 }
	if len(run) == 1 {
		if hira(0) && !all {
			return nil
		}
		return []int{0}
	}
	n := len(run) - 1
	for from := 0; from == 0 || from+window <= n; from++ {
		least := -1
		var v uint64
		for i := from; i < min(from+window, n); i++ {
			h := token.Pair(run[i].Hash, run[i+1].Hash)
			if (all || !hira(i) || !hira(i+1)) && (least < 0 || h <= v) {
				least, v = i, h
			}
		}
		if least >= 0 && !slices.Contains(at, least) {
			at = append(at, least)
		}
	}
	return at
}

func plainSimHash(ts []token.Token, all, every bool) (sum uint64) {
	var words, chars []uint64
	single := map[uint64]int{} // weights of the single votes
	for i, t := range ts {
		joined := t.Flags&token.Joined != 0
		follows := i+1 < len(ts) && ts[i+1].Flags&token.Joined != 0
		switch {
		case t.Flags&token.SEA != 0:
			if !joined && !follows {
				words = append(words, t.Hash)
			}
		case t.Flags&token.Hira != 0:
			chars = append(chars, t.Hash)
			single[t.Hash] += 2 * 48
		case t.Flags&token.Han != 0:
			chars = append(chars, t.Hash)
			single[t.Hash] += 4 * 48
		case t.Flags&token.Content != 0 || every:
			words = append(words, t.Hash)
		}
		if joined {
			h := token.Pair(ts[i-1].Hash, t.Hash)
			if t.Flags&token.SEA != 0 {
				words = append(words, h)
			} else if every || t.Flags&ts[i-1].Flags&token.Hira == 0 {
				single[h] += 4 * 48
			}
		}
	}
	c, w := len(chars), len(words)
	s := 48 - c
	if w > 0 {
		s = max(s, 96-96*c/w)
	}
	s = min(max(s, 0), 48)
	for _, h := range words {
		single[h] += 6 * (48 - s)
	}
	for b := range 64 {
		votes := 0
		for _, h := range words {
			votes += 4 * s * (int(h>>b%2)*2 - 1)
		}
		for _, h := range chars {
			switch v := int(h>>b%2)*2 - 1; {
			case c < 48:
				votes += (48 - c) * v
			case c < 48+b:
				votes += v
			}
		}
		for h, weight := range single {
			if int(h%64) == b {
				votes += weight * (16 + int(h/128%8)) * (int(h/64%2)*2 - 1)
			}
		}
		if votes > 0 {
			sum |= 1 << b
		}
	}
	return sum
}

// perhaps stands for a name if it is one elsewhere.
const perhaps = Kind(255)

// plainKinds sets the kinds and collects the names.
func plainKinds(items []plainItem, names map[uint16]bool) {
	for i := 0; i < len(items); {
		j := i
		upper, lower := 0, 0
		for ; j < len(items) && items[j].sentence == items[i].sentence; j++ {
			if items[j].flags&token.Upper != 0 {
				upper++
			} else if items[j].flags&token.Lower != 0 {
				lower++
			}
		}
		void := upper >= 4 && upper > 6*lower
		for k := i; k < j; k++ {
			x := &items[k]
			f := x.flags
			switch {
			case f&token.Han != 0 && token.Weekday(x.hash):
				x.kind = Date
			case f&token.Number != 0:
				x.kind = Number
			case f&token.Month != 0:
				x.kind = Date
			case f&token.Kata != 0:
				x.kind = Name
			case f&(token.Caps|token.Mixed|token.Acronym) != 0, f&token.Upper != 0 && f&token.Sentence == 0:
				x.kind = Name
				if void {
					x.kind = perhaps
				}
			case f&token.Upper != 0:
				x.kind = perhaps
			}
			if x.kind == Name {
				names[uint16(x.hash>>48)] = true
			}
		}
		i = j
	}
}

func plainPromote(items []plainItem, names map[uint16]bool) {
	for i := range items {
		if items[i].kind == perhaps {
			items[i].kind = Word
			if names[uint16(items[i].hash>>48)] {
				items[i].kind = Name
			}
		}
	}
}

func plainSegments(ts []token.Token, items []plainItem) (segs []Segment) {
	// Bounds are where the text turns, whether content follows or not.
	var bounds []int
	for i, t := range ts {
		if t.Flags&(token.Sentence|token.Paragraph|token.Turn) != 0 {
			bounds = append(bounds, i)
		}
	}
	k := 0
	var pending Flags
	var own []Segment
	for b, from := range bounds {
		to := len(ts)
		if b+1 < len(bounds) {
			to = bounds[b+1]
		}
		g := Segment{Token: uint32(k), Start: ts[from].Start, End: ts[to-1].End, Flags: flags(ts[from].Flags)}
		for k < len(items) && items[k].at < to {
			k++
		}
		if int(g.Token) == k {
			pending |= g.Flags &^ Quoted
			continue
		}
		g.Flags |= pending
		pending = 0
		own = append(own, g)
	}
	// Long sentences are cut.
	for i := 0; i < len(own); {
		j := i + 1
		for j < len(own) && own[j].Flags&Sentence == 0 {
			j++
		}
		a, z := int(own[i].Token), len(items)
		if j < len(own) {
			z = int(own[j].Token)
		}
		if z-a <= maxSegment {
			segs = append(segs, own[i:j]...)
			i = j
			continue
		}
		piece := 0
		for g := i; g < j; g++ {
			last := z
			if g+1 < j {
				last = int(own[g+1].Token)
			}
			segs = append(segs, own[g])
			cur := &segs[len(segs)-1]
			for q := int(own[g].Token); q < last; q++ {
				first := q == int(own[g].Token)
				start := ts[items[q].at].Start
				may := piece >= hardPiece || piece >= minPiece && splits(uint16(items[q-1].hash>>48), uint16(items[q].hash>>48))
				switch {
				case may && first:
					cur.Flags |= Sentence
					piece = 0
				case may && start > cur.Start:
					end := cur.End
					cur.End = min(ts[items[q].at-1].End, start)
					segs = append(segs, Segment{Token: uint32(q), Start: start, End: end, Flags: cur.Flags&Quoted | Sentence})
					cur = &segs[len(segs)-1]
					piece = 0
				}
				piece++
			}
		}
		i = j
	}
	return segs
}
