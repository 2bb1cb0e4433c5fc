package newsdedup_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"testing"

	"github.com/newsdedup/newsdedup"
)

const lead = "The ferry to the islands ran aground off Holm on Friday night with 41 people on board, the coast guard said.\n\n" +
	"All were taken off by lifeboat before dawn, and nobody was hurt, according to the operator, Nordline.\n\n"

// The lines of the README, word for word; TestReadme compares.
func ExampleDeduper() {
	page := func(menu, extra string) io.Reader {
		return strings.NewReader("<html><head><title>Ferry runs aground</title></head><body><nav><a href=/>" + menu + "</a></nav><article><h1>Ferry runs aground</h1><p>" +
			strings.ReplaceAll(strings.TrimSpace(lead), "\n\n", "</p><p>") + extra + "</p></article></body></html>")
	}
	pages := []struct {
		ID   string
		Body io.Reader
	}{
		{"wire", page("News", "")},
		{"farm", page("Best deals", " The route has been closed until inspectors have seen the hull.")},
	}
	d, err := newsdedup.New(nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, page := range pages { // Body is an io.Reader
		article, err := newsdedup.NormalizeHTML(page.Body, nil)
		if err != nil {
			log.Print(err) // ErrEmpty: there is no article on the page
			continue
		}
		article.ID = page.ID
		result, err := d.Add(context.Background(), article)
		if err != nil {
			log.Fatal(err)
		}
		for _, m := range result.Matches {
			fmt.Println(m.A, "is", m.Relation, "to", m.B)
		}
	}
	// Output:
	// farm is near to wire
}

// The program that the README opens with is one that compiles and runs.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(readme), "```go\n")
	snippet, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("the README has no program")
	}
	indented := "\t" + strings.ReplaceAll(strings.TrimSpace(snippet), "\n", "\n\t")
	if !strings.Contains(string(source), indented) {
		t.Errorf("not in ExampleDeduper:\n%s", indented)
	}
}

const cause = "It was the third accident on the route since March, after a collision in the harbour and a fire in the engine room.\n\n"

// A local paper puts its own interview before the agency's report, which it cuts.
func ExampleCompare() {
	whole := &newsdedup.Article{ID: "wire", Text: lead + cause + "Inspectors will examine the hull on Saturday, and the route stays closed until they have reported to the ministry.\n\nA spokesman for the union of seamen said that crews had warned of worn steering gear in two letters since the spring."}
	local := &newsdedup.Article{ID: "local", Text: "Our reporter spoke to Lena Falk, who was on board with her two daughters and a dog. She had heard a long scraping noise, then the lights went out.\n\nStrangers shared blankets, she says, and somebody sang. The islands now depend on a fishing boat for bread and post.\n\n" + lead + cause}
	m, err := newsdedup.Compare(whole, local, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(m.Relation)
	p := m.Evidence.Passages[0]
	fmt.Printf("%q …\n", whole.Text[p.AStart:p.AStart+42])
	// Output:
	// partial
	// "The ferry to the islands ran aground off H" …
}

func ExampleCluster() {
	articles := []*newsdedup.Article{
		{ID: "one", Text: lead},
		{ID: "two", Text: "Voters in the capital go to the polls on Sunday to choose a mayor after a campaign about rents."},
		{ID: "three", Text: "UPDATE: " + lead},
	}
	groups, err := newsdedup.Cluster(context.Background(), func(yield func(*newsdedup.Article, error) bool) {
		for _, a := range articles {
			if !yield(a, nil) {
				return
			}
		}
	}, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, g := range groups {
		fmt.Println(g.Lead, g.Members)
	}
	// Output:
	// three [one three]
	// two [two]
}

// Fingerprints are kept, as text here, instead of the articles, and compared when
// these are long gone.
func ExampleRelate() {
	first := newsdedup.SchemeDefault.Fingerprint(&newsdedup.Article{ID: "morning", Text: lead + cause})
	kept, err := first.MarshalText()
	if err != nil {
		log.Fatal(err)
	}

	var morning newsdedup.Fingerprint
	if err := morning.UnmarshalText(kept); err != nil {
		log.Fatal(err) // ErrCorrupt, or ErrFormat and ErrScheme of another version
	}
	evening := newsdedup.SchemeDefault.Fingerprint(&newsdedup.Article{ID: "evening", Text: lead + cause + "The route is open again."})
	m, err := newsdedup.Relate(&morning, &evening, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(m.A, "is", m.Relation, "to", m.B)
	// Output:
	// morning is near to evening
}

// What a service shows follows the groups as they change.
func ExampleEvents() {
	events := &newsdedup.Events{Groups: func(c newsdedup.GroupChange) {
		fmt.Print(c, ":")
		for _, g := range c.After {
			fmt.Print(" ", g.Lead, " leads ", g.Members)
		}
		fmt.Println()
	}}
	d, err := newsdedup.New(&newsdedup.Options{Events: events})
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	for _, a := range []*newsdedup.Article{
		{ID: "copy", Text: lead + cause},
		{ID: "wire", Text: lead + cause, Credits: []string{"AP"}},
	} {
		if _, err := d.Add(ctx, a); err != nil {
			log.Fatal(err)
		}
	}
	if err := d.Remove(ctx, "copy", "wire"); err != nil {
		log.Fatal(err)
	}
	// Output:
	// created: copy leads [copy]
	// joined: wire leads [copy wire]
	// removed:
}
