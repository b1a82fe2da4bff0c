// A line chart: curves, a band, horizontal lines, marked points, and a cursor that is moved
// with the pointer or with the arrow keys. One function draws all of them.

// ticks are round numbers that cover a range, about so many.
function ticks(low, high, about) {
  const raw = (high - low) / about || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * [1, 2, 2.5, 5, 10].find((m) => power * m >= raw * 0.999);
  const all = [];
  for (let v = Math.ceil(low / step) * step; v <= high + step * 1e-9; v += step) all.push(Math.abs(v) < step * 1e-9 ? 0 : v);
  return all;
}

// spread keeps labels at least so many pixels apart, the later first.
function spread(items, apart) {
  let last = Infinity;
  return items.filter((i) => i.x !== undefined).sort((a, b) => b.x - a.x).filter((i) => {
    if (last - i.x < apart) return false;
    last = i.x;
    return true;
  });
}

function pathOf(xs, ys) {
  let d = "", pen = false;
  xs.forEach((x, i) => {
    if (ys[i] === null || ys[i] === undefined) { pen = false; return; }
    d += (pen ? "L" : "M") + x.toFixed(1) + "," + ys[i].toFixed(1);
    pen = true;
  });
  return d;
}

// stopsOf are all places at which any of the lines has a point, in their order.
function stopsOf(spec) {
  if (!spec.lines.some((l) => l.x)) return spec.x;
  return [...new Set(spec.lines.flatMap((l) => l.x || spec.x))].sort((a, b) => a - b);
}

// valuesAt finds what each line has at a stop: undefined where it has no point.
function valuesAt(spec) {
  const of = spec.lines.map((l) => new Map((l.x || spec.x).map((x, i) => [x, l.v[i]])));
  return (x) => of.map((values) => values.get(x));
}

// chart draws: {title, x: [], xText, xTicks, lines: [{name, v, x (its own), behind, dotted}],
// unit (a function), zero, bands: [{from, to, low, high, class}], levels: [{v, name, class}],
// marks: [{x, name, class}], dots: [{x, v, class, name}], readout(i), summary}.
function chart(spec, width) {
  const height = spec.height || 200, left = 64, right = 14, top = (spec.marks || []).length ? 24 : 12, bottom = 26;
  const all = spec.lines.flatMap((l) => l.v).concat((spec.levels || []).map((l) => l.v), (spec.dots || []).map((d) => d.v),
    (spec.bands || []).flatMap((b) => [b.low, b.high])).filter((v) => v !== null && v !== undefined && isFinite(v));
  let low = Math.min(...all), high = Math.max(...all);
  if (spec.zero && low > 0) low = 0;
  if (low === high) { low -= Math.abs(low) * 0.1 || 1; high += Math.abs(high) * 0.1 || 1; }
  const pad = (high - low) * ((spec.levels || []).length ? 0.14 : 0.06);
  high += pad;
  if (!(spec.zero && low === 0)) low -= pad;
  const stops = stopsOf(spec);
  const x0 = spec.xFrom ?? stops[0], x1 = spec.xTo ?? stops[stops.length - 1];
  const X = (v) => left + (x1 === x0 ? 0.5 : (v - x0) / (x1 - x0)) * (width - left - right);
  const Y = (v) => top + (1 - (v - low) / (high - low)) * (height - top - bottom);
  const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "chart", role: "img", tabindex: 0, "aria-label": spec.title + ". " + (spec.summary || "") + " Arrow keys read the points." });
  for (const v of ticks(low, high, 4)) {
    root.append(svg("line", { class: "grid", x1: left, x2: width - right, y1: Y(v), y2: Y(v) }), svg("text", { class: "tick y", x: left - 8, y: Y(v) + 4 }, spec.unit(v)));
  }
  const labels = (spec.xTicks || ticks(x0, x1, Math.max(2, Math.min(7, width / 110))).map((v) => ({ v, name: spec.xText(v) })));
  for (const t of spread(labels.map((t) => ({ ...t, x: X(t.v) })), 80)) {
    const anchor = t.x > width - right - 36 ? "end" : t.x < left + 30 ? "start" : "middle";
    root.append(svg("line", { class: "grid", x1: t.x, x2: t.x, y1: height - bottom, y2: height - bottom + 4 }), svg("text", { class: "tick", x: t.x, y: height - 8, "text-anchor": anchor }, t.name));
  }
  for (const b of spec.bands || []) {
    const from = X(b.from), to = X(b.to);
    root.append(b.cone === undefined ? svg("rect", { class: "band " + (b.class || ""), x: from, width: Math.max(to - from, 1), y: Y(b.high), height: Math.max(Y(b.low) - Y(b.high), 1) })
      : svg("polygon", { class: "band " + (b.class || ""), points: `${from},${Y(b.cone)} ${to},${Y(b.high)} ${to},${Y(b.low)}` }));
  }
  const names = spread((spec.marks || []).map((m) => ({ ...m, x: X(m.x), quiet: false })), 70);
  for (const m of spec.marks || []) root.append(svg("line", { class: "at " + (m.class || ""), x1: X(m.x), x2: X(m.x), y1: top - 8, y2: height - bottom }));
  for (const m of names) root.append(svg("text", { class: "note " + (m.class || ""), x: m.x > width - 90 ? m.x - 4 : m.x + 4, y: 12, "text-anchor": m.x > width - 90 ? "end" : "start" }, shortened(m.name, 18)));
  for (const l of spec.levels || []) {
    root.append(svg("line", { class: "level " + (l.class || ""), x1: left, x2: width - right, y1: Y(l.v), y2: Y(l.v) }), svg("text", { class: "note " + (l.class || ""), x: left + 6, y: Y(l.v) - 5 < 10 ? Y(l.v) + 13 : Y(l.v) - 5 }, l.name));
  }
  const drawn = spec.lines.map((l, i) => ({ l, i })).sort((a, b) => Number(Boolean(b.l.behind)) - Number(Boolean(a.l.behind)));
  for (const { l, i } of drawn) {
    const xs = (l.x || spec.x).map(X);
    root.append(svg("path", { class: "line s" + i + (l.class ? " " + l.class : xs.length > 150 ? " fine" : ""), d: pathOf(xs, l.v.map((v) => (v === null || v === undefined ? null : Y(v)))) }));
    if (l.dotted || (xs.length <= 40 && !l.behind)) l.v.forEach((v, k) => { if (v !== null && v !== undefined && !l.class) root.append(svg("circle", { class: "point s" + i, cx: xs[k], cy: Y(v), r: 2.2 })); });
  }
  for (const d of spec.dots || []) root.append(svg("circle", { class: "dot " + (d.class || ""), cx: X(d.x), cy: Y(d.v), r: 4 }, svg("title", {}, d.name)));
  const figureOf = el("figure", { class: "charted" }, el("figcaption", {}, spec.title), root);
  if (spec.lines.length > 1 || spec.keys) figureOf.append(legend(spec));
  figureOf.append(cursor(spec, root, stops, stops.map(X), top, height - bottom), asTable(spec, stops));
  return figureOf;
}

// asTable has all that is drawn in figures. It is made when it is asked for.
function asTable(spec, stops) {
  const all = details("as a table");
  all.className = "astable";
  all.addEventListener("toggle", () => {
    if (!all.open || all.children.length > 1) return;
    const at = valuesAt(spec);
    all.append(el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": spec.title }, el("table", { class: "figures" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "at"), spec.lines.map((l) => el("th", { scope: "col", class: "n" }, l.name)))),
      el("tbody", {}, stops.map((x) => el("tr", {}, el("th", { scope: "row" }, spec.xText(x)), at(x).map((v) => el("td", { class: "n" }, v === undefined || v === null ? "" : spec.unit(v)))))))));
  });
  return all;
}

function legend(spec) {
  const key = (cls, text) => el("span", { class: "key" }, svg("svg", { viewBox: "0 0 20 8", "aria-hidden": "true" }, cls.startsWith("band") ? svg("rect", { class: cls, width: 20, height: 8 }) : svg("path", { class: cls, d: "M0,4L20,4" })), text);
  return el("p", { class: "legend" }, (spec.lines.length > 1 ? spec.lines : []).map((l, i) => key("line s" + i + (l.class ? " " + l.class : ""), l.name)), (spec.keys || []).map((k) => key(k.class, k.name)));
}

// cursor reads single points out. It returns the line of text below the chart.
function cursor(spec, root, stops, xs, top, bottom) {
  const values = valuesAt(spec);
  const out = el("output", { class: "readout", "aria-live": "polite" }, spec.idle || "\u00a0");
  const hair = svg("line", { class: "hair", y1: top, y2: bottom, visibility: "hidden" });
  root.append(hair);
  let at = xs.length - 1;
  const show = (i) => {
    at = Math.max(0, Math.min(xs.length - 1, i));
    hair.setAttribute("x1", xs[at]);
    hair.setAttribute("x2", xs[at]);
    hair.setAttribute("visibility", "visible");
    const said = values(stops[at]).map((v, k) => (v === undefined ? null : (spec.lines.length > 1 ? spec.lines[k].name + " " : "") + (v === null ? "–" : spec.unit(v)))).filter(Boolean);
    out.textContent = spec.readout ? spec.readout(at) : spec.xText(stops[at]) + ": " + said.join(", ");
  };
  const hide = () => { hair.setAttribute("visibility", "hidden"); out.textContent = spec.idle || "\u00a0"; };
  root.addEventListener("pointermove", (e) => {
    const box = root.getBoundingClientRect();
    const x = (e.clientX - box.left) * root.viewBox.baseVal.width / box.width;
    let near = 0;
    xs.forEach((v, i) => { if (Math.abs(v - x) < Math.abs(xs[near] - x)) near = i; });
    show(near);
  });
  root.addEventListener("pointerleave", hide);
  root.addEventListener("blur", hide);
  root.addEventListener("keydown", (e) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity }[e.key];
    if (step === undefined) return;
    e.preventDefault();
    e.stopPropagation();
    show(step === -Infinity ? 0 : step === Infinity ? xs.length - 1 : at + step);
  });
  return out;
}

function shortened(text, most) {
  const runes = [...text];
  return runes.length <= most ? text : runes.slice(0, most - 1).join("") + "…";
}
