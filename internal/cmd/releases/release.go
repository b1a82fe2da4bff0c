package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
	"github.com/highwater-dev/highwater/internal/history"
	"github.com/highwater-dev/highwater/internal/store"
)

// download is what the go command says of a version.
type download struct {
	Dir  string // in the module cache
	Info string // a file with the time of the release
}

// release measures one, unless it was measured before, and adds it to the history.
func (s settings) release(ctx context.Context, db *history.Store, version string) (string, error) {
	out, err := subject.Output(ctx, s.dir, "go", "mod", "download", "-json", s.module+"@"+version)
	if err != nil {
		return "", err
	}
	var got download
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		return "", fmt.Errorf("read the answer of go mod download: %w", err)
	}
	released, err := got.released()
	if err != nil {
		return "", err
	}
	file, said := filepath.Join(s.dir, version+".json"), "there already"
	if _, err := os.Stat(file); err != nil {
		if said, err = s.measure(ctx, got.Dir, version, file); err != nil {
			return "", err
		}
	}
	_, judged, err := store.ReadJudged(file)
	if err != nil {
		return "", err
	}
	run, err := store.ReadRun(file)
	if err != nil {
		return "", err
	}
	r := judged.Report
	r.Run = run
	run.Created = released
	added, err := db.Add(ctx, r)
	return fmt.Sprintf("of %s: %s, %d results added", released.Format(time.DateOnly), said, added), err
}

// released is when the version was made.
func (d download) released() (time.Time, error) {
	data, err := os.ReadFile(d.Info)
	if err != nil {
		return time.Time{}, err
	}
	var info struct{ Time time.Time }
	if err := json.Unmarshal(data, &info); err != nil || info.Time.IsZero() {
		return time.Time{}, fmt.Errorf("%s does not say when it was released", d.Info)
	}
	return info.Time, nil
}

// measure copies the version out of the module cache, always to the same place, so that
// paths are of one length, and measures it. The report, with the version as its commit, goes
// to file.
func (s settings) measure(ctx context.Context, from, version, file string) (string, error) {
	tree := filepath.Join(s.dir, "tree")
	if err := os.RemoveAll(tree); err != nil {
		return "", err
	}
	if err := os.CopyFS(tree, os.DirFS(from)); err != nil {
		return "", fmt.Errorf("copy the module out of the cache: %w", err)
	}
	args := append([]string{"gates"}, strings.Split(s.packages, ",")...)
	args = append(args, "--bench", s.bench, "--benchtime", s.benchtime, "--repeats", strconv.Itoa(s.repeats), "--quiet")
	if s.config != "" {
		args = append(args, "--config", s.config)
	}
	fresh := file + ".new.json"
	got, err := subject.Run(ctx, subject.Command(ctx, tree, s.highwater, args...), fresh)
	if err != nil {
		return "", err
	}
	defer func() { _ = os.Remove(fresh) }()
	if len(got.Report.Rows) == 0 {
		return "", fmt.Errorf("nothing was measured:\n%s", got.Printed)
	}
	if err := called(version, fresh, file); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s, %d scenarios in %.0f s", got.Report.Verdict, len(got.Report.Rows), got.Seconds), nil
}

// called writes the report with the version where the commit would stand.
func called(version, from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	var doc map[string]any
	numbers := json.NewDecoder(bytes.NewReader(data))
	numbers.UseNumber() // which are to stay as they are
	if err := numbers.Decode(&doc); err != nil {
		return err
	}
	for _, of := range []string{"report", "run"} {
		part, _ := doc[of].(map[string]any)
		if env, ok := part["environment"].(map[string]any); ok {
			env["revision"], env["dirty"], env["branch"] = version, false, ""
		}
	}
	if data, err = json.Marshal(doc); err != nil {
		return err
	}
	return store.WriteFile(to, data)
}
