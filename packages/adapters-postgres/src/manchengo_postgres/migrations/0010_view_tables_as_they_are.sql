-- The last step that knows of view tables: from here on they are made from the row classes, and made
-- anew where those change. So that nothing is made anew now, this says what they are by this step.
-- A new plant has nothing in its log, and its view tables are made from the row classes at once.
INSERT INTO _config (name, value) SELECT 'view_tables',
    'suppliers:2683c7f2ceb5f834:e97bb805599e0cce ' ||
    'clients:30484160e8e1c7c1:2d643b1fa34fc3af ' ||
    'products_mp:f54a4076793a7815:219231cbdedbebce ' ||
    'products_pf:2e23794a35837dd8:aae537508aedac72 ' ||
    'recipes:ffe4a5ec342d67dc:b3db3f856c67c08b ' ||
    'recipe_ingredients:f1277213a1eb14c4:993eebc53ddd4007 ' ||
    'lots_mp:6b38dda27620db14:36075dfb03743f86 ' ||
    'lots_pf:d81d7cc37489cb87:e5ab38e68c1ec2c8 ' ||
    'stock_movements:fead9ff81f76af2d:92bfd8cae22eb38f ' ||
    'lot_reservations:892d336c1be2c4ac:dde1d66b7b19694a ' ||
    'lot_corrections:ceba6ca1dee59449:e3b0c44298fc1c14 ' ||
    'production_orders:29468475bd40e6eb:764e4c53e1e8e764 ' ||
    'production_consumptions:718a4850940284da:59877e400e5fbeca ' ||
    'sales_orders:797024936cdb2502:ff38c58d64691a44 ' ||
    'sales_order_lines:bf3a4040b4837410:0fae328906f7e377 ' ||
    'deliveries:4aacfaafe406b773:dbe4461a842dc81a ' ||
    'delivery_lines:29b70c70be7d2bf9:5b6e7a7dde2354e5 ' ||
    'invoices:be41be4ed507e63c:9517bb25ad68febd ' ||
    'invoice_lines:f654f336332789c9:0f811aed1613dc04 ' ||
    'credit_notes:c04c1fdbfcca4f98:92f4b0e4c6abf4f1 ' ||
    'payments:fd11859ce031a362:dfd33f7320f5c7db ' ||
    'payment_allocations:ad381e929c9d08da:7c1a3626d6a5409a ' ||
    'users:082778081786a964:fe0175700da4cb71 ' ||
    'devices:b1a210942106400c:517afc32954af074 ' ||
    'imports:414be76d41676be7:f3066d9035672e15 ' ||
    'resolution_items:538a2ebb87e3dbff:909cea102abcc943 ' ||
    'resolution_claims:4cca72dbe8372ce6:d5ceecc5fdb8b3af'
WHERE EXISTS (SELECT 1 FROM _events);
