// Package driver is highwater's command line. [Main] is all of it: a program
// with suites of its own is a main function that calls it.
//
//	func main() {
//		os.Exit(driver.Main(driver.Config{
//			Suites: []driver.Suite{driver.Fixed(mysuite.Suite())},
//		}))
//	}
//
// In flow arguments and the configuration; out flow reports to standard output,
// progress and warnings to standard error, Run files to the state directory, and
// one of the exit statuses of package highwater.
//
// There is one file for each verb. A verb chooses and composes; measuring,
// judging, storing and rendering are done by the packages below internal/.
package driver
