module flower-operator.io/e2e/pause

go 1.26.0
