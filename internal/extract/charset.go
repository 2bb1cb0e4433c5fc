package extract

import (
	"bytes"
	"unicode/utf8"
	"unsafe"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/transform"

	"github.com/newsdedup/newsdedup/internal/mojibake"
)

// Decode turns a page of any charset into UTF-8. In order: a byte order mark
// decides; what is valid UTF-8 is UTF-8, whatever it declares; then the
// Content-Type header, the page's own declaration, and the sniffing of the
// HTML standard (golang.org/x/net/html/charset). Bytes that mean nothing
// become U+FFFD. UTF-8 that was read as another charset on its way is repaired.
// The result may share memory with data.
func Decode(data []byte, contentType string) []byte {
	data = decode(data, contentType)
	s := unsafe.String(unsafe.SliceData(data), len(data)) // not kept
	if repaired := mojibake.Repair(s); len(repaired) < len(s) {
		return []byte(repaired)
	}
	return data
}

func decode(data []byte, contentType string) []byte {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return data[3:]
	case bytes.HasPrefix(data, []byte("\xfe\xff")), bytes.HasPrefix(data, []byte("\xff\xfe")):
	case utf8.Valid(data):
		return data
	}
	e, _, _ := charset.DetermineEncoding(data, contentType)
	out, _, err := transform.Bytes(e.NewDecoder(), data)
	if err != nil || !utf8.Valid(out) {
		return bytes.ToValidUTF8(data, []byte("\uFFFD"))
	}
	return bytes.TrimPrefix(out, []byte("\ufeff"))
}
