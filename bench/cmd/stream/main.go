// Stream measures the Deduper on a made-up stream of news whose truth is known
// (package internal/news).
//
//	stream [-n N] [-seed S] [-data DIR] MEASURE…
//
//	shape        the stream beside real collections, from DIR
//	add          articles a second, on one core and on two, beside what plain
//	             arithmetic gains by two; greatest pauses
//	hold         N articles held: memory, by parts, percentiles of Add and of Lookup, and
//	             Expire of a tenth with Lookups at the same time
//	cluster      time of Cluster for N/1000, N/100, N/10 and N articles
//	rival        beside github.com/ekzhu/minhash-lsh: speed, and F1 on the truth
//	oracle       links found, beside Relate on all pairs
//	boilerplate  300 words that all articles share, beside none
//	levels       memory and pairs found at each GroupBy
//
// Articles are made in chunks while the clock is stopped. Beside elapsed time
// stands CPU time, which other programs on the machine disturb less.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/newsdedup/newsdedup/bench/internal/news"
)

// A measure is one run; it prints a table.
type measure struct {
	n    int
	seed uint64
	data string
	out  io.Writer
}

var measures = []struct {
	name string
	run  func(*measure) error
}{
	{"shape", (*measure).shape},
	{"add", (*measure).add},
	{"hold", (*measure).hold},
	{"cluster", (*measure).cluster},
	{"rival", (*measure).rival},
	{"oracle", (*measure).oracle},
	{"boilerplate", (*measure).boilerplate},
	{"levels", (*measure).levels},
}

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("stream", flag.ContinueOnError)
	flags.SetOutput(stderr)
	m := measure{out: stdout}
	flags.IntVar(&m.n, "n", 100_000, "articles")
	flags.Uint64Var(&m.seed, "seed", 1, "seed of the stream")
	flags.StringVar(&m.data, "data", os.Getenv("NEWSDEDUP_DATA"), "folder of real collections, for shape")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	var names []string
	for _, x := range measures {
		names = append(names, x.name)
	}
	if flags.NArg() == 0 || m.n < 100 {
		fmt.Fprintf(stderr, "usage: stream [-n N] [-seed S] [-data DIR] %s…, with N of 100 or more\n", strings.Join(names, "|"))
		return 2
	}
	for _, name := range flags.Args() {
		found := false
		for _, x := range measures {
			if x.name == name {
				found = true
				fmt.Fprintf(stdout, "\n%s, n = %d, seed %d\n", name, m.n, m.seed)
				if err := x.run(&m); err != nil {
					fmt.Fprintf(stderr, "stream: %s: %v\n", name, err)
					return 1
				}
			}
		}
		if !found {
			fmt.Fprintf(stderr, "stream: no measure %q\n", name)
			return 2
		}
	}
	return 0
}

// stream is the stream of this run.
func (m *measure) stream(c news.Config) (*news.Stream, error) {
	c.Seed = m.seed
	return news.New(c)
}
