"""Attribution: which words say that somebody speaks, and the phrase that names the speaker."""
