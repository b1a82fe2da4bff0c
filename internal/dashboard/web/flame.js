// The flame graph of the peak: the outermost function at the top, each below its caller,
// as wide as what it holds. The same tree is drawn as the difference to the baseline:
// as wide as the larger of the two, and coloured by the change.

function treeOf(flame) {
  const root = { children: [], now: flame.total, was: flame.base || 0, text: "all of it" };
  const path = [root];
  for (const [depth, frame, now, was] of flame.nodes) {
    const node = { text: words(frame), now, was: was || 0, children: [], parent: path[depth] };
    path[depth].children.push(node);
    path[depth + 1] = node;
    path.length = depth + 2;
  }
  return root;
}

function weight(node, diff) {
  if (!diff) return Math.max(node.now, 0);
  return Math.max(node.now, node.was, node.children.reduce((sum, c) => sum + weight(c, true), 0));
}

// flameGraph is a tree of buttons that arrow keys move in; Enter makes one the root.
function flameGraph(flame) {
  const whole = treeOf(flame);
  let root = whole, diff = false, active = null;
  const area = el("div", { class: "flame", role: "tree", "aria-label": "flame graph of the peak: arrow keys move, Enter zooms, Backspace goes back" });
  const out = el("output", { class: "readout", "aria-live": "polite" });
  const say = (n) => {
    let text = `${n.text}: ${bytes(n.now)}, ${percent(n.now / (whole.now || 1))} of the peak`;
    if (flame.hasBase) text += n.was ? `; ${bytes(n.was)} in the baseline (${change(n.now / n.was - 1)})` : "; not in the baseline";
    return text;
  };
  function draw(focus) {
    area.replaceChildren();
    let deepest = 0;
    const place = (node, depth, x, width) => {
      if (width < 0.0015) return;
      deepest = Math.max(deepest, depth);
      const grown = node.now - node.was;
      const cell = el("button", { type: "button", role: "treeitem", "aria-level": depth + 1, tabindex: -1, title: say(node),
        class: diff ? (grown > whole.now * 0.002 ? "grew" : grown < -whole.now * 0.002 ? "shrank" : "same") : "tone" + (depth % 4),
        onclick: () => { root = node === root && node.parent ? node.parent : node; draw(true); }, onfocus: () => { out.textContent = say(node); }, onpointerenter: () => { out.textContent = say(node); } },
      el("span", {}, node.text));
      cell.style.left = (x * 100).toFixed(3) + "%";
      cell.style.width = (width * 100).toFixed(3) + "%";
      cell.style.top = depth * 22 + "px";
      node.cell = cell;
      node.drawn = true;
      area.append(cell);
      const total = weight(node, diff) || 1;
      let at = x;
      for (const child of node.children) {
        child.drawn = false;
        const share = width * weight(child, diff) / total;
        place(child, depth + 1, at, share);
        at += share;
      }
    };
    place(root, 0, 0, 1);
    area.style.height = (deepest + 1) * 22 + "px";
    active = root;
    root.cell.tabIndex = 0;
    if (focus) root.cell.focus();
    out.textContent = say(root);
  }
  area.addEventListener("keydown", (e) => {
    const siblings = active.parent && active !== root ? active.parent.children.filter((c) => c.drawn) : [active];
    const at = siblings.indexOf(active);
    let next = { ArrowDown: active.children.find((c) => c.drawn), ArrowUp: active === root ? undefined : active.parent, ArrowLeft: siblings[at - 1], ArrowRight: siblings[at + 1] }[e.key];
    if (e.key === "Backspace" && root.parent) { e.preventDefault(); root = root.parent; draw(true); return; }
    if (!e.key.startsWith("Arrow")) return;
    e.preventDefault();
    e.stopPropagation();
    if (!next) return;
    active.cell.tabIndex = -1;
    active = next;
    next.cell.tabIndex = 0;
    next.cell.focus();
  });
  draw(false);
  const modes = el("div", { class: "modes", role: "group", "aria-label": "what the flame graph shows" });
  for (const [text, on] of [["the peak", false], ["difference to the baseline", true]]) {
    modes.append(el("button", { type: "button", "aria-pressed": String(on === diff), disabled: on && !flame.hasBase, onclick: (e) => {
      diff = on;
      for (const b of modes.children) b.setAttribute("aria-pressed", String(b === e.currentTarget));
      draw(false);
    } }, text));
  }
  return el("div", {}, modes, flame.hasBase ? null : el("p", { class: "dim" }, "There is no baseline with allocation sites, so there is no difference to draw."), area, out,
    flame.left ? el("p", { class: "dim" }, `The ${flame.nodes.length} largest frames are drawn; ${flame.left} smaller ones are in the profile.`) : null);
}
