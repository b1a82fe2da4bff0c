// Package stat is the arithmetic behind the verdicts: summaries of samples,
// intervals and comparisons that hold for very few repeats, the correction for
// many comparisons, and robust trends.
//
// Slices of finite numbers flow in, numbers flow out; the arguments are never
// changed. Each function names the source of its formula. What a sample is too
// small for is NaN (or an infinite interval), never a number that looks like an
// answer.
//
// The package reads no clock and no file, knows no metric, and decides nothing.
package stat
