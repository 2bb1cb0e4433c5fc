package posting

import (
	"slices"
	"unsafe"

	"github.com/newsdedup/newsdedup/internal/paged"
)

// Sorted holds many sorted sets of numbers, most of them small, in memory that
// the garbage collector need not look into. A set is named by a number that
// New gives. The zero value holds none. Reading is safe beside other reading.
type Sorted[T uint32 | uint64] struct {
	heads  paged.Array[head]
	slabs  []*[slabSize]T
	next   uint32            // first unused word of the last slab
	spare  [classes][]uint32 // free blocks by class
	trees  []*tree[T]
	stumps []uint32 // free places of trees
	unset  []uint32 // free set numbers
}

// Sets are sets of uint64.
type Sets = Sorted[uint64]

// A head is a set of n words in the block at, of the least class that holds
// them, or in the tree at if there are more than maxBlock.
type head struct{ at, n uint32 }

const (
	maxBlock = 128
	slabBits = 13            // 64 KB of uint64
	slabSize = 1 << slabBits //
	maxChunk = 2 * maxBlock  // words of a chunk of a tree
)

// sizes are the words of blocks, by class: even, so that any rest of a slab can
// be divided into some.
var sizes = [...]uint32{2, 4, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112, maxBlock}

const classes = len(sizes)

// classOf are the least classes of so many words.
var classOf = func() (of [maxBlock + 1]uint8) {
	c := uint8(0)
	for n := range of {
		if uint32(n) > sizes[c] {
			c++
		}
		of[n] = c
	}
	return of
}()

// A tree is a sorted set in chunks that ascend, each sorted and not empty.
type tree[T uint32 | uint64] struct {
	chunks [][]T
	n      int
}

func class(n uint32) int { return int(classOf[n]) }

// plant takes a tree in.
func (s *Sorted[T]) plant(t *tree[T]) (at uint32) {
	if k := len(s.stumps); k > 0 {
		at = s.stumps[k-1]
		s.stumps = s.stumps[:k-1]
		s.trees[at] = t
		return at
	}
	s.trees = append(s.trees, t)
	return uint32(len(s.trees) - 1)
}

// fell frees the place of a tree.
func (s *Sorted[T]) fell(at uint32) {
	s.trees[at] = nil
	s.stumps = append(s.stumps, at)
}

// New returns a new empty set.
func (s *Sorted[T]) New() uint32 {
	if n := len(s.unset); n > 0 {
		id := s.unset[n-1]
		s.unset = s.unset[:n-1]
		return id
	}
	return s.heads.Push(head{})
}

// Free empties a set and gives its number back.
func (s *Sorted[T]) Free(id uint32) {
	s.clear(id)
	s.unset = append(s.unset, id)
}

// clear empties a set.
func (s *Sorted[T]) clear(id uint32) {
	h := s.heads.At(id)
	if h.n > maxBlock {
		s.fell(h.at)
	} else if h.n > 0 {
		s.release(h.at, class(h.n))
	}
	*h = head{}
}

// Len returns the size of a set.
func (s *Sorted[T]) Len(id uint32) int { return int(s.heads.At(id).n) }

func (s *Sorted[T]) block(h *head) []T {
	slab := s.slabs[h.at>>slabBits]
	i := h.at % slabSize
	return slab[i : i+h.n : i+h.n]
}

// elements returns those of a set that has no tree.
func (s *Sorted[T]) elements(id uint32) []T {
	h := s.heads.At(id)
	if h.n == 0 {
		return nil
	}
	return s.block(h)
}

func (s *Sorted[T]) alloc(c int) uint32 {
	if n := len(s.spare[c]); n > 0 {
		at := s.spare[c][n-1]
		s.spare[c] = s.spare[c][:n-1]
		return at
	}
	size := sizes[c]
	if left := uint32(len(s.slabs))<<slabBits - s.next; left < size {
		for k := classes - 1; k >= 0; k-- {
			for b := sizes[k]; left >= b; left -= b {
				s.spare[k] = append(s.spare[k], s.next)
				s.next += b
			}
		}
		s.slabs = append(s.slabs, new([slabSize]T))
	}
	at := s.next
	s.next += size
	return at
}

func (s *Sorted[T]) release(at uint32, c int) {
	s.spare[c] = append(s.spare[c], at)
}

// Insert adds v to a set that does not hold it.
func (s *Sorted[T]) Insert(id uint32, v T) {
	h := s.heads.At(id)
	switch {
	case h.n > maxBlock:
		s.trees[h.at].insert(v)
		h.n++
		return
	case h.n == maxBlock:
		t := &tree[T]{chunks: [][]T{append(make([]T, 0, maxChunk), s.block(h)...)}, n: maxBlock}
		t.insert(v)
		s.release(h.at, classes-1)
		h.at = s.plant(t)
		h.n++
		return
	case h.n == 0:
		h.at = s.alloc(0)
	case h.n == sizes[class(h.n)]:
		c := class(h.n)
		at := s.alloc(c + 1)
		copy(s.slabs[at>>slabBits][at%slabSize:], s.block(h))
		s.release(h.at, c)
		h.at = at
	}
	h.n++
	b := s.block(h)
	i := len(b) - 1
	for ; i > 0 && b[i-1] > v; i-- {
		b[i] = b[i-1]
	}
	b[i] = v
}

// Delete takes v out of a set and reports whether it was there.
func (s *Sorted[T]) Delete(id uint32, v T) bool {
	h := s.heads.At(id)
	if h.n > maxBlock {
		if !s.trees[h.at].delete(v) {
			return false
		}
		h.n--
		if h.n == maxBlock {
			s.shrink(h)
		}
		return true
	}
	if h.n == 0 {
		return false
	}
	b := s.block(h)
	i, ok := slices.BinarySearch(b, v)
	if !ok {
		return false
	}
	copy(b[i:], b[i+1:])
	c := class(h.n)
	h.n--
	if h.n == 0 {
		s.release(h.at, c)
	} else if d := class(h.n); d < c {
		at := s.alloc(d)
		copy(s.slabs[at>>slabBits][at%slabSize:], s.block(h))
		s.release(h.at, c)
		h.at = at
	}
	return true
}

// shrink moves what is left in a tree, no more than maxBlock, to a block.
func (s *Sorted[T]) shrink(h *head) {
	at := h.at
	if h.n > 0 {
		h.at = s.alloc(class(h.n))
		b := s.block(h)[:0]
		for _, c := range s.trees[at].chunks {
			b = append(b, c...)
		}
	}
	s.fell(at)
}

// Each calls yield with stretches of the set, in order, until it returns
// false. They must not be changed, nor kept beyond the next change of the set.
func (s *Sorted[T]) Each(id uint32, yield func([]T) bool) {
	h := s.heads.At(id)
	if h.n > maxBlock {
		for _, c := range s.trees[h.at].chunks {
			if !yield(c) {
				return
			}
		}
		return
	}
	if h.n > 0 {
		yield(s.block(h))
	}
}

// Update replaces every element v of a set by f(v), which must leave them in
// order.
func (s *Sorted[T]) Update(id uint32, f func(v T) T) {
	s.Each(id, func(vs []T) bool {
		for i, v := range vs {
			if w := f(v); w != v {
				vs[i] = w
			}
		}
		return true
	})
}

// Replace changes element v of a set to w, which must leave it in order.
func (s *Sorted[T]) Replace(id uint32, v, w T) {
	h := s.heads.At(id)
	b := []T(nil)
	switch {
	case h.n > maxBlock:
		t := s.trees[h.at]
		b = t.chunks[t.chunk(v)]
	case h.n > 0:
		b = s.block(h)
	}
	if i, ok := slices.BinarySearch(b, v); ok {
		b[i] = w
	}
}

// room makes a set of n elements, one at least, which go into a slice, sorted, and
// from there into the tree if there is one.
func (s *Sorted[T]) room(n int) (id uint32, into []T, t *tree[T]) {
	id = s.New()
	h := s.heads.At(id)
	h.n = uint32(n)
	if n > maxBlock {
		t = new(tree[T])
		h.at = s.plant(t)
		return id, make([]T, n), t
	}
	h.at = s.alloc(class(h.n))
	return id, s.block(h), nil
}

// fill fills an empty tree with values that ascend.
func (t *tree[T]) fill(vs []T) {
	t.n = len(vs)
	for c := range slices.Chunk(vs, maxChunk*3/4) {
		t.chunks = append(t.chunks, append(make([]T, 0, maxChunk), c...))
	}
}

// NewOf returns a new set of values that ascend, one at least.
func (s *Sorted[T]) NewOf(values []T) uint32 {
	id, into, t := s.room(len(values))
	copy(into, values)
	if t != nil {
		t.fill(into)
	}
	return id
}

// touch reads from the block of a set.
func (s *Sorted[T]) touch(id uint32) uint32 {
	h := s.heads.At(id)
	if h.n == 0 {
		return 0
	}
	var b []T
	if h.n > maxBlock {
		b = s.trees[h.at].chunks[0]
	} else {
		b = s.block(h)
	}
	return uint32(b[0]) + uint32(b[len(b)-1])
}

// Append appends the first n elements of a set to dst, or all.
func (s *Sorted[T]) Append(dst []T, id uint32, n int) []T {
	h := s.heads.At(id)
	if h.n > maxBlock {
		for _, c := range s.trees[h.at].chunks {
			c = c[:min(n, len(c))]
			dst = append(dst, c...)
			if n -= len(c); n == 0 {
				break
			}
		}
		return dst
	}
	if h.n == 0 {
		return dst
	}
	b := s.block(h)
	return append(dst, b[:min(n, len(b))]...)
}

// lead returns the first n elements of a set, or all, in dst, which is empty, or
// where they are.
func (s *Sorted[T]) lead(dst []T, id uint32, n int) []T {
	h := s.heads.At(id)
	if h.n > maxBlock {
		if c := s.trees[h.at].chunks[0]; len(c) >= n {
			return c[:n]
		}
	} else if h.n > 0 {
		return s.block(h)[:min(n, int(h.n))]
	}
	return s.Append(dst, id, n)
}

// At returns the element that i others come before.
func (s *Sorted[T]) At(id uint32, i int) T {
	h := s.heads.At(id)
	if h.n <= maxBlock {
		return s.block(h)[i]
	}
	for _, c := range s.trees[h.at].chunks {
		if i < len(c) {
			return c[i]
		}
		i -= len(c)
	}
	return 0
}

// Seek returns the least element that is not below v.
func (s *Sorted[T]) Seek(id uint32, v T) (T, bool) {
	h := s.heads.At(id)
	var b []T
	switch {
	case h.n > maxBlock:
		t := s.trees[h.at]
		k := t.chunk(v)
		b = t.chunks[k]
		if v > b[len(b)-1] && k+1 < len(t.chunks) {
			b = t.chunks[k+1]
		}
	case h.n > 0:
		b = s.block(h)
	}
	i, _ := slices.BinarySearch(b, v)
	if i == len(b) {
		return 0, false
	}
	return b[i], true
}

// chunk returns the chunk that holds v, or would.
func (t *tree[T]) chunk(v T) int {
	lo, hi := 0, len(t.chunks)
	for lo+1 < hi {
		if m := (lo + hi) / 2; t.chunks[m][0] <= v {
			lo = m
		} else {
			hi = m
		}
	}
	return lo
}

func (t *tree[T]) insert(v T) {
	k := t.chunk(v)
	c := t.chunks[k]
	if len(c) == maxChunk {
		half := append(make([]T, 0, maxChunk), c[maxChunk/2:]...)
		c = c[:maxChunk/2]
		t.chunks[k] = c
		t.chunks = slices.Insert(t.chunks, k+1, half)
		if v > half[0] {
			k, c = k+1, half
		}
	}
	i, _ := slices.BinarySearch(c, v)
	t.chunks[k] = slices.Insert(c, i, v)
	t.n++
}

func (t *tree[T]) delete(v T) bool {
	k := t.chunk(v)
	c := t.chunks[k]
	i, ok := slices.BinarySearch(c, v)
	if !ok {
		return false
	}
	c = slices.Delete(c, i, i+1)
	t.chunks[k] = c
	t.n--
	switch {
	case len(c) == 0:
		t.chunks = slices.Delete(t.chunks, k, k+1)
	case k > 0 && len(c)+len(t.chunks[k-1]) <= maxChunk/2:
		t.chunks[k-1] = append(t.chunks[k-1], c...)
		t.chunks = slices.Delete(t.chunks, k, k+1)
	case k+1 < len(t.chunks) && len(c)+len(t.chunks[k+1]) <= maxChunk/2:
		t.chunks[k] = append(c, t.chunks[k+1]...)
		t.chunks = slices.Delete(t.chunks, k+1, k+2)
	}
	return true
}

// Bytes returns the memory held.
func (s *Sorted[T]) Bytes() int {
	word := int(unsafe.Sizeof(*new(T)))
	n := len(s.slabs)*slabSize*word + s.heads.Bytes() + cap(s.trees)*8
	for _, t := range s.trees {
		if t == nil {
			continue
		}
		n += len(t.chunks) * (maxChunk*word + 24)
	}
	return n
}
