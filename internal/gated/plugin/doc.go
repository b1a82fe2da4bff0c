// Package plugin is for the suite of plugin systems what package terminal beside it is
// for that of terminals. What the suite starts is built before it, once.
package plugin
