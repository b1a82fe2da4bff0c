package revision

import (
	"os/exec"
	"strings"
	"testing"
)

func TestCount(t *testing.T) {
	dir := t.TempDir()
	git := func(args ...string) string {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=n", "-c", "user.email=n@example.com"}, args...)...)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	git("init", "-q", "-b", "main")
	var hashes []string
	for range 4 {
		git("commit", "-q", "--allow-empty", "-m", "one more")
		hashes = append(hashes, git("rev-parse", "HEAD"))
	}
	r, err := Find(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := r.Count(t.Context(), hashes[0], hashes[3]); n != 3 || err != nil {
		t.Errorf("%d, %v; want 3 commits", n, err)
	}
	// What a store holds is anybody's, and git must not take it for a flag or a name.
	for _, bad := range []string{"", "main", "--all", "HEAD~1", "0000000", strings.Repeat("a", 40)} {
		if n, err := r.Count(t.Context(), bad, hashes[3]); err == nil {
			t.Errorf("%q: %d commits", bad, n)
		}
	}
}
