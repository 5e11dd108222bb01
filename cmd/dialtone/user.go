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
	"github.com/dialtone-acs/dialtone/users"
)

// userCommand makes, changes and lists users, also beside a server that runs.
type userCommand struct {
	Create   userCreateCommand   `cmd:"" help:"Make a user. The password is read from standard input, or made up and printed."`
	List     userListCommand     `cmd:"" help:"List the users."`
	Password userPasswordCommand `cmd:"" help:"Give a user another password, which ends what the user has open: the way back in for who has lost it."`
	Unlock   userUnlockCommand   `cmd:"" help:"Let a user sign in again who is disabled, failed too often, or has lost the second factor."`
	Delete   userDeleteCommand   `cmd:"" help:"Delete a user."`
}

// passwordInput says where a password comes from.
type passwordInput struct {
	PasswordStdin bool `help:"Read the password from the first line of standard input, instead of making one up."`
}

// maxPasswordLine bounds what is read of standard input.
const maxPasswordLine = 4096

// read returns the password on standard input, empty if one is to be made up.
func (p passwordInput) read() (string, error) {
	if !p.PasswordStdin {
		return "", nil
	}
	line, err := bufio.NewReader(io.LimitReader(os.Stdin, maxPasswordLine)).ReadString('\n')
	if err != nil && line == "" {
		return "", fmt.Errorf("read password: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}

type userCreateCommand struct {
	dataOptions
	passwordInput

	Name  string   `required:"" help:"Name to sign in with."`
	Role  roleFlag `required:"" help:"Name of a role: admin, operator, support, viewer, or one that was made."`
	Group string   `help:"Limit the user to the devices of this group and those below it."`
}

// Run makes a user.
func (c *userCreateCommand) Run(ctx context.Context, s *streams) error {
	password, err := c.read()
	if err != nil {
		return err
	}
	return withDirectory(ctx, c.dataOptions, func(d *audited) error {
		u, made, err := d.NewUser(ctx, users.NewUser{Name: c.Name, Role: users.Role(c.Role), Scope: device.Scope{Group: c.Group}, Password: password})
		if err != nil {
			return namingRole(err)
		}
		if err := d.note(ctx, "createUser", "user/"+u.Name, fmt.Sprintf("%s for %q", u.Role, u.Scope.Group)); err != nil || password != "" {
			return err
		}
		_, err = fmt.Fprintln(s.out, made)
		return err
	})
}

type userListCommand struct{ dataOptions }

// Run lists the users.
func (c *userListCommand) Run(ctx context.Context, s *streams) error {
	return withDirectory(ctx, c.dataOptions, func(d *audited) error {
		all, err := d.Users(ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "NAME\tROLE\tGROUP\tCREATED\tLAST SIGN-IN\tDISABLED\tSECOND FACTOR")
		for _, u := range all {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%t\t%t\n", u.Name, u.Role, u.Scope.Group, moment(u.CreatedAt), moment(u.LastSignIn), u.Disabled, u.SecondFactor.Key != "")
		}
		return table.Flush()
	})
}

type userPasswordCommand struct {
	dataOptions
	passwordInput

	Name string `arg:"" help:"Name of the user."`
}

// Run replaces a password.
func (c *userPasswordCommand) Run(ctx context.Context, s *streams) error {
	password, err := c.read()
	if err != nil {
		return err
	}
	given := password != ""
	if !given {
		password = users.RandomPassword()
	}
	return withDirectory(ctx, c.dataOptions, func(d *audited) error {
		if _, err := d.EditUser(ctx, c.Name, users.UserEdit{Password: &password}); err != nil {
			return err
		}
		if err := d.note(ctx, "updateUser", "user/"+c.Name, "password"); err != nil || given {
			return err
		}
		_, err := fmt.Fprintln(s.out, password)
		return err
	})
}

type userUnlockCommand struct {
	dataOptions

	Name         string `arg:"" help:"Name of the user."`
	SecondFactor bool   `help:"Remove the second factor too."`
}

// Run lets a user sign in again.
func (c *userUnlockCommand) Run(ctx context.Context) error {
	return withDirectory(ctx, c.dataOptions, func(d *audited) error {
		disabled := false
		if _, err := d.EditUser(ctx, c.Name, users.UserEdit{Disabled: &disabled, RemoveSecondFactor: c.SecondFactor}); err != nil {
			return err
		}
		detail := "disabled"
		if c.SecondFactor {
			detail += ", secondFactor"
		}
		return d.note(ctx, "updateUser", "user/"+c.Name, detail)
	})
}

type userDeleteCommand struct {
	dataOptions

	Name string `arg:"" help:"Name of the user."`
}

// Run deletes a user.
func (c *userDeleteCommand) Run(ctx context.Context) error {
	return withDirectory(ctx, c.dataOptions, func(d *audited) error {
		if err := d.DeleteUser(ctx, c.Name); err != nil {
			return err
		}
		return d.note(ctx, "deleteUser", "user/"+c.Name, "")
	})
}
