// Package newsdedup tells which news articles are the same article, which
// were made from one another, and which merely report the same event, and
// gives the evidence.
//
// # The way of the data
//
//	io.Reader ─ normalize ─▶ Article ─ fingerprint ─▶ Fingerprint ─ find ─▶ candidates ─ relate ─▶ Match ─ group ─▶ Group
//
//	normalize    NormalizeHTML, NormalizeText      normalize.go, internal/extract, internal/chrome
//	fingerprint  Scheme.Fingerprint                simhash.go, internal/token, internal/sketch
//	find         Deduper.Add, Deduper.Lookup       dedup.go, internal/posting
//	relate       Relate, Compare                   relation.go, evidence.go, internal/align, internal/verdict
//	group        Cluster, Deduper.Group            cluster.go, internal/star
//
// Normalization frees an article of the page around it. The fingerprint keeps
// hashes of its content words in order, about a kilobyte and no text; it is a
// pure function of scheme and article. Candidates are articles that share a
// run of three content words, a pair of names or numbers that stand close to
// one another, or a pair of title words. Each candidate is verified from the
// two fingerprints, and nothing is linked on shared hashes alone. Links become
// groups.
//
// # Groups
//
// Links of Options.GroupBy or stronger are grouped by stars, so that A~B~C…~Z
// with A and Z unrelated is not one group: articles are visited by falling
// number of links; one that no earlier centre is linked to becomes a centre;
// every other article joins the linked centre whose star it is tied to most; a
// member that only a SameStory link ties to the centre leaves if it is linked
// to less than half of the others; two groups merge while at least half of the
// pairs across them are linked.
// The rules and their source are in internal/star.
//
// # Promises
//
// Nothing depends on the machine, the Go version, map order, time, the order
// of arrival or the number of workers. No function uses the network or leaves
// a goroutine behind. Errors wrap the sentinels of errors.go, with the prefix
// "newsdedup:". All functions and types are safe for concurrent use unless
// their comment says otherwise.
package newsdedup
