package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/newsdedup/newsdedup"
)

// maxLine bounds a line.
const maxLine = 16 << 20

// readLine reads a line, and passes over one that is too long. End comes with
// the last one, which may be empty.
func readLine(r *bufio.Reader) (line []byte, end bool, err error) {
	for long := false; ; {
		piece, err := r.ReadSlice('\n')
		if long = long || len(line)+len(piece) > maxLine; !long {
			line = append(line, piece...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case err != nil && err != io.EOF:
			return nil, true, err
		case long:
			return nil, err == io.EOF, fmt.Errorf("more than %d bytes", maxLine)
		default:
			return line, err == io.EOF, nil
		}
	}
}

// parse makes the article of a line. What the line says goes before what was
// found in the page.
func parse(line []byte, number int) (*newsdedup.Article, error) {
	var in struct {
		ID, URL, Title, Publisher, Byline, Text, Raw, HTML string
		Published                                          time.Time
	}
	if err := json.Unmarshal(line, &in); err != nil {
		return nil, err
	}
	a, err := &newsdedup.Article{Text: in.Text}, error(nil)
	o := &newsdedup.NormalizeOptions{URL: in.URL}
	switch {
	case in.HTML != "":
		a, err = newsdedup.NormalizeHTML(strings.NewReader(in.HTML), o)
	case in.Raw != "":
		a, err = newsdedup.NormalizeText(strings.NewReader(in.Raw), o)
	case strings.TrimSpace(in.Text) == "":
		err = newsdedup.ErrEmpty
	}
	if err != nil {
		return nil, err
	}
	a.URL = cmp.Or(in.URL, a.URL)
	a.ID = cmp.Or(in.ID, a.URL, fmt.Sprint("line ", number))
	a.Title, a.Publisher, a.Byline = cmp.Or(in.Title, a.Title), cmp.Or(in.Publisher, a.Publisher), cmp.Or(in.Byline, a.Byline)
	if !in.Published.IsZero() {
		a.Published = in.Published
	}
	return a, nil
}
