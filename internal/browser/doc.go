// Package browser drives a headless Chromium that reaches no network besides this
// machine, for tests of pages and for pictures of them. One browser is started, and tabs
// are opened in it: starting is what takes long.
//
// It is in no binary that users get.
package browser
