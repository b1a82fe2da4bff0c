// Package trend says what a series of results does over time: where it stepped, whether
// it drifts, which results are strays, where it goes next, and whether it is too noisy
// to tell.
//
// A highwater.Series flows in, a highwater.Trend flows out. The same series always gives
// the same answer: nothing is drawn at random.
//
// Steps are looked for in two passes, as Hunter does (Fleming, Kołaczkowski and others,
// "Hunter: using change point detection to hunt for performance regressions", ICPE 2023).
// The first, weak one lists where a step may be: E-divisive (Matteson and James, "A
// nonparametric approach for multiple change point analysis of multivariate data", JASA
// 109 (2014)) over the whole series and over windows of it. The second takes the places
// away again, the worst first, until each that is left is real: two stretches, each a
// level or a slope, must account for the points by so much better than one does. A slope
// is one stretch, and not many steps. What is left must also hold in a t-test with the
// spread of the stretches themselves, in a rank test, and be of some size.
//
// The package reads no store and no clock, and does not print.
package trend
