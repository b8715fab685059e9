"""python -m uig_cli"""

from uig_cli.app import main

main()
