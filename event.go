package newsdedup

import (
	"slices"
	"strings"
	"sync"
)

// Events are called when groups change. Fields that are nil are left out.
//
// They are called without a lock held, one at a time, in the order of the
// changes, by a goroutine that is in a call of the Deduper, not always in the
// call that made the change. When no call is under way, all have been called.
// They may call the Deduper; the next event waits until they return. They should
// not panic: that event is lost, a panic goes through the call that they are
// called in, which may leave links of its change unfound, and ends the process
// where that is a goroutine of AddAll, Remove or Expire.
//
// A Deduper with Events keeps the members of its groups twice, and a change
// takes time in proportion to all articles that links lead to from there and to
// these links. At SameStory these are soon most of what a day has: adding the 828
// articles of wire2025 takes 10 ms each instead of .6, and other changes wait
// meanwhile. GroupStates, 30 ms for all of them, asked now and then is better there.
type Events struct {
	// Groups is called with what one call of Add, one article of AddAll, or some
	// articles of Remove and Expire changed. What became of groups that have no
	// article in common, before or after, is told in several calls.
	Groups func(GroupChange)
}

// GroupChange is a change of groups: those of Before are no more, and those of
// After are instead. No group is in both. Every article of Before that is not
// in After was removed; every one of After that was not in Before was added.
type GroupChange struct {
	Before []GroupState `json:"before,omitempty"`
	After  []GroupState `json:"after,omitempty"`
}

// String tells in a word what a change is: "created" or "removed", of a single
// group; "joined" or "left", if articles of it stayed; "merged" of several
// groups into one, "split" of one into several, with or without others that
// came or went; "lead" or "renamed", if the members are the same; and
// "regrouped" otherwise.
func (c GroupChange) String() string {
	switch b, a := len(c.Before), len(c.After); {
	case b == 0 && a == 1:
		return "created"
	case b == 1 && a == 0:
		return "removed"
	case b == 1 && a == 1:
		switch x, y := c.Before[0], c.After[0]; {
		case slices.Equal(x.Members, y.Members) && x.ID == y.ID:
			return "lead"
		case slices.Equal(x.Members, y.Members):
			return "renamed"
		case len(y.Members) > len(x.Members):
			return "joined"
		case len(y.Members) < len(x.Members):
			return "left"
		}
	case b > 1 && a == 1:
		return "merged"
	case b == 1 && a > 1:
		return "split"
	}
	return "regrouped"
}

// herald finds out what has changed, and tells. It is nil without Events.
type herald struct {
	events Events

	told map[uint32]*told // by content; the last that was told, or is in the queue

	mu      sync.Mutex // guards the rest; taken with the lock of the Deduper held, not the other way round
	queue   []GroupChange
	telling bool
}

type told struct {
	GroupState
	contents []uint32
}

// observe puts the change of the groups of these contents into the queue. The
// lock of the Deduper is held.
func (d *Deduper) observe(touched []uint32) {
	e := d.herald
	if e == nil || len(touched) == 0 {
		return
	}
	h := d.h
	// All contents that are tied to one that is touched, or were.
	seen := seenFew()
	before := map[*told]bool{}
	var after []*told
	todo := slices.Clone(touched)
	for len(todo) > 0 {
		c := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if g := e.told[c]; g != nil && !before[g] {
			before[g] = true
			todo = append(todo, g.contents...)
		}
		if h.contents.At(c).first == none {
			continue
		}
		component := h.component(c, seen)
		todo = append(todo, component...)
		for _, g := range h.groups(component) {
			f := d.describe(g, false)
			after = append(after, &told{GroupState{f.ID, f.Lead, f.Members}, g})
		}
	}
	var change GroupChange
	byID := map[string]*told{}
	for g := range before {
		byID[g.ID] = g
		for _, c := range g.contents {
			delete(e.told, c)
		}
	}
	for _, g := range after {
		for _, c := range g.contents {
			e.told[c] = g
		}
		if old := byID[g.ID]; old != nil && old.Lead == g.Lead && slices.Equal(old.Members, g.Members) {
			delete(byID, g.ID)
			continue
		}
		change.After = append(change.After, g.GroupState)
	}
	for _, g := range byID {
		change.Before = append(change.Before, g.GroupState)
	}
	if len(change.Before)+len(change.After) == 0 {
		return
	}
	byName := func(x, y GroupState) int { return strings.Compare(x.ID, y.ID) }
	slices.SortFunc(change.Before, byName)
	slices.SortFunc(change.After, byName)
	e.mu.Lock()
	e.queue = append(e.queue, change.parts()...)
	e.mu.Unlock()
}

// parts divides a change into those of groups that have articles in common.
func (c GroupChange) parts() []GroupChange {
	switch b, a := len(c.Before), len(c.After); {
	case b+a == 1, b == 1 && a == 1 && meet(c.Before[0].Members, c.After[0].Members):
		return []GroupChange{c} // as most are, of groups that may be large
	}
	all := slices.Concat(c.Before, c.After)
	part := make([]int, len(all)) // first group of the same part, or a way there
	first := func(i int) int {
		for part[i] != i {
			i = part[i]
		}
		return i
	}
	owner := map[string]int{}
	for i, g := range all {
		part[i] = i
		for _, m := range g.Members {
			if j, ok := owner[m]; ok {
				a, b := first(i), first(j)
				part[max(a, b)] = min(a, b)
			} else {
				owner[m] = i
			}
		}
	}
	var out []GroupChange
	at := map[int]int{}
	for i, g := range all {
		k, ok := at[first(i)]
		if !ok {
			k = len(out)
			at[first(i)] = k
			out = append(out, GroupChange{})
		}
		if i < len(c.Before) {
			out[k].Before = append(out[k].Before, g)
		} else {
			out[k].After = append(out[k].After, g)
		}
	}
	return out
}

// meet tells whether two ascending lists have an element in common.
func meet(a, b []string) bool {
	for len(a) > 0 && len(b) > 0 {
		switch c := strings.Compare(a[0], b[0]); {
		case c == 0:
			return true
		case c < 0:
			a = a[1:]
		default:
			b = b[1:]
		}
	}
	return false
}

// remember takes all groups as told.
func (d *Deduper) remember() {
	e := d.herald
	if e == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	all := make([]uint32, d.h.contents.Len())
	for c := range all {
		all[c] = uint32(c)
	}
	d.observe(all)
	e.mu.Lock()
	e.queue = nil
	e.mu.Unlock()
}

// tell calls the events that are in the queue, unless another call does.
func (e *herald) tell() {
	if e == nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.telling {
		return
	}
	e.telling = true
	defer func() { e.telling = false }() // even if an event panics
	for len(e.queue) > 0 {
		c := e.queue[0]
		e.queue = e.queue[1:]
		if len(e.queue) == 0 {
			e.queue = nil
		}
		func() {
			e.mu.Unlock()
			defer e.mu.Lock()
			e.events.Groups(c)
		}()
	}
}
