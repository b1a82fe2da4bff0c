package dashboard

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"sort"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/advise"
	"github.com/highwater-dev/highwater/internal/report"
)

// MostBytes is what a page is thinned to: a little less than 2 MB, so that it is less
// than that on every disk.
const MostBytes = 1_950_000

// Input is what a page is made of.
type Input struct {
	// Report is the newest run with its judgement, and with Run and Baseline in it.
	Report *highwater.Report
	// History is how figures went, with what is known of each series. None is fine.
	History []Trended
	// NoHistory says why there is none, in a sentence; "" where there is.
	NoHistory string
	// Advice is what debug optimize has said of scenarios, by their IDs, and of processes. Of
	// a scenario that it says nothing of, its measurements are asked.
	Advice []advise.Subject
	// Made marks data that nobody measured: the page says so at its top.
	Made string
	// Live says that the page is served, and is to look for newer ones: those with another
	// Tag.
	Live bool
	Tag  string
}

// Trended is a series and its trend.
type Trended struct {
	Series highwater.Series
	Trend  highwater.Trend
}

//go:embed page.gohtml
var pageSource string

var pageTemplate = template.Must(template.New("dashboard").Parse(pageSource))

// pageView is what the template shows: the part of a page that is there without a script.
type pageView struct {
	Title, Verdict, Tally, Made string
	Policy                      string
	Live                        bool
	Tag                         string
	Style                       template.CSS
	Script                      template.JS
	Data                        json.RawMessage
}

// Render makes the page.
func Render(in Input) ([]byte, error) {
	frame := len(style) + len(script()) + 4096
	made := map[int]encoded{}
	make := func(i int) encoded {
		e, ok := made[i]
		if !ok {
			e.doc = documentOf(in, details[i])
			e.data, e.err = json.Marshal(e.doc)
			made[i] = e
		}
		return e
	}
	// The levels get smaller and smaller. Of thousands of scenarios the smallest is taken,
	// whatever its size.
	e := make(min(sort.Search(len(details), func(i int) bool { e := make(i); return e.err != nil || len(e.data)+frame <= MostBytes }), len(details)-1))
	if e.err != nil {
		return nil, fmt.Errorf("making the dashboard: %w", e.err)
	}
	return render(in, e.doc, e.data)
}

// encoded is the data at one level of detail.
type encoded struct {
	doc  *document
	data []byte
	err  error
}

func render(in Input, doc *document, data json.RawMessage) ([]byte, error) {
	v := pageView{
		Title: doc.Title, Verdict: doc.Verdict, Tally: doc.Tally, Made: report.Sentence(in.Made), Live: in.Live, Tag: `"` + in.Tag + `"`,
		Policy: Policy(in.Live), Style: template.CSS(style), Script: template.JS(script()), Data: data,
	}
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, v); err != nil {
		return nil, fmt.Errorf("making the dashboard: %w", err)
	}
	return b.Bytes(), nil
}
