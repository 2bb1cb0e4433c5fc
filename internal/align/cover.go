package align

import (
	"encoding/binary"
	"math/bits"

	"github.com/newsdedup/newsdedup/internal/sketch"
)

// lanes are the segments of X that are counted with at once.
const lanes = 32

// A row tells of a token in how many places it stands in each of some segments,
// twice at most, in a byte each.
type row [lanes]uint8

// Cover completes the result by CoverSum, Cover60P, Cover80P and Sentences. It
// finds for every segment the one of the other side with which it has most
// tokens in common. The common tokens of one segment of Y with each of some
// segments of X are counted at once.
func (al *Aligner) Cover() {
	x, y := &al.x, &al.y
	clear(x.covered[:x.segments])
	clear(y.covered[:y.segments])
	if y.both > 0 {
		al.vote()
	}
	sx, sy := al.sides()
	x.cover(sx)
	y.cover(sy)
}

// vote tells of every segment the most tokens in common with one of the other
// side.
func (al *Aligner) vote() {
	x, y := &al.x, &al.y
	al.findThirds()
	for _, t := range al.thirds {
		y.ids[t.at] = 0
	}
	for w := 0; w*lanes < x.segments; w++ {
		if w == x.rowed {
			al.row(w)
		}
		var most row
		raise(y.covered[:y.segments], &y.starts, &y.ids, al.rows[w], &most)
		copy(x.covered[w*lanes:x.segments], most[:])
	}
	for _, t := range al.thirds {
		y.ids[t.at] = t.id
	}
}

// A third is a token that stands twice before in its segment, where it does not
// count again.
type third struct{ at, id uint16 }

func (al *Aligner) findThirds() {
	y := &al.y
	al.thirds = al.thirds[:0]
	clear(al.times[:al.x.distinct+1])
	y.countBegins()
	done := 0
	for w, set := range y.thirds[:y.n>>6+1] {
		for ; set != 0; set &= set - 1 {
			j := w<<6 + bits.TrailingZeros64(set)
			if j < done {
				continue
			}
			k := int(y.segment(uint32(j)))
			if k >= y.segments {
				return
			}
			done = int(y.starts[k+1])
			once := uint16(2*k + 1)
			for i, id := range y.ids[y.starts[k]:done] {
				if times := &al.times[id%maxIDs]; *times <= once {
					*times = max(*times+1, once)
				} else if id != 0 {
					al.thirds = append(al.thirds, third{y.starts[k] + uint16(i), id})
				}
			}
		}
	}
}

// row fills in the rows of lanes segments of X.
func (al *Aligner) row(w int) {
	x := &al.x
	x.rowed++
	rows := al.rows[w]
	if len(rows) <= x.distinct {
		rows = make([]row, x.distinct+x.distinct/4+1)
		al.rows[w] = rows
	}
	rows = rows[:x.distinct+1]
	clear(rows)
	for k := range min(lanes, x.segments-w*lanes) {
		for _, id := range x.ids[x.starts[w*lanes+k]:x.starts[w*lanes+k+1]] {
			times := &rows[id][k%lanes]
			*times += 1 - *times>>1
		}
	}
}

// plainRaise adds up the rows of the tokens of each segment of a text: those of
// segment k are ids[starts[k]:starts[k+1]]. It raises covered[k] to the greatest
// sum of segment k, and sets each of most to its greatest sum in any segment. Sums
// are maxVotes at most.
func plainRaise(covered []uint8, starts *[maxSegments + 1]uint16, ids *[maxPlaces]uint16, rows []row, most *row) {
	m0, m1, m2, m3 := uint64(0), uint64(0), uint64(0), uint64(0)
	for k := range covered {
		var n0, n1, n2, n3 uint64
		in := ids[starts[k]:max(starts[k], starts[k+1])]
		for len(in) > 0 {
			few := in[:min(len(in), (127-maxVotes)/2)]
			in = in[len(few):]
			for _, id := range few {
				r := &rows[id]
				n0, n1, n2, n3 = n0+binary.LittleEndian.Uint64(r[:]), n1+binary.LittleEndian.Uint64(r[8:]), n2+binary.LittleEndian.Uint64(r[16:]), n3+binary.LittleEndian.Uint64(r[24:])
			}
			n0, n1, n2, n3 = least(n0), least(n1), least(n2), least(n3)
		}
		m0, m1, m2, m3 = greater(m0, n0), greater(m1, n1), greater(m2, n2), greater(m3, n3)
		n0 = greater(greater(n0, n1), greater(n2, n3))
		n0 = greater(n0, n0>>32)
		n0 = greater(n0, n0>>16)
		n0 = greater(n0, n0>>8)
		covered[k] = max(covered[k], uint8(n0))
	}
	for k := range most {
		most[k] = uint8([...]uint64{m0, m1, m2, m3}[k/8] >> (k % 8 * 8))
	}
}

const (
	highs = 0x8080808080808080
	full  = highs / 128 * maxVotes
)

// greater returns the greater of each byte, of 127 at most.
func greater(a, b uint64) uint64 {
	d := a | highs - b
	is := d & highs
	return b + d&(is-is>>7)
}

// least returns each byte, of 127 at most, but maxVotes of what is more.
func least(a uint64) uint64 {
	d := a | highs - full
	is := d & highs
	return a - d&(is-is>>7)
}

// cover counts what is covered.
func (x *side) cover(out *Side) {
	sum, least60, least80, sentences := 0, 0, 0, 0
	from := int(x.starts[0])
	segs := x.Segs[:x.segments]
	for k, v := range x.covered[:len(segs)] {
		// x >> sign is all bits of a negative x, none of another.
		const sign = bits.UintSize - 1
		to := int(x.starts[k+1])
		n := to - from
		from = to
		votes := min(n, int(v))
		sum += votes &^ ((n - 2) >> sign)
		quoted := -int(segs[k].Flags / sketch.Quoted & 1)
		prose := n &^ (quoted | (votes-minCovered)>>sign)
		least60 += prose &^ ((5*votes - 3*n) >> sign)
		least80 += prose &^ ((5*votes - 4*n) >> sign)
		sentences += 1 &^ (quoted | (n-minSentence)>>sign | (10*votes-7*n)>>sign)
	}
	out.CoverSum, out.Cover60P, out.Cover80P, out.Sentences = float64(sum), least60, least80, sentences
}
