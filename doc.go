// Package newsdedup tells which news articles are the same article, which
// were made from one another, and which merely report the same event.
package newsdedup
