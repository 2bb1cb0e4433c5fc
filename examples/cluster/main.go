// Command cluster groups news articles: files of text scraped from pages,
// HTML pages, or JSON articles, and folders of them.
//
//	go run ./examples/cluster [-level near|partial|rewrite|samestory] [-json] [-matrix] PATH…
//
// Results go to standard output, what could not be read to standard error;
// then the exit status is 1, and everything else is grouped all the same.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/newsdedup/newsdedup"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) (status int) {
	flags := flag.NewFlagSet("cluster", flag.ContinueOnError)
	flags.SetOutput(stderr)
	level := flags.String("level", "rewrite", "weakest relation that ties a group: near, partial, rewrite or samestory")
	asJSON := flags.Bool("json", false, "print groups as JSON")
	matrix := flags.Bool("matrix", false, "print SimHash distances before and after normalization")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	groupBy, err := newsdedup.ParseRelation(*level)
	if err != nil || flags.NArg() == 0 {
		fmt.Fprintln(stderr, "usage: cluster [-level near|partial|rewrite|samestory] [-json] [-matrix] PATH…")
		return 2
	}
	complain := func(err error) {
		if err != nil {
			fmt.Fprintln(stderr, err)
			status = 1
		}
	}
	inputs := read(flags.Args(), complain)
	if len(inputs) == 0 {
		complain(errors.New("no articles: of folders, files named .txt, .html, .htm and .json are read"))
		return status
	}
	groups, err := newsdedup.Cluster(context.Background(), func(yield func(*newsdedup.Article, error) bool) {
		for _, in := range inputs {
			if !yield(in.article, nil) {
				return
			}
		}
	}, &newsdedup.Options{GroupBy: groupBy})
	if err != nil {
		complain(err)
		return status
	}
	switch {
	case *asJSON:
		enc := json.NewEncoder(stdout)
		enc.SetIndent("", "  ")
		err = enc.Encode(struct {
			Level  newsdedup.Relation `json:"level"`
			Groups []newsdedup.Group  `json:"groups"`
		}{groupBy, groups})
	case *matrix:
		err = printMatrix(stdout, inputs)
	default:
		err = printGroups(stdout, inputs, groups)
	}
	complain(err)
	return status
}

// input is one file, before and after normalization.
type input struct {
	raw      string
	article  *newsdedup.Article
	stripped []newsdedup.Stripped
}

// read normalizes files, and those of known kinds in folders. IDs are file names
// without folder.
func read(paths []string, complain func(error)) (out []input) {
	seen := map[string]string{}
	for _, root := range paths {
		complain(filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if err == nil && (e.IsDir() || path != root && !known(path)) {
				return nil
			}
			var in input
			if err == nil {
				in, err = load(path)
			}
			id := filepath.Base(path)
			if err == nil && seen[id] != "" {
				err = fmt.Errorf("same name as %s", seen[id])
			}
			if err != nil {
				complain(fmt.Errorf("%s: %w", path, err))
				return nil
			}
			in.article.ID, seen[id] = id, path
			out = append(out, in)
			return nil
		}))
	}
	return out
}

// known tells what is read of a folder; *.article.json are what tests expect of
// the texts beside them.
func known(path string) bool {
	switch filepath.Ext(path) {
	case ".txt", ".html", ".htm":
		return true
	}
	return filepath.Ext(path) == ".json" && !strings.HasSuffix(path, ".article.json")
}

func load(path string) (in input, err error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return in, err
	}
	in.raw = string(b)
	o := &newsdedup.NormalizeOptions{Stripped: func(s newsdedup.Stripped) { in.stripped = append(in.stripped, s) }}
	switch r := strings.NewReader(in.raw); filepath.Ext(path) {
	case ".json":
		in.article = new(newsdedup.Article)
		if err = json.Unmarshal(b, in.article); err == nil && strings.TrimSpace(in.article.Text) == "" {
			err = newsdedup.ErrEmpty
		}
		in.raw = in.article.Text
	case ".html", ".htm":
		in.article, err = newsdedup.NormalizeHTML(r, o)
	default:
		in.article, err = newsdedup.NormalizeText(r, o)
	}
	return in, err
}
