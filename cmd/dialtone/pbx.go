package main

import (
	"fmt"
	"os"

	"github.com/dialtone-acs/dialtone/provisioners/pbx"
)

// pbxOptions say where the files of a PBX go.
type pbxOptions struct {
	PBXDir       string `name:"pbx-dir" help:"Folder into which the files are written that a PBX needs of the accounts of phones; it must exist. Default: none are written." placeholder:"DIR"`
	PBXTemplates string `name:"pbx-templates" help:"Folder with templates of these files, NAME.tmpl for the file NAME. Default: those of this program, for Asterisk." placeholder:"DIR"`
	PBXReload    string `name:"pbx-reload" help:"Command that a shell runs once the files changed, such as 'asterisk -rx \"core reload\"'. Default: none." placeholder:"COMMAND"`
}

// publisher returns what keeps the files of the PBX, nil if there is none. It returns an
// error that names the flag.
func (o pbxOptions) publisher() (*pbx.Publisher, error) {
	if o.PBXDir == "" {
		if o.PBXTemplates != "" || o.PBXReload != "" {
			return nil, fmt.Errorf("--pbx-templates and --pbx-reload: need --pbx-dir")
		}
		return nil, nil
	}
	if info, err := os.Stat(o.PBXDir); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("--pbx-dir: %s must be a folder that exists", o.PBXDir)
	}
	folder := pbx.BuiltIn()
	if o.PBXTemplates != "" {
		folder = os.DirFS(o.PBXTemplates)
	}
	templates, err := pbx.ReadTemplates(folder)
	if err != nil {
		return nil, fmt.Errorf("--pbx-templates: %w", err)
	}
	return pbx.NewPublisher(templates, pbx.Writer{Dir: o.PBXDir, Reload: o.PBXReload}), nil
}

// checkPBX refuses options that cannot be, naming the flag.
func (o pbxOptions) checkPBX() error {
	_, err := o.publisher()
	return err
}
