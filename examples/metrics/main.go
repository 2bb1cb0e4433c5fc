// Command metrics takes articles over HTTP and shows what the Deduper holds
// and does to Prometheus, in its text format, without a library for it.
//
//	go run ./examples/metrics [-addr localhost:8080]
//
//	POST /articles  an article as JSON (newsdedup.Article); the answer is the Result
//	GET  /metrics   the counts
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/newsdedup/newsdedup"
)

func main() {
	addr := flag.String("addr", "localhost:8080", "address to listen on")
	flag.Parse()
	server := http.Server{Addr: *addr, Handler: handler(), ReadTimeout: 10 * time.Second}
	log.Fatal(server.ListenAndServe())
}

// counts are what Stats does not tell: by series, such as
// verdicts_total{relation="near"}.
type counts struct {
	mu sync.Mutex
	n  map[string]float64
}

func (c *counts) add(series string, n float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n[series] += n
}

func handler() http.Handler {
	c := &counts{n: map[string]float64{"failed_total": 0}}
	d, err := newsdedup.New(&newsdedup.Options{Events: &newsdedup.Events{Groups: func(g newsdedup.GroupChange) {
		c.add(fmt.Sprintf("group_changes_total{change=%q}", g), 1)
	}}})
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /articles", func(w http.ResponseWriter, r *http.Request) {
		var a newsdedup.Article
		var result newsdedup.Result
		err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&a)
		began := time.Now()
		if err == nil {
			result, err = d.Add(r.Context(), &a)
		}
		if err != nil {
			c.add("failed_total", 1)
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		c.add("add_seconds_sum", time.Since(began).Seconds())
		c.add("add_seconds_count", 1)
		var verdict newsdedup.Relation
		if len(result.Matches) > 0 {
			verdict = result.Matches[0].Relation
		}
		c.add(fmt.Sprintf("verdicts_total{relation=%q}", verdict), 1)
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(result) // the client may have gone
	})
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		s := d.Stats()
		series := map[string]float64{
			"articles": float64(s.Articles), "contents": float64(s.Contents), "undated_articles": float64(s.Undated),
			"index_keys": float64(s.Keys), "held_bytes": float64(s.Bytes),
			"candidates_total": float64(s.Candidates), "verified_total": float64(s.Verified), "unlinked_total": float64(s.Unlinked),
		}
		for r, n := range s.Links {
			series[fmt.Sprintf("links{relation=%q}", newsdedup.Relation(r))] = float64(n)
		}
		c.mu.Lock()
		maps.Copy(series, c.n)
		c.mu.Unlock()
		for _, name := range slices.Sorted(maps.Keys(series)) {
			fmt.Fprintf(w, "newsdedup_%s %g\n", name, series[name])
		}
	})
	return mux
}
