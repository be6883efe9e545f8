"""Lists that leave Loyal: which there are, how they are written, and the register of who took them."""
