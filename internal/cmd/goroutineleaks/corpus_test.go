package main

import "testing"

// Entries of the real corpus, built where it stands: what leaks is seen by all means.
func TestCorpus(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the standard library with another experiment")
	}
	c, err := locate(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	entries, err := c.entries()
	if err != nil {
		t.Skip(err)
	}
	if len(entries) < 50 {
		t.Errorf("%d entries; Go 1.26 has more than that", len(entries))
	}
	if err := c.build(t.Context(), t.TempDir()); err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{"ChanRecv": true, "Mixed": true, "NoLeakGlobal": true, "Moby25348": true}
	for _, e := range entries {
		if !want[e.Name] {
			continue
		}
		delete(want, e.Name)
		s, err := look(t.Context(), c.programs[e.Goker], e)
		if err != nil {
			t.Error(err)
			continue
		}
		t.Logf("%s: %q", e.Name, s)
		for _, m := range means {
			j := e.judge(m.seen(s))
			for i, found := range j.found {
				if !found {
					t.Errorf("%s: %s: %s is not found", e.Name, m.name, e.Leaks[i])
				}
			}
			if m.strict && len(j.others) > 0 {
				t.Errorf("%s: %s: %q", e.Name, m.name, j.others)
			}
		}
	}
	if len(want) > 0 {
		t.Errorf("the corpus has no %v", want)
	}
}
