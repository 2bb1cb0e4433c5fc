package posting

import (
	"slices"
	"sync"
	"sync/atomic"
)

// Posts are texts to be posted together: the keys of Texts[i], all different,
// are Keys up to Ends[i], from where those of the text before end.
type Posts struct {
	Texts []uint32
	Ends  []int
	Keys  []uint32
}

// PostAll posts texts that are not held, with so many goroutines. It is the
// same as Post for each, but for what that says of others, and several times as
// fast: it goes through the index in the order of the keys, so that what it
// needs is in the cache.
func (x *Index) PostAll(p *Posts, workers int) {
	if len(p.Keys) == 0 {
		return
	}
	x.posts += len(p.Keys)
	x.table.ready()
	// Entries by shard: counted, then laid down in place.
	var starts [shards + 1]int
	for _, k := range p.Keys {
		s, _ := split(k)
		starts[s+1]++
	}
	for i := range shards {
		starts[i+1] += starts[i]
	}
	entries := make([]uint64, len(p.Keys))
	at := starts
	from := 0
	for i, text := range p.Texts {
		for _, k := range p.Keys[from:p.Ends[i]] {
			s, _ := split(k)
			entries[at[s]] = uint64(k)<<32 | uint64(text)
			at[s]++
		}
		from = p.Ends[i]
	}
	var sets sync.Mutex // guards x.sets.heads while sets are made
	var next atomic.Int64
	workers = max(1, workers)
	parts := make([]bulk, workers)
	work := func(b *bulk) {
		const step = 16
		for {
			s := int(next.Add(step)) - step
			if s >= shards {
				return
			}
			for k := s; k < s+step; k++ {
				part := entries[starts[k]:starts[k+1]]
				x.table.reserve(uint32(k), len(part)*3/4, &b.size) // the others join sets
				for _, e := range part {
					b.post(x, uint32(e>>32), uint32(e), &sets)
				}
			}
		}
	}
	var wg sync.WaitGroup
	for i := range workers - 1 {
		wg.Go(func() { work(&parts[i+1]) })
	}
	work(&parts[0])
	wg.Wait()
	for i := range parts {
		b := &parts[i]
		x.table.n += b.size.n
		x.table.bytes += b.size.bytes
		// Set by set, so that each is made room for once.
		slices.SortFunc(b.late, func(x, y late) int {
			switch {
			case x.set != y.set:
				return int(x.set) - int(y.set)
			case x.entry < y.entry:
				return -1
			case x.entry > y.entry:
				return 1
			}
			return 0
		})
		for j := 0; j < len(b.late); {
			set := b.late[j].set
			b.run = b.run[:0]
			for ; j < len(b.late) && b.late[j].set == set; j++ {
				b.run = append(b.run, b.late[j].entry)
			}
			x.sets.InsertAll(set, b.run)
		}
	}
}

// bulk is what one goroutine of PostAll did.
type bulk struct {
	size size
	vals []uint32
	late []late
	run  []uint64
}

// late is an entry of a set that is still to be made.
type late struct {
	set   uint32
	entry uint64
}

func (b *bulk) post(x *Index, k, text uint32, sets *sync.Mutex) {
	b.vals = x.table.Find(b.vals[:0], k)
	vals := b.vals
	switch {
	case len(vals) == 1 && vals[0]&listFlag != 0:
		b.late = append(b.late, late{vals[0] &^ listFlag, x.entry(text)})
	case len(vals) < x.inline:
		x.table.insert(k, text, &b.size)
	default:
		sets.Lock()
		set := x.sets.New()
		sets.Unlock()
		for _, v := range vals {
			x.table.delete(k, v, &b.size)
			b.late = append(b.late, late{set, x.entry(v)})
		}
		b.late = append(b.late, late{set, x.entry(text)})
		x.table.insert(k, listFlag|set, &b.size)
	}
}

// InsertAll adds values, which ascend, to a set that holds none of them.
func (s *Sets) InsertAll(id uint32, vs []uint64) {
	h := s.heads.At(id)
	n := h.n + uint32(len(vs))
	if n > maxBlock || len(vs) == 1 || class(n) == class(h.n) && h.n > 0 {
		for _, v := range vs {
			s.Insert(id, v)
		}
		return
	}
	if len(vs) == 0 {
		return
	}
	at := s.alloc(class(n))
	b := s.slabs[at>>slabBits][at%slabSize:][:0:n]
	if h.n > 0 {
		old := s.block(h)
		for len(old) > 0 && len(vs) > 0 {
			if old[0] < vs[0] {
				b, old = append(b, old[0]), old[1:]
			} else {
				b, vs = append(b, vs[0]), vs[1:]
			}
		}
		b = append(b, old...)
		s.release(h.at, class(h.n))
	}
	_ = append(b, vs...)
	h.at, h.n = at, n
}

// Holds reports whether a text is posted under a key. For reading.
func (x *Index) Holds(text, key uint32) bool {
	vals := x.table.Find(nil, key)
	if len(vals) == 1 && vals[0]&listFlag != 0 {
		e := x.entry(text)
		v, ok := x.sets.Seek(vals[0]&^listFlag, e)
		return ok && v == e
	}
	return slices.Contains(vals, text)
}
