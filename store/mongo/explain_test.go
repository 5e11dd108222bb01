package mongo

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/dialtone-acs/dialtone/internal/mongotest"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

// failure is how a server refuses a command.
func failure(code int, name, message string) bson.D {
	return bson.D{{Key: "ok", Value: 0}, {Key: "code", Value: code}, {Key: "codeName", Value: name}, {Key: "errmsg", Value: message}}
}

// modern answers the commands of a start as a server of version 7 does.
func modern(command string) bson.D {
	if command == "buildInfo" {
		return bson.D{{Key: "version", Value: "7.0.14"}, {Key: "ok", Value: 1}}
	}
	return bson.D{{Key: "ok", Value: 1}, {Key: "n", Value: 1}}
}

// closedPort is an address where nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// silentPort is an address where connections are accepted and nothing is said.
func silentPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l.Addr().String()
}

func TestWhatKeepsAServerFromBeingUsedIsSaidInOneSentence(t *testing.T) {
	const soon = "/?serverSelectionTimeoutMS=300&timeoutMS=2000"
	for _, c := range []struct {
		name  string
		uri   func(t *testing.T) string
		is    error
		words []string
	}{
		{"nobody listens", func(t *testing.T) string { return "mongodb://u:hunter2@" + closedPort(t) + soon }, ErrUnreachable, []string{"no answer from 127.0.0.1:", "connection refused"}},
		{"nobody answers", func(t *testing.T) string { return "mongodb://u:hunter2@" + silentPort(t) + soon }, ErrUnreachable, []string{"no answer from 127.0.0.1:"}},
		{"the name is unknown", func(t *testing.T) string { return "mongodb://u:hunter2@mongodb.invalid" + soon }, ErrUnreachable, []string{"no answer from mongodb.invalid:27017"}},
		{"wrong password", func(t *testing.T) string {
			return "mongodb://u:hunter2@" + newFakeServer(t, nil, func(command string) bson.D {
				if strings.HasPrefix(command, "sasl") {
					return failure(18, "AuthenticationFailed", "Authentication failed.")
				}
				return modern(command)
			}).address + soon
		}, ErrRefused, []string{"password"}},
		{"user without rights", func(t *testing.T) string {
			return "mongodb://" + newFakeServer(t, nil, func(command string) bson.D {
				if command == "buildInfo" {
					return modern(command)
				}
				return failure(13, "Unauthorized", "not authorized on dialtone")
			}).address + soon
		}, ErrServer, []string{"refuses a write to database dialtone", "readWrite"}},
		{"login needed", func(t *testing.T) string {
			return "mongodb://" + newFakeServer(t, nil, func(string) bson.D {
				return failure(13, "Unauthorized", "command buildInfo requires authentication")
			}).address + soon
		}, ErrRefused, []string{"role readWrite"}},
		{"a little too old", func(t *testing.T) string {
			return "mongodb://" + newFakeServer(t, bson.D{{Key: "maxWireVersion", Value: 13}}, func(command string) bson.D {
				return bson.D{{Key: "version", Value: "5.0.31"}, {Key: "ok", Value: 1}}
			}).address + soon
		}, ErrServer, []string{"5.0.31", "at least 6.0"}},
		{"much too old", func(t *testing.T) string {
			return "mongodb://" + newFakeServer(t, bson.D{{Key: "maxWireVersion", Value: 6}}, modern).address + soon
		}, ErrServer, []string{"at least 6.0"}},
		{"read-only server", func(t *testing.T) string {
			return "mongodb://" + newFakeServer(t, bson.D{{Key: "isWritablePrimary", Value: false}, {Key: "ismaster", Value: false}}, modern).address + "/?directConnection=true&timeoutMS=2000"
		}, ErrServer, []string{"read-only"}},
		{"secondary without primary", func(t *testing.T) string {
			host := silentPort(t)
			f := newFakeServer(t, bson.D{
				{Key: "isWritablePrimary", Value: false}, {Key: "ismaster", Value: false}, {Key: "secondary", Value: true}, {Key: "setName", Value: "rs0"}, {Key: "hosts", Value: bson.A{host}},
			}, modern)
			return "mongodb://" + f.address + "/?replicaSet=rs0&serverSelectionTimeoutMS=300&timeoutMS=2000"
		}, ErrServer, []string{"read only", "no primary"}},
		{"another replica set", func(t *testing.T) string {
			return "mongodb://" + newFakeServer(t, nil, modern).address + "/?replicaSet=rs9&serverSelectionTimeoutMS=300&timeoutMS=2000"
		}, ErrUnreachable, []string{"replica set"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			_, err := Open(ctx, Options{URI: c.uri(t)})
			if !errors.Is(err, c.is) {
				t.Fatalf("error = %v, want one that wraps %v", err, c.is)
			}
			for _, word := range c.words {
				if !strings.Contains(err.Error(), word) {
					t.Errorf("%q is not in: %v", word, err)
				}
			}
			if strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "topology: {") {
				t.Errorf("error is no sentence or holds the password: %v", err)
			}
		})
	}
}

func TestAnOperatorsInterruptIsNoFaultOfTheServer(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Open(ctx, Options{URI: "mongodb://" + silentPort(t)}); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want context.Canceled", err)
	}
}

func TestAPasswordIsWrittenIntoAURIThatHasNone(t *testing.T) {
	for _, c := range []struct{ name, uri, password, want string }{
		{"a user without password", "mongodb://u@h/db", "p", "mongodb://u:p@h/db"},
		{"a password of odd characters", "mongodb+srv://u@h/", "a/b?c@d:e f+g%", "mongodb+srv://u:a%2Fb%3Fc%40d%3Ae%20f%2Bg%25@h/"},
		{"no user", "mongodb://h/db", "p", "mongodb://h/db"},
		{"a password that stands there", "mongodb://u:q@h/db", "p", "mongodb://u:q@h/db"},
		{"no password", "mongodb://u@h/db", "", "mongodb://u@h/db"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := withPassword(c.uri, secret.NewText(c.password)); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestAPasswordOfItsOwnReachesTheDriverWithEveryMechanism(t *testing.T) {
	for _, mechanism := range []string{"", "&authMechanism=SCRAM-SHA-256"} {
		o := Options{URI: "mongodb://u@127.0.0.1:1/?appName=x" + mechanism, Password: secret.NewText("p w+1")}.withDefaults()
		if _, err := CheckURI(o.URI); err != nil {
			t.Fatal(err)
		}
		if c := o.client(); c.Auth == nil || c.Auth.Password != "p w+1" {
			t.Errorf("%q: the driver got %+v", mechanism, c.Auth)
		}
	}
}

func TestInspectTellsOfTheServerAndLeavesTheDataAlone(t *testing.T) {
	uri := mongotest.URI(t)
	found, err := Inspect(t.Context(), Options{URI: uri})
	if err != nil {
		t.Fatal(err)
	}
	if found.Version == "" || found.Database == "" || found.DataVersion != 0 {
		t.Errorf("found %+v", found)
	}
	s, err := Open(t.Context(), Options{URI: uri})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if found, err = Inspect(t.Context(), Options{URI: uri}); err != nil || found.DataVersion != len(migrations()) {
		t.Errorf("after a start: %+v, %v", found, err)
	}
	_, err = s.database.Collection(metaCollection).UpdateByID(t.Context(), schemaID, bson.D{{Key: "$set", Value: bson.D{{Key: "version", Value: 999}}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Inspect(t.Context(), Options{URI: uri}); !errors.Is(err, ErrNewer) {
		t.Errorf("data of a newer version: %v", err)
	}
}
