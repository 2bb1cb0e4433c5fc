package sketch

// A counter adds up the bits of hashes, for a SimHash.
type counter struct {
	n    int
	ones [64]int
}

func (c *counter) reset() { *c = counter{} }

func (c *counter) add(h uint64) {
	c.n++
	for i := range c.ones {
		c.ones[i] += int(h >> i & 1)
	}
}

// sum returns the bits that more than half of the hashes have.
func (c *counter) sum() (s uint64) {
	for i, k := range c.ones {
		if 2*k > c.n {
			s |= 1 << i
		}
	}
	return s
}
