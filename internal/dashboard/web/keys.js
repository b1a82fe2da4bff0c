// Everything by keyboard. The current row is the only one that Tab stops at.

let current = -1;

function rove() {
  const all = visible();
  const at = all.findIndex((e) => e.index === current);
  for (const e of listed) {
    e.row.tabIndex = -1;
    e.row.classList.toggle("current", e.index === current);
  }
  if (all.length) all[Math.max(at, 0)].row.tabIndex = 0;
}

function setCurrent(index, focus) {
  current = index;
  rove();
  const e = entryOf[index];
  if (!e || e.row.hidden) return;
  e.row.scrollIntoView({ block: "nearest" });
  if (focus) e.row.focus({ preventScroll: true });
}

// move goes through what is shown; a scenario that is open gives way to the next.
function move(step) {
  const all = visible();
  if (!all.length || view !== "list") return;
  const at = all.findIndex((e) => e.index === current);
  const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + step))];
  if (opened !== null) openScenario(next.index);
  else setCurrent(next.index, true);
}

const keyList = [["/", "search"], ["j k or ↓ ↑", "next and previous scenario"], ["Enter", "open it"], ["Esc", "close, or leave the search"], ["1 2 3 4 5", "scenarios, heat map, engines, recommendations, environment"], ["← →", "in a chart: read its points; in the flame graph: move"], ["t", "light, dark, or as the system has it"], ["?", "these keys"]];

function helpDialog() {
  return el("dialog", { id: "keys", "aria-labelledby": "keys-title" }, el("h2", { id: "keys-title" }, "Keys"), el("dl", {}, keyList.map(([k, what]) => [el("dt", {}, k.split(" ").map((w) => (w === "or" ? " or " : [el("kbd", {}, w), " "]))), el("dd", {}, what)])), el("form", { method: "dialog" }, el("button", { type: "submit" }, "Close")));
}

function toggleHelp() {
  const d = byId("keys");
  if (d.open) d.close();
  else d.showModal();
}

function onKey(e) {
  if (e.ctrlKey || e.metaKey || e.altKey || byId("keys").open) return;
  const typing = e.target.closest && e.target.closest("input, select, textarea");
  if (e.key === "Escape") {
    if (typing) { if (e.target.id === "search" && filter.text) { filter.text = ""; controls(); applyFilter(); } else e.target.blur(); }
    else closeScenario();
    return;
  }
  if (typing) {
    if (e.target.id === "search" && (e.key === "Enter" || e.key === "ArrowDown") && visible().length) { e.preventDefault(); setCurrent(visible()[0].index, true); }
    return;
  }
  const inPane = e.target.closest && e.target.closest("#detail");
  const act = { "/": () => byId("search").focus(), "?": toggleHelp, t: nextTheme, j: () => move(1), k: () => move(-1), 1: () => showView("list"), 2: () => showView("heat"), 3: () => showView("engines"), 4: () => showView("advice"), 5: () => showView("about") }[e.key]
    || (!inPane && { ArrowDown: () => move(1), ArrowUp: () => move(-1), Home: () => move(-Infinity), End: () => move(Infinity) }[e.key]);
  const row = e.target.closest && e.target.closest("#list .row");
  if (e.key === "Enter" && row && row.dataset.index) { e.preventDefault(); openScenario(Number(row.dataset.index)); return; }
  if (!act || (e.target.closest && e.target.closest("[role=tablist]") && e.key.startsWith("Arrow"))) return;
  e.preventDefault();
  act();
}
