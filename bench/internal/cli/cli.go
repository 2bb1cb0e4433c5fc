// Package cli is what the programs of bench that take all from flags have in
// common.
package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

// Main runs a program with the arguments of the process. Its error goes to
// standard error, and makes the exit status 1.
func Main(run func(args []string, out io.Writer) error) {
	switch err := run(os.Args[1:], os.Stdout); {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
