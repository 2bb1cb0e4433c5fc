//go:build !amd64 || purego

package token

func hashWords(edges uint64, w string, at uint32, dst *[batch]Token, quoted Flags) (n int, left uint64, known bool) {
	return plainWords(edges, w, at, dst, quoted)
}
