// Package schema publishes the JSON Schemas of highwater's files.
//
// All but that of the configuration are made from the Go types and their comments by the
// package's test, which also holds them to that:
//
//	go test ./docs/schema -update
package schema

import _ "embed"

// Run describes Run files and baselines of schema 1. A reader of it has to
// ignore properties that it does not know, since later versions add some.
//
//go:embed run-1.json
var Run []byte

// Report describes what --format json writes: a document of schema 1 with the
// judgement and the run that was judged.
//
//go:embed report-1.json
var Report []byte

// Advice describes what debug optimize --format json writes: a document of schema 1 with
// recommendations, what could not be looked for, and the run that was measured for it.
//
//go:embed advice-1.json
var Advice []byte

// Trend describes what trend --format json writes: a document of schema 1 with a trend
// for each series.
//
//go:embed trend-1.json
var Trend []byte

// Bisect describes what bisect --format json writes: a document of schema 1 with the
// commit that was found, and what that rests on.
//
//go:embed bisect-1.json
var Bisect []byte

// Sheet describes what compare --by --format json writes: a document of schema 1 with
// runs of several platforms side by side.
//
//go:embed sheet-1.json
var Sheet []byte
