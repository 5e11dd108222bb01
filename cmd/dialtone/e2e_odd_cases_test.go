//go:build e2e

package main

import (
	"fmt"
	"net/http"
)

// Rows are those of the tables of device misbehaviour that this program goes by: H1 to
// H45 is what another server of wide use handles, N1 to N24 what it does not, C a client
// by its name, and F a report from the field. These rows have no case here, because
// other tests show them:
//
//	H28 no TransferComplete        acs: TestAFirmwareCountsAsInstalledOnceTheDeviceShowsIt
//	H33 unknown method             TestAnUnknownRPCGetsFault8000AndTheSessionGoesOn, and calls-unknown below
//	H34 passwords read as blank    acs: TestASecretIsSealedInTaskAndTreeAndMaskedInResults
//	H35 factory reset              TestEveryKindOfTaskSucceedsAndItsResultIsWhatThePhoneHolds
//	H40 HEAD, ranges, slow clients e2e_download_test.go, and package files
//	H42 storms of Informs          TestACrowdOfUnknownDevicesIsCappedAndAKnownPhoneIsServed, acs: TestOverloadIsShedWith503
//	N14 faults of one parameter    TestARequestThatThePhoneRefusesEndsWithItsFaults
//	N18 no NextLevel below WANDevice acs: TestARefreshGoesAroundWhatTheDeviceRefuses
//	N23 unknown or read-only       TestARequestThatThePhoneRefusesEndsWithItsFaults
//	N24 huge and compressed bodies TestABodyOverTheLimitIsRefusedHoweverItIsSent

var oddCookies = []oddCase{
	{row: "H1", name: "commas between cookies", odd: []string{"cookies-comma", "connection-per-request"}},
	{row: "H1", name: "cookies in quotes", odd: []string{"cookies-quoted", "connection-per-request"}},
	{row: "H1", name: "cookies as RFC 2965 has them", odd: []string{"cookies-dollar", "connection-per-request"}},
	{row: "H1", name: "cookies with their attributes", odd: []string{"cookies-with-attributes", "connection-per-request"}},
	{row: "H2", name: "cookies kept only with a path", odd: []string{"cookies-with-path", "connection-per-request"}},
	{row: "H3", name: "the cookie of the session before on the Inform", odd: []string{"cookies-previous"}},
	{row: "H3", name: "the cookie of the session before, and a connection for every request", odd: []string{"cookies-previous", "connection-per-request"}},
	{row: "H4", name: "a connection for every request", odd: []string{"connection-per-request"}},
	{row: "H4", name: "every connection closed after the answer", odd: []string{"closes-connections"}},
	{row: "H5", name: "the next request before the connection before is closed", odd: []string{"connections-left-open"}},
	{row: "N1", name: "no cookies", odd: []string{"cookies-none"}},
	{row: "N3", name: "cookies that have to be set by every answer", odd: []string{"datacom-dm955"}},
	{row: "N19", name: "forty tasks with a connection for every request", odd: []string{"connection-per-request"}, work: doesForty},
}

func doesForty(p *oddPhone) {
	p.Helper()
	p.arrives()
	var queued []string
	for i := range 40 {
		queued = append(queued, p.c.Queue(p.id, object{"kind": "setParameterValues", "parameters": []object{setting(ntp, fmt.Sprintf("%d.example.net", i))}}).ID)
	}
	p.informs()
	for _, id := range queued {
		p.succeeded(id)
	}
	p.completes()
}

var oddTexts = []oddCase{
	{row: "H7", name: "messages in gzip", odd: []string{"gzip"}},
	{row: "H7", name: "messages in deflate", odd: []string{"deflate"}},
	{row: "H7", name: "a device that reads gzip", odd: []string{"accepts-gzip"}},
	{row: "H8", name: "ISO-8859-1", odd: []string{"umlauts", "latin-1"}, work: isCalledByItsName},
	{row: "H8", name: "ISO-8859-1 that only the XML declaration names, on lines of its own", odd: []string{"umlauts", "latin-1-declared"}, work: isCalledByItsName},
	{row: "H8", name: "ISO-8859-1 that only HTTP names", odd: []string{"umlauts", "latin-1-in-http"}, work: isCalledByItsName},
	{row: "H8", name: "UTF-8 that HTTP calls ISO-8859-1", odd: []string{"umlauts", "wrong-charset"}, work: isCalledByItsName},
	{row: "H8", name: "no charset anywhere", odd: []string{"umlauts", "no-charset"}, work: isCalledByItsName},
	{row: "H8", name: "no XML declaration", odd: []string{"umlauts", "no-xml-declaration"}, work: isCalledByItsName},
	{row: "H8", name: "a byte order mark", odd: []string{"umlauts", "byte-order-mark"}, work: isCalledByItsName},
	{row: "H8", name: "the end of the string of a C program", odd: []string{"terminated"}},
	{row: "H8", name: "UTF-16 is refused", odd: []string{"utf-16"}, work: isRefused(http.StatusBadRequest)},
	{row: "H9", name: "no SOAP header", odd: []string{"no-header"}},
	{row: "H9", name: "no ID", odd: []string{"no-id"}},
	{row: "H10", name: "prefixes of its own", odd: []string{"odd-prefixes"}},
	{row: "H10", name: "a prefix that nothing declares", odd: []string{"undeclared-prefix"}},
	{row: "H10", name: "the XML Schema of 1999", odd: []string{"schema-1999"}},
	{row: "H45", name: "comments and white space between elements", odd: []string{"indented"}},
	{row: "H45", name: "white space around texts", odd: []string{"padded-values"}},
	{row: "H45", name: "quotes, unknown entities and control characters", odd: []string{"entities"}},
	{row: "N8", name: "CDATA sections", odd: []string{"cdata"}, work: showsValues(map[string]string{model: "CP-8841-3PCC"}, model)},
	{row: "N9", name: "default namespaces", odd: []string{"default-namespace"}},
	{row: "N10", name: "namespace cwmp-1-0", odd: []string{"cwmp-1-0"}},
	{row: "N10", name: "namespace cwmp-1-3", odd: []string{"cwmp-1-3"}},
	{row: "N10", name: "namespace cwmp-1-4", odd: []string{"cwmp-1-4"}},
	{row: "N10", name: "a namespace that there is not", odd: []string{"cwmp-1-9"}},
	{row: "N10", name: "a vendor's namespace is refused", odd: []string{"vendor-namespace"}, work: isNotUnderstood},
}

// isCalledByItsName checks that the name of the maker arrived as it is.
func isCalledByItsName(p *oddPhone) {
	p.Helper()
	if record, want := p.arrives(), p.phone.Identity().Manufacturer; record.Manufacturer != want {
		p.Errorf("the server calls the maker %q, want %q", record.Manufacturer, want)
	}
	p.readsAndSets()
}

var oddInforms = []oddCase{
	{row: "H11", name: "no ParameterList", odd: []string{"no-parameter-list"}},
	{row: "H11", name: "no Event", odd: []string{"no-event"}},
	{row: "H11", name: "no RetryCount", odd: []string{"no-retry-count"}},
	{row: "H11", name: "no MaxEnvelopes", odd: []string{"no-max-envelopes"}},
	{row: "H11", name: "no CurrentTime", odd: []string{"no-current-time"}},
	{row: "H11", name: "no ProductClass", odd: []string{"no-product-class"}},
	{row: "H11", name: "no Manufacturer", odd: []string{"no-manufacturer"}},
	{row: "H11", name: "nothing but a DeviceId", odd: []string{"no-parameter-list", "no-event", "no-retry-count", "no-max-envelopes", "no-current-time", "no-product-class", "no-manufacturer"}},
	{row: "H12", name: "values without a type", odd: []string{"values-untyped"}},
	{row: "H13", name: "booleans that are none", odd: []string{"booleans-unreadable"}},
	{row: "H13", name: "numbers that are none", odd: []string{"numbers-unreadable"}},
	{row: "H13", name: "times that are none", odd: []string{"times-unreadable"}},
	{row: "H14", name: "types that there are not", odd: []string{"values-of-unknown-type"}},
	{row: "H14", name: "a type without its name", odd: []string{"values-of-no-type"}},
	{row: "H14", name: "arrays whose type is broken", odd: []string{"open-array-type"}},
	{row: "H39", name: "no ConnectionRequestURL", odd: []string{"no-connection-request-url"}},
	{row: "H39", name: "a ConnectionRequestURL that is none", odd: []string{"bad-connection-request-url"}},
	{row: "H44", name: "event codes with characters of all kinds", odd: []string{"odd-events"}},
	{row: "H44", name: "event codes with white space", odd: []string{"spaced-events"}},
	{row: "N7", name: "a Name without a Value", odd: []string{"value-left-out"}},
	{row: "N11", name: "booleans in capitals", odd: []string{"boolean-words"}},
	{row: "N12", name: "no OUI", odd: []string{"no-oui"}},
	{row: "N20", name: "a ConnectionRequestURL with https", odd: []string{"https-connection-request-url"}},
}

var oddLists = []oddCase{
	{row: "H15", name: "names that break the rules", odd: []string{"names-invalid"}, work: (*oddPhone).refreshes},
	{row: "H16", name: "no Writable", odd: []string{"no-writable"}, work: (*oddPhone).refreshes},
	{row: "H16", name: "Writable that is neither true nor false", odd: []string{"worded-writable"}, work: (*oddPhone).refreshes},
	{row: "H17", name: "parameters without their objects", odd: []string{"names-without-objects"}, work: (*oddPhone).refreshes},
	{row: "H18", name: "objects without their dot", odd: []string{"names-without-dots"}, work: (*oddPhone).refreshes},
	{row: "H19", name: "names that were not asked for", odd: []string{"names-unasked"}, work: (*oddPhone).refreshes},
	{row: "H19", name: "values that were not asked for", odd: []string{"values-unasked"}},
	{row: "H19", name: "every value twice", odd: []string{"values-twice"}, work: (*oddPhone).refreshes},
	{row: "H19", name: "attributes that were not asked for", odd: []string{"attributes-unasked"}, work: readsAttributes},
	{row: "H20", name: "values that are missing", odd: []string{"values-missing"}, work: showsValues(map[string]string{model: "CP-8841-3PCC", zone: ""}, model, zone)},
	{row: "H20", name: "values that are missing in a refresh", odd: []string{"values-missing"}, work: (*oddPhone).refreshes},
	{row: "H21", name: "the root cannot be listed", odd: []string{"sagemcom"}, work: (*oddPhone).refreshes},
	{row: "H21", name: "the root cannot be listed and nobody knows", odd: []string{"no-root-names"}, work: failsThenCompletes("", object{"kind": "refresh", "path": ""})},
	{row: "H22", name: "the tree at once is too much", odd: []string{"no-whole-tree"}, work: (*oddPhone).refreshes},
	{row: "H22", name: "more than 16 names are too much", odd: []string{"names-16"}, work: (*oddPhone).refreshes},
	{row: "H22", name: "more than 16 parameters are too much", odd: []string{"few-parameters"}},
	{row: "H22", name: "the tree at once is too much, and each level has names of all kinds", odd: []string{"no-whole-tree", "names-invalid", "names-unasked", "names-ghost"}, work: (*oddPhone).refreshes},
	{row: "H23", name: "a parameter is listed and not known", odd: []string{"names-ghost"}, work: (*oddPhone).refreshes},
	{row: "H24", name: "everything is listed as read-only", odd: []string{"all-read-only"}, work: (*oddPhone).refreshes},
}

func readsAttributes(p *oddPhone) {
	p.Helper()
	p.arrives()
	task := p.c.Queue(p.id, object{"kind": "getParameterAttributes", "paths": []string{ntp}})
	p.informs()
	p.succeeded(task.ID)
	p.readsAndSets()
}

var oddAnswers = []oddCase{
	{row: "H25", name: "booleans are 0 or 1 alone", odd: []string{"digit-booleans"}, work: setsABoolean},
	{row: "H26", name: "no fractions of a second", odd: []string{"whole-seconds"}, work: setsATime},
	{row: "H27", name: "values of any type", odd: []string{"any-type"}},
	{row: "H30", name: "no Status", odd: []string{"no-status"}},
	{row: "H30", name: "a word for a Status", odd: []string{"worded-status"}},
	{row: "H31", name: "the answer to another request", odd: []string{"wrong-answer"}, work: failsThenCompletes("invalidResponse", object{"kind": "getParameterValues", "paths": []string{ntp}})},
	{row: "H31", name: "an ID of its own", odd: []string{"wrong-id"}, work: failsThenCompletes("invalidResponse", object{"kind": "getParameterValues", "paths": []string{ntp}})},
	{row: "H32", name: "faults without a detail", odd: []string{"fault-without-detail"}, work: failsThenCompletes("invalidResponse", unknownParameter)},
	{row: "H32", name: "faults without faultcode and faultstring", odd: []string{"fault-without-faultcode"}, work: failsThenCompletes("", unknownParameter)},
	{row: "H32", name: "faults without a FaultString", odd: []string{"fault-without-string"}, work: failsThenCompletes("", unknownParameter)},
	{row: "H32", name: "faults without a FaultCode", odd: []string{"fault-without-code"}, work: failsThenCompletes("invalidResponse", unknownParameter)},
	{row: "N13", name: "9002 to 32 names", odd: []string{"names-9002"}, work: (*oddPhone).refreshes},
	{row: "N13", name: "9003 to 32 names", odd: []string{"names-9003"}, work: (*oddPhone).refreshes},
	{row: "N13", name: "9004 to two values", odd: []string{"sets-9004"}, work: setsTwo},
	{row: "N13", name: "9003 to a name that comes twice", odd: []string{"duplicates-9003"}},
	{row: "N21", name: "values that are applied after the session", odd: []string{"values-applied-later"}},
	{row: "N21", name: "Status 1", odd: []string{"status-one"}},
	{row: "N22", name: "a value that changed on the phone", work: setsWhatWasChanged},
	{row: "F4", name: "values that are taken and not set", odd: []string{"ignores-sets"}, work: setsOnce},
}

var unknownParameter = object{"kind": "getParameterValues", "paths": []string{"Device.DeviceInfo.NoSuchThing"}}

func (p *oddPhone) sets(parameters ...object) {
	p.Helper()
	task := p.c.Queue(p.id, object{"kind": "setParameterValues", "parameters": parameters})
	p.informs()
	p.succeeded(task.ID)
	p.completes()
}

func setsABoolean(p *oddPhone) {
	const enable = "Device.ManagementServer.PeriodicInformEnable"
	p.arrives()
	for given, want := range map[string]string{"false": "0", "true": "1"} {
		p.sets(setting(enable, given))
		holds(p.T, p.phone, enable, want)
	}
}

func setsATime(p *oddPhone) {
	const phase = "Device.ManagementServer.PeriodicInformTime"
	p.arrives()
	p.sets(setting(phase, "2026-03-14T15:09:26Z"))
	holds(p.T, p.phone, phase, "2026-03-14T15:09:26Z")
}

func setsTwo(p *oddPhone) {
	p.arrives()
	p.sets(setting(ntp, "two.example.net"), setting(zone, "CET-1"))
	holds(p.T, p.phone, ntp, "two.example.net")
	holds(p.T, p.phone, zone, "CET-1")
}

func setsWhatWasChanged(p *oddPhone) {
	p.arrives()
	p.sets(setting(ntp, "same.example.net"))
	if err := p.phone.SetLocal(ntp, "changed.example.net"); err != nil {
		p.Fatal(err)
	}
	p.sets(setting(ntp, "same.example.net"))
	holds(p.T, p.phone, ntp, "same.example.net")
}

// setsOnce checks that a value is not set again and again because it does not stay.
func setsOnce(p *oddPhone) {
	p.arrives()
	before := p.phone.Counters()["SetParameterValues"]
	p.sets(setting(ntp, "ignored.example.net"))
	p.completes()
	if n := p.phone.Counters()["SetParameterValues"] - before; n != 1 {
		p.Errorf("the value was set %d times, want once", n)
	}
}
