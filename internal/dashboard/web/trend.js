// A metric over the runs: change points, the band in which the next result is usual, and
// where it goes.

// A limit that is further above than this is told and not drawn.
const near = 1.4;

function trendChart(t, width) {
  const metric = data.metrics[t.m], { at, y } = points(t);
  const time = (r) => data.results[r].at;
  const x = at.map(time), last = x[x.length - 1], unit = (v) => figure(metric, v);
  const changes = t.changes || [];
  const bands = [], levels = [], keys = [];
  // The centre of each stretch, and the band about the newest.
  const centre = x.map((_, i) => { const c = [...changes].reverse().find((c) => c.at <= at[i]); return c ? c.a : changes.length ? changes[0].b : t.level ?? null; });
  const since = changes.length ? time(changes[changes.length - 1].at) : x[0];
  let to = last;
  if (t.low !== undefined && t.high !== undefined) { bands.push({ from: since, to: last, low: t.low, high: t.high }); keys.push({ class: "band", name: "usual" }); }
  if (t.forecast && t.forecast.v !== null && t.forecast.lo !== undefined && t.forecast.at > last) {
    // The forecast may look further than there are results; the chart gives it a third.
    to = Math.min(t.forecast.at, last + Math.max((last - x[0]) / 2, 86400));
    const part = (to - last) / (t.forecast.at - last), from = t.level ?? y[y.length - 1], on = (v) => from + (v - from) * part;
    bands.push({ from: last, to, low: on(t.forecast.lo), high: on(t.forecast.hi), cone: from, class: "forecast" });
    keys.push({ class: "band forecast", name: "forecast, 95 %" });
  }
  const limit = t.limit ?? (valueOfTrend(t) || {}).l;
  // A limit far above would flatten what is shown; its distance is told instead.
  const top = Math.max(...y);
  if (limit > 0 && limit < top * near) levels.push({ v: limit, name: "limit " + unit(limit), class: "limit" });
  const spec = {
    title: `${metric.title}${per(metric)} over ${number(t.of, "run", "runs")}`, height: 220, x, xFrom: x[0], xTo: to, xText: day, unit, bands, levels, keys,
    xTicks: dayTicks(x[0], to, width), lines: [{ name: "result", v: y }, { name: "centre", v: centre, class: "centre" }],
    marks: changes.map((c) => ({ x: time(c.at), name: c.c === undefined ? "change" : change(c.c), class: c.worse ? "worse" : "better" })),
    dots: (t.odd || []).filter((o) => o.v !== null).map((o) => ({ x: time(o.at), v: o.v, class: "odd", name: `${day(time(o.at))}: ${unit(o.v)}, outside of the usual` })),
    summary: words(t.reason),
    readout: (i) => { const r = data.results[at[i]]; return `${minute(r.at)} · ${unit(y[i])} · ${r.commit || r.run}${r.dirty ? " with changes" : ""}`; },
  };
  if (centre.every((c) => c === null)) spec.lines.pop();
  return el("div", { class: "trend" }, chart(spec, width), trendFacts(t, metric, limit, top, y));
}

function dayTicks(from, to, width) {
  const all = [], about = Math.max(2, Math.min(7, Math.floor(width / 120))), step = Math.max(86400, Math.ceil((to - from) / about / 86400) * 86400);
  for (let v = Math.ceil(from / 86400) * 86400; v <= to; v += step) all.push({ v, name: day(v) });
  return all.length ? all : [{ v: from, name: day(from) }];
}

function valueOfTrend(t) {
  const s = data.scenarios.find((s) => (s.trends || []).includes(t));
  return s && valueOf(s, t.m);
}

function trendFacts(t, metric, limit, top, y) {
  const unit = (v) => figure(metric, v), said = [];
  for (const c of t.changes || []) said.push(`${day(data.results[c.at].at)}: ${unit(c.b)} → ${unit(c.a)}${c.c === undefined ? "" : " (" + change(c.c) + ")"}, ${c.worse ? "worse" : "better"}${c.range !== ".." ? ", in " + c.range : ""}`);
  if (t.drift && t.drift.d !== null) said.push(`it drifts by ${unit(t.drift.d)} a day` + (t.drift.lo !== undefined && t.drift.hi !== undefined ? ` (${unit(t.drift.lo)} to ${unit(t.drift.hi)})` : ""));
  if (t.forecast) {
    const f = t.forecast;
    if (f.said) said.push(words(f.said - 1));
    if (f.v !== null && !f.crosses) said.push(`${unit(f.v)} is expected on ${day(f.at)}` + (f.lo !== undefined && f.hi !== undefined ? `, between ${unit(f.lo)} and ${unit(f.hi)}` : ""));
  }
  if (limit > 0 && limit >= top * near) said.push(`the limit, ${unit(limit)}, is far above what is drawn`);
  if (t.detectable) said.push(`a step of ${percent(t.detectable)} would be found`);
  if (t.of > y.length) said.push(`${y.length} of ${t.of} results are drawn`);
  return [el("p", {}, el("span", { class: "word", "data-trend": t.v }, t.v), words(t.reason) ? [" — ", words(t.reason)] : null), lines(said, { class: "facts" }), el("p", { class: "dim" }, name(words(t.env)), words(t.branch) ? [" · ", name(words(t.branch))] : null)];
}

// trendsView shows one series at a time; a tab for each metric.
function trendsView(s, chosen, width) {
  if (!s.trends || !s.trends.length) return el("p", { class: "empty" }, data.noHistory || "There is no history of this scenario.");
  const area = el("div", {});
  const pick = el("div", { class: "modes", role: "group", "aria-label": "metric" });
  const show = (t) => {
    area.replaceChildren(trendChart(t, width));
    for (const b of pick.children) b.setAttribute("aria-pressed", String(b.trend === t));
  };
  const several = new Set();
  for (const t of s.trends) {
    const title = data.metrics[t.m].title, again = several.has(t.m);
    several.add(t.m);
    const b = el("button", { type: "button", "data-trend": t.v, title: t.v + (again ? ", " + words(t.env) : ""), onclick: () => show(t) }, title, again ? el("small", {}, " ", name(words(t.env))) : null, ["worse", "drifting", "better"].includes(t.v) ? el("small", {}, " ", t.v) : null);
    b.trend = t;
    pick.append(b);
  }
  show(mainTrend(s, chosen) || mainTrend(s, -1));
  return el("div", {}, pick, area);
}
