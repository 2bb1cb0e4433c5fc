package newsdedup

import (
	"fmt"
	"log/slog"
	"runtime"

	"github.com/newsdedup/newsdedup/internal/posting"
)

// Options tunes comparison, grouping and the Deduper. Nil and the zero value
// mean the defaults. Values out of range are refused with ErrOption by every
// function that takes Options, fields that it has no use for included: Compare
// uses Scheme alone, and Relate none.
type Options struct {
	// Scheme makes the fingerprints. Zero: SchemeDefault.
	Scheme Scheme
	// GroupBy is the weakest relation that ties a group, SameStory to Exact. A
	// Deduper looks for nothing weaker, and with Near or Exact it takes a fifth less
	// memory and half of the time that it takes with Rewrite (stream levels, in
	// bench). Zero: Rewrite.
	GroupBy Relation
	// Before orders the members of a group for the choice of its lead: it
	// reports whether a makes a better lead than b, such as by a list of
	// publishers (see PublisherHash). It must be a strict weak order, the same at
	// any time, and safe for concurrent use; it must neither call the Deduper nor
	// panic, since a lock may be held. What it leaves tied goes by ID. Nil: members
	// that credit an agency or name a byline before those that do not, then the
	// earlier publication date (unknown dates last), then the longer text.
	Before func(a, b Member) bool
	// Workers bounds the goroutines of one call of Cluster, AddAll, Expire, Remove,
	// Groups, GroupStates or Open. Zero: GOMAXPROCS. It never changes a result.
	// Negative values are refused.
	Workers int
	// Events are called when groups of a Deduper change. Nil: none.
	Events *Events
	// Logger is told by a Deduper of what takes long and of what goes wrong: at
	// Info that a store was opened or closed and that Expire is done, at Debug
	// that Remove is, with numbers and durations; at Warn that an Add was taken
	// back, or articles that were to be forgotten are kept, because the store
	// failed, and that Open is about to make all keys and links of a store anew.
	// Nil: nobody is.
	Logger *slog.Logger
}

// settings are Options with the defaults filled in.
type settings struct {
	Options

	bounds posting.Bounds // of the index; zero: its defaults
	sweeps int            // the fewest articles that are forgotten in a sweep; zero: sweepLeast
}

func (o *Options) settings() (settings, error) {
	var s settings
	if o != nil {
		s.Options = *o
	}
	if s.Scheme == SchemeDefault {
		s.Scheme = Scheme1
	}
	if s.Scheme != Scheme1 {
		return s, fmt.Errorf("%w: Scheme %d: %w", ErrOption, s.Scheme, ErrScheme)
	}
	if s.GroupBy == 0 {
		s.GroupBy = Rewrite
	}
	if s.GroupBy > Exact {
		return s, fmt.Errorf("%w: GroupBy %v", ErrOption, s.GroupBy)
	}
	if s.Workers < 0 {
		return s, fmt.Errorf("%w: Workers %d", ErrOption, s.Workers)
	}
	if s.Logger == nil {
		s.Logger = slog.New(slog.DiscardHandler)
	}
	return s, nil
}

func (s *settings) workers() int {
	if s.Workers > 0 {
		return s.Workers
	}
	return runtime.GOMAXPROCS(0)
}
