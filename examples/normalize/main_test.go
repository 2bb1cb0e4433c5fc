package main

import (
	"strings"
	"testing"
)

// The example must show the story, and, when asked, the newsletter prompt that
// it left out.
func TestShow(t *testing.T) {
	var b strings.Builder
	show(&b, strings.NewReader(page), false, false)
	if s := b.String(); !strings.Contains(s, "eaten away by shipworm") || strings.Contains(s, "Never miss a tide") {
		t.Error(s)
	}
	b.Reset()
	show(&b, strings.NewReader(page), false, true)
	if s := b.String(); !strings.Contains(s, "Never miss a tide") {
		t.Error(s)
	}
}
