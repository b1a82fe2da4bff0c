module github.com/highwater-dev/highwater

go 1.26
