//! A filter as the condition of a rule: asked of one delivery, before it is answered.

use super::{Filter, FilterError, Having, ProviderTest, Test};
use crate::ids::ProviderId;
use crate::request::Request;
use crate::verdict::Outcome;

/// What is known of a delivery before it is answered.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The request.
    pub request: &'a Request,
    /// The provider that was recognised.
    pub provider: Option<&'a ProviderId>,
    /// The outcomes of the verdicts that apply.
    pub outcomes: &'a [Outcome],
    /// The event's type.
    pub event_type: Option<&'a str>,
    /// The event's id.
    pub event_id: Option<&'a str>,
}

impl Filter {
    /// Reads the condition of a rule: a filter without what is known only of a delivery in the log.
    ///
    /// # Errors
    /// The first fault, with its place.
    pub fn condition(text: &str) -> Result<Filter, FilterError> {
        let filter = Filter::parse(text, 0, 0)?;
        for term in filter.terms() {
            let later = match &term.test {
                Test::Status(_) => Some("the status is what a rule decides"),
                Test::Since(_) | Test::Before(_) => Some("a rule holds at any time"),
                Test::Has(list) if list.iter().any(|h| matches!(h, Having::Attempts | Having::Pin)) => {
                    Some("attempts and pins come later")
                }
                Test::Is(_) => Some("what arrives was not imported"),
                _ => None,
            };
            if let Some(why) = later {
                let message = format!("“{}” cannot be asked of a delivery as it arrives: {why}.", term.text);
                return Err(FilterError { start: term.start, len: term.len, message });
            }
        }
        Ok(filter)
    }

    /// Whether every term holds of a delivery as it arrives; a term that [`Filter::condition`] refuses never does.
    #[must_use]
    pub fn fits(&self, subject: &Subject<'_>) -> bool {
        self.terms().iter().all(|term| subject.holds(&term.test) != term.negated)
    }
}

impl Subject<'_> {
    fn holds(&self, test: &Test) -> bool {
        let request = self.request;
        match test {
            Test::Provider(list) => list.iter().any(|one| match (one, self.provider) {
                (ProviderTest::None, provider) => provider.is_none(),
                (ProviderTest::Prefix(prefix), Some(provider)) => provider.as_str().starts_with(prefix.as_str()),
                (ProviderTest::Prefix(_), None) => false,
            }),
            Test::Verdict(test) => self.outcomes.iter().any(|outcome| test.outcomes.contains(outcome)),
            Test::Event(list) => {
                self.event_type.is_some_and(|event| list.iter().any(|pattern| pattern.matches(event.as_bytes())))
            }
            Test::Path(list) => list.iter().any(|pattern| pattern.matches(request.path())),
            Test::Method(list) => list.iter().any(|method| request.method.eq_ignore_ascii_case(method)),
            Test::Id(list) => list.iter().any(|id| self.event_id == Some(id)),
            Test::Body(list) => list.iter().any(|part| holds(&request.body, part)),
            Test::Has(list) => list.iter().any(|having| match having {
                Having::Body => request.body_len() > 0,
                Having::Query => request.query().is_some(),
                Having::Attempts | Having::Pin => false,
            }),
            Test::Word(word) => {
                let fields = request.headers.iter().flat_map(|header| [&header.name[..], &header.value[..]]);
                let named = [self.event_type, self.event_id].into_iter().flatten().map(str::as_bytes);
                fields.chain(named).chain([request.path(), &request.body[..]]).any(|text| holds(text, word))
            }
            Test::Status(_) | Test::Since(_) | Test::Before(_) | Test::Is(_) => false,
        }
    }
}

/// Whether `part` is in `text`, without case in ASCII.
fn holds(text: &[u8], part: &str) -> bool {
    let part = part.as_bytes();
    let Some(first) = part.first() else { return true };
    let (lower, upper) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
    let fits = |at: usize| text.get(at..at + part.len()).is_some_and(|found| found.eq_ignore_ascii_case(part));
    text.iter().enumerate().any(|(at, byte)| (*byte == lower || *byte == upper) && fits(at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::{Headers, HttpVersion};

    #[test]
    fn a_condition_asks_what_is_known_on_arrival() {
        let mut headers = Headers::new();
        headers.push("X-Kind", "Blue");
        let request = Request {
            method: "POST".to_owned(),
            target: "/pollo/hook?x=1".into(),
            version: HttpVersion::Http11,
            headers,
            body: r#"{"taskId":"t1"}"#.into(),
            cut_from: None,
        };
        let provider: ProviderId = "pollo".parse().expect("an id");
        let subject = Subject {
            request: &request,
            provider: Some(&provider),
            outcomes: &[Outcome::Fail],
            event_type: Some("task.succeed"),
            event_id: Some("t1"),
        };
        let rows = [
            ("", true),
            ("provider:pollo", true),
            ("provider:none", false),
            ("-provider:none", true),
            ("verdict:pass", false),
            ("verdict:failing path:/pollo/*", true),
            ("path:/pollo", true),
            ("path:/pollo*hook", true),
            ("path:*x=1", false),
            ("event:task.*", true),
            ("event:render.*", false),
            ("method:post,put", true),
            ("id:t1", true),
            ("id:t", false),
            ("body:TASKID", true),
            ("blue", true),
            ("red", false),
            ("-red has:query", true),
        ];
        for (text, expected) in rows {
            assert_eq!(Filter::condition(text).expect(text).fits(&subject), expected, "{text}");
        }
        for (text, start) in [("status:500", 0), ("a since:1h", 2), ("has:body,pin", 0), ("is:imported", 0)] {
            assert_eq!(Filter::condition(text).expect_err(text).start, start, "{text}");
        }
    }
}
