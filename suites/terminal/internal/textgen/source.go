package textgen

import "fmt"

var (
	verbs = []string{"read", "write", "merge", "split", "find", "drop", "load", "store", "count", "check"}
	nouns = []string{"Segment", "Lease", "Index", "Record", "Queue", "Token", "Shard", "Page", "Cursor", "Batch"}
	types = []string{"int", "string", "[]byte", "error", "bool", "map[string]int", "float64"}
)

// Source returns Go source code with that many functions, lines ending in LF:
// something for an editor to show, search and change.
func (g *Generator) Source(functions int) []byte {
	p := []byte("// Package store keeps records in segments.\npackage store\n\nimport (\n\t\"errors\"\n\t\"fmt\"\n)\n")
	for i := range functions {
		verb, noun := pick(g, verbs), pick(g, nouns)
		p = fmt.Appendf(p, "\n// %s%s%d %ss a %s and says how many bytes that took.\n", verb, noun, i, verb, noun)
		p = fmt.Appendf(p, "func %s%s%d(name string, limit %s) (int, error) {\n\ttotal := 0\n", verb, noun, i, pick(g, types))
		for range 1 + g.r.IntN(3) {
			p = fmt.Appendf(p, "\tfor i := 0; i < %d; i++ {\n\t\tif i%%%d == 0 {\n\t\t\ttotal += i * 0x%x // %s\n\t\t}\n\t}\n",
				10+g.r.IntN(900), 2+g.r.IntN(9), g.r.IntN(1<<16), pick(g, messages))
		}
		p = fmt.Appendf(p, "\tif total > %d {\n\t\treturn 0, errors.New(\"%s\")\n\t}\n\tfmt.Println(name, \"%s\", total)\n\treturn total, nil\n}\n",
			g.r.IntN(1<<20), pick(g, messages), pick(g, components))
	}
	return p
}
