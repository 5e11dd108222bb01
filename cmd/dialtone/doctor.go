package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"strconv"

	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/store/mongo"
)

// doctorCommand checks, before a server is started, that it can run.
type doctorCommand struct{ serveOptions }

// errDoctor is returned if a check failed.
var errDoctor = errors.New("not everything is in order")

type check struct {
	name string
	run  func(context.Context) (string, error)
}

// Run does every check and says what it found.
func (c *doctorCommand) Run(ctx context.Context, s *streams) error {
	failed := false
	checks := []check{
		{"options", c.checkOptions},
		{"data folder", c.checkFolder},
		{"secrets key", c.checkKey},
		{"store", c.checkStore},
		{"cwmp listener", listens(c.CwmpAddr, c.CWMPTLS)},
		{"files listener", listens(c.FilesAddr, c.FilesTLS)},
		{"web listener", listens(c.WebAddr, c.WebTLS)},
	}
	if c.CwmpLegacyTLSAddr != "" {
		checks = append(checks, check{legacyListener + " listener", listens(c.CwmpLegacyTLSAddr, c.legacyTLS())})
	}
	if c.ACMEHTTPAddr != "" {
		checks = append(checks, check{"acme listener", listens(c.ACMEHTTPAddr, tlsOptions{})})
	}
	for _, k := range checks {
		found, err := k.run(ctx)
		if err != nil {
			failed = true
			fmt.Fprintf(s.out, "FAIL  %s: %v\n", k.name, err)
			continue
		}
		fmt.Fprintf(s.out, "ok    %s: %s\n", k.name, found)
	}
	if failed {
		return errDoctor
	}
	return nil
}

func (c *doctorCommand) checkOptions(context.Context) (string, error) {
	if err := c.check(); err != nil {
		return "", err
	}
	unused, err := secret.NewKeeper(make([]byte, secret.KeySize)) // Nothing is sealed here.
	if err != nil {
		return "", err
	}
	if _, err := c.provider(unused, clock); err != nil {
		return "", err
	}
	if c.CwmpAuth == "none" {
		return "can be used; devices are not authenticated (--cwmp-auth none)", nil
	}
	return "can be used", nil
}

func (c *doctorCommand) checkFolder(context.Context) (string, error) {
	info, err := os.Stat(c.DataDir)
	if errors.Is(err, fs.ErrNotExist) {
		return c.DataDir + " will be made", nil
	}
	if err != nil {
		return "", err
	}
	if !info.IsDir() {
		return "", fmt.Errorf("%s is no folder", c.DataDir)
	}
	probe, err := os.CreateTemp(c.DataDir, ".doctor-*")
	if err != nil {
		return "", fmt.Errorf("cannot write: %w", err)
	}
	return c.DataDir + " can be written", errors.Join(probe.Close(), os.Remove(probe.Name()))
}

func (c *doctorCommand) checkKey(context.Context) (string, error) {
	if _, err := os.Stat(c.keyPath()); errors.Is(err, fs.ErrNotExist) {
		if c.Store.isMongoDB() {
			return c.keyPath() + " is not there: copy that of the other nodes; only the first node of all makes one", nil
		}
		return "will be made at the first start; keep a copy of it", nil
	}
	if _, err := secret.LoadOrCreate(c.keyPath()); err != nil {
		return "", err
	}
	return c.keyPath() + " can be used", nil
}

func (c *doctorCommand) checkStore(ctx context.Context) (string, error) {
	if err := c.dataOptions.checkStore(); err != nil {
		return "", err
	}
	if c.Store.isMongoDB() {
		return c.checkMongoDB(ctx)
	}
	path, err := c.databasePath()
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return path + " will be made", nil
	}
	opened, err := openStore(ctx, c.dataOptions, true, nil, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		return "", err
	}
	return path + " can be used", errors.Join(opened.Ping(ctx), opened.Close())
}

// checkMongoDB looks and changes nothing but a mark that it may write.
func (c *doctorCommand) checkMongoDB(ctx context.Context) (string, error) {
	options, err := c.mongoDB(nil, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		return "", err
	}
	found, err := mongo.Inspect(ctx, options)
	if err != nil {
		return "", err
	}
	return describeMongoDB(found), nil
}

func describeMongoDB(found mongo.Inspection) string {
	server, data := "MongoDB "+found.Version, "data of version "+strconv.Itoa(found.DataVersion)
	if found.ReplicaSet != "" {
		server += ", replica set " + found.ReplicaSet
	} else {
		server += ", a single server (without a replica set, what it loses is lost)"
	}
	if found.DataVersion == 0 {
		data = "no data yet"
	}
	return fmt.Sprintf("%s: database %s can be read and written, %s", server, found.Database, data)
}

func listens(address string, t tlsOptions) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		if t.TLSCert != "" {
			if err := t.files().Check(); err != nil {
				return "", err
			}
		}
		var lc net.ListenConfig
		l, err := lc.Listen(ctx, "tcp", address)
		if err != nil {
			return "", fmt.Errorf("%w (does a server run already?)", err)
		}
		return address + " is free", l.Close()
	}
}
