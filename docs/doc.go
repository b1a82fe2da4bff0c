// Package docs is the folder of the pages for users. Its tests hold them to the
// code.
package docs
