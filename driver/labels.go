package driver

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// labelPrefix begins a label of a pull request that accepts what its change costs. Only
// who may triage issues can put one there.
const labelPrefix = "memory-accepted"

// label is an acceptance of all that fails in the pull request, until a day.
type label struct {
	Reason, Where string
	Until         time.Time
}

func (o *options) addLabels(flags *pflag.FlagSet) {
	flags.StringArrayVar(&o.labels, "label", nil, "accept what fails, as this `label` of a pull request does: '"+labelPrefix+": 2027-01-31 reason'; repeatable")
}

// accepted reads the labels of the flags and of the pull request that the pipeline runs
// for. One of the pull request that cannot be understood accepts nothing, and is told of.
func (a *app) accepted(said []string) (all []label, notes []string, err error) {
	for _, text := range said {
		l, err := parseLabel(text, "", "--label")
		if err != nil {
			return nil, nil, err
		}
		all = append(all, l)
	}
	for _, p := range pipelineLabels(os.Getenv) {
		if !strings.HasPrefix(p.Name, labelPrefix) {
			continue
		}
		l, err := parseLabel(p.Name, p.Description, "label of the pull request")
		if err != nil {
			notes = append(notes, err.Error()+"; it accepts nothing")
			continue
		}
		all = append(all, l)
	}
	return all, notes, nil
}

// parseLabel reads a label. Its grammar:
//
//	label = "memory-accepted:" [ "until" ] day [ ":" ] [ reason ] .
//
// as in memory-accepted: 2027-01-31 the pool is to grow. A label has 50 characters at
// most on GitHub: its description serves as the reason where it has none.
func parseLabel(text, description, where string) (label, error) {
	fail := func(what string) (label, error) {
		return label{}, fmt.Errorf("%s %q: %s, as in '%s: 2027-01-31 the cache is to grow'", where, text, what, labelPrefix)
	}
	rest, ok := strings.CutPrefix(text, labelPrefix+":")
	if !ok {
		return fail("want the last day on which it holds, and a reason")
	}
	rest = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(rest), "until "))
	day, reason, _ := strings.Cut(rest, " ")
	until, err := time.Parse(time.DateOnly, strings.TrimSuffix(day, ":"))
	if err != nil {
		return fail("want the last day on which it holds")
	}
	if reason = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(reason), ":")); reason == "" {
		reason = strings.TrimSpace(description)
	}
	if reason == "" {
		return fail("give the reason, in the label or in its description")
	}
	return label{Reason: reason, Where: where, Until: until}, nil
}

// pullRequest is what GitHub tells of the pull request that a workflow runs for.
type pullRequest struct {
	Number int `json:"number"`
	Head   struct {
		SHA string `json:"sha"`
	} `json:"head"`
	Labels []pipelineLabel `json:"labels"`
}

type pipelineLabel struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

// maxEvent bounds what is read of the event.
const maxEvent = 16 << 20

// githubPull reads the pull request of the event that the workflow runs for; it is empty
// where there is none.
func githubPull(env func(string) string) pullRequest {
	var event struct {
		PullRequest pullRequest `json:"pull_request"`
	}
	path := env("GITHUB_EVENT_PATH")
	if info, err := os.Stat(path); path == "" || err != nil || info.Size() > maxEvent {
		return pullRequest{}
	}
	data, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(data, &event) != nil {
		return pullRequest{}
	}
	return event.PullRequest
}

// pipelineLabels are those of the pull request, or of the merge request of GitLab.
func pipelineLabels(env func(string) string) []pipelineLabel {
	all := githubPull(env).Labels
	for l := range strings.SplitSeq(env("CI_MERGE_REQUEST_LABELS"), ",") {
		if l = strings.TrimSpace(l); l != "" {
			all = append(all, pipelineLabel{Name: l})
		}
	}
	return all
}
