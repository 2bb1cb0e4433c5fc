package newsdedup

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"slices"
)

// # Format 1 of the records in a Store
//
// Every article has a number, in the order in which they were put; so has every
// content, that of the article it came with. Keys are a byte and eight more,
// big-endian, so that what comes later stands behind. Every value begins with
// the format and ends in the CRC-32C of all before it; numbers are
// little-endian, or varints (unsigned LEB128).
//
//	0, 0                what all others are: scheme (2 bytes), rules (2), GroupBy (1), bounds
//	                    of the index (2 varints)
//	1, twice a number   an article: its number less that of its content (varint), number of keys
//	                    (varint), keys of the index (4 each), fingerprint without its sum
//	1, that and one     a content: the links to contents with lower numbers, from near to far:
//	                    distance from the one before, at first from the content (varint),
//	                    relation (1), score in steps of 0.0001 (2)
//	2, a hash           empty: contents of that hash were being verified, of the greatest one
//	                    all; see change
//
// An article and its links stand side by side so that what a change writes is at
// one end of a store that is sorted: mostly on one page.
//
// Keys and links are there so that opening a store takes less than adding its
// articles. They are made anew, once, when the rules or the options that they
// depend on are not those of the store.
const recordFormat = 1

// linkRules numbers what keys and links depend on besides scheme and options:
// the keys and the candidates of internal/posting, the verdicts of
// internal/align and internal/verdict. TestLinkRules tells when it has to be
// raised.
const linkRules = 1

// Kinds of records: the first bytes of their keys. Links have no byte of their
// own: their keys are those of articles but for the lowest bit of the number, so
// that they stand behind the article (see keyOf).
const (
	metaKind byte = iota
	articleKind
	markKind
	kinds // how many first bytes there are

	linksKind = kinds
)

// rebuilding stands for GroupBy while keys and links are made anew.
const rebuilding = 0xFF

type recordKey [9]byte

func keyOf(kind byte, n uint64) (k recordKey) {
	switch kind {
	case articleKind:
		n <<= 1
	case linksKind:
		kind, n = articleKind, n<<1|1
	}
	k[0] = kind
	binary.BigEndian.PutUint64(k[1:], n)
	return k
}

func (k recordKey) kind() byte {
	if k[0] == articleKind && k[len(k)-1]&1 != 0 {
		return linksKind
	}
	return k[0]
}

// number is that of an article or a content, or a hash.
func (k recordKey) number() uint64 {
	n := binary.BigEndian.Uint64(k[1:])
	if k[0] == articleKind {
		n >>= 1
	}
	return n
}

// parseKey takes a key apart.
func parseKey(b []byte) (k recordKey, err error) {
	if len(b) != len(k) || b[0] >= kinds || b[0] == metaKind && !bytes.Equal(b, k[:]) {
		return k, fmt.Errorf("%w: unknown record %x: not a store of newsdedup", ErrCorrupt, b[:min(len(b), len(k))])
	}
	return recordKey(b), nil
}

// seal ends a value that begins at dst[from] with its sum.
func seal(dst []byte, from int) []byte {
	return binary.LittleEndian.AppendUint32(dst, crc32.Checksum(dst[from:], castagnoli))
}

// unseal checks format and sum, and returns what is between.
func unseal(k recordKey, b []byte) ([]byte, error) {
	if len(b) < 5 {
		return nil, badRecord(k, "cut short")
	}
	if b[0] != recordFormat {
		return nil, fmt.Errorf("%w: records of format %d, want %d: open the store with the version of newsdedup that wrote it, or a newer one",
			ErrFormat, b[0], recordFormat)
	}
	n := len(b) - 4
	if crc32.Checksum(b[:n], castagnoli) != binary.LittleEndian.Uint32(b[n:]) {
		return nil, badRecord(k, "sum")
	}
	return b[1:n], nil
}

func badRecord(k recordKey, what string) error {
	return fmt.Errorf("%w: record %x: %s", ErrCorrupt, k[:], what)
}

// meta is what all records of a store have in common.
type meta struct {
	scheme     Scheme
	rules      uint16
	level      Relation
	full, hubs int
}

func (s *settings) meta() meta {
	return meta{s.Scheme, linkRules, s.GroupBy, s.bounds.Full, s.bounds.Hubs}
}

func (m meta) append(dst []byte) []byte {
	from := len(dst)
	dst = append(dst, recordFormat)
	dst = binary.LittleEndian.AppendUint16(dst, uint16(m.scheme))
	dst = binary.LittleEndian.AppendUint16(dst, m.rules)
	dst = append(dst, byte(m.level))
	dst = binary.AppendUvarint(dst, uint64(m.full))
	dst = binary.AppendUvarint(dst, uint64(m.hubs))
	return seal(dst, from)
}

func parseMeta(b []byte) (m meta, err error) {
	k := keyOf(metaKind, 0)
	if b, err = unseal(k, b); err != nil {
		return m, err
	}
	if len(b) < 7 {
		return m, badRecord(k, "cut short")
	}
	m.scheme = Scheme(binary.LittleEndian.Uint16(b))
	m.rules = binary.LittleEndian.Uint16(b[2:])
	m.level = Relation(b[4])
	if m.scheme != Scheme1 {
		return m, fmt.Errorf("%w: fingerprints of scheme %d in the store, want %d: they cannot be compared with others; add the articles to a new store (see Open)",
			ErrScheme, m.scheme, Scheme1)
	}
	full, n := binary.Uvarint(b[5:])
	if n <= 0 {
		return m, badRecord(k, "bounds")
	}
	hubs, z := binary.Uvarint(b[5+n:])
	if z <= 0 || 5+n+z != len(b) || max(full, hubs) > math.MaxInt32 {
		return m, badRecord(k, "bounds")
	}
	m.full, m.hubs = int(full), int(hubs)
	return m, nil
}

// articleRecord is a value of kind 1.
type articleRecord struct {
	content uint64 // number
	keys    []uint32
	head    string // the fingerprint in two parts, as in held
	sketch  string

	encoded []byte // keys as they were read
}

func (r *articleRecord) append(dst []byte, number uint64) []byte {
	from := len(dst)
	dst = append(dst, recordFormat)
	dst = binary.AppendUvarint(dst, number-r.content)
	dst = binary.AppendUvarint(dst, uint64(len(r.keys)))
	for _, k := range r.keys {
		dst = binary.LittleEndian.AppendUint32(dst, k)
	}
	dst = append(append(dst, r.head...), r.sketch...)
	return seal(dst, from)
}

// minSketch is the least size of an encoded sketch.
const minSketch = 38

// parse reads a value but for its keys, which decode reads. Data is what is left,
// the fingerprint, and at is where its sketch begins. The sum vouches for the
// rest. What is returned and r itself are parts of b.
func (r *articleRecord) parse(k recordKey, b []byte) (data []byte, at int, err error) {
	if b, err = unseal(k, b); err != nil {
		return nil, 0, err
	}
	back, n := binary.Uvarint(b)
	if n <= 0 || back >= k.number() {
		return nil, 0, badRecord(k, "content")
	}
	r.content = k.number() - back
	b = b[n:]
	count, n := binary.Uvarint(b)
	if n <= 0 || count > uint64(len(b)-n)/4 {
		return nil, 0, badRecord(k, "keys")
	}
	r.encoded, b = b[n:n+4*int(count)], b[n+4*int(count):]
	if len(b) < headerSize+minSketch || b[0] != 'n' || b[1] != 'd' {
		return nil, 0, badRecord(k, "fingerprint")
	}
	if s := schemeIn(b); b[2] != formatVersion || s != Scheme1 {
		return nil, 0, fmt.Errorf("%w: record %x: fingerprint of format %d, scheme %d", ErrScheme, k[:], b[2], s)
	}
	_, n = binary.Uvarint(b[headerSize:])
	at = headerSize + n
	strings := uint64(2) // ID and language, then the credits
	for i := uint64(0); i < strings && n > 0 && at < len(b); i++ {
		size, m := binary.Uvarint(b[at:])
		if n = m; m <= 0 || size > uint64(len(b)-at-m) {
			n = 0
			break
		}
		at += m + int(size)
		if i == 1 {
			credits, m := binary.Uvarint(b[at:])
			if n = m; m <= 0 || credits > maxCredits {
				n = 0
				break
			}
			at += m
			strings += credits
		}
	}
	if n <= 0 || len(b)-at < minSketch {
		return nil, 0, badRecord(k, "fingerprint")
	}
	return b, at, nil
}

// decode appends the keys that parse found to dst.
func (r *articleRecord) decode(dst []uint32) []uint32 {
	from := len(dst)
	dst = slices.Grow(dst, len(r.encoded)/4)[:from+len(r.encoded)/4]
	for i := range dst[from:] {
		dst[from+i] = binary.LittleEndian.Uint32(r.encoded[4*i:])
	}
	return dst
}

// linkRecord is a link in a value of kind 2.
type linkRecord struct {
	other    uint64 // number of the content
	relation Relation
	score    uint16 // in steps of 0.0001
}

// appendLinks appends a value of kind 2. The links are in falling order of the
// others' numbers, all below that of the content.
func appendLinks(dst []byte, number uint64, links []linkRecord) []byte {
	from := len(dst)
	dst = append(dst, recordFormat)
	for _, l := range links {
		dst = binary.AppendUvarint(dst, number-l.other)
		dst = append(dst, byte(l.relation), byte(l.score), byte(l.score>>8))
		number = l.other
	}
	return seal(dst, from)
}

func parseLinks(k recordKey, b []byte, links []linkRecord) ([]linkRecord, error) {
	b, err := unseal(k, b)
	if err != nil {
		return nil, err
	}
	number := k.number()
	for len(b) > 0 {
		back, n := binary.Uvarint(b)
		if n <= 0 || len(b) < n+3 || back == 0 || back >= number {
			return nil, badRecord(k, "links")
		}
		number -= back
		l := linkRecord{number, Relation(b[n]), binary.LittleEndian.Uint16(b[n+1:])}
		if l.relation == Unrelated || l.relation > Exact || l.score > 1e4 {
			return nil, badRecord(k, "links")
		}
		links = append(links, l)
		b = b[n+3:]
	}
	return links, nil
}
