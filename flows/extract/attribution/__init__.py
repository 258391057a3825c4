"""Attribution: the cue and the phrase that names the speaker, for quoted and reported speech."""
