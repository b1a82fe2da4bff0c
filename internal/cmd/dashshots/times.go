package main

import (
	"fmt"

	"github.com/highwater-dev/highwater/internal/browser"
)

// timing are milliseconds in a page of 500 scenarios.
type timing struct {
	Load   float64 `json:"load"`   // from the start of navigation until the first frame after the script
	Script float64 `json:"script"` // of it in the page's own script
	Filter float64 `json:"filter"` // from a letter in the search to the next frame
	Metric float64 `json:"metric"` // another metric
	Heat   float64 `json:"heat"`   // the heat map
	Open   float64 `json:"open"`   // a scenario
	Nodes  float64 `json:"nodes"`  // elements

	cpu float64 // milliseconds of the page's thread for all of it, whatever else the machine does
}

// Each is measured to the end of the frame in which it can be seen.
const measureTimes = `(async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
  await frame();
  const load = performance.now();
  const timed = async (what) => { await frame(); const at = performance.now(); what(); await frame(); return performance.now() - at; };
  const type = (text) => { const s = document.getElementById("search"); s.value = text; s.dispatchEvent(new Event("input", { bubbles: true })); };
  const choose = (id, value) => { const s = document.getElementById(id); s.value = value; s.dispatchEvent(new Event("change", { bubbles: true })); };
  const filter = Math.max(await timed(() => type("f")), await timed(() => type("fill")), await timed(() => type("fail")), await timed(() => type("")));
  const metric = Math.max(await timed(() => choose("metric", "6")), await timed(() => choose("metric", "-1")));
  const heat = await timed(() => document.getElementById("tab-heat").click());
  await timed(() => document.getElementById("tab-list").click());
  const open = await timed(() => document.querySelector("#list .row[data-index]").click());
  return { load, script: performance.getEntriesByName("start")[0].duration, filter, metric, heat, open, nodes: document.getElementsByTagName("*").length };
})()`

// times loads the page of 500 scenarios, three times.
func (s *shots) times() error {
	address, err := s.address("many", "")
	if err != nil {
		return err
	}
	for range 3 {
		t, err := s.b.Open(address, 1440, 900, false)
		if err != nil {
			return err
		}
		v, err := browser.Await[timing](t, measureTimes)
		if err == nil {
			v.cpu, err = t.CPU()
		}
		t.Close()
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "500 scenarios: loaded in %.0f ms (script %.0f), filtered in %.0f, another metric in %.0f, heat map in %.0f, a scenario opened in %.0f; %.0f elements; CPU time of all that %.0f ms\n",
			v.Load, v.Script, v.Filter, v.Metric, v.Heat, v.Open, v.Nodes, v.cpu)
	}
	return nil
}
