package newsdedup

import (
	"encoding/binary"
	"strings"
	"sync"

	"github.com/newsdedup/newsdedup/internal/posting"
	"github.com/newsdedup/newsdedup/internal/sketch"
)

// A draft is an article that is not held, as far as it can be made without
// the lock.
type draft struct {
	id        string
	idHash    uint64
	head      []byte
	sketch    []byte
	rank      uint64
	published int64
	wordless  bool
	names     uint8
	keys      []uint32
}

var drafts = sync.Pool{New: func() any { return new(draft) }}

// newDraft makes the draft of an article. It must go back to drafts.
func newDraft(a *Article, level Relation) *draft {
	p := printers.Get().(*printer)
	defer p.release()
	var at uint32
	p.buf, at = p.print(p.buf[:0], a)
	d := drafts.Get().(*draft)
	d.fill(a.ID, p.buf, at, &p.sketch, level)
	return d
}

func (d *draft) fill(id string, data []byte, at uint32, s *sketch.Sketch, level Relation) {
	d.id, d.idHash = id, hashID(id)
	d.head = append(d.head[:0], data[:at]...)
	d.sketch = append(d.sketch[:0], data[at:]...)
	d.rank = hashBytes(d.sketch)
	d.published = int64(binary.LittleEndian.Uint64(data[publishedAt:]))
	d.wordless = s.Words == 0
	d.names = posting.Names(s)
	d.keys = posting.Keys(d.keys[:0], s, netOf(level))
}

// draft returns the draft that made an article, but for its keys: see rekey. For
// reading.
func (h *held) draft(a uint32) *draft {
	id, x := strings.Clone(h.idOf(a)), h.articles.At(a)
	c := h.contents.At(x.content)
	return &draft{
		id: id, idHash: hashID(id), head: h.appendHead(nil, a), sketch: []byte(h.sketchOf(x.content)),
		rank: c.rank, published: x.published, wordless: c.wordless, names: c.names,
	}
}

// rekey gives a draft the keys it was made without.
func (d *draft) rekey(level Relation) {
	s := sketches.Get().(*sketch.Sketch)
	defer sketches.Put(s)
	s.Decode(string(d.sketch))
	d.keys = posting.Keys(d.keys[:0], s, netOf(level))
}

// netOf returns the keys that find relations of a level and stronger ones.
func netOf(level Relation) posting.Net {
	switch {
	case level >= Near:
		return posting.Copies
	case level == Partial:
		return posting.Prose
	case level == Rewrite:
		return posting.Rewrites
	}
	return posting.Stories
}
