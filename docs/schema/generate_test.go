package schema

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/advise"
	"github.com/highwater-dev/highwater/internal/bisect"
	"github.com/highwater-dev/highwater/internal/platforms"
)

const published = "https://raw.githubusercontent.com/highwater-dev/highwater/main/docs/schema/"

// source is what the Go source says of types beyond what reflection sees.
type source struct {
	types  map[string]string   // doc comments of types
	fields map[string]string   // doc and line comments of fields, by Type.Field
	enums  map[string][]string // the constants of string types
}

// parse reads the source of all Go files in the directories, tests excepted.
func parse(t *testing.T, dirs ...string) source {
	t.Helper()
	s := source{map[string]string{}, map[string]string{}, map[string][]string{}}
	for _, dir := range dirs {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range f.Decls {
				if g, ok := d.(*ast.GenDecl); ok {
					s.declaration(g)
				}
			}
		}
	}
	return s
}

// under is s with what other says of the same names.
func (s source) under(other source) source {
	maps.Copy(s.types, other.types)
	maps.Copy(s.fields, other.fields)
	maps.Copy(s.enums, other.enums)
	return s
}

func (s source) declaration(g *ast.GenDecl) {
	for _, spec := range g.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			s.types[spec.Name.Name] = comment(g.Doc, spec.Doc)
			if structure, ok := spec.Type.(*ast.StructType); ok {
				for _, f := range structure.Fields.List {
					for _, n := range f.Names {
						s.fields[spec.Name.Name+"."+n.Name] = comment(f.Doc, f.Comment)
					}
				}
			}
		case *ast.ValueSpec:
			kind, ok := spec.Type.(*ast.Ident)
			if g.Tok != token.CONST || !ok {
				continue
			}
			for _, v := range spec.Values {
				if l, ok := v.(*ast.BasicLit); ok && l.Kind == token.STRING {
					text, _ := strconv.Unquote(l.Value)
					s.enums[kind.Name] = append(s.enums[kind.Name], text)
				}
			}
		}
	}
}

// comment joins comments to one line.
func comment(groups ...*ast.CommentGroup) string {
	var words []string
	for _, g := range groups {
		words = append(words, strings.Fields(strings.NewReplacer("[", "", "]", "").Replace(g.Text()))...)
	}
	return strings.Join(words, " ")
}

// enumerated are the types of which the values are the constants that the
// source declares.
var enumerated = []reflect.Type{
	reflect.TypeFor[highwater.Pass](), reflect.TypeFor[highwater.Status](), reflect.TypeFor[highwater.Verdict](),
	reflect.TypeFor[highwater.Severity](), reflect.TypeFor[highwater.Label](),
	reflect.TypeFor[highwater.SoakSource](), reflect.TypeFor[highwater.Quantity](), reflect.TypeFor[highwater.Course](),
}

// advised are those of the advice of debug optimize, and of the run in it.
var advised = slices.Concat(slices.DeleteFunc(slices.Clone(enumerated), func(t reflect.Type) bool { return t == reflect.TypeFor[highwater.Severity]() }), []reflect.Type{
	reflect.TypeFor[advise.Kind](), reflect.TypeFor[advise.Severity](), reflect.TypeFor[advise.Per](), reflect.TypeFor[advise.Saving](),
})

// trending are those of trends.
var trending = []reflect.Type{reflect.TypeFor[highwater.TrendVerdict]()}

// searched are those of the answers of bisect.
var searched = []reflect.Type{
	reflect.TypeFor[bisect.Verdict](), reflect.TypeFor[highwater.Severity](), reflect.TypeFor[highwater.Label](),
}

// abreast are those of runs side by side.
var abreast = []reflect.Type{reflect.TypeFor[platforms.State]()}

// generator turns inferred schemas into what is published.
type generator struct {
	source source
	defs   map[string]*jsonschema.Schema
}

// generate makes the schema of a type, with every struct type as a definition
// of its own.
func generate[T any](t *testing.T, s source, enumerated []reflect.Type, file, title string) *jsonschema.Schema {
	t.Helper()
	known := map[reflect.Type]*jsonschema.Schema{
		reflect.TypeFor[time.Time](): {Type: "string", Format: "date-time"},
		// Go writes durations as numbers of nanoseconds.
		reflect.TypeFor[time.Duration](): {Type: "integer", Minimum: new(0.0)},
		reflect.TypeFor[highwater.Threshold](): {
			Type: "string", Pattern: `^[0-9]+(\.[0-9]+)?%(\|[0-9]+(\.[0-9]+)?)?$`,
			Examples: []any{"10%", "10%|65536"},
		},
	}
	for _, e := range enumerated {
		values := s.enums[e.Name()]
		if len(values) < 2 {
			t.Fatalf("the source declares %v of %s", values, e)
		}
		known[e] = &jsonschema.Schema{Type: "string", Enum: anys(values)}
	}
	inferred, err := jsonschema.For[T](&jsonschema.ForOptions{TypeSchemas: known})
	if err != nil {
		t.Fatal(err)
	}
	g := generator{s, map[string]*jsonschema.Schema{}}
	top := reflect.TypeFor[T]()
	g.refine(top, inferred)
	root := g.defs[top.Name()]
	delete(g.defs, top.Name())
	root.Schema, root.ID, root.Title, root.Defs = "https://json-schema.org/draft/2020-12/schema", published+file, title, g.defs
	return root
}

func anys(values []string) []any {
	var all []any
	for _, v := range values {
		all = append(all, v)
	}
	return all
}

// refine takes out null, which is written as an element of a list only, and lets unknown properties in,
// which later versions may add.
func (g generator) refine(t reflect.Type, s *jsonschema.Schema) *jsonschema.Schema {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if s.Types != nil {
		s.Types = slices.DeleteFunc(s.Types, func(name string) bool { return name == "null" })
		s.Type, s.Types = s.Types[0], nil
	}
	switch {
	case s.Properties != nil:
		g.structure(t, s)
		return &jsonschema.Schema{Ref: "#/$defs/" + t.Name()}
	case s.Items != nil:
		s.Items = g.refine(t.Elem(), s.Items)
		if t.Elem().Kind() == reflect.Pointer { // an element that is not there keeps its place
			s.Items = &jsonschema.Schema{AnyOf: []*jsonschema.Schema{s.Items, {Type: "null"}}}
		}
	case s.AdditionalProperties != nil:
		s.AdditionalProperties = g.refine(t.Elem(), s.AdditionalProperties)
		if values := g.source.enums[t.Key().Name()]; values != nil {
			s.PropertyNames = &jsonschema.Schema{Enum: anys(values)}
		}
	}
	return s
}

// bounds are what the store checks besides types.
var bounds = map[string]float64{"ScenarioInfo.Sessions": 1, "ScenarioInfo.Ops": 0, "Measurement.Repeat": 0, "Summary.N": 0, "Report.Exit": 0}

func (g generator) structure(t reflect.Type, s *jsonschema.Schema) {
	if g.defs[t.Name()] != nil {
		return
	}
	g.defs[t.Name()] = s
	s.AdditionalProperties = nil
	s.Description = g.source.types[t.Name()]
	for _, f := range reflect.VisibleFields(t) { // those of embedded types, too
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		property := s.Properties[key]
		if property == nil {
			continue // not written
		}
		property = g.refine(f.Type, property)
		owner := t
		if len(f.Index) > 1 {
			owner = t.FieldByIndex(f.Index[:len(f.Index)-1]).Type
		}
		property.Description = g.source.fields[owner.Name()+"."+f.Name]
		if least, ok := bounds[t.Name()+"."+f.Name]; ok {
			property.Minimum = new(least)
		}
		if key == "schema" {
			property.Const = new(any(1))
		}
		s.Properties[key] = property
	}
}

// sorted are the keys of a map, for messages that are the same every time.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}
