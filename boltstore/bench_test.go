package boltstore_test

import (
	"encoding/binary"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/boltstore"
)

// BenchmarkApply puts records the size of an article's, one by one, from so
// many goroutines.
func BenchmarkApply(b *testing.B) {
	for _, sync := range []bool{true, false} {
		for _, goroutines := range []int{1, 16} {
			b.Run(fmt.Sprintf("sync=%v/goroutines=%d", sync, goroutines), func(b *testing.B) {
				applyFrom(b, goroutines, &boltstore.Options{NoSync: !sync})
			})
		}
	}
}

func applyFrom(b *testing.B, goroutines int, o *boltstore.Options) {
	s := mustOpen(b, filepath.Join(b.TempDir(), "store.db"), o)
	value := make([]byte, 1300)
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range goroutines {
		wg.Go(func() {
			for {
				n := next.Add(1)
				if n > int64(b.N) {
					return
				}
				key := binary.BigEndian.AppendUint64([]byte{1}, uint64(n))
				if err := s.Apply(ctx, newsdedup.Batch{Put: []newsdedup.Record{{Key: key, Value: value}}}); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
}

// BenchmarkScan reads a store of records the size of an article's.
func BenchmarkScan(b *testing.B) {
	s := mustOpen(b, filepath.Join(b.TempDir(), "store.db"), &boltstore.Options{NoSync: true})
	var batch newsdedup.Batch
	for n := range 50_000 {
		batch.Put = append(batch.Put, newsdedup.Record{Key: binary.BigEndian.AppendUint64([]byte{1}, uint64(n)), Value: make([]byte, 1300)})
	}
	if err := s.Apply(ctx, batch); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(50_000 * 1309)
	for b.Loop() {
		n := 0
		for _, err := range s.Scan(ctx) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != 50_000 {
			b.Fatalf("%d records", n)
		}
	}
}
