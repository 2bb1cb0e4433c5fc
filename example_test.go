package newsdedup_test

import (
	"context"
	"fmt"
	"log"

	"github.com/newsdedup/newsdedup"
)

const lead = "The ferry to the islands ran aground off Holm on Friday night with 41 people on board, the coast guard said.\n\n" +
	"All were taken off by lifeboat before dawn, and nobody was hurt, according to the operator, Nordline.\n\n"

func ExampleCompare() {
	whole := &newsdedup.Article{ID: "wire", Text: lead + "It was the third accident on the route since March, after a collision in the harbour and a fire in the engine room.\n\nInspectors will examine the hull on Saturday, and the route stays closed until they have reported to the ministry."}
	brief := &newsdedup.Article{ID: "brief", Text: lead + "Our reporter spoke to Lena Falk, who was on board with her two daughters and a dog.\n\nShe had heard a long scraping noise, then the lights went out. Strangers shared blankets, she says, and somebody sang.\n\nThe islands now depend on a fishing boat for bread and post, and the school stays shut until the weekend."}
	m, err := newsdedup.Compare(whole, brief, nil)
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
