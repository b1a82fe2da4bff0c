// Package plugin is a suite of eight memory scenarios for programs that load
// plugins, plugin_system. It measures any plugin host that can be put behind the
// small interface [Host], whatever its plugins are written in:
//
//	for _, s := range plugin.Suite(plugin.Engine{Name: "mine", New: newMine}).Scenarios {
//		…
//	}
//
// In-place replacement of a plugin is found by type assertion: [Reloader]. What
// a host cannot do at all, its [Engine] declares as a [Lack], with the reason; a
// host that silently does not do it fails the scenario.
//
// # Sessions
//
// A session is one loaded plugin. Figures are the host's: what a plugin needs in
// a process of its own is reported apart, as child_memory. The host is made after
// the baseline is taken, and counts; what all hosts of a process share
// ([Engine.Setup]) is made before and does not.
//
// # The guest
//
// The suite does not care how a plugin is written, only what it answers. A plugin
// is a handful of functions that take a text and return a text:
//
//	init       takes the plugin's name and remembers it; returns its version, 1 or 2
//	transform  version 1 returns the text in upper case, version 2 returns it reversed
//	event      counts an event, and adds up the bytes of the events; returns nothing
//	status     returns "NAME VERSION EVENTS BYTES HELD", divided by single spaces
//	hold       takes a number of bytes and holds so many from then on, instead of
//	           what it held before; byte i of them is character i modulo 62 of
//	           0-9a-zA-Z; returns the number
//	peek       takes an offset and returns the character that it holds there
//	ask        passes the text to the host ([Plugin.Answer]) and returns its answer
//	spin       never returns
//	crash      ends the plugin the hard way: a trap, a panic, an uncaught exception
//
// Texts are ASCII; numbers are decimal. Both versions have the same functions and
// differ in init, status and transform. The folder guest holds four examples of
// 30 to 100 lines, in Go, JavaScript and Starlark.
//
// # Honesty
//
// Every result is compared with what it must be: what a call returned, how many
// plugins handled an event and how many events each has counted, that a plugin
// over its limits was stopped, that the others go on when one has crashed, that
// the new version answers after it was replaced. A host that does not do the work
// fails the scenario, however little memory it needs.
package plugin
