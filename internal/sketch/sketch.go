// Package sketch holds what a fingerprint keeps of a text: hashed content
// tokens in text order, cut into segments that know their byte offsets.
//
// Builder makes a Sketch of a text, Append and Decode are its encoded form,
// Sample thins it and Marks selects shingles of it.
package sketch

// Kind says what sort of word a token is.
type Kind uint8

const (
	Word   Kind = iota
	Name        // capitalized inside a sentence, in capitals, mixed or katakana; elsewhere if so once
	Number      // holds a digit
	Date        // name of a weekday or month
)

// Flags of a Segment.
type Flags uint8

const (
	Sentence  Flags = 1 << iota // the segment starts a sentence, or a piece of a very long one
	Paragraph                   // the segment starts a paragraph
	Quoted                      // the segment is quoted speech
)

// A Segment is a run of text within one sentence, all quoted or all not, with
// one content token at least. Segments ascend and do not overlap. What stands
// between them has no content token, or was not sampled.
type Segment struct {
	Token      uint32 // index of its first token in Sketch.Tokens
	Start, End uint32 // byte offsets of its words, the short ones too
	Flags      Flags
}

// Sketch is the decoded form of what is kept of an article.
type Sketch struct {
	Digest      [16]byte // of the whole normalized token sequence of the body
	Body, Title uint64   // SimHashes
	Words       uint32   // tokens of the text before selection
	Level       uint8    // sampling level: about one sentence in 2^Level is kept
	Tokens      []uint16 // leading bits of the hashes of content tokens, in text order
	Kinds       []Kind   // parallel to Tokens
	Segs        []Segment
	Short       []uint16 // hashes of distinct short names ("EU", "Xi"), ascending, at most 48
	Head        []uint16 // content tokens of the title, in order, at most 64
	HeadKinds   []Kind   // parallel to Head
}
