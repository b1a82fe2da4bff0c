package highwater

// Source is the source tree that a run was built from, where two were compared.
type Source struct {
	// Name is what the user called it: main, HEAD~1, or working tree.
	Name string `json:"name"`
	// Revision is the hash of its commit; with Dirty there are changes besides.
	Revision string `json:"revision,omitempty"`
	Subject  string `json:"subject,omitempty"` // the first line of the commit's message
	Dirty    bool   `json:"dirty,omitempty"`
	// Dependency is the module that was exchanged, as module@version.
	Dependency string `json:"dependency,omitempty"`
	// Notes say how it was found and what is not in it.
	Notes []string `json:"notes,omitempty"`
}

// String names the source in a few words: main (1a2b3c4).
func (s Source) String() string {
	const short = 7
	text := s.Name
	if s.Revision != "" && !s.Dirty {
		text += " (" + s.Revision[:min(short, len(s.Revision))] + ")"
	}
	if s.Dependency != "" {
		text += " with " + s.Dependency
	}
	return text
}
