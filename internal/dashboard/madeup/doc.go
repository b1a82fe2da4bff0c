// Package madeup makes data that nobody measured, of any size, for tests of the dashboard
// and for pictures of it. The same numbers give the same data. What the series do over
// time is known: the steps are where [Many] puts them.
package madeup
