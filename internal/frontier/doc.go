// Package frontier finds what memory costs a scenario in CPU time: it runs it at several
// settings of GOGC and GOMEMLIMIT, in turn and repeatedly, and says which settings no
// other one beats, and what the least memory limit is at which throughput stays.
//
// A [target.Target] and settings flow in ([Run]; [Collectors] and [Limits] propose some),
// processes of the natural pass are measured by package measure, and a
// [highwater.Frontier] comes out. [Analyse] is pure: it makes one of Measurements that
// somebody else has. The package sets nothing in its own process and judges nothing.
package frontier
