//go:build !purego

package token

// classify is plainClassify by SSE2, which every amd64 has. There is at least
// one block.
//
//go:noescape
func classify(dst []block, s string)
