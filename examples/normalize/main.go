// Normalize prints the article that stands on a page, and on demand what was
// left out of it and why.
//
//	normalize [-stripped] [-text] [FILE…]
//
// Without files it reads a page of its own, with -text the files are taken for
// flattened text. It needs no network.
package main

import (
	_ "embed"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"time"

	"github.com/newsdedup/newsdedup"
)

//go:embed page.html
var page string

func main() {
	log.SetFlags(0)
	stripped := flag.Bool("stripped", false, "print what was left out, and why")
	text := flag.Bool("text", false, "the input is flattened text, not HTML")
	flag.Parse()

	if flag.NArg() == 0 {
		show(os.Stdout, strings.NewReader(page), false, *stripped)
	}
	for _, name := range flag.Args() {
		f, err := os.Open(name)
		if err != nil {
			log.Fatal(err)
		}
		show(os.Stdout, f, *text, *stripped)
		f.Close()
	}
}

func show(w io.Writer, r io.Reader, text, stripped bool) {
	o := new(newsdedup.NormalizeOptions)
	var out []newsdedup.Stripped
	if stripped {
		o.Stripped = func(s newsdedup.Stripped) { out = append(out, s) }
	}
	normalize := newsdedup.NormalizeHTML
	if text {
		normalize = newsdedup.NormalizeText
	}
	a, err := normalize(r, o)
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range []struct{ name, value string }{
		{"title", a.Title}, {"byline", a.Byline}, {"publisher", a.Publisher}, {"published", date(a.Published)},
		{"language", a.Lang}, {"credits", strings.Join(a.Credits, ", ")}, {"address", a.URL},
	} {
		if f.value != "" {
			fmt.Fprintf(w, "%-10s %s\n", f.name, f.value)
		}
	}
	fmt.Fprintf(w, "\n%s\n", a.Text)
	for i, s := range out {
		if i == 0 {
			fmt.Fprintln(w, "\nleft out:")
		}
		fmt.Fprintf(w, "%-18s %s\n", s.Reason, strings.Join(strings.Fields(s.Text), " "))
	}
}

func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}
