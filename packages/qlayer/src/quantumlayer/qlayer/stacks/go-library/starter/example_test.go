package startername_test

import (
	"fmt"

	intervals "starter-name"
)

func ExampleMerged() {
	fmt.Println(intervals.Merged([]intervals.Interval{{5, 7}, {1, 3}, {2, 4}}))
	// Output: [{1 4} {5 7}]
}
