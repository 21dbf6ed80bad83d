//! A walk as `JUnit` XML, which every CI system reads.

use std::fmt::Write as _;
use std::time::Duration;

use crate::stairway::{Finding, Verdict, Walked};

/// What one test case came to.
enum Case<'c> {
    Passed,
    /// Nothing is wrong, and not everything could be shown.
    Skipped(&'c str),
    Failed(&'c str, Vec<String>),
}

/// Returns the walk as `JUnit` XML; `head_and_models` holds what the head and the models differ in, when the models
/// were compared.
pub fn junit(walked: &Walked, head_and_models: Option<&[String]>) -> String {
    let elapsed: Duration = walked.findings.iter().map(|finding| finding.elapsed).sum();
    let tests = walked.findings.len() + usize::from(head_and_models.is_some());
    let bad = |finding: &&Finding| {
        !finding.verdict.is_good() && !matches!(finding.verdict, Verdict::NotReached)
    };
    let failures = walked.findings.iter().filter(bad).count()
        + usize::from(head_and_models.is_some_and(|lines| !lines.is_empty()));
    let skipped = walked
        .findings
        .iter()
        .filter(|finding| is_skipped(&finding.verdict));
    let totals = format!(
        "tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{}\" time=\"{:.3}\"",
        skipped.count(),
        elapsed.as_secs_f64()
    );
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"aludel\" {totals}>\n  \
         <testsuite name=\"migrations\" {totals}>\n"
    );
    for finding in &walked.findings {
        let name = format!("{} {}", finding.revision, finding.message);
        let summary = finding.verdict.summary();
        let case = match &finding.verdict {
            Verdict::Reversible => Case::Passed,
            verdict if is_skipped(verdict) => Case::Skipped(&summary),
            verdict => Case::Failed(&summary, verdict.evidence()),
        };
        push_case(
            &mut xml,
            "revision",
            name.trim_end(),
            finding.elapsed,
            &case,
        );
    }
    if let Some(lines) = head_and_models {
        let case = if lines.is_empty() {
            Case::Passed
        } else {
            Case::Failed(
                "the head of the history and the models differ",
                lines.to_vec(),
            )
        };
        push_case(
            &mut xml,
            "models",
            "the head equals the models",
            Duration::ZERO,
            &case,
        );
    }
    xml.push_str("  </testsuite>\n</testsuites>\n");
    xml
}

fn is_skipped(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Irreversible(_) | Verdict::NotReached)
}

fn push_case(xml: &mut String, class: &str, name: &str, elapsed: Duration, case: &Case<'_>) {
    // Writing to a String cannot fail.
    let _ = write!(
        xml,
        "    <testcase classname=\"{class}\" name=\"{}\" time=\"{:.3}\"",
        escaped(name),
        elapsed.as_secs_f64()
    );
    let end = match case {
        Case::Passed => "/>\n".to_owned(),
        Case::Skipped(summary) => {
            format!(
                ">\n      <skipped message=\"{}\"/>\n    </testcase>\n",
                escaped(summary)
            )
        }
        Case::Failed(summary, evidence) => format!(
            ">\n      <failure message=\"{}\">{}</failure>\n    </testcase>\n",
            escaped(summary),
            escaped(&evidence.join("\n"))
        ),
    };
    xml.push_str(&end);
}

/// Escapes a text for XML; what XML 1.0 cannot hold at all becomes U+FFFD.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\n' | '\t' => safe.push(letter),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            _ => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use aludel_revision::RevisionId;

    use super::*;
    use crate::stairway::Stage;

    fn finding(id: &str, verdict: Verdict) -> Finding {
        Finding {
            revision: RevisionId::new(id).unwrap(),
            message: "add <total> & \"tax\"".to_owned(),
            verdict,
            elapsed: Duration::from_millis(12),
        }
    }

    #[test]
    fn each_revision_is_a_case() {
        let walked = Walked {
            findings: vec![
                finding("a1", Verdict::Reversible),
                finding(
                    "b2",
                    Verdict::Irreversible(Some("ids were hashed".to_owned())),
                ),
                finding(
                    "c3",
                    Verdict::Differs(
                        Stage::Down,
                        vec!["table public.t should not be there".to_owned()],
                    ),
                ),
            ],
            end: None,
        };
        let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<testsuites name=\"aludel\" tests=\"4\" failures=\"1\" errors=\"0\" skipped=\"1\" time=\"0.036\">
  <testsuite name=\"migrations\" tests=\"4\" failures=\"1\" errors=\"0\" skipped=\"1\" time=\"0.036\">
    <testcase classname=\"revision\" name=\"a1 add &lt;total&gt; &amp; &quot;tax&quot;\" time=\"0.012\"/>
    <testcase classname=\"revision\" name=\"b2 add &lt;total&gt; &amp; &quot;tax&quot;\" time=\"0.012\">
      <skipped message=\"goes up; irreversible: ids were hashed\"/>
    </testcase>
    <testcase classname=\"revision\" name=\"c3 add &lt;total&gt; &amp; &quot;tax&quot;\" time=\"0.012\">
      <failure message=\"the way down does not lead back: 1 object differs\">table public.t should not be there</failure>
    </testcase>
    <testcase classname=\"models\" name=\"the head equals the models\" time=\"0.000\"/>
  </testsuite>
</testsuites>
";
        assert_eq!(junit(&walked, Some(&[])), expected);
    }
}
