package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/users"
)

// tokenCommand makes, lists and deletes API tokens, also beside a server that
// runs.
type tokenCommand struct {
	Create tokenCreateCommand `cmd:"" help:"Make a token and print it, and nothing else, on standard output."`
	List   tokenListCommand   `cmd:"" help:"List the tokens."`
	Delete tokenDeleteCommand `cmd:"" help:"Delete a token: it is refused from then on."`
}

type tokenCreateCommand struct {
	dataOptions

	Name    string        `required:"" help:"What the token is for."`
	Role    roleFlag      `required:"" help:"Name of a role: admin, operator, support, viewer, or one that was made."`
	Group   string        `help:"Limit the token to the devices of this group and those below it."`
	Expires time.Duration `help:"How long the token is good; without it, until it is deleted."`
}

// Run makes a token.
func (c *tokenCreateCommand) Run(ctx context.Context, s *streams) error {
	n := users.NewToken{Name: c.Name, Role: users.Role(c.Role), Scope: device.Scope{Group: c.Group}, CreatedBy: "command line"}
	if c.Expires != 0 {
		n.Expires = clock().Add(c.Expires)
	}
	return withDirectory(ctx, c.dataOptions, func(d *audited) error {
		plain, t, err := d.CreateToken(ctx, n)
		if err != nil {
			return namingRole(err)
		}
		if err := d.note(ctx, "createToken", "token/"+t.ID, fmt.Sprintf("%s %q for %q", t.Role, t.Name, t.Scope.Group)); err != nil {
			return err
		}
		_, err = fmt.Fprintln(s.out, plain)
		return err
	})
}

type tokenListCommand struct{ dataOptions }

// Run lists the tokens.
func (c *tokenListCommand) Run(ctx context.Context, s *streams) error {
	return withDirectory(ctx, c.dataOptions, func(d *audited) error {
		tokens, err := d.Tokens(ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "ID\tNAME\tROLE\tGROUP\tCREATED\tEXPIRES\tLAST USED")
		for _, t := range tokens {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t.ID, t.Name, t.Role, t.Scope.Group, moment(t.CreatedAt), moment(t.Expires), moment(t.LastUsed))
		}
		return table.Flush()
	})
}

type tokenDeleteCommand struct {
	dataOptions

	ID string `arg:"" help:"ID of the token, as the list shows it."`
}

// Run deletes a token.
func (c *tokenDeleteCommand) Run(ctx context.Context) error {
	return withDirectory(ctx, c.dataOptions, func(d *audited) error {
		if err := d.DeleteToken(ctx, c.ID); err != nil {
			return err
		}
		return d.note(ctx, "deleteToken", "token/"+c.ID, "")
	})
}

func moment(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Format(time.RFC3339)
}
