// Package procfs reads what Linux tells about processes in /proc: their memory,
// descriptors, sockets, threads and children.
//
// In go process ids, and out come numbers and names. The root of the tree is a
// value, so that a made-up tree takes its place in a test; the package builds on
// every system, and finds nothing where there is no such tree. It never changes a
// process, and never judges what it reads. The probe has readers of its own: it is
// source code in other people's programs.
package procfs
