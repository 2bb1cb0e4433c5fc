package recur

import (
	"testing"
)

// The keys are part of the file format and never change. The expected hashes
// were computed by a program of another language over the letters and digits
// as typed out here.
func TestKey(t *testing.T) {
	for _, c := range []struct {
		text string
		key  uint64
		ok   bool
	}{
		{"signupforthetidetableitsfree", 0x9f99660df5cf4342, true},
		{"Sign up for the TIDE-table: it’s free!", 0x9f99660df5cf4342, true},
		{"Подписывайтесь", 0, false},
		{"Подпишитесь на нашу ежедневную рассылку…", 0xb602965ccd95aedd, true},
		{"「毎朝のニュースレターに登録」", 0, true},
		{"Advertisement", 0, false},
		{"A line of 19 letters!", 0, false},
		{"A line of 020 letters!", 0, false},
		{"Some line of 20 letters", 0, false},
		{"Some lines of 20 letters", 0, true},
	} {
		key, ok := Key(c.text)
		if ok != c.ok || c.key != 0 && key != c.key {
			t.Errorf("Key(%q) = %#x, %v, want %#x, %v", c.text, key, ok, c.key, c.ok)
		}
	}
	a, _ := Key("毎朝のニュースレターに登録")
	if b, _ := Key("「毎朝の ニュースレター に登録」。"); a != b {
		t.Error("CJK punctuation counts")
	}
}

// What two ascending lists share, counted the slow way.
func TestCommon(t *testing.T) {
	a, b := []uint32{1, 3, 4, 9, 12}, []uint32{0, 3, 9, 10, 12, 13}
	n := 0
	for _, x := range a {
		for _, y := range b {
			if x == y {
				n++
			}
		}
	}
	if got := common(a, b); got != n {
		t.Errorf("common = %d, want %d", got, n)
	}
}
