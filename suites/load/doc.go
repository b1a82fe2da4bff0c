// Package load is a suite of eight memory scenarios for programs that serve many
// at once, load_testing. It measures any server of terminal sessions, server that
// listens for SSH, and host of plugins that can be put behind the small
// interfaces [Server], [SSHServer] and [PluginHost]:
//
//	for _, s := range load.Suite(load.Engine{Name: "mine", New: newMine}).Scenarios {
//		…
//	}
//
// An [Engine] that lacks one of the three lacks the scenarios that need it.
// Optional abilities are found by type assertion: [Counter], [Scrollbacker].
//
// # Sessions
//
// A session is one live session, or one loaded plugin. It has a goroutine of the
// suite's, which writes the program's output into it, as whatever reads a
// pseudo-terminal would; that goroutine, 3.5 KB with what belongs to it, counts as
// the session's. The scenarios with a thousand sessions, and some with fewer,
// build them up in steps of ten and read live memory at each, which gives the
// cost of one more session apart from the fixed cost.
//
// The work of a round is fixed, and a round ends when everybody is done and idle:
// what is read between two rounds does not depend on how the goroutines were
// scheduled.
//
// # Input
//
// What a session's program prints follows from the session's number and that of
// the update, and so does the screen that it must lead to: three of four sessions
// redraw a dashboard, the fourth prints a log. Printing allocates nothing.
//
// # Honesty
//
// Every session's screen is compared with what it must show: each update of a
// dashboard leaves a mark of its own there, which is another one in any other
// session, so that output which is lost or mixed up shows. Clients have to have
// been sent the last update; SSH clients check their own screens; plugins answer
// for what they were told. A server that counts its sessions is held to the right
// number. Where nothing gets done for a while, the scenario fails and names the
// session; see [Engine.Patience].
//
// In ansi_stress every session must have its screen right again after each piece
// of hostile output. One session is given what is known to make emulators panic:
// it may end, with [ErrCrashed], and nothing else may.
package load
