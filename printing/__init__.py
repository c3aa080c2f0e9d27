"""From what a certificate says to paper: content, layout in millimetres, bytes, device."""
