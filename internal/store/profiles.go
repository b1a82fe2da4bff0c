package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/highwater-dev/highwater"
)

// maxProfileBytes bounds what is copied for one measurement.
const maxProfileBytes = 64 << 20

// profilesBeside is the folder for the profiles of a baseline file, such as
// main.profiles for main.json, so that several baselines may share a directory.
func profilesBeside(path string) string {
	return filepath.Join(filepath.Dir(path), stem(path)+".profiles")
}

// copyProfiles copies the profiles of a run from its directory into a folder of
// their own beside path, and returns the measurements naming the copies. A
// profile that is not there is not evidence any more, and its name is dropped.
// Nothing that an older baseline at path refers to is touched.
func copyProfiles(run *highwater.Run, from, path string) ([]highwater.Measurement, error) {
	measurements := slices.Clone(run.Measurements)
	folder := filepath.Join(profilesBeside(path), run.ID)
	copied := map[string]string{}
	for i := range measurements {
		name := measurements[i].Profile
		if name == "" {
			continue
		}
		to, done := copied[name]
		if !done {
			var err error
			if to, err = copyProfile(from, name, folder, len(copied)); err != nil {
				return nil, err
			}
			copied[name] = to
		}
		measurements[i].Profile = ""
		if to != "" {
			relative, err := filepath.Rel(filepath.Dir(path), to)
			if err != nil {
				return nil, err
			}
			measurements[i].Profile = filepath.ToSlash(relative)
		}
	}
	return measurements, nil
}

// copyProfile returns "" where there is no such profile.
func copyProfile(from, name, folder string, n int) (string, error) {
	if from == "" || !filepath.IsLocal(filepath.FromSlash(name)) {
		return "", nil
	}
	source := filepath.Join(from, filepath.FromSlash(name))
	f, err := os.Open(source)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("copying a profile: %w", err)
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, maxProfileBytes+1))
	if err != nil {
		return "", fmt.Errorf("copying profile %s: %w", source, err)
	}
	if len(data) > maxProfileBytes {
		return "", fmt.Errorf("copying profile %s: it is larger than %d MiB", source, maxProfileBytes>>20)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", fmt.Errorf("copying profile %s: %w", source, err)
	}
	// Numbered, since profiles of two folders may have one name.
	to := filepath.Join(folder, fmt.Sprintf("%03d-%s", n, filepath.Base(source)))
	if err := WriteFile(to, data); err != nil {
		return "", fmt.Errorf("copying profile %s: %w", source, err)
	}
	return to, nil
}

// dropProfiles removes the profiles of the baselines that path held before.
func dropProfiles(path, keep string) error {
	folder := profilesBeside(path)
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("removing old profiles of baseline %s: %w", path, err)
	}
	for _, e := range entries {
		if e.IsDir() && e.Name() != keep && ValidID(e.Name()) == nil {
			if err := os.RemoveAll(filepath.Join(folder, e.Name())); err != nil {
				return fmt.Errorf("removing old profiles of baseline %s: %w", path, err)
			}
		}
	}
	return nil
}
