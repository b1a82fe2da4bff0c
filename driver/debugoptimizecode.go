package driver

import (
	"bytes"
	"cmp"
	"context"
	"debug/buildinfo"
	"debug/dwarf"
	"debug/elf"
	"debug/macho"
	"debug/pe"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/highwater-dev/highwater/internal/advise"
	"github.com/highwater-dev/highwater/internal/heap"
	"github.com/highwater-dev/highwater/internal/why"
)

// mostProgram is the largest executable whose types are read.
const mostProgram = 1 << 30

// sourcing are the sources, the compiler's diagnostics and the types that advice is in need
// of, each asked for once.
type sourcing struct {
	files   map[string]sourced
	reasons *why.Reasons
	structs map[string]typed
}

type sourced struct {
	text string
	err  error
}

type typed struct {
	all []advise.Struct
	err error
}

// sources completes the evidence with the code of the places that matter, the compiler's
// reasons, and the types of the executables. What is not to be had is said in the evidence.
func (a *app) sources(ctx context.Context, o *debugOptions, all []advised, of side) {
	var show *progress
	if !o.quiet {
		show = newProgress(a.Stderr)
	}
	defer show.end()
	flags := slices.Clone(of.flags)
	if len(o.said.Tags) > 0 {
		flags = append(flags, "-tags="+strings.Join(o.said.Tags, ","))
	}
	s := sourcing{map[string]sourced{}, why.NewReasons(why.Side{Flags: flags, Env: of.env}, show.say), map[string]typed{}}
	for i := range all {
		e := &all[i].evidence
		e.Module = cmp.Or(o.module, moduleIn(all[i].program), all[i].module)
		s.code(ctx, e)
		if all[i].program == "" {
			e.NoStructs = all[i].noProgram
			continue
		}
		t := s.types(all[i].program)
		if e.Structs = t.all; t.err != nil {
			e.NoStructs = t.err.Error()
		}
	}
}

// code reads the source of the places that matter. The compiler is asked about those of the
// program's own module: what lies in the module cache cannot always be compiled by itself.
func (s *sourcing) code(ctx context.Context, e *advise.Evidence) {
	e.Code = map[advise.Line]advise.Code{}
	missing, got := "", false
	for _, f := range advise.Wanted(*e) {
		own := e.Module == "" && !strings.Contains(f.File, "@") || heap.InModule(strings.TrimSuffix(heap.Package(f.Func), "_test"), e.Module)
		src := s.file(f.File)
		if src.err != nil {
			missing = cmp.Or(missing, src.err.Error())
			continue
		}
		c := advise.Code{Text: src.text, First: 1}
		if own && ctx.Err() == nil {
			got = true
			reasons, err := s.reasons.At(ctx, f)
			if err != nil {
				e.NoEscapes = err.Error()
			}
			for _, r := range reasons {
				c.Escapes = append(c.Escapes, advise.Escape{What: r.What, Moved: r.Moved, Because: r.Because})
			}
		}
		e.Code[advise.Line{File: f.File, Number: f.Line}] = c
	}
	// Some lines without source, such as those of a generated file, are no gap.
	if missing != "" && !got {
		e.NoCode = "the source is not at hand: " + missing
	}
}

func (s *sourcing) file(name string) sourced {
	known, ok := s.files[name]
	if !ok {
		text, err := sourceFile(name)
		known = sourced{string(text), err}
		s.files[name] = known
	}
	return known
}

func (s *sourcing) types(program string) typed {
	known, ok := s.structs[program]
	if !ok {
		known.all, known.err = typesOf(program)
		s.structs[program] = known
	}
	return known
}

// moduleIn is the path of the main module of an executable, "" where it is not known.
func moduleIn(program string) string {
	if program == "" {
		return ""
	}
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return ""
	}
	return info.Main.Path
}

// typesOf reads the struct types of an executable that padding makes larger.
func typesOf(program string) ([]advise.Struct, error) {
	info, err := os.Stat(program)
	if err != nil {
		return nil, fmt.Errorf("the executable cannot be read: %w", err)
	}
	if info.Size() > mostProgram {
		return nil, fmt.Errorf("%s is too large to read its types", filepath.Base(program))
	}
	data, err := os.ReadFile(program)
	if err != nil {
		return nil, fmt.Errorf("the executable cannot be read: %w", err)
	}
	types, err := debugInfo(data)
	if err != nil {
		return nil, fmt.Errorf("%s has no debug information: %w", filepath.Base(program), err)
	}
	return advise.Structs(types)
}

// debugInfo is that of an executable of any platform.
func debugInfo(data []byte) (*dwarf.Data, error) {
	r := bytes.NewReader(data)
	if f, err := elf.NewFile(r); err == nil {
		return f.DWARF()
	}
	if f, err := macho.NewFile(r); err == nil {
		return f.DWARF()
	}
	f, err := pe.NewFile(r)
	if err != nil {
		return nil, fmt.Errorf("no executable that is known: %w", err)
	}
	return f.DWARF()
}
