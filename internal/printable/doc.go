// Package printable makes text from outside safe to print: names and sentences of Run
// files, which may come from anybody.
//
// Strings flow in, strings flow out that fit on a line of a terminal or into a cell of
// Markdown, and are nothing but text there. The package knows no report and writes nothing.
package printable
