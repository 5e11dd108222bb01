package mongo

import (
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/connstring"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// Options are what a store is opened with.
type Options struct {
	// URI is a connection string, mongodb:// or mongodb+srv://, with the name of
	// the database as its path (default "dialtone"). Its options set pool sizes
	// and timeouts (maxPoolSize, timeoutMS, serverSelectionTimeoutMS, …).
	URI string
	// Password is that of the user in URI, if it is not written there.
	Password secret.Text
	// IndexedParameters are the names of indexed parameters (device.Device,
	// Indexed) that filters are to find by an index.
	IndexedParameters []string
	// FilterTime bounds the lists whose filter an operator wrote: 10 s.
	FilterTime time.Duration
	// Logger may be nil.
	Logger *slog.Logger
	// Registerer takes the metrics; nil for none.
	Registerer prometheus.Registerer
	// Monitor is told of every command; nil for none.
	Monitor *event.CommandMonitor
	// Now tells the time: time.Now.
	Now func() time.Time
}

// What holds unless the URI says otherwise.
const (
	defaultDatabase         = "dialtone"
	defaultPool             = 100
	defaultTimeout          = 10 * time.Second
	defaultServerSelection  = 5 * time.Second
	defaultConnect          = 5 * time.Second
	defaultFilterTime       = 10 * time.Second
	defaultMaxConnIdle      = 5 * time.Minute
	defaultHeartbeat        = 2 * time.Second
	majority                = "majority"
	readPreferenceOfPrimary = "primary"
)

func (o Options) withDefaults() Options {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.FilterTime <= 0 {
		o.FilterTime = defaultFilterTime
	}
	o.URI = withPassword(o.URI, o.Password)
	return o
}

// withPassword writes the password behind the user name of a URI that has a user
// and no password: the driver refuses some URIs that name a user without one.
func withPassword(uri string, password secret.Text) string {
	scheme, rest, found := strings.Cut(uri, "://")
	user, hosts, named := strings.Cut(rest, "@")
	if !found || !named || password.IsZero() || strings.Contains(user, ":") {
		return uri
	}
	// A plus sign would be taken for itself, not for a space.
	escaped := strings.ReplaceAll(url.QueryEscape(password.Reveal()), "+", "%20")
	return scheme + "://" + user + ":" + escaped + "@" + hosts
}

// CheckURI returns the name of the database that a URI names, or an error that
// wraps ErrURI and says what is wrong without repeating the password.
func CheckURI(uri string) (database string, err error) {
	parsed, err := connstring.ParseAndValidate(uri)
	if err != nil {
		return "", fmt.Errorf("%w: %s", ErrURI, withoutPassword(err.Error(), uri))
	}
	if parsed.WString != "" && parsed.WString != majority || parsed.WNumberSet {
		return "", fmt.Errorf("%w: option w must be %s or absent: what was acknowledged must survive the loss of a server", ErrURI, majority)
	}
	if parsed.ReadPreference != "" && !strings.EqualFold(parsed.ReadPreference, readPreferenceOfPrimary) {
		return "", fmt.Errorf("%w: option readPreference must be %s or absent", ErrURI, readPreferenceOfPrimary)
	}
	if parsed.Database == "" {
		return defaultDatabase, nil
	}
	return parsed.Database, nil
}

// withoutPassword takes the user information of a URI out of a text.
func withoutPassword(text, uri string) string {
	_, rest, found := strings.Cut(uri, "://")
	if !found {
		return text
	}
	end := strings.IndexAny(rest, "/?")
	if end < 0 {
		end = len(rest)
	}
	at := strings.LastIndex(rest[:end], "@")
	if at < 0 {
		return strings.ReplaceAll(text, uri, "the address")
	}
	return strings.ReplaceAll(text, rest[:at], "***")
}

// client returns the options of the driver.
func (o Options) client() *options.ClientOptions {
	c := options.Client().
		SetAppName("dialtone").SetMaxPoolSize(defaultPool).SetTimeout(defaultTimeout).SetServerSelectionTimeout(defaultServerSelection).
		SetConnectTimeout(defaultConnect).SetMaxConnIdleTime(defaultMaxConnIdle).SetHeartbeatInterval(defaultHeartbeat).
		ApplyURI(o.URI).
		SetWriteConcern(writeconcern.Majority()).SetReadConcern(readconcern.Majority()).SetReadPreference(readpref.Primary())
	if o.Monitor != nil {
		c.SetMonitor(o.Monitor)
	}
	return c
}
