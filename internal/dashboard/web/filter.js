// Search and filters. What they hide stays in the page, and the address remembers them.

const filter = { text: "", verdicts: new Set(), suite: "", metric: -1, sort: "verdict" };
let view = "list";

function matches(entry) {
  const s = entry.scenario;
  if (filter.verdicts.size && !filter.verdicts.has(s.verdict)) return false;
  if (filter.suite && (s.suite || "") !== filter.suite) return false;
  if (filter.metric >= 0 && !valueOf(s, filter.metric)) return false;
  return filter.text.toLowerCase().split(/\s+/).every((word) => entry.text.includes(word));
}

const orders = {
  verdict: (a, b) => worstFirst(a.scenario.verdict, b.scenario.verdict) || shareIn(b) - shareIn(a) || a.index - b.index,
  budget: (a, b) => shareIn(b) - shareIn(a) || a.index - b.index,
  change: (a, b) => movedIn(b) - movedIn(a) || a.index - b.index,
  name: (a, b) => (a.scenario.id < b.scenario.id ? -1 : 1),
};

function shareIn(e) {
  const share = filter.metric >= 0 ? used(valueOf(e.scenario, filter.metric)) : e.scenario.share && e.scenario.share.of;
  return share ?? -1;
}

function movedIn(e) {
  const h = headline(e.scenario, filter.metric);
  return Math.abs((h && against(h.v)) ?? -1e-9);
}

function applyFilter(figures) {
  let shown = 0;
  for (const e of listed) {
    if (figures) rowFigures(e, filter.metric);
    e.row.hidden = !matches(e);
    if (!e.row.hidden) shown++;
  }
  byId("nothing").hidden = shown > 0;
  const total = listed.length;
  byId("shown").textContent = shown === total ? number(total, "scenario", "scenarios") : `${shown} of ${number(total, "scenario", "scenarios")}`;
  say(byId("shown").textContent);
  if (figures) for (const e of listed) { inSight.unobserve(e.row); inSight.observe(e.row); }
  if (view !== "list") showView(view);
  if (!visible().some((e) => e.index === current)) current = -1;
  rove();
  remember();
}

function sortList() {
  listed.sort(orders[filter.sort] || orders.verdict);
  const grid = byId("list"), nothing = byId("nothing");
  listed.forEach((e, i) => { e.row.setAttribute("aria-rowindex", i + 2); grid.insertBefore(e.row, nothing); });
}

// visible are the entries that are shown, in the order of the list.
function visible() {
  return listed.filter((e) => !e.row.hidden);
}

function clearFilter() {
  Object.assign(filter, { text: "", suite: "", metric: -1 });
  filter.verdicts.clear();
  controls();
  applyFilter(true);
}

// controls shows what is set.
function controls() {
  byId("search").value = filter.text;
  byId("suite").value = filter.suite;
  byId("metric").value = filter.metric;
  byId("sort").value = filter.sort;
  for (const b of document.querySelectorAll("#verdicts button")) b.setAttribute("aria-pressed", String(filter.verdicts.has(b.dataset.verdict)));
}

function toolbar() {
  const tally = new Map();
  for (const s of data.scenarios) tally.set(s.verdict, (tally.get(s.verdict) || 0) + 1);
  const suites = [...new Set(data.scenarios.map((s) => s.suite || ""))].sort();
  const option = (value, text) => el("option", { value }, text);
  const pick = (id, label, options, change) => el("label", {}, el("span", {}, label), el("select", { id, onchange: (e) => change(e.target.value) }, options));
  return el("search", { class: "toolbar" },
    el("label", { class: "find" }, el("span", {}, "search"), el("input", { id: "search", type: "search", placeholder: "scenario, verdict, reason", autocomplete: "off", spellcheck: "false", oninput: (e) => { filter.text = e.target.value; applyFilter(); } }), el("kbd", { "aria-hidden": "true" }, "/")),
    el("div", { id: "verdicts", class: "chips", role: "group", "aria-label": "verdict" }, [...tally.keys()].sort(worstFirst).map((v) => el("button", { type: "button", class: "chip", "data-verdict": v, "aria-pressed": "false", onclick: (e) => { if (!filter.verdicts.delete(v)) filter.verdicts.add(v); controls(); applyFilter(); } }, el("b", {}, tally.get(v)), " " + v))),
    pick("suite", "suite", [option("", "all"), suites.filter(Boolean).map((s) => option(s, s))], (v) => { filter.suite = v; applyFilter(); }),
    pick("metric", "metric", [option(-1, "closest to its budget"), data.metrics.map((m, i) => option(i, m.title))], (v) => { filter.metric = Number(v); if (filter.sort !== "name") sortList(); applyFilter(true); }),
    pick("sort", "order", [option("verdict", "worst first"), option("budget", "budget used"), option("change", "change"), option("name", "name")], (v) => { filter.sort = v; sortList(); rove(); remember(); }),
    el("span", { id: "shown", class: "shown" }));
}

// remember keeps what is shown in the address, so that it can be sent to somebody, and a
// page that loads itself again is where it was.
function remember() {
  const p = new URLSearchParams();
  if (filter.text) p.set("q", filter.text);
  if (filter.verdicts.size) p.set("verdict", [...filter.verdicts].join(","));
  if (filter.suite) p.set("suite", filter.suite);
  if (filter.metric >= 0) p.set("metric", data.metrics[filter.metric].name);
  if (filter.sort !== "verdict") p.set("sort", filter.sort);
  if (view !== "list") p.set("view", view);
  if (opened !== null) p.set("open", data.scenarios[opened].id);
  const hash = p.toString();
  if (hash !== location.hash.slice(1)) history.replaceState(null, "", hash ? "#" + hash : location.pathname + location.search);
}

// recall does what an address says; what it says wrongly it does not say.
function recall() {
  const p = new URLSearchParams(location.hash.slice(1));
  filter.text = p.get("q") || "";
  filter.verdicts = new Set((p.get("verdict") || "").split(",").filter((v) => verdictOrder.includes(v)));
  filter.suite = data.scenarios.some((s) => s.suite === p.get("suite")) ? p.get("suite") : "";
  filter.metric = data.metrics.findIndex((m) => m.name === p.get("metric"));
  filter.sort = orders[p.get("sort")] ? p.get("sort") : "verdict";
  return { view: p.get("view"), open: data.scenarios.findIndex((s) => s.id === p.get("open")) };
}
