// Package chrome tells an article's text from the page furniture around it:
// menus, counters, lists of other stories, credits and notices. It works on
// blocks of text and is the one home of those rules, for flattened text and
// HTML alike.
package chrome
