// Package arena keeps records of bytes in large blocks that hold no pointers.
// Records of one period share blocks, so that those which go together leave
// whole blocks behind; a block of which little is left is copied together: at
// less than half when a record of it goes, at less than a quarter when it was
// so as it filled up.
package arena

import (
	"encoding/binary"
	"unsafe"
)

const (
	blockSize  = 1 << 17
	headerSize = 8 // owner, length
	dead       = 1 << 31
	maxOpen    = 16 // periods written to at a time
	blockCost  = 56 // bytes of a block in the lists of an Arena
)

// Ref names a record. No record has the zero Ref.
type Ref struct{ block, at uint32 }

// Arena is the zero value when empty. Reading is safe beside other reading.
type Arena struct {
	blocks []block
	free   []uint32 // blocks without memory
	open   []uint32 // blocks that are written to, latest use last
	sparse []uint32 // blocks that were full with little left in them, perhaps other blocks since
	bytes  int
}

type block struct {
	data   []byte // grows to its capacity; what is written never changes but for the mark of the dead
	period int64
	live   int // bytes of records that are not dead, with their headers
	open   bool
}

// Add copies a record, of less than 2 GiB. Owner is what Free calls moved
// with.
func (a *Arena) Add(owner uint32, period int64, head, tail []byte) Ref {
	n := headerSize + len(head) + len(tail)
	k := a.room(period, n)
	b := &a.blocks[k]
	at := uint32(len(b.data))
	b.data = binary.LittleEndian.AppendUint32(b.data, owner)
	b.data = binary.LittleEndian.AppendUint32(b.data, uint32(n-headerSize))
	b.data = append(append(b.data, head...), tail...)
	b.live += n
	return Ref{k, at + headerSize}
}

// room returns the open block of a period with n bytes left.
func (a *Arena) room(period int64, n int) uint32 {
	for i, k := range a.open {
		b := &a.blocks[k]
		if b.period != period {
			continue
		}
		copy(a.open[i:], a.open[i+1:])
		a.open[len(a.open)-1] = k
		if len(b.data)+n <= cap(b.data) {
			return k
		}
		if cap(b.data) < blockSize && len(b.data)+n <= blockSize {
			// The first block of a period grows from small, so that a few
			// records take little memory.
			grown := make([]byte, len(b.data), min(blockSize, 2*(cap(b.data)+n)))
			copy(grown, b.data)
			a.bytes += cap(grown) - cap(b.data)
			b.data = grown
			return k
		}
		a.open = a.open[:len(a.open)-1]
		a.close(k)
		return a.start(period, max(n, blockSize))
	}
	if len(a.open) == maxOpen {
		k := a.open[0]
		a.open = append(a.open[:0], a.open[1:]...)
		a.close(k)
	}
	return a.start(period, max(n, 1<<12))
}

func (a *Arena) start(period int64, size int) uint32 {
	b := block{data: make([]byte, 0, size), period: period, open: true}
	a.bytes += size
	var k uint32
	if m := len(a.free); m > 0 {
		k = a.free[m-1]
		a.free = a.free[:m-1]
		a.blocks[k] = b
	} else {
		k = uint32(len(a.blocks))
		a.blocks = append(a.blocks, b)
	}
	a.open = append(a.open, k)
	return k
}

func (a *Arena) close(k uint32) {
	b := &a.blocks[k]
	b.open = false
	switch {
	case b.live == 0:
		a.drop(k)
	case b.sparse():
		a.sparse = append(a.sparse, k)
	}
}

// sparse reports whether a block is to be copied together though none of its
// records may ever be freed. What it leaves fits in a block of less than full
// size, which is not sparse again if it is closed for another period's sake.
func (b *block) sparse() bool {
	return !b.open && cap(b.data) == blockSize && b.live < blockSize/4
}

func (a *Arena) drop(k uint32) {
	a.bytes -= cap(a.blocks[k].data)
	a.blocks[k] = block{}
	a.free = append(a.free, k)
}

// Get returns a record. It stays valid and the same whatever becomes of the
// arena.
func (a *Arena) Get(r Ref) string {
	b := a.blocks[r.block].data
	n := binary.LittleEndian.Uint32(b[r.at-4:]) &^ dead
	if n == 0 {
		return ""
	}
	return unsafe.String(&b[r.at], int(n))
}

// Free gives a record up. Records that are copied for it, of this block or of
// another, go to moved, with their owner and what they were and are named; moved
// must not change the arena.
func (a *Arena) Free(r Ref, moved func(owner uint32, from, to Ref)) {
	b := &a.blocks[r.block]
	n := binary.LittleEndian.Uint32(b.data[r.at-4:])
	binary.LittleEndian.PutUint32(b.data[r.at-4:], n|dead)
	b.live -= headerSize + int(n)
	switch {
	case b.open:
	case b.live == 0:
		a.drop(r.block)
	case b.live < cap(b.data)/2 && b.live <= blockSize/2:
		a.gather(r.block, moved)
	}
	if n := len(a.sparse); n > 0 {
		k := a.sparse[n-1]
		a.sparse = a.sparse[:n-1]
		if a.blocks[k].sparse() {
			a.gather(k, moved)
		}
	}
}

// gather copies what is left in a block to the open one of its period, and
// drops it.
func (a *Arena) gather(k uint32, moved func(owner uint32, from, to Ref)) {
	data, period := a.blocks[k].data, a.blocks[k].period
	for i := 0; i < len(data); {
		owner, n := binary.LittleEndian.Uint32(data[i:]), binary.LittleEndian.Uint32(data[i+4:])
		z := i + headerSize + int(n&^dead)
		if n&dead == 0 {
			to := a.Add(owner, period, data[i+headerSize:z], nil)
			moved(owner, Ref{k, uint32(i) + headerSize}, to)
		}
		i = z
	}
	a.drop(k)
}

// Bytes returns the memory held.
func (a *Arena) Bytes() int { return a.bytes + cap(a.blocks)*blockCost }
