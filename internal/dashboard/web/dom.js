// Making elements. Whatever comes from the data becomes a text node or the value of a
// plain attribute: no function of this page makes markup of a string.

const svgSpace = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat(3)) {
    if (child === undefined || child === null || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

// el makes an element: el("p", {class: "dim"}, "text", another).
function el(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function svg(tag, attributes, ...children) {
  return fill(document.createElementNS(svgSpace, tag), attributes, children);
}

// name isolates a text from outside, so that its direction cannot reorder what is beside it.
function name(text) {
  return el("bdi", {}, text);
}

function verdictMark(verdict) {
  return el("span", { class: "verdict", "data-verdict": verdict }, verdict);
}

// A list of sentences, or nothing at all.
function lines(texts, attributes) {
  return texts && texts.length ? el("ul", attributes || {}, texts.map((t) => el("li", {}, t))) : null;
}

function details(title, ...children) {
  return el("details", {}, el("summary", {}, title), children);
}

function byId(id) {
  return document.getElementById(id);
}

// say tells a screen reader what has changed.
function say(text) {
  byId("live").textContent = text;
}
