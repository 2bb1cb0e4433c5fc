//go:build !purego

package sketch

// find is plainFind. There must be 64 tokens for each of places.
//
//go:noescape
func find(s *Set, places []uint64, tokens string)
