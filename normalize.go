package newsdedup

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/newsdedup/newsdedup/internal/chrome"
	"github.com/newsdedup/newsdedup/internal/extract"
	"github.com/newsdedup/newsdedup/internal/mojibake"
)

// Article is one news text, freed of the page it stood on. Strings are UTF-8;
// every field but ID may be left at its zero value, which means unknown. Title
// and Text alone decide how two articles are tied; ID is what a Deduper holds
// one under; the others tell which member leads a group and how widely a story
// was printed, and stand in Evidence.
type Article struct {
	// ID names the article where it is held, uniquely, for as long as it is.
	// Normalization leaves it empty; Deduper.Add and Cluster need it.
	ID string `json:"id,omitempty"`
	// URL is the address of the page, the canonical one if it names one. Its
	// host stands for the publisher where Publisher is empty.
	URL string `json:"url,omitempty"`
	// Title is the headline. Two briefs of the same few words are the same only
	// under titles that agree; see Relate.
	Title string `json:"title,omitempty"`
	// Byline names those who wrote it, as the page does, without "By".
	Byline string `json:"byline,omitempty"`
	// Publisher is the name of the paper, agency or site; see PublisherHash.
	Publisher string `json:"publisher,omitempty"`
	// Lang is a primary language subtag of BCP 47, such as "en". It is kept, and
	// used for nothing.
	Lang string `json:"lang,omitempty"`
	// Published is the time of publication; a fingerprint keeps whole seconds,
	// and takes a time that is not of the years 1 to 9999 (in UTC, as in RFC 3339)
	// for unknown. Deduper.Expire goes by it and lets undated articles stay.
	Published time.Time `json:"published,omitzero"`
	// Credits are the agencies that the text credits, by canonical names such as
	// "AP" and "Reuters", sorted. A fingerprint keeps the first 64.
	Credits []string `json:"credits,omitempty"`
	// Text is the body, its paragraphs parted by one empty line ("\n\n"). Of more
	// than 4 MiB the rest is not seen. Offsets of Passage are bytes of it. A line
	// break ends a sentence: lines wrapped at a column are for NormalizeText.
	Text string `json:"text"`
}

// NormalizeOptions tunes NormalizeHTML and NormalizeText. Nil and the zero
// value mean the defaults.
type NormalizeOptions struct {
	// URL is the address the input came from. Zero: unknown.
	URL string
	// ContentType is the Content-Type header the page came with, for its
	// charset. Zero: unknown.
	ContentType string
	// MaxBytes bounds the input. Zero: 16 MiB. Negative values are refused.
	MaxBytes int64
	// Profile is the chrome learned of the input's publisher: its paragraphs
	// are left out. Zero: nothing was learned.
	Profile *Profile
	// Stripped, if set, is called for every piece of the input that was left
	// out of the article, in reading order.
	Stripped func(Stripped)
}

// Stripped is one piece of a page that normalization left out, and why.
type Stripped struct {
	// Text is the piece, as it stood on the page but for spaces.
	Text string `json:"text"`
	// Reason is one of "outside the body", "headline", "breadcrumb", "dateline",
	// "byline", "date", "credit", "caption", "other stories", "teaser",
	// "promotion", "advertisement", "notice", "button", "tag", "code", "hidden"
	// and "learned", by Profile. Later versions may have more.
	Reason string `json:"reason"`
}

// NormalizeText makes an Article of the text of a news page as a scraper
// flattened it, one block a line, menus and all; a text that is clean already,
// one long line, or text wrapped at a column will do as well.
//
//  1. The bytes are decoded: by a byte order mark, as UTF-16 if zeros stand in
//     every other byte, as UTF-8, by the charset of ContentType, else by the
//     legacy charset that gives the most plausible text. Bytes that mean
//     nothing become U+FFFD, a few zeros in UTF-8 go. UTF-8 that was read as Windows-1252 or Latin-1 on
//     its way ("fÃ¼r") is repaired where the text shows it twice; see
//     internal/mojibake. Images, archives and the like give ErrBinary, inputs
//     beyond MaxBytes ErrTooLarge.
//  2. Lines that Profile knows are taken away as if they had never stood there.
//     The lines of the body are told from the rest (menus, lists of other
//     stories, counters, notices, captions, …) by their shape, place and
//     vocabulary and by a short lexicon of many languages; see
//     internal/chrome. Within long lines, as of text that lost its line breaks,
//     captions printed twice in a row and galleries go. Body lost counts as
//     worse than chrome kept.
//  3. Title, Byline, Publisher, Published and Credits are read from the lines
//     around the body. A date in the story's own byline or dateline goes
//     before any other date of the page. A date without a zone is taken as
//     UTC. Credits are sorted.
//  4. The dateline, byline, credits, captions and the headline's repetitions
//     are left out of Text; the words of the sentences that stay are not
//     touched, runs of spaces become one.
//
// ID and Lang stay empty; URL is the option's. Text is not empty: an input
// without a letter or digit, or of learned paragraphs alone, gives ErrEmpty,
// and one that is all other chrome, or shorter than a sentence, is kept as it
// is. Text is valid UTF-8, and NormalizeText of it, without a profile, has the
// same Text.
//
// Nil options mean the defaults. NormalizeText is safe for concurrent use.
// Errors of r are returned wrapped.
func NormalizeText(r io.Reader, o *NormalizeOptions) (*Article, error) {
	data, err := o.read(r)
	if err != nil {
		return nil, err
	}
	text, err := decodeText(data, o.contentType())
	if err != nil {
		return nil, err
	}
	res := chrome.Flat(mojibake.Repair(text), o.learned())
	a := &Article{
		URL:       o.url(),
		Title:     res.Title,
		Byline:    res.Byline,
		Publisher: res.Publisher,
		Published: res.Published,
		Credits:   res.Credits,
		Text:      res.Text(),
	}
	if a.Text == "" {
		return nil, ErrEmpty
	}
	if o != nil && o.Stripped != nil {
		for _, m := range res.Removed {
			o.Stripped(Stripped{Text: m.Text, Reason: m.Reason.String()})
		}
	}
	return a, nil
}

const defaultMaxBytes = 16 << 20

// read reads r up to the bound of o.
func (o *NormalizeOptions) read(r io.Reader) ([]byte, error) {
	limit := int64(defaultMaxBytes)
	if o != nil {
		if o.MaxBytes < 0 {
			return nil, fmt.Errorf("%w: MaxBytes is negative", ErrOption)
		}
		if o.MaxBytes > 0 {
			limit = o.MaxBytes
		}
	}
	if limit == math.MaxInt64 {
		limit--
	}
	var data []byte
	var err error
	if s, ok := r.(interface{ Len() int }); ok && s.Len() > 0 && int64(s.Len()) <= limit {
		data = make([]byte, 0, s.Len()+bytes.MinRead)
	}
	buf := bytes.NewBuffer(data)
	n, err := buf.ReadFrom(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("newsdedup: reading: %w", err)
	}
	if n > limit {
		return nil, fmt.Errorf("%w: more than %d bytes", ErrTooLarge, limit)
	}
	return buf.Bytes(), nil
}

func (o *NormalizeOptions) contentType() string {
	if o == nil {
		return ""
	}
	return o.ContentType
}

func (o *NormalizeOptions) url() string {
	if o == nil {
		return ""
	}
	return o.URL
}

// NormalizeHTML makes an Article of an HTML page, or of a fragment of one, such as
// the content of a feed's item.
//
//  1. The bytes are decoded: by a byte order mark, as UTF-8 where they are
//     valid UTF-8 whatever the page declares, by the charset of ContentType,
//     by the page's own declaration, by the sniffing of the HTML standard;
//     UTF-8 that was read as another charset is repaired, as by NormalizeText.
//     Images, archives and the like give ErrBinary, inputs beyond MaxBytes
//     ErrTooLarge.
//  2. The page is parsed as browsers do. Markup nested deeper than 512
//     elements is read without a tree, as NormalizeText would.
//  3. The body is chosen block by block, from the element that holds most of
//     the page's prose, the part that tags, class words and attributes claim to
//     play, the place, the neighbours and the shape of every block, and what
//     JSON-LD has of the body; see internal/extract. Lists, quotes, tables and
//     subheads of the story stay; the headline is in Title only. Body lost
//     counts as worse than chrome kept.
//  4. Datelines, credits, bylines, notices and captions inside the body, and
//     what Profile knows, go by the same rules as in NormalizeText.
//  5. The metadata come from JSON-LD, OpenGraph, meta tags, <time> and the
//     visible page, in the order that each has proved right. Published keeps
//     the page's zone, UTC if it names none. Lang is a primary language subtag
//     (BCP 47) such as "en"; what the page declares is checked against the
//     text. URL is the canonical address, else the option's.
//
// ID stays empty. A page without article text gives ErrEmpty. Text is valid
// UTF-8, its paragraphs parted by one empty line.
//
// Nil options mean the defaults. NormalizeHTML is safe for concurrent use.
// Errors of r are returned wrapped.
func NormalizeHTML(r io.Reader, o *NormalizeOptions) (*Article, error) {
	data, err := o.read(r)
	if err != nil {
		return nil, err
	}
	if isBinary(data) {
		return nil, ErrBinary
	}
	p := extract.Extract(data, extract.Options{URL: o.url(), ContentType: o.contentType(), Removed: o != nil && o.Stripped != nil, Learned: o.learned()})
	if p.Text == "" {
		return nil, ErrEmpty
	}
	for _, m := range p.Removed {
		o.Stripped(Stripped{Text: m.Text, Reason: m.Reason})
	}
	return &Article{
		URL:       p.URL,
		Title:     p.Title,
		Byline:    p.Byline,
		Publisher: p.Publisher,
		Lang:      p.Lang,
		Published: p.Published,
		Credits:   p.Credits,
		Text:      p.Text,
	}, nil
}
