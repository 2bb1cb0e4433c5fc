package posting

import "slices"

// Bits is a set of texts. The zero value is empty. Reading is safe beside other
// reading.
type Bits struct{ words []uint64 }

// Set adds a text.
func (b *Bits) Set(text uint32) {
	if n := int(text>>6) + 1; n > len(b.words) {
		b.words = append(b.words, make([]uint64, n-len(b.words))...)
	}
	b.words[text>>6] |= 1 << (text & 63)
}

// Has tells whether a text is in the set.
func (b *Bits) Has(text uint32) bool {
	return int(text>>6) < len(b.words) && b.words[text>>6]>>(text&63)&1 != 0
}

// A Sweep passes over an index in order, one part of all keys after the other,
// which for many texts is several times as fast as to search for each of their
// keys: a part takes a few nanoseconds for each key of any text.
//
// It takes texts back as Index.Unpost does, but needs no keys. Between the parts,
// the texts that are to go are there by some of their keys; the index may be read
// and changed then.
type Sweep struct {
	x     *Index
	del   []uint64 // tag, value
	lead  []uint64
	fresh []uint64
}

// Parts is the number of parts of an index.
const Parts = shards

// Sweep returns a Sweep of an index.
func (x *Index) Sweep() *Sweep { return &Sweep{x: x} }

// Unpost takes the keys of a part back from the texts that are gone. It fills in
// e, and returns how many entries it has looked at.
func (s *Sweep) Unpost(part uint32, gone *Bits, e *Effect) (looked int) {
	x := s.x
	e.reset()
	if x.table.shards == nil {
		return 0
	}
	t := &x.table.shards[part]
	s.del = s.del[:0]
	for i := range t.buckets {
		b := &t.buckets[i]
		for j := range b.len() {
			v := b.vals[j] & (MaxValue - 1)
			if v&listFlag == 0 {
				if gone.Has(v) {
					x.changed.note(part<<tagBits | b.short(j))
					s.del = append(s.del, uint64(b.short(j))<<32|uint64(v))
				}
				continue
			}
			key := part<<tagBits | b.short(j)
			was := x.lists.Len(v &^ listFlag)
			looked += was
			if n := s.filter(v&^listFlag, key, gone, e); n < was {
				x.posts -= was - n
				x.changed.note(key)
				if n < x.inline {
					s.del = append(s.del, uint64(key&(1<<tagBits-1))<<32|uint64(v))
				}
			}
		}
	}
	looked += int(t.n)
	var buf [inline]uint32
	for _, d := range s.del {
		key, v := part<<tagBits|uint32(d>>32), uint32(d)
		x.table.Delete(key, v)
		if v&listFlag == 0 {
			x.posts--
			continue
		}
		for _, text := range x.lists.few.Append(buf[:0], v&^listFlag, inline) {
			x.table.Insert(key, text)
		}
		x.lists.few.Free(v &^ listFlag)
	}
	return looked
}

// filter takes the texts that are gone out of a list and returns how many are
// left.
func (s *Sweep) filter(list, key uint32, gone *Bits, e *Effect) int {
	x := s.x
	set, many := x.lists.set(list)
	if !many {
		return x.lists.few.Retain(list, func(text uint32) bool { return !gone.Has(text) })
	}
	n := s.filterSet(set, key, gone, e)
	x.lists.settle(list)
	return n
}

func (s *Sweep) filterSet(set, key uint32, gone *Bits, e *Effect) int {
	x := s.x
	was := x.lists.many.Len(set)
	keep := func(v uint64) bool { return !gone.Has(number(v)) }
	if was <= min(x.full, x.common) {
		return x.lists.many.Retain(set, keep)
	}
	// Of the first ones those that stay are the first of the others.
	s.lead = x.first(s.lead[:0], set, x.full)
	hubs, full := 0, 0
	for i, v := range s.lead {
		if keep(v) {
			full++
			if i < x.hubs {
				hubs++
			}
		}
	}
	before := x.stock(was)
	n := x.lists.many.Retain(set, keep)
	if n == was {
		return n
	}
	limit := x.stock(n)
	if limit < before {
		x.lists.many.Each(set, func(vs []uint64) bool {
			for _, v := range vs {
				if r := v >> valueBits; r >= before {
					return false
				} else if r >= limit {
					e.Stock = append(e.Stock, number(v))
					e.Gained = append(e.Gained, Gain{Text: number(v), Key: key})
				}
			}
			return true
		})
	}
	s.fresh = x.first(s.fresh[:0], set, x.full)
	for i, v := range s.fresh {
		if v>>valueBits < before {
			continue // told above, or before
		}
		if i >= full {
			e.Gained = append(e.Gained, Gain{Text: number(v), Key: key})
		} else if hubs <= i && i < x.hubs && n > x.full {
			e.Gained = append(e.Gained, Gain{Text: number(v), Key: key, Behind: true})
		}
	}
	return n
}

// Retain takes out of a set what keep does not want, and returns how many are
// left.
func (s *Sorted[T]) Retain(id uint32, keep func(v T) bool) int {
	h := s.heads.At(id)
	if h.n > maxBlock {
		return s.retainTree(h, keep)
	}
	if h.n == 0 {
		return 0
	}
	b := s.block(h)
	n := uint32(0)
	for _, v := range b {
		b[n] = v
		if keep(v) {
			n++
		}
	}
	was := class(h.n)
	switch {
	case n == 0:
		s.release(h.at, was)
	case class(n) < was:
		at := s.alloc(class(n))
		copy(s.slabs[at>>slabBits][at%slabSize:], b[:n])
		s.release(h.at, was)
		h.at = at
	}
	h.n = n
	return int(n)
}

func (s *Sorted[T]) retainTree(h *head, keep func(v T) bool) int {
	t := s.trees[h.at]
	// What is left is moved together: a chunk is filled when the one before is.
	chunks := t.chunks[:0]
	t.n = 0
	var into []T
	for _, c := range t.chunks {
		kept := slices.DeleteFunc(c, func(v T) bool { return !keep(v) })
		t.n += len(kept)
		if len(into)+len(kept) <= maxChunk*3/4 && len(into) > 0 {
			into = append(into, kept...)
			chunks[len(chunks)-1] = into
		} else if len(kept) > 0 {
			chunks = append(chunks, kept)
			into = kept
		}
	}
	clear(t.chunks[len(chunks):])
	t.chunks = chunks
	h.n = uint32(t.n)
	if h.n <= maxBlock {
		s.shrink(h)
	}
	return int(h.n)
}
