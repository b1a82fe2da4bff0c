// Package revision makes source trees that can be built and measured beside the
// user's own: a commit checked out apart from it, and the same module with another
// version of a dependency.
//
// In go a folder in a git repository and the name of a revision, or a module and a
// version; out come a folder, and flags and settings for the go command. Nothing of
// the user's repository is changed: not the work tree, the index, a ref or the
// stash. Commits are checked out through an index of their own into highwater's
// cache folder, where a later comparison finds them again.
package revision
