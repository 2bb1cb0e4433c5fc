package newsdedup

import (
	"errors"
	"fmt"
	"strings"

	"github.com/newsdedup/newsdedup/internal/chrome"
	"github.com/newsdedup/newsdedup/internal/recur"
)

// Profile is what a Learner learned of one publisher's chrome: the paragraphs
// that come back in its different stories, such as prompts to subscribe,
// notices and the lives of its reporters. Given to NormalizeText or
// NormalizeHTML by NormalizeOptions.Profile, these paragraphs are left out,
// with Stripped.Reason "learned", but for one of whose terms (longer words,
// names, numbers) the rest of the story uses seven in ten: that is the story's
// own, which other pages show as a teaser. What a normalization gives is a pure
// function of its profile, other options and input.
//
// A profile learned from text serves for HTML and the other way round. It
// holds hashes of paragraphs and no text. The zero Profile is empty and
// changes nothing. A Profile is safe for concurrent use, UnmarshalBinary
// apart.
type Profile struct {
	set recur.Set
}

// Len is the number of paragraphs that the profile knows.
func (p *Profile) Len() int { return p.set.Len() }

// AppendBinary appends the encoded form of p to dst, 14 bytes and 8 more a
// paragraph.
func (p *Profile) AppendBinary(dst []byte) ([]byte, error) { return p.set.Append(dst), nil }

// MarshalBinary is AppendBinary to an empty slice.
func (p *Profile) MarshalBinary() ([]byte, error) { return p.AppendBinary(nil) }

// UnmarshalBinary sets p to what AppendBinary wrote. Data of another version
// gives ErrFormat; any other bytes that AppendBinary would not have written
// give ErrCorrupt, and p is left alone.
func (p *Profile) UnmarshalBinary(b []byte) error {
	set, err := recur.Decode(b)
	switch {
	case errors.Is(err, recur.ErrVersion):
		return fmt.Errorf("%w: profile: %w", ErrFormat, err)
	case err != nil:
		return fmt.Errorf("%w: profile: %w", ErrCorrupt, err)
	}
	p.set = set
	return nil
}

// MarshalText is MarshalBinary in base64 (RFC 4648, section 4), for JSON and other
// text.
func (p *Profile) MarshalText() ([]byte, error) { return toText(p.MarshalBinary()) }

// UnmarshalText is the inverse of MarshalText, with the errors of UnmarshalBinary;
// what is no base64 gives ErrCorrupt.
func (p *Profile) UnmarshalText(text []byte) error {
	b, err := fromText("profile", text)
	if err != nil {
		return err
	}
	return p.UnmarshalBinary(b)
}

// learned is the profile as normalization takes it; nil if it knows nothing.
func (o *NormalizeOptions) learned() func(string) bool {
	if o == nil || o.Profile == nil || o.Profile.Len() == 0 {
		return nil
	}
	return o.Profile.set.Has
}

// Learner makes a Profile of the pages or texts of one publisher. The zero
// Learner is ready. It holds about 3 KB a story and is not safe for concurrent
// use.
//
// A paragraph is learned if
//
//  1. it has 20 letters and digits, where a Han, kana or Hangul character
//     counts as two; case, spaces and punctuation do not matter;
//  2. normalization left it in the text of three stories or more, and of one
//     story in fifty;
//  3. as many of them (twelve are enough) are different stories: without the
//     paragraphs that two of them share, the one with fewer terms (longer
//     words, names, numbers) has less than a fifth of them in common with the
//     other, and twelve terms or more are left to both. Reprints and versions
//     of one story, and follow-ups, so count as one;
//  4. it has four terms or more, and belongs to none of the stories: on
//     average less than three tenths of them are found in the rest of a story,
//     and never seven tenths.
//
// On wire2025 (237 texts of 41 publishers with four or more, each freed with
// what the publisher's others teach) 13 of the 19 paragraphs that come back in
// three other events go, and no other paragraph.
//
// Fewer than three different stories teach nothing. The order in which stories
// are added does not matter. Feed a Learner the pages of one publisher: a wire
// paragraph comes back with many publishers, and is no one's chrome.
type Learner struct {
	count recur.Counter
}

// Len is the number of stories added.
func (l *Learner) Len() int { return l.count.Len() }

// Add adds a story, normalized without a profile; nil is ignored. The article
// is not kept.
func (l *Learner) Add(a *Article) {
	if a == nil {
		return
	}
	var paragraphs []recur.Paragraph
	terms := make([]uint32, 0, len(a.Text)/8+8)
	for text := range strings.SplitSeq(a.Text, "\n\n") {
		if text == "" {
			continue
		}
		from := len(terms)
		terms = chrome.Terms(terms, text)
		p := recur.Paragraph{Terms: terms[from:len(terms):len(terms)]}
		if key, ok := recur.Key(text); ok && text != a.Title {
			p.Key = key
		}
		paragraphs = append(paragraphs, p)
	}
	l.count.Add(paragraphs)
}

// Profile makes the profile of all stories added so far. Stories may be added
// afterwards, for the next profile.
func (l *Learner) Profile() *Profile {
	return &Profile{l.count.Recurring()}
}
