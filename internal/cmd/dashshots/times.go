package main

import (
	"fmt"
	"strings"

	"github.com/highwater-dev/highwater/internal/browser"
)

// frame waits for the end of a frame in which what was done can be seen.
const frame = `new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0)))`

// steps are what a reader does first with a page of 500 scenarios.
var steps = []struct{ name, do string }{
	{"search, first letter", `s = document.getElementById("search"); s.value = "f"; s.dispatchEvent(new Event("input", { bubbles: true }))`},
	{"search, a word", `s.value = "fill"; s.dispatchEvent(new Event("input", { bubbles: true }))`},
	{"search, cleared", `s.value = ""; s.dispatchEvent(new Event("input", { bubbles: true }))`},
	{"only failures", `document.querySelector("#verdicts button").click()`},
	{"all again", `document.querySelector("#verdicts button").click()`},
	{"another metric", `m = document.getElementById("metric"); m.value = "6"; m.dispatchEvent(new Event("change", { bubbles: true }))`},
	{"heat map", `document.getElementById("tab-heat").click()`},
	{"the list again", `document.getElementById("tab-list").click()`},
	{"a scenario opened", `document.querySelector("#list .row[data-index]").click()`},
}

// times loads the page of 500 scenarios three times. Besides the time by the clock there
// is the processor time of the page's thread, which a busy machine does not stretch.
func (s *shots) times() error {
	address, err := s.address("many", "")
	if err != nil {
		return err
	}
	for range 3 {
		if err := s.timed(address); err != nil {
			return err
		}
	}
	return nil
}

func (s *shots) timed(address string) error {
	t, err := s.b.Open(address, 1440, 900, false)
	if err != nil {
		return err
	}
	defer t.Close()
	var words []string
	before := 0.0
	note := func(name string, wall float64) error {
		cpu, err := t.CPU()
		words = append(words, fmt.Sprintf("%s %.0f ms (%.0f of the processor)", name, wall, cpu-before))
		before = cpu
		return err
	}
	loaded, err := browser.Await[float64](t, frame)
	if err != nil {
		return err
	}
	if err := note("loaded", loaded); err != nil {
		return err
	}
	if err := t.Run("var s, m"); err != nil {
		return err
	}
	for _, step := range steps {
		took, err := browser.Await[float64](t, "(async () => { const at = performance.now(); "+step.do+"; return await "+frame+" - at; })()")
		if err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
		if err := note(step.name, took); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintln(s.out, "500 scenarios:", strings.Join(words, ", "))
	return err
}
