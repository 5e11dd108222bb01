package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/users"
)

// auditCommand reads the audit log, also beside a server that runs.
type auditCommand struct {
	Verify auditVerifyCommand `cmd:"" help:"Check that no entry of the audit log was changed or left out, and print the hash of the last."`
	Export auditExportCommand `cmd:"" help:"Write the audit log as JSON, one entry a line, the oldest first."`
}

type auditVerifyCommand struct{ dataOptions }

// errChain is what the command ends with if the chain is broken.
var errChain = errors.New("the audit log was changed")

// Run checks the chain.
func (c *auditVerifyCommand) Run(ctx context.Context, s *streams) error {
	return withDirectory(ctx, c.dataOptions, func(d *audited) error {
		chain, err := d.log.Verify(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "entries %d to %d, %d from before there was a chain, last hash %s\n", chain.First, chain.Last, chain.Unchained, chain.Hash)
		if chain.BrokenAt != 0 {
			return fmt.Errorf("%w: entry %d: %s", errChain, chain.BrokenAt, chain.Problem)
		}
		return nil
	})
}

type auditExportCommand struct{ dataOptions }

// auditLine is an entry as the export writes it: what the hash is made of, and the
// hashes.
type auditLine struct {
	Sequence int64           `json:"sequence"`
	At       time.Time       `json:"at"`
	Actor    string          `json:"actor"`
	Address  string          `json:"address"`
	Action   string          `json:"action"`
	Target   string          `json:"target"`
	Outcome  int             `json:"outcome"`
	Detail   string          `json:"detail"`
	Before   json.RawMessage `json:"before,omitempty"`
	After    json.RawMessage `json:"after,omitempty"`
	Previous string          `json:"previous"`
	Hash     string          `json:"hash"`
}

// auditPage is how many entries are read at a time.
const auditPage = 1000

// Run writes every entry.
func (c *auditExportCommand) Run(ctx context.Context, s *streams) error {
	return withDirectory(ctx, c.dataOptions, func(d *audited) error {
		encoder := json.NewEncoder(s.out)
		list := users.AuditList{Ascending: true, Limit: auditPage}
		for {
			entries, err := d.log.List(ctx, list)
			if err != nil {
				return err
			}
			for _, e := range entries {
				if err := encoder.Encode(lineOf(e)); err != nil {
					return fmt.Errorf("write entry: %w", err)
				}
				list.After = &e.Sequence
			}
			if len(entries) < auditPage {
				return nil
			}
		}
	})
}

func lineOf(e users.AuditEntry) auditLine {
	return auditLine{
		Sequence: e.Sequence, At: e.At, Actor: e.Actor, Address: e.Address, Action: e.Action, Target: e.Target, Outcome: e.Outcome, Detail: e.Detail,
		Before: json.RawMessage(e.Before), After: json.RawMessage(e.After), Previous: e.Previous, Hash: e.Hash,
	}
}
