// Package extract takes the article out of an HTML page.
package extract

import (
	_ "github.com/PuerkitoBio/goquery"
	_ "golang.org/x/net/html"
	_ "golang.org/x/net/html/charset"
	_ "golang.org/x/text/unicode/norm"
)
