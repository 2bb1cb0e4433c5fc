//go:build !amd64 || purego

package sketch

import "github.com/newsdedup/newsdedup/internal/token"

func take(r *rows, d *digester, ts []token.Token, at uint32) (n, items, specials int) {
	return plainTake(r, d, ts, at)
}
