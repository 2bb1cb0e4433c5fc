package extract

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// story is one report in one language, with the furniture of its page.
type story struct {
	lang, dir, reader, title, date string
	body, menu                     []string
	more                           string   // the label of other stories
	other                          []string // their headlines
	foot                           string
}

// One report of 22 November 2010 in the languages that few labelled pages are
// in: without spaces, without capitals, from the right, without marks at the ends
// of sentences, dated by other calendars.
var stories = []story{
	{
		lang: "hi", dir: "ltr", reader: "राम",
		title: "नगर निगम ने नए पुल के निर्माण को मंज़ूरी दी",
		date:  "22 नवंबर 2010",
		body: []string{
			"नगर निगम ने सोमवार को नदी पर नए पुल के निर्माण की योजना को मंज़ूरी दे दी। इस परियोजना पर लगभग चार सौ करोड़ रुपये खर्च होंगे।",
			"महापौर ने कहा कि पुराना पुल साठ साल पहले बनाया गया था और अब वह भारी वाहनों का बोझ नहीं उठा सकता। उन्होंने बताया कि काम अगले साल मार्च में शुरू होगा।",
			"विपक्षी पार्षदों ने योजना की लागत पर सवाल उठाए और कहा कि ठेके की प्रक्रिया पारदर्शी नहीं थी।",
			"स्थानीय दुकानदारों को डर है कि निर्माण के दौरान बाज़ार की सड़क बंद रहेगी और उनका कारोबार प्रभावित होगा।",
		},
		menu:  []string{"मुख्य पृष्ठ", "देश", "विदेश", "खेल", "मनोरंजन", "कारोबार"},
		more:  "यह भी पढ़ें",
		other: []string{"बारिश के बाद शहर में जलभराव", "स्कूलों में सर्दी की छुट्टियां घोषित", "टीम ने तीसरा मैच जीता"},
		foot:  "© 2010 सर्वाधिकार सुरक्षित",
	},
	{
		lang: "th", dir: "ltr", reader: "สมชาย",
		title: "เทศบาลอนุมัติแผนสร้างสะพานใหม่ข้ามแม่น้ำ",
		date:  "22 พฤศจิกายน 2553",
		body: []string{
			"สภาเทศบาลมีมติเมื่อวันจันทร์อนุมัติแผนก่อสร้างสะพานแห่งใหม่ข้ามแม่น้ำ โดยใช้งบประมาณราวสี่ร้อยล้านบาทและคาดว่าจะใช้เวลาก่อสร้างสองปี",
			"นายกเทศมนตรีกล่าวว่าสะพานเดิมสร้างขึ้นเมื่อหกสิบปีก่อนและไม่สามารถรับน้ำหนักรถบรรทุกขนาดใหญ่ได้อีกต่อไป งานก่อสร้างจะเริ่มในเดือนมีนาคมปีหน้า",
			"สมาชิกสภาฝ่ายค้านตั้งคำถามเกี่ยวกับค่าใช้จ่ายของโครงการและระบุว่าขั้นตอนการประมูลไม่โปร่งใส",
			"เจ้าของร้านค้าในพื้นที่กังวลว่าถนนหน้าตลาดจะถูกปิดระหว่างการก่อสร้างและจะทำให้รายได้ลดลง",
		},
		menu:  []string{"หน้าแรก", "การเมือง", "เศรษฐกิจ", "กีฬา", "บันเทิง", "ต่างประเทศ"},
		more:  "ข่าวที่เกี่ยวข้อง",
		other: []string{"ฝนตกหนักน้ำท่วมหลายจังหวัด", "โรงเรียนประกาศหยุดเรียนสองวัน", "ทีมชาติชนะนัดที่สาม"},
		foot:  "© 2553 สงวนลิขสิทธิ์",
	},
	{
		lang: "ko", dir: "ltr", reader: "김철수",
		title: "시의회, 강을 건너는 새 다리 건설 계획 승인",
		date:  "2010년 11월 22일",
		body: []string{
			"시의회는 월요일 강을 건너는 새 다리의 건설 계획을 승인했다. 이 사업에는 약 사백억 원이 들 것으로 예상된다.",
			"시장은 낡은 다리가 육십 년 전에 지어져 더는 대형 차량의 무게를 견딜 수 없다고 말했다. 공사는 내년 삼월에 시작될 예정이다.",
			"야당 의원들은 사업 비용에 의문을 제기하며 입찰 절차가 투명하지 않았다고 주장했다.",
			"인근 상인들은 공사 기간에 시장 앞 도로가 막혀 장사에 지장이 있을까 걱정하고 있다.",
		},
		menu:  []string{"홈", "정치", "경제", "사회", "스포츠", "연예"},
		more:  "관련 기사",
		other: []string{"비가 온 뒤 도심 곳곳 침수", "학교 겨울방학 일정 발표", "대표팀 세 번째 경기 승리"},
		foot:  "© 2010 무단 전재 및 재배포 금지",
	},
	{
		lang: "he", dir: "rtl", reader: "דוד",
		title: "מועצת העיר אישרה את בניית הגשר החדש",
		date:  "22 בנובמבר 2010",
		body: []string{
			"מועצת העיר אישרה ביום שני את התוכנית להקמת גשר חדש מעל הנהר. עלות הפרויקט מוערכת בכארבע מאות מיליון שקל.",
			"ראש העיר אמר כי הגשר הישן נבנה לפני שישים שנה ואינו יכול עוד לשאת משאיות כבדות. העבודות יתחילו בחודש מרץ הקרוב.",
			"חברי האופוזיציה במועצה העלו שאלות בנוגע לעלות וטענו כי הליך המכרז לא היה שקוף.",
			"בעלי החנויות באזור חוששים כי הרחוב שליד השוק ייסגר במהלך העבודות וכי הכנסותיהם ייפגעו.",
		},
		menu:  []string{"ראשי", "פוליטיקה", "כלכלה", "ספורט", "תרבות", "עולם"},
		more:  "כתבות נוספות",
		other: []string{"הצפות ברחבי העיר לאחר הגשם", "חופשת החורף בבתי הספר הוארכה", "הנבחרת ניצחה במשחק השלישי"},
		foot:  "© 2010 כל הזכויות שמורות",
	},
	{
		lang: "fa", dir: "rtl", reader: "علی",
		title: "شورای شهر طرح ساخت پل جدید را تصویب کرد",
		date:  "۱ آذر ۱۳۸۹",
		body: []string{
			"شورای شهر روز دوشنبه طرح ساخت پل جدیدی را بر روی رودخانه تصویب کرد. هزینه این پروژه حدود چهارصد میلیارد تومان برآورد شده است.",
			"شهردار گفت پل قدیمی شصت سال پیش ساخته شده و دیگر نمی\u200cتواند وزن کامیون\u200cهای سنگین را تحمل کند. کار ساخت در ماه مارس آینده آغاز می\u200cشود.",
			"اعضای منتقد شورا درباره هزینه طرح پرسش\u200cهایی مطرح کردند و گفتند روند مناقصه شفاف نبوده است.",
			"مغازه\u200cداران محلی نگران\u200cاند که خیابان مقابل بازار در زمان ساخت بسته شود و درآمدشان کاهش یابد.",
		},
		menu:  []string{"صفحه اصلی", "سیاست", "اقتصاد", "ورزش", "فرهنگ", "جهان"},
		more:  "مطالب مرتبط",
		other: []string{"آب\u200cگرفتگی خیابان\u200cها پس از باران", "تعطیلی مدارس تمدید شد", "تیم ملی بازی سوم را برد"},
		foot:  "© ۱۳۸۹ تمامی حقوق محفوظ است",
	},
	{
		lang: "vi", dir: "ltr", reader: "Minh",
		title: "Hội đồng thành phố thông qua kế hoạch xây cầu mới",
		date:  "22/11/2010",
		body: []string{
			"Hội đồng thành phố hôm thứ Hai đã thông qua kế hoạch xây một cây cầu mới bắc qua sông. Dự án dự kiến tốn khoảng bốn trăm tỷ đồng.",
			"Thị trưởng cho biết cây cầu cũ được xây cách đây sáu mươi năm và không còn chịu được xe tải nặng. Công trình sẽ khởi công vào tháng ba năm sau.",
			"Các đại biểu đối lập đặt câu hỏi về chi phí và nói rằng quá trình đấu thầu không minh bạch.",
			"Chủ các cửa hàng gần đó lo ngại con đường trước chợ sẽ bị đóng trong thời gian thi công và việc buôn bán bị ảnh hưởng.",
		},
		menu:  []string{"Trang chủ", "Thời sự", "Thế giới", "Kinh doanh", "Thể thao", "Giải trí"},
		more:  "Tin liên quan",
		other: []string{"Nhiều tuyến phố ngập sau mưa lớn", "Học sinh được nghỉ thêm hai ngày", "Đội tuyển thắng trận thứ ba"},
		foot:  "© 2010 Bản quyền thuộc về tòa soạn",
	},
	{
		lang: "tr", dir: "ltr", reader: "Ali",
		title: "Belediye meclisi yeni köprü projesini onayladı",
		date:  "22 Kasım 2010",
		body: []string{
			"Belediye meclisi pazartesi günü nehrin üzerine yapılacak yeni köprü projesini onayladı. Projenin yaklaşık dört yüz milyon liraya mal olması bekleniyor.",
			"Belediye başkanı, eski köprünün altmış yıl önce inşa edildiğini ve artık ağır kamyonları taşıyamadığını söyledi. Çalışmalar gelecek yıl mart ayında başlayacak.",
			"Muhalefet üyeleri maliyeti sorguladı ve ihale sürecinin şeffaf olmadığını savundu.",
			"Çevredeki esnaf, inşaat sırasında çarşı yolunun kapanmasından ve işlerinin bozulmasından endişe ediyor.",
		},
		menu:  []string{"Ana Sayfa", "Gündem", "Dünya", "Ekonomi", "Spor", "Magazin"},
		more:  "İlgili Haberler",
		other: []string{"Yağmur sonrası sokaklar göle döndü", "Okullarda kar tatili uzatıldı", "Milli takım üçüncü maçı kazandı"},
		foot:  "© 2010 Tüm hakları saklıdır",
	},
	{
		lang: "uk", dir: "ltr", reader: "Тарас",
		title: "Міська рада схвалила проєкт нового мосту",
		date:  "22 листопада 2010",
		body: []string{
			"Міська рада у понеділок схвалила проєкт будівництва нового мосту через річку. Вартість робіт оцінюють приблизно у чотириста мільйонів гривень.",
			"Мер заявив, що старий міст збудували шістдесят років тому і він більше не витримує важких вантажівок. Будівництво розпочнеться у березні наступного року.",
			"Депутати від опозиції поставили під сумнів вартість і сказали, що тендер не був прозорим.",
			"Власники місцевих крамниць побоюються, що вулицю біля ринку перекриють на час робіт і вони втратять покупців.",
		},
		menu:  []string{"Головна", "Політика", "Економіка", "Спорт", "Культура", "Світ"},
		more:  "Читайте також",
		other: []string{"Після зливи затопило кілька вулиць", "Шкільні канікули подовжили", "Збірна виграла третій матч"},
		foot:  "© 2010 Усі права захищено",
	},
	{
		lang: "hu", dir: "ltr", reader: "Péter",
		title: "Jóváhagyta a városi tanács az új híd tervét",
		date:  "2010. november 22.",
		body: []string{
			"A városi tanács hétfőn jóváhagyta az új folyami híd építésének tervét. A beruházás várhatóan mintegy négyszázmillió forintba kerül.",
			"A polgármester elmondta, hogy a régi hidat hatvan éve építették, és már nem bírja el a nehéz teherautókat. A munkálatok jövő márciusban kezdődnek.",
			"Az ellenzéki képviselők kifogásolták a költségeket, és azt mondták, hogy a közbeszerzés nem volt átlátható.",
			"A környékbeli boltosok attól tartanak, hogy az építkezés idejére lezárják a piac előtti utcát, és elmaradnak a vevők.",
		},
		menu:  []string{"Címlap", "Belföld", "Külföld", "Gazdaság", "Sport", "Kultúra"},
		more:  "Kapcsolódó cikkek",
		other: []string{"Elöntötte az utcákat az eső", "Meghosszabbították a téli szünetet", "Megnyerte harmadik meccsét a válogatott"},
		foot:  "© 2010 Minden jog fenntartva",
	},
	{
		lang: "zh", dir: "ltr", reader: "网友",
		title: "市议会批准新建跨河大桥计划",
		date:  "2010年11月22日 09:30",
		body: []string{
			"市议会星期一批准了新建跨河大桥的计划，预计工程耗资约四亿元，工期两年。",
			"市长表示，旧桥建于六十年前，已无法承受重型车辆的重量，工程将于明年三月开工。",
			"反对派议员对工程费用提出质疑，并称招标过程不够透明。",
			"附近商户担心施工期间市场前的道路会被封闭，生意将受到影响。",
		},
		menu:  []string{"首页", "国内", "国际", "财经", "体育", "娱乐"},
		more:  "相关新闻",
		other: []string{"暴雨过后多条街道积水", "学校寒假时间公布", "国家队赢得第三场比赛"},
		foot:  "版权所有 不得转载",
	},
	{
		lang: "pl", dir: "ltr", reader: "Gość",
		title: "Rada miasta zatwierdziła budowę nowego mostu",
		date:  "22 listopada 2010, 09:30",
		body: []string{
			"Rada miasta zatwierdziła w poniedziałek plan budowy nowego mostu przez rzekę. Inwestycja ma kosztować około czterystu milionów złotych.",
			"Burmistrz powiedział, że stary most zbudowano sześćdziesiąt lat temu i nie udźwignie on już ciężkich samochodów. Prace mają ruszyć w marcu przyszłego roku.",
			"Radni opozycji pytali o koszty i twierdzili, że przetarg nie był przejrzysty.",
			"Okoliczni sklepikarze obawiają się, że ulica przy targu będzie zamknięta, a oni stracą klientów.",
		},
		menu:  []string{"Strona główna", "Kraj", "Świat", "Biznes", "Sport", "Kultura"},
		more:  "Zobacz także",
		other: []string{"Ulice zalane po ulewie", "Ferie zimowe przedłużone", "Reprezentacja wygrała trzeci mecz"},
		foot:  "© 2010 Wszelkie prawa zastrzeżone",
	},
	{
		lang: "el", dir: "ltr", reader: "Νίκος",
		title: "Εγκρίθηκε από το δημοτικό συμβούλιο η νέα γέφυρα",
		date:  "22 Νοεμβρίου 2010",
		body: []string{
			"Το δημοτικό συμβούλιο ενέκρινε τη Δευτέρα το σχέδιο για την κατασκευή νέας γέφυρας πάνω από το ποτάμι. Το έργο αναμένεται να κοστίσει περίπου τετρακόσια εκατομμύρια ευρώ.",
			"Ο δήμαρχος δήλωσε ότι η παλιά γέφυρα χτίστηκε πριν από εξήντα χρόνια και δεν αντέχει πλέον τα βαριά φορτηγά. Οι εργασίες θα αρχίσουν τον Μάρτιο.",
			"Σύμβουλοι της αντιπολίτευσης ρώτησαν για το κόστος και είπαν ότι ο διαγωνισμός δεν ήταν διαφανής.",
			"Οι καταστηματάρχες φοβούνται ότι ο δρόμος μπροστά στην αγορά θα κλείσει και θα χάσουν πελάτες.",
		},
		menu:  []string{"Αρχική", "Πολιτική", "Οικονομία", "Αθλητικά", "Πολιτισμός", "Κόσμος"},
		more:  "Διαβάστε επίσης",
		other: []string{"Πλημμύρισαν δρόμοι μετά τη βροχή", "Παρατείνονται οι διακοπές στα σχολεία", "Η εθνική κέρδισε τον τρίτο αγώνα"},
		foot:  "© 2010 Με επιφύλαξη παντός δικαιώματος",
	},
	{
		lang: "ru", dir: "ltr", reader: "Иван",
		title: "Городской совет одобрил проект нового моста",
		date:  "22 ноября 2010, 09:30",
		body: []string{
			"Городской совет в понедельник одобрил проект строительства нового моста через реку. Работы обойдутся примерно в четыреста миллионов рублей.",
			"Мэр заявил, что старый мост построили шестьдесят лет назад и он больше не выдерживает тяжелые грузовики. Строительство начнется в марте.",
			"Депутаты от оппозиции усомнились в смете и сказали, что конкурс не был прозрачным.",
			"Владельцы магазинов опасаются, что улицу у рынка перекроют и они потеряют покупателей.",
		},
		menu:  []string{"Главная", "Политика", "Экономика", "Спорт", "Культура", "Мир"},
		more:  "Читайте также",
		other: []string{"После ливня затопило улицы", "Школьные каникулы продлили", "Сборная выиграла третий матч"},
		foot:  "© 2010 Все права защищены",
	},
}

// links are entries each of which is a link, with a divider behind or before.
func links(list []string, format string) string {
	var b strings.Builder
	for i, s := range list {
		fmt.Fprintf(&b, format, fmt.Sprintf(`<a href="/%d.html">%s</a>`, i, s))
	}
	return b.String()
}

const declared = `<meta http-equiv="Content-Type" content="text/html; charset=utf-8">`

// layouts are the ways such a report is marked up, from today's to that of
// 2005; they return the page and how many paragraphs its body has.
var layouts = []struct {
	name string
	make func(s *story) (page string, paragraphs int)
}{
	{"sections", func(s *story) (string, int) {
		return `<!doctype html><html lang="` + s.lang + `" dir="` + s.dir + `"><head><meta charset="utf-8"><title>` + s.title + ` | Example</title></head><body><header><nav><ul>` + links(s.menu, "<li>%s</li>") +
			`</ul></nav></header><main><article><h1>` + s.title + `</h1><time>` + s.date + `</time><p>` + strings.Join(s.body, "</p><p>") + `</p></article><aside><h3>` + s.more + `</h3><ul>` +
			links(s.other, "<li>%s</li>") + `</ul></aside></main><footer><p>` + s.foot + `</p></footer></body></html>`, len(s.body)
	}},
	{"a cell with breaks", func(s *story) (string, int) { return cell(s, s.body), len(s.body) }},
	{"a brief in a cell", func(s *story) (string, int) { return cell(s, s.body[:1]), 1 }},
	{"a body in two cells with a picture between", func(s *story) (string, int) {
		return `<html><head>` + declared + `<title>` + s.title + ` - Example</title></head><body><table><tr><td colspan=2>` + links(s.menu, "%s | ") + `</td></tr></table><table><tr><td valign=top><b>` +
			s.title + `</b><br><small>` + s.date + `</small></td></tr><tr><td valign=top>` + s.body[0] + `<br><br>` + s.body[1] + `</td></tr><tr><td><table><tr><td><img src=a.jpg></td></tr></table></td></tr><tr><td valign=top>` +
			s.body[2] + `<br><br>` + s.body[3] + `</td></tr></table><table><tr><td><b>` + s.more + `</b></td></tr>` + links(s.other, "<tr><td>%s</td></tr>") + `</table><center><font size=1>` + s.foot + `</font></center></body></html>`, 4
	}},
	{"other stories in the midst of a body", func(s *story) (string, int) {
		return `<html><head>` + declared + `<title>` + s.title + ` - Example</title></head><body><table width=980><tr><td width=160 valign=top>` + links(s.menu, "%s<br>") + `</td><td valign=top><h2>` + s.title + `</h2>` +
			s.date + `<br><br>` + s.body[0] + `<br><br>` + s.body[1] + `<br><br><b>` + s.more + `</b><br>` + links(s.other, "&bull; %s<br>") + `<br>` + s.body[2] + `<br><br>` + s.body[3] + `<br><br></td></tr></table><center>` + s.foot + `</center></body></html>`, 4
	}},
	{"comments longer than the story", func(s *story) (string, int) {
		var b strings.Builder
		for i := range 8 {
			said := append(slices.Clone(s.body[1+i%3:]), s.body[2])
			fmt.Fprintf(&b, "<tr><td><b>%s %c.</b> 22.11.2010 1%d:3%d<br>%s</td></tr>", s.reader, 'A'+i, i, i, strings.Join(said, " "))
		}
		return `<html><head>` + declared + `<title>` + s.title + ` - Example</title></head><body><table width=980><tr><td width=160 valign=top>` + links(s.menu, "%s<br>") + `</td><td valign=top><h2>` + s.title + `</h2>` +
			s.date + `<br><br>` + s.body[0] + `<br><br>` + s.body[1] + `<br><br><table>` + b.String() + `</table></td></tr></table><center>` + s.foot + `</center></body></html>`, 2
	}},
}

// cell is a page of three columns, the middle of which holds headline, date and
// body with nothing but breaks between.
func cell(s *story, body []string) string {
	return `<html><head>` + declared + `<title>` + s.title + ` - Example</title></head><body bgcolor=white><table width=980><tr><td colspan=3>` + links(s.menu, "%s | ") + `</td></tr><tr><td width=160 valign=top>` + links(s.menu, "%s<br>") +
		`</td><td width=560 valign=top><font size=4><b>` + s.title + `</b></font><br><font size=1 color=gray>` + s.date + `</font><br><br>` + strings.Join(body, "<br><br>") + `</td><td width=220 valign=top><b>` + s.more + `</b><br>` +
		links(s.other, "&bull; %s<br>") + `</td></tr><tr><td colspan=3 align=center><font size=1>` + s.foot + `</font></td></tr></table></body></html>`
}

// A short report comes out whole and alone, with its headline, day and language,
// whatever its script and however its page is laid out.
func TestLayouts(t *testing.T) {
	for i := range stories {
		s := &stories[i]
		for _, l := range layouts {
			t.Run(s.lang+" "+l.name, func(t *testing.T) {
				page, n := l.make(s)
				a := Extract([]byte(page), Options{})
				if want := strings.Join(s.body[:n], "\n\n"); a.Text != want {
					t.Errorf("Text %q, want %q", a.Text, want)
				}
				if a.Title != s.title {
					t.Errorf("Title %q", a.Title)
				}
				if got := a.Published.Format("2006-01-02"); got != "2010-11-22" {
					t.Errorf("Published %s", got)
				}
				if a.Lang != s.lang {
					t.Errorf("Lang %q", a.Lang)
				}
			})
		}
	}
}
