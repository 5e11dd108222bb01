package roster

import (
	"strconv"

	"github.com/dialtone-acs/dialtone/provisioners/massdeployment"
)

// FromMassDeployment returns the phones of a list of AstLinux as they are here: each with
// the model that models has for its template, else the template's own (its name where
// there is no such template), and an account for each extension. Group and registrar are
// the same for all; either may be empty. Passwords that the list does not have are made
// here ("auto").
func FromMassDeployment(list *massdeployment.List, templates map[string]*massdeployment.Template, models map[string]string, group, registrar string) Roster {
	var r Roster
	for _, p := range list.Phones {
		template := templates[p.Template]
		if template == nil {
			template = &massdeployment.Template{Name: p.Template}
		}
		phone := Phone{Row: p.Line, MAC: p.MAC, Model: models[p.Template], Group: group, Settings: map[string]any{}}
		if phone.Model == "" {
			phone.Model = template.Model()
		}
		for i, e := range p.Extensions {
			phone.addExtension(i+1, e, template.Account(e), registrar)
		}
		r.Phones = append(r.Phones, phone)
	}
	return r
}

// addExtension gives the phone an extension of AstLinux as its account and line key n.
func (p *Phone) addExtension(n int, e massdeployment.Extension, account, registrar string) {
	index := strconv.Itoa(n)
	for name, value := range map[string]string{
		"user": account, "number": e.Number, "label": e.Number, "displayName": e.Name, "registrar": registrar, "password": passwordOf(e),
	} {
		if value != "" {
			p.Settings["account."+index+"."+name] = value
		}
	}
	p.Settings["key."+index+".type"] = "line"
	p.Settings["key."+index+".account"] = index
	if e.CallerNumber != "" && e.CallerNumber != e.Number {
		p.Notes = append(p.Notes, &RowError{p.Row, "extension", "has the caller's number " + e.CallerNumber + ", for which phones have no setting: the PBX decides it"})
	}
}

func passwordOf(e massdeployment.Extension) string {
	if e.Password.IsZero() {
		return Auto
	}
	return e.Password.Reveal()
}
