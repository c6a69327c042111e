"""From an order to a link: jobs ordered, watched and taken up again after a restart."""
