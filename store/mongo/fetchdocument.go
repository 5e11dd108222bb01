package mongo

import (
	"net/http"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// fetchDocument is a fetch in the collection fetches.
type fetchDocument struct {
	ID     string    `bson:"_id"`
	Device device.ID `bson:"device,omitempty"`
	// Group is that of the device, by which lists of a scope find it.
	Group     string    `bson:"group,omitempty"`
	At        time.Time `bson:"at"`
	Protocol  string    `bson:"protocol,omitempty"`
	Method    string    `bson:"method,omitempty"`
	Path      string    `bson:"path,omitempty"`
	Address   string    `bson:"address,omitempty"`
	UserAgent string    `bson:"userAgent,omitempty"`
	Status    int       `bson:"status"`
	// Failed says that Status is 400 or above.
	Failed   bool   `bson:"failed,omitempty"`
	Bytes    int64  `bson:"bytes"`
	Complete bool   `bson:"complete,omitempty"`
	Digest   string `bson:"digest,omitempty"`
	Detail   string `bson:"detail,omitempty"`
}

func documentOfFetch(f provisioners.Fetch, group string) fetchDocument {
	return fetchDocument{
		ID: f.ID, Device: f.Device, Group: group, At: whole(f.At), Protocol: f.Protocol, Method: f.Method, Path: f.Path, Address: f.Address,
		UserAgent: f.UserAgent, Status: f.Status, Failed: f.Status >= http.StatusBadRequest, Bytes: f.Bytes, Complete: f.Complete,
		Digest: f.Digest, Detail: f.Detail,
	}
}

func (d *fetchDocument) fetch() provisioners.Fetch {
	return provisioners.Fetch{
		ID: d.ID, Device: d.Device, At: d.At, Protocol: d.Protocol, Method: d.Method, Path: d.Path, Address: d.Address,
		UserAgent: d.UserAgent, Status: d.Status, Bytes: d.Bytes, Complete: d.Complete, Digest: d.Digest, Detail: d.Detail,
	}
}
