//go:build !purego

package align

// raise is plainRaise by SSE2, which every amd64 has. The ids must be less than
// len(rows).
//
//go:noescape
func raise(covered []uint8, starts *[maxSegments + 1]uint16, ids *[maxPlaces]uint16, rows []row, most *row)
