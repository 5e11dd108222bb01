// Command dialtone is the auto-configuration server for fleets of IP phones:
// one binary, a subcommand for each duty.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// version is set by the linker.
var version = "development"

// commands are the subcommands and the options that all share.
type commands struct {
	Config configFile `help:"YAML file with options: each key is the long name of a flag." placeholder:"FILE" type:"path"`

	Serve   serveCommand   `cmd:"" help:"Run the server."`
	Sim     SimCommand     `cmd:"" help:"Run simulated phones against a server."`
	Token   tokenCommand   `cmd:"" help:"Make, list and delete API tokens."`
	User    userCommand    `cmd:"" help:"Make, change and list users."`
	Audit   auditCommand   `cmd:"" help:"Check and export the audit log."`
	Store   storeCommand   `cmd:"" help:"Copy a store to another one."`
	Secrets secretsCommand `cmd:"" help:"Replace the key that seals secrets."`
	Plan    planCommand    `cmd:"" help:"Say what a change of settings would do, before it is made."`
	Pack    packCommand    `cmd:"" help:"List, check and render vendor packs."`
	Import  importCommand  `cmd:"" help:"Bring in phones, lines and settings from CSV, JSON or the massdeployment.conf of AstLinux."`
	DHCP    dhcpCommand    `cmd:"" name:"dhcp" help:"Have phones find the server by DHCP."`
	Export  exportCommand  `cmd:"" help:"Write a backup of the embedded store while the server runs."`
	Doctor  doctorCommand  `cmd:"" help:"Check that a server can run with these options here."`
	Version versionCommand `cmd:"" help:"Print the version."`

	Healthcheck healthcheckCommand `cmd:"" help:"Ask a running server whether it can serve: for containers, whose image has no other program that could."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run parses the arguments and runs the subcommand. It returns the exit code: 0,
// 1 for a command that failed, 2 for arguments that cannot be.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	exit := -1
	parser, err := newParser(stdout, stderr, func(code int) { exit = code })
	if err != nil {
		fmt.Fprintln(stderr, "dialtone:", err)
		return 2
	}
	parsed, err := parser.Parse(args)
	if exit >= 0 {
		return exit // --help was asked for and given.
	}
	if err != nil {
		fmt.Fprintln(stderr, "dialtone:", maskAddresses(err.Error()))
		return 2
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	err = parsed.Run(&streams{out: stdout, err: stderr}, parsed)
	if err != nil {
		fmt.Fprintln(stderr, "dialtone:", maskAddresses(err.Error()))
		return 1
	}
	return 0
}

// newParser returns the parser of the command line. Each flag is also a variable
// of the environment, whose name it derives from the flag's: DIALTONE_CWMP_ADDR.
func newParser(stdout, stderr io.Writer, exit func(int)) (*kong.Kong, error) {
	return kong.New(&commands{},
		kong.Name("dialtone"),
		kong.Description("Auto-configuration server for fleets of IP phones."),
		kong.DefaultEnvars("DIALTONE"),
		kong.Writers(stdout, stderr),
		kong.Exit(exit),
		kong.UsageOnError(),
	)
}

// streams are where a command writes.
type streams struct{ out, err io.Writer }

type versionCommand struct{}

func (versionCommand) Run(s *streams) error {
	_, err := fmt.Fprintln(s.out, "dialtone", version)
	return err
}
