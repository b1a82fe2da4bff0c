// The list of scenarios: made once, and hidden and shown by the filter. Rows out of sight
// are neither laid out nor painted (content-visibility in page.css), so that hundreds cost
// no more than a screenful; and the small lines are drawn when a row is first in sight.

const listed = []; // {scenario, row, index}, in the order of the list
const entryOf = []; // the same by the number of the scenario

function headline(s, chosen) {
  const v = valueOf(s, chosen >= 0 ? chosen : s.share ? s.share.m : s.values.length ? s.values[0].m : -1);
  return v && { v, metric: data.metrics[v.m] };
}

function listRow(s, index) {
  const row = el("div", { role: "row", class: "row", tabindex: -1, "data-index": index, "data-verdict": s.verdict, "aria-rowindex": index + 2 });
  row.append(
    el("div", { role: "gridcell", class: "v" }, verdictMark(s.verdict)),
    el("div", { role: "rowheader", class: "who" }, name(s.name), s.variant ? el("span", { class: "variant" }, "@", name(s.variant)) : null, s.suite ? el("span", { class: "suite" }, name(s.suite)) : null),
    el("div", { role: "gridcell", class: "budget" }), el("div", { role: "gridcell", class: "n main" }), el("div", { role: "gridcell", class: "n delta" }), el("div", { role: "gridcell", class: "course" }));
  row.addEventListener("click", () => openScenario(index));
  return row;
}

// figures fills in what depends on the chosen metric.
function rowFigures(entry, chosen) {
  const { scenario: s, row } = entry;
  const [, , budget, main, delta, course] = row.children;
  const h = headline(s, chosen);
  const share = chosen >= 0 ? used(valueOf(s, chosen)) : s.share && s.share.of;
  const of = chosen >= 0 ? chosen : s.share && s.share.m;
  if ((share === undefined || share === null) && s.soak) budget.replaceChildren(el("span", { class: "soakword", "data-course": s.soak.course }, s.soak.course), el("span", { class: "of" }, " over a soak"));
  else if (share === undefined || share === null) budget.replaceChildren(el("span", { class: "none" }, s.verdict === "missing" ? "not measured" : "no budget"));
  else budget.replaceChildren(budgetBar(share), el("span", { class: "share", "data-step": step(share) }, isFinite(share) ? percent(share) : "over"), el("span", { class: "of" }, " of " + data.metrics[of].title));
  main.replaceChildren(!h && s.soak ? s.soak.figure : h ? (h.v.c === undefined ? el("span", { class: "none" }, "not measured") : figure(h.metric, h.v.c)) : el("span", { class: "none" }, "–"));
  const moved = h && against(h.v);
  delta.replaceChildren(moved === undefined || moved === null ? el("span", { class: "none" }, "–") : el("span", { class: h.v.v && problems.has(h.v.v) ? "bad" : "" }, change(moved)));
  const t = mainTrend(s, chosen);
  course.replaceChildren();
  entry.trend = t;
  entry.drawn = false;
  if (!t) course.append(el("span", { class: "none" }, "no history"));
  else course.append(el("span", { class: "word", "data-trend": t.v }, t.v === "too noisy to judge" ? "noisy" : t.v === "too few results" ? "few results" : t.v));
  row.setAttribute("aria-label", `${s.id}: ${s.verdict}` + (share !== undefined && share !== null ? `, ${percent(share)} of the ${data.metrics[of].title} budget` : s.soak ? ", " + s.soak.headline : ", no budget") + (t ? `, ${t.v}` : ""));
}

function drawSpark(entry) {
  if (entry.drawn || !entry.trend) return;
  entry.drawn = true;
  entry.row.lastChild.prepend(spark(entry.trend, 112, 28));
}

const inSight = new IntersectionObserver((seen) => {
  for (const one of seen) {
    if (one.isIntersecting) drawSpark(entryOf[Number(one.target.dataset.index)]);
  }
}, { rootMargin: "300px" });

function listView() {
  const grid = el("div", { id: "list", class: "list", role: "grid", "aria-label": "scenarios", "aria-rowcount": data.scenarios.length + 1 },
    el("div", { role: "row", class: "row head", "aria-rowindex": 1 }, ["verdict", "scenario", "budget used", "figure", "vs baseline", "over time"].map((t) => el("div", { role: "columnheader" }, t))));
  data.scenarios.forEach((s, i) => {
    const entry = { scenario: s, index: i, row: listRow(s, i), text: [s.id, s.verdict, s.doc, ...(s.findings || []).map((f) => f.reason)].join("\n").toLowerCase() };
    listed.push(entry);
    entryOf.push(entry);
    rowFigures(entry, -1);
  });
  for (const e of listed) {
    grid.append(e.row);
    inSight.observe(e.row);
  }
  grid.append(el("p", { id: "nothing", class: "empty", hidden: true }, "No scenario is like that. ", el("button", { type: "button", onclick: clearFilter }, "Show all")));
  return grid;
}
