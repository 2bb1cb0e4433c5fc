package boltstore_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/boltstore"
	"github.com/newsdedup/newsdedup/storetest"
)

// limit makes the kernel refuse writes to any file beyond an offset, in part or
// in full, as it does on a full disk.
func limit(t testing.TB, bytes int64) (restore func()) {
	t.Helper()
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Skip(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: uint64(bytes), Max: old.Max}); err != nil {
		t.Skip(err)
	}
	return func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
			t.Error(err)
		}
	}
}

// replace puts another file in the place of the store's, under the same
// descriptor, until restore is called.
func replace(t testing.TB, s *boltstore.Store, with string) (restore func()) {
	t.Helper()
	saved, err := syscall.Dup(s.Fd())
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(with, os.O_RDWR, 0)
	if err != nil {
		t.Skip(err)
	}
	fd := s.Fd()
	if err := syscall.Dup3(int(f.Fd()), fd, syscall.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := syscall.Dup3(saved, fd, syscall.O_CLOEXEC); err != nil {
			t.Error(err)
		}
		syscall.Close(saved)
		f.Close()
	}
}

// inChild runs the test in a process of its own, where limits on files do not
// stop the testing package from writing its own, and reports whether this is
// that process. Only the given subtests run.
func inChild(t *testing.T, subtests string) bool {
	const env = "BOLTSTORE_CHILD"
	if os.Getenv(env) == "1" {
		return true
	}
	cmd := exec.Command(os.Args[0], "-test.v", "-test.run=^"+t.Name()+"$"+subtests)
	cmd.Env = append(os.Environ(), env+"=1")
	out, err := cmd.CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("--- PASS: "+t.Name())) {
		t.Errorf("%v\n%s", err, out)
	}
	return false
}

// Errors from below, as the suite has them, on a disk that is full from the
// first byte on, one on which every write fails, one that gives EIO for writes and
// reads, and one on which writes vanish and fsync says so.
func TestFaults(t *testing.T) {
	if !inChild(t, "/^(full|broken|failing|lying)$/^errors_from_below") {
		return
	}
	faults := map[string]func(*boltstore.Store) func(){
		"full":   func(*boltstore.Store) func() { return limit(t, 0) },
		"broken": func(s *boltstore.Store) func() { return replace(t, s, "/dev/full") },
		"lying":  func(s *boltstore.Store) func() { return replace(t, s, "/dev/null") },
	}
	// Memory of another process at addresses where it has none: EIO.
	other := exec.Command("sleep", "60")
	if err := other.Start(); err == nil {
		defer other.Wait()
		defer other.Process.Kill()
		mem := fmt.Sprintf("/proc/%d/mem", other.Process.Pid)
		if f, err := os.OpenFile(mem, os.O_RDWR, 0); err == nil {
			_, read := f.ReadAt(make([]byte, pageSize), 0)
			_, written := f.WriteAt(make([]byte, pageSize), 0)
			f.Close()
			if errors.Is(read, syscall.EIO) && errors.Is(written, syscall.EIO) {
				faults["failing"] = func(s *boltstore.Store) func() { return replace(t, s, mem) }
			}
		}
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			storetest.Run(t, opener(nil), &storetest.Options{
				Fault: func(s newsdedup.Store) func() { return fault(s.(*boltstore.Store)) },
			})
		})
	}
}

// The disk fills up: at each offset within what a change would write, the
// change fails whole, those before it stay, and once there is room again the
// next one passes, with or without opening the file anew.
func TestDiskFullAtEveryPlace(t *testing.T) {
	if !inChild(t, "") {
		return
	}
	path := filepath.Join(t.TempDir(), "store.db")
	s := mustOpen(t, path, nil)
	want := map[string]string{}
	for i := range 40 {
		k := fmt.Sprintf("%04d", i)
		want[k] = strings.Repeat(k, 300)
		put(t, s, record(k, want[k]))
	}
	failed := 0
	for at := int64(0); at < 60*pageSize; at += 1500 {
		k := fmt.Sprintf("limit %07d", at)
		v := strings.Repeat("v", 9000)
		restore := limit(t, at)
		err := s.Apply(ctx, newsdedup.Batch{Put: []newsdedup.Record{record(k, v), record("0000", k)}})
		restore()
		if err == nil {
			want[k], want["0000"] = v, k
		} else if failed++; !strings.Contains(err.Error(), syscall.EFBIG.Error()) || !strings.Contains(err.Error(), path) {
			t.Fatalf("limit at byte %d: %v, want EFBIG with the path", at, err)
		}
		mustHold(t, s, want)
		if at%9000 == 0 {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			s = mustOpen(t, path, nil)
			mustHold(t, s, want)
		}
		want["0001"] = k
		put(t, s, record("0001", k))
		if at > 30*pageSize { // make room, so that the limit is reached again
			if err := s.Apply(ctx, newsdedup.Batch{Delete: [][]byte{[]byte(k)}}); err != nil {
				t.Fatal(err)
			}
			delete(want, k)
		}
	}
	if failed < 10 {
		t.Errorf("only %d changes met the limit", failed)
	}
}

// A full disk neither harms the store when a file is made, nor when Compact or
// Close write.
func TestDiskFullElsewhere(t *testing.T) {
	if !inChild(t, "") {
		return
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "store.db")
	restore := limit(t, 5000)
	_, err := boltstore.Open(path, nil)
	restore()
	if err == nil {
		t.Error("a store was made on a full disk")
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("files left: %v", left)
	}
	s := mustOpen(t, path, nil)
	want := map[string]string{}
	for i := range 100 {
		k := fmt.Sprint(i)
		want[k] = strings.Repeat(k, 500)
		put(t, s, record(k, want[k]))
	}
	restore = limit(t, 50_000)
	err = s.Compact(ctx)
	restore()
	if err == nil {
		t.Error("Compact passed on a full disk")
	}
	mustHold(t, s, want)
	restore = limit(t, 0)
	err = s.Close()
	restore()
	if err == nil {
		t.Error("Close could not write and said nothing")
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("files left: %v", left)
	}
	s = mustOpen(t, path, nil)
	mustHold(t, s, want)
	put(t, s, record("a", "1"))
}
