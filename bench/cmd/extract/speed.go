package main

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"
)

// measure times every extractor on every page, round by round side by side, so
// that a busy machine slows all of them alike; the least time of a page counts.
func measure(pages []page, chosen []extractor, rounds int) string {
	var out strings.Builder
	times := make([][]time.Duration, len(chosen))
	allocs := make([]uint64, len(chosen))
	bytes := make([]uint64, len(chosen))
	size := 0
	for _, p := range pages {
		size += len(p.body)
	}
	for i := range times {
		times[i] = make([]time.Duration, len(pages))
	}
	for round := range rounds {
		for pi, p := range pages {
			for i, x := range chosen {
				var before, after runtime.MemStats
				if round == 0 {
					runtime.ReadMemStats(&before)
				}
				start := time.Now()
				x.run(p.body, p.url)
				d := time.Since(start)
				if round == 0 {
					runtime.ReadMemStats(&after)
					allocs[i] += after.Mallocs - before.Mallocs
					bytes[i] += after.TotalAlloc - before.TotalAlloc
				}
				if round == 0 || d < times[i][pi] {
					times[i][pi] = d
				}
			}
		}
	}
	fmt.Fprintln(&out, "| extractor | MB/s | time, parse = 1 | p50 ms | p99 ms | worst page, its parse = 1 | allocations, parse = 1 | bytes, parse = 1 |")
	fmt.Fprintln(&out, "|---|---|---|---|---|---|---|---|")
	var floor time.Duration
	for _, d := range times[0] {
		floor += d
	}
	for i, x := range chosen {
		var total time.Duration
		worst := 0.0
		for pi, d := range times[i] {
			total += d
			worst = max(worst, float64(d)/float64(times[0][pi]))
		}
		s := slices.Sorted(slices.Values(times[i]))
		fmt.Fprintf(&out, "| %s | %.1f | %.2f | %.2f | %.2f | %.1f | %.2f | %.2f |\n", x.name, float64(size)/1e6/total.Seconds(), float64(total)/float64(floor),
			ms(s[len(s)/2]), ms(s[len(s)*99/100]), worst, float64(allocs[i])/float64(allocs[0]), float64(bytes[i])/float64(bytes[0]))
	}
	return out.String()
}

func ms(d time.Duration) float64 { return float64(d) / 1e6 }
