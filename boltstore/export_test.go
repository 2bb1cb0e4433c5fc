package boltstore

// Hold keeps changes waiting until the function that it returns is called.
func (s *Store) Hold() (release func()) {
	s.mu.Lock()
	return s.mu.Unlock
}

// Waiting is the number of calls of Apply in the queue.
func (s *Store) Waiting() int {
	s.queue.mu.Lock()
	defer s.queue.mu.Unlock()
	return len(s.queue.waiting)
}

// Commits is the number of transactions of the file so far.
func (s *Store) Commits() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, err := newView(s.file, false)
	if err != nil {
		return 0
	}
	return v.txid
}

// Fd is the file descriptor of the store.
func (s *Store) Fd() int { return int(s.file.Fd()) }
