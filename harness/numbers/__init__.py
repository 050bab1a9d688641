"""Numbers on which a function experiment is called a second time: enclosures and derivatives."""
