package boltstore_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/boltstore"
	"github.com/newsdedup/newsdedup/storetest"
)

var (
	update = flag.Bool("update", false, "write golden files")
	long   = flag.Bool("long", false, "damage every byte of a file, not a few of every page")
	ctx    = context.Background()
)

func opener(o *boltstore.Options) func(string) (newsdedup.Store, error) {
	return func(dir string) (newsdedup.Store, error) {
		return boltstore.Open(filepath.Join(dir, "store.db"), o)
	}
}

// The promises of a Store, with a fsync for every change and without.
func TestStore(t *testing.T) {
	t.Run("sync", func(t *testing.T) { storetest.Run(t, opener(nil), nil) })
	t.Run("no sync", func(t *testing.T) { storetest.Run(t, opener(&boltstore.Options{NoSync: true}), nil) })
}

func mustOpen(t testing.TB, path string, o *boltstore.Options) *boltstore.Store {
	t.Helper()
	s, err := boltstore.Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func record(key, value string) newsdedup.Record {
	return newsdedup.Record{Key: []byte(key), Value: []byte(value)}
}

func put(t testing.TB, s newsdedup.Store, records ...newsdedup.Record) {
	t.Helper()
	if err := s.Apply(ctx, newsdedup.Batch{Put: records}); err != nil {
		t.Fatal(err)
	}
}

func content(s newsdedup.Store) (map[string]string, error) {
	got := map[string]string{}
	for r, err := range s.Scan(ctx) {
		if err != nil {
			return nil, err
		}
		got[string(r.Key)] = string(r.Value)
	}
	return got, nil
}

func mustHold(t testing.TB, s newsdedup.Store, want map[string]string) {
	t.Helper()
	got, err := content(s)
	if err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(got, want) {
		t.Fatalf("store holds %d records, want %d, or other ones", len(got), len(want))
	}
}

// Two that write to one file would destroy it. The second to come is told so,
// at once or after the time it is ready to wait.
func TestOpenIsExclusive(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := mustOpen(t, path, nil)
	if _, err := boltstore.Open(path, nil); !errors.Is(err, boltstore.ErrInUse) || !strings.Contains(err.Error(), path) {
		t.Errorf("second Open: %v, want ErrInUse with the path", err)
	}
	put(t, s, record("a", "1"))
	if _, err := boltstore.Open(path, &boltstore.Options{Timeout: time.Millisecond}); !errors.Is(err, boltstore.ErrInUse) {
		t.Errorf("second Open that waits: %v, want ErrInUse", err)
	}
	go func() {
		time.Sleep(20 * time.Millisecond)
		s.Close()
	}()
	second := mustOpen(t, path, &boltstore.Options{Timeout: time.Minute})
	mustHold(t, second, map[string]string{"a": "1"})
}

func TestBadOptionsAndPaths(t *testing.T) {
	dir := t.TempDir()
	if _, err := boltstore.Open(filepath.Join(dir, "a"), &boltstore.Options{Timeout: -1}); !errors.Is(err, newsdedup.ErrOption) {
		t.Errorf("negative timeout: %v, want ErrOption", err)
	}
	if _, err := boltstore.Open(filepath.Join(dir, "no", "such", "folder"), nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no folder: %v, want ErrNotExist", err)
	}
	if _, err := boltstore.Open(dir, nil); err == nil {
		t.Error("a folder passed for a store")
	}
	for name, data := range map[string][]byte{
		"empty file": {},
		"text":       bytes.Repeat([]byte("This is not a store. "), 2000),
		"zeros":      make([]byte, 1<<16),
	} {
		path := filepath.Join(dir, "other")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := boltstore.Open(path, nil); !errors.Is(err, newsdedup.ErrCorrupt) {
			t.Errorf("%s: %v, want ErrCorrupt", name, err)
		}
		if after, _ := os.ReadFile(path); !bytes.Equal(after, data) {
			t.Errorf("%s: Open changed the file", name)
		}
	}
	left, err := filepath.Glob(filepath.Join(dir, "a*"))
	if err != nil || len(left) > 0 {
		t.Errorf("files left: %v", left)
	}
}

// Calls of Apply that come while another is at work share one commit. Each
// still gets the error that is its own.
func TestChangesShareCommits(t *testing.T) {
	s := mustOpen(t, filepath.Join(t.TempDir(), "store.db"), nil)
	put(t, s, record("a", "1"))
	before := s.Commits()
	release := s.Hold()
	withdrawn, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	var failed atomic.Int32
	want := map[string]string{"a": "1"}
	for i := range 40 {
		k := fmt.Sprint("k", i)
		own := ctx
		if i%4 == 3 {
			own = withdrawn
		} else {
			want[k] = k
		}
		for s.Waiting() < i { // the first of them must be one that stays
			time.Sleep(100 * time.Microsecond)
		}
		wg.Go(func() {
			err := s.Apply(own, newsdedup.Batch{Put: []newsdedup.Record{record(k, k)}})
			if errors.Is(err, context.Canceled) {
				failed.Add(1)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
	for s.Waiting() < 40 {
		time.Sleep(100 * time.Microsecond)
	}
	cancel()
	for s.Waiting() > 30 {
		time.Sleep(100 * time.Microsecond)
	}
	release()
	wg.Wait()
	if n := failed.Load(); n != 10 {
		t.Errorf("%d calls were withdrawn, want 10", n)
	}
	if n := s.Commits() - before; n != 1 {
		t.Errorf("30 waiting changes took %d commits, want 1", n)
	}
	mustHold(t, s, want)
}

// Deleting leaves the file as long as it was; Compact makes it short again, and
// the store goes on as if nothing had happened, still locked.
func TestCompact(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := mustOpen(t, path, &boltstore.Options{NoSync: true})
	want := map[string]string{}
	for i := range 2000 {
		k := fmt.Sprintf("%05d", i)
		want[k] = strings.Repeat(k, 200)
		put(t, s, record(k, want[k]))
	}
	for i := range 1900 {
		k := fmt.Sprintf("%05d", i)
		delete(want, k)
		if err := s.Apply(ctx, newsdedup.Batch{Delete: [][]byte{[]byte(k)}}); err != nil {
			t.Fatal(err)
		}
	}
	size := func() int64 {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	before := size()
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	if err := s.Compact(stopped); !errors.Is(err, context.Canceled) {
		t.Errorf("Compact with a cancelled context: %v", err)
	}
	mustHold(t, s, want)
	for i := range 2 {
		if err := s.Compact(ctx); err != nil {
			t.Fatal(err)
		}
		mustHold(t, s, want)
		if _, err := boltstore.Open(path, nil); !errors.Is(err, boltstore.ErrInUse) {
			t.Errorf("Open after Compact: %v, want ErrInUse", err)
		}
		k := fmt.Sprint("after ", i)
		want[k] = k
		put(t, s, record(k, k))
	}
	if after := size(); after > before/4 {
		t.Errorf("file of %d bytes before, %d after", before, after)
	}
	s.Close()
	if left, _ := filepath.Glob(path + ".*"); len(left) > 0 {
		t.Errorf("files left: %v", left)
	}
	mustHold(t, mustOpen(t, path, nil), want)
}

// A crash during Compact leaves half of a file beside the store.
// A deleted record is not held, but its bytes may lie in the file until later
// ones are written over them. Who has been asked to erase it calls Compact.
func TestCompactErases(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := mustOpen(t, path, nil)
	want := map[string]string{}
	for i := range 20 {
		k := fmt.Sprintf("subscriber %02d", i)
		want[k] = "lives in Holm"
		put(t, s, record(k, want[k]))
	}
	const gone = "subscriber 07"
	if err := s.Apply(ctx, newsdedup.Batch{Delete: [][]byte{[]byte(gone)}}); err != nil {
		t.Fatal(err)
	}
	delete(want, gone)
	if err := s.Compact(ctx); err != nil {
		t.Fatal(err)
	}
	mustHold(t, s, want)
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(file, []byte("subscriber 08")) || bytes.Contains(file, []byte(gone)) {
		t.Error("the file lost a record or has one that was deleted")
	}
}

func TestCompactLeavesNoRest(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := mustOpen(t, path, nil)
	put(t, s, record("a", "1"))
	s.Close()
	if err := os.WriteFile(path+".compact", make([]byte, 5000), 0o600); err != nil {
		t.Fatal(err)
	}
	s = mustOpen(t, path, nil)
	if _, err := os.Stat(path + ".compact"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the rest of a crashed Compact is still there: %v", err)
	}
	mustHold(t, s, map[string]string{"a": "1"})
	if err := s.Compact(ctx); err != nil {
		t.Fatal(err)
	}
	mustHold(t, s, map[string]string{"a": "1"})
}

// A backup is taken while changes go on. Every change writes the same number
// under two keys, so that a backup of two moments would show.
func TestWriteToIsOneMoment(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, filepath.Join(dir, "store.db"), &boltstore.Options{NoSync: true})
	var big newsdedup.Batch
	for i := range 300 {
		big.Put = append(big.Put, record(fmt.Sprintf("m%03d", i), strings.Repeat("x", 3000)))
	}
	if err := s.Apply(ctx, big); err != nil {
		t.Fatal(err)
	}
	var stop atomic.Bool
	var wg sync.WaitGroup
	wg.Go(func() {
		for n := 0; !stop.Load(); n++ {
			v := fmt.Sprint(n)
			if err := s.Apply(ctx, newsdedup.Batch{Put: []newsdedup.Record{record("a", v), record("z", v)}}); err != nil {
				t.Error(err)
				return
			}
		}
	})
	defer wg.Wait()
	defer stop.Store(true)
	for i := range 5 {
		path := filepath.Join(dir, fmt.Sprint("backup", i))
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		n, err := s.WriteTo(f)
		if err != nil {
			t.Fatal(err)
		}
		if info, _ := f.Stat(); info.Size() != n {
			t.Errorf("WriteTo says %d bytes, wrote %d", n, info.Size())
		}
		f.Close()
		b := mustOpen(t, path, nil)
		got, err := content(b)
		if err != nil {
			t.Fatalf("backup: %v", err)
		}
		if got["a"] != got["z"] || len(got) < 300 {
			t.Errorf("backup of %d records holds a = %s, z = %s", len(got), got["a"], got["z"])
		}
		put(t, b, record("more", "1"))
	}
	if _, err := s.WriteTo(failing{}); err == nil {
		t.Error("an error of the writer was lost")
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

// sample is a store with branch pages, long values and free pages, in a closed
// file and in one that was left open.
func sample(t testing.TB) (closed, left []byte, want map[string]string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store.db")
	s := mustOpen(t, path, &boltstore.Options{NoSync: true})
	r := rand.New(rand.NewPCG(1, 2))
	want = map[string]string{}
	for i := range 500 {
		k := fmt.Sprintf("%012d", i)
		if i%5 == 0 {
			k = strings.Repeat("k", 100) + k // so that few keys fit on a branch page
		}
		v := make([]byte, r.IntN(1000))
		if i%100 == 0 {
			v = make([]byte, 9000)
		}
		for j := range v {
			v[j] = byte(r.Uint32())
		}
		want[k] = string(v)
		put(t, s, record(k, want[k]))
	}
	for _, k := range slices.Sorted(maps.Keys(want)) {
		if r.IntN(3) == 0 {
			delete(want, k)
			if err := s.Apply(ctx, newsdedup.Batch{Delete: [][]byte{[]byte(k)}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := s.Compact(ctx); err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		k := fmt.Sprintf("%012d", i*7)
		if _, ok := want[k]; ok {
			want[k] = "new"
			put(t, s, record(k, "new"))
		}
	}
	read := func() []byte {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	left = read()
	s.Close()
	return read(), left, want
}

// survive opens a damaged file, reads it, changes it and reads it again. It is
// right to fail with an error that says what is the matter, at any of these
// steps; what is read must be right, and nothing may panic.
func survive(path string, data []byte, want map[string]string) (failed bool, err error) {
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return false, err
	}
	told := func(err error) (bool, error) {
		if errors.Is(err, newsdedup.ErrCorrupt) || errors.Is(err, newsdedup.ErrFormat) {
			return true, nil
		}
		return true, fmt.Errorf("unexpected error: %w", err)
	}
	for _, scanFirst := range []bool{true, false} {
		s, err := boltstore.Open(path, &boltstore.Options{NoSync: true})
		if err != nil {
			return told(err)
		}
		defer s.Close()
		if scanFirst {
			got, err := content(s)
			if err != nil {
				return told(err)
			}
			if !maps.Equal(got, want) {
				return false, errors.New("read a wrong answer")
			}
		}
		changed := maps.Clone(want)
		b := newsdedup.Batch{Put: []newsdedup.Record{record("new", "1"), record("000000000003", "changed")}}
		changed["new"], changed["000000000003"] = "1", "changed"
		n := 0
		for k := range want {
			if n++; n > 20 {
				break
			}
			if k != "new" && k != "000000000003" {
				b.Delete = append(b.Delete, []byte(k))
				delete(changed, k)
			}
		}
		if err := s.Apply(ctx, b); err != nil {
			return told(err)
		}
		got, err := content(s)
		if err != nil {
			return told(err)
		}
		if !maps.Equal(got, changed) {
			return false, errors.New("read a wrong answer after a change")
		}
		if err := s.Close(); err != nil {
			return false, fmt.Errorf("closing: %w", err)
		}
		want = changed
	}
	return false, nil
}

const pageSize = 8192

// Bits flip: in every page, in its header, its elements, its keys and values.
// Each is noticed, or where nothing depends on it, does no harm.
func TestFlippedBits(t *testing.T) {
	closed, left, want := sample(t)
	path := filepath.Join(t.TempDir(), "damaged")
	r := rand.New(rand.NewPCG(5, 6))
	for name, whole := range map[string][]byte{"closed": closed, "left open": left} {
		noticed, n := 0, 0
		for page := 0; page < len(whole)/pageSize; page++ {
			bits := []int{r.IntN(64), 64 + r.IntN(2), 80 + r.IntN(8), 96 + r.IntN(4), // id, kind, count, pages
				128 + r.IntN(512), 128 + r.IntN(2048), r.IntN(8 * pageSize)}
			if *long {
				bits = bits[:0]
				for i := range pageSize {
					bits = append(bits, 8*i+r.IntN(8))
				}
			}
			for _, bit := range bits {
				data := bytes.Clone(whole)
				data[page*pageSize+bit/8] ^= 1 << (bit % 8)
				failed, err := survive(path, data, want)
				if err != nil {
					t.Errorf("%s: bit %d of page %d: %v", name, bit, page, err)
				}
				n++
				if failed {
					noticed++
				}
			}
		}
		t.Logf("%s: %d of %d flips were noticed", name, noticed, n)
		if noticed < n/4 {
			t.Errorf("%s: only %d of %d flips were noticed", name, noticed, n)
		}
	}
}

// The records of a small store stand within the page that names their bucket: 16
// bytes of the bucket, then the header of a page, of which only the count may be
// anything. Whatever else is there, is damage.
func TestBucketWithin(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := mustOpen(t, path, nil)
	put(t, s, record("key", "value"))
	s.Close()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const name = "newsdedup store 1"
	within := func(page []byte) []byte { return page[bytes.Index(page, []byte(name))+len(name)+16:] }
	size := func(n uint32) func([]byte) {
		return func(page []byte) { binary.NativeEndian.PutUint32(page[16+12:], n) }
	}
	for what, damage := range map[string]func(page []byte){
		"number of the page": func(page []byte) { within(page)[0] = 5 },
		"a branch":           func(page []byte) { within(page)[8] = 1 },
		"another kind":       func(page []byte) { within(page)[9] = 1 },
		"a whole branch": func(page []byte) {
			p := within(page)
			p[8] = 1
			for i, v := range [...]uint32{16, 4, 1 << 30, 0} { // where the key is, its length, and the page below
				binary.NativeEndian.PutUint32(p[16+4*i:], v)
			}
		},
		"further pages":    func(page []byte) { within(page)[12] = 1 },
		"no page":          size(16),
		"half a header":    size(16 + 8),
		"most of a header": size(16 + 15),
		"no elements":      size(16 + 16),
		"no bucket":        size(15),
	} {
		data, found := bytes.Clone(whole), 0
		for page := range slices.Chunk(data, pageSize) {
			if bytes.Contains(page, []byte(name)) {
				found++
				damage(page)
			}
		}
		if found == 0 {
			t.Fatal("no page names the bucket")
		}
		if failed, err := survive(path, data, map[string]string{"key": "value"}); err != nil || !failed {
			t.Errorf("%s: noticed is %v, %v", what, failed, err)
		}
	}
}

// A file is cut short at every page and in the middle of every page, or a page
// is overwritten: with zeros, with a neighbour, with what it held some time
// ago, as after a write that the disk lost.
func TestLostPages(t *testing.T) {
	closed, left, want := sample(t)
	path := filepath.Join(t.TempDir(), "damaged")
	check := func(what string, page int, data []byte) bool {
		failed, err := survive(path, data, want)
		if err != nil {
			t.Errorf("%s, page %d: %v", what, page, err)
		}
		return failed
	}
	noticed := 0
	for page := 0; page < len(closed)/pageSize; page++ {
		at := page * pageSize
		if check("cut", page, closed[:at]) {
			noticed++
		}
		check("cut within", page, left[:at+pageSize/2])
		zero := bytes.Clone(closed)
		clear(zero[at : at+pageSize])
		check("zeros", page, zero)
		other := bytes.Clone(closed)
		copy(other[at:at+pageSize], closed[(at+pageSize)%len(closed):])
		check("neighbour", page, other)
	}
	if used := len(want) / 20; noticed < used {
		t.Errorf("%d cuts were noticed, want at least %d", noticed, used)
	}

	s := mustOpen(t, filepath.Join(t.TempDir(), "store.db"), &boltstore.Options{NoSync: true})
	var images [][]byte
	want = map[string]string{}
	for i := range 60 {
		for j := range 5 {
			k := fmt.Sprintf("%012d", (i*37+j*11)%100)
			want[k] = fmt.Sprint(i, strings.Repeat("v", 500))
			put(t, s, record(k, want[k]))
		}
		if i >= 57 {
			var b bytes.Buffer
			if _, err := s.WriteTo(&b); err != nil {
				t.Fatal(err)
			}
			images = append(images, b.Bytes())
		}
	}
	last := images[len(images)-1]
	for _, old := range images[:len(images)-1] {
		for at := 0; at < min(len(old), len(last)); at += pageSize {
			if bytes.Equal(old[at:at+pageSize], last[at:at+pageSize]) {
				continue
			}
			data := bytes.Clone(last)
			copy(data[at:], old[at:at+pageSize])
			check("older", at/pageSize, data)
		}
	}
}

// Of the two metas the newer is damaged. Nobody can tell whether a change was
// lost, so that the file is refused, unless the caller accepts that.
func TestRecover(t *testing.T) {
	closed, _, want := sample(t)
	path := filepath.Join(t.TempDir(), "damaged")
	for meta := range 2 {
		data := bytes.Clone(closed)
		data[meta*pageSize+50] ^= 1
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := boltstore.Open(path, nil); !errors.Is(err, newsdedup.ErrCorrupt) || !strings.Contains(err.Error(), "Recover") {
			t.Errorf("meta %d damaged: %v, want ErrCorrupt with advice", meta, err)
		}
		s := mustOpen(t, path, &boltstore.Options{Recover: true})
		// The last transaction of a closed file wrote the list of free pages only.
		mustHold(t, s, want)
		more := maps.Clone(want)
		for i := range 3 {
			k := fmt.Sprint("more", i)
			more[k] = k
			put(t, s, record(k, k))
		}
		s.Close()
		s = mustOpen(t, path, nil)
		mustHold(t, s, more)
		s.Close()
	}
}

// A file that a later version wrote is refused with the advice to use that.
func TestNewerFormat(t *testing.T) {
	closed, _, _ := sample(t)
	path := filepath.Join(t.TempDir(), "newer")
	data := bytes.ReplaceAll(closed, []byte("newsdedup store 1"), []byte("newsdedup store 2"))
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := boltstore.Open(path, nil); !errors.Is(err, newsdedup.ErrFormat) || !strings.Contains(err.Error(), "newer") {
		t.Errorf("got %v, want ErrFormat with advice", err)
	}
}

// The file is cut off while it is open, as by a careless operator. The mapped
// pages are gone; the process must not be.
func TestTruncatedWhileOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := mustOpen(t, path, nil)
	for i := range 200 {
		put(t, s, record(fmt.Sprintf("%05d", i), strings.Repeat("x", 900)))
	}
	if err := os.Truncate(path, 8*pageSize); err != nil {
		t.Fatal(err)
	}
	if err := s.Apply(ctx, newsdedup.Batch{Put: []newsdedup.Record{record("00100", "1")}}); err == nil {
		t.Error("Apply on a truncated file succeeded")
	} else {
		t.Log(err)
	}
	if _, err := content(s); !errors.Is(err, newsdedup.ErrCorrupt) {
		t.Errorf("Scan of a truncated file: %v, want ErrCorrupt", err)
	}
	s.Close()
	if _, err := boltstore.Open(path, nil); !errors.Is(err, newsdedup.ErrCorrupt) {
		t.Errorf("Open of a truncated file: %v, want ErrCorrupt", err)
	}
}
