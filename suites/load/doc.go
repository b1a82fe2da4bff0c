// Package load is a suite of eight memory scenarios for session servers.
package load
