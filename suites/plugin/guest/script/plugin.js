// A plugin in JavaScript, apart from what its versions do differently. The host
// gives it askHost, and calls its functions one at a time.
const pattern = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

let name = "", events = 0, bytes = 0, held = "";

function init(n) { name = n; return String(version); }

function event(text) { events++; bytes += text.length; return ""; }

function status() { return [name, version, events, bytes, held.length].join(" "); }

function hold(n) {
  if (!(Number(n) >= 0)) throw new Error("hold " + n + ": not a number of bytes");
  held = ""; // lets go of what is held first
  held = pattern.repeat(Math.ceil(n / pattern.length)).slice(0, n);
  return n;
}

function peek(at) { return held.charAt(at); }

function ask(text) { return askHost(text); }

function spin() { for (;;) {} }

function crash() { throw new Error("the plugin was told to crash"); }
