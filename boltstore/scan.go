package boltstore

import (
	"context"
	"io"
	"iter"

	"github.com/newsdedup/newsdedup"
)

// chunk is how many bytes of records are read at a time, during which no change
// is made.
const chunk = 1 << 18

// Scan yields every record, as newsdedup.Store has it. Unless the store changes
// meanwhile, the end is reached without an error only if every record that was
// put is there.
func (s *Store) Scan(ctx context.Context) iter.Seq2[newsdedup.Record, error] {
	return func(yield func(newsdedup.Record, error) bool) {
		r := reading{s: s}
		for !r.done {
			err := ctx.Err()
			if err == nil {
				err = s.wrap(r.fill())
			}
			if err != nil {
				yield(newsdedup.Record{}, err)
				return
			}
			for i, rec := range r.records {
				if err := ctx.Err(); err != nil && i > 0 {
					yield(newsdedup.Record{}, err)
					return
				}
				if !yield(rec, nil) {
					return
				}
			}
		}
		if err := ctx.Err(); err != nil {
			yield(newsdedup.Record{}, err)
		}
	}
}

// reading is a scan under way.
type reading struct {
	s       *Store
	c       *cursor
	whole   bool // no change since the first record
	last    []byte
	records []newsdedup.Record
	done    bool
}

// fill reads the next records.
func (r *reading) fill() error {
	s := r.s
	s.mu.RLock()
	done, err := r.locked()
	s.mu.RUnlock()
	if err == nil && done && r.whole {
		s.mu.Lock()
		if v, err := newView(s.file, s.o.Recover); err == nil && !s.closed && v.txid == r.c.v.txid && r.c.v.file == s.file {
			s.verified = true
		}
		s.mu.Unlock()
	}
	r.done = done
	return err
}

func (r *reading) locked() (done bool, err error) {
	s := r.s
	if s.closed {
		return false, newsdedup.ErrClosed
	}
	v, err := newView(s.file, s.o.Recover)
	if err != nil {
		return false, err
	}
	if r.c == nil || r.c.v.txid != v.txid || r.c.v.file != v.file {
		r.whole = r.c == nil
		if r.whole {
			v.watch()
		}
		if r.c, err = v.records(r.last); err != nil {
			return false, err
		}
	}
	r.c.v.recycle()
	r.records = r.records[:0]
	for size := 0; size < chunk; {
		k, val, err := r.c.next()
		if err == io.EOF {
			if r.whole {
				return true, r.c.finish()
			}
			return true, nil
		}
		if err != nil {
			return false, err
		}
		n := len(val) - trailerSize
		r.records = append(r.records, newsdedup.Record{Key: k, Value: val[:n:n]})
		size += len(k) + len(val)
		// A copy, since the caller may change the key.
		r.last = append(r.last[:0], k...)
	}
	return false, nil
}
