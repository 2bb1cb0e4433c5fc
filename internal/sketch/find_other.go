//go:build !amd64 || purego

package sketch

func find(s *Set, places []uint64, tokens string) { plainFind(s, places, tokens) }
