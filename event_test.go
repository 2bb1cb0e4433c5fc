package newsdedup_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/storetest"
)

// Whoever is told of a change may ask, add, remove and at last close: no lock is
// held, and what the event changes is told when it has returned.
func TestEventsThatCallBack(t *testing.T) {
	ctx := t.Context()
	var d *newsdedup.Deduper
	var told []string
	inside := false
	o := &newsdedup.Options{Events: &newsdedup.Events{Groups: func(c newsdedup.GroupChange) {
		if inside {
			t.Error("an event was told within another")
		}
		inside = true
		defer func() { inside = false }()
		told = append(told, c.String())
		switch len(told) {
		case 1: // "one" is there
			if g, err := d.Group(ctx, "one"); err != nil || len(g.Members) != 1 {
				t.Errorf("Group from an event: %v, %v", g, err)
			}
			if _, err := d.Add(ctx, &newsdedup.Article{ID: "two", Text: lead}); err != nil {
				t.Error(err)
			}
		case 2: // "two" joined
			if ms, err := d.Lookup(ctx, &newsdedup.Article{Text: lead}); err != nil || len(ms) != 1 {
				t.Errorf("Lookup from an event: %v, %v", ms, err)
			}
			if err := d.Remove(ctx, "one"); err != nil {
				t.Error(err)
			}
		case 3: // "one" left
			if n := d.Stats().Articles; n != 1 {
				t.Errorf("%d articles", n)
			}
			if err := errors.Join(d.Verify(ctx), d.Close()); err != nil {
				t.Error(err)
			}
		}
	}}}
	d = fresh(t, o)
	if _, err := d.Add(ctx, &newsdedup.Article{ID: "one", Text: lead}); err != nil {
		t.Fatal(err)
	}
	if want := []string{"created", "joined", "left"}; !reflect.DeepEqual(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
	if _, err := d.Add(ctx, &newsdedup.Article{ID: "three", Text: lead}); !errors.Is(err, newsdedup.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

// A server that recovers from panics of its handlers goes on with the same
// Deduper. The event that panics is lost and no other; what was added is there,
// with its links.
func TestEventThatPanics(t *testing.T) {
	ctx := t.Context()
	var told []string
	d := fresh(t, &newsdedup.Options{Events: &newsdedup.Events{Groups: func(c newsdedup.GroupChange) {
		if len(c.After[0].Members) == 2 {
			panic("of the caller")
		}
		told = append(told, c.String())
	}}})
	for i := range 3 {
		func() {
			defer func() {
				if got := recover(); (got != nil) != (i == 1) {
					t.Errorf("article %d: recovered %v", i, got)
				}
			}()
			if _, err := d.Add(ctx, &newsdedup.Article{ID: fmt.Sprint(i), Text: lead}); err != nil {
				t.Error(err)
			}
		}()
	}
	if want := []string{"created", "joined"}; !reflect.DeepEqual(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
	if g, err := d.Group(ctx, "0"); err != nil || !reflect.DeepEqual(g.Members, []string{"0", "1", "2"}) {
		t.Errorf("group %v, %v", g.Members, err)
	}
	if err := d.Verify(ctx); err != nil {
		t.Error(err)
	}
}

// Eight workers of a crawler fetch the same address at once, again and again,
// and each time the page reads otherwise. In the end one article is held under
// it, with one of these texts, as it is after a restart.
func TestOneIDAddedByManyAtOnce(t *testing.T) {
	ctx := context.Background()
	disk, o := new(storetest.Memory), &newsdedup.Options{Workers: 2}
	d, store := openMemory(t, disk, o)
	texts := map[newsdedup.SimHash]bool{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := range 12 {
				a := &newsdedup.Article{ID: "page", Text: strings.Repeat(lead+" ", 1+i%2) + fmt.Sprintf("Reader %d has seen it %d times.", w, i)}
				f := newsdedup.SchemeDefault.Fingerprint(a)
				mu.Lock()
				texts[f.SimHash()] = true
				mu.Unlock()
				if _, err := d.Add(ctx, a); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	f, err := d.Fingerprint(ctx, "page")
	if s := d.Stats(); err != nil || s.Articles != 1 || s.Contents != 1 || s.Links != [newsdedup.Exact + 1]int{} || !texts[f.SimHash()] {
		t.Errorf("%+v, %v", s, err)
	}
	if err := errors.Join(d.Verify(ctx), d.Close(), store.Close()); err != nil {
		t.Error(err)
	}
	d, _ = openMemory(t, disk, o)
	if again, err := d.Fingerprint(ctx, "page"); err != nil || again != f {
		t.Errorf("after a restart another text is held, %v", err)
	}
}
