package align

import (
	"math/bits"

	"github.com/newsdedup/newsdedup/internal/sketch"
)

// Cover completes the result by CoverSum, Cover60P and Cover80P.
func (al *Aligner) Cover() {
	x, y := &al.x, &al.y
	al.vote()
	sx, sy := al.sides()
	x.cover(sx)
	y.cover(sy)
}

// vote finds for every segment the most tokens that are new in it and in one
// segment of the other side.
func (al *Aligner) vote() {
	x, y := &al.x, &al.y
	clear(x.votes[:x.segments])
	clear(y.votes[:y.segments])
	// For each segment of X, in the high bits the latest of Y that it has tokens
	// in common with, in the low ones how many so far: pairs are in the order of Y.
	latest := &al.latest
	clear(latest[:x.segments])
	for _, p := range al.pairs[:al.both] {
		sx, sy := x.segment(p.x)%maxPlaces, y.segment(p.y)%maxPlaces
		v := max(latest[sx], uint32(sy+1)<<16) + 1
		latest[sx] = v
		x.votes[sx] = max(x.votes[sx], uint16(v))
		y.votes[sy] = max(y.votes[sy], uint16(v))
	}
}

// cover counts what is covered.
func (x *side) cover(out *Side) {
	total := 0
	for k, set := range x.new[:x.n>>6+1] {
		x.newer[k] = uint16(total)
		total += bits.OnesCount64(set)
	}
	sum, cover60, cover80, before := 0, 0, 0, 0
	starts := x.starts[1:][:x.segments]
	votes := x.votes[:len(starts)]
	for k, end := range starts {
		w := end / 64 % uint16(len(x.newer))
		upTo := int(x.newer[w]) + bits.OnesCount64(x.new[w]&(1<<(end&63)-1))
		n, v := upTo-before, int(votes[k])
		before = upTo
		if n < 2 {
			continue
		}
		sum += v
		if 5*v < 3*n || v < minCovered || x.Segs[k].Flags&sketch.Quoted != 0 {
			continue
		}
		cover60 += n
		if 5*v >= 4*n {
			cover80 += n
		}
	}
	out.CoverSum, out.Cover60P, out.Cover80P = sum, cover60, cover80
}
