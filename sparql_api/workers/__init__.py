"""Workers: the processes that hold a release and answer from it."""
