package chrome

import (
	"strings"
	"unicode/utf8"
)

// Label is what a short line announces.
type Label uint8

const (
	NoLabel  Label = iota
	Stories        // other stories: "Related", "Ranking", "Most read"
	Tags           // topics and tags of the story
	Advert         // an advertisement
	Prompt         // a newsletter, registration or app prompt
	Share          // sharing and other buttons: "Share", "Print", "View"
	Comments       // the readers' comments
	Summary        // the summary or bullet points of the story itself
	Author         // a box about the author
	Media          // a video, gallery or player
)

// labelWords are the whole lines that announce something, folded: lower case,
// punctuation, digits and dividers gone, single spaces. A line that merely
// contains one of them is no label.
var labelWords = [...]struct {
	label Label
	words string
}{
	{Stories, `related|related stories|related articles|related news|related content|related links|related coverage|related posts|related reading|related topics|related items|
ranking|rankings|recommendation|recommendations|recommended|recommended for you|recommended stories|recommended articles|recommended reading|recommended videos|
read more|read next|read also|also read|more|more news|more stories|more headlines|more from|more on this|more on this story|more on this topic|more like this|further reading|keep reading|what to read next|up next|next up|see also|
you may also like|you might also like|you might like|you may like|you may also be interested in|we recommend|our picks|our latest stories|editors picks|editors choice|editor picks|dont miss|must read|must reads|in case you missed it|in other news|
most read|most popular|most viewed|most shared|most commented|most recent|most watched|popular|popular stories|popular posts|popular now|popular news|trending|trending now|trending stories|trending news|top stories|top news|top headlines|latest|latest news|latest stories|latest headlines|latest posts|latest articles|latest updates|breaking news|recent posts|recent stories|recent news|headlines|other news|other stories|elsewhere on the web|around the web|from around the web|from the web|sponsored content|sponsored stories|sponsored links|paid content|promoted stories|promoted content|best of|most popular articles|most popular videos|previous post|next post|previous article|next article|previous story|next story|explore more|discover more|
relacionado|relacionados|relacionadas|noticias relacionadas|artículos relacionados|contenido relacionado|notas relacionadas|temas relacionados|lee también|lea también|leer más|lee más|lea más|más noticias|más información|más sobre|más leídas|más leídos|más leído|las más leídas|los más leídos|lo más leído|lo más visto|lo más|más vistas|te puede interesar|te recomendamos|le puede interesar|también te puede interesar|recomendado|recomendados|recomendadas|recomendaciones|clasificación|últimas noticias|lo último|noticias destacadas|destacados|no te pierdas|ver también|mira también|sigue leyendo|
mehr zum thema|mehr dazu|mehr lesen|mehr aus|mehr nachrichten|weitere artikel|weitere meldungen|weitere nachrichten|weitere themen|weitere beiträge|weiterlesen|zum thema|ähnliche artikel|ähnliche beiträge|verwandte artikel|verwandte themen|verwandte beiträge|passend dazu|auch interessant|auch lesenswert|lesen sie auch|lesen sie mehr|lesen sie mehr zum thema|lesen sie jetzt|lesetipps|das könnte sie auch interessieren|das könnte dich auch interessieren|das könnte sie interessieren|meistgelesen|meistgelesene artikel|meist gelesen|am meisten gelesen|meistgeklickt|beliebt|beliebte artikel|empfehlung|empfehlungen|empfohlen|unsere empfehlungen|unsere tipps|rangliste|rangfolge|neueste artikel|neueste nachrichten|aktuelle nachrichten|aktuelle meldungen|topmeldungen|schlagzeilen|anzeigen|siehe auch|nicht verpassen|
à lire aussi|lire aussi|à lire également|lire également|lire la suite|à voir aussi|voir aussi|sur le même sujet|sur le même thème|articles liés|articles similaires|articles connexes|dans la même rubrique|en relation|plus dinformations|en savoir plus|les plus lus|le plus lu|les plus lues|les plus populaires|les plus consultés|recommandé|recommandés|recommandation|recommandations|recommandé pour vous|classement|vous aimerez aussi|vous pourriez aussi aimer|à ne pas manquer|dernières nouvelles|dernières actualités|derniers articles|dernières infos|à la une|nos recommandations|la rédaction vous recommande|
notícias relacionadas|artigos relacionados|matérias relacionadas|conteúdo relacionado|leia também|leia mais|veja também|veja mais|saiba mais|mais lidas|mais lidos|as mais lidas|mais vistas|mais notícias|recomendações|recomendadas para você|você pode gostar|você também pode gostar|últimas notícias|destaques|não perca|
correlati|articoli correlati|notizie correlate|leggi anche|leggi ancora|leggi altro|leggi di più|più letti|i più letti|più lette|le più lette|più letto|consigliati|raccomandazioni|raccomandati|classifica|potrebbe interessarti|ti potrebbe interessare|potrebbe interessarti anche|ultime notizie|da non perdere|vedi anche|altre notizie|
gerelateerd|gerelateerde artikelen|gerelateerd nieuws|lees ook|lees meer|lees verder|bekijk ook|meer nieuws|meer over|meest gelezen|best gelezen|populair|aanbevolen|aanbevelingen|ranglijst|laatste nieuws|mis niet|
powiązane|powiązane artykuły|podobne artykuły|czytaj także|czytaj też|czytaj również|czytaj więcej|przeczytaj także|przeczytaj też|zobacz także|zobacz też|zobacz również|zobacz więcej|więcej|najczęściej czytane|najpopularniejsze|najnowsze|polecane|polecamy|rekomendacje|ranking|nie przegap|
по теме|похожие|похожие новости|похожие статьи|похожие материалы|читайте также|читать также|читать далее|читайте ещё|читать ещё|смотрите также|материалы по теме|новости по теме|ещё по теме|другие новости|связанные|связанные новости|связанные статьи|самое читаемое|самое популярное|популярное|популярные|популярные новости|главное|главные новости|последние новости|новости партнеров|рейтинг|рекомендация|рекомендации|рекомендуем|рекомендованное|рекомендуем прочитать|
читайте також|схожі новини|за темою|популярне|
läs också|läs mer|läs även|mest läst|relaterat|relaterade artiklar|les også|les mer|mest lest|relaterte emner|relaterte saker|siste nytt|læs også|læs mere|mest læste|relaterede artikler|lue myös|luetuimmat|
okumaya devam et|ilgili haberler|benzer haberler|önerilen|önerilenler|en çok okunanlar|son haberler|baca juga|berita terkait|terpopuler|rekomendasi|đọc thêm|tin liên quan|xem thêm|
相关|相关新闻|相关阅读|相关文章|相关报道|相关推荐|相关链接|相关内容|推荐|推荐阅读|为您推荐|为你推荐|猜你喜欢|排行|排行榜|点击排行|热门|热门文章|热门新闻|热门推荐|热点|热点新闻|最新|最新新闻|最新消息|最新文章|延伸阅读|更多|更多新闻|更多内容|精彩推荐|编辑推荐|阅读排行|
相關|相關新聞|相關閱讀|相關文章|相關報導|延伸閱讀|推薦|推薦閱讀|推薦文章|熱門|熱門新聞|熱門文章|最新新聞|更多新聞|你可能也喜歡|猜你喜歡|人氣|看更多|
関連|関連記事|関連ニュース|関連リンク|関連トピックス|関連する記事|関連キーワード|おすすめ|おすすめ記事|おすすめの記事|こちらもおすすめ|あわせて読みたい|合わせて読みたい|あわせて読む|ランキング|アクセスランキング|記事ランキング|人気記事|人気の記事|人気記事ランキング|よく読まれている記事|よく読まれる記事|最新記事|最新ニュース|新着記事|新着|新着ニュース|主要ニュース|注目|注目記事|ピックアップ|もっと見る|続きを読む|次の記事|前の記事|
관련|관련기사|관련 기사|관련뉴스|관련 뉴스|연관기사|추천|추천기사|추천 기사|추천뉴스|추천 뉴스|랭킹|랭킹뉴스|인기기사|인기 기사|인기뉴스|인기 뉴스|많이 본 뉴스|많이 본 기사|가장 많이 본 뉴스|실시간 인기기사|최신뉴스|최신기사|주요뉴스|주요 뉴스|함께 보면 좋은 기사|더보기|이 시각 주요뉴스|
اقرأ أيضا|اقرأ أيضاً|إقرأ أيضا|اقرأ المزيد|ذات صلة|مواضيع ذات صلة|أخبار ذات صلة|مقالات ذات صلة|موضوعات ذات صلة|الأكثر قراءة|الأكثر مشاهدة|الأكثر تداولا|موصى به|توصيات|ترتيب|المزيد|شاهد أيضا|آخر الأخبار|أحدث الأخبار|
مطالب مرتبط|بیشتر بخوانید|پربازدیدترین|संबंधित खबरें|संबंधित समाचार|यह भी पढ़ें|ये भी पढ़ें|और पढ़ें|ताजा खबरें|ข่าวที่เกี่ยวข้อง|อ่านเพิ่มเติม|ข่าวล่าสุด|ข่าวแนะนำ|διαβάστε επίσης|διαβάστε περισσότερα|δείτε επίσης|δείτε ακόμα|σχετικά θέματα|σχετικές ειδήσεις|δημοφιλή|δημοφιλέστερα|πιο διαβασμένα|τα πιο διαβασμένα|τελευταία νέα|ροή ειδήσεων|περισσότερα|σχετικά άρθρα|διαβάστε ακόμα|קראו גם|כתבות נוספות`},
	{Stories, `kapcsolódó|kapcsolódó cikkek|kapcsolódó hírek|további cikkek|további hírek|legolvasottabb|olvassa el ezt is|ez is érdekelheti|čtěte také|související články|související|nejčtenější|další články|citește și|citeşte şi|articole similare|știri similare|cele mai citite|
още по темата|свързани новини|още новини|най четени|כתבות נוספות|כתבות קשורות|עוד בנושא|קראו גם|קראו עוד|הנקראות ביותר|עוד חדשות|اخبار مرتبط|خبرهای مرتبط|پربازدیدها|آخرین اخبار|
ข่าวที่เกี่ยวข้อง|ข่าวล่าสุด|อ่านเพิ่มเติม|อ่านต่อ|ยอดนิยม|bài liên quan|tin mới nhất|tin cùng chuyên mục|đọc nhiều nhất|tin khác`},
	{Tags, `tags|ετικέτες|tag|topics|topic|keywords|filed under|categories|category|in this article|related tags|temas|etiquetas|en este artículo|themen|schlagworte|schlagwörter|stichwörter|sujets|mots clés|thèmes|assuntos|tópicos|argomenti|onderwerpen|trefwoorden|tagi|tematy|теги|темы|метки|标签|关键词|標籤|關鍵字|タグ|キーワード|태그|الوسوم|كلمات مفتاحية|topics in this article|ämnen|emner|etiketler`},
	{Advert, `advertising|advertisement|advertisements|advert|adverts|ad|ads|sponsored|sponsor|promoted|promotion|story continues below advertisement|story continues after advertisement|article continues below|continue reading below|continue reading the main story|article continues after advertisement|article continues after this advertisement|skip advertisement|scroll to continue|remove ads|
publicidad|anuncio|anuncios|anzeige|werbung|werbung überspringen|publicité|pub|annonce|publicidade|continua após a publicidade|anúncio|pubblicità|advertentie|reklama|reklamy|реклама|广告|廣告|広告|スポンサーリンク|광고|إعلان|إعلانات|annons|annonse|mainos|reklam|iklan|quảng cáo|विज्ञापन|โฆษณา|διαφήμιση|פרסומת`},
	{Prompt, `newsletter|εγγραφή|σύνδεση|είσοδος|newsletters|subscribe|subscribe now|subscribe today|sign up|sign up now|sign in|log in|login|register|register now|register for free|join now|join us|get the newsletter|our newsletter|email newsletter|daily newsletter|daily briefing|get the app|download the app|download our app|support us|donate|donate now|become a member|to read the full story|free newsletter|stay informed|stay up to date|stay connected|get daily emails in your inbox|enter your email|enter your email address|email address|your email address|your email|
suscríbete|suscribirse|boletín|boletines|iniciar sesión|regístrate|newsletter abonnieren|abonnieren|jetzt abonnieren|anmelden|registrieren|jetzt anmelden|jetzt registrieren|einloggen|sabonner|abonnez vous|se connecter|je mabonne|sinscrire|assine|assinar|entrar|cadastre se|iscriviti|abbonati|accedi|registrati|abonneer|inloggen|aanmelden|zaloguj się|zarejestruj się|subskrybuj|подписаться|подписка|подпишитесь|рассылка|войти|вход|регистрация|订阅|登录|注册|訂閱|登入|註冊|購読|会員登録|無料会員登録|ログイン|メルマガ登録|구독|구독하기|로그인|회원가입|اشترك|اشترك الآن|تسجيل الدخول|النشرة البريدية|abone ol`},
	{Share, `share|κοινοποίηση|εκτύπωση|αποστολή|share this|share this article|share this story|share this post|share article|share on facebook|share on twitter|share via email|tweet|print|print article|email|e mail|facebook|twitter|x|whatsapp|telegram|linkedin|pinterest|reddit|flipboard|instagram|youtube|messenger|viber|copy link|link copied|copy|save|save article|bookmark|view|views|listen|listen to this article|listen to article|text size|follow|follow us|follow us on|like|like this|close|open|menu|search|back|back to top|top|home|loading|play|watch|gift|reprints|toggle|contact us|
compartir|compartir en facebook|imprimir|enviar|síguenos|cerrar|guardar|teilen|artikel teilen|drucken|merken|vorlesen|per e mail|schließen|suche|partager|imprimer|envoyer|fermer|recherche|écouter|compartilhar|compartilhe|partilhar|ouvir|fechar|condividi|stampa|invia|chiudi|delen|deel|opslaan|sluiten|udostępnij|drukuj|zamknij|szukaj|поделиться|распечатать|печать|версия для печати|отправить другу|закрыть|поиск|скопировать ссылку|分享|打印|打印本页|字号|字体|大 中 小|字号 大 中 小|推荐给朋友|收藏|关闭|关闭窗口|點讚|列印|シェア|シェアする|ツイート|ポスト|印刷|保存|閉じる|検索|공유|공유하기|프린트|인쇄|닫기|검색|글자크기|مشاركة|شارك|طباعة|بحث|إغلاق|dela|del|paylaş|bagikan|chia sẻ`},
	{Comments, `comments|comment|σχόλια|σχόλιο|σχολιάστε|αφήστε σχόλιο|leave a comment|leave a reply|post a comment|add a comment|join the conversation|join the discussion|view comments|show comments|read comments|no comments|write a comment|discussion|what do you think|comentarios|deja un comentario|kommentare|kommentar|kommentar schreiben|kommentare lesen|diskutieren sie mit|commentaires|laisser un commentaire|comentários|deixe um comentário|commenti|lascia un commento|reacties|reageer|komentarze|dodaj komentarz|комментарии|комментировать|оставить комментарий|обсудить|评论|發表評論|網友評論|网友评论|留言|コメント|コメントする|댓글|댓글쓰기|التعليقات|اترك تعليقا|تعليقات|kommentarer|yorumlar|komentar|bình luận`},
	{Comments, `hozzászólások|diskuse|komentáře|comentarii|коментари|коментарі|תגובות|כתבו תגובה|نظرات|دیدگاه ها|टिप्पणियां|टिप्पणियाँ|ความคิดเห็น|แสดงความคิดเห็น|bình luận|ý kiến bạn đọc`},
	{Summary, `key points|key takeaways|in brief|in short|at a glance|summary|highlights|puntos clave|resumen|das wichtigste in kürze|auf einen blick|zusammenfassung|lessentiel|en bref|résumé|resumo|in sintesi|kort samengevat|w skrócie|главное|коротко|要点|摘要|まとめ|要約|요약|الخلاصة|kortversjonen|sammanfattning`},
	{Author, `about the author|about the authors|about author|written by|author|authors|sobre el autor|über den autor|zum autor|autor|autoren|à propos de lauteur|auteur|sobre o autor|lautore|over de auteur|o autorze|об авторе|автор|作者|关于作者|著者|執筆者|この記事を書いた人|기자|عن الكاتب|الكاتب`},
	{Media, `video|videos|photo|photos|gallery|photo gallery|galleries|podcast|podcasts|live|live updates|watch live|watch now|watch video|audio|slideshow|image|images|photos of the day|galería|fotos|bildergalerie|fotostrecke|galerie|en images|en vidéo|galeria|foto|zdjęcia|wideo|видео|фото|фотогалерея|图集|视频|動画|写真|写真特集|画像|영상|포토|사진|صور|فيديو`},
}

// promoWords begin a line that advertises another story, newsletter or video,
// before a colon, a bar or a dash: "MORE: …", "Read also | …". Labels of
// Stories serve too.
const promoWords = `more|more news|more on this|read|read this|read more|read more on this|read also|also read|also see|must read|related|related story|related article|related news|related video|see also|see more|watch|watch also|watch now|watch live|watch more|watch video|listen|live|live updates|live blog|photos|in pictures|in photos|in pics|video|explained|recommended|recommended reading|opinion|analysis|from the archives|up next|trending|dont miss|editors note|interactive|podcast|gallery|follow|latest|click here|subscribe|sign up|newsletter|download|join|
lea|lee|mira|ver|vea|lesen|mehr|hören|sehen|lire|voir|écouter|leia|veja|assista|ouça|leggi|guarda|ascolta|lees|bekijk|czytaj|zobacz|читайте|смотрите|слушайте|另见|延伸|参考|続き|이어|شاهد|اقرأ`

// noticeStems are the words of notices: consent, subscription, copyright,
// comment rules, broken players. A row is one notion; Line.Notice counts
// notions, not words. Wide scripts are listed by pairs of characters.
var noticeStems = [...]string{
	"newsletter newsletters boletín newslettera рассылка рассылку рассылки メルマガ 뉴스레터 النشرة",
	"subscribe subscribed subscriber subscribers subscribing subscription subscriptions unsubscribe suscríbete suscripción suscribirte suscribirse abonnieren abonnement abonnez abonné abonnés abonnenten assine assinante assinantes assinatura abbonati abbonamento abonneer abonnees prenumerata prenumeratę подписаться подписывайтесь подпишитесь подписку 订阅 訂閱 購読 구독 구독하기 اشترك prenumerera",
	"cookie cookies кукис куки 쿠키 クッ",
	"privacy datenschutz datenschutzerklärung datenschutzbestimmungen confidentialité privacidad privacidade prywatności конфиденциальности 隐私 隱私 プラ 개인정보 개인정보처리방침 الخصوصية integritetspolicy personvern",
	"copyright copyrighted rechte derechos droits direitos diritti rechten prawa права авторские 版权 版權 著作 저작권자 저작권 حقوق rättigheter δικαιώματα δικαιώματος πνευματικά",
	"reserved επιφύλαξη reservados vorbehalten réservés riservati voorbehouden zastrzeżone защищены 所有 محفوظة",
	"reproduction republish republished redistribute redistributed redistribution rewritten reprint reprinted weiterverbreitung vervielfältigung nachdruck reproducción reprodução riproduzione kopiowanie перепечатка копирование использовании 转载 轉載 無断 転載 무단 전재 재배포 αναδημοσίευση αναπαραγωγή",
	"advertisement advertisers advertising advertise publicidad werbung anzeige publicité publicidade pubblicità advertentie reklama реклама рекламы 广告 廣告 広告 광고 إعلان",
	"login logged registered registration register registrieren anmelden registrarse inscrire registrati registreren zarejestruj зарегистрироваться зарегистрируйтесь авторизуйтесь 登录 注册 登入 註冊 会員 登録 로그인 회원가입 تسجيل σύνδεση εγγραφή συνδεθείτε",
	"javascript browser browsers navegador navigateur przeglądarka przeglądarce браузер браузера браузере 浏览 瀏覽 ブラ 브라우저 المتصفح webbläsare",
	"email emails mailbox inbox correo courriel posteingang postvak skrzynkę почту почта 邮箱 郵箱 メー 이메일 البريد",
	"comments comment commenting commenters comentarios comentario kommentare kommentar kommentieren commentaires commentaire comentários commenti reacties komentarze комментарии комментарий комментариев 评论 評論 留言 コメ 댓글 تعليق التعليقات σχόλια σχόλιο",
	"facebook instagram twitter whatsapp telegram youtube linkedin tiktok pinterest threads bluesky вконтакте одноклассники 微博 微信 フェ 페이스북 카카오톡 فيسبوك تويتر واتساب",
	"click tapping clicking haga clic klicken cliquez clique clicca klik kliknij нажмите нажав 点击 點擊 クリ 클릭 اضغط انقر",
	"download downloaded downloading descarga descargar herunterladen télécharger téléchargez baixe scarica скачать скачайте 下载 下載 ダウ 다운로드 تحميل",
	"premium exclusive unlimited membership members paywall donate donation donations support contribution ungekürzt weiterlesen",
	"follow síguenos folgen suivez siga seguici volg obserwuj следите читайте 关注 關注 フォ 팔로우 تابعنا تابعوا",
	"terms policy policies guidelines moderation moderated moderators nutzungsbedingungen conditions términos termos regulamin όροι χρήσης правила условия 条款 條款 利用 이용약관 الشروط",
	"sponsored affiliate affiliates commission sponsor partner partners",
	"disclaimer disclosure opinions expressed views",
	"sign signing",
	"blocking blocker adblock adblocker disable disabled enable erweiterung extension extensions loading",
	"share sharing compartir compartilhe teilen partager condividi delen udostępnij поделиться поделитесь 分享 シェ 공유 مشاركة شارك",
	"scan notifications alerts benachrichtigungen notificaciones notificações notifiche уведомления 推送 通知 알림",
	"contributed published updated originally appeared",
}

// pictureWords and jointWords let measure tell the lines worth a closer look
// by CaptionOf and ContributorOf.
const (
	pictureWords = "photo photos picture pictures photograph photography image images credit credits getty ap shutterstock istock reuters afp epa dpa grab screengrab screenshot handout foto fotos bild bilder bildquelle crédito imagen imagem crédit crédits fot zdj фото иллюстрация imago alliance illustration grafik symbolbild symbolfoto archivbild archivfoto 写真 撮影 供图 图源 图片 摄影 圖片 사진 صورة تصوير"
	jointWords   = "contributed reporting editing edited compiled writing translated inputs input files agencies information reported información informaciones agencias material agenturen informationen redigiert agences avec informações agências agenzie medewerking colaboração"
	pictureBit   = 1 << 63
	jointBit     = 1 << 62
)

var (
	labelTable  = map[string]Label{}
	promoTable  = map[string]bool{}
	noticeWords = map[uint64]uint64{}
	noticeBloom [512]uint64 // 32768 bits over the low bits of the hashes in noticeWords
)

func init() {
	for _, l := range labelWords {
		for w := range strings.SplitSeq(l.words, "|") {
			w = strings.TrimSpace(w)
			if _, dup := labelTable[w]; !dup {
				labelTable[w] = l.label
			}
			if l.label == Stories {
				promoTable[w] = true
			}
		}
	}
	for w := range strings.SplitSeq(promoWords, "|") {
		promoTable[strings.TrimSpace(w)] = true
	}
	for i, row := range noticeStems {
		addNotices(row, 1<<i)
	}
	addNotices(pictureWords, pictureBit)
	addNotices(jointWords, jointBit)
}

func addNotices(row string, bit uint64) {
	for w := range strings.FieldsSeq(row) {
		h := noticeHash(w)
		noticeWords[h] |= bit
		noticeBloom[h>>6&511] |= 1 << (h & 63)
	}
}

// noticeHash is the hash that measure gives to a word, or to a pair of wide
// characters.
func noticeHash(w string) uint64 {
	r, n := utf8.DecodeRuneInString(w)
	if classOf(r) == cWide && r >= 0x80 {
		r2, _ := utf8.DecodeRuneInString(w[n:])
		return wideHash(r, r2)
	}
	h := uint64(fnvOffset)
	for _, r := range w {
		h = (h ^ uint64(foldRune(r))) * fnvPrime
	}
	return mix(h)
}

func wideHash(a, b rune) uint64 { return mix((uint64(a)<<21 | uint64(b)) * fnvPrime) }

// maxLabel is the length in bytes beyond which no line is looked up as a
// label.
const maxLabel = 96

// LabelOf tells what a short line announces, such as "Related" or "Most
// read:". Case, digits, bullets and punctuation around and between the words
// do not matter. A line that merely contains such words is no label, but a row
// of buttons with "|", "·" or brackets between them is one of Share: two or
// more, of which all are known, or of three or more all but one.
func LabelOf(s string) Label {
	if len(s) > maxLabel {
		return NoLabel
	}
	var buf [2 * maxLabel]byte
	f := foldLabel(buf[:0], s)
	if l := labelTable[string(f)]; l != NoLabel || !divided(s) {
		return l
	}
	n, other := 0, 0
	for part := range strings.FieldsFuncSeq(s, divides) {
		switch f := foldLabel(buf[:0], part); {
		case len(f) == 0:
		case labelTable[string(f)] == Share:
			n++
		default:
			other++
		}
	}
	if n < 2 || other > 1 {
		return NoLabel
	}
	return Share
}

// divided reports what begins a button of a row, or divides it from the next.
func divided(s string) bool {
	for i := range len(s) {
		switch s[i] {
		case '|', '[':
			return true
		case "·"[0], "【"[0]:
			if rest := s[i:]; strings.HasPrefix(rest, "·") || strings.HasPrefix(rest, "【") {
				return true
			}
		}
	}
	return false
}

// divides reports what stands between the buttons of a row.
func divides(r rune) bool {
	switch r {
	case '|', '·', '[', ']', '【', '】':
		return true
	}
	return false
}

// foldLabel appends the letters of s, lower-cased, with single spaces between
// the words; apostrophes vanish and everything else divides words. Digits
// beside letters are dropped.
func foldLabel(dst []byte, s string) []byte {
	space := false
	for _, r := range s {
		c := class(r)
		switch c {
		case cLower, cUpper, cCaseless, cWide:
			if space && len(dst) > 0 {
				dst = append(dst, ' ')
			}
			space = false
			dst = utf8.AppendRune(dst, foldRune(r))
		case cApos:
		default:
			if r != 0x30FB {
				space = true
			}
		}
		if len(dst) > maxLabel+4 {
			break
		}
	}
	return dst
}

// PromoOf reports whether the line advertises another story or a video:
// "MORE: Headline", "Read also | Headline", "WATCH – Headline". It returns the
// length of the announcing words with their divider. Whether the rest is a
// headline or a sentence of the story is for the caller to judge.
func PromoOf(s string) (int, bool) {
	end := -1
	n := 0
	for i, r := range s {
		if i > 48 {
			break
		}
		if r == ':' || r == '|' || r == '：' || r == '»' || r == '>' || r == '–' || r == '—' || r == '-' && i+1 < len(s) && s[i+1] == ' ' {
			end, n = i, i+utf8.RuneLen(r)
			break
		}
	}
	if end <= 0 || n >= len(s) {
		return 0, false
	}
	var buf [2 * maxLabel]byte
	f := foldLabel(buf[:0], s[:end])
	if len(f) == 0 || !promoTable[string(f)] {
		return 0, false
	}
	return n, true
}
