UPDATE children SET n = n + 1;
