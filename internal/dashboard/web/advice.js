// What to change: on one scenario, and on all that there is advice on.

function adviceArticle(a) {
  return el("article", { class: "advice", "data-severity": a.severity }, el("h4", {}, el("span", { class: "tag" }, a.severity), " ", a.title, a.saves ? el("span", { class: "dim" }, " saves " + a.saves) : null),
    el("p", {}, a.how), (a.where || []).map((w) => el("code", {}, words(w))), a.source ? el("pre", {}, a.source.join("\n")) : null,
    a.evidence ? details("why", lines(a.evidence), el("p", { class: "dim" }, a.found)) : null);
}

function recommendations(s) {
  const hints = (s.findings || []).filter((f) => f.hint);
  const from = s.advised ? el("p", { class: "dim" }, "By `highwater debug optimize`, with the source at hand.") : null;
  const gaps = s.gaps && s.gaps.length ? [" Not looked for: ", s.gaps.join("; "), "."] : null;
  if ((s.advice || []).length || hints.length) return [from, (s.advice || []).map(adviceArticle), hints.length ? lines(hints.map((f) => f.hint)) : null, s.advised && gaps ? el("p", { class: "dim" }, gaps) : null];
  return el("p", { class: "empty" }, "What was measured supports no advice.", gaps, s.advised ? null : " `highwater debug optimize` looks at the source, too.");
}

const severities = ["major", "moderate", "minor"];

// adviceView is all of it, the weightiest first, with what each is about.
function adviceView() {
  const all = [];
  for (const e of listed) if (!e.row.hidden) (e.scenario.advice || []).forEach((a) => all.push({ a, scenario: e }));
  all.sort((x, y) => severities.indexOf(x.a.severity) - severities.indexOf(y.a.severity));
  const most = 60;
  return el("div", { class: "prose" },
    (data.processes || []).map((p) => el("section", {}, el("h3", {}, name(p.name)), p.how ? el("p", { class: "dim" }, p.how) : null, lines(p.failed), p.advice.length ? p.advice.map(adviceArticle) : el("p", { class: "empty" }, "Nothing that was looked for is worth a change."), p.gaps ? el("p", { class: "dim" }, "Not looked for: ", p.gaps.join("; "), ".") : null)),
    el("section", {}, el("h3", {}, "Scenarios"), all.length ? all.slice(0, most).map(({ a, scenario }) => el("div", {}, el("p", { class: "of" }, el("button", { type: "button", class: "link", onclick: () => openScenario(scenario.index) }, name(scenario.scenario.id))), adviceArticle(a))) : el("p", { class: "empty" }, "What was measured supports no advice. `highwater debug optimize --format json` looks at the source, too; give its result to `highwater dashboard` beside the run."),
      all.length > most ? el("p", { class: "dim" }, `And ${all.length - most} more, with their scenarios.`) : null));
}
