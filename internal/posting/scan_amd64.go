//go:build !purego

package posting

// scan is plainScan. There must be 64 tokens for every element of common.
//
//go:noescape
func scan(has *tokenSet, common []uint64, tokens string)
