// Package forge is as much of GitHub as tests need: a server that keeps the comments and
// check runs of pull requests, and holds every request to GitHub's own description of its
// API. Only tests import it.
//
// github.json is cut from GitHub's published OpenAPI description (github.com/github/
// rest-api-description, MIT license) as the npm package @octokit/openapi 23.0.2 has it in
// generated/api.github.com.json: the four operations that highwater uses and the schemas
// that they refer to, without examples and extensions, and nothing else changed.
package forge
