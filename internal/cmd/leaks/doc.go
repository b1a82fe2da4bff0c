// Command leaks soaks programs that leak in known ways, their clean twins, and clean
// programs that look as if they leaked, with `highwater stability`, as a user would.
// The programs are in testdata: ordinary ones that know nothing of highwater, each of
// which has a test that checks by hand how much it keeps.
//
// It works out which leaks were found, after what time, whether what was accused is
// what leaks, and how many of the clean runs failed, and prints that as a table. It
// exits 1 when a leak was missed or laid to something else, or a clean program failed,
// and 2 when something could not be measured.
//
// The programs' time passes faster than that of the clock, unless -real is given:
// they do in a second what they would do in -speed seconds, and the table says so.
//
// Results are kept, a JSON line each, and the command goes on where it was stopped.
package main
