// Package load is for the suite of servers under load what package terminal beside it
// is for that of terminals. What the suite starts is built before it, once.
package load
