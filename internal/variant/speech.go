package variant

import "strings"

// speech is what the pages of Period say around an article, in one language.
type speech struct {
	sections                                               []string
	months                                                 []string
	search, login, forget, send, print, comments, related  string
	latest, popular, by, source, views, tags, photo        string
	published, previous, next, reply, guest, advert, share string
	rate, weather, currency, rules, copyright, teach, more string
	poll, yes, no, read, archive, subscribe                string
}

// speeches are lists parted by "|": sections; months; then the fields of speech
// in order.
var speeches = map[string][3]string{
	"en": {"Home|News|World|Business|Sport|Culture|Health|Science|Opinion|Archive|Contact", "January|February|March|April|May|June|July|August|September|October|November|December",
		"Search|Log in|Forgot your password?|E-mail to a friend|Printable version|Comments|Related articles|Latest news|Most read|by|Source|Hits|Tags|Photo|Published|Previous|Next|Add comment|Guest|Advertisement|Bookmark with|Rate this article|Weather|Exchange rates|Messages that offend others or break the law are deleted by the moderators. Registered users only.|All rights reserved. Reproduction in any form only with the written consent of the publisher.|This site is best viewed in a resolution of 1024 x 768.|More...|Do you trust the new government?|Yes|No|Read more|Archive of issues|Subscribe to our news by e-mail"},
	"de": {"Startseite|Politik|Ausland|Wirtschaft|Sport|Kultur|Gesundheit|Wissen|Meinung|Archiv|Kontakt", "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember",
		"Suche|Anmelden|Passwort vergessen?|Artikel versenden|Druckansicht|Kommentare|Verwandte Artikel|Aktuelles|Meistgelesen|von|Quelle|Aufrufe|Schlagworte|Foto|Veröffentlicht|Zurück|Weiter|Kommentar schreiben|Gast|Anzeige|Lesezeichen bei|Artikel bewerten|Wetter|Wechselkurse|Beiträge, die andere beleidigen oder gegen Gesetze verstoßen, werden gelöscht. Nur für angemeldete Leser.|Alle Rechte vorbehalten. Nachdruck nur mit schriftlicher Genehmigung des Verlags.|Diese Seite ist für 1024 x 768 Bildpunkte gemacht.|Mehr...|Vertrauen Sie der neuen Regierung?|Ja|Nein|Weiterlesen|Alle Ausgaben|Unsere Nachrichten per E-Mail"},
	"es": {"Portada|Nacional|Mundo|Economía|Deportes|Cultura|Salud|Ciencia|Opinión|Archivo|Contacto", "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre",
		"Buscar|Entrar|¿Olvidó su clave?|Enviar a un amigo|Versión para imprimir|Comentarios|Artículos relacionados|Últimas noticias|Lo más leído|por|Fuente|Visitas|Etiquetas|Foto|Publicado|Anterior|Siguiente|Añadir comentario|Invitado|Publicidad|Marcar en|Valore este artículo|El tiempo|Cambio de divisas|Los mensajes que ofendan o infrinjan la ley serán borrados por los moderadores. Solo usuarios registrados.|Todos los derechos reservados. Prohibida la reproducción sin permiso escrito de la editorial.|Página optimizada para 1024 x 768.|Más...|¿Confía usted en el nuevo gobierno?|Sí|No|Leer más|Archivo de números|Reciba nuestras noticias por correo"},
	"pt": {"Capa|Nacional|Mundo|Economia|Esportes|Cultura|Saúde|Ciência|Opinião|Arquivo|Contato", "janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro",
		"Busca|Entrar|Esqueceu a senha?|Enviar a um amigo|Versão para impressão|Comentários|Artigos relacionados|Últimas notícias|Mais lidas|por|Fonte|Acessos|Palavras-chave|Foto|Publicado|Anterior|Próximo|Comentar|Visitante|Publicidade|Marcar em|Avalie este artigo|Tempo|Câmbio|Mensagens que ofendam ou violem a lei serão apagadas pelos moderadores. Só para cadastrados.|Todos os direitos reservados. Proibida a reprodução sem autorização escrita da editora.|Melhor visualizado em 1024 x 768.|Mais...|Você confia no novo governo?|Sim|Não|Leia mais|Edições anteriores|Receba nossas notícias por e-mail"},
	"ru": {"Главная|Новости|В мире|Экономика|Спорт|Культура|Здоровье|Наука|Мнения|Архив|Контакты", "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря",
		"Поиск|Войти|Забыли пароль?|Отправить другу|Версия для печати|Комментарии|Материалы по теме|Последние новости|Самое читаемое|автор|Источник|Просмотров|Метки|Фото|Опубликовано|Предыдущая|Следующая|Добавить комментарий|Гость|Реклама|Добавить в закладки|Оцените статью|Погода|Курсы валют|Сообщения, которые оскорбляют других или нарушают закон, удаляются модератором. Только для зарегистрированных.|Все права защищены. Перепечатка материалов возможна только с письменного согласия редакции.|Сайт оптимизирован для разрешения 1024 x 768.|Далее...|Доверяете ли вы новому правительству?|Да|Нет|Читать далее|Архив номеров|Подписка на новости по почте"},
	"ja": {"トップ|社会|国際|経済|スポーツ|文化|健康|科学|論説|過去の記事|連絡先", "1月|2月|3月|4月|5月|6月|7月|8月|9月|10月|11月|12月",
		"検索|ログイン|パスワードを忘れた方|友人に送る|印刷用ページ|コメント|関連記事|最新記事|よく読まれた記事|記者|出典|閲覧数|タグ|写真|掲載日|前へ|次へ|コメントを書く|匿名|広告|ブックマークに追加|この記事を評価|天気|為替|他人を傷つける書き込みや法に反する書き込みは削除します。会員のみ書き込めます。|無断転載を禁じます。|推奨画面は1024x768です。|もっと...|新しい政府を信頼しますか|はい|いいえ|続きを読む|バックナンバー|ニュースをメールで受け取る"},
	"zh": {"首页|国内|国际|财经|体育|文化|健康|科技|评论|资料库|联系我们", "1月|2月|3月|4月|5月|6月|7月|8月|9月|10月|11月|12月",
		"搜索|登录|忘记密码|推荐给好友|打印|网友评论|相关新闻|最新消息|点击排行|作者|来源|点击数|关键字|图|发布时间|上一篇|下一篇|发表评论|匿名网友|广告|收藏到|给本文打分|天气预报|外汇牌价|请遵守国家有关法律，尊重网上道德，管理员有权删除。登录后才能发表。|版权所有，未经书面授权不得转载。|建议使用1024x768分辨率浏览。|更多...|您信任新政府吗|是|否|阅读全文|往期回顾|订阅邮件新闻"},
	"ar": {"الرئيسية|أخبار|العالم|اقتصاد|رياضة|ثقافة|صحة|علوم|آراء|الأرشيف|اتصل بنا", "يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر",
		"بحث|دخول|نسيت كلمة السر؟|أرسل إلى صديق|نسخة للطباعة|تعليقات|مواضيع ذات صلة|آخر الأخبار|الأكثر قراءة|بقلم|المصدر|المشاهدات|كلمات|صورة|نشر في|السابق|التالي|أضف تعليقا|زائر|إعلان|أضف إلى المفضلة|قيم المقال|الطقس|أسعار العملات|الرسائل التي تسيء إلى الآخرين أو تخالف القانون تحذف. للأعضاء فقط.|جميع الحقوق محفوظة. لا يسمح بالنقل دون إذن خطي من الناشر.|أفضل مشاهدة للموقع 1024 x 768.|المزيد...|هل تثق بالحكومة الجديدة؟|نعم|لا|اقرأ المزيد|أرشيف الأعداد|اشترك في النشرة"},
	"el": {"Αρχική|Ειδήσεις|Κόσμος|Οικονομία|Αθλητισμός|Πολιτισμός|Υγεία|Επιστήμη|Απόψεις|Αρχείο|Επικοινωνία", "Ιανουαρίου|Φεβρουαρίου|Μαρτίου|Απριλίου|Μαΐου|Ιουνίου|Ιουλίου|Αυγούστου|Σεπτεμβρίου|Οκτωβρίου|Νοεμβρίου|Δεκεμβρίου",
		"Αναζήτηση|Σύνδεση|Ξεχάσατε τον κωδικό σας;|Αποστολή σε φίλο|Εκτυπώσιμη μορφή|Σχόλια|Σχετικά άρθρα|Τελευταία νέα|Δημοφιλή|του|Πηγή|Προβολές|Ετικέτες|Φωτογραφία|Δημοσιεύθηκε|Προηγούμενο|Επόμενο|Προσθήκη σχολίου|Επισκέπτης|Διαφήμιση|Προσθήκη στα αγαπημένα|Βαθμολογήστε το άρθρο|Καιρός|Ισοτιμίες|Μηνύματα που προσβάλλουν άλλους ή παραβιάζουν τον νόμο διαγράφονται από τους διαχειριστές. Μόνο για μέλη.|Με την επιφύλαξη παντός δικαιώματος. Απαγορεύεται η αναδημοσίευση χωρίς γραπτή άδεια του εκδότη.|Βέλτιστη ανάλυση 1024 x 768.|Περισσότερα...|Εμπιστεύεστε τη νέα κυβέρνηση;|Ναι|Όχι|Διαβάστε περισσότερα|Παλαιά φύλλα|Εγγραφή στο ενημερωτικό δελτίο"},
	"pl": {"Strona główna|Wiadomości|Świat|Gospodarka|Sport|Kultura|Zdrowie|Nauka|Opinie|Archiwum|Kontakt", "stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia",
		"Szukaj|Zaloguj|Zapomniałeś hasła?|Wyślij znajomemu|Wersja do druku|Komentarze|Zobacz także|Najnowsze|Najczęściej czytane|autor|Źródło|Odsłon|Tagi|fot.|Opublikowano|Poprzedni|Następny|Dodaj komentarz|Gość|Reklama|Dodaj do zakładek|Oceń artykuł|Pogoda|Kursy walut|Wpisy obrażające innych lub naruszające prawo będą usuwane przez moderatorów. Tylko dla zalogowanych.|Wszelkie prawa zastrzeżone. Kopiowanie tylko za pisemną zgodą wydawcy.|Najlepiej oglądać w rozdzielczości 1024 x 768.|Więcej...|Czy ufasz nowemu rządowi?|Tak|Nie|Czytaj dalej|Archiwum numerów|Zamów wiadomości pocztą"},
}

func speechOf(lang string) speech {
	all, ok := speeches[lang]
	if !ok {
		all = speeches["en"]
	}
	s := speech{sections: strings.Split(all[0], "|"), months: strings.Split(all[1], "|")}
	f := strings.Split(all[2], "|")
	for i, p := range []*string{&s.search, &s.login, &s.forget, &s.send, &s.print, &s.comments, &s.related,
		&s.latest, &s.popular, &s.by, &s.source, &s.views, &s.tags, &s.photo,
		&s.published, &s.previous, &s.next, &s.reply, &s.guest, &s.advert, &s.share,
		&s.rate, &s.weather, &s.currency, &s.rules, &s.copyright, &s.teach, &s.more,
		&s.poll, &s.yes, &s.no, &s.read, &s.archive, &s.subscribe} {
		*p = f[i]
	}
	return s
}
