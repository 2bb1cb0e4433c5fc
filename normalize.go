package newsdedup

import (
	"io"
	"strings"
	"time"

	"github.com/newsdedup/newsdedup/internal/extract"
)

// Article is one news text, freed of the page it stood on.
type Article struct {
	ID        string    `json:"id,omitempty"`
	URL       string    `json:"url,omitempty"`
	Title     string    `json:"title,omitempty"`
	Byline    string    `json:"byline,omitempty"`
	Publisher string    `json:"publisher,omitempty"`
	Lang      string    `json:"lang,omitempty"`
	Published time.Time `json:"published,omitzero"`
	Credits   []string  `json:"credits,omitempty"`
	Text      string    `json:"text"`
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
	// Stripped, if set, is called for every piece of the input that was left
	// out of the article, in reading order.
	Stripped func(Stripped)
}

// Stripped is one piece of a page that normalization left out, and why.
type Stripped struct {
	Text   string `json:"text"`
	Reason string `json:"reason"`
}

// NormalizeText makes an article of the text of a page, menus and all.
func NormalizeText(r io.Reader, o *NormalizeOptions) (*Article, error) {
	return nil, ErrEmpty
}

// NormalizeHTML makes an article of an HTML page.
func NormalizeHTML(r io.Reader, o *NormalizeOptions) (*Article, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	text, err := extract.Extract(extract.Decode(data, ""))
	if err != nil {
		return nil, err
	}
	return &Article{Text: strings.Join(text, "\n\n")}, nil
}
