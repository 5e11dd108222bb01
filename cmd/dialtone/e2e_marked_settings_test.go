//go:build e2e

package main

import (
	"net/http"
	"strings"

	"github.com/dialtone-acs/dialtone/cpe/filephone"
)

// settings declares passwords at every level and has a phone fetch a file with them:
// the phone gets them, and nobody else.
func (m *marked) settings() {
	set := func(path, place string) object { return declare(path, m.plant(place)) }
	m.admin.Post("groups", object{"path": "acme"})
	m.admin.put("global", set("admin.password", "setting of all phones"), object{"path": "user.password", "value": "auto"})
	m.admin.put("groups/acme", set("account.*.password", "setting of a group"))
	m.admin.Post("lines", object{"group": "acme", "number": "201", "password": m.plant("password of a line")}).Want(http.StatusCreated)
	m.admin.Post("lines", object{"group": "acme", "number": "202", "password": "auto"}).Want(http.StatusCreated)
	mac := macOf(filephone.Yealink, 1)
	var added fileDevice
	m.admin.Post("devices", object{"mac": mac, "model": fileModels()[filephone.Yealink], "group": "acme", "line": "201", "settings": []object{
		declare("account.2.line", "202"), set("provisioning.password", "setting of a phone"),
	}}).Want(http.StatusCreated).Decode(&added)
	phone := filePhone(m.t, filephone.Yealink, mac, m.server.FilesURL(), false)
	fetch(m.t, phone)
	held := phone.Held()
	if len(held.Accounts) != 2 || held.Accounts[0].Password != m.places["password of a line"] || held.AdminPassword != m.places["setting of all phones"] {
		m.t.Errorf("the phone was not given its passwords: nothing of them is tested; it has %d accounts", len(held.Accounts))
	}
	m.add(m.t, "password that was made for a line", held.Accounts[1].Password)
	m.admin.converge(added.ID)
	m.planned(added.ID)
	m.refusedSettings(added.ID)
}

// planned asks what a change of passwords would do.
func (m *marked) planned(id string) {
	change := object{"level": object{"kind": "group", "id": "acme"}, "set": []object{declare("admin.password", m.plant("setting that is only planned"))}}
	m.admin.Post("settings/plan", change).Want(http.StatusOK)
	answer := m.admin.Post("devices/"+id+"/settings/plan", change).Want(http.StatusOK)
	if !strings.Contains(string(answer.Body), "password") {
		m.t.Errorf("the plan shows no changed password: nothing of it is tested: %s", tail(string(answer.Body), 300))
	}
}

// refusedSettings sends passwords that cannot be.
func (m *marked) refusedSettings(id string) {
	long := strings.Repeat(m.plant("setting that is too long"), 40)
	for _, set := range []object{declare("admin.password", long), declare("admin.passwort", m.plant("setting that is not known")), declare("account.1.password", []string{m.plant("setting of another type")})} {
		m.admin.Do(http.MethodPatch, "devices/"+id+"/settings", object{"set": []object{set}}).Want(http.StatusUnprocessableEntity)
	}
}
