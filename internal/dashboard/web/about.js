// Where it was measured, against what, and what was not measured at all.

function remarks(title, all) {
  if (!all || !all.length) return null;
  return el("section", {}, el("h3", {}, title), el("ul", {}, all.map((r) => el("li", {}, r.text, r.of && r.of.length ? el("span", { class: "dim" }, " (", r.of.slice(0, 12).join(", "), r.of.length > 12 ? ` and ${r.of.length - 12} more` : "", ")") : null))));
}

function aboutView() {
  const a = data.about;
  const lacking = data.scenarios.filter((s) => (s.lacks || []).length);
  return el("div", { class: "prose" },
    el("section", {}, el("h3", {}, "Environment"), a.facts && a.facts.length ? el("table", { class: "figures" }, el("tbody", {}, a.facts.map((f) => el("tr", {}, el("th", { scope: "row" }, f.label), el("td", {}, f.text))))) : el("p", { class: "empty" }, "The run does not say where it was measured.")),
    el("section", {}, el("h3", {}, "Compared with"), el("p", {}, data.against || "nothing: there is no baseline. ", data.against ? "" : "`--baseline NAME` compares."), a.differs && a.differs.length ? [el("p", {}, "Measured under other conditions:"), lines(a.differs)] : null),
    a.reproduce && a.reproduce.length ? el("section", {}, el("h3", {}, "The same again"), el("pre", {}, a.reproduce.join("\n"))) : null,
    remarks("Not measured", a.unmeasured), remarks("New, or not judged", a.unjudged), remarks("Notes", a.notes),
    el("section", {}, el("h3", {}, "History"), el("p", {}, data.results.length ? `${number(data.results.length, "run", "runs")} from ${day(data.results[0].at)} to ${day(data.results[data.results.length - 1].at)}.` : data.noHistory || "There is none.")),
    el("section", {}, el("h3", {}, "What this page leaves out"), lines(data.thinned) || el("p", {}, "Nothing: all that was measured is in it.")),
    lacking.length && !(a.unmeasured || []).length ? el("p", { class: "dim" }, number(lacking.length, "scenario lacks", "scenarios lack"), " some figures; each says which.") : null);
}
