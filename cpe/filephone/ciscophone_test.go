package filephone

import (
	"context"
	"errors"
	"reflect"
	"testing"
)

func ciscoOf(t *testing.T) *CiscoPhone {
	t.Helper()
	p, err := NewCisco(Config{MAC: "D0-EC-35-11-22-33"})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestACiscoWithoutAServerAsksNobody(t *testing.T) {
	p := ciscoOf(t)
	if outcome, err := p.StartFrom(context.Background(), ""); !errors.Is(err, ErrNoFile) || len(outcome.Requests) != 0 {
		t.Errorf("%+v, %v", outcome, err)
	}
	for _, server := range []string{"ftp://a.example/", "http://", "http://%zz"} {
		if _, err := p.StartFrom(context.Background(), server); err == nil || errors.Is(err, ErrNoFile) {
			t.Errorf("%s: error %v", server, err)
		}
	}
}

func TestACiscoFindsItsProfileWhereDHCPSays(t *testing.T) {
	files := example(t, Cisco)
	for name, server := range map[string]string{"a folder": "/p/", "a file with macros": "/p/$PSN.xml"} {
		s := newShelf(t, files)
		p := ciscoOf(t)
		root := s.URL[:len(s.URL)-len("/p")]
		if _, err := p.StartFrom(context.Background(), root+server); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		wantNames(t, s.names(), "8851-3PCC.xml", "D0EC35112233.xml")
		if got, want := p.Held(), exampleHeld(Cisco, s.URL); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: holds %+v", name, got)
		}
		s.forget()
		if _, err := p.StartFrom(context.Background(), ""); err != nil {
			t.Errorf("%s: a phone with a rule of its own: %v", name, err)
		}
		wantNames(t, s.names(), "D0EC35112233.xml")
	}
}

func TestACiscoTakesAProfileByAnotherWayAndIsChangedAndReset(t *testing.T) {
	p := ciscoOf(t)
	if err := p.Apply("a file", []byte("<flat-profile><Admin_Password>a</Admin_Password><VLAN_ID>5</VLAN_ID></flat-profile>")); err != nil {
		t.Fatal(err)
	}
	var refused *RefusedError
	if err := p.Apply("a file", []byte("<flat-profile><Admin_Password><x/></Admin_Password></flat-profile>")); !errors.As(err, &refused) {
		t.Errorf("error %v", err)
	}
	p.Change(map[string]string{"Enable_VLAN": "Yes"})
	if h := p.Held(); h.AdminPassword != "a" || h.VLAN.ID != 5 {
		t.Errorf("holds %+v", h)
	}
	p.Reset()
	if got, want := p.Elements(), map[string]string{"Profile_Rule": ciscoFirst}; !reflect.DeepEqual(got, want) {
		t.Errorf("holds %v after the reset", got)
	}
}

func TestAClockThatIsPutForwardByHalfAnHourIsReadSo(t *testing.T) {
	clock := CiscoClock(map[string]string{
		"Time_Zone": "GMT+10:30", "Daylight_Saving_Time_Enable": "Yes", "Daylight_Saving_Time_Rule": "start=10/1/7/2:0:0;end=4/1/7/2:30:0;save=0:30:0",
	})
	if clock.Offset != 37800 || clock.Daylight == nil || clock.Daylight.Save != 30 || clock.Daylight.End.Minute != 30 {
		t.Errorf("clock %+v %+v", clock, clock.Daylight)
	}
}
