//go:build !amd64 || purego

package align

func number(al *Aligner) { plainNumber(al) }
