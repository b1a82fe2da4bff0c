package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/highwater-dev/highwater"
)

// WriteRun writes the run to path, replacing what was there only when all of
// the new file is on disk. A run that [ReadRun] would refuse is not written.
func WriteRun(path string, r *highwater.Run) error {
	data, err := encode(r)
	if err != nil {
		return fmt.Errorf("writing run %s: %w", path, err)
	}
	if err := WriteFile(path, data); err != nil {
		return fmt.Errorf("writing run: %w", err)
	}
	return nil
}

func encode(r *highwater.Run) ([]byte, error) {
	c := *r
	if c.Scenarios == nil {
		c.Scenarios = []highwater.ScenarioInfo{} // an empty array, not null
	}
	if c.Measurements == nil {
		c.Measurements = []highwater.Measurement{}
	}
	if err := Validate(&c); err != nil {
		return nil, err
	}
	data, err := json.MarshalIndent(&c, "", " ")
	if err != nil {
		return nil, err
	}
	if len(data) >= maxRunBytes {
		return nil, fmt.Errorf("the run takes %d MB, at most %d MiB are read again; measure fewer scenarios at a time", len(data)/1e6, maxRunBytes>>20)
	}
	return append(data, '\n'), nil
}

// WriteFile writes data to path so that a reader, also after a crash, sees
// either the old file or the new one whole: a temporary file in the same
// directory is written, synchronised and renamed. Symbolic links are followed.
// A device or a pipe is written to directly. The directory must exist.
func WriteFile(path string, data []byte) error {
	mode := fs.FileMode(0o644)
	if target, err := filepath.EvalSymlinks(path); err == nil {
		info, err := os.Stat(target)
		switch {
		case err != nil:
			return cannotWrite(path, err)
		case info.IsDir():
			return fmt.Errorf("cannot write %s: it is a directory; name a file in it", path)
		case !info.Mode().IsRegular():
			return writeDirectly(target, data)
		}
		path, mode = target, info.Mode().Perm()
	}
	dir := filepath.Dir(path)
	// CreateTemp would make a file that only its owner can read; this one gets
	// what the user's umask leaves.
	temp, err := createTemp(dir, "."+filepath.Base(path)+".tmp", mode)
	if err != nil {
		return cannotWrite(path, err)
	}
	_, err = temp.Write(data)
	if err == nil {
		err = temp.Sync()
	}
	err = errors.Join(err, temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		_ = os.Remove(temp.Name())
		return cannotWrite(path, err)
	}
	return syncDir(dir)
}

func cannotWrite(path string, err error) error {
	// The path in a PathError is that of the temporary file, which is none of
	// the reader's business.
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		err = p.Err
	} else if l, ok := errors.AsType[*os.LinkError](err); ok {
		err = l.Err
	}
	remedy := "check the directory's permissions and free space, or name another path"
	if errors.Is(err, fs.ErrNotExist) {
		remedy = "the directory " + filepath.Dir(path) + " does not exist; create it, or name another path"
	}
	return fmt.Errorf("cannot write %s: %w (what was there is unchanged); %s", path, err, remedy)
}

func createTemp(dir, prefix string, mode fs.FileMode) (*os.File, error) {
	// Names are tried in turn; a file that a crash left behind is in the way of
	// one name only.
	for i := 0; ; i++ {
		name := filepath.Join(dir, fmt.Sprintf("%s%d-%d", prefix, os.Getpid(), i))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		if errors.Is(err, fs.ErrExist) && i < 100 {
			continue
		}
		return f, err
	}
}

func writeDirectly(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return cannotWrite(path, err)
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	return nil
}

// syncDir makes the rename itself last. Windows has no such call, and some
// network file systems refuse it; the file's content is safe all the same.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("opening %s to make a rename last: %w", dir, err)
	}
	_ = d.Sync()
	return d.Close()
}
