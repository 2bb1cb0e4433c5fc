package extract

import (
	"fmt"
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

// Siblings of one shape are cards of other stories if three of five or more show
// a link as long as a headline, of 15 to 300 letters, that makes four fifths of
// its block.
func TestCards(t *testing.T) {
	const body = "<h1>The ferry stays in port</h1><p>" + brief + " " + brief + "</p><p>" + brief + " " + brief + "</p><p>" + brief + " " + brief + "</p>"
	for _, c := range []struct {
		name, head string
		want       bool
	}{
		{"headlines", "<a href=1>A choir looks for</a>", true},
		{"four fifths", "<a href=1>A choir looks for te</a> tenor", false},
		{"labels", "<a href=1>Abcd efgh ijklm</a>", false},
		{"no links", "A choir looks for its tenors", false},
		{"paragraphs", "<a href=1>" + strings.Repeat("a choir looks for its tenors ", 14) + "</a>", false},
	} {
		var list strings.Builder
		for i := range 5 {
			fmt.Fprintf(&list, "<div class=c><div>%s%d</div></div>", c.head, i)
		}
		p := pageOf(t, "<div>"+body+"</div><div>"+list.String()+"</div>")
		b := p.find(t, "3")
		if got := p.elems[b.elem].under&roleOther != 0; got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
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

// What a reader wrote stands under a name, then a line with a day or time. Where
// a label says that comments follow, they may have subjects as well, which may
// all be the headline's; without it, entries of one page with headings and times
// are a report by the minute.
func TestPosts(t *testing.T) {
	run := func(label, entry string) bool {
		var b strings.Builder
		b.WriteString("<div><h2>The ferry stays in port</h2><p>" + brief + "</p></div><div>" + label)
		for i, n := range []string{"Jane", "mary_s", "Guest", "old salt"} {
			e := strings.ReplaceAll(strings.ReplaceAll(entry, "NAME", n), "TIME", "14.05.2010 1"+string(rune('0'+i))+":20")
			b.WriteString("<div>" + strings.ReplaceAll(e, "SAY", comment[:60+20*i]) + "</div>")
		}
		return pageOf(t, b.String()+"</div>").find(t, "Every spring").remark
	}
	const (
		named   = "NAME<br><small>TIME</small><br>SAY"
		subject = "<b>Re: The ferry stays in port</b> (1)<br>by NAME, TIME<br><br>SAY"
		said    = "NAME of the northern harbour, who has seen this more than once and will see it again before the summer is over<br>TIME<br>SAY"
	)
	for _, c := range []struct {
		label, entry string
		want         bool
	}{
		{"", named, true},
		{"<b>Comments (4)</b>", subject, true},
		{"", subject, false},
		{"", said, false}, // no line of a name alone
	} {
		if got := run(c.label, c.entry); got != c.want {
			t.Errorf("%q %q: comments %v", c.label, c.entry, got)
		}
	}
}

// A page of several stories, each under a headline of one kind and its day: only
// the first is the article. Subheads without days, headlines of a lower level and
// entries without prose behind them are no stories of their own.
func TestSequels(t *testing.T) {
	const (
		head  = "<h2>The ferry stays in port</h2><small>14 May 2010</small><p>" + brief + "</p>"
		bold  = "<b>The ferry stays in port</b><br><small>14 May 2010</small><br>" + brief + "<br><br>"
		other = "<p>" + comment + "</p>"
	)
	for _, c := range []struct {
		page string
		want bool
	}{
		{head + "<h2>Money for the bridge</h2><small>13 May 2010</small>" + other, true},
		{head + "<h2><a href=2>Money for the bridge</a></h2>13.05.2010" + other, true},
		{bold + "<b>Money for the bridge</b><br>13.05.2010, 10:20<br>" + comment, true},
		{"<div class=post>" + head + "</div><div class=post><h2>Money for the bridge</h2><small>13 May 2010</small>" + other + "</div>", true},
		{"<div class=post>" + head + "</div><div class=note><h2>Money for the bridge</h2><small>13 May 2010</small>" + other + "</div>", false},
		{head + "<h2>Money for the bridge</h2>" + other, false},
		{head + "<h3>Money for the bridge</h3><small>13 May 2010</small>" + other, false},
		{bold + "Money for the <b>bridge</b><br><br>13.05.2010, 10:20<br>" + comment, false},
		{"<h2>The ferry stays in port</h2><p>" + brief + "</p><h2>Money for the bridge</h2><small>13 May 2010</small>" + other, false},
		{"<h2>The ferry stays in port</h2><small>14 May 2010</small><h2>Money for the bridge</h2><small>13 May 2010</small>" + other, false},
	} {
		p := pageOf(t, "<div>"+c.page+"</div>")
		if got := p.find(t, "Every spring").remark; got != c.want {
			t.Errorf("%s: another story %v", c.page, got)
		}
		if strings.Contains(c.page, brief) && p.find(t, "did not sail").remark {
			t.Errorf("%s: the article is another story", c.page)
		}
	}
	page := "<html><head><title>The ferry stays in port</title></head><body>" + bold + "<b>Money for the bridge</b><br>13.05.2010, 10:20<br>" + comment + "<br><br>" + comment + "</body></html>"
	if a := Extract([]byte(page), Options{}); a.Text != brief {
		t.Errorf("%q", a.Text)
	}
}

// Behind a label of comments and a time or a signature stand comments; where few
// of the paragraphs behind it have such a line, the article may go on there, and
// each stands by its own score.
func TestComments(t *testing.T) {
	less := func(behind string) (float32, int) {
		p := pageOf(t, "<div><h2>The ferry stays in port</h2><p>"+brief+"</p><div><b>Comments (2)</b></div>"+behind+"</div>")
		c := p.container()
		s := p.scope(c)
		scores := make([]scored, p.elems[s].last-p.elems[s].first)
		p.features(c, s, scores)
		from, less := p.comments(p.elems[s].first, scores)
		return less, len(scores) - from
	}
	for _, c := range []struct {
		behind string
		less   float32
		blocks int
	}{
		{"<p>Jane 10:20</p><p>" + comment + "</p>", 2 * labelled, 3},
		{"<p>Jane, 14.05.2010</p><p>" + comment + "</p><p>" + comment + "</p><p>" + comment + "</p>", 2 * labelled, 5},
		{"<p>Jane<br>14.05.2010<br>" + comment + "</p>", 2 * labelled, 2},
		{"<p>Updated at 10:20</p>" + strings.Repeat("<p>"+comment+"</p>", 4), labelled, 6},
		{strings.Repeat("<p>"+comment+"</p>", 6) + "<p>Jane 10:20</p>", 0, 0},
	} {
		if less, n := less(c.behind); less != c.less || n != c.blocks {
			t.Errorf("%s: %v from %d blocks before the end, want %v, %d", c.behind, less, n, c.less, c.blocks)
		}
	}
}
