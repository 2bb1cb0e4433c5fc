package newsdedup

import "errors"

// Sentinel errors. Every error of this package wraps one of these, or an error
// of a reader, sequence, store or context that the caller passed in; test with
// errors.Is. Its message adds what is known of the place: the ID or the number
// of the article, the offset, the record.
var (
	// ErrEmpty: the input holds no article text.
	ErrEmpty = errors.New("newsdedup: no article text")
	// ErrTooLarge: the input of a normalization exceeds
	// NormalizeOptions.MaxBytes, or what a Deduper is to hold of an article
	// besides its text has more than 64 KiB.
	ErrTooLarge = errors.New("newsdedup: input too large")
	// ErrBinary: the input is not text: an image, a PDF, an archive.
	ErrBinary = errors.New("newsdedup: input is not text")
	// ErrID: an article without an ID, or none at all, where one is needed.
	ErrID = errors.New("newsdedup: article without ID")
	// ErrNotFound: no article of that ID is held.
	ErrNotFound = errors.New("newsdedup: no such article")
	// ErrClosed: the Deduper or the Store has been closed.
	ErrClosed = errors.New("newsdedup: closed")
	// ErrOption: an option or an argument is out of its documented range.
	ErrOption = errors.New("newsdedup: bad option")
	// ErrScheme: the data was made by a scheme this version does not know, or
	// two fingerprints of different schemes were to be compared.
	ErrScheme = errors.New("newsdedup: unknown or different scheme")
	// ErrFormat: the bytes are of a format that this version does not know: a
	// newer one wrote them.
	ErrFormat = errors.New("newsdedup: unknown format")
	// ErrUncertain: a Store cannot tell whether it has made a change, and takes no
	// more until it is closed and opened again. See Store.
	ErrUncertain = errors.New("newsdedup: outcome of a change unknown")
	// ErrCorrupt: encoded data is damaged or truncated.
	ErrCorrupt = errors.New("newsdedup: corrupt data")
)
