package pack

import (
	"strings"
	"text/template"
	"text/template/parse"
)

// rewriter changes the parse tree of a template: each value goes through the escaper of
// the file's format, and each loop and each template through the guard, as text/template
// has no other way to escape, or to be stopped.
type rewriter struct {
	tree *parse.Tree
	set  *template.Template
}

func (w *rewriter) rewrite() *Error {
	if err := w.list(w.tree.Root); err != nil {
		return err
	}
	first, last := w.call(w.tree.Root, enterFunction), w.call(w.tree.Root, leaveFunction)
	w.tree.Root.Nodes = append(append([]parse.Node{first}, w.tree.Root.Nodes...), last)
	return nil
}

func (w *rewriter) list(list *parse.ListNode) *Error {
	if list == nil {
		return nil
	}
	for _, node := range list.Nodes {
		if err := w.node(node); err != nil {
			return err
		}
	}
	return nil
}

func (w *rewriter) node(node parse.Node) *Error {
	switch n := node.(type) {
	case *parse.ActionNode:
		return w.action(n)
	case *parse.IfNode:
		return w.branch(&n.BranchNode)
	case *parse.WithNode:
		return w.branch(&n.BranchNode)
	case *parse.RangeNode:
		if err := w.branch(&n.BranchNode); err != nil {
			return err
		}
		turn := w.call(n, turnFunction)
		n.List.Nodes = append([]parse.Node{turn}, n.List.Nodes...)
	case *parse.TemplateNode:
		if w.set.Lookup(n.Name) == nil {
			return w.errorAt(n, "there is no template "+n.Name)
		}
		return w.pipe(n.Pipe)
	}
	return nil
}

func (w *rewriter) branch(b *parse.BranchNode) *Error {
	if err := w.pipe(b.Pipe); err != nil {
		return err
	}
	if err := w.list(b.List); err != nil {
		return err
	}
	return w.list(b.ElseList)
}

// action escapes what an action prints, unless its last step is raw. One that sets a
// variable prints nothing.
func (w *rewriter) action(n *parse.ActionNode) *Error {
	if err := w.pipe(n.Pipe); err != nil {
		return err
	}
	if len(n.Pipe.Decl) > 0 || functionOf(n.Pipe.Cmds[len(n.Pipe.Cmds)-1]) == rawFunction {
		return nil
	}
	n.Pipe.Cmds = append(n.Pipe.Cmds, w.command(n, escapeFunction))
	return nil
}

// pipe checks the functions that a pipeline calls.
func (w *rewriter) pipe(p *parse.PipeNode) *Error {
	if p == nil {
		return nil
	}
	for _, command := range p.Cmds {
		if err := w.checkCommand(command); err != nil {
			return err
		}
		for _, argument := range command.Args {
			if nested, ok := argument.(*parse.PipeNode); ok {
				if err := w.pipe(nested); err != nil {
					return err
				}
			}
			if chain, ok := argument.(*parse.ChainNode); ok {
				if nested, ok := chain.Node.(*parse.PipeNode); ok {
					if err := w.pipe(nested); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

// checkCommand refuses functions that would lead around the guard.
func (w *rewriter) checkCommand(command *parse.CommandNode) *Error {
	for _, argument := range command.Args {
		identifier, ok := argument.(*parse.IdentifierNode)
		if !ok {
			continue
		}
		switch name := identifier.Ident; {
		case strings.HasPrefix(name, "_"):
			return w.errorAt(identifier, "there is no function "+name)
		case name == "call" || name == "html" || name == "js" || name == "urlquery" || name == "println":
			return w.errorAt(identifier, "the function "+name+" is not for packs: values are escaped for the format of the file")
		}
	}
	name := functionOf(command)
	if name != "printf" && name != "fail" {
		return nil
	}
	if len(command.Args) < 2 {
		return w.errorAt(command, name+" needs a text in quotes")
	}
	literal, ok := command.Args[1].(*parse.StringNode)
	if !ok {
		return w.errorAt(command, name+" needs a text in quotes, not a value")
	}
	if name == "printf" {
		if _, err := verbs(literal.Text); err != nil {
			return w.errorAt(command, err.Error())
		}
	}
	return nil
}

// functionOf returns the function that a command calls, or "".
func functionOf(command *parse.CommandNode) string {
	if identifier, ok := command.Args[0].(*parse.IdentifierNode); ok {
		return identifier.Ident
	}
	return ""
}

// command returns a call of a function, placed where the node is.
func (w *rewriter) command(n parse.Node, function string) *parse.CommandNode {
	return &parse.CommandNode{
		NodeType: parse.NodeCommand, Pos: n.Position(),
		Args: []parse.Node{parse.NewIdentifier(function).SetPos(n.Position()).SetTree(w.tree)},
	}
}

func (w *rewriter) call(n parse.Node, function string) *parse.ActionNode {
	return &parse.ActionNode{NodeType: parse.NodeAction, Pos: n.Position(), Pipe: &parse.PipeNode{
		NodeType: parse.NodePipe, Pos: n.Position(), Cmds: []*parse.CommandNode{w.command(n, function)},
	}}
}
