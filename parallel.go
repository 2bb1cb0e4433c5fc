package newsdedup

import "sync"

// parallel runs a function in so many goroutines, this one among them.
func parallel(workers int, f func(w int)) {
	var wg sync.WaitGroup
	for w := range workers - 1 {
		wg.Go(func() { f(w + 1) })
	}
	f(0)
	wg.Wait()
}
