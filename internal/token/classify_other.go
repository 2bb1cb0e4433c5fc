//go:build !amd64 || purego

package token

func classify(dst []block, s string) { plainClassify(dst, s) }
