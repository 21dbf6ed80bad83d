ALTER TYPE mood ADD VALUE 'best' AFTER 'good';
