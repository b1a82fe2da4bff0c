package bench

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// BenchmarkRoundTrip reads a document of a thousand entries and writes it again.
func BenchmarkRoundTrip(b *testing.B) {
	document := []byte(strings.Repeat("- {name: a, values: [1, 2, 3]}\n", 1000))
	for b.Loop() {
		var v []map[string]any
		if err := yaml.Unmarshal(document, &v); err != nil {
			b.Fatal(err)
		}
		if _, err := yaml.Marshal(v); err != nil {
			b.Fatal(err)
		}
	}
}
