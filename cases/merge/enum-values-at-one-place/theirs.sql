ALTER TYPE mood ADD VALUE 'fine' AFTER 'bad';
