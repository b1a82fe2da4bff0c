package driver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/notify"
	"github.com/highwater-dev/highwater/internal/report"
	"github.com/spf13/cobra"
)

// commentOptions are the flags of comment.
type commentOptions struct {
	options
	github, gitlab, dry bool
	name, check         string
	number              int
	wait                time.Duration
}

// commentWait is how long sending may take, all tries together.
const commentWait = 2 * time.Minute

func (a *app) comment() *cobra.Command {
	o := &commentOptions{}
	c := &cobra.Command{
		Use:   "comment RUN...",
		Short: "tell a pull request what became of its memory",
		Long: `Make one report of the runs, as report does, and keep it as the one comment of a pull
request on GitHub, or note of a merge request on GitLab: the first time it is created,
and later edited. On GitHub it is added to the step's summary, too, and with --check
shown as a check run.

Which pull request it is, and the token, are taken from the variables of the pipeline:
GITHUB_TOKEN, with the permission pull-requests: write (checks: write for --check);
GITLAB_TOKEN, of a project or a user, with the scope api.

The exit status is never that of the report: gates fails the build. What cannot be sent
is a warning, with exit status 0; of a fork's pull request, whose token may only read,
the summary is what there is. A RUN that cannot be read is told of in the comment.`,
		Example: a.example("comment after.json --dry-run", "comment after.json --baseline before.json --dry-run"),
		Args:    arguments(1, mostRuns, "runs: IDs, latest, or files"),

		ValidArgsFunction: a.completeReference,
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.BoolVar(&o.github, "github", false, "send it to GitHub; so it is in GitHub Actions if unset")
	flags.BoolVar(&o.gitlab, "gitlab", false, "send it to GitLab; so it is in GitLab CI if unset")
	flags.BoolVar(&o.dry, "dry-run", false, "print the comment, and send nothing")
	flags.StringVar(&o.name, "name", "memory", "`name` of the comment: a pull request has one of each")
	flags.StringVar(&o.check, "check", "", "show the result as a check run of this `name`, too")
	flags.IntVar(&o.number, "number", 0, "`number` of the pull request, if the pipeline does not tell")
	durationFlag(flags, &o.wait, "timeout", "how long sending may take, 2m if unset")
	baseline := o.addJudging(flags)
	a.complete(c)
	c.RunE = a.verb(func(cmd *cobra.Command, args []string) (int, error) {
		return highwater.ExitOK, a.sendComment(cmd.Context(), o, args, baseline())
	})
	return c
}

func (a *app) sendComment(ctx context.Context, o *commentOptions, refs []string, baseline *string) error {
	switch {
	case o.github && o.gitlab:
		return usagef("--github and --gitlab: give one of them")
	case strings.Trim(o.name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._ -") != "" || strings.Contains(o.name, "--") || o.name == "":
		return usagef("--name %q: want letters, digits, dots and single dashes", o.name)
	case !o.dry && !o.github && !o.gitlab:
		o.github, o.gitlab = os.Getenv("GITHUB_ACTIONS") == "true", os.Getenv("GITLAB_CI") == "true"
		if !o.github && !o.gitlab {
			return usagef("comment: this is neither GitHub Actions nor GitLab CI: say where it goes with --github or --gitlab, or see it with --dry-run")
		}
	}
	h, err := a.resolve(&o.options)
	if err != nil {
		return err
	}
	var r *highwater.Report
	base, err := a.reference(ctx, baseline)
	if err != nil {
		a.complain(err)
		r = failed("baseline", err.Error(), "see the log of the job that was to keep it")
	} else if r, err = a.merged(ctx, h, refs, base); err != nil {
		return err
	}
	options := a.fileOptions(&o.options)
	comment := report.Comment{Locate: options.Locate, Links: options.Links, Marker: "<!-- highwater: " + o.name + " -->"}
	var body bytes.Buffer
	if err := comment.Render(&body, r); err != nil {
		return err
	}
	if o.dry {
		_, err := a.Stdout.Write(body.Bytes())
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, or(nonZero(o.wait), commentWait))
	defer cancel()
	if o.gitlab {
		return a.toGitLab(ctx, o, body.String())
	}
	return a.toGitHub(ctx, o, r, comment, body.String())
}

func nonZero(d time.Duration) *time.Duration {
	if d <= 0 {
		return nil
	}
	return &d
}

// toGitHub sends to the pull request. The summary comes first: it needs no network.
func (a *app) toGitHub(ctx context.Context, o *commentOptions, r *highwater.Report, c report.Comment, body string) error {
	summarised := a.summarise(c, r)
	instead := ""
	if summarised {
		instead = "; the step's summary has it"
	}
	pull := githubPull(os.Getenv)
	if o.number == 0 {
		o.number = pull.Number
	}
	if o.number == 0 { // refs/pull/7/merge
		ref, _ := strings.CutPrefix(os.Getenv("GITHUB_REF"), "refs/pull/")
		ref, _, _ = strings.Cut(ref, "/")
		o.number, _ = strconv.Atoi(ref)
	}
	token := os.Getenv("GITHUB_TOKEN")
	switch {
	case o.number < 1 && o.check == "":
		a.warn("this is no pull request, and there is nothing to comment on%s", instead)
		return nil
	case token == "":
		a.warn("no comment is made: GITHUB_TOKEN is not set; give the step env: GITHUB_TOKEN: ${{ github.token }}%s", instead)
		return nil
	}
	g, err := notify.NewGitHub(orText(os.Getenv("GITHUB_API_URL"), "https://api.github.com"), os.Getenv("GITHUB_REPOSITORY"), token, o.number, notify.Options{})
	if err != nil {
		a.warn("no comment is made: %v%s", err, instead)
		return nil
	}
	if o.number > 0 {
		done, err := g.Comment(ctx, body)
		a.sent(fmt.Sprintf("pull request %d: the comment is %s", o.number, done), "the comment could not be made", err, instead)
	}
	if o.check != "" {
		sha := orText(pull.Head.SHA, os.Getenv("GITHUB_SHA"))
		a.sent("the check run is made", "the check run could not be made", g.Check(ctx, checkOf(o.check, sha, r, c.Locate, body)), instead)
	}
	return nil
}

// sent says what became of it. Nothing that could not be sent fails the build.
func (a *app) sent(well, ill string, err error, instead string) {
	switch {
	case err == nil:
		fmt.Fprintln(a.Stdout, well)
	case errors.Is(err, notify.ErrForbidden):
		a.warn("%s: the token may only read, as that of a fork's pull request, or lacks the permission%s (%v)", ill, instead, err)
	default:
		a.warn("%s%s: %v", ill, instead, err)
	}
}

func orText(s, otherwise string) string {
	if s != "" {
		return s
	}
	return otherwise
}

// summarise adds the report to the step's summary, as far as there is room.
func (a *app) summarise(c report.Comment, r *highwater.Report) bool {
	path := os.Getenv("GITHUB_STEP_SUMMARY")
	if path == "" {
		return false
	}
	c.Marker, c.Limit = "", report.SummaryLimit
	if info, err := os.Stat(path); err == nil {
		c.Limit -= int(info.Size())
	}
	if c.Limit < report.CommentLimit/2 {
		a.warn("the step's summary is nearly full, and the report is not added to it")
		return false
	}
	var text bytes.Buffer
	err := c.Render(&text, r)
	if err == nil {
		err = appendTo(path, text.Bytes())
	}
	if err != nil {
		a.warn("the step's summary could not be written: %v", err)
	}
	return err == nil
}

func appendTo(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(append(data, '\n'))
	return errors.Join(err, f.Close())
}

// checkOf is the report as a check run.
func checkOf(name, sha string, r *highwater.Report, locate report.Locate, body string) notify.Check {
	c := notify.Check{Name: name, SHA: sha, Conclusion: "failure"}
	if r.Exit == highwater.ExitOK {
		c.Conclusion = "success"
	}
	c.Output.Title, c.Output.Summary = report.Headline(r), body
	levels := map[string]string{"error": "failure", "warning": "warning", "notice": "notice"}
	for _, n := range report.Annotate(r, locate) {
		if n.File != "" {
			c.Output.Annotations = append(c.Output.Annotations, notify.CheckAnnotation{
				Path: n.File, Start: n.Line, End: n.Line, Level: levels[n.Level], Title: n.Title, Message: n.Message,
			})
		}
	}
	if left := len(c.Output.Annotations) - notify.CheckAnnotations; left > 0 {
		c.Output.Title += fmt.Sprintf("; %d of its annotations are left out, the summary has all", left)
	}
	return c
}

// toGitLab sends to the merge request.
func (a *app) toGitLab(ctx context.Context, o *commentOptions, body string) error {
	if o.number == 0 {
		o.number, _ = strconv.Atoi(os.Getenv("CI_MERGE_REQUEST_IID"))
	}
	token := os.Getenv("GITLAB_TOKEN")
	switch {
	case o.number < 1:
		a.warn("this is no merge request, and there is nothing to comment on")
		return nil
	case token == "":
		a.warn("no note is made: GITLAB_TOKEN is not set; a job's own token may not write notes: make a token of the project with the scope api")
		return nil
	}
	g, err := notify.NewGitLab(orText(os.Getenv("CI_API_V4_URL"), "https://gitlab.com/api/v4"), os.Getenv("CI_PROJECT_ID"), token, o.number, notify.Options{})
	if err != nil {
		a.warn("no note is made: %v", err)
		return nil
	}
	done, err := g.Comment(ctx, body)
	a.sent(fmt.Sprintf("merge request %d: the note is %s", o.number, done), "the note could not be made", err, "")
	return nil
}
