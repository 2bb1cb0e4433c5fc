package newsdedup

import (
	"context"
	"fmt"
	"iter"
)

// Store keeps the records of a durable Deduper. It sees keys and values that
// are opaque to it: versioned and checksummed bytes, never fingerprints. The
// packages boltstore (one file) and storetest (memory) have one each;
// storetest.Run checks others.
//
// One Deduper at a time uses a Store, and owns all of its records. It reads all
// of them once, in Open, and from then on writes alone; only Deduper.Verify
// reads again.
//
// # What a Store promises
//
//  1. Atomic: of a Batch all or nothing is there, whatever happens meanwhile:
//     an error, a cancelled context, a killed process, a power cut.
//  2. Durable: once Apply has returned nil, the batch survives the end of the
//     process and the loss of power. A Store that offers less as an option
//     says what.
//  3. Ordered: batches of calls that follow one another take effect in that
//     order; those of concurrent calls one after the other, in any order.
//     Records are yielded by ascending key, compared as bytes.
//  4. Exact: a record reads as it was written or gives an error that wraps
//     ErrCorrupt; none goes missing without one.
//  5. Concurrent: all methods may be called at any time by any number of
//     goroutines, also from within the loop over a Scan.
//
// # What a Store may assume
//
//  1. Keys have 1 to MaxKey bytes, values 0 to MaxValue. Others are refused
//     with an error that wraps ErrOption, and nothing of their batch is made.
//  2. The caller does not change the slices of a Batch until Apply returns. The
//     Store does not change them and does not keep them.
//
// # Errors
//
// An error of Apply says that nothing of the batch was made, now or after the
// store is opened again, and that the Store can go on once its cause has gone
// (a full disk, say). There is one exception: where it cannot tell, as after a
// failed fsync, the error wraps ErrUncertain, the batch may or may not be there
// when the store is opened again, and all later calls of Apply fail with
// ErrUncertain too.
type Store interface {
	// Apply makes the changes of a batch. An empty batch changes nothing and
	// succeeds.
	//
	// If ctx is done before the work has begun, its error is returned, wrapped
	// or not; after that the Store may finish and return nil. After Close,
	// Apply gives an error that wraps ErrClosed.
	Apply(ctx context.Context, b Batch) error

	// Scan yields every record, by ascending key. A record that is held from
	// the beginning of the loop to its end is yielded once; one that is put or
	// deleted meanwhile may show or not, and a batch made meanwhile may show in
	// part.
	//
	// Key and Value are the caller's, to change them too, until it asks for the
	// next record; then the Store may use their memory again, so that a caller
	// that keeps them copies them. An error is yielded with a zero Record, once,
	// and ends the sequence: that of ctx, ErrClosed, ErrCorrupt for damaged
	// records, or whatever came from below, wrapped. The sequence may be ranged
	// over again.
	Scan(ctx context.Context) iter.Seq2[Record, error]

	// Close waits for calls under way and gives back what the Store holds.
	// Calling it again does nothing and returns nil.
	Close() error
}

// Bounds of a Record.
const (
	MaxKey   = 255      // bytes
	MaxValue = 16 << 20 // bytes
)

// Record is a key and its value.
type Record struct{ Key, Value []byte }

// Batch is a set of changes that are made as one: first every key of Delete is
// removed, then every record of Put is set. Keys to be removed that are not
// held are passed over; a record put under a key that is held replaces it; of
// two that are put under one key the later stays.
type Batch struct {
	Delete [][]byte
	Put    []Record
}

// Check returns an error that wraps ErrOption if a key or a value of b is out
// of the bounds of a Record.
func (b Batch) Check() error {
	key := func(k []byte) error {
		if len(k) < 1 || len(k) > MaxKey {
			return fmt.Errorf("%w: key of %d bytes", ErrOption, len(k))
		}
		return nil
	}
	for _, k := range b.Delete {
		if err := key(k); err != nil {
			return err
		}
	}
	for _, r := range b.Put {
		if err := key(r.Key); err != nil {
			return err
		}
		if len(r.Value) > MaxValue {
			return fmt.Errorf("%w: value of %d bytes", ErrOption, len(r.Value))
		}
	}
	return nil
}
