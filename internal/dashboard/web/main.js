// Putting the page together.

const views = { list: "Scenarios", heat: "Heat map", engines: "Engines", advice: "Recommendations", about: "Environment" };

function showView(which) {
  if (!views[which]) which = "list";
  view = which;
  for (const t of byId("tabs").children) {
    const on = t.dataset.view === which;
    t.setAttribute("aria-selected", String(on));
    t.tabIndex = on ? 0 : -1;
  }
  byId("list").hidden = which !== "list";
  const other = byId("other");
  other.hidden = which === "list";
  other.setAttribute("aria-labelledby", "tab-" + which);
  other.replaceChildren(...(which === "heat" ? [heatView()] : which === "engines" ? [enginesView(filter.metric)] : which === "advice" ? [adviceView()] : which === "about" ? [aboutView()] : []));
  remember();
}

function tabs() {
  const list = el("div", { id: "tabs", class: "tabs", role: "tablist", "aria-label": "what to look at" }, Object.entries(views).map(([v, title]) => el("button", { type: "button", role: "tab", id: "tab-" + v, "data-view": v, "aria-controls": v === "list" ? "list" : "other", onclick: () => showView(v) }, title)));
  list.addEventListener("keydown", (e) => {
    const names = Object.keys(views), to = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (!to) return;
    e.preventDefault();
    showView(names[(names.indexOf(view) + to + names.length) % names.length]);
    byId("tab-" + view).focus();
  });
  return list;
}

// briefView is what to look at first: a morning's reading, when there is anything to read.
function briefView() {
  const loud = data.loud.map((l) => el("li", { "data-verdict": l.verdict }, el("span", {}, verdictMark(l.verdict), " ", l.text, l.hint ? el("span", { class: "dim" }, " — " + l.hint) : null)));
  const all = data.brief.map((b) => {
    const s = data.scenarios[b.scenario];
    const word = verdictOrder.includes(b.kind) ? verdictMark(b.kind) : el("span", { class: "word", "data-trend": b.kind }, b.kind);
    return el("li", {}, el("button", { type: "button", class: "brief", onclick: () => openScenario(b.scenario, b.metric >= 0 ? b.metric : undefined) }, word, el("b", {}, s.suite ? el("small", {}, name(s.suite), " / ") : null, name(s.name), s.variant ? el("span", { class: "variant" }, "@", name(s.variant)) : null), b.metric >= 0 ? el("span", { class: "dim" }, data.metrics[b.metric].title + (b.more ? ` and ${b.more} more` : "")) : null, el("span", { class: "why" }, b.text)));
  });
  if (!loud.length && !all.length) return el("section", { class: "first calm" }, el("h2", {}, "Nothing to look at"), el("p", {}, `Everything keeps its budget${data.against ? ", is no worse than the baseline" : ""}${data.results.length ? ", and is steady" : ""}.`));
  const most = 5, rest = all.slice(most);
  return el("section", { class: "first" }, el("h2", {}, "To look at first"), loud.length ? el("ul", { class: "loud", role: "alert" }, loud) : null, el("ol", {}, all.slice(0, most)), rest.length ? details(`${rest.length} more`, el("ol", {}, rest)) : null);
}

function meta() {
  const parts = [data.created ? minute(data.created) : null, data.branch || null, data.commit || null, data.against || "no baseline", data.run ? "run " + data.run : null].filter(Boolean);
  byId("meta").replaceChildren(...parts.flatMap((p, i) => (i ? [" · ", name(p)] : [name(p)])));
}

function start() {
  const began = performance.now();
  meta();
  firstTheme();
  byId("theme").addEventListener("click", nextTheme);
  byId("help").addEventListener("click", toggleHelp);
  if (!data.results.length) document.body.classList.add("no-history");
  const column = el("div", { class: "column" }, briefView(), toolbar(), tabs(), listView(), el("div", { id: "other", role: "tabpanel", hidden: true }), el("div", { id: "paper" }));
  byId("main").append(column, el("aside", { id: "detail", class: "detail", hidden: true, "aria-labelledby": "opened" }));
  document.body.append(helpDialog());
  // On paper there is nothing to click: all lines are drawn, and where it was measured is there.
  addEventListener("beforeprint", () => { for (const e of listed) drawSpark(e); if (opened === null) byId("paper").replaceChildren(el("h2", {}, "Environment"), aboutView()); });
  addEventListener("afterprint", () => byId("paper").replaceChildren());
  const at = recall();
  sortList();
  controls();
  showView(at.view || "list");
  applyFilter(filter.metric >= 0);
  if (at.open >= 0) openScenario(at.open, undefined, true);
  document.addEventListener("keydown", onKey);
  addEventListener("hashchange", () => { const to = recall(); controls(); applyFilter(true); showView(to.view || "list"); if (to.open >= 0) openScenario(to.open, undefined, true); else closeScenario(); });
  watch();
  performance.measure("start", { start: began, end: performance.now() });
}

start();
