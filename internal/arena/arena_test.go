package arena

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// tester is a test of either kind.
type tester interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// shelf is an arena with all that it should hold, by owner, in maps and
// strings.
type shelf struct {
	arena Arena
	refs  map[uint32]Ref
	want  map[uint32]string
	next  uint32
	moved map[uint32]bool
}

func newShelf() *shelf {
	return &shelf{refs: map[uint32]Ref{}, want: map[uint32]string{}, moved: map[uint32]bool{}}
}

// add puts a record in, in two parts, and returns its owner.
func (s *shelf) add(t tester, period int64, record string) uint32 {
	t.Helper()
	s.next++
	half := len(record) / 2
	r := s.arena.Add(s.next, period, []byte(record[:half]), []byte(record[half:]))
	if r == (Ref{}) {
		t.Fatal("a record has the zero Ref")
	}
	s.refs[s.next], s.want[s.next] = r, record
	return s.next
}

func (s *shelf) free(t tester, owner uint32) {
	t.Helper()
	r := s.refs[owner]
	delete(s.refs, owner)
	delete(s.want, owner)
	s.arena.Free(r, func(owner uint32, from, to Ref) {
		if s.refs[owner] != from {
			t.Fatalf("record of %d moved from %v, but it was at %v", owner, from, s.refs[owner])
		}
		s.refs[owner] = to
		s.moved[owner] = true
	})
}

// check reads every record.
func (s *shelf) check(t tester) {
	t.Helper()
	for owner, r := range s.refs {
		if got := s.arena.Get(r); got != s.want[owner] {
			t.Fatalf("record of %d: %d bytes %.20q, want %d bytes %.20q", owner, len(got), got, len(s.want[owner]), s.want[owner])
		}
	}
}

// live is the memory that the records would take in an arena without loss.
func (s *shelf) live() int {
	n := 0
	for _, r := range s.want {
		n += headerSize + len(r)
	}
	return n
}

func record(n, size int) string { return strings.Repeat(fmt.Sprintf("%08d", n), size/8+1)[:size] }

// Records of all lengths, of many periods, come and go in any order. At every
// moment all that are held read as they were put, wherever they have moved, and
// what was read before stays what it was.
func TestModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newShelf()
		read := map[string]string{} // what Get gave, and a copy
		n := 0
		sizes := rapid.OneOf(rapid.Just(0), rapid.IntRange(0, 3000), rapid.IntRange(20_000, 90_000), rapid.IntRange(blockSize-20, blockSize+20))
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				n++
				s.add(t, rapid.Int64Range(0, 2*maxOpen).Draw(t, "period"), record(n, sizes.Draw(t, "size")))
			},
			"free": func(t *rapid.T) {
				if len(s.refs) == 0 {
					t.Skip("empty")
				}
				s.free(t, rapid.SampledFrom(slices.Sorted(maps.Keys(s.refs))).Draw(t, "owner"))
			},
			"read": func(t *rapid.T) {
				for _, r := range s.refs {
					got := s.arena.Get(r)
					read[got] = strings.Clone(got)
				}
			},
			"": func(t *rapid.T) {
				s.check(t)
				for got, want := range read {
					if got != want {
						t.Fatal("what was read has changed")
					}
				}
				if s.arena.Bytes() < s.live() {
					t.Fatalf("%d bytes counted, %d live", s.arena.Bytes(), s.live())
				}
			},
		})
	})
}

// Two days of articles arrive in turns. When the first day expires, its blocks
// go as a whole: half of the memory is given back, and no record of the second
// day is copied for it.
func TestPeriodsLeaveWholeBlocks(t *testing.T) {
	s := newShelf()
	var monday []uint32
	for i := range 8000 {
		owner := s.add(t, int64(i%2), record(i, 1000))
		if i%2 == 0 {
			monday = append(monday, owner)
		}
	}
	before := s.arena.Bytes()
	for _, owner := range monday {
		s.free(t, owner)
	}
	s.check(t)
	for owner := range s.refs {
		if s.moved[owner] {
			t.Fatal("a record of the other day was copied")
		}
	}
	if after := s.arena.Bytes(); after > before/2+2*blockSize {
		t.Errorf("%d of %d bytes are still held", after, before)
	}
}

// Nine of ten articles of a day are taken down, here and there. What is left is
// copied together, so that memory follows the records that are held.
func TestThinnedBlocksAreCopiedTogether(t *testing.T) {
	s := newShelf()
	for i := range 20_000 {
		s.add(t, 0, record(i, 1000))
	}
	for owner := uint32(1); owner <= 20_000; owner++ {
		if owner%10 != 0 {
			s.free(t, owner)
		}
	}
	s.check(t)
	if got, most := s.arena.Bytes(), 2*s.live()+2*blockSize; got > most {
		t.Errorf("%d bytes for %d of records, want at most %d", got, s.live(), most)
	}
}

// A ticker is replaced a hundred times for every article that stays. A block is
// nearly empty by the time it is full, and nothing in it is freed after that:
// it must not be kept for the few that stay.
func TestReplacedBeforeTheBlockIsFull(t *testing.T) {
	s := newShelf()
	ticker := s.add(t, 0, record(0, 1000))
	for i := range 20_000 {
		if i%100 == 0 {
			s.add(t, 0, record(i, 1000))
		}
		s.free(t, ticker)
		ticker = s.add(t, 0, record(i, 1000))
	}
	s.check(t)
	if got, most := s.arena.Bytes(), 4*s.live()+4*blockSize; got > most {
		t.Errorf("%d bytes for %d of records, want at most %d", got, s.live(), most)
	}
}

// An archive is read in, with dates all over a hundred years: more periods than
// are written to at a time. None costs a whole block, and when all records are
// gone, so is the memory, but for the blocks that are written to.
func TestManyPeriods(t *testing.T) {
	s := newShelf()
	for i := range 10_000 {
		s.add(t, int64(i*7919%5000), record(i, 700))
	}
	s.check(t)
	if got, most := s.arena.Bytes(), 10*s.live(); got > most {
		t.Errorf("%d bytes for %d of records, want at most %d", got, s.live(), most)
	}
	for owner := uint32(1); owner <= 10_000; owner++ {
		s.free(t, owner)
	}
	if got, most := s.arena.Bytes(), maxOpen*blockSize+cap(s.arena.blocks)*56; got > most {
		t.Errorf("%d bytes are held for nothing, want at most %d", got, most)
	}
}

// A record that is larger than a block has one to itself, which goes with it.
func TestLargerThanABlock(t *testing.T) {
	s := newShelf()
	s.add(t, 0, "small")
	before := s.arena.Bytes()
	large := s.add(t, 0, record(1, 5*blockSize))
	s.add(t, 0, "small, too") // closes the large block
	s.check(t)
	s.free(t, large)
	s.check(t)
	if got, most := s.arena.Bytes(), before+blockSize+4096; got > most {
		t.Errorf("%d bytes after the large record went, want at most %d", got, most)
	}
}

// The head and the tail of a record stand behind one another, in memory of the
// arena's own.
func TestAddCopies(t *testing.T) {
	var a Arena
	head, tail := []byte("head "), []byte("tail")
	r := a.Add(7, 0, head, tail)
	copy(head, "XXXX")
	copy(tail, "XXXX")
	if got := a.Get(r); got != "head tail" {
		t.Errorf("got %q", got)
	}
	if empty := a.Add(8, 0, nil, nil); a.Get(empty) != "" {
		t.Error("an empty record is not empty")
	}
}

// Whatever an Add is given, it never disturbs what is there.
func FuzzArena(f *testing.F) {
	f.Add([]byte{0, 10, 0, 1, 200, 3, 128, 0, 0})
	f.Add(bytes.Repeat([]byte{1, 255, 255, 129, 3, 0}, 40))
	f.Fuzz(func(t *testing.T, program []byte) {
		s := newShelf()
		for len(program) >= 3 {
			op, arg := program[0], int(binary.LittleEndian.Uint16(program[1:]))
			program = program[3:]
			if op < 128 {
				s.add(t, int64(op%20), record(int(op), arg))
			} else if owners := slices.Sorted(maps.Keys(s.refs)); len(owners) > 0 {
				s.free(t, owners[arg%len(owners)])
			}
			s.check(t)
		}
	})
}
