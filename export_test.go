package newsdedup

// RaceEnabled reports whether the test binary was built with -race.
func RaceEnabled() bool { return raceEnabled }

// Unconfirmed returns how many IDs have changes that may yet be undone.
func (d *Deduper) Unconfirmed() int {
	d.undos.mu.Lock()
	defer d.undos.mu.Unlock()
	return len(d.undos.byID)
}
