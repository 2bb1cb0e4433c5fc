package newsdedup

import "testing"

// A call that ends before it has changed anything, as of an article with too long
// an ID, leaves what its task has found in the index. The task is another
// Deduper's next, which holds other texts under these numbers.
func TestTaskOfAnotherDeduper(t *testing.T) {
	text := stock[0][0] + "\n\n" + stock[0][1] + "\n\n" + stock[0][2]
	var ds [2]*Deduper
	for i := range ds {
		d, err := New(nil)
		if err != nil {
			t.Fatal(err)
		}
		for range i { // so that text is number 1 of the second Deduper, 0 of the first
			if _, err := d.Add(t.Context(), &Article{ID: "other", Text: stock[1][0]}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := d.Add(t.Context(), &Article{ID: "text", Text: text}); err != nil {
			t.Fatal(err)
		}
		ds[i] = d
	}
	dr := newDraft(&Article{ID: "version", Text: text + "\n\n" + stock[0][3]}, ds[0].o.GroupBy)
	defer drafts.Put(dr)
	left := new(task)
	ds[1].touch(dr, left)
	left.reset()
	if _, err := ds[0].place(dr, left); err != nil {
		t.Fatal(err)
	}
	if len(left.pairs) != 1 || left.pairs[0].b != 0 {
		t.Errorf("to be verified: %+v, want number 0 alone", left.pairs)
	}
}
