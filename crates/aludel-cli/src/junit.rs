//! The findings of `test` as JUnit's XML, which every CI server reads.

use std::fmt::Write;

use aludel_prove::Finding;

use crate::commands::test::{details, summary};

/// The report; `models` are the differences from the models, `None` when there are none to compare with.
pub(crate) fn report(findings: &[Finding], models: Option<&[String]>) -> String {
    let failed = findings
        .iter()
        .filter(|finding| !finding.verdict.is_good())
        .count();
    let models_failed = models.is_some_and(|left| !left.is_empty());
    let tests = findings.len() + usize::from(models.is_some());
    let failures = failed + usize::from(models_failed);
    let seconds: f64 = findings
        .iter()
        .map(|finding| finding.elapsed.as_secs_f64())
        .sum();
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        xml,
        "<testsuite name=\"aludel\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" time=\"{seconds:.3}\">"
    );
    for finding in findings {
        let name = format!("{} {}", finding.revision, finding.message);
        let problem = (!finding.verdict.is_good()).then(|| {
            (
                summary(&finding.verdict),
                details(&finding.verdict).join("\n"),
            )
        });
        case(&mut xml, &name, finding.elapsed.as_secs_f64(), problem);
    }
    if let Some(left) = models {
        let problem = (!left.is_empty()).then(|| {
            (
                "the catalog at the head is not that of the models".to_owned(),
                left.join("\n"),
            )
        });
        case(&mut xml, "models", 0.0, problem);
    }
    xml.push_str("</testsuite>\n");
    xml
}

fn case(xml: &mut String, name: &str, seconds: f64, problem: Option<(String, String)>) {
    let _ = write!(
        xml,
        "  <testcase classname=\"migrations\" name=\"{}\" time=\"{seconds:.3}\"",
        escaped(name)
    );
    match problem {
        None => xml.push_str("/>\n"),
        Some((message, text)) => {
            let _ = writeln!(
                xml,
                ">\n    <failure message=\"{}\">{}</failure>\n  </testcase>",
                escaped(&message),
                escaped(&text)
            );
        }
    }
}

/// XML 1.0 has no way to write most control characters, so they become spaces.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(character),
            character if character.is_control() => out.push(' '),
            character => out.push(character),
        }
    }
    out
}
