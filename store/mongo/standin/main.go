// Command standin stands in for MongoDB in Dialtone's tests, where MongoDB
// itself cannot be installed: FerretDB, which speaks MongoDB's protocol, over
// SQLite, behind a proxy that lets one request at a time through.
//
// FerretDB over SQLite is not atomic within one document: two findAndModify at
// the same moment may both succeed. MongoDB is. The proxy makes up for that: it
// holds one lock from each request to its reply, for all connections together.
//
// It prints its address as one line, "listening 127.0.0.1:PORT", once it accepts
// connections, and ends with SIGTERM, SIGINT, or when its standard input is
// closed, so that it never outlives the test that started it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "address to listen on")
	data := flag.String("data", "", "folder for the data; it must exist")
	remove := flag.Bool("remove", false, "remove the data in the end")
	verbose := flag.Bool("verbose", false, "log what FerretDB does")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *listen, *data, *remove, *verbose); err != nil {
		fmt.Fprintln(os.Stderr, "standin:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, address, data string, remove, verbose bool) error {
	if info, err := os.Stat(data); err != nil || !info.IsDir() {
		return errors.New("-data must name a folder")
	}
	if remove {
		defer os.RemoveAll(data)
	}
	socket := filepath.Join(data, "socket")
	if err := os.Remove(socket); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the socket of a run that was killed: %w", err)
	}

	level := slog.LevelError + 1
	if verbose {
		level = slog.LevelDebug
	}
	database, err := ferretdb.New(&ferretdb.Config{
		Listener: ferretdb.ListenerConfig{Unix: socket},
		Logger:   slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level})),
		Handler:  "sqlite",
		// Tests kill this program, not the machine: what the system has taken over
		// is not lost then, so that no write needs to wait for the disk.
		SQLiteURL: "file:" + data + "/?_pragma=synchronous(off)",
	})
	if err != nil {
		return fmt.Errorf("start FerretDB: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	ended := make(chan error, 1)
	go func() { ended <- database.Run(ctx) }()
	if err := waitFor(ctx, socket); err != nil {
		return err
	}

	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	fmt.Println("listening", listener.Addr())
	go func() {
		<-ctx.Done()
		_ = listener.Close()
	}()
	serve(listener, socket)
	cancel()
	select {
	case err := <-ended:
		return err
	case <-time.After(5 * time.Second):
		return nil // FerretDB waits for connections that tests left open.
	}
}

func waitFor(ctx context.Context, socket string) error {
	for range 500 {
		c, err := net.Dial("unix", socket)
		if err == nil {
			return c.Close()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
	return errors.New("FerretDB does not listen")
}
