// Package noise says how much repeats of an unchanged program differ on a machine,
// and what that means for the gate: how small a change it can find there, and which
// thresholds it can keep.
//
// In flow a [highwater.Run] of one program with many repeats and the thresholds in
// force; out flows a [Sheet], which is rendered as text, Markdown or JSON. What can
// be found follows from package gate's own comparison ([gate.Design.Margin]), so that
// the two agree.
//
// The package is pure: it measures nothing, reads no file and no clock, and changes no
// threshold. It sees the noise of one run. What differs between runs, such as another
// machine behind the same name, it cannot see.
package noise
