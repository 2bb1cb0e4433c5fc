// Package newsdedup tells which news articles are the same article, which
// were made from one another, and which merely report the same event, and
// gives the evidence.
//
// # The way of the data
//
//	io.Reader ─ normalize ─▶ Article ─ fingerprint ─▶ Fingerprint ─ find ─▶ candidates ─ relate ─▶ Match ─ group ─▶ Group
//
//	normalize    NormalizeHTML, NormalizeText, Profile     normalize.go, profile.go, decode.go, internal/mojibake, internal/extract, internal/chrome, internal/recur
//	fingerprint  Scheme.Fingerprint                        simhash.go, internal/token, internal/sketch
//	find         Deduper.Add, AddAll, Lookup, Expire       dedup.go, addall.go, forget.go, recount.go, sweep.go, held.go, draft.go, task.go, link.go, match.go, internal/posting, internal/arena
//	relate       Relate, Compare                           relation.go, judge.go, evidence.go, internal/align, internal/verdict
//	group        Cluster, Deduper.Group, Groups, Events    cluster.go, group.go, component.go, family.go, event.go, internal/star
//	store        Open, Store, Deduper.Verify               store.go, open.go, load.go, record.go, ledger.go, change.go, undo.go, verify.go, boltstore
//
// Normalization frees an article of the page around it. The fingerprint keeps
// hashes of its content words in order, about a kilobyte and no text; it is a
// pure function of scheme and article. Candidates are articles that have keys
// of the index in common: sampled runs of three content words and, where
// paraphrases and reports of one event are looked for, pairs of names or
// numbers that stand close to one another or in the title. Each candidate is
// verified from the two fingerprints, and nothing is linked on shared hashes
// alone. Links become groups. A Deduper holds fingerprints, links and index in
// memory; one from Open keeps them in a Store as well.
//
// # Groups
//
// Links of Options.GroupBy or stronger are grouped by stars, so that A~B~C…~Z
// with A and Z unrelated is not one group: articles are visited by falling
// number of links; one that no earlier centre is linked to becomes a centre;
// every other article joins the linked centre whose star it is tied to most, one
// that is linked to it as a Rewrite or weaker only if the mean over the star of
// 2p - 1, p being the score of a link, is at least .2; two groups merge while that
// mean over the pairs across them is, and at SameStory once more with the links
// of that level, which count 1.4 (2p - 1) up to 1. Of a star of more than 16 those
// count, and of a group of more than 64 these, that come first by a hash of their
// texts, which are the ones that an index compares. Two articles linked to each
// other alone are a group. A link
// between two notices of at most sixty content words, or tables of at most two
// hundred of which a quarter are numbers, that differ in a name or a figure does
// not count where either differs so from another one too: three of a kind are a
// series.
// The rules and their source are in internal/star.
//
// # Promises
//
// Nothing depends on the machine, the Go version, map order, time, the order
// of arrival, articles that came and went, or the number of workers. What a
// durable Deduper has acknowledged survives a crash. No function uses the
// network or leaves a goroutine behind. Errors wrap the sentinels of errors.go,
// with the prefix "newsdedup:". All functions and types are safe for concurrent
// use unless their comment says otherwise.
package newsdedup
