// Figures in words, as the reports have them.

function significant(x) {
  const a = Math.abs(x);
  if (a >= 100) return x.toFixed(0);
  if (a >= 10) return x.toFixed(1);
  return x.toFixed(2);
}

function bytes(n) {
  const a = Math.abs(n);
  if (a >= 999.5e6) return significant(n / 1e9) + " GB";
  if (a >= 999.5e3) return significant(n / 1e6) + " MB";
  if (a >= 999.5) return significant(n / 1e3) + " KB";
  return (Number.isInteger(n) ? n : significant(n)) + " B";
}

function countOf(n) {
  const a = Math.abs(n);
  if (a >= 999.5e6) return significant(n / 1e9) + "G";
  if (a >= 999.5e3) return significant(n / 1e6) + "M";
  if (a >= 1e4) return significant(n / 1e3) + "k";
  return Number.isInteger(n) ? String(n) : significant(n);
}

// figure is a value in the unit of its metric.
function figure(metric, v) {
  if (v === undefined || v === null) return "–";
  switch (metric.unit) {
    case "B": case "B/session": case "B/op": return bytes(v);
    case "ratio": return v.toFixed(2);
    default: return countOf(v);
  }
}

function inUnit(unit) {
  return (v) => figure({ unit }, v);
}

function per(metric) {
  const at = (metric.unit || "").indexOf("/");
  return at < 0 ? "" : " per " + metric.unit.slice(at + 1);
}

function percent(ratio) {
  const p = ratio * 100;
  if (p > 0 && p < 0.5) return "<1 %";
  return (Math.abs(p) >= 999.5 ? (p / 1000).toFixed(1) + "k" : Math.abs(p) < 9.95 && p % 1 ? p.toFixed(1) : p.toFixed(0)) + " %";
}

function change(ratio) {
  if (Math.round(ratio * 1000) === 0) return "±0 %";
  const p = Math.abs(ratio * 100);
  return (ratio > 0 ? "+" : "−") + (p < 9.95 ? p.toFixed(1) + " %" : percent(p / 100));
}

// Times are in UTC, so that a page means the same wherever it is read.
function day(seconds) {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

function minute(seconds) {
  return new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ") + " UTC";
}

function duration(s) {
  if (s >= 5400) return significant(s / 3600) + " h";
  if (s >= 90) return significant(s / 60) + " min";
  if (s >= 1 || s === 0) return significant(s) + " s";
  return significant(s * 1000) + " ms";
}

function number(n, one, many) {
  return n + " " + (n === 1 ? one : many);
}
