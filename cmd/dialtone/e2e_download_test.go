//go:build e2e

package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cpe"
)

const (
	firmwareType      = "1 Firmware Upgrade Image"
	configurationType = "3 Vendor Configuration File"
	megabyte          = 1 << 20
)

// fileRecord is a file as the contract names its fields.
type fileRecord struct {
	Name, Type, Version, SHA256 string
	Size                        int64
}

// upload sends a file as it is made, and returns its SHA-256.
func (c *client) upload(name, fileType string, content io.Reader) (sum string) {
	c.tb.Helper()
	hash := sha256.New()
	reader, writer := io.Pipe()
	form := multipart.NewWriter(writer)
	go func() {
		_ = writer.CloseWithError(func() error {
			err := errors.Join(form.WriteField("name", name), form.WriteField("type", fileType), form.WriteField("version", "12.0.7"))
			part, partErr := form.CreateFormFile("file", "local-name.bin")
			if err = errors.Join(err, partErr); err != nil {
				return err
			}
			_, err = io.Copy(io.MultiWriter(part, hash), content)
			return errors.Join(err, form.Close())
		}())
	}()
	var made fileRecord
	c.Do(http.MethodPost, "files", reader, "Content-Type", form.FormDataContentType()).Want(http.StatusCreated).Decode(&made)
	sum = hex.EncodeToString(hash.Sum(nil))
	if made.Name != name || made.SHA256 != sum || made.Type != fileType {
		c.tb.Fatalf("the server has the file as %+v, want %s of type %s with SHA-256 %s", made, name, fileType, sum)
	}
	return sum
}

// noise returns that many bytes, the same for one seed.
func noise(seed byte, size int64) io.Reader {
	return io.LimitReader(rand.NewChaCha8([32]byte{seed}), size)
}

// cutOnce opens connections of which the first to an address breaks after some
// bytes.
type cutOnce struct {
	address string
	after   int64
	cut     atomic.Bool
}

func (c *cutOnce) dial(ctx context.Context, network, address string) (net.Conn, error) {
	connection, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil || address != c.address || c.cut.Swap(true) {
		return connection, err
	}
	return &cutConnection{Conn: connection, left: c.after}, nil
}

type cutConnection struct {
	net.Conn
	left int64
}

func (c *cutConnection) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, errors.Join(errors.New("the line is cut"), c.Close())
	}
	n, err := c.Conn.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	return n, err
}

// memoryPeak returns the largest resident size of a process, in bytes, or skips
// the test where it cannot be told.
func memoryPeak(t *testing.T, pid int) int64 {
	t.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("there is no /proc on this system")
	}
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^VmHWM:\s+(\d+) kB$`).FindSubmatch(raw)
	if found == nil {
		t.Fatalf("no VmHWM in %s", raw)
	}
	kilobytes, err := strconv.ParseInt(string(found[1]), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return kilobytes << 10
}

func TestA50MBFirmwareIsFetchedThroughACutLineAndReportedInALaterSession(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.Restart() // The first start hashes a password, which takes memory of its own.
	c := s.Client("admin")
	line := &cutOnce{address: s.Files, after: 20 * megabyte}
	var sessions sessionLog
	phone := s.startPhone(t, "FIRMWARE01", func(config *cpe.Config) { config.Dial, config.OnSession = line.dial, sessions.note })
	id := c.arrive(phone).ID
	before := memoryPeak(t, s.PID())

	const size = 50 * megabyte
	sum := c.upload("sip88xx.12-0-7MPP.bin", firmwareType, noise(1, size))
	task := c.Succeed(id, object{"kind": "download", "file": "sip88xx.12-0-7MPP.bin"}, nil)

	wentThrough(t, task, "queued", "running", "waiting", "succeeded")
	got := phone.Files()
	if len(got) != 1 || got[0].SHA256 != sum || got[0].Size != size || got[0].FileType != firmwareType || got[0].CommandKey == "" {
		t.Fatalf("the phone took %+v, want one file of %d bytes with SHA-256 %s", got, size, sum)
	}
	if got[0].Resumed != 1 {
		t.Errorf("the fetch was resumed %d times, want once after the cut", got[0].Resumed)
	}
	var result struct{ StartTime, CompleteTime, Evidence string }
	decodeResult(t, task, &result)
	if result.Evidence == "" || parseTime(t, result.CompleteTime).Before(parseTime(t, result.StartTime)) {
		t.Errorf("result %s, want evidence and times in order", task.Result)
	}
	waitPhone(t, phone, "has reported the transfer", func() bool { return sessions.numberOf("M Download") > 0 })
	if asked, reported := sessions.numberWith("Download"), sessions.numberOf("M Download"); asked == 0 || reported <= asked {
		t.Errorf("Download came in session %d, its end was reported in session %d, want a later one", asked, reported)
	}
	if n := phone.Counters()["Download"]; n != 1 {
		t.Errorf("the phone was asked %d times, want once", n)
	}
	c.Eventually("the record has the new firmware", func() bool { return c.Device(phone).SoftwareVersion == "sip88xx.12-0-7MPP" })
	if grown := memoryPeak(t, s.PID()) - before; grown > 40*megabyte {
		t.Errorf("the server grew by %d MB for a file of 50 MB", grown/megabyte)
	} else {
		t.Logf("the server grew by %d MB, from %d MB", grown/megabyte, before/megabyte)
	}
}

func decodeResult(t *testing.T, task taskRecord, into any) {
	t.Helper()
	answer{tb: t, what: task.Kind, Body: task.Result}.Decode(into)
}

func parseTime(t *testing.T, text string) time.Time {
	t.Helper()
	parsed, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestADownloadThatFailsEndsWithTheFaultOfThePhone(t *testing.T) {
	t.Parallel()
	s := serve(t, "--task-attempts", "1")
	c := s.Client("admin")
	elsewhere := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(elsewhere.Close)

	t.Run("a file that is not at the URL", func(t *testing.T) {
		t.Parallel()
		id := c.arrive(s.startPhone(t, "FAILED01", nil)).ID
		task := c.Run(id, object{"kind": "download", "fileType": firmwareType, "url": elsewhere.URL + "/firmware.bin"})
		wentThrough(t, task, "queued", "running", "waiting", "failed")
		if task.Fault == nil || task.Fault.Code != 9016 {
			t.Errorf("fault %+v, want 9016", task.Fault)
		}
	})
	t.Run("a file that is deleted after the offer", func(t *testing.T) {
		t.Parallel()
		id := c.arrive(s.startPhone(t, "FAILED02", func(config *cpe.Config) { config.TransferDelay = time.Second })).ID
		c.upload("deleted.cfg", configurationType, noise(2, 1000))
		var task taskRecord
		c.Post("devices/"+id+"/tasks?connectionRequest=true", object{"kind": "download", "file": "deleted.cfg"}).Want(http.StatusAccepted).Decode(&task)
		c.WaitTask(task.ID, "waiting")
		c.Do(http.MethodDelete, "files/deleted.cfg", nil).Want(http.StatusNoContent)
		ended := c.WaitTask(task.ID, "failed", "succeeded")
		if ended.State != "failed" || ended.Fault == nil || ended.Fault.Code != 9016 {
			t.Errorf("%s with fault %+v, want failed with 9016", ended.State, ended.Fault)
		}
	})
	t.Run("a type that the phone does not know", func(t *testing.T) {
		t.Parallel()
		phone := s.startPhone(t, "FAILED03", nil)
		id := c.arrive(phone).ID
		task := c.Run(id, object{"kind": "download", "fileType": "X 000E08 Unheard", "url": elsewhere.URL + "/x"})
		if task.State != "failed" || task.Fault == nil || task.Fault.Code != 9003 {
			t.Errorf("%s with fault %+v, want failed with 9003", task.State, task.Fault)
		}
	})
	t.Run("a file that there is not", func(t *testing.T) {
		t.Parallel()
		phone := s.startPhone(t, "FAILED04", nil)
		id := c.arrive(phone).ID
		task := c.Run(id, object{"kind": "download", "fileType": firmwareType, "file": "absent.bin"})
		if task.State != "failed" || task.Fault == nil || task.Fault.Code != 0 || task.Fault.Reason == "" || phone.Counters()["Download"] != 0 {
			t.Errorf("%s with fault %+v, want failed with a reason of our own, and the phone not asked", task.State, task.Fault)
		}
	})
}

func TestAFileOfAVendorsTypeReachesThePhoneThatKnowsIt(t *testing.T) {
	t.Parallel()
	s := serve(t)
	c := s.Client("admin")
	const vendorType = "X 000E08 Custom CA File"
	phone := s.startPhone(t, "VENDOR01", func(config *cpe.Config) { config.FileTypes = []string{vendorType} })
	id := c.arrive(phone).ID
	sum := c.upload("ca.pem", vendorType, noise(3, 4000))
	c.Succeed(id, object{"kind": "download", "file": "ca.pem", "targetFileName": "custom-ca.pem"}, nil)
	if got := phone.Files(); len(got) != 1 || got[0].SHA256 != sum || got[0].Name != "custom-ca.pem" || got[0].FileType != vendorType {
		t.Errorf("the phone took %+v, want custom-ca.pem with SHA-256 %s", got, sum)
	}
	form := "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\n../../outside\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\nx\r\n--b--\r\n"
	c.Do(http.MethodPost, "files", readerOf(form), "Content-Type", "multipart/form-data; boundary=b").Problem(http.StatusUnprocessableEntity, "invalid")
	for _, path := range []string{"/", "/files/", "/files/t/x/ca.pem", "/files/ca.pem", "/ca.pem", "/files/t/../../secrets.key"} {
		response, err := http.Get("http://" + s.Files + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusNotFound {
			t.Errorf("%s on the files listener: status %d, want 404", path, response.StatusCode)
		}
	}
}
