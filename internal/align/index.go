package align

import (
	"encoding/binary"

	"github.com/newsdedup/newsdedup/internal/sketch"
)

// index notes which tokens X has and where they are new.
func (al *Aligner) index(v *sketch.View) {
	x, places := &al.x, &al.places
	clear(x.seen[:])
	x.layOut(v)
	x.new[x.n>>6] = 0
	i := uint16(0)
	for from := 0; from < x.n; from += 64 {
		known := uint64(0)
		block, size := x.text.block(from, x.n)
		for ; len(block) >= 8; block = block[8:] {
			ts := binary.LittleEndian.Uint64(block)
			t0, t1, t2, t3 := uint16(ts), uint16(ts>>16), uint16(ts>>32), uint16(ts>>48)
			k0 := x.seen.add(t0)
			k1 := x.seen.add(t1)
			k2 := x.seen.add(t2)
			k3 := x.seen.add(t3)
			known = known>>4 | (k0|k1<<1|k2<<2|k3<<3)<<60
			// Of known ones into the place of token 0.
			places[t0&uint16(k0-1)] = i
			places[t1&uint16(k1-1)] = i + 1
			places[t2&uint16(k2-1)] = i + 2
			places[t3&uint16(k3-1)] = i + 3
			i += 4
		}
		x.new[from>>6] = ^(known >> (-size & 63)) & (^uint64(0) >> (-size & 63))
	}
	if x.seen.has(0) != 0 {
		i := uint16(0)
		for x.text.token(i) != 0 {
			i++
		}
		places[0] = i
	}
}

// scan notes which tokens Y has, where they are new and which X has too.
func (al *Aligner) scan() {
	x, y := &al.x, &al.y
	clear(y.seen[:])
	y.new[y.n>>6], al.common[y.n>>6] = 0, 0
	inLead := uint64(0)
	for from := 0; from < y.n; from += 64 {
		known, common := uint64(0), uint64(0)
		block, size := y.text.block(from, y.n)
		for ; len(block) >= 8; block = block[8:] {
			ts := binary.LittleEndian.Uint64(block)
			t0, t1, t2, t3 := uint16(ts), uint16(ts>>16), uint16(ts>>32), uint16(ts>>48)
			k0 := y.seen.add(t0)
			k1 := y.seen.add(t1)
			k2 := y.seen.add(t2)
			k3 := y.seen.add(t3)
			known = known>>4 | (k0|k1<<1|k2<<2|k3<<3)<<60
			common = common>>4 | (x.seen.has(t0)|x.seen.has(t1)<<1|x.seen.has(t2)<<2|x.seen.has(t3)<<3)<<60
		}
		y.new[from>>6] = ^(known >> (-size & 63)) & (^uint64(0) >> (-size & 63))
		al.common[from>>6] = common >> (-size & 63)
		if from == 0 {
			inLead = y.seen.which(head(x.View))
		}
	}
	al.compareHeads(inLead)
}
