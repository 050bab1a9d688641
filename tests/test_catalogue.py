"""The whole catalogue, every version, collected by the pytest plugin: one item a claim."""

from harness.discovery import finder

globals().update(
    {
        header.ref.replace("@", "_v"): finder.theorem(header.ref)
        for header in finder.installed().theorems
    }
)
