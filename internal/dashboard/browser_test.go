package dashboard_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
	"github.com/highwater-dev/highwater/internal/browser"
	"github.com/highwater-dev/highwater/internal/dashboard"
	"github.com/highwater-dev/highwater/internal/dashboard/madeup"
	"github.com/highwater-dev/highwater/internal/serve"
)

// pages opens pages in one browser, which is started once for all of the tests below.
type pages struct {
	t *testing.T
	b *browser.Browser
}

func (p pages) open(in dashboard.Input, width int64, hash string) *browser.Tab {
	p.t.Helper()
	path := filepath.Join(p.t.TempDir(), "page.html")
	if err := os.WriteFile(path, render(p.t, in), 0o600); err != nil {
		p.t.Fatal(err)
	}
	tab, err := p.b.Open("file://"+path+hash, width, 800, false)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() {
		if said := tab.Console(); len(said) > 0 {
			p.t.Errorf("the console says %q", said)
		}
		tab.Close()
	})
	return tab
}

func value[T any](t *testing.T, tab *browser.Tab, expression string) T {
	t.Helper()
	v, err := browser.Value[T](tab, expression)
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

func keys(t *testing.T, tab *browser.Tab, all string) {
	t.Helper()
	if err := tab.Keys(all); err != nil {
		t.Fatal(err)
	}
}

func TestInABrowser(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	b, err := browser.Start(ctx)
	if errors.Is(err, browser.ErrMissing) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	t.Run("keys", func(t *testing.T) { testKeys(t, pages{t, b}) })
	t.Run("filter", func(t *testing.T) { testFilter(t, pages{t, b}) })
	t.Run("hostile", func(t *testing.T) { testHostile(t, pages{t, b}) })
	t.Run("phone", func(t *testing.T) { testPhone(t, pages{t, b}) })
	t.Run("soak", func(t *testing.T) { testSoak(t, pages{t, b}) })
	t.Run("views", func(t *testing.T) { testViews(t, pages{t, b}) })
	t.Run("live", func(t *testing.T) { testLive(t, pages{t, b}) })
	t.Run("policy", func(t *testing.T) { testPolicy(t, pages{t, b}) })
}

// openedName is the ID of the scenario that is open, as the address and the page have it.
const openedName = `document.getElementById("detail").hidden ? "" : new URLSearchParams(location.hash.slice(1)).get("open") + " " + document.getElementById("opened").textContent`

// Search, open, go on, close, help: without a pointer.
func testKeys(t *testing.T, p pages) {
	tab := p.open(madeup.Many(20, 30), 1200, "")
	keys(t, tab, kb.Tab)
	if c := value[string](t, tab, "document.activeElement.className"); c != "skip" {
		t.Errorf("Tab first stops at %q", c)
	}
	keys(t, tab, "/fill"+kb.Enter)
	if shown := value[int](t, tab, `document.querySelectorAll("#list .row[data-index]:not([hidden])").length`); shown == 0 || shown == 20 {
		t.Errorf("%d rows after the search", shown)
	}
	keys(t, tab, kb.Enter)
	first := value[string](t, tab, openedName)
	if !strings.Contains(first, "fill") {
		t.Fatalf("Enter opened %q", first)
	}
	keys(t, tab, "j")
	if second := value[string](t, tab, openedName); second == first || !strings.Contains(second, "fill") {
		t.Errorf("j went from %q to %q", first, second)
	}
	keys(t, tab, "k")
	if back := value[string](t, tab, openedName); back != first {
		t.Errorf("k went to %q", back)
	}
	keys(t, tab, kb.Escape)
	if value[string](t, tab, openedName) != "" || !value[bool](t, tab, `document.activeElement.classList.contains("row")`) {
		t.Error("Esc has not closed it, or has lost the place")
	}
	keys(t, tab, "?")
	if !value[bool](t, tab, `document.getElementById("keys").open`) {
		t.Error("? shows no keys")
	}
	keys(t, tab, kb.Escape)
	keys(t, tab, "2")
	if !value[bool](t, tab, `document.querySelector("table.heat td[tabindex='0']") !== null`) {
		t.Error("2 is not the heat map, or it cannot be reached")
	}
	keys(t, tab, "t")
	if theme := value[string](t, tab, "document.documentElement.dataset.theme"); theme != "light" {
		t.Errorf("t chose %q", theme)
	}
}

// The filter shows those that it should, by each of its means.
func testFilter(t *testing.T, p pages) {
	in := madeup.Many(40, 0)
	failing := 0
	for _, r := range in.Report.Rows {
		if r.Verdict == "fail" {
			failing++
		}
	}
	tab := p.open(in, 1200, "#verdict=fail")
	const shown = `[...document.querySelectorAll("#list .row[data-index]:not([hidden])")].map((r) => r.getAttribute("data-verdict")).join()`
	if have := value[string](t, tab, shown); have != strings.TrimSuffix(strings.Repeat("fail,", failing), ",") || failing == 0 {
		t.Errorf("%d fail, and shown are %s", failing, have)
	}
	if err := tab.Run(`document.querySelector("#verdicts [data-verdict=fail]").click(); const s = document.getElementById("suite"); s.value = "cache"; s.dispatchEvent(new Event("change", {bubbles: true}))`); err != nil {
		t.Fatal(err)
	}
	if have := value[string](t, tab, `[...new Set([...document.querySelectorAll("#list .row[data-index]:not([hidden]) .suite")].map((e) => e.textContent))].join()`); have != "cache" {
		t.Errorf("suites shown: %s", have)
	}
	if said := value[string](t, tab, `document.getElementById("shown").textContent`); said != "6 of 40 scenarios" {
		t.Errorf("it says %q", said)
	}
	// Nothing is like that, and a button leads back.
	if err := tab.Run(`location.hash = "q=nosuchthing"`); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(10 * time.Second)
	for value[bool](t, tab, `document.getElementById("nothing").hidden`) {
		if time.Now().After(deadline) {
			t.Fatal("the address does not filter")
		}
	}
	if err := tab.Run(`document.querySelector("#nothing button").click()`); err != nil {
		t.Fatal(err)
	}
	if n := value[int](t, tab, `document.querySelectorAll("#list .row[data-index]:not([hidden])").length`); n != 40 {
		t.Errorf("%d rows after all", n)
	}
}

// Hostile names are text, in the list and in all that can be opened.
func testHostile(t *testing.T, p pages) {
	in := madeup.Worst()
	tab := p.open(in, 1200, "")
	title := value[string](t, tab, "document.title")
	for i := range in.Report.Rows {
		if err := tab.Run(`document.querySelector("#list .row[data-index='` + string(rune('0'+i)) + `']").click()`); err != nil {
			t.Fatal(err)
		}
		for _, tag := range []string{"img", "iframe", "object", "a[href^=javascript]", "#main script"} {
			if n := value[int](t, tab, `document.querySelectorAll("`+tag+`").length`); n != 0 {
				t.Errorf("scenario %d: %d of %s", i, n, tag)
			}
		}
	}
	for _, view := range []string{"heat", "engines", "advice", "about"} {
		if err := tab.Run(`document.getElementById("tab-` + view + `").click()`); err != nil {
			t.Fatal(err)
		}
	}
	if now := value[string](t, tab, "document.title"); now != title || strings.Contains(now, "owned'") != strings.Contains(title, "owned'") {
		t.Errorf("the title became %q", now)
	}
	if n := value[int](t, tab, `document.querySelectorAll("script").length`); n != 2 {
		t.Errorf("%d scripts", n)
	}
	text := value[string](t, tab, "document.body.textContent")
	for _, want := range []string{madeup.Hostile[0], madeup.Hostile[1], `\u202e`} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not shown as it is", want)
		}
	}
	if strings.ContainsAny(text, "\u202e\u2066") {
		t.Error("text can be turned round")
	}
}

// On a phone nothing is wider than the phone.
func testPhone(t *testing.T, p pages) {
	in := madeup.Many(20, 60)
	tab := p.open(in, 375, "")
	wide := func(what string) {
		t.Helper()
		if w := value[float64](t, tab, `document.scrollingElement.scrollWidth`); w > 375 {
			t.Errorf("%s is %v pixels wide: %s", what, w, value[string](t, tab, `[...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > 376 && !e.closest(".scroll")).slice(0, 5).map((e) => e.tagName + "." + e.className).join(" ")`))
		}
	}
	wide("the list")
	for _, view := range []string{"heat", "engines", "advice", "about", "list"} {
		if err := tab.Run(`document.getElementById("tab-` + view + `").click()`); err != nil {
			t.Fatal(err)
		}
		wide(view)
	}
	if err := tab.Run(`document.querySelector("#list .row[data-index]").click()`); err != nil {
		t.Fatal(err)
	}
	wide("a scenario")
	if w := value[float64](t, tab, `document.getElementById("detail").scrollWidth`); w > 375 {
		t.Errorf("the opened scenario is %v pixels wide", w)
	}
}

// Every view and every section has something in it: a drawing, or a word on why not.
func testViews(t *testing.T, p pages) {
	in := madeup.Many(14, 60)
	tab := p.open(in, 1200, "#open="+in.Report.Rows[12].Scenario.ID())
	for _, part := range []string{"findings", "figures", "trend", "course", "flame", "whole", "spread", "engines", "suspects", "advice"} {
		if n := value[int](t, tab, `(document.querySelector("#part-`+part+`") || {textContent: ""}).textContent.length`); n < 20 {
			t.Errorf("section %s has %d letters", part, n)
		}
	}
	if d := value[string](t, tab, `document.querySelector("#part-trend path.line").getAttribute("d")`); strings.Count(d, "L") != 59 || strings.Contains(d, "NaN") {
		t.Errorf("the trend of 60 nights is drawn as %s", d)
	}
	if n := value[int](t, tab, `[...document.querySelectorAll("svg *")].filter((e) => [...e.attributes].some((a) => /NaN|Infinity|undefined/.test(a.value))).length`); n > 0 {
		t.Errorf("%d elements are drawn nowhere", n)
	}
	// Checkpoints and collections are told apart, by the keys of a keyboard and in figures.
	const timeline = `document.querySelector("#part-course svg.chart")`
	said := map[string]int{}
	if err := tab.Run(timeline + `.focus()`); err != nil {
		t.Fatal(err)
	}
	keys(t, tab, kb.Home)
	for range 40 {
		line := value[string](t, tab, timeline+`.closest("figure").querySelector("output").textContent`)
		for _, what := range []string{"heap and stacks at checkpoints ", "other collections "} {
			if strings.Contains(line, what) {
				said[what]++
			}
		}
		keys(t, tab, kb.ArrowRight)
	}
	if len(said) != 2 || said["other collections "] <= said["heap and stacks at checkpoints "] {
		t.Errorf("the keys read %v", said)
	}
	if err := tab.Run(timeline + `.closest("figure").querySelector("details.astable").open = true`); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(10 * time.Second)
	const rows = `document.querySelectorAll("#part-course figure:first-of-type .astable tbody tr").length`
	for value[int](t, tab, rows) == 0 {
		if time.Now().After(deadline) {
			t.Fatal("there is no table")
		}
	}
	if n := value[int](t, tab, rows); n < 130 || n > 146 {
		t.Errorf("the table of 60 checkpoints and 86 collections has %d rows", n)
	}
	// The difference to the baseline, and its widths: what is below is no wider.
	if err := tab.Run(`document.querySelectorAll("#part-flame .modes button")[1].click()`); err != nil {
		t.Fatal(err)
	}
	if n := value[int](t, tab, `document.querySelectorAll("#part-flame .flame .grew").length`); n == 0 {
		t.Error("nothing has grown")
	}
	if over := value[float64](t, tab, `Math.max(...[...document.querySelectorAll(".flame button")].map((b) => parseFloat(b.style.left) + parseFloat(b.style.width)))`); over > 100.1 {
		t.Errorf("the flame graph is %v %% wide", over)
	}
	// Print: what is not in sight is drawn as well.
	if pdf, err := tab.PDF(); err != nil || len(pdf) < 10_000 {
		t.Errorf("printed: %d bytes, %v", len(pdf), err)
	}
}

// A soak has its suspects where they are seen first, each with a drawing of how it grew.
func testSoak(t *testing.T, p pages) {
	in := soak()
	tab := p.open(in, 1200, "#open="+in.Report.Rows[0].Scenario.ID())
	if n := value[int](t, tab, `document.querySelectorAll("#part-suspects article.finding svg.chart path.line").length`); n != 2 {
		t.Errorf("%d drawings of two suspects", n)
	}
	if n := value[int](t, tab, `document.querySelectorAll("#part-course svg.chart").length`); n != 2 {
		t.Errorf("%d timelines", n)
	}
	if text := value[string](t, tab, `document.querySelector("#part-suspects").textContent`); !strings.Contains(text, "0 B → 300 KB · +36.0 MB/h · 98 % of the growth · tau 1.00") || !strings.Contains(text, "0a1b2c3d4e5f") {
		t.Errorf("it says %s", text)
	}
}

// This is how it looks when something is wrong: the policy forbids what is not the page's.
func testPolicy(t *testing.T, p pages) {
	page := strings.Replace(string(render(t, madeup.Many(2, 0))), "</body>", "<script>document.title = 'owned'</script></body>", 1)
	path := filepath.Join(t.TempDir(), "broken.html")
	if err := os.WriteFile(path, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	tab, err := p.b.Open("file://"+path, 800, 600, false)
	if err != nil {
		t.Fatal(err)
	}
	defer tab.Close()
	if title := value[string](t, tab, "document.title"); title == "owned" {
		t.Error("a script ran that is not the page's")
	}
	deadline := time.Now().Add(10 * time.Second)
	for !strings.Contains(strings.Join(tab.Console(), "\n"), "Content Security Policy") {
		if time.Now().After(deadline) {
			t.Fatalf("nobody said so: %q", tab.Console())
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// A page that is served loads itself again when there is a newer one, and says nothing on
// its console; what was filtered stays.
func testLive(t *testing.T, p pages) {
	var tag atomic.Value
	tag.Store("first")
	server := httptest.NewServer(serve.Handler(serve.Options{}, func(context.Context) (serve.Page, error) {
		in := madeup.Many(4, 0)
		in.Live, in.Tag = true, tag.Load().(string)
		in.Report.RunID = in.Tag
		page, err := dashboard.Render(in)
		return serve.Page{Body: page, Tag: in.Tag, Policy: dashboard.Policy(true)}, err
	}))
	defer server.Close()
	tab, err := p.b.Open(server.URL+"/#sort=name", 1000, 700, false)
	if err != nil {
		t.Fatal(err)
	}
	defer tab.Close()
	const meta = `(document.getElementById("meta") || {textContent: ""}).textContent`
	if text := value[string](t, tab, meta); !strings.Contains(text, "run first") || !strings.Contains(text, "live") {
		t.Errorf("it says %q", text)
	}
	tag.Store("second")
	if err := tab.Run(`window.dispatchEvent(new Event("focus"))`); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		// While it loads there is nothing to ask.
		if text, err := browser.Value[string](tab, meta); err == nil && strings.Contains(text, "run second") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the newer page never came")
		}
	}
	if order := value[string](t, tab, `document.getElementById("sort").value`); order != "name" {
		t.Errorf("the order became %q", order)
	}
	if said := tab.Console(); len(said) > 0 {
		t.Errorf("the console says %q", said)
	}
}
