-- The last step that knows of view tables: from here on they are made from the row classes, and made
-- anew where those change. So that nothing is made anew now, this says what they are by this step.
-- A new database has nothing in its log, and its view tables are made from the row classes at once.
INSERT INTO _config (name, value) SELECT 'view_tables',
    'suppliers:94fdc2ad962dce89:07d1341d156873e8 ' ||
    'clients:926f97d9b1f2da49:2b6889dc7167f4ee ' ||
    'products_mp:945160060fdac0ee:fc99e51c12a84b18 ' ||
    'products_pf:61e2a314012e343a:6a1a0abaeb491b20 ' ||
    'recipes:124d5ac12d61a8df:b3db3f856c67c08b ' ||
    'recipe_ingredients:99e400f268e8406a:993eebc53ddd4007 ' ||
    'lots_mp:9ab8f0f5f6659bd2:9c5c99f24d5c3a57 ' ||
    'lots_pf:f096837285ed89e6:2b4a4d6a6e95df1e ' ||
    'stock_movements:11bb835ca88b3848:92bfd8cae22eb38f ' ||
    'lot_reservations:77b711ab227f7866:dde1d66b7b19694a ' ||
    'lot_corrections:d1b06e0497827e3a:e3b0c44298fc1c14 ' ||
    'production_orders:3ab63cd0294884ce:355fae130c576c73 ' ||
    'production_consumptions:89dc42cea1156f8d:59877e400e5fbeca ' ||
    'sales_orders:86d160d81bbd10ec:d95d08a82e51a46d ' ||
    'sales_order_lines:74be7b6e420832c6:0fae328906f7e377 ' ||
    'deliveries:955322857d9029e1:89a77bd8740343af ' ||
    'delivery_lines:34f0d45b67e71de9:5b6e7a7dde2354e5 ' ||
    'invoices:e4ead6c42c0d96ff:073fe98c1f1fbc24 ' ||
    'invoice_lines:07879dd5634dff91:0f811aed1613dc04 ' ||
    'credit_notes:082da07f35bef0d3:e5da501351a71a55 ' ||
    'payments:4665017f8a3b2d95:dfd33f7320f5c7db ' ||
    'payment_allocations:44203c5cad2a6b06:7c1a3626d6a5409a ' ||
    'users:8f5eff6c7479ded8:891b70f0d023ded0 ' ||
    'devices:0e4862d980b03f35:354ed68e65cf1de8 ' ||
    'imports:2e2b5d3233e9c201:ed6fb2b0b3c1d273 ' ||
    'resolution_items:46891decd6d3d76b:5184808904b9c6b1 ' ||
    'resolution_claims:863e59e9abd82ddb:f6cf465dcf5668c0'
WHERE EXISTS (SELECT 1 FROM _events);
