package driver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/revision"
	"github.com/highwater-dev/highwater/internal/target"
	"github.com/spf13/pflag"
)

// revisionOptions are the flags that name two source trees to compare.
type revisionOptions struct {
	base, head       string
	baseMod, headMod string
}

func (o *revisionOptions) add(flags *pflag.FlagSet) {
	flags.StringVar(&o.base, "base", "", "compare with this git `revision`, built and measured in turn; of a branch the commit where the head left it")
	flags.StringVar(&o.head, "head", "", "take this git `revision` as the head instead of the work tree")
	flags.StringVar(&o.baseMod, "base-mod", "", "build the base with this `module@version` of a dependency; without --base it is the head's tree otherwise")
	flags.StringVar(&o.headMod, "head-mod", "", "build the head with this `module@version` of a dependency")
}

func (o *revisionOptions) asked() bool { return *o != revisionOptions{} }

// side is one of the two source trees of a comparison.
type side struct {
	name   string // base or head
	tree   *revision.Tree
	root   string // where go commands run; "" for the working directory
	module string // root of the module as it is built
	flags  []string
	env    []string
	source highwater.Source
	built  built
	// left out by the configuration, with the reasons
	skipped []highwater.Skipped
	mods    *target.Scratch // of another go.mod, nil for none
}

// sides are the base and the head, in this order everywhere.
type sides [2]*side

func (s sides) close() {
	for _, one := range s {
		one.close()
	}
}

func (s *side) close() {
	s.tree.Close()
	s.built.close()
	_ = s.mods.Close() // copies of go.mod and go.sum
}

func (s *side) note(notes ...string) {
	for _, n := range notes {
		if n != "" {
			s.source.Notes = append(s.source.Notes, n)
		}
	}
}

// sides makes the two source trees. They are closed by the caller, also after an
// error.
func (a *app) sides(ctx context.Context, o revisionOptions) (sides, error) {
	s := sides{{name: "base"}, {name: "head"}}
	base, head := s[0], s[1]
	if o.base == "" && o.baseMod == "" && o.headMod == "" {
		return s, usagef("--head %s: say with --base what to compare it with", o.head)
	}
	wd, err := os.Getwd()
	if err != nil {
		return s, fmt.Errorf("find the working directory: %w", err)
	}
	repo, err := revision.Find(ctx, wd)
	if err != nil && (o.base != "" || o.head != "") {
		return s, wrong(err)
	}
	inGit := err == nil
	if err := a.headTree(ctx, repo, inGit, o.head, head); err != nil {
		return s, err
	}
	if o.base != "" {
		if err := a.baseTree(ctx, repo, o.base, head.source.Revision, base); err != nil {
			return s, err
		}
	} else { // the head's tree, with another dependency
		base.root, base.env = head.root, head.env
		base.source = head.source
	}
	for i, mod := range []string{o.baseMod, o.headMod} {
		if mod == "" {
			continue
		}
		if err := s[i].depend(ctx, wd, mod); err != nil {
			return s, err
		}
		// What goes for one side goes for the other: no workspace.
		if other := s[1-i]; other.mods == nil {
			other.env = append(other.env[:len(other.env):len(other.env)], s[i].env...)
		}
	}
	for _, one := range s {
		one.module = moduleAbove(or(nonEmpty(one.root), wd))
	}
	return s, nil
}

func nonEmpty(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// headTree is the user's own, or what --head names.
func (a *app) headTree(ctx context.Context, repo revision.Repository, inGit bool, ref string, s *side) error {
	s.source.Name = "work tree"
	if ref == "" && !inGit {
		return nil
	}
	if ref == "" {
		c, err := repo.Head(ctx)
		if err != nil {
			return wrong(err)
		}
		s.source.Revision, s.source.Subject, s.source.Dirty = c.Hash, c.Subject, repo.Dirty(ctx)
		return nil
	}
	c, err := repo.Resolve(ctx, ref)
	if err != nil {
		return wrong(err)
	}
	return s.checkOut(ctx, repo, c)
}

func (a *app) baseTree(ctx context.Context, repo revision.Repository, ref, head string, s *side) error {
	c, err := repo.Resolve(ctx, ref)
	if err == nil {
		c, err = repo.Base(ctx, c, revision.Commit{Hash: head})
	}
	if err != nil {
		return wrong(err)
	}
	return s.checkOut(ctx, repo, c)
}

// checkOut makes the side that commit.
func (s *side) checkOut(ctx context.Context, repo revision.Repository, c revision.Commit) error {
	var err error
	if s.tree, err = repo.CheckOut(ctx, c); err != nil {
		return err
	}
	s.source = highwater.Source{Name: c.Ref, Revision: c.Hash, Subject: c.Subject}
	s.note(c.Note)
	s.note(s.tree.Notes...)
	s.root = filepath.Join(s.tree.Dir, repo.Prefix)
	if !exists(s.root) {
		return fmt.Errorf("%s has no folder %s, so there is nothing to build of it; run highwater in a folder that both sides have", s.source, filepath.ToSlash(repo.Prefix))
	}
	s.env, err = repo.Workspace(ctx, s.tree)
	return wrong(err)
}

// depend exchanges a dependency of the side.
func (s *side) depend(ctx context.Context, wd, mod string) error {
	path, version, err := revision.ParseDependency(mod)
	if err != nil {
		return wrong(err)
	}
	if s.mods, err = target.NewScratch("mod"); err != nil {
		return err
	}
	d, err := revision.Depend(ctx, or(nonEmpty(s.root), wd), path, version, s.mods.Dir)
	if err != nil {
		return wrong(err)
	}
	s.flags, s.env = d.Flags, append(s.env[:len(s.env):len(s.env)], d.Env...)
	s.source.Dependency = d.Path + "@" + d.Version
	s.source.Notes = append(s.source.Notes[:len(s.source.Notes):len(s.source.Notes)], d.Notes...)
	if d.Version == d.Before {
		s.note(fmt.Sprintf("go.mod has %s at %s already", d.Path, d.Version))
	}
	return nil
}

// wrong marks what was named and is not there as a wrong use.
func wrong(err error) error {
	if w := new(revision.WrongError); errors.As(err, &w) {
		return usage(err)
	}
	return err
}

// moduleAbove is the folder of go.mod at or above dir, and dir where there is none.
func moduleAbove(dir string) string {
	for up := dir; ; up = filepath.Dir(up) {
		if exists(filepath.Join(up, "go.mod")) {
			return up
		}
		if filepath.Dir(up) == up {
			return dir
		}
	}
}
