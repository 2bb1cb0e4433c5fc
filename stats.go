package newsdedup

// Stats counts what a Deduper holds and has done.
type Stats struct {
	Articles int            // held
	Undated  int            // of these, without a date of publication: Expire leaves them
	Contents int            // different texts among them
	Links    [Exact + 1]int // held between contents, by relation; Exact counts the articles of a content beyond its first too

	Candidates uint64 // pairs proposed by the index since New
	Verified   uint64 // of these, those that were compared: the others were unrelated at a glance
	Unlinked   uint64 // links given up since New because a key of both got too many holders

	Keys  int // held in the index
	Bytes int // of memory that what is held takes, without what Go's collector has not freed yet
}

// Stats returns the present counts. After Close they are zero but for those
// since New or Open.
func (d *Deduper) Stats() Stats {
	d.mu.RLock()
	defer d.mu.RUnlock()
	s := d.h.stats
	s.Keys = d.h.index.Posts()
	s.Bytes = d.h.bytes()
	return s
}
