package extract

import (
	"strings"
	"testing"
)

func pageOf(t *testing.T, body string) *page {
	t.Helper()
	p, _ := parse([]byte("<html><head><title>The ferry stays in port | Northern Light</title></head><body>"+body+"</body></html>"), nil)
	if p == nil {
		t.Fatal("no page")
	}
	return p
}

func (p *page) find(t *testing.T, text string) *block {
	t.Helper()
	for i := range p.blocks {
		if strings.Contains(p.view(&p.blocks[i]), text) {
			return &p.blocks[i]
		}
	}
	t.Fatalf("no block with %q", text)
	return nil
}

const (
	brief   = "The ferry to the island did not sail on Monday: a leak was found in the engine room, and the captain refused to take anyone aboard."
	teaser  = "<p><a href=1>Another headline of the day</a><br>Some words of it, as many as a teaser has, and a few more, which say nothing of ferries.</p>"
	comment = "Every spring it is the same with this ferry, we write letters and they answer that the money has been set aside, but nobody has seen it."
)

// The cell with the headline is the article's column even where its brief is
// shorter than all teasers beside it, but not where the body itself stands in
// the other cell.
func TestColumns(t *testing.T) {
	p := pageOf(t, "<table><tr><td>"+strings.Repeat(teaser, 5)+"</td><td><h2>The ferry stays in port</h2><p>"+brief+"</p></td></tr></table>")
	if b := p.find(t, "Some words"); !p.elems[b.elem].column {
		t.Error("the teasers are no column of their own")
	}
	p = pageOf(t, "<table><tr><td><h2>The ferry stays in port</h2><p>"+brief+"</p></td><td>"+strings.Repeat("<p>"+comment+"</p>", 5)+"</td></tr></table>")
	if b := p.find(t, "Every spring"); p.elems[b.elem].column {
		t.Error("the body is in a column of its own")
	}
}

// Copyright behind a brief is not the page's body, however long it is.
func TestContainerNotice(t *testing.T) {
	p := pageOf(t, "<div><div><h2>The ferry stays in port</h2>"+brief+"</div><div><a href=1>One headline of the day</a><br><a href=2>Another headline of the day</a></div></div>"+
		"<center>© 2009 Northern Light. All rights reserved. No part of this page may be reproduced, stored or sent on in any form without the written permission of its publisher, who may refuse it.</center>")
	c := &p.elems[p.container()]
	for i := range p.blocks {
		if &p.blocks[i] == p.find(t, "did not sail") && (int32(i) < c.first || int32(i) >= c.last) {
			t.Errorf("the body is outside of <%s>", c.atom)
		}
	}
}

// Lines of a name and a time between paragraphs make these readers' comments;
// lines of a time alone, or of the same words every time, are a report by the
// minute.
func TestRemarks(t *testing.T) {
	run := func(names ...string) bool {
		var b strings.Builder
		b.WriteString("<div><h2>The ferry stays in port</h2><p>" + brief + "</p><p>" + brief + "</p><p>" + brief + "</p>")
		for i, n := range names {
			b.WriteString("<p><b>" + n + "</b> 14.05.2010 1" + string(rune('0'+i)) + ":20</p><p>" + comment[:60+10*i] + "</p>")
		}
		p := pageOf(t, b.String()+"</div>")
		return p.find(t, "Every spring").remark
	}
	if !run("Jane", "mary_s", "Guest") {
		t.Error("comments are none")
	}
	if run("Update", "Update", "Update", "Update") {
		t.Error("a report by the minute is comments")
	}
	if run("Jane", "mary_s") {
		t.Error("two are a run")
	}
}
