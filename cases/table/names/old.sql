CREATE TABLE "Üñï ✨ table" ("select" int PRIMARY KEY, "a.b" text, "q""q" text);
