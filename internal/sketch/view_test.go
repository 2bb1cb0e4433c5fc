package sketch

import (
	"math/rand"
	"slices"
	"testing"
)

// equalView reports whether v shows what s holds.
func equalView(v *View, s *Sketch) bool {
	if v.Len != len(s.Tokens) || v.Words != s.Words || v.Level != s.Level || !slices.Equal(v.Segs, s.Segs) ||
		len(v.Short) != 2*len(s.Short) || len(v.Head) != 2*len(s.Head) {
		return false
	}
	for i, t := range s.Tokens {
		if v.Token(i) != t || v.Kind(i) != s.Kinds[i] {
			return false
		}
	}
	for i, t := range s.Short {
		if uint16(v.Short[2*i])|uint16(v.Short[2*i+1])<<8 != t {
			return false
		}
	}
	for i, t := range s.Head {
		if uint16(v.Head[2*i])|uint16(v.Head[2*i+1])<<8 != t || Kind(v.HeadKinds[i/4]>>(i%4*2))&3 != s.HeadKinds[i] {
			return false
		}
	}
	return true
}

// A View shows what Decode gives, whatever it showed before.
func TestView(t *testing.T) {
	r := rand.New(rand.NewSource(5))
	var b Builder
	var v View
	for range 400 {
		var s Sketch
		b.Build(&s, compose(r, r.Intn(20)), compose(r, r.Intn(3000)))
		if v.Of(&s); !equalView(&v, &s) {
			t.Fatalf("%+v\nshows\n%+v", v, s)
		}
		if got := Level(string(s.Append(nil))); got != s.Level {
			t.Fatalf("Level %d, want %d", got, s.Level)
		}
	}
	if v.Read(""); v.Len != 0 || len(v.Segs) != 0 || v.Tokens != "" {
		t.Errorf("of nothing: %+v", v)
	}
}

// FuzzView reads anything: what Decode accepts shows the same, and of anything
// else every token, kind and segment that there is said to be is there.
func FuzzView(f *testing.F) {
	r := rand.New(rand.NewSource(6))
	var b Builder
	for range 4 {
		var s Sketch
		b.Build(&s, compose(r, 8), compose(r, 300))
		f.Add(string(s.Append(nil)))
	}
	f.Add("")
	f.Fuzz(func(t *testing.T, data string) {
		var s Sketch
		var v View
		v.Read(data)
		if _, err := s.Decode(data); err == nil && !equalView(&v, &s) {
			t.Fatalf("%+v\nshows\n%+v", v, s)
		}
		for i := range v.Len {
			v.Token(i)
			v.Kind(i)
		}
		for k, g := range v.Segs {
			if int(g.Token) >= v.Len || k > 0 && g.Token < v.Segs[k-1].Token {
				t.Fatalf("segment %d of %d tokens: %+v", k, v.Len, g)
			}
		}
		for i := range len(v.Head) / 2 {
			_ = v.HeadKinds[i/4]
		}
	})
}
