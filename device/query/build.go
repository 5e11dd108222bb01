package query

// AllOf returns the expression that matches if every term does, in normal form:
// nested And are joined. Nil terms mean All; no term at all gives All.
func AllOf(terms ...Expr) Expr {
	var all []Expr
	for _, term := range terms {
		switch t := term.(type) {
		case nil:
			all = append(all, All{})
		case And:
			all = append(all, t.Terms...)
		default:
			all = append(all, t)
		}
	}
	switch len(all) {
	case 0:
		return All{}
	case 1:
		return all[0]
	}
	return And{Terms: all}
}

// AnyOf returns the expression that matches if any term does, in normal form:
// nested Or are joined. Nil terms mean All; no term at all gives Not{All}.
func AnyOf(terms ...Expr) Expr {
	var all []Expr
	for _, term := range terms {
		switch t := term.(type) {
		case nil:
			all = append(all, All{})
		case Or:
			all = append(all, t.Terms...)
		default:
			all = append(all, t)
		}
	}
	switch len(all) {
	case 0:
		return Not{Term: All{}}
	case 1:
		return all[0]
	}
	return Or{Terms: all}
}

// Negate returns the expression that matches exactly if e does not.
func Negate(e Expr) Expr {
	switch t := e.(type) {
	case nil:
		return Not{Term: All{}}
	case Not:
		return t.Term
	}
	return Not{Term: e}
}
