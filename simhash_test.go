package newsdedup

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"math/rand"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

var updateVectors = flag.Bool("update-vectors", false, "write what scheme 1 gives into testdata/vectors")

// vector is one line of testdata/vectors/scheme1.jsonl: an article and what
// scheme 1 makes of it.
type vector struct {
	Name         string `json:"name"`
	Lang         string `json:"lang"`
	Title        string `json:"title"`
	Text         string `json:"text"`
	Digest       string `json:"digest"`
	SimHash      string `json:"simhash"`
	TitleSimHash string `json:"title_simhash"`
	Fingerprint  string `json:"fingerprint"`
}

func (v *vector) article() *Article {
	return &Article{ID: v.Name, Lang: v.Lang, Title: v.Title, Text: v.Text}
}

const vectorFile = "testdata/vectors/scheme1.jsonl"

func vectors(t testing.TB) (vs []vector) {
	f, err := os.Open(vectorFile)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var v vector
		if err := json.Unmarshal(sc.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		vs = append(vs, v)
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	return vs
}

// Whoever has stored fingerprints has stored these. On every machine and with
// every release of Go, the same articles give the same bytes.
func TestVectors(t *testing.T) {
	vs := vectors(t)
	langs := map[string]bool{}
	for i := range vs {
		v := &vs[i]
		langs[v.Lang] = true
		f := Scheme1.Fingerprint(v.article())
		b, err := f.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		got := *v
		d := f.Digest()
		got.Digest, got.SimHash, got.TitleSimHash = hex.EncodeToString(d[:]), f.SimHash().String(), f.TitleSimHash().String()
		got.Fingerprint = hex.EncodeToString(b)
		if *updateVectors {
			*v = got
			continue
		}
		if got != *v {
			t.Errorf("%s:\n got %+v\nwant %+v", v.Name, got, *v)
		}
		want, err := hex.DecodeString(v.Fingerprint)
		if err != nil {
			t.Fatal(err)
		}
		var g Fingerprint
		if err := g.UnmarshalBinary(want); err != nil || g != f {
			t.Errorf("%s: decoding what was stored gives %v", v.Name, err)
		}
	}
	if len(langs) < 15 {
		t.Errorf("vectors of %d languages only", len(langs))
	}
	if *updateVectors {
		var w bytes.Buffer
		enc := json.NewEncoder(&w)
		enc.SetEscapeHTML(false)
		for _, v := range vs {
			if err := enc.Encode(v); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(vectorFile, w.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// Scheme 1 is these lines of the vectors, whatever is appended to them.
func TestRecipe(t *testing.T) {
	const lines, want = 53, "bdf748791599805ecc1b44b9a7daf70fbf7b507538efedeadb044084c2cae742"
	b, err := os.ReadFile(vectorFile)
	if err != nil {
		t.Fatal(err)
	}
	end := 0
	for range lines {
		n := bytes.IndexByte(b[end:], '\n')
		if n < 0 {
			t.Fatalf("fewer than %d vectors", lines)
		}
		end += n + 1
	}
	if got := fmt.Sprintf("%x", sha256.Sum256(b[:end])); got != want {
		t.Errorf("SHA-256 of the first %d vectors: %s, want %s", lines, got, want)
	}
	if formatVersion != 1 || maxText != 4<<20 || maxCredits != 64 || Scheme1 != 1 {
		t.Error("other constants make another scheme")
	}
}

// A publisher's name of any length takes bounded memory, like a text: what is
// beyond 4 MiB is not seen.
func TestLongName(t *testing.T) {
	name := strings.Repeat("gazette ", 4<<20/8)
	want := PublisherHash(name)
	if got := PublisherHash(name + "of Holm"); got != want || got == PublisherHash(name[8:]) {
		t.Errorf("hash %x, want %x", got, want)
	}
	f := Scheme1.Fingerprint(&Article{Publisher: name + "of Holm"})
	if got := f.Member().Publisher; got != want {
		t.Errorf("hash of the fingerprint %x, want %x", got, want)
	}
}

func TestSimHashText(t *testing.T) {
	for _, c := range []struct {
		h    SimHash
		want string
	}{{0, "0000000000000000"}, {0xfedcba9876543210, "fedcba9876543210"}, {1, "0000000000000001"}} {
		if got := c.h.String(); got != c.want {
			t.Errorf("%d: %s, want %s", uint64(c.h), got, c.want)
		}
		var back SimHash
		if err := back.UnmarshalText([]byte(c.want)); err != nil || back != c.h {
			t.Errorf("%s: %v, %v", c.want, back, err)
		}
	}
	for _, bad := range []string{"", "0", "000000000000000g", "00000000000000001", "FEDCBA9876543210", "+000000000000001", "0x00000000000001"} {
		var h SimHash
		if err := h.UnmarshalText([]byte(bad)); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// Distance is a metric on 64-bit words.
func TestDistance(t *testing.T) {
	if d := SimHash(0).Distance(^SimHash(0)); d != 64 {
		t.Errorf("the farthest are %d apart", d)
	}
	r := rand.New(rand.NewSource(1))
	for range 10000 {
		a, b, c := SimHash(r.Uint64()), SimHash(r.Uint64()&r.Uint64()), SimHash(r.Uint64()|r.Uint64())
		if (a.Distance(b) == 0) != (a == b) || a.Distance(a) != 0 || a.Distance(b) != b.Distance(a) || a.Distance(c) > a.Distance(b)+b.Distance(c) {
			t.Fatalf("%v %v %v", a, b, c)
		}
	}
}

var bridge = &Article{
	ID: "bridge-1", URL: "https://www.westhaven-herald.example/2026/bridge?x=1", Title: "Harbour bridge to close for repairs", Byline: "Ann Reed",
	Lang: "en", Published: time.Date(2026, 3, 2, 9, 30, 15, 999, time.FixedZone("", 3600)), Credits: []string{"Reuters", "AP", "Reuters"},
	Text: "The old harbour bridge will close for six weeks from Monday, engineers said.\n\n“We had hoped to wait until spring,” said Mr. Alder. Repairs will cost $3.5 million, 12 per cent more than planned.",
}

func TestFingerprintFields(t *testing.T) {
	f := SchemeDefault.Fingerprint(bridge)
	if f.Scheme() != Scheme1 || f.ID() != "bridge-1" || f.Lang() != "en" || f.Bytes() != len(bridge.Text) {
		t.Errorf("scheme %d, ID %q, language %q, %d bytes", f.Scheme(), f.ID(), f.Lang(), f.Bytes())
	}
	if want := time.Date(2026, 3, 2, 8, 30, 15, 0, time.UTC); !f.Published().Equal(want) {
		t.Errorf("published %v, want %v", f.Published(), want)
	}
	if got := f.Credits(); !slices.Equal(got, []string{"AP", "Reuters"}) {
		t.Errorf("credits %q", got)
	}
	// The publisher is the name, however it is written, or else the host.
	a := *bridge
	g := Scheme1.Fingerprint(&a)
	if f != g {
		t.Error("two fingerprints of one article differ")
	}
	a.URL = "http://user@WESTHAVEN-HERALD.example:8080#top"
	if g = Scheme1.Fingerprint(&a); g.publisher() != f.publisher() || f.publisher() == 0 {
		t.Error("one host, two publishers")
	}
	a.Publisher = "The Westhaven Herald"
	g = Scheme1.Fingerprint(&a)
	a.Publisher = "THE WESTHAVEN  HERALD"
	h := Scheme1.Fingerprint(&a)
	if g.publisher() == f.publisher() || g != h {
		t.Error("the publisher's name does not tell")
	}
	m := f.Member()
	if m.ID != f.ID() || m.Publisher != f.publisher() || m.Words != 33 || !m.Credited {
		t.Errorf("%+v", m)
	}
	a = Article{Text: "So it is."}
	f = Scheme1.Fingerprint(&a)
	if f.ID() != "" || f.Lang() != "" || !f.Published().IsZero() || f.Credits() != nil || f.publisher() != 0 || f.credited() || f.TitleSimHash() != 0 {
		t.Error("an article without metadata has some")
	}
}

func TestFingerprintZero(t *testing.T) {
	for _, f := range []Fingerprint{{}, Scheme(7).Fingerprint(bridge), Scheme1.Fingerprint(nil)} {
		if f != (Fingerprint{}) || f.ID() != "" || f.Lang() != "" || f.Scheme() != 0 || f.SimHash() != 0 || f.TitleSimHash() != 0 || f.Bytes() != 0 ||
			f.Credits() != nil || !f.Published().IsZero() || f.Digest() != [16]byte{} || f.publisher() != 0 || f.credited() || f.Member() != (Member{}) {
			t.Error("the zero Fingerprint knows something")
		}
		for m := range f.Marks() {
			t.Error("a mark of nothing", m)
		}
		if _, err := f.MarshalBinary(); !errors.Is(err, ErrScheme) {
			t.Error(err)
		}
	}
	if _, err := Scheme(7).AppendFingerprint(nil, bridge); !errors.Is(err, ErrScheme) {
		t.Error(err)
	}
	if _, err := Scheme1.AppendFingerprint(nil, nil); !errors.Is(err, ErrEmpty) {
		t.Error(err)
	}
}

// A fingerprint depends on its article alone: not on the calls before, nor on
// who else is at work.
func TestFingerprintPure(t *testing.T) {
	vs := vectors(t)
	var want []Fingerprint
	for i := range vs {
		want = append(want, Scheme1.Fingerprint(vs[i].article()))
	}
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for _, i := range rand.New(rand.NewSource(int64(w))).Perm(len(vs)) {
				a := vs[i].article()
				if f := Scheme1.Fingerprint(a); f != want[i] {
					t.Errorf("%s: another fingerprint", vs[i].Name)
				}
				b, err := Scheme1.AppendFingerprint([]byte("before"), a)
				c, _ := want[i].AppendBinary([]byte("before"))
				if err != nil || !bytes.Equal(b, c) {
					t.Errorf("%s: AppendFingerprint: %v", vs[i].Name, err)
				}
			}
		})
	}
	wg.Wait()
}

// Damaged data is refused by name, wherever the damage is.
func TestUnmarshalDamage(t *testing.T) {
	f := Scheme1.Fingerprint(bridge)
	good, err := f.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	before := f
	refused := func(b []byte, what string) {
		t.Helper()
		if err := f.UnmarshalBinary(b); !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrScheme) && !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", what, err)
		}
		if f != before {
			t.Fatalf("%s: the fingerprint has changed", what)
		}
	}
	for i := range good {
		refused(good[:i], fmt.Sprintf("cut to %d bytes", i))
		for bit := range 8 {
			b := bytes.Clone(good)
			b[i] ^= 1 << bit
			refused(b, fmt.Sprintf("bit %d of byte %d", bit, i))
		}
	}
	refused(append(bytes.Clone(good), 0), "a byte more")
	// Times that no article has, in seconds: the zero of time.Time and the first
	// second of the year 10000. The sum is right.
	for _, at := range []int64{-62135596800, 253402300800, math.MaxInt64} {
		b := binary.LittleEndian.AppendUint64(bytes.Clone(good[:6]), uint64(at))
		b = append(b, good[14:len(good)-4]...)
		if err := f.UnmarshalBinary(appendSum(b, 0)); !errors.Is(err, ErrCorrupt) {
			t.Errorf("published at %d: %v", at, err)
		}
	}
	refused(nil, "nothing")
	for at, want := range map[int]error{2: ErrFormat, 4: ErrScheme, 0: ErrCorrupt, 60: ErrCorrupt} {
		b := bytes.Clone(good)
		b[at]++
		if err := f.UnmarshalBinary(b); !errors.Is(err, want) {
			t.Errorf("byte %d: %v, want %v", at, err, want)
		}
	}
}

// Fingerprints and profiles are strings of base64 in JSON, wherever in a value they
// stand, and come back the same; what is none, and what has no text, is refused.
func TestMarshalText(t *testing.T) {
	f := Scheme1.Fingerprint(bridge)
	want, err := f.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	var l Learner
	for i := range 3 {
		a := Article{Text: strings.Repeat(fmt.Sprintf("word%dx%d ", i, i*i), 40) + "\n\nThis newsroom has no owner but its readers."}
		for j := range 40 {
			a.Text = fmt.Sprintf("story%d%c ", i, 'a'+j%26) + a.Text
		}
		l.Add(&a)
	}
	if l.Profile().Len() != 1 {
		t.Fatal(l.Profile().Len(), "paragraphs learned")
	}
	type row struct {
		F Fingerprint
		P *Profile
	}
	b, err := json.Marshal([]row{{f, l.Profile()}})
	if err != nil {
		t.Fatal(err)
	}
	if s := base64.StdEncoding.EncodeToString(want); !strings.Contains(string(b), `"F":"`+s+`"`) {
		t.Errorf("%s does not have %s", b, s)
	}
	var back []row
	if err := json.Unmarshal(b, &back); err != nil || back[0].F != f || back[0].P.Len() != l.Profile().Len() {
		t.Errorf("%v, %+v", err, back)
	}
	if _, err := json.Marshal(row{}); !errors.Is(err, ErrScheme) {
		t.Errorf("the zero Fingerprint: %v", err)
	}
	for what, text := range map[string]string{
		"no base64": "\xff", "a break": "bmQB\n", "another alphabet": "_-__", "no padding": "bmQ", "bits that mean nothing": "bmR=",
		"base64 of something else": "bmRk", "nothing": "",
	} {
		if err := f.UnmarshalText([]byte(text)); !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrFormat) {
			t.Errorf("fingerprint, %s: %v", what, err)
		}
		if err := new(Profile).UnmarshalText([]byte(text)); !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrFormat) {
			t.Errorf("profile, %s: %v", what, err)
		}
	}
	if g := Scheme1.Fingerprint(bridge); f != g {
		t.Error("a text that was refused has changed the fingerprint")
	}
}

func FuzzUnmarshal(f *testing.F) {
	for _, v := range vectors(f) {
		b, _ := hex.DecodeString(v.Fingerprint)
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		// A checksum would keep the fuzzer out.
		if len(b) > 4 {
			b = appendSum(b[:len(b)-4:len(b)-4], 0)
		}
		var f Fingerprint
		if err := f.UnmarshalBinary(b); err != nil {
			if !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrScheme) && !errors.Is(err, ErrFormat) {
				t.Fatal(err)
			}
			return
		}
		if c, err := f.MarshalBinary(); err != nil || !bytes.Equal(b, c) {
			t.Fatalf("%x is encoded again as %x, %v", b, c, err)
		}
		f.Credits()
		f.Member()
		for m := range f.Marks() {
			if m.Start < 0 || m.End <= m.Start {
				t.Fatal(m)
			}
		}
	})
}

func FuzzFingerprint(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(v.Name, v.Title, v.Text, v.Lang, "https://example.org/a")
	}
	f.Fuzz(func(t *testing.T, id, title, text, credit, url string) {
		a := &Article{ID: id, URL: url, Title: title, Text: text, Lang: credit, Credits: []string{credit, title, credit}}
		p := Scheme1.Fingerprint(a)
		b, err := p.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var q Fingerprint
		if err := q.UnmarshalBinary(b); err != nil || p != q || q.ID() != id || q.Lang() != credit {
			t.Fatalf("%x: %v", b, err)
		}
		if n := len(b) - len(id) - 2*len(credit) - len(title); n > 4096 {
			t.Fatalf("%d bytes", n)
		}
		for m := range q.Marks() {
			if m.Start < 0 || m.End <= m.Start || m.End > len(text) {
				t.Fatal(m)
			}
		}
	})
}

// One character of a Chinese or Japanese brief is misread: few bits move.
func TestOneCharacter(t *testing.T) {
	for name, text := range map[string]string{
		"zh": "西港市政府星期一宣布，由于钢缆老化，港口的旧桥将从下月起关闭六周进行维修。每天约有一千二百辆卡车从桥上经过，届时车辆将改走隧道。总工程师表示，他们本想等到春天再动工，但检查结果显示情况比预期严重，不能再拖。维修费用预计达到三百五十万元，比原计划高出百分之十二。附近商户担心顾客减少，要求市里给予补贴。市长承诺将在两周内提出方案，并安排免费渡轮接送居民。反对派议员批评说，这座桥早在三年前就该修理，当局一再推迟才造成今天的局面。",
		"ja": "西浜市は月曜日、港にかかる古い橋を来月から六週間閉鎖し、補修工事を行うと発表した。ケーブルの老朽化が理由で、一日およそ千二百台のトラックが通る。工事の間、車はトンネルへ回る。担当の技術者は「春まで待ちたかったが、点検の結果は予想より悪く、これ以上延ばせない」と説明した。費用は三百五十万円で、当初の計画を一割ほど上回る見通し。近くの商店主らは客足が遠のくと心配し、市に補助を求めている。市長は二週間以内に対策を示す考えだ。",
	} {
		runes := []rune(text)[:200]
		hash := func(rs []rune) SimHash {
			f := Scheme1.Fingerprint(&Article{Text: string(rs)})
			return f.SimHash()
		}
		h := hash(runes)
		var dist [65]int
		total, most := 0, 0
		for i, r := range runes {
			if strings.ContainsRune("、。，「」", r) {
				continue
			}
			others := "国会山"
			switch {
			case r >= 0x30A0 && r <= 0x30FF:
				others = "アムリ"
			case r >= 0x3040 && r < 0x30A0:
				others = "さめろ"
			}
			for _, x := range others {
				if x == r {
					continue
				}
				rs := slices.Clone(runes)
				rs[i] = x
				d := h.Distance(hash(rs))
				dist[d]++
				total++
				most = max(most, d)
			}
		}
		t.Logf("%s: %d changes, bits moved: %v", name, total, dist[:most+1])
		if most > 6 {
			t.Errorf("%s: one character moves %d bits", name, most)
		}
	}
}

// raceEnabled says that the test binary was built with -race.
var raceEnabled bool

func TestAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector makes sync.Pool forget")
	}
	var buf []byte
	buf, _ = Scheme1.AppendFingerprint(buf, bridge)
	if n := testing.AllocsPerRun(100, func() { buf, _ = Scheme1.AppendFingerprint(buf[:0], bridge) }); n > 2 {
		t.Errorf("AppendFingerprint: %v allocations", n)
	}
	if n := testing.AllocsPerRun(100, func() { Scheme1.Fingerprint(bridge) }); n > 2 {
		t.Errorf("Fingerprint: %v allocations", n)
	}
}

func BenchmarkFingerprint(b *testing.B) {
	a := *bridge
	a.Text = strings.Repeat(a.Text+"\n\n", 15)
	b.SetBytes(int64(len(a.Text)))
	b.ReportAllocs()
	var buf []byte
	for b.Loop() {
		buf, _ = Scheme1.AppendFingerprint(buf[:0], &a)
	}
}
