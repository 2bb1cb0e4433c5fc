package boltstore

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/newsdedup/newsdedup"
	"go.etcd.io/bbolt"
)

// queue holds the calls of Apply that wait. The first to come commits for all
// that have come until it gets at the file, then passes the task on to the
// first of those that came meanwhile: under load many share the two fsyncs of
// a commit, and a call waits for one commit under way and its own.
type queue struct {
	mu      sync.Mutex
	waiting []*request
	led     bool // somebody commits
}

type request struct {
	batch newsdedup.Batch
	lead  bool       // it has been passed the task
	done  chan error // what became of it; errLead: it is to commit
}

var errLead = errors.New("lead")

// maxGroup bounds the bytes of one commit, beyond its first batch.
const maxGroup = 8 << 20

// maxBuffer bounds the memory that is kept from one commit for the next.
const maxBuffer = 1 << 20

// Apply makes a change, as newsdedup.Store has it. Calls that come while another
// change is written become one with each other, so that they share its two
// fsyncs, up to some 8 MB of values.
func (s *Store) Apply(ctx context.Context, b newsdedup.Batch) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := b.Check(); err != nil {
		return s.wrap(err)
	}
	r := &request{batch: b, done: make(chan error, 1)}
	q := &s.queue
	q.mu.Lock()
	q.waiting = append(q.waiting, r)
	lead := !q.led
	q.led = true
	q.mu.Unlock()
	if lead {
		return s.lead(r)
	}
	select {
	case err := <-r.done:
		if err == errLead {
			return s.lead(r)
		}
		return err
	case <-ctx.Done():
	}
	q.mu.Lock()
	if i := slices.Index(q.waiting, r); i >= 0 && !r.lead {
		q.waiting = slices.Delete(q.waiting, i, i+1)
		q.mu.Unlock()
		return ctx.Err()
	}
	q.mu.Unlock()
	if err := <-r.done; err != errLead {
		return err
	}
	return s.lead(r)
}

// lead commits what waits, r among it, and passes the task on.
func (s *Store) lead(r *request) error {
	s.mu.Lock()
	q := &s.queue
	q.mu.Lock()
	n, size := 0, 0
	for n < len(q.waiting) && (n == 0 || size < maxGroup) {
		for _, rec := range q.waiting[n].batch.Put {
			size += len(rec.Value)
		}
		n++
	}
	group := slices.Clone(q.waiting[:n])
	q.waiting = slices.Delete(q.waiting, 0, n)
	q.mu.Unlock()

	err := s.commit(group)
	s.mu.Unlock()

	q.mu.Lock()
	if len(q.waiting) > 0 {
		next := q.waiting[0]
		next.lead = true
		next.done <- errLead
	} else {
		q.led = false
	}
	q.mu.Unlock()
	for _, other := range group {
		if other != r {
			other.done <- err
		}
	}
	return err
}

// commit makes the changes of a group as one. s.mu is held.
func (s *Store) commit(group []*request) error {
	if err := s.ready(); err != nil {
		return err
	}
	changes := 0
	for _, r := range group {
		changes += len(r.batch.Delete) + len(r.batch.Put)
	}
	if changes == 0 {
		return nil
	}
	if err := s.writer(); err != nil {
		return s.wrap(err)
	}
	own := 0 // number of the transaction
	err := guard(func() error {
		tx, err := s.db.Begin(true)
		if err != nil {
			return err
		}
		own = tx.ID()
		if s.buf, err = fill(tx, group, s.buf[:0]); err != nil {
			return errors.Join(err, tx.Rollback())
		}
		return tx.Commit()
	})
	if cap(s.buf) > maxBuffer {
		s.buf = nil
	}
	if err == nil {
		s.dirty = true
		return nil
	}
	if s.stuck = errors.Is(err, errPanic); s.stuck || !certain(err) {
		return s.uncertain(err)
	}
	// bbolt reads the meta from the file: if that has the change after all, so
	// has the database.
	if after, e := newView(s.file, s.o.Recover); e != nil || after.txid >= uint64(own) {
		return s.uncertain(err)
	}
	return s.wrap(err)
}

// certain reports whether an error of bbolt says that nothing was changed: a
// page could not be written, or the file not be made longer. After a failed
// fsync, on the other hand, the pages that did not reach the disk may look as
// if they had.
func certain(err error) bool {
	var path *fs.PathError
	return errors.As(err, &path) && path.Op == "write" ||
		errors.Is(err, newsdedup.ErrCorrupt) ||
		strings.HasPrefix(err.Error(), "file resize error")
}

// fill makes the changes within a transaction. The values are in buf, or what is
// returned for it, which bbolt refers to until the commit.
func fill(tx *bbolt.Tx, group []*request, buf []byte) ([]byte, error) {
	b := tx.Bucket(bucketName())
	if b == nil {
		return buf, corrupt("no bucket")
	}
	// New records mostly have the greatest key, so that a page is as full as it
	// ever will be when the next begins.
	b.FillPercent = 1
	sum, size := b.Sequence(), 0
	for _, r := range group {
		for _, rec := range r.batch.Put {
			size += len(rec.Value) + trailerSize
		}
	}
	buf = slices.Grow(buf, size)
	drop := func(key []byte) (held bool, err error) {
		old := b.Get(key)
		if old == nil {
			return false, nil
		}
		if len(old) < trailerSize {
			return false, corrupt("record %x of %d bytes", key, len(old))
		}
		sum -= hashOf(key, binary.LittleEndian.Uint32(old[len(old)-trailerSize:]), crc32.Checksum(key, castagnoli))
		return true, nil
	}
	for _, r := range group {
		for _, k := range r.batch.Delete {
			held, err := drop(k)
			if err != nil {
				return buf, err
			}
			if held {
				if err := b.Delete(k); err != nil {
					return buf, fmt.Errorf("deleting: %w", err)
				}
			}
		}
		for _, rec := range r.batch.Put {
			if _, err := drop(rec.Key); err != nil {
				return buf, err
			}
			own, keySum := sumOf(rec.Key, rec.Value)
			n := len(buf)
			buf = binary.LittleEndian.AppendUint32(append(buf, rec.Value...), own)
			if err := b.Put(rec.Key, buf[n:len(buf):len(buf)]); err != nil {
				return buf, fmt.Errorf("putting: %w", err)
			}
			sum += hashOf(rec.Key, own, keySum)
		}
	}
	return buf, b.SetSequence(sum)
}
