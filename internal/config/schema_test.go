package config

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"go.yaml.in/yaml/v4"
)

var update = flag.Bool("update", false, "rewrite the published schema")

const published = "../../docs/schema/config-1.json"

func TestPublishedSchema(t *testing.T) {
	want, err := SchemaJSON()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.MkdirAll("../../docs/schema", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(published, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(published)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is out of date: run go test ./internal/config -update", published)
	}
}

// The schema and the parser must be of one mind about every file of the two
// tables, or an editor would contradict the command.
func TestSchemaAgreesWithParser(t *testing.T) {
	schema, err := Schema().Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range goodFiles {
		var v any
		if err := yaml.Load([]byte(text), &v); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%s: the parser takes it, the schema does not: %v", name, err)
		}
	}
	for _, c := range badFiles {
		var v any
		if c.onlyParser || yaml.Load([]byte(c.text), &v) != nil {
			continue
		}
		if err := schema.Validate(v); err == nil {
			t.Errorf("%q: the parser refuses it, the schema does not", c.text)
		}
	}
}
