package posting

import (
	"iter"
	"slices"
)

// lists holds the holders of keys that more texts have than stand in a Table. Of
// up to bound it keeps the numbers, as these all are among the first Full, with one
// that is looked up too; of more, which are to be known by rank, the entries, twice
// as long.
type lists struct {
	few   Sorted[uint32] // of those of many a head that says so
	many  Sets
	bound int // below maxBlock
	entry func(text uint32) uint64
}

// manyHolders is instead of the size of a set of few; its place is then the set of
// many.
const manyHolders = 1<<32 - 1

// set returns the set of entries of a list, if it is one of many.
func (l *lists) set(list uint32) (set uint32, many bool) {
	h := l.few.heads.At(list)
	return h.at, h.n == manyHolders
}

// Len returns the number of holders.
func (l *lists) Len(list uint32) int {
	if set, many := l.set(list); many {
		return l.many.Len(set)
	}
	return l.few.Len(list)
}

// Insert adds a holder that is not there.
func (l *lists) Insert(list, text uint32) {
	if set, many := l.set(list); many {
		l.many.Insert(set, l.entry(text))
		return
	}
	if l.few.Len(list) < l.bound {
		l.few.Insert(list, text)
		return
	}
	var buf [maxBlock]uint64
	entries := append(buf[:0], l.entry(text))
	for text := range l.All(list) {
		entries = append(entries, l.entry(text))
	}
	slices.Sort(entries)
	l.few.clear(list)
	*l.few.heads.At(list) = head{at: l.many.NewOf(entries), n: manyHolders}
}

// Delete takes a holder out.
func (l *lists) Delete(list, text uint32) {
	if set, many := l.set(list); many {
		l.many.Delete(set, l.entry(text))
		l.settle(list)
		return
	}
	l.few.Delete(list, text)
}

// settle keeps the numbers of a list that were many if they are few.
func (l *lists) settle(list uint32) {
	set, many := l.set(list)
	if !many || l.many.Len(set) > l.bound {
		return
	}
	var buf [maxBlock]uint32
	texts := buf[:0]
	for text := range l.All(list) {
		texts = append(texts, text)
	}
	slices.Sort(texts)
	l.many.Free(set)
	h := l.few.heads.At(list)
	*h = head{}
	if n := uint32(len(texts)); n > 0 {
		*h = head{at: l.few.alloc(class(n)), n: n}
		copy(l.few.block(h), texts)
	}
}

// All yields the holders.
func (l *lists) All(list uint32) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		if set, many := l.set(list); many {
			l.many.Each(set, func(es []uint64) bool {
				for _, e := range es {
					if !yield(number(e)) {
						return false
					}
				}
				return true
			})
			return
		}
		for _, text := range l.few.elements(list) {
			if !yield(text) {
				return
			}
		}
	}
}

// holds tells whether a text is in a list.
func (x *Index) holds(list, text uint32) bool {
	if set, many := x.lists.set(list); many {
		v, ok := x.lists.many.Seek(set, x.entry(text))
		return ok && v == x.entry(text)
	}
	v, ok := x.lists.few.Seek(list, text)
	return ok && v == text
}

// room makes the list of a run.
func (l *lists) room(r *run) {
	if r.n <= l.bound {
		r.list, r.few, _ = l.few.room(r.n)
		return
	}
	r.list = l.few.New()
	h := l.few.heads.At(r.list)
	h.n = manyHolders
	h.at, r.many, r.tree = l.many.room(r.n)
}

// touch reads from a list.
func (l *lists) touch(list uint32) uint32 {
	if set, many := l.set(list); many {
		return l.many.touch(set)
	}
	return l.few.touch(list)
}

// Bytes returns the memory held.
func (l *lists) Bytes() int { return l.few.Bytes() + l.many.Bytes() }
