package driver

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/suggest"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// statusError is an error with the status that the process exits with.
type statusError struct {
	code int
	err  error
}

func (e *statusError) Error() string { return e.err.Error() }
func (e *statusError) Unwrap() error { return e.err }

// usage marks an error as the user's: wrong usage or configuration. One that has a status
// already keeps it.
func usage(err error) error {
	if s := new(statusError); err == nil || errors.As(err, &s) {
		return err
	}
	return &statusError{highwater.ExitUsage, err}
}

func usagef(format string, args ...any) error { return usage(fmt.Errorf(format, args...)) }

// verb wraps what a command does: an error that says nothing else means that
// something could not be done, and not that the command line was wrong.
func (a *app) verb(do func(cmd *cobra.Command, args []string) (exit int, err error)) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		exit, err := do(cmd, args)
		a.exit = exit
		if s := new(statusError); err != nil && !errors.As(err, &s) {
			return &statusError{highwater.ExitError, err}
		}
		return err
	}
}

// complain writes an error to standard error, each of its lines under the
// program's name.
func (a *app) complain(err error) { say(a.Stderr, a.Name, err.Error()) }

// warn writes a warning, which is not the reason for any exit status.
func (a *app) warn(format string, args ...any) {
	say(a.Stderr, a.Name+": warning", fmt.Sprintf(format, args...))
}

func say(w io.Writer, prefix, text string) {
	for line := range strings.Lines(text) {
		fmt.Fprintf(w, "%s: %s\n", prefix, harmless(strings.TrimRight(line, "\r\n")))
	}
}

// harmless takes control characters out: an error may quote a file or a process
// that somebody else wrote, and must not move the user's cursor.
func harmless(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\t' && unicode.IsControl(r) || r == utf8.RuneError {
			return '\uFFFD'
		}
		return r
	}, s)
}

// flagError rewords pflag's errors, with the flag that was probably meant.
func flagError(cmd *cobra.Command, err error) error {
	help := "; see " + cmd.CommandPath() + " --help"
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "":
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
		name := "--" + unknown.GetSpecifiedName()
		if hint := suggest.Hint(name, names); hint != "" {
			help = hint
		}
		// The other verbs that look at something for a while have it under its short name.
		if name == "--duration" && cmd.Flags().Lookup("monitoring-duration") != nil {
			help = "; " + cmd.Name() + " calls it --monitoring-duration"
		}
		return usagef("unknown flag %s%s", name, help)
	case errors.As(err, &invalid):
		return usagef("--%s: %w", invalid.GetFlag().Name, errors.Unwrap(invalid))
	}
	return usagef("%w%s", err, help)
}

// arguments checks the number of a command's arguments; want says what they are.
func arguments(low, high int, want string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < low:
			return usagef("%swant %s; see %s --help", path(cmd), want, cmd.CommandPath())
		case len(args) > high:
			return usagef("%sunexpected argument %q: want %s; see %s --help", path(cmd), args[high], want, cmd.CommandPath())
		}
		return nil
	}
}

// subcommand is the check of a command that does nothing by itself.
func subcommand(cmd *cobra.Command, args []string) error {
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	list := strings.Join(names, ", ")
	if len(args) == 0 {
		return usagef("%ssay what to do: %s; see %s --help", path(cmd), list, cmd.CommandPath())
	}
	hint := suggest.Hint(args[0], names)
	if hint == "" {
		hint = "; commands are " + list
	}
	return usagef("%sunknown command %q%s", path(cmd), args[0], hint)
}

// path says where in the tree of commands an error is, without the program's
// own name, under which every error stands already.
func path(cmd *cobra.Command) string {
	if !cmd.HasParent() {
		return ""
	}
	return strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" ") + ": "
}
