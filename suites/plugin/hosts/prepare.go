package hosts

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	built "github.com/highwater-dev/highwater/suites/internal/guest"
	"github.com/highwater-dev/highwater/suites/plugin/guest"
)

// Prepare builds the plugins and compiles the WebAssembly modules, so that the
// measured processes find both done. It tells say what takes a while: some 40
// seconds on two cores the first time, nothing at all after it.
func Prepare(ctx context.Context, say func(string)) error {
	for _, v := range guest.Versions() {
		if err := built.Prepare(ctx, say, guest.Wasm(v), guest.Process(v)); err != nil {
			return err
		}
		if err := warm(ctx, say, v); err != nil {
			return err
		}
	}
	return nil
}

// warm fills wazero's compilation cache. A file with the module's path stands for
// what was compiled, since reading it back takes longer than to look for a file.
func warm(ctx context.Context, say func(string), version int) error {
	path, err := guest.Wasm(version).Path(ctx)
	if err != nil {
		return err
	}
	dir, err := built.CacheDir("wazero")
	if err != nil {
		return err
	}
	mark := filepath.Join(dir, strings.Join([]string{filepath.Base(filepath.Dir(path)), filepath.Base(path)}, "-")+".compiled")
	if _, err := os.Stat(mark); err == nil {
		return nil
	}
	say(fmt.Sprintf("compiling %s", filepath.Base(path)))
	if _, err := modules.get(ctx, version); err != nil {
		return err
	}
	return os.WriteFile(mark, nil, 0o600)
}
