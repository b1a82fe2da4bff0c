package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// The module that is changed, and how many benchmarks there are.
const (
	module     = "github.com/google/btree"
	version    = "v1.1.3"
	source     = "btree_generic.go"
	benchmarks = 10
)

// change is what is done to the module after its first commit.
type change struct {
	Name string
	What string
	// Line is the one that must be named for it; "" where the change is to pass.
	Line string
	edit func(dir string) error
}

// The planted line is a small object more for each node, whose field fits into the
// size class that a node has anyway: nothing but that line allocates more.
const planted = "n.spare = new([4]uint64)"

var changes = []change{
	{
		Name: "regression", What: "32 bytes more for each node of some 600", Line: planted,
		edit: func(dir string) error {
			return rewrite(dir, func(text string) (string, error) {
				return replaced(text,
					"\tcow      *copyOnWriteContext[T]\n}\n\nfunc (n *node[T]) mutableFor", "\tcow      *copyOnWriteContext[T]\n\tspare    *[4]uint64\n}\n\nfunc (n *node[T]) mutableFor",
					"\t\treturn new(node[T])\n", "\t\tn = new(node[T])\n\t\t"+planted+"\n\t\treturn n\n")
			})
		},
	},
	{
		Name: "refactoring", What: "two types move to files of their own, a function is split, another renamed",
		edit: refactor,
	},
}

// refactor moves the free list and the items out of the file, splits the function that
// makes a node, and renames the one that finds an item.
func refactor(dir string) error {
	return rewrite(dir, func(text string) (string, error) {
		text, list, err := cut(text, "// FreeListG represents", "// ItemIteratorG allows")
		if err != nil {
			return "", err
		}
		text, items, err := cut(text, "// items stores items", "// node is an internal node")
		if err != nil {
			return "", err
		}
		if list, err = replaced(list, "return new(node[T])", "return freshNode[T]()"); err != nil {
			return "", err
		}
		list += "func freshNode[T any]() *node[T] { return new(node[T]) }\n"
		if items, err = replaced(items, ") find(", ") search("); err != nil {
			return "", err
		}
		for name, part := range map[string]string{
			"freelist.go": "package btree\n\nimport \"sync\"\n\n" + list,
			"items.go":    "package btree\n\nimport \"sort\"\n\n" + items,
		} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(part), 0o600); err != nil {
				return "", err
			}
		}
		text = strings.ReplaceAll(text, "items.find(", "items.search(")
		return replaced(text, "\t\"sort\"\n", "", "\t\"sync\"\n", "")
	})
}

// rewrite changes the source file.
func rewrite(dir string, edit func(string) (string, error)) error {
	file := filepath.Join(dir, source)
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	changed, err := edit(string(text))
	if err != nil {
		return fmt.Errorf("%s: %w", source, err)
	}
	return os.WriteFile(file, []byte(changed), 0o600)
}

// replaced replaces each of the pairs, which must be there once.
func replaced(text string, pairs ...string) (string, error) {
	for i := 0; i < len(pairs); i += 2 {
		if n := strings.Count(text, pairs[i]); n != 1 {
			return "", fmt.Errorf("%q stands there %d times, and is to stand there once", pairs[i], n)
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return text, nil
}

// cut takes out what stands from one text up to another.
func cut(text, from, to string) (rest, part string, err error) {
	a, b := strings.Index(text, from), strings.Index(text, to)
	if a < 0 || b < a {
		return "", "", fmt.Errorf("%q is not there, or not before %q", from, to)
	}
	return text[:a] + text[b:], text[a:b], nil
}
