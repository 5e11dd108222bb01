//go:build e2e

package main

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cpe"
	"github.com/dialtone-acs/dialtone/internal/mongotest"
)

// cluster is several servers on one database, behind balancers.
type cluster struct {
	tb testing.TB
	// database is the stand-in that this cluster has for itself, nil on a real
	// MongoDB.
	database *mongotest.Server
	nodes    []*server
	links    []*link
	// phones, files and web are the balancers.
	phones, files, web *balancer
	token              string
}

// balance makes a balancer.
type balance func(tb testing.TB, backend ...string) *balancer

// patience has nodes wait for the stand-in, which is slow where many ask it at
// once.
const patience = "timeoutMS=30000"

// newCluster starts nodes whose phones come through a balancer of the given
// kind. Flags are those of every node.
func newCluster(tb testing.TB, size int, phones balance, flags ...string) *cluster {
	tb.Helper()
	c := &cluster{tb: tb}
	uri := c.openDatabase()
	key := filepath.Join(tb.TempDir(), "secrets.key")
	var cwmp, files, web []string
	for range size {
		n := newServer(tb, append([]string{"--secrets-key", key, "--trusted-proxies", "127.0.0.1/32"}, flags...)...)
		l := newLink(tb, uri.Host)
		own := *uri
		own.Host = l.Address
		own.RawQuery = patience
		n.Store = own.String()
		c.nodes, c.links = append(c.nodes, n), append(c.links, l)
		cwmp, files, web = append(cwmp, n.CWMP), append(files, n.Files), append(web, n.Web)
	}
	c.phones, c.files, c.web = phones(tb, cwmp...), balanceTCP(tb, files...), balanceHTTP(tb, web...)
	for _, n := range c.nodes {
		n.Flags = append(n.Flags, "--files-url", "http://"+c.files.Address)
		n.Start()
	}
	c.token = c.nodes[0].Token("admin")
	return c
}

// openDatabase returns the address of an empty database.
func (c *cluster) openDatabase() *url.URL {
	c.tb.Helper()
	text := ""
	if mongotest.Real() {
		text = mongotest.URI(c.tb)
	} else {
		c.database = mongotest.Own(c.tb)
		text = c.database.URI("dialtone")
	}
	uri, err := url.Parse(text)
	if err != nil || strings.Contains(uri.Host, ",") {
		c.tb.Fatalf("the tests need a database with one address, not %s", os.Getenv(mongotest.URIVariable))
	}
	return uri
}

// API is a client of one node.
func (c *cluster) API(node int) *client { return c.nodes[node].ClientWith(c.token) }

// Anywhere is a client whose every request may go to another node.
func (c *cluster) Anywhere() *client {
	api := c.nodes[0].ClientWith(c.token)
	api.base = "http://" + c.web.Address
	return api
}

// PhonesURL is where phones inform.
func (c *cluster) PhonesURL() string { return "http://" + c.phones.Address + "/" }

// deviceAddress is the address from which the phone of a number comes: not that
// of the balancers.
func deviceAddress(number int) string { return fmt.Sprintf("127.1.%d.%d", number/200, 1+number%200) }

// dialFrom dials from an address of its own.
func dialFrom(address string) func(ctx context.Context, network, to string) (net.Conn, error) {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	return d.DialContext
}

// firstContactPause is the time between the first contacts of two phones: the
// stand-in for the database does one thing at a time.
const firstContactPause = 40 * time.Millisecond

// startPhones switches on phones that come through the balancer, until the test
// ends. Adjust may be nil.
func (c *cluster) startPhones(count int, adjust func(i int, config *cpe.Config)) []*cpe.Device {
	c.tb.Helper()
	listener, err := cpe.ListenConnectionRequests("127.0.0.1:0")
	if err != nil {
		c.tb.Fatal(err)
	}
	c.tb.Cleanup(func() { _ = listener.Close() })
	model, err := cpe.NewPhoneModel(cpe.RootDevice, 2)
	if err != nil {
		c.tb.Fatal(err)
	}
	var phones []*cpe.Device
	for i := range count {
		time.Sleep(firstContactPause)
		phones = append(phones, c.nodes[0].startPhone(c.tb, fmt.Sprintf("NODES%05d", i), func(config *cpe.Config) {
			config.ACSURL, config.ConnectionRequestListen, config.ConnectionRequests = c.PhonesURL(), "", listener
			config.Model, config.JournalSize, config.Dial = model, -1, dialFrom(deviceAddress(i))
			if adjust != nil {
				adjust(i, config)
			}
		}))
	}
	return phones
}
