"""The page of one or several runs: a static site of plain files, which opens from a disk, from a CI
server's artifacts and under any path of a web server."""
