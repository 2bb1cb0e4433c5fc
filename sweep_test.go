package newsdedup

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"
)

// While many articles are forgotten in sweeps, others come, take the place of
// some, and are removed, and what has been forgotten comes back. When all calls
// have returned, the links are those that the rules give of what is left. Small
// bounds of the index make every step let others in.
func TestSweepsBesideOtherCalls(t *testing.T) {
	ctx := context.Background()
	for seed := range uint64(12) {
		d, err := New(&Options{Workers: 2})
		if err != nil {
			t.Fatal(err)
		}
		d.o.bounds.Full, d.o.bounds.Hubs, d.o.bounds.Common = 2+int(seed%4), 1+int(seed%2), 4+int(seed%7)
		d.h = newHeld(Rewrite, d.o.bounds)
		d.o.sweeps = 1 + int(seed%3)
		article := func(rng *rand.Rand) *Article {
			story := stock[rng.IntN(3)]
			from := rng.IntN(4)
			ps := append([]string(nil), story[from:from+1+rng.IntN(len(story)-from)]...)
			if rng.IntN(3) == 0 {
				ps = append(ps, stock[0][6])
			}
			return &Article{
				ID: fmt.Sprintf("a%02d", rng.IntN(60)), Text: strings.Join(ps, "\n\n"),
				Published: time.Date(2026, 3, 1+rng.IntN(9), 8, 0, 0, 0, time.UTC),
			}
		}
		var wg sync.WaitGroup
		for w := range uint64(4) {
			wg.Go(func() {
				rng := rand.New(rand.NewPCG(seed, w))
				for range 40 {
					var err error
					switch k := rng.IntN(8); {
					case w == 0 && k < 4:
						_, err = d.Expire(ctx, time.Date(2026, 3, 1+rng.IntN(8), 0, 0, 0, 0, time.UTC))
					case k == 7:
						err = d.Remove(ctx, fmt.Sprintf("a%02d", rng.IntN(60)), fmt.Sprintf("a%02d", rng.IntN(60)), fmt.Sprintf("a%02d", rng.IntN(60)))
						if errors.Is(err, ErrNotFound) {
							err = nil
						}
					default:
						_, err = d.Add(ctx, article(rng))
					}
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if err := d.Verify(ctx); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}
