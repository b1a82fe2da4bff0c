package config

import (
	"encoding/json"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/highwater-dev/highwater"
)

// SchemaID is where the published schema is found, and what editors are pointed
// at.
const SchemaID = "https://raw.githubusercontent.com/highwater-dev/highwater/main/docs/schema/config-1.json"

// Patterns of values that are written as text. They are what the parsers in
// value.go accept, as far as a regular expression can say it.
const (
	sizePattern        = `^[0-9.]+ ?([kKmMgGtT][iI]?)?[bB]?$`
	durationPattern    = `^([0-9.]+|([0-9.]+(ns|us|µs|ms|s|m|h))+)$`
	fingerprintPattern = `^[0-9a-f]{12}$`
	datePattern        = `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`
	upToPattern        = `^[0-9.]+ ?(%|([kKmMgGtT][iI]?)?[bB]?)$`
	opsPattern         = `^([0-9]*[1-9][0-9]*x|([0-9.]+(ns|us|µs|ms|s|m|h))+)$`
	thresholdPattern   = `^([0-9.]+ ?% ?(\| ?[0-9.]+ ?([kKmMgGtT]?[iI]?[bB])?)?|none)$`
)

// Schema describes highwater.yml to editors. Package config itself does not
// use it: its errors say more.
func Schema() *jsonschema.Schema {
	root := scopeSchema()
	root.ID, root.Schema = SchemaID, "https://json-schema.org/draft/2020-12/schema"
	root.Title = "highwater.yml"
	root.Description = "What highwater runs and holds it to. See docs/config.md."
	add(root, "environments", &jsonschema.Schema{
		Type: "object", Description: "what differs in ci, staging, …: chosen by --env or HIGHWATER_ENV",
		AdditionalProperties: &jsonschema.Schema{Ref: "#/$defs/scope"},
	})
	root.Defs = map[string]*jsonschema.Schema{
		"scope":      scopeSchema(),
		"limits":     limitsSchema(),
		"thresholds": thresholdsSchema(),
	}
	return root
}

// SchemaJSON renders the schema as it is published.
func SchemaJSON() ([]byte, error) {
	b, err := json.MarshalIndent(Schema(), "", "  ")
	return append(b, '\n'), err
}

func scopeSchema() *jsonschema.Schema {
	s := object()
	for _, d := range All() {
		add(s, d.Name, settingSchema(d))
	}
	addJudged(s)
	suite := object()
	addJudged(suite)
	add(s, "suites", &jsonschema.Schema{
		Type: "object", Description: "limits and thresholds of a suite, by its name",
		AdditionalProperties: suite,
	})
	override := object()
	add(override, "scenario", &jsonschema.Schema{Type: "string", MinLength: new(1), Description: "pattern of the scenarios that it is for"})
	add(override, "reason", &jsonschema.Schema{Type: "string", MinLength: new(1), Description: "why they need another budget; reports show it"})
	addJudged(override)
	override.Required = []string{"scenario", "reason"}
	override.AnyOf = []*jsonschema.Schema{{Required: []string{"limits"}}, {Required: []string{"thresholds"}}}
	add(s, "overrides", &jsonschema.Schema{
		Type: "array", Description: "exceptions for the scenarios that match a pattern; a later one wins",
		Items: override,
	})
	add(s, "known", &jsonschema.Schema{
		Type: "array", Description: "regressions that are accepted until a day: they are reported, and do not fail the gate",
		Items: knownSchema(),
	})
	skip := object()
	add(skip, "scenario", &jsonschema.Schema{Type: "string", MinLength: new(1), Description: "pattern of the packages, benchmarks or scenarios that are not measured"})
	add(skip, "reason", &jsonschema.Schema{Type: "string", MinLength: new(1), Description: "why not; reports show it"})
	skip.Required = []string{"scenario", "reason"}
	add(s, "skip", &jsonschema.Schema{Type: "array", Description: "what is not measured, although it is named", Items: skip})
	return s
}

func knownSchema() *jsonschema.Schema {
	s := object()
	add(s, "scenario", &jsonschema.Schema{Type: "string", MinLength: new(1), Description: "pattern of the scenarios that it is for"})
	var names []any
	for _, m := range highwater.Metrics() {
		names = append(names, m.Name)
	}
	add(s, "metric", &jsonschema.Schema{
		Description: "the metric that regressed, or a list; all if unset",
		AnyOf:       []*jsonschema.Schema{{Enum: names}, {Type: "array", MinItems: new(1), Items: &jsonschema.Schema{Enum: names}}},
	})
	add(s, "fingerprint", &jsonschema.Schema{Type: "string", Pattern: fingerprintPattern, Description: "of the allocation site behind it, as the JSON report has it"})
	add(s, "reason", &jsonschema.Schema{Type: "string", MinLength: new(1), Description: "why it is accepted; reports show it"})
	add(s, "until", &jsonschema.Schema{Type: "string", Pattern: datePattern, Description: "the last day on which it is accepted, such as 2027-01-31"})
	up := textOrNumber(upToPattern)
	up.Description = "the most that the metric may be, or by how much it may be over its limit or baseline (20%); no bound if unset"
	add(s, "up_to", up)
	s.Required = []string{"reason", "until"}
	s.AnyOf = []*jsonschema.Schema{{Required: []string{"scenario"}}, {Required: []string{"fingerprint"}}}
	return s
}

func addJudged(s *jsonschema.Schema) {
	add(s, "limits", &jsonschema.Schema{Ref: "#/$defs/limits"})
	add(s, "thresholds", &jsonschema.Schema{Ref: "#/$defs/thresholds"})
}

func limitsSchema() *jsonschema.Schema {
	s := object()
	s.Description = "the most that a metric may be (the least for efficiency), or none"
	for _, m := range highwater.Metrics() {
		var v *jsonschema.Schema
		switch m.Unit {
		case highwater.UnitRatio:
			v = &jsonschema.Schema{Type: "number", Minimum: new(0.0), Maximum: new(1.0)}
		case highwater.UnitCount:
			v = &jsonschema.Schema{Type: "integer", Minimum: new(0.0)}
		case highwater.UnitAllocsPerOp:
			v = &jsonschema.Schema{Type: "number", Minimum: new(0.0)}
		default:
			v = textOrNumber(sizePattern)
		}
		add(s, m.Name, &jsonschema.Schema{
			Description: m.Doc + " (" + string(m.Unit) + ")",
			AnyOf:       []*jsonschema.Schema{v, {Const: new(any(none))}},
		})
	}
	return s
}

func thresholdsSchema() *jsonschema.Schema {
	s := object()
	s.Description = "how much worse than its baseline a metric may become: 10%, 10%|64KiB (and at least that), or none"
	for _, m := range highwater.Metrics() {
		if !m.Exact {
			add(s, m.Name, &jsonschema.Schema{Type: "string", Pattern: thresholdPattern, Description: m.Doc})
		}
	}
	return s
}

func settingSchema(d Setting) *jsonschema.Schema {
	var s *jsonschema.Schema
	switch d.kind {
	case kindList:
		word := func() *jsonschema.Schema { return &jsonschema.Schema{Type: "string", MinLength: new(1)} }
		s = &jsonschema.Schema{AnyOf: []*jsonschema.Schema{word(), {Type: "array", Items: word()}}}
	case kindCounts:
		number := func() *jsonschema.Schema {
			return &jsonschema.Schema{Type: "integer", Minimum: new(1.0), Maximum: new(1000.0)}
		}
		s = &jsonschema.Schema{AnyOf: []*jsonschema.Schema{number(), {Type: "array", Items: number()}}}
	case kindBool:
		s = &jsonschema.Schema{Type: "boolean"}
	case kindCount:
		s = &jsonschema.Schema{Type: "integer", Minimum: new(1.0), Maximum: new(1000.0)}
	case kindDuration:
		s = textOrNumber(durationPattern)
	case kindSize:
		s = textOrNumber(sizePattern)
	case kindOps:
		s = &jsonschema.Schema{Type: "string", Pattern: opsPattern}
	case kindSeverity:
		s = &jsonschema.Schema{Enum: []any{string(highwater.SeverityWarning), string(highwater.SeverityCritical)}}
	default:
		s = &jsonschema.Schema{Type: "string", MinLength: new(1)}
	}
	s.Description = d.Doc
	return s
}

func textOrNumber(pattern string) *jsonschema.Schema {
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{
		{Type: "string", Pattern: pattern},
		{Type: "number", Minimum: new(0.0)},
	}}
}

// object is a mapping that takes no keys but those added to it.
func object() *jsonschema.Schema {
	return &jsonschema.Schema{
		Type: "object", Properties: map[string]*jsonschema.Schema{},
		AdditionalProperties: &jsonschema.Schema{Not: &jsonschema.Schema{}},
	}
}

func add(s *jsonschema.Schema, name string, property *jsonschema.Schema) {
	s.Properties[name] = property
	s.PropertyOrder = append(s.PropertyOrder, name)
}
