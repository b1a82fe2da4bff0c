// One scenario, opened. Its sections are made when it is opened, and not before.

let opened = null, openedMetric = -1, cameFrom = null;

function section(id, title, ...children) {
  return el("section", { class: "part", id: "part-" + id }, el("h3", {}, title), children);
}

function suspectView(x, width) {
  const figures = [x.before + " → " + x.after, x.perHour, x.perOp, x.share ? x.share + " of the growth" : null, "tau " + x.tau].filter(Boolean);
  return el("article", { class: "finding", "data-verdict": x.known ? "unjudged" : "fail" }, el("h4", {}, el("span", { class: "tag" }, x.kind), " ", el("code", {}, words(x.where)), x.status ? el("span", { class: "dim" }, " · " + x.status) : null),
    el("p", { class: "figuresline" }, figures.join(" · ")), lines(x.more, { class: "facts" }), x.known ? el("p", { class: "dim" }, "Known: " + x.known) : null,
    x.course ? courseChart(x.course, width - 20, 130) : null,
    x.stack ? details("stack", el("ol", { class: "stackof" }, x.stack.map((f) => el("li", {}, el("code", {}, words(f)))))) : null,
    x.fingerprint ? el("p", { class: "dim" }, "fingerprint ", el("code", {}, x.fingerprint)) : null);
}

function soakView(s, width) {
  const k = s.soak;
  return [el("p", {}, k.headline), (k.suspects || []).length ? k.suspects.map((x) => suspectView(x, width)) : el("p", { class: "empty" }, "Nothing grew at nearly every checkpoint."),
    el("div", { class: "scroll" }, el("table", { class: "figures" }, el("tbody", {}, (k.facts || []).map((f) => el("tr", {}, el("th", { scope: "row" }, f.label), el("td", {}, f.text)))))),
    (k.asides || []).map((a) => details(a.title, lines(a.lines)))];
}

function detailView(s, metric, width) {
  const others = family(s);
  const sums = compared(others);
  const m = sums.includes(metric) ? metric : s.share && sums.includes(s.share.m) ? s.share.m : sums[0];
  return [
    el("header", {}, el("h2", { id: "opened", tabindex: -1 }, verdictMark(s.verdict), " ", name(s.name), s.variant ? el("span", { class: "variant" }, "@", name(s.variant)) : null), el("button", { type: "button", class: "close", "aria-label": "close", onclick: closeScenario }, "×"),
      el("p", { class: "dim" }, s.doc ? s.doc + ". " : "", s.suite ? ["Suite ", name(s.suite), ". "] : "", s.sessions > 1 ? `${s.sessions} sessions. ` : "", s.ops ? number(s.ops, "operation", "operations") + ". " : "", s.seconds ? `Measured in ${duration(s.seconds)}.` : "")),
    (s.failed || []).length ? section("failed", "Processes that did not come to their end", s.failed.map((f) => el("article", { class: "finding", "data-verdict": "error" }, el("p", {}, f.what), f.printed ? el("pre", {}, f.printed.join("\n")) : null))) : null,
    (s.findings || []).length ? section("findings", "Findings", s.findings.map(findingView)) : null,
    s.soak ? section("suspects", "Leak suspects", soakView(s, width)) : null,
    section("figures", "Figures and budget", figuresTable(s)),
    section("trend", "Over time", trendsView(s, metric, width)),
    section("course", "Timeline", s.courses ? s.courses.map((c) => courseChart(c, width)) : el("p", { class: "empty" }, "There are no checkpoints of it: the exact pass did not run or did not complete.")),
    section("flame", "What holds the peak", s.flame ? flameGraph(s.flame) : el("p", { class: "empty" }, "No allocation sites were recorded.")),
    section("whole", "Parts of the memory", s.whole ? s.whole.map(stacked) : el("p", { class: "empty" }, "The process's memory was not taken apart.")),
    section("spread", "Repeats", distributions(s)),
    section("engines", "Other implementations", others.length > 1 && m !== undefined ? [el("p", { class: "dim" }, data.metrics[m].title + per(data.metrics[m])), sideBySide(others, m, s)] : el("p", { class: "empty" }, "There is one of it.")),
    s.soak ? null : section("suspects", "Leak suspects", el("p", { class: "empty" }, "It was not soaked: leaks that take long to show are what `highwater stability` looks for.")),
    section("advice", "Recommendations", recommendations(s)),
    (s.lacks || []).length || (s.notes || []).length ? section("lacks", "Not measured, and notes", lines(s.lacks), lines(s.notes)) : null,
  ];
}

function openScenario(index, metric, quiet) {
  const s = data.scenarios[index];
  if (!s) return;
  if (!opened) cameFrom = document.activeElement;
  const pane = byId("detail");
  opened = index;
  openedMetric = metric === undefined ? filter.metric : metric;
  document.body.classList.add("opened");
  pane.hidden = false;
  pane.replaceChildren(...detailView(s, openedMetric, paneWidth(pane)).filter(Boolean));
  pane.scrollTop = 0;
  for (const e of listed) e.row.setAttribute("aria-selected", String(e.index === index));
  setCurrent(index, false);
  if (!quiet) byId("opened").focus({ preventScroll: true });
  remember();
}

function paneWidth(pane) {
  const style = getComputedStyle(pane);
  return Math.max(280, Math.floor(pane.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)));
}

function closeScenario() {
  if (opened === null) return;
  const row = entryOf[opened].row;
  opened = null;
  byId("detail").hidden = true;
  byId("detail").replaceChildren();
  document.body.classList.remove("opened");
  for (const e of listed) e.row.removeAttribute("aria-selected");
  remember();
  const back = cameFrom && cameFrom.isConnected && cameFrom !== document.body ? cameFrom : row;
  cameFrom = null;
  if (back) back.focus({ preventScroll: true });
}

// Charts are drawn for the width that there is, so that their letters stay readable.
let redraw = 0;
addEventListener("resize", () => {
  cancelAnimationFrame(redraw);
  redraw = requestAnimationFrame(() => {
    const pane = byId("detail");
    if (opened === null || !pane || pane.drawnFor === paneWidth(pane)) return;
    pane.drawnFor = paneWidth(pane);
    const top = pane.scrollTop;
    openScenario(opened, openedMetric, true);
    pane.scrollTop = top;
  });
});
