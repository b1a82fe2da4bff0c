// The heat map: every scenario and every metric, as the share of its budget. The number
// stands in the cell, so that the colour is no more than emphasis.

function heatStep(share) {
  if (share === undefined) return "none";
  if (share > 1) return "over";
  return String(Math.min(9, Math.floor(share * 10)));
}

function heatCell(s, m) {
  const metric = data.metrics[m], v = valueOf(s, m), share = used(v);
  const moved = against(v);
  let text = "", told = `${s.id}, ${metric.name}: `;
  if (!v) told += "not of this scenario";
  else if (v.c === undefined) { text = "×"; told += "not measured: " + (v.x || "no reason is known"); }
  else {
    text = share === undefined ? "·" : !isFinite(share) ? "!" : String(Math.round(share * 100));
    told += figure(metric, v.c) + per(metric) + (share === undefined ? ", no budget" : `, ${isFinite(share) ? percent(share) : "over"} of ${figure(metric, v.l)}`) + (moved === undefined ? "" : `, ${change(moved)} against the baseline`);
  }
  const bad = v && problems.has(v.v);
  return el("td", { role: "gridcell", tabindex: -1, class: bad ? "bad" : null, "data-heat": v && v.c === undefined ? "lack" : heatStep(share), "data-m": m, title: told, "aria-label": told + (bad ? ", " + v.v : "") }, text);
}

function heatView() {
  const shown = listed.filter((e) => !e.row.hidden);
  const columns = data.metrics.map((_, m) => m).filter((m) => data.scenarios.some((s) => valueOf(s, m)));
  // A metric that nothing limits would be a column of dots.
  const limited = columns.filter((m) => data.scenarios.some((s) => used(valueOf(s, m)) !== undefined));
  const several = new Set(data.scenarios.map((s) => s.suite)).size > 1;
  const table = el("table", { class: "heat", role: "grid", "aria-label": "share of the budget, in percent, by scenario and metric" },
    el("thead", {}, el("tr", { role: "row" }, el("th", { scope: "col", role: "columnheader" }, "% of the budget"), limited.map((m) => el("th", { scope: "col", role: "columnheader", title: data.metrics[m].doc }, data.metrics[m].title)))),
    el("tbody", {}, shown.map((e) => {
      const row = el("tr", { role: "row", "data-index": e.index }, el("th", { scope: "row", role: "rowheader", "data-verdict": e.scenario.verdict, title: e.scenario.id }, several && e.scenario.suite ? el("small", {}, name(e.scenario.suite), " / ") : null, name(e.scenario.name), e.scenario.variant ? [" ", el("span", { class: "variant" }, "@", name(e.scenario.variant))] : null), limited.map((m) => heatCell(e.scenario, m)));
      row.addEventListener("click", (c) => openScenario(e.index, c.target.dataset.m === undefined ? undefined : Number(c.target.dataset.m)));
      return row;
    })));
  table.addEventListener("keydown", (e) => {
    const cell = e.target.closest("td");
    if (!cell) return;
    const row = cell.parentElement;
    const next = { ArrowLeft: cell.previousElementSibling, ArrowRight: cell.nextElementSibling, ArrowUp: row.previousElementSibling && row.previousElementSibling.children[cell.cellIndex], ArrowDown: row.nextElementSibling && row.nextElementSibling.children[cell.cellIndex] }[e.key];
    if (e.key === "Enter") { e.preventDefault(); openScenario(Number(row.dataset.index), Number(cell.dataset.m)); }
    if (!e.key.startsWith("Arrow")) return;
    e.preventDefault();
    e.stopPropagation();
    if (!next || next.tagName !== "TD") return;
    cell.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
  const first = table.querySelector("td");
  if (!first) return el("p", { class: "empty" }, shown.length ? "Nothing here has a budget, so there is nothing to hold the figures against. Limits are set in highwater.yml." : "No scenario is like that.");
  first.tabIndex = 0;
  const scale = el("p", { class: "legend" }, [["1", "10 %"], ["4", "50 %"], ["7", "80 %"], ["9", "100 %"], ["over", "over"], ["lack", "not measured"], ["none", "no budget"]].map(([h, t]) => el("span", { class: "key" }, el("i", { class: "cell", "data-heat": h }), t)));
  const left = columns.length - limited.length;
  return el("div", {}, scale, el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "heat map, scrolls" }, table), left ? el("p", { class: "dim" }, number(left, "metric has", "metrics have"), " no budget anywhere and no column: ", columns.filter((m) => !limited.includes(m)).map((m) => data.metrics[m].title).join(", "), ".") : null);
}
