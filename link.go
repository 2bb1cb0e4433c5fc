package newsdedup

import (
	"cmp"
	"iter"
	"slices"

	"github.com/newsdedup/newsdedup/internal/posting"
)

// A link stands in the sets of both contents: the other one, the relation, the
// score in steps of 0.0001, and the spare: what moves of this content that
// concern the link (see posting.Effect) may cost before it is to be looked at
// again. The two spares together are no more than that of posting.Candidate; they
// are no part of what a link is.
type link uint64

const (
	linkShift  = 36
	spareShift = 28
	scoreShift = 3
	maxSpare   = 1<<(linkShift-spareShift) - 1
)

func makeLink(other uint32, r Relation, score uint16) link {
	return link(uint64(other)<<linkShift | uint64(score)<<scoreShift | uint64(r))
}

func (l link) other() uint32      { return uint32(l >> linkShift) }
func (l link) relation() Relation { return Relation(l & (1<<scoreShift - 1)) }
func (l link) steps() uint16      { return uint16(l >> scoreShift) }
func (l link) score() float64     { return float64(l.steps()) / 1e4 }
func (l link) spare() int         { return int(l >> spareShift & maxSpare) }

// sparing returns the link with another spare.
func (l link) sparing(n int) link {
	return l&^(maxSpare<<spareShift) | link(min(n, maxSpare))<<spareShift
}

// closeness orders links: a stronger relation before a weaker one, a surer one
// before a less sure one.
func closeness(l link) float64 { return (float64(l.relation()) + l.score()) / float64(Exact+1) }

// byStrength orders links, strongest first.
func byStrength(x, y link) int {
	return cmp.Or(cmp.Compare(y.relation(), x.relation()), cmp.Compare(y.steps(), x.steps()), cmp.Compare(x.other(), y.other()))
}

// linksOf yields the links of a content. For reading: they must not change meanwhile.
func (h *held) linksOf(c uint32) iter.Seq[link] {
	return func(yield func(link) bool) {
		x := h.contents.At(c)
		if x.links == 0 {
			return
		}
		h.links.Each(x.links-1, func(ls []uint64) bool {
			for _, l := range ls {
				if !yield(link(l)) {
					return false
				}
			}
			return true
		})
	}
}

// linked returns the link of two contents. For reading.
func (h *held) linked(a, b uint32) (link, bool) {
	x := h.contents.At(a)
	if x.links == 0 {
		return 0, false
	}
	l, ok := h.links.Seek(x.links-1, uint64(makeLink(b, 0, 0)))
	return link(l), ok && link(l).other() == b
}

func (h *held) link(a, b uint32, r Relation, score uint16, spare int, t *task) {
	h.insert(a, b, r, score, spare)
	t.touched = append(t.touched, a, b)
	t.change.link = append(t.change.link, tie{h.contents.At(a).rank, h.contents.At(b).rank, r, score})
}

// tie makes a link that is not there, of which the spare is not known.
func (h *held) tie(a, b uint32, r Relation, score uint16) { h.insert(a, b, r, score, 0) }

func (h *held) insert(a, b uint32, r Relation, score uint16, spare int) {
	for _, e := range [...]struct{ c, o uint32 }{{a, b}, {b, a}} {
		x := h.contents.At(e.c)
		if x.links == 0 {
			x.links = h.links.New() + 1
		}
		h.links.Insert(x.links-1, uint64(makeLink(e.o, r, score).sparing(spare/2)))
	}
	h.stats.Links[r]++
}

func (h *held) unlink(a uint32, l link, t *task) {
	b := l.other()
	for _, e := range [...]struct{ c, o uint32 }{{a, b}, {b, a}} {
		x := h.contents.At(e.c)
		if own, ok := h.linked(e.c, e.o); ok {
			h.links.Delete(x.links-1, uint64(own))
		}
		if h.links.Len(x.links-1) == 0 {
			h.links.Free(x.links - 1)
			x.links = 0
		}
	}
	h.stats.Links[l.relation()]--
	t.touched = append(t.touched, a, b)
	t.change.unlink = append(t.change.unlink, tie{h.contents.At(a).rank, h.contents.At(b).rank, l.relation(), l.steps()})
}

// part drops the links of a content.
func (h *held) part(c uint32, t *task) {
	if x := h.contents.At(c); x.links != 0 {
		for _, l := range h.links.Append(nil, x.links-1, h.links.Len(x.links-1)) {
			h.unlink(c, link(l), t)
		}
	}
}

// weaken drops the links that are no longer between candidates, after moves of
// contents.
func (h *held) weaken(moves []posting.Move, t *task) {
	slices.SortFunc(moves, func(x, y posting.Move) int { return cmp.Compare(x.Text, y.Text) })
	for len(moves) > 0 {
		c, n := moves[0].Text, 1
		for n < len(moves) && moves[n].Text == c {
			n++
		}
		x := h.contents.At(c)
		x.moves++
		if x.links != 0 {
			t.links = h.spend(t.links[:0], c, moves[:n])
			h.review(c, t.links, t)
			t.links = t.links[:0]
		}
		moves = moves[n:]
	}
}

// fewMoves is the number of moves of a content up to which it is looked up which
// links they concern.
const fewMoves = 8

// spend takes moves of content c from the spares of its links that they concern,
// and appends to dst the links that have not as much.
func (h *held) spend(dst []link, c uint32, moves []posting.Move) []link {
	every, few := posting.Cost(moves), len(moves) <= fewMoves
	if few {
		every = h.index.Concern(&h.tally, moves)
	}
	h.links.Update(h.contents.At(c).links-1, func(v uint64) uint64 {
		l, n := link(v), every
		if few {
			some, _ := h.tally.Count(l.other())
			n += some
		}
		if n > l.spare() {
			dst = append(dst, l)
			return v
		}
		return uint64(l.sparing(l.spare() - n))
	})
	return dst
}

// reviewAll is the number of links of a content up to which all are reviewed
// with some.
const reviewAll = 128

// review drops those of some links of content c, in the order of its links, that
// are no longer between candidates, and finds the spares of the others. To count
// is what takes time: as the moves of c will soon have used up those of its other
// links too, they get what they are short of.
func (h *held) review(c uint32, links []link, t *task) {
	if len(links) == 0 {
		return
	}
	x := h.contents.At(c)
	all := links
	if n := h.links.Len(x.links - 1); n <= reviewAll {
		links = slices.AppendSeq(links, h.linksOf(c))
		all = links[len(all):]
		links = links[:len(links)-n]
	}
	h.among = h.among[:0]
	for _, l := range all {
		h.among = append(h.among, posting.Share{Text: l.other()})
	}
	h.index.CountAmong(&h.tally, h.among, c, x.rank, h.keysOf(c))
	for _, l := range all {
		due := len(links) > 0 && links[0].other() == l.other()
		if due {
			links = links[1:]
		}
		weight, shared := h.tally.Count(l.other())
		y := h.contents.At(l.other())
		if spare, ok := posting.Candidate(weight, shared, x.size(), y.size()); !ok {
			h.stats.Unlinked++
			h.unlink(c, l, t)
		} else if spare = min(spare, 2*maxSpare); due || l.spare() < spare/4 {
			back, _ := h.linked(l.other(), c)
			other := min(back.spare(), spare/2)
			h.replace(y.links-1, back, back.sparing(other))
			h.replace(x.links-1, l, l.sparing(spare-other))
		}
	}
}

// replace changes the spare of a link.
func (h *held) replace(set uint32, from, to link) {
	if from != to {
		h.links.Replace(set, uint64(from), uint64(to))
	}
}

// support tells whether two contents are candidates, and by how much.
func (h *held) support(a, b uint32) (spare int, ok bool) {
	x, y := h.contents.At(a), h.contents.At(b)
	h.among = append(h.among[:0], posting.Share{Text: b})
	h.index.CountAmong(&h.tally, h.among, a, x.rank, h.keysOf(a))
	weight, shared := h.tally.Count(b)
	return posting.Candidate(weight, shared, x.size(), y.size())
}
