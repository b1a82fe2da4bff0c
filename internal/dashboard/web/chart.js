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

// chart draws: {title, x: [], xText, xTicks, lines: [{name, v, step}], unit (a function),
// zero, bands: [{from, to, low, high, class}], levels: [{v, name, class}],
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
  const x0 = spec.xFrom ?? spec.x[0], x1 = spec.xTo ?? spec.x[spec.x.length - 1];
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
  const xs = spec.x.map(X);
  spec.lines.forEach((l, i) => {
    root.append(svg("path", { class: "line s" + i + (l.class ? " " + l.class : xs.length > 150 ? " fine" : ""), d: pathOf(xs, l.v.map((v) => (v === null || v === undefined ? null : Y(v)))) }));
    if (spec.x.length <= 40) l.v.forEach((v, k) => { if (v !== null && v !== undefined && !l.class) root.append(svg("circle", { class: "point s" + i, cx: xs[k], cy: Y(v), r: 2.2 })); });
  });
  for (const d of spec.dots || []) root.append(svg("circle", { class: "dot " + (d.class || ""), cx: X(d.x), cy: Y(d.v), r: 4 }, svg("title", {}, d.name)));
  const figureOf = el("figure", { class: "charted" }, el("figcaption", {}, spec.title), root);
  if (spec.lines.length > 1 || spec.keys) figureOf.append(legend(spec));
  figureOf.append(cursor(spec, root, xs, top, height - bottom));
  return figureOf;
}

function legend(spec) {
  const key = (cls, text) => el("span", { class: "key" }, svg("svg", { viewBox: "0 0 20 8", "aria-hidden": "true" }, cls === "band" ? svg("rect", { class: cls, width: 20, height: 8 }) : svg("path", { class: cls, d: "M0,4L20,4" })), text);
  return el("p", { class: "legend" }, (spec.lines.length > 1 ? spec.lines : []).map((l, i) => key("line s" + i + (l.class ? " " + l.class : ""), l.name)), (spec.keys || []).map((k) => key(k.class, k.name)));
}

// cursor reads single points out. It returns the line of text below the chart.
function cursor(spec, root, xs, top, bottom) {
  const out = el("output", { class: "readout", "aria-live": "polite" }, spec.idle || "\u00a0");
  const hair = svg("line", { class: "hair", y1: top, y2: bottom, visibility: "hidden" });
  root.append(hair);
  let at = xs.length - 1;
  const show = (i) => {
    at = Math.max(0, Math.min(xs.length - 1, i));
    hair.setAttribute("x1", xs[at]);
    hair.setAttribute("x2", xs[at]);
    hair.setAttribute("visibility", "visible");
    out.textContent = spec.readout ? spec.readout(at) : spec.xText(spec.x[at]) + ": " + spec.lines.map((l) => (spec.lines.length > 1 ? l.name + " " : "") + (l.v[at] === null ? "–" : spec.unit(l.v[at]))).join(", ");
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
