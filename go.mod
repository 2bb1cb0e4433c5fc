module github.com/newsdedup/newsdedup

go 1.26
