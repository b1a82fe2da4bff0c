// Package notify is everything that talks to the outside: the comment of a pull request
// and its check run on GitHub, the note of a merge request on GitLab.
//
// In flow texts that [github.com/highwater-dev/highwater/internal/report] has rendered,
// and where they go; out flow requests, and errors that say what to do. A comment is
// found again by its first line, a marker that is not shown, and is edited: there is one
// of it, however often it is sent.
//
// What fails for a moment (a server's error, a limit of requests, a connection that
// breaks) is tried again, within the time that the context allows. What may not be done
// is an [ErrForbidden], on which the caller takes another way: the token of a pull
// request from a fork may only read. Nothing here is ever a reason why a build fails;
// that is for the caller to keep.
//
// Tokens are given by the caller, and stand in no error.
package notify
