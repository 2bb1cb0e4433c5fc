package newsdedup_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/storetest"
)

// Fingerprints of another scheme need the texts, which the service has: all that
// a second store lacks is added to it, oldest first. That may be stopped at any
// time, here after two articles, and gone on with.
func ExampleOpen_anotherScheme() {
	ctx := context.Background()
	texts := []*newsdedup.Article{
		{ID: "monday", Text: "The bridge over the Lem was closed on Monday after divers found cracks in two of its piers."},
		{ID: "tuesday", Text: "Ferries will carry commuters across the Lem until the bridge is open again, the council said."},
		{ID: "friday", Text: "The bridge over the Lem was closed on Monday after divers found cracks in two of its piers."},
	}
	var disk storetest.Memory
	move := func(atMost int) error {
		store, err := disk.Open("second") // boltstore.Open("second.db", nil) in a service
		if err != nil {
			return err
		}
		defer store.Close()
		d, err := newsdedup.Open(ctx, store, &newsdedup.Options{Scheme: newsdedup.SchemeDefault})
		if err != nil {
			return err
		}
		defer d.Close()
		added := 0
		for _, a := range texts {
			_, err := d.Fingerprint(ctx, a.ID)
			if err == nil {
				continue // is there already
			}
			if !errors.Is(err, newsdedup.ErrNotFound) {
				return err
			}
			if added == atMost {
				break
			}
			if _, err := d.Add(ctx, a); err != nil {
				return err
			}
			added++
		}
		g, err := d.Group(ctx, "monday")
		fmt.Println(added, "added,", d.Stats().Articles, "held; with monday:", g.Members)
		return err
	}
	for range 2 {
		if err := move(2); err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	// 2 added, 2 held; with monday: [monday]
	// 1 added, 3 held; with monday: [friday monday]
}
