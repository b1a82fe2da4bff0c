// What a scenario was measured to: figures, timelines, distributions.

function figuresTable(s) {
  const rows = s.values.map((v) => {
    const metric = data.metrics[v.m], share = used(v), moved = against(v);
    return el("tr", { class: problems.has(v.v) ? "bad" : null }, el("th", { scope: "row", title: metric.doc }, metric.title), el("td", { class: "n" }, v.c === undefined ? el("span", { class: "none" }, "not measured") : [figure(metric, v.c), el("small", {}, per(metric))]),
      el("td", { class: "n dim" }, v.lo !== undefined && v.hi !== undefined && v.lo !== v.hi ? figure(metric, v.lo) + " – " + figure(metric, v.hi) : ""), el("td", { class: "n dim" }, v.n ? "×" + v.n : ""),
      el("td", { class: "n", title: v.why }, v.l === undefined ? el("span", { class: "none" }, "none") : figure(metric, v.l)), el("td", {}, share === undefined ? null : [budgetBar(share), el("span", { class: "share", "data-step": step(share) }, isFinite(share) ? percent(share) : "over")]),
      el("td", { class: "n" }, moved === undefined ? el("span", { class: "none" }, "–") : change(moved)), el("td", {}, v.v ? verdictMark(v.v) : null));
  });
  if (!rows.length) return el("p", { class: "empty" }, s.soak ? "A soak is told of as a whole: see its leak suspects and its timeline." : "Nothing was measured of it.");
  const heads = ["metric", "value", "95 %", "n", "budget", "used", "vs baseline", ""];
  return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "figures, scrolls" }, el("table", { class: "figures wide" }, el("thead", {}, el("tr", {}, heads.map((h, i) => el("th", { scope: "col", class: [1, 2, 3, 4, 6].includes(i) ? "n" : null }, h)))), el("tbody", {}, rows)));
}

function courseChart(c, width, height) {
  const unit = c.unit === "B" ? bytes : countOf;
  const x = unpack(c.x), said = (c.said || []).map(words);
  const spec = { title: words(c.title), height: height || 210, x, xText: duration, unit, lines: c.lines.map((l) => ({ name: words(l.name), v: unpack(l.v), x: l.x && unpack(l.x), behind: l.behind, dotted: l.dotted && x.length <= 300 })), zero: true, marks: (c.marks || []).map((m) => ({ x: m.x, name: words(m.name) })), levels: c.peak === undefined ? [] : [{ v: c.peak, name: "peak " + unit(c.peak), class: "peak" }], summary: said.join(". ") };
  return el("div", {}, chart(spec, width), lines(said, { class: "facts" }), c.of ? el("p", { class: "dim" }, `${x.length} of ${c.of} points are drawn.`) : null);
}

function distributions(s) {
  const all = s.values.filter((v) => Math.max((v.s || []).length, (v.bs || []).length) > 1 && new Set([...(v.s || []), ...(v.bs || [])]).size > 1);
  const same = s.values.filter((v) => (v.s || []).length > 1 && !all.includes(v));
  if (!all.length) return el("p", { class: "empty" }, same.length ? "All repeats of every metric are equal." : "Each metric was measured once, so there is nothing to spread.");
  return el("div", {}, el("div", { class: "strips" }, all.map((v) => el("figure", {}, el("figcaption", {}, data.metrics[v.m].title, el("span", { class: "dim" }, ` ${number((v.s || []).length, "sample", "samples")}${v.bs ? `, ${v.bs.length} in the baseline` : ""}`)), strip(data.metrics[v.m], v)))),
    all.some((v) => v.bs) ? el("p", { class: "legend" }, el("span", { class: "key" }, el("i", { class: "dotkey now" }), "this run"), el("span", { class: "key" }, el("i", { class: "dotkey baseline" }), "baseline"), el("span", { class: "key" }, "line: median; box: quartiles, from four samples on")) : null,
    same.length ? el("p", { class: "dim" }, "Equal in all repeats: ", same.map((v) => data.metrics[v.m].title).join(", "), ".") : null);
}

function findingView(f) {
  const metric = data.metrics[f.m];
  const sized = (n) => (metric && metric.unit === "allocs/op" ? countOf(n) : bytes(n));
  return el("article", { class: "finding", "data-verdict": f.v }, el("h4", {}, verdictMark(f.v), metric ? [" ", metric.title] : null, f.severity ? el("span", { class: "dim" }, " " + f.severity) : null, f.label ? el("span", { class: "dim" }, " · " + f.label) : null),
    el("p", {}, f.reason), f.evidence ? el("div", { class: "scroll" }, el("table", { class: "figures" }, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "allocated at"), el("th", { scope: "col", class: "n" }, "before"), el("th", { scope: "col", class: "n" }, "after"), el("th", { scope: "col", class: "n" }, "share"))),
      el("tbody", {}, f.evidence.map((e) => el("tr", {}, el("td", {}, el("code", {}, data.frames[e.w]), e.new ? el("small", {}, " new") : null, e.why ? el("div", { class: "dim" }, e.why) : null, e.diff ? el("pre", {}, e.diff.map((l) => el("span", { class: l.startsWith("+") ? "added" : l.startsWith("-") ? "removed" : null }, l + "\n"))) : null), el("td", { class: "n" }, sized(e.b)), el("td", { class: "n" }, sized(e.a)), el("td", { class: "n" }, e.s === undefined ? "–" : percent(e.s))))))) : null,
    f.hint ? el("p", {}, el("b", {}, "What to do: "), f.hint) : null, f.command ? el("pre", {}, f.command) : null, f.known ? el("p", { class: "dim" }, "Known: " + f.known) : null);
}
