//go:build !purego

package token

// hashWords is plainWords with its numbers in registers. There is at least one
// word.
//
//go:noescape
func hashWords(edges uint64, w string, at uint32, dst *[batch]Token, quoted Flags) (n int, left uint64, known bool)
