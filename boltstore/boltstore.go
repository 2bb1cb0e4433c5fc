// Package boltstore keeps the records of a durable newsdedup.Deduper in one
// file, by means of go.etcd.io/bbolt.
//
//	store, err := boltstore.Open("articles.db", nil)
//	…
//	d, err := newsdedup.Open(ctx, store, nil)
//
// # The file
//
// It is a bbolt database with one bucket. Its pages are of 8 KB: of smaller ones,
// records the size of an article leave more unused, and of larger ones a change
// writes more. A value ends in the CRC-32C
// of key and value; the sequence of the bucket is the sum of a 64-bit hash of
// every record, so that a page that lost some of its records, or is older than
// the others, does not pass for whole.
//
// All reading is by this package, page by page with every length, offset, order
// and sum checked, since bbolt trusts what it maps into memory. bbolt writes. It
// gets the file once all of it has been found sound: the first change of a
// Store waits for that check unless a Scan has done it, as that of
// newsdedup.Open does. A file of 1 GB that is in the page cache takes about a
// second.
//
// The file grows as records come, in steps. Deleted records, as after Expire,
// leave room in the file that later ones take; until then their bytes are there
// to read, in backups too. Compact gives the room back to the disk and leaves
// nothing of them in the file, for those who have to erase. WriteTo makes a backup
// while changes go on. Nothing else makes one: a copy of the file itself, of a
// store that is open, may be damaged.
//
// Numbers in the file have the byte order of the machine that made it; others
// find it damaged. Where there is no flock(2), as on Windows, a second process
// gets ErrInUse at its first change, not from Open.
//
// # When something goes wrong
//
//   - A full disk, a write that fails: the call gives an error and nothing has
//     changed. Work goes on once there is room; the file need not be opened
//     again. To delete takes room as well, before it gives any back, so that
//     Remove and Expire of a Deduper may fail for want of it too.
//   - newsdedup.ErrUncertain, after a failed fsync: the store takes no more
//     changes, since what the system says of the file cannot be relied on. Close
//     it and open it again, which reads all of it; what was acknowledged is
//     there, or Open says that the file is damaged.
//   - newsdedup.ErrCorrupt: the file is damaged. Put the last backup in its
//     place and add again what came since, or add all texts to a new store; of
//     one damaged page at the beginning see Options.Recover. Keep the damaged
//     file until then.
//   - newsdedup.ErrFormat: a newer version wrote the file; open it with that. Of
//     newsdedup.ErrScheme, newsdedup.Open tells the way.
package boltstore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/newsdedup/newsdedup"
	"go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"
)

// ErrInUse says that the file is open already, in this process or another. Open
// puts the package and the path before it.
var ErrInUse = errors.New("file is in use by another Store")

// Options tunes Open. Nil and the zero value mean the defaults.
type Options struct {
	// Timeout is how long to wait for a file that is in use before ErrInUse.
	// Zero: not at all. Negative values are refused.
	Timeout time.Duration
	// NoSync leaves it to the operating system when to write to the disk. What
	// Apply acknowledged still survives the end of the process, kill -9
	// included, but not a power cut or a crash of the system: after one the
	// file may be damaged as a whole, and Open will refuse it, so keep a backup
	// (WriteTo) or the texts. Sync and Close write all to the disk.
	NoSync bool
	// Recover also opens a file of which one of the first two pages is damaged.
	// Changes end by writing to these pages in turn, so that nobody can tell
	// whether the damaged one had the last change: it may be lost, though it was
	// acknowledged. Unless set, such a file gives ErrCorrupt.
	Recover bool
	// Mode is the permission of a new file. Zero: 0600.
	Mode fs.FileMode
}

// Store is a newsdedup.Store in a file. Use Open.
type Store struct {
	path string
	o    Options

	// mu is held to change the file, the fields below or what they point to,
	// and shared to read.
	mu       sync.RWMutex
	closed   bool
	file     *os.File
	verified bool      // the whole file has been found sound
	db       *bbolt.DB // nil until the first change; owns file then
	dirty    bool      // changed since it was opened
	failed   error     // what made the outcome of a change unknown
	stuck    bool      // a panic left db's locks in an unknown state

	buf   []byte // of the last commit, to be used again
	queue queue
}

// Open opens the file of a store, or makes it.
//
// Errors wrap ErrInUse if it is open already; newsdedup.ErrCorrupt if it is
// damaged or cut short, or no such file at all; newsdedup.ErrFormat if a newer
// version made it; or what the operating system said. A file that was not
// closed is as it was after the last change that was made in full: there is
// nothing to repair.
func Open(path string, o *Options) (*Store, error) {
	s := &Store{path: path}
	if o != nil {
		s.o = *o
	}
	if s.o.Mode == 0 {
		s.o.Mode = 0o600
	}
	if s.o.Timeout < 0 {
		return nil, fmt.Errorf("%w: boltstore: Timeout %v", newsdedup.ErrOption, s.o.Timeout)
	}
	end := time.Now().Add(s.o.Timeout)
	for {
		err := s.open()
		if err == nil {
			return s, nil
		}
		if s.file != nil {
			s.file.Close()
		}
		if !errors.Is(err, ErrInUse) || !time.Now().Before(end) {
			return nil, s.wrap(err)
		}
		time.Sleep(min(10*time.Millisecond, s.o.Timeout))
	}
}

func (s *Store) wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("boltstore: %s: %w", s.path, err)
}

func (s *Store) open() error {
	_, err := os.Stat(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		err = create(s.path, s.o.Mode)
	}
	if err != nil {
		return err
	}
	if s.file, err = os.OpenFile(s.path, os.O_RDWR, 0); err != nil {
		return err
	}
	if err := lock(s.file); err != nil {
		return err
	}
	// Whoever held the lock may have put a compacted file into this one's place.
	named, err := os.Stat(s.path)
	if err != nil {
		return err
	}
	if opened, err := s.file.Stat(); err != nil || !os.SameFile(named, opened) {
		return errors.Join(err, ErrInUse)
	}
	os.Remove(compactPath(s.path))
	v, err := newView(s.file, s.o.Recover)
	if err != nil {
		return err
	}
	_, err = v.root()
	return err
}

// create makes a file with an empty bucket. It is given its name when it is
// whole, and never that of another.
func create(path string, mode fs.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new*")
	if err != nil {
		return err
	}
	temp := f.Name()
	defer os.Remove(temp)
	err = errors.Join(f.Chmod(mode), f.Close())
	if err != nil {
		return err
	}
	db, err := bbolt.Open(temp, mode, &bbolt.Options{PageSize: pageSize, Timeout: time.Second})
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket(bucketName())
		return err
	})
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	if err := os.Link(temp, path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(path)
}

func bucketName() []byte { return strconv.AppendInt([]byte(bucketPrefix), formatVersion, 10) }

// syncDir makes the name of a file durable.
func syncDir(path string) error {
	if runtime.GOOS == "windows" {
		return nil // folders cannot be opened there
	}
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// writer opens the database for changes, after the file has been found sound.
// s.mu is held.
func (s *Store) writer() error {
	if s.db != nil {
		return nil
	}
	if !s.verified {
		v, err := newView(s.file, s.o.Recover)
		if err != nil {
			return err
		}
		if err := v.verify(); err != nil {
			return err
		}
		s.verified = true
	}
	options := &bbolt.Options{
		PageSize: pageSize,
		NoSync:   s.o.NoSync,
		// The list of free pages would be written with every change, and is
		// long after many deletions. Close writes it.
		NoFreelistSync: true,
		FreelistType:   bbolt.FreelistMapType,
		NoStatistics:   true,
		// Zero would be to wait for ever where lock did not notice.
		Timeout:  max(s.o.Timeout, time.Nanosecond),
		OpenFile: func(string, int, fs.FileMode) (*os.File, error) { return s.file, nil },
	}
	if info, err := s.file.Stat(); err != nil {
		return err
	} else if runtime.GOOS != "windows" && info.Size() < 1<<40 && strconv.IntSize == 64 {
		// Room for the file to double before a change has to wait for a backup
		// under way; addresses only.
		options.InitialMmapSize = int(2*info.Size()) + 1<<30
	}
	var db *bbolt.DB
	err := guard(func() (err error) {
		db, err = bbolt.Open(s.path, s.o.Mode, options)
		return err
	})
	if errors.Is(err, bbolterrors.ErrTimeout) {
		err = ErrInUse
	}
	if err != nil {
		// bbolt has closed the file.
		return s.uncertain(err)
	}
	s.db = db
	return nil
}

// Sync writes to the disk all that was acknowledged. It is of use with NoSync
// only. After an error the store takes no more changes: ErrUncertain.
func (s *Store) Sync() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(); err != nil {
		return err
	}
	if err := s.file.Sync(); err != nil {
		return s.uncertain(err)
	}
	return nil
}

// ready returns why the store takes no changes, nil if it does.
func (s *Store) ready() error {
	if s.closed {
		return s.wrap(newsdedup.ErrClosed)
	}
	return s.failed
}

// uncertain ends the life of the store as far as changes go.
func (s *Store) uncertain(err error) error {
	s.failed = s.wrap(fmt.Errorf("%w: %w", newsdedup.ErrUncertain, err))
	return s.failed
}

// Close waits for calls under way, writes what is to be written and gives the
// file free. Calling it again does nothing. An error says that the next Open
// may take longer, or, with NoSync, that changes may not have reached the disk.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	if s.db == nil || s.stuck {
		return s.wrap(s.abandon())
	}
	err := guard(func() error {
		if !s.dirty || s.failed != nil {
			return nil
		}
		s.db.NoFreelistSync = false
		s.db.NoSync = false
		tx, err := s.db.Begin(true)
		if err != nil {
			return err
		}
		return tx.Commit()
	})
	if errors.Is(err, errPanic) {
		return s.wrap(errors.Join(err, s.abandon()))
	}
	return s.wrap(errors.Join(err, guard(s.db.Close)))
}

// abandon gives the file free without bbolt, which may have closed it, or may
// never return from closing.
func (s *Store) abandon() error {
	err := errors.Join(unlock(s.file), s.file.Close())
	if errors.Is(err, fs.ErrClosed) {
		return nil
	}
	return err
}
