module starter-name

go 1.26.0
