// Package config reads highwater.yml and HIGHWATER_… variables and answers what
// a run is held to.
//
// In flow the bytes of a file, the variables and the name of an environment
// (ci, staging, …); out flow [Settings], which the command line's flags are laid
// over, and the limits and thresholds of any scenario, as package gate asks for
// them. A file is strict: an unknown key, a limit on an unknown metric or an
// impossible value is a [Problem] with its line, and all of them are reported
// at once.
//
// What wins over what is documented in docs/config.md and held to by
// [Rules.Limits]. The package never measures, judges or prints.
package config
