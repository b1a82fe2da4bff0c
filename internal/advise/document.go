package advise

import "github.com/highwater-dev/highwater"

// DocumentSchema is the version of the documents that this code writes.
const DocumentSchema = 1

// Document is what debug optimize says, as its JSON has it. With Run in it, it is also what
// later results are verified against, and a baseline.
type Document struct {
	// Schema is the version of this document, 1.
	Schema   int       `json:"schema"`
	Subjects []Subject `json:"subjects"`
	// Base is what was verified against, as the user called it, and Verified what became
	// of its advice.
	Base     string  `json:"base,omitempty"`
	Verified []Check `json:"verified,omitempty"`
	// Run is all that was measured for it. It is absent where a process or a profile was
	// looked at.
	Run *highwater.Run `json:"run,omitempty"`
}

// Subject is a program or scenario with the advice on it.
type Subject struct {
	Name string `json:"name"`
	How  string `json:"how"` // it was looked at, in words
	// Advice is in the order of its weight. What is minor stands at the end.
	Advice []Advice `json:"advice"`
	// Gaps are the kinds of advice that could not be looked for.
	Gaps []Gap `json:"not_looked_for,omitempty"`
	// Model is the collector of the process; nil where it could not be fitted.
	Model *Model `json:"model,omitempty"`
	// Frontier is the scenario at several settings of the collector, where that was asked
	// for, and Container a limit for a container at the least memory limit of these, in
	// bytes; 0 where none was found.
	Frontier  *highwater.Frontier `json:"frontier,omitempty"`
	Container int64               `json:"container_bytes,omitempty"`
	// Failed says what of it could not be measured.
	Failed []string `json:"failed,omitempty"`
}

// Of makes a subject of the evidence.
func Of(name, how string, e Evidence) Subject {
	s := Subject{Name: name, How: how, Advice: append([]Advice{}, Advise(e)...), Gaps: Gaps(e), Frontier: e.Frontier}
	if m, ok := gather(e).model(); ok && e.Frontier == nil {
		s.Model = &m
	}
	if e.Frontier != nil {
		s.Container = Container(*e.Frontier)
	}
	return s
}

// Heavy is the advice that is more than minor, and Light the rest.
func (s Subject) Heavy() []Advice { return s.Advice[:s.light()] }

// Light is the advice that is minor.
func (s Subject) Light() []Advice { return s.Advice[s.light():] }

func (s Subject) light() int {
	for i, a := range s.Advice {
		if a.Severity == Minor {
			return i
		}
	}
	return len(s.Advice)
}
