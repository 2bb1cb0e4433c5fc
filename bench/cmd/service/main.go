// Command service puts load on examples/service, which it builds and starts as
// a process of its own, and looks for what must not be: an answer that is an
// error and not the client's, and anything acknowledged that is lost.
//
//	go run ./cmd/service -dir FOLDER [-clients 64] [-for 1m]
//
// Clients post made-up news as JSON and as pages, replace, look up and delete
// articles, and send bodies that are malformed. Half-way the service gets
// SIGTERM, and is started again on the same file; so at the end. Each time every
// article is asked for: one that was acknowledged must be there as it was last
// posted, one whose removal was acknowledged must not, one without an answer may
// or may not. In the end the file is opened and verified as a whole.
//
// It tells how many requests of each kind there were and how long they took,
// from within the same machine: clients and service share its processors.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"html"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/bench/internal/cli"
	"github.com/newsdedup/newsdedup/bench/internal/news"
	"github.com/newsdedup/newsdedup/boltstore"
)

func main() { cli.Main(run) }

const maxBody = 1 << 18 // the service's -max

type harness struct {
	out     io.Writer
	db      string
	binary  string
	stream  *news.Stream
	web     *http.Client
	process *exec.Cmd
	base    string
	ending  atomic.Bool // SIGTERM has been sent
	wrong   wrongs
}

func run(args []string, out io.Writer) (err error) {
	h := &harness{out: out}
	flags := flag.NewFlagSet("service", flag.ContinueOnError)
	dir := flags.String("dir", "", "folder for the file and the program, emptied of them at the end")
	clients := flags.Int("clients", 64, "at a time")
	duration := flags.Duration("for", time.Minute, "how long")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *dir == "" || *clients < 1 || *duration <= 0 {
		return errors.New("no -dir, or -clients or -for out of range")
	}
	if h.stream, err = news.New(news.Config{PerDay: 5000}); err != nil {
		return err
	}
	h.db, h.binary = filepath.Join(*dir, "articles.db"), filepath.Join(*dir, "service")
	if _, err := os.Stat(h.db); err == nil {
		return fmt.Errorf("%s is there already", h.db)
	}
	build := exec.Command("go", "build", "-o", h.binary, "github.com/newsdedup/newsdedup/examples/service")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("building the service: %w", err)
	}
	defer os.Remove(h.db)
	defer os.Remove(h.binary)
	h.web = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: *clients}, Timeout: time.Minute}
	defer h.web.CloseIdleConnections()

	var all []*client
	for i := range *clients {
		all = append(all, newClient(h, i))
	}
	if err := h.start(); err != nil {
		return err
	}
	defer func() { h.process.Process.Kill(); h.process.Wait() }()
	for half := range 2 {
		end := time.Now().Add(*duration / 2)
		began := time.Now()
		var wg sync.WaitGroup
		for _, c := range all {
			wg.Go(func() { c.work() })
		}
		time.Sleep(time.Until(end))
		if err := h.stop(); err != nil {
			return err
		}
		wg.Wait()
		h.report(all, half, time.Since(began))
		if err := h.start(); err != nil {
			return err
		}
		if err := h.check(all); err != nil {
			return err
		}
	}
	if err := h.stop(); err != nil {
		return err
	}
	if err := h.verify(); err != nil {
		return err
	}
	return h.wrong.err()
}

// start starts the service and waits until it listens.
func (h *harness) start() error {
	began := time.Now()
	h.process = exec.Command(h.binary, "-addr", "127.0.0.1:0", "-db", h.db, "-max", fmt.Sprint(maxBody))
	h.process.Stderr = os.Stderr
	out, err := h.process.StdoutPipe()
	if err != nil {
		return err
	}
	if err := h.process.Start(); err != nil {
		return err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	f := strings.Fields(line)
	if err != nil || len(f) < 3 {
		h.process.Process.Kill()
		return fmt.Errorf("the service does not start: %q, %v, %v", line, err, h.process.Wait())
	}
	h.base = f[2]
	h.ending.Store(false)
	fmt.Fprintf(h.out, "started in %v: %s", time.Since(began).Round(time.Millisecond), line)
	return nil
}

// stop sends SIGTERM and waits for the end.
func (h *harness) stop() error {
	h.ending.Store(true)
	began := time.Now()
	if err := h.process.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	if err := h.process.Wait(); err != nil {
		return fmt.Errorf("the service ended with %w", err)
	}
	h.web.CloseIdleConnections()
	fmt.Fprintf(h.out, "SIGTERM: ended without an error after %v\n", time.Since(began).Round(time.Millisecond))
	return nil
}

// check asks for every article that a client ever named.
func (h *harness) check(all []*client) error {
	held, gone, open := 0, 0, 0
	for _, c := range all {
		for id, want := range c.articles {
			got, err := c.look(id)
			if err != nil {
				return fmt.Errorf("looking up %s: %w", id, err)
			}
			switch {
			case want.open && (got == nil && !want.held || got != nil && (*got == want.print || *got == want.before)):
				open++
				c.articles[id] = state{print: deref(got), held: got != nil}
			case !want.open && want.held && got != nil && *got == want.print:
				held++
			case !want.open && !want.held && got == nil:
				gone++
			default:
				h.wrong.tell("article %s: %+v was acknowledged, %+v is there", id, want, got)
			}
		}
	}
	fmt.Fprintf(h.out, "  %d articles acknowledged are there as they were posted, %d removed are not; %d without an answer\n", held, gone, open)
	return nil
}

func deref(p *print) print {
	if p == nil {
		return print{}
	}
	return *p
}

// verify opens the file itself.
func (h *harness) verify() error {
	ctx := context.Background()
	s, err := boltstore.Open(h.db, nil)
	if err != nil {
		return err
	}
	d, err := newsdedup.Open(ctx, s, nil)
	if err != nil {
		return errors.Join(err, s.Close())
	}
	err = d.Verify(ctx)
	if err == nil {
		fmt.Fprintf(h.out, "Verify: %d articles, no fault\n", d.Stats().Articles)
	}
	return errors.Join(err, d.Close(), s.Close())
}

func (h *harness) report(all []*client, half int, d time.Duration) {
	times := map[string][]time.Duration{}
	n, unanswered := 0, 0
	for _, c := range all {
		for kind, t := range c.times {
			times[kind] = append(times[kind], t...)
			n += len(t)
		}
		unanswered += c.unanswered
		c.times, c.unanswered = map[string][]time.Duration{}, 0
	}
	fmt.Fprintf(h.out, "half %d: %d clients, %d answers in %.1f s: %.0f/s; %d requests without an answer after SIGTERM\n",
		half+1, len(all), n, d.Seconds(), float64(n)/d.Seconds(), unanswered)
	kinds := make([]string, 0, len(times))
	for kind := range times {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	for _, kind := range kinds {
		t := times[kind]
		slices.Sort(t)
		round := func(i int) time.Duration { return t[min(i, len(t)-1)].Round(10 * time.Microsecond) }
		fmt.Fprintf(h.out, "  %-22s %7d  median %v, p99 %v, slowest %v\n", kind, len(t), round(len(t)/2), round(len(t)*99/100), round(len(t)-1))
	}
}

// wrongs are what must not be.
type wrongs struct {
	mu    sync.Mutex
	n     int
	first []error
}

func (w *wrongs) tell(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.n++; len(w.first) < 10 {
		w.first = append(w.first, fmt.Errorf(format, args...))
	}
}

func (w *wrongs) err() error {
	if w.n == 0 {
		return nil
	}
	return errors.Join(append([]error{fmt.Errorf("%d faults of the service, such as these", w.n)}, w.first...)...)
}

// A client has articles that no other client names.
type client struct {
	h          *harness
	number     int
	r          *rand.Rand
	writer     news.Writer
	next       int
	articles   map[string]state
	ids        []string
	times      map[string][]time.Duration
	unanswered int
}

// state is what a client knows of an article.
type state struct {
	held  bool
	print print // if it is held
	// open: a request had no answer. It may be held as print or before says, or,
	// unless held says so, not at all.
	open   bool
	before print
}

// print tells one version of an article from others.
type print struct {
	SimHash newsdedup.SimHash `json:"simHash"`
	Bytes   int               `json:"bytes"`
}

func newClient(h *harness, number int) *client {
	return &client{
		h: h, number: number, r: rand.New(rand.NewPCG(uint64(number), 17)), next: number,
		articles: map[string]state{}, times: map[string][]time.Duration{},
	}
}

// work sends requests until the service ends.
func (c *client) work() {
	for c.request() {
	}
}

// article makes the next article of the stream that is this client's.
func (c *client) article(id string) newsdedup.Article {
	a, _ := c.writer.Article(c.h.stream, c.next)
	c.next += 64
	a.ID = id
	return a
}

// some returns an ID that has been used, mostly of an article that is held.
func (c *client) some() string {
	if len(c.ids) == 0 {
		return fmt.Sprintf("%d-none", c.number)
	}
	return c.ids[c.r.IntN(len(c.ids))]
}

// request sends one request and reports whether the service goes on.
func (c *client) request() bool {
	switch k := c.r.IntN(100); {
	case k < 40:
		return c.post("POST JSON", fmt.Sprintf("%d-%d", c.number, c.next), false)
	case k < 46:
		return c.post("POST JSON, replacing", c.some(), false)
	case k < 52:
		return c.post("POST page", fmt.Sprintf("%d-%d", c.number, c.next), true)
	case k < 70:
		_, _, ok := c.do("GET article", "GET", "/articles/"+url.PathEscape(c.some()), "", "", 200, 404)
		return ok
	case k < 85:
		_, _, ok := c.do("GET group", "GET", "/groups/"+url.PathEscape(c.some()), "", "", 200, 404)
		return ok
	case k < 92:
		return c.remove(c.some())
	}
	return c.malformed()
}

func (c *client) post(kind, id string, page bool) bool {
	a := c.article(id)
	path, media, body := "/articles", "application/json", ""
	if page {
		var b strings.Builder
		fmt.Fprintf(&b, "<html><head><title>%s</title></head><body><article><h1>%[1]s</h1>", html.EscapeString(a.Title))
		for p := range strings.SplitSeq(a.Text, "\n\n") {
			fmt.Fprintf(&b, "<p>%s</p>", html.EscapeString(p))
		}
		b.WriteString("</article></body></html>")
		path, media, body = path+"?id="+url.QueryEscape(id), "text/html; charset=utf-8", b.String()
		read, err := newsdedup.NormalizeHTML(strings.NewReader(body), &newsdedup.NormalizeOptions{ContentType: media})
		if err != nil {
			return true // no article of the kind that the page is for
		}
		read.ID = id
		a = *read
	} else {
		b, err := json.Marshal(&a)
		if err != nil {
			c.h.wrong.tell("encoding %s: %v", id, err)
			return true
		}
		body = string(b)
	}
	if len(body) > maxBody {
		return true
	}
	f := newsdedup.SchemeDefault.Fingerprint(&a)
	now := print{f.SimHash(), f.Bytes()}
	if _, ok := c.articles[id]; !ok {
		c.ids = append(c.ids, id)
	}
	before := c.articles[id]
	c.articles[id] = state{open: true, held: before.held, print: now, before: before.print}
	status, _, ok := c.do(kind, "POST", path, media, body, 200)
	if status == 200 {
		c.articles[id] = state{held: true, print: now}
	}
	return ok
}

func (c *client) remove(id string) bool {
	before := c.articles[id]
	if _, ok := c.articles[id]; ok {
		c.articles[id] = state{open: true, print: before.print, before: before.print}
	}
	status, _, ok := c.do("DELETE", "DELETE", "/articles/"+url.PathEscape(id), "", "", 204, 404)
	switch {
	case status == 404 && before.held:
		c.h.wrong.tell("article %s was acknowledged, and is not there to be removed", id)
	case status == 204 && !before.held:
		c.h.wrong.tell("article %s was not there, but is removed", id)
	}
	if _, named := c.articles[id]; named && status != 0 {
		c.articles[id] = state{}
	}
	return ok
}

func (c *client) malformed() bool {
	a := c.article("bad")
	b, _ := json.Marshal(&a)
	whole := string(b)
	for _, m := range []struct {
		media, path, body string
		status            int
	}{
		{"application/json", "/articles", whole[:c.r.IntN(len(whole))], 400},
		{"application/json", "/articles", strings.Replace(whole, `"bad"`, `""`, 1), 400},
		{"application/json", "/articles", `{"id":"bad","text":[1,2]}`, 400},
		{"application/json", "/articles", `{"id":"bad"}`, 422},
		{"application/json", "/articles", `{"id":"bad","text":"` + strings.Repeat("word ", maxBody/4) + `"}`, 413},
		{"text/html", "/articles?id=bad", "<html><body></body></html>", 422},
		{"text/html", "/articles?id=bad", "%PDF-1.7\n\x00\x01\x02\x03" + strings.Repeat("\x00\xff", 200), 422},
		{"text/csv", "/articles", "a,b", 415},
	}[c.r.IntN(8):] {
		_, _, ok := c.do(fmt.Sprintf("malformed, status %d", m.status), "POST", m.path, m.media, m.body, m.status)
		return ok
	}
	return true
}

// look returns what is held under an ID, nil if nothing is.
func (c *client) look(id string) (*print, error) {
	resp, err := c.h.web.Get(c.h.base + "/articles/" + url.PathEscape(id))
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case 200:
		p := new(print)
		return p, json.NewDecoder(resp.Body).Decode(p)
	case 404:
		return nil, nil
	}
	return nil, errors.New(resp.Status)
}

// do sends a request, and tells of an answer with another status than those
// allowed. The status is 0 if there was no answer; ok is whether to go on.
func (c *client) do(kind, method, path, media, body string, allowed ...int) (status int, answer []byte, ok bool) {
	req, err := http.NewRequest(method, c.h.base+path, bytes.NewReader([]byte(body)))
	if err != nil {
		c.h.wrong.tell("%s %s: %v", method, path, err)
		return 0, nil, false
	}
	if media != "" {
		req.Header.Set("Content-Type", media)
	}
	began := time.Now()
	resp, err := c.h.web.Do(req)
	if err == nil {
		answer, err = io.ReadAll(resp.Body)
		resp.Body.Close()
	}
	switch {
	case err != nil && c.h.ending.Load():
		c.unanswered++
		return 0, nil, false
	case err != nil && slices.Contains(allowed, http.StatusRequestEntityTooLarge):
		return 0, nil, true // the service may hang up while such a body is on its way
	case err != nil:
		c.h.wrong.tell("%s %s: %v", method, path, err)
		return 0, nil, true
	}
	c.times[kind] = append(c.times[kind], time.Since(began))
	if !slices.Contains(allowed, resp.StatusCode) {
		c.h.wrong.tell("%s: %s, want %v: %.200s", kind, resp.Status, allowed, answer)
	}
	return resp.StatusCode, answer, true
}
