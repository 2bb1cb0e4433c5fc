//go:build !amd64 || purego

package posting

func scan(has *tokenSet, common []uint64, tokens string) { plainScan(has, common, tokens) }
