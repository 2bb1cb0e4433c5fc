package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/boltstore"
	"github.com/newsdedup/newsdedup/storetest"
)

var clientsFor = flag.Duration("clients.for", time.Second, "how long TestClients runs")

const childEnv = "SERVICE_ARGS"

// The test binary is the service, if it is told so.
func TestMain(m *testing.M) {
	if args := os.Getenv(childEnv); args != "" {
		os.Args = append(os.Args[:1], strings.Split(args, " ")...)
		main()
		return
	}
	os.Exit(m.Run())
}

// serve runs the service on a file in the given folder.
func serve(t *testing.T, dir string, limit int64) (base string, stop func()) {
	t.Helper()
	store, err := boltstore.Open(filepath.Join(dir, "articles.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	d, err := newsdedup.Open(context.Background(), store, nil)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler(d, store, 0, limit))
	stop = sync.OnceFunc(func() {
		server.Close()
		if err := errors.Join(d.Close(), store.Close()); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return server.URL, stop
}

// call sends a request and returns the status and the answer.
func call(t *testing.T, method, address, media, body string) (int, map[string]any, string) {
	t.Helper()
	req, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if media != "" {
		req.Header.Set("Content-Type", media)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	v := map[string]any{}
	if resp.Header.Get("Content-Type") == "application/json" {
		if err := json.Unmarshal(b, &v); err != nil {
			t.Fatalf("%s %s: %v in %q", method, address, err, b)
		}
	}
	return resp.StatusCode, v, string(b)
}

var paragraphs = []string{
	"The harbour of Velmark was closed on Tuesday after a freighter carrying 4,200 tonnes of grain ran aground on the eastern mole, the port captain said.",
	"Tugboats from three neighbouring towns tried twice during the night to free the ship, but the line broke each time, and the attempt was given up at dawn.",
	"Nobody was hurt. Divers found a tear of seven metres below the waterline, and 18 sailors were brought ashore as a precaution.",
	"The company that owns the Maria Dolores said it would pay for the salvage; the inquiry is led by the coast guard's office in Brennau.",
	"Fishermen complained that they lost the best week of the season, and asked the ministry to open the old canal for small boats.",
}

func story(id string, text ...string) string {
	b, _ := json.Marshal(map[string]any{"id": id, "title": "Freighter blocks harbour of Velmark", "publisher": "example.org", "text": strings.Join(text, "\n\n")})
	return string(b)
}

// An article is posted, then a copy without its last paragraph, then the same
// as a page. They are one group, also after a restart, until one is deleted.
func TestSession(t *testing.T) {
	dir := t.TempDir()
	base, stop := serve(t, dir, 1<<20)
	want := func(code, wantCode int, answer string) {
		t.Helper()
		if code != wantCode {
			t.Fatalf("status %d, want %d: %s", code, wantCode, answer)
		}
	}
	code, v, answer := call(t, "POST", base+"/articles", "application/json", story("one", paragraphs...))
	want(code, 200, answer)
	if v["id"] != "one" || len(v["matches"].([]any)) != 0 {
		t.Errorf("first article: %s", answer)
	}
	code, v, answer = call(t, "POST", base+"/articles", "application/json; charset=utf-8", story("two", paragraphs[:4]...))
	want(code, 200, answer)
	if m := v["matches"].([]any); len(m) != 1 || m[0].(map[string]any)["b"] != "one" || m[0].(map[string]any)["relation"] != "near" {
		t.Errorf("copy: %s", answer)
	}
	page := "<html><head><title>Freighter blocks harbour</title></head><body><nav><a href=/>Home</a></nav><article><h1>Freighter blocks harbour</h1><p>" +
		strings.Join(paragraphs, "</p><p>") + "</p></article></body></html>"
	code, v, answer = call(t, "POST", base+"/articles?id="+url.QueryEscape("https://example.org/3 x"), "text/html; charset=utf-8", page)
	want(code, 200, answer)
	if m := v["matches"].([]any); v["id"] != "https://example.org/3 x" || len(m) != 2 {
		t.Errorf("page: %s", answer)
	}
	for range 2 {
		code, v, answer = call(t, "GET", base+"/groups/two", "", "")
		want(code, 200, answer)
		if len(v["members"].([]any)) != 3 {
			t.Errorf("group: %s", answer)
		}
		code, v, answer = call(t, "GET", base+"/articles/"+url.PathEscape("https://example.org/3 x"), "", "")
		want(code, 200, answer)
		if v["id"] != "https://example.org/3 x" || v["lang"] != "en" && v["lang"] != nil {
			t.Errorf("article: %s", answer)
		}
		stop()
		base, stop = serve(t, dir, 1<<20)
	}
	code, _, answer = call(t, "DELETE", base+"/articles/two", "", "")
	want(code, 204, answer)
	code, v, answer = call(t, "GET", base+"/groups/one", "", "")
	want(code, 200, answer)
	if len(v["members"].([]any)) != 2 {
		t.Errorf("group after DELETE: %s", answer)
	}
	code, _, answer = call(t, "GET", base+"/metrics", "", "")
	want(code, 200, answer)
	if !strings.Contains(answer, "newsdedup_articles 2\n") || !strings.Contains(answer, `newsdedup_links{relation="near"}`) {
		t.Errorf("metrics: %s", answer)
	}
	code, _, answer = call(t, "GET", base+"/healthz", "", "")
	want(code, 200, answer)
}

// uncertain is a store that takes no more changes, as after a failed fsync.
type uncertain struct{ newsdedup.Store }

func (uncertain) Apply(context.Context, newsdedup.Batch) error { return newsdedup.ErrUncertain }

// A service whose file takes no more changes says so when it is asked for its
// health: it has to be started again.
func TestHealth(t *testing.T) {
	var disk storetest.Memory
	store, err := disk.Open("")
	if err != nil {
		t.Fatal(err)
	}
	d, err := newsdedup.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		store  newsdedup.Store
		status int
	}{{store, 200}, {uncertain{store}, 500}} {
		server := httptest.NewServer(handler(d, c.store, 0, 1000))
		if code, _, answer := call(t, "GET", server.URL+"/healthz", "", ""); code != c.status {
			t.Errorf("%d %s, want %d", code, answer, c.status)
		}
		server.Close()
	}
}

// Each fault of a client has its status and an error in JSON, and leaves
// nothing behind.
func TestFaultsOfClients(t *testing.T) {
	base, _ := serve(t, t.TempDir(), 10_000)
	for _, c := range []struct {
		name, method, path, media, body string
		status                          int
	}{
		{"no JSON", "POST", "/articles", "application/json", "hello", 400},
		{"cut short", "POST", "/articles", "application/json", story("a", paragraphs...)[:200], 400},
		{"two articles", "POST", "/articles", "application/json", story("a", paragraphs...) + story("b", paragraphs...), 400},
		{"a list", "POST", "/articles", "application/json", "[]", 400},
		{"a number for a text", "POST", "/articles", "application/json", `{"id":"a","text":7}`, 400},
		{"nothing", "POST", "/articles", "application/json", "", 400},
		{"no ID", "POST", "/articles", "application/json", story("", paragraphs...), 400},
		{"no text", "POST", "/articles", "application/json", `{"id":"a"}`, 422},
		{"spaces", "POST", "/articles", "application/json", `{"id":"a","text":" \n"}`, 422},
		{"a page without an ID", "POST", "/articles", "text/html", "<article><p>" + strings.Join(paragraphs, "<p>"), 400},
		{"an empty page", "POST", "/articles?id=a", "text/html", "<html></html>", 422},
		{"an image", "POST", "/articles?id=a", "text/html", "\x89PNG\r\n\x1a\n" + strings.Repeat("\x00\x01", 100), 422},
		{"another media type", "POST", "/articles", "text/csv", "a,b", 415},
		{"no media type", "POST", "/articles", "", story("a", paragraphs...), 415},
		{"too large", "POST", "/articles", "application/json", story("a", strings.Repeat("word ", 5000)), 413},
		{"too large a page", "POST", "/articles?id=a", "text/html", "<article><p>" + strings.Repeat("word ", 5000), 413},
		{"unknown article", "GET", "/articles/none", "", "", 404},
		{"unknown group", "GET", "/groups/none", "", "", 404},
		{"unknown article to delete", "DELETE", "/articles/none", "", "", 404},
		{"unknown path", "GET", "/elsewhere", "", "", 404},
		{"unknown method", "PATCH", "/articles/a", "", "", 404},
	} {
		code, v, answer := call(t, c.method, base+c.path, c.media, c.body)
		if code != c.status || v["error"] == nil || v["error"] == "" {
			t.Errorf("%s: status %d, want %d with an error: %s", c.name, code, c.status, answer)
		}
	}
	if _, _, answer := call(t, "GET", base+"/metrics", "", ""); !strings.Contains(answer, "newsdedup_articles 0\n") {
		t.Errorf("something was stored: %s", answer)
	}
}

// With -keep 24h, articles of two days ago are forgotten, one of an hour ago is
// not. Those without a date, or with one to come, are dated when they arrive.
func TestKeep(t *testing.T) {
	d, err := newsdedup.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	const keep = 24 * time.Hour
	began := time.Now().Truncate(time.Second)
	var disk storetest.Memory
	store, err := disk.Open("")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler(d, store, keep, 1<<20))
	defer server.Close()
	for id, age := range map[string]time.Duration{"old": 2 * keep, "new": time.Hour, "future": -99 * keep} {
		b, err := json.Marshal(newsdedup.Article{ID: id, Text: paragraphs[0], Published: began.Add(-age)})
		if err != nil {
			t.Fatal(err)
		}
		if code, _, answer := call(t, "POST", server.URL+"/articles", "application/json", string(b)); code != 200 {
			t.Fatal(answer)
		}
	}
	call(t, "POST", server.URL+"/articles", "application/json", story("undated", paragraphs[0]))
	ctx, cancel := context.WithCancel(context.Background())
	var forgetting sync.WaitGroup
	defer forgetting.Wait()
	defer cancel()
	forgetting.Go(func() { forget(ctx, d, keep) })
	for end := time.Now().Add(time.Minute); d.Stats().Articles > 3 && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	if s := d.Stats(); s.Articles != 3 || s.Undated != 0 {
		t.Errorf("%d articles held, %d undated; want 3 and 0", s.Articles, s.Undated)
	}
	for _, id := range []string{"future", "undated"} {
		f, err := d.Fingerprint(ctx, id)
		if err != nil || f.Published().Before(began) || f.Published().After(time.Now()) {
			t.Errorf("%s is of %v: %v", id, f.Published(), err)
		}
	}
	if _, err := d.Fingerprint(ctx, "old"); !errors.Is(err, newsdedup.ErrNotFound) {
		t.Errorf("the old article: %v", err)
	}
}

// made is an article of a few hundred words, of one of four hundred stories.
func made(r *rand.Rand, id string) string {
	text := make([]string, 8)
	plot := r.IntN(400)
	s := rand.New(rand.NewPCG(uint64(plot), 1))
	syllables := []string{"ba", "dor", "fen", "gil", "kar", "lem", "mos", "nut", "par", "ris", "sol", "tev", "vun", "zam"}
	for i := range text {
		var b strings.Builder
		for range 40 {
			word := ""
			for range 2 + s.IntN(3) {
				word += syllables[s.IntN(len(syllables))]
			}
			if s.IntN(8) == 0 {
				word = strings.ToUpper(word[:1]) + word[1:]
			}
			b.WriteString(word + " ")
		}
		text[i] = b.String() + "."
	}
	return story(id, text[:4+r.IntN(5)]...)
}

// Sixty-four clients post, look up, delete and send nonsense for a while. No
// answer is an error that is not the client's.
func TestClients(t *testing.T) {
	base, _ := serve(t, t.TempDir(), 1<<16)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: time.Minute}
	defer client.CloseIdleConnections()
	end := time.Now().Add(*clientsFor)
	var mu sync.Mutex
	times := map[string][]time.Duration{}
	var wg sync.WaitGroup
	for c := range 64 {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(c), 5))
			for time.Now().Before(end) {
				id := fmt.Sprintf("%d-%d", c, r.IntN(10))
				method, path, body, allowed := "POST", "/articles", made(r, id), []int{200}
				switch k := r.IntN(20); {
				case k < 3:
					method, path, body, allowed = "GET", "/articles/"+id, "", []int{200, 404}
				case k < 6:
					method, path, body, allowed = "GET", "/groups/"+id, "", []int{200, 404}
				case k < 8:
					method, path, body, allowed = "DELETE", "/articles/"+id, "", []int{204, 404}
				case k < 9:
					body, allowed = body[:r.IntN(len(body))], []int{400}
				case k < 10:
					body, allowed = strings.Repeat("x", 1<<17), []int{400, 413}
				}
				req, err := http.NewRequest(method, base+path, strings.NewReader(body))
				if err != nil {
					t.Error(err)
					return
				}
				req.Header.Set("Content-Type", "application/json")
				began := time.Now()
				resp, err := client.Do(req)
				if err != nil {
					if len(body) > 1<<16 {
						continue // the connection may be cut while the body is on its way
					}
					t.Errorf("%s %s: %v", method, path, err)
					return
				}
				answer, err := io.ReadAll(resp.Body)
				resp.Body.Close()
				if err != nil || !slices.Contains(allowed, resp.StatusCode) {
					t.Errorf("%s %s: %s, want %v: %s %v", method, path, resp.Status, allowed, answer, err)
					return
				}
				mu.Lock()
				times[method] = append(times[method], time.Since(began))
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	for method, d := range times {
		slices.Sort(d)
		t.Logf("%s: %d answers, median %v, p99 %v, slowest %v", method, len(d), d[len(d)/2], d[len(d)*99/100], d[len(d)-1])
	}
}

// SIGTERM comes while clients post. The service ends without an error, and what
// it answered with success is in the file.
func TestTermination(t *testing.T) {
	db := filepath.Join(t.TempDir(), "articles.db")
	for round := range 3 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childEnv+"=-addr 127.0.0.1:0 -db "+db)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		defer cmd.Process.Kill()
		line, err := bufio.NewReader(out).ReadString('\n')
		if err != nil {
			t.Fatalf("%v: %s", err, &stderr)
		}
		base := strings.Fields(line)[2]
		var mu sync.Mutex
		var acknowledged []string
		var wg sync.WaitGroup
		enough := make(chan bool, 1)
		for c := range 8 {
			wg.Go(func() {
				r := rand.New(rand.NewPCG(uint64(c), uint64(round)))
				for n := 0; ; n++ {
					id := fmt.Sprintf("%d-%d-%d", round, c, n)
					resp, err := http.Post(base+"/articles", "application/json", strings.NewReader(made(r, id)))
					if err != nil {
						return // it listens no longer
					}
					io.Copy(io.Discard, resp.Body)
					resp.Body.Close()
					if resp.StatusCode != 200 {
						t.Errorf("POST: %s", resp.Status)
						return
					}
					mu.Lock()
					if acknowledged = append(acknowledged, id); len(acknowledged) == 20 {
						enough <- true
					}
					mu.Unlock()
				}
			})
		}
		<-enough
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("the service ended with %v: %s", err, &stderr)
		}
		wg.Wait()
		http.DefaultClient.CloseIdleConnections()
		store, err := boltstore.Open(db, nil)
		if err != nil {
			t.Fatal(err)
		}
		d, err := newsdedup.Open(context.Background(), store, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range acknowledged {
			if _, err := d.Fingerprint(context.Background(), id); err != nil {
				t.Errorf("round %d: %s was acknowledged: %v", round, id, err)
			}
		}
		if err := errors.Join(d.Close(), store.Close()); err != nil {
			t.Error(err)
		}
	}
}

// A port that is taken and a file that is no store are told.
func TestFaultsAtTheStart(t *testing.T) {
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad.db")
	if err := os.WriteFile(bad, bytes.Repeat([]byte("no store "), 10_000), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if err := run(ctx, []string{"-db", bad, "-addr", "127.0.0.1:0"}, io.Discard); !errors.Is(err, newsdedup.ErrCorrupt) {
		t.Errorf("a file that is no store: %v", err)
	}
	if err := run(ctx, []string{"-db", filepath.Join(dir, "a.db"), "-addr", "nowhere"}, io.Discard); err == nil {
		t.Error("an address that is none passed")
	}
	if err := run(ctx, []string{"-unknown"}, io.Discard); err == nil {
		t.Error("an unknown flag passed")
	}
}
