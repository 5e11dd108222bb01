package pack

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// structure is the one of a file, as Format.Structure returns it.
type structure = []string

// Structure checks the syntax of a rendered file and returns what it consists of apart
// from its values: names of keys, elements and attributes in their order. Two files that
// differ in values only have the same. The error says at which line of the file it is
// wrong, and holds nothing of it.
func (f Format) Structure(content []byte) ([]string, error) {
	if !utf8.Valid(content) {
		return nil, errors.New("is not UTF-8")
	}
	switch f {
	case FormatXML:
		return xmlStructure(content)
	case FormatJSON:
		return jsonStructure(content)
	case FormatCSV:
		return csvStructure(content)
	case FormatPanasonic:
		return panasonicStructure(content)
	case FormatKeyValue:
		return lineStructure(content, '=')
	case FormatColonValue:
		return lineStructure(content, ':')
	default:
		return structure{fmt.Sprint(bytes.Count(content, []byte("\n")))}, nil
	}
}

// lineStructure returns the keys of lines of key, separator and value.
func lineStructure(content []byte, separator byte) (structure, error) {
	var keys structure
	err := scanLines(content, separator, func(key []byte) { keys = append(keys, string(key)) })
	return keys, err
}

func xmlStructure(content []byte) (structure, error) {
	decoder := xml.NewDecoder(bytes.NewReader(content))
	var s structure
	depth, roots := 0, 0
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		line, _ := decoder.InputPos()
		if err != nil {
			return nil, fmt.Errorf("line %d is not well-formed XML", line)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth++; depth == 1 {
				roots++
			}
			s = append(s, "<"+t.Name.Space+" "+t.Name.Local)
			for _, attribute := range t.Attr {
				s = append(s, "@"+attribute.Name.Space+" "+attribute.Name.Local)
			}
		case xml.EndElement:
			depth--
			s = append(s, ">")
		case xml.CharData:
			if depth == 0 && len(bytes.TrimSpace(t)) > 0 {
				return nil, fmt.Errorf("line %d has text outside of the root element", line)
			}
		case xml.Comment:
			s = append(s, "!")
		}
	}
	if roots != 1 {
		return nil, fmt.Errorf("has %d root elements, and must have one", roots)
	}
	return s, nil
}

func jsonStructure(content []byte) (structure, error) {
	if !json.Valid(content) {
		return nil, errors.New("is not JSON")
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	var s structure
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return s, nil
		}
		if err != nil {
			return nil, errors.New("is not JSON")
		}
		if delimiter, ok := token.(json.Delim); ok {
			s = append(s, delimiter.String())
		} else {
			s = append(s, fmt.Sprintf("%T", token))
		}
	}
}

func csvStructure(content []byte) (structure, error) {
	records, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	if err != nil {
		return nil, csvError(err)
	}
	return structure{fmt.Sprint(len(records))}, nil
}

func panasonicStructure(content []byte) (structure, error) {
	var keys structure
	err := scanPanasonic(content, func(key []byte) { keys = append(keys, string(key)) })
	return keys, err
}
