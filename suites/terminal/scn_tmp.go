package terminal

func Scenarios() []string { return nil }
