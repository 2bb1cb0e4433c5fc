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
	"io"
	"log"
	"net/http"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/newsdedup/newsdedup"
)

func main() {
	addr := flag.String("addr", "localhost:8080", "address to listen on")
	flag.Parse()
	h, err := handler()
	if err != nil {
		log.Fatal(err)
	}
	server := http.Server{Addr: *addr, Handler: h, ReadTimeout: 10 * time.Second}
	log.Fatal(server.ListenAndServe())
}

func handler() (http.Handler, error) {
	m := &metrics{}
	var err error
	m.d, err = newsdedup.New(&newsdedup.Options{Events: &newsdedup.Events{Groups: m.changed}})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /articles", m.add)
	mux.HandleFunc("GET /metrics", m.show)
	return mux, nil
}

// metrics counts what Stats does not.
type metrics struct {
	d        *newsdedup.Deduper
	verdicts [newsdedup.Exact + 1]atomic.Uint64 // articles by their strongest relation
	changes  [len(changes)]atomic.Uint64        // of groups
	failed   atomic.Uint64
	seconds  histogram
}

// changes are what GroupChange.String tells.
var changes = [...]string{"created", "removed", "joined", "left", "merged", "split", "lead", "renamed", "regrouped"}

func (m *metrics) changed(c newsdedup.GroupChange) {
	if i := slices.Index(changes[:], c.String()); i >= 0 {
		m.changes[i].Add(1)
	}
}

func (m *metrics) add(w http.ResponseWriter, r *http.Request) {
	var a newsdedup.Article
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&a); err != nil {
		m.failed.Add(1)
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	start := time.Now()
	res, err := m.d.Add(r.Context(), &a)
	if err != nil {
		m.failed.Add(1)
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	m.seconds.observe(time.Since(start))
	verdict := newsdedup.Unrelated
	if len(res.Matches) > 0 {
		verdict = res.Matches[0].Relation
	}
	m.verdicts[verdict].Add(1)
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(res) // the client may have gone
}

// show writes the text format, version 0.0.4.
func (m *metrics) show(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	s := m.d.Stats()
	family(w, "articles", "gauge", "Articles held.", one(s.Articles))
	family(w, "contents", "gauge", "Different texts among them.", one(s.Contents))
	family(w, "undated_articles", "gauge", "Articles held that Expire leaves, having no date.", one(s.Undated))
	family(w, "index_keys", "gauge", "Keys in the index.", one(s.Keys))
	family(w, "held_bytes", "gauge", "Memory that what is held takes.", one(s.Bytes))
	family(w, "candidates_total", "counter", "Pairs proposed by the index.", one(s.Candidates))
	family(w, "verified_total", "counter", "Pairs compared.", one(s.Verified))
	family(w, "unlinked_total", "counter", "Links given up for keys with too many holders.", one(s.Unlinked))
	family(w, "failed_total", "counter", "Requests that brought no article.", one(m.failed.Load()))
	var links, verdicts, groups []sample
	for r := newsdedup.Unrelated; r <= newsdedup.Exact; r++ {
		label := fmt.Sprintf("{relation=%q}", r)
		links = append(links, sample{label, s.Links[r]})
		verdicts = append(verdicts, sample{label, m.verdicts[r].Load()})
	}
	for i, name := range changes {
		groups = append(groups, sample{fmt.Sprintf("{change=%q}", name), m.changes[i].Load()})
	}
	family(w, "links", "gauge", "Links held, by relation.", links)
	family(w, "verdicts_total", "counter", "Articles added, by their strongest relation.", verdicts)
	family(w, "group_changes_total", "counter", "Changes of groups.", groups)
	m.seconds.show(w, "add_seconds", "Time of Add.")
}

// A sample is a value of a metric, with its label in braces.
type sample struct {
	label string
	value any
}

func one(value any) []sample { return []sample{{"", value}} }

func family(w io.Writer, name, kind, help string, samples []sample) {
	fmt.Fprintf(w, "# HELP newsdedup_%s %s\n# TYPE newsdedup_%s %s\n", name, help, name, kind)
	for _, s := range samples {
		fmt.Fprintf(w, "newsdedup_%s%s %d\n", name, s.label, s.value)
	}
}

// bounds of the buckets of a histogram, in seconds.
var bounds = [...]float64{25e-6, 50e-6, 100e-6, 250e-6, 500e-6, 1e-3, 5e-3, 25e-3, 100e-3, 1}

// A histogram counts durations. The zero value is ready, for concurrent use.
type histogram struct {
	counts      [len(bounds) + 1]atomic.Uint64
	nanoseconds atomic.Uint64
}

func (h *histogram) observe(d time.Duration) {
	i := 0
	for i < len(bounds) && d.Seconds() > bounds[i] {
		i++
	}
	h.counts[i].Add(1)
	h.nanoseconds.Add(uint64(d))
}

func (h *histogram) show(w io.Writer, name, help string) {
	fmt.Fprintf(w, "# HELP newsdedup_%s %s\n# TYPE newsdedup_%s histogram\n", name, help, name)
	n := uint64(0)
	for i := range h.counts {
		n += h.counts[i].Load()
		bound := "+Inf"
		if i < len(bounds) {
			bound = strconv.FormatFloat(bounds[i], 'g', -1, 64)
		}
		fmt.Fprintf(w, "newsdedup_%s_bucket{le=%q} %d\n", name, bound, n)
	}
	fmt.Fprintf(w, "newsdedup_%s_sum %g\nnewsdedup_%s_count %d\n", name, float64(h.nanoseconds.Load())/1e9, name, n)
}
