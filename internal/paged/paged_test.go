package paged

import (
	"math/bits"
	"testing"

	"pgregory.net/rapid"
)

// An array does what a slice does, through any sequence of growth, change and
// truncation, at the edges of pages and between.
func TestModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var a Array[int]
		var want []int
		length := rapid.OneOf(rapid.IntRange(0, 3*pageSize), rapid.SampledFrom([]int{0, 1, pageSize - 1, pageSize, pageSize + 1, 2 * pageSize}))
		t.Repeat(map[string]func(*rapid.T){
			"push": func(t *rapid.T) {
				for range length.Draw(t, "n") {
					v := len(want) * 3
					if i := a.Push(v); int(i) != len(want) {
						t.Fatalf("element %d got number %d", len(want), i)
					}
					want = append(want, v)
				}
			},
			"set": func(t *rapid.T) {
				if len(want) == 0 {
					t.Skip("empty")
				}
				i, v := rapid.IntRange(0, len(want)-1).Draw(t, "i"), rapid.Int().Draw(t, "v")
				*a.At(uint32(i)), want[i] = v, v
			},
			"truncate": func(t *rapid.T) {
				n := min(length.Draw(t, "n"), len(want))
				a.Truncate(n)
				want = want[:n]
			},
			"": func(t *rapid.T) {
				if a.Len() != len(want) {
					t.Fatalf("%d elements, want %d", a.Len(), len(want))
				}
				for i, v := range want {
					if got := *a.At(uint32(i)); got != v {
						t.Fatalf("element %d is %d, want %d", i, got, v)
					}
				}
				// Whole pages of 1024, and no more of them than are needed.
				if bytes := (len(want) + 1023) / 1024 * 1024 * bits.UintSize / 8; a.Bytes() != bytes {
					t.Fatalf("%d bytes for %d elements, want %d", a.Bytes(), len(want), bytes)
				}
			},
		})
	})
}

// Whoever has the address of an element can go on using it while a million
// others come.
func TestElementsStay(t *testing.T) {
	var a Array[int]
	a.Push(1)
	first := a.At(0)
	for i := range 1_000_000 {
		a.Push(i)
	}
	*first = 2
	if a.At(0) != first || *a.At(0) != 2 {
		t.Error("the first element has moved")
	}
}

// An array that was truncated within a page grows again over what was there,
// without a trace of it.
func TestTruncatedElementsAreGone(t *testing.T) {
	var a Array[string]
	for range pageSize + 10 {
		a.Push("old")
	}
	a.Truncate(5)
	for range 10 {
		a.Push("")
	}
	for i := range uint32(15) {
		if want := map[bool]string{true: "old"}[i < 5]; *a.At(i) != want {
			t.Errorf("element %d is %q, want %q", i, *a.At(i), want)
		}
	}
}
