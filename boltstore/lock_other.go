//go:build !unix || solaris || aix

package boltstore

import "os"

// lock leaves it to bbolt to notice, at the first change, that another process
// has the file open.
func lock(*os.File) error { return nil }

func unlock(*os.File) error { return nil }
