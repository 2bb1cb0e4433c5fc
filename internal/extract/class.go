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

// classWords reads the hints off a class or id attribute. Words end at
// anything but a letter or digit and before a capital that follows a small
// letter: "relatedArticles" and "related-articles" both hold "related".
func classWords(s string) role {
	var r role
	var buf [24]byte
	n := 0
	over := false
	prevLower := false
	for i := 0; i <= len(s); i++ {
		var c byte
		if i < len(s) {
			c = s[i]
		}
		letter := c >= 'a' && c <= 'z'
		upper := c >= 'A' && c <= 'Z'
		if letter || upper && !prevLower {
			if n < len(buf) {
				buf[n] = c | 0x20
				n++
			} else {
				over = true
			}
			prevLower = letter
			continue
		}
		if n > 0 && !over {
			r |= wordRole(string(buf[:n]))
		}
		n, over = 0, false
		prevLower = false
		if upper {
			buf[0], n = c|0x20, 1
		}
	}
	return r
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
	case "footer", "foot", "bottom", "copyright", "colophon", "legal", "imprint":
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
	case "player", "video", "audio", "gallery", "slideshow", "carousel", "slider", "swiper", "embed", "poll", "quiz", "iframe", "ticker", "playlist", "podcast":
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
