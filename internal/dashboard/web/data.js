// The data of the page, and what is asked of it.

const data = JSON.parse(byId("data").textContent);

// What stands thousands of times comes as lists; row.go writes them in this order.
const valueKeys = ["m", "c", "lo", "hi", "n", "l", "b", "s", "bs", "v", "why", "x"];
const trendKeys = ["m", "env", "branch", "v", "reason", "at", "y", "from", "to", "newest", "of", "level", "detectable", "low", "high", "limit", "changes", "odd", "drift", "forecast"];

function named(keys, list) {
  const o = {};
  list.forEach((v, i) => { if (v !== null) o[keys[i]] = v; });
  return o;
}

for (const s of data.scenarios) {
  s.values = s.values.map((v) => named(valueKeys, v));
  s.trends = (s.trends || []).map((t) => named(trendKeys, t));
}

const verdictOrder = ["fail", "error", "missing", "inconclusive", "warn", "unsupported", "unjudged", "new", "pass"];

// Verdicts that somebody has to do something about.
const problems = new Set(["fail", "error", "missing", "inconclusive"]);

function worstFirst(a, b) {
  const rank = (v) => { const i = verdictOrder.indexOf(v); return i < 0 ? -1 : i; }; // unknown is worst
  return rank(a) - rank(b);
}

const letterAt = {};
[..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"].forEach((c, i) => { letterAt[c] = i; });

// unpack makes numbers of letters, two of which are a step of 1 in 4095 of the range.
function unpack(p) {
  const all = [];
  for (let i = 0; i < p.y.length; i += 2) all.push(p.from + (p.to - p.from) * (letterAt[p.y[i]] * 64 + letterAt[p.y[i + 1]]) / 4095);
  return all;
}

// words are texts that stand in many places, by their numbers.
function words(n) {
  return data.frames[n];
}

// points unpacks a series: the results that it has points of, and their values. The newest
// is exact, the others to 1 in 4095 of the range.
function points(trend) {
  if (trend.unpacked) return trend.unpacked;
  const at = [], y = unpack(trend);
  for (let i = 0, run = 0; i < trend.at.length;) {
    let step = letterAt[trend.at[i++]];
    if (step === 63) for (let k = step = 0; k < 4; k++) step = step * 64 + letterAt[trend.at[i++]];
    at.push(run += step);
  }
  y[y.length - 1] = trend.newest;
  trend.unpacked = { at, y };
  return trend.unpacked;
}

function valueOf(scenario, metric) {
  return scenario.values.find((v) => v.m === metric);
}

// used is the share of its budget that a value takes. Where the limit is zero it is kept
// or broken.
function used(v) {
  if (!v || v.c === undefined || v.l === undefined) return undefined;
  if (v.l > 0) return v.c / v.l;
  return v.c > v.l ? Infinity : 0;
}

// against is the change from the baseline, undefined where there is none.
function against(v) {
  if (!v || v.c === undefined || !v.b) return undefined;
  return v.c / v.b - 1;
}

// mainTrend is the series that says most of a scenario: one that got worse, or that of the
// budget's metric.
function mainTrend(scenario, metric) {
  const all = scenario.trends || [];
  if (metric >= 0) return all.find((t) => t.m === metric);
  const urgent = (t) => (t.v === "worse" ? 0 : t.v === "drifting" ? 1 : scenario.share && t.m === scenario.share.m ? 2 : 3);
  return [...all].sort((a, b) => urgent(a) - urgent(b))[0];
}

// family are the scenarios of one name over several implementations.
function family(scenario) {
  return data.scenarios.filter((s) => s.suite === scenario.suite && s.name === scenario.name && s.variant);
}
