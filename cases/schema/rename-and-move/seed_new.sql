INSERT INTO sales.orders DEFAULT VALUES; INSERT INTO stock.things DEFAULT VALUES; INSERT INTO sales.kept VALUES (7); SELECT nextval('stock.numbers');
