"""How it looks: design tokens, and the palette, style sheet and fonts made from them."""
