// Package stability judges soaks: a stored [highwater.Soak] flows in, and out come a
// [highwater.SoakResult], which says how memory went, and Findings with their reasons.
//
// Live memory has two judges, because each misses what the other sees. One looks at
// every allocation site: a site that grows at nearly every checkpoint, and still does at
// the end, is a leak even where it is lost in the noise of the whole. The other looks at
// the whole: a leak that shares a busy site shows there only. Either is enough.
//
// Nothing is a leak that has stopped growing, that grows ever more slowly, that has
// been as high before and come down, or that has gone up in a few steps. The warm-up is
// found, not assumed. What the soak could not have seen is told with what it has seen:
// [highwater.SoakResult.Detectable].
//
// The rules for other things that grow (goroutines, descriptors, memory outside the Go
// heap) and for slowing down are in files of their own. The numbers in the rules come
// from simulations, which the tests repeat.
//
// The package is pure: it reads no file and no clock, and prints nothing.
package stability
