//go:build race

package newsdedup

func init() { raceEnabled = true }
