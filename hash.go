package newsdedup

import (
	"encoding/binary"
	"math/bits"
)

// hashBytes hashes with the multiplications of wyhash (Wang Yi 2019), eight
// bytes at a time.
func hashBytes(b []byte) uint64 {
	const k0, k1 = 0xA0761D6478BD642F, 0xE7037ED1A0B428DB
	h := uint64(len(b)) ^ k0
	for ; len(b) >= 8; b = b[8:] {
		hi, lo := bits.Mul64(h^binary.LittleEndian.Uint64(b), k1)
		h = hi ^ lo ^ k0
	}
	var rest [8]byte
	copy(rest[:], b)
	hi, lo := bits.Mul64(h^binary.LittleEndian.Uint64(rest[:]), k1)
	hi, lo = bits.Mul64(hi^lo^k0, k0^h)
	return hi ^ lo
}

// hashID is FNV-1a (Fowler, Noll and Vo), 64 bits.
func hashID(id string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(id) {
		h = (h ^ uint64(id[i])) * 1099511628211
	}
	return h
}

// idKey and rankKey are what held finds the hash of an ID, and that of a sketch, by.
func idKey(hash uint64) uint32   { return uint32(hash * 0x9E3779B97F4A7C15 >> 32) }
func rankKey(rank uint64) uint32 { return uint32(rank >> 32) }
