package main

import "github.com/highwater-dev/highwater"

// release is a change from one released version of a public module to another. The
// benchmark is in testdata, in a folder of the same name.
type release struct {
	Name     string
	Module   string
	Ops      int    // operations of the benchmark
	From, To string // the base and the head
	Source   string // where the change is described
	What     string

	// Reversed is the way back from the release that mended it: the release that
	// brought the regression about is older than the module's present shape, or
	// nobody knows which it was.
	Reversed bool

	// What must be found; where nothing must, Metric is empty. Site is the function
	// that must be named, without its package's path. A count has no label.
	Metric string
	Label  highwater.Label
	Site   string
}

// releases are regressions first, then patch releases that left memory alone: these
// have figures in go test -benchmem that are equal before and after.
var releases = []release{
	{
		Name: "cors", Ops: 100, Module: "github.com/rs/cors", From: "v1.8.3", To: "v1.9.0",
		Source: "https://github.com/golang/vulndb/issues/2883",
		What:   "all Access-Control-Request-Headers lines are parsed, and not the first alone: a hostile request allocates without measure",
		Metric: "alloc_bytes", Label: highwater.LabelChurn, Site: "cors.parseHeaderList",
	},
	{
		Name: "gocollector", Ops: 100, Module: "github.com/prometheus/client_golang", From: "v1.11.1", To: "v1.12.0",
		Source: "https://github.com/prometheus/client_golang/issues/967",
		What:   "every scrape collects histograms with hundreds of buckets",
		Metric: "peak", Label: highwater.LabelLive, Site: "prometheus.(*batchHistogram).Write",
	},
	{
		Name: "promhttp", Ops: 1000, Module: "github.com/prometheus/client_golang", From: "v1.11.1", To: "v1.11.0", Reversed: true,
		Source: "https://nvd.nist.gov/vuln/detail/CVE-2022-21698",
		What:   "a series is kept for every method that a client makes up",
		Metric: "retained", Label: highwater.LabelLive, Site: "prometheus.(*metricMap).getOrCreateMetricWithLabels",
	},
	{
		Name: "lru", Ops: 10000, Module: "github.com/aws/smithy-go", From: "v1.25.1", To: "v1.25.0", Reversed: true,
		Source: "https://github.com/aws/smithy-go/issues/651",
		What:   "an entry that is put again stays in the cache's list for ever",
		Metric: "retained", Label: highwater.LabelLive, Site: "lru.(*lru).Put",
	},
	{
		Name: "deadline", Ops: 1000, Module: "github.com/eapache/go-resiliency", From: "v1.3.0", To: "v1.2.0", Reversed: true,
		Source: "https://github.com/eapache/go-resiliency/issues/23",
		What:   "work that misses its deadline leaves a goroutine behind",
		Metric: "goroutines", Site: "deadline.(*Deadline).Run",
	},
	{
		Name: "schema", Ops: 100, Module: "github.com/gorilla/schema", From: "v1.4.1", To: "v1.4.0", Reversed: true,
		Source: "https://nvd.nist.gov/vuln/detail/CVE-2024-37298",
		What:   "a form that names the hundred thousandth element makes a list of as many",
		Metric: "peak", Label: highwater.LabelLive, Site: "schema.(*Decoder).decode",
	},
	{
		Name: "jwt", Ops: 100, Module: "github.com/golang-jwt/jwt/v5", From: "v5.2.2", To: "v5.2.1", Reversed: true,
		Source: "https://github.com/golang/vulndb/issues/3553",
		What:   "a token of dots is split into as many strings",
		Metric: "peak", Label: highwater.LabelLive, Site: "jwt.(*Parser).ParseUnverified",
	},
	{
		Name: "gjson", Ops: 100, Module: "github.com/tidwall/gjson", From: "v1.17.3", To: "v1.18.0",
		Source: "https://github.com/tidwall/gjson/compare/v1.17.3...v1.18.0",
	},
	{
		Name: "chi", Ops: 1000, Module: "github.com/go-chi/chi/v5", From: "v5.2.2", To: "v5.2.3",
		Source: "https://github.com/go-chi/chi/compare/v5.2.2...v5.2.3",
	},
	{
		Name: "golru", Ops: 100, Module: "github.com/hashicorp/golang-lru/v2", From: "v2.0.6", To: "v2.0.7",
		Source: "https://github.com/hashicorp/golang-lru/compare/v2.0.6...v2.0.7",
	},
	{
		Name: "yaml", Ops: 10, Module: "go.yaml.in/yaml/v3", From: "v3.0.3", To: "v3.0.4",
		Source: "https://github.com/yaml/go-yaml/compare/v3.0.3...v3.0.4",
	},
	{
		Name: "mux", Ops: 1000, Module: "github.com/gorilla/mux", From: "v1.8.0", To: "v1.8.1",
		Source: "https://github.com/gorilla/mux/compare/v1.8.0...v1.8.1",
	},
}
