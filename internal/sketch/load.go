package sketch

// Load returns the first eight bytes of b, which has them, little-endian.
func Load(b string) uint64 {
	_ = b[7]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// Tail returns fewer than sixteen bytes as two Loads would, with zeros behind.
func Tail(b string) (lo, hi uint64) {
	if len(b) >= 8 {
		lo, b = Load(b), b[8:]
		for i := range len(b) {
			hi |= uint64(b[i]) << (8 * i)
		}
		return lo, hi
	}
	for i := range len(b) {
		lo |= uint64(b[i]) << (8 * i)
	}
	return lo, 0
}

// Even gathers the bits of x at even places in the lower half: the low one of
// each of 32 kinds.
func Even(x uint64) uint64 {
	x &= 0x5555555555555555
	x = (x | x>>1) & 0x3333333333333333
	x = (x | x>>2) & 0x0F0F0F0F0F0F0F0F
	x = (x | x>>4) & 0x00FF00FF00FF00FF
	x = (x | x>>8) & 0x0000FFFF0000FFFF
	return (x | x>>16) & 0x00000000FFFFFFFF
}
