package newsdedup

import (
	"slices"
	"sync"
)

// An undoLog has, for every ID, the changes that no store has confirmed yet, in
// the order in which they were made, each with what it replaced: the log of
// undo records with before-images of Gray and Reuter, "Transaction Processing",
// 1993, chapter 10. What is held under an ID is what the last of its changes
// left there, or what stood there before it.
//
// A change that fails is taken back only if it is the last of its ID, and is
// otherwise passed over by those that follow: they replaced what would have been
// there without it. So whatever fails, and in whatever order that is found out,
// what is held in the end is what the last change that did not fail left. An ID
// is in the log for as long as one of its changes is under way.
type undoLog struct {
	mu   sync.Mutex // may be taken with the lock of the Deduper held, not the other way round
	byID map[string][]*undoRecord
}

// An undoRecord is a change of what is held under an ID. Nil is one that is not
// to be undone: there is no store.
type undoRecord struct {
	id     string
	hash   uint64
	before *draft // nil: nothing
}

// note adds a change. The lock of the Deduper is held.
func (l *undoLog) note(id string, hash uint64, before *draft) *undoRecord {
	u := &undoRecord{id, hash, before}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.byID == nil {
		l.byID = map[string][]*undoRecord{}
	}
	l.byID[id] = append(l.byID[id], u)
	return u
}

// keep ends changes that the store has. Those of the same ID that were made
// before will not be gone back to.
func (l *undoLog) keep(us ...*undoRecord) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, u := range us {
		if u != nil {
			all := l.byID[u.id]
			l.set(u.id, all[slices.Index(all, u)+1:])
		}
	}
}

// fail ends a change that the store does not have, and returns what is to be
// held in its place. It is not last if a later change stands, or one that is
// confirmed: then what is held stays.
func (l *undoLog) fail(u *undoRecord) (before *draft, last bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := l.byID[u.id]
	i := slices.Index(all, u)
	if i < 0 {
		return nil, false
	}
	last = i == len(all)-1
	if !last {
		all[i+1].before = u.before
	}
	l.set(u.id, slices.Delete(all, i, i+1))
	return u.before, last
}

func (l *undoLog) set(id string, us []*undoRecord) {
	if len(us) == 0 {
		delete(l.byID, id)
	} else {
		l.byID[id] = us
	}
}

// undo takes back changes that could not be made durable, oldest first. What is
// held is a function of the set of articles, so that is a matter of removing one
// and adding another. The journal is waited for once: its last answer is that
// for all before.
func (d *Deduper) undo(us ...*undoRecord) {
	t := tasks.Get().(*task)
	defer t.release()
	for _, u := range us {
		d.mu.Lock()
		if before, last := d.undos.fail(u); last && !d.closed {
			h := d.h
			since := h.gains
			if a := h.find(u.id, u.hash); a != none {
				h.remove(a, t)
			}
			if before != nil {
				before.rekey(h.level)
				h.add(before, t)
			}
			h.recounted(t, since)
			d.begin(t)
			d.note(t)
		}
		d.mu.Unlock()
		t.verify(d.o.GroupBy)
		d.finish(t)
	}
	t.durable()
}
