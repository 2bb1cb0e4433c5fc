package extract

// role is a set of hints that tag names, class and id words and attributes
// give of an element's part on the page. A hint is weak evidence: it counts
// only where the share of the page's prose under the element agrees.
type role uint32

const (
	roleBody    role = 1 << iota // named as article body: "article", "body", "content", "entry", "post", "story", "text"
	roleMain                     // <main>, <article>, role=main, itemprop=articleBody
	roleItem                     // itemprop=articleBody
	roleNav                      // menus, breadcrumbs, pagers, tool bars
	roleAside                    // side bars and <aside>
	roleFoot                     // page footer
	roleComment                  // readers' comments
	roleShare                    // share bars, social
	roleRelated                  // lists of other stories
	roleNotice                   // newsletter, login, cookie, consent, pay wall, pop-up
	roleAd                       // advertising
	roleMeta                     // tags, byline, author biography, date line, counters
	roleCaption                  // captions and credits of pictures
	roleMedia                    // players, galleries, widgets
	roleHidden                   // not shown: hidden, display:none, aria-hidden
	roleHead                     // page header
	roleOther                    // another story
	roleConsent                  // cookie and consent dialogs

	roleChrome = roleNav | roleAside | roleFoot | roleComment | roleShare | roleRelated | roleNotice | roleAd | roleMeta | roleCaption | roleMedia | roleHead | roleConsent | roleOther
)

// classWords reads the hints off a class or id attribute. A name's words end
// at anything but a letter or digit and before a capital that follows a small
// letter: "relatedArticles" and "related-articles" both hold "related". Only
// the first and the last word of a name count, but for the strongest words, and names of style utilities
// ("md:hidden", "u-text", "has-sidebar", "no-footer") do not.
func classWords(s string) role {
	var r role
	for i := 0; i < len(s); {
		for i < len(s) && s[i] <= ' ' {
			i++
		}
		j := i
		for j < len(s) && s[j] > ' ' {
			j++
		}
		if j > i && j-i <= 80 {
			r |= nameRole(s[i:j])
		}
		i = j
	}
	return r
}

func nameRole(name string) role {
	var first, last [24]byte
	nf, nl, words := 0, 0, 0
	var cur [24]byte
	n := 0
	lower := false
	var inner role
	for i := 0; i <= len(name); i++ {
		var c byte
		if i < len(name) {
			c = name[i]
		}
		letter := c >= 'a' && c <= 'z'
		upper := c >= 'A' && c <= 'Z'
		switch {
		case c == ':' || c == '[' || c == '@' || c == '%':
			return 0
		case letter || upper && !lower:
			if n < len(cur) {
				cur[n] = c | 0x20
			}
			n++
			lower = letter
			continue
		case c >= '0' && c <= '9' && n > 0:
			// Part of the word, so that "ad6f01" is not an "ad"; taken off again
			// at its end: "comment15".
			if n < len(cur) {
				cur[n] = c
			}
			n++
			continue
		}
		for n > 0 && n <= len(cur) && cur[n-1] <= '9' {
			n--
		}
		if n > 0 && n <= len(cur) {
			if words == 0 {
				first, nf = cur, n
			} else if i < len(name) && n >= 5 {
				inner |= wordRole(string(cur[:n])) & (roleConsent | roleComment | roleRelated | roleNotice | roleNav)
			}
			last, nl = cur, n
			words++
		}
		n, lower = 0, false
		if upper {
			cur[0], n = c|0x20, 1
		}
	}
	if words == 0 {
		return 0
	}
	if words == 1 {
		return wordRole(string(first[:nf]))
	}
	r := inner
	switch string(first[:nf]) {
	case "no", "not", "has", "is", "with", "without", "js", "u", "has-no":
		return 0
	case "tag", "category":
		return 0 // a blog's topics: category-newsletter, tag-video
	case "author", "topic", "date", "text", "page", "print", "form", "format", "main", "content", "post", "body", "bottom", "top", "more", "reply", "like", "search":
		// Names that go on to say what of: tag-politics, post-related, main-menu.
	default:
		r |= wordRole(string(first[:nf]))
	}
	return r | wordRole(string(last[:nl]))
}

// wordRole is the lexicon of generic class and id words.
func wordRole(w string) role {
	switch w {
	case "article", "articlebody", "articletext", "articlecontent", "body", "content", "entry", "post", "story", "storybody", "text", "main", "page", "prose", "artikel", "richtext":
		return roleBody
	case "nav", "navi", "navigation", "navbar", "menu", "breadcrumb", "breadcrumbs", "pager", "pagination", "toolbar", "tabs", "toc", "skip", "search", "sitemap", "paging", "topbar", "dropdown":
		return roleNav
	case "sidebar", "aside", "rail", "complementary", "sidecol", "secondary", "marginal":
		return roleAside
	case "footer", "foot", "copyright", "colophon", "legal", "imprint":
		return roleFoot
	case "comment", "comments", "commentlist", "commenting", "disqus", "respond", "reply", "replies", "discussion", "kommentar", "kommentare", "comentarios", "commentaires", "reactions", "feedback":
		return roleComment
	case "share", "sharing", "sharebar", "social", "socials", "addtoany", "addthis", "follow", "like", "likes", "bookmark":
		return roleShare
	case "related", "recirc", "recirculation", "recommended", "recommendation", "recommendations", "recommend", "popular", "trending", "mostread", "teaser", "teasers", "promo", "promos", "promotion", "readmore", "more", "latest", "upnext", "similar", "suggested", "crosslink", "crosslinks", "linkbox", "infobox":
		return roleRelated
	case "newsletter", "subscribe", "subscription", "signup", "login", "signin", "register", "registration", "popup", "modal", "overlay", "dialog", "disclaimer", "cta", "banner", "form", "lightbox", "notification", "donate", "donation", "captcha", "tooltip":
		return roleNotice
	case "ad", "ads", "adv", "advert", "advertisement", "advertising", "adsense", "adbox", "sponsor", "sponsored", "sponsors", "werbung", "anzeige", "publicidad", "affiliate", "shopping":
		return roleAd
	case "tag", "tags", "taglist", "tagcloud", "keywords", "topics", "byline", "author", "authors", "bio", "autor", "biography", "meta", "metadata", "postmeta", "timestamp", "dateline", "date", "published", "counter", "rating", "ratings", "stars", "votes", "categories", "category", "kicker", "toolbox", "tools", "print", "eyebrow", "readtime":
		return roleMeta
	case "caption", "figcaption", "captions", "credit", "credits", "wp-caption", "legend", "photocredit", "bildunterschrift":
		return roleCaption
	case "player", "video", "audio", "gallery", "slideshow", "carousel", "slider", "swiper", "poll", "quiz", "iframe", "ticker", "playlist", "podcast":
		return roleMedia
	case "cookie", "cookies", "consent", "gdpr", "privacy":
		return roleConsent
	case "sr", "visuallyhidden", "screenreader", "offscreen":
		return roleMeta
	case "header", "masthead", "hero", "topnav":
		return roleHead
	}
	return 0
}
