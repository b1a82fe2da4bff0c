package dashboard

import "encoding/json"

// What stands thousands of times is written as a list instead of with its names, which
// web/data.js gives it again; what is absent at the end is left out.

var _, _ json.Marshaler = value{}, trend{}

// MarshalJSON writes what valueKeys in web/data.js names.
func (v value) MarshalJSON() ([]byte, error) {
	return row(v.Metric, v.Center, v.Low, v.High, some(v.N), v.Limit, v.Base, list(v.Samples), list(v.BaseSamples), text(v.Verdict), text(v.LimitWhy), text(v.Lacks))
}

// MarshalJSON writes what trendKeys in web/data.js names.
func (t trend) MarshalJSON() ([]byte, error) {
	var low, high any
	if t.Band != nil {
		low, high = t.Band[0], t.Band[1]
	}
	return row(t.Metric, t.Environment, t.Branch, t.Verdict, t.Reason, t.At, t.Values.Letters, t.Values.From, t.Values.To, t.Newest, t.Of,
		t.Level, t.Detectable, low, high, t.Limit, list(t.Changes), list(t.Anomalies), t.Drift, t.Forecast)
}

func row(fields ...any) ([]byte, error) {
	parts := make([]json.RawMessage, 0, len(fields))
	last := 0
	for i, f := range fields {
		data, err := json.Marshal(f)
		if err != nil {
			return nil, err
		}
		parts = append(parts, data)
		if string(data) != "null" {
			last = i + 1
		}
	}
	return json.Marshal(parts[:last])
}

// list, text and some are nil for what is empty.
func list[T any](l []T) any {
	if len(l) == 0 {
		return nil
	}
	return l
}

func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func some(n int) any {
	if n == 0 {
		return nil
	}
	return n
}
