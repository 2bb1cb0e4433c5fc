package boltstore

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"hash/fnv"
	"io"
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/newsdedup/newsdedup"
)

// The layout of a bbolt file, as in internal/common of bbolt 1.3 to 1.5: pages
// with a header of id (8 bytes), kind (2), count (2) and number of pages that
// follow as part of it (4), then count elements of 16 bytes that point to keys
// and values behind them. Numbers have the byte order of the machine. Pages 0
// and 1 are metas, written in turn; the one of the greater transaction counts.
const (
	pageSize   = 8192
	headerSize = 16
	elemSize   = 16
	metaSize   = 64
	boltMagic  = 0xED0CDAED
	boltFormat = 2

	branchPage   = 0x01
	leafPage     = 0x02
	metaPage     = 0x04
	freelistPage = 0x10

	isBucket   = 0x01
	noFreelist = math.MaxUint64

	maxDepth = 40
)

// formatVersion is that of what is stored in bbolt's: the bucket, the sums.
const (
	formatVersion = 1
	bucketPrefix  = "newsdedup store "
)

var (
	order      = binary.NativeEndian
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
)

// trailerSize is the length of the sum at the end of a value.
const trailerSize = 4

// sumOf is the sum that a value ends in, and that of the key alone.
func sumOf(key, value []byte) (sum, keySum uint32) {
	keySum = crc32.Checksum(key, castagnoli)
	return crc32.Update(keySum, castagnoli, value), keySum
}

// hashOf is what a record, given by its key and its sums, adds to the sequence
// of the bucket: the finalizer of SplitMix64 (Steele, Lea and Flood 2014).
func hashOf(key []byte, sum, keySum uint32) uint64 {
	x := uint64(sum)<<32 | uint64(keySum)
	x ^= uint64(len(key)) * 0x9E3779B97F4A7C15
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

func corrupt(format string, args ...any) error {
	return fmt.Errorf("%w: %s", newsdedup.ErrCorrupt, fmt.Sprintf(format, args...))
}

// view reads the file as it was after one change. Nothing may be written while
// it reads.
type view struct {
	file     *os.File
	rootPage uint64
	freelist uint64
	pages    uint64 // in use or free; what follows has never been used
	txid     uint64

	seen []uint64 // set of pages that were read, if not nil

	// window holds successive pages of the file from first on. It is longer the
	// longer the reading has gone on in their order.
	window []byte
	first  uint64
	ahead  int

	// past are the windows before, until recycle, and spare those to be used
	// again.
	past, spare [][]byte
}

// recycle lets go of what was read before the present window, whose memory is
// used again.
func (v *view) recycle() {
	v.spare = append(v.spare, v.past...)
	v.past = v.past[:0]
}

// room returns memory for a window, with any content.
func (v *view) room(size uint64) []byte {
	for i, b := range v.spare {
		if uint64(cap(b)) >= size {
			last := len(v.spare) - 1
			v.spare[i] = v.spare[last]
			v.spare = v.spare[:last]
			return b[:size]
		}
	}
	return make([]byte, size)
}

// newView reads both metas.
func newView(f *os.File, recover bool) (*view, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() < 4*pageSize {
		return nil, corrupt("%d bytes are less than any store has", info.Size())
	}
	buf := make([]byte, 2*pageSize)
	if _, err := f.ReadAt(buf, 0); err != nil {
		return nil, err
	}
	a, errA := parseMeta(buf[:pageSize], 0)
	b, errB := parseMeta(buf[pageSize:], 1)
	v := a
	switch {
	case errA != nil && errB != nil:
		return nil, errA
	case (errA != nil || errB != nil) && !recover:
		if errA == nil {
			errA = errB
		}
		return nil, fmt.Errorf("%w; the last change may be lost: see Options.Recover", errA)
	case errA != nil || errB == nil && b.txid > a.txid:
		v = b
	}
	if errA == nil && errB == nil && a.txid+1 != b.txid && b.txid+1 != a.txid {
		return nil, corrupt("metas of transactions %d and %d", a.txid, b.txid)
	}
	v.file = f
	if v.pages > uint64(info.Size())/pageSize {
		return nil, corrupt("cut short: %d bytes, want at least %d", info.Size(), v.pages*pageSize)
	}
	return v, nil
}

func parseMeta(p []byte, id uint64) (*view, error) {
	h := fnv.New64a()
	m := p[headerSize : headerSize+metaSize]
	h.Write(m[:56])
	switch {
	case order.Uint32(m) != boltMagic:
		return nil, corrupt("page %d: no magic of a bbolt file", id)
	case order.Uint32(m[4:]) != boltFormat:
		return nil, fmt.Errorf("%w: page %d: bbolt format %d", newsdedup.ErrFormat, id, order.Uint32(m[4:]))
	case order.Uint64(m[56:]) != h.Sum64():
		return nil, corrupt("page %d: sum of the meta", id)
	case order.Uint32(m[8:]) != pageSize:
		return nil, fmt.Errorf("%w: pages of %d bytes", newsdedup.ErrFormat, order.Uint32(m[8:]))
	case order.Uint64(p) != id || order.Uint16(p[8:]) != metaPage:
		return nil, corrupt("page %d: header of the meta", id)
	}
	return &view{
		rootPage: order.Uint64(m[16:]),
		freelist: order.Uint64(m[32:]),
		pages:    order.Uint64(m[40:]),
		txid:     order.Uint64(m[48:]),
	}, nil
}

// read returns page id with those that follow as part of it. The slice is the
// caller's until recycle.
func (v *view) read(id uint64) ([]byte, error) {
	if id < 2 || id >= v.pages {
		return nil, corrupt("page %d of %d", id, v.pages)
	}
	p, err := v.at(id, 1)
	if err != nil {
		return nil, err
	}
	more := uint64(order.Uint32(p[12:]))
	if order.Uint64(p) != id {
		return nil, corrupt("page %d calls itself %d", id, order.Uint64(p))
	}
	if more >= v.pages-id {
		return nil, corrupt("page %d and %d more of %d", id, more, v.pages)
	}
	if v.seen != nil {
		for i := id; i <= id+more; i++ {
			if v.seen[i/64]>>(i%64)&1 != 0 {
				return nil, corrupt("page %d is used twice", i)
			}
			v.seen[i/64] |= 1 << (i % 64)
		}
	}
	if more == 0 {
		return p, nil
	}
	return v.at(id, 1+more)
}

// maxAhead pages are read at once where pages are asked for in order.
const maxAhead = 8

// at returns n pages from id on.
func (v *view) at(id, n uint64) ([]byte, error) {
	end := v.first + uint64(len(v.window)/pageSize)
	if id < v.first || id+n > end {
		if id == end {
			v.ahead = min(2*v.ahead, maxAhead)
		} else {
			v.ahead = 1
		}
		size := min(max(n, uint64(v.ahead)), v.pages-id)
		buf := v.room(size * pageSize)
		if _, err := v.file.ReadAt(buf, int64(id)*pageSize); err != nil {
			if err == io.EOF {
				return nil, corrupt("cut short at page %d", id)
			}
			return nil, err
		}
		if v.window != nil {
			v.past = append(v.past, v.window)
		}
		v.window, v.first = buf, id
	}
	i := (id - v.first) * pageSize
	return v.window[i : i+n*pageSize : i+n*pageSize], nil
}

// check holds a leaf or branch page to everything that must be so, whatever it
// holds: elements within the page, without gaps, and keys that ascend from low
// on (if not nil) and stay below high (if not nil).
func check(p []byte, low, high []byte) error {
	id, kind, count := order.Uint64(p), order.Uint16(p[8:]), int(order.Uint16(p[10:]))
	if kind != leafPage && kind != branchPage {
		return corrupt("page %d is of kind %d", id, kind)
	}
	if kind == branchPage && count == 0 {
		return corrupt("page %d: branch without children", id)
	}
	next := headerSize + elemSize*count
	if next > len(p) {
		return corrupt("page %d: %d elements", id, count)
	}
	var last []byte
	for i := range count {
		e := headerSize + elemSize*i
		var pos, key, value uint64
		if kind == leafPage {
			pos, key, value = uint64(order.Uint32(p[e+4:])), uint64(order.Uint32(p[e+8:])), uint64(order.Uint32(p[e+12:]))
		} else {
			pos, key = uint64(order.Uint32(p[e:])), uint64(order.Uint32(p[e+4:]))
		}
		if uint64(e)+pos != uint64(next) || key+value > uint64(len(p)-next) {
			return corrupt("page %d: place of element %d", id, i)
		}
		k := p[next : next+int(key)]
		if i > 0 && bytes.Compare(k, last) <= 0 || i == 0 && low != nil && bytes.Compare(k, low) < 0 {
			return corrupt("page %d: order of element %d", id, i)
		}
		last = k
		next += int(key + value)
	}
	if high != nil && count > 0 && bytes.Compare(last, high) >= 0 {
		return corrupt("page %d: key beyond its branch", id)
	}
	return nil
}

// leafAt returns an element of a leaf page that has been checked.
func leafAt(p []byte, i int) (flags uint32, key, value []byte) {
	e := p[headerSize+elemSize*i:]
	pos, k, n := order.Uint32(e[4:]), order.Uint32(e[8:]), order.Uint32(e[12:])
	return order.Uint32(e), e[pos : pos+k : pos+k], e[pos+k : pos+k+n : pos+k+n]
}

// branchAt returns an element of a branch page that has been checked.
func branchAt(p []byte, i int) (key []byte, child uint64) {
	e := p[headerSize+elemSize*i:]
	pos, k := order.Uint32(e), order.Uint32(e[4:])
	return e[pos : pos+k : pos+k], order.Uint64(e[8:])
}

// bucket is where the records are.
type bucket struct {
	page   uint64 // root of its tree; 0 if inline
	inline []byte
	sum    uint64
}

// root finds the bucket.
func (v *view) root() (bucket, error) {
	p, err := v.read(v.rootPage)
	if err != nil {
		return bucket{}, err
	}
	if err := check(p, nil, nil); err != nil {
		return bucket{}, err
	}
	if order.Uint16(p[8:]) != leafPage || order.Uint16(p[10:]) != 1 {
		return bucket{}, corrupt("page %d: not a store", v.rootPage)
	}
	flags, name, value := leafAt(p, 0)
	if version, ok := strings.CutPrefix(string(name), bucketPrefix); flags != isBucket || !ok {
		return bucket{}, corrupt("page %d: not a store", v.rootPage)
	} else if version != strconv.Itoa(formatVersion) {
		return bucket{}, fmt.Errorf("%w: store of format %q, want %d: open it with the version of newsdedup that wrote it, or a newer one",
			newsdedup.ErrFormat, version, formatVersion)
	}
	if len(value) < headerSize {
		return bucket{}, corrupt("page %d: bucket of %d bytes", v.rootPage, len(value))
	}
	b := bucket{page: order.Uint64(value), sum: order.Uint64(value[8:])}
	if b.page == 0 {
		b.inline = value[16:]
		if len(b.inline) < headerSize || order.Uint16(b.inline[8:]) != leafPage || order.Uint64(b.inline) != 0 || order.Uint32(b.inline[12:]) != 0 {
			return bucket{}, corrupt("page %d: bucket within", v.rootPage)
		}
	} else if len(value) != headerSize {
		return bucket{}, corrupt("page %d: bucket of %d bytes", v.rootPage, len(value))
	}
	return b, nil
}

// cursor goes through the records of a bucket by ascending key.
type cursor struct {
	v     *view
	stack []frame
	sum   uint64 // of the records passed, as in the sequence of the bucket
	all   uint64 // that sequence
}

type frame struct {
	page []byte
	leaf bool
	next int // element
	high []byte
}

// records returns a cursor before the first record whose key is greater than
// after, or before the first of all if that is nil.
func (v *view) records(after []byte) (*cursor, error) {
	b, err := v.root()
	if err != nil {
		return nil, err
	}
	c := &cursor{v: v, all: b.sum}
	if b.page == 0 {
		if err := check(b.inline, nil, nil); err != nil {
			return nil, err
		}
		c.stack = append(c.stack, frame{page: b.inline, leaf: true})
	} else if err := c.push(b.page, nil, nil); err != nil {
		return nil, err
	}
	if after == nil {
		return c, nil
	}
	for {
		f := &c.stack[len(c.stack)-1]
		count := int(order.Uint16(f.page[10:]))
		if f.leaf {
			for f.next < count {
				if _, k, _ := leafAt(f.page, f.next); bytes.Compare(k, after) > 0 {
					break
				}
				f.next++
			}
			return c, nil
		}
		for f.next+1 < count {
			if k, _ := branchAt(f.page, f.next+1); bytes.Compare(k, after) > 0 {
				break
			}
			f.next++
		}
		if err := c.descend(); err != nil {
			return nil, err
		}
	}
}

// push reads a page whose keys are from low on and below high.
func (c *cursor) push(id uint64, low, high []byte) error {
	if len(c.stack) == maxDepth {
		return corrupt("page %d: tree of more than %d levels", id, maxDepth)
	}
	p, err := c.v.read(id)
	if err != nil {
		return err
	}
	if err := check(p, low, high); err != nil {
		return err
	}
	leaf := order.Uint16(p[8:]) == leafPage
	if !leaf {
		p = bytes.Clone(p) // needed for longer than the window
	}
	c.stack = append(c.stack, frame{page: p, leaf: leaf, high: high})
	return nil
}

// descend goes to the next child of the branch that the cursor is at.
func (c *cursor) descend() error {
	f := &c.stack[len(c.stack)-1]
	low, child := branchAt(f.page, f.next)
	high := f.high
	if f.next++; f.next < int(order.Uint16(f.page[10:])) {
		high, _ = branchAt(f.page, f.next)
	}
	return c.push(child, low, high)
}

// next returns the next record, io.EOF after the last: its key, and its value
// with the sum. The slices are the caller's until recycle.
func (c *cursor) next() (key, value []byte, err error) {
	for len(c.stack) > 0 {
		f := &c.stack[len(c.stack)-1]
		switch {
		case f.next == int(order.Uint16(f.page[10:])):
			c.stack = c.stack[:len(c.stack)-1]
		case f.leaf:
			flags, k, v := leafAt(f.page, f.next)
			f.next++
			if flags != 0 || len(k) == 0 || len(v) < trailerSize {
				return nil, nil, corrupt("page %d: record %d", order.Uint64(f.page), f.next-1)
			}
			n := len(v) - trailerSize
			sum, keySum := sumOf(k, v[:n])
			if binary.LittleEndian.Uint32(v[n:]) != sum {
				return nil, nil, corrupt("page %d: sum of record %d", order.Uint64(f.page), f.next-1)
			}
			c.sum += hashOf(k, sum, keySum)
			return k, v, nil
		default:
			if err := c.descend(); err != nil {
				return nil, nil, err
			}
		}
	}
	return nil, nil, io.EOF
}

// watch makes v remember what pages it reads, for checkFree.
func (v *view) watch() { v.seen = make([]uint64, v.pages/64+1) }

// verify reads the whole file.
func (v *view) verify() error {
	v.watch()
	c, err := v.records(nil)
	if err != nil {
		return err
	}
	for err == nil {
		v.recycle()
		_, _, err = c.next()
	}
	if err != io.EOF {
		return err
	}
	return c.finish()
}

// finish holds what a cursor found from the first record to the last to the
// sequence of the bucket, and the list of free pages to those that were read if
// they were watched.
func (c *cursor) finish() error {
	if c.sum != c.all {
		return corrupt("records are missing, or of another time than others")
	}
	return c.v.checkFree()
}

// checkFree checks that no page that was read is on the list of free pages,
// and that the list ascends.
func (v *view) checkFree() error {
	if v.freelist == noFreelist || v.seen == nil {
		return nil
	}
	p, err := v.read(v.freelist)
	if err != nil {
		return err
	}
	if order.Uint16(p[8:]) != freelistPage {
		return corrupt("page %d: not the list of free pages", v.freelist)
	}
	n, ids := uint64(order.Uint16(p[10:])), p[headerSize:]
	if n == 0xFFFF {
		n, ids = order.Uint64(ids), ids[8:]
	}
	if n > uint64(len(ids)/8) {
		return corrupt("page %d: list of %d free pages", v.freelist, n)
	}
	last := uint64(1)
	for i := range n {
		id := order.Uint64(ids[8*i:])
		if id <= last || id >= v.pages || v.seen[id/64]>>(id%64)&1 != 0 {
			return corrupt("page %d: free page %d", v.freelist, id)
		}
		last = id
	}
	return nil
}
