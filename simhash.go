package newsdedup

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"iter"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/newsdedup/newsdedup/internal/sketch"
)

// SimHash is a 64-bit locality-sensitive hash of a text (Charikar 2002): the
// more two texts have in common, the fewer bits differ.
type SimHash uint64

// Distance returns the number of bits in which two SimHashes differ, 0 to 64.
// It is a metric.
func (h SimHash) Distance(g SimHash) int { return bits.OnesCount64(uint64(h ^ g)) }

// String returns 16 hexadecimal digits.
func (h SimHash) String() string {
	b, _ := h.MarshalText()
	return string(b)
}

// MarshalText returns String. It does not fail.
func (h SimHash) MarshalText() ([]byte, error) {
	const digits = "0123456789abcdef"
	b := make([]byte, 16)
	for i := range b {
		b[i] = digits[h>>(60-4*i)&15]
	}
	return b, nil
}

// UnmarshalText is the inverse of MarshalText. Anything but 16 hexadecimal
// digits, in small letters, gives ErrCorrupt.
func (h *SimHash) UnmarshalText(text []byte) error {
	v, err := strconv.ParseUint(string(text), 16, 64)
	if err != nil || len(text) != 16 || strings.ToLower(string(text)) != string(text) {
		return fmt.Errorf("%w: SimHash %.32q", ErrCorrupt, text)
	}
	*h = SimHash(v)
	return nil
}

// Scheme numbers a recipe for fingerprints. A scheme never changes once it is
// frozen; fingerprints of different schemes are never compared.
//
// Scheme1 is a draft until the release that says it is frozen.
type Scheme uint16

const (
	// SchemeDefault, the zero value, is the newest scheme.
	SchemeDefault Scheme = 0
	// Scheme1 is described at Fingerprint.
	Scheme1 Scheme = 1
)

// Fingerprint is what is kept of an article to compare it with others: about
// 1 KB for a news article of 450 words, at most 4 KB beside ID and credits for
// any.
//
// It is a function of scheme and article alone: neither the machine nor the Go
// version, whose Unicode tables change, nor anything that happened before
// enters into it. It is immutable and safe for concurrent use; two of them are
// the same in every respect if == says so. The zero value is the fingerprint
// of nothing: its methods give zero values, and it has no encoded form.
//
// # Scheme 1
//
//  1. Title and text are cut into tokens: words of scripts that divide them,
//     numbers, and single characters of Han, hiragana, Thai, Lao, Khmer and
//     Burmese. Case, accents of Latin, Greek and Cyrillic, Arabic and Hebrew
//     vowel points, compatibility forms (ligatures, full and half width), soft
//     hyphens and characters without width, apostrophes, possessives, full
//     stops of abbreviations and thousands separators (a no-break space too, a
//     plain one not) make no difference; a hyphen divides words as a space does;
//     "%" is the word "percent", and "three" is 3, as are the words for two to
//     twelve of other languages. Of a text, title or name of more than 4 MiB,
//     the rest is not seen.
//  2. The digest is 128 bits of the sequence of all tokens of the text. Texts
//     without a word, such as the empty one, share one digest, and no two such
//     articles are Exact for it.
//  3. Content tokens are numbers, words of four letters or more (three where
//     the letters are Vietnamese), of two syllables or more in Korean and of
//     two kana or more in katakana, and pairs of neighbouring characters of
//     unspaced scripts: of three pairs in a row the one with the least hash,
//     pairs of hiragana left out. A text with fewer than eight content tokens
//     keeps all its tokens, so that a brief of one word has a fingerprint of
//     its own. Of other short words, names such as "EU" are kept apart.
//  4. In the SimHash of the text every content word votes on all 64 bits, each
//     occurrence anew. Ideographs and hiragana, and pairs of them but not of
//     hiragana, vote on one bit each, hiragana with half the weight; the more
//     of them there are for each word, the more the words do as well. So one
//     changed character of a text of 111 or more that are as many as its
//     words moves six bits at most. In shorter texts characters also vote on
//     all bits, the weaker the more they are. Pairs of Thai, Lao, Khmer and
//     Burmese characters are words. For the SimHash of the title every word and
//     every pair counts. A text without tokens has SimHash 0.
//  5. The content tokens are kept as hashes of 16 bits, in segments: runs
//     within one sentence that are all quoted speech or all not, with their
//     byte offsets. A sentence of more than 24 content tokens is cut where the
//     hashes of neighbours say. Beside each stands whether it is a name, a
//     number, the name of a month or weekday, or another word.
//  6. If that takes more than 3840 bytes, about one sentence in 2, 4, … 32768
//     is kept, the same in every text that has them.
type Fingerprint struct {
	head, sketch string // the encoded form, without the checksum, up to the sketch and from there
}

const (
	formatVersion = 1
	headerSize    = 4 + 2 + 8 + 8
	maxText       = 4 << 20
	maxCredits    = 64

	flagByline = 1

	flagsAt, schemeAt, publishedAt, publisherAt = 3, 4, 6, 14 // in an encoded fingerprint; see print
	bodyAt, titleAt, wordsAt                    = 16, 24, 33  // in an encoded sketch, behind the digest; see sketch.Append
)

// unknownTime stands for an unknown time of publication.
const unknownTime = math.MinInt64

// Times of publication are from minTime to maxTime, in seconds since 1970: the
// years 1 to 9999, in UTC, but for the second of time.Time's zero. RFC 3339, and
// so JSON, has no others.
const minTime, maxTime = -62135596800 + 1, 253402300799

type printer struct {
	builder sketch.Builder
	sketch  sketch.Sketch
	buf     []byte
}

var printers = sync.Pool{New: func() any { return new(printer) }}

// Fingerprint returns the fingerprint of a. A scheme that is not known, or a
// nil article, gives the zero Fingerprint.
func (s Scheme) Fingerprint(a *Article) Fingerprint {
	if s > Scheme1 || a == nil {
		return Fingerprint{}
	}
	p := printers.Get().(*printer)
	defer p.release()
	var at uint32
	p.buf, at = p.print(p.buf[:0], a)
	data := string(p.buf)
	return Fingerprint{data[:at], data[at:]}
}

// AppendFingerprint appends the encoded fingerprint of a to dst, as
// AppendBinary of s.Fingerprint(a) would, without a Fingerprint in between. A
// scheme that is not known gives ErrScheme, a nil article ErrEmpty.
func (s Scheme) AppendFingerprint(dst []byte, a *Article) ([]byte, error) {
	if s > Scheme1 {
		return dst, fmt.Errorf("%w: %d", ErrScheme, s)
	}
	if a == nil {
		return dst, ErrEmpty
	}
	p := printers.Get().(*printer)
	defer p.release()
	n := len(dst)
	dst, _ = p.print(dst, a)
	return appendSum(dst, n), nil
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// appendSum appends the checksum of dst from n on.
func appendSum(dst []byte, n int) []byte {
	return binary.LittleEndian.AppendUint32(dst, crc32.Checksum(dst[n:], castagnoli))
}

// release gives p back, unless a huge text has blown it up.
func (p *printer) release() {
	if p.builder.Small() {
		printers.Put(p)
	}
}

// print appends the encoded form of a's fingerprint, without its checksum, and
// returns where its sketch starts:
//
//	"nd", format version, flags (1: the byline has a word): 4 bytes
//	scheme     2 bytes, little-endian, as all that follows
//	published  8 bytes: seconds since 1970, or the least number if unknown
//	publisher  8 bytes: hash of the name, or else of the host of the URL
//	length     of the text in bytes, varint
//	ID, Lang   each a varint length and as many bytes
//	credits    a varint count, and as many strings like ID, ascending
//	sketch     see internal/sketch
//	checksum   CRC-32C (Castagnoli) of all that, 4 bytes
func (p *printer) print(dst []byte, a *Article) ([]byte, uint32) {
	p.builder.Build(&p.sketch, clip(a.Title), clip(a.Text))
	n := len(dst)
	var flags byte
	if p.builder.Name(clip(a.Byline)) != 0 {
		flags |= flagByline
	}
	published := a.Published.Unix()
	if published < minTime || published > maxTime {
		published = unknownTime
	}
	publisher := p.builder.Name(clip(a.Publisher))
	if publisher == 0 {
		publisher = p.builder.Name(clip(host(a.URL)))
	}
	dst = append(dst, 'n', 'd', formatVersion, flags)
	dst = binary.LittleEndian.AppendUint16(dst, uint16(Scheme1))
	dst = binary.LittleEndian.AppendUint64(dst, uint64(published))
	dst = binary.LittleEndian.AppendUint64(dst, publisher)
	dst = binary.AppendUvarint(dst, uint64(min(len(a.Text), math.MaxInt32)))
	dst = appendString(dst, a.ID)
	dst = appendString(dst, a.Lang)
	dst = appendCredits(dst, a.Credits)
	at := uint32(len(dst) - n)
	return p.sketch.Append(dst), at
}

func clip(s string) string { return s[:min(len(s), maxText)] }

// host returns the host of an absolute URL, without "www.".
func host(url string) string {
	_, s, ok := strings.Cut(url, "://")
	if !ok {
		return ""
	}
	if i := strings.IndexAny(s, "/?#"); i >= 0 {
		s = s[:i]
	}
	if i := strings.LastIndexByte(s, '@'); i >= 0 {
		s = s[i+1:]
	}
	if i := strings.LastIndexByte(s, ':'); i >= 0 && !strings.HasSuffix(s, "]") {
		s = s[:i]
	}
	if len(s) > 4 && s[0]|0x20 == 'w' && s[1]|0x20 == 'w' && s[2]|0x20 == 'w' && s[3] == '.' {
		s = s[4:]
	}
	return s
}

func appendString(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

// appendCredits appends the distinct credits in ascending order, the first 64
// of them.
func appendCredits(dst []byte, credits []string) []byte {
	next := func(after string, first bool) (least string, ok bool) {
		for _, c := range credits {
			if (first || c > after) && (!ok || c < least) {
				least, ok = c, true
			}
		}
		return least, ok
	}
	n := 0
	for c, ok := next("", true); ok && n < maxCredits; c, ok = next(c, false) {
		n++
	}
	dst = binary.AppendUvarint(dst, uint64(n))
	for i, c := 0, ""; i < n; i++ {
		c, _ = next(c, i == 0)
		dst = appendString(dst, c)
	}
	return dst
}

// Scheme returns the scheme of f, 0 for the zero Fingerprint.
func (f *Fingerprint) Scheme() Scheme {
	if f.head == "" {
		return 0
	}
	return schemeIn(f.head)
}

// schemeIn returns the scheme of an encoded fingerprint.
func schemeIn[T string | []byte](data T) Scheme {
	return Scheme(data[schemeAt]) | Scheme(data[schemeAt+1])<<8
}

// ID returns the ID of the article.
func (f *Fingerprint) ID() string {
	id, _ := f.strings()
	return id
}

// Lang returns the language of the article, empty if unknown.
func (f *Fingerprint) Lang() string {
	_, lang := f.strings()
	return lang
}

func (f *Fingerprint) strings() (id, lang string) {
	if f.head == "" {
		return "", ""
	}
	_, i := uvarint(f.head, headerSize)
	id, i = field(f.head, i)
	lang, _ = field(f.head, i)
	return id, lang
}

// Bytes returns the length of the article's text in bytes.
func (f *Fingerprint) Bytes() int {
	if f.head == "" {
		return 0
	}
	n, _ := uvarint(f.head, headerSize)
	return int(n)
}

// Credits returns the agencies that the article credits, ascending, at most
// 64.
func (f *Fingerprint) Credits() []string {
	if f.head == "" {
		return nil
	}
	_, i := uvarint(f.head, headerSize)
	_, i = field(f.head, i)
	_, i = field(f.head, i)
	n, i := uvarint(f.head, i)
	if n == 0 {
		return nil
	}
	out := make([]string, n)
	for k := range out {
		out[k], i = field(f.head, i)
	}
	return out
}

// Published returns when the article was published, in UTC and to the second,
// or the zero time if that is unknown or not of the years 1 to 9999.
func (f *Fingerprint) Published() time.Time {
	if f.head == "" {
		return time.Time{}
	}
	s := int64(u64(f.head, publishedAt))
	if s == unknownTime {
		return time.Time{}
	}
	return time.Unix(s, 0).UTC()
}

// PublisherHash is what a Member has of its publisher: a hash of the words of
// the name, or, for an article that names none, of its URL's host without
// "www.", such as "news.example". Case, spaces and punctuation make no
// difference. It is part of the scheme, and 0 for a name without a word.
func PublisherHash(name string) uint64 {
	p := printers.Get().(*printer)
	defer p.release()
	return p.builder.Name(clip(name))
}

// publisher returns the hash of the publisher, 0 if unknown.
func (f *Fingerprint) publisher() uint64 {
	if f.head == "" {
		return 0
	}
	return u64(f.head, publisherAt)
}

// credited reports whether the article credits an agency or names a byline.
func (f *Fingerprint) credited() bool {
	return f.head != "" && (f.head[flagsAt]&flagByline != 0 || f.Credits() != nil)
}

// Member returns what f tells of the article as a member of a group: of which
// publisher it is, for one.
func (f *Fingerprint) Member() Member {
	return Member{
		ID: f.ID(), Publisher: f.publisher(), Published: f.Published(), Credited: f.credited(),
		Words: int(sketch.Words(f.sketch)),
	}
}

// SimHash returns the SimHash of the text.
func (f *Fingerprint) SimHash() SimHash {
	if f.head == "" {
		return 0
	}
	return SimHash(u64(f.sketch, bodyAt))
}

// TitleSimHash returns the SimHash of the title, 0 if it has no word.
func (f *Fingerprint) TitleSimHash() SimHash {
	if f.head == "" {
		return 0
	}
	return SimHash(u64(f.sketch, titleAt))
}

// Digest returns the digest of the text.
func (f *Fingerprint) Digest() (d [16]byte) {
	copy(d[:], f.sketch)
	return d
}

// decode fills s with the sketch of f, reusing its slices.
func (f *Fingerprint) decode(s *sketch.Sketch) {
	if f.sketch == "" {
		*s = sketch.Sketch{}
		return
	}
	s.Decode(f.sketch) // valid: print or UnmarshalBinary made it
}

// A Mark is a shingle of up to three content tokens of one sentence, selected
// by its hash.
type Mark struct {
	Hash       uint64
	Start, End int // byte offsets into Article.Text of the segments it is from
}

var sketches = sync.Pool{New: func() any { return new(sketch.Sketch) }}

// Marks yields the marks of f in text order: of every four successive shingles
// of a sentence the one with the least hash (winnowing: Schleimer, Wilkerson
// and Aiken 2003), of shorter sentences one. The marks of a text that consists
// of sentences of another are among the other's, unless a fingerprint holds a
// sample of its sentences only.
func (f *Fingerprint) Marks() iter.Seq[Mark] {
	return func(yield func(Mark) bool) {
		s := sketches.Get().(*sketch.Sketch)
		defer sketches.Put(s)
		f.decode(s)
		s.Marks(func(h uint64, start, end uint32) bool {
			return yield(Mark{h, int(start), int(end)})
		})
	}
}

// AppendBinary appends the encoded form of f to dst. The zero Fingerprint
// gives ErrScheme.
func (f *Fingerprint) AppendBinary(dst []byte) ([]byte, error) {
	if f.head == "" {
		return dst, fmt.Errorf("%w: zero Fingerprint", ErrScheme)
	}
	n := len(dst)
	dst = append(append(slices.Grow(dst, len(f.head)+len(f.sketch)+4), f.head...), f.sketch...)
	return appendSum(dst, n), nil
}

// MarshalBinary is AppendBinary to an empty slice.
func (f *Fingerprint) MarshalBinary() ([]byte, error) { return f.AppendBinary(nil) }

// UnmarshalBinary sets f to what AppendBinary wrote. Data of another format
// version gives ErrFormat, of another scheme ErrScheme; any other bytes that
// AppendBinary would not have written give ErrCorrupt, and f is left alone.
func (f *Fingerprint) UnmarshalBinary(b []byte) error {
	g, err := parse(string(b))
	if err == nil {
		*f = g
	}
	return err
}

// MarshalText is MarshalBinary in base64 (RFC 4648, section 4), for JSON and other
// text. It is of the value, so that a Fingerprint in a struct is not lost on the way.
func (f Fingerprint) MarshalText() ([]byte, error) { return toText(f.AppendBinary(nil)) }

// UnmarshalText is the inverse of MarshalText, with the errors of UnmarshalBinary;
// what is no base64 gives ErrCorrupt.
func (f *Fingerprint) UnmarshalText(text []byte) error {
	b, err := fromText("fingerprint", text)
	if err != nil {
		return err
	}
	return f.UnmarshalBinary(b)
}

// toText is the text of what a MarshalBinary has returned, fromText the inverse.
func toText(b []byte, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	return base64.StdEncoding.AppendEncode(nil, b), nil
}

func fromText(what string, text []byte) ([]byte, error) {
	b, err := base64.StdEncoding.Strict().AppendDecode(nil, text)
	if err != nil || base64.StdEncoding.EncodedLen(len(b)) != len(text) { // line breaks are passed over
		return nil, fmt.Errorf("%w: %s: no base64", ErrCorrupt, what)
	}
	return b, nil
}

func parse(b string) (Fingerprint, error) {
	bad := func(what string, at int) (Fingerprint, error) {
		return Fingerprint{}, fmt.Errorf("%w: fingerprint: %s at byte %d of %d", ErrCorrupt, what, at, len(b))
	}
	if len(b) < 6 {
		return bad("cut short", len(b))
	}
	if b[0] != 'n' || b[1] != 'd' {
		return bad("no magic", 0)
	}
	if b[2] != formatVersion {
		return Fingerprint{}, fmt.Errorf("%w: fingerprint format %d", ErrFormat, b[2])
	}
	if s := schemeIn(b); s != Scheme1 {
		return Fingerprint{}, fmt.Errorf("%w: %d", ErrScheme, s)
	}
	if len(b) < headerSize+4 {
		return bad("cut short", len(b))
	}
	data := b[:len(b)-4]
	sum := crc32.Checksum([]byte(data), castagnoli)
	if t := b[len(data):]; sum != uint32(t[0])|uint32(t[1])<<8|uint32(t[2])<<16|uint32(t[3])<<24 {
		return bad("checksum", len(data))
	}
	if b[flagsAt]&^flagByline != 0 {
		return bad("flags", flagsAt)
	}
	if t := int64(u64(data, publishedAt)); t != unknownTime && (t < minTime || t > maxTime) {
		return bad("time of publication", publishedAt)
	}
	v, i := uvarint(data, headerSize)
	if i < 0 || v > math.MaxInt32 {
		return bad("length", headerSize)
	}
	for range 2 {
		if _, i = field(data, i); i < 0 {
			return bad("string", len(data))
		}
	}
	n, i := uvarint(data, i)
	if i < 0 || n > maxCredits {
		return bad("credits", len(data))
	}
	last := ""
	for k := range n {
		var c string
		if c, i = field(data, i); i < 0 || k > 0 && c <= last {
			return bad("credits", len(data))
		}
		last = c
	}
	s := sketches.Get().(*sketch.Sketch)
	defer sketches.Put(s)
	m, err := s.Decode(data[i:])
	if err != nil {
		return bad(err.Error(), i)
	}
	if i+m != len(data) {
		return bad("more data than expected", i+m)
	}
	data = strings.Clone(data)
	return Fingerprint{data[:i], data[i:]}, nil
}

func u64(s string, i int) (v uint64) {
	for k := range 8 {
		v |= uint64(s[i+k]) << (8 * k)
	}
	return v
}

// uvarint reads a varint of s at i and returns the offset after it, or a
// negative one if i is negative or no varint of the shortest form is there.
func uvarint(s string, i int) (v uint64, next int) {
	for shift := 0; i >= 0 && i < len(s) && shift < 35; shift += 7 {
		c := s[i]
		i++
		v |= uint64(c&0x7F) << shift
		if c < 0x80 {
			if c == 0 && shift > 0 {
				return 0, -1
			}
			return v, i
		}
	}
	return 0, -1
}

// field reads a string like appendString wrote, as uvarint does.
func field(s string, i int) (string, int) {
	n, i := uvarint(s, i)
	if i < 0 || n > uint64(len(s)-i) {
		return "", -1
	}
	return s[i : i+int(n)], i + int(n)
}
