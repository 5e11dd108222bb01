package cwmp

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// settled is what an envelope is after one trip over the wire: Encode fills in what
// was left out, and the texts around values are trimmed again.
func settled(t *testing.T, e *Envelope) (*Envelope, []byte) {
	data, err := Encode(e)
	var textErr *TextError
	if errors.As(err, &textErr) {
		t.Fatalf("Decode let through what XML cannot carry: %v", err)
	}
	if err != nil {
		return nil, nil
	}
	again, err := Decode(data, DefaultLimits())
	if err != nil {
		t.Fatalf("what Encode writes is not decoded: %v\n%s", err, data)
	}
	return again, data
}

// withoutDefaults undoes what Encode fills in, in the one that was read back.
func withoutDefaults(first, again *Envelope) {
	if first.Namespace == "" {
		again.Namespace = ""
	}
	blank := func(first, again *DateTime) {
		if first.Raw == "" {
			*again = DateTime{}
		}
	}
	switch m := first.Message.(type) {
	case *Inform:
		blank(&m.CurrentTime, &again.Message.(*Inform).CurrentTime)
	case *InformResponse:
		again.Message = m
	case *TransferComplete:
		blank(&m.StartTime, &again.Message.(*TransferComplete).StartTime)
		blank(&m.CompleteTime, &again.Message.(*TransferComplete).CompleteTime)
	case *AutonomousTransferComplete:
		blank(&m.StartTime, &again.Message.(*AutonomousTransferComplete).StartTime)
		blank(&m.CompleteTime, &again.Message.(*AutonomousTransferComplete).CompleteTime)
	case *UploadResponse:
		blank(&m.StartTime, &again.Message.(*UploadResponse).StartTime)
		blank(&m.CompleteTime, &again.Message.(*UploadResponse).CompleteTime)
	case *GetOptionsResponse:
		for i := range m.OptionList {
			blank(&m.OptionList[i].StartDate, &again.Message.(*GetOptionsResponse).OptionList[i].StartDate)
		}
	case *DUStateChangeComplete:
		for i := range m.Results {
			blank(&m.Results[i].StartTime, &again.Message.(*DUStateChangeComplete).Results[i].StartTime)
			blank(&m.Results[i].CompleteTime, &again.Message.(*DUStateChangeComplete).Results[i].CompleteTime)
		}
	case *AutonomousDUStateChangeComplete:
		for i := range m.Results {
			blank(&m.Results[i].StartTime, &again.Message.(*AutonomousDUStateChangeComplete).Results[i].StartTime)
			blank(&m.Results[i].CompleteTime, &again.Message.(*AutonomousDUStateChangeComplete).Results[i].CompleteTime)
		}
	case *Unknown:
		again.Message.(*Unknown).ContentDropped = m.ContentDropped
	case *DownloadResponse:
		blank(&m.StartTime, &again.Message.(*DownloadResponse).StartTime)
		blank(&m.CompleteTime, &again.Message.(*DownloadResponse).CompleteTime)
	case *Fault:
		a := again.Message.(*Fault)
		if m.SOAPCode == "" {
			a.SOAPCode = ""
		}
		if m.SOAPString == "" {
			a.SOAPString = ""
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, body := range corpus(f) {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		first, err := Decode(body, DefaultLimits())
		if err != nil {
			var decodeErr *DecodeError
			if first != nil || !errors.As(err, &decodeErr) && !errors.Is(err, ErrEmpty) && !errors.Is(err, ErrEmptyBody) {
				t.Fatalf("%v, %v", first, err)
			}
			return
		}
		if first.Message == nil {
			t.Fatal("no message")
		}
		again, data := settled(t, first)
		if again == nil {
			if _, unknown := first.Message.(*Unknown); !unknown {
				t.Fatalf("what Decode reads is not encoded: %+v", first)
			}
			return
		}
		repeated, sameData := settled(t, again)
		if !bytes.Equal(data, sameData) {
			t.Errorf("encoded again:\n%s\n%s", data, sameData)
		}
		if diff := cmp.Diff(again, repeated); diff != "" {
			t.Errorf("decoded again (-first +second):\n%s", diff)
		}
		withoutDefaults(first, again)
		if diff := cmp.Diff(first, again); diff != "" {
			t.Errorf("read back (-first +second):\n%s", diff)
		}
	})
}
