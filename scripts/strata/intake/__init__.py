"""The way of records into the warehouse: the door judges them, the warehouse stores them, and this joins the two."""
