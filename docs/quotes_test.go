package docs_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// quoted finds what the README quotes of the proof page: the last thing in a line of
// its list, between backquotes.
var quoted = regexp.MustCompile("(?m)^- [^`\n]+: `([^`]+)`$")

// What the README quotes stands on the proof page as it was printed there.
func TestReadmeQuotesTheProof(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	proof, err := os.ReadFile("proof.md")
	if err != nil {
		t.Fatal(err)
	}
	_, list, found := strings.Cut(string(readme), "As printed there last:")
	if !found {
		t.Fatal("README.md does not say what the proof page printed last")
	}
	quotes := quoted.FindAllStringSubmatch(list, -1)
	if len(quotes) < 4 {
		t.Fatalf("README.md quotes %d figures, want four or more", len(quotes))
	}
	for _, q := range quotes {
		if !strings.Contains("\n"+string(proof), "\n"+q[1]+"\n") {
			t.Errorf("README.md quotes %q, which is no line of docs/proof.md", q[1])
		}
	}
}
