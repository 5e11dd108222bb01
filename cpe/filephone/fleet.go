package filephone

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"
)

// FleetConfig says which phones start, how often and how fast.
type FleetConfig struct {
	// Phone is what all have in common. Its MAC is the first one's, and the next phones
	// have those that follow; if it is empty, they are the vendor's, from 000001 on.
	Phone Config
	// Count is how many phones there are, 1 to 100,000.
	Count int
	// Rate is how many phones start in a second; 0 is as many as Concurrency lets.
	Rate float64
	// Concurrency is how many may be at it at once; 64 if 0.
	Concurrency int
	// Starts is how often each phone starts, one time after the other; 1 if 0.
	Starts int
}

// mostPhones bounds a fleet.
const mostPhones = 100_000

// Result is what came of a phone of a fleet.
type Result struct {
	Vendor Vendor `json:"vendor"`
	MAC    string `json:"mac"`
	// Held is what the phone has after its last start, with its passwords.
	Held Held `json:"held"`
	// Requests are those of all its starts.
	Requests []Request `json:"requests"`
	// Changed says that its last start brought something new.
	Changed bool `json:"changed"`
	// Error is what the last start failed of, empty if it did not.
	Error string `json:"error,omitempty"`
}

// Summary counts what a fleet did.
type Summary struct {
	Phones int `json:"phones"`
	// Failed is how many phones failed at their last start.
	Failed   int `json:"failed"`
	Requests int `json:"requests"`
	// Unchanged is how many of the requests were answered that nothing changed.
	Unchanged int     `json:"unchanged"`
	Bytes     int     `json:"bytes"`
	Seconds   float64 `json:"seconds"`
}

// FailedError says that phones of a fleet failed.
type FailedError struct {
	// Phones is how many.
	Phones int
}

// Error tells how many phones failed.
func (e *FailedError) Error() string { return fmt.Sprintf("filephone: %d phones failed", e.Phones) }

// RunFleet starts phones and tells of each when it is done, never of two at once; tell
// may be nil. If the context ends, phones that did not begin are left out. The error is
// that of a wrong configuration.
func RunFleet(ctx context.Context, config FleetConfig, tell func(Result)) (Summary, error) {
	phones, err := config.phones()
	if err != nil {
		return Summary{}, err
	}
	began := time.Now()
	var summary Summary
	var mutex sync.Mutex
	var group sync.WaitGroup
	gate := make(chan struct{}, config.concurrency())
	for i, phone := range phones {
		if !config.pause(ctx, began, i) {
			break
		}
		gate <- struct{}{}
		group.Go(func() {
			defer func() { <-gate }()
			result := config.run(ctx, phone)
			mutex.Lock()
			defer mutex.Unlock()
			summary.add(result)
			if tell != nil {
				tell(result)
			}
		})
	}
	group.Wait()
	summary.Seconds = time.Since(began).Seconds()
	return summary, nil
}

func (c FleetConfig) concurrency() int {
	if c.Concurrency < 1 {
		return 64
	}
	return c.Concurrency
}

// phones makes the phones, with addresses one after the other.
func (c FleetConfig) phones() ([]*Phone, error) {
	if c.Count < 1 || c.Count > mostPhones {
		return nil, fmt.Errorf("filephone: Count: want 1 to %d", mostPhones)
	}
	if c.Rate < 0 {
		return nil, errors.New("filephone: Rate: must not be negative")
	}
	if c.Phone.MAC == "" {
		c.Phone.MAC = c.Phone.Vendor.OUI() + "000001"
	}
	first, err := plainMAC(c.Phone.MAC)
	if err != nil {
		return nil, err
	}
	number, err := strconv.ParseUint(first, 16, 64)
	if err != nil {
		return nil, err
	}
	phones := make([]*Phone, c.Count)
	for i := range phones {
		config := c.Phone
		config.MAC = fmt.Sprintf("%012x", (number+uint64(i))&(1<<48-1))
		if phones[i], err = New(config); err != nil {
			return nil, err
		}
	}
	return phones, nil
}

// pause waits for the time of the i-th phone, and reports whether it may start.
func (c FleetConfig) pause(ctx context.Context, began time.Time, i int) bool {
	if c.Rate == 0 || ctx.Err() != nil {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(time.Until(began.Add(time.Duration(float64(i) / c.Rate * float64(time.Second)))))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// run starts a phone as often as it is to.
func (c FleetConfig) run(ctx context.Context, phone *Phone) Result {
	result := Result{Vendor: phone.Vendor(), MAC: phone.MAC()}
	for range max(c.Starts, 1) {
		outcome, err := phone.Start(ctx)
		result.Requests = append(result.Requests, outcome.Requests...)
		result.Changed, result.Error = outcome.Changed, ""
		if err != nil {
			result.Error = err.Error()
		}
	}
	result.Held = phone.Held()
	return result
}

func (s *Summary) add(r Result) {
	s.Phones++
	if r.Error != "" {
		s.Failed++
	}
	s.Requests += len(r.Requests)
	for _, request := range r.Requests {
		if request.Status == 304 {
			s.Unchanged++
			continue
		}
		s.Bytes += request.Bytes
	}
}

// Err returns a *FailedError if a phone failed.
func (s Summary) Err() error {
	if s.Failed == 0 {
		return nil
	}
	return &FailedError{Phones: s.Failed}
}
