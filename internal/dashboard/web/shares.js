// Bars: of a budget, of a whole and its parts, of samples side by side.

function step(share) {
  if (share > 1) return "over";
  if (share > 0.8) return "near";
  if (share > 0.5) return "half";
  return "calm";
}

// budgetBar is the share of a budget; the mark is the limit, and what is over goes on behind it.
function budgetBar(share) {
  const bar = el("span", { class: "bar", "data-step": step(share), "aria-hidden": "true" }, el("i"), el("b"));
  bar.firstChild.style.width = Math.min(share / 1.25, 1) * 100 + "%";
  return bar;
}

const partTones = 7;

// stacked draws the parts of a whole as one bar, and lists them with their figures.
function stacked(whole) {
  const parts = whole.names.map((n, i) => ({ name: words(n), bytes: whole.bytes[i], base: whole.base && whole.base[i] }));
  const total = parts.reduce((sum, p) => sum + Math.max(p.bytes, 0), 0) || 1;
  const bar = el("div", { class: "stack", role: "img", "aria-label": words(whole.title) + ": " + parts.map((p) => p.name + " " + bytes(p.bytes)).join(", ") });
  parts.forEach((p, i) => {
    if (p.bytes <= 0) return;
    const piece = el("i", { class: "part" + (i % partTones), title: `${p.name}: ${bytes(p.bytes)}` });
    piece.style.flexGrow = p.bytes / total;
    bar.append(piece);
  });
  const hasBase = Boolean(whole.base);
  return el("figure", {}, el("figcaption", {}, words(whole.title) + ": ", el("b", {}, bytes(whole.sum))), bar,
    el("div", { class: "scroll" }, el("table", { class: "figures" },
      hasBase ? el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "part"), el("th", { scope: "col", class: "n" }, "now"), el("th", { scope: "col", class: "n" }, "share"), el("th", { scope: "col", class: "n" }, "baseline"))) : null,
      el("tbody", {}, parts.map((p, i) => el("tr", {}, el("th", { scope: "row" }, el("i", { class: "swatch part" + (i % partTones) }), p.name), el("td", { class: "n" }, bytes(p.bytes)),
        el("td", { class: "n" }, percent(p.bytes / (whole.sum || 1))), hasBase ? el("td", { class: "n dim" }, p.base === undefined ? "–" : bytes(p.base)) : null))))));
}

// strip draws samples as dots over the range of both runs, the box between the quartiles and
// the median as a line; the baseline's are below.
function strip(metric, v) {
  const rows = [{ name: "now", s: v.s || [] }, { name: "baseline", s: v.bs || [] }].filter((r) => r.s.length);
  const all = rows.flatMap((r) => r.s);
  let low = Math.min(...all), high = Math.max(...all);
  const room = Math.max(high - low, Math.abs(high) * 0.02) || 1, middle = (low + high) / 2;
  low = middle - room / 2;
  const width = 300, height = 20 * rows.length + 16;
  const X = (x) => 8 + (x - low) / room * (width - 16);
  const quantile = (s, p) => { const at = (s.length - 1) * p, i = Math.floor(at); return s[i] + ((s[i + 1] ?? s[i]) - s[i]) * (at - i); };
  const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "strip", role: "img", "aria-label": rows.map((r) => `${r.name}: ${number(r.s.length, "sample", "samples")} from ${figure(metric, Math.min(...r.s))} to ${figure(metric, Math.max(...r.s))}`).join("; ") });
  rows.forEach((r, i) => {
    const y = 12 + 20 * i, s = [...r.s].sort((a, b) => a - b);
    if (s.length >= 4) root.append(svg("rect", { class: "box " + r.name, x: X(quantile(s, 0.25)), width: Math.max(X(quantile(s, 0.75)) - X(quantile(s, 0.25)), 1.5), y: y - 6, height: 12 }));
    s.forEach((x, k) => root.append(svg("circle", { class: "sample " + r.name, cx: X(x), cy: y + (s.length > 3 ? ((k * 7) % 5 - 2) * 1.3 : 0), r: 2.6 }, svg("title", {}, figure(metric, x)))));
    root.append(svg("line", { class: "median " + r.name, x1: X(quantile(s, 0.5)), x2: X(quantile(s, 0.5)), y1: y - 8, y2: y + 8 }));
  });
  root.append(svg("text", { class: "tick", x: 8, y: height - 1 }, figure(metric, Math.min(...all))), svg("text", { class: "tick", x: width - 8, y: height - 1, "text-anchor": "end" }, figure(metric, Math.max(...all))));
  return root;
}
