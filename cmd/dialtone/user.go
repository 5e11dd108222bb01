package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/users"
)

// userCommand makes and lists users, also beside a server that runs.
type userCommand struct {
	Create userCreateCommand `cmd:"" help:"Make a user. The password is read from standard input, or made up and printed."`
	List   userListCommand   `cmd:"" help:"List the users."`
}

type userCreateCommand struct {
	dataOptions

	Name          string `required:"" help:"Name to sign in with."`
	Role          string `required:"" enum:"admin,operator,viewer" help:"${enum}."`
	Group         string `help:"Limit the user to the devices of this group and those below it."`
	PasswordStdin bool   `help:"Read the password from the first line of standard input."`
}

// Run makes a user.
func (c *userCreateCommand) Run(ctx context.Context, s *streams) error {
	password := users.RandomPassword()
	if c.PasswordStdin {
		line, err := bufio.NewReader(io.LimitReader(os.Stdin, 4096)).ReadString('\n')
		if err != nil && line == "" {
			return fmt.Errorf("read password: %w", err)
		}
		password = strings.TrimRight(line, "\r\n")
	}
	return withDirectory(ctx, c.dataOptions, func(d *users.Directory) error {
		if _, err := d.NewUser(ctx, c.Name, users.Role(c.Role), device.Scope{Group: c.Group}, password); err != nil {
			return err
		}
		if c.PasswordStdin {
			return nil
		}
		_, err := fmt.Fprintln(s.out, password)
		return err
	})
}

type userListCommand struct{ dataOptions }

// Run lists the users.
func (c *userListCommand) Run(ctx context.Context, s *streams) error {
	return withStore(ctx, c.dataOptions, func(opened store.Store) error {
		all, err := opened.Users().Users(ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "NAME\tROLE\tGROUP\tCREATED")
		for _, u := range all {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", u.Name, u.Role, u.Scope.Group, moment(u.CreatedAt))
		}
		return table.Flush()
	})
}
