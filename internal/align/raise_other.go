//go:build !amd64 || purego

package align

func raise(covered []uint8, starts *[maxSegments + 1]uint16, ids *[maxPlaces]uint16, rows []row, most *row) {
	plainRaise(covered, starts, ids, rows, most)
}
