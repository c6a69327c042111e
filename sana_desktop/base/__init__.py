"""Ground floor: rules and services that know nothing of Sana; standard library only."""
