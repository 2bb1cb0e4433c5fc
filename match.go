package newsdedup

import (
	"cmp"
	"slices"
)

// A known match is one to be told: the other content, or an article of it.
type known struct {
	content uint32
	article uint32
	id      string
	link    link
	print   Fingerprint
	proof   *proof // nil if it is to be made
}

// known leaves the links of content c, and the oldest article of c itself, to
// be told as matches.
func (h *held) known(t *task, c uint32) {
	h.tell(t, c, makeLink(c, Exact, 1e4), nil)
	t.links = slices.AppendSeq(t.links, h.linksOf(c))
	slices.SortFunc(t.links, byStrength)
	for _, l := range t.links[:min(len(t.links), MaxMatches)] {
		h.tell(t, l.other(), l, nil)
	}
	t.links = t.links[:0]
}

// tell leaves the oldest article of content c, but for one of ID t.except, to be
// told as a match.
func (h *held) tell(t *task, c uint32, l link, p *proof) {
	for a := range h.members(c) {
		if f := h.fingerprint(a); t.except == "" || f.ID() != t.except {
			t.matches = append(t.matches, known{c, a, f.ID(), l, f, p})
			return
		}
	}
}

// matches makes the matches that are known and those that verify found for the
// first content of the task.
func (d *Deduper) matches(dr *draft, t *task) []Match {
	if found := t.found; len(found) > 0 {
		d.rlock()
		for _, v := range found {
			// An article that went meanwhile is not told.
			if !d.closed && v.a == t.self && d.h.contents.At(v.b).first != none && d.h.sketchOf(v.b) == v.sketchB {
				d.h.tell(t, v.b, makeLink(v.b, v.relation, v.score), v.proof)
			}
		}
		d.mu.RUnlock()
	}
	if len(t.matches) == 0 {
		return []Match{}
	}
	slices.SortFunc(t.matches, func(x, y known) int {
		return cmp.Or(cmp.Compare(y.link.relation(), x.link.relation()), cmp.Compare(y.link.steps(), x.link.steps()), cmp.Compare(x.id, y.id))
	})
	f := Fingerprint{string(dr.head), string(dr.sketch)}
	c := comparers.Get().(*comparer)
	defer comparers.Put(c)
	out := make([]Match, 0, min(len(t.matches), MaxMatches))
	for i := range t.matches[:min(len(t.matches), MaxMatches)] {
		k := &t.matches[i]
		if k.proof != nil {
			out = append(out, k.proof.match(&f, &k.print, k.link))
		} else {
			out = append(out, c.retell(&f, &k.print, k.link.relation(), k.link.steps()))
		}
	}
	return out
}
