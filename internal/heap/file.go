package heap

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/google/pprof/profile"
)

// Bounds on a profile from outside. A profile of rate 1 of a large program has
// some hundred thousand samples of a hundred bytes. The decoded form is up to a
// hundred times the size of the encoded one, since an empty sample takes two
// bytes; hence the bound on messages.
const (
	maxCompressed   = 64 << 20
	maxDecompressed = 128 << 20
	maxMessages     = 1 << 20
)

// Write writes the profile to path, compressed, so that a reader sees either
// nothing, what was there before, or all of it. The directory must exist.
func Write(path string, p *profile.Profile) (err error) {
	if err := p.CheckValid(); err != nil {
		return fmt.Errorf("writing profile %s: %w", path, err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".tmp*")
	if err != nil {
		return fmt.Errorf("writing profile %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
			err = fmt.Errorf("writing profile %s: %w", path, err)
		}
	}()
	err = errors.Join(p.Write(f), f.Sync(), f.Close())
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// Read reads a profile in pprof's format, compressed or not. A file that is too
// large, not a profile, or inconsistent is an error.
func Read(path string) (*profile.Profile, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading profile: %w", err)
	}
	defer func() { _ = f.Close() }()
	data, err := readAtMost(f, maxCompressed)
	if err != nil {
		return nil, fmt.Errorf("reading profile %s: %w", path, err)
	}
	p, err := parse(data)
	if err != nil {
		return nil, fmt.Errorf("reading profile %s: %w", path, err)
	}
	return p, nil
}

// Decode is [Read] for a profile in memory.
func Decode(data []byte) (*profile.Profile, error) {
	if len(data) > maxCompressed {
		return nil, fmt.Errorf("more than %d MiB: too large for a profile", maxCompressed>>20)
	}
	return parse(data)
}

func parse(data []byte) (p *profile.Profile, err error) {
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		zr, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			return nil, fmt.Errorf("decompressing: %w", err)
		}
		if data, err = readAtMost(zr, maxDecompressed); err != nil {
			return nil, fmt.Errorf("decompressing: %w", err)
		}
	}
	if err := checkMessages(data); err != nil {
		return nil, err
	}
	// No input is known to make the library panic. One that does is the
	// input's fault all the same, and must not end a run.
	defer func() {
		if r := recover(); r != nil {
			p, err = nil, fmt.Errorf("malformed profile: %v", r)
		}
	}()
	if p, err = profile.ParseUncompressed(data); err != nil {
		return nil, err
	}
	if err := p.CheckValid(); err != nil {
		return nil, fmt.Errorf("malformed profile: %w", err)
	}
	return p, nil
}

func readAtMost(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("more than %d MiB: too large for a profile", limit>>20)
	}
	return data, nil
}

var errNotProfile = errors.New("not a profile in pprof's format")

// checkMessages walks over the fields of the outermost protobuf message without
// decoding what is in them, and refuses what would decode into too much.
func checkMessages(data []byte) error {
	if len(data) == 0 {
		return errors.New("the file is empty")
	}
	for n := 0; len(data) > 0; n++ {
		if n == maxMessages {
			return fmt.Errorf("more than %d entries: too large for a profile", maxMessages)
		}
		tag, size := binary.Uvarint(data)
		if size <= 0 {
			return errNotProfile
		}
		data = data[size:]
		var skip uint64
		switch tag & 7 { // the wire type
		case 0:
			_, size = binary.Uvarint(data)
			skip = uint64(max(size, 0))
		case 1:
			skip = 8
		case 5:
			skip = 4
		case 2:
			length, size := binary.Uvarint(data)
			if size <= 0 {
				return errNotProfile
			}
			data = data[size:]
			if skip = length; length == 0 {
				continue
			}
		}
		if skip == 0 || skip > uint64(len(data)) {
			return errNotProfile
		}
		data = data[skip:]
	}
	return nil
}
