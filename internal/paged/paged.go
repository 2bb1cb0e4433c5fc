// Package paged holds growing arrays whose elements never move: growth takes
// a page at a time, so that no call pays for a copy of the whole.
package paged

import "unsafe"

const (
	pageBits = 10
	pageSize = 1 << pageBits
)

// Array is a growing array. The zero value is empty. Reading is safe beside
// other reading.
type Array[T any] struct {
	pages []*[pageSize]T
	n     uint32
}

// Len returns the number of elements.
func (a *Array[T]) Len() int { return int(a.n) }

// At returns element i, which must be below Len.
func (a *Array[T]) At(i uint32) *T { return &a.pages[i>>pageBits][i%pageSize] }

// Push appends an element and returns its number.
func (a *Array[T]) Push(v T) uint32 {
	i := a.n
	if int(i>>pageBits) == len(a.pages) {
		a.pages = append(a.pages, new([pageSize]T))
	}
	*a.At(i) = v
	a.n++
	return i
}

// Truncate shortens the array to n elements and gives back the pages behind.
func (a *Array[T]) Truncate(n int) {
	pages := (n + pageSize - 1) >> pageBits
	clear(a.pages[pages:])
	a.pages = a.pages[:pages]
	a.n = uint32(n)
}

// Bytes returns the memory of the pages held, each of 1024 elements.
func (a *Array[T]) Bytes() int { return len(a.pages) * int(unsafe.Sizeof([pageSize]T{})) }
