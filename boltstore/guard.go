package boltstore

import (
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/newsdedup/newsdedup"
)

// errPanic is in the errors that guard makes of panics. bbolt may still hold its
// locks then, so that its Close would wait for ever.
var errPanic = errors.New("bbolt")

// guard calls f, which calls bbolt, and makes an error of a panic: bbolt has
// them for damage that it notices, and reading a mapped page that the disk
// cannot give, or that has been cut off, is a fault.
func guard(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %w: %v", newsdedup.ErrCorrupt, errPanic, r)
		}
	}()
	return f()
}
