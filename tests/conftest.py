"""How often properties are tried: twenty-five times in quick runs, a hundred times with slow tests.

``pytest --hypothesis-profile thorough`` is what the coverage run of tox says.
"""

from hypothesis import settings

settings.register_profile("quick", max_examples=25)
settings.register_profile("thorough", max_examples=100)
settings.load_profile("quick")
