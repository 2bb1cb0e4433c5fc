//go:build !purego

package align

// number is plainNumber.
//
//go:noescape
func number(al *Aligner)
