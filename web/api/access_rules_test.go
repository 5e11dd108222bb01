package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/access"
	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/web/api"
)

func TestARuleOfDeviceAccessIsMadeShownAndDeleted(t *testing.T) {
	h := newHouse(t, func(o *api.Options) {
		o.FallbackRule = access.Rule{Name: "options", Enabled: true, Methods: []access.Method{access.None}}
	})
	const body = `{"name":"Cisco","priority":10,"enabled":true,"filter":"oui = \"00562B\"","methods":["certificate","digest"],"unknown":"accept","rotate":true,"rotateAfter":"2160h","identity":{"serialNumber":"{L}","productClass":"{OU}","mac":"{ST}"}}`
	a := h.do(http.MethodPut, "/api/v1/accessRules/cisco", h.admin, body).want(http.StatusOK)
	if r := as[api.AccessRule](a); r.Rebootstrap != access.Quarantine || r.RotateAfter != "2160h0m0s" || r.Identity.SerialNumber != "{L}" || r.Revision != 1 {
		t.Errorf("made %s", a.body)
	}
	all := as[api.Page[api.AccessRule]](h.do(http.MethodGet, "/api/v1/accessRules", h.operator, "").want(http.StatusOK))
	if len(all.Items) != 2 || all.Items[0].ID != "cisco" || !all.Items[1].BuiltIn || all.Items[1].Name != "options" {
		t.Errorf("listed %+v", all.Items)
	}
	h.do(http.MethodPut, "/api/v1/accessRules/cisco", h.operator, body).problem(http.StatusForbidden, "forbidden")
	h.do(http.MethodPut, "/api/v1/accessRules/cisco", h.admin, body, "If-Match", `"r9"`).problem(http.StatusPreconditionFailed, "precondition-failed")
	h.do(http.MethodDelete, "/api/v1/accessRules/cisco", h.admin, "").want(http.StatusNoContent)
	h.do(http.MethodDelete, "/api/v1/accessRules/cisco", h.admin, "").problem(http.StatusNotFound, "not-found")
}

func TestARuleThatCannotBeIsRefusedByItsField(t *testing.T) {
	h := newHouse(t)
	for body, location := range map[string]string{
		`{"name":"x","enabled":true,"methods":["digest"],"filter":"model = ("}`:                       "body.filter",
		`{"name":"x","enabled":true,"methods":["digest"],"rotateAfter":"soon"}`:                       "body.rotateAfter",
		`{"name":"x","enabled":true,"methods":["digest","digest"]}`:                                   "body.methods[1]",
		`{"name":"x","enabled":true,"methods":["certificate"],"identity":{"serialNumber":"{NOSUCH"}}`: "body.identity.serialNumber",
	} {
		a := h.do(http.MethodPut, "/api/v1/accessRules/x", h.admin, body)
		a.problem(http.StatusUnprocessableEntity, "invalid")
		if !strings.Contains(string(a.body), `"location":"`+location) {
			t.Errorf("%s: %s", body, a.body)
		}
	}
}

func TestARefusedFilterSaysWhereItIsWrong(t *testing.T) {
	h := newHouse(t)
	for _, call := range []struct{ path, body string }{
		{"/api/v1/accessRules/x", `{"name":"x","enabled":true,"methods":["digest"],"filter":"oui = \"000E08\" colour = red"}`},
		{"/api/v1/sharedCredentials/x", `{"username":"x","password":"y","enabled":true,"filter":"oui = \"000E08\" colour = red"}`},
	} {
		a := h.do(http.MethodPut, call.path, h.admin, call.body)
		p := a.problem(http.StatusUnprocessableEntity, "invalid")
		if at := p.Errors[0].Position; at == nil || *at != 15 || p.Errors[0].Location != "body.filter" {
			t.Errorf("%s: %s", call.path, a.body)
		}
	}
}

func TestThePasswordOfASharedCredentialIsSealedAndNeverShown(t *testing.T) {
	h := newHouse(t)
	h.do(http.MethodPut, "/api/v1/sharedCredentials/factory", h.admin, `{"username":"phone","enabled":true}`).problem(http.StatusUnprocessableEntity, "invalid")
	h.do(http.MethodPut, "/api/v1/sharedCredentials/factory", h.admin, `{"username":"phone","password":"pl4nted","enabled":true}`).want(http.StatusOK)
	stored := func() string {
		d, err := h.store.Declared().Document(t.Context(), declared.SharedCredential, "factory")
		check(t, err)
		sealed, err := access.SharedPassword(d.Body)
		check(t, err)
		plain, err := h.keeper.Open(sealed, access.SharedCredentialOwner("factory"))
		check(t, err)
		return plain.Reveal()
	}
	if stored() != "pl4nted" {
		t.Error("the password is not the one that was given")
	}
	a := h.do(http.MethodPut, "/api/v1/sharedCredentials/factory", h.admin, `{"username":"phone2","enabled":false}`).want(http.StatusOK)
	if c := as[api.SharedCredential](a); c.Username != "phone2" || c.Password != nil || !c.Secret || stored() != "pl4nted" {
		t.Errorf("changed to %s", a.body)
	}
	list := h.do(http.MethodGet, "/api/v1/sharedCredentials", h.admin, "").want(http.StatusOK)
	audit := h.do(http.MethodGet, "/api/v1/audit", h.admin, "").want(http.StatusOK)
	for name, text := range map[string]string{"list": string(list.body), "audit log": string(audit.body), "log": h.log.String()} {
		if strings.Contains(text, "pl4nted") || strings.Contains(text, "sealed") {
			t.Errorf("the %s tells: %s", name, text)
		}
	}
	h.do(http.MethodDelete, "/api/v1/sharedCredentials/factory", h.admin, "").want(http.StatusNoContent)
}
