package chrome

// Reason says why a piece was left out.
type Reason uint8

const (
	Outside  Reason = iota + 1 // not part of the body: menus, footers, other stories
	Headline                   // the headline, or a repetition of it
	Crumbs                     // a breadcrumb line
	Dateline                   // place, date and agency before the first sentence
	Signed                     // who wrote the story, who contributed
	Dated                      // when it was published or updated
	Credited                   // the agency or the rights, behind the text
	Captions                   // captions and credits of pictures
	Other                      // a list of other stories, its label included
	Teaser                     // another story, not announced by a label
	Promo                      // one line that advertises another story
	Ad                         // an advertisement
	Notice                     // consent, subscription, copyright, comment rules
	Button                     // buttons, counters, player controls
	Topic                      // tags and section labels
	Source                     // program code, style sheets, addresses
	Learned                    // comes back on the publisher's pages, see Hints.Learned
)

var reasons = [...]string{"", "outside the body", "headline", "breadcrumb", "dateline", "byline", "date", "credit", "caption", "other stories", "teaser", "promotion", "advertisement", "notice", "button", "tag", "code", "learned"}

// String names the reason in plain words.
func (r Reason) String() string {
	if int(r) < len(reasons) {
		return reasons[r]
	}
	return ""
}
