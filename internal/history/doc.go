// Package history keeps results over time: what each run said of each metric of each
// scenario, in an SQLite file or, for a team, in PostgreSQL.
//
// In flow judged runs ([Of] takes of a report what is kept) and exports of other
// stores; out flow [highwater.Series], runs, and exports. What may stand in one series
// is decided by the key alone ([highwater.SeriesKey]), into which go all conditions
// that matter to the metric; see [gate.EnvironmentKey].
//
//	s, err := history.Open(ctx, dsn) // or OpenExisting, to look only
//	series, err := s.Series(ctx, history.Query{Metrics: []string{highwater.Peak}})
//
// A result is what the report showed: its median, interval, samples and limit. What was
// not measured, or only in part, is not stored; the run says how many of its
// measurements failed. A run is added as a whole or not at all, and adding it again
// changes nothing, so that whoever is not sure adds again. Several processes may write
// at once; one that is killed leaves nothing half-written.
//
// Both databases are used through the same statements (see dialect), and by the same
// tests. What is imported is untrusted: sized, checked, and refused as a whole.
//
// The package measures nothing, judges nothing and draws no conclusion from a series:
// trends are somebody else's. No password of a DSN is in any of its errors.
package history
