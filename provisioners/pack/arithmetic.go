package pack

import (
	"errors"
	"strconv"
)

// errNumber is returned where a number is expected. It does not say what was there.
var errNumber = errors.New("a whole number is expected")

// number reads a whole number.
func number(x any) (int, error) {
	if n, ok := x.(int); ok {
		return n, nil
	}
	text, err := plainText(x)
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, errNumber
	}
	return n, nil
}

func arithmetic(operate func(a, b int) (int, error)) func(a, b any) (int, error) {
	return func(a, b any) (int, error) {
		first, err := number(a)
		if err != nil {
			return 0, err
		}
		second, err := number(b)
		if err != nil {
			return 0, err
		}
		return operate(first, second)
	}
}

func quotient(a, b int) (int, error) {
	if b == 0 {
		return 0, errors.New("division by zero")
	}
	return a / b, nil
}

// wholes returns how many whole units a number of seconds has.
func wholes(x any, unit int) (int, error) {
	n, err := number(x)
	return n / unit, err
}

// sequence returns the numbers from a to b, none if b is less.
func (g *guard) sequence(a, b any) ([]int, error) {
	first, err := number(a)
	if err != nil {
		return nil, err
	}
	last, err := number(b)
	if err != nil {
		return nil, err
	}
	if last < first {
		return nil, nil
	}
	// The difference may overflow, and is then negative.
	if n := last - first; n < 0 || n >= maxItems {
		return nil, ErrWork
	}
	if err := g.spend((last - first + 1) * 8); err != nil {
		return nil, err
	}
	numbers := make([]int, 0, last-first+1)
	for n := first; n <= last; n++ {
		numbers = append(numbers, n)
	}
	return numbers, nil
}
