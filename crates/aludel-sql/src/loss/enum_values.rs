//! Values that a change of type takes out of an enum's columns: what `USING` writes in their place.

use crate::cursor::Cursor;

/// Returns the values that the expression replaces with others; `None` when it does more, or other things, than that.
///
/// Two forms are known, the ones that Aludel writes and a person would: `CASE column WHEN 'old' THEN 'new' … ELSE column END`
/// (also with `WHEN column = 'old'`) and `array_replace(column, 'old', 'new')`, with casts wherever they may stand.
pub fn replaced_values(using: &str, column: &str) -> Option<Vec<String>> {
    let mut reader = Reader {
        cursor: Cursor::new(using),
        column: column.trim_matches('"'),
        replaced: Vec::new(),
    };
    reader.expression()?;
    (reader.cursor.at_end() && !reader.replaced.is_empty()).then_some(reader.replaced)
}

struct Reader<'a> {
    cursor: Cursor<'a>,
    column: &'a str,
    replaced: Vec<String>,
}

impl Reader<'_> {
    /// The column, `CASE`, `array_replace`, or one of them in parentheses; with casts behind it.
    fn expression(&mut self) -> Option<()> {
        if self.cursor.eat_symbol(b'(') {
            self.expression()?;
            self.close()?;
        } else if self.cursor.eat("case") {
            self.case()?;
        } else {
            let parts = self.cursor.name_parts();
            match parts.last()?.as_str() {
                "array_replace" => self.array_replace()?,
                name if name == self.column && parts.len() == 1 => {}
                _ => return None,
            }
        }
        self.casts()
    }

    fn case(&mut self) -> Option<()> {
        let searched = self.cursor.is("when");
        if !searched {
            self.expression()?;
        }
        while self.cursor.eat("when") {
            if searched {
                self.expression()?;
                self.cursor.eat_symbol(b'=').then_some(())?;
            }
            let old = self.constant()?;
            self.replaced.push(old);
            self.cursor.eat("then").then_some(())?;
            self.constant()?;
        }
        // Without it every other value would be lost.
        self.cursor.eat("else").then_some(())?;
        self.expression()?;
        self.cursor.eat("end").then_some(())
    }

    fn array_replace(&mut self) -> Option<()> {
        self.cursor.eat_symbol(b'(').then_some(())?;
        self.expression()?;
        self.comma()?;
        let old = self.constant()?;
        self.replaced.push(old);
        self.comma()?;
        self.constant()?;
        self.close()
    }

    fn constant(&mut self) -> Option<String> {
        let value = self.cursor.string()?;
        self.casts()?;
        Some(value)
    }

    fn casts(&mut self) -> Option<()> {
        while self.cursor.eat_symbol(b':') {
            self.cursor.eat_symbol(b':').then_some(())?;
            self.cursor.name()?;
            while self.cursor.eat_symbol(b'[') {
                self.cursor.eat_symbol(b']').then_some(())?;
            }
        }
        Some(())
    }

    fn comma(&mut self) -> Option<()> {
        self.cursor.eat_symbol(b',').then_some(())
    }

    fn close(&mut self) -> Option<()> {
        self.cursor.eat_symbol(b')').then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::replaced_values;

    #[test]
    fn replaced_values_are_found_in_the_forms_that_replace_nothing_else() {
        for (using, values) in [
            (
                "(CASE s::text WHEN 'a' THEN 'b' WHEN 'it''s' THEN 'c' ELSE s::text END)::public.status",
                Some(vec!["a", "it's"]),
            ),
            (
                "CASE WHEN \"s\" = 'a' THEN 'b'::status ELSE s::text::status END",
                Some(vec!["a"]),
            ),
            (
                "pg_catalog.array_replace(array_replace(s::text[], 'a', 'b'), 'c', 'd')::public.status[]",
                Some(vec!["a", "c"]),
            ),
            ("s::text::status", None),
            ("CASE s WHEN 'a' THEN 'b' END", None),
            ("CASE s WHEN 'a' THEN 'b' ELSE 'c' END", None),
            (
                "CASE s WHEN 'a' THEN 'b' ELSE upper(s::text)::status END",
                None,
            ),
            ("CASE other WHEN 'a' THEN 'b' ELSE s END", None),
        ] {
            let found = replaced_values(using, "s");
            let found = found
                .as_ref()
                .map(|found| found.iter().map(String::as_str).collect());
            assert_eq!(found, values, "{using}");
        }
    }
}
