//go:build !purego

package token

func init() {
	classifiers["SSE2"] = classifySSE2
	if avx2 {
		classifiers["AVX2"] = classifyAVX2
	}
}
