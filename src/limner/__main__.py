"""`python -m limner`."""

from limner.cli.main import main

if __name__ == "__main__":
    main()
