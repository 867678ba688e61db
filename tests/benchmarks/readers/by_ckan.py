"""CKAN's harvester as a reader of catalogues: N-Triples from stdin, what it finds as JSON.

Run in an environment of ckan and ckanext-dcat, without a CKAN.
"""

import json
import sys

from ckanext.dcat.processors import RDFParser

parser = RDFParser(profiles=["euro_dcat_ap_3"])
parser.parse(sys.stdin.read(), _format="nt")
found = [
    {
        "uri": next(each["value"] for each in dataset["extras"] if each["key"] == "uri"),
        "title": dataset["title"],
        "resources": [
            {name: each.get(name) for name in ("uri", "download_url", "size", "hash", "license")}
            for each in dataset["resources"]
        ],
    }
    for dataset in parser.datasets()
]
json.dump(found, sys.stdout)
