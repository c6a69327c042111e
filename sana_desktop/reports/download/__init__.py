"""From a link to a verified report in place: fetched, resumed, checked, named, cared for."""
