package provisioners

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

// Convergence is what is known of the way of one device to its settings over CWMP, beside
// what its record says (device.Provisioning). It holds no secret: values that may be
// secret are in it as keyed hashes.
type Convergence struct {
	Device device.ID
	// Revision grows with every change; 0 for one that is not stored yet.
	Revision  int64
	UpdatedAt time.Time
	// Wanted is the fingerprint of the settings that were last worked at, Model that of the
	// data model that they were mapped to.
	Wanted string
	Model  string
	// Owned are the paths of the settings that are carried by parameters, in order.
	Owned []string
	// Unmapped are settings of the device that no parameter and no file carries.
	Unmapped []Unmapped
	// Instances are the instances that the device has of the tables that the mapping
	// uses, by the path of the table with its final dot.
	Instances []Instances
	// Adding is the AddObject that was sent and not answered, nil if none was.
	Adding *Adding
	// Confirmed are the parameters that the device was seen to have as they should be.
	Confirmed []Confirmed
	// Differences are the parameters that the device has otherwise.
	Differences []Difference
	// Restore are the paths of drifted parameters that an operator asked to set again.
	Restore []string
	// Deliveries are files that are delivered by Download: DeliveryProfile, DeliveryCA.
	Deliveries []Delivery
	// Notified identifies the parameters for which active notification was asked.
	Notified string
	// Attempts counts sessions in a row that began to work at Wanted and did not come to an
	// end; Losses how often the device came without what it had.
	Attempts int
	Losses   int
	// NextTry is when it is tried again, zero if nothing is to be tried.
	NextTry time.Time
}

// Instances are the instance numbers of one table.
type Instances struct {
	Table   string `json:"table"`
	Numbers []int  `json:"numbers"`
}

// Adding is an AddObject under way (TR-069 A.3.2.6).
type Adding struct {
	Table string `json:"table"`
	// Before are the instances that there were before.
	Before []int     `json:"before"`
	At     time.Time `json:"at"`
}

// Confirmed is a parameter that the device was seen to have, or took, as it should be.
type Confirmed struct {
	Path string `json:"path"`
	// Hash identifies the value, by a key of the server's.
	Hash string `json:"hash"`
	// Restored is how often it was set again because the device had another, RestoredAt
	// when last.
	Restored   int       `json:"restored,omitempty"`
	RestoredAt time.Time `json:"restoredAt,omitzero"`
}

// DifferenceKind says what a difference is.
type DifferenceKind string

// The kinds of differences.
const (
	// Drifted: the device had the value, and somebody changed it.
	Drifted DifferenceKind = "drifted"
	// Kept: the device took the value and has another one.
	Kept DifferenceKind = "kept"
	// RefusedValue: the device answers with a fault.
	RefusedValue DifferenceKind = "refused"
	// Later: the device took the value, and has it after its next restart.
	Later DifferenceKind = "later"
	// Withheld: it is a secret, and the device has not proven who it is.
	Withheld DifferenceKind = "withheld"
)

// Difference is a parameter that a device has otherwise than it should.
type Difference struct {
	Path    string `json:"path"`
	Setting string `json:"setting"`
	// Also are further settings that the parameter carries, with the same value.
	Also []string       `json:"also,omitempty"`
	Kind DifferenceKind `json:"kind"`
	// Wanted and Has are nil for a secret; Has is nil too where it is not known. Each is at
	// most MaxDifferenceValue bytes.
	Wanted *string `json:"wanted,omitempty"`
	Has    *string `json:"has,omitempty"`
	// Adopt is the value of the setting that Has amounts to, nil if it amounts to none.
	Adopt *string `json:"adopt,omitempty"`
	// Code is the fault's, 0 without one; Reason says it in words.
	Code   int       `json:"code,omitempty"`
	Reason string    `json:"reason,omitempty"`
	Since  time.Time `json:"since"`
	// Tries is how often Hash, which identifies what is wanted, was set.
	Tries int    `json:"tries,omitempty"`
	Hash  string `json:"hash,omitempty"`
}

// The names of deliveries.
const (
	DeliveryProfile = "profile"
	DeliveryCA      = "ca"
)

// Delivery is a file that is delivered by a task of kind download.
type Delivery struct {
	Name string `json:"name"`
	// Hash identifies the content that the task under way, or the one that failed,
	// delivers; Held the one that the device has.
	Hash string `json:"hash,omitempty"`
	Held string `json:"held,omitempty"`
	// Task is empty if none is under way.
	Task    string `json:"task,omitempty"`
	Tries   int    `json:"tries,omitempty"`
	Problem string `json:"problem,omitempty"`
}

// Unmapped is a setting that is not carried to a device.
type Unmapped struct {
	Setting string `json:"setting"`
	Reason  string `json:"reason"`
}

// Bounds of a Convergence.
const (
	MaxConfirmed       = 2000
	MaxDifferences     = 500
	MaxDifferenceValue = 1024
)

// ConvergenceStore keeps Convergence. Every method is one atomic operation. What belongs
// to a device goes with it (device.Store.Delete, DeleteSilent).
type ConvergenceStore interface {
	// Convergence returns that of a device, or ErrNotFound.
	Convergence(ctx context.Context, id device.ID) (Convergence, error)
	// PutConvergence stores c and returns it with its new Revision. It returns ErrConflict
	// if c.Revision is not the stored one.
	PutConvergence(ctx context.Context, c Convergence) (Convergence, error)
}
