// Package report renders a [highwater.Report]: as text for a terminal or a
// pipe, as JSON, as Markdown for a pull request, as a page of HTML, and in the Go
// benchmark format. A scenario that was soaked has a layout of its own, with its
// course over time.
//
// In flows a Report, out flow bytes, and nothing else is read or written:
// Render looks at no environment, no clock and no file, so that one report
// gives one text. What a renderer may vary by, such as the terminal's width,
// belongs to its value ([Text], [JSON], [Markdown], [HTML], [Bench]).
//
// Names of scenarios, functions and files and the output of processes are not
// trusted; escape.go is what they all pass through.
//
// The package computes no statistics and passes no judgement: a value that is
// not in the report is shown as not measured.
package report
