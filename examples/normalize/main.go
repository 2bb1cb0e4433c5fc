// Normalize prints the article that stands on a page, and on demand what was
// left out of it and why.
//
//	normalize [-stripped] [-text] [-profile PROFILE] [FILE…]
//	normalize [-text] -learn PROFILE FILE…
//
// Without files it reads a page of its own, with -text the files are taken for
// flattened text. With -learn it learns what comes back on the pages of one
// publisher and writes that to PROFILE; with -profile it leaves out what it
// learned. It needs no network.
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
	learn := flag.String("learn", "", "learn from the files and write the profile here")
	profile := flag.String("profile", "", "leave out what was learned and is in this profile")
	flag.Parse()

	normalize := newsdedup.NormalizeHTML
	if *text {
		normalize = newsdedup.NormalizeText
	}
	o := new(newsdedup.NormalizeOptions)
	if *profile != "" {
		b, err := os.ReadFile(*profile)
		check(err)
		o.Profile = new(newsdedup.Profile)
		check(o.Profile.UnmarshalBinary(b))
	}
	if flag.NArg() == 0 && *learn == "" {
		check(show(os.Stdout, strings.NewReader(page), normalize, o, *stripped))
	}
	var l newsdedup.Learner
	for _, name := range flag.Args() {
		f, err := os.Open(name)
		check(err)
		if *learn == "" {
			check(show(os.Stdout, f, normalize, o, *stripped))
		} else if a, err := normalize(f, nil); err != nil {
			log.Printf("%s: %v", name, err)
		} else {
			l.Add(a)
		}
		f.Close()
	}
	if *learn != "" {
		p := l.Profile()
		b, err := p.MarshalBinary()
		check(err)
		check(os.WriteFile(*learn, b, 0o666))
		fmt.Printf("%d stories, %d paragraphs learned\n", l.Len(), p.Len())
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

type normalizer = func(io.Reader, *newsdedup.NormalizeOptions) (*newsdedup.Article, error)

func show(w io.Writer, r io.Reader, normalize normalizer, o *newsdedup.NormalizeOptions, stripped bool) error {
	var out []newsdedup.Stripped
	if stripped {
		o.Stripped = func(s newsdedup.Stripped) { out = append(out, s) }
	}
	a, err := normalize(r, o)
	if err != nil {
		return err
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
	return nil
}

func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}
