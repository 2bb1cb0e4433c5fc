package boltstore_test

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/newsdedup/newsdedup"
)

// golden is what the golden file holds: enough for two levels of pages, a value
// that runs over several, free pages and an empty value.
func golden(t testing.TB, s newsdedup.Store) map[string]string {
	want := map[string]string{"empty": "", "long": strings.Repeat("0123456789", 1000)}
	for i := range 60 {
		k := fmt.Sprintf("%s %03d", strings.Repeat("k", 200), i)
		want[k] = strings.Repeat(fmt.Sprint(i), 5*i)
	}
	if s == nil {
		return want
	}
	put(t, s, record("gone", strings.Repeat("x", 9000)))
	for k, v := range want {
		put(t, s, record(k, v))
	}
	if err := s.Apply(ctx, newsdedup.Batch{Delete: [][]byte{[]byte("gone")}}); err != nil {
		t.Fatal(err)
	}
	return want
}

// Every later version reads and changes the files of this one. The file is
// never written again: a new format gets a file of its own.
func TestGoldenFile(t *testing.T) {
	if binary.NativeEndian.Uint16([]byte{1, 0}) != 1 {
		t.Skip("files have the byte order of the machine, and this one is of another")
	}
	const name = "../testdata/format/boltstore-1.db"
	if *update {
		path := filepath.Join(t.TempDir(), "store.db")
		s := mustOpen(t, path, nil)
		golden(t, s)
		if err := s.Compact(ctx); err != nil {
			t.Fatal(err)
		}
		put(t, s, record("more", "gone"))
		if err := s.Apply(ctx, newsdedup.Batch{Delete: [][]byte{[]byte("more")}}); err != nil {
			t.Fatal(err)
		}
		s.Close()
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	s := mustOpen(t, path, nil)
	want := golden(t, nil)
	mustHold(t, s, want)
	want["new"] = "1"
	put(t, s, record("new", "1"))
	s.Close()
	mustHold(t, mustOpen(t, path, nil), want)
}

// FuzzOpen damages a file in up to three places. It must be refused, or hold
// what it held, before and after a change.
func FuzzOpen(f *testing.F) {
	path := filepath.Join(f.TempDir(), "store.db")
	s := mustOpen(f, path, nil)
	want := golden(f, s)
	s.Close()
	whole, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(uint32(0), byte(0), uint32(pageSize+16), byte(1), uint32(3*pageSize), byte(255), uint32(len(whole)))
	f.Add(uint32(10), byte(1), uint32(5*pageSize+10), byte(3), uint32(5*pageSize+12), byte(1), uint32(len(whole)))
	f.Add(uint32(0), byte(0), uint32(0), byte(0), uint32(0), byte(0), uint32(6*pageSize))
	f.Fuzz(func(t *testing.T, a uint32, x byte, b uint32, y byte, c uint32, z byte, size uint32) {
		data := append([]byte(nil), whole[:min(int(size), len(whole))]...)
		for _, d := range []struct {
			at  uint32
			xor byte
		}{{a, x}, {b, y}, {c, z}} {
			if n := len(data); n > 0 {
				data[int(d.at)%n] ^= d.xor
			}
		}
		if _, err := survive(filepath.Join(t.TempDir(), "damaged"), data, want); err != nil {
			t.Error(err)
		}
	})
}
