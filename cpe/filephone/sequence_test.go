package filephone

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestAYealinkAsksForABootFileAndElseForTheModelsFileAndItsOwn(t *testing.T) {
	files := example(t, Yealink)
	s := newShelf(t, files)
	start(t, phoneOf(t, Yealink, s.URL))
	wantNames(t, s.names(), "001565112233.boot", "y000000000066.cfg", "001565112233.cfg")

	s = newShelf(t, map[string]string{"y000000000000.boot": "#!version:1.0.0.1\ninclude:config <y000000000066.cfg>\n", "y000000000066.cfg": files["y000000000066.cfg"]})
	start(t, phoneOf(t, Yealink, s.URL))
	wantNames(t, s.names(), "001565112233.boot Not Found", "y000000000000.boot", "y000000000066.cfg")

	s = newShelf(t, map[string]string{"001565112233.cfg": files["001565112233.cfg"]})
	start(t, phoneOf(t, Yealink, s.URL))
	wantNames(t, s.names(), "001565112233.boot Not Found", "y000000000000.boot Not Found", "y000000000066.cfg Not Found", "001565112233.cfg")
}

func TestAYealinkKeepsWhatAFileNoLongerSaysUnlessTheBootFileOverwrites(t *testing.T) {
	for boot, want := range map[string]string{"": "Sales", "overwrite_mode = 1\n": ""} {
		s := newShelf(t, example(t, Yealink))
		s.put("001565112233.boot", "#!version:1.0.0.1\n"+boot+"include:config <001565112233.cfg>\n")
		p := phoneOf(t, Yealink, s.URL)
		start(t, p)
		s.put("001565112233.cfg", "#!version:1.0.0.1\r\naccount.1.enable = 1\r\naccount.1.user_name = 51\r\n")
		start(t, p)
		if a := p.Held().Accounts[0]; a.User != "51" || a.Label != want {
			t.Errorf("with %q holds %+v, want label %q", boot, a, want)
		}
	}
}

func TestAPolyTakesTheFilesThatItsMasterFileNames(t *testing.T) {
	files := example(t, Poly)
	s := newShelf(t, files)
	start(t, phoneOf(t, Poly, s.URL))
	rest := []string{
		"0004f2112233-user.cfg", "site.cfg", "0004f2112233-phone.cfg Not Found", "0004f2112233-web.cfg Not Found", "0004f2112233-license.cfg Not Found",
		"000000000000-license.cfg Not Found", "0004f2112233-directory.xml",
	}
	firmware := []string{"3111-46162-001.sip.ld Not Found", "sip.ld Not Found"}
	wantNames(t, s.names(), append(append([]string{"bootrom.ld Not Found", "0004f2112233.cfg"}, firmware...), rest...)...)

	master := files["0004f2112233.cfg"]
	delete(files, "0004f2112233.cfg")
	files["000000000000.cfg"], files["3111-46162-001.sip.ld"] = master, "an image"
	s = newShelf(t, files)
	start(t, phoneOf(t, Poly, s.URL))
	wantNames(t, s.names(), append([]string{"bootrom.ld Not Found", "0004f2112233.cfg Not Found", "000000000000.cfg", "3111-46162-001.sip.ld"}, rest...)...)
}

func TestAPolyPutsItsOverridesAboveAllAndFailsWithoutANamedFile(t *testing.T) {
	s := newShelf(t, example(t, Poly))
	s.put("0004f2112233-web.cfg", `<overrides reg.1.label="Mine"/>`)
	p := phoneOf(t, Poly, s.URL)
	start(t, p)
	if got := p.Held().Accounts[0].Label; got != "Mine" {
		t.Errorf("label %q", got)
	}
	delete(s.files, "site.cfg")
	var refused *RefusedError
	if _, err := p.Start(context.Background()); !errors.As(err, &refused) || !strings.Contains(err.Error(), "site.cfg") {
		t.Errorf("error %v", err)
	}
}

func TestAPolyTakesDeviceParametersOnlyWithTheirSet(t *testing.T) {
	const set = `<p device.set="1" device.net.vlanId="77" device.net.vlanId.set="1"/>`
	for content, want := range map[string]int{
		set: 77, strings.Replace(set, `device.set="1" `, "", 1): 0, strings.Replace(set, ` device.net.vlanId.set="1"`, "", 1): 0,
	} {
		s := newShelf(t, map[string]string{"000000000000.cfg": `<APPLICATION CONFIG_FILES="all.cfg"/>`, "all.cfg": content})
		p := phoneOf(t, Poly, s.URL)
		start(t, p)
		if got := p.Held().VLAN.ID; got != want {
			t.Errorf("%s: VLAN %d, want %d", content, got, want)
		}
	}
}

func TestAPolyWithoutReassignmentHasLinesThenWatchedThenSpeedDials(t *testing.T) {
	s := newShelf(t, map[string]string{
		"000000000000.cfg": `<APPLICATION CONFIG_FILES="all.cfg"/>`,
		"all.cfg": `<p reg.1.address="41" reg.1.lineKeys="2" reg.2.address="42" reg.2.type="shared"
			attendant.resourceList.1.address="43" attendant.resourceList.2.address="44"/>`,
		"000000000000-directory.xml": "<directory><item_list><item><ct>9</ct><sd>2</sd></item><item><ct>8</ct><sd>1</sd></item></item_list></directory>",
	})
	p := phoneOf(t, Poly, s.URL)
	start(t, p)
	var got []string
	for _, k := range p.Held().Keys {
		got = append(got, fmt.Sprintf("%d %s %s %d", k.N, k.Type, k.Value, k.Account))
	}
	wantNames(t, got, "1 line  1", "2 line  1", "3 sharedLine  2", "4 blf 43 0", "5 blf 44 0", "6 speedDial 8 0", "7 speedDial 9 0")
}

func TestASnomAsksForTheModelsFileAndItsOwnAndFollowsLists(t *testing.T) {
	s := newShelf(t, example(t, Snom))
	start(t, phoneOf(t, Snom, s.URL))
	wantNames(t, s.names(), "snomD785.htm", "snomD785-000413112233.htm", "000413112233.xml")

	s = newShelf(t, example(t, Snom))
	p := phoneOf(t, Snom, s.URL+"/{mac}.xml")
	start(t, p)
	wantNames(t, s.names(), "000413112233.xml")
	if len(p.Held().Accounts) != 2 {
		t.Errorf("holds %+v", p.Held())
	}
}

func TestASnomDoesNotFollowListsWithoutEnd(t *testing.T) {
	s := newShelf(t, map[string]string{"snomD785.htm": `<setting-files><file url="SERVER/snomD785.htm"/></setting-files>`})
	var refused *RefusedError
	if _, err := phoneOf(t, Snom, s.URL).Start(context.Background()); !errors.As(err, &refused) {
		t.Errorf("error %v", err)
	}
	var all strings.Builder
	for range mostRequests + 10 {
		all.WriteString(`<file url="SERVER/other.htm"/>`)
	}
	s = newShelf(t, map[string]string{"snomD785.htm": "<setting-files>" + all.String() + "</setting-files>"})
	if _, err := phoneOf(t, Snom, s.URL).Start(context.Background()); err == nil || len(s.asked) != mostRequests {
		t.Errorf("%d requests, error %v", len(s.asked), err)
	}
}

func TestAGrandstreamStopsAfterTheFirstXMLFile(t *testing.T) {
	files := example(t, Grandstream)
	s := newShelf(t, files)
	start(t, phoneOf(t, Grandstream, s.URL))
	wantNames(t, s.names(), "cfgc074ad112233 Not Found", "cfgc074ad112233.xml")

	delete(files, "cfgc074ad112233.xml")
	s = newShelf(t, files)
	p := phoneOf(t, Grandstream, s.URL)
	start(t, p)
	wantNames(t, s.names(), "cfgc074ad112233 Not Found", "cfgc074ad112233.xml Not Found", "cfggrp2614.xml Not Found", "cfg.xml")
	if got, want := p.Held(), exampleHeld(Grandstream, ""); !reflect.DeepEqual(got, want) {
		t.Errorf("P values give %+v\nwant           %+v", got, want)
	}
}

func TestAGrandstreamTakesTheOldBinaryFileFirst(t *testing.T) {
	values := "P271=1&P35=71&P47=old.example.net&P34=a%26b&"
	raw := make([]byte, binaryHeader, binaryHeader+len(values))
	copy(raw[6:], "\xc0\x74\xad\x11\x22\x33\r\n\r\n")
	raw = append(raw, values...)
	if len(raw)%2 == 1 {
		raw = append(raw, 0)
	}
	binary.BigEndian.PutUint32(raw, uint32(len(raw)/2))
	var sum uint16
	for i := 0; i < len(raw); i += 2 {
		sum += binary.BigEndian.Uint16(raw[i:])
	}
	binary.BigEndian.PutUint16(raw[4:], -sum)
	s := newShelf(t, map[string]string{"cfgc074ad112233": string(raw)})
	p := phoneOf(t, Grandstream, s.URL)
	start(t, p)
	if a := p.Held().Accounts; len(a) != 1 || a[0].User != "71" || a[0].Registrar != "old.example.net" || a[0].Password != "a&b" {
		t.Errorf("holds %+v", a)
	}
	raw[20]++
	s.put("cfgc074ad112233", string(raw))
	if _, err := p.Start(context.Background()); err == nil || !strings.Contains(err.Error(), "checksum") {
		t.Errorf("error %v", err)
	}
}

func TestACiscoFollowsItsProfileRulesInTurn(t *testing.T) {
	s := newShelf(t, example(t, Cisco))
	p := phoneOf(t, Cisco, s.URL)
	start(t, p)
	wantNames(t, s.names(), "8851-3PCC.xml", "D0EC35112233.xml")
	if got := s.asked[1].user; got != "phones" {
		t.Errorf("user %q", got)
	}
	s.forget()
	start(t, p)
	wantNames(t, s.names(), "D0EC35112233.xml")
}

func TestACiscoStopsAtARuleThatFails(t *testing.T) {
	for _, c := range []struct{ rule, want string }{
		{"SERVER/gone.xml", "none of the phone's files"},
		{`("$A" ne "x")? SERVER/a.xml`, "conditions"},
		{"[--key abc]SERVER/a.xml", "--key"},
	} {
		s := newShelf(t, map[string]string{
			"8851-3PCC.xml": "<flat-profile><Profile_Rule_B>" + strings.ReplaceAll(c.rule, `"`, "&quot;") + "</Profile_Rule_B><Profile_Rule_C>SERVER/c.xml</Profile_Rule_C></flat-profile>",
			"c.xml":         "<flat-profile/>",
		})
		if _, err := phoneOf(t, Cisco, s.URL).Start(context.Background()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v", c.rule, err)
		}
		for _, name := range s.names() {
			if name == "c.xml" {
				t.Errorf("%s: the next rule was followed", c.rule)
			}
		}
	}
}

func TestAPhoneReadsTheHeadOfAFirmwareImageOnce(t *testing.T) {
	files := example(t, Yealink)
	files["001565112233.cfg"] += "static.firmware.url = SERVER/big.rom\n"
	files["big.rom"] = strings.Repeat("x", 1<<20)
	s := newShelf(t, files)
	p := phoneOf(t, Yealink, s.URL)
	outcome := start(t, p)
	if last := outcome.Requests[len(outcome.Requests)-1]; !strings.HasSuffix(last.URL, "/big.rom") || last.Bytes != imageHead {
		t.Errorf("last request %+v", last)
	}
	if outcome = start(t, p); len(outcome.Requests) != 3 {
		t.Errorf("then %v", outcome.Requests)
	}
}
