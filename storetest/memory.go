package storetest

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"

	"github.com/newsdedup/newsdedup"
)

// Memory is a disk in memory: what the Stores that Open returns write to it is
// kept for as long as the Memory is, under the name that they were opened by.
// It is for tests. The zero value is empty and ready; it is safe for concurrent
// use.
type Memory struct {
	mu    sync.Mutex
	files map[string]*file
}

// file is what one store keeps. Once a scan reads the map it is replaced, not
// changed.
type file struct {
	records map[string][]byte
	shared  bool    // a scan reads records
	open    *memory // the store that has it open
}

// Open opens the store of a name, which is empty at first. It fails while
// another one is open under that name.
func (m *Memory) Open(name string) (newsdedup.Store, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := m.files[name]
	if f == nil {
		f = &file{}
		if m.files == nil {
			m.files = map[string]*file{}
		}
		m.files[name] = f
	}
	if f.open != nil {
		return nil, fmt.Errorf("storetest: %s is in use", name)
	}
	f.open = &memory{disk: m, file: f}
	return f.open, nil
}

// Crash ends the use of a store that Open returned without closing it: what it
// has acknowledged stays, and it can be opened again.
func (m *Memory) Crash(s newsdedup.Store) {
	if s, ok := s.(*memory); ok {
		s.Close()
	}
}

// Fail makes the calls of Apply of a store that Open returned fail with an
// error until it is called with nil.
func (m *Memory) Fail(s newsdedup.Store, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s, ok := s.(*memory); ok {
		s.fail = err
	}
}

type memory struct {
	disk   *Memory
	file   *file
	closed bool
	fail   error
}

func (s *memory) Apply(ctx context.Context, b newsdedup.Batch) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := b.Check(); err != nil {
		return err
	}
	s.disk.mu.Lock()
	defer s.disk.mu.Unlock()
	switch {
	case s.closed:
		return newsdedup.ErrClosed
	case len(b.Delete)+len(b.Put) == 0:
		return nil
	case s.fail != nil:
		return fmt.Errorf("storetest: %w", s.fail)
	}
	if s.file.shared || s.file.records == nil {
		next := make(map[string][]byte, len(s.file.records))
		maps.Copy(next, s.file.records)
		s.file.records, s.file.shared = next, false
	}
	next := s.file.records
	for _, k := range b.Delete {
		delete(next, string(k))
	}
	for _, r := range b.Put {
		next[string(r.Key)] = slices.Clone(r.Value)
	}
	return nil
}

func (s *memory) Scan(ctx context.Context) iter.Seq2[newsdedup.Record, error] {
	return func(yield func(newsdedup.Record, error) bool) {
		s.disk.mu.Lock()
		closed, records := s.closed, s.file.records
		s.file.shared = true
		s.disk.mu.Unlock()
		if closed {
			yield(newsdedup.Record{}, newsdedup.ErrClosed)
			return
		}
		for _, k := range slices.Sorted(maps.Keys(records)) {
			if err := ctx.Err(); err != nil {
				yield(newsdedup.Record{}, err)
				return
			}
			r := newsdedup.Record{Key: []byte(k), Value: slices.Clone(records[k])}
			if !yield(r, nil) {
				return
			}
			// Nobody may need them any more.
			clear(r.Key)
			clear(r.Value)
		}
		if err := ctx.Err(); err != nil {
			yield(newsdedup.Record{}, err)
		}
	}
}

func (s *memory) Close() error {
	s.disk.mu.Lock()
	defer s.disk.mu.Unlock()
	if !s.closed {
		s.closed, s.file.open = true, nil
	}
	return nil
}
