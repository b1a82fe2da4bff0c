package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/highwater-dev/highwater"
)

// Bounds on a Run file, and on a report, which holds the run, what it was compared
// with, and what was made of them. A run of 500 scenarios with all its call stacks takes
// 40 to 60 MB, the report of two of them 90. Counts are bounded besides bytes, since an element of two bytes
// decodes into some hundred.
const (
	maxRunBytes     = 128 << 20
	maxReportBytes  = 4 * maxRunBytes
	maxScenarios    = 20_000
	maxMeasurements = 200_000
)

const measureAgain = "make it again with `highwater gates`, or restore it from where it was kept"

// ReadRun reads and checks a Run file. It also takes the JSON form of a report,
// which contains the run. Fields that this version does not know are ignored,
// since later versions may add some; a later schema is refused.
func ReadRun(path string) (*highwater.Run, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	return readRun(path, data)
}

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading run: %w", err)
	}
	defer func() { _ = f.Close() }()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf("reading run: %s is a directory; name the Run file in it, such as %s/run.json", path, path)
	}
	data, err := io.ReadAll(io.LimitReader(f, maxReportBytes+1))
	if err != nil {
		return nil, fmt.Errorf("reading run %s: %w", path, err)
	}
	return data, nil
}

func readRun(path string, data []byte) (*highwater.Run, error) {
	run, err := decode(data)
	if err != nil {
		return nil, fmt.Errorf("reading run %s: %w", path, err)
	}
	if err := takeJournal(path, run); err != nil {
		return nil, fmt.Errorf("reading run %s: %w", path, err)
	}
	return run, nil
}

// header is looked at before anything else, so that a file of another schema is
// called that and not whatever differs in it first.
type header struct {
	Schema *json.RawMessage `json:"schema"`
	Report json.RawMessage  `json:"report"`
	Advice json.RawMessage  `json:"subjects"` // of debug optimize
	Run    json.RawMessage  `json:"run"`
}

func tooLarge(most int) error {
	return fmt.Errorf("the file is larger than %d MiB: too large for a Run file; is it the right file?", most>>20)
}

func decode(data []byte) (*highwater.Run, error) {
	if len(data) > maxReportBytes {
		return nil, tooLarge(maxReportBytes)
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, fmt.Errorf("the file is empty; %s", measureAgain)
	}
	var h header
	if err := json.Unmarshal(data, &h); err != nil {
		return nil, explain(data, err)
	}
	if err := checkSchema(h.Schema); err != nil {
		return nil, err
	}
	// The JSON report, and that of debug optimize, wrap the run; `--output result.json`
	// thus makes a file that later serves as a baseline.
	if (h.Report != nil || h.Advice != nil) && isObject(h.Run) {
		if err := json.Unmarshal(h.Run, &h); err != nil {
			return nil, explain(data, err)
		}
		if err := checkSchema(h.Schema); err != nil {
			return nil, fmt.Errorf("run: %w", err)
		}
		data = h.Run
	}
	if len(data) > maxRunBytes {
		return nil, tooLarge(maxRunBytes)
	}
	var w wireRun
	if err := json.Unmarshal(data, &w); err != nil {
		return nil, explain(data, err)
	}
	for _, missing := range []struct {
		field  string
		absent bool
	}{
		{"id", w.ID == ""},
		{"environment", w.Environment == nil},
		{"scenarios", !w.Scenarios.present},
		{"measurements", !w.Measurements.present},
	} {
		if missing.absent {
			return nil, fmt.Errorf("the field %q is missing: this is not a Run file; %s", missing.field, measureAgain)
		}
	}
	run := highwater.Run(w.shallow)
	run.Environment = *w.Environment
	run.Scenarios, run.Measurements = w.Scenarios.list, w.Measurements.list
	if err := Validate(&run); err != nil {
		return nil, err
	}
	return &run, nil
}

func isObject(raw json.RawMessage) bool { return len(raw) > 0 && raw[0] == '{' }

func checkSchema(raw *json.RawMessage) error {
	if raw == nil {
		return errors.New(`the field "schema" is missing: this is JSON, but not a Run file; name a file that highwater wrote`)
	}
	var schema int
	if err := json.Unmarshal(*raw, &schema); err != nil || schema < 1 {
		return fmt.Errorf(`the field "schema" is %.40q, want a number from 1 on: this is not a Run file; name a file that highwater wrote`, string(*raw))
	}
	if schema > highwater.Schema {
		return fmt.Errorf("the file has schema %d, this highwater reads schemas up to %d; update highwater, or make the file again with this version", schema, highwater.Schema)
	}
	return nil
}

// shallow is a Run without its methods; wireRun shadows what is decoded with
// more care.
type shallow highwater.Run

type wireRun struct {
	shallow
	Environment  *highwater.Environment           `json:"environment"`
	Scenarios    elements[highwater.ScenarioInfo] `json:"scenarios"`
	Measurements elements[highwater.Measurement]  `json:"measurements"`
}

// elements decodes an array one element at a time: an error names the element,
// and the number of elements is bounded before they are allocated.
type elements[T any] struct {
	present bool
	list    []T
}

func (e *elements[T]) UnmarshalJSON(data []byte) error {
	e.present, e.list = true, nil
	limit, noun := maxMeasurements, "measurements"
	if _, ok := any(e).(*elements[highwater.ScenarioInfo]); ok {
		limit, noun = maxScenarios, "scenarios"
	}
	if string(data) == "null" {
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	if t, err := dec.Token(); err != nil || t != json.Delim('[') {
		return &fieldError{noun, "want an array"}
	}
	for dec.More() {
		if len(e.list) == limit {
			return &fieldError{noun, fmt.Sprintf("more than %d: too many for a Run file", limit)}
		}
		var v T
		if err := dec.Decode(&v); err != nil {
			at := fmt.Sprintf("%s[%d]", noun, len(e.list))
			if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
				return &fieldError{join(at, wrong.Field), typeMessage(wrong)}
			}
			return &fieldError{at, strings.TrimPrefix(err.Error(), "json: ")}
		}
		e.list = append(e.list, v)
	}
	return nil
}

// fieldError is a field that holds something wrong.
type fieldError struct{ field, message string }

func (e *fieldError) Error() string { return fmt.Sprintf("the field %s: %s", e.field, e.message) }

func join(path, field string) string {
	if field == "" {
		return path
	}
	return path + "." + field
}

func typeMessage(e *json.UnmarshalTypeError) string {
	want := map[string]string{
		"bool": "true or false", "string": "a string", "float64": "a number", "int": "a whole number", "int64": "a whole number",
		"slice": "an array", "struct": "an object", "map": "an object",
	}
	kind := e.Type.Kind().String()
	w, ok := want[kind]
	if !ok {
		w = kind
	}
	return fmt.Sprintf("want %s, got %s", w, e.Value)
}

// explain turns a decoding error into what a reader can act on.
func explain(data []byte, err error) error {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		line, column := position(data, syntax.Offset)
		if syntax.Offset >= int64(len(data)) && strings.Contains(syntax.Error(), "unexpected end") {
			return fmt.Errorf("the file is cut off after %d bytes (line %d): it was not written to its end; %s", len(data), line, measureAgain)
		}
		return fmt.Errorf("not JSON: line %d, column %d (byte %d): %w; name a file that highwater wrote", line, column, syntax.Offset, err)
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		if wrong.Field == "" {
			return fmt.Errorf("want a JSON object, got %s: this is not a Run file; name a file that highwater wrote", wrong.Value)
		}
		err = &fieldError{wrong.Field, typeMessage(wrong)}
	}
	return fmt.Errorf("%w; the file was changed by something other than highwater: %s", err, measureAgain)
}

// position is the line and the column, from 1, of the byte before offset, which
// is where encoding/json found the mistake.
func position(data []byte, offset int64) (line, column int) {
	before := data[:min(max(offset-1, 0), int64(len(data)))]
	return 1 + bytes.Count(before, []byte("\n")), len(before) - bytes.LastIndexByte(before, '\n')
}
