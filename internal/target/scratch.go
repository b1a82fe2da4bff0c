package target

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Scratch is a folder for temporary files that goes when highwater does, however
// that ends: test binaries of a large module take gigabytes.
type Scratch struct {
	Dir string

	keeper   *exec.Cmd
	lifeline io.Closer
}

// envScratch makes an executable the keeper of the folder that it names.
const envScratch = "HIGHWATER_SCRATCH"

// scratchPrefix begins the names of all folders that a keeper removes.
const scratchPrefix = "highwater-"

// NewScratch makes a folder where temporary files go, with a process of this
// executable that waits for highwater's end to remove it. Like [Launch] it needs
// [MaybeSupervise] first thing in main.
func NewScratch(name string) (*Scratch, error) {
	dir, err := os.MkdirTemp("", scratchPrefix+name+"-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for temporary files: %w; set TMPDIR to one that can be written", err)
	}
	s := &Scratch{Dir: dir}
	if err := s.keep(); err != nil {
		return nil, errors.Join(fmt.Errorf("start the process that removes temporary files: %w", err), os.RemoveAll(dir))
	}
	return s, nil
}

func (s *Scratch) keep() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	s.keeper = exec.Command(self)
	s.keeper.Env = append(os.Environ(), envScratch+"="+s.Dir)
	if s.lifeline, err = s.keeper.StdinPipe(); err != nil {
		return err
	}
	return s.keeper.Start()
}

// Close removes the folder. On nil it does nothing.
func (s *Scratch) Close() error {
	if s == nil {
		return nil
	}
	err := os.RemoveAll(s.Dir)
	_ = s.lifeline.Close() // the keeper ends by that
	_ = s.keeper.Wait()    // it says nothing that is not known
	return err
}

// lastSweep is how long the keeper goes on removing: a compiler that highwater
// started may still be writing.
const lastSweep = 20 * time.Second

// maybeKeep acts as a keeper when this process was started as one.
func maybeKeep() (code int, done bool) {
	dir, ok := os.LookupEnv(envScratch)
	if !ok {
		return 0, false
	}
	// Ctrl-C in the terminal is for highwater, whose end this process waits for.
	signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	if !filepath.IsAbs(dir) || !strings.HasPrefix(filepath.Base(dir), scratchPrefix) {
		fmt.Fprintf(os.Stderr, "highwater: %s=%s names no folder of highwater's\n", envScratch, dir)
		return 3, true
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
	for begun := time.Now(); time.Since(begun) < lastSweep; time.Sleep(20 * time.Millisecond) {
		_ = os.RemoveAll(dir)
		if _, err := os.Lstat(dir); errors.Is(err, os.ErrNotExist) {
			break
		}
	}
	return 0, true
}
