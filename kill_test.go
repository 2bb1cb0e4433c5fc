package newsdedup_test

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/newsdedup/newsdedup"
	"github.com/newsdedup/newsdedup/boltstore"
)

var killRounds = flag.Int("kill.rounds", 0, "rounds of TestKill; 0: 200, fewer with -race or -short")

const (
	killEnv        = "NEWSDEDUP_KILL" // the child's folder, seed and mode
	killGoroutines = 4                // and one that calls AddAll, and removes all of these at once
	killIDs        = 5                // of each goroutine
	killMany       = 18               // of that of AddAll: so many are removed in a sweep
)

// versioned is one version of an article: of a few stories, so that most are
// tied to others.
func versioned(id string, version uint64) *newsdedup.Article {
	w := newWire(version % 6)
	story := w.story()
	w.rng = rand.New(rand.NewPCG(version, 1))
	return &newsdedup.Article{ID: id, Title: fmt.Sprint(w.sentence(), version), Text: strings.Join(w.version(story), "\n\n")}
}

// TestKill starts a process that adds and removes articles from several
// goroutines and says what it is about to do and what has been acknowledged,
// kills it at any moment, opens the file and looks: what was acknowledged is
// there, what was under way is there or not, nothing else is, and the groups
// are those of a fresh Cluster. The next process goes on with the file.
func TestKill(t *testing.T) {
	if env := os.Getenv(killEnv); env != "" {
		killChild(t, env)
		return
	}
	rounds := *killRounds
	switch {
	case rounds > 0:
	case newsdedup.RaceEnabled():
		rounds = 12
	case testing.Short():
		rounds = 20
	default:
		rounds = 200
	}
	dir := t.TempDir()
	held := map[string]uint64{} // version by ID
	acknowledged, killed := 0, 0
	for round := range rounds {
		r := rand.New(rand.NewPCG(uint64(round), 99))
		mode := "sync"
		if r.IntN(2) == 0 {
			mode = "nosync"
		}
		cmd := exec.Command(os.Args[0], "-test.run=^TestKill$")
		cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s|%d|%s", killEnv, dir, round, mode))
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if r.IntN(6) == 0 { // perhaps before it has opened the file
			time.AfterFunc(time.Duration(r.IntN(60))*time.Millisecond, func() { cmd.Process.Kill() })
		}
		after, extra := 1+r.IntN(90), time.Duration(r.IntN(2000))*time.Microsecond
		intent := map[string]uint64{} // version that an ID may have, 0 for none
		acks := 0
		for lines := bufio.NewScanner(out); lines.Scan(); {
			f := strings.Fields(lines.Text())
			if len(f) != 3 || len(f[0]) != 1 {
				continue
			}
			version, err := strconv.ParseUint(f[2], 10, 64)
			if err != nil {
				t.Fatalf("round %d: %q", round, lines.Text())
			}
			switch f[0] {
			case "?":
				intent[f[1]] = version
			case "!":
				delete(intent, f[1])
				if version == 0 {
					delete(held, f[1])
				} else {
					held[f[1]] = version
				}
				if acks++; acks == after {
					time.AfterFunc(extra, func() { cmd.Process.Kill() })
				}
			}
		}
		if err := cmd.Wait(); err == nil || acks > 0 && !strings.Contains(err.Error(), "killed") {
			t.Fatalf("round %d: the child ended by itself: %v", round, err)
		}
		acknowledged += acks
		killed++
		killCheck(t, round, dir, held, intent)
	}
	t.Logf("%d kills, %d changes acknowledged", killed, acknowledged)
	if acknowledged < 5*rounds {
		t.Errorf("only %d changes were acknowledged in %d rounds", acknowledged, rounds)
	}
}

// killCheck opens the file and brings held up to what it found of the changes
// under way.
func killCheck(t *testing.T, round int, dir string, held, intent map[string]uint64) {
	t.Helper()
	s, err := boltstore.Open(filepath.Join(dir, "store.db"), &boltstore.Options{Timeout: 10 * time.Second, NoSync: true})
	if err != nil {
		t.Fatalf("round %d: %v", round, err)
	}
	defer s.Close()
	ctx := context.Background()
	d, err := newsdedup.Open(ctx, s, nil)
	if err != nil {
		t.Fatalf("round %d: %v", round, err)
	}
	defer d.Close()
	print := func(id string, version uint64) newsdedup.Fingerprint {
		return newsdedup.SchemeDefault.Fingerprint(versioned(id, version))
	}
	for id, version := range intent {
		f, err := d.Fingerprint(ctx, id)
		switch {
		case version == 0 && errors.Is(err, newsdedup.ErrNotFound):
			delete(held, id)
		case version != 0 && err == nil && f == print(id, version):
			held[id] = version
		}
	}
	var articles []*newsdedup.Article
	for id, version := range held {
		f, err := d.Fingerprint(ctx, id)
		if err != nil || f != print(id, version) {
			t.Fatalf("round %d: %s in version %d was acknowledged, but is not there: %v", round, id, version, err)
		}
		articles = append(articles, versioned(id, version))
	}
	if n := d.Stats().Articles; n != len(held) {
		t.Fatalf("round %d: %d articles are there, want %d", round, n, len(held))
	}
	if got, want := groupsOf(t, d), cluster(t, nil, articles...); len(want) > 0 && !reflect.DeepEqual(got, want) {
		for i := range min(len(got), len(want)) {
			if !reflect.DeepEqual(got[i], want[i]) {
				t.Errorf("round %d: group %d is\n     %+v\nwant %+v", round, i, got[i], want[i])
				break
			}
		}
		t.Fatalf("round %d: groups differ from a fresh Cluster\n got %v\nwant %v", round, sets(got), sets(want))
	}
}

func killChild(t *testing.T, env string) {
	f := strings.Split(env, "|")
	seed, err := strconv.ParseUint(f[1], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	s, err := boltstore.Open(filepath.Join(f[0], "store.db"), &boltstore.Options{Timeout: 10 * time.Second, NoSync: f[2] == "nosync"})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	d, err := newsdedup.Open(ctx, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	say := func(what, id string, version uint64) { fmt.Printf("%s %s %d\n", what, id, version) } // one write
	var wg sync.WaitGroup
	for g := range killGoroutines {
		r := rand.New(rand.NewPCG(seed, uint64(g)))
		wg.Go(func() {
			for n := uint64(1); ; n++ {
				id := fmt.Sprintf("%d-%d", g, r.IntN(killIDs))
				switch k := r.IntN(100); {
				case k < 70:
					version := seed<<32 | uint64(g)<<24 | n
					a := versioned(id, version)
					say("?", id, version)
					if _, err := d.Add(ctx, a); err != nil {
						t.Error(err)
						return
					}
					say("!", id, version)
				case k < 97:
					say("?", id, 0)
					if err := d.Remove(ctx, id); err != nil && !errors.Is(err, newsdedup.ErrNotFound) {
						t.Error(err)
						return
					}
					say("!", id, 0)
				default:
					if err := s.Compact(ctx); err != nil {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	wg.Go(func() {
		for n := uint64(1); ; n++ {
			version := func(i int) uint64 { return seed<<32 | killGoroutines<<24 | n<<8 | uint64(i) }
			id := func(i int) string { return fmt.Sprintf("all-%d", i) }
			i := 0
			for _, err := range d.AddAll(ctx, func(yield func(*newsdedup.Article, error) bool) {
				for i := range killMany {
					say("?", id(i), version(i))
					if !yield(versioned(id(i), version(i)), nil) {
						return
					}
				}
			}) {
				if err != nil {
					t.Error(err)
					return
				}
				say("!", id(i), version(i))
				i++
			}
			if n%2 == 0 {
				continue
			}
			var ids []string
			for i := range killMany {
				ids = append(ids, id(i))
				say("?", id(i), 0)
			}
			if err := d.Remove(ctx, ids...); err != nil {
				t.Error(err)
				return
			}
			for _, id := range ids {
				say("!", id, 0)
			}
		}
	})
	wg.Wait()
}
