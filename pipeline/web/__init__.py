"""Sổ theo dõi trên trình duyệt: the register in a browser. Pages are made on the server; one process serves them."""
