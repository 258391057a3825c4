"""`python -m ontherecord` is the command line."""

from ontherecord.flows.cli.main import main

if __name__ == "__main__":
    main()
