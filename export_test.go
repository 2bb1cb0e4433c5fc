package newsdedup

// RaceEnabled reports whether the test binary was built with -race.
func RaceEnabled() bool { return raceEnabled }
