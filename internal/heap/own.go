package heap

import (
	"slices"
	"strings"

	"github.com/highwater-dev/highwater"
)

// Package is the import path of the package that a function is of, as stacks have its
// name: example.com/a/b for example.com/a/b.(*T).F. It is "main" for the main package.
func Package(function string) string { return packageOf(function) }

// InModule reports whether a package is of a program's own module: one of its packages,
// or package main. It is false where the module is not known.
func InModule(pkg, module string) bool {
	return module != "" && (pkg == "main" || pkg == module || strings.HasPrefix(pkg, module+"/"))
}

// Own is the frame of a stack (innermost first) that is nearest to the allocation and of
// the program's own module, and the functions through which it allocates, outermost
// first, without the runtime's own. Where there is none, or the module is not known, own
// is false, and the frame is that of [Where].
func Own(stack []highwater.Frame, module string) (at highwater.Frame, through []string, own bool) {
	i := slices.IndexFunc(stack, func(f highwater.Frame) bool {
		return InModule(packageOf(f.Func), module) && !isHarness(packageOf(f.Func)) && !isWrapper(f.Func)
	})
	if own = i >= 0; !own {
		at = Where(stack)
		if i = slices.Index(stack, at); i < 0 {
			return at, nil, false
		}
	}
	for _, f := range slices.Backward(stack[:i]) {
		if !isRuntime(packageOf(f.Func)) {
			through = append(through, f.Func)
		}
	}
	return stack[i], through, own
}
