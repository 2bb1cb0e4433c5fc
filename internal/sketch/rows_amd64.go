//go:build !purego

package sketch

import "github.com/newsdedup/newsdedup/internal/token"

// take is plainTake with its numbers in registers.
//
//go:noescape
func take(r *rows, d *digester, ts []token.Token, at uint32) (n, items, specials int)
