// Package own makes what highwater's own work is measured on: a run of hundreds of
// scenarios, the profile of a large heap, and looks at a busy process. Its benchmarks
// are how much memory judging, reporting, reading and watching take, and this
// repository's gate holds them to highwater.yml.
//
// What it makes is made up, and the same every time; nothing here is a measurement.
package own
