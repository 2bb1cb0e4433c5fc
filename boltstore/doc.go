// Package boltstore keeps the records of a newsdedup.Deduper in one file, by
// means of go.etcd.io/bbolt.
package boltstore

import _ "go.etcd.io/bbolt"
