// Package dashboard makes one page of HTML of a judged run and of how its figures went
// over time: what a team opens in the morning.
//
// In flows an [Input]: a Report with its Run and baseline, series with their trends. Out
// flow the bytes of a page that needs nothing besides itself. Its policy forbids
// everything but its own script and style, which it knows by their hashes. What comes
// from outside is made visible text by package report, travels as JSON in a block that is
// no script, and becomes text nodes: nothing of it is ever markup.
//
// The page holds the data, and its script (in web/, a file for each part) draws what is
// looked at when it is looked at. What would make it larger than [MostBytes] is thinned
// until it fits, and the page says by how much; change points, anomalies and the newest
// result are never thinned out.
//
// The package reads no clock and no file, computes no statistics and passes no
// judgement. Serving the page is package serve's.
package dashboard
