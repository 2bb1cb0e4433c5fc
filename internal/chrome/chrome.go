// Package chrome tells an article's text from the page furniture around it:
// menus, counters, lists of other stories, credits and notices. It works on
// blocks of text and is the one home of those rules, for flattened text and
// HTML alike.
//
// Clean does the whole job. Its parts can be called alone: LabelOf, LineOf,
// PromoOf, ParseDate, DatelineOf, BylineOf, ContributorOf, TrailingCredit,
// CaptionOf and AgencyOf look at one line of text; Flat cleans flattened text
// until it is settled.
//
// All functions are pure and safe for concurrent use. Text is expected to be
// valid UTF-8; other bytes are treated as letters of no script and never
// cause a panic.
package chrome

import "time"

// Kind says what markup called a block.
type Kind uint8

const (
	Unknown   Kind = iota // flattened text: nothing is known
	Paragraph             // running text
	Heading               // a heading; Block.Level says which
	Item                  // one item of a list
	Cell                  // one cell of a table
	Caption               // a caption of a picture or table
	Quote                 // a quotation set off as a block
	Code                  // preformatted text
)

// Block is one line of flattened text, or one block of a page.
type Block struct {
	Text string
	Kind Kind
	// Level of a heading, 1 to 6. Zero: not a heading, or unknown.
	Level uint8
	// Link is the share of the block's letters that stand inside links, 0 to
	// 1. Zero: none, or unknown.
	Link float32
	// Prior is what the caller knows of the block's place, in natural log
	// odds of it being body: positive for a place inside the article's
	// container, negative outside it. Zero: nothing is known.
	Prior float32
}

// Hints is what the caller knows of the article from elsewhere, such as a
// page's metadata. A zero field is unknown. Clean returns a known field as it
// is, and uses it to recognize the lines that repeat it.
type Hints struct {
	Title     string
	Byline    string
	Publisher string
	Published time.Time
	// Learned, if set, reports a block that is known to be chrome, from other
	// pages of the publisher.
	Learned func(text string) bool
	// Body says that the blocks are the article's body already: they are not
	// searched for the body, only freed of the chrome inside.
	Body bool
}

// Result is an article and what was taken away to get it.
type Result struct {
	Title     string
	Byline    string
	Publisher string
	Published time.Time
	// Credits are the agencies that the text credits, in canonical form, in
	// the order of their first mention, each once.
	Credits []string
	// Kept are the paragraphs of the body in reading order.
	Kept []Piece
	// Removed are the pieces left out, in reading order.
	Removed []Removal
}

// Piece is the part of one block that is kept.
type Piece struct {
	Block int // index into the blocks
	Text  string
}

// Removal is a piece that was left out, and why.
type Removal struct {
	Block  int // index into the blocks
	Text   string
	Reason Reason
}
