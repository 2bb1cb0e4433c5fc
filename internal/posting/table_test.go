package posting

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// A service that forgets as much as it takes in keeps a table of the same size for
// ever, with all of its entries exchanged many times over. What is held is found,
// what has gone is not, and the traces of what has gone do not add up: nearly every
// key is still decided by the first bucket that is looked at.
func TestTableThatForgets(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	const size = 1 << 16
	var table Table
	held := map[uint32]uint32{}
	ring := make([]uint32, size)
	for i := range 12 * size {
		slot := i % size
		if i >= size {
			old := ring[slot]
			if !table.Delete(old, held[old]) {
				t.Fatalf("key %#x is not there to be removed", old)
			}
			delete(held, old)
		}
		// All in a few shards, so that these have many buckets.
		key := r.Uint32() >> 8
		for _, ok := held[key]; ok; _, ok = held[key] {
			key++
		}
		ring[slot] = key
		held[key] = uint32(i)
		table.Insert(key, uint32(i))
	}
	for key, value := range held {
		if vs := table.Find(nil, key); !slices.Equal(vs, []uint32{value}) {
			t.Fatalf("key %#x: %v, want %d", key, vs, value)
		}
	}
	first := 0
	const keys = 10_000
	for range keys {
		key := r.Uint32() >> 8
		if _, ok := held[key]; ok {
			continue
		}
		if vs := table.Find(nil, key); len(vs) > 0 {
			t.Fatalf("key %#x has gone, and yet it is found: %v", key, vs)
		}
		k, tag := split(key)
		if table.shards[k].lacks(tag) {
			first++
		}
	}
	if first < keys*3/4 {
		t.Errorf("%d of %d keys that are not there are told from one bucket alone", first, keys)
	}
	for key, value := range held {
		if !table.Delete(key, value) {
			t.Fatalf("key %#x is not there to be removed", key)
		}
	}
	if n := table.Len(); n != 0 {
		t.Errorf("an emptied table has %d entries", n)
	}
	if n := table.Bytes(); n != shards*shardSize {
		t.Errorf("an emptied table takes %d bytes", n)
	}
}
