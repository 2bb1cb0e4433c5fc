package variant

import (
	"fmt"
	"html"
	"strings"
)

// words are what the pages of Synthetic say around an article, by language.
var words = map[string]struct {
	menu                                     string // blank-separated
	print, related, comments, editor, footer string
	caption, poll                            string
}{
	"en": {"Home News World Business Sport Culture Weather Archive Contact Jobs Cars Property", "Print this page | E-mail | Text size A A", "More from this section", "Readers' views", "Editor: ", "All material on this site belongs to the publisher and its agencies. No part of it may be reproduced without a written permission.", "Photo: archive", "Will you vote on Sunday?"},
	"de": {"Startseite Politik Wirtschaft Sport Kultur Wetter Archiv Kontakt Anzeigen Reise Auto Leben", "Seite drucken | Versenden | Schriftgröße", "Mehr zum Thema", "Leserbriefe", "Redaktion: ", "Alle Rechte vorbehalten. Vervielfältigung nur mit Genehmigung des Verlages.", "Foto: Archiv", "Gehen Sie am Sonntag wählen?"},
	"es": {"Portada Nacional Internacional Economía Deportes Cultura Tiempo Hemeroteca Contacto Empleo Motor Opinión", "Imprimir | Enviar | Tamaño de letra", "Otras noticias de la sección", "Opiniones de los lectores", "Redacción: ", "Todos los derechos reservados. Queda prohibida la reproducción total o parcial.", "Foto: archivo", "¿Votará usted el domingo?"},
	"pt": {"Capa Nacional Mundo Economia Esportes Cultura Tempo Arquivo Contato Empregos Carros Opinião", "Imprimir | Enviar | Tamanho da letra", "Outras notícias", "Opinião dos leitores", "Redação: ", "Todos os direitos reservados. É proibida a reprodução sem autorização.", "Foto: arquivo", "Você vai votar no domingo?"},
	"ru": {"Главная Политика Экономика Общество Спорт Культура Погода Архив Контакты Работа Авто Происшествия", "Версия для печати | Отправить другу | Шрифт", "Другие новости", "Мнения читателей", "Редактор: ", "При использовании материалов ссылка на сайт обязательна. Все права принадлежат редакции.", "Фото из архива", "Пойдёте ли вы на выборы?"},
	"ja": {"トップ 社会 政治 経済 国際 スポーツ 文化 天気 地域 特集 求人 問い合わせ", "このページを印刷 | メールで送る | 文字の大きさ", "この分野の他の記事", "読者の声", "編集：", "当サイトの記事、写真の無断使用を禁じます。", "写真：資料", "日曜日に投票しますか"},
	"zh": {"首页 国内 国际 社会 财经 体育 文化 天气 论坛 专题 招聘 联系", "打印本页 | 推荐给朋友 | 字号 大 中 小", "本栏目其他", "网友的话", "编辑：", "本网站所有内容，未经许可不得使用。违者必究。", "图片：资料", "您周日投票吗"},
	"ar": {"الرئيسية سياسة اقتصاد مجتمع رياضة ثقافة طقس أرشيف اتصل وظائف سيارات رأي", "نسخة للطباعة | أرسل إلى صديق | حجم الخط", "من القسم نفسه", "آراء القراء", "تحرير: ", "جميع المواد ملك للناشر. لا يجوز استعمالها دون إذن مكتوب.", "صورة: أرشيف", "هل تصوت يوم الأحد؟"},
	"el": {"Αρχική Πολιτική Οικονομία Κοινωνία Κόσμος Αθλητικά Πολιτισμός Καιρός Αρχείο Επικοινωνία Εργασία Απόψεις", "Εκτύπωση σελίδας | Αποστολή σε φίλο | Μέγεθος", "Από την ίδια στήλη", "Γνώμες αναγνωστών", "Σύνταξη: ", "Όλα τα κείμενα ανήκουν στον εκδότη. Δεν επιτρέπεται η χρήση τους χωρίς άδεια.", "Φωτό: αρχείο", "Θα ψηφίσετε την Κυριακή;"},
}

// Synthetic writes an article into a page as they were written between 2000 and
// 2012: layout tables, text straight in cells, <br> or open <p> for paragraphs,
// bold type for headings, menus to the left, teasers to the right, headlines
// and comments behind the story in the same cell. What it holds and how is drawn
// at random, the same for an article every time.
func Synthetic(g Article, others []Article) []byte {
	rng := random(g)
	w, ok := words[g.Lang]
	if !ok {
		w = words["en"]
	}
	var b strings.Builder
	out := func(format string, a ...any) { fmt.Fprintf(&b, format, a...) }
	yes := func(p float64) bool { return rng.Float64() < p }
	esc := html.EscapeString
	class := func(name string) string {
		if yes(0.5) {
			return ""
		}
		return ` class="` + name + `"`
	}
	other := func() Article { return pick(rng, g, others) }
	date := fmt.Sprintf("%02d.%02d.20%02d", 1+rng.IntN(28), 1+rng.IntN(12), 6+rng.IntN(7))
	ref := func(s string) string { return fmt.Sprintf(`<a href="/n/%d.html">%s</a>`, rng.IntN(99999), esc(s)) }
	menu := strings.Fields(w.menu)
	title := headline(g)

	out("<html><head><title>%s - %s</title></head><body bgcolor=white>", esc(title), esc(menu[0]))
	out("<table width=960 cellpadding=0 cellspacing=0><tr><td><img src=logo.gif></td><td align=right><font size=1>%s | %s</font></td></tr></table>", date, esc(w.poll))
	upper := yes(0.4)
	item := func(s string) string {
		if upper {
			s = strings.ToUpper(s)
		}
		return ref(s)
	}
	switch rng.IntN(3) {
	case 0:
		out("<table width=960><tr>")
		for _, m := range menu {
			out("<td>%s</td>", item(m))
		}
		out("</tr></table>")
	case 1:
		out("<div%s>", class("menu"))
		for i, m := range menu {
			if i > 0 {
				out(" | ")
			}
			out("%s", item(m))
		}
		out("</div>")
	}
	out("<table width=960><tr valign=top>")
	if yes(0.8) {
		out("<td width=150%s>", class("left"))
		switch rng.IntN(3) {
		case 0:
			for _, m := range menu {
				out("%s<br>", item(m))
			}
		case 1:
			out("<table>")
			for _, m := range menu {
				out("<tr><td>%s</td></tr>", item(m))
			}
			out("</table>")
		case 2:
			for _, m := range menu {
				out("<p>%s", item(m))
			}
		}
		if yes(0.4) {
			out("<table border=1><tr><td><b>%s</b><br><form><input type=radio> 1<br><input type=radio> 2<br><input type=submit></form></td></tr></table>", esc(w.poll))
		}
		if yes(0.5) {
			for range 4 {
				o := other()
				out("<b>%s</b><br>%s<br><br>", esc(cut(headline(o), 30)), esc(cut(o.Text, 120)))
			}
		}
		out("</td>")
	}
	out("<td%s>", class("center"))
	wrapped := yes(0.5)
	if wrapped {
		out("<table width=100%%><tr><td>")
	}
	if yes(0.5) {
		out("<font size=1>%s &gt; %s</font><br>", ref(menu[0]), ref(menu[1]))
	}
	switch rng.IntN(4) {
	case 0:
		out("<h1>%s</h1>", esc(title))
	case 1:
		out("<font size=5><b>%s</b></font><br>", esc(title))
	case 2:
		out("<span class=title>%s</span><br>", esc(title))
	case 3:
		out("<center><b>%s</b></center>", esc(title))
	}
	if yes(0.8) {
		out("<font size=1>%s 1%d:%d0</font><br>", date, rng.IntN(10), rng.IntN(6))
	}
	if yes(0.3) {
		out("<font size=1>%s</font><br>", w.print)
	}
	if wrapped && yes(0.7) {
		out("</td></tr><tr><td%s>", class("text"))
	}
	if yes(0.5) {
		out("<table align=left><tr><td><img src=1.jpg></td></tr><tr><td><font size=1>%s</font></td></tr></table>", w.caption)
	}
	paragraphs := strings.Split(g.Text, "\n")
	var list []string
	for _, p := range paragraphs {
		if p = strings.Join(strings.Fields(p), " "); p != "" {
			list = append(list, p)
		}
	}
	style := rng.IntN(6)
	font := yes(0.3)
	if font {
		out("<font face=Verdana size=2>")
	}
	box := -1
	if yes(0.3) && len(list) > 3 {
		box = 1 + rng.IntN(len(list)-2)
	}
	for i, p := range list {
		p = esc(p)
		if i == 0 && yes(0.3) {
			p = "<b>" + p + "</b>"
		}
		if i == box {
			out("<table align=right width=200><tr><td><b>%s</b></td></tr><tr><td>%s<br>%s<br>%s</td></tr></table>", esc(w.related), ref(headline(other())), ref(headline(other())), ref(headline(other())))
		}
		switch style {
		case 0:
			out("%s<br><br>\n", p)
		case 1:
			out("&nbsp;&nbsp;&nbsp;%s<br>\n", p)
		case 2:
			out("<p>%s\n", p)
		case 3:
			out("<div>%s</div>\n", p)
		case 4:
			out("<p>　　%s</p>\n", p)
		case 5:
			out("%s<br />\n<br />\n", p)
		}
	}
	if font {
		out("</font>")
	}
	if yes(0.4) {
		o := other()
		out("<br><font size=1>(%s%s)</font><br>", w.editor, esc(word(o, rng)))
	}
	if wrapped {
		out("</td></tr>")
		if yes(0.5) {
			out("<tr><td align=right>%s</td></tr>", w.print)
		}
		if yes(0.5) {
			out("<tr><td>")
			wrapped = true
		} else {
			out("</table>")
			wrapped = false
		}
	}
	if yes(0.7) {
		if yes(0.6) {
			out("<br><b>%s</b>", esc(w.related))
		}
		kind := rng.IntN(4)
		for range 2 + rng.IntN(6) {
			o := other()
			switch kind {
			case 0:
				out("<br>%s", ref(headline(o)))
			case 1:
				out("<br>· %s (%s)", ref(headline(o)), date)
			case 2:
				out("<li>%s", ref(headline(o)))
			case 3:
				out("<br>%s<br>%s<br>", ref(headline(o)), esc(cut(o.Text, 130)))
			}
		}
	}
	if yes(0.5) {
		if yes(0.7) {
			out("<br><br><b>%s (%d)</b><br>", esc(w.comments), rng.IntN(90))
		}
		kind := rng.IntN(3)
		for i := range 1 + rng.IntN(5) {
			o := other()
			say := esc(cut(o.Text, 40+rng.IntN(300)))
			switch kind {
			case 0:
				out("<table><tr><td><b>%s</b> %s 1%d:%02d</td></tr><tr><td>%s</td></tr></table>", esc(word(o, rng)), date, i, 5*i, say)
			case 1:
				out("<br>%s, %s 1%d:%02d<br>%s<br>", esc(word(o, rng)), date, i, 5*i, say)
			case 2:
				out("<div><div>%d. %s</div><div>%s</div><div>%s</div></div>", i+1, esc(word(o, rng)), say, date)
			}
		}
		out("<form><textarea></textarea><input type=submit></form>")
	}
	if wrapped {
		out("</td></tr></table>")
	}
	out("</td>")
	if yes(0.8) {
		out("<td width=220%s>", class("right"))
		kind := rng.IntN(3)
		for i := range 3 + rng.IntN(6) {
			o := other()
			switch kind {
			case 0:
				out("%s<br>%s<br><br>", ref(headline(o)), esc(cut(o.Text, 80+rng.IntN(120))))
			case 1:
				out("%d. %s<br>", i+1, ref(headline(o)))
			case 2:
				out("<table border=0><tr><td><b>%s</b></td></tr><tr><td>%s %s</td></tr></table>", esc(headline(o)), esc(cut(o.Text, 80+rng.IntN(120))), ref(menu[i%len(menu)]))
			}
		}
		out("</td>")
	}
	out("</tr></table><hr><center><font size=1>")
	for _, m := range menu[:6] {
		out("%s | ", ref(m))
	}
	out("<br>© 20%02d %s</font></center></body></html>", 6+rng.IntN(7), esc(w.footer))
	return []byte(b.String())
}
