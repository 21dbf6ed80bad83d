UPDATE children SET n = n * 2;
