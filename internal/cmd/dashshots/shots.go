package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/highwater-dev/highwater/internal/browser"
	"github.com/highwater-dev/highwater/internal/dashboard"
	"github.com/highwater-dev/highwater/internal/dashboard/madeup"
	"github.com/highwater-dev/highwater/internal/gate"
	"github.com/highwater-dev/highwater/internal/store"
)

type shots struct {
	dir  string
	only []string // names of pictures; one empty name for all
	out  io.Writer
	b    *browser.Browser
}

// shot is one picture: of which page, in which size, after what was done to it.
type shot struct {
	name          string
	page          string
	width, height int64
	dark          bool
	hash, do      string
	print         bool
}

func (s *shots) all(ctx context.Context, runs []string) error {
	var err error
	if s.b, err = browser.Start(ctx); err != nil {
		return err
	}
	defer s.b.Close()
	small := madeup.Many(24, 365)
	if len(runs) > 0 {
		if small, err = measured(runs); err != nil {
			return err
		}
	}
	pages := map[string]dashboard.Input{"small": small, "year": madeup.Many(24, 365), "hostile": madeup.Worst()}
	if s.wanted("many") {
		pages["many"] = madeup.Many(500, 365)
	}
	for name, in := range pages {
		began := time.Now()
		page, err := dashboard.Render(in)
		if err != nil {
			return err
		}
		took := time.Since(began)
		if err := os.WriteFile(s.path(name+".html"), page, 0o644); err != nil {
			return err
		}
		fmt.Fprintf(s.out, "%-8s %4d scenarios, %5d series: %.2f MB, made in %s\n", name, len(in.Report.Rows), len(in.History), float64(len(page))/1e6, took.Round(time.Millisecond))
	}
	first := small.Report.Rows[0].Scenario.ID()
	open := opened(first)
	worse := "open=" + madeup.Many(13, 0).Report.Rows[12].Scenario.ID()
	for _, p := range []shot{
		{name: "light", page: "small", width: 1440, height: 900},
		{name: "dark", page: "year", width: 1440, height: 900, dark: true, hash: worse},
		{name: "opened", page: "small", width: 1440, height: 2900, hash: open},
		{name: "year", page: "year", width: 1440, height: 1240, hash: worse},
		{name: "yearfull", page: "year", width: 1440, height: 3000, hash: worse},
		{name: "heat", page: "year", width: 1440, height: 900, hash: "view=heat"},
		{name: "heatdark", page: "year", width: 1440, height: 900, dark: true, hash: "view=heat"},
		{name: "engines", page: "small", width: 1440, height: 900, hash: "view=engines"},
		{name: "about", page: "small", width: 1440, height: 900, hash: "view=about"},
		{name: "phone", page: "year", width: 375, height: 812},
		{name: "phoneopened", page: "year", width: 375, height: 2600, hash: worse},
		{name: "many", page: "many", width: 1440, height: 900},
		{name: "hostile", page: "hostile", width: 1440, height: 900},
		{name: "keys", page: "small", width: 1440, height: 900, do: "document.getElementById('help').click()"},
		{name: "print", page: "small", width: 1100, height: 1400, print: true},
		{name: "printopened", page: "year", width: 1100, height: 2600, print: true, hash: worse},
	} {
		if !s.wanted(p.name) {
			continue
		}
		if err := s.take(p); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	if !s.wanted("many") {
		return nil
	}
	return s.times()
}

// opened is the part of an address that opens a scenario.
func opened(id string) string {
	return "open=" + strings.NewReplacer("%", "%25", "&", "%26", "+", "%2B", "#", "%23").Replace(id)
}

// peak shows the timeline and what holds the peak more than in the baseline.
const peak = `document.getElementById("part-course")?.scrollIntoView(); document.querySelectorAll("#part-flame .modes button")[1]?.click()`

// ofPage takes pictures of a page that is there.
func (s *shots) ofPage(ctx context.Context, file, open string, height int64) error {
	var err error
	if s.b, err = browser.Start(ctx); err != nil {
		return err
	}
	defer s.b.Close()
	page, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := os.WriteFile(s.path("page.html"), page, 0o644); err != nil {
		return err
	}
	hash := ""
	if open != "" {
		hash = opened(open)
	}
	for _, p := range []shot{
		{name: "light", page: "page", width: 1440, height: height, hash: hash},
		{name: "dark", page: "page", width: 1440, height: height, hash: hash, dark: true},
		{name: "phone", page: "page", width: 375, height: 3 * height, hash: hash},
		{name: "print", page: "page", width: 1100, height: 2 * height, hash: hash, print: true},
		{name: "peak", page: "page", width: 1440, height: 1000, hash: hash, do: peak},
		{name: "advice", page: "page", width: 1440, height: height, hash: "view=advice"},
	} {
		if !s.wanted(p.name) {
			continue
		}
		if err := s.take(p); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return nil
}

func (s *shots) wanted(name string) bool {
	return s.only[0] == "" || slices.Contains(s.only, name)
}

func (s *shots) path(name string) string { return filepath.Join(s.dir, name) }

func (s *shots) address(page, hash string) (string, error) {
	path, err := filepath.Abs(s.path(page + ".html"))
	if hash != "" {
		hash = "#" + hash
	}
	return "file://" + path + hash, err
}

// measured is what stored runs say.
func measured(files []string) (dashboard.Input, error) {
	run, judged, err := store.ReadJudged(files[0])
	if err != nil {
		return dashboard.Input{}, err
	}
	policy := gate.Policy{}
	if judged != nil {
		judged.Report.Run, judged.Report.Baseline = run, judged.Baseline
		return dashboard.Input{Report: judged.Report, NoHistory: "no history was given"}, nil
	}
	r := gate.Judge(run, nil, policy)
	return dashboard.Input{Report: r, NoHistory: "no history was given"}, nil
}

func (s *shots) take(p shot) error {
	address, err := s.address(p.page, p.hash)
	if err != nil {
		return err
	}
	t, err := s.b.Open(address, p.width, p.height, p.dark)
	if err != nil {
		return err
	}
	defer t.Close()
	if p.do != "" {
		if err := t.Run(p.do); err != nil {
			return err
		}
	}
	if p.print {
		pdf, err := t.PDF()
		if err != nil {
			return err
		}
		if err := os.WriteFile(s.path(p.name+".pdf"), pdf, 0o644); err != nil {
			return err
		}
		if err := t.Media("print", "light"); err != nil {
			return err
		}
	}
	// Two frames, so that what waits for being in sight is drawn.
	if _, err := browser.Await[bool](t, "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(true), 50))))"); err != nil {
		return err
	}
	png, err := t.Shot()
	if err != nil {
		return err
	}
	for _, said := range t.Console() {
		fmt.Fprintf(s.out, "%s: the console says: %s\n", p.name, said)
	}
	if png, err = fewColours(png); err != nil {
		return err
	}
	return os.WriteFile(s.path(p.name+".png"), png, 0o644)
}
