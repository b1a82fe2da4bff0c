package highwater

// Exit statuses, the same for every command.
const (
	ExitOK    = 0 // passed
	ExitFail  = 1 // a finding failed: a limit, a regression, a leak, a slow-down
	ExitError = 2 // something could not be measured or judged
	ExitUsage = 3 // wrong usage or configuration
)
