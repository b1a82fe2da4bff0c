// The small line beside a scenario: how a figure went, with its change points and the newest
// value as a dot.

function spark(trend, width, height) {
  const { at, y } = points(trend);
  const low = Math.min(...y), high = Math.max(...y);
  // A range of noise alone is not to look like a mountain: it takes 4 % to fill the height.
  const room = Math.max(high - low, Math.abs(high) * 0.04) || 1, middle = (high + low) / 2;
  const X = (v) => 2 + (v - at[0]) / (at[at.length - 1] - at[0] || 1) * (width - 6);
  const Y = (v) => height / 2 - (v - middle) / room * (height - 6);
  const xs = at.map(X);
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "spark", "data-trend": trend.v, "aria-hidden": "true" },
    (trend.changes || []).map((c) => svg("line", { class: "at" + (c.worse ? " worse" : " better"), x1: X(c.at), x2: X(c.at), y1: 0, y2: height })),
    svg("path", { class: "line", d: pathOf(xs, y.map(Y)) }), svg("circle", { cx: xs[xs.length - 1], cy: Y(y[y.length - 1]), r: 2.2 }));
}
