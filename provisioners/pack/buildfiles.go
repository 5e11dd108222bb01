package pack

import "slices"

func (b *builder) files() {
	if b.manifest.Fallback && len(b.manifest.Files) == 0 {
		return
	}
	if n := len(b.manifest.Files); n == 0 || n > maxPackFiles {
		b.wrong(at("files"), "a pack has 1 to %d files", maxPackFiles)
		return
	}
	programs := map[string]*program{}
	for i, f := range b.manifest.Files {
		file := &File{
			Name: f.Name, Template: f.Template, Format: Format(f.Format), ContentType: f.ContentType,
			Generic: f.Generic, Secrets: f.Secrets, Confirms: f.Confirms, Models: f.Models, Directory: f.Directory,
			carriage: f.Newline == "crlf", maxLine: f.MaxLine,
		}
		b.file(i, f, file)
		b.template(i, file, programs)
		b.pack.Files = append(b.pack.Files, file)
	}
	b.confirming()
}

func (b *builder) file(i int, f manifestFile, file *File) {
	var err error
	if file.pattern, err = compileName(f.Name, b.pack); err != nil {
		b.wrong(at("files", i, "name"), "%v", err)
	} else if f.Generic && file.pattern.personal() {
		b.wrong(at("files", i, "name"), "the name of a generic file has no {mac} and no {serial}")
	}
	if !slices.Contains(Formats(), file.Format) {
		b.wrong(at("files", i, "format"), "the format must be one of %v", Formats())
	}
	if !slices.Contains([]string{"", "lf", "crlf"}, f.Newline) {
		b.wrong(at("files", i, "newline"), "newline must be lf or crlf")
	}
	if f.MaxLine < 0 || f.MaxLine > defaultLine {
		b.wrong(at("files", i, "maxLine"), "maxLine must be 1 to %d", defaultLine)
	}
	if f.Generic && f.Secrets {
		b.wrong(at("files", i, "secrets"), "a generic file holds no secrets")
	}
	if file.Format == FormatPanasonic {
		file.carriage = true
		if file.maxLine == 0 {
			file.maxLine = panasonicLine
		}
	}
	if file.ContentType == "" {
		file.ContentType = file.Format.contentType()
	}
	if err := checkContentType(file.ContentType); err != nil {
		b.wrong(at("files", i, "contentType"), "%v", err)
	}
	for j, pattern := range f.Models {
		if !slices.ContainsFunc(b.pack.Models, func(m *Model) bool { return matchesModel(pattern, m.Name) }) {
			b.wrong(at("files", i, "models", j), "%q fits no model", pattern)
		}
	}
}

// template makes the file's program; files of the same template and format share one.
func (b *builder) template(i int, file *File, programs map[string]*program) {
	text, err := b.content.open(file.Template)
	if err != nil {
		b.wrong(at("files", i, "template"), "%v", err)
		return
	}
	key := string(file.Format) + " " + file.Template
	if programs[key] == nil {
		made, err := b.compile(file, text)
		if err != nil {
			b.add(err)
			return
		}
		programs[key] = made
	}
	file.program = programs[key]
}

// confirming checks that each model has one file after which it holds its settings.
func (b *builder) confirming() {
	for i, m := range b.pack.Models {
		n := 0
		for _, f := range b.pack.FilesOf(m) {
			if f.Confirms {
				n++
			}
		}
		if n != 1 {
			b.wrong(at("models", i), "%s has %d files with confirms: true, and must have one", m.Name, n)
		}
	}
}
