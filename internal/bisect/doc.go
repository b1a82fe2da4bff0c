// Package bisect finds the commit at which a noisy figure changed.
//
// What was measured of commits in a line flows in ([Session]), and out comes what to
// do next ([Step]): which commit to measure, how often, or that the search is over,
// with the confidence that was reached. A [Document] is the answer, for people and for
// programs.
//
// The search is a probabilistic bisection (Horstein, "Sequential transmission using
// noiseless feedback", IEEE Transactions on Information Theory 9, 1963; Waeber, Frazier
// and Henderson, "Bisection search with noisy responses", SIAM Journal on Control and
// Optimization 51, 2013). Every commit is as likely as any other to be the first bad
// one at first. Each measurement is a vote, as strong as its noise allows, for the
// boundary to lie before the commit or behind it, and the commit that halves what is
// likely is measured next: a new one as long as many are left, and one of the two at
// the boundary again when these are all that is in doubt.
//
// The package is pure: it measures nothing, runs no git, and reads no clock.
package bisect
