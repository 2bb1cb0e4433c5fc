package boltstore_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/boltstore"
)

// What was added before a restart is there after it, with its links.
func ExampleOpen() {
	dir, err := os.MkdirTemp("", "newsdedup")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	const text = "The ferry to Ostholm is out of service until Thursday, the company said."
	run := func(id string) error {
		store, err := boltstore.Open(filepath.Join(dir, "articles.db"), nil)
		if err != nil {
			return err
		}
		defer store.Close()
		d, err := newsdedup.Open(ctx, store, nil)
		if err != nil {
			return err
		}
		defer d.Close() // before the store
		r, err := d.Add(ctx, &newsdedup.Article{ID: id, Text: text})
		if err != nil {
			return err
		}
		for _, m := range r.Matches {
			fmt.Println(m.A, "is", m.Relation, "to", m.B)
		}
		return nil
	}
	for _, id := range []string{"monday", "tuesday"} {
		if err := run(id); err != nil {
			log.Fatal(err)
		}
	}
	// Output: tuesday is exact to monday
}

// A backup is taken while articles come in. It gets its name once all of it is
// on the disk, and is a store like any other.
func ExampleStore_WriteTo() {
	dir, err := os.MkdirTemp("", "newsdedup")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	store, err := boltstore.Open(filepath.Join(dir, "articles.db"), nil)
	if err != nil {
		log.Fatal(err)
	}
	defer store.Close()
	d, err := newsdedup.Open(ctx, store, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Add(ctx, &newsdedup.Article{ID: "ferry", Text: "The ferry to Ostholm is out of service until Thursday."}); err != nil {
		log.Fatal(err)
	}

	backup := func(path string) error {
		f, err := os.Create(path + ".part")
		if err != nil {
			return err
		}
		_, err = store.WriteTo(f)
		if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
			return err
		}
		return os.Rename(path+".part", path)
	}
	if err := backup(filepath.Join(dir, "backup.db")); err != nil {
		log.Fatal(err)
	}

	restored, err := boltstore.Open(filepath.Join(dir, "backup.db"), nil)
	if err != nil {
		log.Fatal(err)
	}
	defer restored.Close()
	again, err := newsdedup.Open(ctx, restored, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer again.Close()
	fmt.Println(again.Stats().Articles, "article,", again.Verify(ctx) == nil)
	// Output: 1 article, true
}

// What Expire leaves unused is taken by later articles; Compact gives it back to
// the disk at once.
func ExampleStore_Compact() {
	dir, err := os.MkdirTemp("", "newsdedup")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	path := filepath.Join(dir, "articles.db")
	store, err := boltstore.Open(path, &boltstore.Options{NoSync: true})
	if err != nil {
		log.Fatal(err)
	}
	defer store.Close()
	d, err := newsdedup.Open(ctx, store, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer d.Close()
	first := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for day := range 200 {
		a := &newsdedup.Article{ID: fmt.Sprint("day ", day), Published: first.AddDate(0, 0, day), Text: fmt.Sprintf("The river stood at %d centimetres on day %d.", 300+7*day%60, day)}
		if _, err := d.Add(ctx, a); err != nil {
			log.Fatal(err)
		}
	}
	size := func() int64 {
		info, err := os.Stat(path)
		if err != nil {
			log.Fatal(err)
		}
		return info.Size()
	}
	gone, err := d.Expire(ctx, first.AddDate(0, 0, 190))
	if err != nil {
		log.Fatal(err)
	}
	before := size()
	if err := store.Compact(ctx); err != nil {
		log.Fatal(err)
	}
	fmt.Println(gone, "expired; smaller:", size() < before)
	// Output: 190 expired; smaller: true
}
