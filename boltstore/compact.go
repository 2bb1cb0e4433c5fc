package boltstore

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"go.etcd.io/bbolt"
)

func compactPath(path string) string { return path + ".compact" }

// Compact writes the records into a new file, as dense as it can be, and puts
// it into the place of the old one, to give back to the disk what deleted
// records took. Other calls wait meanwhile; about a second for 300 MB.
//
// It needs the room for both files. An error of ctx or from below, or a crash at
// any moment, leaves the records as they were, in the old file or the new.
func (s *Store) Compact(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(); err != nil {
		return err
	}
	return s.wrap(s.compact(ctx))
}

func (s *Store) compact(ctx context.Context) (err error) {
	temp := compactPath(s.path)
	if err := os.Remove(temp); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(temp)
		}
	}()
	if err := s.copyTo(ctx, temp); err != nil {
		return err
	}
	f, err := os.OpenFile(temp, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := errors.Join(lock(f), f.Sync()); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := os.Rename(temp, s.path); err != nil {
		return errors.Join(err, f.Close())
	}
	old, db := s.file, s.db
	s.file, s.db, s.verified, s.dirty = f, nil, true, false
	if db != nil {
		err = guard(db.Close)
	} else {
		err = old.Close()
	}
	return errors.Join(err, syncDir(s.path))
}

// copyTo writes the records into a new database.
func (s *Store) copyTo(ctx context.Context, path string) error {
	v, err := newView(s.file, s.o.Recover)
	if err != nil {
		return err
	}
	c, err := v.records(nil)
	if err != nil {
		return err
	}
	db, err := bbolt.Open(path, s.o.Mode, &bbolt.Options{
		PageSize: pageSize, NoSync: true, Timeout: time.Second, FreelistType: bbolt.FreelistMapType, NoStatistics: true,
	})
	if err != nil {
		return err
	}
	for done := false; err == nil && !done; {
		if err = ctx.Err(); err != nil {
			break
		}
		err = db.Update(func(tx *bbolt.Tx) error {
			to, err := tx.CreateBucketIfNotExists(bucketName())
			if err != nil {
				return err
			}
			to.FillPercent = 1
			v.recycle()
			for size := 0; size < maxGroup; {
				k, value, err := c.next()
				if err == io.EOF {
					done = true
					if err := c.finish(); err != nil {
						return err
					}
					return to.SetSequence(c.all)
				}
				if err != nil {
					return err
				}
				if err := to.Put(k, value); err != nil {
					return err
				}
				size += len(k) + len(value)
			}
			return nil
		})
	}
	return errors.Join(err, db.Close())
}

// WriteTo writes the store, as it is at one moment, to w, and returns the number
// of bytes: what is written to a file can be opened as a store. Errors of w are
// returned wrapped. Changes go on meanwhile, unless the file has to
// grow to more than twice its size and a gigabyte: such a change waits.
func (s *Store) WriteTo(w io.Writer) (int64, error) {
	s.mu.Lock()
	err := s.ready()
	if err == nil {
		err = s.wrap(s.writer())
	}
	var tx *bbolt.Tx
	if err == nil {
		err = s.wrap(guard(func() (err error) {
			tx, err = s.db.Begin(false)
			return err
		}))
	}
	s.mu.Unlock()
	if err != nil {
		return 0, err
	}
	var n int64
	err = guard(func() (err error) {
		n, err = tx.WriteTo(w)
		return errors.Join(err, tx.Rollback())
	})
	return n, s.wrap(err)
}
