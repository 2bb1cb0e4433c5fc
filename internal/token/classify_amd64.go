//go:build !purego

package token

var avx2 = hasAVX2()

// classify is plainClassify. There is at least one block.
func classify(dst []block, s string) {
	if avx2 {
		classifyAVX2(dst, s)
	} else {
		classifySSE2(dst, s)
	}
}

// classifyAVX2 needs a machine that has AVX2.
//
//go:noescape
func classifyAVX2(dst []block, s string)

// classifySSE2 runs on every amd64.
//
//go:noescape
func classifySSE2(dst []block, s string)

// hasAVX2 reports whether machine and system have AVX2 (Intel 64 and IA-32
// Architectures Software Developer's Manual, volume 1, 14.7.1).
func hasAVX2() bool
