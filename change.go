package newsdedup

// A change is what one step did to what is held, for a journal to keep. Every
// call that changes something takes two steps, both under the lock and
// reported in the order in which they are made:
//
//  1. Articles are put and deleted, links that have lost their support go, and
//     the contents that may have new candidates begin to be verified.
//  2. The links found are made, and the verification of those contents ends.
//
// A state that is left between the two, as by a crash, is made whole by
// counting and verifying the candidates of the contents that began and did not
// end; everything else stands as it was reported. So the articles put, the
// links, and the contents under way are the whole state.
//
// Contents are named by the hash of their sketch, which is their rank.
type change struct {
	put    []uint32 // numbers of articles; see held.fingerprint
	keys   []uint32 // of the contents of put, one after the other
	ends   []int    // where in keys those of each article end
	del    []uint32 // numbers of articles that are gone, which put may use again
	drop   []uint32 // numbers of contents that are gone, which put may use again
	link   []tie
	unlink []tie
	begin  []uint64
	end    []uint64
}

// everyContent stands for all contents among those that begin and end to be
// verified.
const everyContent = ^uint64(0)

// A tie is a link between two contents.
type tie struct {
	a, b     uint64
	relation Relation
	score    uint16 // in steps of 0.0001
}

func (c *change) reset() {
	c.put, c.keys, c.ends, c.del, c.drop = c.put[:0], c.keys[:0], c.ends[:0], c.del[:0], c.drop[:0]
	c.link, c.unlink, c.begin, c.end = c.link[:0], c.unlink[:0], c.begin[:0], c.end[:0]
}

// A journal takes note of changes before they are acknowledged. Note is called
// with the lock of the Deduper held, for every step in order; it may read what
// is held, must copy what it keeps, and must not wait for anything slow. The
// function it returns, if any, is called without the lock and returns when the
// step and all before it are durable, or why that failed: the caller of Add,
// Remove or Expire then gets this error, and what it did is undone, which is
// noted like any change.
type journal interface {
	note(h *held, c *change) (wait func() error)

	// flush returns when all that was noted is durable, or why it is not.
	flush() error
}
