package recur

import (
	"cmp"
	"maps"
	"slices"
)

// Limits of what counts as chrome.
const (
	// MinStories is the least number of different stories that a paragraph
	// must stand in.
	MinStories = 3
	// MinShare is the least share of all stories fed, one in MinShare: a large
	// publisher prints some sentences ("… did not respond to a request for
	// comment.") as paragraphs of many stories, but of few in a hundred.
	MinShare = 50
	// enough is the number of different stories beyond which no more are asked
	// for.
	enough = 12
	// sample is the most stories with a paragraph that are compared.
	sample = 96
)

// Shares of terms in common. The figures are of wire2025: 828 news articles of
// 32 events.
const (
	// sameTopic is the share, of the terms of the story with fewer, from which
	// on two stories count as one, or as one topic. Of two stories of one event
	// 83 % reach it, of different events 15 %.
	sameTopic = 0.2
	// coherent is the mean, over the stories that a paragraph stands in, of the
	// share of its terms that the rest of the story uses, from which on it
	// counts as their own. In its own story half of all paragraphs reach .44,
	// three quarters .32; in a story of another event one in twenty reaches
	// .35.
	coherent = 0.3
	// own is the share in a single story from which on the paragraph is that
	// story's, and shown as a teaser by the others. In a story of another event
	// less than one in a hundred reaches it.
	own = 0.7
	// fewTerms is the number below which the terms of a paragraph tell nothing.
	fewTerms = 4
	// tooFew is the number below which the rest of a story, without what it
	// shares with another, is too short to tell that the two differ.
	tooFew = 12
)

// Paragraph is a paragraph of a story.
type Paragraph struct {
	Key   uint64   // of Key; 0: too short to be learned
	Terms []uint32 // hashes of its longer words
}

// Counter counts in how many different stories paragraphs stand. The zero
// Counter is ready. It is not safe for concurrent use.
type Counter struct {
	stories []story
}

type story struct {
	id         uint64 // of its keys and terms, whatever their order
	paragraphs []Paragraph
}

// Add adds a story. It keeps the paragraphs.
func (c *Counter) Add(paragraphs []Paragraph) {
	s := story{paragraphs: paragraphs}
	for _, p := range paragraphs {
		s.id += p.Key*0x9E3779B97F4A7C15 ^ p.Key>>29
		for _, t := range p.Terms {
			s.id += uint64(t) * 0xBF58476D1CE4E5B9
		}
	}
	c.stories = append(c.stories, s)
}

// Len is the number of stories added.
func (c *Counter) Len() int { return len(c.stories) }

// Recurring lists the paragraphs that are chrome. The order in which the
// stories were added does not matter. A paragraph is chrome if
//
//  1. it stands in MinStories stories, and in one of MinShare;
//  2. as many of these (12 are enough) are different stories: leaving aside
//     the paragraphs that two have in common, they share less than sameTopic
//     of their terms, and neither is left with fewer than tooFew. So reprints,
//     versions, and follow-ups that repeat the background count as one story;
//  3. it has fewTerms terms, and belongs to none of the stories: the mean share
//     of its terms that the rest of a story uses, paragraphs as frequent left
//     out, is below coherent, the greatest below own.
func (c *Counter) Recurring() Set {
	order := make([]int, len(c.stories))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(c.stories[a].id, c.stories[b].id) })
	in := make(map[uint64][]int32) // stories by key
	for _, i := range order {
		for _, p := range c.stories[i].paragraphs {
			if p.Key == 0 {
				continue
			}
			if l := in[p.Key]; len(l) == 0 || l[len(l)-1] != int32(i) {
				in[p.Key] = append(l, int32(i))
			}
		}
	}
	need := max(MinStories, (len(c.stories)+MinShare-1)/MinShare)
	maps.DeleteFunc(in, func(_ uint64, l []int32) bool { return len(l) < need })
	var cmps comparer
	var out []uint64
	for key, list := range in {
		if len(list) > sample {
			// Spread over the order, which is arbitrary but fixed.
			part := make([]int32, sample)
			for i := range part {
				part[i] = list[i*len(list)/sample]
			}
			list = part
		}
		if c.different(list, min(need, enough), &cmps) && !c.owned(key, list, in, &cmps) {
			out = append(out, key)
		}
	}
	return Of(out)
}

// different reports whether n of the listed stories are different ones.
func (c *Counter) different(list []int32, n int, m *comparer) bool {
	var chosen []int32
	for i, s := range list {
		if len(chosen)+len(list)-i < n {
			return false
		}
		fresh := true
		for _, t := range chosen {
			if m.same(&c.stories[s], &c.stories[t]) {
				fresh = false
				break
			}
		}
		if fresh {
			if chosen = append(chosen, s); len(chosen) == n {
				return true
			}
		}
	}
	return false
}

// owned reports whether the paragraph belongs to the stories, or may. The rest
// of a story is what does not come back as well, as the paragraphs in in do:
// pieces of chrome use each other's words.
func (c *Counter) owned(key uint64, list []int32, in map[uint64][]int32, m *comparer) bool {
	var sum float64
	for _, s := range list {
		m.a, m.b = m.a[:0], m.b[:0]
		for _, p := range c.stories[s].paragraphs {
			if p.Key == key {
				m.b = append(m.b, p.Terms...)
			} else if in[p.Key] == nil {
				m.a = append(m.a, p.Terms...)
			}
		}
		m.a, m.b = unique(m.a), unique(m.b)
		if len(m.b) < fewTerms {
			return true
		}
		share := float64(common(m.a, m.b)) / float64(len(m.b))
		if share >= own {
			return true
		}
		sum += share
	}
	return sum >= coherent*float64(len(list))
}

// comparer holds the room for comparing two stories.
type comparer struct {
	a, b []uint32
	keys map[uint64]bool
}

// same reports whether two stories are one, or of one topic.
func (m *comparer) same(s, t *story) bool {
	if m.keys == nil {
		m.keys = make(map[uint64]bool)
	}
	m.a = m.rest(m.a[:0], s, t)
	m.b = m.rest(m.b[:0], t, s)
	n := min(len(m.a), len(m.b))
	return n < tooFew || float64(common(m.a, m.b)) >= sameTopic*float64(n)
}

// rest appends the terms of s outside the paragraphs that t has too.
func (m *comparer) rest(dst []uint32, s, t *story) []uint32 {
	clear(m.keys)
	for _, p := range t.paragraphs {
		m.keys[p.Key] = true
	}
	for _, p := range s.paragraphs {
		if p.Key == 0 || !m.keys[p.Key] {
			dst = append(dst, p.Terms...)
		}
	}
	return unique(dst)
}

func unique(t []uint32) []uint32 {
	slices.Sort(t)
	return slices.Compact(t)
}

// common counts what two ascending lists share.
func common(a, b []uint32) int {
	n := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			n++
			i, j = i+1, j+1
		}
	}
	return n
}
