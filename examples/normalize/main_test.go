package main

import (
	"strings"
	"testing"

	"github.com/newsdedup/newsdedup"
)

// The example must show the story, and, when asked, the newsletter prompt that
// it left out.
func TestShow(t *testing.T) {
	for _, stripped := range []bool{false, true} {
		var b strings.Builder
		if err := show(&b, strings.NewReader(page), newsdedup.NormalizeHTML, new(newsdedup.NormalizeOptions), stripped); err != nil {
			t.Fatal(err)
		}
		s := b.String()
		if !strings.Contains(s, "sold to a museum") || !strings.Contains(s, "publisher  The Tidewater Courier") {
			t.Error(s)
		}
		if strings.Contains(s, "Never miss a departure") != stripped {
			t.Errorf("-stripped=%v: %s", stripped, s)
		}
	}
}
