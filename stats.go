package newsdedup

// Stats counts what a Deduper holds and has done.
type Stats struct {
	Articles int `json:"articles"` // held
	Undated  int `json:"undated"`  // of these, without a date of publication: Expire leaves them
	Contents int `json:"contents"` // different texts among them
	// Links are those between contents, by relation, so that Links[Near] is their
	// number at Near; Exact counts the articles of a content beyond its first too.
	Links [Exact + 1]int `json:"links"`

	// Pairs of contents since New or Open: those that the index proposed, and of
	// these those that were compared, since the others were unrelated at a glance.
	Candidates uint64 `json:"candidates"`
	Verified   uint64 `json:"verified"`
	// Unlinked are the links given up since New or Open because a key of both got
	// too many holders.
	Unlinked uint64 `json:"unlinked"`

	Keys  int `json:"keys"`  // held in the index
	Bytes int `json:"bytes"` // of memory that what is held takes, without what Go's collector has not freed yet
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
