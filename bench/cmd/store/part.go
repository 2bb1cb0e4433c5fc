package main

import (
	"context"
	"encoding/binary"
	"iter"

	"github.com/newsdedup/newsdedup"
)

// A part is a Store for one of several Dedupers that fill a file one after the
// other. It seems to be empty, and has its records behind those of the parts
// before, which hold the articles up to number first: keys of newsdedup are a 1
// and twice the number of an article, or one more.
type part struct {
	newsdedup.Store
	first uint64
}

func (p *part) Scan(context.Context) iter.Seq2[newsdedup.Record, error] {
	return func(func(newsdedup.Record, error) bool) {}
}

func (p *part) Apply(ctx context.Context, b newsdedup.Batch) error {
	var out newsdedup.Batch
	for _, k := range b.Delete {
		out.Delete = append(out.Delete, p.key(k))
	}
	for _, r := range b.Put {
		out.Put = append(out.Put, newsdedup.Record{Key: p.key(r.Key), Value: r.Value})
	}
	return p.Store.Apply(ctx, out)
}

func (p *part) key(k []byte) []byte {
	if k[0] != 1 {
		return k
	}
	return binary.BigEndian.AppendUint64([]byte{1}, binary.BigEndian.Uint64(k[1:])+2*p.first)
}
