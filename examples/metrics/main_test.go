package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/newsdedup/newsdedup"
)

func serve(t *testing.T) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(handler())
	t.Cleanup(s.Close)
	return s
}

func post(t *testing.T, s *httptest.Server, body string) (int, newsdedup.Result) {
	t.Helper()
	r, err := http.Post(s.URL+"/articles", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var res newsdedup.Result
	if r.StatusCode == http.StatusOK {
		if err := json.NewDecoder(r.Body).Decode(&res); err != nil {
			t.Fatal(err)
		}
	}
	return r.StatusCode, res
}

// scrape reads /metrics as Prometheus does: a line is a series and its value,
// and no series comes twice.
func scrape(t *testing.T, s *httptest.Server) map[string]float64 {
	t.Helper()
	r, err := http.Get(s.URL + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if got := r.Header.Get("Content-Type"); !strings.HasPrefix(got, "text/plain; version=0.0.4") {
		t.Errorf("content type %q", got)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil || !strings.HasSuffix(string(body), "\n") {
		t.Fatalf("%v, %q", err, body)
	}
	sample := regexp.MustCompile(`^([a-z_]+(?:\{[a-z]+="[^"]*"\})?) ([0-9.e+-]+)\n$`)
	values := map[string]float64{}
	for line := range strings.Lines(string(body)) {
		m := sample.FindStringSubmatch(line)
		if m == nil {
			t.Errorf("no sample: %q", line)
			continue
		}
		v, err := strconv.ParseFloat(m[2], 64)
		if _, twice := values[m[1]]; err != nil || twice {
			t.Errorf("sample %q: %v, twice %v", line, err, twice)
		}
		values[m[1]] = v
	}
	return values
}

const text = "The council of Holm said on Monday that the market would move to the old station in spring, once the roof has been mended and the tracks have been taken up. Traders had asked for a place with water and light since the flood of 2019."

// Two copies and one line of nonsense: the counts tell of them.
func TestMetrics(t *testing.T) {
	s := serve(t)
	for _, id := range []string{"a", "b"} {
		body, _ := json.Marshal(newsdedup.Article{ID: id, Title: "Market moves", Text: text})
		code, res := post(t, s, string(body))
		if code != http.StatusOK || id == "b" && (len(res.Matches) != 1 || res.Matches[0].B != "a") {
			t.Errorf("%s: status %d, %+v", id, code, res)
		}
	}
	for body, want := range map[string]int{"nonsense": http.StatusBadRequest, `{"Text":"no ID"}`: http.StatusBadRequest} {
		if code, _ := post(t, s, body); code != want {
			t.Errorf("%s: status %d, want %d", body, code, want)
		}
	}
	got := scrape(t, s)
	for name, want := range map[string]float64{
		"newsdedup_articles":                              2,
		"newsdedup_contents":                              1,
		`newsdedup_group_changes_total{change="created"}`: 1,
		`newsdedup_group_changes_total{change="joined"}`:  1,
		"newsdedup_failed_total":                          2,
		`newsdedup_links{relation="near"}`:                0,
		`newsdedup_verdicts_total{relation="unrelated"}`:  1,
		`newsdedup_verdicts_total{relation="exact"}`:      1,
		"newsdedup_add_seconds_count":                     2,
	} {
		if v, ok := got[name]; !ok || v != want {
			t.Errorf("%s is %v, want %v", name, v, want)
		}
	}
	if got["newsdedup_held_bytes"] <= 0 || got["newsdedup_add_seconds_sum"] <= 0 {
		t.Errorf("%v", got)
	}
}

// An article of more than a mebibyte, and other methods, are refused.
func TestRefused(t *testing.T) {
	s := serve(t)
	if code, _ := post(t, s, `{"ID":"a","Text":"`+strings.Repeat("x", 1<<20)+`"}`); code != http.StatusBadRequest {
		t.Errorf("status %d", code)
	}
	r, err := http.Get(s.URL + "/articles")
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("status %d", r.StatusCode)
	}
}
