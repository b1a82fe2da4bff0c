// One name over several implementations: side by side, by the metric that is chosen.

function sideBySide(all, m, current) {
  const metric = data.metrics[m];
  const most = Math.max(...all.map((s) => { const v = valueOf(s, m); return v && v.c !== undefined ? v.c : 0; })) || 1;
  const best = all.filter((s) => { const v = valueOf(s, m); return v && v.c !== undefined; }).sort((a, b) => (metric.higher ? -1 : 1) * (valueOf(a, m).c - valueOf(b, m).c))[0];
  return el("div", { class: "engines", role: "list", "aria-label": metric.name }, all.map((s) => {
    const v = valueOf(s, m), known = v && v.c !== undefined;
    const bar = el("i", { class: "length" + (s === best ? " best" : "") });
    bar.style.width = known ? Math.max(v.c, 0) / most * 100 + "%" : "0";
    return el("div", { role: "listitem", class: s === current ? "engine here" : "engine" }, el("button", { type: "button", class: "link", onclick: () => openScenario(data.scenarios.indexOf(s), m) }, name(s.variant)), el("span", { class: "track" }, bar),
      el("span", { class: "n" }, known ? figure(metric, v.c) : el("span", { class: "none" }, "not measured")), el("span", { class: "n dim" }, known && s !== best && valueOf(best, m).c > 0 ? "×" + significant(v.c / valueOf(best, m).c) : known ? "best" : ""));
  }));
}

// compared are the metrics by which implementations are told apart.
function compared(all) {
  return data.metrics.map((_, m) => m).filter((m) => all.filter((s) => { const v = valueOf(s, m); return v && v.c; }).length > 1);
}

function enginesView(chosen) {
  const groups = new Map();
  for (const e of listed) {
    if (e.row.hidden || !e.scenario.variant) continue;
    const key = e.scenario.suite + "\n" + e.scenario.name;
    if (!groups.has(key)) groups.set(key, family(e.scenario));
  }
  const several = [...groups.values()].filter((g) => g.length > 1);
  if (!several.length) return el("p", { class: "empty" }, "No scenario here was run over several implementations. `--engine a,b` or `--engine all` does that.");
  return el("div", { class: "cards" }, several.map((g) => {
    const metrics = compared(g);
    const m = metrics.includes(chosen) ? chosen : metrics[0];
    return el("section", { class: "card" }, el("h3", {}, g[0].suite ? el("small", {}, name(g[0].suite), " / ") : null, name(g[0].name)), m === undefined ? el("p", { class: "empty" }, "no metric was measured of two of them") : [el("p", { class: "dim" }, data.metrics[m].title + per(data.metrics[m])), sideBySide(g, m)]);
  }));
}
