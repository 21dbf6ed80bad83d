ALTER TYPE mood ADD VALUE 'worst' BEFORE 'bad';
