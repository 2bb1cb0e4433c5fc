package main

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
)

// sampleEvery is how many bytes are allocated for each of which the place is noted
// while a Deduper is filled: of what it keeps nearly all comes in pieces of 8 KB to
// 128 KB.
const sampleEvery = 32 << 10

// parts are what a Deduper keeps, by the functions on the stack as it was
// allocated: that of the first for which all are there.
var parts = []struct {
	name  string
	calls []string
}{
	{"sketches and IDs", []string{"/arena.(*Arena)."}},
	{"keys: table", []string{"/posting.(*Index).", "/posting.(*Table)."}},
	{"keys: lists of holders", []string{"/posting.(*Index)."}},
	{"links", []string{"/posting.(*Sorted["}},
	{"tables of IDs and ranks", []string{"/posting.(*Table)."}},
	{"articles and contents", []string{"/paged.(*Array["}},
	{"else", nil},
}

// kept returns the bytes of each part that were allocated since and are still held,
// as far as samples tell.
func kept(since []runtime.MemProfileRecord) []float64 {
	bytes := make([]float64, len(parts))
	before := map[[32]uintptr]runtime.MemProfileRecord{}
	for _, r := range since {
		before[r.Stack0] = r
	}
	for _, r := range profile() {
		b := before[r.Stack0]
		objects, size := r.InUseObjects()-b.InUseObjects(), r.InUseBytes()-b.InUseBytes()
		if objects <= 0 || size <= 0 {
			continue
		}
		// As pprof does: an object is sampled at a chance that grows with its size.
		each := float64(size) / float64(objects)
		names := calls(r.Stack())
		i := slices.IndexFunc(parts, func(p struct {
			name  string
			calls []string
		}) bool {
			return !slices.ContainsFunc(p.calls, func(c string) bool { return !strings.Contains(names, c) })
		})
		bytes[i] += float64(size) / -math.Expm1(-each/sampleEvery)
	}
	return bytes
}

func profile() []runtime.MemProfileRecord {
	runtime.GC()
	runtime.GC() // the profile is that of the last collection but one
	for n := 1 << 10; ; n *= 2 {
		records := make([]runtime.MemProfileRecord, n)
		if n, ok := runtime.MemProfile(records, false); ok {
			return records[:n]
		}
	}
}

// calls are the names of the functions of a stack.
func calls(stack []uintptr) string {
	var b strings.Builder
	frames := runtime.CallersFrames(stack)
	for {
		f, more := frames.Next()
		b.WriteString(f.Function + "\n")
		if !more {
			return b.String()
		}
	}
}

// parts prints what is kept for n articles.
func (m *measure) parts(bytes []float64, n int) {
	rows := [][]string{cells("held", "MB", "bytes an article")}
	for i, b := range bytes {
		rows = append(rows, cells(parts[i].name, fmt.Sprintf("%.1f", b/1e6), fmt.Sprintf("%.0f", b/float64(n))))
	}
	table(m.out, rows)
}
