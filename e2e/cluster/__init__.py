"""A Kubernetes cluster to test and show flower-operator on: `python3 -m e2e.cluster up`.

One way everywhere: kind. What a machine lacks for it (a Docker engine, the node image, kubectl, helm) is made from
Debian's packages and Go modules. Standard library only, so that it runs before anything of the project is installed.
`README.md` beside this file tells how it works.
"""
