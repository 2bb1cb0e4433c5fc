// Command service keeps articles in a file and answers over HTTP which of them
// are the same. What a POST or DELETE has answered with success is on the disk.
// README.md has a session with curl.
//
//	go run ./examples/service [-addr 127.0.0.1:8080] [-db articles.db] [-keep 720h] [-max BYTES]
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/boltstore"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run serves until ctx ends, then lets the requests under way finish.
func run(ctx context.Context, args []string, stdout io.Writer) (err error) {
	flags := flag.NewFlagSet("service", flag.ContinueOnError)
	addr := flags.String("addr", "127.0.0.1:8080", "where to listen")
	db := flags.String("db", "articles.db", "file of the articles")
	keep := flags.Duration("keep", 0, "forget articles older than this; 0: never")
	limit := flags.Int64("max", 4<<20, "most bytes of a body")
	if err := flags.Parse(args); err != nil || flags.NArg() > 0 {
		return cmp.Or(err, fmt.Errorf("not a flag: %v", flags.Args()))
	}
	if *keep < 0 {
		return fmt.Errorf("-keep %v is negative", *keep)
	}
	store, err := boltstore.Open(*db, &boltstore.Options{Timeout: 10 * time.Second})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	d, err := newsdedup.Open(ctx, store, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler:           handler(d, store, *keep, *limit),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
	fmt.Fprintf(stdout, "listening on http://%s with %d articles\n", listener.Addr(), d.Stats().Articles)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	if *keep > 0 {
		ctx, cancel := context.WithCancel(ctx)
		var forgetting sync.WaitGroup
		defer forgetting.Wait() // before d is closed
		defer cancel()
		forgetting.Go(func() { forget(ctx, d, *keep) })
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	return server.Shutdown(grace)
}

// forget forgets the articles older than keep, at once and again each time that
// a 64th of keep has passed, until ctx ends.
func forget(ctx context.Context, d *newsdedup.Deduper, keep time.Duration) {
	for ctx.Err() == nil {
		if _, err := d.Expire(ctx, time.Now().Add(-keep)); err != nil && ctx.Err() == nil {
			slog.Error("articles are kept", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(keep / 64):
		}
	}
}

// An endpoint returns what is to be sent as JSON; nil: nothing.
type endpoint func(w http.ResponseWriter, r *http.Request) (any, error)

func handler(d *newsdedup.Deduper, store newsdedup.Store, keep time.Duration, limit int64) http.Handler {
	mux := http.NewServeMux()
	for pattern, e := range map[string]endpoint{
		"POST /articles": func(w http.ResponseWriter, r *http.Request) (any, error) {
			a, err := read(http.MaxBytesReader(w, r.Body, limit), r)
			if err != nil {
				return nil, err
			}
			if now := time.Now(); keep > 0 && (a.Published.IsZero() || a.Published.After(now)) {
				a.Published = now // or it would stay
			}
			return d.Add(r.Context(), a)
		},
		"GET /articles/{id}": func(_ http.ResponseWriter, r *http.Request) (any, error) {
			f, err := d.Fingerprint(r.Context(), r.PathValue("id"))
			return article{f.ID(), f.Lang(), f.Published(), f.Bytes(), f.Credits(), f.SimHash()}, err
		},
		"DELETE /articles/{id}": func(_ http.ResponseWriter, r *http.Request) (any, error) {
			return nil, d.Remove(r.Context(), r.PathValue("id"))
		},
		"GET /groups/{id}": func(_ http.ResponseWriter, r *http.Request) (any, error) {
			return d.Group(r.Context(), r.PathValue("id"))
		},
		"GET /healthz": func(_ http.ResponseWriter, r *http.Request) (any, error) {
			return map[string]bool{"ok": true}, store.Apply(r.Context(), newsdedup.Batch{}) // fails if the store takes no more changes
		},
		"/": func(_ http.ResponseWriter, r *http.Request) (any, error) {
			return nil, fmt.Errorf("%w: no %s %s", errRoute, r.Method, r.URL.Path)
		},
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			v, err := e(w, r)
			switch {
			case err != nil:
				send(w, status(err), map[string]string{"error": err.Error()})
			case v == nil:
				w.WriteHeader(http.StatusNoContent)
			default:
				send(w, http.StatusOK, v)
			}
		})
	}
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		s := d.Stats()
		w.Header().Set("Content-Type", "text/plain; version=0.0.4")
		fmt.Fprintf(w, "# TYPE newsdedup_articles gauge\nnewsdedup_articles %d\n# TYPE newsdedup_links gauge\n", s.Articles)
		for r, n := range s.Links {
			fmt.Fprintf(w, "newsdedup_links{relation=%q} %d\n", newsdedup.Relation(r), n)
		}
	})
	return mux
}

// article is what is kept of one.
type article struct {
	ID        string            `json:"id"`
	Lang      string            `json:"lang,omitempty"`
	Published time.Time         `json:"published,omitzero"`
	Bytes     int               `json:"bytes"`
	Credits   []string          `json:"credits,omitempty"`
	SimHash   newsdedup.SimHash `json:"simHash"`
}

var errRoute, errBody = errors.New("no such resource"), errors.New("bad body")
var errMedia = errors.New("Content-Type is neither application/json nor text/html")

// read takes an article as JSON, or as an HTML page with its ID in the query.
func read(body io.Reader, r *http.Request) (*newsdedup.Article, error) {
	header := r.Header.Get("Content-Type")
	switch media, _, _ := mime.ParseMediaType(header); media {
	case "application/json":
		a := new(newsdedup.Article)
		b, err := io.ReadAll(body)
		if err = cmp.Or(err, json.Unmarshal(b, a)); err != nil {
			return nil, fmt.Errorf("%w: %w", errBody, err)
		}
		if strings.TrimSpace(a.Text) == "" {
			return nil, newsdedup.ErrEmpty
		}
		return a, nil
	case "text/html":
		query := r.URL.Query()
		a, err := newsdedup.NormalizeHTML(body, &newsdedup.NormalizeOptions{URL: query.Get("url"), ContentType: header})
		if err == nil {
			a.ID = cmp.Or(query.Get("id"), a.URL)
		}
		return a, err
	}
	return nil, errMedia
}

func send(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v) // fails if the client has gone
}

// status is the answer that an error calls for.
func status(err error) int {
	if large := new(http.MaxBytesError); errors.As(err, &large) || errors.Is(err, newsdedup.ErrTooLarge) {
		return http.StatusRequestEntityTooLarge
	}
	for s, causes := range map[int][]error{
		http.StatusBadRequest:           {errBody, newsdedup.ErrID, io.ErrUnexpectedEOF}, // the last: the client hung up
		http.StatusNotFound:             {errRoute, newsdedup.ErrNotFound},
		http.StatusUnsupportedMediaType: {errMedia},
		http.StatusUnprocessableEntity:  {newsdedup.ErrEmpty, newsdedup.ErrBinary},
		http.StatusServiceUnavailable:   {newsdedup.ErrClosed, context.Canceled},
	} {
		for _, cause := range causes {
			if errors.Is(err, cause) {
				return s
			}
		}
	}
	slog.Error("request failed", "error", err)
	return http.StatusInternalServerError
}
